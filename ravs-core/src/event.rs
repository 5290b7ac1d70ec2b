//! What happened: the history that every change writes (R-H1).

mod replay;

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::change::ChangeSetId;
use crate::membership::{ClinicianStatus, PermissionLevel};
use crate::notice::NoticeKind;
use crate::organisation::{ClosedBecause, Closing, OdsCode, OrganisationId, VaccineType};
use crate::record::{RecordDetails, RecordId};
use crate::region::Region;
use crate::stored::{Version, id};
use crate::user::{EmailAddress, PersonName, Subject, UserId};

pub use replay::{OrganisationReplay, ReplayError};

id! {
    /// Identifies an event.
    EventId
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Actor {
    /// The RAVS support desk.
    Support,
    /// The library itself: a closing that came, an effect carried out.
    System,
    /// A regional lead, in the onboarding tool.
    RegionalLead(UserId),
    /// A user.
    User(UserId),
}

/// Whose history an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Stream {
    /// An organisation's: its life, its members, its records.
    Organisation(OrganisationId),
    /// A person's: their account, and their access to the onboarding tool.
    Person(UserId),
}

/// Something that happened, once, to one organisation or person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The change set that it was committed with.
    pub change: ChangeSetId,
    /// Whose history it belongs to.
    pub stream: Stream,
    /// The organisation's version after it, where it moved the organisation.
    pub organisation_version: Option<Version>,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: Actor,
    /// What it was, and what it replaced.
    pub what: Happening,
}

/// What happened, in the past tense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// A body was onboarded.
    OrganisationInvited {
        /// The body's ODS code.
        ods_code: OdsCode,
        /// The body's name, as it was shown.
        name: String,
        /// The body's address, as it was shown.
        address: String,
        /// The body's postcode, as it was shown.
        postcode: String,
        /// The region it was onboarded by.
        region: Region,
        /// The regional lead who did.
        invited_by: UserId,
        /// The vaccine types chosen.
        vaccines: Vec<VaccineType>,
    },
    /// The organisation was entered for the first time.
    OrganisationActivated,
    /// Vaccine types were added.
    VaccinesAdded {
        /// The new ones.
        vaccines: Vec<VaccineType>,
    },
    /// The organisation was deactivated.
    OrganisationDeactivated {
        /// When it closes.
        closes_at: Closing,
    },
    /// The organisation was reactivated.
    OrganisationReactivated {
        /// The closing that no longer comes.
        instead_of: Option<Closing>,
    },
    /// The organisation closed.
    OrganisationClosed {
        /// Why.
        because: ClosedBecause,
    },
    /// Somebody was added.
    MemberAdded {
        /// Who.
        user: UserId,
        /// Their level.
        level: PermissionLevel,
        /// A level that waits for their first entry.
        next_level: Option<PermissionLevel>,
        /// Whether they are a clinician.
        clinician: ClinicianStatus,
        /// The member whose place they take (R-U10).
        instead_of: Option<UserId>,
    },
    /// A member entered.
    MemberEntered {
        /// Who.
        user: UserId,
        /// The level that a waiting one replaced.
        replaced_level: Option<PermissionLevel>,
    },
    /// A member was given another level, from their next entry on.
    MemberLevelChanged {
        /// Who.
        user: UserId,
        /// The level that waited before.
        from: Option<PermissionLevel>,
        /// The level that waits now.
        to: Option<PermissionLevel>,
    },
    /// A member's clinician status was changed.
    MemberClinicianChanged {
        /// Who.
        user: UserId,
        /// From this.
        from: ClinicianStatus,
        /// To this.
        to: ClinicianStatus,
    },
    /// A member's access was taken away.
    MemberDeactivated {
        /// Who.
        user: UserId,
    },
    /// A member's access was given back.
    MemberReactivated {
        /// Who.
        user: UserId,
    },
    /// A member whose access had been taken away was nominated as lead administrator.
    MemberNominatedAgain {
        /// Who.
        user: UserId,
        /// The level they had.
        replaced_level: PermissionLevel,
        /// The level that waited for their next entry.
        replaced_next_level: Option<PermissionLevel>,
    },
    /// A vaccination was recorded.
    VaccinationRecorded {
        /// The record.
        record: RecordId,
        /// The vaccine type.
        vaccine: VaccineType,
        /// What it says.
        details: RecordDetails,
    },
    /// A record was edited.
    RecordEdited {
        /// The record.
        record: RecordId,
        /// What it said.
        from: RecordDetails,
        /// What it says.
        to: RecordDetails,
    },
    /// An email had lost its point by the time it would have gone (R-N7).
    EmailDropped {
        /// Which email.
        notice: NoticeKind,
        /// To whom it would have gone.
        user: UserId,
    },
    /// A person became known.
    UserAdded {
        /// Their address.
        email: EmailAddress,
        /// Their name.
        name: PersonName,
    },
    /// A person signed in for the first time.
    UserLinked {
        /// Who they are at the identity provider.
        subject: Subject,
    },
    /// An address was taken for one organisation alone, under a policy that allows no more.
    EmailClaimed {
        /// The organisation.
        organisation: OrganisationId,
    },
    /// A person was given access to the onboarding tool.
    RegionalLeadAdded {
        /// The region they act for.
        region: Region,
    },
    /// A person's access to the onboarding tool was stopped.
    RegionalLeadStopped {
        /// The region they acted for.
        region: Region,
    },
    /// Support asked for a person's activation email to be sent again.
    ActivationEmailRequested,
}

impl Happening {
    /// What happened, in a word or three: `organisation_deactivated`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OrganisationInvited { .. } => "organisation_invited",
            Self::OrganisationActivated => "organisation_activated",
            Self::VaccinesAdded { .. } => "vaccines_added",
            Self::OrganisationDeactivated { .. } => "organisation_deactivated",
            Self::OrganisationReactivated { .. } => "organisation_reactivated",
            Self::OrganisationClosed { .. } => "organisation_closed",
            Self::MemberAdded { .. } => "member_added",
            Self::MemberEntered { .. } => "member_entered",
            Self::MemberLevelChanged { .. } => "member_level_changed",
            Self::MemberClinicianChanged { .. } => "member_clinician_changed",
            Self::MemberDeactivated { .. } => "member_deactivated",
            Self::MemberReactivated { .. } => "member_reactivated",
            Self::MemberNominatedAgain { .. } => "member_nominated_again",
            Self::VaccinationRecorded { .. } => "vaccination_recorded",
            Self::RecordEdited { .. } => "record_edited",
            Self::EmailDropped { .. } => "email_dropped",
            Self::UserAdded { .. } => "user_added",
            Self::UserLinked { .. } => "user_linked",
            Self::EmailClaimed { .. } => "email_claimed",
            Self::RegionalLeadAdded { .. } => "regional_lead_added",
            Self::RegionalLeadStopped { .. } => "regional_lead_stopped",
            Self::ActivationEmailRequested => "activation_email_requested",
        }
    }
}
