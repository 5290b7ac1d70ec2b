//! The mailboxes from which a region may ask for a new regional lead.

use alloc::collections::BTreeMap;

use super::Region;
use crate::refusal::{Code, Fault};
use crate::user::EmailAddress;

/// The mailbox of each region's vaccination operations centre (RVOC), as the host knows them.
///
/// None are published, so none ship: a region without a mailbox can have no one added.
///
/// ```
/// use ravs_core::{Region, RvocMailboxes};
///
/// let mailboxes: RvocMailboxes =
///     [(Region::London, "rvoc.london@nhs.net".parse()?)].into_iter().collect();
/// assert!(mailboxes.check(Region::London, " RVOC.London@nhs.net").is_ok());
/// assert!(mailboxes.check(Region::SouthWest, "rvoc.london@nhs.net").is_err());
/// # Ok::<(), ravs_core::InvalidEmail>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RvocMailboxes(BTreeMap<Region, EmailAddress>);

impl RvocMailboxes {
    /// Whether a request from this address may add a lead to this region (R-A2).
    ///
    /// # Errors
    /// `not_the_rvoc_mailbox` for any other address.
    pub fn check(&self, region: Region, requested_from: &str) -> Result<(), Fault> {
        let from = requested_from.parse::<EmailAddress>().ok();
        match (self.0.get(&region), from) {
            (Some(mailbox), Some(from)) if *mailbox == from => Ok(()),
            _ => Err(Fault::new(
                Code::NotTheRvocMailbox,
                "a new regional lead is asked for from the region's own RVOC mailbox",
            )),
        }
    }
}

impl FromIterator<(Region, EmailAddress)> for RvocMailboxes {
    fn from_iter<I: IntoIterator<Item = (Region, EmailAddress)>>(mailboxes: I) -> Self {
        Self(mailboxes.into_iter().collect())
    }
}
