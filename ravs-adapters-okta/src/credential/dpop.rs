//! Proofs of possession (DPoP, RFC 9449).

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters,
    EllipticCurveKeyType, Jwk,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::header::HeaderName;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use url::Url;

use crate::error::OktaError;
use crate::http::{Answer, Call};
use crate::random;

/// What a proof is sent as.
pub(super) const PROOF: HeaderName = HeaderName::from_static("dpop");

const CALL: &str = "making a key for proofs of possession";

/// Makes proofs that a token is shown by whom it was given to. Its key is made on the spot and
/// never leaves.
pub(super) struct Dpop {
    key: EncodingKey,
    public: Jwk,
    nonces: Mutex<Nonces>,
}

/// The nonces that Okta wants to see, each where it said so.
#[derive(Default)]
struct Nonces {
    token: Option<String>,
    api: Option<String>,
}

/// What a proof is for.
#[derive(Clone, Copy)]
pub(super) enum Use<'a> {
    /// For being given a token.
    Token,
    /// For showing this token.
    Api(&'a SecretString),
}

#[derive(Serialize)]
struct Claims<'a> {
    htm: &'a str,
    htu: &'a str,
    iat: u64,
    jti: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<&'a str>,
}

impl Dpop {
    pub(super) fn new() -> Result<Self, OktaError> {
        let failed = || OktaError::config(CALL, "no key can be made");
        let pair =
            EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| failed())?;
        let private = pair.to_pkcs8v1().map_err(|_| failed())?;
        // 4, then both coordinates.
        let point = pair.public_key().as_ref();
        let coordinate =
            |from: usize| point.get(from..from + 32).map(|x| URL_SAFE_NO_PAD.encode(x));
        let (x, y) = coordinate(1).zip(coordinate(33)).ok_or_else(failed)?;
        let parameters = EllipticCurveKeyParameters {
            key_type: EllipticCurveKeyType::EC,
            curve: EllipticCurve::P256,
            x,
            y,
        };
        let algorithm = AlgorithmParameters::EllipticCurve(parameters);
        Ok(Self {
            key: EncodingKey::from_ec_der(private.as_ref()),
            public: Jwk { common: CommonParameters::default(), algorithm },
            nonces: Mutex::default(),
        })
    }

    /// A proof for this call, good once.
    pub(super) fn proof(
        &self,
        call: &Call,
        used: Use<'_>,
        now: SystemTime,
    ) -> Result<SecretString, OktaError> {
        let nonce = {
            let nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
            match used {
                Use::Token => nonces.token.clone(),
                Use::Api(_) => nonces.api.clone(),
            }
        };
        let ath = match used {
            Use::Token => None,
            Use::Api(token) => {
                let hash = digest(&SHA256, token.expose_secret().as_bytes());
                Some(URL_SAFE_NO_PAD.encode(hash))
            }
        };
        let claims = Claims {
            htm: call.method().as_str(),
            htu: &without_query(call.url()),
            iat: now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            jti: &random::text::<16>(call.name())?,
            nonce: nonce.as_deref(),
            ath: ath.as_deref(),
        };
        let header = Header {
            typ: Some("dpop+jwt".to_owned()),
            jwk: Some(self.public.clone()),
            ..Header::new(Algorithm::ES256)
        };
        jsonwebtoken::encode(&header, &claims, &self.key)
            .map(SecretString::from)
            .map_err(|_| OktaError::config(call.name(), "the key of the proofs does not sign"))
    }

    /// Keeps the nonce that an answer brings for the next proofs of this use.
    pub(super) fn answered(&self, answer: &Answer, used: Use<'_>) {
        let Some(nonce) = answer.header("dpop-nonce") else { return };
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        match used {
            Use::Token => nonces.token = Some(nonce.to_owned()),
            Use::Api(_) => nonces.api = Some(nonce.to_owned()),
        }
    }
}

/// What a proof names: the URL up to its path.
fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}
