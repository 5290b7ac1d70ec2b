//! Everything the store keeps it also keeps through PgBouncer in transaction mode, where the next
//! statement may go over another connection, and another client comes next on this one.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::sync::LazyLock;

use ravs_adapters_postgres::{PoolSettings, PostgresStore, StatementMode, pool};
use ravs_core::port::{PortErrorKind, Store as _};
use ravs_core::{Region, Stream};
use ravs_testkit::{conformance, identity_of};
use ravs_testserver::pgbouncer::{Bouncer, Options, Version};
use ravs_testserver::postgres::{Database, Server, Template};
use ravs_trials::newcomer::{adding, change};
use ravs_trials::stage::{APPLICATION, LEADS, Stage, migrated};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

static MIGRATED: LazyLock<Template> = LazyLock::new(migrated);

/// One for all databases; connections of those that are not used any more go soon.
static BOUNCER: LazyLock<Bouncer> = LazyLock::new(|| bouncer(&[("server_idle_timeout", "1")]));

/// From this version on, a bouncer can keep track of prepared statements.
const KEEPS_TRACK: Version = Version { major: 1, minor: 21 };

fn bouncer(settings: &[(&str, &str)]) -> Bouncer {
    let options = Options::new().user(APPLICATION).setting("default_pool_size", "4");
    let options =
        settings.iter().fold(options, |options, (name, value)| options.setting(name, value));
    let server = Server::shared().unwrap().url("postgres");
    Bouncer::launch(&server, &options).unwrap()
}

/// A store on a database of its own, through a bouncer.
struct Fresh {
    store: PostgresStore,
    database: Database,
}

impl Fresh {
    async fn through(bouncer: &Bouncer, mode: StatementMode) -> Self {
        let database = Server::shared().unwrap().database(&MIGRATED).await.unwrap();
        let store = store(bouncer, &database, mode);
        Self { store, database }
    }

    async fn new() -> Self {
        Self::through(&BOUNCER, StatementMode::Unnamed).await
    }
}

fn store(bouncer: &Bouncer, database: &Database, mode: StatementMode) -> PostgresStore {
    let pool = pool(&bouncer.url(database.name()), &PoolSettings::new().size(4)).unwrap();
    PostgresStore::builder(pool).statements(mode).build()
}

mod store_keeps {
    use super::*;

    ravs_testkit::store_conformance! { Fresh::new().await => |fresh| &fresh.store }
}

mod queue_keeps {
    use super::*;

    ravs_testkit::effect_queue_conformance! {
        Fresh::new().await => |fresh| (&fresh.store, &fresh.store)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prepared_statements_work_or_the_error_says_what_to_do() {
    let plain = bouncer(&[("default_pool_size", "2")]);
    if plain.version() < KEEPS_TRACK {
        let fresh = Fresh::through(&plain, StatementMode::Prepared).await;
        let Fresh { store: prepared, database } = fresh;
        prepared.commit(&change("first@nhs.net").unwrap()).await.unwrap();
        // Somebody else takes the connection on which the statements are.
        let other = connect(&plain.url(database.name())).await;
        other.batch_execute("BEGIN").await.unwrap();
        let error = prepared.commit(&change("second@nhs.net").unwrap()).await.unwrap_err();
        assert_eq!(*error.kind(), PortErrorKind::Rejected, "{error}");
        assert!(error.to_string().contains("use `StatementMode::Unnamed`"), "{error}");
        let unnamed = store(&plain, &database, StatementMode::Unnamed);
        unnamed.commit(&change("second@nhs.net").unwrap()).await.unwrap();
        return;
    }
    let tracking = bouncer(&[("max_prepared_statements", "200"), ("default_pool_size", "2")]);
    for case in conformance::store::all().iter().step_by(7) {
        let fresh = Fresh::through(&tracking, StatementMode::Prepared).await;
        (case.run)(&fresh.store).await;
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// What one client through the bouncer sees of its connection.
async fn seen(url: &str, query: &str) -> Option<String> {
    let messages = connect(url).await.simple_query(query).await.unwrap();
    messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_on_a_connection_for_the_next_client() {
    let single = bouncer(&[("default_pool_size", "1")]);
    let database = Server::shared().unwrap().database(&MIGRATED).await.unwrap();
    let url = single.url(database.name());
    let stage = Stage::set_with(&url, StatementMode::Unnamed).await.unwrap();
    let host = stage.host().unwrap();
    let desk = host.ravs.regional_desk(&identity_of(LEADS[0].0)).await.unwrap();
    let command = ravs_core::command::Onboard {
        ods_code: "T001".into(),
        vaccines: vec!["Flu".into()],
        nominees: ["ann@nhs.net", "ben@nhs.net"].map(nominee).into(),
    };
    let id = desk.onboard(&command).await.unwrap().organisation;
    host.ravs.enter(&identity_of("ann@nhs.net"), id).await.unwrap();
    host.ravs.support_desk().add_regional_lead(&adding("new@nhs.net")).await.unwrap();
    assert!(host.store.history(Stream::Organisation(id), None, 10).await.unwrap().len() > 2);
    assert!(host.store.records(id, None, 10).await.unwrap().is_empty());
    assert!(host.ravs.housekeeping().deliver(10).await.unwrap().done > 0);
    assert_eq!(desk.show(id).await.unwrap().region, Region::London);

    let named = "SELECT current_setting('ravs.organisation', true)";
    let left = seen(&url, named).await;
    assert!(left.as_deref().is_none_or(str::is_empty), "{left:?}");
    let number = |what: &str| format!("SELECT count(*) FROM {what}");
    assert_eq!(seen(&url, &number("pg_prepared_statements")).await.as_deref(), Some("0"));
    assert_eq!(seen(&url, &number("pg_cursors")).await.as_deref(), Some("0"));
    let locks = "pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'";
    assert_eq!(seen(&url, &number(locks)).await.as_deref(), Some("0"));
    let temporary = "pg_class WHERE relpersistence = 't'";
    assert_eq!(seen(&url, &number(temporary)).await.as_deref(), Some("0"));

    // What is left would be seen: another client does leave something.
    let leaves = "SELECT set_config('ravs.organisation', 'left', false)";
    seen(&url, leaves).await;
    assert_eq!(seen(&url, named).await.as_deref(), Some("left"));
}

fn nominee(email: &str) -> ravs_core::command::Nominee {
    ravs_core::command::Nominee {
        first_name: "Ann".into(),
        last_name: "Brown".into(),
        email: email.into(),
    }
}
