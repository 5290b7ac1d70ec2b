//! The vaccine types an organisation may record, which only ever grow.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::VaccineType;
use crate::stored::{Corrupt, ensure};

/// The vaccine types granted to an organisation (R-V3).
///
/// Types are added and never removed: there is no operation for it, and none hands out the
/// types in a form in which they could be changed.
///
/// ```
/// use ravs_core::{VaccineGrants, VaccineType};
///
/// let flu: VaccineType = "Flu".parse()?;
/// let (grants, added) = VaccineGrants::default().with(vec![flu.clone()]);
/// assert!(grants.contains(&flu));
/// assert_eq!(added, [flu]);
/// # Ok::<(), ravs_core::InvalidVaccineName>(())
/// ```
///
/// ```compile_fail
/// use ravs_core::{VaccineGrants, VaccineType};
///
/// fn take_away(grants: &mut VaccineGrants, vaccine: &VaccineType) {
///     grants.remove(vaccine); // no such operation
/// }
/// ```
///
/// ```compile_fail
/// use ravs_core::{VaccineGrants, VaccineType};
///
/// fn rename(grants: &mut VaccineGrants, other: VaccineType) {
///     *grants.iter().next().unwrap() = other; // only shared references come out
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredGrants", into = "StoredGrants")]
pub struct VaccineGrants(Vec<VaccineType>);

/// Grants as a store keeps them: numbered from 1 in the order of granting, with their count
/// beside them, so that a missing one is noticed when they are loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredGrants {
    /// How many there are.
    pub count: u32,
    /// The number of each, and its type.
    pub grants: Vec<(u32, VaccineType)>,
}

impl VaccineGrants {
    /// These and the given ones, and which of the given were new (R-V2).
    #[must_use]
    pub fn with(self, types: Vec<VaccineType>) -> (Self, Vec<VaccineType>) {
        let mut all = self.0;
        let mut added = Vec::new();
        for vaccine in types {
            if !all.contains(&vaccine) {
                all.push(vaccine.clone());
                added.push(vaccine);
            }
        }
        (Self(all), added)
    }

    /// Whether this type is granted.
    #[must_use]
    pub fn contains(&self, vaccine: &VaccineType) -> bool {
        self.0.iter().any(|granted| granted == vaccine)
    }

    /// The granted type, in the spelling in which it was granted.
    #[must_use]
    pub fn granted(&self, vaccine: &VaccineType) -> Option<&VaccineType> {
        self.0.iter().find(|granted| *granted == vaccine)
    }

    /// The types in the order in which they were granted.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &VaccineType> {
        self.0.iter()
    }

    /// The types as they are shown: sorted by code point.
    #[must_use]
    pub fn sorted(&self) -> Vec<VaccineType> {
        let mut types = self.0.clone();
        types.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        types
    }

    /// Comes back from a store.
    ///
    /// # Errors
    /// [`Corrupt`] when a grant is missing, doubled or numbered wrongly.
    pub fn restore(stored: StoredGrants) -> Result<Self, Corrupt> {
        let StoredGrants { count, grants } = stored;
        ensure(u32::try_from(grants.len()) == Ok(count), "grants: a granted vaccine is missing")?;
        let mut all = Self::default();
        for (place, (number, vaccine)) in (1u32..).zip(grants) {
            ensure(number == place, "grants: a granted vaccine is missing")?;
            ensure(!all.contains(&vaccine), "grants: a vaccine is granted twice")?;
            all.0.push(vaccine);
        }
        Ok(all)
    }
}

impl From<VaccineGrants> for StoredGrants {
    fn from(grants: VaccineGrants) -> Self {
        let grants: Vec<_> = (1u32..).zip(grants.0).collect();
        Self { count: u32::try_from(grants.len()).unwrap_or(u32::MAX), grants }
    }
}

impl TryFrom<StoredGrants> for VaccineGrants {
    type Error = Corrupt;

    fn try_from(stored: StoredGrants) -> Result<Self, Self::Error> {
        Self::restore(stored)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn types(names: &[&str]) -> Vec<VaccineType> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    // R-V2
    #[test]
    fn adding_says_which_were_new() {
        let (grants, added) = VaccineGrants::default().with(types(&["RSV", "Flu", "flu"]));
        assert_eq!(added, types(&["RSV", "Flu"]));
        let (grants, added) = grants.with(types(&["FLU", "MMR"]));
        assert_eq!(added, types(&["MMR"]));
        assert_eq!(grants.iter().len(), 3);
        assert_eq!(grants.sorted(), types(&["Flu", "MMR", "RSV"]));
        assert!(!grants.contains(&types(&["Pertussis"])[0]));
    }

    // R-V1: the spelling is the one it was granted in.
    #[test]
    fn a_granted_type_keeps_its_spelling() {
        let (grants, _) = VaccineGrants::default().with(types(&["Hpv"]));
        assert_eq!(grants.granted(&types(&["HPV"])[0]).unwrap().as_str(), "Hpv");
        assert_eq!(grants.granted(&types(&["MMR"])[0]), None);
    }

    // R-V3
    #[test]
    fn grants_from_which_one_was_taken_do_not_load() {
        let (grants, _) = VaccineGrants::default().with(types(&["RSV", "Flu", "MMR"]));
        let stored = StoredGrants::from(grants.clone());
        assert_eq!(VaccineGrants::restore(stored.clone()).unwrap(), grants);
        for gone in 0..3 {
            let mut less = stored.clone();
            less.grants.remove(gone);
            assert!(VaccineGrants::restore(less.clone()).is_err(), "without its {gone}th");
            less.count -= 1;
            let still_loads = gone == 2; // the count is what holds the last one
            assert_eq!(VaccineGrants::restore(less).is_ok(), still_loads);
        }
        let mut doubled = stored;
        doubled.grants[2].1 = types(&["rsv"])[0].clone();
        assert!(VaccineGrants::restore(doubled).is_err());
    }

    #[test]
    fn none_granted_is_a_state_too() {
        let none = StoredGrants { count: 0, grants: vec![] };
        assert_eq!(VaccineGrants::restore(none).unwrap(), VaccineGrants::default());
    }
}
