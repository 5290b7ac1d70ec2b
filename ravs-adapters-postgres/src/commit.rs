//! A change set as statements: sent together, they save all of it or nothing.
//!
//! What could stand against a change set is an error of the statement that meets it: a key, a
//! check, or an assertion that divides by zero. So nothing has to be looked at on the way, and a
//! commit's statements are sent at once. Every organisation concerned is locked first, in the order of their
//! ids, then people, so that commits wait for each other rather than collide.

mod effects;
mod events;
mod locks;
mod memberships;
mod organisations;
mod people;
mod records;

use std::collections::BTreeSet;

use ravs_core::port::PortError;
use ravs_core::{ChangeSet, Guard, OrganisationId, OrganisationState, Stream};
use tokio_postgres::types::Type;

use crate::lane::Lanes;
use crate::statement::{Statement, Step, value};

/// Refuses a change set that is committed already (`change_sets_pkey`).
const REMEMBER: Statement =
    Statement { text: "INSERT INTO {schema}.change_sets (id) VALUES ($1)", types: &[Type::UUID] };

pub(crate) const IS_COMMITTED: Statement =
    Statement { text: "SELECT 1 FROM {schema}.change_sets WHERE id = $1", types: &[Type::UUID] };

/// Names the organisation whose records and history the next statements are about, for
/// row-level security; ends with the transaction.
const NAME_ORGANISATION: Statement = Statement {
    text: "SELECT set_config('ravs.organisation', $1::text, true)",
    types: &[Type::TEXT],
};

/// What saves a change set.
pub(crate) struct Saving {
    /// The organisation that is to be named when the steps begin.
    pub(crate) named: Option<OrganisationId>,
    pub(crate) steps: Vec<Step>,
}

impl Saving {
    /// As steps alone, for a transaction that has begun already.
    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.named.map(name_organisation).into_iter().chain(self.steps).collect()
    }
}

fn name_organisation(id: OrganisationId) -> Step {
    Step::new(&NAME_ORGANISATION, [value(id.to_string())])
}

/// Everything that saves a change set.
pub(crate) fn saving(change: &ChangeSet, lanes: Lanes) -> Result<Saving, PortError> {
    let organisations = organisations_of(change);
    let mut steps = vec![Step::new(&REMEMBER, [value(*change.id().as_uuid())])];
    for id in &organisations {
        locks::organisation(&mut steps, change, *id);
    }
    locks::people(&mut steps, change);
    people::write(&mut steps, change)?;
    // Closings first: they free the code that another organisation may take.
    let (closing, others): (Vec<_>, Vec<_>) =
        organisations.into_iter().partition(|id| closes(change, *id));
    let mut named = None;
    for id in closing.into_iter().chain(others) {
        if named.is_none() {
            named = Some(id);
        } else {
            steps.push(name_organisation(id));
        }
        organisations::write(&mut steps, change, id)?;
        memberships::write(&mut steps, change, id)?;
        records::write(&mut steps, change, id)?;
        events::of_organisation(&mut steps, change, id)?;
    }
    events::of_people(&mut steps, change)?;
    effects::write(&mut steps, change, lanes)?;
    Ok(Saving { named, steps })
}

/// Every organisation that a change set concerns, by id.
fn organisations_of(change: &ChangeSet) -> BTreeSet<OrganisationId> {
    let written = change.organisations().iter().map(|write| write.state.id());
    let members = change.memberships().iter().map(|write| write.state.organisation());
    let records = change.records().iter().map(|write| write.state.organisation());
    let guarded = change.guards().iter().filter_map(|guard| match guard {
        Guard::Organisation(id, _) | Guard::Membership(id, _, _) => Some(*id),
        Guard::RegionalLead(..) => None,
    });
    let streams = change.events().iter().filter_map(|event| match event.stream {
        Stream::Organisation(id) => Some(id),
        Stream::Person(_) => None,
    });
    written.chain(members).chain(records).chain(guarded).chain(streams).collect()
}

fn closes(change: &ChangeSet, id: OrganisationId) -> bool {
    let mut written = change.organisations().iter().map(|write| &write.state);
    written
        .any(|state| state.id() == id && matches!(state.state(), OrganisationState::Closed { .. }))
}
