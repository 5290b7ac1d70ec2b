use ravs_core::command::{Nominate, nominate};
use ravs_core::{
    Code, MembershipStatus, OrganisationStatus, PermissionLevel, Region, RegionalLead,
    StoredRegionalLead,
};

use crate::desk::{
    Desk, at, checked, faults, happened, known, nominee, queued, roster, whole, with,
};
use crate::sample;

const LEAD: PermissionLevel = PermissionLevel::LeadAdministrator;
const RECORDER: PermissionLevel = PermissionLevel::Recorder;

fn command(emails: &[&str]) -> Nominate {
    Nominate { nominees: emails.iter().map(|email| nominee("Jo", "Ng", email)).collect() }
}

// R-O8: at any time while Invited or Active.
#[test]
fn a_region_nominates_while_invited_or_active() {
    let desk = Desk::open();
    let lead = sample::active_lead();
    for (state, expected) in sample::states().into_iter().zip([
        None,
        None,
        Some(Code::OrganisationDeactivated),
        Some(Code::OrganisationClosed),
    ]) {
        let roster = roster(state, vec![]);
        let outcome = nominate(desk.region(), &lead, Some(&roster), &[], &command(&["jo@nhs.net"]));
        match expected {
            Some(code) => assert_eq!(faults(outcome), [whole(code)]),
            None => {
                let decided = checked(outcome.unwrap());
                assert_eq!(happened(&decided.change), ["user_added", "member_added"]);
                let [membership] = decided.change.memberships() else { panic!("one member") };
                assert_eq!(membership.state.level(), LEAD);
                assert_eq!(decided.answer.version(), roster.organisation.version().next());
            }
        }
    }
}

// R-O8: the cure when nobody is left, also for one whose access was taken away.
#[test]
fn a_deactivated_nominee_comes_back_as_lead_administrator() {
    let desk = Desk::open();
    let gone = sample::member(3, MembershipStatus::Deactivated, RECORDER);
    let roster = roster(sample::active(), vec![gone]);
    let emails = command(&["USER-3@nhs.net", "user-4@nhs.net"]);
    let lead = sample::active_lead();
    let decided = nominate(desk.region(), &lead, Some(&roster), &[known(3), known(4)], &emails);
    let decided = checked(decided.unwrap());
    assert_eq!(happened(&decided.change), ["member_nominated_again", "member_added"]);
    let [back, added] = decided.change.memberships() else { panic!("two members") };
    assert_eq!((back.state.status(), back.state.level()), (MembershipStatus::Active, LEAD));
    assert_eq!((added.state.status(), added.state.level()), (MembershipStatus::Invited, LEAD));
    let welcome = "welcome_lead_administrator";
    let queue = [("open_account", 3), (welcome, 3), ("open_account", 4), (welcome, 4)];
    assert_eq!(queued(&decided.change), queue.map(|(name, user)| (name, Some(user))));
    assert_eq!(decided.answer.status_at(desk.now), OrganisationStatus::Active);
}

// R-O3, R-O8: every fault at once.
#[test]
fn bad_input_gets_every_fault_at_once() {
    let desk = Desk::open();
    let members = vec![
        sample::member(1, MembershipStatus::Active, RECORDER),
        with(sample::member(2, MembershipStatus::Active, RECORDER), |m| {
            m.state = sample::membership_state(MembershipStatus::Invited);
        }),
    ];
    let roster = roster(sample::active(), members);
    let command = Nominate {
        nominees: vec![
            nominee("Ada", "Ng", "user-1@nhs.net"),
            nominee("", "Ng", "user-2@nhs.net"),
            nominee("Ada", "Ng", "jo@evilnhs.net"),
            nominee("Ada", "Ng", "jo@evilnhs.net"),
            nominee("Ada", "Ng", ""),
        ],
    };
    let lead = sample::active_lead();
    assert_eq!(
        faults(nominate(desk.region(), &lead, Some(&roster), &[], &command)),
        [
            at(Code::AlreadyAMember, "nominees[0].email"),
            at(Code::NameMissing, "nominees[1].first_name"),
            at(Code::AlreadyAMember, "nominees[1].email"),
            at(Code::EmailDomainNotAllowed, "nominees[2].email"),
            at(Code::DuplicateNominee, "nominees[3].email"),
            at(Code::EmailDomainNotAllowed, "nominees[3].email"),
            at(Code::EmailInvalid, "nominees[4].email"),
        ]
    );
    let nobody = nominate(desk.region(), &lead, Some(&roster), &[], &Nominate::default());
    assert_eq!(faults(nobody), [at(Code::TooFewNominees, "nominees")]);
}

// R-A3: another region's answers as one that does not exist.
#[test]
fn only_the_own_region_is_acted_on() {
    let desk = Desk::open();
    let stored = StoredRegionalLead { region: Region::Midlands, ..sample::active_lead().into() };
    let midlands = RegionalLead::restore(stored).unwrap();
    let roster = roster(sample::closed(), vec![]);
    let refused = |lead, roster| {
        faults(nominate(desk.region(), lead, roster, &[], &command(&["jo@nhs.net"])))
    };
    assert_eq!(refused(&midlands, Some(&roster)), [whole(Code::NotInYourRegion)]);
    assert_eq!(refused(&midlands, None), [whole(Code::NotInYourRegion)]);
    assert_eq!(refused(&sample::active_lead(), Some(&roster)), [whole(Code::OrganisationClosed)]);
}
