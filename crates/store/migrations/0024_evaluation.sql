-- The evaluation of an application: the record that every authority relies on, blind scores, letters and challenges.

CREATE TABLE evaluation (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  opening_id {int} NOT NULL,
  application_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT evaluated_once UNIQUE (org_id, application_id),
  CONSTRAINT evaluation_state CHECK (state IN ('gates', 'scoring', 'moderating', 'recommended', 'standstill', 'admitted',
    'not_admitted'))
){strict};
CREATE INDEX evaluation_provider ON evaluation (provider_id, state);
@members evaluation
@versioned evaluation evaluation

-- What an evaluator declared and that they handed in: never a score.
CREATE TABLE evaluation_step (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  evaluation_id {int} NOT NULL,
  person_id {int} NOT NULL REFERENCES person (id),
  step {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT evaluation_step_word CHECK (step IN ('no_conflict', 'conflict', 'handed_in')),
  CONSTRAINT evaluation_step_once UNIQUE (org_id, evaluation_id, person_id, step)
){strict};
CREATE INDEX evaluation_step_of ON evaluation_step (evaluation_id, id);
@members evaluation_step
@append_only evaluation_step

-- Blind: an evaluator's authority reads its own sheet, everybody else none until moderation has been opened. No two
-- evaluators are of one authority.
CREATE TABLE score_sheet (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  evaluation_id {int} NOT NULL,
  person_id {int} NOT NULL REFERENCES person (id),
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT one_sheet UNIQUE (org_id, evaluation_id),
  CONSTRAINT score_sheet_state CHECK (state IN ('begun', 'handed_in'))
){strict};
CREATE INDEX score_sheet_of ON score_sheet (evaluation_id, id);
@published score_sheet (SELECT kind FROM {main}organisation WHERE id = {org}) IN ('authority', 'regional_team') AND EXISTS (SELECT 1 FROM {main}evaluation e WHERE e.id = score_sheet.evaluation_id AND e.state NOT IN ('gates', 'scoring'))
@versioned score_sheet score_sheet
@sqlite
CREATE TRIGGER score_sheet_stands BEFORE UPDATE ON score_sheet WHEN OLD.state = 'handed_in' BEGIN
  SELECT RAISE(ABORT, 'scores_handed_in');
END;
CREATE TRIGGER score_sheet_stays BEFORE DELETE ON score_sheet WHEN OLD.state = 'handed_in' BEGIN
  SELECT RAISE(ABORT, 'scores_handed_in');
END;
@end
@postgres
CREATE FUNCTION scores_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'scores_handed_in' USING ERRCODE = '23514', CONSTRAINT = 'scores_handed_in';
END $$;
CREATE TRIGGER score_sheet_stands BEFORE UPDATE OR DELETE ON score_sheet FOR EACH ROW WHEN (OLD.state = 'handed_in')
  EXECUTE FUNCTION scores_stand();
@end

-- The letter is its provider's and the regional team's.
CREATE TABLE admission_letter (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  evaluation_id {int} NOT NULL,
  opening_id {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id)
){strict};
CREATE INDEX admission_letter_provider ON admission_letter (provider_id, id);
@two_party admission_letter provider_id
@append_only admission_letter

CREATE TABLE admission_challenge (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  region_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  evaluation_id {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT admission_challenge_state CHECK (state IN ('open', 'answered'))
){strict};
CREATE INDEX admission_challenge_of ON admission_challenge (evaluation_id, id);
@two_party admission_challenge region_id
@versioned admission_challenge admission_challenge

-- A doubt of an authority that relies on an evaluation.
CREATE TABLE evaluation_doubt (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  evaluation_id {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id)
){strict};
CREATE INDEX evaluation_doubt_of ON evaluation_doubt (evaluation_id, id);
@members evaluation_doubt
@append_only evaluation_doubt
