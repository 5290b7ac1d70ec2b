//! Free ports on loopback.

use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};

use crate::ServerError;

/// Below what operating systems hand out by themselves, so that no outgoing connection takes the
/// port of a server that is down for a moment.
const FIRST: u16 = 15_000;
const COUNT: u16 = 17_000;

/// How often another port is tried, when someone was quicker.
const TRIES: usize = 20;

/// Starts something on a free port, and gives that port.
pub(crate) fn with_free(
    mut start: impl FnMut(u16) -> Result<(), ServerError>,
) -> Result<u16, ServerError> {
    let mut tries = 1;
    loop {
        let port = free()?;
        match start(port) {
            Ok(()) => return Ok(port),
            Err(error) if tries < TRIES && someone_was_quicker(&error) => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

fn someone_was_quicker(error: &ServerError) -> bool {
    matches!(error, ServerError::Program { log, .. } if log.contains("Address already in use"))
}

/// A port that nobody listens on. Another process may be quicker: whoever listens tries again.
fn free() -> Result<u16, ServerError> {
    let start = RandomState::new().hash_one(std::process::id()) % u64::from(COUNT);
    let start = u16::try_from(start).unwrap_or_default();
    (0..COUNT)
        .map(|step| FIRST + (u32::from(start) + u32::from(step)).rem_euclid(COUNT.into()) as u16)
        .find(|&port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok())
        .ok_or_else(|| ServerError::Unusable("no port is free on 127.0.0.1".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_port_is_tried_only_when_someone_was_quicker() {
        let taken = |log: &str| ServerError::Program { what: String::new(), log: log.to_owned() };
        let mut ports = Vec::new();
        let found = with_free(|port| {
            ports.push(port);
            if ports.len() < 4 { Err(taken("bind: Address already in use")) } else { Ok(()) }
        });
        assert_eq!(found.unwrap(), ports[3]);

        let mut tries = 0;
        let failed = with_free(|_| {
            tries += 1;
            Err(taken("something else"))
        });
        assert!(failed.is_err());
        assert_eq!(tries, 1);
    }
}
