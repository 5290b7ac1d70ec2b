//! Everything that is committed is read back as it was: every field, spelling and nanosecond.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ravs_core::command::{self, ChangeUser, Nominate, Nominee, RecordVaccination};
use ravs_core::port::{PortError, Store};
use ravs_core::{
    Actor, ChangeSet, ClinicianStatus, Member, Membership, Organisation, OrganisationId,
    PermissionLevel, RecordId, Region, RegionalLead, Standing, Stream, Subject, User, UserId,
    VaccinationRecord,
};

use super::{day, first_page, whole_history};
use crate::conformance::promise::{Promise as _, There as _, assert_same};
use crate::conformance::seed::{Scene, Seed, body, read, whole_life};

/// Texts that something between here and the disk may take for something else.
const TEXTS: [&str; 12] = [
    "O'Brien's \"Quoted\" Practice",
    "Robert'); DROP TABLE organisations;--",
    "100% _under_ \\back\\slash \\n $1 ?1 :name @p",
    "tab\there, line\nthere, bell\u{7}",
    "NULL",
    "{\"json\": [1, null]} <b>&amp;</b>",
    "Åsgård, Łódź, Ñandú, Ελλάδα, עברית, العربية, 診療所",
    "composed café, decomposed cafe\u{301}",
    "emoji 👩🏽‍⚕️ and \u{10ffff}",
    "\u{202e}right to left\u{202c}\u{200b}",
    "a\u{a0}b",
    "ı İ ß ẞ ſ K",
];

/// A body's name, address and postcode are kept as they were shown, with any characters.
pub async fn a_body_reads_back_as_it_was_shown(store: &dyn Store) {
    let seed = Seed::new();
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await.kept();
    for (number, text) in TEXTS.into_iter().enumerate() {
        let mut body = body(&format!("ABC{number:02}"), text);
        body.name = format!("  {text} "); // as it was shown, the space around it too
        body.address = text.chars().rev().collect();
        body.postcode = if number == 0 { String::new() } else { text.to_owned() };
        let nominees = ["a", "b"].map(|name| format!("{name}{number}@nhs.net"));
        let onboarded = seed.onboarding(&lead.answer, &body, [&nominees[0], &nominees[1]]);
        store.commit(&onboarded.change).await.kept();
        let stored = store.organisation(onboarded.answer.id()).await.kept();
        assert_same(&stored.there("the organisation"), &onboarded.answer);
    }
    let listed = first_page(store, Region::London, seed.now()).await.kept();
    assert_eq!(listed.len(), TEXTS.len());
}

/// An organisation is the same by whichever method it is read, in every state it can have.
pub async fn an_organisation_reads_back_in_every_state(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let invited = scene.organisation(store).await.kept();
    let names = ["hpv", "Flu (London)", "水痘", "MENB", "covid-19"];
    seed.tick();
    let added = seed.vaccines(&scene.lead, &invited, &names);
    store.commit(&added.change).await.kept();
    read_everywhere(store, &scene, &added.answer.organisation, seed.now()).await.kept();
    seed.tick();
    let (ada, place) = scene.place(store, scene.ada).await.kept();
    let entered = seed.entry(&ada, &place);
    store.commit(&entered.change).await.kept();
    read_everywhere(store, &scene, &entered.answer.1.organisation, seed.now()).await.kept();
    seed.tick();
    let deactivated = scene.deactivate(&seed, store).await.kept();
    read_everywhere(store, &scene, &deactivated, seed.now()).await.kept();
    seed.tick();
    let reactivated = seed.reactivation(&scene.lead, &scene.roster(store).await.kept());
    store.commit(&reactivated.change).await.kept();
    read_everywhere(store, &scene, &reactivated.answer, seed.now()).await.kept();
    let deactivated = scene.deactivate(&seed, store).await.kept();
    seed.clock.set(deactivated.state().closing().there("the closing").instant());
    let closed = seed.closing(&scene.roster(store).await.kept());
    store.commit(&closed.change).await.kept();
    read_everywhere(store, &scene, &closed.answer, seed.now()).await.kept();

    let withdrawn = Scene::invited(&seed, store, "RCF").await.kept();
    seed.tick();
    let change = seed.withdrawal(&withdrawn.lead, &withdrawn.roster(store).await.kept());
    store.commit(&change.change).await.kept();
    let stored = store.organisation(withdrawn.id).await.kept().there("the withdrawn one");
    assert_same(&stored, &change.answer);
}

