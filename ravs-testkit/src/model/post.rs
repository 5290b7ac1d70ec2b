//! The effects: what was queued, what was carried out, what arrived outside.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use ravs_core::{
    Effect, EffectKey, Happening, Notice, NoticeKind, OrganisationId, OrganisationStatus, Stream,
    UserId, Work,
};

use super::real::Real;
use super::rulebook::{Life, Mail, Queued, Rulebook};
use super::watch::same;
use super::{EVERYTHING, StoreUnderTest};

/// What is known of the effects until now.
#[derive(Default)]
pub(super) struct Post {
    known: Vec<Effect>,
    done: BTreeSet<EffectKey>,
    mails: BTreeMap<EffectKey, Mail>,
    emails: BTreeMap<UserId, String>,
    sent: BTreeSet<EffectKey>,
    dropped: usize,
    /// Whose access was settled while a closing had come that no sweep has written down: a clock
    /// that then runs back may take the closing away again.
    settled_ahead: BTreeSet<String>,
}

impl Post {
    /// What a step has queued. It is not taken note of yet.
    pub(super) async fn queued<S: StoreUnderTest>(
        &mut self,
        real: &Real<S>,
        model: &Rulebook,
    ) -> Result<Vec<(Effect, Option<Queued>)>, String> {
        let all = real.under_test.effects().await;
        if all.get(..self.known.len()) != Some(self.known.as_slice()) {
            return Err("R-N4: an effect was lost or altered".into());
        }
        let mut new = Vec::new();
        for effect in &all[self.known.len()..] {
            let to = self.email(real, model, effect.work.user()).await?;
            let queued = match &effect.work {
                Work::OpenAccount { .. } => Some(Queued::Account(to)),
                Work::ResendActivation { .. } => Some(Queued::Activation(to)),
                Work::SettleAccess { .. } => None, // judged by what is true in the end
                Work::Send { notice } => {
                    let organisation = notice.organisation();
                    let organisation = organisation.map(|id| real.number(id)).transpose()?;
                    let (at, last_day) = match notice {
                        Notice::OrganisationDeactivated { at, closes_at, .. } => {
                            (*at, Some(closes_at.last_day()))
                        }
                        Notice::OrganisationReactivated { at, .. } => (*at, None),
                        _ => (DateTime::UNIX_EPOCH, None),
                    };
                    Some(Queued::Mail(Mail { kind: notice.kind(), to, organisation, at, last_day }))
                }
            };
            new.push((effect.clone(), queued));
        }
        Ok(new)
    }

    /// Whether exactly that was queued which the rulebook asks for.
    pub(super) fn compare(
        new: &[(Effect, Option<Queued>)],
        model: &Rulebook,
    ) -> Result<(), String> {
        // a welcome tells of no instant
        let plain = |queued: &Queued| match queued {
            Queued::Mail(mail) if mail.kind.as_str().starts_with("welcome") => {
                Queued::Mail(Mail { at: DateTime::UNIX_EPOCH, ..mail.clone() })
            }
            other => other.clone(),
        };
        let sorted = |queued: Vec<Queued>| {
            let mut told: Vec<String> = queued.iter().map(|q| format!("{q:?}")).collect();
            told.sort_unstable();
            told
        };
        let naive = sorted(model.queued.iter().map(plain).collect());
        let real = sorted(new.iter().filter_map(|(_, queued)| queued.clone()).collect());
        same("R-N1 to R-N3: what is queued", &naive, &real)
    }

    /// Takes note of what was queued.
    pub(super) fn note(&mut self, new: Vec<(Effect, Option<Queued>)>) -> Result<(), String> {
        for (effect, queued) in new {
            if let Some(Queued::Mail(mail)) = queued {
                self.mails.insert(effect.key.clone(), mail);
            }
            if self.known.iter().any(|known| known.key == effect.key) {
                return Err("R-N4: a key was queued twice".into());
            }
            self.known.push(effect);
        }
        Ok(())
    }

    /// Judges what a delivery did.
    pub(super) async fn judge<S: StoreUnderTest>(
        &mut self,
        real: &Real<S>,
        model: &Rulebook,
        (provider_up, mailer_up): (bool, bool),
    ) -> Result<usize, String> {
        let now = real.now();
        let done: BTreeSet<EffectKey> = real.under_test.done().await.into_iter().collect();
        self.check_partition(real, &done).await?;
        let new: Vec<Effect> = self
            .known
            .iter()
            .filter(|effect| done.contains(&effect.key) && !self.done.contains(&effect.key))
            .cloned()
            .collect();
        let mut gone = BTreeSet::new();
        for email in real.world.mailer.take() {
            if !self.sent.insert(email.key.clone()) || !gone.insert(email.key.clone()) {
                return Err("R-N4: an email went twice".into());
            }
            let mail = self.mails.get(&email.key).ok_or("an email that nobody asked for")?;
            same("email", &(mail.to.as_str(), mail.kind), &(email.to.folded(), email.notice))?;
            let day = mail.last_day.map(|day| day.format("%-d %B %Y").to_string());
            let still_so = model.still_so(mail);
            if still_so && day.is_some_and(|day| !email.text.contains(&day)) {
                return Err("R-N3: the email does not name the last day".into());
            }
            same("R-N3: what is overtaken", &!still_so, &email.text.contains("changed again"))?;
        }
        for effect in &new {
            let to = self.email(real, model, effect.work.user()).await?;
            match &effect.work {
                Work::Send { .. } => {
                    let mail = self.mails.get(&effect.key).ok_or("an email nobody asked for")?;
                    let matters = model.still_matters(mail, now);
                    same(&format!("R-N7: {mail:?} at {now}"), &matters, &gone.remove(&effect.key))?;
                    if matters && !mailer_up {
                        return Err("an email went while the mailer was down".into());
                    }
                    self.dropped += usize::from(!matters);
                }
                Work::OpenAccount { .. } | Work::SettleAccess { .. } => {
                    let should = model.has_access(&to, now);
                    let address = to.parse().map_err(|_| "no address")?;
                    let has = real.world.identity.has_access(&address);
                    same(&format!("R-N5: access of {to}"), &should, &has)?;
                    if ahead(model, &to, now) {
                        self.settled_ahead.insert(to);
                    }
                }
                Work::ResendActivation { .. } => {}
            }
            if !matches!(effect.work, Work::Send { .. }) && !provider_up {
                return Err("an account was settled while the provider was down".into());
            }
        }
        if !gone.is_empty() {
            return Err("R-N4: an email went whose effect is not done".into());
        }
        self.done = done;
        Ok(new.len())
    }

