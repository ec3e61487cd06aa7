-- A seat that the regional team released, with its typed reason: it is passed on like that of an evaluator with a conflict. Who
-- gave a seat up may have begun a sheet or handed it in: it stays, and the colleague has one of their own. An authority has one
-- sheet that counts.

CREATE TABLE evaluation_release (
  org_id {int} NOT NULL REFERENCES organisation (id),
  evaluation_id {int} NOT NULL,
  person_id {int} NOT NULL REFERENCES person (id),
  reason {text} NOT NULL,
  PRIMARY KEY (org_id, evaluation_id, person_id),
  CONSTRAINT evaluation_release_reason CHECK (reason IN ('left', 'away', 'duties', 'silent'))
){strict};
CREATE INDEX evaluation_release_of ON evaluation_release (evaluation_id, person_id);
@members evaluation_release
@append_only evaluation_release

@sqlite
DROP TRIGGER evaluation_seat_free;
CREATE TRIGGER evaluation_seat_free AFTER INSERT ON evaluation_seat BEGIN
  SELECT RAISE(ABORT, 'seat_held') WHERE NOT EXISTS (SELECT 1 FROM evaluation_step s WHERE s.org_id = NEW.authority_id
    AND s.evaluation_id = NEW.evaluation_id AND s.person_id = NEW.conflicted_id AND s.step = 'conflict')
    AND NOT EXISTS (SELECT 1 FROM evaluation_release r WHERE r.org_id = NEW.org_id AND r.evaluation_id = NEW.evaluation_id
    AND r.person_id = NEW.conflicted_id)
    OR EXISTS (SELECT 1 FROM evaluation_step s WHERE s.evaluation_id = NEW.evaluation_id AND s.person_id = NEW.person_id);
END;
-- SQLite alters no constraint: the rows wait beside while the table is made anew.
CREATE TABLE score_sheet_beside AS SELECT * FROM score_sheet;
DROP TABLE score_sheet;
DELETE FROM table_class WHERE name = 'score_sheet';
CREATE TABLE score_sheet (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  evaluation_id {int} NOT NULL,
  person_id {int} NOT NULL REFERENCES person (id),
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT one_sheet UNIQUE (org_id, evaluation_id, person_id),
  CONSTRAINT score_sheet_state CHECK (state IN ('begun', 'handed_in'))
){strict};
CREATE INDEX score_sheet_of ON score_sheet (evaluation_id, id);
INSERT INTO score_sheet SELECT id, org_id, version, evaluation_id, person_id, state, body FROM score_sheet_beside;
DROP TABLE score_sheet_beside;
@published score_sheet (SELECT kind FROM {main}organisation WHERE id = {org}) IN ('authority', 'regional_team') AND EXISTS (SELECT 1 FROM {main}evaluation e WHERE e.id = score_sheet.evaluation_id AND e.state NOT IN ('gates', 'scoring'))
@versioned score_sheet score_sheet
CREATE TRIGGER score_sheet_stands BEFORE UPDATE ON score_sheet WHEN OLD.state = 'handed_in' BEGIN
  SELECT RAISE(ABORT, 'scores_handed_in');
END;
CREATE TRIGGER score_sheet_stays BEFORE DELETE ON score_sheet WHEN OLD.state = 'handed_in' BEGIN
  SELECT RAISE(ABORT, 'scores_handed_in');
END;
CREATE TRIGGER score_sheet_alone AFTER INSERT ON score_sheet BEGIN
  SELECT RAISE(ABORT, 'one_sheet') WHERE EXISTS (SELECT 1 FROM score_sheet o WHERE o.org_id = NEW.org_id
    AND o.evaluation_id = NEW.evaluation_id AND o.person_id <> NEW.person_id
    AND NOT EXISTS (SELECT 1 FROM evaluation_step s WHERE s.org_id = o.org_id AND s.evaluation_id = o.evaluation_id
      AND s.person_id = o.person_id AND s.step = 'conflict')
    AND NOT EXISTS (SELECT 1 FROM evaluation_release r WHERE r.evaluation_id = o.evaluation_id
      AND r.person_id = o.person_id));
END;
@end
@postgres
CREATE OR REPLACE FUNCTION seat_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM evaluation_step s WHERE s.org_id = NEW.authority_id
    AND s.evaluation_id = NEW.evaluation_id AND s.person_id = NEW.conflicted_id AND s.step = 'conflict')
    AND NOT EXISTS (SELECT 1 FROM evaluation_release r WHERE r.org_id = NEW.org_id AND r.evaluation_id = NEW.evaluation_id
    AND r.person_id = NEW.conflicted_id)
    OR EXISTS (SELECT 1 FROM evaluation_step s WHERE s.evaluation_id = NEW.evaluation_id AND s.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'seat_held' USING ERRCODE = '23514', CONSTRAINT = 'seat_held';
  END IF;
  RETURN NULL;
END $$;
ALTER TABLE score_sheet DROP CONSTRAINT one_sheet;
ALTER TABLE score_sheet ADD CONSTRAINT one_sheet UNIQUE (org_id, evaluation_id, person_id);
CREATE FUNCTION sheet_counts_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM score_sheet o WHERE o.org_id = NEW.org_id
    AND o.evaluation_id = NEW.evaluation_id AND o.person_id <> NEW.person_id
    AND NOT EXISTS (SELECT 1 FROM evaluation_step s WHERE s.org_id = o.org_id AND s.evaluation_id = o.evaluation_id
      AND s.person_id = o.person_id AND s.step = 'conflict')
    AND NOT EXISTS (SELECT 1 FROM evaluation_release r WHERE r.evaluation_id = o.evaluation_id
      AND r.person_id = o.person_id)) THEN
    RAISE EXCEPTION 'one_sheet' USING ERRCODE = '23514', CONSTRAINT = 'one_sheet';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER score_sheet_alone AFTER INSERT ON score_sheet FOR EACH ROW EXECUTE FUNCTION sheet_counts_alone();
@end
