//! What the program is told to do.

use ravs_core::EmailAddress;
use ravs_core::port::Person;
use ravs_core::{PersonName, Subject};
use thiserror::Error;

/// How the program is called.
pub const USAGE: &str = "\
usage: okta ensure EMAIL --first FIRST --last LAST
       okta withdraw|grant|resend|status EMAIL [--subject ID]
       okta list
       okta check
       okta sign-in
       okta reconcile --store sqlite:FILE|postgres://… [--dry-run]";

/// What the program is told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Something with accounts and access.
    Access(Command),
    /// Has somebody sign in.
    SignIn,
}

/// What it is told to do with accounts and access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Sees that somebody has an account and access.
    Ensure(Person),
    /// Withdraws somebody's access.
    Withdraw(Person),
    /// Grants somebody access.
    Grant(Person),
    /// Has the activation email sent again.
    Resend(Person),
    /// Tells of somebody's account.
    Status(Person),
    /// Lists who has access.
    List,
    /// Looks whether the tenant is set up.
    Check,
    /// Compares who should have access with who has.
    Reconcile {
        /// Where RAVS is kept.
        store: String,
        /// Whether differences are only told of.
        dry_run: bool,
    },
}

/// Why that is nothing the program can do: everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", .0.join("; "))]
pub struct InvalidArguments(Vec<String>);

/// The arguments, sorted.
#[derive(Default)]
struct Sorted {
    email: Option<String>,
    first: Option<String>,
    last: Option<String>,
    subject: Option<String>,
    store: Option<String>,
    dry_run: bool,
    faults: Vec<String>,
}

impl Task {
    /// Reads the program's arguments, its own name left out.
    ///
    /// # Errors
    /// [`InvalidArguments`], with everything that is wrong.
    pub fn read(arguments: impl IntoIterator<Item = String>) -> Result<Self, InvalidArguments> {
        let mut arguments = arguments.into_iter().peekable();
        if arguments.next_if(|name| name == "sign-in").is_none() {
            return Command::read(arguments).map(Self::Access);
        }
        match arguments.next() {
            None => Ok(Self::SignIn),
            Some(_) => Err(InvalidArguments(vec!["`sign-in` takes no more arguments".into()])),
        }
    }
}

impl Command {
    fn read(arguments: impl IntoIterator<Item = String>) -> Result<Self, InvalidArguments> {
        let mut arguments = arguments.into_iter();
        let Some(name) = arguments.next() else {
            return Err(InvalidArguments(vec!["a command is missing".into()]));
        };
        let mut given = Sorted::sort(arguments);
        let command = match name.as_str() {
            "ensure" => given.named_person().map(Self::Ensure),
            "withdraw" => given.person().map(Self::Withdraw),
            "grant" => given.person().map(Self::Grant),
            "resend" => given.person().map(Self::Resend),
            "status" => given.person().map(Self::Status),
            "list" => Some(Self::List),
            "check" => Some(Self::Check),
            "reconcile" => given.reconcile(),
            other => {
                given.faults.push(format!("`{other}` is no command"));
                None
            }
        };
        given.refuse_the_rest();
        match command {
            Some(command) if given.faults.is_empty() => Ok(command),
            _ => Err(InvalidArguments(given.faults)),
        }
    }
}

impl Sorted {
    fn sort(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut sorted = Self::default();
        while let Some(argument) = arguments.next() {
            let slot = match argument.as_str() {
                "--dry-run" => {
                    sorted.dry_run = true;
                    continue;
                }
                "--first" => &mut sorted.first,
                "--last" => &mut sorted.last,
                "--subject" => &mut sorted.subject,
                "--store" => &mut sorted.store,
                option if option.starts_with("--") => {
                    sorted.faults.push(format!("`{option}` is no option"));
                    continue;
                }
                _ if sorted.email.is_none() => {
                    sorted.email = Some(argument);
                    continue;
                }
                // It may be an address, which does not belong into a message.
                _ => {
                    sorted.faults.push("there is an argument too many".into());
                    continue;
                }
            };
            match arguments.next() {
                Some(value) if slot.is_none() => *slot = Some(value),
                Some(_) => sorted.faults.push(format!("`{argument}` is there twice")),
                None => sorted.faults.push(format!("`{argument}` has no value")),
            }
        }
        sorted
    }

