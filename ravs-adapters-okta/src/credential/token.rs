//! Tokens, kept while they are good.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex as Turn;

use crate::error::OktaError;
use crate::pace::{Deadline, Pace};

/// How long after a renewal that failed a token that is still good is not renewed again.
const PATIENCE: Duration = Duration::from_secs(30);

/// A token that Okta gave.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) secret: Arc<SecretString>,
    /// Which one in a row it is.
    pub(super) number: u64,
    asked: Duration,
    life: Duration,
}

impl Token {
    /// One that was asked for then, and is good that long.
    pub(super) fn new(secret: SecretString, asked: Duration, life: Duration) -> Self {
        Self { secret: Arc::new(secret), number: 0, asked, life }
    }

    fn is_good(&self, now: Duration) -> bool {
        now.saturating_sub(self.asked) < self.life
    }

    /// Past 90 % of its life it is renewed before it is shown.
    fn is_fresh(&self, now: Duration) -> bool {
        now.saturating_sub(self.asked) < self.life.saturating_mul(9) / 10
    }
}

/// Asks Okta for a token.
#[async_trait::async_trait]
pub(super) trait Issuer: Send + Sync {
    async fn issue(&self, deadline: Deadline) -> Result<Token, OktaError>;
}

/// Keeps a token, and has one caller renew it for all.
#[derive(Default)]
pub(super) struct Tokens {
    kept: Mutex<Kept>,
    turn: Turn<()>,
}

#[derive(Default)]
struct Kept {
    token: Option<Token>,
    issued: u64,
    failures: u64,
    failed: Option<(Duration, OktaError)>,
}

impl Tokens {
    /// A token that is good, from the issuer where there is none.
    pub(super) async fn take(
        &self,
        issuer: &dyn Issuer,
        pace: &dyn Pace,
        deadline: Deadline,
    ) -> Result<Token, OktaError> {
        let failures = self.kept().failures;
        let (usable, until) = match self.look(pace.elapsed()) {
            Look::Fresh(token) => return Ok(token),
            // The old one does where a new one takes long.
            Look::Ageing(token) => (Some(token), deadline.quarter(pace)),
            Look::Nothing => (None, deadline),
        };
        let _turn = match usable {
            None => self.turn.lock().await,
            // Somebody is renewing it already: until then the old one does.
            Some(token) => match self.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(token),
            },
        };
        if let Look::Fresh(token) = self.look(pace.elapsed()) {
            return Ok(token);
        }
        // Whoever waited for a try that failed has had its try.
        if let Some(error) = self.kept().failure_after(failures) {
            return Err(error);
        }
        match issuer.issue(until).await {
            Ok(token) => Ok(self.keep(token)),
            Err(error) => {
                let now = pace.elapsed();
                let mut kept = self.kept();
                kept.failures += 1;
                kept.failed = Some((now, error.copy()));
                kept.token.clone().filter(|token| token.is_good(now)).ok_or(error)
            }
        }
    }

    /// Forgets a token that was refused, unless it is another one already.
    pub(super) fn forget(&self, number: u64) {
        let mut kept = self.kept();
        if kept.token.as_ref().is_some_and(|token| token.number == number) {
            kept.token = None;
        }
    }

    fn look(&self, now: Duration) -> Look {
        let kept = self.kept();
        let patient = kept.failed.as_ref().is_some_and(|(at, _)| now < at.saturating_add(PATIENCE));
        match &kept.token {
            Some(token) if token.is_fresh(now) => Look::Fresh(token.clone()),
            Some(token) if token.is_good(now) && patient => Look::Fresh(token.clone()),
            Some(token) if token.is_good(now) => Look::Ageing(token.clone()),
            _ => Look::Nothing,
        }
    }

    fn keep(&self, token: Token) -> Token {
        let mut kept = self.kept();
        kept.issued += 1;
        kept.failed = None;
        let token = Token { number: kept.issued, ..token };
        kept.token = Some(token.clone());
        token
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// How the last renewal failed, if that was after so many failures.
    fn failure_after(&self, failures: u64) -> Option<OktaError> {
        let (_, error) = self.failed.as_ref()?;
        (self.failures > failures).then(|| error.copy())
    }
}

/// What there is.
enum Look {
    /// One to show.
    Fresh(Token),
    /// One to show, and to renew.
    Ageing(Token),
    Nothing,
}
