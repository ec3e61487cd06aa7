-- Whom a home's impact assessment was held against: how many children lived there on the offer's first night, and for how many
-- it says what the coming means. An offer that is out considers each; one from before this was held says nothing of it.

ALTER TABLE offer ADD COLUMN residents_there {int};
ALTER TABLE offer ADD COLUMN residents_considered {int}
  CONSTRAINT each_resident_considered CHECK (state = 'draft' OR residents_there IS NULL OR residents_considered = residents_there);

-- Each reading by a home of a document about a child: the authority's receipt, as `disclosure_read` is of what was released.
CREATE TABLE document_read (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  document_id {int} NOT NULL,
  person_id {int} NOT NULL,
  at {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT document_read_of FOREIGN KEY (org_id, document_id) REFERENCES document (org_id, id)
){strict};
CREATE INDEX document_read_list ON document_read (org_id, document_id);
@two_party document_read provider_id
@append_only document_read

-- After how many minutes without activity a child's details leave somebody's screen: their own choice.
ALTER TABLE person ADD COLUMN hides_after {int} NOT NULL DEFAULT 2 CONSTRAINT person_hides_after CHECK (hides_after IN (2, 20));
