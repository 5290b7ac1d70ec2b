//! Rows without what they rest on: grants, records, events, people.

use super::attempt::{Attempt, allowed, refused};

pub(crate) fn attempts() -> Vec<Attempt> {
    let mut all = grants();
    all.extend(records());
    all.extend(events());
    all.extend(people());
    all
}

fn grant(number: i32, vaccine: &str, folded: &str) -> String {
    format!(
        "INSERT INTO ravs.grants (organisation_id, number, vaccine, vaccine_folded)
         VALUES ({{active}}, {number}, '{vaccine}', '{folded}')"
    )
}

fn grants() -> Vec<Attempt> {
    vec![
        refused("a number is left out", "23503 grants_previous_fkey", grant(5, "MenB", "menb")),
        refused("a number is taken", "23505 grants_pkey", grant(2, "MenB", "menb")),
        refused(
            "a number is below the first",
            "23514 grants_number_check",
            grant(0, "MenB", "menb"),
        ),
        refused("a type is granted twice", "23505 grants_vaccine_key", grant(4, "FLU", "flu")),
        refused(
            "it is granted under another key",
            "23514 grants_vaccine_check",
            grant(4, "Flu", "other"),
        ),
        allowed("the next one is granted", grant(4, "MenB", "menb")),
        allowed("one of other letters", grant(4, "Énergie", "énergie")),
    ]
}

fn record(organisation: &str, vaccine: &str, folded: &str) -> String {
    format!(
        "INSERT INTO ravs.records (organisation_id, id, vaccine, vaccine_folded, recorded_at)
         VALUES ({organisation}, {{new}}, '{vaccine}', '{folded}', 7)"
    )
}

fn revision(organisation: &str, record: &str, number: i32) -> String {
    format!(
        "INSERT INTO ravs.record_revisions (
            organisation_id, record_id, revision, given_on, assessing, consenting, made_by, made_at
         ) VALUES ({organisation}, {record}, {number}, '2026-01-05', {{ada}}, {{ada}}, {{ada}}, 7)"
    )
}

fn records() -> Vec<Attempt> {
    let active = "{active}";
    let again = record(active, "Flu", "flu").replace("{new}", "{record}");
    vec![
        refused(
            "a type was never granted",
            "23503 records_grant_fkey",
            record(active, "MenB", "menb"),
        ),
        refused(
            "a type is granted elsewhere",
            "23503 records_grant_fkey",
            record("{invited}", "MMR", "mmr"),
        ),
        refused(
            "one type passes for another",
            "23514 records_vaccine_check",
            record(active, "MenB", "flu"),
        ),
        refused(
            "an organisation is not there",
            "23503 records_organisation_fkey",
            record("{new}", "Flu", "flu"),
        ),
        refused("a record is made twice", "23505 records_pkey", again),
        refused(
            "a revision is left out",
            "23503 record_revisions_previous_fkey",
            revision(active, "{record}", 4),
        ),
        refused(
            "a revision is written over",
            "23505 record_revisions_pkey",
            revision(active, "{record}", 2),
        ),
        refused(
            "a revision is before the first",
            "23514 record_revisions_revision_check",
            revision(active, "{record}", 0),
        ),
        refused(
            "a record is revised elsewhere",
            "23503 record_revisions_record_fkey",
            revision("{deactivated}", "{record}", 1),
        ),
        refused(
            "a revision is of no record",
            "23503 record_revisions_record_fkey",
            revision(active, "{new}", 1),
        ),
        allowed(
            "a record is made",
            format!("{};{}", record(active, "Flu", "flu"), revision(active, "{new}", 1)),
        ),
        allowed("a record is revised", revision(active, "{record}", 3)),
    ]
}

