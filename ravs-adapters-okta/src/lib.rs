#![doc = include_str!("../README.md")]

mod error;
mod http;
mod org_url;
mod pace;

pub use error::{OktaError, OktaErrorKind};
pub use org_url::{InvalidOrgUrl, OrgUrl};
pub use pace::{Pace, SystemPace};
