//! Where Okta sends a browser back to.

use url::Url;

use crate::org_url::OrgUrl;

/// The text itself: Okta compares it with those that it knows, character by character.
pub(super) fn read(text: &str) -> Result<String, &'static str> {
    let url: Url = text.parse().map_err(
        |_| "the redirect URL is no URL: write it like `https://ravs.example/signed-in`",
    )?;
    if url.origin().ascii_serialization().parse::<OrgUrl>().is_err() {
        return Err("the redirect URL: use `https`; `http` is for the machine itself only");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("leave out what stands before the `@` in the redirect URL");
    }
    if url.fragment().is_some() {
        return Err("leave out what follows the `#` in the redirect URL");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_sent_nowhere_in_the_clear() {
        for text in ["https://ravs.example/signed-in?x=y", "http://localhost:1/a", "http://[::1]:1"]
        {
            assert_eq!(read(text).unwrap(), text);
        }
        for (text, fault) in [
            ("/signed-in", "is no URL"),
            ("http://ravs.example/a", "use `https`"),
            ("ravs:/a", "use `https`"),
            ("https://jo@ravs.example/a", "before the `@`"),
            ("https://ravs.example/a#b", "follows the `#`"),
        ] {
            assert!(read(text).unwrap_err().contains(fault), "{text}");
        }
    }
}
