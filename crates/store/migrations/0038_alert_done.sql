-- What was noted of an alert is done one day; and a doubt about an evaluation is answered, once, by the regional team.
@sqlite
-- SQLite alters no constraint: the rows wait beside while the table is made anew.
CREATE TABLE regulator_alert_beside AS SELECT * FROM regulator_alert;
DROP TABLE regulator_alert;
DELETE FROM table_class WHERE name = 'regulator_alert';
CREATE TABLE regulator_alert (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  home_id {int} NOT NULL,
  kind {text} NOT NULL,
  after {text} NOT NULL,
  state {text} NOT NULL,
  raised {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT regulator_alert_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id),
  CONSTRAINT regulator_alert_state CHECK (state IN ('waiting', 'acknowledged', 'done'))
){strict};
CREATE INDEX regulator_alert_list ON regulator_alert (org_id, state, raised);
CREATE INDEX regulator_alert_of_home ON regulator_alert (org_id, home_id, kind);
INSERT INTO regulator_alert SELECT id, org_id, version, home_id, kind, after, state, raised, body FROM regulator_alert_beside;
DROP TABLE regulator_alert_beside;
@members regulator_alert
@versioned regulator_alert regulator_alert
@end
@postgres
ALTER TABLE regulator_alert DROP CONSTRAINT regulator_alert_state;
ALTER TABLE regulator_alert ADD CONSTRAINT regulator_alert_state CHECK (state IN ('waiting', 'acknowledged', 'done'));
@end

CREATE TABLE doubt_answer (
  org_id {int} NOT NULL REFERENCES organisation (id),
  doubt_id {int} NOT NULL,
  evaluation_id {int} NOT NULL,
  body {text} NOT NULL,
  CONSTRAINT one_answer_to_a_doubt PRIMARY KEY (org_id, doubt_id)
){strict};
CREATE INDEX doubt_answer_of ON doubt_answer (evaluation_id);
@members doubt_answer
@append_only doubt_answer