async fn read_everywhere(
    store: &dyn Store,
    scene: &Scene,
    committed: &Organisation,
    now: DateTime<Utc>,
) -> Result<(), PortError> {
    assert_same(&store.organisation(scene.id).await?.there("the organisation"), committed);
    assert_same(&scene.roster(store).await?.organisation, committed);
    assert_same(&first_page(store, committed.region(), now).await?, &vec![committed.clone()]);
    let places = store.places(scene.ada).await?;
    assert_same(&places.first().there("a place").organisation, committed);
    let held = store.unclosed_organisation(committed.ods_code()).await?;
    if let Some(held) = held {
        assert_same(&held, committed);
    }
    Ok(())
}

/// A membership is the same by whichever method it is read, in every state it can have: with a
/// level that waits and without, entered or never, deactivated and back.
pub async fn a_membership_reads_back_in_every_state(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let una = "Una@nhs.net";
    let roster = scene.roster(store).await.kept();
    let added = seed.user(scene.ada, &roster, None, una, PermissionLevel::Administrator);
    store.commit(&added.change).await.kept();
    member_everywhere(store, &scene, &added.answer).await.kept();
    for entered in [false, true] {
        for level in PermissionLevel::ALL {
            seed.tick();
            let clinician = Some(match level {
                PermissionLevel::Recorder => ClinicianStatus::Clinician,
                _ => ClinicianStatus::NotClinician,
            });
            let command = ChangeUser { email: una.to_owned(), level: Some(level), clinician };
            let changed = seed.change(scene.ada, &scene.roster(store).await.kept(), &command);
            store.commit(&changed.change).await.kept();
            member_everywhere(store, &scene, &changed.answer).await.kept();
        }
        seed.tick();
        let left = seed.leaving(scene.ada, &scene.roster(store).await.kept(), una);
        store.commit(&left.change).await.kept();
        member_everywhere(store, &scene, &left.answer).await.kept();
        seed.tick();
        let back = seed.return_of(scene.ada, &scene.roster(store).await.kept(), una);
        store.commit(&back.change).await.kept();
        member_everywhere(store, &scene, &back.answer).await.kept();
        if !entered {
            seed.tick();
            let (user, place) = scene.place(store, back.answer.user.id()).await.kept();
            let entry = seed.entry(&user, &place);
            store.commit(&entry.change).await.kept();
            let membership = entry.answer.1.membership;
            member_everywhere(store, &scene, &Member { user, membership }).await.kept();
        }
    }
}

async fn member_everywhere(
    store: &dyn Store,
    scene: &Scene,
    committed: &Member,
) -> Result<(), PortError> {
    let Member { user, membership } = committed;
    let roster = scene.roster(store).await?;
    assert_same(&roster.by_user(user.id()).there("the member").membership, membership);
    let members = store.members(scene.id, std::slice::from_ref(user.email())).await?;
    assert_same(&members.first().there("the member").membership, membership);
    let places = store.places(user.id()).await?;
    assert_same(&places.first().there("the place").membership, membership);
    let standing = store.standing(user.id(), scene.id).await?;
    assert_eq!(standing, Some(Standing::of(&roster.organisation, membership)));
    Ok(())
}

