//! What is asked, as a row of queries, the best answers first.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{BooleanQuery, FuzzyTermQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::fields::{Beginnings, Fields, SHORT, one_term};
use crate::postcode::Postcode;
use crate::words::{looked_at, telling, title, words};

/// How well an entry fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Code,
    CodeAndWords,
    BeginningOfCode,
    Postcode,
    Title,
    BeginningOfTitle,
    Name,
    NameBegun,
    Words,
    WordsBegun,
    NameMisspelt,
    WordsMisspelt,
}

impl Fit {
    /// Every fit, the best first.
    pub(super) const ALL: [Self; 12] = [
        Self::Code,
        Self::CodeAndWords,
        Self::BeginningOfCode,
        Self::Postcode,
        Self::Title,
        Self::BeginningOfTitle,
        Self::Name,
        Self::NameBegun,
        Self::Words,
        Self::WordsBegun,
        Self::NameMisspelt,
        Self::WordsMisspelt,
    ];

    /// Whether it is a guess at what was meant.
    pub(super) fn is_a_guess(self) -> bool {
        matches!(self, Self::NameMisspelt | Self::WordsMisspelt)
    }

    /// Whether the query was a code or a postcode, and no words.
    pub(super) fn is_certain(self) -> bool {
        matches!(self, Self::Code | Self::CodeAndWords | Self::Postcode)
    }
}

/// What is asked.
#[derive(Debug)]
pub(super) struct Question {
    /// The words that tell, of which the last may be only begun.
    words: Vec<String>,
    /// The words as a name.
    title: String,
    /// The query where it is a single word, which may be a code.
    code: Option<String>,
    postcode: Option<Postcode>,
}

/// The most words of a query that are looked at.
const MOST_WORDS: usize = 16;

/// The most letters of a word that may be misspelt. What looks for misspellings grows with the
/// word, by some 60 KiB a letter.
const MOST_MISSPELT: usize = 32;

impl Question {
    /// Reads a query; none where there is no letter or digit in it.
    pub(super) fn read(query: &str) -> Option<Self> {
        let query = looked_at(query);
        let mut words = words(query);
        words.truncate(MOST_WORDS);
        if words.is_empty() {
            return None;
        }
        let code = match words.as_slice() {
            [one] => Some(one.to_ascii_uppercase()),
            _ => None,
        };
        let postcode = Postcode::read(query);
        let words: Vec<String> = words.into_iter().flat_map(divided).collect();
        Some(Self { title: title(words.clone()), words: telling(words), code, postcode })
    }

    /// The query where it is a single word, which may be a code, in upper case.
    pub(super) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The beginning of a code, where it is too long to be indexed.
    pub(super) fn long_beginning(&self) -> Option<&str> {
        self.code().filter(|code| !is_short(code))
    }

    /// Whether all words but that one are among these, where the last may be only begun.
    pub(super) fn has_others(&self, word: usize, there: &[String]) -> bool {
        let last = self.words.len().saturating_sub(1);
        self.words.iter().enumerate().filter(|(at, _)| *at != word).all(|(at, word)| {
            there.iter().any(|own| own == word || (at == last && own.starts_with(word.as_str())))
        })
    }

    /// The words, where there are several.
    pub(super) fn several(&self) -> &[String] {
        if self.words.len() > 1 { &self.words } else { &[] }
    }

    /// What finds the entries that fit like this; none where the question cannot fit so. A word
    /// that is common is taken to be spelt right.
    pub(super) fn query(
        &self,
        fit: Fit,
        fields: &Fields,
        is_common: &dyn Fn(&Term) -> bool,
    ) -> Option<Box<dyn Query>> {
        match fit {
            Fit::Code | Fit::CodeAndWords => None,
            Fit::BeginningOfCode => {
                let code = self.code.as_deref().filter(|code| is_short(code))?;
                Some(exactly(fields.code_short, &code.to_ascii_lowercase()))
            }
            Fit::Postcode => Some(postcode(fields, self.postcode.as_ref()?)),
            Fit::Title => Some(exactly(fields.title.whole, &self.title)),
            Fit::BeginningOfTitle => Some(beginning(fields.title, &self.title)),
            Fit::Name => Some(self.each(|word, _| exactly(fields.name.whole, word))),
            Fit::NameBegun => Some(self.each(|word, last| match last {
                true => beginning(fields.name, word),
                false => exactly(fields.name.whole, word),
            })),
            Fit::Words => Some(self.each(|word, _| exactly(fields.all.whole, word))),
            Fit::WordsBegun => Some(self.each(|word, last| anywhere(fields, word, last))),
            Fit::NameMisspelt => self.misspelt(fields, fields.name.whole, is_common),
            Fit::WordsMisspelt => self.misspelt(fields, fields.all.whole, is_common),
        }
    }

