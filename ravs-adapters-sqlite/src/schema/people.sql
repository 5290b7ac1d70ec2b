-- Everybody who was ever added. Only a link to a subject is ever added to what is said of them.
CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE CHECK (
        email_folded = lower(email) AND email_folded NOT GLOB '*[^!-~]*'
        AND instr(email_folded, char(0)) = 0
    ),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    subject TEXT UNIQUE,
    version INTEGER NOT NULL CHECK (version >= 1),
    changed_at INTEGER NOT NULL,
    CHECK (subject IS NULL OR version > 1)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER users_are_kept BEFORE DELETE ON users
BEGIN SELECT RAISE (ABORT, 'a user is never deleted'); END;

CREATE TRIGGER users_begin BEFORE INSERT ON users
BEGIN
    SELECT RAISE (ABORT, 'this user exists')
    WHERE EXISTS (
        SELECT 1 FROM users
        WHERE id = NEW.id OR email_folded = NEW.email_folded OR subject = NEW.subject
    );
END;

CREATE TRIGGER users_stay BEFORE UPDATE ON users
BEGIN
    SELECT RAISE (ABORT, 'who a user is never changes')
    WHERE NEW.id IS NOT OLD.id OR NEW.email IS NOT OLD.email
        OR NEW.email_folded IS NOT OLD.email_folded
        OR NEW.first_name IS NOT OLD.first_name OR NEW.last_name IS NOT OLD.last_name
        OR (OLD.subject IS NOT NULL AND NEW.subject IS NOT OLD.subject);
    SELECT RAISE (ABORT, 'this subject is somebody else''s')
    WHERE EXISTS (SELECT 1 FROM users WHERE subject = NEW.subject AND id <> OLD.id);
    SELECT RAISE (ABORT, 'a change of a user is newer')
    WHERE NEW.version <= OLD.version OR NEW.changed_at < OLD.changed_at;
END;

-- Who may work in the onboarding tool, and for which region.
CREATE TABLE regional_leads (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    region TEXT NOT NULL CHECK (region IN ('Y56', 'Y58', 'Y59', 'Y60', 'Y61', 'Y62', 'Y63')),
    status TEXT NOT NULL CHECK (status IN ('Active', 'Stopped')),
    since INTEGER NOT NULL CHECK (since = changed_at),
    version INTEGER NOT NULL CHECK (version >= 1),
    changed_at INTEGER NOT NULL,
    CHECK (status = 'Active' OR version > 1)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER regional_leads_are_kept BEFORE DELETE ON regional_leads
BEGIN SELECT RAISE (ABORT, 'a regional lead is never deleted'); END;

CREATE TRIGGER regional_leads_begin BEFORE INSERT ON regional_leads
BEGIN
    SELECT RAISE (ABORT, 'this regional lead exists')
    WHERE EXISTS (SELECT 1 FROM regional_leads WHERE user_id = NEW.user_id);
END;

CREATE TRIGGER regional_leads_stay BEFORE UPDATE ON regional_leads
BEGIN
    SELECT RAISE (ABORT, 'a regional lead stays who they are')
    WHERE NEW.user_id IS NOT OLD.user_id;
    SELECT RAISE (ABORT, 'a change of a regional lead is newer')
    WHERE NEW.version <= OLD.version OR NEW.changed_at < OLD.changed_at;
END;

CREATE TABLE memberships (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    level TEXT NOT NULL CHECK (level IN ('Recorder', 'Administrator', 'Lead administrator')),
    next_level TEXT CHECK (next_level IN ('Recorder', 'Administrator', 'Lead administrator')),
    clinician INTEGER NOT NULL CHECK (clinician IN (0, 1)),
    status TEXT NOT NULL CHECK (status IN ('Invited', 'Active', 'Deactivated')),
    first_entered_at INTEGER,
    last_entered_at INTEGER CHECK (last_entered_at <= changed_at),
    deactivated_at INTEGER CHECK (deactivated_at = changed_at),
    version INTEGER NOT NULL CHECK (version >= 1),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, user_id),
    CHECK (next_level <> level),
    CHECK ((first_entered_at IS NULL) = (last_entered_at IS NULL)),
    CHECK (first_entered_at <= last_entered_at),
    CHECK (status <> 'Invited' OR first_entered_at IS NULL),
    CHECK (status <> 'Active' OR first_entered_at IS NOT NULL),
    CHECK ((status = 'Deactivated') = (deactivated_at IS NOT NULL)),
    CHECK (status = 'Invited' OR version > 1)
) STRICT, WITHOUT ROWID;

CREATE INDEX memberships_of_users ON memberships (user_id, organisation_id);

CREATE TRIGGER memberships_are_kept BEFORE DELETE ON memberships
BEGIN SELECT RAISE (ABORT, 'a membership is never deleted'); END;

CREATE TRIGGER memberships_begin BEFORE INSERT ON memberships
BEGIN
    SELECT RAISE (ABORT, 'this membership exists')
    WHERE EXISTS (
        SELECT 1 FROM memberships
        WHERE organisation_id = NEW.organisation_id AND user_id = NEW.user_id
    );
    SELECT RAISE (ABORT, 'nothing changes at a closed organisation')
    WHERE EXISTS (
        SELECT 1 FROM organisations WHERE id = NEW.organisation_id AND status = 'Closed'
    );
END;

CREATE TRIGGER memberships_stay BEFORE UPDATE ON memberships
BEGIN
    SELECT RAISE (ABORT, 'whose membership it is never changes')
    WHERE NEW.organisation_id IS NOT OLD.organisation_id OR NEW.user_id IS NOT OLD.user_id
        OR (OLD.first_entered_at IS NOT NULL
            AND NEW.first_entered_at IS NOT OLD.first_entered_at);
    SELECT RAISE (ABORT, 'a change of a membership is newer')
    WHERE NEW.version <= OLD.version OR NEW.changed_at < OLD.changed_at
        OR NEW.last_entered_at < OLD.last_entered_at;
    SELECT RAISE (ABORT, 'nothing changes at a closed organisation')
    WHERE EXISTS (
        SELECT 1 FROM organisations WHERE id = NEW.organisation_id AND status = 'Closed'
    );
END;