/// People's names are kept with any characters, their addresses and subjects as they are.
pub async fn a_person_reads_back_as_typed(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let texts = TEXTS.map(|text| text.chars().take(50).collect::<String>());
    for (number, text) in texts.iter().enumerate() {
        let email = format!("O'Typed+{number}_&{{x}}!#$%*/=?^`|~-y.Z@NHS.net");
        let (first_name, last_name) = (text.clone(), texts[texts.len() - 1 - number].clone());
        let nominee = Nominee { first_name, last_name, email };
        let command = Nominate { nominees: vec![nominee] };
        let context = seed.context(Actor::RegionalLead(scene.lead.user()));
        let roster = scene.roster(store).await.kept();
        let nominated = command::nominate(context, &scene.lead, Some(&roster), &[], &command);
        let Ok(nominated) = nominated else { panic!("the core refuses a nominee of the suite") };
        store.commit(&nominated.change).await.kept();
        let user = &nominated.change.users()[0].state;
        seed.tick();
        let subject = Subject::new(&format!("{text}|{}", "é".repeat(200))).ok();
        let linked = seed.link(user, &subject.there("a subject of the suite's own"));
        store.commit(&linked.change).await.kept();
        people_everywhere(store, &scene, &linked.answer).await.kept();
    }
}

async fn people_everywhere(
    store: &dyn Store,
    scene: &Scene,
    committed: &User,
) -> Result<(), PortError> {
    let one = vec![committed.clone()];
    assert_same(&store.users(&[committed.id()]).await?, &one);
    assert_same(&store.users_by_email(&[committed.email().clone()]).await?, &one);
    let subject = committed.subject().there("the subject");
    assert_same(&store.user_by_subject(subject).await?.there("the user"), committed);
    let members = store.members(scene.id, &[committed.email().clone()]).await?;
    assert_same(&members.first().there("the member").user, committed);
    let roster = scene.roster(store).await?;
    assert_same(&roster.by_user(committed.id()).there("the member").user, committed);
    Ok(())
}

/// Every time is kept to the nanosecond, before 1970 too, and on either side of a clock change.
pub async fn times_read_back_to_the_nanosecond(store: &dyn Store) {
    let seed = Seed::new();
    let times = [
        "1969-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00.000000001Z",
        "2026-03-29T00:59:59.999999999Z",
        "2026-10-25T01:00:00.000001001Z",
        "2261-12-31T23:59:59.123456789Z",
    ];
    for (number, time) in times.into_iter().enumerate() {
        let now: DateTime<Utc> = read(time);
        seed.clock.set(now);
        let scene = Scene::clinical(&seed, store, &format!("ABC{number}")).await.kept();
        let invited = scene.organisation(store).await.kept();
        assert_eq!(invited.stored().invited_at, now, "invited at {time}");
        let at = seed.tick();
        let roster = scene.roster(store).await.kept();
        let recorded = seed.recording(scene.ada, &roster, &scene.ada_email, day(1));
        store.commit(&recorded.change).await.kept();
        let records = store.records(scene.id, None, 10).await.kept();
        assert_same(&records, &vec![recorded.answer]);
        assert_eq!(records[0].recorded_at(), at);
        let at = seed.tick();
        let deactivated = scene.deactivate(&seed, store).await.kept();
        let stored = scene.organisation(store).await.kept();
        assert_same(&stored, &deactivated);
        assert_eq!(stored.stored().changed_at, at);
        let history = whole_history(store, Stream::Organisation(scene.id)).await.kept();
        assert_eq!(history.first().there("the first event").event.at, now);
        assert_eq!(history.last().there("the last event").event.at, at);
    }
}

