-- What a file of the regulator's changed, until somebody has looked; and what a home, a council and the regulator say of a
-- home's facts, side by side.

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
  CONSTRAINT regulator_alert_state CHECK (state IN ('waiting', 'acknowledged'))
){strict};
CREATE INDEX regulator_alert_list ON regulator_alert (org_id, state, raised);
CREATE INDEX regulator_alert_of_home ON regulator_alert (org_id, home_id, kind);
@members regulator_alert
@versioned regulator_alert regulator_alert

CREATE TABLE home_voice (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  home_id {int} NOT NULL,
  fact {text} NOT NULL,
  speaker {text} NOT NULL,
  spoken_by {text} NOT NULL,
  value {text} NOT NULL,
  seen_on {date} NOT NULL {date_check seen_on},
  link {text},
  PRIMARY KEY (org_id, id),
  CONSTRAINT home_voice_speaker CHECK (speaker IN ('home', 'council', 'regulator'))
){strict};
CREATE INDEX home_voice_home ON home_voice (home_id, fact);
@members_and_home home_voice
@append_only home_voice
