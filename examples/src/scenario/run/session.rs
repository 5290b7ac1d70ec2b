//! What someone does at the organisation they have entered.

use ravs_core::command::{AddUser, ChangeUser, EditRecord, MoveToMainEmail, RecordVaccination};
use ravs_core::service::OrganisationDesk;
use ravs_core::{
    Action, ClinicianStatus, Explanation, Fault, RecordView, Report, Request, VaccineType,
};
use ravs_testkit::all_records;

use super::answer::Record;
use super::{Answer, Run, Told, Trouble};
use crate::scenario::command::Command;
use crate::scenario::step::Step;

impl Run {
    pub(super) async fn session(&mut self, name: &str, step: &Step) -> Told {
        let desk = self.ravs.organisation_desk(self.cast.session(name)?);
        match &step.command {
            Command::Authorise { .. } | Command::Explain { .. } => permission(&desk, step).await,
            Command::AddUser { .. }
            | Command::ChangeUser { .. }
            | Command::DeactivateUser { .. }
            | Command::ReactivateUser { .. }
            | Command::MoveToMainEmail { .. } => change_users(&desk, step).await,
            Command::Users => Ok(Answer::Users { users: desk.users().await? }),
            Command::Clinicians => Ok(Answer::Clinicians { clinicians: desk.clinicians().await? }),
            Command::Records => {
                let records = all_records(&desk, None).await?;
                let records = records.into_iter().map(|view| self.record(view)).collect();
                Ok(Answer::Records { records })
            }
            Command::Record { .. } => {
                let view = desk.record(&recording(step)?).await?;
                self.cast.name_record(step.name.as_deref(), view.record);
                Ok(Answer::Record(self.record(view)))
            }
            Command::Edit { record, .. } => {
                let view = desk.edit(self.cast.record(record), &editing(step)?).await?;
                Ok(Answer::Record(self.record(view)))
            }
            Command::Report { from, to } => {
                let report = desk.report(*from, *to).await?;
                let csv = report.to_csv();
                let Report { counts, rows } = report;
                let rows = rows.into_iter().map(|view| self.record(view)).collect();
                Ok(Answer::Report { counts, rows, csv })
            }
            _ => Err(Trouble::not_theirs(step)),
        }
    }

    /// A record as the story knows it.
    fn record(&self, view: RecordView) -> Record {
        let shown = self.cast.shown_record(view.record);
        Record::of(view, shown)
    }
}

async fn permission(desk: &OrganisationDesk, step: &Step) -> Told {
    let (Command::Authorise { action, vaccine } | Command::Explain { action, vaccine }) =
        &step.command
    else {
        return Err(Trouble::not_theirs(step));
    };
    let vaccine = match vaccine.as_deref().map(str::parse::<VaccineType>).transpose() {
        Ok(vaccine) => vaccine,
        Err(unreadable) => {
            // Whatever stands against the action itself comes first.
            desk.explain(*action).await.map_err(Trouble::from).and_then(allowed)?;
            return Err(Trouble::unreadable([Some(Fault::from(unreadable).at("vaccine"))]));
        }
    };
    let request = match &vaccine {
        Some(vaccine) if *action == Action::RecordVaccination => Request::recording(vaccine),
        _ => Request::from(*action),
    };
    let explanation = desk.explain(request).await?;
    if matches!(step.command, Command::Explain { .. }) {
        return Ok(Answer::Explained(explanation));
    }
    allowed(explanation)
}

/// A refusal's faults are all the reasons there are, which `explain` gives.
fn allowed(Explanation { allowed, reasons, .. }: Explanation) -> Told {
    if allowed {
        return Ok(Answer::Allowed { allowed });
    }
    Err(Trouble::unreadable(reasons.into_iter().map(|reason| Some(Fault::from(reason.code)))))
}

async fn change_users(desk: &OrganisationDesk, step: &Step) -> Told {
    let user = match &step.command {
        Command::AddUser { first_name, last_name, email, clinician, level } => {
            let command = AddUser {
                first_name: first_name.clone(),
                last_name: last_name.clone(),
                email: email.clone(),
                clinician: clinician_status(*clinician),
                level: *level,
            };
            desk.add_user(&command).await?
        }
        Command::ChangeUser { email, level, clinician } => {
            let clinician = clinician.map(clinician_status);
            let command = ChangeUser { email: email.clone(), level: *level, clinician };
            desk.change_user(&command).await?
        }
        Command::DeactivateUser { email } => desk.deactivate_user(email).await?,
        Command::ReactivateUser { email } => desk.reactivate_user(email).await?,
        Command::MoveToMainEmail { from, to } => {
            let command = MoveToMainEmail { from: from.clone(), to: to.clone() };
            desk.move_to_main_email(&command).await?
        }
        _ => return Err(Trouble::not_theirs(step)),
    };
    Ok(Answer::User(user))
}

fn recording(step: &Step) -> Result<RecordVaccination, Trouble> {
    let Command::Record { vaccine, given_on, assessing, consenting } = &step.command else {
        return Err(Trouble::not_theirs(step));
    };
    Ok(RecordVaccination {
        vaccine: vaccine.clone(),
        given_on: *given_on,
        assessing: assessing.clone(),
        consenting: consenting.clone(),
    })
}

fn editing(step: &Step) -> Result<EditRecord, Trouble> {
    let Command::Edit { given_on, assessing, consenting, .. } = &step.command else {
        return Err(Trouble::not_theirs(step));
    };
    let (assessing, consenting) = (assessing.clone(), consenting.clone());
    Ok(EditRecord { given_on: *given_on, assessing, consenting })
}

fn clinician_status(clinician: bool) -> ClinicianStatus {
    if clinician { ClinicianStatus::Clinician } else { ClinicianStatus::NotClinician }
}
