//! What Okta has told, kept while it is good.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as Turn;

use super::freshness::Fresh;
use crate::error::OktaError;
use crate::pace::{Deadline, Pace};

/// How long after a failure, or after it was told before its time, it is not asked for again:
/// what somebody makes up drives no traffic.
const COOL_DOWN: Duration = Duration::from_secs(60);

/// How long that is where it was asked for before its time and not told.
const COOL_DOWN_AFTER_FAILURE: Duration = Duration::from_secs(10);

/// How long what has grown old is used while Okta does not tell anew.
const USABLE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What Okta has told. One caller asks for all; while that goes on or has failed, what is there
/// already is used.
pub(super) struct Kept<T> {
    state: Mutex<State<T>>,
    turn: Turn<()>,
}

struct State<T> {
    value: Option<Arc<T>>,
    good_until: Duration,
    usable_until: Duration,
    /// How often it has been asked for, to the end.
    asked: u64,
    failed: Option<OktaError>,
    /// Until then it is not asked for before its time.
    cool_at: Duration,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        let state = State {
            value: None,
            good_until: Duration::ZERO,
            usable_until: Duration::ZERO,
            asked: 0,
            failed: None,
            cool_at: Duration::ZERO,
        };
        Self { state: Mutex::new(state), turn: Turn::new(()) }
    }
}

impl<T> Kept<T> {
    /// What there is, if it is good; else what `fetch` brings, which is not begun before, until
    /// the deadline that it is given: an earlier one where there is something to use instead.
    pub(super) async fn take(
        &self,
        pace: &dyn Pace,
        deadline: Deadline,
        fetch: impl AsyncFnOnce(Deadline) -> Result<Fresh<T>, OktaError>,
    ) -> Result<Arc<T>, OktaError> {
        let came = self.asked();
        let _turn = match self.look(pace) {
            Look::Good(value) => return Ok(value),
            Look::Old(value) => match self.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(value),
            },
            Look::Nothing => self.turn.lock().await,
        };
        let old = match self.look(pace) {
            Look::Good(value) => return Ok(value),
            Look::Old(value) => Some(value),
            Look::Nothing => None,
        };
        if let Some(error) = self.failed_since(came) {
            return old.ok_or(error);
        }
        let until = if old.is_some() { deadline.quarter(pace) } else { deadline };
        match fetch(until).await {
            Ok(fresh) => Ok(self.keep(fresh, pace)),
            Err(error) => {
                self.note(&error, pace);
                old.ok_or(error)
            }
        }
    }

    /// What `fetch` brings, before its time; within a minute of the last time that it brought
    /// something so, what there is. A call that nobody waited for to its end does not count.
    pub(super) async fn renew(
        &self,
        pace: &dyn Pace,
        fetch: impl Future<Output = Result<Fresh<T>, OktaError>>,
    ) -> Result<Arc<T>, OktaError> {
        let came = self.asked();
        let _turn = self.turn.lock().await;
        if let Some(error) = self.failed_since(came) {
            return Err(error);
        }
        if let Some(cooling) = self.cooling(came, pace.elapsed()) {
            return cooling;
        }
        match fetch.await {
            Ok(fresh) => {
                let value = self.keep(fresh, pace);
                self.cool(COOL_DOWN, pace);
                Ok(value)
            }
            Err(error) => {
                self.note(&error, pace);
                self.cool(COOL_DOWN_AFTER_FAILURE, pace);
                Err(error)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(&self) -> u64 {
        self.state().asked
    }

    fn look(&self, pace: &dyn Pace) -> Look<T> {
        let (state, now) = (self.state(), pace.elapsed());
        match &state.value {
            Some(value) if now < state.good_until => Look::Good(Arc::clone(value)),
            Some(value) if now < state.usable_until => Look::Old(Arc::clone(value)),
            _ => Look::Nothing,
        }
    }

    /// How it failed, if that was while somebody waited: they have had their try.
    fn failed_since(&self, came: u64) -> Option<OktaError> {
        let state = self.state();
        if state.asked == came { None } else { state.failed.as_ref().map(OktaError::copy) }
    }

    /// What came of it, where somebody has renewed it since, or not long ago.
    fn cooling(&self, came: u64, now: Duration) -> Option<Result<Arc<T>, OktaError>> {
        let state = self.state();
        if state.asked == came && now >= state.cool_at {
            return None;
        }
        match (&state.failed, &state.value) {
            (Some(error), _) => Some(Err(error.copy())),
            (None, value) => value.clone().map(Ok),
        }
    }

    fn cool(&self, time: Duration, pace: &dyn Pace) {
        self.state().cool_at = pace.elapsed().saturating_add(time);
    }

    fn keep(&self, fresh: Fresh<T>, pace: &dyn Pace) -> Arc<T> {
        let (value, now) = (Arc::new(fresh.value), pace.elapsed());
        let mut state = self.state();
        state.value = Some(Arc::clone(&value));
        state.good_until = now.saturating_add(fresh.good_for);
        state.usable_until = state.good_until.saturating_add(USABLE);
        state.asked += 1;
        state.failed = None;
        value
    }

    fn note(&self, error: &OktaError, pace: &dyn Pace) {
        let mut state = self.state();
        state.asked += 1;
        state.failed = Some(error.copy());
        // What there is does for a while, as long as it is usable at all.
        let again = pace.elapsed().saturating_add(COOL_DOWN);
        state.good_until = state.good_until.max(again.min(state.usable_until));
    }
}

/// What there is.
enum Look<T> {
    /// To be used.
    Good(Arc<T>),
    /// To be used where there is nothing newer.
    Old(Arc<T>),
    Nothing,
}
