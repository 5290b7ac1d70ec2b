//! Connecting: TLS by the authorities that are given, several hosts, and nothing of a URL told.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::time::{Duration, Instant};

use deadpool_postgres::Pool;
use ravs_adapters_postgres::{ConnectError, Migrations, PoolSettings, PostgresStore, pool};
use ravs_core::port::{PortErrorKind, Store as _};
use ravs_testserver::postgres::{Durability, Options, Server};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

fn server() -> Server {
    Server::launch(Options::new(Durability::None).tls()).unwrap()
}

fn trusting(server: &Server) -> PoolSettings {
    let mut roots = RootCertStore::empty();
    let certificate = server.authority().unwrap().der().to_vec();
    roots.add(CertificateDer::from(certificate)).unwrap();
    PoolSettings::new().size(2).tls(roots)
}

async fn is_encrypted(pool: &Pool) -> bool {
    let asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    pool.get().await.unwrap().query_one(asked, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_store_works_over_tls() {
    let server = server();
    let trusting = trusting(&server);
    let url = server.url("postgres").replace("127.0.0.1", "localhost");
    let pool = pool(&url, &trusting).unwrap();
    assert!(is_encrypted(&pool).await);
    Migrations::new("ravs".parse().unwrap()).run(&pool).await.unwrap();
    let store = PostgresStore::new(pool);
    store.check().await.unwrap();
    assert!(store.user_by_subject(&ravs_core::Subject::new("x").unwrap()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_not_talked_to() {
    let (server, other) = (server(), server());
    let url = server.url("postgres").replace("127.0.0.1", "localhost");
    let store = PostgresStore::new(pool(&url, &trusting(&other)).unwrap());
    let error = store.user_by_subject(&ravs_core::Subject::new("x").unwrap()).await.unwrap_err();
    assert!(matches!(error.kind(), PortErrorKind::Unavailable), "{error:?}");
}

#[tokio::test]
async fn a_server_without_tls_is_not_talked_to_where_tls_is_asked_for() {
    let server = server();
    let plain = Server::shared().unwrap().url("postgres");
    let pool = pool(&plain, &trusting(&server)).unwrap();
    assert!(pool.get().await.is_err());
}

#[tokio::test]
async fn the_first_of_several_hosts_that_can_be_written_to_is_used() {
    let server = Server::launch(Options::new(Durability::None)).unwrap();
    let port = server.port();
    // Nobody listens on the first one.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = server
        .url("postgres")
        .replace(&format!("127.0.0.1:{port}"), &format!("127.0.0.1:{nobody},127.0.0.1:{port}"));
    let pool =
        pool(&format!("{url}?target_session_attrs=read-write"), &PoolSettings::new()).unwrap();
    Migrations::new("ravs".parse().unwrap()).run(&pool).await.unwrap();
    PostgresStore::new(pool).check().await.unwrap();
}

// As when a machine has frozen: it takes connections, and says nothing.
#[tokio::test]
async fn a_host_that_is_silent_keeps_nobody_from_the_next() {
    let server = Server::launch(Options::new(Durability::None)).unwrap();
    let port = server.port();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let first = silent.local_addr().unwrap().port();
    let url = server
        .url("postgres")
        .replace(&format!("127.0.0.1:{port}"), &format!("127.0.0.1:{first},127.0.0.1:{port}"));
    let pool =
        pool(&format!("{url}?target_session_attrs=read-write"), &PoolSettings::new()).unwrap();
    silent.set_nonblocking(true).unwrap();
    let asked = || std::iter::from_fn(|| silent.accept().ok()).count();
    let began = Instant::now();
    let one = pool.get().await.unwrap();
    assert_eq!(asked(), 1, "the first is asked first");
    assert!(began.elapsed() >= Duration::from_millis(300), "it is given its time");
    // The one that answered is the first to be tried from now on.
    let two = pool.get().await.unwrap();
    assert_eq!(asked(), 0);
    drop((one, two));
}

#[tokio::test]
async fn what_is_wrong_with_a_url_is_said_without_repeating_it() {
    let none = PoolSettings::new();
    let invalid = pool("postgres://ada:secret@localhost:x/ravs", &none).unwrap_err();
    assert!(matches!(invalid, ConnectError::InvalidUrl));
    assert!(!format!("{invalid:?} {invalid}").contains("secret"));
    let no_authorities = pool("postgres://localhost/ravs?sslmode=require", &none).unwrap_err();
    assert!(matches!(no_authorities, ConnectError::NoAuthorities));
}

// A server that is not there is unavailable, and whoever waits for a connection waits no longer
// than they said.
#[tokio::test]
async fn a_dead_server_is_unavailable() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let pool = pool(&format!("postgres://ravs@127.0.0.1:{nobody}/ravs"), &PoolSettings::new());
    let store = PostgresStore::new(pool.unwrap());
    let error = store.user_by_subject(&ravs_core::Subject::new("x").unwrap()).await.unwrap_err();
    assert!(error.is_retryable() && !error.is_conflict(), "{error:?}");
}
