-- Of the database `objects` itself: settings that would spoil a copy that heeds them, on both servers' sides.
ALTER DATABASE objects SET search_path = 'a', 'nowhere'; ALTER DATABASE objects SET "DateStyle" = 'German, DMY'; ALTER DATABASE objects SET extra_float_digits = -10;
ALTER DATABASE objects SET standard_conforming_strings = off; ALTER DATABASE objects SET "IntervalStyle" = 'sql_standard'; ALTER DATABASE objects SET "TimeZone" = 'Asia/Kathmandu';
ALTER DATABASE objects SET statement_timeout = '20ms'; ALTER DATABASE objects SET lock_timeout = '3ms'; ALTER DATABASE objects SET idle_in_transaction_session_timeout = '1ms';
ALTER DATABASE objects SET bytea_output = 'escape'; ALTER DATABASE objects SET default_transaction_read_only = on; ALTER DATABASE objects SET row_security = off;
ALTER DATABASE objects SET array_nulls = off; ALTER DATABASE objects SET transform_null_equals = on; ALTER DATABASE objects SET quote_all_identifiers = on;
ALTER DATABASE objects SET default_transaction_isolation = 'serializable'; ALTER DATABASE objects SET default_transaction_deferrable = on; ALTER DATABASE objects SET xmloption = 'document';
ALTER DATABASE objects SET lc_monetary = 'C.UTF-8'; ALTER DATABASE objects SET client_encoding = 'LATIN1'; ALTER DATABASE objects SET backslash_quote = on; ALTER DATABASE objects SET check_function_bodies = on;
ALTER ROLE clerk IN DATABASE objects SET work_mem = '5MB'; ALTER ROLE clerk IN DATABASE objects SET "app.tenant" = 'x y'; ALTER DATABASE objects CONNECTION LIMIT 17;
COMMENT ON DATABASE objects IS 'every kind of object'; REVOKE ALL ON DATABASE objects FROM PUBLIC; GRANT CONNECT ON DATABASE objects TO clerk; GRANT TEMPORARY ON DATABASE objects TO keeper WITH GRANT OPTION;
