-- R-H1: what happened at each organisation, in the order of the commits. Each version of it is
-- told once, without a gap.
CREATE TABLE organisation_events (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    id BLOB NOT NULL CHECK (length(id) = 16),
    change_set_id BLOB NOT NULL REFERENCES change_sets (id),
    organisation_version INTEGER,
    at INTEGER NOT NULL,
    by_kind TEXT NOT NULL CHECK (by_kind IN ('Support', 'System', 'RegionalLead', 'User')),
    by_user BLOB,
    name TEXT NOT NULL,
    what TEXT NOT NULL CHECK (json_valid(what)),
    PRIMARY KEY (organisation_id, position),
    UNIQUE (organisation_id, id),
    UNIQUE (organisation_id, organisation_version),
    CHECK ((by_user IS NULL) = (by_kind IN ('Support', 'System')))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER organisation_events_are_kept BEFORE DELETE ON organisation_events
BEGIN SELECT RAISE (ABORT, 'an event is never deleted'); END;

CREATE TRIGGER organisation_events_stay BEFORE UPDATE ON organisation_events
BEGIN SELECT RAISE (ABORT, 'an event never changes'); END;

CREATE TRIGGER organisation_events_follow BEFORE INSERT ON organisation_events
BEGIN
    SELECT RAISE (ABORT, 'an event comes after the last one')
    WHERE NEW.position IS NOT (
        SELECT 1 + coalesce(max(position), 0) FROM organisation_events
        WHERE organisation_id = NEW.organisation_id
    );
    SELECT RAISE (ABORT, 'this event is told')
    WHERE EXISTS (
        SELECT 1 FROM organisation_events
        WHERE organisation_id = NEW.organisation_id AND id = NEW.id
    );
    SELECT RAISE (ABORT, 'versions are told without a gap')
    WHERE NEW.organisation_version IS NOT NULL
        AND NEW.organisation_version <> (
            SELECT 1 + coalesce(max(organisation_version), 0) FROM organisation_events
            WHERE organisation_id = NEW.organisation_id
        );
    SELECT RAISE (ABORT, 'a version that is told is there')
    WHERE NEW.organisation_version > (
        SELECT max(version) FROM organisation_versions
        WHERE organisation_id = NEW.organisation_id
    );
END;

-- What happened to each person.
CREATE TABLE person_events (
    user_id BLOB NOT NULL REFERENCES users (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    id BLOB NOT NULL CHECK (length(id) = 16),
    change_set_id BLOB NOT NULL REFERENCES change_sets (id),
    at INTEGER NOT NULL,
    by_kind TEXT NOT NULL CHECK (by_kind IN ('Support', 'System', 'RegionalLead', 'User')),
    by_user BLOB,
    name TEXT NOT NULL,
    what TEXT NOT NULL CHECK (json_valid(what)),
    PRIMARY KEY (user_id, position),
    UNIQUE (user_id, id),
    CHECK ((by_user IS NULL) = (by_kind IN ('Support', 'System')))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER person_events_are_kept BEFORE DELETE ON person_events
BEGIN SELECT RAISE (ABORT, 'an event is never deleted'); END;

CREATE TRIGGER person_events_stay BEFORE UPDATE ON person_events
BEGIN SELECT RAISE (ABORT, 'an event never changes'); END;

CREATE TRIGGER person_events_follow BEFORE INSERT ON person_events
BEGIN
    SELECT RAISE (ABORT, 'an event comes after the last one')
    WHERE NEW.position IS NOT (
        SELECT 1 + coalesce(max(position), 0) FROM person_events WHERE user_id = NEW.user_id
    );
    SELECT RAISE (ABORT, 'this event is told')
    WHERE EXISTS (SELECT 1 FROM person_events WHERE user_id = NEW.user_id AND id = NEW.id);
END;
