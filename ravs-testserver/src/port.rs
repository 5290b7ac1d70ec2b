//! Free ports on loopback.

use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};

use crate::ServerError;

/// Below what operating systems hand out by themselves, so that no outgoing connection takes the
/// port of a server that is down for a moment.
const FIRST: u16 = 15_000;
const COUNT: u16 = 17_000;

/// A port that nobody listens on. Another process may be quicker: whoever listens tries again.
pub(crate) fn free() -> Result<u16, ServerError> {
    let start = RandomState::new().hash_one(std::process::id()) % u64::from(COUNT);
    let start = u16::try_from(start).unwrap_or_default();
    (0..COUNT)
        .map(|step| FIRST + (u32::from(start) + u32::from(step)).rem_euclid(COUNT.into()) as u16)
        .find(|&port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok())
        .ok_or_else(|| ServerError::Unusable("no port is free on 127.0.0.1".to_owned()))
}
