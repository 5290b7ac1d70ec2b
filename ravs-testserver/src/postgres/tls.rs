//! A certificate for a server, by an authority of its own.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

use crate::ServerError;
use crate::guard::Guard;

/// In the server's folder.
pub(super) const CERTIFICATE_FILE: &str = "server.crt";
/// In the server's folder.
pub(super) const KEY_FILE: &str = "server.key";

/// Who has signed a server's certificate: what a client is to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    pem: String,
    der: Vec<u8>,
}

impl Authority {
    /// Its certificate as PEM text.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Its certificate as DER bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

/// Puts a new certificate and its key into the server's folder.
pub(super) fn certify(guard: &Guard) -> Result<Authority, ServerError> {
    let (authority, certificate, key) = make()
        .map_err(|error| ServerError::Unusable(format!("no certificate can be made: {error}")))?;
    guard.write(CERTIFICATE_FILE, &certificate)?;
    guard.write(KEY_FILE, &key)?;
    Ok(authority)
}

fn make() -> Result<(Authority, String, String), rcgen::Error> {
    let mut authority = CertificateParams::new([])?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority.distinguished_name.push(DnType::CommonName, "ravs test authority");
    let key = KeyPair::generate()?;
    let signed = authority.self_signed(&key)?;
    let issuer = Issuer::new(authority, key);

    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let mut server = CertificateParams::new(names)?;
    server.distinguished_name.push(DnType::CommonName, "localhost");
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &issuer)?;
    let authority = Authority { pem: signed.pem(), der: signed.der().to_vec() };
    Ok((authority, certificate.pem(), key.serialize_pem()))
}
