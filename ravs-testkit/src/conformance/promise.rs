//! What a port promised, asserted at the line of the case that relies on it.

use std::fmt::Debug;

use ravs_core::port::PortError;
use serde::Serialize;

/// The outcome of a port's method, judged where it stands.
pub(crate) trait Promise<T> {
    /// Nothing stood against it, so it has to have worked.
    #[track_caller]
    fn kept(self) -> T;

    /// It has to have been refused as a conflict.
    #[track_caller]
    fn conflicts(self, because: &str);
}

impl<T> Promise<T> for Result<T, PortError> {
    #[track_caller]
    fn kept(self) -> T {
        match self {
            Ok(value) => value,
            Err(error) => panic!("it failed, and nothing stood against it: {error:?}"),
        }
    }

    #[track_caller]
    fn conflicts(self, because: &str) {
        match self {
            Err(error) if error.is_conflict() => {}
            Err(error) => panic!("{because}: that is a conflict, not {error:?}"),
            Ok(_) => panic!("{because}: that is a conflict, but it went through"),
        }
    }
}

/// What has to be there.
pub(crate) trait There<T> {
    /// It is there, or the case fails.
    #[track_caller]
    fn there(self, what: &str) -> T;
}

impl<T> There<T> for Option<T> {
    #[track_caller]
    fn there(self, what: &str) -> T {
        match self {
            Some(value) => value,
            None => panic!("{what} is not there"),
        }
    }
}

/// The very same, spelling and nanoseconds and all: `==` takes two spellings of an address or
/// of a vaccine type for one.
#[track_caller]
pub(crate) fn assert_same<T: Serialize + Debug>(read: &T, committed: &T) {
    let [read, committed] = [read, committed].map(|value| match serde_json::to_value(value) {
        Ok(json) => json,
        Err(error) => panic!("{value:?} cannot be written: {error}"),
    });
    assert_eq!(read, committed, "what was read (left) is not what was committed (right)");
}
