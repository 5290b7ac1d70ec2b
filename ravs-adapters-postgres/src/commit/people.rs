//! Users and regional leads.

use ravs_core::port::PortError;
use ravs_core::{ChangeSet, RegionalLead, RegionalLeadState, User, Version, Write};
use tokio_postgres::types::Type;

use crate::row::number;
use crate::statement::{Statement, Step, value};
use crate::time::nanoseconds;

/// By address, so that two commits with the same newcomers wait for each other.
const ADD_USERS: Statement = Statement {
    text: "INSERT INTO {schema}.users
            (id, email, email_folded, first_name, last_name, subject, version, changed_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
            AS u (id, email, email_folded, first_name, last_name, subject, version, changed_at)
        ORDER BY email_folded",
    types: &[
        Type::UUID_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
    ],
};

/// Only what of a user ever changes; fails unless each has the version that was decided on.
const CHANGE_USERS: Statement = Statement {
    text: "WITH changed AS (
            UPDATE {schema}.users AS u
            SET subject = w.subject, version = w.version, changed_at = w.changed_at
            FROM unnest($1, $2, $3, $4, $5) AS w (id, replaces, subject, version, changed_at)
            WHERE u.id = w.id AND u.version = w.replaces
            RETURNING 1
        )
        SELECT 1 / (count(*) = cardinality($1))::int FROM changed",
    types: &[
        Type::UUID_ARRAY,
        Type::INT8_ARRAY,
        Type::TEXT_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
    ],
};

const ADD_LEAD: Statement = Statement {
    text: "INSERT INTO {schema}.regional_leads
            (user_id, region, status, since, version, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6)",
    types: &[Type::UUID, Type::TEXT, Type::TEXT, Type::INT8, Type::INT8, Type::INT8],
};

const CHANGE_LEAD: Statement = Statement {
    text: "WITH changed AS (
            UPDATE {schema}.regional_leads
            SET region = $2, status = $3, since = $4, version = $5, changed_at = $6
            WHERE user_id = $1 AND version = $7
            RETURNING 1
        )
        SELECT 1 / (count(*) = 1)::int FROM changed",
    types: &[Type::UUID, Type::TEXT, Type::TEXT, Type::INT8, Type::INT8, Type::INT8, Type::INT8],
};

/// Users, then the regional leads among them.
pub(super) fn write(steps: &mut Vec<Step>, change: &ChangeSet) -> Result<(), PortError> {
    let (changed, added): (Vec<_>, Vec<_>) =
        change.users().iter().partition(|write| write.replaces.is_some());
    if !added.is_empty() {
        steps.push(add(&added)?);
    }
    if !changed.is_empty() {
        steps.push(link(&changed)?);
    }
    for Write { replaces, state } in change.regional_leads() {
        steps.push(lead(*replaces, state)?);
    }
    Ok(())
}

fn add(added: &[&Write<User>]) -> Result<Step, PortError> {
    let users = || added.iter().map(|write| &write.state);
    let texts = |of: fn(&User) -> &str| -> Vec<String> {
        users().map(|user| of(user).to_owned()).collect()
    };
    let values = [
        value(users().map(|user| *user.id().as_uuid()).collect::<Vec<_>>()),
        value(texts(|user| user.email().as_str())),
        value(texts(|user| user.email().folded())),
        value(texts(|user| user.name().first())),
        value(texts(|user| user.name().last())),
        value(users().map(subject).collect::<Vec<_>>()),
        value(users().map(|user| number(user.version())).collect::<Vec<_>>()),
        value(users().map(|user| nanoseconds(user.changed_at())).collect::<Result<Vec<_>, _>>()?),
    ];
    Ok(Step::new(&ADD_USERS, values))
}

fn link(changed: &[&Write<User>]) -> Result<Step, PortError> {
    let users = || changed.iter().map(|write| &write.state);
    let values = [
        value(users().map(|user| *user.id().as_uuid()).collect::<Vec<_>>()),
        value(changed.iter().map(|write| write.replaces.map(number)).collect::<Vec<_>>()),
        value(users().map(subject).collect::<Vec<_>>()),
        value(users().map(|user| number(user.version())).collect::<Vec<_>>()),
        value(users().map(|user| nanoseconds(user.changed_at())).collect::<Result<Vec<_>, _>>()?),
    ];
    Ok(Step::new(&CHANGE_USERS, values))
}

fn subject(user: &User) -> Option<String> {
    user.subject().map(|subject| subject.as_str().to_owned())
}

fn lead(replaces: Option<Version>, lead: &RegionalLead) -> Result<Step, PortError> {
    let (status, since) = match lead.state() {
        RegionalLeadState::Active { since } => ("Active", since),
        RegionalLeadState::Stopped { at } => ("Stopped", at),
    };
    let user = value(*lead.user().as_uuid());
    let region = value(lead.region().code());
    let (status, since) = (value(status), value(nanoseconds(since)?));
    let version = value(number(lead.version()));
    let changed_at = value(nanoseconds(lead.changed_at())?);
    Ok(match replaces {
        None => Step::new(&ADD_LEAD, [user, region, status, since, version, changed_at]),
        Some(replaced) => {
            let replaced = value(number(replaced));
            let values = [user, region, status, since, version, changed_at, replaced];
            Step::new(&CHANGE_LEAD, values)
        }
    })
}
