//! The live interface of the directory.

mod answer;
mod cache;
mod connection;
mod error;
mod pace;
mod question;
mod settings;
mod surroundings;

use std::num::NonZeroUsize;
use std::sync::Arc;

use async_trait::async_trait;
use ravs_core::port::{BodyDirectory, BodySearch, ClosedBodies, PortError};
use ravs_core::{Body, OdsCode};

use crate::entry::Entry;
use answer::Hits;
use cache::Cache;
use connection::Connection;
use question::{LIMIT, Question};

pub use error::LiveError;
pub use settings::LiveSettings;
pub use surroundings::{Surroundings, TheWorld};

/// The directory's live interface, asked as a good guest asks: fewer than five requests a second
/// however many tasks ask, answers kept for a while, patience when told so, and an end to it.
///
/// It finds less than [`OdsIndex`](crate::OdsIndex): it knows codes, postcodes, and names as the
/// directory spells them. What it cannot answer it says ([`LiveError::Unanswerable`]): a search by
/// address, and one for closed bodies other than by code; and where the directory knows of more
/// than it names ([`LiveError::Incomplete`]). What a search finds by name or postcode has **no
/// address**; [`body`](BodyDirectory::body) gives the whole of it.
#[derive(Debug)]
pub struct LiveDirectory {
    connection: Connection,
    entries: Cache<OdsCode, Option<Entry>>,
    hits: Cache<Question, Hits>,
}

/// The most searches that are kept, each of which may have found a thousand bodies.
const MOST_SEARCHES: NonZeroUsize = match NonZeroUsize::new(200) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

impl LiveDirectory {
    /// The directory at the place and with the patience of these settings.
    ///
    /// # Errors
    /// [`LiveError`] where the URL is none that can be asked, or TLS cannot be set up. Nothing is
    /// asked yet.
    pub fn new(settings: &LiveSettings) -> Result<Self, LiveError> {
        Self::within(settings, Arc::new(TheWorld::default()))
    }

    /// The same, with the time and chance of a test.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn within(
        settings: &LiveSettings,
        surroundings: Arc<dyn Surroundings>,
    ) -> Result<Self, LiveError> {
        Ok(Self {
            entries: Cache::of(settings.keep_most, settings, surroundings.clone()),
            hits: Cache::of(settings.keep_most.min(MOST_SEARCHES), settings, surroundings.clone()),
            connection: Connection::to(settings, surroundings)?,
        })
    }

    /// The whole record of that code, closed or not.
    ///
    /// # Errors
    /// [`LiveError`].
    pub async fn entry(&self, code: &OdsCode) -> Result<Option<Entry>, LiveError> {
        if let Some(known) = self.entries.known(code) {
            return Ok(known);
        }
        let path = format!("organisations/{code}");
        let entry = match self.connection.ask(&path, &[]).await? {
            Some(record) => Some(answer::entry(&record, code)?),
            None => None,
        };
        self.entries.keep(code.clone(), entry.clone());
        Ok(entry)
    }

    /// As [`search`](BodyDirectory::search), with the error that says more.
    ///
    /// # Errors
    /// [`LiveError`].
    pub async fn find(&self, search: &BodySearch) -> Result<Vec<Body>, LiveError> {
        let Some(question) = Question::read(&search.query) else { return Ok(Vec::new()) };
        let left_out = |body: &Body| {
            search.closed == ClosedBodies::LeftOut && body.is_legally_closed_on(search.on)
        };
        let mut found = Vec::new();
        if let Some(code) = question.code() {
            let entry = self.entry(&code).await?;
            found.extend(entry.map(|entry| entry.body).filter(|body| !left_out(body)));
        }
        if search.closed == ClosedBodies::Included {
            if found.is_empty() {
                let what = "it does not say when a body closed that is not asked for by its code";
                return Err(LiveError::Unanswerable { what });
            }
            found.truncate(search.limit);
            return Ok(found);
        }
        if found.len() < search.limit {
            let hits = self.hits(&question).await?;
            let code = found.first().map(|body: &Body| body.code.clone());
            found.extend(hits.bodies.into_iter().filter(|body| Some(&body.code) != code.as_ref()));
            if hits.named >= LIMIT && found.len() < search.limit {
                return Err(LiveError::Incomplete { hits: hits.named });
            }
            if found.is_empty() && question.may_be_an_address() {
                let what = "it does not search by address";
                return Err(LiveError::Unanswerable { what });
            }
        }
        found.truncate(search.limit);
        Ok(found)
    }

    /// What is found by name or postcode, the best first.
    async fn hits(&self, question: &Question) -> Result<Hits, LiveError> {
        let asked = question.asked()?;
        if let Some(known) = self.hits.known(question) {
            return Ok(known);
        }
        let answer = self.connection.ask("organisations", &asked).await?;
        let answer = answer.ok_or(LiveError::NotThere)?;
        let mut hits = answer::hits(&answer)?;
        hits.bodies.retain(|body| question.fits(body));
        hits.bodies.sort_by_cached_key(|body| {
            (question.distance(body), body.name.clone(), body.code.clone())
        });
        self.hits.keep(question.clone(), hits.clone());
        Ok(hits)
    }
}

#[async_trait]
impl BodyDirectory for LiveDirectory {
    async fn body(&self, code: &OdsCode) -> Result<Option<Body>, PortError> {
        Ok(self.entry(code).await?.map(|entry| entry.body))
    }

    async fn search(&self, search: &BodySearch) -> Result<Vec<Body>, PortError> {
        Ok(self.find(search).await?)
    }
}
