//! The decisions, as pure functions: `(state, command, context) -> change set, or refusal`.
//!
//! A service loads what a decision needs, asks for it, and commits what comes out. All rules
//! live here or deeper; each function looks at everything before it refuses, so that a refusal
//! carries every fault.

mod accounts;
mod closing;
mod entry;
mod identification;
mod life;
mod move_email;
mod nomination;
mod onboarding;
mod people;
mod recording;
mod regional_leads;
mod users;

pub use accounts::{drop_email, has_access, request_activation_email};
pub use closing::close;
pub use entry::enter;
pub use identification::{Identified, identify, link};
pub use life::{AddedVaccines, add_vaccines, deactivate, reactivate, withdraw};
pub use move_email::{MoveToMainEmail, move_to_main_email};
pub use nomination::{Nominate, nominate};
pub use onboarding::{Found, Onboard, onboard};
pub use people::{Known, Nominee};
pub use recording::{EditRecord, RecordVaccination, edit_record, record_vaccination};
pub use regional_leads::{
    AddRegionalLead, add_regional_lead, in_region, lead_of, stop_regional_lead,
};
pub use users::{AddUser, ChangeUser, add_user, change_user, deactivate_user, reactivate_user};

use crate::change::ChangeSet;
use crate::refusal::Refusal;

/// What to commit, and what to answer once it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided<T> {
    /// What to commit.
    pub change: ChangeSet,
    /// What to answer.
    pub answer: T,
}

/// A decision, or the domain's no.
pub type Outcome<T> = Result<Decided<T>, Refusal>;
