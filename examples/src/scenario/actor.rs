//! Who does a step.

use std::fmt;
use std::str::FromStr;

use ravs_core::{EmailAddress, Subject, VerifiedIdentity};
use thiserror::Error;

/// Who does a step, written `support`, `system`, `region:EMAIL`, `user:EMAIL` or `session:NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The support desk.
    Support,
    /// The host's own housekeeping.
    System,
    /// Someone in the onboarding tool.
    Region(VerifiedIdentity),
    /// Someone the identity provider vouches for, nowhere entered.
    User(VerifiedIdentity),
    /// A session, by the name that an earlier `enter` gave it.
    Session(String),
}

/// The kinds of actor; every command belongs to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// The support desk.
    Support,
    /// The host's own housekeeping.
    System,
    /// Someone in the onboarding tool.
    Region,
    /// Someone signing in.
    User,
    /// Someone who has entered an organisation.
    Session,
}

impl Actor {
    /// The kind of this actor.
    pub fn kind(&self) -> ActorKind {
        match self {
            Self::Support => ActorKind::Support,
            Self::System => ActorKind::System,
            Self::Region(_) => ActorKind::Region,
            Self::User(_) => ActorKind::User,
            Self::Session(_) => ActorKind::Session,
        }
    }
}

/// What is written is no actor. The text is kept out of the message: it may hold an address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("must be `support`, `system`, `region:EMAIL`, `user:EMAIL` or `session:NAME`")]
pub struct UnknownActor;

impl FromStr for Actor {
    type Err = UnknownActor;

    fn from_str(text: &str) -> Result<Self, UnknownActor> {
        match text.split_once(':') {
            None if text == "support" => Ok(Self::Support),
            None if text == "system" => Ok(Self::System),
            Some((_, "")) => Err(UnknownActor),
            Some(("region", email)) => vouched_for(email).map(Self::Region),
            Some(("user", email)) => vouched_for(email).map(Self::User),
            Some(("session", name)) => Ok(Self::Session(name.to_owned())),
            _ => Err(UnknownActor),
        }
    }
}

/// Someone under this email address: always with the same subject.
fn vouched_for(email: &str) -> Result<VerifiedIdentity, UnknownActor> {
    let email = email.parse::<EmailAddress>().map_err(|_| UnknownActor)?;
    let subject = Subject::new(&format!("subject-of-{}", email.folded()));
    Ok(VerifiedIdentity { subject: subject.map_err(|_| UnknownActor)?, email: Some(email) })
}

/// Under which they are vouched for: a step always says one.
fn address_of(who: &VerifiedIdentity) -> &str {
    who.email.as_ref().map_or("", EmailAddress::as_str)
}

/// As it is written in a step.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Support => f.write_str("support"),
            Self::System => f.write_str("system"),
            Self::Region(lead) => write!(f, "region:{}", address_of(lead)),
            Self::User(user) => write!(f, "user:{}", address_of(user)),
            Self::Session(name) => write!(f, "session:{name}"),
        }
    }
}

impl fmt::Display for ActorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Support => "support",
            Self::System => "system",
            Self::Region => "region:EMAIL",
            Self::User => "user:EMAIL",
            Self::Session => "session:NAME",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_kinds_are_read() {
        let table = [
            ("support", Actor::Support, ActorKind::Support),
            ("system", Actor::System, ActorKind::System),
            (
                "region:lead@nhs.net",
                Actor::Region(vouched_for("lead@nhs.net").unwrap()),
                ActorKind::Region,
            ),
            (
                "user:amara@nhs.net",
                Actor::User(vouched_for("amara@nhs.net").unwrap()),
                ActorKind::User,
            ),
            ("session:amara:2", Actor::Session("amara:2".into()), ActorKind::Session),
        ];
        for (text, actor, kind) in table {
            assert_eq!(text.parse(), Ok(actor.clone()));
            assert_eq!(actor.kind(), kind);
            assert_eq!(actor.to_string(), text);
        }
    }

    #[test]
    fn one_address_has_one_subject() {
        assert_eq!(vouched_for("amara@nhs.net"), vouched_for("Amara@NHS.net"));
        assert_ne!(vouched_for("amara@nhs.net"), vouched_for("ben@nhs.net"));
    }

    #[test]
    fn anything_else_is_refused() {
        let shapes = ["", "Support", "support:x", "system:", "region", "user:", "lead:a@nhs.net"];
        let addresses = ["region:lead", "user:a@b@nhs.net"];
        for text in shapes.into_iter().chain(addresses) {
            assert_eq!(text.parse::<Actor>(), Err(UnknownActor), "{text}");
        }
    }
}
