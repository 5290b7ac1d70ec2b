//! The regions' lists, and the closings that are due: by key and on an index, however many
//! organisations there are.

use chrono::{DateTime, Utc};
use ravs_core::port::{OrganisationFilter, OrganisationPage, PageKey, PageRequest, PortError};
use ravs_core::{Organisation, OrganisationId, OrganisationStatus, Region};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{newest_version, organisation_columns};
use crate::database::{Database, Setting};
use crate::row::{Columns, organisation};
use crate::statement::{Statement, Step, value};
use crate::time::nearest_nanoseconds;

/// A page of the organisations that `$which` selects; or of those and of what should have been
/// closed by the time `$5`, as far as `$late` selects it.
macro_rules! page {
    ($types:expr, $which:expr) => {
        page!(@of $types, page!(@select "{schema}.organisations", $which))
    };
    ($types:expr, $which:expr, late: $late:expr) => {
        page!(@of $types, concat!(
            "(", page!(@select "{schema}.organisations", $which), ") UNION ALL (",
            page!(@select late_organisations!(), $late), ") ORDER BY name, id LIMIT $4"
        ))
    };
    (@of $types:expr, $page:expr) => {
        Statement {
            text: concat!(
                "SELECT ", organisation_columns!(), " FROM (", $page, ") AS o ", newest_version!(),
                " ORDER BY o.name, o.id"
            ),
            types: $types,
        }
    };
    (@select $from:expr, $which:expr) => {
        concat!(
            "SELECT id, ods_code, name, address, postcode, region, invited_by, invited_at, version
            FROM ",
            $from, " WHERE region = $1 AND (name, id) > ($2, $3) AND ", $which,
            " ORDER BY name, id LIMIT $4"
        )
    };
}

/// Found by their closing time: they are few, as long as closings are written down. `OFFSET 0`
/// keeps the planner from going through everything Deactivated by name until it has met enough.
macro_rules! late_organisations {
    () => {
        "(
            SELECT * FROM {schema}.organisations
            WHERE region = $1 AND status = 'Deactivated' AND closes_at <= $5 OFFSET 0
        ) AS late"
    };
}

/// The region, the key after which the page begins, and its length.
const ANY: &[Type] = &[Type::TEXT, Type::TEXT, Type::UUID, Type::INT8];
const WITH_STATUS: &[Type] = &[Type::TEXT, Type::TEXT, Type::UUID, Type::INT8, Type::TEXT];
const WITH_TIME: &[Type] = &[Type::TEXT, Type::TEXT, Type::UUID, Type::INT8, Type::INT8];
const WITH_LEAD: &[Type] = &[Type::TEXT, Type::TEXT, Type::UUID, Type::INT8, Type::UUID];
const WITH_STATUS_AND_LEAD: &[Type] =
    &[Type::TEXT, Type::TEXT, Type::UUID, Type::INT8, Type::TEXT, Type::UUID];
const WITH_TIME_AND_LEAD: &[Type] =
    &[Type::TEXT, Type::TEXT, Type::UUID, Type::INT8, Type::INT8, Type::UUID];

const ALL: Statement = page!(ANY, "true");
const OF_STATUS: Statement = page!(WITH_STATUS, "status = $5");
const DEACTIVATED: Statement = page!(WITH_TIME, "status = 'Deactivated' AND closes_at > $5");
const CLOSED: Statement = page!(WITH_TIME, "status = 'Closed'", late: "true");
const OF_LEAD: Statement = page!(WITH_LEAD, "invited_by = $5");
const OF_STATUS_AND_LEAD: Statement =
    page!(WITH_STATUS_AND_LEAD, "status = $5 AND invited_by = $6");
const DEACTIVATED_OF_LEAD: Statement =
    page!(WITH_TIME_AND_LEAD, "status = 'Deactivated' AND closes_at > $5 AND invited_by = $6");
const CLOSED_OF_LEAD: Statement =
    page!(WITH_TIME_AND_LEAD, "status = 'Closed' AND invited_by = $6", late: "invited_by = $6");

const DUE_CLOSINGS: Statement = Statement {
    text: "SELECT id FROM {schema}.organisations
        WHERE status = 'Deactivated' AND closes_at <= $1 ORDER BY closes_at, id LIMIT $2",
    types: &[Type::INT8, Type::INT8],
};

impl Database {
    pub(crate) async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError> {
        let nobody = PageKey { name: String::new(), id: OrganisationId::from_uuid(Uuid::nil()) };
        let PageKey { name, id } = page.after.as_ref().unwrap_or(&nobody);
        // One more than asked for tells whether there are more.
        let limit = i64::try_from(page.limit).unwrap_or(i64::MAX).saturating_add(1);
        let now = nearest_nanoseconds(now);
        let mut values =
            vec![value(region.code()), value(name.clone()), value(*id.as_uuid()), value(limit)];
        match filter.status {
            None => {}
            Some(status @ (OrganisationStatus::Invited | OrganisationStatus::Active)) => {
                values.push(value(status.as_str()));
            }
            Some(OrganisationStatus::Deactivated | OrganisationStatus::Closed) => {
                values.push(value(now));
            }
        }
        if let Some(lead) = filter.invited_by {
            values.push(value(*lead.as_uuid()));
        }
        let statement = match (filter.status, filter.invited_by.is_some()) {
            (None, false) => &ALL,
            (None, true) => &OF_LEAD,
            (Some(OrganisationStatus::Invited | OrganisationStatus::Active), false) => &OF_STATUS,
            (Some(OrganisationStatus::Invited | OrganisationStatus::Active), true) => {
                &OF_STATUS_AND_LEAD
            }
            (Some(OrganisationStatus::Deactivated), false) => &DEACTIVATED,
            (Some(OrganisationStatus::Deactivated), true) => &DEACTIVATED_OF_LEAD,
            (Some(OrganisationStatus::Closed), false) => &CLOSED,
            (Some(OrganisationStatus::Closed), true) => &CLOSED_OF_LEAD,
        };
        // Planning a page takes longer than the page. Left to itself, the planner takes a limit that
        // it does not know for a tenth of all there is, dreads that, and plans each time.
        let rows = self.read_aged_under(Setting::PlanOnce, &Step::new(statement, values)).await?;
        let more = rows.len() > page.limit;
        let organisations = rows
            .iter()
            .take(page.limit)
            .map(|row| organisation(&mut Columns::of(row)))
            .collect::<Result<Vec<Organisation>, _>>()?;
        let last = organisations.last().filter(|_| more);
        let next = last.map(|last| PageKey { name: last.name().to_owned(), id: last.id() });
        Ok(OrganisationPage { organisations, next })
    }

    pub(crate) async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.read(&DUE_CLOSINGS, &[&nearest_nanoseconds(now), &limit]).await?;
        rows.iter().map(|row| Columns::of(row).id(OrganisationId::from_uuid)).collect()
    }
}
