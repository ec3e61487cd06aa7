-- Where a home's registration stood, in two times: a suspension that was lifted stays readable, and so does what was known of
-- it then. `told_from` is the sequence that first said so; a cut keeps it.

CREATE TABLE home_registration (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  home_id {int} NOT NULL,
  state {text} NOT NULL,
  source {text} NOT NULL,
  from_date {date} NOT NULL {date_check from_date},
  until_date {date} NOT NULL {date_check until_date},
  told_from {int} NOT NULL,
  known_from {int} NOT NULL,
  known_to {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT home_registration_days CHECK (from_date < until_date),
  CONSTRAINT home_registration_known CHECK (known_from < known_to),
  CONSTRAINT home_registration_told CHECK (told_from <= known_from),
  CONSTRAINT home_registration_state CHECK (state IN ('registered', 'suspended', 'closed')),
  CONSTRAINT home_registration_source CHECK (source IN ('register', 'before')),
  CONSTRAINT home_registration_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE INDEX home_registration_of_home ON home_registration (org_id, home_id, known_to);

-- What is held of each home when its history begins: known from the start, since the day it says.
@sqlite
INSERT INTO home_registration (id, org_id, home_id, state, source, from_date, until_date, told_from, known_from, known_to)
  SELECT id, org_id, id, state, 'before',
         coalesce(json_extract(body, '$.state.registered.since'), json_extract(body, '$.state.suspended.since'),
                  json_extract(body, '$.state.closed.on'), '1900-01-01'),
         '9999-12-31', 0, 0, 9223372036854775807
  FROM home;
@end
@postgres
INSERT INTO home_registration (id, org_id, home_id, state, source, from_date, until_date, told_from, known_from, known_to)
  SELECT id, org_id, id, state, 'before',
         coalesce(body::json #>> '{state,registered,since}', body::json #>> '{state,suspended,since}',
                  body::json #>> '{state,closed,on}', '1900-01-01')::date,
         DATE '9999-12-31', 0, 0, 9223372036854775807
  FROM home;
@end
@owned home_registration

@postgres
ALTER TABLE home_registration ADD CONSTRAINT one_registration EXCLUDE USING gist (
  org_id WITH =, home_id WITH =,
  daterange(from_date, until_date) WITH &&, int8range(known_from, known_to) WITH &&);
CREATE TRIGGER home_registration_closes BEFORE UPDATE OR DELETE ON home_registration FOR EACH ROW EXECUTE FUNCTION only_close();
@end

@sqlite
CREATE TRIGGER home_registration_one AFTER INSERT ON home_registration BEGIN
  SELECT RAISE(ABORT, 'one_registration') FROM home_registration o WHERE o.org_id = NEW.org_id AND o.id <> NEW.id
    AND o.home_id = NEW.home_id
    AND o.until_date > NEW.from_date AND o.from_date < NEW.until_date
    AND o.known_to > NEW.known_from AND o.known_from < NEW.known_to;
END;
CREATE TRIGGER home_registration_closes BEFORE UPDATE ON home_registration WHEN NOT (OLD.known_to = 9223372036854775807
    AND NEW.known_to < OLD.known_to AND (NEW.id, NEW.org_id, NEW.home_id, NEW.state, NEW.source, NEW.from_date,
      NEW.until_date, NEW.told_from, NEW.known_from) IS (OLD.id, OLD.org_id, OLD.home_id, OLD.state, OLD.source,
      OLD.from_date, OLD.until_date, OLD.told_from, OLD.known_from)) BEGIN
  SELECT RAISE(ABORT, 'append_only');
END;
CREATE TRIGGER home_registration_no_delete BEFORE DELETE ON home_registration BEGIN SELECT RAISE(ABORT, 'append_only'); END;
@end
