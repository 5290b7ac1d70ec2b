//! The header of a vaccination record: who recorded what kind of vaccination where.

mod report;

use alloc::vec::Vec;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::organisation::{OrganisationId, VaccineType};
use crate::stored::{Corrupt, Version, ensure, id};
use crate::user::{EmailAddress, UserId};

pub use report::{DayCount, Report, ReportRange};

id! {
    /// Identifies a vaccination record; the host keeps what is clinical under it.
    RecordId
}

/// What can be edited of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDetails {
    /// The day on which the vaccination was given.
    pub given_on: NaiveDate,
    /// The clinician who assessed the patient.
    pub assessing: UserId,
    /// The clinician who took the patient's consent.
    pub consenting: UserId,
}

/// One revision of a record. Times are UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// What it says.
    pub details: RecordDetails,
    /// Who made it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// The header of a vaccination record.
///
/// It belongs to the organisation where it was made, for ever (R-R2); its author and its time
/// never change (R-R3). The first revision is the recording, each edit adds one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredRecord", into = "StoredRecord")]
pub struct VaccinationRecord {
    id: RecordId,
    organisation: OrganisationId,
    vaccine: VaccineType,
    recorded: Revision,
    edits: Vec<Revision>,
}

impl VaccinationRecord {
    /// A vaccination recorded.
    pub(crate) fn new(
        id: RecordId,
        organisation: OrganisationId,
        vaccine: VaccineType,
        recorded: Revision,
    ) -> Self {
        Self { id, organisation, vaccine, recorded, edits: Vec::new() }
    }

    /// The same record with one more revision.
    pub(crate) fn edit(mut self, details: RecordDetails, by: UserId, now: DateTime<Utc>) -> Self {
        let at = self.not_before(now);
        self.edits.push(Revision { details, by, at });
        self
    }

    /// The later of `now` and the last change (R-L7).
    pub(crate) fn not_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.max(self.current().at)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// The organisation where it was made.
    #[must_use]
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// The vaccine type.
    #[must_use]
    pub fn vaccine(&self) -> &VaccineType {
        &self.vaccine
    }

    /// Who recorded it.
    #[must_use]
    pub fn author(&self) -> UserId {
        self.recorded.by
    }

    /// When it was recorded (UTC).
    #[must_use]
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded.at
    }

    /// The revision in force.
    #[must_use]
    pub fn current(&self) -> &Revision {
        self.edits.last().unwrap_or(&self.recorded)
    }

    /// Every revision, the recording first.
    pub fn revisions(&self) -> impl Iterator<Item = &Revision> {
        core::iter::once(&self.recorded).chain(&self.edits)
    }

    /// The number of the revision in force, 1 being the recording; also the version that an edit
    /// has to be decided on.
    #[must_use]
    pub fn version(&self) -> Version {
        self.edits.iter().fold(Version::FIRST, |version, _| version.next())
    }

    /// Comes back from a store.
    ///
    /// # Errors
    /// [`Corrupt`] without a revision, or with revisions out of order.
    pub fn restore(stored: StoredRecord) -> Result<Self, Corrupt> {
        let StoredRecord { id, organisation, vaccine, revisions } = stored;
        let in_order = revisions.iter().zip(revisions.iter().skip(1)).all(|(a, b)| a.at <= b.at);
        ensure(in_order, "record: a revision is older than the one before it")?;
        let mut revisions = revisions.into_iter();
        let recorded =
            revisions.next().ok_or(Corrupt::new("record: its first revision is missing"))?;
        Ok(Self { id, organisation, vaccine, recorded, edits: revisions.collect() })
    }
}

/// A record as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRecord {
    /// Its id.
    pub id: RecordId,
    /// The organisation where it was made.
    pub organisation: OrganisationId,
    /// The vaccine type.
    pub vaccine: VaccineType,
    /// Every revision, the recording first.
    pub revisions: Vec<Revision>,
}

impl From<VaccinationRecord> for StoredRecord {
    fn from(record: VaccinationRecord) -> Self {
        let revisions = record.revisions().copied().collect();
        let VaccinationRecord { id, organisation, vaccine, .. } = record;
        Self { id, organisation, vaccine, revisions }
    }
}

impl TryFrom<StoredRecord> for VaccinationRecord {
    type Error = Corrupt;

