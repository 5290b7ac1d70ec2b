//! Emails as data: which one, to whom, about what.

mod block;
mod field;
mod plain;
mod service_details;
mod text;

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::effect::EffectKey;
use crate::organisation::{Closing, OrganisationId};
use crate::refusal::redacted_debug;
use crate::region::RegionalLead;
use crate::session::Place;
use crate::user::{EmailAddress, UserId};

pub use field::{Field, FieldName};
pub use service_details::ServiceDetails;
pub use text::{Account, Letter};

/// Which email it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// To a nominated lead administrator.
    WelcomeLeadAdministrator,
    /// To anybody else who is added to an organisation.
    WelcomeUser,
    /// To a new regional lead.
    WelcomeRegionalLead,
    /// To the lead administrators of an organisation that was deactivated.
    OrganisationDeactivated,
    /// To the lead administrators of an organisation that was reactivated.
    OrganisationReactivated,
}

impl NoticeKind {
    /// All five.
    pub const ALL: [Self; 5] = [
        Self::WelcomeLeadAdministrator,
        Self::WelcomeUser,
        Self::WelcomeRegionalLead,
        Self::OrganisationDeactivated,
        Self::OrganisationReactivated,
    ];

    /// Its name: `welcome_user`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WelcomeLeadAdministrator => "welcome_lead_administrator",
            Self::WelcomeUser => "welcome_user",
            Self::WelcomeRegionalLead => "welcome_regional_lead",
            Self::OrganisationDeactivated => "organisation_deactivated",
            Self::OrganisationReactivated => "organisation_reactivated",
        }
    }
}

/// An email to send, by the ids of what it is about. Its text is made when it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// To a nominated lead administrator.
    WelcomeLeadAdministrator {
        /// To whom.
        user: UserId,
        /// The organisation they were nominated at.
        organisation: OrganisationId,
    },
    /// To anybody else who is added to an organisation.
    WelcomeUser {
        /// To whom.
        user: UserId,
        /// The organisation they were added to.
        organisation: OrganisationId,
    },
    /// To a new regional lead.
    WelcomeRegionalLead {
        /// To whom.
        user: UserId,
    },
    /// To a lead administrator of an organisation that was deactivated.
    OrganisationDeactivated {
        /// To whom.
        user: UserId,
        /// The organisation.
        organisation: OrganisationId,
        /// When it was deactivated (UTC).
        at: DateTime<Utc>,
        /// When it closes.
        closes_at: Closing,
    },
    /// To a lead administrator of an organisation that was reactivated.
    OrganisationReactivated {
        /// To whom.
        user: UserId,
        /// The organisation.
        organisation: OrganisationId,
        /// When it was reactivated (UTC).
        at: DateTime<Utc>,
    },
}

impl Notice {
    /// Which email it is.
    #[must_use]
    pub const fn kind(&self) -> NoticeKind {
        match self {
            Self::WelcomeLeadAdministrator { .. } => NoticeKind::WelcomeLeadAdministrator,
            Self::WelcomeUser { .. } => NoticeKind::WelcomeUser,
            Self::WelcomeRegionalLead { .. } => NoticeKind::WelcomeRegionalLead,
            Self::OrganisationDeactivated { .. } => NoticeKind::OrganisationDeactivated,
            Self::OrganisationReactivated { .. } => NoticeKind::OrganisationReactivated,
        }
    }

    /// To whom.
    #[must_use]
    pub const fn user(&self) -> UserId {
        match self {
            Self::WelcomeLeadAdministrator { user, .. }
            | Self::WelcomeUser { user, .. }
            | Self::WelcomeRegionalLead { user }
            | Self::OrganisationDeactivated { user, .. }
            | Self::OrganisationReactivated { user, .. } => *user,
        }
    }

    /// The organisation it is about.
    #[must_use]
    pub const fn organisation(&self) -> Option<OrganisationId> {
        match self {
            Self::WelcomeRegionalLead { .. } => None,
            Self::WelcomeLeadAdministrator { organisation, .. }
            | Self::WelcomeUser { organisation, .. }
            | Self::OrganisationDeactivated { organisation, .. }
            | Self::OrganisationReactivated { organisation, .. } => Some(*organisation),
        }
    }
}

/// Whether an email about an organisation still has a point (R-N7): its reader can still get in.
/// What has changed since is said in it.
pub(crate) fn still_matters(place: &Place, now: DateTime<Utc>) -> bool {
    place.check_enterable(now).is_ok()
}

/// Whether a regional lead's welcome still has a point (R-N7).
pub(crate) fn welcome_still_matters(lead: Option<&RegionalLead>) -> bool {
    lead.is_some_and(RegionalLead::is_active)
}

/// An email ready to be sent, names and all, in the forms that carriers take. `Debug` shows none
/// of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// Its key, by which a repeat is recognised.
    pub key: EffectKey,
    /// Which email it is.
    pub notice: NoticeKind,
    /// To whom it goes.
    pub to: EmailAddress,
    /// Its subject, one line.
    pub subject: String,
    /// Its text: plain, ends with a line's end.
    pub text: String,
    /// The same as a page of HTML that needs nothing from elsewhere.
    pub html: String,
    /// What differs from other emails of its kind, for a carrier that keeps the rest as a template:
    /// the fields of [`NoticeKind::fields`], in their order.
    pub fields: Vec<Field>,
}

redacted_debug!(Email);
