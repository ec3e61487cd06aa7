-- What both sides of a mini-block sign, apart from the bid; and the director of children's services' exemption for a child's
-- placement at a home judged Inadequate.

CREATE TABLE block_signature (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  block_id {int} NOT NULL,
  side {text} NOT NULL,
  content {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT block_signed_once UNIQUE (org_id, block_id, content),
  CONSTRAINT block_signature_side CHECK (side IN ('lead', 'provider'))
){strict};
CREATE INDEX block_signature_of ON block_signature (block_id, id);
@members block_signature provider_id
@append_only block_signature
@versioned block_signature block_signature

-- It holds for one child at one home, and for the judgement that it names.
CREATE TABLE grade_exemption (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  version {int} NOT NULL,
  referral_id {int} NOT NULL,
  home_id {int} NOT NULL,
  judged_on {date} NOT NULL {date_check judged_on},
  words {bytes} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT grade_exemption_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT grade_exempted_once UNIQUE (org_id, referral_id, home_id, judged_on)
){strict};
@tenant grade_exemption
@append_only grade_exemption
@versioned grade_exemption grade_exemption
