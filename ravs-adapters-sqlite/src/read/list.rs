//! Lists of organisations, by key.

use chrono::{DateTime, Utc};
use ravs_core::port::{OrganisationFilter, OrganisationPage, PageKey, PageRequest, PortError};
use ravs_core::{OrganisationId, OrganisationStatus, Region};
use rusqlite::{Connection, params};

use super::organisation;
use crate::row::{all, at_most};
use crate::time::saturated;

/// A page of a region's organisations. What is Deactivated and whose closing has come counts as
/// Closed, also here.
pub(crate) fn page(
    connection: &Connection,
    region: Region,
    filter: &OrganisationFilter,
    page: &PageRequest,
    now: DateTime<Utc>,
) -> Result<OrganisationPage, PortError> {
    let sql = "
        SELECT id FROM organisations
        WHERE region = ?1
            AND (name, id) > (?2, ?3)
            AND (?4 IS NULL OR ?4 = CASE
                WHEN status = 'Deactivated' AND closes_at <= ?5 THEN 'Closed' ELSE status
            END)
            AND (?6 IS NULL OR invited_by = ?6)
        ORDER BY name, id LIMIT ?7";
    let (name, id) = match &page.after {
        Some(key) => (key.name.as_str(), &key.id.as_uuid().as_bytes()[..]),
        None => ("", &[][..]), // before any other
    };
    let parameters = params![
        region.code(),
        name,
        id,
        filter.status.map(OrganisationStatus::as_str),
        saturated(now),
        filter.invited_by.as_ref().map(|lead| lead.as_uuid().into_bytes()),
        at_most(page.limit.saturating_add(1)),
    ];
    let mut ids = all(connection, sql, parameters, |columns| columns.uuid())?;
    let more = ids.len() > page.limit;
    ids.truncate(page.limit);
    let mut organisations = Vec::with_capacity(ids.len());
    for id in ids {
        organisations.extend(organisation::by_id(connection, OrganisationId::from_uuid(id))?);
    }
    let last = organisations.last().filter(|_| more);
    let next = last.map(|last| PageKey { name: last.name().to_owned(), id: last.id() });
    Ok(OrganisationPage { organisations, next })
}

/// Those whose closing has come and is not written down, the longest due first.
pub(crate) fn due_closings(
    connection: &Connection,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<OrganisationId>, PortError> {
    let sql = "
        SELECT id FROM organisations
        WHERE status = 'Deactivated' AND closes_at <= ?1
        ORDER BY closes_at, id LIMIT ?2";
    let ids =
        all(connection, sql, params![saturated(now), at_most(limit)], |columns| columns.uuid())?;
    Ok(ids.into_iter().map(OrganisationId::from_uuid).collect())
}
