//! What the services answer with, as the model says it: by number, not by id.

use ravs_core::service::{Entered, OrganisationView, UserView};
use ravs_core::{Choice, ClinicianStatus, RecordView};
use serde_json::{Value, json};

use super::{Finding, Real};
use crate::model::StoreUnderTest;

impl<S: StoreUnderTest> Real<S> {
    pub(in crate::model) fn choices(&self, choices: &[Choice]) -> Result<Value, Finding> {
        let shown = choices.iter().map(|choice| {
            Ok(json!({
                "organisation": self.number(choice.organisation)?,
                "name": choice.name,
                "ods_code": choice.ods_code.as_str(),
                "status": choice.status.as_str(),
                "level": choice.level.as_str(),
            }))
        });
        shown.collect()
    }

    pub(super) fn entered(&self, entered: &Entered) -> Result<Value, Finding> {
        Ok(json!({
            "organisation": self.number(entered.session.organisation())?,
            "level": entered.level.as_str(),
            "clinician": entered.clinician == ClinicianStatus::Clinician,
        }))
    }

    pub(super) fn view(&self, view: &OrganisationView) -> Result<Value, Finding> {
        let mut seen = serde_json::to_value(view).map_err(|error| error.to_string())?;
        seen["organisation"] = self.number(view.organisation)?.into();
        Ok(seen)
    }

    pub(super) fn record_view(&self, view: &RecordView) -> Result<Value, Finding> {
        let mut seen = serde_json::to_value(view).map_err(|error| error.to_string())?;
        let number = self.records.iter().position(|known| *known == view.record);
        seen["record"] = number.ok_or("a record that nobody made")?.into();
        Ok(seen)
    }

    pub(super) fn record_views(&self, views: &[RecordView]) -> Result<Value, Finding> {
        views.iter().map(|view| self.record_view(view)).collect()
    }
}

pub(in crate::model) fn user_view(view: &UserView) -> Value {
    json!({
        "email": view.email,
        "first_name": view.first_name,
        "last_name": view.last_name,
        "level": view.level.as_str(),
        "next_level": view.next_level.map(|next| next.as_str()),
        "clinician": view.clinician,
        "status": view.status.as_str(),
    })
}
