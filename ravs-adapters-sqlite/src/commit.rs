//! Committing a change set: all of it or nothing.

mod effects;
mod history;
mod memberships;
mod organisations;
mod people;
mod records;
mod versions;

use ravs_core::port::PortError;
use ravs_core::{ChangeSet, ChangeSetId};
use rusqlite::{Connection, TransactionBehavior};

use crate::error::failed;
use crate::row;

/// Saves a change set in one transaction; one that is saved already is left as it is.
///
/// Where writing it down fails at the very end, it may be there or not; its id says which.
pub(crate) fn commit(connection: &mut Connection, change: &ChangeSet) -> Result<(), PortError> {
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = begun.map_err(failed)?;
    if !is_new(&transaction, change.id())? {
        return Ok(());
    }
    versions::check(&transaction, change)?;
    for write in change.users() {
        people::write_user(&transaction, write)?;
    }
    organisations::write(&transaction, change.id(), change.organisations())?;
    for write in change.regional_leads() {
        people::write_lead(&transaction, write)?;
    }
    for write in change.memberships() {
        memberships::write(&transaction, write)?;
    }
    for write in change.records() {
        records::write(&transaction, change.id(), write)?;
    }
    for event in change.events() {
        history::append(&transaction, event)?;
    }
    for effect in change.effects() {
        effects::queue(&transaction, change.id(), effect)?;
    }
    transaction.commit().map_err(failed)
}

/// Notes the change set's id; `false` where it was there.
fn is_new(connection: &Connection, id: ChangeSetId) -> Result<bool, PortError> {
    let sql = "INSERT INTO change_sets (id) VALUES (?1) ON CONFLICT DO NOTHING";
    Ok(row::change(connection, sql, [id.as_uuid().into_bytes()])? > 0)
}

#[cfg(test)]
mod tests;
