//! The stable codes of every refusal.

use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        /// Why the domain says no: the rulebook's codes, stable across versions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)+
        }

        impl Code {
            /// Every code, sorted.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as text, as the rulebook spells it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

codes! {
    /// The address is a member here already (R-U5, R-O8).
    AlreadyAMember = "already_a_member",
    /// The organisation has been entered, so its invitation cannot be withdrawn (R-O7).
    AlreadyActive = "already_active",
    /// The organisation or the membership is deactivated already (R-L2, R-U8).
    AlreadyDeactivated = "already_deactivated",
    /// The body has a live organisation (R-O4).
    AlreadyOnboarded = "already_onboarded",
    /// The body is legally closed on this day (R-O1).
    BodyLegallyClosed = "body_legally_closed",
    /// The directory knows no body under this code (R-O1).
    BodyNotFound = "body_not_found",
    /// An address was nominated more than once (R-O2).
    DuplicateNominee = "duplicate_nominee",
    /// The address's domain is not on the allow list (R-U3).
    EmailDomainNotAllowed = "email_domain_not_allowed",
    /// The address serves elsewhere, and may not serve here too (R-U4).
    EmailInUse = "email_in_use",
    /// This is no email address (R-U2).
    EmailInvalid = "email_invalid",
    /// The organisation would lose its last active lead administrator (R-U9).
    LastLeadAdministrator = "last_lead_administrator",
    /// The address is a member here whose access was deactivated (R-U5).
    MemberDeactivated = "member_deactivated",
    /// The user's membership here is deactivated (R-S3, R-P5).
    MembershipDeactivated = "membership_deactivated",
    /// The user has not entered this organisation yet (R-P5).
    MembershipInvited = "membership_invited",
    /// A first or last name is missing (R-U2).
    NameMissing = "name_missing",
    /// A first or last name has more than 50 characters (R-U2).
    NameTooLong = "name_too_long",
    /// There is no organisation that the user could enter (R-S2).
    NoOrganisation = "no_organisation",
    /// No vaccine type was chosen (R-O2).
    NoVaccinesChosen = "no_vaccines_chosen",
    /// The person cannot be chosen as a clinician here (R-R1).
    NotAClinician = "not_a_clinician",
    /// The user or the address is no member here (R-S3, R-U7).
    NotAMember = "not_a_member",
    /// The person has no access to the onboarding tool (R-A3).
    NotARegionalLead = "not_a_regional_lead",
    /// The organisation or the membership is not deactivated (R-L4, R-U8).
    NotDeactivated = "not_deactivated",
    /// The organisation is not one of the lead's region (R-A3).
    NotInYourRegion = "not_in_your_region",
    /// The request did not come from the region's RVOC mailbox (R-A2).
    NotTheRvocMailbox = "not_the_rvoc_mailbox",
    /// The organisation is closed, for good (R-L5, R-P5).
    OrganisationClosed = "organisation_closed",
    /// The organisation is deactivated, and this is not let through (R-P3).
    OrganisationDeactivated = "organisation_deactivated",
    /// Nobody has entered the organisation yet (R-P5).
    OrganisationInvited = "organisation_invited",
    /// The permission level does not cover the action (R-P1).
    PermissionLevel = "permission_level",
    /// A report's first day is after its last (R-R4).
    RangeReversed = "range_reversed",
    /// A report covers more than 90 days (R-R4).
    RangeTooLong = "range_too_long",
    /// The entered organisation has no such record (R-R2).
    RecordNotFound = "record_not_found",
    /// The organisation is Invited: its invitation can be withdrawn instead (R-L2).
    StillInvited = "still_invited",
    /// Fewer people were nominated than it takes (R-O2).
    TooFewNominees = "too_few_nominees",
    /// Nobody is known under this identity or address (R-S1).
    UnknownUser = "unknown_user",
    /// This is not the name of a vaccine type that can be used here (R-V1).
    UnknownVaccine = "unknown_vaccine",
    /// The organisation may not record this vaccine type (R-P5).
    VaccineNotGranted = "vaccine_not_granted",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
