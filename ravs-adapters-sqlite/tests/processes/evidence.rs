//! What was heard of killed processes, and what the file says to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ravs_adapters_sqlite::SqliteStore;
use ravs_core::port::Store as _;
use ravs_core::{ChangeSetId, Effect, EffectKey, Event, OrganisationReplay, Stream, Version};
use rusqlite::{Connection, OpenFlags, Params};
use tokio::runtime::Builder;

use crate::journal::{Line, Saving};
use crate::load;

/// What was heard.
#[derive(Default)]
pub(crate) struct Evidence {
    saving: BTreeMap<ChangeSetId, Saving>,
    saved: BTreeSet<ChangeSetId>,
    refused: BTreeSet<ChangeSetId>,
    settling: BTreeSet<EffectKey>,
    settled: BTreeSet<EffectKey>,
    /// How many were there although nobody had heard so, and how many were not.
    unheard: (usize, usize),
}

impl Evidence {
    pub(crate) fn hear(&mut self, line: &str) {
        match serde_json::from_str(line).unwrap() {
            Line::Saving(saving) => drop(self.saving.insert(saving.id, *saving)),
            Line::Saved(id) => drop(self.saved.insert(id)),
            Line::Refused(id) => drop(self.refused.insert(id)),
            Line::Settling(key) => drop(self.settling.insert(key)),
            Line::Settled(key) => drop(self.settled.insert(key)),
        }
    }

    /// Hears what was said before a kill, of which the very last line may be cut off.
    pub(crate) fn hear_last_words(&mut self, lines: &[String]) {
        let whole = lines.last().is_none_or(|last| serde_json::from_str::<Line>(last).is_ok());
        let heard = if whole { lines.len() } else { lines.len() - 1 };
        for line in &lines[..heard] {
            self.hear(line);
        }
    }

    /// Compares all that was ever heard with what is stored.
    pub(crate) fn compare(&mut self, store: &SqliteStore, path: &Path) {
        let runtime = Builder::new_current_thread().build().unwrap();
        let file = File::look(path);
        file.assert_sound();
        let mut unheard = (0, 0);
        for (id, saving) in &self.saving {
            let is_there = file.has_change_set(*id);
            if self.saved.contains(id) {
                assert!(is_there, "an acknowledged change set is lost");
            } else if self.refused.contains(id) {
                assert!(!is_there, "a refused change set is there");
            } else if is_there {
                unheard.0 += 1;
            } else {
                unheard.1 += 1;
            }
            if is_there {
                runtime.block_on(assert_whole(saving, store));
            }
            file.assert_whole_or_absent(saving, is_there);
        }
        self.unheard = unheard;
        assert_eq!(file.count("change_sets"), self.saved.len() + unheard.0, "nobody saved that");
        let done = file.done();
        assert!(self.settled.is_subset(&done), "what was acknowledged as done is not done");
        assert!(done.is_subset(&self.settling), "nobody has done that");
        runtime.block_on(assert_told(store, &file));
    }

    /// The kills have hit: much was acknowledged, and some were killed between a commit's begin
    /// and its acknowledgement.
    pub(crate) fn assert_telling(&self, kills: u64) {
        let (there, absent) = self.unheard;
        println!(
            "{kills} kills: {} commits acknowledged, {} refused; of those cut off {there} are there, \
             {absent} not; {} effects done",
            self.saved.len(),
            self.refused.len(),
            self.settled.len(),
        );
        assert!(self.saved.len() > 500, "hardly anything was done");
        assert!(self.settled.len() > 50, "hardly anything was carried out");
        assert!(there + absent > 0, "nobody was killed at a commit");
    }

    /// Every effect is done in the end, or given up on where that can be seen.
    pub(crate) fn assert_nothing_waits(&self, path: &Path) {
        let file = File::look(path);
        let waiting = "SELECT count(*) FROM effects WHERE status NOT IN ('Done', 'Parked')";
        assert_eq!(file.number(waiting, []), 0);
        assert!(file.done().len() > self.settled.len() / 2);
    }
}

/// What is stored of it is at least as new, and the same where it is as old; its events are told
/// as they were.
async fn assert_whole(saving: &Saving, store: &SqliteStore) {
    for state in &saving.organisations {
        let stored = store.organisation(state.id()).await.unwrap().unwrap();
        assert_newer((stored.version(), &stored), (state.version(), state));
    }
    for state in &saving.memberships {
        let roster = store.roster(state.organisation()).await.unwrap().unwrap();
        let stored = &roster.by_user(state.user()).unwrap().membership;
        assert_newer((stored.version(), stored), (state.version(), state));
    }
    for state in &saving.users {
        let stored = store.users(&[state.id()]).await.unwrap().pop().unwrap();
        assert_newer((stored.version(), &stored), (state.version(), state));
    }
    for state in &saving.regional_leads {
        let stored = store.regional_lead(state.user()).await.unwrap().unwrap();
        assert_newer((stored.version(), &stored), (state.version(), state));
    }
    for state in &saving.records {
        let stored = store.record(state.organisation(), state.id()).await.unwrap().unwrap();
        assert_newer((stored.version(), &stored), (state.version(), state));
    }
    let streams: BTreeSet<Stream> = saving.events.iter().map(|event| event.stream).collect();
    for stream in streams {
        let history = store.history(stream, None, usize::MAX).await.unwrap();
        let told: Vec<&Event> = history.iter().map(|entry| &entry.event).collect();
        let mine = |event: &&&Event| event.change == saving.id;
        let told: Vec<&Event> = told.iter().filter(mine).copied().collect();
        let expected = saving.events.iter().filter(|event| event.stream == stream);
        assert_eq!(told, expected.collect::<Vec<_>>());
    }
}

