//! A careless hand, which puts in the file what no commit could.
//!
//! The schema refuses such states, so its guards are out of force while it acts: on a connection
//! of its own without foreign keys and checks, and with the triggers of the table gone. They are
//! back, as they were, when it is done.

use async_trait::async_trait;
use ravs_core::{EffectKey, OrganisationId, UserId};
use ravs_testkit::conformance::spoilt_queue::SpoilEffect;
use ravs_testkit::conformance::spoilt_store::Spoil;
use rusqlite::{Connection, Params};

use crate::fresh::Fresh;

impl Fresh {
    /// Carries out a statement that the schema forbids; it has to change something.
    pub(crate) fn force(&self, table: &str, sql: &str, parameters: impl Params) {
        let connection = Connection::open(self.path()).unwrap();
        for (pragma, value) in [("ignore_check_constraints", true), ("foreign_keys", false)] {
            connection.pragma_update(None, pragma, value).unwrap();
        }
        let triggers =
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1";
        let triggers: Vec<(String, String)> = {
            let mut statement = connection.prepare(triggers).unwrap();
            let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)));
            rows.unwrap().map(Result::unwrap).collect()
        };
        assert!(!triggers.is_empty(), "`{table}` has no guards");
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for (name, _) in &triggers {
            connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        assert!(connection.execute(sql, parameters).unwrap() > 0, "nothing was spoilt");
        for (_, trigger) in &triggers {
            connection.execute_batch(trigger).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
}

#[async_trait]
impl Spoil for Fresh {
    /// Its newest step says that it began after it was written.
    async fn spoil_organisation(&self, id: OrganisationId) {
        let sql = "UPDATE organisation_versions SET since = changed_at + 1
            WHERE organisation_id = ?1";
        self.force("organisation_versions", sql, [id.as_uuid().into_bytes()]);
    }

    /// Its last entry is younger than its last change.
    async fn spoil_membership(&self, organisation: OrganisationId, user: UserId) {
        let sql = "UPDATE memberships SET last_entered_at = changed_at + 1
            WHERE organisation_id = ?1 AND user_id = ?2";
        let keys = [organisation.as_uuid().into_bytes(), user.as_uuid().into_bytes()];
        self.force("memberships", sql, keys);
    }
}

#[async_trait]
impl SpoilEffect for Fresh {
    /// It asks for a kind of work that nobody knows.
    async fn spoil_effect(&self, key: &EffectKey) {
        let sql = "UPDATE effects SET work = '{\"knit\": {}}' WHERE key = ?1";
        self.force("effects", sql, [key.as_str()]);
    }
}
