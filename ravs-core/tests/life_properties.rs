//! Random lives of an organisation and its members, on the pure functions, by clocks that run
//! forwards, backwards, and over the changes of London's clocks.

#[cfg(test)]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod sample;

#[cfg(test)]
mod life;

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveTime, TimeZone as _, Utc};
    use chrono_tz::Europe::London;
    use proptest::prelude::*;
    use proptest::test_runner::FileFailurePersistence;
    use ravs_core::{Membership, Organisation, OrganisationState, OrganisationStatus, london_date};

    use crate::life::{Life, Step, steps};

    /// R-L3 in other words than the code's: count the days on a calendar, take the midnight after.
    fn closing_of(deactivated: chrono::DateTime<Utc>) -> chrono::DateTime<Utc> {
        let after_the_last = london_date(deactivated) + Days::new(91);
        let midnight = after_the_last.and_time(NaiveTime::MIN);
        London.from_local_datetime(&midnight).single().unwrap().to_utc()
    }

    fn check_step(before: &Life, step: &Step, after: &Life) -> Result<(), TestCaseError> {
        let now = step.at();
        let (old, new) = (&before.organisation, &after.organisation);
        // R-L5: nothing leads out of Closed, whatever the clock says.
        let closed = OrganisationStatus::Closed;
        if old.status_at(now) == closed {
            prop_assert_eq!(new.status_at(now), closed);
            let only_written_down =
                new == old || matches!(new.state(), OrganisationState::Closed { .. });
            prop_assert!(only_written_down, "{:?} of what is closed", step);
        }
        if matches!(old.state(), OrganisationState::Closed { .. }) {
            prop_assert_eq!(new, old);
        }
        // R-V3: grants only grow, and keep their order.
        let (granted, kept) = (new.vaccines().iter(), old.vaccines().iter());
        prop_assert!(granted.len() >= kept.len() && kept.zip(granted).all(|(a, b)| a == b));
        // R-L7, R-H1: no change is earlier than the one before, and each is one version more.
        let moved = new != old;
        prop_assert!(new.stored().changed_at >= old.stored().changed_at);
        let version = if moved { old.version().next() } else { old.version() };
        prop_assert_eq!(new.version(), version);
        // R-L3: the closing is worked out at deactivation, and kept.
        if let OrganisationState::Deactivated { at, closes_at } = new.state() {
            prop_assert_eq!(closes_at.instant(), closing_of(*at));
            if let OrganisationState::Deactivated { closes_at: kept, .. } = old.state() {
                prop_assert_eq!(closes_at, kept);
            }
        }
        for (old, new) in before.members.iter().zip(&after.members) {
            check_member(step, old, new)?;
        }
        // Whatever is reached loads again.
        prop_assert_eq!(Organisation::restore(new.stored().clone()), Ok(new.clone()));
        for member in &after.members {
            prop_assert_eq!(Membership::restore(member.stored().clone()), Ok(member.clone()));
        }
        Ok(())
    }

    fn check_member(step: &Step, old: &Membership, new: &Membership) -> Result<(), TestCaseError> {
        prop_assert!(new.stored().changed_at >= old.stored().changed_at);
        let version = if new == old { old.version() } else { old.version().next() };
        prop_assert_eq!(new.version(), version);
        // R-U7: a level that waits applies at an entry and nowhere else.
        if new.level() != old.level() {
            prop_assert!(step.is_entry() || step.is_nomination(), "{step:?}");
            prop_assert_eq!(new.next_level(), None);
        }
        // R-U8: who has ever entered stays one who has.
        let entered = |membership: &Membership| membership.stored().state.entered();
        if let Some(first) = entered(old).map(|entries| entries.first) {
            prop_assert_eq!(entered(new).map(|entries| entries.first), Some(first));
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 512,
            failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
            ..ProptestConfig::default()
        })]

        // R-L1 to R-L7, R-V3, R-U7, R-U8
        #[test]
        fn a_life_keeps_the_rules_at_every_step(steps in steps(50)) {
            let mut life = Life::begun();
            for step in &steps {
                let mut after = life.clone();
                after.take(step);
                check_step(&life, step, &after)?;
                life = after;
            }
            let organisation = serde_json::to_string(&life.organisation).unwrap();
            prop_assert_eq!(serde_json::from_str::<Organisation>(&organisation).unwrap(), life.organisation);
            let members = serde_json::to_string(&life.members).unwrap();
            prop_assert_eq!(serde_json::from_str::<Vec<Membership>>(&members).unwrap(), life.members);
        }

        // R-L6: written down or not, closed is closed, and at the same instant.
        #[test]
        fn a_sweep_changes_no_answer(steps in steps(30), swept_at in 0usize..30) {
            let (mut swept, mut unswept) = (Life::begun(), Life::begun());
            for (number, step) in steps.iter().enumerate() {
                swept.take(step);
                unswept.take(step);
                if number >= swept_at && let Ok(closed) =
                    swept.organisation.clone().write_down_closing(step.at())
                {
                    swept.organisation = closed;
                }
                let status = |life: &Life| life.organisation.status_at(step.at());
                if status(&unswept) == OrganisationStatus::Closed || status(&swept) == OrganisationStatus::Closed {
                    // R-L7 is of what is stored: an unswept closing may be seen by a slow clock
                    let latest = steps[..=number].iter().map(Step::at).max().unwrap();
                    prop_assert_eq!(unswept.organisation.status_at(latest), OrganisationStatus::Closed);
                    prop_assert_eq!(swept.organisation.status_at(latest), OrganisationStatus::Closed);
                    break;
                }
                prop_assert_eq!(status(&swept), status(&unswept));
            }
        }
    }

    // The steps are such that every state is reached: a property that holds of nothing is none.
    #[test]
    fn random_lives_reach_every_state() {
        use proptest::strategy::ValueTree as _;
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let mut reached = std::collections::BTreeSet::new();
        let mut deactivated = 0;
        for _ in 0..200 {
            let mut life = Life::begun();
            for step in steps(50).new_tree(&mut runner).unwrap().current() {
                life.take(&step);
                let state = life.organisation.state();
                reached.insert((life.organisation.status_at(step.at()), state.closing().is_some()));
                deactivated += usize::from(state.closing().is_some());
            }
        }
        let all = [
            (OrganisationStatus::Invited, false),
            (OrganisationStatus::Active, false),
            (OrganisationStatus::Deactivated, true),
            (OrganisationStatus::Closed, false),
            (OrganisationStatus::Closed, true),
        ];
        assert!(reached.into_iter().eq(all));
        assert!(deactivated > 100);
    }
}
