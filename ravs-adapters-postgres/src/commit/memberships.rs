//! The memberships of one organisation.

use ravs_core::port::PortError;
use ravs_core::{
    ChangeSet, ClinicianStatus, Membership, MembershipState, OrganisationId, PermissionLevel, Write,
};
use tokio_postgres::types::Type;

use crate::row::number;
use crate::statement::{Statement, Step, Value, value};
use crate::time::nanoseconds;

const ADD: Statement = Statement {
    text: "INSERT INTO {schema}.memberships (
            organisation_id, user_id, level, next_level, clinician, status,
            first_entered_at, last_entered_at, deactivated_at, version, changed_at
        )
        SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    types: &[
        Type::UUID,
        Type::UUID_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::BOOL_ARRAY,
        Type::TEXT_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
    ],
};

/// Fails unless each has the version that was decided on.
const CHANGE: Statement = Statement {
    text: "WITH changed AS (
            UPDATE {schema}.memberships AS m
            SET level = w.level, next_level = w.next_level, clinician = w.clinician,
                status = w.status, first_entered_at = w.first_entered_at,
                last_entered_at = w.last_entered_at, deactivated_at = w.deactivated_at,
                version = w.version, changed_at = w.changed_at
            FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS w (
                user_id, level, next_level, clinician, status,
                first_entered_at, last_entered_at, deactivated_at, version, changed_at, replaces
            )
            WHERE m.organisation_id = $1 AND m.user_id = w.user_id AND m.version = w.replaces
            RETURNING 1
        )
        SELECT 1 / (count(*) = cardinality($2))::int FROM changed",
    types: &[
        Type::UUID,
        Type::UUID_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::BOOL_ARRAY,
        Type::TEXT_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
    ],
};

pub(super) fn write(
    steps: &mut Vec<Step>,
    change: &ChangeSet,
    id: OrganisationId,
) -> Result<(), PortError> {
    let here = change.memberships().iter().filter(|write| write.state.organisation() == id);
    let (changed, added): (Vec<_>, Vec<_>) = here.partition(|write| write.replaces.is_some());
    if !added.is_empty() {
        let values = columns(id, &added)?;
        steps.push(Step::new(&ADD, values));
    }
    if !changed.is_empty() {
        let replaces: Vec<_> = changed.iter().map(|write| write.replaces.map(number)).collect();
        let [a, b, c, d, e, f, g, h, i, j, k] = columns(id, &changed)?;
        let values = [a, b, c, d, e, f, g, h, i, j, k, value(replaces)];
        steps.push(Step::new(&CHANGE, values));
    }
    Ok(())
}

fn columns(id: OrganisationId, writes: &[&Write<Membership>]) -> Result<[Value; 11], PortError> {
    let states = || writes.iter().map(|write| write.state.stored());
    let entries = |of: fn(ravs_core::Entries) -> chrono::DateTime<chrono::Utc>| {
        states()
            .map(|m| m.state.entered().map(of).map(nanoseconds).transpose())
            .collect::<Result<Vec<Option<i64>>, _>>()
    };
    let deactivated = states().map(|m| match m.state {
        MembershipState::Deactivated { at, .. } => nanoseconds(at).map(Some),
        MembershipState::Invited | MembershipState::Active { .. } => Ok(None),
    });
    Ok([
        value(*id.as_uuid()),
        value(states().map(|m| *m.user.as_uuid()).collect::<Vec<_>>()),
        value(states().map(|m| m.level.as_str()).collect::<Vec<_>>()),
        value(states().map(|m| m.next_level.map(PermissionLevel::as_str)).collect::<Vec<_>>()),
        value(states().map(|m| m.clinician == ClinicianStatus::Clinician).collect::<Vec<_>>()),
        value(states().map(|m| m.state.status().as_str()).collect::<Vec<_>>()),
        value(entries(|entered| entered.first)?),
        value(entries(|entered| entered.last)?),
        value(deactivated.collect::<Result<Vec<_>, _>>()?),
        value(states().map(|m| number(m.version)).collect::<Vec<_>>()),
        value(states().map(|m| nanoseconds(m.changed_at)).collect::<Result<Vec<_>, _>>()?),
    ])
}
