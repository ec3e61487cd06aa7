-- The seat of an evaluator with a conflict, passed on to a colleague of the same authority. Both stay in the record: the first
-- in the panel, the second here. A seat is passed on once, by who declared a conflict, to who has declared and scored nothing.

CREATE TABLE evaluation_seat (
  org_id {int} NOT NULL REFERENCES organisation (id),
  evaluation_id {int} NOT NULL,
  authority_id {int} NOT NULL REFERENCES organisation (id),
  person_id {int} NOT NULL REFERENCES person (id),
  conflicted_id {int} NOT NULL REFERENCES person (id),
  PRIMARY KEY (org_id, evaluation_id, person_id),
  CONSTRAINT seat_passed_on_once UNIQUE (org_id, evaluation_id, conflicted_id)
){strict};
CREATE INDEX evaluation_seat_person ON evaluation_seat (person_id, evaluation_id);
@members evaluation_seat
@append_only evaluation_seat

@sqlite
CREATE TRIGGER evaluation_seat_free AFTER INSERT ON evaluation_seat BEGIN
  SELECT RAISE(ABORT, 'seat_held') WHERE NOT EXISTS (SELECT 1 FROM evaluation_step s WHERE s.org_id = NEW.authority_id
    AND s.evaluation_id = NEW.evaluation_id AND s.person_id = NEW.conflicted_id AND s.step = 'conflict')
    OR EXISTS (SELECT 1 FROM evaluation_step s WHERE s.evaluation_id = NEW.evaluation_id AND s.person_id = NEW.person_id);
END;
@end
@postgres
CREATE FUNCTION seat_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM evaluation_step s WHERE s.org_id = NEW.authority_id
    AND s.evaluation_id = NEW.evaluation_id AND s.person_id = NEW.conflicted_id AND s.step = 'conflict')
    OR EXISTS (SELECT 1 FROM evaluation_step s WHERE s.evaluation_id = NEW.evaluation_id AND s.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'seat_held' USING ERRCODE = '23514', CONSTRAINT = 'seat_held';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER evaluation_seat_free AFTER INSERT ON evaluation_seat FOR EACH ROW EXECUTE FUNCTION seat_is_free();
@end
