-- Everything, as of the first release.
--
-- Times are nanoseconds since 1970 (UTC); 9223372036854775807 as a closing time means none.
-- What an organisation owns has the organisation first in every key, so that it can be spread
-- over machines by it; users, regional leads and claims of ODS codes are small, and can be copied
-- to every machine. No trigger, no function, no state of a session: keys, checks and privileges
-- hold the rules.

-- A change set that was committed: the same one is not committed twice.
CREATE TABLE {schema}.change_sets (
    id uuid NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT change_sets_pkey PRIMARY KEY (id)
);

CREATE TABLE {schema}.users (
    id uuid NOT NULL,
    email text NOT NULL,
    email_folded text COLLATE "C" NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    subject text COLLATE "C",
    version bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email_folded),
    CONSTRAINT users_subject_key UNIQUE (subject),
    -- one address is one user, however it is written
    CONSTRAINT users_email_check
        CHECK (email_folded = lower(email COLLATE "C") AND email_folded ~ '^[!-~]+$'),
    CONSTRAINT users_version_check CHECK (version >= 1)
);

CREATE TABLE {schema}.regional_leads (
    user_id uuid NOT NULL,
    region text NOT NULL,
    status text NOT NULL,
    since bigint NOT NULL,
    version bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT regional_leads_pkey PRIMARY KEY (user_id),
    CONSTRAINT regional_leads_user_fkey FOREIGN KEY (user_id) REFERENCES {schema}.users (id),
    CONSTRAINT regional_leads_status_check CHECK (status IN ('Active', 'Stopped')),
    CONSTRAINT regional_leads_version_check CHECK (version >= 1)
);

-- Which organisation has, or last had, an ODS code. A claim can be taken over only from a closed
-- organisation: one that is not closed refers to its claim (organisations_claim_fkey).
CREATE TABLE {schema}.ods_code_claims (
    ods_code text COLLATE "C" NOT NULL,
    organisation_id uuid NOT NULL,
    CONSTRAINT ods_code_claims_pkey PRIMARY KEY (ods_code),
    CONSTRAINT ods_code_claims_organisation_key UNIQUE (ods_code, organisation_id),
    -- one code is one claim, however it is written
    CONSTRAINT ods_code_claims_code_check CHECK (ods_code ~ '^[A-Z0-9]{3,12}$')
);

-- The vaccine types granted, numbered from 1 without a gap. Rows are only ever added.
CREATE TABLE {schema}.grants (
    organisation_id uuid NOT NULL,
    number integer NOT NULL,
    previous_number integer GENERATED ALWAYS AS (nullif(number - 1, 0)) STORED,
    vaccine text NOT NULL,
    vaccine_folded text COLLATE "C" NOT NULL,
    CONSTRAINT grants_pkey PRIMARY KEY (organisation_id, number),
    CONSTRAINT grants_vaccine_key UNIQUE (organisation_id, vaccine_folded),
    CONSTRAINT grants_previous_fkey FOREIGN KEY (organisation_id, previous_number)
        REFERENCES {schema}.grants (organisation_id, number),
    CONSTRAINT grants_number_check CHECK (number >= 1),
    -- what is not ASCII is folded by rules that the database does not share
    CONSTRAINT grants_vaccine_check CHECK (
        vaccine COLLATE "C" ~ '[^ -~]' OR vaccine_folded = lower(vaccine COLLATE "C")
    )
);

-- The end of an organisation: holds its row in organisations at Closed for ever.
CREATE TABLE {schema}.closed_organisations (
    organisation_id uuid NOT NULL,
    status text COLLATE "C" NOT NULL DEFAULT 'Closed',
    CONSTRAINT closed_organisations_pkey PRIMARY KEY (organisation_id, status),
    CONSTRAINT closed_organisations_status_check CHECK (status = 'Closed')
);

