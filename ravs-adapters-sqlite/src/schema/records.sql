-- R-R2: a record belongs to its organisation for ever, and is of a type granted there.
CREATE TABLE records (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    vaccine TEXT NOT NULL,
    vaccine_folded TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, vaccine_folded) REFERENCES grants (organisation_id, folded),
    CHECK (instr(vaccine || vaccine_folded, char(0)) = 0),
    CHECK (
        vaccine GLOB '*[^ -~]*' OR (vaccine = trim(vaccine) AND vaccine_folded = lower(vaccine))
    )
) STRICT, WITHOUT ROWID;

CREATE INDEX records_made ON records (organisation_id, recorded_at, id);

CREATE TRIGGER records_are_kept BEFORE DELETE ON records
BEGIN SELECT RAISE (ABORT, 'a record is never deleted'); END;

CREATE TRIGGER records_stay BEFORE UPDATE ON records
BEGIN SELECT RAISE (ABORT, 'a record never changes; it is revised'); END;

CREATE TRIGGER records_begin BEFORE INSERT ON records
BEGIN
    SELECT RAISE (ABORT, 'this record exists')
    WHERE EXISTS (
        SELECT 1 FROM records WHERE organisation_id = NEW.organisation_id AND id = NEW.id
    );
    SELECT RAISE (ABORT, 'a record begins with its first revision')
    WHERE NOT EXISTS (
        SELECT 1 FROM record_revisions
        WHERE organisation_id = NEW.organisation_id AND record_id = NEW.id
            AND revision = 1 AND at = NEW.recorded_at
    );
END;

-- R-R3: what was said of a record is kept. Days are counted from 0001-01-01, which is 1.
CREATE TABLE record_revisions (
    organisation_id BLOB NOT NULL,
    record_id BLOB NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    given_on INTEGER NOT NULL,
    assessing BLOB NOT NULL REFERENCES users (id),
    consenting BLOB NOT NULL REFERENCES users (id),
    by_user BLOB NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL,
    previous_revision INTEGER,
    change_set_id BLOB NOT NULL REFERENCES change_sets (id),
    PRIMARY KEY (organisation_id, record_id, revision),
    FOREIGN KEY (organisation_id, record_id) REFERENCES records (organisation_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (organisation_id, record_id, previous_revision)
        REFERENCES record_revisions (organisation_id, record_id, revision),
    CHECK (revision = 1 + coalesce(previous_revision, 0))
) STRICT, WITHOUT ROWID;

CREATE INDEX record_revisions_given
    ON record_revisions (organisation_id, given_on, record_id, revision);

CREATE TRIGGER record_revisions_are_kept BEFORE DELETE ON record_revisions
BEGIN SELECT RAISE (ABORT, 'a revision is never deleted'); END;

CREATE TRIGGER record_revisions_stay BEFORE UPDATE ON record_revisions
BEGIN SELECT RAISE (ABORT, 'a revision never changes'); END;

CREATE TRIGGER record_revisions_follow BEFORE INSERT ON record_revisions
BEGIN
    SELECT RAISE (ABORT, 'a revision follows the newest one')
    WHERE NEW.revision IS NOT (
        SELECT 1 + coalesce(max(revision), 0) FROM record_revisions
        WHERE organisation_id = NEW.organisation_id AND record_id = NEW.record_id
    );
    SELECT RAISE (ABORT, 'a revision is no older than the one before it')
    FROM record_revisions AS before
    WHERE before.organisation_id = NEW.organisation_id AND before.record_id = NEW.record_id
        AND before.revision = NEW.previous_revision AND before.at > NEW.at;
    SELECT RAISE (ABORT, 'nothing changes at a closed organisation')
    WHERE EXISTS (
        SELECT 1 FROM organisations WHERE id = NEW.organisation_id AND status = 'Closed'
    );
END;
