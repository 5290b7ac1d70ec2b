//! The life of an organisation: steps that the rulebook does not have.

use super::attempt::{Attempt, allowed, refused};

/// A version after the newest of an organisation, as SQL. What is not said is as the one before
/// has it; `old` is that one.
#[derive(Clone, Copy)]
struct Next<'a> {
    status: &'a str,
    since: &'a str,
    closes_at: &'a str,
    closed_because: &'a str,
    granted: &'a str,
    changed_at: &'a str,
    version: &'a str,
    previous: &'a str,
}

const NEXT: Next<'static> = Next {
    status: "old.status",
    since: "old.since",
    closes_at: "old.closes_at",
    closed_because: "old.closed_because",
    granted: "old.granted",
    changed_at: "old.changed_at + 1",
    version: "old.version + 1",
    previous: "old.version, old.status, old.closes_at, old.granted, old.changed_at",
};

const NEVER: &str = "9223372036854775807";
const NEWEST: &str = "(SELECT max(version) FROM ravs.organisation_versions WHERE organisation_id =";

impl Next<'_> {
    fn of(&self, organisation: &str) -> String {
        self.after(organisation, &format!("{NEWEST} {organisation})"))
    }

    fn after(&self, organisation: &str, version: &str) -> String {
        let Next { status, since, closes_at, closed_because, granted, changed_at, .. } = self;
        format!(
            "INSERT INTO ravs.organisation_versions (
                organisation_id, version, status, since, closes_at, closed_because, granted,
                changed_at, previous_version, previous_status, previous_closes_at,
                previous_granted, previous_changed_at, change_set_id
            )
            SELECT organisation_id, {}, {status}, {since}, {closes_at}, {closed_because},
                {granted}, {changed_at}, {}, {{new}}
            FROM ravs.organisation_versions AS old
            WHERE organisation_id = {organisation} AND version = {version}",
            self.version, self.previous
        )
    }
}

/// Brings the copy of an organisation's newest version up to date.
fn copied(organisation: &str) -> String {
    format!(
        "UPDATE ravs.organisations AS o
         SET version = v.version, status = v.status, closes_at = v.closes_at,
             granted = v.granted, changed_at = v.changed_at
         FROM ravs.organisation_versions AS v
         WHERE o.id = {organisation} AND v.organisation_id = o.id
         AND v.version = {NEWEST} {organisation})"
    )
}

fn buried(organisation: &str) -> String {
    format!("INSERT INTO ravs.closed_organisations (organisation_id) VALUES ({organisation})")
}

const ACTIVE: Next<'_> =
    Next { status: "'Active'", closes_at: NEVER, closed_because: "NULL", ..NEXT };
const DEACTIVATED: Next<'_> = Next {
    status: "'Deactivated'",
    since: "old.changed_at + 1",
    closes_at: "old.changed_at + 7776000000000000",
    ..NEXT
};
const WITHDRAWN: Next<'_> = Next {
    status: "'Closed'",
    since: "old.changed_at + 1",
    closes_at: NEVER,
    closed_because: "'withdrawn'",
    ..NEXT
};
/// The closing that the end of the grace period brings.
const ENDED: Next<'_> = Next {
    since: "old.closes_at",
    closed_because: "'grace_period_ended'",
    changed_at: "old.closes_at",
    ..WITHDRAWN
};

pub(crate) fn attempts() -> Vec<Attempt> {
    let mut all = on_a_closed_one();
    all.extend(chains());
    all.extend(steps());
    all.extend(controls());
    all
}

fn on_a_closed_one() -> Vec<Attempt> {
    let previous = "23505 organisation_versions_previous_key";
    let step = "23514 organisation_versions_step_check";
    // the one before the newest
    let before = "(SELECT max(previous_version) FROM ravs.organisation_versions
        WHERE organisation_id = {closed})";
    let back = format!(
        "UPDATE ravs.organisations AS o
         SET version = v.version, status = v.status, closes_at = v.closes_at,
             granted = v.granted, changed_at = v.changed_at
         FROM ravs.organisation_versions AS v
         WHERE o.id = {{closed}} AND v.organisation_id = o.id AND v.version = {before}"
    );
    let late = Next { version: "99", changed_at: "old.closes_at - 1", ..ACTIVE };
    let forged = Next {
        previous: "old.version, 'Deactivated', old.changed_at + 9, old.granted, old.changed_at",
        ..ACTIVE
    };
    let first = Next {
        version: "99",
        status: "'Invited'",
        previous: "0, NULL, NULL, NULL, NULL",
        ..ACTIVE
    };
    vec![
        refused(
            "a closed one is opened",
            "23503",
            "UPDATE ravs.organisations SET status = 'Active' WHERE id = {closed}",
        ),
        refused(
            "it goes back to its version before",
            "23503 closed_organisations_organisation_fkey",
            back,
        ),
        refused(
            "it has a closing to come",
            "23503 organisations_version_fkey",
            "UPDATE ravs.organisations SET closes_at = 1 WHERE id = {closed}",
        ),
        refused(
            "it has another version",
            "23503 organisations_version_fkey",
            "UPDATE ravs.organisations SET version = version + 1 WHERE id = {closed}",
        ),
        refused(
            "it has fewer grants",
            "23503 organisations_version_fkey",
            "UPDATE ravs.organisations SET granted = 0 WHERE id = {closed}",
        ),
        refused(
            "it closed at another time",
            "23503 organisations_version_fkey",
            "UPDATE ravs.organisations SET changed_at = changed_at + 1 WHERE id = {closed}",
        ),
        refused("Active follows Closed", step, ACTIVE.of("{closed}")),
        refused(
            "Invited follows Closed",
            step,
            Next { status: "'Invited'", ..ACTIVE }.of("{withdrawn}"),
        ),
        refused("Closed follows Closed", step, ENDED.of("{closed}")),
        refused("its life has a second beginning", previous, first.of("{closed}")),
        refused("its life goes on from before the end", previous, late.after("{closed}", before)),
        refused(
            "its end is made out to be none",
            "23503 organisation_versions_previous_fkey",
            forged.of("{closed}"),
        ),
        refused("it is buried again", "23505 closed_organisations_pkey", buried("{closed}")),
    ]
}

