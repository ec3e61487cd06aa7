-- Spot purchases with their reason and evidence, the checks before a placement, minutes, refusals at the ceiling, and
-- children in unregistered settings. No agreement is made by spot purchase without a recorded one.

CREATE TABLE ceiling_refusal (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  referral_id {int} NOT NULL,
  child_id {int} NOT NULL,
  refused_on {date} NOT NULL {date_check refused_on},
  PRIMARY KEY (org_id, id),
  CONSTRAINT ceiling_refusal_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id)
){strict};
CREATE INDEX ceiling_refusal_of ON ceiling_refusal (org_id, child_id, refused_on);
@tenant ceiling_refusal
@append_only ceiling_refusal

CREATE TABLE spot (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  version {int} NOT NULL,
  referral_id {int} NOT NULL,
  child_id {int} NOT NULL,
  home_id {int} NOT NULL,
  reason {text} NOT NULL,
  reason_words {text} NOT NULL,
  emergency {int} NOT NULL,
  refused_on {date} {date_check refused_on},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT spot_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT spot_child FOREIGN KEY (org_id, child_id) REFERENCES child (org_id, id),
  CONSTRAINT spot_state CHECK (state IN ('open', 'dropped'))
){strict};
CREATE UNIQUE INDEX one_spot ON spot (org_id, referral_id, home_id) WHERE state = 'open';
CREATE INDEX spot_list ON spot (org_id, state, id);
@tenant spot
@versioned spot spot

-- What of its checks is open: kept by the acts that change them, read by the award and the worklists.
CREATE TABLE spot_clearance (
  org_id {int} NOT NULL,
  spot_id {int} NOT NULL,
  before_start {int} NOT NULL,
  open {int} NOT NULL,
  due_on {date} {date_check due_on},
  good_until {date} {date_check good_until},
  PRIMARY KEY (org_id, spot_id),
  CONSTRAINT spot_clearance_of FOREIGN KEY (org_id, spot_id) REFERENCES spot (org_id, id)
){strict};
CREATE INDEX spot_clearance_due ON spot_clearance (org_id, due_on) WHERE open > 0;
@tenant spot_clearance

CREATE TABLE pre_check (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  version {int} NOT NULL,
  referral_id {int} NOT NULL,
  home_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  item {text} NOT NULL,
  state {text} NOT NULL,
  until_on {date} {date_check until_on},
  measured {int} NOT NULL,
  said {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT pre_check_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT pre_check_state CHECK (state IN ('with_provider', 'evidence_in', 'done', 'not_satisfied'))
){strict};
CREATE UNIQUE INDEX one_check ON pre_check (org_id, referral_id, home_id, item);
CREATE INDEX pre_check_in_date ON pre_check (org_id, provider_id, item, until_on) WHERE state = 'done';
@tenant pre_check
@versioned pre_check check

CREATE TABLE minutes_said (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  referral_id {int} NOT NULL,
  home_id {int} NOT NULL,
  of_what {text} NOT NULL,
  minutes {int} NOT NULL,
  person_id {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT minutes_said_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT minutes_said_some CHECK (minutes > 0)
){strict};
CREATE INDEX minutes_said_list ON minutes_said (org_id, referral_id, home_id);
@tenant minutes_said
@append_only minutes_said

CREATE TABLE unregistered_stay (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  responsible_id {int} NOT NULL,
  version {int} NOT NULL,
  referral_id {int} NOT NULL,
  child_id {int} NOT NULL,
  from_on {date} NOT NULL {date_check from_on},
  state {text} NOT NULL,
  words {bytes} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT unregistered_stay_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT unregistered_stay_state CHECK (state IN ('there', 'ended'))
){strict};
CREATE UNIQUE INDEX one_unregistered ON unregistered_stay (org_id, child_id) WHERE state = 'there';
CREATE INDEX unregistered_stay_list ON unregistered_stay (org_id, state, from_on);
CREATE INDEX unregistered_stay_of_responsible ON unregistered_stay (responsible_id, state);
@two_party unregistered_stay responsible_id
@versioned unregistered_stay unregistered

@postgres
CREATE FUNCTION agreement_spot_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.route = 'spot' AND NOT EXISTS (SELECT 1 FROM spot s WHERE s.org_id = NEW.org_id
      AND s.referral_id = NEW.referral_id AND s.home_id = NEW.home_id AND s.child_id = NEW.child_id
      AND s.state = 'open') THEN
    RAISE EXCEPTION 'spot_first' USING ERRCODE = '23514', CONSTRAINT = 'spot_first';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreement_spot_first AFTER INSERT ON agreement FOR EACH ROW EXECUTE FUNCTION agreement_spot_first();
@end
@sqlite
CREATE TRIGGER agreement_spot_first AFTER INSERT ON agreement WHEN NEW.route = 'spot' AND NOT EXISTS (
    SELECT 1 FROM spot s WHERE s.org_id = NEW.org_id AND s.referral_id = NEW.referral_id AND s.home_id = NEW.home_id
      AND s.child_id = NEW.child_id AND s.state = 'open') BEGIN
  SELECT RAISE(ABORT, 'spot_first');
END;
@end
