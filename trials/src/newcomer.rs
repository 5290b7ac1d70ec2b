//! A change set in the hand, to be committed once, or again.

use ravs_core::command::{AddRegionalLead, add_regional_lead};
use ravs_core::port::Clock as _;
use ravs_core::{Actor, ChangeSet, Context, Region};

use crate::Failed;
use crate::host::{MAILBOX, SHORT_LEASE, settings};
use crate::outside::{RandomIds, WallClock};

/// How Support adds somebody as a regional lead.
#[must_use]
pub fn adding(email: &str) -> AddRegionalLead {
    AddRegionalLead {
        region: Region::London,
        requested_from: MAILBOX.into(),
        first_name: "New".into(),
        last_name: "Comer".into(),
        email: email.into(),
    }
}

/// The change that adds somebody nobody knows: a person, their access, two events, two effects.
///
/// # Errors
/// The address is none.
pub fn change(email: &str) -> Result<ChangeSet, Failed> {
    let (settings, now) = (settings(SHORT_LEASE)?, WallClock::default().now());
    let context = Context { settings: &settings, now, by: Actor::Support, ids: &RandomIds };
    let decided = add_regional_lead(context, None, &adding(email));
    Ok(decided.map_err(|refusal| refusal.to_string())?.change)
}
