-- What only a superuser makes.
CREATE EXTENSION file_fdw; CREATE FOREIGN DATA WRAPPER nowhere OPTIONS (debug 'true'); CREATE SERVER far TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER nowhere OPTIONS (host 'h');
CREATE USER MAPPING FOR clerk SERVER far OPTIONS (password 'p''w'); CREATE USER MAPPING FOR PUBLIC SERVER far;
CREATE FOREIGN TABLE a.away (id int OPTIONS (column_name 'I D') NOT NULL, t text COLLATE "C" DEFAULT 'x', CHECK (id > 0)) SERVER far OPTIONS (table_name 'T');
GRANT USAGE ON FOREIGN SERVER far TO clerk; GRANT USAGE ON FOREIGN DATA WRAPPER nowhere TO reader; COMMENT ON SERVER far IS 'far'; COMMENT ON FOREIGN TABLE a.away IS 'away';
CREATE FUNCTION a.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'an event trigger fired for %', tg_tag; END$$;
CREATE FUNCTION a.int_of(a.pair) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1.x'; CREATE CAST (a.pair AS int) WITH FUNCTION a.int_of(a.pair) AS ASSIGNMENT; COMMENT ON CAST (a.pair AS int) IS 'first';
CREATE FUNCTION a.weight_cmp(a.mood, a.mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 = $2 THEN 0 WHEN $1 > $2 THEN -1 ELSE 1 END';
CREATE OPERATOR FAMILY a.fam USING btree; CREATE OPERATOR CLASS a.back FOR TYPE a.mood USING btree FAMILY a.fam AS OPERATOR 1 > (anyenum, anyenum), OPERATOR 2 >= (anyenum, anyenum),
  OPERATOR 3 = (anyenum, anyenum), OPERATOR 4 <= (anyenum, anyenum), OPERATOR 5 < (anyenum, anyenum), FUNCTION 1 (a.mood, a.mood) a.weight_cmp(a.mood, a.mood);
CREATE INDEX main_back ON a.main (mood a.back); COMMENT ON OPERATOR CLASS a.back USING btree IS 'backwards';
CREATE TYPE a.celsius; CREATE FUNCTION a.celsius_in(cstring) RETURNS a.celsius LANGUAGE internal IMMUTABLE STRICT AS 'int4in'; CREATE FUNCTION a.celsius_out(a.celsius) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE a.celsius (INPUT = a.celsius_in, OUTPUT = a.celsius_out, LIKE = int4); CREATE TABLE a.heat (c a.celsius, cs a.celsius[]); INSERT INTO a.heat VALUES ('21', '{1,NULL,-3}');
CREATE TEXT SEARCH TEMPLATE a.tmpl (LEXIZE = dsimple_lexize, INIT = dsimple_init); CREATE TEXT SEARCH DICTIONARY a.by_tmpl (TEMPLATE = a.tmpl); CREATE TEXT SEARCH PARSER a.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE PUBLICATION everything FOR ALL TABLES; CREATE EXTENSION pg_trgm; CREATE INDEX main_trigrams ON a.main USING gin (body gin_trgm_ops);
REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO clerk; REVOKE USAGE ON LANGUAGE sql FROM PUBLIC; GRANT USAGE ON LANGUAGE sql TO keeper; GRANT SELECT ON pg_catalog.pg_proc TO clerk;
REVOKE ALL ON a.two FROM CURRENT_USER;
CREATE EVENT TRIGGER after_ddl ON ddl_command_end WHEN TAG IN ('ALTER TABLE', 'GRANT', 'COMMENT', 'CREATE INDEX') EXECUTE PROCEDURE a.watch(); CREATE EVENT TRIGGER gone ON sql_drop EXECUTE PROCEDURE a.watch();
ALTER EVENT TRIGGER gone DISABLE;
