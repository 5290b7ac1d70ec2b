-- The national directory, as it was last imported: small, and the same for everybody.
CREATE TABLE {schema}.bodies (
    code text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    postcode text NOT NULL,
    legally_closed date,
    CONSTRAINT bodies_pkey PRIMARY KEY (code)
);

-- What was imported last. Whoever imports locks this row, so that one set follows the other.
CREATE TABLE {schema}.body_imports (
    id integer NOT NULL DEFAULT 1,
    number bigint NOT NULL,
    bodies bigint NOT NULL,
    imported_at bigint NOT NULL,
    CONSTRAINT body_imports_pkey PRIMARY KEY (id),
    CONSTRAINT body_imports_check CHECK (id = 1)
);
INSERT INTO {schema}.body_imports (number, bodies, imported_at) VALUES (0, 0, 0);