/// An event at so many places after the last.
fn event(after: i32, by_kind: &str, by_user: &str, version: &str) -> String {
    format!(
        "INSERT INTO ravs.organisation_events (
            organisation_id, position, id, change_set_id, organisation_version, at, by_kind,
            by_user, name, what
         )
         SELECT organisation_id, max(position) + {after}, {{new}}, {{new}}, {version}, 7,
            '{by_kind}', {by_user}, 'said', '{{}}'
         FROM ravs.organisation_events WHERE organisation_id = {{active}} GROUP BY organisation_id"
    )
}

fn of_a_person(after: i32, by_kind: &str, by_user: &str) -> String {
    format!(
        "INSERT INTO ravs.person_events (
            user_id, position, id, change_set_id, at, by_kind, by_user, name, what
         )
         SELECT user_id, max(position) + {after}, {{new}}, {{new}}, 7, '{by_kind}', {by_user},
            'said', '{{}}'
         FROM ravs.person_events WHERE user_id = {{ada}} GROUP BY user_id"
    )
}

fn events() -> Vec<Attempt> {
    let by = "23514 organisation_events_by_check";
    let again = event(1, "system", "NULL", "NULL").replacen(
        "{new}",
        "(SELECT id FROM ravs.organisation_events
          WHERE organisation_id = {active} AND position = 1)",
        1,
    );
    let elsewhere = event(1, "system", "NULL", "NULL").replacen(
        "SELECT organisation_id, max(position) + 1",
        "SELECT {new}, 1",
        1,
    );
    vec![
        refused(
            "a place is left out",
            "23503 organisation_events_previous_fkey",
            event(2, "system", "NULL", "NULL"),
        ),
        refused(
            "a place is taken",
            "23505 organisation_events_pkey",
            event(0, "system", "NULL", "NULL"),
        ),
        refused(
            "a place is before the first",
            "23514 organisation_events_position_check",
            event(-1000, "system", "NULL", "NULL"),
        ),
        refused("an event happens twice", "23505 organisation_events_id_key", again),
        refused(
            "a version comes about twice",
            "23505 organisation_events_version_key",
            event(1, "system", "NULL", "1"),
        ),
        refused("a user without a name did it", by, event(1, "user", "NULL", "NULL")),
        refused("the system has a user", by, event(1, "system", "{ada}", "NULL")),
        refused("an unknown kind did it", by, event(1, "nobody", "NULL", "NULL")),
        refused(
            "it is the history of nothing",
            "23503 organisation_events_organisation_fkey",
            elsewhere,
        ),
        refused(
            "a person's place is left out",
            "23503 person_events_previous_fkey",
            of_a_person(2, "system", "NULL"),
        ),
        refused(
            "a person's place is taken",
            "23505 person_events_pkey",
            of_a_person(0, "system", "NULL"),
        ),
        refused(
            "nobody did it to a person",
            "23514 person_events_by_check",
            of_a_person(1, "user", "NULL"),
        ),
        refused(
            "it is the history of nobody",
            "23503 person_events_user_fkey",
            of_a_person(1, "system", "NULL").replacen(
                "SELECT user_id, max(position) + 1",
                "SELECT {new}, 1",
                1,
            ),
        ),
        allowed("the next event", event(1, "user", "{ada}", "NULL")),
        allowed("a person's next event", of_a_person(1, "system", "NULL")),
        allowed(
            "a person's first event",
            format!(
                "{}; {}",
                user("New@nhs.net", "new@nhs.net", "NULL"),
                of_a_person(1, "system", "NULL").replacen(
                    "SELECT user_id, max(position) + 1",
                    "SELECT {new}, 1",
                    1,
                )
            ),
        ),
    ]
}

fn member(organisation: &str, user: &str, level: &str, state: &str) -> String {
    format!(
        "INSERT INTO ravs.memberships (
            organisation_id, user_id, level, clinician, status, first_entered_at, last_entered_at,
            deactivated_at, version, changed_at
         ) VALUES ({organisation}, {user}, '{level}', false, {state}, 1, 7)"
    )
}

fn user(email: &str, folded: &str, subject: &str) -> String {
    format!(
        "INSERT INTO ravs.users VALUES ({{new}}, '{email}', '{folded}', 'Una', 'User', {subject}, 1, 7)"
    )
}

