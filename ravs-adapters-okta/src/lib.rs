#![doc = include_str!("../README.md")]

mod account;
mod credential;
mod error;
mod group;
mod http;
mod okta;
mod org_url;
mod outcome;
mod pace;
mod random;
mod settings;
mod sign_in;

pub use account::{Account, AccountStatus};
pub use credential::{ClientKey, Credential, InvalidClientKey};
pub use error::{OktaError, OktaErrorKind};
pub use group::{GroupId, InvalidGroupId};
pub use okta::{Cursor, Members, Okta};
pub use org_url::{InvalidOrgUrl, OrgUrl};
pub use outcome::{Ensured, Need, Resending};
pub use pace::{Pace, SystemPace};
pub use secrecy::SecretString;
pub use settings::Settings;
pub use sign_in::{
    Begun, ClientAuthentication, EmailVouching, InvalidPending, OktaSignIn, PendingSignIn, Remedy,
    SignInError, SignInSettings, SignedIn, TokenRefused, Unvouched,
};