fn chains() -> Vec<Attempt> {
    let first =
        "(SELECT min(version) FROM ravs.organisation_versions WHERE organisation_id = {active})";
    let chain = "23503 organisation_versions_previous_fkey";
    let links = "23514 organisation_versions_previous_check";
    let past = "old.version + 1, old.status, old.closes_at, old.granted, old.changed_at";
    let later = "old.version, old.status, old.closes_at + 1, old.granted, old.changed_at";
    let fewer = "old.version, old.status, old.closes_at, 0, old.changed_at";
    let earlier = "old.version, old.status, old.closes_at, old.granted, old.changed_at - 9";
    let reopened = Next { changed_at: "old.closes_at", ..ACTIVE };
    vec![
        refused(
            "a version jumps past the newest",
            chain,
            Next { version: "old.version + 2", previous: past, ..ACTIVE }.of("{active}"),
        ),
        refused(
            "the one before was closing later",
            chain,
            Next { previous: later, ..reopened }.of("{deactivated}"),
        ),
        refused(
            "the one before granted nothing",
            chain,
            Next { granted: "0", previous: fewer, ..ACTIVE }.of("{active}"),
        ),
        refused(
            "the one before was older",
            chain,
            Next { changed_at: "old.changed_at - 5", previous: earlier, ..ACTIVE }.of("{active}"),
        ),
        refused(
            "two follow one",
            "23505 organisation_versions_previous_key",
            Next { version: "99", status: "'Invited'", since: "old.since", ..ACTIVE }
                .after("{active}", first),
        ),
        refused(
            "a life begins twice",
            "23505 organisation_versions_previous_key",
            Next {
                version: "1",
                previous: "0, NULL, NULL, NULL, NULL",
                status: "'Invited'",
                ..ACTIVE
            }
            .of("{active}"),
        ),
        refused(
            "a version is not above the one before",
            links,
            Next { version: "old.version", ..ACTIVE }.of("{active}"),
        ),
        refused(
            "nothing is said of the one before",
            links,
            Next { previous: "old.version, NULL, NULL, NULL, NULL", ..ACTIVE }.of("{active}"),
        ),
        refused(
            "the first follows something",
            links,
            Next {
                previous: "0, old.status, old.closes_at, old.granted, old.changed_at",
                ..ACTIVE
            }
            .of("{active}"),
        ),
        refused(
            "a beginning before the beginning",
            links,
            Next {
                previous: "-1, old.status, old.closes_at, old.granted, old.changed_at",
                ..ACTIVE
            }
            .of("{active}"),
        ),
        refused(
            "the last change was before the one before",
            links,
            Next { changed_at: "old.changed_at - 1", ..ACTIVE }.of("{active}"),
        ),
    ]
}

