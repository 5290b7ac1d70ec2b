//! What is to be done outside, at the end of its lane.

use ravs_core::port::PortError;
use ravs_core::{ChangeSet, Effect};
use tokio_postgres::types::Type;

use crate::lane::Lanes;
use crate::row::json;
use crate::statement::{Statement, Step, value};
use crate::time::nanoseconds;

/// One that is there under its key stays as it is.
const QUEUE: Statement = Statement {
    text: "INSERT INTO {schema}.effects (lane, key, work, queued_at)
        SELECT lane, key, work, queued_at
        FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS e (lane, key, work, queued_at, number)
        ORDER BY number
        ON CONFLICT (lane, key) DO NOTHING",
    types: &[Type::INT2_ARRAY, Type::TEXT_ARRAY, Type::JSONB_ARRAY, Type::INT8_ARRAY],
};

pub(super) fn write(
    steps: &mut Vec<Step>,
    change: &ChangeSet,
    lanes: Lanes,
) -> Result<(), PortError> {
    let effects: &[Effect] = change.effects();
    if effects.is_empty() {
        return Ok(());
    }
    let queued_at = effects.iter().map(|effect| nanoseconds(effect.queued_at));
    let work = effects.iter().map(|effect| json(&effect.work));
    let values = [
        value(effects.iter().map(|effect| lanes.of(effect.work.user())).collect::<Vec<_>>()),
        value(effects.iter().map(|effect| effect.key.as_str().to_owned()).collect::<Vec<_>>()),
        value(work.collect::<Result<Vec<_>, _>>()?),
        value(queued_at.collect::<Result<Vec<_>, _>>()?),
    ];
    steps.push(Step::new(&QUEUE, values));
    Ok(())
}
