-- Where a judgement or notice that was entered by hand can be read; and on what each provider's admission rests: a record of
-- evaluation, or the exceptional road with its reason. No home comes on a lot whose provider has neither.

ALTER TABLE standing_fact ADD COLUMN link {text};
ALTER TABLE standing_fact ADD COLUMN elsewhere {text};

CREATE TABLE admission_ground (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  from_date {date} NOT NULL {date_check from_date},
  evaluation_id {int},
  exception {text},
  record {text} NOT NULL,
  entered_at {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT admission_ground_one CHECK (evaluation_id IS NULL AND exception IS NOT NULL AND record <> ''
    OR evaluation_id IS NOT NULL AND exception IS NULL),
  CONSTRAINT admission_ground_exception CHECK (exception IN ('before_record', 'took_over', 'new_form'))
){strict};
CREATE INDEX admission_ground_of ON admission_ground (org_id, provider_id, from_date);
-- What was admitted before this was asked for.
INSERT INTO admission_ground (id, org_id, provider_id, from_date, exception, record, entered_at)
  SELECT min(a.id), h.org_id, h.provider_id, min(a.from_date), 'before_record', 'Admitted before its ground was recorded', ''
  FROM admission a JOIN home h ON h.org_id = a.org_id AND h.id = a.home_id GROUP BY h.org_id, h.provider_id;
@members admission_ground
@append_only admission_ground

@sqlite
CREATE TRIGGER admission_ground_holds BEFORE INSERT ON admission_ground WHEN NEW.evaluation_id IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'ground_not_evaluated') WHERE NOT EXISTS (SELECT 1 FROM evaluation e WHERE e.org_id = NEW.org_id
    AND e.id = NEW.evaluation_id AND e.provider_id = NEW.provider_id AND e.state = 'admitted');
END;
CREATE TRIGGER admission_rests BEFORE INSERT ON admission WHEN NEW.ended IS NULL BEGIN
  SELECT RAISE(ABORT, 'admission_without_ground') WHERE NOT EXISTS (SELECT 1 FROM admission_ground g
    JOIN home h ON h.org_id = g.org_id AND h.provider_id = g.provider_id
    WHERE g.org_id = NEW.org_id AND h.id = NEW.home_id AND g.from_date <= NEW.from_date);
END;
@end
@postgres
CREATE FUNCTION ground_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.evaluation_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM evaluation e WHERE e.org_id = NEW.org_id
    AND e.id = NEW.evaluation_id AND e.provider_id = NEW.provider_id AND e.state = 'admitted') THEN
    RAISE EXCEPTION 'ground_not_evaluated' USING ERRCODE = '23514', CONSTRAINT = 'ground_not_evaluated';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER admission_ground_holds BEFORE INSERT ON admission_ground FOR EACH ROW EXECUTE FUNCTION ground_holds();
CREATE FUNCTION admission_rests_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ended IS NULL AND NOT EXISTS (SELECT 1 FROM admission_ground g
    JOIN home h ON h.org_id = g.org_id AND h.provider_id = g.provider_id
    WHERE g.org_id = NEW.org_id AND h.id = NEW.home_id AND g.from_date <= NEW.from_date) THEN
    RAISE EXCEPTION 'admission_without_ground' USING ERRCODE = '23514', CONSTRAINT = 'admission_without_ground';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER admission_rests BEFORE INSERT ON admission FOR EACH ROW EXECUTE FUNCTION admission_rests_on();
@end
