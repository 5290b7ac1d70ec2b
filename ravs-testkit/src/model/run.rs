//! Plays a sequence on both sides.

use chrono::{DateTime, Days, TimeDelta, Utc};
use ravs_core::{Code, OrganisationState};

use super::answer::Answer;
use super::command::{ClockMove, Command, Sequence, Step};
use super::history::Histories;
use super::post::Post;
use super::real::Real;
use super::rulebook::{Life, Rulebook, date, midnight};
use super::{Dropped, EVERYTHING, StoreUnderTest, scene};

/// Whether jobs sweep on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sweeps {
    AsTheyCome,
    Never,
}

/// A sequence being played.
struct Play<S> {
    model: Rulebook,
    real: Real<S>,
    histories: Histories,
    post: Post,
    /// Every closing that was ever set, be it written down, lifted or still to come.
    closings: Vec<DateTime<Utc>>,
    latest: DateTime<Utc>,
    monotone: bool,
    faults: bool,
    dropped: Dropped,
}

/// Plays a sequence. Gives the real answers, all but the sweeps', and what came of the commits
/// that were dropped on the way.
pub(super) async fn play<S: StoreUnderTest>(
    under_test: S,
    sequence: &Sequence,
    sweeps: Sweeps,
) -> Result<(Vec<Answer>, Dropped), String> {
    let Sequence { profile, begins, skewed, steps } = sequence;
    let model = Rulebook::new(*profile, *begins);
    let world = scene::world(*begins, model.first_day);
    let real = Real::new(under_test, world, scene::settings(*profile), model.first_day);
    let (histories, post) = (Histories::default(), Post::default());
    let (latest, monotone) = (*begins, !skewed);
    let (faults, closings) = (steps.iter().any(|step| step.fault.is_some()), Vec::new());
    let dropped = Dropped::default();
    let mut play =
        Play { model, real, histories, post, closings, latest, monotone, faults, dropped };
    let mut answers = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        play.move_clock(step.clock, *skewed);
        let is_sweep = matches!(step.command, Command::Sweep);
        if is_sweep && sweeps == Sweeps::Never {
            continue;
        }
        let answer = play.step(number, step).await.map_err(|finding| {
            let now = play.real.now();
            format!("step {number} at {now}: {:?}\n{finding}", step.command)
        })?;
        if !is_sweep {
            answers.push(answer);
        }
    }
    if sweeps == Sweeps::AsTheyCome {
        play.finish().await?;
    }
    Ok((answers, play.dropped))
}

impl<S: StoreUnderTest> Play<S> {
    fn move_clock(&mut self, clock: ClockMove, skewed: bool) {
        let now = self.real.now();
        let target = match clock {
            ClockMove::By(nanoseconds) => now + TimeDelta::nanoseconds(nanoseconds),
            ClockMove::ToMidnight(days, nanoseconds) => {
                let day = date(now) + Days::new(days.unsigned_abs());
                midnight(day) + TimeDelta::nanoseconds(nanoseconds)
            }
            ClockMove::To(at) if (at - now).num_days().abs() < 100 => at,
            ClockMove::To(_) => now,
            ClockMove::ToClosing(organisation, nanoseconds) => {
                let last = scene::recent(organisation, self.closings.len());
                let closing = last.map(|number| self.closings[number]);
                closing.map_or(now, |at| at + TimeDelta::nanoseconds(nanoseconds))
            }
        };
        let target = if skewed { target } else { target.max(now) };
        self.latest = self.latest.max(target);
        self.real.world.clock.set(target);
    }

    async fn step(&mut self, number: usize, step: &Step) -> Result<Answer, String> {
        let Step { command, fault, .. } = step;
        if let Some((point, skip)) = fault {
            self.real.faulty.arm(*point, *skip);
        }
        let answer = if let Command::Deliver { provider_up, mailer_up, limit } = command {
            self.deliver((*provider_up, *mailer_up), *limit).await?;
            Answer::Skipped
        } else {
            let before = self.model.clone();
            let now = self.real.now();
            let naive = self.model.answer(now, command);
            let real = self.real.answer(command).await?;
            self.settle().await;
            if real == Answer::Failed && fault.is_some() {
                self.find_out(before, command).await?;
            } else {
                if !naive.agrees_with(&real) {
                    return Err(format!("the rulebook: {naive:?}\nthe services: {real:?}"));
                }
                let queued = self.post.queued(&self.real, &self.model).await?;
                Post::compare(&queued, &self.model)?;
                self.post.note(queued)?;
            }
            real
        };
        for organisation in &self.model.organisations {
            if let Life::Deactivated { closes_at, .. } = organisation.life
                && !self.closings.contains(&closes_at)
            {
                self.closings.push(closes_at);
            }
        }
        self.real.compare(&self.model).await?;
        self.real.compare_list(&self.model, number).await?;
        self.histories.look(&self.real, command, self.monotone).await?;
        Ok(answer)
    }

    /// Has no further commit fail, and waits until it is clear what came of one that was dropped.
    async fn settle(&mut self) {
        self.real.faulty.disarm();
        for change in self.real.faulty.take_dropped() {
            if self.real.under_test.is_committed(change).await {
                self.dropped.done += 1;
            } else {
                self.dropped.not_done += 1;
            }
        }
    }

