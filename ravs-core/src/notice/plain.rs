//! Names and free text, made harmless (R-N6).

use alloc::string::String;
use alloc::vec::Vec;

use crate::characters::is_invisible;

/// Free text as part of an email (R-N6): on one line, without characters that are not seen or
/// that turn the text around them, and without anything a reader would make a link or a list of.
pub(super) fn plain(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let visible = spaced.filter(|c| !is_invisible(*c));
    let visible: String = visible.collect();
    let words: Vec<String> = visible.split_whitespace().map(unlinked).collect();
    unlisted(&words.join(" "))
}

/// A text without what makes a list, a rule or an inset of a line that begins with it: `- a` and
/// `^ a` become `a`, `1. a` becomes `1 a`.
fn unlisted(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '-' | '+' | '^' | '=' | '~' | '•' | '–' | '—')
    });
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text.strip_suffix(rest).unwrap_or_default();
    match rest.strip_prefix(['.', ')']) {
        Some(item) if !number.is_empty() && (item.is_empty() || item.starts_with(' ')) => {
            alloc::format!("{number}{item}")
        }
        _ => text.into(),
    }
}

/// A word without markup, and no address: `https://evil.example` becomes `https evil example`.
fn unlinked(word: &str) -> String {
    let kept = word.chars().map(|c| match c {
        '<' | '>' | '[' | ']' | '`' | '*' | '_' | '#' | '|' | '\\' => ' ',
        c => c,
    });
    let mut kept: String = kept.collect();
    let read: String = kept.chars().map(as_read).collect();
    let looks_like_an_address = read.contains('@')
        || read.to_ascii_lowercase().starts_with("www.")
        || read.contains('/')
        || read.trim_end_matches(':').contains(':')
        || has_inner_dot(&read);
    if looks_like_an_address {
        kept = read.replace(['.', '/', '@', ':'], " ");
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a program that looks for addresses takes a character for: browsers and mail programs read
/// the wide, the small and the ideographic forms of these signs as the signs themselves.
fn as_read(c: char) -> char {
    match c {
        '\u{2024}' | '\u{3002}' | '\u{fe12}' | '\u{fe52}' | '\u{ff0e}' | '\u{ff61}' => '.',
        '\u{fe6b}' | '\u{ff20}' => '@',
        '\u{2236}' | '\u{a789}' | '\u{fe13}' | '\u{fe55}' | '\u{ff1a}' => ':',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' | '\u{ff0f}' => '/',
        c => c,
    }
}

/// A dot inside a word with at least two letters or digits right after it, as in a domain name
/// (`x.co`): not in `St.`, `(High St.),` or `J.R.`.
fn has_inner_dot(word: &str) -> bool {
    let mut labels = word.split('.');
    let mut before = labels.next().unwrap_or_default();
    labels.any(|label| {
        let name = label.chars().take_while(|c| is_of_a_name(*c));
        let follows = name.filter(|c| c.is_alphanumeric()).count() > 1;
        let inner = follows && before.ends_with(is_of_a_name);
        before = label;
        inner
    })
}

/// Whether a domain name can hold it: also an accent after its letter, or an emoji; no quote or
/// dash.
fn is_of_a_name(c: char) -> bool {
    let is_punctuation = matches!(c, '\u{80}'..='\u{bf}' | '\u{2010}'..='\u{205e}'
        | '\u{3000}'..='\u{303f}');
    c.is_alphanumeric() || !c.is_ascii() && !is_punctuation
}
