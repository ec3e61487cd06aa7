-- What questions of standing at a past day lacked: whose a home was, in two times; when a visit was recorded here; and when an
-- authority counted what it told of a measure that waits.

CREATE TABLE home_owner (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  home_id {int} NOT NULL,
  owner_id {int} NOT NULL REFERENCES organisation (id),
  from_date {date} NOT NULL {date_check from_date},
  until_date {date} NOT NULL {date_check until_date},
  known_from {int} NOT NULL,
  known_to {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT home_owner_days CHECK (from_date < until_date),
  CONSTRAINT home_owner_known CHECK (known_from < known_to),
  CONSTRAINT home_owner_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE INDEX home_owner_of_home ON home_owner (org_id, home_id, known_to);

-- Whoever keeps a home when its history begins is known from the start.
@sqlite
INSERT INTO home_owner (id, org_id, home_id, owner_id, from_date, until_date, known_from, known_to)
  SELECT id, org_id, id, provider_id, '1900-01-01', '9999-12-31', 0, 9223372036854775807 FROM home;
@end
@postgres
INSERT INTO home_owner (id, org_id, home_id, owner_id, from_date, until_date, known_from, known_to)
  SELECT id, org_id, id, provider_id, DATE '1900-01-01', DATE '9999-12-31', 0, 9223372036854775807 FROM home;
@end
@owned home_owner

@postgres
ALTER TABLE home_owner ADD CONSTRAINT one_owner EXCLUDE USING gist (
  org_id WITH =, home_id WITH =,
  daterange(from_date, until_date) WITH &&, int8range(known_from, known_to) WITH &&);
CREATE TRIGGER home_owner_closes BEFORE UPDATE OR DELETE ON home_owner FOR EACH ROW EXECUTE FUNCTION only_close();
@end

@sqlite
CREATE TRIGGER home_owner_one AFTER INSERT ON home_owner BEGIN
  SELECT RAISE(ABORT, 'one_owner') FROM home_owner o WHERE o.org_id = NEW.org_id AND o.id <> NEW.id
    AND o.home_id = NEW.home_id
    AND o.until_date > NEW.from_date AND o.from_date < NEW.until_date
    AND o.known_to > NEW.known_from AND o.known_from < NEW.known_to;
END;
CREATE TRIGGER home_owner_closes BEFORE UPDATE ON home_owner WHEN NOT (OLD.known_to = 9223372036854775807
    AND NEW.known_to < OLD.known_to AND (NEW.id, NEW.org_id, NEW.home_id, NEW.owner_id, NEW.from_date,
      NEW.until_date, NEW.known_from) IS (OLD.id, OLD.org_id, OLD.home_id, OLD.owner_id,
      OLD.from_date, OLD.until_date, OLD.known_from)) BEGIN
  SELECT RAISE(ABORT, 'append_only');
END;
CREATE TRIGGER home_owner_no_delete BEFORE DELETE ON home_owner BEGIN SELECT RAISE(ABORT, 'append_only'); END;
@end

-- A visit that a person recorded tells its time by its event; of one that a file brought in, nothing says when, and the day on
-- which its report came out goes on standing for it.
ALTER TABLE inspection ADD COLUMN recorded_at {int};
@sqlite
DROP TRIGGER inspection_no_update;
DROP TRIGGER inspection_no_delete;
DROP TRIGGER inspection_owner_insert;
DROP TRIGGER inspection_owner_update;
DROP TRIGGER inspection_owner_delete;
DELETE FROM table_class WHERE name = 'inspection';
UPDATE inspection SET recorded_at = (SELECT min(e.moment) FROM event e WHERE e.org_id = inspection.org_id
  AND e.room = 'inspection' AND e.record = inspection.home_id AND e.kind = 'inspection.recorded'
  AND json_extract(e.body, '$.facts[0][1]') = inspection.kind
  AND json_extract(e.body, '$.facts[1][1]') = inspection.inspected_on);
@owned inspection
@append_only inspection
@end
@postgres
ALTER TABLE inspection DISABLE TRIGGER inspection_no_change;
UPDATE inspection i SET recorded_at = (SELECT min(e.moment) FROM event e WHERE e.org_id = i.org_id
  AND e.room = 'inspection' AND e.record = i.home_id AND e.kind = 'inspection.recorded'
  AND e.body::json #>> '{facts,0,1}' = i.kind
  AND e.body::json #>> '{facts,1,1}' = to_char(i.inspected_on, 'YYYY-MM-DD'));
ALTER TABLE inspection ENABLE TRIGGER inspection_no_change;
@end

ALTER TABLE standing_told ADD COLUMN counted_at {text};
