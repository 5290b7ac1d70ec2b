//! Rows of JSON with a version.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};

use ravs_core::Version;
use ravs_core::port::PortError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Rows by key, each as JSON with the version it has.
#[derive(Debug)]
pub(super) struct Table<K, T> {
    rows: BTreeMap<K, Row>,
    kind: PhantomData<T>,
}

#[derive(Debug)]
struct Row {
    version: Version,
    json: String,
}

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), kind: PhantomData }
    }
}

impl<K: Ord, T: Serialize + DeserializeOwned> Table<K, T> {
    pub(super) fn get(&self, key: &K) -> Result<Option<T>, PortError> {
        self.rows.get(key).map(|row| read(&row.json)).transpose()
    }

    pub(super) fn all(&self) -> Result<Vec<T>, PortError> {
        self.rows.values().map(|row| read(&row.json)).collect()
    }

    pub(super) fn range(&self, keys: impl RangeBounds<K>) -> Result<Vec<T>, PortError> {
        self.rows.range(keys).map(|(_, row)| read(&row.json)).collect()
    }

    /// Up to `limit`, in the order of their keys, from after one on.
    pub(super) fn page(&self, after: Option<&K>, limit: usize) -> Result<Vec<T>, PortError> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = self.rows.range((from, Bound::Unbounded));
        rows.take(limit).map(|(_, row)| read(&row.json)).collect()
    }

    pub(super) fn version(&self, key: &K) -> Option<Version> {
        self.rows.get(key).map(|row| row.version)
    }

    pub(super) fn put(&mut self, key: K, version: Version, state: &T) -> Result<(), PortError> {
        let json = write(state)?;
        self.rows.insert(key, Row { version, json });
        Ok(())
    }

    pub(super) fn overwrite(&mut self, key: &K, stored: &Value) {
        if let Some(row) = self.rows.get_mut(key) {
            row.json = stored.to_string();
        }
    }
}

/// How the core begins when it will not load a stored state.
const CORRUPT: &str = "stored state is corrupt: ";

pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<T, PortError> {
    serde_json::from_str(json).map_err(|error| {
        let text = error.to_string();
        // What the core says of it holds nothing of anybody; what the reader of JSON says might.
        if text.starts_with(CORRUPT) {
            return PortError::corrupt(text);
        }
        PortError::corrupt(format!("a stored state is not readable at column {}", error.column()))
    })
}

pub(super) fn write<T: Serialize>(state: &T) -> Result<String, PortError> {
    let rejected = |error| PortError::rejected("this state cannot be written").caused_by(error);
    serde_json::to_string(state).map_err(|error: serde_json::Error| rejected(error))
}
