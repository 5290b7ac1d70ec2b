//! The index in the process.

mod error;
mod fields;
mod question;
mod shelf;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use ravs_core::port::{BodyDirectory, BodySearch, ClosedBodies, PortError};
use ravs_core::{Body, OdsCode};

use crate::entry::Entry;
use crate::file::{self, Progress, Source, Summary};
use shelf::Shelf;

pub use error::{IndexError, LoadError};

/// The directory in the process: a set of entries, all in memory, that is searched in a
/// millisecond or so and replaced in one step.
///
/// A search is carried out where it is awaited, and needs no runtime. What it finds is in this
/// order: the exact code, alone or among words that fit; codes that begin so; the whole postcode; postcodes that begin so; the
/// exact name; names that begin so; names with all the words, then with the last one only begun;
/// the same with words of the address as well; and, where all this has found fewer than five, the
/// same with small misspellings. What is alike in this is in the order of names, then of codes.
///
/// ```
/// use ravs_adapters_ods::{Entry, OdsIndex, Source};
/// use ravs_core::port::{BodyDirectory, BodySearch, ClosedBodies};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let file = "RJ1,GUY'S AND ST THOMAS' NHS FOUNDATION TRUST,Y56,,GREAT MAZE POND,,,LONDON,,\
///             SE1 9RT,,,ACTIVE,,,,,,,,,,,,,,";
/// let index = OdsIndex::new();
/// index.load([Source::reader("etr.csv", file.as_bytes())], &mut |_| {})?;
///
/// let search = BodySearch {
///     query: "saint thomas & guys".into(),
///     limit: 10,
///     on: "2025-09-02".parse()?,
///     closed: ClosedBodies::LeftOut,
/// };
/// let found = index.search(&search).await?;
/// assert_eq!(found[0].code.as_str(), "RJ1");
/// assert_eq!(found[0].address, "GREAT MAZE POND, LONDON");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Default)]
pub struct OdsIndex {
    /// None until there is a set: an index that knows nothing does not say that nothing exists.
    shelf: RwLock<Option<Arc<Shelf>>>,
}

impl OdsIndex {
    /// An index without a set. Until it has one, whoever asks is told that it is unavailable.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An index of these entries.
    ///
    /// # Errors
    /// As [`replace`](Self::replace).
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Result<Self, IndexError> {
        let index = Self::new();
        index.replace(entries)?;
        Ok(index)
    }

    /// Reads files and puts their entries in place of the whole set, in one step: a search sees
    /// the set before or the set after, and meanwhile the set before. For as long as this takes
    /// both are in memory.
    ///
    /// It blocks for some seconds: on an async runtime, call it where blocking is allowed.
    ///
    /// # Errors
    /// [`LoadError`], and the set is as it was.
    pub fn load<'a>(
        &self,
        sources: impl IntoIterator<Item = Source<'a>>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Summary, LoadError> {
        let mut entries = Vec::new();
        let summary = file::read(sources, progress, &mut |entry| entries.push(entry))?;
        self.replace(entries)?;
        Ok(summary)
    }

    /// Puts these entries in place of the whole set, in one step.
    ///
    /// # Errors
    /// [`IndexError`] where two have the same code, or the engine fails; the set is as it was.
    pub fn replace(&self, entries: impl IntoIterator<Item = Entry>) -> Result<(), IndexError> {
        let shelf = Arc::new(Shelf::of(entries.into_iter().collect())?);
        let before = {
            let mut place = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
            place.replace(shelf)
        };
        // freed outside the lock, by the last who still searches in it
        drop(before);
        Ok(())
    }

    /// The entry with that code, closed or not.
    #[must_use]
    pub fn entry(&self, code: &OdsCode) -> Option<Entry> {
        self.shelf()?.entry(code).cloned()
    }

    /// How many entries there are; none where there is no set.
    #[must_use]
    pub fn len(&self) -> Option<usize> {
        Some(self.shelf()?.len())
    }

    /// Whether there is no set, or none in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len().is_none_or(|len| len == 0)
    }

    fn shelf(&self) -> Option<Arc<Shelf>> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn filled(&self) -> Result<Arc<Shelf>, PortError> {
        let missing = || PortError::unavailable("no directory has been imported yet; `load` one");
        self.shelf().ok_or_else(missing)
    }
}

#[async_trait]
impl BodyDirectory for OdsIndex {
    async fn body(&self, code: &OdsCode) -> Result<Option<Body>, PortError> {
        Ok(self.filled()?.entry(code).map(|entry| entry.body.clone()))
    }

    async fn search(&self, search: &BodySearch) -> Result<Vec<Body>, PortError> {
        let wanted = |body: &Body| match search.closed {
            ClosedBodies::LeftOut => !body.is_legally_closed_on(search.on),
            ClosedBodies::Included => true,
        };
        let shelf = self.filled()?;
        let found = shelf.search(&search.query, search.limit, &wanted).map_err(IndexError::from)?;
        Ok(found.into_iter().map(|entry| entry.body.clone()).collect())
    }
}
