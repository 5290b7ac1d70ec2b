//! What the store's own ports show of everything.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use ravs_adapters_sqlite::SqliteStore;
use ravs_core::port::{HistoryEntry, Store as _};
use ravs_core::{
    ChangeSetId, Event, EventId, Membership, Organisation, OrganisationId, OrganisationReplay,
    RecordId, RegionalLead, Stream, User, UserId, VaccinationRecord, Version,
};

use super::file::File;
use crate::journal::Saving;
use crate::load;

/// Everything that is stored.
pub(super) struct Stored {
    organisations: BTreeMap<OrganisationId, Organisation>,
    memberships: BTreeMap<(OrganisationId, UserId), Membership>,
    users: BTreeMap<UserId, User>,
    regional_leads: BTreeMap<UserId, RegionalLead>,
    records: BTreeMap<(OrganisationId, RecordId), VaccinationRecord>,
    histories: BTreeMap<Stream, Vec<HistoryEntry>>,
    /// The events that came with each change set, by stream and in order.
    events: BTreeMap<ChangeSetId, BTreeMap<Stream, Vec<Event>>>,
}

impl Stored {
    pub(super) async fn read(store: &SqliteStore, file: &File) -> Self {
        let mut stored = Self {
            organisations: BTreeMap::new(),
            memberships: BTreeMap::new(),
            users: BTreeMap::new(),
            regional_leads: BTreeMap::new(),
            records: BTreeMap::new(),
            histories: BTreeMap::new(),
            events: BTreeMap::new(),
        };
        let mut streams: Vec<Stream> = file.users.iter().map(|id| Stream::Person(*id)).collect();
        for id in load::stored(store, &load::world(0)).await {
            let roster = store.roster(id).await.unwrap().unwrap();
            for member in roster.members {
                stored.memberships.insert((id, member.user.id()), member.membership);
            }
            for record in store.records(id, None, 100_000).await.unwrap() {
                stored.records.insert((id, record.id()), record);
            }
            stored.organisations.insert(id, roster.organisation);
            streams.push(Stream::Organisation(id));
        }
        for user in store.users(&file.users).await.unwrap() {
            if let Some(lead) = store.regional_lead(user.id()).await.unwrap() {
                stored.regional_leads.insert(user.id(), lead);
            }
            stored.users.insert(user.id(), user);
        }
        for stream in streams {
            let history = store.history(stream, None, usize::MAX).await.unwrap();
            for entry in &history {
                let of_change = stored.events.entry(entry.event.change).or_default();
                of_change.entry(stream).or_default().push(entry.event.clone());
            }
            stored.histories.insert(stream, history);
        }
        stored
    }

    /// Whether it is this that was saved under its id: its very events are there.
    pub(super) fn tells(&self, saving: &Saving) -> bool {
        let mut events = BTreeMap::<Stream, Vec<Event>>::new();
        for event in &saving.events {
            events.entry(event.stream).or_default().push(event.clone());
        }
        self.events.get(&saving.id) == Some(&events)
    }

    /// Everything of it is there, or something newer.
    pub(super) fn assert_whole(&self, saving: &Saving, file: &File) {
        for state in &saving.organisations {
            let stored = &self.organisations[&state.id()];
            assert_newer((stored.version(), stored), (state.version(), state));
        }
        for state in &saving.memberships {
            let stored = &self.memberships[&(state.organisation(), state.user())];
            assert_newer((stored.version(), stored), (state.version(), state));
        }
        for state in &saving.users {
            let stored = &self.users[&state.id()];
            assert_newer((stored.version(), stored), (state.version(), state));
        }
        for state in &saving.regional_leads {
            let stored = &self.regional_leads[&state.user()];
            assert_newer((stored.version(), stored), (state.version(), state));
        }
        for state in &saving.records {
            let stored = &self.records[&(state.organisation(), state.id())];
            assert_newer((stored.version(), stored), (state.version(), state));
        }
        assert_eq!(file.rows("organisation_versions", saving.id), saving.organisations.len());
        assert_eq!(file.rows("record_revisions", saving.id), saving.records.len());
        assert_eq!(file.rows("effects", saving.id), saving.effects.len());
        for effect in &saving.effects {
            assert_eq!(file.effects.get(&effect.key), Some(effect));
        }
    }

    /// Nothing of it is there.
    pub(super) fn assert_absent(&self, saving: &Saving, file: &File) {
        assert_eq!(self.events.get(&saving.id), None);
        for table in ["organisation_versions", "record_revisions", "effects"] {
            assert_eq!(file.rows(table, saving.id), 0, "{table} has half of what was not saved");
        }
        for effect in &saving.effects {
            assert!(!file.effects.contains_key(&effect.key));
        }
    }

    /// R-H1: every history replays to what is stored; positions and versions have no gap, and no
    /// event is told twice.
    pub(super) fn assert_told(&self) {
        for (id, organisation) in &self.organisations {
            let history = &self.histories[&Stream::Organisation(*id)];
            let events = || history.iter().map(|entry| &entry.event);
            let replay = OrganisationReplay::of(events()).unwrap();
            assert_eq!(replay.organisation(), Some(organisation));
            let here = (*id, UserId::from_uuid(uuid::Uuid::nil()));
            let members = self.memberships.range(here..).take_while(|((at, _), _)| at == id);
            let members: BTreeMap<_, _> =
                members.map(|((_, user), membership)| (*user, membership.clone())).collect();
            assert_eq!(replay.memberships(), &members);
            let here = (*id, RecordId::from_uuid(uuid::Uuid::nil()));
            let records = self.records.range(here..).take_while(|((at, _), _)| at == id);
            let records: BTreeMap<_, _> =
                records.map(|((_, record), state)| (*record, state.clone())).collect();
            assert_eq!(replay.records(), &records);
            let versions = events().filter_map(|event| event.organisation_version);
            let last = organisation.version().number();
            assert!(versions.map(Version::number).eq(1..=last), "versions have a gap");
        }
        for history in self.histories.values() {
            let positions = history.iter().map(|entry| entry.position.0);
            assert!(positions.eq(1..=history.len() as u64), "a history has a gap");
            let ids: BTreeSet<EventId> = history.iter().map(|entry| entry.event.id).collect();
            assert_eq!(ids.len(), history.len(), "an event is told twice");
        }
    }
}

fn assert_newer<T: PartialEq + Debug>(stored: (Version, &T), saved: (Version, &T)) {
    assert!(stored.0 >= saved.0, "{:?} is lost: stored is {:?}", saved.1, stored.1);
    if stored.0 == saved.0 {
        assert_eq!(stored.1, saved.1);
    }
}
