//! The schema itself, and the ways out of the application's role.

use super::attempt::{Attempt, allowed, forbidden, refused};

pub(crate) fn attempts() -> Vec<Attempt> {
    let mut all = of_the_schema();
    all.extend(of_the_role());
    all.push(allowed("the tables may be looked at", "SELECT 1 FROM ravs.organisations LIMIT 1"));
    all
}

pub(crate) fn of_the_schema() -> Vec<Attempt> {
    vec![
        forbidden("a table is dropped", "DROP TABLE ravs.grants CASCADE"),
        forbidden("the schema is dropped", "DROP SCHEMA ravs CASCADE"),
        forbidden("the schema is renamed", "ALTER SCHEMA ravs RENAME TO old"),
        forbidden("a table is renamed", "ALTER TABLE ravs.grants RENAME TO old"),
        forbidden(
            "a check is dropped",
            "ALTER TABLE ravs.organisation_versions
             DROP CONSTRAINT organisation_versions_step_check",
        ),
        forbidden(
            "a tombstone holds nothing",
            "ALTER TABLE ravs.closed_organisations
             DROP CONSTRAINT closed_organisations_organisation_fkey",
        ),
        forbidden("keys are not looked at", "ALTER TABLE ravs.records DISABLE TRIGGER ALL"),
        forbidden("a column is dropped", "ALTER TABLE ravs.organisation_events DROP COLUMN what"),
        forbidden("a table is added", "CREATE TABLE ravs.mine (id integer)"),
        forbidden("a view is added", "CREATE VIEW ravs.mine AS SELECT * FROM ravs.users"),
        forbidden("an index is added", "CREATE INDEX mine ON ravs.users (last_name)"),
        forbidden(
            "a function is added",
            "CREATE FUNCTION ravs.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        ),
        forbidden(
            "a trigger is added",
            "CREATE TRIGGER mine BEFORE INSERT ON ravs.organisation_events
             FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        ),
        forbidden(
            "a rule is added",
            "CREATE RULE mine AS ON INSERT TO ravs.organisation_events DO INSTEAD NOTHING",
        ),
        forbidden(
            "a policy is added",
            "CREATE POLICY mine ON ravs.records FOR SELECT USING (true)",
        ),
        forbidden("a policy is dropped", "DROP POLICY records_of_one_organisation ON ravs.records"),
        forbidden(
            "row security is switched off",
            "ALTER TABLE ravs.records DISABLE ROW LEVEL SECURITY",
        ),
        forbidden(
            "a table changes its owner",
            "ALTER TABLE ravs.records OWNER TO ravs_application",
        ),
        forbidden("the queue starts anew", "SELECT setval('ravs.effects_position_seq', 1)"),
    ]
}

fn of_the_role() -> Vec<Attempt> {
    vec![
        forbidden("the owner's role is taken", "SET ROLE postgres"),
        forbidden("the owner's session is taken", "SET SESSION AUTHORIZATION postgres"),
        forbidden("constraints are switched off", "SET session_replication_role = replica"),
        forbidden("the role raises itself", "ALTER ROLE ravs_application SUPERUSER"),
        forbidden("the role is let past the policies", "ALTER ROLE ravs_application BYPASSRLS"),
        forbidden("the role joins others", "GRANT pg_read_all_settings TO ravs_application"),
        forbidden("another schema is made", "CREATE SCHEMA mine"),
        forbidden("the server's files are read", "COPY ravs.users (email) FROM '/etc/passwd'"),
        forbidden("a program is run", "COPY (SELECT 1) TO PROGRAM 'true'"),
        refused("a table on disk is read", "42501", "SELECT pg_read_file('PG_VERSION')"),
    ]
}
