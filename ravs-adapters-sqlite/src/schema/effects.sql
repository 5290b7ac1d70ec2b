-- R-N4: what is to be done outside, in the order of queueing; what is done stays, as Done. What
-- was never tried is due before any time there is.
CREATE TABLE effects (
    position INTEGER PRIMARY KEY CHECK (position >= 1),
    key TEXT NOT NULL UNIQUE,
    work TEXT NOT NULL CHECK (json_valid(work)),
    queued_at INTEGER NOT NULL,
    change_set_id BLOB NOT NULL REFERENCES change_sets (id),
    status TEXT NOT NULL CHECK (status IN ('New', 'Due', 'Claimed', 'Parked', 'Done')),
    due_at INTEGER,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    claims INTEGER NOT NULL CHECK (claims >= attempts),
    parked_at INTEGER,
    parked_why TEXT,
    CHECK ((due_at IS NULL) = (status IN ('Parked', 'Done'))),
    CHECK ((status = 'New') = (due_at IS NOT NULL AND due_at = -9223372036854775808)),
    CHECK ((status = 'New') = (claims = 0)),
    CHECK ((parked_at IS NULL) = (status <> 'Parked')),
    CHECK ((parked_why IS NULL) = (status <> 'Parked'))
) STRICT;

CREATE INDEX effects_due ON effects (due_at, position) WHERE due_at IS NOT NULL;

CREATE INDEX effects_parked ON effects (parked_at, position) WHERE parked_at IS NOT NULL;

CREATE TRIGGER effects_are_kept BEFORE DELETE ON effects
BEGIN SELECT RAISE (ABORT, 'an effect is never deleted'); END;

CREATE TRIGGER effects_begin BEFORE INSERT ON effects
BEGIN
    SELECT RAISE (ABORT, 'this effect is queued')
    WHERE EXISTS (SELECT 1 FROM effects WHERE key = NEW.key OR position = NEW.position);
    SELECT RAISE (ABORT, 'an effect begins untried') WHERE NEW.status <> 'New';
END;

-- After it: the number that SQLite gives is not known before.
CREATE TRIGGER effects_follow AFTER INSERT ON effects
BEGIN
    SELECT RAISE (ABORT, 'an effect comes after the last one')
    WHERE NEW.position > 1
        AND NOT EXISTS (SELECT 1 FROM effects WHERE position = NEW.position - 1);
END;

CREATE TRIGGER effects_stay BEFORE UPDATE ON effects
BEGIN
    SELECT RAISE (ABORT, 'what is done stays done') WHERE OLD.status = 'Done';
    SELECT RAISE (ABORT, 'what is to be done never changes')
    WHERE NEW.position IS NOT OLD.position OR NEW.key IS NOT OLD.key
        OR NEW.work IS NOT OLD.work OR NEW.queued_at IS NOT OLD.queued_at
        OR NEW.change_set_id IS NOT OLD.change_set_id;
    SELECT RAISE (ABORT, 'claims are counted one by one')
    WHERE NEW.claims NOT IN (OLD.claims, OLD.claims + 1);
END;
