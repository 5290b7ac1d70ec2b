//! The effects that wait to be carried out.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{Claim, EffectQueue, ParkedEffect, PortError, Receipt};
use ravs_core::{Effect, EffectKey};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::PostgresStore;
use crate::row::{Columns, from_json};
use crate::statement::Statement;
use crate::time::{nearest_nanoseconds, time};

/// Takes what is due in a lane and that no other worker is taking at this moment.
const CLAIM: Statement = Statement {
    text: "WITH due AS (
            SELECT key, due_at FROM {schema}.effects
            WHERE lane = $1 AND status IN ('New', 'Due', 'Claimed') AND due_at <= $2
            ORDER BY due_at, position LIMIT $4
            FOR UPDATE SKIP LOCKED
        )
        UPDATE {schema}.effects AS e
        SET status = 'Claimed', due_at = $3, attempts = attempts + 1, claims = claims + 1
        FROM due WHERE e.lane = $1 AND e.key = due.key
        RETURNING e.key, e.work, e.queued_at, e.attempts, e.claims, due.due_at, e.position",
    types: &[Type::INT2, Type::INT8, Type::INT8, Type::INT8],
};

const DONE: Statement = Statement {
    text: "UPDATE {schema}.effects SET status = 'Done'
        WHERE key = $1 AND claims = $2 AND status = 'Claimed' RETURNING 1",
    types: &[Type::TEXT, Type::INT8],
};

const RETRY: Statement = Statement {
    text: "UPDATE {schema}.effects SET status = 'Due', due_at = $3
        WHERE key = $1 AND claims = $2 AND status = 'Claimed' RETURNING 1",
    types: &[Type::TEXT, Type::INT8, Type::INT8],
};

const PARK: Statement = Statement {
    text: "UPDATE {schema}.effects SET status = 'Parked', parked_at = $3, parked_why = $4
        WHERE key = $1 AND claims = $2 AND status = 'Claimed' RETURNING 1",
    types: &[Type::TEXT, Type::INT8, Type::INT8, Type::TEXT],
};

/// Whether that claim was settled so.
const IS_SETTLED: Statement = Statement {
    text: "SELECT 1 FROM {schema}.effects WHERE key = $1 AND claims = $2 AND status = $3",
    types: &[Type::TEXT, Type::INT8, Type::TEXT],
};

const PARKED: Statement = Statement {
    text: "SELECT key, work, queued_at, parked_why, parked_at FROM {schema}.effects
        WHERE status = 'Parked' ORDER BY parked_at, position LIMIT $1",
    types: &[Type::INT8],
};

const UNPARK: Statement = Statement {
    text: "UPDATE {schema}.effects
        SET status = 'Due', due_at = $2, attempts = 0, parked_at = NULL, parked_why = NULL
        WHERE key = $1 AND status = 'Parked' RETURNING 1",
    types: &[Type::TEXT, Type::INT8],
};

/// Whether it was unparked so, and nobody has taken it since.
const IS_UNPARKED: Statement = Statement {
    text: "SELECT 1 FROM {schema}.effects
        WHERE key = $1 AND status = 'Due' AND due_at = $2 AND attempts = 0",
    types: &[Type::TEXT, Type::INT8],
};

