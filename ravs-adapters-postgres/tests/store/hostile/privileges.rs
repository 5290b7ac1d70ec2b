//! Removing and rewriting: what the application's role has no privilege for.

use super::attempt::{Attempt, allowed, forbidden};

pub(crate) fn attempts() -> Vec<Attempt> {
    let mut all = removals();
    all.extend(rewrites());
    all.extend(locks());
    all.extend(controls());
    all
}

/// Every table that holds anything, emptied in both ways.
fn removals() -> Vec<Attempt> {
    vec![
        forbidden(
            "a grant is taken back",
            "DELETE FROM ravs.grants WHERE organisation_id = {active}",
        ),
        forbidden("the grants are emptied", "TRUNCATE ravs.grants CASCADE"),
        forbidden(
            "an event is forgotten",
            "DELETE FROM ravs.organisation_events WHERE position = 1",
        ),
        forbidden("the histories are emptied", "TRUNCATE ravs.organisation_events"),
        forbidden("a person's event is forgotten", "DELETE FROM ravs.person_events"),
        forbidden("the people's histories are emptied", "TRUNCATE ravs.person_events"),
        forbidden(
            "the version that closed is undone",
            "DELETE FROM ravs.organisation_versions
             WHERE organisation_id = {closed} AND status = 'Closed'",
        ),
        forbidden("the versions are emptied", "TRUNCATE ravs.organisation_versions CASCADE"),
        forbidden("an organisation goes", "DELETE FROM ravs.organisations WHERE id = {invited}"),
        forbidden("a tombstone goes", "DELETE FROM ravs.closed_organisations"),
        forbidden("the tombstones are emptied", "TRUNCATE ravs.closed_organisations CASCADE"),
        forbidden(
            "the claim of a live one goes",
            "DELETE FROM ravs.ods_code_claims WHERE ods_code = 'AAA'",
        ),
        forbidden("a revision goes", "DELETE FROM ravs.record_revisions WHERE revision = 2"),
        forbidden("the revisions are emptied", "TRUNCATE ravs.record_revisions"),
        forbidden("a record goes", "DELETE FROM ravs.records WHERE id = {record}"),
        forbidden("the records are emptied", "TRUNCATE ravs.records CASCADE"),
        forbidden("a change set is forgotten", "DELETE FROM ravs.change_sets"),
        forbidden("the change sets are emptied", "TRUNCATE ravs.change_sets"),
        forbidden("an effect that is done goes", "DELETE FROM ravs.effects WHERE status = 'Done'"),
        forbidden("the queue is emptied", "TRUNCATE ravs.effects"),
        forbidden("a member goes", "DELETE FROM ravs.memberships WHERE user_id = {una}"),
        forbidden("a user goes", "DELETE FROM ravs.users WHERE id = {una}"),
        forbidden("the users are emptied", "TRUNCATE ravs.users CASCADE"),
        forbidden("a regional lead goes", "DELETE FROM ravs.regional_leads"),
        forbidden("the migrations go", "DELETE FROM ravs.migrations"),
    ]
}

