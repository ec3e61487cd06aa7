-- Files that people bring in: where each stands, its rows sealed in parts, and the key that is destroyed after 28 days. What
-- a provider holds and shows, by its days. What an authority's finance ledger said was paid when it went live.

CREATE TABLE upload (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  number {int} NOT NULL,
  kind {text} NOT NULL,
  state {text} NOT NULL,
  name {bytes} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT upload_number UNIQUE (org_id, number),
  CONSTRAINT upload_kind CHECK (kind IN ('homes', 'beds', 'prices', 'documents', 'placements')),
  CONSTRAINT upload_state CHECK (state IN ('checking', 'checked', 'bringing_in', 'brought_in', 'cancelled'))
){strict};
CREATE INDEX upload_list ON upload (org_id, number);
@tenant upload
@versioned upload import

CREATE TABLE upload_key (
  org_id {int} NOT NULL,
  upload_id {int} NOT NULL,
  wrapped {bytes} NOT NULL,
  made_on {date} NOT NULL {date_check made_on},
  PRIMARY KEY (org_id, upload_id),
  CONSTRAINT upload_key_of FOREIGN KEY (org_id, upload_id) REFERENCES upload (org_id, id)
    DEFERRABLE INITIALLY DEFERRED
){strict};
CREATE INDEX upload_key_age ON upload_key (org_id, made_on);
@tenant upload_key

-- A part moves once from each state to the next: whoever moves it does what follows, in the same transaction.
CREATE TABLE upload_part (
  org_id {int} NOT NULL,
  upload_id {int} NOT NULL,
  part {int} NOT NULL,
  state {text} NOT NULL,
  changes {int} NOT NULL,
  unchanged {int} NOT NULL,
  wrong {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (org_id, upload_id, part),
  CONSTRAINT upload_part_of FOREIGN KEY (org_id, upload_id) REFERENCES upload (org_id, id)
    DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT upload_part_state CHECK (state IN ('staged', 'checked', 'done')),
  CONSTRAINT upload_part_rows CHECK (changes >= 0 AND unchanged >= 0 AND wrong >= 0)
){strict};
@tenant upload_part

CREATE TABLE paper (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  home_id {int} NOT NULL,
  kind {text} NOT NULL,
  reference {text} NOT NULL,
  expires_on {date} {date_check expires_on},
  audience {text} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT paper_audience CHECK (audience IN ('members', 'region')),
  CONSTRAINT paper_state CHECK (state IN ('held', 'withdrawn'))
){strict};
CREATE UNIQUE INDEX one_paper_of_a_number ON paper (org_id, home_id, kind, reference) WHERE state = 'held';
CREATE INDEX paper_expires ON paper (org_id, state, expires_on);
@members paper
@versioned paper paper

CREATE TABLE opening_paid (
  org_id {int} NOT NULL,
  agreement_id {int} NOT NULL,
  paid_from {date} NOT NULL {date_check paid_from},
  paid_to {date} NOT NULL {date_check paid_to},
  ledger_pence {int} NOT NULL,
  PRIMARY KEY (org_id, agreement_id),
  CONSTRAINT opening_paid_agreement FOREIGN KEY (org_id, agreement_id) REFERENCES agreement (org_id, id)
    DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT opening_paid_nights CHECK (paid_from < paid_to),
  CONSTRAINT opening_paid_amount CHECK (ledger_pence >= 0)
){strict};
@tenant opening_paid
@append_only opening_paid
