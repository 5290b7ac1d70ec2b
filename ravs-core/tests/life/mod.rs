//! An organisation with three members, and random steps of their lives.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use ravs_core::{
    ClinicianStatus, Membership, MembershipStatus, Organisation, PermissionLevel, VaccineType,
};

use crate::sample;

/// An organisation and its members.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    pub(crate) organisation: Organisation,
    pub(crate) members: [Membership; 3],
}

/// What is asked for, of which member where it is of one, and the time by some clock.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    what: What,
    member: usize,
    at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
enum What {
    Enter,
    Deactivate,
    Reactivate,
    Withdraw,
    WriteDownClosing,
    AddVaccines(Vec<VaccineType>),
    ChangeLevel(PermissionLevel),
    ChangeClinician(ClinicianStatus),
    DeactivateMember,
    ReactivateMember,
    NominateAgain,
}

impl Step {
    pub(crate) fn at(&self) -> DateTime<Utc> {
        self.at
    }

    pub(crate) fn is_entry(&self) -> bool {
        matches!(self.what, What::Enter)
    }

    pub(crate) fn is_nomination(&self) -> bool {
        matches!(self.what, What::NominateAgain)
    }
}

impl Life {
    pub(crate) fn begun() -> Self {
        let levels = [1, 2, 3].into_iter().zip(PermissionLevel::ALL);
        let members = levels
            .map(|(number, level)| sample::membership(1, number, MembershipStatus::Invited, level))
            .collect::<Vec<_>>();
        let organisation = sample::organisation(1, sample::INVITED);
        Self { organisation, members: members.try_into().unwrap() }
    }

    /// Takes a step; one that is refused changes nothing.
    pub(crate) fn take(&mut self, step: &Step) {
        let now = step.at;
        let organisation = || self.organisation.clone();
        let member = || self.members[step.member].clone();
        let stepped = match &step.what {
            What::Enter => {
                // both or neither, as the command does it
                let at = self.organisation.not_before(now);
                if let (Ok(entered), Ok(active)) = (member().enter(at), organisation().enter(at)) {
                    self.members[step.member] = entered;
                    self.organisation = active;
                }
                return;
            }
            What::Deactivate => organisation().deactivate(90, now).ok(),
            What::Reactivate => organisation().reactivate(now).ok(),
            What::Withdraw => organisation().withdraw(now).ok(),
            What::WriteDownClosing => organisation().write_down_closing(now).ok(),
            What::AddVaccines(types) => {
                organisation().add_vaccines(types.clone(), now).ok().map(|(after, _)| after)
            }
            of_a_member => {
                let changed = match of_a_member {
                    What::ChangeLevel(level) => member().change_level(*level, now),
                    What::ChangeClinician(status) => member().change_clinician(*status, now),
                    What::DeactivateMember => member().deactivate(now),
                    What::ReactivateMember => member().reactivate(now),
                    _ => member().nominate_again(now),
                };
                if let Ok(changed) = changed {
                    self.members[step.member] = changed;
                }
                return;
            }
        };
        if let Some(after) = stepped {
            self.organisation = after;
        }
    }
}

fn whats() -> impl Strategy<Value = What> {
    let types = prop::collection::vec(
        prop::sample::select(vec!["Flu", "flu", "RSV", "MMR", "HPV", "hpv", "Zoster"]),
        0..4,
    );
    let types = types.prop_map(|names| names.iter().map(|name| name.parse().unwrap()).collect());
    prop_oneof![
        4 => Just(What::Enter),
        4 => Just(What::Deactivate),
        3 => Just(What::Reactivate),
        1 => Just(What::Withdraw),
        1 => Just(What::WriteDownClosing),
        2 => types.prop_map(What::AddVaccines),
        3 => prop::sample::select(PermissionLevel::ALL.to_vec()).prop_map(What::ChangeLevel),
        1 => prop::sample::select(vec![ClinicianStatus::Clinician, ClinicianStatus::NotClinician])
            .prop_map(What::ChangeClinician),
        2 => Just(What::DeactivateMember),
        2 => Just(What::ReactivateMember),
        1 => Just(What::NominateAgain),
    ]
}

/// How far the clock moves: mostly on, sometimes back, often to just about a midnight, a change
/// of the clocks or a closing, a nanosecond to either side of it.
fn moves() -> impl Strategy<Value = TimeDelta> {
    prop_oneof![
        4 => (0i64..20 * 86_400).prop_map(TimeDelta::seconds),
        2 => (-3i64..4).prop_map(TimeDelta::nanoseconds),
        1 => (-40i64 * 86_400..0).prop_map(TimeDelta::seconds),
        1 => (80i64..92).prop_map(TimeDelta::days),
    ]
}

/// Instants at which something turns in London: the changes of the clocks, midnights about them,
/// and the closings of deactivations there.
fn turns() -> impl Strategy<Value = DateTime<Utc>> {
    prop::sample::select(vec![
        "2026-03-29T01:00:00Z",
        "2026-03-29T00:00:00Z",
        "2026-03-29T23:00:00Z",
        "2026-04-05T23:00:00Z",
        "2026-06-28T23:00:00Z",
        "2026-10-25T00:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-10-24T23:00:00Z",
        "2027-01-24T00:00:00Z",
        "2028-02-29T00:00:00Z",
    ])
    .prop_map(sample::at)
}

/// That many random steps.
pub(crate) fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let time = prop_oneof![
        12 => moves().prop_map(Err),
        1 => (turns(), -1i64..2).prop_map(|(turn, ns)| Ok(turn + TimeDelta::nanoseconds(ns))),
    ];
    prop::collection::vec((whats(), 0usize..3, time), count).prop_map(|steps| {
        let mut now = sample::start();
        let mut step = |(what, member, time): (What, usize, Result<DateTime<Utc>, TimeDelta>)| {
            now = time.unwrap_or_else(|by| now + by);
            Step { what, member, at: now }
        };
        steps.into_iter().map(&mut step).collect()
    })
}
