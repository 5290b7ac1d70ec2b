//! What has to hold of a database by itself, and of the outside.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use ravs_core::port::{Clock as _, EffectQueue as _, Store as _};
use ravs_core::{EffectKey, Event, OrganisationId, OrganisationReplay, Stream, Version, command};
use ravs_testkit::model::check_told;

use super::contents::Contents;
use super::{Extent, Findings, counted};
use crate::Failed;
use crate::host::Host;
use crate::outside::WallClock;
use crate::stage::Stage;
use crate::told::Told;

const EVERYTHING: usize = usize::MAX >> 1;

/// R-H1: every history replays to what is stored, without a gap, and holds every answer.
pub(super) async fn organisations(
    host: &Host,
    told: &Told,
    contents: &Contents,
    findings: &mut Findings,
) -> Result<(), Failed> {
    let answers = counted(
        told.answers
            .iter()
            .filter_map(|answer| Some((answer.organisation, answer.event.as_deref()?))),
    );
    let mut happened = BTreeSet::new();
    for id in &contents.organisations {
        let events = match history(host, *id).await? {
            Ok(events) => events,
            Err(what) => {
                findings.broken.push(format!("organisation {id}: {what}"));
                continue;
            }
        };
        let names = counted(events.iter().map(|event| event.what.name()));
        for ((at, name), answered) in answers.range((*id, "")..).take_while(|((at, _), _)| at == id)
        {
            let there = names.get(name).copied().unwrap_or_default();
            if there < *answered {
                let what =
                    format!("{at}: {answered} times {name} were answered, {there} are there");
                findings.broken.push(what);
            }
            happened.insert((*at, *name));
        }
    }
    let nowhere = answers.keys().filter(|key| !happened.contains(key));
    findings.broken.extend(nowhere.map(|(at, name)| format!("{at}: {name} was answered")));
    for answer in &told.answers {
        if let Some((record, revision)) = answer.record
            && contents.revisions(answer.organisation, *record.as_uuid()) < revision
        {
            findings.broken.push(format!("record {record} was answered, and is not there"));
        }
    }
    for id in &contents.people {
        let entries = host.store.history(Stream::Person(*id), None, EVERYTHING).await?;
        if !entries.iter().map(|entry| entry.position.0).eq(1..=entries.len() as u64) {
            findings.broken.push(format!("the positions of {id}'s history have a gap"));
        }
    }
    Ok(())
}

async fn history(host: &Host, id: OrganisationId) -> Result<Result<Vec<Event>, String>, Failed> {
    let entries = host.store.history(Stream::Organisation(id), None, EVERYTHING).await?;
    if !entries.iter().map(|entry| entry.position.0).eq(1..=entries.len() as u64) {
        return Ok(Err("the positions have a gap".into()));
    }
    let events: Vec<Event> = entries.into_iter().map(|entry| entry.event).collect();
    let roster = host.store.roster(id).await?.ok_or("an organisation is missing")?;
    let records = host.store.records(id, None, EVERYTHING).await?;
    let replayed = OrganisationReplay::of(&events).map_err(|error| error.to_string());
    let checked = replayed.and_then(|replay| check_told(&replay, &roster, &records));
    let versions = events.iter().filter_map(|event| event.organisation_version);
    Ok(match checked {
        Err(what) => Err(what),
        Ok(()) if !versions.map(Version::number).eq(1..=roster.organisation.version().number()) => {
            Err("the versions have a gap".into())
        }
        Ok(()) => Ok(events),
    })
}

/// R-N4: every effect is done; an email has gone for each that is one, or was dropped, and for
/// nothing else.
pub(super) fn effects(
    stage: &Stage,
    contents: &Contents,
    findings: &mut Findings,
    extent: &mut Extent,
) -> Result<(), Failed> {
    let undone = contents.effects.iter().filter(|effect| effect.status != "Done");
    findings.broken.extend(undone.map(|e| format!("effect {} is {}", e.key, e.status)));
    let sent: BTreeSet<EffectKey> = stage.outside.mails()?.into_iter().collect();
    let due: BTreeSet<EffectKey> =
        contents.effects.iter().filter(|e| e.is_mail).map(|effect| effect.key.clone()).collect();
    let for_nothing = sent.difference(&due);
    findings.broken.extend(for_nothing.map(|key| format!("an email went for nothing: {key}")));
    let unsent = due.difference(&sent).count();
    // one that went and whose worker then died may have been dropped by the next
    if unsent > contents.drops.len() {
        let dropped = contents.drops.len();
        findings.broken.push(format!("{unsent} emails did not go, and {dropped} were dropped"));
    }
    extent.effects = contents.effects.len();
    extent.mails = sent.len();
    extent.repeats = stage.outside.repeats()?.len();
    Ok(())
}

/// R-N5: the provider lets in who should be let in.
pub(super) async fn access(
    stage: &Stage,
    host: &Host,
    contents: &Contents,
    findings: &mut Findings,
) -> Result<(), Failed> {
    let now: DateTime<Utc> = WallClock::default().now();
    for user in host.store.users(&contents.people).await? {
        let places = host.store.places(user.id()).await?;
        let lead = host.store.regional_lead(user.id()).await?;
        let should = command::has_access(&places, lead.as_ref(), now);
        if stage.outside.has_access(user.email().folded())? != should {
            let what = format!("{}: access should be {should}", user.id());
            findings.broken.push(what);
        }
    }
    if !host.store.parked(1).await?.is_empty() {
        findings.broken.push("an effect is parked".into());
    }
    Ok(())
}
