//! Reads an object field by field, and keeps everything that is wrong with it.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};

use super::fault::Fault;

/// The fields of one object that are not read yet, and the faults of those that were.
///
/// A reading function answers `None` where the field is missing or wrong, after noting the fault;
/// so a reader asks for every field first and gives up afterwards.
#[derive(Debug)]
pub(crate) struct Fields {
    within: String,
    left: Map<String, Value>,
    faults: Vec<Fault>,
}

impl Fields {
    /// The fields of a line.
    pub(crate) fn of_line(object: Map<String, Value>) -> Self {
        Self { within: String::new(), left: object, faults: Vec::new() }
    }

    /// Everything wrong with the object, fields that nobody asked for included.
    pub(crate) fn finish(mut self) -> Vec<Fault> {
        for field in self.names() {
            self.fault(&field, "is not known here");
        }
        self.faults
    }

    /// Notes a fault of a field.
    pub(crate) fn fault(&mut self, field: &str, problem: impl Into<String>) {
        let fault = Fault::of_field(self.path(field), problem);
        self.faults.push(fault);
    }

    /// A field as it stands, if it is there and not null.
    pub(crate) fn value(&mut self, field: &str) -> Option<Value> {
        self.left.remove(field).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&mut self, field: &str) -> Option<String> {
        self.needed(field, Self::optional_text)
    }

    pub(crate) fn optional_text(&mut self, field: &str) -> Option<String> {
        match self.value(field)? {
            Value::String(text) => Some(text),
            other => self.wrong(field, "a string", &other),
        }
    }

    pub(crate) fn truth(&mut self, field: &str) -> Option<bool> {
        self.needed(field, Self::optional_truth)
    }

    pub(crate) fn optional_truth(&mut self, field: &str) -> Option<bool> {
        match self.value(field)? {
            Value::Bool(truth) => Some(truth),
            other => self.wrong(field, "true or false", &other),
        }
    }

    /// A whole number from 1.
    pub(crate) fn optional_count(&mut self, field: &str) -> Option<usize> {
        let value = self.value(field)?;
        let count = value.as_u64().and_then(|count| usize::try_from(count).ok());
        match count {
            Some(count) if count > 0 => Some(count),
            _ => self.wrong(field, "a whole number from 1", &value),
        }
    }

    pub(crate) fn word<T: FromStr<Err: Display>>(&mut self, field: &str) -> Option<T> {
        self.needed(field, Self::optional_word)
    }

    pub(crate) fn optional_word<T: FromStr<Err: Display>>(&mut self, field: &str) -> Option<T> {
        let text = self.optional_text(field)?;
        match text.parse() {
            Ok(word) => Some(word),
            Err(error) => {
                self.fault(field, error.to_string());
                None
            }
        }
    }

    pub(crate) fn date(&mut self, field: &str) -> Option<NaiveDate> {
        self.needed(field, Self::optional_date)
    }

    pub(crate) fn optional_date(&mut self, field: &str) -> Option<NaiveDate> {
        let text = self.optional_text(field)?;
        // The parser takes `2025-5-1` too; the form of the answers is the only one here.
        let date = text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text);
        if date.is_none() {
            self.fault(field, format!("`{text}` is not a date written YYYY-MM-DD"));
        }
        date
    }

    pub(crate) fn optional_time(&mut self, field: &str) -> Option<DateTime<Utc>> {
        let text = self.optional_text(field)?;
        match DateTime::parse_from_rfc3339(&text) {
            Ok(time) => Some(time.to_utc()),
            Err(error) => {
                self.fault(field, format!("`{text}` is not a time of RFC 3339: {error}"));
                None
            }
        }
    }

    pub(crate) fn texts(&mut self, field: &str) -> Option<Vec<String>> {
        self.needed(field, Self::optional_texts)
    }

    pub(crate) fn optional_texts(&mut self, field: &str) -> Option<Vec<String>> {
        let value = self.value(field)?;
        self.items_of(field, value)
    }

    /// The strings of an array that was taken already.
    pub(crate) fn items_of(&mut self, field: &str, array: Value) -> Option<Vec<String>> {
        self.items(field, array, |fields, item, value| match value {
            Value::String(text) => Some(text),
            other => fields.wrong(item, "a string", &other),
        })
    }

    pub(crate) fn objects<T>(
        &mut self,
        field: &str,
        read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.needed(field, |fields, field| fields.optional_objects(field, read))
    }

    pub(crate) fn optional_objects<T>(
        &mut self,
        field: &str,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let value = self.value(field)?;
        self.items(field, value, |fields, item, value| fields.inside(item, value, &mut read))
    }

    /// An object with whatever it holds.
    pub(crate) fn object(&mut self, field: &str) -> Option<Map<String, Value>> {
        self.needed(field, |fields, field| match fields.value(field)? {
            Value::Object(object) => Some(object),
            other => fields.wrong(field, "an object", &other),
        })
    }

    /// An object that may be left out, and is not null.
    pub(crate) fn optional_object<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let value = self.left.remove(field)?;
        self.inside(field, value, read)
    }

    /// Whether a field that is left to read is true or false.
    pub(crate) fn has_truth(&self, field: &str) -> bool {
        self.left.get(field).is_some_and(Value::is_boolean)
    }

    /// Whether a field is left to read.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.left.contains_key(field)
    }

    /// The names of the fields that are left to read.
    pub(crate) fn names(&self) -> Vec<String> {
        self.left.keys().cloned().collect()
    }

    /// Leaves a field unread, without calling it unknown.
    pub(crate) fn pass_over(&mut self, field: &str) {
        self.left.remove(field);
    }

    fn needed<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&mut Self, &str) -> Option<T>,
    ) -> Option<T> {
        if self.left.get(field).is_none_or(Value::is_null) {
            self.left.remove(field);
            self.fault(field, "is missing");
            return None;
        }
        read(self, field)
    }

    fn items<T>(
        &mut self,
        field: &str,
        array: Value,
        mut read: impl FnMut(&mut Self, &str, Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        match array {
            Value::Array(values) => {
                let mut items = Vec::with_capacity(values.len());
                for (index, value) in values.into_iter().enumerate() {
                    items.push(read(self, &format!("{field}[{index}]"), value));
                }
                items.into_iter().collect()
            }
            other => self.wrong(field, "an array", &other),
        }
    }

    fn inside<T>(
        &mut self,
        field: &str,
        value: Value,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        match value {
            Value::Object(object) => {
                let mut inner = Self { within: self.path(field), left: object, faults: Vec::new() };
                let done = read(&mut inner);
                self.faults.extend(inner.finish());
                done
            }
            other => self.wrong(field, "an object", &other),
        }
    }

    fn wrong<T>(&mut self, field: &str, wanted: &str, got: &Value) -> Option<T> {
        self.fault(field, format!("must be {wanted}, and is {}", kind(got)));
        None
    }

    fn path(&self, field: &str) -> String {
        if self.within.is_empty() { field.to_owned() } else { format!("{}.{field}", self.within) }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "another number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
