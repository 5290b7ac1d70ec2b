//! With many organisations, every statement of the store finds its rows by keys, and a list reads
//! about as many as it gives. No times are taken: the planner says what it will do and has done,
//! so this holds or does not, on any machine.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helper functions of tests")]

mod everything;
mod plan;
mod town;

use chrono::TimeDelta;
use everything::{everything, filters};
use plan::{Planned, Step};
use ravs_core::port::{OrganisationFilter, PageRequest, RecordKey, Store as _};
use ravs_core::{OrganisationId, Region, UserId};
use ravs_testserver::postgres::Template;
use town::{MANY, MANY_SECURED, Prepared, Town, now};
use uuid::Uuid;

/// An Active organisation in London, one of its members, and the lead who invited it.
async fn somebody(town: &Town) -> (OrganisationId, UserId, UserId) {
    let of = |column: &str| {
        format!(
            "SELECT {column}::text FROM ravs.organisations AS o
            JOIN ravs.memberships AS m ON m.organisation_id = o.id
            WHERE o.region = 'Y56' AND o.status = 'Active' ORDER BY o.id, m.user_id LIMIT 1"
        )
    };
    let organisation = town.text(&of("o.id")).await.parse().unwrap();
    let user = town.text(&of("m.user_id")).await.parse().unwrap();
    (organisation, user, town.text(&of("o.invited_by")).await.parse().unwrap())
}

/// What may be read from one end to the other.
const SHORT: [&str; 2] = [" regional_leads", " effects_parked"];

async fn no_statement_reads_a_whole_table(template: &Template) {
    let town = Town::new(template).await;
    let (organisation, user, lead) = somebody(&town).await;
    everything(&town.store, organisation, user, lead).await;
    let prepared = town.prepared().await;
    assert!(prepared.len() >= 50, "{} statements are prepared", prepared.len());
    let mut connection = town.connection().await;
    let transaction = connection.transaction().await.unwrap();
    for statement in prepared {
        let plan = Step::planned(&transaction, &statement.with_nulls()).await;
        for step in plan.all() {
            // There are few leads, and what is parked is all that its index holds.
            let whole = step.reads_whole();
            let whole = whole.filter(|read| !SHORT.iter().any(|short| read.ends_with(short)));
            assert_eq!(whole, None, "{}\n{plan:#?}", statement.text);
        }
    }
}

#[tokio::test]
async fn no_statement_reads_a_whole_table_of_many() {
    no_statement_reads_a_whole_table(&MANY).await;
}

#[tokio::test]
async fn no_statement_reads_a_whole_table_with_row_level_security() {
    no_statement_reads_a_whole_table(&MANY_SECURED).await;
}

/// How long a page is, with the one row more that tells whether there is another.
const LIMIT: u64 = 51;

/// A page reads a row of two tables for each organisation, and two grants: four times its length.
/// It may read as much again, and twice the 105 closings that are overdue, where the planner
/// would rather sort a few than fetch them in order. The region has ten times as many.
const MOST: u64 = 8 * LIMIT + 2 * 105;

#[tokio::test]
async fn a_page_reads_a_few_rows_for_each_organisation_it_gives() {
    let town = Town::new(&MANY).await;
    let (_, _, lead) = somebody(&town).await;
    let mut pages = 0;
    for filter in filters(lead) {
        let known = town.prepared().await;
        let page = PageRequest { after: None, limit: 50 };
        let given = town.store.organisations(Region::London, &filter, &page, now()).await.unwrap();
        assert!(given.next.is_some(), "there is more than a page of {filter:?}");
        let mut new = town.prepared_since(&known).await;
        new.retain(|statement| statement.text.contains("organisations"));
        // Invited and Active share a statement.
        let Some(statement) = new.first() else { continue };
        pages += 1;
        // Overdue closings are found by name or by time: they may be few, or none.
        for nobody_is_late in [false, true] {
            let at = if nobody_is_late { now() - TimeDelta::days(50) } else { now() };
            let values = values(statement, &filter, at.timestamp_nanos_opt().unwrap());
            for planned in Planned::BOTH {
                reads_at_most(&town, planned, &statement.with(&values), MOST).await;
            }
        }
    }
    assert_eq!(pages, 8);
}

