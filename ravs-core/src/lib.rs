#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::todo,
        clippy::unreachable
    )
)]

extern crate alloc;
#[cfg(any(test, feature = "mocks"))]
extern crate std;

mod change;
mod characters;
pub mod command;
mod effect;
mod event;
mod london;
mod membership;
mod notice;
mod organisation;
pub mod permission;
mod policy;
pub mod port;
mod record;
mod refusal;
mod region;
pub mod service;
mod session;
mod settings;
mod stored;
mod user;

pub use change::{ChangeSet, ChangeSetId, Context, Guard, Write};
pub use effect::{Effect, EffectKey, Work};
pub use event::{Actor, Event, EventId, Happening, OrganisationReplay, ReplayError, Stream};
pub use london::date as london_date;
pub use membership::{
    ClinicianStatus, Entries, Member, Membership, MembershipState, MembershipStatus,
    PermissionLevel, Roster, StoredMembership, UnknownLevel,
};
pub use notice::{Account, Email, Field, FieldName, Letter, Notice, NoticeKind, ServiceDetails};
pub use organisation::{
    Body, ClosedBecause, Closing, InvalidOdsCode, InvalidVaccineName, OdsCode, Organisation,
    OrganisationId, OrganisationState, OrganisationStatus, StatusBoard, StatusCounts, Step,
    StepRefused, StoredGrants, StoredOrganisation, UnknownStatus, VaccineCatalogue, VaccineGrants,
    VaccineType,
};
pub use permission::{
    Action, Decision, ExplainedReason, Explanation, Reason, Reasons, Request, Standing,
    UnknownAction,
};
pub use policy::{ChangingOrganisation, Policy, VaccinesAtOnboarding};
pub use record::{
    DayCount, RecordDetails, RecordId, RecordView, Report, ReportRange, Revision, StoredRecord,
    VaccinationRecord,
};
pub use refusal::{Code, Fault, Refusal};
pub use region::{
    Region, RegionalLead, RegionalLeadState, RvocMailboxes, StoredRegionalLead, UnknownRegion,
};
pub use service::{Entered, Failure, OrganisationView, Ports, Ravs, SignIn, UserView};
pub use session::{Choice, Place, Session, VerifiedIdentity, choices};
pub use settings::{Delivery, Settings};
pub use stored::{Corrupt, Version};
pub use user::{
    AllowedDomains, EmailAddress, InvalidEmail, InvalidRules, InvalidSubject, LoadedDomains,
    PersonName, StoredUser, Subject, User, UserId,
};
