CREATE INDEX main_signature ON a.main USING gist (doc tsvector_ops (siglen = 100)); CREATE INDEX main_plain ON a.main (price) WITH (deduplicate_items = off);
ALTER STATISTICS a.linked SET STATISTICS 55; ALTER TABLE a.hashed_0 DISABLE TRIGGER of_all;
CREATE PUBLICATION by_root FOR TABLE a.parts WITH (publish_via_partition_root = true); ALTER TABLE a.generated ALTER area DROP EXPRESSION;
CREATE EXTENSION citext SCHEMA a; CREATE EXTENSION hstore SCHEMA a VERSION '1.4'; ALTER EXTENSION hstore UPDATE;
CREATE TABLE a.extended (c a.citext PRIMARY KEY, h a.hstore, hs a.hstore[]); INSERT INTO a.extended VALUES ('AbC', 'a=>1', '{"b=>NULL"}');
