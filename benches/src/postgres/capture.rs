//! The statements that a call of the store sends, with their values: prepared texts and types as
//! the connection knows them, order and values from the server's log.

use std::collections::HashMap;

use deadpool_postgres::Pool;
use ravs_adapters_postgres::PostgresStore;

use super::ground::LOG_PREFIX;
use super::{Failed, Ground};

/// A connection whose statements are captured.
#[derive(Debug)]
pub(super) struct Capture<'a> {
    ground: &'a Ground<'a>,
    pool: Pool,
    /// The store that uses it.
    pub(super) store: PostgresStore,
}

/// A statement that was sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) text: String,
    pub(super) parameters: Vec<Parameter>,
}

impl Sent {
    /// Whether it begins a transaction or sets its limits.
    pub(super) fn begins(&self) -> bool {
        self.text.starts_with("BEGIN") || self.text.starts_with("SET LOCAL")
    }
}

/// A parameter's type and value.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) kind: String,
    pub(super) value: Option<String>,
}

impl<'a> Capture<'a> {
    pub(super) fn new(ground: &'a Ground<'a>) -> Result<Self, Failed> {
        let settings = format!("-c log_statement=all -c application_name={}", name(ground));
        let pool = ground.pool(1, &settings)?;
        Ok(Self { ground, store: PostgresStore::new(pool.clone()), pool })
    }

    /// Everything that was sent, in its order.
    pub(super) async fn sent(self) -> Result<Vec<Sent>, Failed> {
        let log = self.ground.server.log();
        let application = name(self.ground);
        let rows = self
            .pool
            .get()
            .await?
            .query(
                "SELECT name, statement, parameter_types::text[] FROM pg_prepared_statements",
                &[],
            )
            .await?;
        let mut known: HashMap<String, (String, Vec<String>)> = HashMap::new();
        for row in rows {
            known.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
        }
        logged(&log, &application).into_iter().map(|logged| sent(logged, &known)).collect()
    }
}

/// The name under which the server logs what is captured.
fn name(ground: &Ground<'_>) -> String {
    format!("captured_{}", ground.name())
}

fn sent(logged: Logged, known: &HashMap<String, (String, Vec<String>)>) -> Result<Sent, Failed> {
    let Some(name) = logged.name else {
        return Ok(Sent { text: logged.text, parameters: Vec::new() });
    };
    let (text, kinds) = known.get(&name).ok_or("a statement was sent that is not prepared")?;
    if kinds.len() != logged.values.len() {
        return Err(format!("the values of `{text}` cannot be read in the log").into());
    }
    let parameters = kinds.iter().cloned().zip(logged.values);
    let parameters = parameters.map(|(kind, value)| Parameter { kind, value }).collect();
    Ok(Sent { text: text.clone(), parameters })
}

/// An entry of the log.
#[derive(Debug, PartialEq)]
struct Logged {
    /// The name of a prepared statement.
    name: Option<String>,
    text: String,
    values: Vec<Option<String>>,
}

fn logged(log: &str, application: &str) -> Vec<Logged> {
    let (before, after) = LOG_PREFIX;
    let ours = format!("{before}{application}{after}");
    let mut all: Vec<Logged> = Vec::new();
    for entry in log.split(&format!("\n{before}")) {
        let entry = format!("{before}{}", entry.strip_prefix(before).unwrap_or(entry));
        let Some(entry) = entry.strip_prefix(&ours) else { continue };
        if let Some(text) = entry.strip_prefix("LOG:  statement: ") {
            // Several may be sent in one text; a script has each by itself.
            all.extend(text.split(';').map(|text| Logged {
                name: None,
                text: text.trim().to_owned(),
                values: Vec::new(),
            }));
        } else if let Some(execute) = entry.strip_prefix("LOG:  execute ")
            && let Some((name, text)) = execute.split_once(": ")
        {
            let (name, text) = (Some(name.to_owned()), text.trim().to_owned());
            all.push(Logged { name, text, values: Vec::new() });
        } else if let Some(values) = entry.strip_prefix("DETAIL:  parameters: ")
            && let Some(last) = all.last_mut()
        {
            last.values = read_values(values.trim_end());
        }
    }
    all
}

/// Reads `$1 = 'it''s', $2 = NULL`.
fn read_values(mut text: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    while let Some((_, rest)) = text.split_once(" = ") {
        let Some(quoted) = rest.strip_prefix('\'') else {
            values.push(None);
            text = rest;
            continue;
        };
        let mut value = String::new();
        let mut rest = quoted;
        while let Some((piece, after)) = rest.split_once('\'') {
            value.push_str(piece);
            rest = after;
            match after.strip_prefix('\'') {
                Some(more) => {
                    value.push('\'');
                    rest = more;
                }
                None => break,
            }
        }
        values.push(Some(value));
        text = rest;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read_from_the_log_of_this_connection_only() {
        let log = "<<>> LOG:  database system is ready\n\
                   <<captured>> LOG:  statement: BEGIN; SET LOCAL b = 1\n\
                   <<captured>> LOG:  execute s1: INSERT INTO a\n\t    VALUES ($1, $2, $3)\n\
                   <<captured>> DETAIL:  parameters: $1 = 'it''s, $2 = ''', $2 = NULL, $3 = ''\n\
                   <<other>> LOG:  statement: SELECT 1\n\
                   <<captured>> LOG:  statement: COMMIT\n";
        let plain = |text: &str| Logged { name: None, text: text.to_owned(), values: vec![] };
        let insert = Logged {
            name: Some("s1".to_owned()),
            text: "INSERT INTO a\n\t    VALUES ($1, $2, $3)".to_owned(),
            values: vec![Some("it's, $2 = '".to_owned()), None, Some(String::new())],
        };
        assert_eq!(
            logged(log, "captured"),
            [plain("BEGIN"), plain("SET LOCAL b = 1"), insert, plain("COMMIT")]
        );
    }
}
