//! The effects that wait to be carried out.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{Claim, EffectQueue, ParkedEffect, PortError, Receipt};
use ravs_core::{Effect, EffectKey};
use rusqlite::types::Value;
use rusqlite::{Connection, ToSql, TransactionBehavior, params, params_from_iter};

use crate::SqliteStore;
use crate::error::failed;
use crate::row::{Columns, all, at_most, change, unreadable};
use crate::time::saturated;

#[async_trait]
impl EffectQueue for SqliteStore {
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: usize,
    ) -> Result<Vec<Claim>, PortError> {
        let until = now.checked_add_signed(lease).unwrap_or(DateTime::<Utc>::MAX_UTC);
        self.write(move |connection| claim(connection, now, until, limit)).await
    }

    async fn done(&self, receipt: &Receipt) -> Result<(), PortError> {
        let sql = "
            UPDATE effects SET status = 'Done', due_at = NULL
            WHERE key = ?1 AND claims = ?2 AND status = 'Claimed'";
        self.settle(receipt, sql, Vec::new()).await
    }

    async fn retry_at(&self, receipt: &Receipt, at: DateTime<Utc>) -> Result<(), PortError> {
        let sql = "
            UPDATE effects SET status = 'Due', due_at = ?3
            WHERE key = ?1 AND claims = ?2 AND status = 'Claimed'";
        self.settle(receipt, sql, vec![saturated(at).into()]).await
    }

    async fn park(&self, receipt: &Receipt, at: DateTime<Utc>, why: &str) -> Result<(), PortError> {
        let sql = "
            UPDATE effects SET status = 'Parked', due_at = NULL, parked_at = ?3, parked_why = ?4
            WHERE key = ?1 AND claims = ?2 AND status = 'Claimed'";
        self.settle(receipt, sql, vec![saturated(at).into(), why.to_owned().into()]).await
    }

    async fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, PortError> {
        let sql = "
            SELECT key, work, queued_at, parked_why, parked_at FROM effects
            WHERE parked_at IS NOT NULL ORDER BY parked_at, position LIMIT ?1";
        let parked = |columns: &mut Columns<'_>| {
            let (effect, why) = (effect(columns)?, columns.take()?);
            Ok(ParkedEffect { effect, why, parked_at: columns.time()? })
        };
        let parked = move |connection: &Connection| {
            all(connection, sql, [at_most(limit)], |columns| Ok(parked(columns)))
        };
        readable(self.read(parked).await?)
    }

    async fn unpark(&self, key: &EffectKey, at: DateTime<Utc>) -> Result<bool, PortError> {
        let (key, at) = (key.clone(), saturated(at));
        let sql = "
            UPDATE effects
            SET status = 'Due', due_at = ?2, attempts = 0, parked_at = NULL, parked_why = NULL
            WHERE key = ?1 AND status = 'Parked'";
        let unpark = move |connection: &mut Connection| {
            Ok(change(connection, sql, params![key.as_str(), at])? > 0)
        };
        self.write(unpark).await
    }
}

impl SqliteStore {
    /// Moves a claimed effect on, if the receipt is that of its last claim.
    async fn settle(
        &self,
        receipt: &Receipt,
        sql: &'static str,
        how: Vec<Value>,
    ) -> Result<(), PortError> {
        let (key, claim) = (receipt.key.as_str().to_owned(), at_most(receipt.claim));
        let parameters = [key.into(), claim.into()].into_iter().chain(how);
        let settle = move |connection: &mut Connection| match change(
            connection,
            sql,
            params_from_iter(parameters),
        )? {
            0 => Err(PortError::conflict("this claim has been overtaken")),
            _ => Ok(()),
        };
        self.write(settle).await
    }
}

/// Claims what is due: what was never tried is due before any time there is.
fn claim(
    connection: &mut Connection,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<Claim>, PortError> {
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = begun.map_err(failed)?;
    let sql = "
        SELECT position, attempts + 1, claims + 1, key, work, queued_at FROM effects
        WHERE due_at <= ?1 ORDER BY due_at, position LIMIT ?2";
    let due = all(&transaction, sql, params![saturated(now), at_most(limit)], |columns| {
        let position: i64 = columns.take()?;
        let (attempt, number): (u32, i64) = (columns.take()?, columns.take()?);
        let claim = u64::try_from(number).map_err(|_| unreadable("claims"))?;
        let claimed = effect(columns).map(|effect| {
            let receipt = Receipt { key: effect.key.clone(), claim };
            Claim { effect, attempt, receipt }
        });
        Ok((position, claimed))
    })?;
    let sql = "
        UPDATE effects
        SET status = 'Claimed', due_at = ?2, attempts = attempts + 1, claims = claims + 1
        WHERE position = ?1";
    for (position, _) in &due {
        change(&transaction, sql, [position as &dyn ToSql, &saturated(until)])?;
    }
    transaction.commit().map_err(failed)?;
    // What does not load stays claimed, and holds up nothing else.
    readable(due.into_iter().map(|(_, claimed)| claimed))
}

/// What loads; an error where there is something and nothing of it does.
fn readable<T>(
    loaded: impl IntoIterator<Item = Result<T, PortError>>,
) -> Result<Vec<T>, PortError> {
    let (mut readable, mut trouble) = (Vec::new(), None);
    for loaded in loaded {
        match loaded {
            Ok(loaded) => readable.push(loaded),
            Err(unreadable) => trouble = Some(unreadable),
        }
    }
    match trouble {
        Some(trouble) if readable.is_empty() => Err(trouble),
        _ => Ok(readable),
    }
}

/// Columns `key`, `work` and `queued_at`.
fn effect(columns: &mut Columns<'_>) -> Result<Effect, PortError> {
    let key = EffectKey::from_stored(columns.take()?);
    Ok(Effect { key, work: columns.json()?, queued_at: columns.time()? })
}
