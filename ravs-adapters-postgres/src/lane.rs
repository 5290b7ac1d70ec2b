//! The lanes of the queue of effects.

use ravs_core::UserId;

/// How many lanes the queue has, 1 to 64; 1 unless told otherwise.
///
/// In a lane, effects are claimed in the order of the commits that queued them, as far as these
/// wait for or follow each other. On several
/// machines, each lane is on one of them; a person's effects share a lane, so that they keep
/// their order there. Changing the number is safe at any time to a higher one; to a lower one
/// when the lanes given up are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lanes(i16);

/// A number of lanes that is not 1 to 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a queue has 1 to 64 lanes")]
pub struct InvalidLanes;

impl Lanes {
    /// So many lanes.
    ///
    /// # Errors
    /// [`InvalidLanes`] unless it is 1 to 64.
    pub fn new(number: u8) -> Result<Self, InvalidLanes> {
        if (1..=64).contains(&number) { Ok(Self(number.into())) } else { Err(InvalidLanes) }
    }

    /// Each of them.
    pub(crate) fn each(self) -> impl Iterator<Item = i16> {
        0..self.0
    }

    /// The lane of a person's effects; the last bytes of an id are as good as chance.
    pub(crate) fn of(self, user: UserId) -> i16 {
        let [.., a, b] = *user.as_uuid().as_bytes();
        let spread = i32::from(u16::from_be_bytes([a, b])) % i32::from(self.0);
        i16::try_from(spread).unwrap_or_default()
    }
}

impl Default for Lanes {
    fn default() -> Self {
        Self(1)
    }
}

#[cfg(test)]
mod tests {
    use ravs_core::UserId;

    use super::*;

    #[test]
    fn a_person_has_one_of_the_lanes() {
        let lanes = Lanes::new(7).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for number in 0..200_u32 {
            let user: UserId = format!("00000000-0000-4000-8000-{number:012x}").parse().unwrap();
            assert_eq!(lanes.of(user), lanes.of(user));
            assert_eq!(Lanes::default().of(user), 0);
            seen.insert(lanes.of(user));
        }
        assert!(seen.iter().copied().eq(lanes.each()));
    }

    #[test]
    fn there_is_at_least_one_lane() {
        assert_eq!(Lanes::new(0), Err(InvalidLanes));
        assert_eq!(Lanes::new(65), Err(InvalidLanes));
        assert_eq!(Lanes::new(1), Ok(Lanes::default()));
    }
}
