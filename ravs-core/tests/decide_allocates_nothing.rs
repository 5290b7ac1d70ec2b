//! A decision allocates nothing (R-P5), counted by an allocator.

#[cfg(test)]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod sample;

use ravs_core::permission::{decide, explain};
use ravs_core::{Action, MembershipStatus, PermissionLevel, Request};

// R-P5
#[test]
fn deciding_allocates_nothing() {
    let now = sample::at("2026-03-02T09:00:00Z");
    let (flu, other) = ("Flu".parse().unwrap(), "Zoster".parse().unwrap());
    let mut standings = Vec::new();
    for state in sample::states() {
        for membership in MembershipStatus::ALL {
            for level in PermissionLevel::ALL {
                standings.push(sample::standing(state, membership, level));
            }
        }
    }
    let mut allowed = 0;
    let counted = allocation_counter::measure(|| {
        for standing in &standings {
            for action in Action::ALL {
                allowed += u32::from(decide(standing, action, now).is_allowed());
            }
            for vaccine in [&flu, &other] {
                let request = Request::recording(vaccine);
                allowed += u32::from(decide(standing, request, now).is_allowed());
            }
        }
    });
    assert_eq!(counted.count_total, 0);
    assert!(allowed > 0, "something was decided");
}

#[test]
fn the_counter_counts() {
    let now = sample::at("2026-03-02T09:00:00Z");
    let [invited, ..] = sample::states();
    let standing = sample::standing(invited, MembershipStatus::Invited, PermissionLevel::Recorder);
    let counted = allocation_counter::measure(|| {
        assert!(!explain(&standing, Action::ManageUsers, now).allowed);
    });
    assert!(counted.count_total > 0);
}
