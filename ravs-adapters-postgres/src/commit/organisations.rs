//! One organisation: its grants, its next version, and the copy of that for lists.

use ravs_core::port::PortError;
use ravs_core::{
    ChangeSet, ClosedBecause, Organisation, OrganisationId, OrganisationState, StoredGrants,
    Version, Write,
};
use tokio_postgres::types::Type;

use crate::row::{closed_because, number};
use crate::statement::{Statement, Step, value};
use crate::time::{NEVER, nanoseconds};

/// Takes a code, or takes it over from a closed organisation. One that is not closed holds on to
/// its claim (`organisations_claim_fkey`).
const CLAIM: Statement = Statement {
    text: "INSERT INTO {schema}.ods_code_claims (ods_code, organisation_id) VALUES ($1, $2)
        ON CONFLICT (ods_code) DO UPDATE SET organisation_id = excluded.organisation_id",
    types: &[Type::TEXT, Type::UUID],
};

/// The grants that are not there yet.
const GRANT: Statement = Statement {
    text: "INSERT INTO {schema}.grants (organisation_id, number, vaccine, vaccine_folded)
        SELECT $1, number, vaccine, vaccine_folded
        FROM unnest($2, $3, $4) AS g (number, vaccine, vaccine_folded)
        WHERE number > (
            SELECT coalesce(max(number), 0) FROM {schema}.grants WHERE organisation_id = $1
        )",
    types: &[Type::UUID, Type::INT4_ARRAY, Type::TEXT_ARRAY, Type::TEXT_ARRAY],
};

const FIRST_VERSION: Statement = Statement {
    text: "INSERT INTO {schema}.organisation_versions (
            organisation_id, version, status, since, closes_at, closed_because, granted,
            changed_at, change_set_id, previous_version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
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
    ],
};

/// The version after the one decided on, which it carries along; fails where that is not there
/// or is followed already.
const NEXT_VERSION: Statement = Statement {
    text: "WITH added AS (
            INSERT INTO {schema}.organisation_versions (
                organisation_id, version, status, since, closes_at, closed_because, granted,
                changed_at, change_set_id, previous_version, previous_status,
                previous_closes_at, previous_granted, previous_changed_at
            )
            SELECT organisation_id, $2, $3, $4, $5, $6, $7, $8, $9,
                version, status, closes_at, granted, changed_at
            FROM {schema}.organisation_versions
            WHERE organisation_id = $1 AND version = $10
            RETURNING 1
        )
        SELECT 1 / (count(*) = 1)::int FROM added",
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
        Type::INT8,
    ],
};

/// Buries a closed organisation.
const CLOSE: Statement = Statement {
    text: "INSERT INTO {schema}.closed_organisations (organisation_id) VALUES ($1)",
    types: &[Type::UUID],
};

const ADD: Statement = Statement {
    text: "INSERT INTO {schema}.organisations (
            id, ods_code, name, address, postcode, region, invited_by, invited_at,
            version, status, closes_at, granted, changed_at
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    types: &[
        Type::UUID,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::UUID,
        Type::INT8,
        Type::INT8,
        Type::TEXT,
        Type::INT8,
        Type::INT4,
        Type::INT8,
    ],
};

const MOVE: Statement = Statement {
    text: "UPDATE {schema}.organisations
        SET version = $2, status = $3, closes_at = $4, granted = $5, changed_at = $6
        WHERE id = $1",
    types: &[Type::UUID, Type::INT8, Type::TEXT, Type::INT8, Type::INT4, Type::INT8],
};

pub(super) fn write(
    steps: &mut Vec<Step>,
    change: &ChangeSet,
    id: OrganisationId,
) -> Result<(), PortError> {
    let written = change.organisations().iter().filter(|write| write.state.id() == id);
    for Write { replaces, state } in written {
        write_one(steps, change, *replaces, state)?;
    }
    Ok(())
}

