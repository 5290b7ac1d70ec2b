//! Characters that are not seen, that turn the text around them, or that cannot be kept.

use alloc::string::String;

/// Whether a character is not seen by a reader, or changes how the text around it is shown:
/// zero-width and formatting characters, byte-order marks, fillers, tags.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text has anything that a reader sees.
pub(crate) fn has_visible(text: &str) -> bool {
    text.chars().any(|c| !c.is_control() && !c.is_whitespace() && !is_invisible(c))
}

/// A text as every store can keep it: without NUL, which is no writing, and which not every
/// database takes.
pub(crate) fn without_nul(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_told_from_what_is() {
        for unseen in ["", " ", "\t\n", "\0", "\u{200b}\u{feff}", "\u{202e}\u{3164} \u{ad}"] {
            assert!(!has_visible(unseen), "{unseen:?}");
        }
        assert_eq!(without_nul("\0A\0da\n\0"), "Ada\n");
        for seen in ["a", " é ", "\u{200b}Ng", "水", "🙂"] {
            assert!(has_visible(seen), "{seen:?}");
        }
    }
}
