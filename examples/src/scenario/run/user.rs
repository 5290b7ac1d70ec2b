//! What someone does who is nowhere yet.

use ravs_core::service::{self, SignIn};
use ravs_core::{ClinicianStatus, VerifiedIdentity};

use super::answer::{Choice, Entered};
use super::{Answer, Run, Told, Trouble};
use crate::scenario::command::Command;
use crate::scenario::step::Step;

impl Run {
    pub(super) async fn user(&mut self, user: &VerifiedIdentity, step: &Step) -> Told {
        match &step.command {
            Command::SignIn => {
                let SignIn { choices, entered } = self.ravs.sign_in(user).await?;
                let choices = choices.into_iter().map(|choice| {
                    let shown = self.cast.shown(choice.organisation);
                    Choice::of(choice, shown)
                });
                let choices = choices.collect();
                let entered = entered.map(|entered| self.entered(&entered));
                Ok(Answer::SignIn { choices, entered })
            }
            Command::Enter { organisation } => {
                let organisation = self.cast.organisation(organisation);
                let entered = self.ravs.enter(user, organisation).await?;
                self.cast.name_session(step.name.as_deref(), entered.session.clone());
                Ok(Answer::Entered(self.entered(&entered)))
            }
            _ => Err(Trouble::not_theirs(step)),
        }
    }

    fn entered(&self, entered: &service::Entered) -> Entered {
        Entered {
            organisation: self.cast.shown(entered.session.organisation()),
            level: entered.level,
            clinician: entered.clinician == ClinicianStatus::Clinician,
        }
    }
}
