//! Who does a step.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Who does a step, written `support`, `system`, `region:EMAIL`, `user:EMAIL` or `session:NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The support desk.
    Support,
    /// The host's own housekeeping.
    System,
    /// Someone in the onboarding tool, by email address.
    Region(String),
    /// Someone the identity provider vouches for under this email address, nowhere entered.
    User(String),
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
            Some(("region", email)) => Ok(Self::Region(email.to_owned())),
            Some(("user", email)) => Ok(Self::User(email.to_owned())),
            Some(("session", name)) => Ok(Self::Session(name.to_owned())),
            _ => Err(UnknownActor),
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
            ("region:lead@nhs.net", Actor::Region("lead@nhs.net".into()), ActorKind::Region),
            ("user:amara@nhs.net", Actor::User("amara@nhs.net".into()), ActorKind::User),
            ("session:amara:2", Actor::Session("amara:2".into()), ActorKind::Session),
        ];
        for (text, actor, kind) in table {
            assert_eq!(text.parse(), Ok(actor.clone()));
            assert_eq!(actor.kind(), kind);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "Support", "support:x", "system:", "region", "user:", "lead:a@nhs.net"] {
            assert_eq!(text.parse::<Actor>(), Err(UnknownActor), "{text}");
        }
    }
}
