//! How long Okta asks to wait.

use std::time::{Duration, UNIX_EPOCH};

use super::Answer;

/// Windows are of about a minute; more than this is no time that Okta means.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// How long an answer with status 429 asks to wait, by the clock of who answers: to the end of
/// the window, and a second more. `None` where it does not say, or only guesses.
pub(super) fn wait(answer: &Answer) -> Option<Duration> {
    let number = |name| answer.header(name).and_then(|text| text.trim().parse::<u64>().ok());
    let is_zero = |name| number(name) == Some(0);
    // Too many at a time, not too many a minute: its reset is no more than a guess.
    if is_zero("x-rate-limit-limit") && is_zero("x-rate-limit-remaining") {
        return None;
    }
    let reset = Duration::from_secs(number("x-rate-limit-reset")?);
    let date = httpdate::parse_http_date(answer.header("date")?).ok()?;
    let date = date.duration_since(UNIX_EPOCH).ok()?;
    let wait = reset.saturating_sub(date).saturating_add(Duration::from_secs(1));
    (wait <= LONGEST).then_some(wait)
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderName};

    use super::*;

    fn wait_of(headers: &[(&'static str, &str)]) -> Option<u64> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        let answer = Answer::new("a call", StatusCode::TOO_MANY_REQUESTS, map, Vec::new());
        wait(&answer).map(|wait| wait.as_secs())
    }

    const DATE: (&str, &str) = ("date", "Sun, 09 Sep 2001 01:46:40 GMT");
    const RESET: &str = "x-rate-limit-reset";

    #[test]
    fn it_is_oktas_reset_less_oktas_date_and_a_second() {
        assert_eq!(wait_of(&[DATE, (RESET, "1000000003")]), Some(4));
        assert_eq!(wait_of(&[DATE, (RESET, "999999000")]), Some(1));
    }

    #[test]
    fn what_cannot_be_trusted_is_as_if_absent() {
        assert_eq!(wait_of(&[(RESET, "1000000003")]), None);
        assert_eq!(wait_of(&[DATE]), None);
        assert_eq!(wait_of(&[DATE, (RESET, "1000000003"), (RESET, "1000000004")]), None);
        assert_eq!(wait_of(&[DATE, (RESET, "1000000003, 1000000004")]), None);
        assert_eq!(wait_of(&[DATE, (RESET, "18446744073709551615")]), None);
        assert_eq!(wait_of(&[("date", "yesterday"), (RESET, "1000000003")]), None);
    }

    #[test]
    fn too_many_at_a_time_have_no_window() {
        let none_left = ("x-rate-limit-remaining", "0");
        let reset = (RESET, "1000000003");
        assert_eq!(wait_of(&[DATE, reset, none_left, ("x-rate-limit-limit", "0")]), None);
        assert_eq!(wait_of(&[DATE, reset, none_left, ("x-rate-limit-limit", "600")]), Some(4));
    }
}
