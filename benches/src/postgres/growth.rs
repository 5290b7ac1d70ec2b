//! What a read takes with very many organisations, beside what it takes with a thousand.

mod question;

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use ravs_adapters_postgres::PostgresStore;
use ravs_core::port::{OrganisationFilter, PageKey, PageRequest, Store as _};
use ravs_core::{OrganisationId, Region, Subject, UserId};

use super::{Failed, Figure, Ground, Pace, Stage, Tell, runtime};
use question::Question;

const FEW: u64 = 1_000;
const PROMISED: f64 = 2.0;
/// How many calls in a row are timed together.
const CALLS: usize = 20;
/// How many members are looked up, in turn.
const SAMPLE: i64 = 1_000;

/// Measures each question with a thousand organisations and with `many`.
///
/// # Errors
/// Whatever goes wrong; also when a question is answered with another number of rows.
pub fn measure(stage: &Stage, many: u64, pace: Pace, tell: Tell<'_>) -> Result<(), Failed> {
    runtime(1)?.block_on(with_many(stage, many, pace, tell))
}

async fn with_many(stage: &Stage, many: u64, pace: Pace, tell: Tell<'_>) -> Result<(), Failed> {
    let now = DateTime::from_timestamp(1_767_603_600, 0).ok_or("the time is not one")?;
    let (few_ground, many_ground) = (stage.ground().await?, stage.ground().await?);
    let few = Town::found(&few_ground, FEW, now).await?;
    let began = Instant::now();
    let many = Town::found(&many_ground, many, now).await?;
    eprintln!("the organisations were made in {:.0?}", began.elapsed());
    for question in Question::ALL {
        tell(&compare(&many, &few, question, pace).await?);
    }
    Ok(())
}

async fn compare(
    many: &Town,
    few: &Town,
    question: Question,
    pace: Pace,
) -> Result<Figure, Failed> {
    let what = question.name();
    let (rows, others) = (few.rows(question).await?, many.rows(question).await?);
    if rows != others {
        return Err(format!("{what}: {rows} rows of few, {others} of many").into());
    }
    let (mut times, mut peers) = (Vec::new(), Vec::new());
    let began = Instant::now();
    while times.len() < 3 || began.elapsed() < pace.turn.mul_f64(pace.turns as f64 / 2.0) {
        let calls = times.len() * CALLS..(times.len() + 1) * CALLS;
        peers.push(few.time(question, calls.clone()).await?);
        times.push(many.time(question, calls).await?);
    }
    let what = format!("{what} ({rows} rows)");
    Ok(Figure::of_times(what, &times, &peers).at_most(PROMISED))
}

/// A database with so many organisations, and whom to ask about.
struct Town {
    store: PostgresStore,
    now: DateTime<Utc>,
    leads: Vec<(UserId, Region)>,
    members: Vec<(UserId, OrganisationId, Subject)>,
    /// Where each region's first page ends.
    first_pages: Vec<(Region, Option<PageKey>)>,
}

impl Town {
    async fn found(
        ground: &Ground<'_>,
        organisations: u64,
        now: DateTime<Utc>,
    ) -> Result<Self, Failed> {
        let nanoseconds = now.timestamp_nanos_opt().ok_or("the time cannot be kept")?;
        ground.fill(organisations, nanoseconds).await?;
        let owner = ground.owner()?.get().await?;
        let store = ground.store(1)?;
        let mut leads = Vec::new();
        let select = "SELECT user_id, region FROM ravs.regional_leads ORDER BY user_id";
        for row in owner.query(select, &[]).await? {
            let region: &str = row.try_get(1)?;
            leads.push((UserId::from_uuid(row.try_get(0)?), region.parse()?));
        }
        let mut members = Vec::new();
        let select = "SELECT m.user_id, m.organisation_id, u.subject
            FROM (SELECT * FROM ravs.memberships ORDER BY random() LIMIT $1) AS m
            JOIN ravs.users AS u ON u.id = m.user_id";
        for row in owner.query(select, &[&SAMPLE]).await? {
            let (user, subject) = (UserId::from_uuid(row.try_get(0)?), row.try_get(2)?);
            let organisation = OrganisationId::from_uuid(row.try_get(1)?);
            members.push((user, organisation, Subject::new(subject)?));
        }
        let mut town = Self { store, now, leads, members, first_pages: Vec::new() };
        for region in Region::ALL {
            let page = PageRequest { after: None, limit: question::PAGE };
            let filter = OrganisationFilter::default();
            let page = town.store.organisations(region, &filter, &page, now).await?;
            town.first_pages.push((region, page.next));
        }
        Ok(town)
    }

    /// Asks a hundred times, untimed, and gives the number of rows, which is the same each time.
    async fn rows(&self, question: Question) -> Result<usize, Failed> {
        let rows = self.ask(question, 0).await?;
        for call in 1..100 {
            let others = self.ask(question, call).await?;
            if others != rows {
                return Err(format!("{}: {rows} rows, or {others}", question.name()).into());
            }
        }
        Ok(rows)
    }

    /// Seconds a call takes.
    async fn time(&self, question: Question, calls: std::ops::Range<usize>) -> Result<f64, Failed> {
        let number = calls.len();
        let began = Instant::now();
        for call in calls {
            self.ask(question, call).await?;
        }
        Ok(began.elapsed().as_secs_f64() / number as f64)
    }

    /// An instant at which nothing is due: all closings are to come.
    fn before_all_closings(&self) -> DateTime<Utc> {
        self.now - TimeDelta::days(50)
    }
}
