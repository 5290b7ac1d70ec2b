//! A host on PostgreSQL: it brings the schema up to date, checks it, works at its desks while a
//! job delivers and sweeps in the background, and shuts down cleanly on Ctrl-C or when it is done.
//!
//! ```text
//! cargo run -p ravs-examples --bin postgres_host -- --url postgres://… [--once]
//! ```
//!
//! It runs until Ctrl-C; with `--once` until everything that was queued has been delivered. Run
//! it again, and it goes on from what is stored.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use ravs_adapters_postgres::{Migrations, PoolSettings, PostgresStore, SchemaName, pool};
use ravs_core::command::{AddRegionalLead, Nominee, Onboard};
use ravs_core::service::ListRequest;
use ravs_core::{Body, Code, Ports, Ravs, Region, Settings};
use ravs_examples::host::{SystemClock, TimeOrderedIds};
use ravs_testkit::{MemoryDirectory, MemoryIdentity, MemoryMailer, identity_of};
use tokio::sync::watch;

/// How often effects are looked for, and closings.
const DELIVER_EVERY: Duration = Duration::from_millis(500);
const SWEEP_EVERY: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (url, once) = arguments()?;

    // The pool is the host's. In production the owner's role migrates and a lesser role works
    // (`Migrations::application_role`); here one does both.
    let pool = pool(&url, &PoolSettings::new().size(8))?;
    let migration = Migrations::new(SchemaName::default()).run(&pool).await?;
    let store = PostgresStore::new(pool.clone());
    store.check().await?;
    println!("The schema is at migration {migration}.");

    let mailer = MemoryMailer::new();
    let ravs = Ravs::new(ports(&store, &mailer)?, settings()?);

    // The job: one on each machine does no harm, they share the work.
    let (stop, stopped) = watch::channel(false);
    let job = tokio::spawn(housekeeping(ravs.clone(), stopped));

    work(&ravs).await?;

    if once {
        while waiting(&pool).await? > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    } else {
        println!("Running until Ctrl-C.");
        tokio::signal::ctrl_c().await?;
    }

    // A clean end: what the job has begun is finished, then the connections close. Had it been
    // killed instead, its leases would end and another job would go on.
    stop.send(true)?;
    job.await?;
    pool.close();
    println!("{} emails sent. Goodbye.", mailer.sent().len());
    Ok(())
}

/// Delivers and sweeps until it is told to stop; trouble is reported, and passes.
async fn housekeeping(ravs: Ravs, mut stopped: watch::Receiver<bool>) {
    let mut deliver = tokio::time::interval(DELIVER_EVERY);
    let mut sweep = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = deliver.tick() => match ravs.housekeeping().deliver(10).await {
                Ok(delivered) if delivered.done + delivered.failed > 0 => {
                    println!("Delivered {}, gave up on {}.", delivered.done, delivered.failed);
                }
                Ok(_) => {}
                Err(failure) => eprintln!("delivery: {failure}"),
            },
            _ = sweep.tick() => match ravs.housekeeping().sweep(100).await {
                Ok(closed) if !closed.is_empty() => println!("Closed {}.", closed.len()),
                Ok(_) => {}
                Err(failure) => eprintln!("sweep: {failure}"),
            },
        }
    }
}

/// What people do at their desks: here, once, so that there is something to see.
async fn work(ravs: &Ravs) -> Result<(), Box<dyn Error>> {
    let request = AddRegionalLead {
        region: Region::London,
        requested_from: "rvoc.london@nhs.net".into(),
        first_name: "Priya".into(),
        last_name: "Nair".into(),
        email: "priya@nhs.net".into(),
    };
    match ravs.support_desk().add_regional_lead(&request).await {
        Ok(_) => println!("Priya is a regional lead of London."),
        Err(failure) if failure.code() == Some(Code::EmailInUse) => {
            println!("Priya is a regional lead already: this is a second run.");
        }
        Err(failure) => return Err(failure.into()),
    }
    let desk = ravs.regional_desk(&identity_of("priya@nhs.net")).await?;
    let onboard = Onboard {
        ods_code: "RRV".into(),
        vaccines: vec!["COVID-19".into(), "Flu".into()],
        nominees: vec![
            nominee("Amara", "Okafor", "amara@nhs.net"),
            nominee("Ben", "Carter", "ben@nhs.net"),
        ],
    };
    match desk.onboard(&onboard).await {
        Ok(organisation) => println!("Onboarded {}.", organisation.name),
        Err(failure) if failure.code() == Some(Code::AlreadyOnboarded) => {
            println!("It is onboarded already.");
        }
        Err(failure) => return Err(failure.into()),
    }
    for organisation in desk.list(&ListRequest::default()).await?.organisations {
        println!("  {} ({}): {}", organisation.name, organisation.ods_code, organisation.status);
    }
    Ok(())
}

fn nominee(first_name: &str, last_name: &str, email: &str) -> Nominee {
    Nominee { first_name: first_name.into(), last_name: last_name.into(), email: email.into() }
}

/// The store is real, and so are the time and the ids; what is outside is a stand-in.
fn ports(store: &PostgresStore, mailer: &MemoryMailer) -> Result<Ports, Box<dyn Error>> {
    let directory = MemoryDirectory::default();
    directory.add(Body {
        code: "RRV".parse()?,
        name: "UNIVERSITY COLLEGE LONDON HOSPITALS NHS FOUNDATION TRUST".into(),
        address: "250 EUSTON ROAD, LONDON".into(),
        postcode: "NW1 2PG".into(),
        legally_closed: None,
    });
    Ok(Ports {
        store: Arc::new(store.clone()),
        queue: Arc::new(store.clone()),
        identity: Arc::new(MemoryIdentity::new()),
        directory: Arc::new(directory),
        mailer: Arc::new(mailer.clone()),
        clock: Arc::new(SystemClock),
        ids: Arc::new(TimeOrderedIds),
    })
}

fn settings() -> Result<Settings, Box<dyn Error>> {
    let mailboxes = [(Region::London, "rvoc.london@nhs.net".parse()?)];
    Ok(Settings { rvoc_mailboxes: mailboxes.into_iter().collect(), ..Settings::default() })
}

/// How many effects are not done. A host does not need to know; this one ends by it.
async fn waiting(pool: &deadpool_postgres::Pool) -> Result<i64, Box<dyn Error>> {
    let count = "SELECT count(*) FROM ravs.effects WHERE status <> 'Done'";
    Ok(pool.get().await?.query_one(count, &[]).await?.try_get(0)?)
}

fn arguments() -> Result<(String, bool), Box<dyn Error>> {
    let usage = "usage: postgres_host --url postgres://… [--once]";
    let (mut url, mut once) = (std::env::var("DATABASE_URL").ok(), false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--url" => url = Some(arguments.next().ok_or(usage)?),
            "--once" => once = true,
            _ => return Err(usage.into()),
        }
    }
    Ok((url.ok_or(usage)?, once))
}
