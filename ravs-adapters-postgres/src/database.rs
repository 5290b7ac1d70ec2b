//! The database: connections from the host's pool, deadlines, and what to do when one is lost.

use std::time::Duration;

use deadpool_postgres::{Object, Pool, Transaction};
use ravs_core::port::PortError;
use scopeguard::ScopeGuard;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::error::{Trouble, no_connection};
use crate::schema::Schema;
use crate::statement::{Ready, Sent, Statement, StatementMode, Step, borrowed, pipelined};

/// How often a statement is sent when its connections turn out to be dead.
const MOST_TRIES: u32 = 3;
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

impl Database {
    /// Reads in one round trip.
    pub(crate) async fn read(
        &self,
        statement: &'static Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, PortError> {
        let (rows, _) = self.read_from(&self.pool, MOST_TRIES, statement, values).await?;
        Ok(rows)
    }

    /// Reads from the standby where there is one and it answers.
    pub(crate) async fn read_aged(
        &self,
        statement: &'static Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, PortError> {
        if let Some(standby) = &self.standby
            && let Ok((rows, _)) = self.read_from(standby, 1, statement, values).await
        {
            return Ok(rows);
        }
        self.read(statement, values).await
    }

    /// Runs a statement that changes something, and is not sent again.
    pub(crate) async fn run_once(
        &self,
        statement: &'static Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, PortError> {
        let (rows, _) = self.read_from(&self.pool, 1, statement, values).await?;
        Ok(rows)
    }

    /// Runs a statement that changes a row and gives it back; whether it did. Where its
    /// connection is lost it is sent again, and finding nothing left to change then counts as
    /// done: the first has done it.
    pub(crate) async fn change(
        &self,
        statement: &'static Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<bool, PortError> {
        let (rows, again) = self.read_from(&self.pool, MOST_TRIES, statement, values).await?;
        Ok(again || !rows.is_empty())
    }

