//! Who should have access beside who has.

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use ravs_adapters_okta::Okta;
use ravs_adapters_postgres::{PoolSettings, PostgresStore, pool};
use ravs_adapters_sqlite::SqliteStore;
use ravs_core::port::{EffectQueue, Store};
use ravs_core::service::{Difference, Mended, Reconcile};
use ravs_core::{Ports, Ravs, Settings};
use ravs_testkit::{MemoryDirectory, MemoryMailer};
use serde_json::{Value, json};

use super::commands::line;
use crate::host::{SystemClock, TimeOrderedIds};

/// Compares the two; one line a difference, and one at the end. What could not be mended makes it
/// an error.
pub(super) async fn run(
    okta: Okta,
    store: &str,
    dry_run: bool,
    out: &mut (dyn Write + Send),
) -> Result<(), Box<dyn Error>> {
    okta.check().await?;
    let (store, queue) = open(store).await?;
    let ports = Ports {
        store,
        queue,
        identity: Arc::new(okta),
        // Neither is asked anything here.
        directory: Arc::new(MemoryDirectory::default()),
        mailer: Arc::new(MemoryMailer::new()),
        clock: Arc::new(SystemClock),
        ids: Arc::new(TimeOrderedIds),
    };
    let ravs = Ravs::new(ports, Settings::default());
    let how = if dry_run { Reconcile::Report } else { Reconcile::Mend };
    let mut written = Ok(());
    let mut tell = |difference: &Difference, mended: &Mended| {
        if written.is_ok() {
            written = writeln!(out, "{}", told(difference, mended));
        }
    };
    let found = ravs.housekeeping().reconcile(how, &mut tell).await?;
    written?;
    line(
        out,
        json!({
            "outcome": "compared",
            "accounts": found.accounts,
            "users": found.users,
            "differences": found.differences,
            "failed": found.failed,
        }),
    )?;
    match found.failed {
        0 => Ok(()),
        failed => Err(format!("of the differences, {failed} could not be mended").into()),
    }
}

type Opened = (Arc<dyn Store>, Arc<dyn EffectQueue>);

/// A store that is there already.
async fn open(store: &str) -> Result<Opened, Box<dyn Error>> {
    if let Some(file) = store.strip_prefix("sqlite:") {
        if !std::path::Path::new(file).exists() {
            return Err("`--store`: there is no such file".into());
        }
        let store = SqliteStore::open(file)?;
        return Ok((Arc::new(store.clone()), Arc::new(store)));
    }
    if store.starts_with("postgres://") || store.starts_with("postgresql://") {
        let store = PostgresStore::new(pool(store, &PoolSettings::new().size(2))?);
        store.check().await?;
        return Ok((Arc::new(store.clone()), Arc::new(store)));
    }
    Err("`--store` is `sqlite:FILE` or `postgres://…`".into())
}

fn told(difference: &Difference, mended: &Mended) -> Value {
    let mended = match mended {
        Mended::Left => json!("left"),
        Mended::Done => json!("done"),
        Mended::Failed(error) => json!({ "failed": error.to_string() }),
    };
    match difference {
        Difference::Missing { user } => {
            json!({ "difference": "missing", "user": user.to_string(), "mended": mended })
        }
        Difference::Surplus { user } => {
            json!({ "difference": "surplus", "user": user.to_string(), "mended": mended })
        }
        Difference::Stranger { subject } => {
            json!({ "difference": "stranger", "id": subject.as_str(), "mended": mended })
        }
    }
}
