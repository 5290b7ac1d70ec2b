//! Sequences for the model test: few people, bodies and regions, so that their ways cross often.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use ravs_core::{Action, OrganisationStatus, PermissionLevel, Region};

use crate::faulty::FaultPoint;
use crate::model::command::{
    ClockMove, Command, LifeStep, Profile, Sequence, Step, Typed, Vouched,
};

/// Whether commits fail on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Faults {
    /// Everything works.
    #[default]
    None,
    /// About every fourth command has a commit that fails before, within or after it, or is
    /// overtaken.
    Injected,
}

const USERS: [&str; 5] =
    ["ann@nhs.net", "bob@nhs.net", "cat@trust.nhs.uk", "dan@nhs.net", "eve@nhs.net"];
const LEADS: [(&str, Region); 3] = [
    ("lee@nhs.net", Region::London),
    ("max@nhs.net", Region::Midlands),
    ("kim@nhs.net", Region::London),
];
const VACCINES: [&str; 8] = ["Flu", "Flu", "FLU", " flu", "RSV", "Flu (London)", "Hpv", "hPV"];
const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Sequences of at least 60 commands, after a few that set the scene.
pub fn sequences(faults: Faults) -> impl Strategy<Value = Sequence> {
    let begins = [
        "2024-12-14T22:00:00Z", // two days before an address could be shared (R-U4)
        "2025-03-29T22:30:00Z", // the night before the clocks go forward
        "2025-10-25T21:30:00Z", // the night before they go back
        "2025-12-30T12:00:00Z", // the clocks go forward inside the 90 days
        "2026-08-10T22:30:00Z", // an hour before it is another day in London, and in UTC
        "2027-11-30T12:00:00Z", // a leap day ahead
    ];
    let profiles = select(vec![Profile::Aug2024, Profile::Dec2024, Profile::Sep2025]);
    let begins = select(begins.map(at).to_vec());
    // every step is kept, until a failing sequence is shrunk to the steps that matter
    let steps = prop::collection::vec((prop::bool::weighted(1.0), step(faults)), 60..90);
    let peopled = prop::bool::weighted(0.7);
    let all = (profiles, begins, any::<bool>(), peopled, steps);
    all.prop_map(|(profile, begins, skewed, peopled, random)| {
        let random = random.into_iter().filter(|(kept, _)| *kept).map(|(_, step)| step);
        let steps = scene_setting(peopled).into_iter().chain(random).collect();
        Sequence { profile, begins, skewed, steps }
    })
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

/// Each region has a lead, and one of them onboards a pharmacy; where it is `peopled`, it is
/// entered and has users of every level.
fn scene_setting(peopled: bool) -> Vec<Step> {
    use PermissionLevel::{Administrator, LeadAdministrator, Recorder};
    let leads = LEADS.into_iter().map(|(email, region)| Command::AddRegionalLead {
        region,
        from_mailbox: true,
        lead: typed(email),
    });
    let onboard = Command::Onboard {
        by: vouched_as(LEADS[0].0),
        code: "FA001".into(),
        vaccines: vec!["Flu".into()],
        nominees: vec![typed(USERS[0]), typed(USERS[1])],
    };
    let enter = Command::Enter { who: vouched_as(USERS[0]), organisation: 0 };
    let users = [(USERS[2], LeadAdministrator), (USERS[3], Administrator), (USERS[4], Recorder)];
    let users = users.map(|(email, level)| Command::AddUser {
        session: 0,
        person: typed(email),
        clinician: true,
        level,
    });
    let people = peopled.then(|| [enter].into_iter().chain(users)).into_iter().flatten();
    let commands = leads.chain([onboard]).chain(people);
    let clock = ClockMove::By(SECOND);
    commands.map(|command| Step { clock, command, fault: None }).collect()
}

fn typed(email: &str) -> Typed {
    let first = email.split('@').next().unwrap_or_default().to_owned();
    Typed { first, last: "Adams".into(), email: email.to_owned() }
}

fn vouched_as(email: &str) -> Vouched {
    Vouched { email: Some(email.to_owned()), subject: format!("subject-of-{email}") }
}

fn step(faults: Faults) -> impl Strategy<Value = Step> {
    let points = [FaultPoint::Before, FaultPoint::Within, FaultPoint::After, FaultPoint::Conflict];
    let fault = match faults {
        Faults::None => Just(None).boxed(),
        Faults::Injected => prop_oneof![
            3 => Just(None),
            1 => (select(points.to_vec()), 0usize..2).prop_map(Some),
        ]
        .boxed(),
    };
    let step = |(clock, command, fault)| Step { clock, command, fault };
    (clock(), command(), fault).prop_map(step)
}

fn clock() -> impl Strategy<Value = ClockMove> {
    let notable = [
        "2024-12-16T00:00:00Z",
        "2025-03-30T01:00:00Z",
        "2025-10-26T01:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
    ];
    let edge = -1i64..=1;
    prop_oneof![
        20 => (0..3600 * SECOND).prop_map(ClockMove::By),
        4 => Just(ClockMove::By(0)),
        3 => Just(ClockMove::By(1)),
        5 => (0..3 * DAY).prop_map(ClockMove::By),
        1 => (3 * DAY..100 * DAY).prop_map(ClockMove::By),
        3 => (-5 * DAY..0).prop_map(ClockMove::By),
        1 => (-95 * DAY..0).prop_map(ClockMove::By),
        3 => (0usize..4, edge.clone()).prop_map(|(of, by)| ClockMove::ToClosing(of, by)),
        2 => (0i64..3, edge.clone()).prop_map(|(days, by)| ClockMove::ToMidnight(days, by)),
        1 => (select(notable.map(at).to_vec()), edge).prop_map(|(to, by)| {
            ClockMove::To(to + chrono::TimeDelta::nanoseconds(by))
        }),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    // in two parts, as `prop_oneof` takes no more than ten strategies well
    prop_oneof![40 => at_a_desk(), 60 => at_an_organisation()]
}

fn at_a_desk() -> impl Strategy<Value = Command> {
    let nominees = || prop::collection::vec(person(), 0..4);
    let life = |step| (lead(), 0usize..60, Just(step));
    let life_steps = prop_oneof![
        5 => life(LifeStep::Deactivate),
        6 => life(LifeStep::Reactivate),
        2 => life(LifeStep::Withdraw),
        1 => life(LifeStep::Show),
    ];
    let status = prop::option::of(select(OrganisationStatus::ALL.to_vec()));
    let inviter =
        prop::option::weighted(0.3, select(vec!["LEE@nhs.net", "max@nhs.net", "x@nhs.net"]));
    let good = select(vec!["FA001", "fa001 ", "FA002", "RX1", "K81003001"]);
    let codes = prop_oneof![12 => good, 1 => select(vec!["ZZZ99", "R-1"])];
    prop_oneof![
        8 => (lead(), codes, vaccines(), nominees()).prop_map(
            |(by, code, vaccines, nominees)| {
                Command::Onboard { by, code: code.into(), vaccines, nominees }
            }
        ),
        4 => (lead(), 0usize..60, nominees()).prop_map(|(by, organisation, nominees)| {
            Command::Nominate { by, organisation, nominees }
        }),
        11 => life_steps.prop_map(|(by, organisation, step)| {
            Command::Life { by, organisation, step }
        }),
        3 => (lead(), 0usize..60, vaccines()).prop_map(|(by, organisation, vaccines)| {
            Command::AddVaccines { by, organisation, vaccines }
        }),
        2 => (lead(), status, inviter, 1usize..4).prop_map(|(by, status, invited_by, limit)| {
            Command::List { by, status, invited_by: invited_by.map(Into::into), limit }
        }),
        4 => Just(Command::Sweep),
        6 => (any::<bool>(), any::<bool>(), 1usize..40).prop_map(
            |(provider_up, mailer_up, limit)| Command::Deliver { provider_up, mailer_up, limit }
        ),
        4 => support(),
    ]
}

fn support() -> impl Strategy<Value = Command> {
    let region = select(vec![Region::London, Region::Midlands]);
    let regular = select(LEADS.to_vec()).prop_map(|(email, region)| (region, true, typed(email)));
    let any_lead = (region, prop::bool::weighted(0.8), person());
    let email = prop_oneof![select(LEADS.to_vec()).prop_map(|(email, _)| email.into()), email()];
    prop_oneof![
        3 => prop_oneof![regular, any_lead].prop_map(|(region, from_mailbox, lead)| {
            Command::AddRegionalLead { region, from_mailbox, lead }
        }),
        1 => email.clone().prop_map(|email| Command::StopRegionalLead { email }),
        1 => email.prop_map(|email| Command::ResendActivation { email }),
    ]
}

fn at_an_organisation() -> impl Strategy<Value = Command> {
    let day = || 0i64..110;
    let clinician = || select(USERS.to_vec()).prop_map(String::from);
    let session = || 0usize..40;
    prop_oneof![
        16 => (user(), 0usize..60).prop_map(|(who, organisation)| Command::Enter { who, organisation }),
        4 => user().prop_map(|who| Command::SignIn { who }),
        28 => managing(),
        8 => (session(), select(VACCINES.to_vec()), day(), clinician(), clinician()).prop_map(
            |(session, vaccine, day, assessing, consenting)| {
                Command::Record { session, vaccine: vaccine.into(), day, assessing, consenting }
            }
        ),
        5 => (
            session(),
            0usize..60,
            prop::option::of(day()),
            prop::option::of(clinician()),
            prop::option::of(clinician()),
        )
            .prop_map(|(session, record, day, assessing, consenting)| {
                Command::Edit { session, record, day, assessing, consenting }
            }),
        2 => (session(), day(), day()).prop_map(|(session, first, last)| {
            Command::Report { session, first, last }
        }),
        4 => reading(),
    ]
}

fn reading() -> impl Strategy<Value = Command> {
    let vaccine = prop::option::of(select(VACCINES.to_vec()).prop_map(String::from));
    let session = || 0usize..40;
    prop_oneof![
        3 => (session(), select(Action::ALL.to_vec()), vaccine).prop_map(
            |(session, action, vaccine)| Command::Authorise { session, action, vaccine }
        ),
        1 => session().prop_map(|session| Command::Users { session }),
        1 => session().prop_map(|session| Command::Clinicians { session }),
        1 => session().prop_map(|session| Command::Records { session }),
    ]
}

fn managing() -> impl Strategy<Value = Command> {
    let level = || select(PermissionLevel::ALL.to_vec());
    let session = || 0usize..40;
    prop_oneof![
        8 => (session(), person(), any::<bool>(), level()).prop_map(
            |(session, person, clinician, level)| {
                Command::AddUser { session, person, clinician, level }
            }
        ),
        9 => (
            session(),
            email(),
            prop::option::of(level()),
            prop::option::of(any::<bool>()),
        )
            .prop_map(|(session, email, level, clinician)| {
                Command::ChangeUser { session, email, level, clinician }
            }),
        6 => (session(), email()).prop_map(|(session, email)| {
            Command::DeactivateUser { session, email }
        }),
        4 => (session(), email()).prop_map(|(session, email)| {
            Command::ReactivateUser { session, email }
        }),
        4 => (session(), email(), email()).prop_map(|(session, from, to)| {
            Command::MoveToMainEmail { session, from, to }
        }),
    ]
}

/// An address as somebody types it: mostly a good one.
fn email() -> impl Strategy<Value = String> {
    prop_oneof![
        24 => select(USERS.to_vec()).prop_map(String::from),
        2 => select(USERS.to_vec()).prop_map(|email| format!(" {}", email.to_uppercase())),
        1 => Just("lee@nhs.net".to_owned()),
        1 => select(vec!["", "no address", "fay@evilnhs.net", "gus@nhs.uk.example.org"])
            .prop_map(String::from),
    ]
}

fn person() -> impl Strategy<Value = Typed> {
    let first = prop_oneof![
        12 => select(vec!["Ann", "Bo", " Zoë "]).prop_map(String::from),
        1 => select(vec![String::new(), "x".repeat(50), "x".repeat(51)]),
    ];
    let last = select(vec!["Adams", "Brown"]).prop_map(String::from);
    (first, last, email()).prop_map(|(first, last, email)| Typed { first, last, email })
}

fn vaccines() -> impl Strategy<Value = Vec<String>> {
    let name = prop_oneof![
        12 => select(VACCINES.to_vec()).prop_map(String::from),
        1 => select(vec![String::new(), "a\nb".to_owned(), "x".repeat(41)]),
    ];
    prop::collection::vec(name, 0..3)
}

/// Mostly a lead, as the provider always vouches for them.
fn lead() -> impl Strategy<Value = Vouched> {
    prop_oneof![
        16 => Just(vouched_as(LEADS[0].0)),
        5 => Just(vouched_as(LEADS[1].0)),
        5 => Just(vouched_as(LEADS[2].0)),
        1 => user(),
    ]
}

/// Mostly a user, now and then one whose address and subject do not belong together, or without an
/// address.
fn user() -> impl Strategy<Value = Vouched> {
    let subject = |email: &str| format!("subject-of-{email}");
    prop_oneof![
        24 => select(USERS.to_vec()).prop_map(vouched_as),
        1 => select(USERS.to_vec()).prop_map(|email| {
            Vouched { email: Some(email.into()), subject: "a stranger's".into() }
        }),
        1 => (select(USERS.to_vec()), select(USERS.to_vec())).prop_map(move |(email, other)| {
            Vouched { email: Some(email.into()), subject: subject(other) }
        }),
        2 => select(USERS.to_vec()).prop_map(move |email| {
            Vouched { email: None, subject: subject(email) }
        }),
        1 => Just(vouched_as("nobody@nhs.net")),
    ]
}
