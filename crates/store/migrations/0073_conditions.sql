-- The condition of an admission as its provider may know it, once the outcome is final: what is to be done, by when, and what
-- came of it. The record itself is read by authorities alone.

CREATE TABLE admission_condition (
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  opening_id {int} NOT NULL,
  evaluation_id {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, evaluation_id)
){strict};
CREATE INDEX admission_condition_provider ON admission_condition (provider_id, opening_id);
-- What was admitted under a condition before anything could be recorded of it.
@sqlite
INSERT INTO admission_condition (org_id, provider_id, opening_id, evaluation_id, body)
  SELECT org_id, provider_id, opening_id, id, json_extract(body, '$.condition') FROM evaluation
  WHERE state = 'admitted' AND json_extract(body, '$.condition.by') IS NOT NULL;
@end
@postgres
-- Who migrates need not be above row security, and acts for no organisation.
ALTER TABLE evaluation NO FORCE ROW LEVEL SECURITY;
INSERT INTO admission_condition (org_id, provider_id, opening_id, evaluation_id, body)
  SELECT org_id, provider_id, opening_id, id, body::json ->> 'condition' FROM evaluation
  WHERE state = 'admitted' AND body::json #>> '{condition,by}' IS NOT NULL;
ALTER TABLE evaluation FORCE ROW LEVEL SECURITY;
@end
@two_party admission_condition provider_id
