//! A host's own table and the library's change together, in one transaction of the host's.
//!
//! ```text
//! cargo run -p ravs-examples --bin share_a_transaction -- --url postgres://…
//! ```
//!
//! The host keeps a letter for every deactivation. It asks the core for the decision, which is
//! data, and saves it in a transaction in which it writes its letter as well. The first time the
//! letter is refused, and the organisation stays as it was; the second time both are there.

use std::error::Error;

use deadpool_postgres::Pool;
use ravs_adapters_postgres::{Migrations, PoolSettings, PostgresStore, SchemaName, pool};
use ravs_core::command::{self, AddRegionalLead, Decided, Nominee, Onboard};
use ravs_core::port::{Clock as _, Store as _};
use ravs_core::{
    Actor, Body, Context, Organisation, OrganisationId, Ports, Ravs, Region, Settings, UserId,
};
use ravs_testkit::{World, identity_of};

/// A schema of the example's own, made anew by each run.
const SCHEMA: &str = "ravs_share_a_transaction";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let pool = pool(&url()?, &PoolSettings::new().size(4))?;
    let anew = format!(
        "DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA};
         CREATE TABLE {SCHEMA}.letter (organisation uuid PRIMARY KEY, sealed boolean NOT NULL,
             CONSTRAINT letter_is_sealed CHECK (sealed))"
    );
    pool.get().await?.batch_execute(&anew).await?;
    let schema: SchemaName = SCHEMA.parse()?;
    Migrations::new(schema.clone()).run(&pool).await?;
    let store = PostgresStore::builder(pool.clone()).schema(schema).build();

    let host = Host::new(pool, store)?;
    let (organisation, lead) = host.onboarded().await?;

    match host.deactivate(organisation, lead, false).await {
        Ok(_) => return Err("a letter that is not sealed went out".into()),
        Err(error) => println!("The first time: {error}."),
    }
    host.show(organisation).await?;

    let deactivated = host.deactivate(organisation, lead, true).await?;
    println!("The second time, to version {}.", deactivated.version());
    host.show(organisation).await?;

    host.pool.get().await?.batch_execute(&format!("DROP SCHEMA {SCHEMA} CASCADE")).await?;
    Ok(())
}

struct Host {
    pool: Pool,
    store: PostgresStore,
    settings: Settings,
    world: World,
    ravs: Ravs,
}

impl Host {
    /// Deactivates an organisation and writes the letter about it, both or neither.
    async fn deactivate(
        &self,
        organisation: OrganisationId,
        lead: UserId,
        sealed: bool,
    ) -> Result<Organisation, Box<dyn Error>> {
        // What a desk does, step by step: load, decide, commit. A conflict would mean that
        // somebody else was quicker: load and decide again.
        let roster = self.store.roster(organisation).await?;
        let lead = self.store.regional_lead(lead).await?.ok_or("there is no such lead")?;
        let context = Context {
            settings: &self.settings,
            now: self.world.clock.now(),
            by: Actor::RegionalLead(lead.user()),
            ids: &self.world.ids,
        };
        let Decided { change, answer } = command::deactivate(context, &lead, roster.as_ref())?;

        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        self.store.commit_in(&transaction, &change).await?;
        let insert = format!("INSERT INTO {SCHEMA}.letter (organisation, sealed) VALUES ($1, $2)");
        let written = transaction.execute(&insert, &[organisation.as_uuid(), &sealed]).await;
        written.map_err(|_| "the letter is not sealed, so nothing is saved")?;
        transaction.commit().await?;
        Ok(answer)
    }

    async fn show(&self, organisation: OrganisationId) -> Result<(), Box<dyn Error>> {
        let desk = self.ravs.regional_desk(&identity_of("priya@nhs.net")).await?;
        let status = desk.show(organisation).await?.status;
        let letters = format!("SELECT count(*) FROM {SCHEMA}.letter");
        let letters: i64 = self.pool.get().await?.query_one(&letters, &[]).await?.try_get(0)?;
        println!("  The organisation is {status}; letters: {letters}.");
        Ok(())
    }

    /// On the host's pool; everything outside is a stand-in.
    fn new(pool: Pool, store: PostgresStore) -> Result<Self, Box<dyn Error>> {
        let world = World::at("2025-09-02T08:00:00Z".parse()?);
        world.directory.add(Body {
            code: "RRV".parse()?,
            name: "UNIVERSITY COLLEGE LONDON HOSPITALS NHS FOUNDATION TRUST".into(),
            address: "250 EUSTON ROAD, LONDON".into(),
            postcode: "NW1 2PG".into(),
            legally_closed: None,
        });
        let mailboxes = [(Region::London, "rvoc.london@nhs.net".parse()?)];
        let rvoc_mailboxes = mailboxes.into_iter().collect();
        let settings = Settings { rvoc_mailboxes, ..Settings::default() };
        let ports = Ports {
            store: std::sync::Arc::new(store.clone()),
            queue: std::sync::Arc::new(store.clone()),
            ..world.ports()
        };
        let ravs = Ravs::new(ports, settings.clone());
        Ok(Self { pool, store, settings, world, ravs })
    }

    /// An organisation that somebody has entered, so that it can be deactivated, and its lead.
    async fn onboarded(&self) -> Result<(OrganisationId, UserId), Box<dyn Error>> {
        let request = AddRegionalLead {
            region: Region::London,
            requested_from: "rvoc.london@nhs.net".into(),
            first_name: "Priya".into(),
            last_name: "Nair".into(),
            email: "priya@nhs.net".into(),
        };
        let lead = self.ravs.support_desk().add_regional_lead(&request).await?.id();
        let onboard = Onboard {
            ods_code: "RRV".into(),
            vaccines: vec!["COVID-19".into(), "Flu".into()],
            nominees: vec![
                nominee("Amara", "Okafor", "amara@nhs.net"),
                nominee("Ben", "Carter", "ben@nhs.net"),
            ],
        };
        let desk = self.ravs.regional_desk(&identity_of("priya@nhs.net")).await?;
        let organisation = desk.onboard(&onboard).await?.organisation;
        self.ravs.sign_in(&identity_of("amara@nhs.net")).await?;
        Ok((organisation, lead))
    }
}

fn nominee(first_name: &str, last_name: &str, email: &str) -> Nominee {
    Nominee { first_name: first_name.into(), last_name: last_name.into(), email: email.into() }
}

fn url() -> Result<String, Box<dyn Error>> {
    let usage = "usage: share_a_transaction --url postgres://…";
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("--url"), Some(url)) => Ok(url),
        (None, None) => std::env::var("DATABASE_URL").map_err(|_| usage.into()),
        _ => Err(usage.into()),
    }
}
