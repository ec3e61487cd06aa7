-- Saved options appraisals: what was assumed, what it was computed from, and what came out. Each is written once. The
-- authority that it is about reads it too where the regional team keeps it.

CREATE TABLE appraisal (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  authority_id {int} NOT NULL REFERENCES organisation (id),
  reference {text} NOT NULL,
  title {text} NOT NULL,
  saved_at {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT appraisal_reference UNIQUE (org_id, reference)
){strict};
CREATE INDEX appraisal_of_authority ON appraisal (authority_id, saved_at);
@two_party appraisal authority_id
@append_only appraisal
