//! What the application's role must not do, tried as that role: the database refuses it by
//! itself, whatever the program says.
//!
//! Each statement is in a transaction that is rolled back. What is checked only at the end of a
//! transaction is checked there. Beside what is refused stands what is allowed, so that a refusal
//! is of the rule and not of everything.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

mod attempt;
mod codes;
mod life;
mod privileges;
mod rows;
mod scene;
mod structure;

use attempt::Attempt;
use scene::Stage;

/// Every attempt ends as it says, tried by the application's role itself.
async fn all_end_as_they_say(attempts: &[Attempt]) {
    let stage = Stage::new().await;
    let application = stage.application().await;
    let mut wrong = Vec::new();
    for attempt in attempts {
        wrong.extend(attempt.fault(&application, &stage).await);
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), attempts.len(), wrong.join("\n"));
    assert!(attempts.iter().any(Attempt::is_refused) && attempts.iter().any(Attempt::is_allowed));
}

/// The owner is stopped by no privilege in any of these, so that it is the privilege that stops
/// the application, and not a mistake in the statement.
async fn only_a_privilege_is_missing(attempts: &[Attempt]) {
    let stage = Stage::new().await;
    let owner = stage.owner().await;
    let mut wrong = Vec::new();
    for attempt in attempts.iter().filter(|attempt| attempt.is_refused()) {
        wrong.extend(attempt.fault_of_the_statement(&owner, &stage).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// R-L6, R-V3, R-H1: what is kept is kept.
#[tokio::test]
async fn nothing_is_removed_and_nothing_rewritten() {
    all_end_as_they_say(&privileges::attempts()).await;
    only_a_privilege_is_missing(&privileges::attempts()).await;
}

// R-L3, R-L6: an organisation steps on as the rulebook says, and a closed one stays closed.
#[tokio::test]
async fn an_organisation_takes_no_other_step() {
    all_end_as_they_say(&life::attempts()).await;
}

// R-O4: a code has one organisation that is not closed.
#[tokio::test]
async fn a_code_has_one_live_organisation() {
    all_end_as_they_say(&codes::attempts()).await;
}

// R-V2, R-V3, R-R2, R-H1: rows that belong to others are refused without them.
#[tokio::test]
async fn no_row_stands_without_what_it_rests_on() {
    all_end_as_they_say(&rows::attempts()).await;
}

#[tokio::test]
async fn the_schema_is_not_the_applications_to_change() {
    all_end_as_they_say(&structure::attempts()).await;
    only_a_privilege_is_missing(&structure::of_the_schema()).await;
}
