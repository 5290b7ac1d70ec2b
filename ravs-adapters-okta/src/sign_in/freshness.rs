//! How long an answer may be kept.

use std::time::Duration;

use crate::http::Answer;

/// What is kept is not asked for more often than this, whatever the answer says.
const SHORTEST: Duration = Duration::from_secs(5 * 60);

/// Nor more rarely: a key that is taken away is not taken for good for longer.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Where the answer does not say.
const USUAL: Duration = Duration::from_secs(60 * 60);

/// An answer, read.
pub(super) struct Fresh<T> {
    pub(super) value: T,
    pub(super) good_for: Duration,
}

impl<T> Fresh<T> {
    pub(super) fn new(value: T, answer: &Answer) -> Self {
        Self { value, good_for: good_for(answer.header("cache-control")) }
    }
}

/// How long an answer with this `Cache-Control` is kept.
fn good_for(control: Option<&str>) -> Duration {
    let mut said = USUAL;
    for directive in control.unwrap_or_default().split(',') {
        let directive = directive.trim().to_ascii_lowercase();
        if directive == "no-store" || directive == "no-cache" {
            return SHORTEST;
        }
        let age = directive.strip_prefix("max-age=").map(|age| age.trim_matches('"'));
        if let Some(age) = age.and_then(|age| age.parse().ok()) {
            said = Duration::from_secs(age);
        }
    }
    said.clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_okta_says_is_kept_to_within_bounds() {
        for (control, seconds) in [
            (None, 3600),
            (Some(""), 3600),
            (Some("public"), 3600),
            (Some("max-age=7200, must-revalidate"), 7200),
            (Some("public, Max-Age=\"7200\""), 7200),
            (Some("max-age=3832304"), 86_400),
            (Some("max-age=1"), 300),
            (Some("max-age=-1"), 3600),
            (Some("max-age=99999999999999999999999"), 3600),
            (Some("max-age=7200, no-cache"), 300),
            (Some("no-store"), 300),
        ] {
            assert_eq!(good_for(control).as_secs(), seconds, "{control:?}");
        }
    }
}
