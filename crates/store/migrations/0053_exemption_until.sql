-- An exemption from a grade of Inadequate for a placement through the arrangement holds until a day, by which the child has to
-- come; the director can record another, until a later one. What was recorded before holds as long as the judgement does.
@sqlite
-- SQLite alters no constraint: the rows wait beside while the table is made anew.
CREATE TABLE grade_exemption_beside AS SELECT * FROM grade_exemption;
DROP TABLE grade_exemption;
DELETE FROM table_class WHERE name = 'grade_exemption';
CREATE TABLE grade_exemption (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  version {int} NOT NULL,
  referral_id {int} NOT NULL,
  home_id {int} NOT NULL,
  judged_on {date} NOT NULL {date_check judged_on},
  words {bytes} NOT NULL,
  body {text} NOT NULL,
  until_date {date} NOT NULL DEFAULT '9999-12-31' {date_check until_date},
  PRIMARY KEY (org_id, id),
  CONSTRAINT grade_exemption_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT grade_exempted_once UNIQUE (org_id, referral_id, home_id, judged_on, until_date)
){strict};
INSERT INTO grade_exemption (id, org_id, version, referral_id, home_id, judged_on, words, body)
  SELECT id, org_id, version, referral_id, home_id, judged_on, words, body FROM grade_exemption_beside;
DROP TABLE grade_exemption_beside;
@tenant grade_exemption
@append_only grade_exemption
@versioned grade_exemption grade_exemption
@end
@postgres
ALTER TABLE grade_exemption ADD COLUMN until_date {date} NOT NULL DEFAULT '9999-12-31' {date_check until_date};
ALTER TABLE grade_exemption DROP CONSTRAINT grade_exempted_once;
ALTER TABLE grade_exemption ADD CONSTRAINT grade_exempted_once UNIQUE (org_id, referral_id, home_id, judged_on, until_date);
@end
