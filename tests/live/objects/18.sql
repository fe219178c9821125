CREATE TABLE a.virtually (id int NOT NULL, double int GENERATED ALWAYS AS (id * 2) VIRTUAL, CONSTRAINT named NOT NULL id); INSERT INTO a.virtually VALUES (1), (2);
CREATE TABLE a.bookings (room int4range, during tsrange, CONSTRAINT no_two PRIMARY KEY (room, during WITHOUT OVERLAPS)); INSERT INTO a.bookings VALUES ('[1,2)', '[2020-01-01,2021-01-01)');
CREATE TABLE a.stays (room int4range, during tsrange, FOREIGN KEY (room, PERIOD during) REFERENCES a.bookings (room, PERIOD during));
ALTER TABLE a.other ADD CONSTRAINT idle CHECK (id > 1000) NOT ENFORCED; ALTER TABLE a.loop2 ADD CONSTRAINT idle_key FOREIGN KEY (id) REFERENCES a.loop1 NOT ENFORCED;
ALTER TABLE a.mother ADD CONSTRAINT filled NOT NULL note NOT VALID; CREATE PUBLICATION with_generated FOR TABLE a.virtually WITH (publish_generated_columns = stored);