-- The life of an organisation, one row a change; rows are only ever added. Each follows exactly
-- one row and is followed by at most one, which is also what refuses a change that was decided on
-- an older version. The row that none follows is the organisation's state.
CREATE TABLE {schema}.organisation_versions (
    organisation_id uuid NOT NULL,
    version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    closes_at bigint NOT NULL DEFAULT 9223372036854775807,
    closed_because text,
    granted integer NOT NULL,
    changed_at bigint NOT NULL,
    -- the row before; 0 and nulls for the first
    previous_version bigint NOT NULL,
    previous_status text COLLATE "C",
    previous_closes_at bigint,
    previous_granted integer,
    previous_changed_at bigint,
    change_set_id uuid NOT NULL,
    last_grant integer GENERATED ALWAYS AS (nullif(granted, 0)) STORED,
    tombstone text COLLATE "C"
        GENERATED ALWAYS AS (CASE WHEN status = 'Closed' THEN 'Closed' END) STORED,
    CONSTRAINT organisation_versions_pkey PRIMARY KEY (organisation_id, version),
    CONSTRAINT organisation_versions_previous_key UNIQUE (organisation_id, previous_version),
    CONSTRAINT organisation_versions_whole_key
        UNIQUE (organisation_id, version, status, closes_at, granted, changed_at),
    CONSTRAINT organisation_versions_previous_fkey FOREIGN KEY (
        organisation_id, previous_version, previous_status, previous_closes_at,
        previous_granted, previous_changed_at
    ) REFERENCES {schema}.organisation_versions (
        organisation_id, version, status, closes_at, granted, changed_at
    ),
    CONSTRAINT organisation_versions_grant_fkey FOREIGN KEY (organisation_id, last_grant)
        REFERENCES {schema}.grants (organisation_id, number),
    CONSTRAINT organisation_versions_tombstone_fkey FOREIGN KEY (organisation_id, tombstone)
        REFERENCES {schema}.closed_organisations (organisation_id, status)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT organisation_versions_previous_check CHECK (
        version > previous_version
        AND previous_version >= 0
        AND num_nulls(previous_status, previous_closes_at, previous_granted, previous_changed_at)
            = CASE WHEN previous_version = 0 THEN 4 ELSE 0 END
        AND (previous_version = 0 OR changed_at >= previous_changed_at)
    ),
    CONSTRAINT organisation_versions_grants_check
        CHECK (granted >= 0 AND (previous_version = 0 OR granted >= previous_granted)),
    CONSTRAINT organisation_versions_step_check CHECK (
        CASE
            WHEN previous_version = 0 THEN status = 'Invited'
            WHEN previous_status = 'Invited' THEN
                status IN ('Invited', 'Active')
                OR (status = 'Closed' AND closed_because = 'withdrawn')
            WHEN previous_status = 'Active' THEN status IN ('Active', 'Deactivated')
            WHEN previous_status = 'Deactivated' THEN
                (status = 'Deactivated' AND closes_at = previous_closes_at)
                OR (status = 'Active' AND changed_at < previous_closes_at)
                OR (status = 'Closed' AND closed_because = 'grace_period_ended'
                    AND since = previous_closes_at)
            ELSE false
        END
    ),
    CONSTRAINT organisation_versions_closing_check CHECK (
        (status = 'Deactivated') = (closes_at < 9223372036854775807)
        AND (status <> 'Deactivated' OR changed_at < closes_at)
        AND (status = 'Closed') = (closed_because IS NOT NULL)
        AND (status <> 'Closed' OR since = changed_at)
    )
);

-- One onboarding of a body. Who it is never changes; below that is a copy of its newest version,
-- for lists, for closings that are due, and to be locked.
CREATE TABLE {schema}.organisations (
    id uuid NOT NULL,
    ods_code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    address text NOT NULL,
    postcode text NOT NULL,
    region text COLLATE "C" NOT NULL,
    invited_by uuid NOT NULL,
    invited_at bigint NOT NULL,
    version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    closes_at bigint NOT NULL,
    granted integer NOT NULL,
    changed_at bigint NOT NULL,
    claimed_code text COLLATE "C"
        GENERATED ALWAYS AS (CASE WHEN status <> 'Closed' THEN ods_code END) STORED,
    CONSTRAINT organisations_pkey PRIMARY KEY (id),
    CONSTRAINT organisations_status_key UNIQUE (id, status),
    CONSTRAINT organisations_version_fkey
        FOREIGN KEY (id, version, status, closes_at, granted, changed_at)
        REFERENCES {schema}.organisation_versions
            (organisation_id, version, status, closes_at, granted, changed_at),
    CONSTRAINT organisations_claim_fkey FOREIGN KEY (claimed_code, id)
        REFERENCES {schema}.ods_code_claims (ods_code, organisation_id),
    CONSTRAINT organisations_invited_by_fkey FOREIGN KEY (invited_by)
        REFERENCES {schema}.users (id)
);
CREATE INDEX organisations_list ON {schema}.organisations (region, name, id);
CREATE INDEX organisations_list_by_status ON {schema}.organisations (region, status, name, id);
CREATE INDEX organisations_list_by_lead ON {schema}.organisations (region, invited_by, name, id);
CREATE INDEX organisations_list_by_lead_and_status
    ON {schema}.organisations (region, invited_by, status, name, id);