#[async_trait]
impl EffectQueue for PostgresStore {
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: usize,
    ) -> Result<Vec<Claim>, PortError> {
        let until = now.checked_add_signed(lease).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let (now, until) = (nearest_nanoseconds(now), nearest_nanoseconds(until));
        let mut claims = Vec::new();
        // What cannot be read stays claimed, for a worker that can; it holds up nothing else.
        let mut trouble = None;
        for lane in self.lanes_in_turn() {
            let left = limit.saturating_sub(claims.len());
            if left == 0 {
                break;
            }
            let left = i64::try_from(left).unwrap_or(i64::MAX);
            match self.database().run_once(&CLAIM, &[&lane, &now, &until, &left]).await {
                Ok(mut rows) => {
                    rows.sort_by_key(place);
                    for row in &rows {
                        match claim(row) {
                            Ok(claim) => claims.push(claim),
                            Err(unreadable) => trouble = Some(unreadable),
                        }
                    }
                }
                Err(error) => {
                    trouble = Some(error);
                    break;
                }
            }
        }
        unless_all_failed(claims, trouble)
    }

    async fn done(&self, receipt: &Receipt) -> Result<(), PortError> {
        let (key, claim) = columns(receipt);
        let is_so: Values<'_> = &[&key, &claim, &"Done"];
        settled(self.database().change(&DONE, &[&key, &claim], (&IS_SETTLED, is_so)).await?)
    }

    async fn retry_at(&self, receipt: &Receipt, at: DateTime<Utc>) -> Result<(), PortError> {
        let ((key, claim), at) = (columns(receipt), nearest_nanoseconds(at));
        let is_so: Values<'_> = &[&key, &claim, &"Due"];
        settled(self.database().change(&RETRY, &[&key, &claim, &at], (&IS_SETTLED, is_so)).await?)
    }

    async fn park(&self, receipt: &Receipt, at: DateTime<Utc>, why: &str) -> Result<(), PortError> {
        let ((key, claim), at) = (columns(receipt), nearest_nanoseconds(at));
        // a text column holds every character but this one
        let why = why.replace('\0', "");
        let values: Values<'_> = &[&key, &claim, &at, &why];
        let is_so: Values<'_> = &[&key, &claim, &"Parked"];
        settled(self.database().change(&PARK, values, (&IS_SETTLED, is_so)).await?)
    }

    async fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, PortError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut trouble = None;
        let rows = self.database().read(&PARKED, &[&limit]).await?;
        let readable = |row| parked(row).map_err(|error| trouble = Some(error)).ok();
        let effects = rows.iter().filter_map(readable).collect();
        unless_all_failed(effects, trouble)
    }

    async fn unpark(&self, key: &EffectKey, at: DateTime<Utc>) -> Result<bool, PortError> {
        let values: Values<'_> = &[&key.as_str(), &nearest_nanoseconds(at)];
        self.database().change(&UNPARK, values, (&IS_UNPARKED, values)).await
    }
}

type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

fn columns(receipt: &Receipt) -> (&str, i64) {
    (receipt.key.as_str(), i64::try_from(receipt.claim).unwrap_or(i64::MAX))
}

fn settled(changed: bool) -> Result<(), PortError> {
    if changed { Ok(()) } else { Err(PortError::conflict("this claim has been overtaken")) }
}

/// What went well, or what went wrong where nothing did.
fn unless_all_failed<T>(well: Vec<T>, trouble: Option<PortError>) -> Result<Vec<T>, PortError> {
    match trouble {
        Some(trouble) if well.is_empty() => Err(trouble),
        _ => Ok(well),
    }
}

/// Since when it was due, then its place in the queue.
fn place(row: &Row) -> (i64, i64) {
    (row.try_get(5).unwrap_or_default(), row.try_get(6).unwrap_or_default())
}

fn effect(columns: &mut Columns<'_>) -> Result<Effect, PortError> {
    let key = EffectKey::from_stored(columns.next()?);
    let work = from_json(columns.next()?, "an effect")?;
    Ok(Effect { key, work, queued_at: columns.time()? })
}

fn claim(row: &Row) -> Result<Claim, PortError> {
    let mut columns = Columns::of(row);
    let effect = effect(&mut columns)?;
    let (attempts, claims): (i64, i64) = (columns.next()?, columns.next()?);
    let receipt =
        Receipt { key: effect.key.clone(), claim: u64::try_from(claims).unwrap_or_default() };
    Ok(Claim { effect, attempt: u32::try_from(attempts).unwrap_or(u32::MAX), receipt })
}

fn parked(row: &Row) -> Result<ParkedEffect, PortError> {
    let mut columns = Columns::of(row);
    let effect = effect(&mut columns)?;
    let why = columns.next()?;
    Ok(ParkedEffect { effect, why, parked_at: time(columns.next()?) })
}
