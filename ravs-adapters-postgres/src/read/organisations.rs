//! Organisations with their members.

use ravs_core::port::PortError;
use ravs_core::{
    EmailAddress, Member, OdsCode, Organisation, OrganisationId, Place, Roster, Standing, UserId,
};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::{membership_columns, newest_version, organisation_columns, user_columns};
use crate::database::Database;
use crate::row::{
    Columns, MEMBERSHIP_COLUMNS, ORGANISATION_COLUMNS, membership, organisation, user,
};
use crate::statement::Statement;

const ORGANISATION: Statement = Statement {
    text: concat!(
        "SELECT ",
        organisation_columns!(),
        " FROM {schema}.organisations AS o ",
        newest_version!(),
        " WHERE o.id = $1"
    ),
    types: &[Type::UUID],
};

const UNCLOSED: Statement = Statement {
    text: concat!(
        "SELECT ",
        organisation_columns!(),
        " FROM {schema}.ods_code_claims AS c
        JOIN {schema}.organisations AS o ON o.id = c.organisation_id ",
        newest_version!(),
        " WHERE c.ods_code = $1 AND v.status IS DISTINCT FROM 'Closed'"
    ),
    types: &[Type::TEXT],
};

const PLACE: Statement = Statement {
    text: concat!(
        "SELECT ",
        organisation_columns!(),
        ", ",
        membership_columns!(),
        " FROM {schema}.memberships AS m
        JOIN {schema}.organisations AS o ON o.id = m.organisation_id ",
        newest_version!(),
        " WHERE m.organisation_id = $2 AND m.user_id = $1"
    ),
    types: &[Type::UUID, Type::UUID],
};

const PLACES: Statement = Statement {
    text: concat!(
        "SELECT ",
        organisation_columns!(),
        ", ",
        membership_columns!(),
        " FROM {schema}.memberships AS m
        JOIN {schema}.organisations AS o ON o.id = m.organisation_id ",
        newest_version!(),
        " WHERE m.user_id = $1"
    ),
    types: &[Type::UUID],
};

const ROSTER: Statement = Statement {
    text: concat!(
        "SELECT ",
        organisation_columns!(),
        ", ",
        membership_columns!(),
        ", ",
        user_columns!(),
        " FROM {schema}.organisations AS o ",
        newest_version!(),
        "
        LEFT JOIN (
            {schema}.memberships AS m JOIN {schema}.users AS u ON u.id = m.user_id
        ) ON m.organisation_id = o.id
        WHERE o.id = $1"
    ),
    types: &[Type::UUID],
};

const MEMBERS: Statement = Statement {
    text: concat!(
        "SELECT ",
        membership_columns!(),
        ", ",
        user_columns!(),
        " FROM {schema}.users AS u
        JOIN {schema}.memberships AS m ON m.user_id = u.id AND m.organisation_id = $1
        WHERE u.email_folded = ANY ($2)"
    ),
    types: &[Type::UUID, Type::TEXT_ARRAY],
};

impl Database {
    pub(crate) async fn organisation(
        &self,
        id: OrganisationId,
    ) -> Result<Option<Organisation>, PortError> {
        let rows = self.read(&ORGANISATION, &[id.as_uuid()]).await?;
        rows.first().map(|row| organisation(&mut Columns::of(row))).transpose()
    }

    pub(crate) async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError> {
        let rows = self.read(&UNCLOSED, &[&code.as_str()]).await?;
        rows.first().map(|row| organisation(&mut Columns::of(row))).transpose()
    }

    pub(crate) async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError> {
        let rows = self.read(&PLACE, &[user.as_uuid(), organisation.as_uuid()]).await?;
        let place = rows.first().map(place).transpose()?;
        Ok(place.map(|place| Standing::of(&place.organisation, &place.membership)))
    }

    pub(crate) async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError> {
        self.read(&PLACES, &[user.as_uuid()]).await?.iter().map(place).collect()
    }

    pub(crate) async fn roster(&self, id: OrganisationId) -> Result<Option<Roster>, PortError> {
        let rows = self.read(&ROSTER, &[id.as_uuid()]).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let organisation = organisation(&mut Columns::of(first))?;
        let with_member = |row: &&Row| {
            let id = row.try_get::<_, Option<uuid::Uuid>>(ORGANISATION_COLUMNS);
            id.is_ok_and(|id| id.is_some())
        };
        let members = rows
            .iter()
            .filter(with_member)
            .map(|row| member(row, ORGANISATION_COLUMNS))
            .collect::<Result<_, _>>()?;
        Ok(Some(Roster { organisation, members }))
    }

    pub(crate) async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError> {
        let emails: Vec<&str> = emails.iter().map(EmailAddress::folded).collect();
        let rows = self.read(&MEMBERS, &[organisation.as_uuid(), &emails]).await?;
        rows.iter().map(|row| member(row, 0)).collect()
    }
}

fn place(row: &Row) -> Result<Place, PortError> {
    let organisation = organisation(&mut Columns::of(row))?;
    let membership = membership(&mut Columns::after(row, ORGANISATION_COLUMNS))?;
    Ok(Place { organisation, membership })
}

fn member(row: &Row, at: usize) -> Result<Member, PortError> {
    let membership = membership(&mut Columns::after(row, at))?;
    let user = user(&mut Columns::after(row, at + MEMBERSHIP_COLUMNS))?;
    Ok(Member { user, membership })
}
