//! Lead administrators who remove each other (R-U9).

use ravs_core::command::ChangeUser;
use ravs_core::{Code, MembershipStatus, PermissionLevel, Policy};

use super::arena::{Arena, outcome, people, race};
use crate::model::StoreUnderTest;

/// Two lead administrators remove each other, each themself, or demote each other, at the same
/// moment: exactly one of them is refused.
///
/// # Panics
/// Where the store lets a race through.
pub async fn two_leads_remove_each_other(under_test: impl StoreUnderTest, rounds: usize) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    for round in 0..rounds {
        let [ann, bob] = people(round);
        let id = arena.onboard(&arena.body(round, 'L'), &[ann.clone(), bob.clone()]).await;
        let id = id.organisation;
        let desks = [arena.enter(&ann, id).await, arena.enter(&bob, id).await];
        let kind = round % 3;
        let targets = if kind == 1 { [ann, bob] } else { [bob, ann] };
        let tasks = desks.into_iter().zip(targets).map(|(desk, target)| {
            let demotion = ChangeUser {
                email: target.clone(),
                level: Some(PermissionLevel::Recorder),
                clinician: None,
            };
            Box::pin(async move {
                match kind {
                    2 => outcome(desk.change_user(&demotion).await),
                    _ => outcome(desk.deactivate_user(&target).await),
                }
            }) as _
        });
        let answers = race(tasks.collect()).await;
        let refused: Vec<Code> = answers.into_iter().filter_map(Result::err).collect();
        // who was deactivated first is refused for that; who is still in, for being the last
        let expected =
            if kind == 0 { Code::MembershipDeactivated } else { Code::LastLeadAdministrator };
        assert_eq!(refused, [expected], "round {round}");
        arena.history(id).await;
        let roster = arena.store.roster(id).await.ok().flatten();
        let leads = roster.into_iter().flat_map(|roster| roster.members).filter(|member| {
            member.membership.status() == MembershipStatus::Active
                && member.membership.level_at_next_entry() == PermissionLevel::LeadAdministrator
        });
        assert_eq!(leads.count(), 1, "round {round}: one lead administrator is left");
    }
    arena.assert_raced();
}

/// A lead administrator's level is changed while they enter: the change waits for the next entry
/// or applies with this one, and is never lost (R-U7).
///
/// # Panics
/// Where the store lets a race through.
#[expect(clippy::expect_used, reason = "a case says what failed by panicking")]
pub async fn a_level_changes_while_its_owner_enters(
    under_test: impl StoreUnderTest,
    rounds: usize,
) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    for round in 0..rounds {
        let [ann, bob] = people(round);
        let id = arena.onboard(&arena.body(round, 'L'), &[ann.clone(), bob.clone()]).await;
        let id = id.organisation;
        let desk = arena.enter(&ann, id).await;
        arena.link(&bob).await;
        let (ravs, identity) = (arena.ravs.clone(), crate::identity_of(&bob));
        let level = Some(PermissionLevel::Recorder);
        let command = ChangeUser { email: bob.clone(), level, clinician: None };
        let answers = race(vec![
            Box::pin(async move { outcome(desk.change_user(&command).await).map(|_| ()) }),
            Box::pin(async move { outcome(ravs.enter(&identity, id).await).map(|_| ()) }),
        ])
        .await;
        assert_eq!(answers, [Ok(()), Ok(())], "round {round}");
        let events = arena.history(id).await;
        let place = |name: &str| events.iter().rposition(|event| event.what.name() == name);
        let roster = arena.store.roster(id).await.expect("a roster").expect("an organisation");
        let email = bob.parse().expect("an address");
        let membership = &roster.by_email(&email).expect("a member").membership;
        let applied = place("member_level_changed") < place("member_entered");
        let told = (membership.level() == PermissionLevel::Recorder, membership.next_level());
        assert_eq!(told, (applied, level.filter(|_| !applied)), "round {round}");
    }
    arena.assert_raced();
}
