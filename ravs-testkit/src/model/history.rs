//! What has happened: events that only ever grow and replay to what is stored, and the invariants
//! that hold from one step to the next.

use std::collections::{BTreeMap, BTreeSet};

use ravs_core::port::HistoryEntry;
use ravs_core::{
    Event, Happening, Member, MembershipStatus, OrganisationId, OrganisationReplay,
    OrganisationState, OrganisationStatus, PermissionLevel, Roster, Stream,
};

use super::command::Command;
use super::real::Real;
use super::{EVERYTHING, StoreUnderTest};

/// What was seen of every organisation until now.
#[derive(Default)]
pub(super) struct Histories {
    seen: BTreeMap<OrganisationId, Past>,
}

#[derive(Default)]
struct Past {
    entries: Vec<HistoryEntry>,
    roster: Option<Roster>,
    was_closed: bool,
}

impl Histories {
    /// Looks at every organisation after a step. `monotone` says that the clock has never run
    /// backwards.
    pub(super) async fn look<S: StoreUnderTest>(
        &mut self,
        real: &Real<S>,
        command: &Command,
        monotone: bool,
    ) -> Result<(), String> {
        for (number, id) in real.organisations.iter().enumerate() {
            let past = self.seen.entry(*id).or_default();
            let fail = |what: &str| Err(format!("organisation {number}: {what}"));
            let roster = real.store.roster(*id).await.map_err(|error| error.to_string())?;
            let roster = roster.ok_or("an organisation is missing")?;
            let after = past.entries.last().map(|entry| entry.position);
            let stream = Stream::Organisation(*id);
            let new = real.store.history(stream, after, EVERYTHING).await;
            let new = new.map_err(|error| error.to_string())?;
            let happened: Vec<&Event> = new.iter().map(|entry| &entry.event).collect();
            if let Some(before) = &past.roster {
                if changed(before, &roster) && happened.is_empty() {
                    return fail("R-H1: it changed without an event");
                }
                check_step(before, &roster, &happened, command).or_else(fail)?;
            }
            past.entries.extend(new);
            check_replay(real, *id, &roster, &past.entries).await?;
            let closed = roster.organisation.status_at(real.now()) == OrganisationStatus::Closed;
            if past.was_closed && !closed {
                return fail("R-L5: it is no longer Closed");
            }
            let stored = matches!(roster.organisation.state(), OrganisationState::Closed { .. });
            past.was_closed = stored || (monotone && closed);
            past.roster = Some(roster);
        }
        Ok(())
    }

    /// Reads every history once more from its beginning: nothing of it was edited.
    pub(super) async fn read_again<S: StoreUnderTest>(&self, real: &Real<S>) -> Result<(), String> {
        for (id, past) in &self.seen {
            let stream = Stream::Organisation(*id);
            let whole = real.store.history(stream, None, EVERYTHING).await;
            if whole.map_err(|error| error.to_string())? != past.entries {
                return Err("R-H1: a history was edited".into());
            }
        }
        Ok(())
    }
}

/// The invariants from one step to the next.
fn check_step(
    before: &Roster,
    after: &Roster,
    happened: &[&Event],
    command: &Command,
) -> Result<(), &'static str> {
    // R-V3
    if !before.organisation.vaccines().iter().all(|v| after.organisation.vaccines().contains(v)) {
        return Err("R-V3: a granted vaccine type is gone");
    }
    // R-U7: a level changes by an entry, or by a nomination of somebody who had left
    for member in &before.members {
        let user = member.user.id();
        let Some(now) = after.by_user(user) else { return Err("a member is gone") };
        let applied = happened.iter().any(|event| match &event.what {
            Happening::MemberEntered { user: who, .. }
            | Happening::MemberNominatedAgain { user: who, .. } => *who == user,
            _ => false,
        });
        if now.membership.level() != member.membership.level() && !applied {
            return Err("R-U7: a waiting level applied before an entry");
        }
    }
    // R-U9
    let moved = matches!(command, Command::MoveToMainEmail { .. });
    if command.session().is_some() && !moved && led(before) && !led(after) {
        return Err("R-U9: a user's command took the last lead administrator away");
    }
    Ok(())
}

/// Whether the organisation or a membership changed; that a user was linked is their own history.
fn changed(before: &Roster, after: &Roster) -> bool {
    let memberships = |roster: &Roster| -> BTreeMap<_, _> {
        roster.members.iter().map(|m| (m.user.id(), m.membership.clone())).collect()
    };
    before.organisation != after.organisation || memberships(before) != memberships(after)
}

fn led(roster: &Roster) -> bool {
    let lead = PermissionLevel::LeadAdministrator;
    let leads = |Member { membership: m, .. }: &Member| {
        m.status() == MembershipStatus::Active
            && m.level() == lead
            && m.next_level().is_none_or(|next| next == lead)
    };
    roster.members.iter().any(leads)
}

/// R-H1: the events replay to what is stored, and the versions have no gap.
async fn check_replay<S: StoreUnderTest>(
    real: &Real<S>,
    id: OrganisationId,
    roster: &Roster,
    entries: &[HistoryEntry],
) -> Result<(), String> {
    let events = || entries.iter().map(|entry| &entry.event);
    let replay = OrganisationReplay::of(events()).map_err(|error| format!("R-H1: {error}"))?;
    let records =
        real.store.records(id, None, EVERYTHING).await.map_err(|error| error.to_string())?;
    check_told(&replay, roster, &records)?;
    let versions = events().filter_map(|event| event.organisation_version);
    if !versions.map(ravs_core::Version::number).eq(1..=roster.organisation.version().number()) {
        return Err("R-H1: the versions told by the events have a gap".into());
    }
    let ids: BTreeSet<_> = events().map(|event| event.id).collect();
    if ids.len() != entries.len() {
        return Err("R-H1: an event is told twice".into());
    }
    Ok(())
}

/// Whether a replayed history tells what is stored (R-H1): the organisation, its memberships and
/// its records.
///
/// # Errors
/// What the two differ in.
pub fn check_told(
    replay: &OrganisationReplay,
    roster: &Roster,
    records: &[ravs_core::VaccinationRecord],
) -> Result<(), String> {
    if replay.organisation() != Some(&roster.organisation) {
        return Err(format!(
            "R-H1: the events tell of {:?}, stored is {:?}",
            replay.organisation(),
            roster.organisation
        ));
    }
    let stored: BTreeMap<_, _> =
        roster.members.iter().map(|m| (m.user.id(), m.membership.clone())).collect();
    if *replay.memberships() != stored {
        return Err(format!(
            "R-H1: the events tell of members {:?}, stored are {stored:?}",
            replay.memberships()
        ));
    }
    let stored: BTreeMap<_, _> = records.iter().map(|r| (r.id(), r.clone())).collect();
    if *replay.records() != stored {
        return Err("R-H1: the events tell of other records than are stored".into());
    }
    Ok(())
}
