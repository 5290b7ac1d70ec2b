-- What happened at every organisation that is there: records, histories, and effects, of which
-- nearly all are done.
INSERT INTO ravs.records (organisation_id, id, vaccine, vaccine_folded, recorded_at)
SELECT id, md5(id || ' record ' || n)::uuid, 'Flu', 'flu', changed_at + n
FROM ravs.organisations CROSS JOIN generate_series(1, 4) AS n WHERE status = 'Active';

-- London's second one is busy.
INSERT INTO ravs.records (organisation_id, id, vaccine, vaccine_folded, recorded_at)
SELECT id, md5(id || ' record ' || n)::uuid, 'Flu', 'flu', changed_at + n
FROM (
    SELECT id, changed_at FROM ravs.organisations
    WHERE region = 'Y56' AND status = 'Active' ORDER BY id OFFSET 1 LIMIT 1
) AS busy CROSS JOIN generate_series(5, 3000) AS n;

INSERT INTO ravs.record_revisions (
    organisation_id, record_id, revision, given_on, assessing, consenting, made_by, made_at
)
SELECT r.organisation_id, r.id, revision, date '2026-01-01' + (r.recorded_at % 60)::int,
    o.invited_by, o.invited_by, o.invited_by, r.recorded_at + revision - 1
FROM ravs.records AS r JOIN ravs.organisations AS o ON o.id = r.organisation_id
CROSS JOIN generate_series(1, 2) AS revision;

INSERT INTO ravs.organisation_events (
    organisation_id, position, id, change_set_id, organisation_version, at, by_kind, by_user,
    name, what
)
SELECT organisation_id, version, change_set_id, change_set_id, version, changed_at, 'system',
    NULL, 'organisation_activated', '"organisation_activated"'
FROM ravs.organisation_versions;

INSERT INTO ravs.person_events
    (user_id, position, id, change_set_id, at, by_kind, by_user, name, what)
SELECT id, n, md5(id || ' event ' || n)::uuid, id, changed_at, 'support', NULL,
    'activation_email_requested', '"activation_email_requested"'
FROM ravs.users CROSS JOIN generate_series(1, 2) AS n;

INSERT INTO ravs.effects (lane, key, work, queued_at, status, due_at, parked_at, parked_why)
SELECT 0, 'settle_access.' || id, jsonb_build_object('settle_access', jsonb_build_object('user', id)),
    changed_at, CASE WHEN n < 20 THEN 'Parked' WHEN n < 520 THEN 'Due' ELSE 'Done' END,
    changed_at + n, CASE WHEN n < 20 THEN changed_at END, CASE WHEN n < 20 THEN 'refused' END
FROM (SELECT id, changed_at, row_number() OVER (ORDER BY id) AS n FROM ravs.users) AS users;

INSERT INTO ravs.change_sets (id)
SELECT DISTINCT change_set_id FROM ravs.organisation_versions;