CREATE INDEX organisations_closings ON {schema}.organisations (closes_at, id)
    WHERE status = 'Deactivated';
CREATE INDEX organisations_closings_of_region ON {schema}.organisations (region, closes_at)
    WHERE status = 'Deactivated';

ALTER TABLE {schema}.closed_organisations ADD CONSTRAINT closed_organisations_organisation_fkey
    FOREIGN KEY (organisation_id, status) REFERENCES {schema}.organisations (id, status);

CREATE TABLE {schema}.memberships (
    organisation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    level text NOT NULL,
    next_level text,
    clinician boolean NOT NULL,
    status text NOT NULL,
    first_entered_at bigint,
    last_entered_at bigint,
    deactivated_at bigint,
    version bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT memberships_pkey PRIMARY KEY (organisation_id, user_id),
    CONSTRAINT memberships_organisation_fkey FOREIGN KEY (organisation_id)
        REFERENCES {schema}.organisations (id),
    CONSTRAINT memberships_user_fkey FOREIGN KEY (user_id) REFERENCES {schema}.users (id),
    CONSTRAINT memberships_level_check CHECK (
        level IN ('Recorder', 'Administrator', 'Lead administrator')
        AND next_level IN ('Recorder', 'Administrator', 'Lead administrator')
        AND next_level <> level
    ),
    CONSTRAINT memberships_status_check CHECK (
        CASE status
            WHEN 'Invited' THEN num_nulls(first_entered_at, last_entered_at, deactivated_at) = 3
            WHEN 'Active' THEN
                num_nulls(first_entered_at, last_entered_at) = 0 AND deactivated_at IS NULL
            WHEN 'Deactivated' THEN
                deactivated_at IS NOT NULL
                AND num_nulls(first_entered_at, last_entered_at) IN (0, 2)
            ELSE false
        END
    ),
    CONSTRAINT memberships_version_check CHECK (version >= 1)
);
CREATE INDEX memberships_of_user ON {schema}.memberships (user_id, organisation_id);

-- The header of a vaccination record, for ever of the organisation where it was made.
CREATE TABLE {schema}.records (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    vaccine text NOT NULL,
    vaccine_folded text COLLATE "C" NOT NULL,
    recorded_at bigint NOT NULL,
    CONSTRAINT records_pkey PRIMARY KEY (organisation_id, id),
    CONSTRAINT records_organisation_fkey FOREIGN KEY (organisation_id)
        REFERENCES {schema}.organisations (id),
    CONSTRAINT records_grant_fkey FOREIGN KEY (organisation_id, vaccine_folded)
        REFERENCES {schema}.grants (organisation_id, vaccine_folded),
    CONSTRAINT records_vaccine_check CHECK (
        vaccine COLLATE "C" ~ '[^ -~]' OR vaccine_folded = lower(vaccine COLLATE "C")
    )
);
CREATE INDEX records_in_order ON {schema}.records (organisation_id, recorded_at, id);

-- What a record said and says, numbered from 1 without a gap. Rows are only ever added.
CREATE TABLE {schema}.record_revisions (
    organisation_id uuid NOT NULL,
    record_id uuid NOT NULL,
    revision integer NOT NULL,
    previous_revision integer GENERATED ALWAYS AS (nullif(revision - 1, 0)) STORED,
    given_on date NOT NULL,
    assessing uuid NOT NULL,
    consenting uuid NOT NULL,
    made_by uuid NOT NULL,
    made_at bigint NOT NULL,
    CONSTRAINT record_revisions_pkey PRIMARY KEY (organisation_id, record_id, revision),
    CONSTRAINT record_revisions_record_fkey FOREIGN KEY (organisation_id, record_id)
        REFERENCES {schema}.records (organisation_id, id),
    CONSTRAINT record_revisions_previous_fkey
        FOREIGN KEY (organisation_id, record_id, previous_revision)
        REFERENCES {schema}.record_revisions (organisation_id, record_id, revision),
    CONSTRAINT record_revisions_revision_check CHECK (revision >= 1)
);
CREATE INDEX record_revisions_given ON {schema}.record_revisions (organisation_id, given_on);