    /// Somebody of whom only the address matters.
    fn person(&mut self) -> Option<Person> {
        let subject = self.subject();
        let email = self.email()?;
        let name = PersonName::new("not", "asked").ok()?;
        Some(Person { email, name, subject })
    }

    fn named_person(&mut self) -> Option<Person> {
        let [first, last] = [self.first.take(), self.last.take()].map(Option::unwrap_or_default);
        let name = PersonName::new(&first, &last)
            .map_err(|faults| self.faults.extend(faults.iter().map(ToString::to_string)))
            .ok();
        let email = self.email();
        Some(Person { email: email?, name: name?, subject: None })
    }

    fn subject(&mut self) -> Option<Subject> {
        let read = Subject::new(&self.subject.take()?);
        read.map_err(|error| self.faults.push(error.to_string())).ok()
    }

    fn email(&mut self) -> Option<EmailAddress> {
        let Some(text) = self.email.take() else {
            self.faults.push("an email address is missing".into());
            return None;
        };
        text.parse().map_err(|_| self.faults.push("this is not an email address".into())).ok()
    }

    fn reconcile(&mut self) -> Option<Command> {
        let dry_run = std::mem::take(&mut self.dry_run);
        match self.store.take() {
            Some(store) => Some(Command::Reconcile { store, dry_run }),
            None => {
                self.faults.push("`--store` is missing".into());
                None
            }
        }
    }

    /// What the command has no use for.
    fn refuse_the_rest(&mut self) {
        let left = [
            ("an email address", self.email.is_some()),
            ("`--first`", self.first.is_some()),
            ("`--last`", self.last.is_some()),
            ("`--subject`", self.subject.is_some()),
            ("`--store`", self.store.is_some()),
            ("`--dry-run`", self.dry_run),
        ];
        let left = left.into_iter().filter(|(_, left)| *left);
        self.faults.extend(left.map(|(what, _)| format!("this command takes no {what}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        Command::read(line.split_whitespace().map(str::to_owned)).map_err(|error| error.to_string())
    }

    #[test]
    fn every_command_is_read() {
        for line in ["withdraw a@b.uk", "grant a@b.uk", "resend a@b.uk", "status a@b.uk", "list"] {
            assert!(read(line).is_ok(), "{line}");
        }
        let Ok(Command::Ensure(person)) = read("ensure --last Ng a@b.uk --first Jo") else {
            panic!("it is an `ensure`")
        };
        assert_eq!((person.name.first(), person.name.last()), ("Jo", "Ng"));
        let store = "sqlite:a.db".to_owned();
        assert_eq!(
            read("reconcile --dry-run --store sqlite:a.db"),
            Ok(Command::Reconcile { store, dry_run: true })
        );
    }

    #[test]
    fn a_sign_in_is_a_task_of_its_own() {
        let task = |line: &str| Task::read(line.split_whitespace().map(str::to_owned));
        assert_eq!(task("sign-in"), Ok(Task::SignIn));
        assert_eq!(task("list"), Ok(Task::Access(Command::List)));
        assert!(task("sign-in jo@nhs.net").is_err() && task("").is_err());
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_no_address_with_it() {
        let told = read("ensure a@b@c --first Jo --what x@y.uk --dry-run").unwrap_err();
        for fault in [
            "`--what` is no option",
            "there is an argument too many",
            "`last_name`: a name is missing",
            "not an email address",
            "no `--dry-run`",
        ] {
            assert!(told.contains(fault), "{fault}: {told}");
        }
        assert!(!told.contains("a@b") && !told.contains("x@y"), "{told}");
        assert_eq!(read("").unwrap_err(), "a command is missing");
        assert_eq!(read("delete a@b.uk").unwrap_err().split(';').count(), 2);
        assert_eq!(read("list --store").unwrap_err(), "`--store` has no value");
    }
}
