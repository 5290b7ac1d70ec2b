//! One organisation: its grants, its next version, and the copy of that for lists.

use ravs_core::port::PortError;
use ravs_core::{
    ChangeSet, Organisation, OrganisationId, OrganisationState, StoredGrants, Version, Write,
};
use tokio_postgres::types::Type;

use crate::row::{closed_because, number};
use crate::statement::{Statement, Step, Value, value};
use crate::time::{NEVER, nanoseconds};

/// The grants of organisation `$1` that are not there yet, and its grave when it is closed.
macro_rules! grants_and_grave {
    () => {
        "granted AS (
            INSERT INTO {schema}.grants (organisation_id, number, vaccine, vaccine_folded)
            SELECT $1, number, vaccine, vaccine_folded
            FROM unnest($10, $11, $12) AS g (number, vaccine, vaccine_folded)
            WHERE number > (
                SELECT coalesce(max(number), 0) FROM {schema}.grants WHERE organisation_id = $1
            )
        ), buried AS (
            INSERT INTO {schema}.closed_organisations (organisation_id)
            SELECT $1 WHERE $3 = 'Closed'
        )"
    };
}

/// Takes a code, or takes it over from a closed organisation. One that is not closed holds on to
/// its claim (`organisations_claim_fkey`).
const CLAIM: Statement = Statement {
    text: "INSERT INTO {schema}.ods_code_claims (ods_code, organisation_id) VALUES ($1, $2)
        ON CONFLICT (ods_code) DO UPDATE SET organisation_id = excluded.organisation_id",
    types: &[Type::TEXT, Type::UUID],
};

/// An organisation with its first version.
const ADD: Statement = Statement {
    text: concat!(
        "WITH ",
        grants_and_grave!(),
        ", began AS (
            INSERT INTO {schema}.organisation_versions (
                organisation_id, version, status, since, closes_at, closed_because, granted,
                changed_at, change_set_id, previous_version
            ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)
        ), added AS (
            INSERT INTO {schema}.organisations (
                id, ods_code, name, address, postcode, region, invited_by, invited_at,
                version, status, closes_at, granted, changed_at
            ) VALUES ($1, $13, $14, $15, $16, $17, $18, $19, $2, $3, $5, $7, $8)
        )
        SELECT 1"
    ),
    types: &[
        Type::UUID,
        Type::INT8,
        Type::TEXT,
        Type::INT8,
        Type::INT8,
        Type::TEXT,
        Type::INT4,
        Type::INT8,
        Type::UUID,
        Type::INT4_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::UUID,
        Type::INT8,
    ],
};

/// The version after the one decided on, which it carries along; fails where that is not there
/// or is followed already.
const CHANGE: Statement = Statement {
    text: concat!(
        "WITH ",
        grants_and_grave!(),
        ", added AS (
            INSERT INTO {schema}.organisation_versions (
                organisation_id, version, status, since, closes_at, closed_because, granted,
                changed_at, change_set_id, previous_version, previous_status,
                previous_closes_at, previous_granted, previous_changed_at
            )
            SELECT organisation_id, $2, $3, $4, $5, $6, $7, $8, $9,
                version, status, closes_at, granted, changed_at
            FROM {schema}.organisation_versions
            WHERE organisation_id = $1 AND version = $13
            RETURNING 1
        ), moved AS (
            UPDATE {schema}.organisations
            SET version = $2, status = $3, closes_at = $5, granted = $7, changed_at = $8
            WHERE id = $1
        )
        SELECT 1 / (count(*) = 1)::int FROM added"
    ),
    types: &[
        Type::UUID,
        Type::INT8,
        Type::TEXT,
        Type::INT8,
        Type::INT8,
        Type::TEXT,
        Type::INT4,
        Type::INT8,
        Type::UUID,
        Type::INT4_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::INT8,
    ],
};

pub(super) fn write(
    steps: &mut Vec<Step>,
    change: &ChangeSet,
    id: OrganisationId,
) -> Result<(), PortError> {
    let written = change.organisations().iter().filter(|write| write.state.id() == id);
    for Write { replaces, state } in written {
        if replaces.is_none() && !matches!(state.state(), OrganisationState::Closed { .. }) {
            let values = [value(state.ods_code().to_string()), value(*id.as_uuid())];
            steps.push(Step::new(&CLAIM, values));
        }
        steps.push(write_one(change, *replaces, state)?);
    }
    Ok(())
}

fn write_one(
    change: &ChangeSet,
    replaces: Option<Version>,
    organisation: &Organisation,
) -> Result<Step, PortError> {
    let mut values = columns(change, organisation)?;
    let Some(replaced) = replaces else {
        let stored = organisation.stored();
        values.extend([
            value(stored.ods_code.to_string()),
            value(stored.name.clone()),
            value(stored.address.clone()),
            value(stored.postcode.clone()),
            value(stored.region.code()),
            value(*stored.invited_by.as_uuid()),
            value(nanoseconds(stored.invited_at)?),
        ]);
        return Ok(Step::new(&ADD, values));
    };
    values.push(value(number(replaced)));
    Ok(Step::new(&CHANGE, values))
}

/// What any version of an organisation has.
fn columns(change: &ChangeSet, organisation: &Organisation) -> Result<Vec<Value>, PortError> {
    let stored = organisation.stored();
    let (status, since, closes_at, because) = match stored.state {
        OrganisationState::Invited => ("Invited", stored.invited_at, None, None),
        OrganisationState::Active { since } => ("Active", since, None, None),
        OrganisationState::Deactivated { at, closes_at } => {
            ("Deactivated", at, Some(closes_at), None)
        }
        OrganisationState::Closed { at, because } => ("Closed", at, None, Some(because)),
    };
    let closes_at = closes_at.map(|closing| nanoseconds(closing.instant())).transpose()?;
    let StoredGrants { grants, .. } = organisation.vaccines().clone().into();
    let numbers = grants.iter().map(|(number, _)| i32::try_from(*number).map_err(too_many));
    Ok(vec![
        value(*organisation.id().as_uuid()),
        value(number(stored.version)),
        value(status),
        value(nanoseconds(since)?),
        value(closes_at.unwrap_or(NEVER)),
        value(because.map(closed_because)),
        value(i32::try_from(grants.len()).map_err(too_many)?),
        value(nanoseconds(stored.changed_at)?),
        value(*change.id().as_uuid()),
        value(numbers.collect::<Result<Vec<_>, _>>()?),
        value(grants.iter().map(|(_, vaccine)| vaccine.as_str().to_owned()).collect::<Vec<_>>()),
        value(grants.iter().map(|(_, vaccine)| vaccine.folded().to_owned()).collect::<Vec<_>>()),
    ])
}

fn too_many(error: std::num::TryFromIntError) -> PortError {
    PortError::rejected("more vaccine types than can be counted").caused_by(error)
}