-- Histories, numbered from 1 without a gap. Rows are only ever added.
CREATE TABLE {schema}.organisation_events (
    organisation_id uuid NOT NULL,
    position bigint NOT NULL,
    previous_position bigint GENERATED ALWAYS AS (nullif(position - 1, 0)) STORED,
    id uuid NOT NULL,
    change_set_id uuid NOT NULL,
    organisation_version bigint,
    at bigint NOT NULL,
    by_kind text NOT NULL,
    by_user uuid,
    name text NOT NULL,
    what jsonb NOT NULL,
    CONSTRAINT organisation_events_pkey PRIMARY KEY (organisation_id, position),
    CONSTRAINT organisation_events_id_key UNIQUE (organisation_id, id),
    CONSTRAINT organisation_events_version_key UNIQUE (organisation_id, organisation_version),
    CONSTRAINT organisation_events_organisation_fkey FOREIGN KEY (organisation_id)
        REFERENCES {schema}.organisations (id),
    CONSTRAINT organisation_events_previous_fkey FOREIGN KEY (organisation_id, previous_position)
        REFERENCES {schema}.organisation_events (organisation_id, position),
    CONSTRAINT organisation_events_position_check CHECK (position >= 1),
    CONSTRAINT organisation_events_by_check CHECK (
        (by_kind IN ('support', 'system') AND by_user IS NULL)
        OR (by_kind IN ('regional_lead', 'user') AND by_user IS NOT NULL)
    )
);

CREATE TABLE {schema}.person_events (
    user_id uuid NOT NULL,
    position bigint NOT NULL,
    previous_position bigint GENERATED ALWAYS AS (nullif(position - 1, 0)) STORED,
    id uuid NOT NULL,
    change_set_id uuid NOT NULL,
    at bigint NOT NULL,
    by_kind text NOT NULL,
    by_user uuid,
    name text NOT NULL,
    what jsonb NOT NULL,
    CONSTRAINT person_events_pkey PRIMARY KEY (user_id, position),
    CONSTRAINT person_events_id_key UNIQUE (user_id, id),
    CONSTRAINT person_events_user_fkey FOREIGN KEY (user_id) REFERENCES {schema}.users (id),
    CONSTRAINT person_events_previous_fkey FOREIGN KEY (user_id, previous_position)
        REFERENCES {schema}.person_events (user_id, position),
    CONSTRAINT person_events_position_check CHECK (position >= 1),
    CONSTRAINT person_events_by_check CHECK (
        (by_kind IN ('support', 'system') AND by_user IS NULL)
        OR (by_kind IN ('regional_lead', 'user') AND by_user IS NOT NULL)
    )
);

-- What is to be done outside. Rows stay when they are done.
CREATE TABLE {schema}.effects (
    lane smallint NOT NULL,
    key text COLLATE "C" NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    work jsonb NOT NULL,
    queued_at bigint NOT NULL,
    status text NOT NULL DEFAULT 'New',
    -- since when it is due; the least number for one that nobody has tried
    due_at bigint NOT NULL DEFAULT -9223372036854775808,
    attempts bigint NOT NULL DEFAULT 0,
    claims bigint NOT NULL DEFAULT 0,
    parked_at bigint,
    parked_why text,
    CONSTRAINT effects_pkey PRIMARY KEY (lane, key),
    CONSTRAINT effects_status_check
        CHECK (status IN ('New', 'Due', 'Claimed', 'Parked', 'Done')),
    CONSTRAINT effects_parked_check CHECK (
        num_nulls(parked_at, parked_why) = CASE WHEN status = 'Parked' THEN 0 ELSE 2 END
    )
);
CREATE INDEX effects_by_key ON {schema}.effects (key);
CREATE INDEX effects_due ON {schema}.effects (lane, due_at, position)
    WHERE status IN ('New', 'Due', 'Claimed');
CREATE INDEX effects_parked ON {schema}.effects (lane, parked_at, position)
    WHERE status = 'Parked';

-- Row-level security, for where it is switched on: what was recorded at an organisation is seen
-- only in a transaction that names it. Everything may be written; keys and checks judge that.
CREATE POLICY records_of_one_organisation ON {schema}.records FOR SELECT
    USING (organisation_id = nullif(current_setting('ravs.organisation', true), '')::uuid);
CREATE POLICY records_are_added ON {schema}.records FOR INSERT WITH CHECK (true);
CREATE POLICY revisions_of_one_organisation ON {schema}.record_revisions FOR SELECT
    USING (organisation_id = nullif(current_setting('ravs.organisation', true), '')::uuid);
CREATE POLICY revisions_are_added ON {schema}.record_revisions FOR INSERT WITH CHECK (true);
CREATE POLICY history_of_one_organisation ON {schema}.organisation_events FOR SELECT
    USING (organisation_id = nullif(current_setting('ravs.organisation', true), '')::uuid);
CREATE POLICY history_is_added ON {schema}.organisation_events FOR INSERT WITH CHECK (true);
