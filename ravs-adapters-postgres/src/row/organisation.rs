//! Organisations.

use ravs_core::port::PortError;
use ravs_core::{
    ClosedBecause, Closing, Organisation, OrganisationId, OrganisationState, StoredGrants,
    StoredOrganisation, UserId, VaccineGrants, VaccineType,
};

use super::Columns;
use crate::time::time;

/// How many columns an organisation has, as the statements in `read` give it.
pub(crate) const ORGANISATION_COLUMNS: usize = 17;

pub(crate) fn organisation(columns: &mut Columns<'_>) -> Result<Organisation, PortError> {
    let id = columns.id(OrganisationId::from_uuid)?;
    let ods_code = columns.text("an ODS code", |text| text.parse().ok())?;
    let (name, address, postcode) = (columns.next()?, columns.next()?, columns.next()?);
    let region = columns.text("a region", |text| text.parse().ok())?;
    let invited_by = columns.id(UserId::from_uuid)?;
    let invited_at = columns.time()?;
    let version = columns.version()?;
    let state = state(columns)?;
    let changed_at = columns.time()?;
    let vaccines = vaccines(columns)?;
    let stored = StoredOrganisation {
        id,
        ods_code,
        name,
        address,
        postcode,
        region,
        invited_by,
        invited_at,
        state,
        vaccines,
        version,
        changed_at,
    };
    Ok(Organisation::restore(stored)?)
}

fn state(columns: &mut Columns<'_>) -> Result<OrganisationState, PortError> {
    let status: &str = columns.next()?;
    let since = columns.time()?;
    let closes_at = time(columns.next()?);
    let because: Option<&str> = columns.next()?;
    match (status, because) {
        ("Invited", None) => Ok(OrganisationState::Invited),
        ("Active", None) => Ok(OrganisationState::Active { since }),
        ("Deactivated", None) => {
            let closes_at = Closing::restore(closes_at)?;
            Ok(OrganisationState::Deactivated { at: since, closes_at })
        }
        ("Closed", Some("grace_period_ended")) => {
            let because = ClosedBecause::GracePeriodEnded;
            Ok(OrganisationState::Closed { at: since, because })
        }
        ("Closed", Some("withdrawn")) => {
            let because = ClosedBecause::Withdrawn;
            Ok(OrganisationState::Closed { at: since, because })
        }
        _ => Err(PortError::corrupt("the state of an organisation is not readable")),
    }
}

fn vaccines(columns: &mut Columns<'_>) -> Result<VaccineGrants, PortError> {
    let count: i32 = columns.next()?;
    let numbers: Option<Vec<i32>> = columns.next()?;
    let names: Option<Vec<String>> = columns.next()?;
    let unreadable = || PortError::corrupt("a grant is not readable");
    let grants = numbers
        .unwrap_or_default()
        .into_iter()
        .zip(names.unwrap_or_default())
        .map(|(number, name)| {
            let number = u32::try_from(number).map_err(|_| unreadable())?;
            let vaccine: VaccineType = name.parse().map_err(|_| unreadable())?;
            Ok((number, vaccine))
        })
        .collect::<Result<Vec<_>, PortError>>()?;
    let count = u32::try_from(count).map_err(|_| unreadable())?;
    Ok(VaccineGrants::restore(StoredGrants { count, grants })?)
}
