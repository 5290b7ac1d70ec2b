//! What an email is made of, and how that is written: as plain text, and as HTML.

use alloc::string::String;
use alloc::vec::Vec;

use crate::user::EmailAddress;

/// A part of an email that stands by itself.
#[derive(Clone, Debug)]
pub(super) enum Block {
    Paragraph(Vec<Span>),
    /// A line, and what it announces.
    List(&'static str, &'static [&'static str]),
}

/// A part of a paragraph.
#[derive(Clone, Debug)]
pub(super) enum Span {
    Text(String),
    /// An address of the host's own: of a page, or of a mailbox.
    Link(String),
}

impl Block {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Paragraph(alloc::vec![Span::Text(text.into())])
    }

    /// A text that leads up to an address.
    pub(super) fn link(before: impl Into<String>, address: &str) -> Self {
        Self::Paragraph(alloc::vec![Span::Text(before.into()), Span::Link(address.into())])
    }
}

/// The blocks as plain text, with an empty line between them.
pub(super) fn plain_text(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        match block {
            Block::Paragraph(spans) => {
                for Span::Text(part) | Span::Link(part) in spans {
                    text.push_str(part);
                }
            }
            Block::List(announced, items) => {
                text.push_str(announced);
                for item in *items {
                    text.push_str("\n- ");
                    text.push_str(item);
                }
            }
        }
    }
    text
}

/// A page of HTML that needs nothing from elsewhere: dark on light, one column, large letters.
pub(super) fn html(title: &str, blocks: &[Block]) -> String {
    let mut page = String::from(concat!(
        "<!DOCTYPE html>\n",
        "<html lang=\"en-GB\">\n",
        "<head>\n",
        "<meta charset=\"utf-8\">\n",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
        "<title>",
    ));
    escape(title, &mut page);
    page.push_str(concat!(
        "</title>\n",
        "</head>\n",
        "<body style=\"margin: 0 auto; max-width: 38em; padding: 1em; ",
        "font: 1.125em/1.5 Arial, sans-serif; color: #212b32; background: #ffffff\">\n",
    ));
    for block in blocks {
        match block {
            Block::Paragraph(spans) => {
                page.push_str("<p>");
                for span in spans {
                    span.html(&mut page);
                }
                page.push_str("</p>\n");
            }
            Block::List(announced, items) => {
                page.push_str("<p>");
                escape(announced, &mut page);
                page.push_str("</p>\n<ul>\n");
                for item in *items {
                    page.push_str("<li>");
                    escape(item, &mut page);
                    page.push_str("</li>\n");
                }
                page.push_str("</ul>\n");
            }
        }
    }
    page.push_str("</body>\n</html>\n");
    page
}

impl Span {
    fn html(&self, page: &mut String) {
        let (shown, scheme) = match self {
            Self::Text(text) => (text, None),
            Self::Link(address) => (address, scheme(address)),
        };
        let Some(scheme) = scheme else {
            escape(shown, page);
            return;
        };
        page.push_str("<a href=\"");
        page.push_str(scheme);
        escape(shown, page);
        page.push_str("\">");
        escape(shown, page);
        page.push_str("</a>");
    }
}

/// What an address needs before it to be a link; nothing where it is none, and stays text.
fn scheme(address: &str) -> Option<&'static str> {
    let is_page = address.starts_with("https://") || address.starts_with("http://");
    if is_page && !address.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some("");
    }
    // In a `mailto:` these would begin something else.
    let is_mailbox = address.parse::<EmailAddress>().is_ok() && !address.contains(['?', '&', '%']);
    is_mailbox.then_some("mailto:")
}

fn escape(text: &str, page: &mut String) {
    for c in text.chars() {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            c => page.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(blocks: &[Block]) -> String {
        let page = html("T", blocks);
        let (_, rest) = page.split_once("#ffffff\">\n").unwrap();
        rest.strip_suffix("</body>\n</html>\n").unwrap().into()
    }

    #[test]
    fn what_a_page_could_take_for_its_own_is_escaped() {
        let hostile = "<script>alert('1 & \"2\"')</script>";
        let escaped = "&lt;script&gt;alert(&#39;1 &amp; &quot;2&quot;&#39;)&lt;/script&gt;";
        let expected = alloc::format!("<p>{escaped}</p>\n");
        assert_eq!(body(&[Block::text(hostile)]), expected);
        assert!(html(hostile, &[]).contains(&alloc::format!("<title>{escaped}</title>")));
    }

    #[test]
    fn only_pages_and_mailboxes_become_links() {
        let link = |address: &str| body(&[Block::link("at ", address)]);
        assert_eq!(
            link("https://a.example/?b=1&c=2"),
            "<p>at <a href=\"https://a.example/?b=1&amp;c=2\">https://a.example/?b=1&amp;c=2</a></p>\n"
        );
        assert_eq!(
            link("help@a.example"),
            "<p>at <a href=\"mailto:help@a.example\">help@a.example</a></p>\n"
        );
        for other in
            ["javascript:alert(1)", "extension 12", "https://a b", "x?bcc=y@a.example", "data:,x"]
        {
            assert!(!link(other).contains("href"), "{other}");
        }
        assert_eq!(link("https://a\" onclick=\"x"), "<p>at https://a&quot; onclick=&quot;x</p>\n");
    }

    #[test]
    fn a_list_is_a_line_and_its_items() {
        let list = Block::List("Do:", &["this", "that"]);
        assert_eq!(plain_text(&[list.clone(), Block::text("Then")]), "Do:\n- this\n- that\n\nThen");
        assert_eq!(body(&[list]), "<p>Do:</p>\n<ul>\n<li>this</li>\n<li>that</li>\n</ul>\n");
    }
}
