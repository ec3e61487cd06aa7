-- The ground on which a home is told who a child is, and the recall of a mistaken disclosure; cover for an absent colleague;
-- an administrator's short sight of a child's details.

CREATE TABLE disclosure_ground (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  version {int} NOT NULL,
  referral_id {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT disclosure_ground_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT disclosure_ground_state CHECK (state IN ('in_force', 'withdrawn'))
){strict};
CREATE UNIQUE INDEX one_ground_in_force ON disclosure_ground (org_id, referral_id) WHERE state = 'in_force';
@tenant disclosure_ground
@versioned disclosure_ground disclosure_ground

CREATE TABLE disclosure_recall (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  version {int} NOT NULL,
  invitation_id {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT disclosure_recall_invitation FOREIGN KEY (org_id, invitation_id) REFERENCES invitation (org_id, id),
  CONSTRAINT disclosure_recall_state CHECK (state IN ('recalled', 'assessed', 'told', 'lifted'))
){strict};
CREATE INDEX disclosure_recall_list ON disclosure_recall (org_id, invitation_id);
CREATE INDEX disclosure_recall_own ON disclosure_recall (provider_id, invitation_id);
@two_party disclosure_recall provider_id
@versioned disclosure_recall disclosure_recall

CREATE TABLE cover (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  absent_id {int} NOT NULL REFERENCES person (id),
  covering_id {int} NOT NULL REFERENCES person (id),
  until_date {date} NOT NULL {date_check until_date},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT cover_state CHECK (state IN ('arranged', 'ended')),
  CONSTRAINT cover_of_another CHECK (absent_id <> covering_id)
){strict};
CREATE INDEX cover_list ON cover (org_id, until_date);
@tenant cover
@versioned cover cover

CREATE TABLE broken_glass (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  holder_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  person_id {int} NOT NULL REFERENCES person (id),
  until_at {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT broken_glass_state CHECK (state IN ('broken', 'mended'))
){strict};
CREATE INDEX broken_glass_list ON broken_glass (org_id, id);
CREATE INDEX broken_glass_own ON broken_glass (holder_id, person_id, id);
@two_party broken_glass holder_id
@versioned broken_glass broken_glass
