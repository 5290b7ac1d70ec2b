-- What the application may do, and nothing besides. Run after every migration.
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {application};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {application};
REVOKE ALL ON SCHEMA {schema} FROM {application};
GRANT USAGE ON SCHEMA {schema} TO {application};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {application};
GRANT INSERT ON
    {schema}.change_sets, {schema}.users, {schema}.regional_leads, {schema}.ods_code_claims,
    {schema}.grants, {schema}.closed_organisations, {schema}.organisation_versions,
    {schema}.organisations, {schema}.memberships, {schema}.records, {schema}.record_revisions,
    {schema}.organisation_events, {schema}.person_events, {schema}.effects
    TO {application};
GRANT UPDATE (subject, version, changed_at) ON {schema}.users TO {application};
GRANT UPDATE (region, status, since, version, changed_at)
    ON {schema}.regional_leads TO {application};
GRANT UPDATE (organisation_id) ON {schema}.ods_code_claims TO {application};
GRANT UPDATE (version, status, closes_at, granted, changed_at)
    ON {schema}.organisations TO {application};
GRANT UPDATE (
    level, next_level, clinician, status, first_entered_at, last_entered_at, deactivated_at,
    version, changed_at
) ON {schema}.memberships TO {application};
GRANT UPDATE (status, due_at, attempts, claims, parked_at, parked_why)
    ON {schema}.effects TO {application};
GRANT INSERT, DELETE ON {schema}.bodies TO {application};
GRANT UPDATE (number, bodies, imported_at) ON {schema}.body_imports TO {application};
