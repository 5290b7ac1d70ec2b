//! The peer: a plain scan over everything.

use ravs_adapters_ods::Entry;

/// Texts in lower case, each looked through for each query.
///
/// It does less than the index: every word of the query has to be somewhere in the text, there is
/// no order, and nothing is forgiven.
pub struct Scan {
    texts: Vec<String>,
}

impl Scan {
    /// The texts of open entries.
    #[must_use]
    pub fn of(entries: &[Entry]) -> Self {
        let open = entries.iter().filter(|entry| entry.body.legally_closed.is_none());
        let text = |entry: &Entry| {
            let body = &entry.body;
            let postcode = body.postcode.replace(' ', "");
            format!("{} {} {} {} {postcode}", body.code, body.name, body.address, body.postcode)
                .to_lowercase()
        };
        Self { texts: open.map(text).collect() }
    }

    /// How many fit, of all.
    #[must_use]
    pub fn count(&self, query: &str) -> usize {
        let query = query.to_lowercase();
        let words: Vec<&str> = query.split_whitespace().collect();
        self.texts.iter().filter(|text| words.iter().all(|word| text.contains(word))).count()
    }
}
