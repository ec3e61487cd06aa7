-- Retention of children's records, and the keyed index by which one is found by the authority's own number.

CREATE TABLE retention (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  version {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT retention_state CHECK (state IN ('kept', 'held', 'proposed', 'erased')),
  CONSTRAINT retention_child FOREIGN KEY (org_id, id) REFERENCES child (org_id, id)
){strict};
@tenant retention
@versioned retention retention

CREATE TABLE child_index (
  org_id {int} NOT NULL,
  child_id {int} NOT NULL,
  digest {text} NOT NULL,
  PRIMARY KEY (org_id, child_id),
  CONSTRAINT child_index_key FOREIGN KEY (org_id, child_id) REFERENCES child_key (org_id, child_id) ON DELETE CASCADE
){strict};
CREATE INDEX child_index_digest ON child_index (org_id, digest);
@tenant child_index
