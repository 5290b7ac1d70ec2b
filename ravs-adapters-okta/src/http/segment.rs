//! One part of a path.

use std::fmt::Write as _;

/// A text as one segment of a path: everything but unreserved characters is escaped.
///
/// `.` and `..` cannot be escaped: a URL reads them as directions however they are written. What
/// comes here has been checked to be an id or an address, and [`Http::url`](super::Http::url)
/// refuses a path that reads otherwise than it was written.
pub(crate) fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_unreserved_characters_is_escaped() {
        assert_eq!(segment("a-Z_0.9~"), "a-Z_0.9~");
        assert_eq!(segment("a+b@x.uk"), "a%2Bb%40x.uk");
        assert_eq!(segment("o'brien%2f/?#é"), "o%27brien%252f%2F%3F%23%C3%A9");
    }
}
