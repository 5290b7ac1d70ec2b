//! Keys of a tenant, made for these tests.

use std::sync::OnceLock;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RsaEncoding,
    RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// An RSA key of 2048 bits, made when it is first asked for.
pub(crate) struct SigningKey {
    pub(crate) id: &'static str,
    pair: KeyPair,
}

/// The keys of the tenant, in the order in which it uses them.
pub(crate) fn key(which: usize) -> &'static SigningKey {
    static KEYS: [OnceLock<SigningKey>; 3] = [const { OnceLock::new() }; 3];
    KEYS[which].get_or_init(|| SigningKey {
        id: ["first", "second", "clients"][which],
        pair: KeyPair::generate(KeySize::Rsa2048).unwrap(),
    })
}

impl SigningKey {
    /// RS256.
    pub(crate) fn sign(&self, text: &str) -> String {
        self.sign_with(&RSA_PKCS1_SHA256, text)
    }

    /// RS384.
    pub(crate) fn sign_384(&self, text: &str) -> String {
        self.sign_with(&RSA_PKCS1_SHA384, text)
    }

    fn sign_with(&self, encoding: &'static dyn RsaEncoding, text: &str) -> String {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        self.pair.sign(encoding, &random, text.as_bytes(), &mut signature).unwrap();
        URL_SAFE_NO_PAD.encode(signature)
    }

    /// Whether it has signed this token (RS256).
    pub(crate) fn has_signed(&self, token: &str) -> bool {
        let (text, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let [n, e] = self.numbers();
        let key = RsaPublicKeyComponents { n, e };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &signature).is_ok()
    }

    /// As a tenant shows it.
    pub(crate) fn public(&self) -> Value {
        let [n, e] = self.numbers().map(|number| URL_SAFE_NO_PAD.encode(number));
        json!({"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.id, "n": n, "e": e})
    }

    /// What somebody would use who takes a public key for a secret.
    pub(crate) fn public_der(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// As an app keeps it.
    pub(crate) fn pem(&self) -> String {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().unwrap();
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<_> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let lines = lines.join("\n");
        format!("-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n")
    }

    /// Modulus and exponent, out of the two whole numbers of the public key's DER.
    fn numbers(&self) -> [Vec<u8>; 2] {
        let (_, inner) = element(self.public_der());
        let body = &self.public_der()[self.public_der().len() - inner..];
        let (header, length) = element(body);
        let n = &body[header..header + length];
        let rest = &body[header + length..];
        let (header, length) = element(rest);
        let e = &rest[header..header + length];
        [n, e].map(|number| number.iter().copied().skip_while(|byte| *byte == 0).collect())
    }
}

/// How long the head and the content of a DER element are.
fn element(der: &[u8]) -> (usize, usize) {
    let first = usize::from(der[1]);
    if first < 0x80 {
        return (2, first);
    }
    let octets = first - 0x80;
    let length = der[2..2 + octets].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    (2 + octets, length)
}
