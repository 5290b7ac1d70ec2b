//! What a store makes of a state on its way to the disk.

use chrono::{DateTime, SubsecRound as _, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::store_fault::StoreFault;

/// The state as a store with that fault keeps it.
pub(super) fn distorted<T: Clone + Serialize + DeserializeOwned>(
    fault: Option<StoreFault>,
    state: &T,
) -> T {
    let distort: fn(&str, &mut Value) = match fault {
        Some(StoreFault::TruncatesTimes) => |_, value| change_time(value, |at| at.trunc_subsecs(6)),
        Some(StoreFault::LosesTimesBefore1970) => {
            |_, value| change_time(value, |at| at.max(DateTime::UNIX_EPOCH))
        }
        Some(StoreFault::TrimsTexts) => |_, value| change_text(value, |text| text.trim().into()),
        Some(StoreFault::LowerCasesAll) => |field, value| {
            if ["name", "first", "last", "email", "vaccine"].contains(&field) {
                change_text(value, str::to_lowercase);
            }
        },
        Some(StoreFault::ForgetsWaitingLevels) => |field, value| {
            if field == "next_level" {
                *value = Value::Null;
            }
        },
        _ => return state.clone(),
    };
    let mut json = serde_json::to_value(state).unwrap();
    walk("", &mut json, distort);
    serde_json::from_value(json).unwrap()
}

fn walk(field: &str, value: &mut Value, distort: fn(&str, &mut Value)) {
    distort(field, value);
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| walk(field, value, distort)),
        Value::Object(fields) => {
            fields.iter_mut().for_each(|(field, value)| walk(field, value, distort));
        }
        _ => {}
    }
}

fn change_text(value: &mut Value, change: fn(&str) -> String) {
    if let Value::String(text) = value {
        *text = change(text);
    }
}

fn change_time(value: &mut Value, change: fn(DateTime<Utc>) -> DateTime<Utc>) {
    if let Value::String(text) = value
        && let Ok(at) = text.parse::<DateTime<Utc>>()
    {
        *value = serde_json::to_value(change(at)).unwrap();
    }
}
