//! Statements that would break a rule, each refused by the database itself, by the guard that is
//! named; and the same kinds of statements, which go through where they break none.

mod stage;

use rusqlite::{Error, ErrorCode, ffi};

use stage::Stage;

/// What refuses a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guard {
    Trigger,
    Check,
    Unique,
    /// Only where foreign keys are enforced, as they are on the store's own connections.
    ForeignKey,
}
use Guard::{Check, ForeignKey, Trigger, Unique};

/// `open` is Active, `due` is Deactivated, `over` is Closed; `{told …}` is an event that tells the
/// next version of one of them.
#[rustfmt::skip]
const HOSTILE: &[(Guard, &str)] = &[
    // R-V3: a grant is for ever
    (Trigger, "DELETE FROM grants"),
    (Trigger, "DELETE FROM grants WHERE organisation_id = {open} AND number = 1"),
    (Trigger, "UPDATE grants SET vaccine = 'MMR', folded = 'mmr' WHERE organisation_id = {open} AND number = 1"),
    (Trigger, "UPDATE grants SET number = number + 10 WHERE organisation_id = {open}"),
    (Trigger, "UPDATE grants SET organisation_id = {due} WHERE organisation_id = {open}"),
    (Trigger, "INSERT OR REPLACE INTO grants SELECT organisation_id, number, 'MMR', 'mmr', 99 FROM grants WHERE organisation_id = {open} AND number = 1"),
    (Trigger, "INSERT INTO grants VALUES ({open}, 9, 'MMR', 'mmr', 99)"),
    (Trigger, "INSERT INTO grants SELECT {open}, max(number) + 1, 'MMR', 'mmr', 1 FROM grants WHERE organisation_id = {open}"),
    (Trigger, "INSERT OR REPLACE INTO grants SELECT {open}, max(number) + 1, 'FLU', 'flu', 99 FROM grants WHERE organisation_id = {open}"),
    (Trigger, "INSERT INTO grants SELECT {over}, max(number) + 1, 'MMR', 'mmr', 99 FROM grants WHERE organisation_id = {over}"),
    (ForeignKey, "INSERT INTO grants SELECT {open}, max(number) + 1, 'MMR', 'mmr', 99 FROM grants WHERE organisation_id = {open}"),
    (Check, "INSERT INTO grants SELECT {open}, max(number) + 1, 'FLU', 'zzz', 99 FROM grants WHERE organisation_id = {open}"),
    (Check, "INSERT INTO grants SELECT {open}, max(number) + 1, 'MMR ', 'mmr ', 99 FROM grants WHERE organisation_id = {open}"),
    (Check, "INSERT INTO grants SELECT {open}, max(number) + 1, 'MMR' || char(0), 'mmr' || char(0), 99 FROM grants WHERE organisation_id = {open}"),
    // R-H1: an event is for ever
    (Trigger, "DELETE FROM organisation_events"),
    (Trigger, "DELETE FROM organisation_events WHERE organisation_id = {open} AND position = (SELECT max(position) FROM organisation_events WHERE organisation_id = {open})"),
    (Trigger, "UPDATE organisation_events SET at = at + 1"),
    (Trigger, "UPDATE organisation_events SET by_kind = 'System', by_user = NULL WHERE position = 1"),
    (Trigger, "UPDATE organisation_events SET position = position + 100 WHERE organisation_id = {open}"),
    (Trigger, "INSERT OR REPLACE INTO organisation_events SELECT organisation_id, position, {new}, change_set_id, NULL, at, 'System', NULL, name, what FROM organisation_events WHERE organisation_id = {open} AND position = 1"),
    (Trigger, "INSERT OR REPLACE INTO organisation_events SELECT organisation_id, (SELECT 1 + max(position) FROM organisation_events WHERE organisation_id = {open}), id, change_set_id, NULL, at, by_kind, by_user, name, what FROM organisation_events WHERE organisation_id = {open} AND position = 2"),
    (Trigger, "INSERT INTO organisation_events VALUES ({open}, 0, {new}, {change}, NULL, 0, 'System', NULL, 'x', '1')"),
    (Trigger, "INSERT INTO organisation_events VALUES ({open}, 999, {new}, {change}, NULL, 0, 'System', NULL, 'x', '1')"),
    (Trigger, "{told open}"),
    (Trigger, "INSERT INTO organisation_events SELECT {open}, max(position) + 1, {new}, {change}, 99, 0, 'System', NULL, 'x', '1' FROM organisation_events WHERE organisation_id = {open}"),
    (Trigger, "INSERT OR REPLACE INTO organisation_events SELECT {open}, max(position) + 1, {new}, {change}, 1, 0, 'System', NULL, 'x', '1' FROM organisation_events WHERE organisation_id = {open}"),
    (Check, "INSERT INTO organisation_events SELECT {open}, max(position) + 1, {new}, {change}, NULL, 0, 'User', NULL, 'x', '1' FROM organisation_events WHERE organisation_id = {open}"),
    (ForeignKey, "INSERT INTO organisation_events SELECT {open}, max(position) + 1, {new}, {new}, NULL, 0, 'System', NULL, 'x', '1' FROM organisation_events WHERE organisation_id = {open}"),
    (ForeignKey, "INSERT INTO organisation_events VALUES ({new}, 1, {new}, {change}, NULL, 0, 'System', NULL, 'x', '1')"),
    (Trigger, "DELETE FROM person_events"),
    (Trigger, "UPDATE person_events SET what = '{}'"),
    (Trigger, "INSERT OR REPLACE INTO person_events SELECT user_id, position, {new}, change_set_id, at, by_kind, by_user, name, what FROM person_events WHERE user_id = {ada} AND position = 1"),
    (Trigger, "INSERT OR REPLACE INTO person_events SELECT {ada}, 1 + max(position), id, change_set_id, at, by_kind, by_user, name, what FROM person_events WHERE user_id = {ada}"),
    // R-L5: Closed is for good
    (Trigger, "UPDATE organisations SET status = 'Active' WHERE id = {over}"),
    (Trigger, "UPDATE organisations SET name = 'Another' WHERE id = {over}"),
    (Trigger, "UPDATE organisations SET version = version WHERE id = {over}"),
    (Trigger, "DELETE FROM organisations WHERE id = {over}"),
    (Trigger, "INSERT OR REPLACE INTO organisations SELECT id, ods_code, name, address, postcode, region, invited_by, invited_at, version, 'Active', closes_at FROM organisations WHERE id = {over}"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Active', changed_at, closes_at, NULL, grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {over} AND status = 'Closed'; {told over}"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Closed', changed_at, closes_at, closed_because, grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {over} AND status = 'Closed'; {told over}"),
    (Trigger, "UPDATE organisation_versions SET status = 'Active', closed_because = NULL WHERE organisation_id = {over} AND status = 'Closed'"),
    (Trigger, "DELETE FROM organisation_versions WHERE organisation_id = {over} AND status = 'Closed'"),
    (Trigger, "UPDATE memberships SET level = 'Recorder', next_level = NULL, version = version + 1, changed_at = changed_at + 1 WHERE organisation_id = {over} AND status = 'Invited'"),
    (Trigger, "INSERT INTO memberships VALUES ({over}, {ada}, 'Recorder', NULL, 0, 'Invited', NULL, NULL, NULL, 1, 0)"),
    (Trigger, "INSERT INTO record_revisions VALUES ({over}, {new}, 1, 739000, {ada}, {ada}, {ada}, 0, NULL, {change})"),
    // R-L1 to R-L4, R-O7: the steps of a life
    (Trigger, "DELETE FROM organisations WHERE id = {open}"),
    (Trigger, "UPDATE organisations SET status = 'Invited' WHERE id = {open}"),
    (Trigger, "UPDATE organisations SET version = version - 1 WHERE id = {open}"),
    (Trigger, "UPDATE organisations SET closes_at = closes_at + 60000000000 WHERE id = {due}"),
    (Trigger, "UPDATE organisation_versions SET closes_at = closes_at + 60000000000 WHERE organisation_id = {due} AND status = 'Deactivated'"),
    (Trigger, "DELETE FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open})"),
    (Trigger, "INSERT OR REPLACE INTO organisation_versions SELECT organisation_id, version, 'Deactivated', since, changed_at + 60000000000, NULL, grants, changed_at, previous_version, previous_status, previous_closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open})"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, 99, 'Active', changed_at, closes_at, NULL, grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND previous_version IS NULL; {told open}"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, 99, 'Invited', since, closes_at, NULL, grants, changed_at, NULL, NULL, NULL, {change} FROM organisation_versions WHERE organisation_id = {open} AND previous_version IS NULL; {told open}"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, version - 1, status, since, closes_at, NULL, grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open})"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, status, since, closes_at, NULL, grants, changed_at - 1, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Closed', changed_at + 60000000000, 9223372036854775807, 'grace_period_ended', grants, changed_at + 60000000000, version, 'Deactivated', changed_at + 60000000000, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, status, since, closes_at, NULL, grants - 1, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, status, since, closes_at, NULL, grants + 1, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}"),
    (Trigger, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, status, since, closes_at + 60000000000, NULL, grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {due} AND version = (SELECT version FROM organisations WHERE id = {due}); {told due}"),
    (Check, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Invited', since, closes_at, NULL, grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}"),
    (Check, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Closed', changed_at, closes_at, 'withdrawn', grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}"),
    (Check, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Active', closes_at, 9223372036854775807, NULL, grants, closes_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {due} AND version = (SELECT version FROM organisations WHERE id = {due}); {told due}"),
    (Check, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Closed', changed_at, 9223372036854775807, 'grace_period_ended', grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {due} AND version = (SELECT version FROM organisations WHERE id = {due}); {told due}"),
    (Check, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Closed', closes_at, 9223372036854775807, 'withdrawn', grants, closes_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {due} AND version = (SELECT version FROM organisations WHERE id = {due}); {told due}"),
    (Check, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Deactivated', changed_at, changed_at, NULL, grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}"),
    (ForeignKey, "INSERT INTO organisation_versions SELECT organisation_id, version + 1, status, since, closes_at, NULL, grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open})"),
    (ForeignKey, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change})"),
    // R-O4: one organisation that is not Closed for a code; R-A1: its region is for ever
    (Trigger, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT INTO organisations SELECT {new}, ods_code, name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {open}; {told new}"),
    (Trigger, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT OR REPLACE INTO organisations SELECT {new}, ods_code, name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {due}; {told new}"),
    (Trigger, "UPDATE organisations SET ods_code = (SELECT ods_code FROM organisations WHERE id = {open}) WHERE id = {due}"),
    (Trigger, "UPDATE organisations SET region = 'Y61' WHERE id = {open}"),
    (Trigger, "UPDATE organisations SET invited_by = {ada} WHERE id = {open}"),
    (Trigger, "INSERT INTO organisations SELECT {new}, 'NEW', name, address, postcode, region, invited_by, invited_at, version, status, closes_at FROM organisations WHERE id = {open}"),
    (Check, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT INTO organisations SELECT {new}, lower(ods_code), name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {open}; {told new}"),
    (Check, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT INTO organisations SELECT {new}, ' ' || ods_code, name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {open}; {told new}"),
    (Check, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT INTO organisations SELECT {new}, ods_code || char(0), name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {open}; {told new}"),
    (Check, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT INTO organisations SELECT {new}, ods_code || CAST(x'ff' AS TEXT), name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {open}; {told new}"),
    (Check, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT INTO organisations SELECT {new}, 'ÖPEN', name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {open}; {told new}"),
    (Check, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT INTO organisations SELECT {new}, 'OP', name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {open}; {told new}"),
    (Check, "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT INTO organisations SELECT {new}, 'ABCDEFGHIJKLM', name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {open}; {told new}"),
    // memberships, users, regional leads: nobody is forgotten, and no change is lost
    (Trigger, "DELETE FROM memberships"),
    (Trigger, "UPDATE memberships SET level = 'Recorder', next_level = NULL WHERE organisation_id = {open} AND user_id = {ada}"),
    (Trigger, "UPDATE memberships SET version = version - 1 WHERE organisation_id = {open} AND user_id = {ada}"),
    (Trigger, "UPDATE memberships SET version = version + 1, organisation_id = {due} WHERE organisation_id = {open} AND user_id = {ada}"),
    (Trigger, "UPDATE memberships SET version = version + 1, first_entered_at = NULL, last_entered_at = NULL, status = 'Invited' WHERE organisation_id = {open} AND user_id = {ada}"),
    (Trigger, "INSERT OR REPLACE INTO memberships VALUES ({open}, {ada}, 'Recorder', NULL, 0, 'Invited', NULL, NULL, NULL, 1, 0)"),
    (Check, "UPDATE memberships SET version = version + 1, level = 'Owner' WHERE organisation_id = {open} AND user_id = {ada}"),
    (Check, "UPDATE memberships SET version = version + 1, status = 'Deactivated' WHERE organisation_id = {open} AND user_id = {ada}"),
    (ForeignKey, "INSERT INTO memberships VALUES ({open}, {new}, 'Recorder', NULL, 0, 'Invited', NULL, NULL, NULL, 1, 0)"),
    (Check, "INSERT INTO users VALUES ({new}, 'Ada@nhs.net ', lower('Ada@nhs.net '), 'X', 'Y', NULL, 1, 0)"),
    (Check, "INSERT INTO users VALUES ({new}, 'Ada@nhs.net' || char(0), lower('Ada@nhs.net' || char(0)), 'X', 'Y', NULL, 1, 0)"),
    (Check, "INSERT INTO users VALUES ({new}, CAST(x'ff' AS TEXT) || '@nhs.net', lower(CAST(x'ff' AS TEXT) || '@nhs.net'), 'X', 'Y', NULL, 1, 0)"),
    (Check, "INSERT INTO users VALUES ({new}, 'Àda@nhs.net', lower('Àda@nhs.net'), 'X', 'Y', NULL, 1, 0)"),
    (Trigger, "DELETE FROM users"),
    (Trigger, "UPDATE users SET email = 'x@nhs.net', email_folded = 'x@nhs.net', version = version + 1 WHERE id = {ada}"),
    (Trigger, "UPDATE users SET first_name = 'X', version = version + 1 WHERE id = {ada}"),
    (Trigger, "UPDATE users SET subject = 'another', version = version + 1 WHERE id = {ada}"),
    (Trigger, "UPDATE OR REPLACE users SET subject = (SELECT subject FROM users WHERE id = {ada}), version = version + 1 WHERE id = {ben}"),
    (Trigger, "UPDATE users SET version = version - 1 WHERE id = {ada}"),
    (Trigger, "INSERT OR REPLACE INTO users SELECT {new}, upper(email), email_folded, 'X', 'Y', NULL, 1, 0 FROM users WHERE id = {ada}"),
    (Check, "INSERT INTO users VALUES ({new}, 'New@nhs.net', 'New@nhs.net', 'X', 'Y', NULL, 1, 0)"),
    (Trigger, "DELETE FROM regional_leads"),
    (Trigger, "UPDATE regional_leads SET version = version - 1"),
    (Trigger, "INSERT OR REPLACE INTO regional_leads SELECT user_id, 'Y61', status, since, version, changed_at FROM regional_leads"),
    // R-R2, R-R3: a record and what was said of it is for ever, and its organisation's alone
    (Trigger, "DELETE FROM records"),
    (Trigger, "UPDATE records SET vaccine = 'RSV', vaccine_folded = 'rsv'"),
    (Trigger, "UPDATE records SET organisation_id = {due}"),
    (Trigger, "UPDATE records SET recorded_at = recorded_at - 1"),
    (Trigger, "INSERT OR REPLACE INTO records SELECT organisation_id, id, 'RSV', 'rsv', recorded_at FROM records"),
    (Trigger, "INSERT INTO records VALUES ({open}, {new}, 'Flu', 'flu', 0)"),
    (ForeignKey, "INSERT INTO record_revisions VALUES ({open}, {new}, 1, 739000, {ada}, {ada}, {ada}, 0, NULL, {change}); INSERT INTO records VALUES ({open}, {new}, 'Cholera', 'cholera', 0)"),
    (Check, "INSERT INTO record_revisions VALUES ({open}, {new}, 1, 739000, {ada}, {ada}, {ada}, 0, NULL, {change}); INSERT INTO records VALUES ({open}, {new}, 'Cholera', 'flu', 0)"),
    (Check, "INSERT INTO record_revisions VALUES ({open}, {new}, 1, 739000, {ada}, {ada}, {ada}, 0, NULL, {change}); INSERT INTO records VALUES ({open}, {new}, 'Flu ', 'flu', 0)"),
    (Check, "INSERT INTO record_revisions VALUES ({open}, {new}, 1, 739000, {ada}, {ada}, {ada}, 0, NULL, {change}); INSERT INTO records VALUES ({open}, {new}, 'Flu' || char(0), 'flu', 0)"),
    (Trigger, "DELETE FROM record_revisions WHERE revision = 2"),
    (Trigger, "UPDATE record_revisions SET by_user = {ben} WHERE revision = 1"),
    (Trigger, "INSERT OR REPLACE INTO record_revisions SELECT organisation_id, record_id, revision, given_on + 1, assessing, consenting, by_user, at, previous_revision, change_set_id FROM record_revisions WHERE revision = 2"),
    (Trigger, "INSERT INTO record_revisions SELECT organisation_id, record_id, 9, given_on, assessing, consenting, by_user, at, 8, change_set_id FROM record_revisions WHERE revision = 2"),
    (Trigger, "INSERT INTO record_revisions SELECT organisation_id, record_id, 3, given_on, assessing, consenting, by_user, at - 1, 2, change_set_id FROM record_revisions WHERE revision = 2"),
    (ForeignKey, "INSERT INTO record_revisions VALUES ({open}, {new}, 1, 739000, {ada}, {ada}, {ada}, 0, NULL, {change})"),
    // R-N4: an effect is done once, and what is saved is saved once
    (Trigger, "DELETE FROM effects"),
    (Trigger, "UPDATE effects SET status = 'Due', due_at = 0 WHERE status = 'Done'"),
    (Trigger, "UPDATE effects SET key = key || 'x' WHERE status = 'New'"),
    (Trigger, "UPDATE effects SET work = '1' WHERE status = 'New'"),
    (Trigger, "UPDATE effects SET claims = 0, attempts = 0 WHERE status = 'Claimed'"),
    (Trigger, "INSERT OR REPLACE INTO effects SELECT position, key, work, queued_at, change_set_id, 'New', -9223372036854775808, 0, 0, NULL, NULL FROM effects WHERE status = 'Done'"),
    (Check, "INSERT INTO effects SELECT -1, 'new', work, queued_at, change_set_id, 'New', -9223372036854775808, 0, 0, NULL, NULL FROM effects LIMIT 1"),
    (Check, "INSERT INTO effects SELECT 0, 'new', work, queued_at, change_set_id, 'New', -9223372036854775808, 0, 0, NULL, NULL FROM effects LIMIT 1"),
    (Trigger, "INSERT INTO effects SELECT 9223372036854775807, 'new', work, queued_at, change_set_id, 'New', -9223372036854775808, 0, 0, NULL, NULL FROM effects LIMIT 1"),
    (Trigger, "INSERT INTO effects SELECT (SELECT max(position) + 2 FROM effects), 'new', work, queued_at, change_set_id, 'New', -9223372036854775808, 0, 0, NULL, NULL FROM effects LIMIT 1"),
    (Trigger, "UPDATE effects SET claims = 9223372036854775807 WHERE status = 'Claimed'"),
    (Trigger, "UPDATE effects SET claims = claims + 2 WHERE status = 'Claimed'"),
    (Check, "UPDATE effects SET attempts = claims + 1 WHERE status = 'Claimed'"),
    (Check, "UPDATE effects SET status = 'Done' WHERE status = 'New'"),
    (Trigger, "DELETE FROM change_sets"),
    (Trigger, "UPDATE change_sets SET id = {new}"),
    (Unique, "INSERT INTO change_sets VALUES ({change})"),
];

/// The same kinds of statements, breaking nothing.
#[rustfmt::skip]
const ALLOWED: &[&str] = &[
    // a vaccine type is added, with its step and its event
    "INSERT INTO grants SELECT {open}, max(number) + 1, 'MMR', 'mmr', (SELECT version + 1 FROM organisations WHERE id = {open}) FROM grants WHERE organisation_id = {open}; INSERT INTO organisation_versions SELECT organisation_id, version + 1, status, since, closes_at, NULL, grants + 1, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}",
    // an event that moves nothing
    "INSERT INTO organisation_events SELECT {over}, max(position) + 1, {event}, {change}, NULL, 0, 'System', NULL, 'x', '1' FROM organisation_events WHERE organisation_id = {over}",
    "INSERT INTO person_events SELECT {ada}, max(position) + 1, {event}, {change}, 0, 'System', NULL, 'x', '1' FROM person_events WHERE user_id = {ada}",
    // a deactivation, and a reactivation in time
    "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Deactivated', changed_at, changed_at + 60000000000, NULL, grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}",
    "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Active', closes_at - 1, 9223372036854775807, NULL, grants, closes_at - 1, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}",
    // a closing at its time, and a new organisation of the same code
    "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Closed', closes_at, 9223372036854775807, 'grace_period_ended', grants, closes_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {due} AND version = (SELECT version FROM organisations WHERE id = {due}); {told due}",
    "INSERT INTO organisation_versions VALUES ({new}, 1, 'Invited', 0, 9223372036854775807, NULL, 0, 0, NULL, NULL, NULL, {change}); INSERT INTO organisations SELECT {new}, ods_code, name, address, postcode, region, invited_by, 0, 1, 'Invited', 9223372036854775807 FROM organisations WHERE id = {due}; {told new}",
    // a withdrawal
    "INSERT INTO organisation_versions SELECT organisation_id, version + 1, 'Closed', changed_at, closes_at, 'withdrawn', grants, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {new}; {told new}",
    // changes of people
    "UPDATE memberships SET version = version + 1, level = 'Recorder', next_level = NULL WHERE organisation_id = {open} AND user_id = {ada}",
    "INSERT INTO memberships VALUES ({open}, (SELECT user_id FROM regional_leads LIMIT 1), 'Recorder', NULL, 0, 'Invited', NULL, NULL, NULL, 1, 0)",
    "UPDATE users SET subject = 'of ben', version = version + 1 WHERE id = {ben}",
    "INSERT INTO users VALUES ({new}, 'New@nhs.net', 'new@nhs.net', 'X', 'Y', NULL, 1, 0)",
    "UPDATE regional_leads SET version = version + 1, status = 'Stopped'",
    // a record, and a revision of it
    "INSERT INTO record_revisions VALUES ({open}, {new}, 1, 739000, {ada}, {ada}, {ada}, 0, NULL, {change}); INSERT INTO records VALUES ({open}, {new}, 'Flu', 'flu', 0)",
    "INSERT INTO record_revisions SELECT organisation_id, record_id, 2, given_on, assessing, consenting, by_user, at, 1, change_set_id FROM record_revisions WHERE record_id = {new}",
    // an effect comes back, and is done
    "UPDATE effects SET status = 'Due', due_at = 0 WHERE status = 'Claimed'",
    "UPDATE effects SET status = 'Done', due_at = NULL WHERE status = 'Due'",
    "INSERT INTO effects SELECT NULL, 'new', work, queued_at, change_set_id, 'New', -9223372036854775808, 0, 0, NULL, NULL FROM effects LIMIT 1",
    "INSERT INTO effects SELECT max(position) + 1, 'newer', work, queued_at, change_set_id, 'New', -9223372036854775808, 0, 0, NULL, NULL FROM effects",
    // a type beyond ASCII
    "INSERT INTO grants SELECT {open}, max(number) + 1, 'Ébola', 'ébola', (SELECT version + 1 FROM organisations WHERE id = {open}) FROM grants WHERE organisation_id = {open}; INSERT INTO organisation_versions SELECT organisation_id, version + 1, status, since, closes_at, NULL, grants + 1, changed_at, version, status, closes_at, {change} FROM organisation_versions WHERE organisation_id = {open} AND version = (SELECT version FROM organisations WHERE id = {open}); {told open}",
    "INSERT INTO change_sets VALUES ({new})",
];

#[test]
fn what_would_break_a_rule_is_refused_by_the_database_itself() {
    let stage = Stage::set();
    let before = stage.content();
    for (guard, sql) in HOSTILE {
        let refused = stage.attempt(sql).unwrap_err();
        assert_eq!(guard_of(&refused), Some(*guard), "{sql}: {refused}");
    }
    assert_eq!(stage.content(), before, "one of them left something");
}

/// Triggers, checks and unique keys hold on a connection that does not ask for them.
#[test]
fn all_but_foreign_keys_hold_whatever_is_switched_on() {
    let stage = Stage::set();
    for (guard, sql) in HOSTILE {
        match stage.attempt_without_foreign_keys(sql) {
            Ok(()) => assert_eq!(*guard, ForeignKey, "{sql}: it went through"),
            Err(refused) => assert_eq!(guard_of(&refused), Some(*guard), "{sql}: {refused}"),
        }
    }
}

#[test]
fn the_same_kinds_of_statements_go_through_where_they_break_nothing() {
    let stage = Stage::set();
    for sql in ALLOWED {
        let before = stage.content();
        stage.attempt(sql).unwrap_or_else(|refused| panic!("{sql}: {refused}"));
        assert_ne!(stage.content(), before, "{sql}: it changes nothing");
    }
}

/// Without any one of the triggers something goes through that it alone refuses.
#[test]
fn every_trigger_is_needed() {
    let stage = Stage::set();
    let triggers = stage.triggers();
    assert!(triggers.len() > 20);
    for trigger in triggers {
        let needed = HOSTILE.iter().any(|(guard, sql)| {
            let outcome = stage.attempt_without_trigger(&trigger, sql);
            *guard == Trigger
                && outcome.map_or_else(|error| guard_of(&error), |()| None) != Some(Trigger)
        });
        assert!(needed, "nothing shows what `{trigger}` is for");
    }
}

fn guard_of(error: &Error) -> Option<Guard> {
    let Error::SqliteFailure(failure, _) = error else { return None };
    assert_eq!(failure.code, ErrorCode::ConstraintViolation, "it is no refusal: {error}");
    match failure.extended_code {
        ffi::SQLITE_CONSTRAINT_TRIGGER => Some(Trigger),
        ffi::SQLITE_CONSTRAINT_CHECK => Some(Check),
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => Some(Unique),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Some(ForeignKey),
        _ => None,
    }
}
