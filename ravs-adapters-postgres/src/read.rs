//! What is read: each method one statement, so that it sees one moment in one round trip.

pub(crate) mod history;
pub(crate) mod lists;
pub(crate) mod organisations;
pub(crate) mod people;
pub(crate) mod records;

use uuid::Uuid;

/// The id after this one.
fn next(id: Uuid) -> Option<Uuid> {
    id.as_u128().checked_add(1).map(Uuid::from_u128)
}

/// The columns of an organisation `o`, its version `v` and its grants `g`.
macro_rules! organisation_columns {
    () => {
        "o.id, o.ods_code, o.name, o.address, o.postcode, o.region, o.invited_by, o.invited_at,
         v.version, v.status, v.since, v.closes_at, v.closed_because, v.changed_at,
         v.granted, g.numbers, g.vaccines"
    };
}

/// Joins an organisation `o` with the newest of its versions, whatever its own copy says, and
/// with the grants of that version. Where that version was lost, its columns are null, which no
/// organisation is read from.
macro_rules! newest_version {
    () => {
        "LEFT JOIN LATERAL (
            SELECT * FROM {schema}.organisation_versions AS newest
            WHERE newest.organisation_id = o.id ORDER BY newest.version DESC LIMIT 1
        ) AS v ON v.version >= o.version
        CROSS JOIN LATERAL (
            SELECT array_agg(number ORDER BY number) AS numbers,
                array_agg(vaccine ORDER BY number) AS vaccines
            FROM {schema}.grants WHERE organisation_id = o.id AND number <= v.granted
        ) AS g"
    };
}

/// The columns of a membership `m`.
macro_rules! membership_columns {
    () => {
        "m.organisation_id, m.user_id, m.level, m.next_level, m.clinician, m.status,
         m.first_entered_at, m.last_entered_at, m.deactivated_at, m.version, m.changed_at"
    };
}

/// The columns of a user `u`.
macro_rules! user_columns {
    () => {
        "u.id, u.email, u.first_name, u.last_name, u.subject, u.version, u.changed_at"
    };
}

pub(crate) use {membership_columns, newest_version, organisation_columns, user_columns};
