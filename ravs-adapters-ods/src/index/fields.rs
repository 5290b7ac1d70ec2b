//! What is indexed of an entry.

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use crate::entry::Entry;
use crate::postcode::Postcode;
use crate::words::{findable, findable_line, title, words};

/// The most letters of a beginning that is a term of its own. Longer ones are looked up as a range
/// of terms, which for so short ones would be most of the dictionary.
pub(super) const SHORT: usize = 3;

/// The fields of the index, none of which is stored: the entries are kept beside it.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    /// The place of the entry in the order of names and codes.
    pub(super) place: Field,
    /// The short beginnings of the code. Whole codes and longer beginnings are looked up beside
    /// the index.
    pub(super) code_short: Field,
    /// The postcode, its outward half, and that with the first digit of the other.
    pub(super) postcode: Field,
    /// The whole name as one term.
    pub(super) title: Beginnings,
    /// The words of the name.
    pub(super) name: Beginnings,
    /// The words of name, address and postcode; but of the name no short beginnings, which `name` has.
    pub(super) all: Beginnings,
}

/// A field, and one of the short beginnings of its terms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beginnings {
    pub(super) whole: Field,
    pub(super) short: Field,
}

impl Fields {
    pub(super) fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let place = schema.add_u64_field("place", FAST);
        let code_short = schema.add_text_field("code_short", terms("whitespace"));
        let postcode = schema.add_text_field("postcode", terms("raw"));
        let title = Beginnings::add(&mut schema, "title", "raw");
        let name = Beginnings::add(&mut schema, "name", "whitespace");
        let all = Beginnings::add(&mut schema, "all", "whitespace");
        (schema.build(), Self { place, code_short, postcode, title, name, all })
    }

    pub(super) fn document(&self, place: u64, entry: &Entry) -> TantivyDocument {
        let body = &entry.body;
        let mut document = TantivyDocument::new();
        document.add_u64(self.place, place);
        let code = body.code.as_str().to_ascii_lowercase();
        document.add_text(self.code_short, beginnings(&code).collect::<Vec<_>>().join(" "));
        self.title.fill_one(&mut document, &title(words(&body.name)));

        let name = findable(&body.name);
        let mut rest: Vec<String> = body.address.split(',').flat_map(findable_line).collect();
        rest.extend(words(&body.postcode));
        if let Some(postcode) = Postcode::read(&body.postcode) {
            for term in postcode.terms() {
                document.add_text(self.postcode, term);
            }
        }
        document.add_text(self.name.whole, name.join(" "));
        document.add_text(self.name.short, short(&name));
        document.add_text(self.all.short, short(&rest));
        rest.extend(name);
        document.add_text(self.all.whole, rest.join(" "));
        document
    }
}

impl Beginnings {
    fn add(schema: &mut SchemaBuilder, name: &str, tokenizer: &str) -> Self {
        let whole = schema.add_text_field(name, terms(tokenizer));
        let short = schema.add_text_field(&format!("{name}_short"), terms("whitespace"));
        Self { whole, short }
    }

    fn fill_one(self, document: &mut TantivyDocument, term: &str) {
        document.add_text(self.whole, term);
        // the beginning of a title may have a space in it, which is put as something else
        let beginnings: Vec<String> = beginnings(term).map(one_term).collect();
        document.add_text(self.short, beginnings.join(" "));
    }
}

/// The short beginnings of words, each once.
fn short(words: &[String]) -> String {
    let mut beginnings: Vec<&str> = words.iter().flat_map(|word| beginnings(word)).collect();
    beginnings.sort_unstable();
    beginnings.dedup();
    beginnings.join(" ")
}

/// A short beginning as a term of the field of short ones.
pub(super) fn one_term(beginning: &str) -> String {
    beginning.replace(' ', "_")
}

/// The short beginnings of a word. The number of a house has but one, which is all of it.
fn beginnings(word: &str) -> impl Iterator<Item = &str> {
    let from = if word.bytes().all(|byte| byte.is_ascii_digit()) { word.len() } else { 1 };
    let ends = word.char_indices().map(|(start, letter)| start.saturating_add(letter.len_utf8()));
    ends.take(SHORT).filter(move |end| *end >= from).filter_map(|end| word.get(..end))
}

fn terms(tokenizer: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}