fn people() -> Vec<Attempt> {
    let (at, una, level) = ("{invited}", "{una}", "Recorder");
    let invited = "'Invited', NULL, NULL, NULL";
    let state = "23514 memberships_status_check";
    let lead = |user: &str, status: &str| {
        format!("INSERT INTO ravs.regional_leads VALUES ({user}, 'Y56', '{status}', 7, 1, 7)")
    };
    vec![
        refused(
            "a member of no organisation",
            "23503 memberships_organisation_fkey",
            member("{new}", una, level, invited),
        ),
        refused(
            "a member who is nobody",
            "23503 memberships_user_fkey",
            member(at, "{new}", level, invited),
        ),
        refused(
            "a member twice",
            "23505 memberships_pkey",
            member("{active}", una, level, invited),
        ),
        refused(
            "a level that there is not",
            "23514 memberships_level_check",
            member(at, una, "Owner", invited),
        ),
        refused(
            "active without an entry",
            state,
            member(at, una, level, "'Active', NULL, NULL, NULL"),
        ),
        refused("invited after an entry", state, member(at, una, level, "'Invited', 1, 1, NULL")),
        refused(
            "deactivated at no time",
            state,
            member(at, una, level, "'Deactivated', 1, 1, NULL"),
        ),
        refused(
            "a status that there is not",
            state,
            member(at, una, level, "'Paused', NULL, NULL, NULL"),
        ),
        refused(
            "a level that waits for itself",
            "23514 memberships_level_check",
            "UPDATE ravs.memberships SET next_level = level WHERE user_id = {una}",
        ),
        refused(
            "an address of somebody else",
            "23505 users_email_key",
            user("UNA@nhs.net", "una@nhs.net", "NULL"),
        ),
        refused(
            "an address that is folded otherwise",
            "23514 users_email_check",
            user("Una@nhs.net", "una+2@nhs.net", "NULL"),
        ),
        refused(
            "an address with a blank",
            "23514 users_email_check",
            user(" una@nhs.net", " una@nhs.net", "NULL"),
        ),
        refused(
            "a subject of somebody else",
            "23505 users_subject_key",
            user("new@nhs.net", "new@nhs.net", "'00u1ada'"),
        ),
        refused(
            "two users are linked to one subject",
            "23505 users_subject_key",
            "UPDATE ravs.users SET subject = '00u1ada' WHERE id = {una}",
        ),
        refused(
            "a regional lead who is nobody",
            "23503 regional_leads_user_fkey",
            lead("{new}", "Active"),
        ),
        refused(
            "a regional lead of no status",
            "23514 regional_leads_status_check",
            lead(una, "Paused"),
        ),
        refused(
            "a change set is committed twice",
            "23505 change_sets_pkey",
            "INSERT INTO ravs.change_sets (id) SELECT id FROM ravs.change_sets LIMIT 1",
        ),
        refused(
            "an effect is queued twice",
            "23505 effects_pkey",
            "INSERT INTO ravs.effects (lane, key, work, queued_at) SELECT lane, key, work, queued_at FROM ravs.effects",
        ),
        refused(
            "an effect is parked for no reason",
            "23514 effects_parked_check",
            "UPDATE ravs.effects SET status = 'Parked'",
        ),
        allowed("a member", member(at, una, level, invited)),
        allowed("a user", user("New@nhs.net", "new@nhs.net", "'00u1new'")),
        allowed("a regional lead", lead(una, "Active")),
        allowed("a change set", "INSERT INTO ravs.change_sets (id) VALUES ({new})"),
        allowed(
            "an effect",
            "INSERT INTO ravs.effects (lane, key, work, queued_at) VALUES (0, 'k', '{}', 7)",
        ),
        allowed(
            "an effect is parked",
            "UPDATE ravs.effects SET status = 'Parked', parked_at = 7, parked_why = 'x'",
        ),
    ]
}
