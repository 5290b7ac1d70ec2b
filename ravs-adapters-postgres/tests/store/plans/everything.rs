//! Everything that the store does, so that every statement of it is prepared.

use chrono::TimeDelta;
use ravs_adapters_postgres::PostgresStore;
use ravs_core::port::{EffectQueue as _, OrganisationFilter, PageRequest, Store as _};
use ravs_core::{
    EffectKey, OrganisationId, OrganisationStatus, Region, ReportRange, Stream, Subject, UserId,
};
use ravs_testkit::conformance::seed::{Seed, whole_life};

use crate::plans::town::now;

/// Every filter of the regions' lists.
pub(crate) fn filters(lead: UserId) -> Vec<OrganisationFilter> {
    let statuses = [None].into_iter().chain(OrganisationStatus::ALL.map(Some));
    let leads = [None, Some(lead)];
    statuses
        .flat_map(|status| leads.map(|invited_by| OrganisationFilter { status, invited_by }))
        .collect()
}

/// Commits everything that can happen, and reads everything that can be read.
pub(crate) async fn everything(
    store: &PostgresStore,
    organisation: OrganisationId,
    user: UserId,
    lead: UserId,
) {
    whole_life(&mut Seed::new(), store).await.unwrap();
    let found = store.organisation(organisation).await.unwrap().unwrap();
    assert!(store.body(found.ods_code()).await.unwrap().is_none());
    store.unclosed_organisation(found.ods_code()).await.unwrap().unwrap();
    for filter in filters(lead) {
        let page = PageRequest { after: None, limit: 50 };
        store.organisations(Region::London, &filter, &page, now()).await.unwrap();
    }
    assert_eq!(store.due_closings(now(), 100).await.unwrap().len(), 100);
    store.standing(user, organisation).await.unwrap().unwrap();
    assert_eq!(store.places(user).await.unwrap().len(), 2);
    assert_eq!(store.roster(organisation).await.unwrap().unwrap().members.len(), 2);
    let users = store.users(&[user]).await.unwrap();
    assert_eq!(store.users_after(None, 10).await.unwrap().len(), 10);
    assert!(store.users_after(Some(user), 10).await.unwrap().len() <= 10);
    let email = [users[0].email().clone()];
    assert_eq!(store.members(organisation, &email).await.unwrap().len(), 1);
    assert_eq!(store.users_by_email(&email).await.unwrap(), users);
    let subject = users[0].subject().unwrap();
    assert_eq!(store.user_by_subject(subject).await.unwrap().unwrap(), users[0]);
    assert!(store.user_by_subject(&Subject::new("nobody").unwrap()).await.unwrap().is_none());
    store.regional_lead(lead).await.unwrap().unwrap();
    let records = store.records(organisation, None, 10).await.unwrap();
    assert_eq!(records.len(), 4);
    store.record(organisation, records[0].id()).await.unwrap().unwrap();
    let day = records[0].current().details.given_on;
    let range = ReportRange::new(day, day).unwrap();
    assert!(!store.records_given(organisation, range).await.unwrap().is_empty());
    for stream in [Stream::Organisation(organisation), Stream::Person(user)] {
        assert_eq!(store.history(stream, None, 10).await.unwrap().len(), 2);
    }
    queue(store).await;
}

async fn queue(store: &PostgresStore) {
    let claims = store.claim(now(), TimeDelta::minutes(1), 3).await.unwrap();
    let [done, later, parked] = <[_; 3]>::try_from(claims).unwrap();
    store.done(&done.receipt).await.unwrap();
    store.retry_at(&later.receipt, now()).await.unwrap();
    store.park(&parked.receipt, now(), "refused").await.unwrap();
    assert!(!store.parked(10).await.unwrap().is_empty());
    let key: &EffectKey = &parked.effect.key;
    assert!(store.unpark(key, now()).await.unwrap());
}
