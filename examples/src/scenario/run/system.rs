//! What housekeeping does, and what is seen behind the scenes.

use super::answer::Email;
use super::{Answer, Run, Told, Trouble};
use crate::scenario::command::Command;
use crate::scenario::step::Step;
use crate::scenario::vocabulary::Provider;

/// More than any story has at once.
const EVERYTHING: usize = 100_000;

impl Run {
    pub(super) async fn system(&mut self, step: &Step) -> Told {
        let housekeeping = self.ravs.housekeeping();
        match &step.command {
            Command::Sweep => {
                let closed = housekeeping.sweep(EVERYTHING).await?;
                let closed = closed.into_iter().map(|id| self.cast.shown(id)).collect();
                Ok(Answer::Closed { closed })
            }
            Command::Deliver { provider } => {
                self.world.identity.set_down(*provider == Provider::Down);
                let delivered = housekeeping.deliver(EVERYTHING).await;
                self.world.identity.set_down(false);
                Ok(delivered?.into())
            }
            Command::Emails => {
                let mut emails: Vec<Email> =
                    self.world.mailer.take().into_iter().map(Email::from).collect();
                emails.sort_by_cached_key(|email| {
                    (email.notice.as_str(), email.to.clone(), email.text.clone())
                });
                Ok(Answer::Emails { emails })
            }
            Command::History { organisation } => {
                let events = self.history(self.cast.organisation(organisation)).await?;
                Ok(Answer::History { events })
            }
            _ => Err(Trouble::not_theirs(step)),
        }
    }
}