    /// Every effect is done or still queued, and none is both.
    async fn check_partition<S: StoreUnderTest>(
        &self,
        real: &Real<S>,
        done: &BTreeSet<EffectKey>,
    ) -> Result<(), String> {
        let queued = real.under_test.queued().await;
        let queued: BTreeSet<EffectKey> = queued.into_iter().map(|effect| effect.key).collect();
        let all: BTreeSet<EffectKey> = self.known.iter().map(|effect| effect.key.clone()).collect();
        if queued.intersection(done).next().is_some() {
            return Err("R-N4: an effect is both done and queued".into());
        }
        same("R-N4: effects, done or queued", &all, &queued.union(done).cloned().collect())?;
        if !self.done.is_subset(done) {
            return Err("R-N4: what was done is no longer done".into());
        }
        Ok(())
    }

    /// In the end: everything carried out, access as it is true, and every drop in the history.
    pub(super) async fn close<S: StoreUnderTest>(
        &self,
        real: &Real<S>,
        model: &Rulebook,
        faults: bool,
    ) -> Result<(), String> {
        for effect in self.known.iter().filter(|effect| !self.done.contains(&effect.key)) {
            // their account was not made, as they seemed to have left
            let ahead = self.emails.get(&effect.work.user());
            let ahead = ahead.is_some_and(|email| self.settled_ahead.contains(email));
            if !ahead || !matches!(effect.work, Work::Send { .. }) {
                return Err(format!("R-N4: not carried out in the end: {}", effect.key));
            }
        }
        self.compare_drops(real, faults).await?;
        for email in model.people.keys().filter(|email| !self.settled_ahead.contains(*email)) {
            let address = email.parse().map_err(|_| "no address")?;
            let should = model.has_access(email, real.now());
            let has = real.world.identity.has_access(&address);
            same(&format!("R-N5: access of {email} in the end"), &should, &has)?;
        }
        Ok(())
    }

    /// R-N7: the history says of every email that was dropped, once. Where it was unclear whether
    /// that was noted, the email may have had a point once more and have gone.
    async fn compare_drops<S: StoreUnderTest>(
        &self,
        real: &Real<S>,
        faults: bool,
    ) -> Result<(), String> {
        let mut noted = BTreeMap::<(NoticeKind, UserId, Option<OrganisationId>), usize>::new();
        let people = self.emails.keys().map(|user| Stream::Person(*user));
        let streams = real.organisations.iter().map(|id| Stream::Organisation(*id)).chain(people);
        for stream in streams {
            let history = real.store.history(stream, None, EVERYTHING).await;
            for entry in history.map_err(|error| error.to_string())? {
                if let Happening::EmailDropped { notice, user } = entry.event.what {
                    let organisation = match stream {
                        Stream::Organisation(id) => Some(id),
                        Stream::Person(_) => None,
                    };
                    *noted.entry((notice, user, organisation)).or_default() += 1;
                }
            }
        }
        let dropped = noted.values().sum();
        let dropped = if faults { self.dropped.min(dropped) } else { dropped };
        same("R-N7: emails dropped", &self.dropped, &dropped)?;
        for ((kind, user, organisation), times) in noted {
            let queued = self.known.iter().filter(|effect| match &effect.work {
                Work::Send { notice } => {
                    (notice.kind(), notice.user(), notice.organisation())
                        == (kind, user, organisation)
                }
                _ => false,
            });
            if queued.count() < times {
                return Err("R-N7: an email was noted as dropped twice".into());
            }
        }
        Ok(())
    }

    async fn email<S: StoreUnderTest>(
        &mut self,
        real: &Real<S>,
        model: &Rulebook,
        user: UserId,
    ) -> Result<String, String> {
        if !self.emails.contains_key(&user) {
            for email in model.people.keys() {
                if let Ok(person) = real.person(email).await {
                    self.emails.insert(person.id(), email.clone());
                }
            }
        }
        self.emails.get(&user).cloned().ok_or_else(|| "an effect for nobody".into())
    }
}

/// Whether somebody is where a closing has come that is not written down.
fn ahead(model: &Rulebook, email: &str, now: DateTime<Utc>) -> bool {
    model.organisations.iter().any(|organisation| {
        matches!(organisation.life, Life::Deactivated { .. })
            && organisation.status(now) == OrganisationStatus::Closed
            && organisation.members.contains_key(email)
    })
}
