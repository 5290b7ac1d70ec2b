//! Users and regional leads.

use ravs_core::port::PortError;
use ravs_core::{
    PersonName, RegionalLead, RegionalLeadState, StoredRegionalLead, StoredUser, Subject, User,
    UserId,
};

use super::Columns;

pub(crate) fn user(columns: &mut Columns<'_>) -> Result<User, PortError> {
    let id = columns.id(UserId::from_uuid)?;
    let email = columns.text("an address", |text| text.parse().ok())?;
    let (first, last): (&str, &str) = (columns.next()?, columns.next()?);
    let name = PersonName::new(first, last)
        .map_err(|_| PortError::corrupt("the name of a user is not readable"))?;
    let subject: Option<&str> = columns.next()?;
    let subject = subject
        .map(Subject::new)
        .transpose()
        .map_err(|_| PortError::corrupt("the subject of a user is not readable"))?;
    let version = columns.version()?;
    let changed_at = columns.time()?;
    Ok(User::restore(StoredUser { id, email, name, subject, version, changed_at })?)
}

pub(crate) fn regional_lead(columns: &mut Columns<'_>) -> Result<RegionalLead, PortError> {
    let user = columns.id(UserId::from_uuid)?;
    let region = columns.text("a region", |text| text.parse().ok())?;
    let status: &str = columns.next()?;
    let since = columns.time()?;
    let state = match status {
        "Active" => RegionalLeadState::Active { since },
        "Stopped" => RegionalLeadState::Stopped { at: since },
        _ => return Err(PortError::corrupt("the state of a regional lead is not readable")),
    };
    let version = columns.version()?;
    let changed_at = columns.time()?;
    let stored = StoredRegionalLead { user, region, state, version, changed_at };
    Ok(RegionalLead::restore(stored)?)
}
