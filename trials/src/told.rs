//! Everything that all processes have told.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ravs_core::ChangeSetId;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::Failed;
use crate::journal::{Answer, Journal, Line, Parts};

/// What was told until now.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// What was about to be committed. A change set that is made twice, as that of an email that
    /// is dropped, is here twice.
    pub tried: BTreeMap<ChangeSetId, Vec<Parts>>,
    /// What was acknowledged, and when that was heard first.
    pub saved: BTreeMap<ChangeSetId, Instant>,
    /// Commands that succeeded.
    pub answers: Vec<Answer>,
    /// How often a change set was answered with a conflict: something had moved.
    pub overtaken: BTreeMap<ChangeSetId, usize>,
    /// How many effects each process has carried out, where it tells.
    pub delivered: BTreeMap<u32, usize>,
    /// How often a command was refused, by code.
    pub refused: BTreeMap<String, usize>,
    /// How often the world failed in a way that may pass, by what was said.
    pub failed: BTreeMap<String, usize>,
    /// Failures after which a caller may not try again: there should be none.
    pub broken: Vec<String>,
}

impl Told {
    fn hear(&mut self, line: &Line) {
        match line {
            Line::Tried(parts) => self.tried.entry(parts.change).or_default().push(parts.clone()),
            Line::Saved(change) => {
                self.saved.entry(*change).or_insert_with(Instant::now);
            }
            Line::Overtaken(change) => *self.overtaken.entry(*change).or_default() += 1,
            Line::Answered(answer) => self.answers.push(answer.clone()),
            Line::Delivered(by, done) => *self.delivered.entry(*by).or_default() += done,
            Line::Race(_) => {}
            Line::Refused(code) => *self.refused.entry(code.clone()).or_default() += 1,
            Line::Failed { retryable: true, what } => {
                *self.failed.entry(what.clone()).or_default() += 1;
            }
            Line::Failed { retryable: false, what } => self.broken.push(what.clone()),
        }
    }

    /// How many commits were answered with a conflict.
    #[must_use]
    pub fn conflicts(&self) -> usize {
        self.overtaken.values().sum()
    }

    /// Whether a change set cannot be there: every try of it was answered, and with a conflict,
    /// after which the service decides again under another id.
    ///
    /// A try without an answer may come late, also after another try of the same change set was
    /// overtaken; and what was acknowledged once is there.
    #[must_use]
    pub fn is_ruled_out(&self, change: ChangeSetId) -> bool {
        let tries = self.tried.get(&change).map_or(0, Vec::len);
        let conflicts = self.overtaken.get(&change).copied().unwrap_or_default();
        !self.saved.contains_key(&change) && conflicts > 0 && conflicts >= tries
    }

    /// The longest time between two acknowledgements one after the other.
    #[must_use]
    pub fn longest_gap(&self) -> Duration {
        let mut heard: Vec<_> = self.saved.values().copied().collect();
        heard.sort_unstable();
        let gaps = heard.iter().zip(heard.iter().skip(1));
        gaps.map(|(one, next)| next.duration_since(*one)).max().unwrap_or_default()
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (answers, overtaken) = (self.answers.len(), self.conflicts());
        write!(f, "{answers} answers, {overtaken} commits overtaken; refused:")?;
        for (code, times) in &self.refused {
            write!(f, " {code} {times}")?;
        }
        for (what, times) in &self.failed {
            write!(f, "\n{times} times: {what}")?;
        }
        Ok(())
    }
}

/// Hears what processes tell. Clones hear into the same.
#[derive(Clone)]
pub struct Ear {
    told: Arc<Mutex<Told>>,
    saved: Arc<watch::Sender<usize>>,
}

impl Ear {
    /// An ear that has heard nothing.
    #[must_use]
    pub fn new() -> Self {
        Self { told: Arc::default(), saved: Arc::new(watch::Sender::new(0)) }
    }

    /// Hears a line.
    pub fn hear(&self, line: &Line) {
        let saved = {
            let mut told = self.lock();
            told.hear(line);
            told.saved.len()
        };
        self.saved.send_replace(saved);
    }

    /// A journal of this process, heard as it is told.
    #[must_use]
    pub fn journal(&self) -> Journal {
        let ear = self.clone();
        Journal::new(move |line| ear.hear(line))
    }

    /// How many change sets were acknowledged.
    #[must_use]
    pub fn saved(&self) -> usize {
        *self.saved.borrow()
    }

    /// Waits until so many more have been acknowledged.
    ///
    /// # Errors
    /// They are not within a minute.
    pub async fn wait_for_more(&self, more: usize) -> Result<(), Failed> {
        let wanted = self.saved() + more;
        let mut seen = self.saved.subscribe();
        let waited = timeout(PATIENCE, seen.wait_for(|saved| *saved >= wanted)).await;
        match waited {
            Ok(_) => Ok(()),
            Err(_) => Err(format!(
                "{} of {wanted} change sets were acknowledged in {PATIENCE:?}: {:?}",
                self.saved(),
                self.lock().failed
            )
            .into()),
        }
    }

    /// Waits until so many effects have been carried out, by all processes together.
    ///
    /// # Errors
    /// They are not within a minute.
    pub async fn wait_for_delivered(&self, effects: usize) -> Result<(), Failed> {
        let done = || self.lock().delivered.values().sum::<usize>();
        let mut heard = self.saved.subscribe();
        match timeout(PATIENCE, heard.wait_for(|_| done() >= effects)).await {
            Ok(_) => Ok(()),
            Err(_) => Err(format!("{} of {effects} effects in {PATIENCE:?}", done()).into()),
        }
    }

    /// What was told until now.
    #[must_use]
    pub fn told(&self) -> Told {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Ear {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Ear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ear").field("saved", &self.saved()).finish_non_exhaustive()
    }
}

const PATIENCE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::newcomer;

    #[test]
    fn only_what_was_overtaken_at_every_try_is_ruled_out() {
        let parts = Parts::from(&newcomer::change("new@nhs.net").unwrap());
        let change = parts.change;
        let (tried, saved) = (Line::Tried(parts), Line::Saved(change));
        let overtaken = Line::Overtaken(change);
        let table: [(&[&Line], bool); 8] = [
            (&[&tried], false),
            (&[&tried, &overtaken], true),
            (&[&tried, &saved], false),
            // repeated: after no answer at all, in either order
            (&[&tried, &tried, &overtaken], false),
            (&[&tried, &overtaken, &tried], false),
            (&[&tried, &overtaken, &tried, &overtaken], true),
            // by two processes at a time, or once more after the conflict
            (&[&tried, &tried, &saved, &overtaken], false),
            (&[&tried, &overtaken, &tried, &saved], false),
        ];
        for (lines, expected) in table {
            let mut told = Told::default();
            lines.iter().for_each(|line| told.hear(line));
            assert_eq!(told.is_ruled_out(change), expected, "{lines:?}");
        }
    }
}
