//! Many at the same moment: exactly one wins where one must, and nothing is lost.

use ravs_core::port::{PortError, Store};
use ravs_core::{Region, Stream, VaccineType};

use super::whole_history;
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::race::{Busy, RIVALS, together};
use crate::conformance::seed::{Scene, Seed, body, read};

/// How often each race is run.
const ROUNDS: usize = 8;

/// How often something that may lose a race is tried again.
const TRIES: usize = 200;

/// Of many changes decided on one version exactly one is saved, and the others are conflicts.
pub async fn one_of_many_on_one_version_wins(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let stream = Stream::Organisation(scene.id);
    for round in 0..ROUNDS {
        let before = scene.organisation(store).await.kept();
        let events = whole_history(store, stream).await.kept().len();
        let name = |rival| format!("Type {round}-{rival}");
        let rivals: Vec<_> =
            (0..RIVALS).map(|rival| seed.vaccines(&scene.lead, &before, &[&name(rival)])).collect();
        let outcomes = together(RIVALS, |rival| store.commit(&rivals[rival].change));
        let mut won = Vec::new();
        for (rival, outcome) in outcomes.into_iter().enumerate() {
            match outcome {
                Ok(()) => won.push(rival),
                refused => refused.conflicts("another one was quicker"),
            }
        }
        assert_eq!(won.len(), 1, "these won: {won:?}");
        let after = scene.organisation(store).await.kept();
        assert_eq!(after, rivals[won[0]].answer.organisation, "what is stored is the winner's");
        let told = whole_history(store, stream).await.kept().len();
        assert_eq!(told, events + 1, "the history tells of the winner alone");
    }
}

/// Of many onboardings of one body in all regions exactly one is saved.
pub async fn one_of_many_onboardings_wins(store: &dyn Store) {
    let seed = Seed::new();
    let mut leads = Vec::new();
    for rival in 0..RIVALS {
        let region = Region::ALL[rival % Region::ALL.len()];
        let lead = seed.regional_lead(region, &format!("lead{rival}@nhs.net"));
        store.commit(&lead.change).await.kept();
        leads.push(lead.answer);
    }
    for round in 0..ROUNDS {
        let body = body(&format!("ABC{round}"), "Wanted");
        let onboard = |rival: usize| {
            let nominees = ["a", "b"].map(|name| format!("{name}{rival}.{round}@nhs.net"));
            seed.onboarding(&leads[rival], &body, [&nominees[0], &nominees[1]])
        };
        let rivals: Vec<_> = (0..RIVALS).map(onboard).collect();
        let outcomes = together(RIVALS, |rival| store.commit(&rivals[rival].change));
        let mut won = Vec::new();
        for (rival, outcome) in outcomes.into_iter().enumerate() {
            match outcome {
                Ok(()) => won.push(rivals[rival].answer.id()),
                refused => refused.conflicts("another region was quicker"),
            }
        }
        assert_eq!(won.len(), 1, "the body was onboarded {} times", won.len());
        let holder = store.unclosed_organisation(&body.code).await.kept();
        assert_eq!(holder.there("the winner").id(), won[0]);
    }
}

/// Of many who add the same new address exactly one does.
pub async fn one_of_many_users_of_an_address_wins(store: &dyn Store) {
    let seed = Seed::new();
    for round in 0..ROUNDS {
        let spelled = |rival: usize| match rival % 2 {
            0 => format!("rae{round}@nhs.net"),
            _ => format!("RAE{round}@nhs.net"),
        };
        let rivals: Vec<_> = (0..RIVALS)
            .map(|rival| seed.regional_lead(Region::London, &spelled(rival)).change)
            .collect();
        let outcomes = together(RIVALS, |rival| store.commit(&rivals[rival]));
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(won, 1, "the address became {won} users");
        for refused in outcomes.into_iter().filter(Result::is_err) {
            refused.conflicts("another one was quicker");
        }
    }
}

/// One change set committed many times at once is saved once, and none of it is an error.
pub async fn many_repeats_save_once(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let stream = Stream::Organisation(scene.id);
    for round in 0..ROUNDS {
        let before = scene.organisation(store).await.kept();
        let events = whole_history(store, stream).await.kept().len();
        let added = seed.vaccines(&scene.lead, &before, &[&format!("Type {round}")]);
        for outcome in together(RIVALS, |_| async { retried(store, &added.change).await }) {
            outcome.kept();
        }
        assert_eq!(scene.organisation(store).await.kept(), added.answer.organisation);
        let told = whole_history(store, stream).await.kept().len();
        assert_eq!(told, events + 1, "its event was written more than once");
    }
}

