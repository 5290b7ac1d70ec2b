//! A body: an entry of the national directory.

use alloc::string::String;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::OdsCode;

/// A body as the directory shows it. Name, address and postcode are kept with the organisation
/// as they were shown when it was onboarded (R-O1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Its ODS code.
    pub code: OdsCode,
    /// Its name.
    pub name: String,
    /// Its address on one line, without the postcode.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// The first day, in London, on which it is legally closed, where that is known.
    pub legally_closed: Option<NaiveDate>,
}

impl Body {
    /// Whether it is legally closed on that day.
    #[must_use]
    pub fn is_legally_closed_on(&self, day: NaiveDate) -> bool {
        self.legally_closed.is_some_and(|closed| closed <= day)
    }
}
