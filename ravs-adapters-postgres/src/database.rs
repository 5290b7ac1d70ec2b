//! The database: connections from the host's pool, deadlines, and what to do when one is lost.

use std::slice;
use std::time::Duration;

use deadpool_postgres::{Object, Pool, Transaction};
use ravs_core::OrganisationId;
use ravs_core::port::PortError;
use scopeguard::ScopeGuard;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::commit::Saving;
use crate::error::{Trouble, no_connection};
use crate::schema::Schema;
use crate::standby::Standby;
use crate::statement::{Ready, Sent, Statement, StatementMode, Step, borrowed, pipelined};

/// How often a statement is sent when its connections turn out to be dead.
const MOST_TRIES: u32 = 3;
/// How long to wait before an unclear commit is asked for again, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) pool: Pool,
    /// For reads that tolerate a little age.
    pub(crate) standby: Option<Standby>,
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
    /// connection is lost it is sent again, and when there is nothing left to change then, `is_so`
    /// tells whether the first has done it.
    pub(crate) async fn change(
        &self,
        statement: &'static Statement,
        values: &[&(dyn ToSql + Sync)],
        is_so: (&'static Statement, &[&(dyn ToSql + Sync)]),
    ) -> Result<bool, PortError> {
        let (rows, again) = self.read_from(&self.pool, MOST_TRIES, statement, values).await?;
        if again && rows.is_empty() {
            return Ok(!self.read(is_so.0, is_so.1).await?.is_empty());
        }
        Ok(!rows.is_empty())
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

    /// Reads in one round trip, under a setting.
    pub(crate) async fn read_under(
        &self,
        setting: Setting,
        step: &Step,
    ) -> Result<Vec<Row>, PortError> {
        Ok(self.read_under_from(&self.pool, setting, step).await??)
    }

    /// The same from this pool. An outer error means that there is no connection.
    async fn read_under_from(
        &self,
        pool: &Pool,
        setting: Setting,
        step: &Step,
    ) -> Result<Result<Vec<Row>, Trouble>, PortError> {
        let (setting, steps) = (Some(setting), slice::from_ref(step));
        let mut tries = 0;
        loop {
            tries += 1;
            match self.transact(pool, setting, steps, Begin::Along).await? {
                Err(trouble) if trouble.is_lost() && tries < MOST_TRIES => {}
                answer => return Ok(answer),
            }
        }
    }

    /// The same, from the standby where there is one and it answers.
    pub(crate) async fn read_aged_under(
        &self,
        setting: Setting,
        step: &Step,
    ) -> Result<Vec<Row>, PortError> {
        let ask = async |pool: &Pool| self.read_under_from(pool, setting, step).await;
        if let Some(standby) = &self.standby
            && let Some(Ok(rows)) = standby.ask(ask).await
        {
            return Ok(rows);
        }
        self.read_under(setting, step).await
    }

    /// Writes all of it or nothing, in two round trips of which the first takes no lock. Where the
    /// connection is lost on the way, the same is written again, at least once: the first step
    /// refuses what is there already.
    pub(crate) async fn write(&self, saving: &Saving) -> Result<(), PortError> {
        let (setting, steps) = (saving.named.map(Setting::Organisation), &saving.steps);
        let (mut pause, longest) = PAUSES;
        let mut unclear: Option<(Instant, PortError)> = None;
        loop {
            let asked_again = unclear.is_some();
            let failure = match self.transact(&self.pool, setting, steps, Begin::First).await {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(trouble)) if trouble.is_committed_already() => match self.keep().await {
                    Ok(()) => return Ok(()),
                    Err(error) => error,
                },
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

    /// Waits until what is committed is kept wherever a commit has to be before it is answered. One
    /// that was found may be on this machine alone, while the standby that is waited for has never
    /// had it.
    pub(crate) async fn keep(&self) -> Result<(), PortError> {
        self.read(&KEEP, &[]).await.map(drop)
    }

    /// The steps in a transaction of their own, and the rows of the last. An outer error means
    /// that nothing was sent.
    async fn transact(
        &self,
        pool: &Pool,
        setting: Option<Setting>,
        steps: &[Step],
        begin: Begin,
    ) -> Result<Result<Vec<Row>, Trouble>, PortError> {
        // Whoever is dropped on the way may leave a transaction open: such a connection does not go
        // back to the pool.
        let client = self.connection(pool).await?;
        let client = scopeguard::guard(client, |client| drop(Object::take(client)));
        let outcome = match self.ready(&*client, steps).await {
            Ok(ready) => {
                let beginning = self.beginning(setting);
                self.in_time(transaction(&client, beginning, steps, &ready, begin)).await
            }
            Err(trouble) => Err(trouble),
        };
        if !outcome.as_ref().is_err_and(Trouble::is_unclear) {
            drop(ScopeGuard::into_inner(client));
        }
        Ok(outcome)
    }

    /// Begins what every commit is one of: each statement sees what has been committed when it
    /// begins. The server gives up a little before we do: a lock that does not come is then a
    /// clear answer, and a client that vanishes holds nobody up.
    fn beginning(&self, setting: Option<Setting>) -> String {
        let mut beginning = format!("BEGIN ISOLATION LEVEL READ COMMITTED; {}", self.patience());
        if let Some(setting) = setting {
            beginning += "; ";
            beginning += &setting.sql();
        }
        beginning
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

    pub(crate) async fn connection(&self, pool: &Pool) -> Result<Object, PortError> {
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

/// A commit of nothing, which comes after all that were before it on its way to the standbys.
const KEEP: Statement =
    Statement { text: "SELECT pg_logical_emit_message(true, 'ravs', '')", types: &[] };

/// A setting that holds in one transaction, from its beginning to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Setting {
    /// The organisation whose records and history it is about, for row-level security.
    Organisation(OrganisationId),
    /// What is prepared is planned once for whatever values, and not each time.
    PlanOnce,
}

impl Setting {
    fn sql(self) -> String {
        match self {
            Self::Organisation(id) => format!("SET LOCAL ravs.organisation = '{}'", id.as_uuid()),
            Self::PlanOnce => "SET LOCAL plan_cache_mode = force_generic_plan".to_owned(),
        }
    }
}

/// The steps in a transaction of their own, and the rows of the last.
async fn transaction(
    client: &Object,
    beginning: String,
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
            if let Err(error) = client.batch_execute(&beginning).await {
                // It may have begun all the same, and the next to come is not to be in it.
                drop(client.batch_execute("ROLLBACK").await);
                return Err(error);
            }
            Vec::new()
        }
        Begin::Along => vec![plain(beginning)],
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

/// When a transaction's `BEGIN` is sent.
#[derive(Clone, Copy, Debug)]
enum Begin {
    /// Before everything else, whose sending waits for the answer.
    First,
    /// Along with everything else, which only reads.
    Along,
}
