//! Characters that are not seen, that turn the text around them, or that cannot be kept.

use alloc::string::String;

/// Whether a character is not seen by a reader, or changes how the text around it is shown:
/// zero-width and formatting characters, byte-order marks, fillers, tags, variation selectors.
/// All that Unicode says to leave out where it is not known, and line and annotation marks.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
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
        for unseen in [
            '\u{17b4}',
            '\u{17b5}',
            '\u{180b}',
            '\u{180c}',
            '\u{180d}',
            '\u{180e}',
            '\u{180f}',
            '\u{fe00}',
            '\u{fe0f}',
            '\u{fff0}',
            '\u{fff8}',
            '\u{1bca0}',
            '\u{1bca3}',
            '\u{1d173}',
            '\u{1d17a}',
            '\u{e0001}',
            '\u{e0100}',
            '\u{e01ef}',
        ] {
            assert!(is_invisible(unseen), "{unseen:?}");
        }
        // Their neighbours are seen.
        for seen in ['\u{17b3}', '\u{17b6}', '\u{180a}', '\u{1810}', '\u{fe10}', '\u{fffc}'] {
            assert!(!is_invisible(seen), "{seen:?}");
        }
        assert_eq!(without_nul("\0A\0da\n\0"), "Ada\n");
        for seen in ["a", " é ", "\u{200b}Ng", "水", "🙂"] {
            assert!(has_visible(seen), "{seen:?}");
        }
    }
}