    /// The rows, and whether the statement was sent more than once: again when its connection is
    /// dead, not when its time is over.
    async fn read_from(
        &self,
        pool: &Pool,
        most: u32,
        statement: &'static Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<(Vec<Row>, bool), PortError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let client = self.connection(pool).await?;
            let reading = async {
                let ready = Ready::new(&client, self.mode, &self.schema, statement).await?;
                ready.query(&**client, values).await
            };
            match self.in_time(reading).await {
                Ok(rows) => return Ok((rows, tries > 1)),
                Err(trouble) => {
                    if trouble.is_unclear() {
                        drop(Object::take(client));
                    }
                    if !trouble.is_lost() || tries >= most {
                        return Err(trouble.into());
                    }
                }
            }
        }
    }

    /// Several reads in a transaction of their own, sent at once; the rows of the last.
    pub(crate) async fn read_together(&self, steps: &[Step]) -> Result<Vec<Row>, PortError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.transact(&self.pool, steps, Begin::Along).await? {
                Ok(rows) => return Ok(rows),
                Err(trouble) if trouble.is_lost() && tries < MOST_TRIES => {}
                Err(trouble) => return Err(trouble.into()),
            }
        }
    }

    /// The same, from the standby where there is one and it answers.
    pub(crate) async fn read_together_aged(&self, steps: &[Step]) -> Result<Vec<Row>, PortError> {
        if let Some(standby) = &self.standby
            && let Ok(Ok(rows)) = self.transact(standby, steps, Begin::Along).await
        {
            return Ok(rows);
        }
        self.read_together(steps).await
    }

    /// Writes all of it or nothing, in two round trips of which the first takes no lock. Where the
    /// connection is lost on the way, the same is written again, at least once: the first step
    /// refuses what is there already.
    pub(crate) async fn write(&self, steps: &[Step]) -> Result<(), PortError> {
        let (mut pause, longest) = PAUSES;
        let mut unclear: Option<(Instant, PortError)> = None;
        loop {
            let asked_again = unclear.is_some();
            let failure = match self.transact(&self.pool, steps, Begin::First).await {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(trouble)) if trouble.is_committed_already() => return Ok(()),
                Ok(Err(trouble)) if trouble.is_unclear() => PortError::from(trouble),
                // a try before may still come: to say no now could turn out to be wrong
                Ok(Err(trouble)) if asked_again && trouble.is_of_the_moment() => {
                    PortError::from(trouble)
                }
                Ok(Err(trouble)) => return Err(trouble.into()),
                // nothing was sent this time
                Err(error) if asked_again => error,
                Err(error) => return Err(error),
            };
            let (since, first) = unclear.get_or_insert_with(|| (Instant::now(), failure));
            if asked_again && since.elapsed() >= self.settle_for {
                let what = "whether the change was saved could not be found out; \
                            committing it again finds out";
                let first = std::mem::replace(first, PortError::unavailable("it is unclear"));
                return Err(PortError::unavailable(what).caused_by(first));
            }
            sleep(pause).await;
            pause = longest.min(pause * 2);
        }
    }

    /// The steps in a transaction of their own, and the rows of the last. An outer error means
    /// that nothing was sent.
    async fn transact(
        &self,
        pool: &Pool,
        steps: &[Step],
        begin: Begin,
    ) -> Result<Result<Vec<Row>, Trouble>, PortError> {
        // Whoever is dropped on the way may leave a transaction open: such a connection does not go
        // back to the pool.
        let client = self.connection(pool).await?;
        let client = scopeguard::guard(client, |client| drop(Object::take(client)));
        let outcome = match self.ready(&*client, steps).await {
            Ok(ready) => self.in_time(self.transaction(&client, steps, &ready, begin)).await,
            Err(trouble) => Err(trouble),
        };
        if !outcome.as_ref().is_err_and(Trouble::is_unclear) {
            drop(ScopeGuard::into_inner(client));
        }
        Ok(outcome)
    }

    async fn transaction(
        &self,
        client: &Object,
        steps: &[Step],
        ready: &[Ready],
        begin: Begin,
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let client: &tokio_postgres::Client = client;
        let plain = |text: String| -> Sent<'_> {
            Box::pin(async move { client.batch_execute(&text).await.map(|()| Vec::new()) })
        };
        let values: Vec<_> = steps.iter().map(|step| borrowed(&step.values)).collect();
        // A statement after a `BEGIN` that was cancelled would be a transaction by itself, and
        // save what it writes: what writes waits for the answer.
        let mut sent = match begin {
            Begin::First => {
                client.batch_execute(&self.begin()).await?;
                Vec::new()
            }
            Begin::Along => vec![plain(self.begin())],
        };
        for (ready, values) in ready.iter().zip(&values) {
            sent.push(Box::pin(ready.query(client, values)));
        }
        let end = |all| Some(plain(if all { "COMMIT" } else { "ROLLBACK" }.to_owned()));
        let answers = pipelined(sent, end).await;
        // Every answer is looked at: after a failure the others fail with it, and `COMMIT`
        // answers as if nothing were amiss.
        let mut rows = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
        rows.pop();
        Ok(rows.pop().unwrap_or_default())
    }

    /// Begins what every commit is one of: each statement sees what has been committed when it
    /// begins. The server gives up a little before we do: a lock that does not come is then a
    /// clear answer, and a client that vanishes holds nobody up.
    fn begin(&self) -> String {
        format!("BEGIN ISOLATION LEVEL READ COMMITTED; {}", self.patience())
    }

    /// Has the server wait in this transaction, for a lock or for us, a little less than the
    /// deadline.
    pub(crate) fn patience(&self) -> String {
        let patience = self.deadline.as_millis().saturating_mul(9) / 10;
        let patience = patience.clamp(1, 2_000_000_000);
        format!(
            "SET LOCAL lock_timeout = {patience}; \
             SET LOCAL idle_in_transaction_session_timeout = {patience}"
        )
    }

    /// The steps within the host's transaction.
    pub(crate) async fn write_in(
        &self,
        transaction: &Transaction<'_>,
        steps: &[Step],
    ) -> Result<(), PortError> {
        let ready = self.ready(transaction, steps).await?;
        let sending = async {
            let values: Vec<_> = steps.iter().map(|step| borrowed(&step.values)).collect();
            let sent = ready
                .iter()
                .zip(&values)
                .map(|(ready, values)| Box::pin(ready.query(&**transaction, values)) as Sent<'_>)
                .collect();
            pipelined(sent, |_| None).await.into_iter().try_for_each(|answer| answer.map(drop))
        };
        self.in_time(sending).await?;
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
            Err(elapsed) => Err(Trouble::Late(elapsed)),
        }
    }
}

/// When a transaction's `BEGIN` is sent.
#[derive(Clone, Copy, Debug)]
enum Begin {
    /// Before everything else, whose sending waits for the answer.
    First,
    /// Along with everything else, which only reads.
    Along,
}
