//! The reckoning: whether what is stored is what was told.

mod audit;
mod contents;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ravs_adapters_postgres::{PoolSettings, pool};
use ravs_core::ChangeSetId;

use crate::Failed;
use crate::stage::Stage;
use crate::told::Told;

use self::contents::Contents;

/// What does not add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Change sets that were acknowledged and are not there.
    pub lost: Vec<ChangeSetId>,
    /// Everything else, each in a sentence.
    pub broken: Vec<String>,
}

/// How much was reckoned up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Change sets acknowledged.
    pub acknowledged: usize,
    /// Change sets that are there although no acknowledgement was heard.
    pub unheard: usize,
    /// Change sets that were tried and are not there.
    pub absent: usize,
    /// Organisations whose history was replayed.
    pub organisations: usize,
    /// Events.
    pub events: usize,
    /// Effects carried out.
    pub effects: usize,
    /// Emails that have gone.
    pub mails: usize,
    /// Emails that were sent once more under their key, and were recognised.
    pub repeats: usize,
}

/// Reckons up a stage whose database an owner reaches at `owner`. Nobody works on it any more.
///
/// Every effect is carried out first. Then:
/// - every acknowledged change set is there, and every answer's event and record;
/// - of each change set all parts are there, or none; and nothing that nobody tried;
/// - no change set is there whose caller was told of a conflict, and decided again;
/// - every history replays to what is stored; positions and versions have no gap;
/// - every effect is done, its email went once or was dropped, and none went for anything else;
/// - everybody may sign in who should, and nobody else.
///
/// # Errors
/// The database or the outside cannot be read, or effects stay undone.
pub async fn reckon(stage: &Stage, owner: &str) -> Result<(Findings, Extent), Failed> {
    let host = stage.host()?;
    let owner = pool(owner, &PoolSettings::new().size(1))?;
    carry_out_all(stage, &owner).await?;
    let told = stage.ear.told();
    let contents = Contents::read(&owner).await?;
    let mut findings = Findings::default();
    let mut extent = Extent { acknowledged: told.saved.len(), ..Extent::default() };
    compare(&told, &contents, &mut findings, &mut extent);
    audit::organisations(&host, &told, &contents, &mut findings).await?;
    audit::effects(stage, &contents, &mut findings, &mut extent)?;
    audit::access(stage, &host, &contents, &mut findings).await?;
    findings.broken.extend(told.broken.iter().map(|what| format!("a caller was told: {what}")));
    extent.organisations = contents.organisations.len();
    extent.events = contents.changes.values().map(|stored| stored.events.len()).sum();
    Ok((findings, extent))
}

/// How long it may take until nothing is left to be done.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(50);

/// Carries out every effect, also those that somebody died with, when their lease ends.
async fn carry_out_all(stage: &Stage, owner: &deadpool_postgres::Pool) -> Result<(), Failed> {
    let housekeeping = stage.host()?.ravs.housekeeping();
    let began = Instant::now();
    loop {
        while housekeeping.deliver(20).await?.done > 0 {}
        let left = "SELECT count(*) FROM ravs.effects WHERE status <> 'Done'";
        let left: i64 = owner.get().await?.query_one(left, &[]).await?.get(0);
        if left == 0 {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            return Err(format!("{left} effects are not done after {PATIENCE:?}").into());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// What was told against what is there, change set by change set.
fn compare(told: &Told, contents: &Contents, findings: &mut Findings, extent: &mut Extent) {
    for change in told.saved.keys() {
        if !contents.committed.contains(change) {
            findings.lost.push(*change);
        }
    }
    for (change, tries) in &told.tried {
        let stored = contents.changes.get(change).cloned().unwrap_or_default();
        if contents.committed.contains(change) {
            extent.unheard += usize::from(!told.saved.contains_key(change));
            if told.is_ruled_out(*change) {
                let what = format!("{change} was answered with a conflict, and is there");
                findings.broken.push(what);
            }
            let whole = |parts: &&crate::journal::Parts| {
                (&parts.events, &parts.versions, &parts.effects)
                    == (&stored.events, &stored.versions, &stored.effects)
            };
            match tries.iter().find(whole) {
                None => findings.broken.push(format!("{change} is half there: {stored:?}")),
                Some(parts) => {
                    let missing = contents.missing(parts);
                    findings.broken.extend(missing.map(|what| format!("{change}: {what}")));
                }
            }
        } else {
            extent.absent += 1;
            if stored != contents::Stored::default() {
                findings.broken.push(format!("{change} is half there: {stored:?}"));
            }
            let left: Vec<_> =
                tries.iter().flat_map(|parts| parts.new.intersection(&contents.ids)).collect();
            if !left.is_empty() {
                findings.broken.push(format!("{change} has left {left:?}"));
            }
        }
    }
    let unknown = contents.committed.iter().chain(contents.changes.keys());
    let unknown = unknown.filter(|change| !told.tried.contains_key(change));
    findings.broken.extend(unknown.map(|change| format!("{change} was never tried")));
    let torn = contents.changes.keys().filter(|change| !contents.committed.contains(change));
    findings.broken.extend(torn.map(|change| format!("{change} has parts and is not there")));
}

/// How often each thing is there.
fn counted<K: Ord>(things: impl IntoIterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counted = BTreeMap::new();
    for thing in things {
        *counted.entry(thing).or_default() += 1;
    }
    counted
}
