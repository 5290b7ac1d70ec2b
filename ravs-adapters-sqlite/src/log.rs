//! The log, which is kept short.

use std::time::Duration;

use rusqlite::Connection;

/// After how many commits it is to begin anew.
pub(crate) const COMMITS: u64 = 1_000;

/// How long reads that still need it are waited for.
const PATIENCE: Duration = Duration::from_millis(100);

/// Brings everything into the file and has the log begin anew. By itself SQLite does so only at a
/// moment when nobody reads, and there may be none while reads overlap. Where reads take too long
/// it is left for the next time.
pub(crate) fn begin_anew(writer: &mut Connection) {
    if writer.busy_timeout(PATIENCE).is_ok() {
        drop(writer.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use ravs_core::Region;
    use ravs_core::port::Store as _;
    use ravs_testkit::conformance::seed::Seed;
    use tokio::runtime::Builder;

    use super::*;
    use crate::SqliteStore;

    #[test]
    fn after_so_many_commits_it_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ravs.db");
        let store = SqliteStore::open(&path).unwrap();
        let (runtime, seed) = (Builder::new_current_thread().build().unwrap(), Seed::new());
        let size_after_commit = |email| {
            let lead = seed.regional_lead(Region::London, email).change;
            runtime.block_on(store.commit(&lead)).unwrap();
            fs::metadata(path.with_extension("db-wal")).unwrap().len()
        };
        let first = size_after_commit("a@nhs.net");
        assert!(size_after_commit("b@nhs.net") > first);
        store.shared.commits.store(COMMITS - 1, Ordering::Relaxed);
        let full = size_after_commit("c@nhs.net");
        assert_eq!(size_after_commit("d@nhs.net"), full);
    }

    fn write(writer: &Connection) {
        writer.execute("INSERT INTO t VALUES (1)", []).unwrap();
    }

    fn read(path: &Path) -> Connection {
        let reader = Connection::open(path).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM t").unwrap();
        reader
    }

    /// Whether somebody holds back whoever would write.
    fn is_held(path: &Path) -> bool {
        let prober = Connection::open(path).unwrap();
        prober.busy_timeout(Duration::ZERO).unwrap();
        prober.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_err()
    }

    #[test]
    fn it_begins_anew_although_reads_overlap() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let mut writer = Connection::open(&path).unwrap();
        let set = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a)";
        writer.execute_batch(set).unwrap();
        (0..5).for_each(|_| write(&writer));
        let size = || fs::metadata(path.with_extension("db-wal")).unwrap().len();
        let (first, full) = (read(&path), size());
        let (written, gone) = (AtomicBool::new(false), AtomicBool::new(false));
        thread::scope(|scope| {
            scope.spawn(|| {
                while !written.load(Ordering::SeqCst) && !is_held(&path) {
                    thread::yield_now();
                }
                drop(first); // now it is waited for
                gone.store(true, Ordering::SeqCst);
            });
            for _ in 0..100 {
                begin_anew(&mut writer);
                if gone.load(Ordering::SeqCst) {
                    break;
                }
            }
            write(&writer);
            let _second = read(&path); // before the first has gone, if nobody waited for it
            written.store(true, Ordering::SeqCst);
            write(&writer);
        });
        assert_eq!(size(), full, "it goes on at its end");
    }
}
