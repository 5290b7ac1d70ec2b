//! One line as one JSON object, in which no field is given twice.
//!
//! `serde_json` lets the last of two equal fields win, so that an expectation could be lost
//! without a word.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::fault::Fault;

/// Reads a line as an object.
///
/// # Errors
/// The line is not JSON, is not an object, or an object in it gives a field twice.
pub(crate) fn object(line: &str) -> Result<Map<String, Value>, Fault> {
    match serde_json::from_str::<Strict>(line) {
        Ok(Strict(Value::Object(object))) => Ok(object),
        Ok(_) => Err(Fault::of_line("not a JSON object")),
        Err(error) => Err(Fault::of_line(described(&error))),
    }
}

/// The error's own words, but "line 1" of a line that is itself one of many would mislead.
fn described(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let words = text.strip_suffix(&place).unwrap_or(&text);
    format!("not JSON that can be read: {words}, at column {}", error.column())
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("field `{key}` is given twice")));
            }
            let Strict(value) = entries.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problem(line: &str) -> String {
        object(line).unwrap_err().to_string()
    }

    #[test]
    fn every_kind_of_value_is_read_as_it_stands() {
        let line = r#"{"a":null,"b":true,"c":-3,"d":4,"e":0.5,"f":"x\n","g":[1,{"h":[]}]}"#;
        let read = object(line).unwrap();
        let plain: Value = serde_json::from_str(line).unwrap();
        assert_eq!(Value::Object(read), plain);
        assert_eq!(plain["g"][1], json!({"h": []}));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        assert_eq!(problem("[1]"), "not a JSON object");
        assert_eq!(problem("\"a\""), "not a JSON object");
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_column() {
        assert_eq!(
            problem(r#"{"a":1,}"#),
            "not JSON that can be read: trailing comma, at column 8"
        );
        assert!(problem(r#"{"a":1} {"b":2}"#).contains("trailing characters"));
    }

    #[test]
    fn a_field_given_twice_is_refused_at_any_depth() {
        assert!(problem(r#"{"a":1,"a":1}"#).contains("field `a` is given twice"));
        assert!(problem(r#"{"x":[{"b":1,"b":2}]}"#).contains("field `b` is given twice"));
    }
}
