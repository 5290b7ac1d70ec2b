//! Reading what is stored, through the checks of the core.

pub(crate) mod history;
pub(crate) mod list;
pub(crate) mod membership;
pub(crate) mod organisation;
pub(crate) mod people;
pub(crate) mod record;
