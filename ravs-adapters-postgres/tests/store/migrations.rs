//! Migrations: how they are run, by whom, and what a running version makes of what it finds.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::collections::BTreeSet;

use crate::support::{APPLICATION, Fresh, application, make_role};
use deadpool_postgres::Pool;
use ravs_adapters_postgres::{
    Migrations, PoolSettings, PostgresStore, SchemaError, SchemaName, pool,
};
use ravs_core::port::{PortErrorKind, Store as _};
use ravs_testkit::conformance::seed::{Scene, Seed};
use ravs_testserver::postgres::{Database, Server, Template};

/// The last migration of this version.
const NEWEST: i32 = 2;

async fn empty() -> Database {
    Server::shared().unwrap().database(&Template::empty()).await.unwrap()
}

fn owner(database: &Database) -> Pool {
    pool(database.url(), &PoolSettings::new().size(2)).unwrap()
}

fn schema(name: &str) -> SchemaName {
    name.parse().unwrap()
}

fn of(name: &str) -> Migrations {
    Migrations::new(schema(name)).application_role(APPLICATION)
}

async fn execute(owner: &Pool, sql: &str) {
    owner.get().await.unwrap().batch_execute(sql).await.unwrap();
}

/// The names that a statement gives.
async fn names(owner: &Pool, sql: &str) -> BTreeSet<String> {
    let rows = owner.get().await.unwrap().query(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn tables_of(owner: &Pool, name: &str) -> BTreeSet<String> {
    names(owner, &format!("SELECT tablename::text FROM pg_tables WHERE schemaname = '{name}'"))
        .await
}

/// Makes a role, unless another test has made it.
async fn role(owner: &Pool, quoted: &str) {
    let make = format!(
        "DO $$ BEGIN CREATE ROLE {quoted} LOGIN;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    execute(owner, &make).await;
}

/// A pool whose connections begin as another role.
fn pool_as(database: &Database, role: &str) -> Pool {
    let escaped = role.replace('\\', "%5C%5C").replace(' ', "%5C%20").replace('"', "%22");
    let url = format!("{}?options=-c%20role%3D{escaped}", database.url());
    pool(&url, &PoolSettings::new().size(2)).unwrap()
}

#[tokio::test]
async fn what_has_run_does_not_run_again() {
    let database = empty().await;
    let owner = owner(&database);
    make_role(&owner).await.unwrap();
    let ran = "SELECT number::text || ' ' || name || ' ' || run_at FROM ravs.migrations";
    assert_eq!(of("ravs").run(&owner).await.unwrap(), NEWEST);
    let first = names(&owner, ran).await;
    assert_eq!(first.len(), 2);
    let seed = Seed::new();
    let store = PostgresStore::new(application(database.url(), 1));
    let scene = Scene::active(&seed, &store, "AAA").await.unwrap();
    assert_eq!(of("ravs").run(&owner).await.unwrap(), NEWEST);
    assert_eq!(names(&owner, ran).await, first);
    scene.deactivate(&seed, &store).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_that_begin_at_once_run_them_once() {
    for _ in 0..5 {
        let database = empty().await;
        make_role(&owner(&database)).await.unwrap();
        let runs: Vec<_> = (0..8)
            .map(|_| {
                let owner = owner(&database);
                tokio::spawn(async move { of("ravs").run(&owner).await })
            })
            .collect();
        for run in runs {
            assert_eq!(run.await.unwrap().unwrap(), NEWEST);
        }
        let ran = names(&owner(&database), "SELECT name FROM ravs.migrations").await;
        assert_eq!(ran, BTreeSet::from(["bodies", "everything"].map(str::to_owned)));
        PostgresStore::new(application(database.url(), 1)).check().await.unwrap();
    }
}

/// Everything of a database that is outside a schema.
const OUTSIDE: &str = "
    WITH outside AS (
        SELECT oid, nspname FROM pg_namespace
        WHERE nspname NOT IN ('elsewhere', 'pg_toast') AND nspname !~ '^pg_temp_|^pg_toast_temp_'
    )
    SELECT 'schema ' || nspname || coalesce(nspacl::text, '') FROM pg_namespace AS n
    WHERE oid IN (SELECT oid FROM outside)
    UNION ALL SELECT 'relation ' || nspname || '.' || relname || coalesce(relacl::text, '')
    FROM pg_class JOIN outside ON outside.oid = relnamespace
    UNION ALL SELECT 'type ' || nspname || '.' || typname
    FROM pg_type JOIN outside ON outside.oid = typnamespace
    UNION ALL SELECT 'function ' || nspname || '.' || p.oid::regprocedure
    FROM pg_proc AS p JOIN outside ON outside.oid = pronamespace
    UNION ALL SELECT 'operator ' || o.oid::regoperator
    FROM pg_operator AS o JOIN outside ON outside.oid = oprnamespace
    UNION ALL SELECT 'collation ' || c.oid::text
    FROM pg_collation AS c JOIN outside ON outside.oid = collnamespace
    UNION ALL SELECT 'extension ' || extname FROM pg_extension
    UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
    UNION ALL SELECT 'language ' || lanname FROM pg_language
    UNION ALL SELECT 'default privileges ' || oid FROM pg_default_acl
    UNION ALL SELECT 'large object ' || oid FROM pg_largeobject_metadata
    UNION ALL SELECT 'database ' || coalesce(datacl::text, '') FROM pg_database
    WHERE datname = current_database()";

#[tokio::test]
async fn nothing_is_made_outside_the_schema() {
    let database = empty().await;
    let owner = owner(&database);
    make_role(&owner).await.unwrap();
    let before = names(&owner, OUTSIDE).await;
    assert!(before.len() > 1000 && !before.iter().any(|name| name.contains("elsewhere")));
    of("elsewhere").row_security(true).run(&owner).await.unwrap();
    assert_eq!(names(&owner, OUTSIDE).await, before);
    assert!(tables_of(&owner, "elsewhere").await.len() > 10);
    // neither a function nor a trigger inside, but for those that hold foreign keys
    let made = "SELECT proname::text FROM pg_proc WHERE pronamespace = 'elsewhere'::regnamespace
        UNION ALL SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal";
    assert_eq!(names(&owner, made).await, BTreeSet::new());
    // what this looks at would be seen
    execute(&owner, "CREATE TABLE public.stray (id integer)").await;
    assert_ne!(names(&owner, OUTSIDE).await, before);
}

#[tokio::test]
async fn two_schemas_of_one_database_know_nothing_of_each_other() {
    let database = empty().await;
    let owner = owner(&database);
    make_role(&owner).await.unwrap();
    let store = |name| {
        let pool = application(database.url(), 2);
        PostgresStore::builder(pool).schema(schema(name)).build()
    };
    of("one").run(&owner).await.unwrap();
    let (one, two) = (store("one"), store("two"));
    one.check().await.unwrap();
    assert!(matches!(two.check().await, Err(SchemaError::TooOld { found: 0, .. })));
    of("two").run(&owner).await.unwrap();
    let seed = Seed::new();
    let first = Scene::active(&seed, &one, "AAA").await.unwrap();
    let second = Scene::active(&seed, &two, "AAA").await.unwrap();
    assert_eq!(one.organisation(second.id).await.unwrap(), None);
    assert_eq!(two.organisation(first.id).await.unwrap(), None);
    first.deactivate(&seed, &one).await.unwrap();
    assert_eq!(two.users(&[first.ada]).await.unwrap(), Vec::new());
    let mut client = application(database.url(), 1).get().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    let counts = "SELECT (SELECT count(*) FROM one.organisation_versions),
        (SELECT count(*) FROM two.organisation_versions)";
    let row = transaction.query_one(counts, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (3, 2));
}

#[tokio::test]
async fn a_schema_that_is_not_there_is_too_old() {
    let database = empty().await;
    make_role(&owner(&database)).await.unwrap();
    let store = PostgresStore::new(application(database.url(), 1));
    let error = store.check().await.unwrap_err();
    assert!(matches!(error, SchemaError::TooOld { found: 0, needed: NEWEST, .. }), "{error}");
    assert!(error.to_string().contains("run its migrations"), "{error}");
}

/// What the application's role may do, in words of the database's own.
async fn rights(owner: &Pool) -> Vec<String> {
    let rights = "SELECT format('%s %s', c.relname, a) FROM pg_class AS c, unnest(c.relacl) AS a
        WHERE c.relnamespace = 'ravs'::regnamespace
        UNION ALL
        SELECT format('%s.%s %s', attrelid::regclass, attname, a)
        FROM pg_attribute, unnest(attacl) AS a
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'ravs'::regnamespace)
        ORDER BY 1";
    let rows = owner.get().await.unwrap().query(rights, &[]).await.unwrap();
    let rights: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(rights.iter().any(|right| right.contains("ravs_application=")), "{rights:?}");
    rights
}

#[tokio::test]
async fn a_schema_is_too_old_too_new_or_newer_and_understood() {
    let fresh = Fresh::new().await;
    let owner = fresh.owner();
    fresh.store.check().await.unwrap();
    let newer = "INSERT INTO ravs.migrations (number, name, oldest) VALUES (3, 'newer', 1)";
    execute(&owner, newer).await;
    fresh.store.check().await.unwrap();
    // an older version's migrations leave a newer schema as it is, and who may do what in it
    let more = "CREATE TABLE ravs.newer (id integer);
        GRANT INSERT ON ravs.newer TO ravs_application;
        GRANT UPDATE (name) ON ravs.organisations TO ravs_application";
    execute(&owner, more).await;
    let before = rights(&owner).await;
    assert_eq!(of("ravs").run(&owner).await.unwrap(), 3);
    assert_eq!(rights(&owner).await, before);
    execute(&owner, "UPDATE ravs.migrations SET oldest = 3 WHERE number = 3").await;
    let error = fresh.store.check().await.unwrap_err();
    assert!(matches!(error, SchemaError::TooNew { found: 3, known: NEWEST, .. }), "{error}");
    execute(&owner, "DELETE FROM ravs.migrations").await;
    let error = fresh.store.check().await.unwrap_err();
    assert!(matches!(error, SchemaError::TooOld { found: 0, needed: NEWEST, .. }), "{error}");
}

#[tokio::test]
async fn a_role_that_is_not_there_is_named_as_the_fault() {
    let database = empty().await;
    let owner = owner(&database);
    let missing = Migrations::new(schema("ravs")).application_role("ravs nobody");
    assert!(matches!(missing.run(&owner).await, Err(SchemaError::NoRole)));
    // the rest has run; once there is a role, it is given its rights
    make_role(&owner).await.unwrap();
    let store = PostgresStore::new(application(database.url(), 1));
    assert!(store.check().await.is_err());
    of("ravs").run(&owner).await.unwrap();
    store.check().await.unwrap();
}

#[tokio::test]
async fn what_cannot_name_a_role_is_refused_before_anything_is_asked() {
    let database = empty().await;
    let owner = owner(&database);
    for name in ["", "a\0b", "x".repeat(64).as_str()] {
        let migrations = Migrations::new(schema("ravs")).application_role(name);
        assert!(matches!(migrations.run(&owner).await, Err(SchemaError::InvalidRole)), "{name:?}");
    }
    assert_eq!(tables_of(&owner, "ravs").await, BTreeSet::new());
}

#[tokio::test]
async fn a_role_may_have_any_name() {
    let database = empty().await;
    let owner = owner(&database);
    let name = "The \"App\"; DROP SCHEMA {schema}";
    role(&owner, &format!("\"{}\"", name.replace('"', "\"\""))).await;
    Migrations::new(schema("ravs")).application_role(name).run(&owner).await.unwrap();
    let store = PostgresStore::new(pool_as(&database, name));
    store.check().await.unwrap();
    let seed = Seed::new();
    let scene = Scene::active(&seed, &store, "AAA").await.unwrap();
    scene.deactivate(&seed, &store).await.unwrap();
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_of_itself() {
    let database = empty().await;
    let owner = owner(&database);
    make_role(&owner).await.unwrap();
    // what it makes nearly last is in its way
    execute(&owner, "CREATE SCHEMA ravs; CREATE TABLE ravs.effects (id integer)").await;
    let error = of("ravs").run(&owner).await.unwrap_err();
    assert!(matches!(error, SchemaError::Database(_)), "{error}");
    let left: BTreeSet<String> =
        ["effects", "migration_lock", "migrations"].map(str::to_owned).into();
    assert_eq!(tables_of(&owner, "ravs").await, left);
    assert_eq!(names(&owner, "SELECT name FROM ravs.migrations").await, BTreeSet::new());
    execute(&owner, "DROP TABLE ravs.effects").await;
    assert_eq!(of("ravs").run(&owner).await.unwrap(), NEWEST);
    PostgresStore::new(application(database.url(), 1)).check().await.unwrap();
}

#[tokio::test]
async fn the_application_does_not_run_them() {
    let database = empty().await;
    let (owner, application) = (owner(&database), application(database.url(), 1));
    make_role(&owner).await.unwrap();
    let is_refused = |outcome: Result<i32, SchemaError>| match outcome {
        Err(SchemaError::Database(error)) => assert_eq!(*error.kind(), PortErrorKind::Rejected),
        other => panic!("{other:?}"),
    };
    is_refused(of("ravs").run(&application).await);
    assert_eq!(tables_of(&owner, "ravs").await, BTreeSet::new());
    of("ravs").run(&owner).await.unwrap();
    is_refused(of("ravs").run(&application).await);
    is_refused(of("ravs").row_security(true).run(&application).await);
}

#[tokio::test]
async fn an_owner_needs_no_more_than_the_right_to_make_the_schema() {
    let database = empty().await;
    let admin = owner(&database);
    make_role(&admin).await.unwrap();
    role(&admin, "ravs_owner").await;
    let grant = format!("GRANT CREATE ON DATABASE {} TO ravs_owner", database.name());
    execute(&admin, &grant).await;
    let owner = pool_as(&database, "ravs_owner");
    of("ravs").row_security(true).run(&owner).await.unwrap();
    let store = PostgresStore::new(application(database.url(), 2));
    Scene::active(&Seed::new(), &store, "AAA").await.unwrap();
    of("ravs").run(&owner).await.unwrap();
}

#[tokio::test]
async fn an_owner_may_have_been_given_the_schema() {
    let database = empty().await;
    let admin = owner(&database);
    make_role(&admin).await.unwrap();
    role(&admin, "ravs_owner").await;
    execute(&admin, "CREATE SCHEMA ravs AUTHORIZATION ravs_owner").await;
    of("ravs").run(&pool_as(&database, "ravs_owner")).await.unwrap();
    PostgresStore::new(application(database.url(), 1)).check().await.unwrap();
}

#[tokio::test]
async fn a_role_that_could_not_find_out_what_is_kept_is_told_at_once() {
    let fresh = Fresh::new().await;
    let owner = fresh.owner();
    let function = "FUNCTION pg_logical_emit_message(boolean, text, text)";
    execute(&owner, &format!("REVOKE EXECUTE ON {function} FROM PUBLIC")).await;
    let another = "FUNCTION pg_logical_emit_message(boolean, text, bytea)";
    execute(&owner, &format!("REVOKE EXECUTE ON {another} FROM PUBLIC")).await;
    let error = fresh.store.check().await.unwrap_err();
    assert!(matches!(error, SchemaError::MayNotKeep), "{error}");
    execute(&owner, &format!("GRANT EXECUTE ON {function} TO ravs_application")).await;
    fresh.store.check().await.unwrap();
}
