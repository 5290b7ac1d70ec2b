-- The change sets that are saved.
CREATE TABLE change_sets (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER change_sets_are_kept BEFORE DELETE ON change_sets
BEGIN SELECT RAISE (ABORT, 'a change set is never deleted'); END;

CREATE TRIGGER change_sets_stay BEFORE UPDATE ON change_sets
BEGIN SELECT RAISE (ABORT, 'a change set never changes'); END;

-- Who they are never changes. Version, status and closing are a copy of the newest row of
-- organisation_versions, kept by that table's trigger, for lists and keys.
CREATE TABLE organisations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    ods_code TEXT NOT NULL CHECK (
        ods_code NOT GLOB '*[^A-Z0-9]*' AND length(CAST(ods_code AS BLOB)) BETWEEN 3 AND 12
        AND instr(ods_code, char(0)) = 0
    ),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    region TEXT NOT NULL CHECK (region IN ('Y56', 'Y58', 'Y59', 'Y60', 'Y61', 'Y62', 'Y63')),
    invited_by BLOB NOT NULL REFERENCES users (id),
    invited_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    closes_at INTEGER NOT NULL,
    FOREIGN KEY (id, version, status, closes_at)
        REFERENCES organisation_versions (organisation_id, version, status, closes_at)
        DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- R-O4: one organisation that is not Closed for a code.
CREATE UNIQUE INDEX organisations_unclosed ON organisations (ods_code) WHERE status <> 'Closed';

-- The lists of a region, whatever they are narrowed to.
CREATE INDEX organisations_listed
    ON organisations (region, name, id, status, closes_at, invited_by);

CREATE INDEX organisations_closing ON organisations (closes_at, id)
    WHERE status = 'Deactivated';

-- The steps of each organisation's life, each tied to the one before. The newest one is the
-- state. 9223372036854775807 says that no closing is set.
CREATE TABLE organisation_versions (
    organisation_id BLOB NOT NULL REFERENCES organisations (id) DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL CHECK (version >= 1),
    status TEXT NOT NULL,
    since INTEGER NOT NULL CHECK (since <= changed_at),
    closes_at INTEGER NOT NULL,
    closed_because TEXT,
    grants INTEGER NOT NULL CHECK (grants >= 0),
    changed_at INTEGER NOT NULL,
    previous_version INTEGER,
    previous_status TEXT,
    previous_closes_at INTEGER,
    change_set_id BLOB NOT NULL REFERENCES change_sets (id),
    PRIMARY KEY (organisation_id, version),
    UNIQUE (organisation_id, previous_version),
    UNIQUE (organisation_id, version, status, closes_at),
    FOREIGN KEY (organisation_id, previous_version, previous_status, previous_closes_at)
        REFERENCES organisation_versions (organisation_id, version, status, closes_at),
    -- R-H1: no step without its event
    FOREIGN KEY (organisation_id, version)
        REFERENCES organisation_events (organisation_id, organisation_version)
        DEFERRABLE INITIALLY DEFERRED,
    CHECK ((previous_version IS NULL) = (previous_status IS NULL)),
    CHECK ((previous_version IS NULL) = (previous_closes_at IS NULL)),
    CHECK (previous_version IS NULL OR previous_version < version),
    CHECK ((closes_at = 9223372036854775807) = (status <> 'Deactivated')),
    CHECK ((closed_because IS NULL) = (status <> 'Closed')),
    CHECK (closed_because IN ('withdrawn', 'grace_period_ended')),
    CHECK (status <> 'Closed' OR since = changed_at),
    CHECK (status = 'Invited' OR version > 1),
    -- the steps there are (R-L1 to R-L6, R-O7)
    CHECK (CASE
        WHEN previous_status IS NULL THEN status = 'Invited'
        WHEN previous_status = 'Invited' THEN
            status IN ('Invited', 'Active')
            OR (status = 'Closed' AND closed_because = 'withdrawn')
        WHEN previous_status = 'Active' THEN
            status = 'Active' OR (status = 'Deactivated' AND changed_at < closes_at)
        WHEN previous_status = 'Deactivated' THEN
            (status IN ('Active', 'Deactivated') AND changed_at < previous_closes_at)
            OR (status = 'Closed' AND closed_because = 'grace_period_ended'
                AND changed_at = previous_closes_at)
        ELSE 0
    END)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX organisation_versions_begin ON organisation_versions (organisation_id)
    WHERE previous_version IS NULL;

CREATE TRIGGER organisation_versions_are_kept BEFORE DELETE ON organisation_versions
BEGIN SELECT RAISE (ABORT, 'a step of a life is never deleted'); END;

CREATE TRIGGER organisation_versions_stay BEFORE UPDATE ON organisation_versions
BEGIN SELECT RAISE (ABORT, 'a step of a life never changes'); END;

CREATE TRIGGER organisation_versions_follow BEFORE INSERT ON organisation_versions
BEGIN
    SELECT RAISE (ABORT, 'a step follows the newest one')
    WHERE NEW.previous_version IS NOT (
        SELECT max(version) FROM organisation_versions
        WHERE organisation_id = NEW.organisation_id
    );
    SELECT RAISE (ABORT, 'a step follows from the one before it')
    FROM organisation_versions AS before
    WHERE before.organisation_id = NEW.organisation_id
        AND before.version = NEW.previous_version
        AND (
            before.version >= NEW.version
            OR before.status IS NOT NEW.previous_status
            OR before.closes_at IS NOT NEW.previous_closes_at
            OR before.status = 'Closed'
            OR before.changed_at > NEW.changed_at
            OR before.grants > NEW.grants
            OR (before.status = NEW.status
                AND (before.since <> NEW.since OR before.closes_at <> NEW.closes_at))
        );
    SELECT RAISE (ABORT, 'a step counts the grants')
    WHERE NEW.grants IS NOT (
        SELECT count(*) FROM grants WHERE organisation_id = NEW.organisation_id
    );
END;

CREATE TRIGGER organisation_versions_are_copied AFTER INSERT ON organisation_versions
BEGIN
    UPDATE organisations
    SET version = NEW.version, status = NEW.status, closes_at = NEW.closes_at
    WHERE id = NEW.organisation_id;
END;

CREATE TRIGGER organisations_are_kept BEFORE DELETE ON organisations
BEGIN SELECT RAISE (ABORT, 'an organisation is never deleted'); END;

CREATE TRIGGER organisations_begin BEFORE INSERT ON organisations
BEGIN
    SELECT RAISE (ABORT, 'this organisation exists')
    WHERE EXISTS (SELECT 1 FROM organisations WHERE id = NEW.id);
    SELECT RAISE (ABORT, 'another organisation holds this code')
    WHERE EXISTS (
        SELECT 1 FROM organisations WHERE ods_code = NEW.ods_code AND status <> 'Closed'
    );
    SELECT RAISE (ABORT, 'an organisation begins with its first step')
    WHERE NOT EXISTS (
        SELECT 1 FROM organisation_versions
        WHERE organisation_id = NEW.id AND previous_version IS NULL
            AND version = NEW.version AND status = NEW.status
            AND closes_at = NEW.closes_at AND since = NEW.invited_at
    );
END;

CREATE TRIGGER organisations_stay BEFORE UPDATE ON organisations
BEGIN
    SELECT RAISE (ABORT, 'a closed organisation never changes') WHERE OLD.status = 'Closed';
    SELECT RAISE (ABORT, 'who an organisation is never changes')
    WHERE NEW.id IS NOT OLD.id OR NEW.ods_code IS NOT OLD.ods_code
        OR NEW.name IS NOT OLD.name OR NEW.address IS NOT OLD.address
        OR NEW.postcode IS NOT OLD.postcode OR NEW.region IS NOT OLD.region
        OR NEW.invited_by IS NOT OLD.invited_by OR NEW.invited_at IS NOT OLD.invited_at;
    SELECT RAISE (ABORT, 'an organisation is where its newest step says')
    FROM organisation_versions AS newest
    WHERE newest.organisation_id = NEW.id
        AND newest.version = (
            SELECT max(version) FROM organisation_versions WHERE organisation_id = NEW.id
        )
        AND (
            newest.version IS NOT NEW.version OR newest.status IS NOT NEW.status
            OR newest.closes_at IS NOT NEW.closes_at
        );
END;

-- R-V3: vaccine types are granted and never taken away. Each comes with a step of its
-- organisation's life, which counts them.
CREATE TABLE grants (
    organisation_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    vaccine TEXT NOT NULL,
    folded TEXT NOT NULL,
    organisation_version INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, number),
    UNIQUE (organisation_id, folded),
    -- letters beyond ASCII are folded by the core alone
    CHECK (instr(vaccine || folded, char(0)) = 0),
    CHECK (vaccine GLOB '*[^ -~]*' OR (vaccine = trim(vaccine) AND folded = lower(vaccine))),
    FOREIGN KEY (organisation_id, organisation_version)
        REFERENCES organisation_versions (organisation_id, version)
        DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TRIGGER grants_are_kept BEFORE DELETE ON grants
BEGIN SELECT RAISE (ABORT, 'a grant is never deleted'); END;

CREATE TRIGGER grants_stay BEFORE UPDATE ON grants
BEGIN SELECT RAISE (ABORT, 'a grant never changes'); END;

CREATE TRIGGER grants_follow BEFORE INSERT ON grants
BEGIN
    SELECT RAISE (ABORT, 'a grant has the next number')
    WHERE NEW.number IS NOT (
        SELECT 1 + coalesce(max(number), 0) FROM grants
        WHERE organisation_id = NEW.organisation_id
    );
    SELECT RAISE (ABORT, 'this type is granted')
    WHERE EXISTS (
        SELECT 1 FROM grants
        WHERE organisation_id = NEW.organisation_id AND folded = NEW.folded
    );
    SELECT RAISE (ABORT, 'a grant comes with a new step')
    WHERE EXISTS (
        SELECT 1 FROM organisation_versions
        WHERE organisation_id = NEW.organisation_id
            AND (version >= NEW.organisation_version OR status = 'Closed')
    );
END;
