-- A file that is confirmed stops where a row cannot be used any more. And what a finance ledger shows in all as paid, so that
-- what no placement was brought in for shows as a difference.

@sqlite
-- SQLite alters no constraint: the rows wait beside while the table is made anew. The keys of parts hold at the commit.
CREATE TABLE upload_beside AS SELECT * FROM upload;
DROP TABLE upload;
DELETE FROM table_class WHERE name = 'upload';
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
  CONSTRAINT upload_kind CHECK (kind IN ('homes', 'beds', 'prices', 'documents', 'placements', 'register', 'people')),
  CONSTRAINT upload_state CHECK (state IN ('checking', 'checked', 'bringing_in', 'stopped', 'brought_in', 'cancelled'))
){strict};
CREATE INDEX upload_list ON upload (org_id, number);
INSERT INTO upload SELECT id, org_id, version, number, kind, state, name, body FROM upload_beside;
DROP TABLE upload_beside;
@tenant upload
@versioned upload import
@end
@postgres
ALTER TABLE upload DROP CONSTRAINT upload_state;
ALTER TABLE upload ADD CONSTRAINT upload_state
  CHECK (state IN ('checking', 'checked', 'bringing_in', 'stopped', 'brought_in', 'cancelled'));
@end

CREATE TABLE opening_total (
  org_id {int} NOT NULL REFERENCES organisation (id),
  known_from {int} NOT NULL,
  as_at {date} NOT NULL {date_check as_at},
  ledger_pence {int} NOT NULL,
  PRIMARY KEY (org_id, known_from),
  CONSTRAINT opening_total_amount CHECK (ledger_pence >= 0)
){strict};
@tenant opening_total
@append_only opening_total
