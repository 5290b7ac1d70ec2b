//! What a template that is kept elsewhere is filled in with.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::NoticeKind;
use crate::refusal::redacted_debug;

/// A field of a template.
///
/// A mailing service may keep the words of an email as a template of its own, with gaps for what
/// differs from one email to the next. These are the gaps; the words around them are those of the
/// email's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    /// `Dear Zoë`, or `Hello` where there is no name to say.
    Greeting,
    /// The organisation with its ODS code: `A TRUST (RRV)`.
    Organisation,
    /// The region, as it is written after `NHS`.
    Region,
    /// The day of what happened, in London: `10 August 2025`.
    Day,
    /// How its reader logs in, with an account that is new or one that is in use.
    HowToLogIn,
    /// What is true from that day on, or that it has changed again since.
    WhatFollows,
    /// The service's name.
    ServiceName,
    /// Where the guide and training are.
    Guide,
    /// The help desk's address.
    HelpDesk,
}

impl FieldName {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Greeting,
        Self::Organisation,
        Self::Region,
        Self::Day,
        Self::HowToLogIn,
        Self::WhatFollows,
        Self::ServiceName,
        Self::Guide,
        Self::HelpDesk,
    ];

    /// Its name in a template: `how_to_log_in`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Organisation => "organisation",
            Self::Region => "region",
            Self::Day => "day",
            Self::HowToLogIn => "how_to_log_in",
            Self::WhatFollows => "what_follows",
            Self::ServiceName => "service_name",
            Self::Guide => "guide",
            Self::HelpDesk => "help_desk",
        }
    }

    /// Whether it holds what somebody has typed: a person's name, a body's in the directory. It
    /// was made harmless already (R-N6); a carrier that can do more for such a field is to do it.
    #[must_use]
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::Greeting | Self::Organisation)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl NoticeKind {
    /// The fields that every email of this kind has, none of them empty.
    #[must_use]
    pub const fn fields(self) -> &'static [FieldName] {
        use FieldName::{
            Day, Greeting, Guide, HelpDesk, HowToLogIn, Organisation, Region, ServiceName,
            WhatFollows,
        };
        match self {
            Self::WelcomeLeadAdministrator => {
                &[Greeting, Organisation, Region, HowToLogIn, ServiceName, Guide, HelpDesk]
            }
            Self::WelcomeUser => {
                &[Greeting, Organisation, HowToLogIn, ServiceName, Guide, HelpDesk]
            }
            Self::WelcomeRegionalLead => {
                &[Greeting, Region, HowToLogIn, ServiceName, Guide, HelpDesk]
            }
            Self::OrganisationDeactivated | Self::OrganisationReactivated => {
                &[Greeting, Organisation, Day, WhatFollows, ServiceName, HelpDesk]
            }
        }
    }
}

/// A field with what stands there in one email. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Which.
    pub name: FieldName,
    /// Plain text; paragraphs are apart by an empty line.
    pub value: String,
}

redacted_debug!(Field);