fn write_one(
    steps: &mut Vec<Step>,
    change: &ChangeSet,
    replaces: Option<Version>,
    organisation: &Organisation,
) -> Result<(), PortError> {
    let state = State::of(organisation)?;
    let id = *organisation.id().as_uuid();
    if replaces.is_none() && state.status != CLOSED {
        steps.push(Step::new(&CLAIM, [value(organisation.ods_code().to_string()), value(id)]));
    }
    steps.extend(grants(organisation)?);
    let (version, status) = (value(state.version), value(state.status));
    let (since, closes_at) = (value(state.since), value(state.closes_at));
    let because = value(state.closed_because.map(closed_because));
    let (granted, changed_at) = (value(state.granted), value(state.changed_at));
    let change_set = value(*change.id().as_uuid());
    steps.push(match replaces {
        None => {
            let values = [
                value(id),
                version,
                status,
                since,
                closes_at,
                because,
                granted,
                changed_at,
                change_set,
            ];
            Step::new(&FIRST_VERSION, values)
        }
        Some(replaced) => {
            let replaced = value(number(replaced));
            let values = [
                value(id),
                version,
                status,
                since,
                closes_at,
                because,
                granted,
                changed_at,
                change_set,
                replaced,
            ];
            Step::new(&NEXT_VERSION, values)
        }
    });
    let (version, status) = (value(state.version), value(state.status));
    let (closes_at, granted) = (value(state.closes_at), value(state.granted));
    let changed_at = value(state.changed_at);
    let stored = organisation.stored();
    steps.push(match replaces {
        None => {
            let values = [
                value(id),
                value(stored.ods_code.to_string()),
                value(stored.name.clone()),
                value(stored.address.clone()),
                value(stored.postcode.clone()),
                value(stored.region.code()),
                value(*stored.invited_by.as_uuid()),
                value(nanoseconds(stored.invited_at)?),
                version,
                status,
                closes_at,
                granted,
                changed_at,
            ];
            Step::new(&ADD, values)
        }
        Some(_) => Step::new(&MOVE, [value(id), version, status, closes_at, granted, changed_at]),
    });
    if state.status == CLOSED {
        steps.push(Step::new(&CLOSE, [value(id)]));
    }
    Ok(())
}

fn grants(organisation: &Organisation) -> Result<Option<Step>, PortError> {
    let StoredGrants { grants, .. } = organisation.vaccines().clone().into();
    if grants.is_empty() {
        return Ok(None);
    }
    let numbers = grants.iter().map(|(number, _)| i32::try_from(*number).map_err(too_many));
    let values = [
        value(*organisation.id().as_uuid()),
        value(numbers.collect::<Result<Vec<_>, _>>()?),
        value(grants.iter().map(|(_, vaccine)| vaccine.as_str().to_owned()).collect::<Vec<_>>()),
        value(grants.iter().map(|(_, vaccine)| vaccine.folded().to_owned()).collect::<Vec<_>>()),
    ];
    Ok(Some(Step::new(&GRANT, values)))
}

fn too_many(error: std::num::TryFromIntError) -> PortError {
    PortError::rejected("more vaccine types than can be counted").caused_by(error)
}

const CLOSED: &str = "Closed";

/// The columns of a version.
struct State {
    version: i64,
    status: &'static str,
    since: i64,
    closes_at: i64,
    closed_because: Option<ClosedBecause>,
    granted: i32,
    changed_at: i64,
}

impl State {
    fn of(organisation: &Organisation) -> Result<Self, PortError> {
        let stored = organisation.stored();
        let (status, since, closes_at, because) = match stored.state {
            OrganisationState::Invited => ("Invited", stored.invited_at, None, None),
            OrganisationState::Active { since } => ("Active", since, None, None),
            OrganisationState::Deactivated { at, closes_at } => {
                ("Deactivated", at, Some(closes_at), None)
            }
            OrganisationState::Closed { at, because } => (CLOSED, at, None, Some(because)),
        };
        let closes_at = closes_at.map(|closing| nanoseconds(closing.instant())).transpose()?;
        Ok(Self {
            version: number(stored.version),
            status,
            since: nanoseconds(since)?,
            closes_at: closes_at.unwrap_or(NEVER),
            closed_because: because,
            granted: i32::try_from(stored.vaccines.iter().len()).map_err(too_many)?,
            changed_at: nanoseconds(stored.changed_at)?,
        })
    }
}
