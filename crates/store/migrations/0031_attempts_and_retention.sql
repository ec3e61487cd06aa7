-- Sign-in attempts that failed, counted for every node together; and which children's records were due when last looked at.

CREATE TABLE sign_in_attempt (
  key {text} NOT NULL PRIMARY KEY,
  body {text} NOT NULL,
  last_at {int} NOT NULL
){strict};
@system sign_in_attempt

CREATE TABLE retention_due (
  org_id {int} NOT NULL PRIMARY KEY,
  looked_on {date} NOT NULL,
  children {text} NOT NULL
){strict};
@tenant retention_due
