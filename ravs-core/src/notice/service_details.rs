//! What the emails say of the service.

use alloc::string::{String, ToString as _};

/// Where users find the service and help, and how long an activation link lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceDetails {
    /// The service's name.
    pub name: String,
    /// Where to log in.
    pub address: String,
    /// The guide, and training.
    pub guide: String,
    /// The help desk's address.
    pub help_desk: String,
    /// How many days the identity provider's activation link lasts.
    pub activation_link_days: u16,
}

/// As on *Guidance for regional leads*, 2 Sep 2025; seven days are Okta's default.
impl Default for ServiceDetails {
    fn default() -> Self {
        Self {
            name: "Record a vaccination service (RAVS)".to_string(),
            address: "https://www.ravs.england.nhs.uk/".to_string(),
            guide: "https://guide.ravs.england.nhs.uk/".to_string(),
            help_desk: "ravs.support@england.nhs.uk".to_string(),
            activation_link_days: 7,
        }
    }
}
