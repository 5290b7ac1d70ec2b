//! One step of a story.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::actor::{Actor, ActorKind};
use super::command::{self, Command, Reader};
use super::expect::Expectation;
use super::fault::Fault;
use super::fields::Fields;
use super::names::{Made, Names};

/// One step of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The line in the file, counted from 1.
    pub line: usize,
    /// When it happens; none means at the time of the step before, and is never the first step's.
    pub at: Option<DateTime<Utc>>,
    /// Who does it. A session's name was given by an earlier step.
    pub actor: Actor,
    /// What is done, by an actor of the kind that can.
    pub command: Command,
    /// The step's `as`: the name of what it makes. Only `onboard`, `enter` and `record` have one.
    pub name: Option<String>,
    /// What is expected; none means that any answer passes.
    pub expect: Option<Expectation>,
}

impl Step {
    /// Reads a step, knowing the names given before it, and adds the one it gives.
    ///
    /// # Errors
    /// Everything that is wrong with the step. The name it gives is added even so, so that later
    /// steps are not blamed for it.
    pub(crate) fn read(
        line: usize,
        mut fields: Fields,
        names: &mut Names,
    ) -> Result<Self, Vec<Fault>> {
        let at = fields.optional_time("at");
        let actor = fields.word::<Actor>("actor");
        let reader = reader(&mut fields);
        check_actor(&mut fields, actor.as_ref(), reader, names);
        let name = fields.optional_text("as");
        let expect = Expectation::read(&mut fields);
        let Some(reader) = reader else {
            // Without a `do` nobody knows which other fields belong here.
            for field in fields.names() {
                fields.pass_over(&field);
            }
            return Err(fields.finish());
        };
        let command = (reader.read)(&mut fields, names);
        check_name(&mut fields, name.as_deref(), reader.makes, names);
        let faults = fields.finish();
        match (actor, command) {
            (Some(actor), Some(command)) if faults.is_empty() => {
                Ok(Self { line, at, actor, command, name, expect })
            }
            _ => Err(faults),
        }
    }
}

fn reader(fields: &mut Fields) -> Option<&'static Reader> {
    let word = fields.text("do")?;
    let reader = command::named(&word);
    if reader.is_none() {
        fields.fault("do", format!("`{word}` is not known"));
    }
    reader
}

fn check_actor(fields: &mut Fields, actor: Option<&Actor>, reader: Option<&Reader>, names: &Names) {
    let Some(actor) = actor else { return };
    if let Some(reader) = reader
        && reader.actor != actor.kind()
    {
        fields.fault("actor", wrong_actor(reader.actor, actor.kind()));
    }
    if let Actor::Session(name) = actor
        && !names.has(Made::Session, name)
    {
        fields.fault("actor", format!("`{name}` is no name given to a session before"));
    }
}

fn wrong_actor(right: ActorKind, wrong: ActorKind) -> String {
    format!("must be `{right}` for this `do`, and is `{wrong}`")
}

fn check_name(fields: &mut Fields, name: Option<&str>, makes: Option<Made>, names: &mut Names) {
    match (name, makes) {
        (None, _) => {}
        (Some(_), None) => fields.fault("as", "belongs to `onboard`, `enter` and `record` only"),
        (Some(""), Some(_)) => fields.fault("as", "must not be empty"),
        (Some(name), Some(_)) if Uuid::try_parse(name).is_ok() => {
            fields.fault("as", "must not look like an id");
        }
        (Some(name), Some(made)) => names.give(made, name),
    }
}

#[cfg(test)]
mod tests;
