//! Reads the fields of each `do`.

use ravs_core::Action;
use ravs_core::command::Nominee;

use super::{Command, Reference};
use crate::scenario::actor::ActorKind;
use crate::scenario::fields::Fields;
use crate::scenario::names::{Made, Names};

/// How one `do` is read, who does it, and what it makes.
#[derive(Debug)]
pub(crate) struct Reader {
    word: &'static str,
    pub(crate) actor: ActorKind,
    pub(crate) makes: Option<Made>,
    pub(crate) read: fn(&mut Fields, &Names) -> Option<Command>,
}

/// The reader of a `do`.
pub(crate) fn named(word: &str) -> Option<&'static Reader> {
    READERS.iter().find(|reader| reader.word == word)
}

const fn by(
    actor: ActorKind,
    word: &'static str,
    read: fn(&mut Fields, &Names) -> Option<Command>,
) -> Reader {
    Reader { word, actor, makes: None, read }
}

const fn making(made: Made, reader: Reader) -> Reader {
    Reader { makes: Some(made), ..reader }
}

static READERS: &[Reader] = &[
    by(ActorKind::Support, "add_regional_lead", |fields, _| add_regional_lead(fields)),
    by(ActorKind::Support, "stop_regional_lead", |fields, _| {
        Some(Command::StopRegionalLead { email: fields.text("email")? })
    }),
    by(ActorKind::Support, "resend_activation", |fields, _| {
        Some(Command::ResendActivation { email: fields.text("email")? })
    }),
    by(ActorKind::Region, "search", |fields, _| search(fields)),
    making(Made::Organisation, by(ActorKind::Region, "onboard", |fields, _| onboard(fields))),
    by(ActorKind::Region, "nominate", nominate),
    by(ActorKind::Region, "withdraw", |fields, names| {
        Some(Command::Withdraw { organisation: organisation(fields, names)? })
    }),
    by(ActorKind::Region, "deactivate", |fields, names| {
        Some(Command::Deactivate { organisation: organisation(fields, names)? })
    }),
    by(ActorKind::Region, "reactivate", |fields, names| {
        Some(Command::Reactivate { organisation: organisation(fields, names)? })
    }),
    by(ActorKind::Region, "show", |fields, names| {
        Some(Command::Show { organisation: organisation(fields, names)? })
    }),
    by(ActorKind::Region, "add_vaccines", add_vaccines),
    by(ActorKind::Region, "list", list),
    by(ActorKind::User, "sign_in", |_, _| Some(Command::SignIn)),
    making(
        Made::Session,
        by(ActorKind::User, "enter", |fields, names| {
            Some(Command::Enter { organisation: organisation(fields, names)? })
        }),
    ),
    by(ActorKind::Session, "authorise", |fields, _| {
        let (action, vaccine) = permission(fields)?;
        Some(Command::Authorise { action, vaccine })
    }),
    by(ActorKind::Session, "explain", |fields, _| {
        let (action, vaccine) = permission(fields)?;
        Some(Command::Explain { action, vaccine })
    }),
    by(ActorKind::Session, "add_user", |fields, _| add_user(fields)),
    by(ActorKind::Session, "change_user", |fields, _| change_user(fields)),
    by(ActorKind::Session, "deactivate_user", |fields, _| {
        Some(Command::DeactivateUser { email: fields.text("email")? })
    }),
    by(ActorKind::Session, "reactivate_user", |fields, _| {
        Some(Command::ReactivateUser { email: fields.text("email")? })
    }),
    by(ActorKind::Session, "move_to_main_email", |fields, _| move_to_main_email(fields)),
    by(ActorKind::Session, "users", |_, _| Some(Command::Users)),
    by(ActorKind::Session, "clinicians", |_, _| Some(Command::Clinicians)),
    by(ActorKind::Session, "records", |_, _| Some(Command::Records)),
    making(Made::Record, by(ActorKind::Session, "record", |fields, _| record(fields))),
    by(ActorKind::Session, "edit", edit),
    by(ActorKind::Session, "report", |fields, _| report(fields)),
    by(ActorKind::System, "sweep", |_, _| Some(Command::Sweep)),
    by(ActorKind::System, "deliver", |fields, _| {
        Some(Command::Deliver { provider: fields.optional_word("provider").unwrap_or_default() })
    }),
    by(ActorKind::System, "emails", |_, _| Some(Command::Emails)),
    by(ActorKind::System, "history", |fields, names| {
        Some(Command::History { organisation: organisation(fields, names)? })
    }),
];

// Every field is asked for before the first `?`, so that all faults of a step are found.

fn add_regional_lead(fields: &mut Fields) -> Option<Command> {
    let region = fields.word("region");
    let requested_from = fields.text("requested_from");
    let person = nominee(fields);
    let Nominee { first_name, last_name, email } = person?;
    Some(Command::AddRegionalLead {
        region: region?,
        requested_from: requested_from?,
        first_name,
        last_name,
        email,
    })
}

fn search(fields: &mut Fields) -> Option<Command> {
    let query = fields.text("query");
    let limit = fields.optional_count("limit");
    Some(Command::Search { query: query?, limit })
}

