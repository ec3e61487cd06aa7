-- An officer can take back what was asked of the director, while it waits.
@sqlite
-- SQLite alters no constraint: the rows wait beside while the table is made anew.
CREATE TABLE exemption_request_beside AS SELECT * FROM exemption_request;
DROP TABLE exemption_request;
DELETE FROM table_class WHERE name = 'exemption_request';
CREATE TABLE exemption_request (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  responsible_id {int} NOT NULL,
  version {int} NOT NULL,
  referral_id {int} NOT NULL,
  home_id {int} NOT NULL,
  judged_on {date} NOT NULL {date_check judged_on},
  state {text} NOT NULL,
  words {bytes} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT exemption_request_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT exemption_request_state CHECK (state IN ('asked', 'granted', 'declined', 'taken_back'))
){strict};
CREATE UNIQUE INDEX one_exemption_request ON exemption_request (org_id, referral_id, home_id, judged_on) WHERE state = 'asked';
CREATE INDEX exemption_request_of_referral ON exemption_request (org_id, referral_id, id);
CREATE INDEX exemption_request_of_responsible ON exemption_request (responsible_id, state);
INSERT INTO exemption_request SELECT id, org_id, responsible_id, version, referral_id, home_id, judged_on, state, words, body
  FROM exemption_request_beside;
DROP TABLE exemption_request_beside;
@two_party exemption_request responsible_id
@versioned exemption_request exemption_request
@end
@postgres
ALTER TABLE exemption_request DROP CONSTRAINT exemption_request_state;
ALTER TABLE exemption_request ADD CONSTRAINT exemption_request_state
  CHECK (state IN ('asked', 'granted', 'declined', 'taken_back'));
@end
