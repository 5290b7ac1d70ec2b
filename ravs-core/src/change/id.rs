//! The id of a change set.

use crate::stored::id;

id! {
    /// Identifies a change set, so that a commit whose outcome is unclear can be asked for.
    ChangeSetId
}
