//! What is in the database, as its owner sees it.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Pool;
use ravs_core::{ChangeSetId, EffectKey, OrganisationId, UserId};
use uuid::Uuid;

use crate::Failed;
use crate::journal::Parts;

/// The parts of one change set that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) events: BTreeSet<(Uuid, Uuid)>,
    pub(super) versions: BTreeSet<(Uuid, u64)>,
    pub(super) effects: BTreeSet<String>,
}

/// An effect.
#[derive(Clone, Debug)]
pub(super) struct StoredEffect {
    pub(super) key: EffectKey,
    pub(super) status: String,
    /// Whether an email is to be sent.
    pub(super) is_mail: bool,
}

/// Everything that is compared.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The change sets that say that they are there.
    pub(super) committed: BTreeSet<ChangeSetId>,
    /// What is there of each.
    pub(super) changes: BTreeMap<ChangeSetId, Stored>,
    pub(super) effects: Vec<StoredEffect>,
    pub(super) organisations: Vec<OrganisationId>,
    pub(super) people: Vec<UserId>,
    /// Of users, organisations and records.
    pub(super) ids: BTreeSet<Uuid>,
    /// The change sets in which an email was dropped.
    pub(super) drops: BTreeSet<ChangeSetId>,
    users: BTreeMap<Uuid, u64>,
    leads: BTreeMap<Uuid, u64>,
    memberships: BTreeMap<(Uuid, Uuid), u64>,
    records: BTreeMap<(Uuid, Uuid), u64>,
}

impl Contents {
    pub(super) async fn read(owner: &Pool) -> Result<Self, Failed> {
        let client = owner.get().await?;
        let mut all = Self::default();
        for row in client.query("SELECT id FROM ravs.change_sets", &[]).await? {
            all.committed.insert(ChangeSetId::from_uuid(row.get(0)));
        }
        let events = "
            SELECT change_set_id, organisation_id, id, name FROM ravs.organisation_events
            UNION ALL SELECT change_set_id, user_id, id, name FROM ravs.person_events";
        for row in client.query(events, &[]).await? {
            let change = ChangeSetId::from_uuid(row.get(0));
            all.changes.entry(change).or_default().events.insert((row.get(1), row.get(2)));
            if row.get::<_, &str>(3) == "email_dropped" {
                all.drops.insert(change);
            }
        }
        let versions =
            "SELECT change_set_id, organisation_id, version FROM ravs.organisation_versions";
        for row in client.query(versions, &[]).await? {
            let stored = all.changes.entry(ChangeSetId::from_uuid(row.get(0))).or_default();
            stored.versions.insert((row.get(1), number(row.get(2))));
        }
        let effects = "SELECT key, status, work ? 'send' FROM ravs.effects";
        for row in client.query(effects, &[]).await? {
            let (key, status, is_mail) = (row.get::<_, String>(0), row.get(1), row.get(2));
            // the change set's id is the end of the key
            let change = key.rsplit('.').next().unwrap_or_default().parse()?;
            all.changes.entry(change).or_default().effects.insert(key.clone());
            all.effects.push(StoredEffect { key: EffectKey::from_stored(key), status, is_mail });
        }
        for row in client.query("SELECT id, version FROM ravs.users", &[]).await? {
            all.people.push(UserId::from_uuid(row.get(0)));
            all.ids.insert(row.get(0));
            all.users.insert(row.get(0), number(row.get(1)));
        }
        for row in client.query("SELECT user_id, version FROM ravs.regional_leads", &[]).await? {
            all.leads.insert(row.get(0), number(row.get(1)));
        }
        for row in client.query("SELECT id FROM ravs.organisations", &[]).await? {
            all.organisations.push(OrganisationId::from_uuid(row.get(0)));
            all.ids.insert(row.get(0));
        }
        let memberships = "SELECT organisation_id, user_id, version FROM ravs.memberships";
        for row in client.query(memberships, &[]).await? {
            all.memberships.insert((row.get(0), row.get(1)), number(row.get(2)));
        }
        let records = "
            SELECT organisation_id, id, (
                SELECT count(*) FROM ravs.record_revisions AS r
                WHERE (r.organisation_id, r.record_id) = (records.organisation_id, records.id)
            )
            FROM ravs.records";
        for row in client.query(records, &[]).await? {
            all.ids.insert(row.get(1));
            all.records.insert((row.get(0), row.get(1)), number(row.get(2)));
        }
        Ok(all)
    }

    /// The states that a committed change set wrote and that are neither there nor replaced by
    /// later ones.
    pub(super) fn missing<'a>(&'a self, parts: &'a Parts) -> impl Iterator<Item = String> + 'a {
        let behind = |stored: Option<&u64>, version: u64| stored.is_none_or(|at| *at < version);
        let users = parts.users.iter();
        let users = users.filter(move |(id, version)| behind(self.users.get(id), *version));
        let leads = parts.leads.iter();
        let leads = leads.filter(move |(id, version)| behind(self.leads.get(id), *version));
        let memberships = parts.memberships.iter().filter(move |(at, user, version)| {
            behind(self.memberships.get(&(*at, *user)), *version)
        });
        let records = parts.records.iter().filter(move |(at, record, revision)| {
            behind(self.records.get(&(*at, *record)), *revision)
        });
        users
            .map(|user| format!("user {user:?} is gone"))
            .chain(leads.map(|lead| format!("regional lead {lead:?} is gone")))
            .chain(memberships.map(|member| format!("membership {member:?} is gone")))
            .chain(records.map(|record| format!("record {record:?} is gone")))
    }

    /// How many revisions a record has; 0 for one that is not there.
    pub(super) fn revisions(&self, at: OrganisationId, record: Uuid) -> u64 {
        self.records.get(&(*at.as_uuid(), record)).copied().unwrap_or_default()
    }
}

fn number(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or_default()
}
