-- What the recorded streams are of. Every version runs all of it; record.sh leaves out what a server cannot do.
BEGIN;
INSERT INTO typed VALUES (1, 'it''s \ "here"', true, '\x00ff5c27', 1.50, '-Infinity', 'NaN', B'101', '{1,NULL,3}',
                          '{"a": [1, "ü"]}', '2026-01-02 03:04:05.678+00', 'x'),
                         (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                         (3, E'line\nbreak\ttab', false, '', 12345678901234567890.123456789, 1e-300, 0, B'000',
                          '{}', '[]', '1999-12-31 23:59:59+00', '');
COMMIT;
UPDATE typed SET flag = false WHERE id = 1;
UPDATE typed SET id = 20 WHERE id = 2;
DELETE FROM typed WHERE id = 20;
INSERT INTO wide VALUES (1, repeat('0123456789', 250), 'small');
UPDATE wide SET small = 'smaller' WHERE id = 1;
UPDATE wide SET id = 2 WHERE id = 1;
BEGIN;
INSERT INTO keyless VALUES (1, 'one'), (1, 'one'), (NULL, NULL);
SAVEPOINT s;
INSERT INTO keyless VALUES (9, 'rolled back');
ROLLBACK TO s;
INSERT INTO keyless VALUES (2, 'two');
COMMIT;
BEGIN;
INSERT INTO keyless VALUES (9, 'rolled back');
ROLLBACK;
INSERT INTO whole VALUES (1, 'first', NULL), (2, NULL, 'second');
UPDATE whole SET a = 'changed' WHERE id = 1;
DELETE FROM whole WHERE id = 2;
INSERT INTO indexed VALUES ('k1', 1), ('k2', 2);
UPDATE indexed SET v = 10 WHERE code = 'k1';
UPDATE indexed SET code = 'k3' WHERE code = 'k2';
DELETE FROM indexed WHERE code = 'k1';
ALTER TABLE indexed ADD COLUMN later text;
INSERT INTO indexed VALUES ('k4', 4, 'added');
INSERT INTO "Odd ""schema"."Odd.table, with [brackets]: and" VALUES (1, 'a', B'1');
