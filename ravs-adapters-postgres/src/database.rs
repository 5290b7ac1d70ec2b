//! The database: connections from the host's pool, deadlines, and what to do when one is lost.

use std::time::Duration;

use deadpool_postgres::{Object, Pool, Transaction};
use ravs_core::port::PortError;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::error::{Trouble, no_connection};
use crate::schema::Schema;
use crate::statement::{Ready, Sent, Statement, StatementMode, Step, borrowed, pipelined};

/// How often a read is sent again when its connection turns out to be dead.
const MOST_READS: u32 = 3;
/// How long to wait before an unclear commit is asked for again, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) pool: Pool,
    /// For reads that tolerate a little age.
    pub(crate) standby: Option<Pool>,
    pub(crate) schema: Schema,
    pub(crate) mode: StatementMode,
    /// How long one exchange with the database may take.
    pub(crate) deadline: Duration,
    /// How long to ask after a commit whose outcome is unclear.
    pub(crate) settle_for: Duration,
}

/// Begins what every commit is one of: nothing is read twice, and each statement sees what has
/// been committed when it begins.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

impl Database {
    /// Reads in one round trip.
    pub(crate) async fn read(
        &self,
        statement: &'static Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, PortError> {
        self.read_from(&self.pool, statement, values).await
    }

    /// Reads from the standby where there is one and it answers.
    pub(crate) async fn read_aged(
        &self,
        statement: &'static Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, PortError> {
        if let Some(standby) = &self.standby
            && let Ok(rows) = self.read_from(standby, statement, values).await
        {
            return Ok(rows);
        }
        self.read(statement, values).await
    }

    async fn read_from(
        &self,
        pool: &Pool,
        statement: &'static Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, PortError> {
        let mut left = MOST_READS;
        loop {
            left -= 1;
            let client = self.connection(pool).await?;
            let reading = async {
                let ready = Ready::new(&client, self.mode, &self.schema, statement).await?;
                ready.query(&**client, values).await
            };
            match self.in_time(reading).await {
                Ok(rows) => return Ok(rows),
                Err(trouble) => {
                    let lost = trouble.is_lost();
                    if lost {
                        drop(Object::take(client));
                    }
                    if !lost || left == 0 {
                        return Err(trouble.into());
                    }
                }
            }
        }
    }

    /// Several statements in a transaction of their own, sent at once; the rows of the last.
    pub(crate) async fn read_together(&self, steps: &[Step]) -> Result<Vec<Row>, PortError> {
        let mut left = MOST_READS;
        loop {
            left -= 1;
            match self.transact(steps).await? {
                Ok(rows) => return Ok(rows),
                Err(trouble) if trouble.is_lost() && left > 0 => {}
                Err(trouble) => return Err(trouble.into()),
            }
        }
    }

    /// Writes in one round trip, all of it or nothing. Where the connection is lost on the way,
    /// the same is written again: the first step refuses what is there already.
    pub(crate) async fn write(&self, steps: &[Step]) -> Result<(), PortError> {
        let began = Instant::now();
        let (mut pause, longest) = PAUSES;
        let mut unclear = None;
        loop {
            let failure = match self.transact(steps).await {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(trouble)) if trouble.is_committed_already() => return Ok(()),
                Ok(Err(trouble)) if trouble.is_lost() => PortError::from(trouble),
                // a try before may still come: to say no now could turn out to be wrong
                Ok(Err(trouble)) if unclear.is_some() && trouble.is_of_the_moment() => {
                    PortError::from(trouble)
                }
                Ok(Err(trouble)) => return Err(trouble.into()),
                // nothing was sent
                Err(error) if unclear.is_none() || !error.is_retryable() => return Err(error),
                Err(error) => error,
            };
            if began.elapsed() >= self.settle_for {
                let what = "whether the change was saved could not be found out; \
                            committing it again finds out";
                return Err(PortError::unavailable(what).caused_by(unclear.unwrap_or(failure)));
            }
            unclear.get_or_insert(failure);
            sleep(pause).await;
            pause = longest.min(pause * 2);
        }
    }

    /// The steps in a transaction of their own, and the rows of the last. An outer error
    /// means that nothing was sent.
    async fn transact(&self, steps: &[Step]) -> Result<Result<Vec<Row>, Trouble>, PortError> {
        let client = self.connection(&self.pool).await?;
        let outcome = match self.ready(&client, steps).await {
            Ok(ready) => self.in_time(send(&**client, steps, &ready, true)).await,
            Err(trouble) => Err(trouble),
        };
        if outcome.as_ref().is_err_and(Trouble::is_lost) {
            drop(Object::take(client));
        }
        Ok(outcome)
    }

    /// The steps within the host's transaction.
    pub(crate) async fn write_in(
        &self,
        transaction: &Transaction<'_>,
        steps: &[Step],
    ) -> Result<(), PortError> {
        let ready = self.ready(transaction, steps).await?;
        self.in_time(send(&**transaction, steps, &ready, false)).await?;
        Ok(())
    }

    async fn ready(
        &self,
        client: &impl deadpool_postgres::GenericClient,
        steps: &[Step],
    ) -> Result<Vec<Ready>, Trouble> {
        self.in_time(async {
            let mut ready = Vec::with_capacity(steps.len());
            for step in steps {
                ready.push(Ready::new(client, self.mode, &self.schema, step.statement).await?);
            }
            Ok(ready)
        })
        .await
    }

    async fn connection(&self, pool: &Pool) -> Result<Object, PortError> {
        match timeout(self.deadline, pool.get()).await {
            Ok(client) => client.map_err(no_connection),
            Err(_) => Err(PortError::unavailable("no connection to the database in time")),
        }
    }

    async fn in_time<T>(
        &self,
        exchange: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Trouble> {
        match timeout(self.deadline, exchange).await {
            Ok(outcome) => outcome.map_err(Trouble::from),
            Err(elapsed) => Err(Trouble::Lost(Box::new(elapsed))),
        }
    }
}

/// Sends the steps at once, in a transaction of their own where asked; the rows of the last step.
/// Every answer is looked at: after a failure the others fail with it, and
/// `COMMIT` answers as if nothing were amiss.
async fn send<C: tokio_postgres::GenericClient + Sync>(
    client: &C,
    steps: &[Step],
    ready: &[Ready],
    alone: bool,
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let plain = |text: &'static str| -> Sent<'_> {
        Box::pin(async move { client.batch_execute(text).await.map(|()| Vec::new()) })
    };
    let values: Vec<_> = steps.iter().map(|step| borrowed(&step.values)).collect();
    let mut sent: Vec<Sent<'_>> = Vec::with_capacity(steps.len() + 2);
    sent.extend(alone.then(|| plain(BEGIN)));
    for (ready, values) in ready.iter().zip(&values) {
        sent.push(Box::pin(ready.query(client, values)));
    }
    sent.extend(alone.then(|| plain("COMMIT")));
    let mut rows = pipelined(sent).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    if alone {
        rows.pop();
    }
    Ok(rows.pop().unwrap_or_default())
}
