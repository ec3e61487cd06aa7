-- What an authority brought in from before this system, so that the same file twice changes nothing. Nothing of the file
-- stands here in the clear: each text is a digest under the master key.

CREATE TABLE imported_agreement (
  org_id {int} NOT NULL,
  source {text} NOT NULL,
  agreement_id {int} NOT NULL,
  child_id {int} NOT NULL,
  child {text} NOT NULL,
  said {text} NOT NULL,
  PRIMARY KEY (org_id, source),
  CONSTRAINT imported_agreement_of FOREIGN KEY (org_id, agreement_id) REFERENCES agreement (org_id, id)
){strict};
CREATE INDEX imported_agreement_child ON imported_agreement (org_id, child);
@tenant imported_agreement
@append_only imported_agreement
