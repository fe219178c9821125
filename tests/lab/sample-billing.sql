-- The same shop's billing: about 100 MB, much of it scanned documents.
\set ON_ERROR_STOP on
CREATE TABLE account (
  iban text PRIMARY KEY,
  holder text NOT NULL,
  balance numeric(14, 2) NOT NULL,
  limits int4range,
  UNIQUE (holder, iban)
);
INSERT INTO account SELECT 'NL' || lpad(i::text, 16, '0'), 'Holder ' || i, (i * 7919 % 1000000) / 100.0, int4range(i % 100, i % 100 + 500)
FROM generate_series(1, 60000) AS i;

CREATE TABLE invoice (
  number bigserial PRIMARY KEY,
  iban text NOT NULL,
  lines jsonb NOT NULL,
  issued timestamptz NOT NULL,
  paid_ratio double precision
);
INSERT INTO invoice (iban, lines, issued, paid_ratio)
SELECT 'NL' || lpad((i % 60000 + 1)::text, 16, '0'), jsonb_build_array(jsonb_build_object('article', i % 5000, 'amount', i % 9)),
       timestamptz '2024-01-01 00:00+01' + i * interval '1 minute', CASE i % 1000 WHEN 0 THEN 'NaN' WHEN 1 THEN NULL ELSE i / 3.0 END
FROM generate_series(1, 200000) AS i;
ALTER TABLE invoice ADD FOREIGN KEY (iban) REFERENCES account;
CREATE INDEX invoice_issued ON invoice USING brin (issued);
CREATE INDEX invoice_iban ON invoice (iban) INCLUDE (issued);

CREATE TABLE document (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  invoice bigint NOT NULL REFERENCES invoice,
  scan bytea NOT NULL
);
ALTER TABLE document ALTER COLUMN scan SET STORAGE EXTERNAL;
INSERT INTO document (invoice, scan)
SELECT i, decode(repeat(md5(i::text), 1500 + i % 1000), 'hex') FROM generate_series(1, 1200) AS i;

CREATE VIEW balance_by_limit AS SELECT lower(limits) AS lower_limit, sum(balance) AS balance FROM account GROUP BY 1;
SET client_min_messages = error;  -- an ordinary role cannot analyze the catalogs, and is told so for each
ANALYZE;
