-- From a recommendation to an agreement: what was asked, what was approved, what was agreed, and at which price.

CREATE TABLE recommendation (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  responsible_id {int} NOT NULL,
  referral_id {int} NOT NULL,
  offer_id {int} NOT NULL,
  words {bytes} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT recommendation_offer FOREIGN KEY (org_id, referral_id, offer_id) REFERENCES offer (org_id, referral_id, id)
){strict};
CREATE INDEX recommendation_of_referral ON recommendation (org_id, referral_id, id);
@two_party recommendation responsible_id
@append_only recommendation

CREATE TABLE approval (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  responsible_id {int} NOT NULL,
  version {int} NOT NULL,
  reference {text} NOT NULL,
  recommendation_id {int} NOT NULL,
  referral_id {int} NOT NULL,
  offer_id {int} NOT NULL,
  kind {text} NOT NULL,
  state {text} NOT NULL,
  waits_on {int},
  asked_by {int} NOT NULL,
  asked_at {text} NOT NULL,
  decided_at {text},
  weekly_pence {int} NOT NULL,
  start_on {date} NOT NULL {date_check start_on},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT approval_reference UNIQUE (org_id, reference),
  CONSTRAINT approval_of FOREIGN KEY (org_id, recommendation_id) REFERENCES recommendation (org_id, id),
  CONSTRAINT approval_kind CHECK (kind IN ('nominated_officer', 'director_of_childrens_services', 'monitoring_officer',
    'power', 'spot_power')),
  CONSTRAINT approval_state CHECK (state IN ('requested', 'question_open', 'passed_on', 'approved', 'refused', 'void'))
){strict};
CREATE UNIQUE INDEX approval_asked ON approval (org_id, referral_id, kind)
  WHERE state IN ('requested', 'question_open', 'passed_on', 'approved');
CREATE INDEX approval_list ON approval (org_id, state, start_on);
CREATE INDEX approval_of_responsible ON approval (responsible_id, state, start_on);
@two_party approval responsible_id
@versioned approval approval

-- What an emergency let follow: each consultation, by when, and that it was done.
CREATE TABLE follow_up (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  version {int} NOT NULL,
  recommendation_id {int} NOT NULL,
  what {text} NOT NULL,
  due_on {date} NOT NULL {date_check due_on},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT follow_up_once UNIQUE (org_id, recommendation_id, what),
  CONSTRAINT follow_up_of FOREIGN KEY (org_id, recommendation_id) REFERENCES recommendation (org_id, id),
  CONSTRAINT follow_up_state CHECK (state IN ('due', 'done', 'dropped'))
){strict};
CREATE INDEX follow_up_due ON follow_up (org_id, due_on) WHERE state = 'due';
@tenant follow_up
@versioned follow_up follow_up

-- What is late and was told to whoever owes it: each once.
CREATE TABLE chased (
  org_id {int} NOT NULL,
  room {text} NOT NULL,
  record {int} NOT NULL,
  due {text} NOT NULL,
  at {text} NOT NULL,
  PRIMARY KEY (org_id, room, record, due)
){strict};
@tenant chased
@append_only chased

CREATE TABLE agreement (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  reference {text} NOT NULL,
  referral_id {int} NOT NULL,
  offer_id {int} NOT NULL,
  child_id {int} NOT NULL,
  home_id {int} NOT NULL,
  route {text} NOT NULL,
  state {text} NOT NULL,
  start_on {date} NOT NULL {date_check start_on},
  planned_end {date} NOT NULL {date_check planned_end},
  weekly_pence {int} NOT NULL,
  signed_by {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT agreement_reference UNIQUE (org_id, reference),
  CONSTRAINT one_agreement UNIQUE (org_id, referral_id),
  CONSTRAINT one_agreement_of_offer UNIQUE (org_id, offer_id),
  CONSTRAINT agreement_offer FOREIGN KEY (org_id, referral_id, offer_id) REFERENCES offer (org_id, referral_id, id),
  CONSTRAINT agreement_child FOREIGN KEY (org_id, child_id) REFERENCES child (org_id, id),
  CONSTRAINT agreement_state CHECK (state IN ('prepared', 'signed_by_one', 'signed', 'started', 'notice_given', 'ended',
    'cancelled_before_start'))
){strict};
CREATE INDEX agreement_list ON agreement (org_id, state, start_on);
CREATE INDEX agreement_of_provider ON agreement (provider_id, state, start_on);
CREATE INDEX agreement_of_home ON agreement (home_id, state);
@two_party agreement provider_id
@versioned agreement agreement

-- What each line of an agreement costs, in two times: nights on one side, the organisation's recorded sequence on the other.
CREATE TABLE price_line (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  agreement_id {int} NOT NULL,
  line {int} NOT NULL,
  kind {text} NOT NULL,
  weekly_pence {int} NOT NULL,
  origin_night {date} NOT NULL {date_check origin_night},
  from_night {date} NOT NULL {date_check from_night},
  to_night {date} NOT NULL {date_check to_night},
  known_from {int} NOT NULL,
  known_to {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT price_line_agreement FOREIGN KEY (org_id, agreement_id) REFERENCES agreement (org_id, id),
  CONSTRAINT price_line_nights CHECK (from_night < to_night),
  CONSTRAINT price_line_known CHECK (known_from < known_to),
  CONSTRAINT price_line_positive CHECK (weekly_pence >= 0)
){strict};
CREATE INDEX price_line_current ON price_line (org_id, agreement_id, line, known_to);
@two_party price_line provider_id

@postgres
ALTER TABLE price_line ADD CONSTRAINT one_line_price EXCLUDE USING gist (
  org_id WITH =, agreement_id WITH =, line WITH =,
  daterange(from_night, to_night) WITH &&, int8range(known_from, known_to) WITH &&);
CREATE TRIGGER price_line_closes BEFORE UPDATE OR DELETE ON price_line FOR EACH ROW EXECUTE FUNCTION only_close();
@end
@sqlite
CREATE TRIGGER price_line_one AFTER INSERT ON price_line BEGIN
  SELECT RAISE(ABORT, 'one_line_price') FROM price_line o WHERE o.org_id = NEW.org_id AND o.id <> NEW.id
    AND o.agreement_id = NEW.agreement_id AND o.line = NEW.line
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night
    AND o.known_to > NEW.known_from AND o.known_from < NEW.known_to;
END;
CREATE TRIGGER price_line_closes BEFORE UPDATE ON price_line WHEN NOT (OLD.known_to = 9223372036854775807
    AND NEW.known_to < OLD.known_to AND (NEW.id, NEW.org_id, NEW.provider_id, NEW.agreement_id, NEW.line, NEW.kind,
      NEW.weekly_pence, NEW.origin_night, NEW.from_night, NEW.to_night, NEW.known_from) IS (OLD.id, OLD.org_id,
      OLD.provider_id, OLD.agreement_id, OLD.line, OLD.kind, OLD.weekly_pence, OLD.origin_night, OLD.from_night,
      OLD.to_night, OLD.known_from)) BEGIN
  SELECT RAISE(ABORT, 'append_only');
END;
CREATE TRIGGER price_line_no_delete BEFORE DELETE ON price_line BEGIN SELECT RAISE(ABORT, 'append_only'); END;
@end
