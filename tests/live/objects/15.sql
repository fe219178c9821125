ALTER TABLE a.other ADD CONSTRAINT once UNIQUE NULLS NOT DISTINCT (m1, m2, id); CREATE UNIQUE INDEX other_nulls ON a.other (parent, id) NULLS NOT DISTINCT;
CREATE VIEW a.asker WITH (security_invoker, check_option = cascaded) AS SELECT id FROM a.other;
CREATE PUBLICATION filtered FOR TABLE a.main (id, code) WHERE (id > 5), a.typed WITH (publish = 'insert');
CREATE TABLE a.twofold (x int, y int, PRIMARY KEY (x, y)); CREATE TABLE a.of_twofold (x int, y int, FOREIGN KEY (x, y) REFERENCES a.twofold ON DELETE SET NULL (y));