fn rewrites() -> Vec<Attempt> {
    vec![
        forbidden("a grant becomes another", "UPDATE ravs.grants SET vaccine = 'MenB'"),
        forbidden(
            "a grant becomes another on the way in",
            "INSERT INTO ravs.grants (organisation_id, number, vaccine, vaccine_folded)
             VALUES ({active}, 1, 'MenB', 'menb')
             ON CONFLICT (organisation_id, number) DO UPDATE SET vaccine = excluded.vaccine",
        ),
        forbidden(
            "an event says something else",
            "UPDATE ravs.organisation_events SET what = '{}'",
        ),
        forbidden(
            "an event was somebody else's",
            "UPDATE ravs.organisation_events SET by_user = {ben}",
        ),
        forbidden(
            "a person's event says something else",
            "UPDATE ravs.person_events SET what = '{}'",
        ),
        forbidden(
            "a version says something else",
            "UPDATE ravs.organisation_versions SET status = 'Active'",
        ),
        forbidden("a version grants less", "UPDATE ravs.organisation_versions SET granted = 0"),
        forbidden("an organisation takes a code", "UPDATE ravs.organisations SET ods_code = 'ZZZ'"),
        forbidden("an organisation moves", "UPDATE ravs.organisations SET region = 'Y60'"),
        forbidden("an organisation is renamed", "UPDATE ravs.organisations SET name = 'Other'"),
        forbidden("another lead has invited", "UPDATE ravs.organisations SET invited_by = {ada}"),
        forbidden(
            "a tombstone moves",
            "UPDATE ravs.closed_organisations SET organisation_id = {active}",
        ),
        forbidden("a claim is of another code", "UPDATE ravs.ods_code_claims SET ods_code = 'ZZZ'"),
        forbidden("a record is of another type", "UPDATE ravs.records SET vaccine = 'RSV'"),
        forbidden("a record moves", "UPDATE ravs.records SET organisation_id = {deactivated}"),
        forbidden(
            "a revision says something else",
            "UPDATE ravs.record_revisions SET given_on = '2020-01-01'",
        ),
        forbidden(
            "a revision was somebody else's",
            "UPDATE ravs.record_revisions SET made_by = {ben}",
        ),
        forbidden("a change set has another id", "UPDATE ravs.change_sets SET id = {new}"),
        forbidden("an effect does something else", "UPDATE ravs.effects SET work = '{}'"),
        forbidden("an effect was queued later", "UPDATE ravs.effects SET queued_at = 0"),
        forbidden("a membership is somebody else's", "UPDATE ravs.memberships SET user_id = {una}"),
        forbidden("a membership moves", "UPDATE ravs.memberships SET organisation_id = {closed}"),
        forbidden(
            "an address changes",
            "UPDATE ravs.users SET email = 'x@nhs.net' WHERE id = {una}",
        ),
        forbidden("its folded form changes", "UPDATE ravs.users SET email_folded = 'x@nhs.net'"),
        forbidden("a name changes", "UPDATE ravs.users SET last_name = 'Other'"),
        forbidden("a lead becomes another user", "UPDATE ravs.regional_leads SET user_id = {ada}"),
        forbidden("an older version may run", "UPDATE ravs.migrations SET oldest = 0"),
        forbidden("a migration has run", "INSERT INTO ravs.migrations VALUES (99, 'x', 99)"),
    ]
}

/// Locks that would keep everybody else waiting.
fn locks() -> Vec<Attempt> {
    vec![
        forbidden("migrations are held up", "SELECT 1 FROM ravs.migration_lock FOR UPDATE"),
        forbidden("what has run is locked", "SELECT 1 FROM ravs.migrations FOR UPDATE"),
        forbidden("grants are locked", "SELECT 1 FROM ravs.grants FOR UPDATE"),
        forbidden("events are locked", "SELECT 1 FROM ravs.organisation_events FOR SHARE"),
        forbidden("a table is locked", "LOCK TABLE ravs.organisations IN ACCESS EXCLUSIVE MODE"),
    ]
}

fn controls() -> Vec<Attempt> {
    vec![
        allowed(
            "every table is read",
            "
            SELECT 1 FROM ravs.grants LIMIT 1; SELECT 1 FROM ravs.organisation_events LIMIT 1;
            SELECT 1 FROM ravs.person_events LIMIT 1; SELECT 1 FROM ravs.records LIMIT 1;
            SELECT 1 FROM ravs.organisation_versions LIMIT 1; SELECT 1 FROM ravs.users LIMIT 1;
            SELECT 1 FROM ravs.organisations LIMIT 1; SELECT 1 FROM ravs.memberships LIMIT 1;
            SELECT 1 FROM ravs.closed_organisations LIMIT 1; SELECT 1 FROM ravs.effects LIMIT 1;
            SELECT 1 FROM ravs.ods_code_claims LIMIT 1; SELECT 1 FROM ravs.change_sets LIMIT 1;
            SELECT 1 FROM ravs.record_revisions LIMIT 1; SELECT 1 FROM ravs.migrations LIMIT 1;
            SELECT 1 FROM ravs.regional_leads LIMIT 1; SELECT 1 FROM ravs.effects
            WHERE status = 'Done'",
        ),
        allowed("a user is linked", "UPDATE ravs.users SET subject = '00u1una' WHERE id = {una}"),
        allowed(
            "a member's level changes",
            "UPDATE ravs.memberships SET level = 'Administrator', version = version + 1
             WHERE organisation_id = {active} AND user_id = {una}",
        ),
        allowed("a regional lead stops", "UPDATE ravs.regional_leads SET status = 'Stopped'"),
        allowed("an effect is done", "UPDATE ravs.effects SET status = 'Done'"),
        allowed("an organisation is locked", "SELECT 1 FROM ravs.organisations FOR NO KEY UPDATE"),
    ]
}
