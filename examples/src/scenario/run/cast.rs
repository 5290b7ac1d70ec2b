//! What a story has made so far, by the names that it gave.

use std::collections::BTreeMap;

use ravs_core::port::PageKey;
use ravs_core::{OrganisationId, RecordId, Session};
use uuid::Uuid;

use super::trouble::Trouble;
use crate::scenario::command::Reference;

/// What a story has made so far, by the names that it gave.
///
/// A step that was refused gives its name to nothing; a name given again means the newer thing.
#[derive(Debug, Default)]
pub(super) struct Cast {
    organisations: BTreeMap<String, OrganisationId>,
    sessions: BTreeMap<String, Session>,
    records: BTreeMap<String, RecordId>,
    /// The bodies' names of organisations that were shown: a list goes on after name and id.
    bodies: BTreeMap<OrganisationId, String>,
}

impl Cast {
    pub(super) fn name_organisation(&mut self, name: Option<&str>, id: OrganisationId) {
        if let Some(name) = name {
            self.organisations.insert(name.to_owned(), id);
        }
    }

    pub(super) fn name_session(&mut self, name: Option<&str>, session: Session) {
        if let Some(name) = name {
            self.sessions.insert(name.to_owned(), session);
        }
    }

    pub(super) fn name_record(&mut self, name: Option<&str>, id: RecordId) {
        if let Some(name) = name {
            self.records.insert(name.to_owned(), id);
        }
    }

    /// Notes the body's name of an organisation that was shown.
    pub(super) fn note_body(&mut self, id: OrganisationId, name: &str) {
        self.bodies.insert(id, name.to_owned());
    }

    /// The organisation that is referred to. A name that belongs to none stands for one that
    /// nobody has, so that the library answers as it does for those.
    pub(super) fn organisation(&self, reference: &Reference) -> OrganisationId {
        match reference {
            Reference::Id(id) => OrganisationId::from_uuid(*id),
            Reference::Name(name) => {
                let found = self.organisations.get(name).copied();
                found.unwrap_or(OrganisationId::from_uuid(Uuid::nil()))
            }
        }
    }

    /// Likewise the record.
    pub(super) fn record(&self, reference: &Reference) -> RecordId {
        match reference {
            Reference::Id(id) => RecordId::from_uuid(*id),
            Reference::Name(name) => {
                self.records.get(name).copied().unwrap_or(RecordId::from_uuid(Uuid::nil()))
            }
        }
    }

    /// The session of that name.
    pub(super) fn session(&self, name: &str) -> Result<Session, Trouble> {
        let missing = || format!("there is no session `{name}`: the step that names it failed");
        self.sessions.get(name).cloned().ok_or_else(|| Trouble::Failed(missing()))
    }

    /// Where a page of a list ended that ended with this organisation.
    pub(super) fn page_end(&self, last: &Reference) -> Result<PageKey, Trouble> {
        let id = self.organisation(last);
        match self.bodies.get(&id) {
            Some(name) => Ok(PageKey { name: name.clone(), id }),
            None => Err(Trouble::Failed("`after` is no organisation that was shown".to_owned())),
        }
    }

    /// An organisation's name in the story, or else its id.
    pub(super) fn shown(&self, id: OrganisationId) -> String {
        named(&self.organisations, id).map_or_else(|| id.to_string(), str::to_owned)
    }

    /// A record's name in the story, or else its id.
    pub(super) fn shown_record(&self, id: RecordId) -> String {
        named(&self.records, id).map_or_else(|| id.to_string(), str::to_owned)
    }

    /// The name of an organisation or a record with that id.
    pub(super) fn name_of(&self, id: Uuid) -> Option<&str> {
        let organisation = named(&self.organisations, OrganisationId::from_uuid(id));
        organisation.or_else(|| named(&self.records, RecordId::from_uuid(id)))
    }
}

fn named<T: PartialEq>(names: &BTreeMap<String, T>, id: T) -> Option<&str> {
    names.iter().find(|(_, named)| **named == id).map(|(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> OrganisationId {
        OrganisationId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn a_name_given_again_means_the_newer_one() {
        let mut cast = Cast::default();
        let uclh = Reference::Name("uclh".into());
        assert_eq!(cast.organisation(&uclh), id(0));
        cast.name_organisation(Some("uclh"), id(1));
        assert_eq!((cast.organisation(&uclh), cast.shown(id(1))), (id(1), "uclh".into()));
        cast.name_organisation(Some("uclh"), id(2));
        cast.name_organisation(None, id(3));
        assert_eq!(cast.organisation(&uclh), id(2));
        assert_eq!(cast.shown(id(1)), "00000000-0000-0000-0000-000000000001");
        assert_eq!(cast.shown(id(2)), "uclh");
    }

    #[test]
    fn a_page_ends_with_an_organisation_that_was_shown() {
        let mut cast = Cast::default();
        let last = Reference::Id(Uuid::from_u128(7));
        assert!(cast.page_end(&last).is_err());
        cast.note_body(id(7), "BARTS");
        let key = cast.page_end(&last).unwrap();
        assert_eq!(key, PageKey { name: "BARTS".into(), id: id(7) });
    }

    #[test]
    fn there_is_no_session_before_it_is_named() {
        assert!(Cast::default().session("amara").is_err());
    }
}
