CREATE TABLE a.generated (id int, w numeric DEFAULT 2, area numeric GENERATED ALWAYS AS (id * w) STORED, label text GENERATED ALWAYS AS ('n' || id) STORED UNIQUE);
INSERT INTO a.generated (id) SELECT generate_series(1, 30); CREATE TABLE a.only_generated (one int GENERATED ALWAYS AS (1) STORED);
INSERT INTO a.only_generated SELECT FROM generate_series(1, 3);
CREATE COLLATION a.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE TABLE a.collated (t text COLLATE a.loose PRIMARY KEY);
INSERT INTO a.collated VALUES ('A'), ('b');
CREATE TABLE a.of_hashed (id int, day date, FOREIGN KEY (id, day) REFERENCES a.hashed); INSERT INTO a.of_hashed VALUES (1, '2020-01-01');
CREATE STATISTICS a.common (mcv) ON region, kind FROM a.parts_eu_new;
CREATE VIEW a.with_ctes AS WITH x AS MATERIALIZED (SELECT 1 AS one) SELECT * FROM x;
