//! Migrations: forward only, run by the owner's role, straight to the server.

use deadpool_postgres::Pool;
use ravs_core::port::PortError;
use tokio_postgres::IsolationLevel;
use tokio_postgres::error::SqlState;

use crate::database::Database;
use crate::error::{Trouble, no_connection};
use crate::schema::{Schema, SchemaName};
use crate::statement::Statement;
use tokio_postgres::types::Type;

/// One step of the schema. What is here has run somewhere: it never changes.
struct Migration {
    number: i32,
    name: &'static str,
    text: &'static str,
    /// The oldest migration that a running version has to know to work with the schema after this
    /// one.
    oldest: i32,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "everything",
        text: include_str!("migration/0001_everything.sql"),
        oldest: 1,
    },
    Migration {
        number: 2,
        name: "bodies",
        text: include_str!("migration/0002_bodies.sql"),
        // A version that knows no bodies asks for none.
        oldest: 1,
    },
];

/// What the application's role may do.
const APPLICATION: &str = include_str!("migration/application.sql");

/// The number of the last migration that this version knows, and needs.
const NEWEST: i32 = 2;

/// Why the schema cannot be worked with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// Migrations are missing, or all of them are.
    #[error(
        "the schema `{schema}` is at migration {found}, and this version needs {needed}: run its migrations"
    )]
    TooOld {
        /// The schema.
        schema: SchemaName,
        /// The last migration that has run; 0 where none has.
        found: i32,
        /// The migration that is needed.
        needed: i32,
    },
    /// A newer version has changed it in a way that this version does not understand.
    #[error(
        "the schema `{schema}` is at migration {found}, which this version, knowing {known}, cannot work with: run a newer version"
    )]
    TooNew {
        /// The schema.
        schema: SchemaName,
        /// The last migration that has run.
        found: i32,
        /// The last migration that this version knows.
        known: i32,
    },
    /// The name of the application's role is not one.
    #[error("the name of a role is 1 to 63 bytes, without NUL, and neither `public` nor `none`")]
    InvalidRole,
    /// The application's role is not there, and roles are not made here.
    #[error("there is no role of the application's name: make it first, with CREATE ROLE")]
    NoRole,
    /// The application's role may not execute the function by which it finds out that a commit
    /// whose answer was lost is kept on every standby. Unless taken away, everybody may.
    #[error("the application's role may not execute `pg_logical_emit_message`: grant it")]
    MayNotKeep,
    /// The database cannot be asked, or refuses.
    #[error("the database could not be asked")]
    Database(#[from] PortError),
}

/// Brings the schema up to date, as the owner of it.
///
/// Safe to run again, and by many processes at once: one does it, the others wait. Each migration
/// is one transaction. The role needs the right to make the schema, or the schema itself; nothing
/// outside it is touched. Run it straight on the server rather than through a pooler.
///
/// ```no_run
/// # async fn run(owner: deadpool_postgres::Pool) -> Result<(), Box<dyn std::error::Error>> {
/// use ravs_adapters_postgres::Migrations;
///
/// Migrations::new("ravs".parse()?).application_role("ravs_application").run(&owner).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Migrations {
    schema: SchemaName,
    application: Option<String>,
    row_security: Option<bool>,
}

impl Migrations {
    /// The migrations of a schema of this name.
    pub fn new(schema: SchemaName) -> Self {
        Self { schema, application: None, row_security: None }
    }

    /// Gives this role, which has to exist, what the application needs, and no more.
    pub fn application_role(mut self, role: impl Into<String>) -> Self {
        self.application = Some(role.into());
        self
    }

    /// Switches row-level security on or off: with it, the application's role sees what was
    /// recorded at an organisation only in a transaction that names the organisation, as this
    /// crate's do. Left as it is unless told.
    pub fn row_security(mut self, on: bool) -> Self {
        self.row_security = Some(on);
        self
    }

    /// Runs what has not run yet, and gives the number of the last migration. Where a newer version
    /// has run its own, the application's rights stay as that has left them.
    ///
    /// # Errors
    /// [`SchemaError`]; a migration that fails leaves nothing of itself behind.
    pub async fn run(&self, owner: &Pool) -> Result<i32, SchemaError> {
        let schema = Schema::new(self.schema.clone());
        let application = self.application.as_deref().map(quoted_role).transpose()?;
        let mut client = owner.get().await.map_err(no_connection)?;
        // Two that begin at once can both find that there is no schema; one of them is refused.
        if begin(&client, &schema).await.is_err() {
            begin(&client, &schema).await.map_err(port)?;
        }
        loop {
            let transaction = client
                .build_transaction()
                .isolation_level(IsolationLevel::ReadCommitted)
                .start()
                .await
                .map_err(port)?;
            // Held until this migration is over; others wait here, and look again.
            let lock = schema.fill_once("SELECT 1 FROM {schema}.migration_lock FOR UPDATE");
            transaction.query(&lock, &[]).await.map_err(port)?;
            let found =
                schema.fill_once("SELECT coalesce(max(number), 0) FROM {schema}.migrations");
            let found: i32 = transaction
                .query_one(&found, &[])
                .await
                .and_then(|row| row.try_get(0))
                .map_err(port)?;
            let Some(next) = MIGRATIONS.iter().find(|migration| migration.number > found) else {
                let mut last = String::new();
                // What the application may do in a newer schema is for the newer version to say.
                if let Some((name, role)) = self.application.as_ref().zip(application.as_ref())
                    && found <= NEWEST
                {
                    // An owner needs nothing, and would lose what they have.
                    let is_owner = "SELECT current_user::text = $1";
                    let row = transaction.query_one(is_owner, &[name]).await.map_err(port)?;
                    if !row.try_get(0).map_err(port)? {
                        let grants = schema.fill_once(APPLICATION);
                        last.push_str(&grants.replace("{application}", role));
                    }
                }
                if let Some(on) = self.row_security {
                    last.push_str(&schema.fill_once(&row_security(on)));
                }
                transaction.batch_execute(&last).await.map_err(role_or_port)?;
                transaction.commit().await.map_err(port)?;
                return Ok(found);
            };
            transaction.batch_execute(&schema.fill_once(next.text)).await.map_err(port)?;
            let note = schema.fill_once(
                "INSERT INTO {schema}.migrations (number, name, oldest) VALUES ($1, $2, $3)",
            );
            transaction
                .execute(&note, &[&next.number, &next.name, &next.oldest])
                .await
                .map_err(port)?;
            transaction.commit().await.map_err(port)?;
        }
    }
}

