CREATE COLLATION a.ruled (provider = icu, locale = 'und', rules = '&V << w <<< W'); CREATE TABLE a.by_rules (t text COLLATE a.ruled);
ALTER TABLE a.main ALTER "Sp ""alte" SET STORAGE DEFAULT; CREATE VIEW a.json AS SELECT JSON_OBJECT('a': 1, 'b': id) AS j, JSON_ARRAY(1, 2) AS k, id IS JSON AS is FROM (SELECT id::text FROM a.other) o;
CREATE TABLE a.newer (x xml, c "char"); INSERT INTO a.newer VALUES ('<a>&amp;</a>', E'\\377');
