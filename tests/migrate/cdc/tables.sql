CREATE TABLE typed (id int PRIMARY KEY, words text, flag boolean, bytes bytea, exact numeric, wide double precision,
                    narrow real, bits bit(3), list int[], document jsonb, at timestamptz, letter "char");
CREATE TABLE wide (id bigint PRIMARY KEY, stored text, small text);
ALTER TABLE wide ALTER COLUMN stored SET STORAGE EXTERNAL;
CREATE TABLE keyless (a int, b text);
CREATE TABLE whole (id int, a text, b text);
ALTER TABLE whole REPLICA IDENTITY FULL;
CREATE TABLE indexed (code varchar(10) NOT NULL UNIQUE, v int);
ALTER TABLE indexed REPLICA IDENTITY USING INDEX indexed_code_key;
CREATE TABLE parent (id serial PRIMARY KEY);
CREATE TABLE child (id int REFERENCES parent);
CREATE SCHEMA "Odd ""schema";
CREATE DOMAIN "Odd ""schema"."Odd]: type" AS bit(1);
CREATE TABLE "Odd ""schema"."Odd.table, with [brackets]: and" (id int PRIMARY KEY, "a ""b'" text,
                                                               d "Odd ""schema"."Odd]: type");
