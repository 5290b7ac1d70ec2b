//! Why an ID token is not believed.

/// Why an ID token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum TokenRefused {
    /// Okta gave none.
    #[error("there is none")]
    Missing,
    /// It is not written as one.
    #[error("it is not written as one")]
    Malformed,
    /// It is not signed with RS256, which is all that is accepted.
    #[error("`alg` is not `RS256`")]
    Algorithm,
    /// It demands an extension (`crit`) that is not known here.
    #[error("`crit` demands what is not known here")]
    Critical,
    /// It does not say with which key it is signed.
    #[error("`kid` is missing")]
    NoKeyId,
    /// It is signed with a key that is none of the issuer's.
    #[error("`kid` is none of the issuer's keys")]
    UnknownKey,
    /// Its signature is another's, or it was changed.
    #[error("its signature does not fit")]
    Signature,
    /// It is another issuer's.
    #[error("`iss` is not the issuer")]
    Issuer,
    /// It is for another app.
    #[error("`aud` is not this app")]
    Audience,
    /// It is for several apps, and does not say that this one asked for it; or another did.
    #[error("`azp` is not this app")]
    AuthorisedParty,
    /// It has expired.
    #[error("`exp` is past")]
    Expired,
    /// It is from the future: a clock is wrong, here or there.
    #[error("`iat` or `nbf` is in the future: look at this machine's clock")]
    NotYetValid,
    /// It does not say when it was made, or until when it is good.
    #[error("`iat` or `exp` is missing")]
    NoTimes,
    /// It is the answer to another sign-in.
    #[error("`nonce` is not that of this sign-in")]
    Nonce,
    /// It does not say who somebody is.
    #[error("`sub` is missing")]
    NoSubject,
    /// It does not say when somebody showed who they are, which was asked.
    #[error("`auth_time` is missing")]
    NoAuthenticationTime,
    /// Somebody showed who they are longer ago than was asked.
    #[error("`auth_time` is too long ago")]
    AuthenticationTooOld,
}
