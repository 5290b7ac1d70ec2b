//! What can be seen after a step, compared with what the model sees.

use chrono::{DateTime, Utc};
use ravs_core::port::{OrganisationFilter, PageRequest};
use ravs_core::service::UserView;
use ravs_core::{
    Action, Code, Decision, OrganisationState, OrganisationStatus, Region, Request, Roster,
    Standing, User, choices, command, permission,
};
use serde_json::{Value, json};

use super::real::Real;
use super::real::views::user_view;
use super::rulebook::{Life, Rulebook, reasons};
use super::{EVERYTHING, StoreUnderTest};

/// Two sides of one thing, which have to be the same.
pub(super) fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    model: &T,
    real: &T,
) -> Result<(), String> {
    if model == real {
        return Ok(());
    }
    Err(format!("{what}\n  by the rulebook: {model:?}\n  in the store:    {real:?}"))
}

fn failed(error: ravs_core::port::PortError) -> String {
    format!("reading failed: {error}")
}

impl<S: StoreUnderTest> Real<S> {
    /// Compares everything that is stored of organisations and people, as of now.
    pub(super) async fn compare(&self, model: &Rulebook) -> Result<(), String> {
        let now = self.now();
        let mut live = Vec::new();
        for (number, id) in self.organisations.iter().enumerate() {
            let roster = self.store.roster(*id).await.map_err(failed)?;
            let roster = roster.ok_or("an organisation is missing")?;
            self.compare_organisation(model, number, &roster, now)?;
            self.compare_permissions(model, number, &roster, now)?;
            self.compare_records(model, number).await?;
            if roster.organisation.status_at(now) != OrganisationStatus::Closed {
                live.push(roster.organisation.ods_code().clone());
            }
            let (region, code) = (roster.organisation.region(), roster.organisation.ods_code());
            same("R-L5: a region is for ever", &model.organisations[number].region, &region)?;
            let unclosed = self.store.unclosed_organisation(code).await.map_err(failed)?;
            let stored = matches!(roster.organisation.state(), OrganisationState::Closed { .. });
            if !stored && unclosed.is_none_or(|other| other.id() != *id) {
                return Err("R-O4: an organisation that is not closed is not found by code".into());
            }
        }
        live.sort_unstable();
        if live.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err("R-O4: two live organisations of one code".into());
        }
        for email in model.people.keys() {
            self.compare_person(model, email, now).await?;
        }
        Ok(())
    }

    fn compare_organisation(
        &self,
        model: &Rulebook,
        number: usize,
        roster: &Roster,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let naive = &model.organisations[number];
        let stored = roster.organisation.stored();
        let what = format!("organisation {number}");
        same(&what, &naive.status(now), &roster.organisation.status_at(now))?;
        same(&format!("{what}: last change"), &naive.last_change, &stored.changed_at)?;
        let closing = stored.state.closing().map(|c| (c.last_day(), c.instant()));
        let naive_closing = match naive.life {
            Life::Deactivated { last_day, closes_at, .. } => Some((last_day, closes_at)),
            _ => None,
        };
        same(&format!("{what}: R-L3"), &naive_closing, &closing)?;
        let granted: Vec<&str> = stored.vaccines.iter().map(|v| v.as_str()).collect();
        let naive_granted: Vec<&str> = naive.vaccines.iter().map(String::as_str).collect();
        same(&format!("{what}: grants"), &naive_granted, &granted)?;
        let members = roster.clone().sorted();
        let members: Value = members.iter().map(|m| user_view(&UserView::from(m))).collect();
        same(&format!("{what}: members"), &model.members_seen(number), &members)
    }

    fn compare_permissions(
        &self,
        model: &Rulebook,
        number: usize,
        roster: &Roster,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let naive = &model.organisations[number];
        let flu = "Flu".parse().map_err(|_| "no vaccine type")?;
        for member in &roster.members {
            let standing = Standing::of(&roster.organisation, &member.membership);
            let email = member.user.email().folded();
            let asked = Action::ALL.map(|action| (Request::from(action), None));
            for (request, vaccine) in
                asked.into_iter().chain([(Request::recording(&flu), Some("Flu"))])
            {
                let real = match permission::decide(&standing, request, now) {
                    Decision::Allowed => None,
                    Decision::Refused(reason) => Some(reason.code()),
                };
                let codes = reasons(naive, email, request.action(), vaccine, now);
                let naive: Option<Code> = codes.and_then(|codes| codes.first().copied());
                let what = format!("{email} at {number}, {}", request.action());
                same(&what, &naive, &real)?;
            }
        }
        Ok(())
    }

    async fn compare_records(&self, model: &Rulebook, number: usize) -> Result<(), String> {
        let id = self.organisations[number];
        let records = self.store.records(id, None, EVERYTHING).await.map_err(failed)?;
        let mut here = Vec::new();
        for record in &records {
            if record.organisation() != id {
                return Err("R-R2: a record is seen outside its organisation".into());
            }
            let place = self.records.iter().position(|known| *known == record.id());
            let place = place.ok_or("a record that nobody made")?;
            here.push(json!([place, record.recorded_at(), record.version().number()]));
        }
        let naive: Vec<Value> = match model.records_seen(number) {
            Value::Array(records) => {
                let key = |r: &Value| json!([r["record"], r["recorded_at"], r["revision"]]);
                records.iter().map(key).collect()
            }
            _ => Vec::new(),
        };
        let tell = |seen: &[Value]| -> Vec<String> { seen.iter().map(Value::to_string).collect() };
        let real: Vec<Value> = here
            .into_iter()
            .map(|value| serde_json::from_str(&value.to_string()).unwrap_or(value))
            .collect();
        same(&format!("records of {number}"), &tell(&naive), &tell(&real))
    }

    async fn compare_person(
        &self,
        model: &Rulebook,
        email: &str,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let user = self.person(email).await?;
        let person = &model.people[email];
        let subject = user.subject().map(|subject| subject.as_str().to_owned());
        same(&format!("{email}: R-S1"), &person.subject, &subject)?;
        same(&format!("{email}: R-O5"), &person.first.as_str(), &user.name().first())?;
        let places = self.store.places(user.id()).await.map_err(failed)?;
        let offered = match choices(&places, now) {
            Ok(choices) => self.choices(&choices)?,
            Err(refusal) if refusal.code() == Code::NoOrganisation => json!([]),
            Err(refusal) => return Err(format!("choices refused: {refusal}")),
        };
        same(&format!("{email}: choices"), &model.choices_seen(email, now), &offered)?;
        let lead = self.store.regional_lead(user.id()).await.map_err(failed)?;
        let leads = lead.as_ref().map(|lead| (lead.region(), lead.is_active()));
        let naive = model.leads.get(email).map(|lead| (lead.region, lead.active));
        same(&format!("{email}: R-A2, R-A5"), &naive, &leads)?;
        let access = command::has_access(&places, lead.as_ref(), now);
        same(&format!("{email}: R-N5"), &model.has_access(email, now), &access)
    }

    /// A list of a region, read page by page, with the filters that this number says.
    pub(super) async fn compare_list(&self, model: &Rulebook, number: usize) -> Result<(), String> {
        let now = self.now();
        let region = [Region::London, Region::Midlands][number % 2];
        let statuses = [None].into_iter().chain(OrganisationStatus::ALL.map(Some));
        let status = statuses.cycle().nth(number / 2).flatten();
        let invited_by =
            number.is_multiple_of(3).then(|| model.leads.keys().next().cloned()).flatten();
        let inviter = match &invited_by {
            Some(email) => Some(self.person(email).await?.id()),
            None => None,
        };
        let filter = OrganisationFilter { status, invited_by: inviter };
        let mut page = PageRequest { after: None, limit: 1 + number % 3 };
        let mut listed = Vec::new();
        loop {
            let found = self.store.organisations(region, &filter, &page, now).await;
            let found = found.map_err(failed)?;
            for organisation in &found.organisations {
                listed.push(self.number(organisation.id())?);
            }
            if found.next.is_none() || listed.len() > self.organisations.len() {
                break;
            }
            page.after = found.next;
        }
        let naive = model.list(now, region, status, invited_by.as_deref());
        let naive: Vec<usize> = naive
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|seen| usize::try_from(seen["organisation"].as_u64()?).ok())
            .collect();
        same(&format!("list of {region}, {status:?}, {invited_by:?}"), &naive, &listed)
    }

    /// The user with an address.
    pub(super) async fn person(&self, email: &str) -> Result<User, String> {
        let address = email.parse().map_err(|_| "no address")?;
        let found = self.store.users_by_email(&[address]).await.map_err(failed)?.pop();
        found.ok_or_else(|| format!("{email} is missing"))
    }
}
