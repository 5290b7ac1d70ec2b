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
/// let mailboxes = RvocMailboxes::default().with(Region::London, "rvoc.london@nhs.net".parse()?);
/// assert!(mailboxes.check(Region::London, " RVOC.London@nhs.net").is_ok());
/// assert!(mailboxes.check(Region::SouthWest, "rvoc.london@nhs.net").is_err());
/// # Ok::<(), ravs_core::InvalidEmail>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RvocMailboxes(BTreeMap<Region, EmailAddress>);

impl RvocMailboxes {
    /// These, and this region's.
    #[must_use]
    pub fn with(mut self, region: Region, mailbox: EmailAddress) -> Self {
        self.0.insert(region, mailbox);
        self
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    // R-A2: the region's own mailbox, and no other.
    #[test]
    fn only_the_regions_own_mailbox_asks() {
        let mailboxes: RvocMailboxes = [
            (Region::London, "rvoc.london@nhs.net".parse().unwrap()),
            (Region::Midlands, "rvoc.midlands@nhs.net".parse().unwrap()),
        ]
        .into_iter()
        .collect();
        let code = |region, from| mailboxes.check(region, from).map_err(|fault| fault.code());
        assert_eq!(code(Region::London, " RVOC.London@NHS.net "), Ok(()));
        for from in ["rvoc.midlands@nhs.net", "jo@nhs.net", "", "not an address"] {
            assert_eq!(code(Region::London, from), Err(Code::NotTheRvocMailbox), "{from}");
        }
        let unset = code(Region::SouthWest, "rvoc.london@nhs.net");
        assert_eq!(unset, Err(Code::NotTheRvocMailbox));
        let nobody = RvocMailboxes::default().check(Region::London, "rvoc.london@nhs.net");
        assert!(nobody.is_err());
    }
}