#[tokio::test]
async fn closings_that_are_due_are_read_and_no_others() {
    let town = Town::new(&MANY).await;
    assert_eq!(town.store.due_closings(now(), 40).await.unwrap().len(), 40);
    let [statement] = &town.prepared().await[..] else { panic!("it is one statement") };
    for (at, limit, most) in
        [(now(), 40, 40), (now(), 500, 105), (now() - TimeDelta::days(50), 500, 0)]
    {
        let values = [at.timestamp_nanos_opt().unwrap().to_string(), limit.to_string()];
        for planned in Planned::BOTH {
            reads_at_most(&town, planned, &statement.with(&values), most).await;
        }
    }
}

/// A record has two revisions there.
#[tokio::test]
async fn a_page_of_records_is_read_and_no_others() {
    for template in [&MANY, &MANY_SECURED] {
        let town = Town::new(template).await;
        let busy = "SELECT id::text FROM ravs.organisations
            WHERE region = 'Y56' AND status = 'Active' ORDER BY id OFFSET 1 LIMIT 1";
        let busy: OrganisationId = town.text(busy).await.parse().unwrap();
        let first = town.store.records(busy, None, 1_000).await.unwrap();
        let middle = RecordKey::of(first.last().unwrap());
        assert_eq!(first.len(), 1_000);
        assert_eq!(town.store.records(busy, Some(middle), 5_000).await.unwrap().len(), 2_000);
        let [statement] = &town.prepared().await[..] else { panic!("it is one statement") };
        let from_here = (middle.recorded_at.timestamp_nanos_opt().unwrap(), *middle.id.as_uuid());
        for (at, id) in [(i64::MIN, Uuid::nil()), from_here] {
            let values = [busy.to_string(), at.to_string(), id.to_string(), LIMIT.to_string()];
            let values = values.map(|value| format!("'{value}'"));
            for planned in Planned::BOTH {
                reads_at_most_of(&town, Some(busy), planned, &statement.with(&values), 3 * LIMIT)
                    .await;
            }
        }
    }
}

async fn reads_at_most(town: &Town, planned: Planned, statement: &str, most: u64) {
    reads_at_most_of(town, None, planned, statement, most).await;
}

async fn reads_at_most_of(
    town: &Town,
    organisation: Option<OrganisationId>,
    planned: Planned,
    statement: &str,
    most: u64,
) {
    let mut connection = town.connection().await;
    let transaction = connection.transaction().await.unwrap();
    if let Some(id) = organisation {
        let sees = format!("SET LOCAL ravs.organisation = '{id}'");
        transaction.batch_execute(&sees).await.unwrap();
    }
    let plan = Step::done(&transaction, planned, statement).await;
    let read: u64 = plan.all().iter().map(Step::rows_read).sum();
    assert!(read <= most, "{planned:?}: {read} rows are read, not {most}: {statement}\n{plan:#?}");
}

/// The values of a page's statement: region, where the page before ended, how many; then status
/// or time, and lead, whichever it takes.
fn values(statement: &Prepared, filter: &OrganisationFilter, now: i64) -> Vec<String> {
    let nobody = "'00000000-0000-0000-0000-000000000000'".to_owned();
    let first = ["'Y56'".to_owned(), "''".to_owned(), nobody, LIMIT.to_string()];
    let others = statement.types.iter().skip(first.len()).map(|kind| match kind.as_str() {
        "text" => format!("'{}'", filter.status.unwrap().as_str()),
        "bigint" => now.to_string(),
        "uuid" => format!("'{}'", filter.invited_by.unwrap()),
        other => panic!("a page by {other}"),
    });
    first.iter().cloned().chain(others).collect()
}