fn steps() -> Vec<Attempt> {
    let step = "23514 organisation_versions_step_check";
    let closing = "23514 organisation_versions_closing_check";
    let tombstone = "23503 organisation_versions_tombstone_fkey";
    let reopened = Next { since: "old.closes_at", ..ACTIVE };
    let early = Next { since: "old.changed_at + 1", changed_at: "old.changed_at + 1", ..ENDED };
    let beginning = Next { version: "1", previous: "0, NULL, NULL, NULL, NULL", ..ACTIVE };
    let unknown = beginning.of("{active}").replacen("SELECT organisation_id", "SELECT {new}", 1);
    vec![
        refused(
            "one is reopened when it should close",
            step,
            Next { changed_at: "old.closes_at", ..reopened }.of("{deactivated}"),
        ),
        refused(
            "one is reopened long after",
            step,
            Next { changed_at: "old.closes_at + 86400000000000", ..reopened }.of("{deactivated}"),
        ),
        refused(
            "a closing is put off",
            step,
            Next { closes_at: "old.closes_at + 1", ..NEXT }.of("{deactivated}"),
        ),
        refused(
            "a closing is brought forward",
            step,
            Next { closes_at: "old.closes_at - 1", ..NEXT }.of("{deactivated}"),
        ),
        refused("one closes before its time", step, early.of("{deactivated}")),
        refused("one that was active is withdrawn", step, WITHDRAWN.of("{active}")),
        refused("one that is closing is withdrawn", step, WITHDRAWN.of("{deactivated}")),
        refused(
            "one is invited again",
            step,
            Next { status: "'Invited'", ..ACTIVE }.of("{active}"),
        ),
        refused("one is deactivated before it began", step, DEACTIVATED.of("{invited}")),
        refused("a life begins in the middle", step, unknown),
        refused(
            "there is another status",
            step,
            Next { status: "'Paused'", ..ACTIVE }.of("{active}"),
        ),
        refused(
            "one is deactivated for ever",
            closing,
            Next { closes_at: NEVER, ..DEACTIVATED }.of("{active}"),
        ),
        refused(
            "one closes while it is active",
            closing,
            Next { closes_at: "old.changed_at + 9", ..ACTIVE }.of("{active}"),
        ),
        refused(
            "one is deactivated and over",
            closing,
            Next { closes_at: "old.changed_at", ..DEACTIVATED }.of("{active}"),
        ),
        refused(
            "one closes and is changed later",
            closing,
            Next { since: "old.changed_at", ..WITHDRAWN }.of("{invited}"),
        ),
        refused("a closed one is not buried", tombstone, WITHDRAWN.of("{invited}")),
        refused(
            "a live one is buried",
            "23503 closed_organisations_organisation_fkey",
            buried("{active}"),
        ),
        refused(
            "a closed one is buried, and is still listed",
            "23503 closed_organisations_organisation_fkey",
            format!("{};{}", WITHDRAWN.of("{invited}"), buried("{invited}")),
        ),
        refused(
            "less is granted than before",
            "23514 organisation_versions_grants_check",
            Next { granted: "old.granted - 1", ..ACTIVE }.of("{active}"),
        ),
        refused(
            "less than nothing is granted",
            "23514 organisation_versions_grants_check",
            Next { granted: "-1", ..beginning }.of("{active}").replacen("'Active'", "'Invited'", 1),
        ),
        refused(
            "more is granted than there is",
            "23503 organisation_versions_grant_fkey",
            Next { granted: "old.granted + 1", ..ACTIVE }.of("{active}"),
        ),
        refused(
            "the list says what no version does",
            "23503 organisations_version_fkey",
            "UPDATE ravs.organisations SET status = 'Deactivated' WHERE id = {active}",
        ),
    ]
}

/// Every step that there is.
fn controls() -> Vec<Attempt> {
    let whole = |step: Next<'_>, of: &str| format!("{};{}", step.of(of), copied(of));
    let closed = |step: Next<'_>, of: &str| format!("{};{}", whole(step, of), buried(of));
    let in_time = Next { since: "old.changed_at + 1", ..ACTIVE };
    vec![
        // Lists go by the copy, until the next change puts it right; what counts is the version.
        allowed(
            "the copy that lists go by goes back to a version before",
            "UPDATE ravs.organisations AS o
             SET version = v.version, status = v.status, closes_at = v.closes_at,
                 granted = v.granted, changed_at = v.changed_at
             FROM ravs.organisation_versions AS v
             WHERE o.id = {deactivated} AND v.organisation_id = o.id AND v.version = (
                 SELECT min(version) FROM ravs.organisation_versions
                 WHERE organisation_id = {deactivated}
             )",
        ),
        allowed("an organisation begins to work", whole(in_time, "{invited}")),
        allowed("one is deactivated", whole(DEACTIVATED, "{active}")),
        allowed("one is reopened in time", whole(in_time, "{deactivated}")),
        allowed(
            "one is reopened at the last moment",
            whole(Next { changed_at: "old.closes_at - 1", ..in_time }, "{deactivated}"),
        ),
        allowed("a deactivated one is changed", whole(NEXT, "{deactivated}")),
        allowed("an active one is changed", whole(NEXT, "{active}")),
        allowed("one closes at its time", closed(ENDED, "{deactivated}")),
        allowed("an invitation is withdrawn", closed(WITHDRAWN, "{invited}")),
        allowed(
            "more is granted",
            format!(
                "INSERT INTO ravs.grants (organisation_id, number, vaccine, vaccine_folded)
                 VALUES ({{active}}, 4, 'MenB', 'menb'); {}",
                whole(Next { granted: "old.granted + 1", ..NEXT }, "{active}")
            ),
        ),
    ]
}
