//! Keys that are made for one test.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ravs_adapters_okta::SecretString;

/// A private key in PEM, and the public one that belongs to it: `n` and `e` of RSA, or the point
/// of P-256.
pub(crate) struct Key {
    pub(crate) pem: SecretString,
    pub(crate) public: Vec<u8>,
}

/// P-256.
pub(crate) fn elliptic() -> Key {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let public = pair.public_key().as_ref().to_vec();
    Key { pem: pem(pair.to_pkcs8v1().unwrap().as_ref()), public }
}

/// RSA of 2048 bits.
pub(crate) fn rsa() -> Key {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let private: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let public = pair.public_key().as_ref().to_vec();
    Key { pem: pem(private.as_ref()), public }
}

fn pem(der: &[u8]) -> SecretString {
    let text = STANDARD.encode(der);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let lines = lines.join("\n");
    format!("-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n").into()
}
