//! Users and regional leads.

use ravs_core::port::PortError;
use ravs_core::{EmailAddress, RegionalLead, Subject, User, UserId};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{next, user_columns};
use crate::database::Database;
use crate::row::{Columns, regional_lead, user};
use crate::statement::Statement;

const USERS: Statement = Statement {
    text: concat!("SELECT ", user_columns!(), " FROM {schema}.users AS u WHERE u.id = ANY ($1)"),
    types: &[Type::UUID_ARRAY],
};

const USERS_FROM: Statement = Statement {
    text: concat!(
        "SELECT ",
        user_columns!(),
        " FROM {schema}.users AS u WHERE u.id >= $1 ORDER BY u.id LIMIT $2"
    ),
    types: &[Type::UUID, Type::INT8],
};

const USERS_BY_EMAIL: Statement = Statement {
    text: concat!(
        "SELECT ",
        user_columns!(),
        " FROM {schema}.users AS u WHERE u.email_folded = ANY ($1)"
    ),
    types: &[Type::TEXT_ARRAY],
};

const USER_BY_SUBJECT: Statement = Statement {
    text: concat!("SELECT ", user_columns!(), " FROM {schema}.users AS u WHERE u.subject = $1"),
    types: &[Type::TEXT],
};

const REGIONAL_LEAD: Statement = Statement {
    text: "SELECT user_id, region, status, since, version, changed_at
        FROM {schema}.regional_leads WHERE user_id = $1",
    types: &[Type::UUID],
};

impl Database {
    pub(crate) async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
        self.read(&USERS, &[&ids]).await?.iter().map(|row| user(&mut Columns::of(row))).collect()
    }

    pub(crate) async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError> {
        let from = match after {
            None => Uuid::nil(),
            Some(after) => match next(*after.as_uuid()) {
                Some(next) => next,
                None => return Ok(Vec::new()),
            },
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.read(&USERS_FROM, &[&from, &limit]).await?;
        rows.iter().map(|row| user(&mut Columns::of(row))).collect()
    }

    pub(crate) async fn users_by_email(
        &self,
        emails: &[EmailAddress],
    ) -> Result<Vec<User>, PortError> {
        let emails: Vec<&str> = emails.iter().map(EmailAddress::folded).collect();
        let rows = self.read(&USERS_BY_EMAIL, &[&emails]).await?;
        rows.iter().map(|row| user(&mut Columns::of(row))).collect()
    }

    pub(crate) async fn user_by_subject(
        &self,
        subject: &Subject,
    ) -> Result<Option<User>, PortError> {
        let rows = self.read(&USER_BY_SUBJECT, &[&subject.as_str()]).await?;
        rows.first().map(|row| user(&mut Columns::of(row))).transpose()
    }

    pub(crate) async fn regional_lead(
        &self,
        user: UserId,
    ) -> Result<Option<RegionalLead>, PortError> {
        let rows = self.read(&REGIONAL_LEAD, &[user.as_uuid()]).await?;
        rows.first().map(|row| regional_lead(&mut Columns::of(row))).transpose()
    }
}
