//! What was heard of killed processes, and what the file says to it.

mod file;
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ravs_adapters_sqlite::SqliteStore;
use ravs_core::{ChangeSetId, EffectKey};
use tokio::runtime::Builder;

use crate::journal::{Line, Saving};
use file::File;
use stored::Stored;

/// What was heard.
#[derive(Default)]
pub(crate) struct Evidence {
    /// By its id; what is carried out twice may be told in two ways, of which one is saved.
    saving: BTreeMap<ChangeSetId, Vec<Saving>>,
    saved: BTreeSet<ChangeSetId>,
    refused: BTreeSet<ChangeSetId>,
    settling: BTreeSet<EffectKey>,
    settled: BTreeSet<EffectKey>,
    /// How many were there although nobody had heard so, and how many were not.
    unheard: (usize, usize),
}

impl Evidence {
    /// Hears a line, and says whether it is that something is about to be saved.
    pub(crate) fn hear(&mut self, line: &str) -> bool {
        let line = serde_json::from_str(line).unwrap();
        let is_saving = matches!(line, Line::Saving(_));
        match line {
            Line::Saving(saving) => self.saving.entry(saving.id).or_default().push(*saving),
            Line::Saved(id) => drop(self.saved.insert(id)),
            Line::Refused(id) => drop(self.refused.insert(id)),
            Line::Settling(key) => drop(self.settling.insert(key)),
            Line::Settled(key) => drop(self.settled.insert(key)),
        }
        is_saving
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
        let file = File::look(path);
        file.assert_sound();
        let runtime = Builder::new_current_thread().build().unwrap();
        let stored = runtime.block_on(Stored::read(store, &file));
        stored.assert_told();
        self.unheard = (0, 0);
        for (id, told) in &self.saving {
            let is_there = file.change_sets.contains(id);
            if self.saved.contains(id) {
                assert!(is_there, "an acknowledged change set is lost");
            } else if self.refused.contains(id) {
                assert!(!is_there, "a refused change set is there");
            } else if is_there {
                self.unheard.0 += 1;
            } else {
                self.unheard.1 += 1;
            }
            if is_there {
                let saved = told.iter().find(|saving| stored.tells(saving));
                stored.assert_whole(saved.unwrap(), &file);
            } else {
                told.iter().for_each(|saving| stored.assert_absent(saving, &file));
            }
        }
        let known = self.saved.len() + self.unheard.0;
        assert_eq!(file.change_sets.len(), known, "there is a change set that nobody saved");
        assert!(self.settled.is_subset(&file.done), "what was acknowledged as done is not");
        assert!(file.done.is_subset(&self.settling), "something is done that nobody did");
    }

    /// The kills have hit: much was acknowledged, and some were killed between a commit's begin
    /// and its acknowledgement.
    pub(crate) fn assert_telling(&self, kills: u64) {
        let ((there, absent), saved, refused) =
            (self.unheard, self.saved.len(), self.refused.len());
        println!("{kills} kills: {saved} commits acknowledged, {refused} refused");
        println!("of those cut off, {there} are there and {absent} not");
        println!("{} effects acknowledged as done", self.settled.len());
        assert!(saved > 500, "hardly anything was done");
        assert!(self.settled.len() > 50, "hardly anything was carried out");
        assert!(there + absent > 0, "nobody was killed at a commit");
    }

    /// Every effect is done in the end, or given up on where that can be seen.
    pub(crate) fn assert_nothing_waits(&self, path: &Path) {
        let file = File::look(path);
        assert_eq!(file.waiting(), 0);
        assert!(file.done.is_superset(&self.settled));
    }
}
