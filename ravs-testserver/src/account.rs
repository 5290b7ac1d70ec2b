//! The account a server runs under: PostgreSQL and PgBouncer refuse to run as root.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Who runs the servers of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    /// Whoever runs the tests.
    Own,
    /// Another one, since the tests run as root.
    Other { uid: u32, gid: u32 },
}

impl Account {
    /// The account for whoever owns `fresh`, a file that this process has just made.
    pub(crate) fn for_owner_of(fresh: &Path) -> io::Result<Self> {
        if fs::metadata(fresh)?.uid() != 0 {
            return Ok(Self::Own);
        }
        let accounts = fs::read_to_string("/etc/passwd")?;
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| other_in(&accounts, name))
            .ok_or_else(|| io::Error::other("neither `postgres` nor `nobody` is in /etc/passwd"))
    }

    /// Lets `command` run under this account.
    pub(crate) fn run(self, command: &mut Command) {
        if let Self::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
    }

    /// Gives a file or a folder to this account.
    pub(crate) fn own(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Other { uid, gid } => chown(path, Some(uid), Some(gid)),
        }
    }
}

fn other_in(accounts: &str, name: &str) -> Option<Account> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (account, _, uid, gid) =
            (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        (account == name)
            .then_some(Account::Other { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
            .filter(|other| !matches!(other, Account::Other { uid: 0, .. }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_by_its_whole_name_and_is_never_root() {
        let accounts = "root:x:0:0::/:/bin/sh\nnobody2:x:7:7::/:/bin/false\n\
                        nobody:x:65534:65533:nobody:/:/bin/false\ntoor:x:0:0::/:/bin/sh\n";
        let nobody = Account::Other { uid: 65534, gid: 65533 };
        assert_eq!(other_in(accounts, "nobody"), Some(nobody));
        assert_eq!(other_in(accounts, "postgres"), None);
        assert_eq!(other_in(accounts, "toor"), None);
    }
}
