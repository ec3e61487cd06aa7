-- The stages of disclosure: what a home may read when it is shortlisted and when it is chosen, each reading of it, and
-- the known-associate question. Beside them what timers and lists look for.

ALTER TABLE referral ADD COLUMN unapproved {int} NOT NULL DEFAULT 0;
CREATE INDEX referral_unapproved ON referral (org_id) WHERE unapproved = 1;
CREATE INDEX offer_waiting ON offer (org_id, valid_until) WHERE state IN ('sent', 'shortlisted', 'recommended');

CREATE TABLE disclosure (
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  invitation_id {int} NOT NULL,
  stage {text} NOT NULL,
  released {text} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (org_id, invitation_id, stage),
  CONSTRAINT disclosure_invitation FOREIGN KEY (org_id, invitation_id) REFERENCES invitation (org_id, id),
  CONSTRAINT disclosure_stage CHECK (stage IN ('shortlisted', 'chosen'))
){strict};
@two_party disclosure provider_id
@append_only disclosure

CREATE TABLE disclosure_read (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  invitation_id {int} NOT NULL,
  stage {text} NOT NULL,
  person_id {int} NOT NULL,
  at {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT disclosure_read_of FOREIGN KEY (org_id, invitation_id, stage) REFERENCES disclosure (org_id, invitation_id, stage)
){strict};
CREATE INDEX disclosure_read_list ON disclosure_read (org_id, invitation_id, stage);
@two_party disclosure_read provider_id
@append_only disclosure_read

CREATE TABLE associate_question (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  version {int} NOT NULL,
  invitation_id {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT associate_question_invitation FOREIGN KEY (org_id, invitation_id) REFERENCES invitation (org_id, id),
  CONSTRAINT associate_question_state CHECK (state IN ('asked', 'answered'))
){strict};
CREATE INDEX associate_question_list ON associate_question (org_id, invitation_id);
@two_party associate_question provider_id
@versioned associate_question associate_question
