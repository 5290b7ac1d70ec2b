//! What Okta says is wrong.

use serde::Deserialize;

/// What Okta says is wrong: its management API and its token endpoint each in their own way.
///
/// Summaries are left out: they may change, and hold what somebody typed.
#[derive(Debug, Default)]
pub(crate) struct Problem {
    /// `E0000001`, or `invalid_client`.
    pub(crate) code: Option<String>,
    /// Okta's id of the error.
    pub(crate) error_id: Option<String>,
    /// What a token endpoint says about it, made fit to be shown.
    pub(crate) description: Option<String>,
}

/// Either of the two bodies. Anything else in them is not read.
#[derive(Deserialize)]
struct Body {
    #[serde(rename = "errorCode")]
    error_code: Option<String>,
    #[serde(rename = "errorId")]
    error_id: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Problem {
    /// From a body; empty where it is neither of the two.
    pub(super) fn read(body: &[u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Body>(body) else { return Self::default() };
        Self {
            code: body.error_code.or(body.error),
            error_id: body.error_id,
            description: body.error_description.map(|text| readable(&text)),
        }
    }

    /// Whether this is its code.
    pub(crate) fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

/// The longest description that is shown, in characters.
const LONGEST: usize = 200;

/// The longest word of one: a word that is longer may be a token or a key.
const LONGEST_WORD: usize = 30;

/// Somebody else's text, fit to be shown: on one line, without markup, without what may be an
/// address, a token or a key, and not long.
pub(crate) fn readable(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let plain = |character: char| {
            character.is_ascii_alphanumeric() || ".,:;'()-_/=".contains(character)
        };
        let secret = word.contains('@') || word.chars().count() > LONGEST_WORD;
        if secret {
            "…".to_owned()
        } else {
            word.chars().map(|character| if plain(character) { character } else { '?' }).collect()
        }
    });
    let line = words.collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_saying_it_are_read() {
        let api = br#"{"errorCode":"E0000007","errorSummary":"no jo@nhs.net","errorId":"oae1",
                       "errorCauses":null,"new":{}}"#;
        let problem = Problem::read(api);
        assert!(problem.is("E0000007") && problem.error_id.as_deref() == Some("oae1"));
        assert!(!format!("{problem:?}").contains("jo@"));
        let token = br#"{"error":"invalid_client","error_description":"The jti is used."}"#;
        let problem = Problem::read(token);
        assert!(problem.is("invalid_client"));
        assert_eq!(problem.description.as_deref(), Some("The jti is used."));
    }

    #[test]
    fn what_is_neither_says_nothing() {
        for body in ["", "<html>", "[]", "{\"errorCode\":7}", "null"] {
            let problem = Problem::read(body.as_bytes());
            assert!(problem.code.is_none() && problem.error_id.is_none(), "{body}");
        }
    }

    #[test]
    fn a_description_shows_no_markup_no_address_and_no_token() {
        let key = "k".repeat(31);
        let text = format!("<b>no</b>\n jo@nhs.net {key} \u{202e}x");
        assert_eq!(readable(&text), "?b?no?/b? … … ?x");
        assert_eq!(readable(&"ab ".repeat(100)).chars().count(), LONGEST + 1);
    }
}