/// The schema, and the tables that migrations are noted in.
async fn begin(
    client: &deadpool_postgres::Object,
    schema: &Schema,
) -> Result<(), tokio_postgres::Error> {
    let there = "SELECT to_regclass($1) IS NOT NULL";
    let table = schema.fill_once("{schema}.migration_lock");
    if client.query_one(there, &[&table]).await?.try_get(0)? {
        return Ok(());
    }
    let begin = "
        CREATE TABLE IF NOT EXISTS {schema}.migrations (
            number integer NOT NULL,
            name text NOT NULL,
            oldest integer NOT NULL,
            run_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT migrations_pkey PRIMARY KEY (number)
        );
        CREATE TABLE IF NOT EXISTS {schema}.migration_lock (
            id integer NOT NULL DEFAULT 1,
            CONSTRAINT migration_lock_pkey PRIMARY KEY (id),
            CONSTRAINT migration_lock_check CHECK (id = 1)
        );
        INSERT INTO {schema}.migration_lock DEFAULT VALUES ON CONFLICT (id) DO NOTHING;";
    // Even where the schema is there, this would ask for the right to make one.
    let is_missing = "SELECT to_regnamespace($1) IS NULL";
    let name = schema.fill_once("{schema}");
    let create = match client.query_one(is_missing, &[&name]).await?.try_get(0)? {
        true => "CREATE SCHEMA IF NOT EXISTS {schema};",
        false => "",
    };
    client.batch_execute(&schema.fill_once(&format!("{create}{begin}"))).await
}

const STATE: Statement = Statement {
    text: "SELECT coalesce(max(number), 0), coalesce(max(oldest), 0) FROM {schema}.migrations",
    types: &[],
};

const MAY_KEEP: Statement = Statement {
    text: "SELECT coalesce(bool_or(has_function_privilege(oid, 'EXECUTE')), false) FROM pg_proc
        WHERE proname = 'pg_logical_emit_message' AND pronamespace = 'pg_catalog'::regnamespace",
    types: &[],
};

const IS_THERE: Statement =
    Statement { text: "SELECT to_regclass($1) IS NOT NULL", types: &[Type::TEXT] };

/// Whether the schema is one that this version works with.
pub(crate) async fn check(database: &Database) -> Result<(), SchemaError> {
    let schema = database.schema.name().clone();
    let table = database.schema.fill_once("{schema}.migrations");
    let there = database.read(&IS_THERE, &[&table]).await?;
    let there = there.first().and_then(|row| row.try_get(0).ok()).unwrap_or(false);
    let (found, oldest) = if there {
        let rows = database.read(&STATE, &[]).await?;
        let unreadable = || PortError::corrupt("the migrations are not readable");
        let row = rows.first().ok_or_else(unreadable)?;
        let number = |place| row.try_get::<_, i32>(place).map_err(|_| unreadable());
        (number(0)?, number(1)?)
    } else {
        (0, 0)
    };
    if found < NEWEST {
        return Err(SchemaError::TooOld { schema, found, needed: NEWEST });
    }
    if oldest > NEWEST {
        return Err(SchemaError::TooNew { schema, found, known: NEWEST });
    }
    let may_keep = database.read(&MAY_KEEP, &[]).await?;
    if !may_keep.first().and_then(|row| row.try_get(0).ok()).unwrap_or(false) {
        return Err(SchemaError::MayNotKeep);
    }
    Ok(())
}

fn row_security(on: bool) -> String {
    let step = if on { "ENABLE" } else { "DISABLE" };
    ["records", "record_revisions", "organisation_events"]
        .map(|table| format!("ALTER TABLE {{schema}}.{table} {step} ROW LEVEL SECURITY;\n"))
        .concat()
}

fn quoted_role(role: &str) -> Result<String, SchemaError> {
    // These two mean everybody and nobody, in quotes too.
    let is_special = ["public", "none"].contains(&role);
    if !(1..=63).contains(&role.len()) || role.contains('\0') || is_special {
        return Err(SchemaError::InvalidRole);
    }
    Ok(format!("\"{}\"", role.replace('"', "\"\"")))
}

fn port(error: tokio_postgres::Error) -> SchemaError {
    SchemaError::Database(Trouble::from(error).into())
}

fn role_or_port(error: tokio_postgres::Error) -> SchemaError {
    if error.code() == Some(&SqlState::UNDEFINED_OBJECT) {
        return SchemaError::NoRole;
    }
    port(error)
}