    /// Every word, each as `query` has it, which is told whether it is the last.
    fn each(&self, query: impl Fn(&str, bool) -> Box<dyn Query>) -> Box<dyn Query> {
        let last = self.words.len().saturating_sub(1);
        let mut each: Vec<_> =
            self.words.iter().enumerate().map(|(at, word)| query(word, at == last)).collect();
        match each.pop() {
            Some(one) if each.is_empty() => one,
            Some(one) => {
                each.push(one);
                let each = each.into_iter().map(|query| (Occur::Must, query)).collect();
                Box::new(BooleanQuery::new(each))
            }
            None => Box::new(BooleanQuery::new(Vec::new())),
        }
    }

    /// Every word as it is in anything, or nearly as it is in that field.
    fn misspelt(
        &self,
        fields: &Fields,
        field: Field,
        is_common: &dyn Fn(&Term) -> bool,
    ) -> Option<Box<dyn Query>> {
        let slips = |word: &str| {
            let common = is_common(&Term::from_field_text(fields.all.whole, word));
            if common { 0 } else { slips(word) }
        };
        self.words.iter().any(|word| slips(word) > 0).then_some(())?;
        Some(self.each(|word, last| {
            let sound = anywhere(fields, word, last);
            let slips = slips(word);
            if slips == 0 {
                return sound;
            }
            let term = Term::from_field_text(field, word);
            let near = if last {
                FuzzyTermQuery::new_prefix(term, slips, true)
            } else {
                FuzzyTermQuery::new(term, slips, true)
            };
            Box::new(BooleanQuery::union(vec![sound, Box::new(near)]))
        }))
    }
}

/// How many letters of a word may be wrong, missing, too many or swapped: none in a short word or
/// a number, one from 4 letters on, two from 8 on, and none in one that is too long to be a word.
fn slips(word: &str) -> u8 {
    if word.chars().any(|letter| letter.is_ascii_digit()) {
        return 0;
    }
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        8..=MOST_MISSPELT => 2,
        _ => 0,
    }
}

/// A word; but the halves of a whole postcode that is written as one.
fn divided(word: String) -> Vec<String> {
    match Postcode::read(&word).filter(Postcode::is_whole) {
        Some(postcode) => {
            let (outward, inward) = postcode.halves();
            vec![outward.to_owned(), inward.to_owned()]
        }
        None => vec![word],
    }
}

/// What has that postcode, or begins so.
fn postcode(fields: &Fields, asked: &Postcode) -> Box<dyn Query> {
    let term = asked.term();
    let indexed = asked.terms().contains(&term);
    if indexed { exactly(fields.postcode, &term) } else { range(fields.postcode, &term) }
}

/// What has the word anywhere; the last one only begun.
fn anywhere(fields: &Fields, word: &str, last: bool) -> Box<dyn Query> {
    if !last {
        return exactly(fields.all.whole, word);
    }
    let found = beginning(fields.all, word);
    if is_short(word) {
        return Box::new(BooleanQuery::union(vec![beginning(fields.name, word), found]));
    }
    found
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= SHORT
}

fn exactly(field: Field, text: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(field, text);
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn beginning(field: Beginnings, text: &str) -> Box<dyn Query> {
    if is_short(text) {
        return exactly(field.short, &one_term(text));
    }
    range(field.whole, text)
}

/// What has a term that begins so.
fn range(field: Field, text: &str) -> Box<dyn Query> {
    let from = Term::from_field_text(field, text);
    let until = Term::from_field_text(field, &format!("{text}{}", char::MAX));
    Box::new(RangeQuery::new(Bound::Included(from), Bound::Included(until)))
}
