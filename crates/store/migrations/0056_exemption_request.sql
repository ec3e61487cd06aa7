-- An officer asks the director of children's services of the responsible authority for an exemption from a grade of
-- Inadequate, for a placement through the arrangement. Both authorities read it; one for a child, home and judgement waits.
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
  CONSTRAINT exemption_request_state CHECK (state IN ('asked', 'granted', 'declined'))
){strict};
CREATE UNIQUE INDEX one_exemption_request ON exemption_request (org_id, referral_id, home_id, judged_on) WHERE state = 'asked';
CREATE INDEX exemption_request_of_referral ON exemption_request (org_id, referral_id, id);
CREATE INDEX exemption_request_of_responsible ON exemption_request (responsible_id, state);
@two_party exemption_request responsible_id
@versioned exemption_request exemption_request
