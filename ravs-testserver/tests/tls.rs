//! A server that speaks TLS.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::sync::Arc;

use ravs_testserver::postgres::{Authority, Durability, Options, Server};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::NoTls;
use tokio_postgres_rustls::MakeRustlsConnect;

fn trusting(authority: &Authority) -> MakeRustlsConnect {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_slice(authority.der())).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    MakeRustlsConnect::new(config)
}

#[tokio::test]
async fn a_client_that_trusts_the_authority_is_served_by_either_name() {
    let server = Server::launch(Options::new(Durability::None).tls()).unwrap();
    let authority = server.authority().unwrap();
    for host in ["127.0.0.1", "localhost"] {
        let url = server.url("postgres").replace("127.0.0.1", host) + "?sslmode=require";
        let (client, connection) =
            tokio_postgres::connect(&url, trusting(authority)).await.unwrap();
        tokio::spawn(connection);
        let asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        assert!(client.query_one(asked, &[]).await.unwrap().get::<_, bool>(0));
    }
    let pem = CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap();
    assert_eq!(pem.as_ref(), authority.der());
    // Without TLS it serves too.
    assert!(tokio_postgres::connect(&server.url("postgres"), NoTls).await.is_ok());
}

#[tokio::test]
async fn another_servers_authority_is_not_enough() {
    let server = Server::launch(Options::new(Durability::None).tls()).unwrap();
    let other = Server::launch(Options::new(Durability::None).tls()).unwrap();
    let url = server.url("postgres") + "?sslmode=require";
    let stranger = trusting(other.authority().unwrap());
    assert!(tokio_postgres::connect(&url, stranger).await.is_err());
}

#[test]
fn a_server_without_tls_has_no_authority() {
    let server = Server::launch(Options::new(Durability::None)).unwrap();
    assert_eq!(server.authority(), None);
}
