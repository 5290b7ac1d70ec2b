//! The vaccination records of one organisation: headers and revisions, which are only added.

use ravs_core::port::PortError;
use ravs_core::{ChangeSet, OrganisationId, Revision, VaccinationRecord, Version, Write};
use tokio_postgres::types::Type;

use crate::row::number;
use crate::statement::{Statement, Step, value};
use crate::time::nanoseconds;

const ADD: Statement = Statement {
    text: "INSERT INTO {schema}.records (organisation_id, id, vaccine, vaccine_folded, recorded_at)
        VALUES ($1, $2, $3, $4, $5)",
    types: &[Type::UUID, Type::UUID, Type::TEXT, Type::TEXT, Type::INT8],
};

/// Fails where one of these revisions is there already, or the one before them is not.
const REVISE: Statement = Statement {
    text: "INSERT INTO {schema}.record_revisions (
            organisation_id, record_id, revision, given_on, assessing, consenting, made_by, made_at
        )
        SELECT $1, $2, $3 + number::int, given_on, assessing, consenting, made_by, made_at
        FROM unnest($4, $5, $6, $7, $8) WITH ORDINALITY
            AS r (given_on, assessing, consenting, made_by, made_at, number)",
    types: &[
        Type::UUID,
        Type::UUID,
        Type::INT4,
        Type::DATE_ARRAY,
        Type::UUID_ARRAY,
        Type::UUID_ARRAY,
        Type::UUID_ARRAY,
        Type::INT8_ARRAY,
    ],
};

pub(super) fn write(
    steps: &mut Vec<Step>,
    change: &ChangeSet,
    id: OrganisationId,
) -> Result<(), PortError> {
    let here = change.records().iter().filter(|write| write.state.organisation() == id);
    for Write { replaces, state } in here {
        if replaces.is_none() {
            steps.push(add(state)?);
        }
        steps.push(revise(*replaces, state)?);
    }
    Ok(())
}

fn add(record: &VaccinationRecord) -> Result<Step, PortError> {
    let values = [
        value(*record.organisation().as_uuid()),
        value(*record.id().as_uuid()),
        value(record.vaccine().as_str().to_owned()),
        value(record.vaccine().folded().to_owned()),
        value(nanoseconds(record.recorded_at())?),
    ];
    Ok(Step::new(&ADD, values))
}

fn revise(replaces: Option<Version>, record: &VaccinationRecord) -> Result<Step, PortError> {
    let there = i32::try_from(replaces.map_or(0, number)).map_err(|error| {
        PortError::rejected("more revisions than can be counted").caused_by(error)
    })?;
    let skipped = usize::try_from(there).unwrap_or_default();
    let new: Vec<&Revision> = record.revisions().skip(skipped).collect();
    let made_at = new.iter().map(|revision| nanoseconds(revision.at));
    let values = [
        value(*record.organisation().as_uuid()),
        value(*record.id().as_uuid()),
        value(there),
        value(new.iter().map(|revision| revision.details.given_on).collect::<Vec<_>>()),
        value(new.iter().map(|r| *r.details.assessing.as_uuid()).collect::<Vec<_>>()),
        value(new.iter().map(|r| *r.details.consenting.as_uuid()).collect::<Vec<_>>()),
        value(new.iter().map(|revision| *revision.by.as_uuid()).collect::<Vec<_>>()),
        value(made_at.collect::<Result<Vec<_>, _>>()?),
    ];
    Ok(Step::new(&REVISE, values))
}