    /// After a commit whose outcome is unclear: what it can have been, found out by reading.
    async fn find_out(&mut self, before: Rulebook, command: &Command) -> Result<(), String> {
        let now = self.real.now();
        let mut linked = before.clone();
        if let Some(who) = command.vouched() {
            linked.identify(who);
        }
        linked.queued.clear();
        let mut done = self.model.clone();
        done.sessions.truncate(before.sessions.len()); // the answer, and with it the session, is lost
        let mut nothing = before;
        nothing.queued.clear();
        let mut swept = nothing.clone();
        if matches!(command, Command::Sweep) {
            self.see_what_was_swept(&mut swept).await?;
        }
        let mut findings = Vec::new();
        for model in [done, linked, nothing, swept] {
            let (organisations, records) = (self.real.organisations.len(), self.real.records.len());
            let fits = self.fits(&model).await;
            match fits {
                Ok(()) => {
                    self.model = model;
                    return Ok(());
                }
                Err(finding) => findings.push(finding),
            }
            self.real.organisations.truncate(organisations);
            self.real.records.truncate(records);
        }
        Err(format!("at {now} a failed commit was neither done nor not done: {findings:#?}"))
    }

    /// Whether what is stored is what this model says; if so, its effects are noted.
    async fn fits(&mut self, model: &Rulebook) -> Result<(), String> {
        self.learn(model).await?;
        self.real.compare(model).await?;
        let queued = self.post.queued(&self.real, model).await?;
        Post::compare(&queued, model)?;
        self.post.note(queued)
    }

    /// Learns the ids of what a lost answer would have told of.
    async fn learn(&mut self, model: &Rulebook) -> Result<(), String> {
        let store = &self.real.store;
        if let Some(new) = model.organisations.get(self.real.organisations.len()) {
            let code = new.code.parse().map_err(|_| "no code")?;
            let found = store.unclosed_organisation(&code).await.map_err(|e| e.to_string())?;
            let id = found.ok_or("it was not onboarded")?.id();
            if self.real.organisations.contains(&id) {
                return Err("it was not onboarded".into());
            }
            self.real.organisations.push(id);
        }
        if let Some(new) = model.records.get(self.real.records.len()) {
            let here = self.real.organisations[new.organisation];
            let records = store.records(here, None, EVERYTHING).await.map_err(|e| e.to_string())?;
            let found = records.iter().find(|record| !self.real.records.contains(&record.id()));
            self.real.records.push(found.ok_or("it was not recorded")?.id());
        }
        Ok(())
    }

    async fn see_what_was_swept(&self, model: &mut Rulebook) -> Result<(), String> {
        for (number, id) in self.real.organisations.iter().enumerate() {
            let stored = self.real.store.organisation(*id).await.map_err(|e| e.to_string())?;
            let stored = stored.ok_or("an organisation is missing")?;
            if matches!(stored.state(), OrganisationState::Closed { .. }) {
                model.write_down(number, self.real.now());
            }
        }
        Ok(())
    }

    async fn deliver(&mut self, up: (bool, bool), limit: usize) -> Result<(), String> {
        let (provider_up, mailer_up) = up;
        self.real.world.identity.set_down(!provider_up);
        self.real.world.mailer.set_down(!mailer_up);
        let delivered = self.real.ravs.housekeeping().deliver(limit).await;
        self.settle().await;
        self.real.world.identity.set_down(false);
        self.real.world.mailer.set_down(false);
        let delivered = delivered.map_err(|failure| format!("delivery failed: {failure}"))?;
        let done = self.post.judge(&self.real, &self.model, up).await?;
        super::watch::same("effects done", &done, &delivered.done)
    }

    /// Everything is delivered; then access, emails and histories are as they should be.
    async fn finish(&mut self) -> Result<(), String> {
        self.real.world.clock.set(self.latest);
        for _ in 0..20 {
            self.real.world.clock.advance(TimeDelta::hours(2));
            let sweep = Step { clock: ClockMove::By(0), command: Command::Sweep, fault: None };
            self.step(0, &sweep).await?;
            self.deliver((true, true), 10_000).await?;
            if self.real.under_test.queued().await.is_empty() {
                break;
            }
        }
        self.post.close(&self.real, &self.model, self.faults).await?;
        let deliver = Command::Deliver { provider_up: true, mailer_up: true, limit: 1 };
        self.histories.look(&self.real, &deliver, self.monotone).await?;
        self.histories.read_again(&self.real).await
    }
}

/// R-L6: the same answers, sweep or no sweep.
pub(super) fn same_without_sweeps(with: &[Answer], without: &[Answer]) -> Result<(), String> {
    match with.iter().zip(without).position(|(with, without)| with != without) {
        None if with.len() == without.len() => Ok(()),
        at => {
            let told = at.map(|at| (&with[at], &without[at]));
            Err(format!("R-L6 ({}): with and without sweeps: {told:#?}", Code::OrganisationClosed))
        }
    }
}
