//! Organisations to deactivate: copies of one, under numbers.

use deadpool_postgres::Pool;
use ravs_core::OrganisationId;

use super::Failed;

/// The id of the copy of that number, as an expression over a number.
pub(super) fn id_of(number: &str) -> String {
    format!("md5('organisation ' || {number})::uuid")
}

/// Copies an organisation with its grants, versions, members and history, once for each number.
pub(super) async fn clone(
    owner: &Pool,
    of: OrganisationId,
    numbers: std::ops::Range<u64>,
) -> Result<(), Failed> {
    let id = id_of("n");
    let from = |table: &str, key: &str| {
        format!(
            "FROM ravs.{table} AS t CROSS JOIN \
             generate_series({}::bigint, {}) AS n WHERE t.{key} = '{of}'",
            numbers.start,
            numbers.end.saturating_sub(1)
        )
    };
    let copied = |table: &str, columns: &str| {
        format!(
            "INSERT INTO ravs.{table} (organisation_id, {columns}) SELECT {id}, {columns} {};",
            from(table, "organisation_id")
        )
    };
    let organisation = "name, address, postcode, region, invited_by, invited_at, version, status, \
                        closes_at, granted, changed_at";
    let copy = [
        format!(
            "INSERT INTO ravs.ods_code_claims (ods_code, organisation_id) SELECT 'CLN' || n, {id} {};",
            from("ods_code_claims", "organisation_id")
        ),
        copied("grants", "number, vaccine, vaccine_folded"),
        copied(
            "organisation_versions",
            "version, status, since, closes_at, closed_because, granted, changed_at, \
             previous_version, previous_status, previous_closes_at, previous_granted, \
             previous_changed_at, change_set_id",
        ),
        format!(
            "INSERT INTO ravs.organisations (id, ods_code, {organisation}) \
             SELECT {id}, 'CLN' || n, {organisation} {};",
            from("organisations", "id")
        ),
        copied(
            "memberships",
            "user_id, level, next_level, clinician, status, first_entered_at, last_entered_at, \
             deactivated_at, version, changed_at",
        ),
        copied(
            "organisation_events",
            "position, id, change_set_id, organisation_version, at, by_kind, by_user, name, what",
        ),
    ];
    owner.get().await?.batch_execute(&copy.concat()).await?;
    Ok(())
}

/// Their ids.
pub(super) async fn ids(
    owner: &Pool,
    numbers: std::ops::Range<u64>,
) -> Result<Vec<OrganisationId>, Failed> {
    let select = format!(
        "SELECT {} FROM generate_series({}::bigint, {}) AS n",
        id_of("n"),
        numbers.start,
        numbers.end.saturating_sub(1)
    );
    let rows = owner.get().await?.query(&select, &[]).await?;
    rows.iter().map(|row| Ok(OrganisationId::from_uuid(row.try_get(0)?))).collect()
}
