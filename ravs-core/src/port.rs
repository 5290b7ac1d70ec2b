//! The ports: what the core needs from outside, as object-safe traits.
//!
//! The rules that every adapter keeps:
//! - A port holds no rule. If an adapter needs an `if` about the rulebook, the port is wrong.
//! - Every method takes `&self` and may be called from many tasks at once.
//! - What comes back out of a store is checked by the core's `restore` functions; what does not
//!   pass is [`PortError::corrupt`].
//! - Times are UTC and are kept to the nanosecond.
//! - An error says what the caller may do, keeps its source, and holds no personal data.
//! - Dropping a method's future may leave it done or not done, never half done.

mod access;
mod clock;
mod directory;
mod error;
mod identity;
mod ids;
mod mailer;
mod queue;
mod store;

pub use access::{AccessCursor, AccessPage, AccountWithAccess};
pub use clock::Clock;
pub use directory::{BodyDirectory, BodySearch, ClosedBodies};
pub use error::{PortError, PortErrorKind};
pub use identity::{AccountState, IdentityProvider, Person, Resent};
pub use ids::IdSource;
pub use mailer::Mailer;
pub use queue::{Claim, EffectQueue, ParkedEffect, Receipt};
pub use store::{
    HistoryEntry, HistoryPosition, OrganisationFilter, OrganisationPage, PageKey, PageRequest,
    RecordKey, Store,
};

#[cfg(feature = "mocks")]
pub use self::{
    clock::MockClock, directory::MockBodyDirectory, identity::MockIdentityProvider,
    ids::MockIdSource, mailer::MockMailer, queue::MockEffectQueue, store::MockStore,
};
