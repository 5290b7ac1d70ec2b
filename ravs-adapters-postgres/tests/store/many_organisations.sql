-- Many organisations, in one transaction: `{organisations}` of them (a thousand or more), with
-- their users, as of `{now}` (nanoseconds since 1970, UTC). The plans and the benches read them.
--
-- Numbered from 0; the number n is in the region n mod 7, and there in turn: of 20, 3 are
-- Deactivated, 1 is Closed, 8 are Invited and 8 are Active. Of the Deactivated, 15 in each
-- region should have been closed by now, however many there are: housekeeping is a little late.
-- Each has two members, each user two memberships, each region two leads. Ids, and names with
-- them, are in no order.
CREATE FUNCTION pg_temp.made_id(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
AS $$ SELECT md5(kind || ' ' || number)::uuid $$;

CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT n, id, 'TST' || n AS ods_code, 'Practice ' || left(id::text, 13) AS name, region,
    pg_temp.made_id('lead', n % 7 + 7 * (n / 140 % 2)) AS lead,
    CASE WHEN turn < 3 THEN 3 WHEN turn = 3 THEN 4 WHEN turn < 12 THEN 1 ELSE 2 END AS version,
    invited_at,
    invited_at + 50 * day AS active_at,
    CASE WHEN turn = 3 OR late THEN invited_at + 100 * day ELSE invited_at + 170 * day END
        AS deactivated_at,
    CASE WHEN turn = 3 OR late THEN minute - day - n % 1000 * minute_long
        ELSE minute + (1 + n % 60) * day END AS closes_at
FROM (
    SELECT n, pg_temp.made_id('organisation', n) AS id, n / 7 % 20 AS turn,
        n / 7 % 20 < 3 AND n / 140 < 5 AS late,
        (ARRAY['Y61', 'Y56', 'Y60', 'Y63', 'Y62', 'Y59', 'Y58'])[1 + n % 7] AS region,
        {now} - 200 * 86400000000000 + n AS invited_at,
        86400000000000 AS day,
        60000000000 AS minute_long,
        {now} - {now} % 60000000000 AS minute
    FROM generate_series(0::bigint, {organisations} - 1) AS n
) AS numbered;

INSERT INTO ravs.bodies (code, name, address, postcode)
SELECT 'ZZ' || lpad(n::text, 6, '0'), 'BODY ' || n, n || ' HIGH STREET', 'ZZ99 3VZ'
FROM generate_series(1, 20000) AS n;

INSERT INTO ravs.users
    (id, email, email_folded, first_name, last_name, subject, version, changed_at)
SELECT pg_temp.made_id('lead', n), 'lead' || n || '@nhs.net', 'lead' || n || '@nhs.net',
    'Robin', 'Lead', NULL, 1, {now} - 300 * 86400000000000
FROM generate_series(0, 13) AS n
UNION ALL
SELECT pg_temp.made_id('user', n), 'user' || n || '@nhs.net', 'user' || n || '@nhs.net',
    'Una', 'User', 'subject ' || n, 2, invited_at
FROM made;

INSERT INTO ravs.regional_leads (user_id, region, status, since, version, changed_at)
SELECT DISTINCT lead, region, 'Active', {now} - 300 * 86400000000000, 1,
    {now} - 300 * 86400000000000
FROM made;

INSERT INTO ravs.ods_code_claims (ods_code, organisation_id) SELECT ods_code, id FROM made;

INSERT INTO ravs.grants (organisation_id, number, vaccine, vaccine_folded)
SELECT id, number, vaccine, vaccine_folded
FROM made CROSS JOIN (VALUES (1, 'RSV', 'rsv'), (2, 'Flu', 'flu'))
    AS granted (number, vaccine, vaccine_folded);

INSERT INTO ravs.organisation_versions (
    organisation_id, version, status, since, closes_at, closed_because, granted, changed_at,
    previous_version, previous_status, previous_closes_at, previous_granted, previous_changed_at,
    change_set_id
)
SELECT id, step.version, step.status, step.at, step.closes_at, step.because, 2, step.at,
    step.version - 1, step.previous_status, step.previous_closes_at,
    CASE WHEN step.version > 1 THEN 2 END, step.previous_at,
    pg_temp.made_id('change', n * 4 + step.version)
FROM made CROSS JOIN LATERAL (
    VALUES
        (1, 'Invited', invited_at, 9223372036854775807, NULL,
            NULL, NULL::bigint, NULL::bigint),
        (2, 'Active', active_at, 9223372036854775807, NULL,
            'Invited', 9223372036854775807, invited_at),
        (3, 'Deactivated', deactivated_at, made.closes_at, NULL,
            'Active', 9223372036854775807, active_at),
        (4, 'Closed', made.closes_at, 9223372036854775807, 'grace_period_ended',
            'Deactivated', made.closes_at, deactivated_at)
) AS step (
    version, status, at, closes_at, because, previous_status, previous_closes_at, previous_at
)
WHERE step.version <= made.version;

INSERT INTO ravs.organisations (
    id, ods_code, name, address, postcode, region, invited_by, invited_at,
    version, status, closes_at, granted, changed_at
)
SELECT id, ods_code, name, '1 High Street, Leeds', 'LS1 4AP', region, lead, invited_at, version,
    (ARRAY['Invited', 'Active', 'Deactivated', 'Closed'])[version],
    CASE version WHEN 3 THEN closes_at ELSE 9223372036854775807 END, 2,
    (ARRAY[invited_at, active_at, deactivated_at, closes_at])[version]
FROM made;

INSERT INTO ravs.closed_organisations (organisation_id) SELECT id FROM made WHERE version = 4;

INSERT INTO ravs.memberships (
    organisation_id, user_id, level, next_level, clinician, status,
    first_entered_at, last_entered_at, deactivated_at, version, changed_at
)
SELECT id, pg_temp.made_id('user', (n + other) % {organisations}), 'Lead administrator', NULL,
    false, CASE version WHEN 1 THEN 'Invited' ELSE 'Active' END,
    CASE WHEN version > 1 THEN active_at END, CASE WHEN version > 1 THEN active_at END, NULL,
    CASE version WHEN 1 THEN 1 ELSE 2 END,
    CASE version WHEN 1 THEN invited_at ELSE active_at END
FROM made CROSS JOIN generate_series(0, 1) AS other;
