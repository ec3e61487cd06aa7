-- A line of a home on a lot has one open request for a rise: a request about its education does not stand in the way of an appeal
-- about its core price. The line is the record's own, which its digest covers, so no row is written anew for it. And what was
-- granted in error is revoked.

@sqlite
-- SQLite alters no constraint: the rows wait beside while the table is made anew, and the books that name them with them.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE price_uplift_beside AS SELECT * FROM price_uplift;
DROP TABLE price_uplift;
DELETE FROM table_class WHERE name = 'price_uplift';
CREATE TABLE price_uplift (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  home_id {int} NOT NULL,
  lot {text} NOT NULL,
  state {text} NOT NULL,
  was_pence {int} NOT NULL,
  asked_pence {int} NOT NULL,
  asked_on {date} NOT NULL {date_check asked_on},
  from_night {date} NOT NULL {date_check from_night},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT price_uplift_state CHECK (state IN ('asked', 'withdrawn', 'decided', 'appealed', 'answered', 'revoked')),
  CONSTRAINT price_uplift_rises CHECK (asked_pence > was_pence AND was_pence > 0),
  CONSTRAINT price_uplift_ahead CHECK (from_night > asked_on),
  CONSTRAINT price_uplift_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE UNIQUE INDEX one_open_uplift ON price_uplift (org_id, home_id, lot, json_extract(body, '$.line'))
  WHERE state IN ('asked', 'appealed');
CREATE INDEX price_uplift_list ON price_uplift (org_id, state, asked_on);
CREATE INDEX price_uplift_of_home ON price_uplift (home_id, lot);
INSERT INTO price_uplift SELECT id, org_id, provider_id, version, home_id, lot, state, was_pence, asked_pence, asked_on,
  from_night, body FROM price_uplift_beside;
DROP TABLE price_uplift_beside;
@members price_uplift provider_id
@versioned price_uplift price_uplift
@end
@postgres
DROP INDEX one_open_uplift;
CREATE UNIQUE INDEX one_open_uplift ON price_uplift (org_id, home_id, lot, (body::json ->> 'line'))
  WHERE state IN ('asked', 'appealed');
ALTER TABLE price_uplift DROP CONSTRAINT price_uplift_state;
ALTER TABLE price_uplift ADD CONSTRAINT price_uplift_state
  CHECK (state IN ('asked', 'withdrawn', 'decided', 'appealed', 'answered', 'revoked'));
@end
