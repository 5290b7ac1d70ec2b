//! One statement, or several in a transaction, and how it has to end.

use tokio_postgres::{Client, Error, SimpleQueryMessage};

use crate::hostile::scene::Stage;

pub(crate) struct Attempt {
    what: &'static str,
    sql: String,
    end: End,
}

enum End {
    /// This SQLSTATE, and the constraint where one refuses.
    Refused(&'static str, Option<&'static str>),
    /// It goes through, and each statement meets a row.
    Allowed,
}

/// Refused: by a SQLSTATE (`"42501"`), or by one and a constraint
/// (`"23503 records_grant_fkey"`).
pub(crate) fn refused(what: &'static str, by: &'static str, sql: impl Into<String>) -> Attempt {
    let (code, constraint) =
        by.split_once(' ').map_or((by, None), |(code, name)| (code, Some(name)));
    Attempt { what, sql: sql.into(), end: End::Refused(code, constraint) }
}

/// Refused because the role lacks the privilege.
pub(crate) fn forbidden(what: &'static str, sql: impl Into<String>) -> Attempt {
    refused(what, "42501", sql)
}

/// What of the same kind goes through.
pub(crate) fn allowed(what: &'static str, sql: impl Into<String>) -> Attempt {
    Attempt { what, sql: sql.into(), end: End::Allowed }
}

impl Attempt {
    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.end, End::Refused(..))
    }

    pub(crate) fn is_allowed(&self) -> bool {
        matches!(self.end, End::Allowed)
    }

    /// What is wrong with how it ended, if anything.
    pub(crate) async fn fault(&self, client: &Client, stage: &Stage) -> Option<String> {
        let ended = self.run(client, stage).await;
        let fault = match (&self.end, ended) {
            (End::Allowed, Ok(rows)) if rows.iter().all(|rows| *rows > 0) => return None,
            (End::Allowed, Ok(_)) => "it met no row".to_owned(),
            (End::Allowed, Err(error)) => format!("it was refused: {}", told(&error)),
            (End::Refused(..), Ok(rows)) => format!("IT WENT THROUGH, rows: {rows:?}"),
            (End::Refused(code, constraint), Err(error)) => {
                let refusal = error.as_db_error();
                let by = refusal.map(|refusal| (refusal.code().code(), refusal.constraint()));
                let as_expected = by.is_some_and(|(is, by)| {
                    is == *code && constraint.is_none_or(|name| by == Some(name))
                });
                if as_expected {
                    return None;
                }
                format!("not by {code} {constraint:?} but {}", told(&error))
            }
        };
        Some(format!("{}: {fault}", self.what))
    }

    /// What is wrong with the statement itself: said by a role that may do anything.
    pub(crate) async fn fault_of_the_statement(
        &self,
        owner: &Client,
        stage: &Stage,
    ) -> Option<String> {
        let error = self.run(owner, stage).await.err()?;
        let code = error.code().map(|code| code.code().to_owned()).unwrap_or_default();
        // a key, a check, or what depends on what it would remove
        let refused_by_data = code.starts_with("23") || ["2BP01", "0A000"].contains(&&*code);
        (!refused_by_data).then(|| format!("{}: {}", self.what, told(&error)))
    }

    /// Runs it in a transaction of its own and takes it back: the rows of each statement.
    async fn run(&self, client: &Client, stage: &Stage) -> Result<Vec<u64>, Error> {
        let sql = stage.fill(&self.sql);
        client.batch_execute("BEGIN").await?;
        let done = match client.simple_query(&sql).await {
            Ok(answers) => client
                .batch_execute("SET CONSTRAINTS ALL IMMEDIATE")
                .await
                .map(|()| answers.iter().filter_map(rows).collect()),
            Err(error) => Err(error),
        };
        client.batch_execute("ROLLBACK; RESET ALL").await?;
        done
    }
}

fn rows(answer: &SimpleQueryMessage) -> Option<u64> {
    match answer {
        SimpleQueryMessage::CommandComplete(rows) => Some(*rows),
        _ => None,
    }
}

fn told(error: &Error) -> String {
    let Some(refusal) = error.as_db_error() else { return error.to_string() };
    let by = refusal.constraint().unwrap_or_default();
    format!("{} {by} ({})", refusal.code().code(), refusal.message())
}