/// A whole life, with everything that can happen in it: every state and every event is read back
/// as it was committed.
pub async fn a_whole_life_reads_back(store: &dyn Store) {
    let mut seed = Seed::new();
    let life = whole_life(&mut seed, store).await.kept();
    let mut told = BTreeMap::<Stream, Vec<_>>::new();
    let mut states = LastStates::default();
    for change in &life {
        for event in change.events() {
            told.entry(event.stream).or_default().push(event.clone());
        }
        states.see(change);
    }
    let mut kinds: Vec<&str> = told.values().flatten().map(|event| event.what.name()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 22, "the life has one of everything: {kinds:?}");
    for (stream, events) in told {
        let history = whole_history(store, stream).await.kept();
        let read: Vec<_> = history.into_iter().map(|entry| entry.event).collect();
        assert_same(&read, &events);
    }
    states.are_read_back(store).await.kept();
}

/// The last states that were committed.
#[derive(Default)]
struct LastStates {
    organisations: BTreeMap<OrganisationId, Organisation>,
    members: BTreeMap<(OrganisationId, UserId), Membership>,
    users: BTreeMap<UserId, User>,
    leads: BTreeMap<UserId, RegionalLead>,
    records: BTreeMap<RecordId, VaccinationRecord>,
}

impl LastStates {
    fn see(&mut self, change: &ChangeSet) {
        let (organisations, members) = (change.organisations(), change.memberships());
        self.organisations.extend(organisations.iter().map(|w| (w.state.id(), w.state.clone())));
        let key = |m: &Membership| (m.organisation(), m.user());
        self.members.extend(members.iter().map(|w| (key(&w.state), w.state.clone())));
        self.users.extend(change.users().iter().map(|w| (w.state.id(), w.state.clone())));
        let leads = change.regional_leads().iter();
        self.leads.extend(leads.map(|w| (w.state.user(), w.state.clone())));
        self.records.extend(change.records().iter().map(|w| (w.state.id(), w.state.clone())));
    }

    async fn are_read_back(&self, store: &dyn Store) -> Result<(), PortError> {
        for (id, organisation) in &self.organisations {
            let roster = store.roster(*id).await?.there("the roster");
            assert_same(&roster.organisation, organisation);
            let here = self.members.keys().filter(|(at, _)| at == id).count();
            assert_eq!(roster.members.len(), here, "the members of the organisation");
            for Member { user, membership } in &roster.members {
                let committed = self.members.get(&(*id, user.id())).there("the membership");
                assert_same(membership, committed);
            }
        }
        for (id, user) in &self.users {
            assert_same(&store.users(&[*id]).await?, &vec![user.clone()]);
        }
        for (id, lead) in &self.leads {
            assert_same(&store.regional_lead(*id).await?.there("the regional lead"), lead);
        }
        for (id, record) in &self.records {
            let read = store.record(record.organisation(), *id).await?;
            assert_same(&read.there("the record"), record);
        }
        Ok(())
    }
}

/// A record keeps its vaccine type as it was granted, and two different clinicians apart.
pub async fn a_record_reads_back_as_made(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let organisation = scene.organisation(store).await.kept();
    let change = seed.vaccines(&scene.lead, &organisation, &["hPv (Boys)"]).change;
    store.commit(&change).await.kept();
    let standing = store.standing(scene.ada, scene.id).await.kept();
    let emails = [scene.ada_email.clone(), scene.ben_email.clone()];
    let members = store.members(scene.id, &emails).await.kept();
    let command = RecordVaccination {
        vaccine: "HPV (BOYS)".to_owned(),
        given_on: read("1899-02-28"),
        assessing: scene.ada_email.as_str().to_owned(),
        consenting: scene.ben_email.as_str().to_owned(),
    };
    let context = seed.context(Actor::User(scene.ada));
    let made = command::record_vaccination(context, standing.as_ref(), &members, &command);
    let Ok(made) = made else { panic!("the core refuses a recording of the suite") };
    store.commit(&made.change).await.kept();
    let stored = store.record(scene.id, made.answer.id()).await.kept().there("the record");
    assert_same(&stored, &made.answer);
    assert_eq!(stored.vaccine().as_str(), "hPv (Boys)");
}
