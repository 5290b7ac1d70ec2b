//! A directory of a few bodies.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use ravs_core::port::{BodyDirectory, BodySearch, ClosedBodies, PortError};
use ravs_core::{Body, OdsCode};

/// A directory of a few bodies, which can be told to fail.
///
/// It finds a body whose code is the query first, then those whose code begins with it, then
/// those of which every word of the query begins a word of code, name, address or postcode.
#[derive(Clone, Debug, Default)]
pub struct MemoryDirectory(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    bodies: BTreeMap<OdsCode, Body>,
    down: bool,
}

impl MemoryDirectory {
    /// A directory of these bodies.
    #[must_use]
    pub fn new(bodies: impl IntoIterator<Item = Body>) -> Self {
        let directory = Self::default();
        bodies.into_iter().for_each(|body| directory.add(body));
        directory
    }

    /// Adds a body, or replaces the one with its code.
    pub fn add(&self, body: Body) {
        self.content().bodies.insert(body.code.clone(), body);
    }

    /// Has it fail from now on, or work again.
    pub fn set_down(&self, down: bool) {
        self.content().down = down;
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(&self) -> Result<MutexGuard<'_, Content>, PortError> {
        let content = self.content();
        if content.down {
            return Err(PortError::unavailable("the directory was told to fail"));
        }
        Ok(content)
    }
}

#[async_trait]
impl BodyDirectory for MemoryDirectory {
    async fn body(&self, code: &OdsCode) -> Result<Option<Body>, PortError> {
        Ok(self.asked()?.bodies.get(code).cloned())
    }

    async fn search(&self, search: &BodySearch) -> Result<Vec<Body>, PortError> {
        let content = self.asked()?;
        let query = words(&search.query);
        let wanted = content.bodies.values().filter(|body| match search.closed {
            ClosedBodies::LeftOut => !body.is_legally_closed_on(search.on),
            ClosedBodies::Included => true,
        });
        let mut found: Vec<(Rank, &Body)> =
            wanted.filter_map(|body| Some((rank(&query, body)?, body))).collect();
        found.sort_by(|(a, x), (b, y)| (a, &x.name, &x.code).cmp(&(b, &y.name, &y.code)));
        Ok(found.into_iter().take(search.limit).map(|(_, body)| body.clone()).collect())
    }
}

/// How well a body fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Code,
    BeginningOfCode,
    Words,
}

fn rank(query: &[String], body: &Body) -> Option<Rank> {
    let code = body.code.as_str().to_lowercase();
    match query {
        [] => return None,
        [only] if *only == code => return Some(Rank::Code),
        [only] if code.starts_with(only.as_str()) => return Some(Rank::BeginningOfCode),
        _ => {}
    }
    let Body { name, address, postcode, .. } = body;
    let mut text = words(&format!("{code} {name} {address} {postcode}"));
    text.push(words(postcode).concat());
    let found = |word: &String| text.iter().any(|candidate| candidate.starts_with(word.as_str()));
    query.iter().all(found).then_some(Rank::Words)
}

/// The words of a text in lower case: letters and digits, apostrophes left out.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['\'', '’'], "");
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(String::from).collect()
}