fn onboard(fields: &mut Fields) -> Option<Command> {
    let ods_code = fields.text("ods_code");
    // Left out, none is chosen: an early policy allows that, and the library judges it.
    let vaccines = fields.has("vaccines").then(|| fields.texts("vaccines"));
    let vaccines = vaccines.unwrap_or_else(|| Some(Vec::new()));
    let nominees = fields.objects("nominees", nominee);
    Some(Command::Onboard { ods_code: ods_code?, vaccines: vaccines?, nominees: nominees? })
}

fn nominate(fields: &mut Fields, names: &Names) -> Option<Command> {
    let organisation = organisation(fields, names);
    let nominees = fields.objects("nominees", nominee);
    Some(Command::Nominate { organisation: organisation?, nominees: nominees? })
}

fn add_vaccines(fields: &mut Fields, names: &Names) -> Option<Command> {
    let organisation = organisation(fields, names);
    let vaccines = fields.texts("vaccines");
    Some(Command::AddVaccines { organisation: organisation?, vaccines: vaccines? })
}

fn list(fields: &mut Fields, names: &Names) -> Option<Command> {
    let status = fields.optional_word("status");
    let invited_by = fields.optional_text("invited_by");
    let limit = fields.optional_count("limit");
    let after = fields.optional_text("after");
    let after = after.and_then(|text| resolved(fields, names, Made::Organisation, "after", &text));
    Some(Command::List { status, invited_by, limit, after })
}

fn add_user(fields: &mut Fields) -> Option<Command> {
    let person = nominee(fields);
    let clinician = fields.truth("clinician");
    let level = fields.word("level");
    let Nominee { first_name, last_name, email } = person?;
    Some(Command::AddUser { first_name, last_name, email, clinician: clinician?, level: level? })
}

fn change_user(fields: &mut Fields) -> Option<Command> {
    needs_any(fields, "level", &["clinician"]);
    let email = fields.text("email");
    let level = fields.optional_word("level");
    let clinician = fields.optional_truth("clinician");
    Some(Command::ChangeUser { email: email?, level, clinician })
}

fn move_to_main_email(fields: &mut Fields) -> Option<Command> {
    let from = fields.text("from");
    let to = fields.text("to");
    Some(Command::MoveToMainEmail { from: from?, to: to? })
}

fn record(fields: &mut Fields) -> Option<Command> {
    let vaccine = fields.text("vaccine");
    let given_on = fields.date("given_on");
    let assessing = fields.text("assessing");
    let consenting = fields.text("consenting");
    Some(Command::Record {
        vaccine: vaccine?,
        given_on: given_on?,
        assessing: assessing?,
        consenting: consenting?,
    })
}

fn edit(fields: &mut Fields, names: &Names) -> Option<Command> {
    needs_any(fields, "given_on", &["assessing", "consenting"]);
    let record = fields.text("record");
    let record = record.and_then(|text| resolved(fields, names, Made::Record, "record", &text));
    let given_on = fields.optional_date("given_on");
    let assessing = fields.optional_text("assessing");
    let consenting = fields.optional_text("consenting");
    Some(Command::Edit { record: record?, given_on, assessing, consenting })
}

fn report(fields: &mut Fields) -> Option<Command> {
    let from = fields.date("from");
    let to = fields.date("to");
    Some(Command::Report { from: from?, to: to? })
}

fn nominee(fields: &mut Fields) -> Option<Nominee> {
    let first_name = fields.text("first_name");
    let last_name = fields.text("last_name");
    let email = fields.text("email");
    Some(Nominee { first_name: first_name?, last_name: last_name?, email: email? })
}

/// The action, and for recording the vaccine type, which can be left out there too.
fn permission(fields: &mut Fields) -> Option<(Action, Option<String>)> {
    let action = fields.word("action");
    let vaccine = match action {
        Some(Action::RecordVaccination) => fields.optional_text("vaccine"),
        Some(_) => None,
        // Whether a vaccine belongs here is not known either.
        None => {
            fields.pass_over("vaccine");
            None
        }
    };
    action.map(|action| (action, vaccine))
}

fn organisation(fields: &mut Fields, names: &Names) -> Option<Reference> {
    let text = fields.text("organisation")?;
    resolved(fields, names, Made::Organisation, "organisation", &text)
}

fn resolved(
    fields: &mut Fields,
    names: &Names,
    made: Made,
    field: &str,
    text: &str,
) -> Option<Reference> {
    let reference = names.reference(made, text);
    if reference.is_none() {
        fields.fault(field, format!("`{text}` is neither an id nor a name given to {made} before"));
    }
    reference
}

/// Notes a change that changes nothing: it is a slip of the pen.
fn needs_any(fields: &mut Fields, first: &str, others: &[&str]) {
    if fields.has(first) || others.iter().any(|other| fields.has(other)) {
        return;
    }
    let verb = if others.len() == 1 { "is" } else { "are" };
    fields.fault(first, format!("is missing, and so {verb} `{}`", others.join("` and `")));
}

#[cfg(test)]
mod tests;