/// Commits until it is done. A store may ask for patience, and may take a repeat that is still
/// under way for a conflict; a change set that is saved is one no longer.
async fn retried(store: &dyn Store, change: &ravs_core::ChangeSet) -> Result<(), PortError> {
    let mut outcome = store.commit(change).await;
    for _ in 1..TRIES {
        match outcome {
            Err(error) if error.is_retryable() => outcome = store.commit(change).await,
            settled => return settled,
        }
    }
    outcome
}

/// Many who each load, decide and commit until they are through: every change is there, and so
/// is its event.
pub async fn nothing_is_lost(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let stream = Stream::Organisation(scene.id);
    let before = scene.organisation(store).await.kept();
    let events = whole_history(store, stream).await.kept().len();
    let each = 4;
    let added = together(RIVALS, async |rival| -> Result<(), PortError> {
        for number in 0..each {
            let name = format!("Type {rival}-{number}");
            for _ in 0..TRIES {
                let organisation = scene.organisation(store).await?;
                let change = seed.vaccines(&scene.lead, &organisation, &[&name]).change;
                match store.commit(&change).await {
                    Err(error) if error.is_retryable() => {}
                    Err(error) => return Err(error),
                    Ok(()) => break,
                }
            }
        }
        Ok(())
    });
    for outcome in added {
        outcome.kept();
    }
    let after = scene.organisation(store).await.kept();
    for (rival, number) in (0..RIVALS).flat_map(|rival| (0..each).map(move |n| (rival, n))) {
        let vaccine: VaccineType = read(&format!("Type {rival}-{number}"));
        assert!(after.vaccines().contains(&vaccine), "`{vaccine}` is lost");
    }
    let new = RIVALS * each;
    let moved = after.version().number() - before.version().number();
    assert_eq!(moved, u64::try_from(new).unwrap_or(u64::MAX), "one version for each change");
    let history = whole_history(store, stream).await.kept();
    assert_eq!(history.len(), events + new, "one event for each change");
    let versions: Vec<_> =
        history.iter().filter_map(|entry| entry.event.organisation_version).collect();
    assert!(versions.is_sorted(), "the history is out of order: {versions:?}");
}

/// Once a commit is acknowledged everybody sees it.
pub async fn everybody_sees_what_is_acknowledged(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    for round in 0..ROUNDS {
        let before = scene.organisation(store).await.kept();
        let added = seed.vaccines(&scene.lead, &before, &[&format!("Type {round}")]);
        store.commit(&added.change).await.kept();
        for seen in together(RIVALS, |_| store.organisation(scene.id)) {
            assert_eq!(seen.kept().as_ref(), Some(&added.answer.organisation));
        }
    }
}

/// While a member leaves and returns, each of which moves their organisation too, a standing is
/// always of one moment; and a roster's members are never older than its organisation, which is
/// what makes a version protect them.
pub async fn a_standing_is_of_one_moment(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let first = store.standing(scene.ben, scene.id).await.kept().there("Ben's standing");
    let organisation_moved =
        |version: ravs_core::Version| version.number() - first.organisation_version.number();
    let membership_moved =
        |version: ravs_core::Version| version.number() - first.membership_version.number();
    let busy = Busy::new(1);
    let run = together(RIVALS, async |rival| -> Result<(), PortError> {
        if rival == 0 {
            let _busy = busy.one();
            return come_and_go(&seed, store, &scene).await;
        }
        while busy.is_anybody() {
            if let Some(standing) = store.standing(scene.ben, scene.id).await? {
                assert_eq!(
                    membership_moved(standing.membership_version),
                    organisation_moved(standing.organisation_version),
                    "a standing is of two moments: membership (left), organisation (right)"
                );
            }
            let roster = scene.roster(store).await?;
            let ben = roster.by_user(scene.ben).there("Ben");
            assert!(
                membership_moved(ben.membership.version())
                    >= organisation_moved(roster.organisation.version()),
                "a member of a roster is older than its organisation"
            );
        }
        Ok(())
    });
    for outcome in run {
        outcome.kept();
    }
}

async fn come_and_go(seed: &Seed, store: &dyn Store, scene: &Scene) -> Result<(), PortError> {
    for _ in 0..ROUNDS * 4 {
        let roster = scene.roster(store).await?;
        let left = seed.leaving(scene.ada, &roster, scene.ben_email.as_str());
        store.commit(&left.change).await?;
        let roster = scene.roster(store).await?;
        let back = seed.return_of(scene.ada, &roster, scene.ben_email.as_str());
        store.commit(&back.change).await?;
    }
    Ok(())
}
