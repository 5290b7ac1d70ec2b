//! Names and free text, made harmless (R-N6).

use alloc::string::String;
use alloc::vec::Vec;

use crate::characters::is_invisible;

/// Free text as part of an email (R-N6): on one line, without characters that are not
/// seen or that turn the text around them, and without anything a reader would make a link of.
pub(super) fn plain(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let visible = spaced.filter(|c| !is_invisible(*c));
    let visible: String = visible.collect();
    let words: Vec<String> = visible.split_whitespace().map(unlinked).collect();
    words.join(" ")
}

/// A word without markup, and no address: `https://evil.example` becomes `https evil example`.
fn unlinked(word: &str) -> String {
    let kept = word.chars().map(|c| match c {
        '<' | '>' | '[' | ']' | '`' | '*' | '_' | '#' | '|' | '\\' => ' ',
        c => c,
    });
    let mut kept: String = kept.collect();
    if kept.contains("://") {
        kept = kept.replace("://", " ");
    }
    let looks_like_an_address = kept.contains('@')
        || kept.to_ascii_lowercase().starts_with("www.")
        || kept.contains('/')
        || kept.trim_end_matches(':').contains(':')
        || has_inner_dot(&kept);
    if looks_like_an_address {
        kept = kept.replace(['.', '/', '@', ':'], " ");
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A dot inside a word with at least two letters or digits right after it, as in a domain name
/// (`x.co`): not in `St.`, `(High St.),` or `J.R.`.
fn has_inner_dot(word: &str) -> bool {
    let mut labels = word.split('.');
    let mut before = labels.next().unwrap_or_default();
    labels.any(|label| {
        let follows = label.chars().take_while(|c| c.is_alphanumeric()).count() > 1;
        let inner = follows && before.ends_with(char::is_alphanumeric);
        before = label;
        inner
    })
}
