//! One set of entries, and the index over it. It does not change.

use std::collections::HashSet;
use std::fmt;

use ravs_core::{Body, OdsCode};
use tantivy::indexer::NoMergePolicy;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocSet, Index, IndexWriter, ReloadPolicy, Searcher, TERMINATED, TantivyError, Term};

use super::error::IndexError;
use super::fields::Fields;
use super::question::{Fit, Question};
use crate::entry::Entry;
use crate::words::findable;

/// How much memory the engine may use while it builds, in bytes. It is given back afterwards.
const BUDGET: usize = 256 << 20;

/// With fewer than so many found, misspellings are looked for.
const FEW: usize = 5;

/// A word that so many entries have is spelt right.
const COMMON: u64 = 1_000;

/// One set of entries.
pub(super) struct Shelf {
    /// In the order of names, then of codes.
    entries: Vec<Entry>,
    /// The places of the entries in the order of codes.
    by_code: Vec<u32>,
    fields: Fields,
    searcher: Searcher,
}

impl Shelf {
    pub(super) fn of(mut entries: Vec<Entry>) -> Result<Self, IndexError> {
        entries.sort_unstable_by(|a, b| {
            (&a.body.name, &a.body.code).cmp(&(&b.body.name, &b.body.code))
        });
        entries.shrink_to_fit();
        let by_code = by_code(&entries)?;
        let (schema, fields) = Fields::schema();
        let index = Index::create_in_ram(schema);
        // One thread, and no merges: so the places in each segment are in order, and the first
        // that are found are the best.
        let mut writer: IndexWriter = index.writer_with_num_threads(1, BUDGET)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for (place, entry) in (0u64..).zip(&entries) {
            writer.add_document(fields.document(place, entry))?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { entries, by_code, fields, searcher: reader.searcher() })
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn entry(&self, code: &OdsCode) -> Option<&Entry> {
        let at = |place: &u32| self.at(*place).map(|entry| &entry.body.code);
        let place = self.by_code.binary_search_by(|place| at(place).cmp(&Some(code))).ok()?;
        self.at(*self.by_code.get(place)?)
    }

    fn code(&self, place: u32) -> &str {
        self.at(place).map_or("", |entry| entry.body.code.as_str())
    }

    /// The places of those whose code begins so.
    fn coded(&self, beginning: &str) -> impl Iterator<Item = u32> {
        let start = self.by_code.partition_point(|place| self.code(*place) < beginning);
        let from = self.by_code.iter().skip(start).copied();
        from.take_while(move |place| self.code(*place).starts_with(beginning))
    }

    /// The places that a code finds without the index.
    fn by_code(&self, question: &Question, fit: Fit) -> Vec<u32> {
        let exactly =
            |code: &str| self.coded(code).next().filter(|place| self.code(*place) == code);
        match fit {
            Fit::Code => question.code().and_then(exactly).into_iter().collect(),
            Fit::BeginningOfCode => {
                question.long_beginning().into_iter().flat_map(|code| self.coded(code)).collect()
            }
            Fit::CodeAndWords => {
                let words = question.several().iter().enumerate();
                let coded = words.filter_map(|(at, word)| {
                    let place = exactly(&word.to_ascii_uppercase())?;
                    let Body { name, address, postcode, .. } = &self.at(place)?.body;
                    let there = findable(&format!("{name} {address} {postcode}"));
                    question.has_others(at, &there).then_some(place)
                });
                coded.collect()
            }
            _ => Vec::new(),
        }
    }

    fn at(&self, place: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(place).ok()?)
    }

    /// The entries that fit the query best among those that are wanted.
    pub(super) fn search(
        &self,
        query: &str,
        limit: usize,
        wanted: &dyn Fn(&Body) -> bool,
    ) -> Result<Vec<&Entry>, TantivyError> {
        let Some(question) = Question::read(query) else { return Ok(Vec::new()) };
        let mut found = Found { places: Vec::new(), seen: HashSet::new(), limit };
        let is_common = |word: &Term| {
            let times = self.searcher.doc_freq(word);
            times.is_ok_and(|times| times >= COMMON)
        };
        let mut certain = false;
        for fit in Fit::ALL {
            let enough = if fit.is_a_guess() { FEW.min(limit) } else { limit };
            if found.places.len() >= enough || (certain && fit.is_a_guess()) {
                break;
            }
            let before = found.places.len();
            let coded = self.by_code(&question, fit);
            found.add(coded.into_iter().filter(|place| self.is_wanted(*place, wanted)).collect());
            if let Some(query) = question.query(fit, &self.fields, &is_common) {
                self.collect(query.as_ref(), wanted, &mut found)?;
            }
            certain |= fit.is_certain() && found.places.len() > before;
        }
        Ok(found.places.into_iter().filter_map(|place| self.at(place)).collect())
    }

    fn is_wanted(&self, place: u32, wanted: &dyn Fn(&Body) -> bool) -> bool {
        self.at(place).is_some_and(|entry| wanted(&entry.body))
    }

    /// Adds the first places that the query finds, as many as there is room for.
    fn collect(
        &self,
        query: &dyn Query,
        wanted: &dyn Fn(&Body) -> bool,
        found: &mut Found,
    ) -> Result<(), TantivyError> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let room = found.limit.saturating_sub(found.places.len());
        let mut new = Vec::new();
        for segment in self.searcher.segment_readers() {
            let places = segment.fast_fields().u64("place")?;
            let mut scorer = weight.scorer(segment, 1.0)?;
            let mut here = 0;
            let mut document = scorer.doc();
            while document != TERMINATED && here < room {
                let place = places.first(document).and_then(|place| u32::try_from(place).ok());
                if let Some(place) = place
                    && !found.seen.contains(&place)
                    && self.is_wanted(place, wanted)
                {
                    new.push(place);
                    here = here.saturating_add(1);
                }
                document = scorer.advance();
            }
        }
        found.add(new);
        Ok(())
    }
}

/// What was found so far.
struct Found {
    /// The best first.
    places: Vec<u32>,
    seen: HashSet<u32>,
    limit: usize,
}

impl Found {
    /// Adds those that are new, the best of them first, as far as there is room.
    fn add(&mut self, mut new: Vec<u32>) {
        new.sort_unstable();
        new.dedup();
        new.retain(|place| !self.seen.contains(place));
        new.truncate(self.limit.saturating_sub(self.places.len()));
        self.seen.extend(&new);
        self.places.extend(new);
    }
}

fn by_code(entries: &[Entry]) -> Result<Vec<u32>, IndexError> {
    let mut codes: Vec<(&OdsCode, u32)> =
        entries.iter().map(|entry| &entry.body.code).zip(0..).collect();
    codes.sort_unstable();
    let same = |pair: &&[(&OdsCode, u32)]| matches!(pair, [(a, _), (b, _)] if a == b);
    if let Some([(code, _), ..]) = codes.windows(2).find(same) {
        return Err(IndexError::Twice { code: (*code).clone() });
    }
    Ok(codes.into_iter().map(|(_, place)| place).collect())
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}
