//! A configuration that cannot be used.

use std::error::Error;
use std::fmt;

/// A configuration that cannot be used, with everything that is wrong with it. Repeats no secret
/// and no address.
#[derive(Debug)]
pub struct InvalidConfiguration {
    of: &'static str,
    faults: Vec<ConfigurationFault>,
}

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationFault {
    setting: &'static str,
    what: String,
}

impl InvalidConfiguration {
    /// Every fault.
    #[must_use]
    pub fn faults(&self) -> &[ConfigurationFault] {
        &self.faults
    }
}

impl ConfigurationFault {
    pub(crate) fn new(setting: &'static str, what: impl Into<String>) -> Self {
        Self { setting, what: what.into() }
    }

    /// The setting it is about, as the crate's tables name it.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        self.setting
    }
}

/// The value, where nothing is wrong.
pub(crate) fn unless_faulty<T>(
    of: &'static str,
    faults: Vec<ConfigurationFault>,
    value: impl FnOnce() -> Option<T>,
) -> Result<T, InvalidConfiguration> {
    if faults.is_empty() {
        value().ok_or(InvalidConfiguration { of, faults: Vec::new() })
    } else {
        Err(InvalidConfiguration { of, faults })
    }
}

impl fmt::Display for InvalidConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not configured as it should be", self.of)?;
        for (place, fault) in self.faults.iter().enumerate() {
            write!(f, "{} {fault}", if place == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl fmt::Display for ConfigurationFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.setting, self.what)
    }
}

impl Error for InvalidConfiguration {}
