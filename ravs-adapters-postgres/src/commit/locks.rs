//! What is locked, and the versions that are asserted: the first thing a commit does.

use std::collections::BTreeSet;

use ravs_core::{ChangeSet, Guard, OrganisationId, Stream, UserId, Version};
use tokio_postgres::types::Type;

use crate::row::number;
use crate::statement::{Statement, Step, value};

const LOCK: Statement = Statement {
    text: "SELECT 1 FROM {schema}.organisations WHERE id = $1 FOR NO KEY UPDATE",
    types: &[Type::UUID],
};

/// Fails unless this is an organisation's newest version; for one that is locked. The versions
/// count, and not the copy of the newest that lists go by.
const NEWEST_IS: Statement = Statement {
    text: "SELECT 1 / coalesce((max(version) = $2)::int, 0) FROM {schema}.organisation_versions
        WHERE organisation_id = $1",
    types: &[Type::UUID, Type::INT8],
};

/// Memberships change under their organisation's lock; the lock of the row is for a transaction of
/// the host's that sees an earlier moment.
const MEMBERSHIP_AT: Statement = Statement {
    text: "SELECT 1 / (count(*) = 1)::int FROM (
        SELECT 1 FROM {schema}.memberships
        WHERE organisation_id = $1 AND user_id = $2 AND version = $3 FOR SHARE
    ) AS membership",
    types: &[Type::UUID, Type::UUID, Type::INT8],
};

const LOCK_USERS: Statement = Statement {
    text: "SELECT 1 FROM {schema}.users WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE",
    types: &[Type::UUID_ARRAY],
};

const REGIONAL_LEAD_AT: Statement = Statement {
    text: "SELECT 1 / (count(*) = 1)::int FROM (
        SELECT 1 FROM {schema}.regional_leads WHERE user_id = $1 AND version = $2 FOR SHARE
    ) AS lead",
    types: &[Type::UUID, Type::INT8],
};

/// Locks one organisation, and asserts the versions that were decided on and stay. What is written
/// asserts by itself the version that it follows.
pub(super) fn organisation(steps: &mut Vec<Step>, change: &ChangeSet, id: OrganisationId) {
    let written = || change.organisations().iter().filter(|write| write.state.id() == id);
    if !written().any(|write| write.replaces.is_none()) {
        steps.push(Step::new(&LOCK, [value(*id.as_uuid())]));
    }
    let replaced: BTreeSet<Version> = written().filter_map(|write| write.replaces).collect();
    let guarded: BTreeSet<Version> = change
        .guards()
        .iter()
        .filter_map(|guard| match guard {
            Guard::Organisation(guarded, version) if *guarded == id => Some(*version),
            Guard::Organisation(..) | Guard::Membership(..) | Guard::RegionalLead(..) => None,
        })
        .collect();
    for version in guarded.difference(&replaced) {
        steps.push(Step::new(&NEWEST_IS, [value(*id.as_uuid()), value(number(*version))]));
    }
    for guard in change.guards() {
        if let Guard::Membership(at, user, version) = guard
            && *at == id
        {
            let values = [value(*id.as_uuid()), value(*user.as_uuid()), value(number(*version))];
            steps.push(Step::new(&MEMBERSHIP_AT, values));
        }
    }
}

/// Locks the people whose histories grow, and asserts the regional leads that were decided on.
pub(super) fn people(steps: &mut Vec<Step>, change: &ChangeSet) {
    let people: BTreeSet<UserId> = change
        .events()
        .iter()
        .filter_map(|event| match event.stream {
            Stream::Person(id) => Some(id),
            Stream::Organisation(_) => None,
        })
        .chain(change.users().iter().map(|write| write.state.id()))
        .collect();
    if !people.is_empty() {
        let ids: Vec<_> = people.iter().map(|id| *id.as_uuid()).collect();
        steps.push(Step::new(&LOCK_USERS, [value(ids)]));
    }
    let leads: BTreeSet<(UserId, Version)> = change
        .guards()
        .iter()
        .filter_map(|guard| match guard {
            Guard::RegionalLead(user, version) => Some((*user, *version)),
            Guard::Organisation(..) | Guard::Membership(..) => None,
        })
        .collect();
    for (user, version) in leads {
        let values = [value(*user.as_uuid()), value(number(version))];
        steps.push(Step::new(&REGIONAL_LEAD_AT, values));
    }
}
