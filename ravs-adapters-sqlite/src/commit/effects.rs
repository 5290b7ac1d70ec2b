//! Queueing what is to be done outside.

use ravs_core::port::PortError;
use ravs_core::{ChangeSetId, Effect};
use rusqlite::{Connection, params};

use crate::row::change;
use crate::time::{NEVER_TRIED, nanoseconds};

/// Queues an effect; one that is there by its key stays as it is.
pub(super) fn queue(
    connection: &Connection,
    by: ChangeSetId,
    effect: &Effect,
) -> Result<(), PortError> {
    let unwritable = |error| PortError::rejected("an effect cannot be written").caused_by(error);
    let work: String = serde_json::to_string(&effect.work)
        .map_err(|error: serde_json::Error| unwritable(error))?;
    let sql = "
        INSERT INTO effects (key, work, queued_at, change_set_id, status, due_at, attempts, claims)
        SELECT ?1, ?2, ?3, ?4, 'New', ?5, 0, 0
        WHERE NOT EXISTS (SELECT 1 FROM effects WHERE key = ?1)";
    let parameters = params![
        effect.key.as_str(),
        work,
        nanoseconds(effect.queued_at)?,
        by.as_uuid().into_bytes(),
        NEVER_TRIED,
    ];
    change(connection, sql, parameters).map(drop)
}