fn assert_newer<T: PartialEq + std::fmt::Debug>(stored: (Version, T), saved: (Version, T)) {
    assert!(stored.0 >= saved.0, "{:?} is lost: stored is {:?}", saved.1, stored.1);
    if stored.0 == saved.0 {
        assert_eq!(stored.1, saved.1);
    }
}

/// R-H1: every history replays to what is stored, its versions and positions without a gap.
async fn assert_told(store: &SqliteStore, file: &File) {
    let organisations = load::stored(store, &load::world(0)).await;
    assert_eq!(organisations.len(), file.count("organisations"));
    for id in organisations {
        let history = store.history(Stream::Organisation(id), None, usize::MAX).await.unwrap();
        let positions = history.iter().map(|entry| entry.position.0);
        assert!(positions.eq(1..=history.len() as u64), "a history has a gap");
        let events = || history.iter().map(|entry| &entry.event);
        let replay = OrganisationReplay::of(events()).unwrap();
        let roster = store.roster(id).await.unwrap().unwrap();
        assert_eq!(replay.organisation(), Some(&roster.organisation));
        let versions = events().filter_map(|event| event.organisation_version);
        let last = roster.organisation.version().number();
        assert!(versions.map(Version::number).eq(1..=last), "versions have a gap");
        let members: BTreeMap<_, _> = roster
            .members
            .into_iter()
            .map(|member| (member.user.id(), member.membership))
            .collect();
        assert_eq!(replay.memberships(), &members);
        let records = store.records(id, None).await.unwrap();
        let records: BTreeMap<_, _> =
            records.into_iter().map(|record| (record.id(), record)).collect();
        assert_eq!(replay.records(), &records);
    }
}

/// The file itself, as any tool could look into it.
struct File(Connection);

impl File {
    fn look(path: &Path) -> Self {
        Self(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap())
    }

    fn assert_sound(&self) {
        let said: String =
            self.0.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
        assert_eq!(said, "ok");
        assert_eq!(self.number("SELECT count(*) FROM pragma_foreign_key_check", []), 0);
    }

    fn number(&self, sql: &str, parameters: impl Params) -> usize {
        let mut statement = self.0.prepare_cached(sql).unwrap();
        statement.query_row(parameters, |row| row.get(0)).unwrap()
    }

    fn count(&self, table: &str) -> usize {
        self.number(&format!("SELECT count(*) FROM {table}"), [])
    }

    fn has_change_set(&self, id: ChangeSetId) -> bool {
        self.number("SELECT count(*) FROM change_sets WHERE id = ?1", [id.as_uuid().as_bytes()]) > 0
    }

    /// Of what is there everything is there; of what is not, nothing.
    fn assert_whole_or_absent(&self, saving: &Saving, is_there: bool) {
        let of = |table: &str| {
            let sql = format!("SELECT count(*) FROM {table} WHERE change_set_id = ?1");
            self.number(&sql, [saving.id.as_uuid().as_bytes()])
        };
        let expected = |count: usize| if is_there { count } else { 0 };
        let events = of("organisation_events") + of("person_events");
        assert_eq!(events, expected(saving.events.len()));
        assert_eq!(of("organisation_versions"), expected(saving.organisations.len()));
        assert_eq!(of("record_revisions"), expected(saving.records.len()));
        assert_eq!(of("effects"), expected(saving.effects.len()));
        for effect in &saving.effects {
            assert_eq!(self.effect(&effect.key).as_ref(), is_there.then_some(effect));
        }
    }

    fn effect(&self, key: &EffectKey) -> Option<Effect> {
        let sql = "SELECT work, queued_at FROM effects WHERE key = ?1";
        let mut statement = self.0.prepare_cached(sql).unwrap();
        let mut rows = statement.query([key.as_str()]).unwrap();
        rows.next().unwrap().map(|row| Effect {
            key: key.clone(),
            work: serde_json::from_str(&row.get::<_, String>(0).unwrap()).unwrap(),
            queued_at: chrono::DateTime::from_timestamp_nanos(row.get(1).unwrap()),
        })
    }

    fn done(&self) -> BTreeSet<EffectKey> {
        let mut statement =
            self.0.prepare_cached("SELECT key FROM effects WHERE status = 'Done'").unwrap();
        let keys = statement.query_map([], |row| row.get(0)).unwrap();
        keys.map(|key| EffectKey::from_stored(key.unwrap())).collect()
    }
}
