//! Who may do what: every permission level, action, organisation status and membership status
//! there is, each decided by the library itself (R-P1 to R-P5).
//!
//! ```text
//! cargo run -p ravs-examples --bin who_may_do_what             # a table to read
//! cargo run -p ravs-examples --bin who_may_do_what -- --csv    # the same, to compare
//! ```

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use ravs_core::{
    Action, ClosedBecause, Closing, Decision, MembershipStatus, OrganisationId, OrganisationState,
    OrganisationStatus, PermissionLevel, Policy, Standing, UserId, VaccineGrants, Version,
    permission,
};
use uuid::Uuid;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if let Some(unknown) = arguments.iter().find(|argument| *argument != "--csv") {
        let unknown = unknown.to_string_lossy();
        eprintln!("who_may_do_what: unknown argument `{unknown}`; there is one, `--csv`");
        return ExitCode::from(2);
    }
    let text = if arguments.is_empty() { table() } else { csv() };
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever was reading has seen enough, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("who_may_do_what: the table cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One question and its answer.
struct Row {
    level: PermissionLevel,
    action: Action,
    organisation: OrganisationStatus,
    membership: MembershipStatus,
    decision: Decision,
}

/// All 216, by level, action, organisation status and membership status.
fn rows() -> Vec<Row> {
    let now = DateTime::UNIX_EPOCH;
    let mut rows = Vec::new();
    for level in PermissionLevel::ALL {
        for action in Action::ALL {
            for organisation in OrganisationStatus::ALL {
                for membership in MembershipStatus::ALL {
                    let standing = standing(level, organisation, membership, now);
                    let decision = permission::decide(&standing, action, now);
                    rows.push(Row { level, action, organisation, membership, decision });
                }
            }
        }
    }
    rows
}

/// Where somebody stands: all that a decision looks at. A service gets one from its store.
fn standing(
    level: PermissionLevel,
    organisation: OrganisationStatus,
    membership: MembershipStatus,
    now: DateTime<Utc>,
) -> Standing {
    let state = match organisation {
        OrganisationStatus::Invited => OrganisationState::Invited,
        OrganisationStatus::Active => OrganisationState::Active { since: now },
        OrganisationStatus::Deactivated => {
            let closes_at = Closing::after(now, Policy::SEP_2025.days_until_closing);
            OrganisationState::Deactivated { at: now, closes_at }
        }
        OrganisationStatus::Closed => {
            OrganisationState::Closed { at: now, because: ClosedBecause::GracePeriodEnded }
        }
    };
    Standing {
        organisation: OrganisationId::from_uuid(Uuid::nil()),
        user: UserId::from_uuid(Uuid::nil()),
        state,
        changed_at: now,
        // Whether a vaccine type is granted is a question of its own (`Request::recording`).
        vaccines: VaccineGrants::default(),
        membership,
        level,
        organisation_version: Version::FIRST,
        membership_version: Version::FIRST,
    }
}

/// The table for people: a paragraph for each level and action.
fn table() -> String {
    let line = |cells: [&str; 5]| {
        let [level, action, organisation, membership, answer] = cells;
        format!("{level:<20}{action:<20}{organisation:<14}{membership:<14}{answer}\n")
    };
    let mut text = line(["level", "action", "organisation", "membership", "may they?"]);
    let mut paragraph = None;
    for Row { level, action, organisation, membership, decision } in rows() {
        if paragraph.replace((level, action)) != Some((level, action)) {
            text.push('\n');
        }
        let answer = match decision {
            Decision::Allowed => String::from("yes"),
            Decision::Refused(reason) => format!("no: {}", reason.message()),
        };
        text.push_str(&line([
            level.as_str(),
            action.as_str(),
            organisation.as_str(),
            membership.as_str(),
            &answer,
        ]));
    }
    text
}

/// The table for programs.
fn csv() -> String {
    let mut text = String::from("level,action,organisation,membership,allowed,reason\n");
    for Row { level, action, organisation, membership, decision } in rows() {
        let (allowed, reason) = match decision {
            Decision::Allowed => (true, ""),
            Decision::Refused(reason) => (false, reason.code().as_str()),
        };
        text.push_str(&format!(
            "{level},{action},{organisation},{membership},{allowed},{reason}\n"
        ));
    }
    text
}
