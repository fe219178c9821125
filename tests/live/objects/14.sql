CREATE FUNCTION a.standard(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN n > 1 THEN (SELECT count(*)::int FROM a.main) END; END;
CREATE FUNCTION a.returns_now(t text) RETURNS text LANGUAGE sql RETURN t || ';';
CREATE TYPE a.times AS RANGE (subtype = time, multirange_type_name = a.many_times); CREATE TABLE a.multi (m int4multirange, t a.many_times, n nummultirange[]);
INSERT INTO a.multi VALUES ('{[1,3),[7,9)}', '{[01:00,02:00]}', '{"{[1.0,1.00]}"}');
ALTER TABLE a.main ALTER body SET COMPRESSION pglz; CREATE STATISTICS a.expressive ON lower(body), (price * 2) FROM a.main;
CREATE INDEX main_bloom ON a.main USING brin (id int8_bloom_ops (false_positive_rate = 0.05), price numeric_minmax_multi_ops);
CREATE PROCEDURE a.out_only(OUT n int) LANGUAGE sql AS 'SELECT 1'; CREATE TABLE a.subscripted (j jsonb); INSERT INTO a.subscripted VALUES ('{"a": [1]}');
