//! Section 10: vaccination records.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ravs_core::{Action, Code};
use serde_json::{Value, json};

use super::permission::require;
use super::{Answer, Record, Rulebook, fold, refused};
use crate::model::command::Command;
use crate::model::scene;

type Answered = Result<Value, Answer>;

impl Rulebook {
    pub(super) fn with_records(
        &mut self,
        now: DateTime<Utc>,
        by: &str,
        here: usize,
        command: &Command,
    ) -> Answered {
        match command {
            Command::Records { .. } => {
                require(&self.organisations[here], by, Action::EditVaccination, None, now)?;
                Ok(self.records_seen(here))
            }
            Command::Record { vaccine, day, assessing, consenting, .. } => {
                let action = Action::RecordVaccination;
                require(&self.organisations[here], by, action, Some(vaccine), now)?;
                self.record(now, by, here, vaccine, self.day(*day), [assessing, consenting])
            }
            Command::Edit { record, day, assessing, consenting, .. } => {
                require(&self.organisations[here], by, Action::EditVaccination, None, now)?;
                let record = scene::pick(*record, self.records.len());
                let record = record.filter(|record| self.records[*record].organisation == here);
                let record = record.ok_or_else(|| Answer::refused(Code::RecordNotFound))?; // R-R2
                let chosen = [assessing.as_deref(), consenting.as_deref()];
                self.edit(here, record, day.map(|day| self.day(day)), chosen)
            }
            Command::Report { first, last, .. } => {
                require(&self.organisations[here], by, Action::CreateReports, None, now)?;
                let (first, last) = (self.day(*first), self.day(*last));
                let days = (last - first).num_days() + 1;
                if days < 1 {
                    return Err(Answer::refused(Code::RangeReversed));
                }
                if days > 90 {
                    return Err(Answer::refused(Code::RangeTooLong)); // R-R4
                }
                Ok(self.report(here, first, last))
            }
            _ => Err(Answer::Skipped),
        }
    }

    fn day(&self, number: i64) -> NaiveDate {
        self.first_day + TimeDelta::days(number)
    }

    /// R-R1.
    fn record(
        &mut self,
        now: DateTime<Utc>,
        by: &str,
        here: usize,
        vaccine: &str,
        day: NaiveDate,
        clinicians: [&String; 2],
    ) -> Answered {
        let [assessing, consenting] = clinicians.map(|email| self.choosable_clinician(here, email));
        let (Some(assessing), Some(consenting)) = (assessing, consenting) else {
            return Err(refused(vec![Code::NotAClinician]));
        };
        let organisation = &self.organisations[here];
        let granted = organisation.vaccines.iter().find(|v| v.eq_ignore_ascii_case(vaccine.trim()));
        self.records.push(Record {
            organisation: here,
            vaccine: granted.cloned().unwrap_or_default(),
            day,
            author: by.to_owned(),
            at: organisation.time(now),
            assessing,
            consenting,
            revision: 1,
        });
        let number = self.records.len() - 1;
        Ok(self.record_seen(number, &self.records[number]))
    }

    /// R-R3: a newly chosen clinician must be choosable; an unchanged one may have left.
    fn edit(
        &mut self,
        here: usize,
        number: usize,
        day: Option<NaiveDate>,
        chosen: [Option<&str>; 2],
    ) -> Answered {
        let mut after = self.records[number].clone();
        let [assessing, consenting] = chosen;
        let places = [(assessing, &mut after.assessing), (consenting, &mut after.consenting)];
        for (email, named) in places {
            let Some(email) = email.map(fold).filter(|email| email != named) else { continue };
            match self.choosable_clinician(here, &email) {
                Some(email) => *named = email,
                None => return Err(refused(vec![Code::NotAClinician])),
            }
        }
        after.day = day.unwrap_or(after.day);
        let before = &self.records[number];
        let key = |r: &Record| (r.day, r.assessing.clone(), r.consenting.clone());
        if key(before) != key(&after) {
            after.revision += 1;
            self.records[number] = after;
        }
        Ok(self.record_seen(number, &self.records[number]))
    }

    /// R-R4: counts by type and day, and the rows.
    fn report(&self, here: usize, first: NaiveDate, last: NaiveDate) -> Value {
        let mut rows: Vec<(usize, &Record)> = self
            .records
            .iter()
            .enumerate()
            .filter(|(_, r)| r.organisation == here && first <= r.day && r.day <= last)
            .collect();
        rows.sort_by_key(|(number, record)| (record.day, record.at, *number));
        let mut counts = BTreeMap::<(&str, NaiveDate), u64>::new();
        for (_, record) in &rows {
            *counts.entry((&record.vaccine, record.day)).or_default() += 1;
        }
        let counts: Vec<Value> = counts
            .into_iter()
            .map(|((vaccine, date), count)| json!([vaccine, date, count]))
            .collect();
        let rows: Vec<Value> =
            rows.iter().map(|(number, record)| self.record_seen(*number, record)).collect();
        json!({ "counts": counts, "rows": rows })
    }
}