    fn try_from(stored: StoredRecord) -> Result<Self, Self::Error> {
        Self::restore(stored)
    }
}

/// A record as it is shown, its people by their addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordView {
    /// Its id.
    pub record: RecordId,
    /// The vaccine type.
    pub vaccine: VaccineType,
    /// The day on which the vaccination was given.
    pub given_on: NaiveDate,
    /// Who recorded it.
    pub recorded_by: EmailAddress,
    /// When it was recorded (UTC).
    pub recorded_at: DateTime<Utc>,
    /// The clinician who assessed the patient.
    pub assessing: EmailAddress,
    /// The clinician who took the patient's consent.
    pub consenting: EmailAddress,
    /// The number of the revision in force; 1 is the recording.
    pub revision: Version,
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString as _};
    use alloc::vec;

    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    fn revision(day: &str, by: u128, time: &str) -> Revision {
        let given_on = day.parse().unwrap();
        let details = RecordDetails { given_on, assessing: user(8), consenting: user(9) };
        Revision { details, by: user(by), at: at(time) }
    }

    fn record() -> VaccinationRecord {
        let (id, organisation) = (Uuid::from_u128(1), Uuid::from_u128(2));
        VaccinationRecord::new(
            RecordId::from_uuid(id),
            OrganisationId::from_uuid(organisation),
            "Flu".parse().unwrap(),
            revision("2026-03-01", 1, "2026-03-02T09:00:00Z"),
        )
    }

    // R-R3: author and time of creation stay; each edit adds a revision and keeps the old ones.
    #[test]
    fn an_edit_adds_a_revision_and_changes_nothing_else() {
        let edit = revision("2026-02-28", 2, "2026-03-03T09:00:00Z");
        let edited = record().edit(edit.details, edit.by, edit.at);
        assert_eq!(edited.author(), user(1));
        assert_eq!(edited.recorded_at(), at("2026-03-02T09:00:00Z"));
        assert_eq!((edited.id(), edited.organisation()), (record().id(), record().organisation()));
        assert_eq!(edited.vaccine().as_str(), "Flu");
        assert_eq!(edited.current(), &edit);
        assert!(edited.revisions().eq([record().current(), &edit]));
        assert_eq!((record().version().number(), edited.version().number()), (1, 2));
    }

    // R-L7: revisions follow each other in time too.
    #[test]
    fn time_does_not_run_backwards() {
        let slow = at("2025-01-01T00:00:00Z");
        let edited = record().edit(record().current().details, user(2), slow);
        assert_eq!(edited.current().at, record().recorded_at());
        assert_eq!(record().not_before(slow), record().recorded_at());
    }

    /// Why stored state does not load, the same whether it comes as fields or as JSON.
    fn why_not(revisions: Vec<Revision>) -> Option<String> {
        let stored = StoredRecord { revisions, ..record().into() };
        let json = serde_json::to_value(&stored).unwrap();
        let from_json = serde_json::from_value::<VaccinationRecord>(json);
        match VaccinationRecord::restore(stored.clone()) {
            Ok(read) => {
                assert_eq!(StoredRecord::from(read.clone()), stored);
                assert_eq!(from_json.unwrap(), read);
                None
            }
            Err(corrupt) => {
                assert!(from_json.unwrap_err().to_string().contains(corrupt.what()));
                Some(corrupt.what().to_string())
            }
        }
    }

    // R-R3
    #[test]
    fn revisions_load_whole_and_in_order_or_not_at_all() {
        let first = revision("2026-03-01", 1, "2026-03-02T09:00:00Z");
        let at_once = Revision { by: user(2), ..first };
        let before = Revision { at: first.at - TimeDelta::nanoseconds(1), ..first };
        assert_eq!(why_not(vec![first]), None);
        assert_eq!(why_not(vec![first, at_once]), None);
        assert_eq!(why_not(vec![before, first, at_once]), None);
        let missing = Some("record: its first revision is missing".to_string());
        assert_eq!(why_not(vec![]), missing);
        let older = Some("record: a revision is older than the one before it".to_string());
        assert_eq!(why_not(vec![first, before]), older);
        assert_eq!(why_not(vec![first, at_once, before]), older);
    }
}
