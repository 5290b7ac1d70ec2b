//! The national directory's bodies, kept for all processes of a host.

use std::error::Error;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use deadpool_postgres::{Object, Transaction};
use futures_util::TryStreamExt as _;
use ravs_core::port::PortError;
use ravs_core::{Body, OdsCode};
use scopeguard::ScopeGuard;
use tokio::time::timeout;
use tokio_postgres::Row;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;

use crate::PostgresStore;
use crate::database::Database;
use crate::error::Trouble;
use crate::statement::Statement;
use crate::time::{nearest_nanoseconds, time};

/// The set of bodies that was imported last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodySet {
    /// How many sets were imported until then; another number is another set.
    pub number: u64,
    /// How many bodies it has.
    pub bodies: u64,
    /// When it was imported (UTC).
    pub imported_at: DateTime<Utc>,
}

/// Why no bodies were imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError<E: Error + 'static> {
    /// There are none to import: a directory without bodies is an empty or a wrong file. Nothing
    /// was changed.
    #[error("there are no bodies to import; the set before stays")]
    Empty,
    /// Where the bodies come from has failed. Nothing was changed.
    #[error("the bodies could not be read")]
    Source(#[source] E),
    /// The database refused, or cannot be reached. Nothing was changed, unless the connection was
    /// lost at the very end: [`PostgresStore::body_set`] tells.
    #[error("the bodies could not be stored")]
    Store(#[from] PortError),
}

const BODY_SET: Statement = Statement {
    text: "SELECT number, bodies, imported_at FROM {schema}.body_imports WHERE number > 0",
    types: &[],
};

const BODY: Statement = Statement {
    text: "SELECT code, name, address, postcode, legally_closed FROM {schema}.bodies
        WHERE code = $1",
    types: &[Type::TEXT],
};

const LOCK: &str = "SELECT 1 FROM {schema}.body_imports WHERE id = 1 FOR UPDATE";
const EMPTY: &str = "DELETE FROM {schema}.bodies";
const FILL: &str = "COPY {schema}.bodies (code, name, address, postcode, legally_closed)
    FROM STDIN (FORMAT binary)";
const LONGEST_STEP: Duration = Duration::from_secs(60);
/// Has the server notice within half a minute that the importer has vanished, with its lock. In
/// the middle of a `COPY` it waits for nothing else.
const WATCH_THE_WIRE: &str = "SET LOCAL tcp_keepalives_idle = 10; \
    SET LOCAL tcp_keepalives_interval = 5; SET LOCAL tcp_keepalives_count = 4; \
    SET LOCAL tcp_user_timeout = 30000";
const NOTE: &str = "UPDATE {schema}.body_imports
    SET number = number + 1, bodies = $1, imported_at = $2 WHERE id = 1
    RETURNING number, bodies, imported_at";
const ALL: &str =
    "SELECT code, name, address, postcode, legally_closed FROM {schema}.bodies ORDER BY code";
const COLUMNS: [Type; 5] = [Type::TEXT, Type::TEXT, Type::TEXT, Type::TEXT, Type::DATE];

impl PostgresStore {
    /// Replaces the bodies of the national directory by these, in one step: whoever reads sees
    /// the set before or this one, whole. They are written as they come, and never all in memory.
    ///
    /// Takes as long as it takes, some seconds for 300,000, while each step takes no longer than a
    /// minute, or the store's deadline where that is longer. Two at once follow each other; the
    /// second waits for the first no longer than the deadline, and is then unavailable. Run it
    /// straight on the server rather than through a pooler.
    ///
    /// # Errors
    /// [`ImportError`]; a code that comes twice is a conflict, and no bodies at all are refused.
    pub async fn import_bodies<E: Error + Send + Sync + 'static>(
        &self,
        bodies: impl IntoIterator<Item = Result<Body, E>, IntoIter: Send> + Send,
        at: DateTime<Utc>,
    ) -> Result<BodySet, ImportError<E>> {
        let mut bodies = bodies.into_iter().peekable();
        if bodies.peek().is_none() {
            return Err(ImportError::Empty);
        }
        let database = self.database();
        let client = database.connection(&database.pool).await?;
        // Dropped on the way, it is rolled back, at the latest when its connection is gone.
        let mut client = scopeguard::guard(client, |client| drop(Object::take(client)));
        let set = import(database, &mut client, bodies, at).await?;
        drop(ScopeGuard::into_inner(client));
        Ok(set)
    }

    /// The set that was imported last; `None` where none was. Cheap: ask from time to time, and
    /// read the bodies again when the number has changed.
    ///
    /// # Errors
    /// [`PortError`] when the database cannot be asked.
    pub async fn body_set(&self) -> Result<Option<BodySet>, PortError> {
        self.database().read(&BODY_SET, &[]).await?.first().map(body_set).transpose()
    }

    /// The body with this code, legally closed or not.
    ///
    /// # Errors
    /// [`PortError`] when the database cannot be asked.
    pub async fn body(&self, code: &OdsCode) -> Result<Option<Body>, PortError> {
        let rows = self.database().read(&BODY, &[&code.as_str()]).await?;
        rows.first().map(body).transpose()
    }

    /// Gives every body of one set, by code, as they are read: for an index in the process. What
    /// `take` refuses ends it, and is given back.
    ///
    /// # Errors
    /// [`ImportError`], of `take` or of the database.
    pub async fn each_body<E: Error + Send + Sync + 'static>(
        &self,
        mut take: impl FnMut(Body) -> Result<(), E> + Send,
    ) -> Result<(), ImportError<E>> {
        let database = self.database();
        let Database { pool, schema, deadline, .. } = database;
        let client = database.connection(pool).await?;
        // One that is left in the middle has rows to come that nobody wants.
        let client = scopeguard::guard(client, |client| drop(Object::take(client)));
        // One statement sees one set. Without a name it goes through any pooler.
        let all = schema.fill_once(ALL);
        let rows = client.query_typed_raw(&all, std::iter::empty::<(&str, Type)>());
        let mut rows = pin!(in_time(*deadline, rows).await?);
        while let Some(row) = in_time(*deadline, rows.try_next()).await? {
            take(body(&row)?).map_err(ImportError::Source)?;
        }
        drop(ScopeGuard::into_inner(client));
        Ok(())
    }
}

async fn import<E: Error + Send + Sync + 'static>(
    database: &Database,
    client: &mut Object,
    bodies: impl Iterator<Item = Result<Body, E>> + Send,
    at: DateTime<Utc>,
) -> Result<BodySet, ImportError<E>> {
    let step = database.deadline.max(LONGEST_STEP);
    let fill = |text| database.schema.fill_once(text);
    let transaction = in_time(step, client.transaction()).await?;
    let patience = format!("{}; {WATCH_THE_WIRE}", database.patience());
    in_time(step, transaction.batch_execute(&patience)).await?;
    in_time(step, transaction.query_one(&fill(LOCK), &[])).await?;
    in_time(step, transaction.execute(&fill(EMPTY), &[])).await?;
    let number = copy(&transaction, &fill(FILL), bodies, step).await?;
    let now = nearest_nanoseconds(at);
    let noted = in_time(step, transaction.query_one(&fill(NOTE), &[&number, &now])).await?;
    in_time(step, transaction.commit()).await?;
    Ok(body_set(&noted)?)
}

/// What the database answers, unless it takes too long.
async fn in_time<T>(
    time: Duration,
    asking: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, PortError> {
    match timeout(time, asking).await {
        Ok(answer) => answer.map_err(|error| Trouble::from(error).into()),
        Err(elapsed) => Err(Trouble::Late(elapsed).into()),
    }
}

/// Writes the bodies as they come, and counts them.
async fn copy<E: Error + Send + Sync + 'static>(
    transaction: &Transaction<'_>,
    fill: &str,
    bodies: impl Iterator<Item = Result<Body, E>> + Send,
    step: Duration,
) -> Result<i64, ImportError<E>> {
    let sink = in_time(step, transaction.copy_in(fill)).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &COLUMNS));
    let mut number: i64 = 0;
    for body in bodies {
        let body = body.map_err(ImportError::Source)?;
        let [name, address, postcode] = [body.name, body.address, body.postcode].map(storable);
        let row: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&body.code.as_str(), &name, &address, &postcode, &body.legally_closed];
        in_time(step, writer.as_mut().write(&row)).await?;
        number = number.saturating_add(1);
    }
    in_time(step, writer.finish()).await?;
    Ok(number)
}

/// PostgreSQL keeps no NUL in a text; onboarding leaves it out of these texts too.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

fn body(row: &Row) -> Result<Body, PortError> {
    let unreadable = |_| PortError::corrupt("a body of the directory is not readable");
    let text = |place| row.try_get::<_, String>(place).map_err(unreadable);
    let code = text(0)?;
    let code = code.parse::<OdsCode>();
    let code = code.map_err(|_| PortError::corrupt("a body of the directory has no ODS code"))?;
    Ok(Body {
        code,
        name: text(1)?,
        address: text(2)?,
        postcode: text(3)?,
        legally_closed: row.try_get::<_, Option<NaiveDate>>(4).map_err(unreadable)?,
    })
}

fn body_set(row: &Row) -> Result<BodySet, PortError> {
    let unreadable = || PortError::corrupt("what was imported last is not readable");
    let number = |place| row.try_get::<_, i64>(place).map_err(|_| unreadable());
    let count = |place| u64::try_from(number(place)?).map_err(|_| unreadable());
    Ok(BodySet { number: count(0)?, bodies: count(1)?, imported_at: time(number(2)?) })
}
