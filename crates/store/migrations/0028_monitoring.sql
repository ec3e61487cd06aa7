-- Watching homes: quality returns, visits, concerns with their plans, hours of support that were delivered, and the alert
-- before notice with the search that it holds.

CREATE TABLE quality_return (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  home_id {int} NOT NULL,
  quarter {date} NOT NULL {date_check quarter},
  due_on {date} NOT NULL {date_check due_on},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT one_return_of_a_quarter UNIQUE (org_id, home_id, quarter),
  CONSTRAINT quality_return_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id),
  CONSTRAINT quality_return_days CHECK (quarter < due_on),
  CONSTRAINT quality_return_state CHECK (state IN ('due', 'sent', 'asked_again', 'accepted'))
){strict};
CREATE INDEX quality_return_list ON quality_return (org_id, quarter, state);
CREATE INDEX quality_return_of_provider ON quality_return (provider_id, state, due_on);
CREATE INDEX quality_return_of_home ON quality_return (home_id, quarter);
@members quality_return provider_id
@versioned quality_return quality_return

-- A visit is its authority's and the region's. Others with a child there read it once it was made, and the home once it knows.
CREATE TABLE home_visit (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  home_id {int} NOT NULL,
  planned_on {date} NOT NULL {date_check planned_on},
  home_knows {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT home_visit_home FOREIGN KEY (home_id) REFERENCES home (id),
  CONSTRAINT home_visit_knows CHECK (home_knows = 1 OR state <> 'recorded'),
  CONSTRAINT home_visit_state CHECK (state IN ('planned', 'recorded', 'called_off'))
){strict};
CREATE INDEX home_visit_of_home ON home_visit (home_id, planned_on);
@published home_visit (SELECT kind FROM {main}organisation WHERE id = {org}) IN ('regional_team', 'operator') OR (state = 'recorded' AND home_id IN (SELECT home_id FROM {main}agreement WHERE org_id = {org} AND state IN ('started', 'notice_given'))) OR (home_knows = 1 AND home_id IN (SELECT id FROM {main}home WHERE provider_id = {org}))
@versioned home_visit home_visit

CREATE TABLE home_concern (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  home_id {int} NOT NULL,
  severity {text} NOT NULL,
  next_due {date} NOT NULL {date_check next_due},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT home_concern_home FOREIGN KEY (home_id) REFERENCES home (id),
  CONSTRAINT home_concern_state CHECK (state IN ('open', 'planned', 'closed'))
){strict};
CREATE INDEX home_concern_of_home ON home_concern (home_id, state);
CREATE INDEX home_concern_due ON home_concern (org_id, next_due);
@members home_concern provider_id
@versioned home_concern home_concern

-- The measure about a home's standing that a concern gave cause for.
CREATE TABLE concern_measure (
  org_id {int} NOT NULL,
  concern_id {int} NOT NULL,
  measure_id {int} NOT NULL,
  PRIMARY KEY (org_id, concern_id, measure_id),
  CONSTRAINT concern_measure_measure FOREIGN KEY (org_id, measure_id) REFERENCES standing_measure (org_id, id)
){strict};
@members concern_measure
@append_only concern_measure

-- Hours that were delivered in a week, and the credit that a shortfall gives: in pence, and whose.
CREATE TABLE support_week (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  agreement_id {int} NOT NULL,
  label {text} NOT NULL,
  line_from {date} NOT NULL {date_check line_from},
  week {date} NOT NULL {date_check week},
  bought_quarters {int} NOT NULL,
  delivered_quarters {int} NOT NULL,
  credit_pence {int} NOT NULL,
  credit_authority_pence {int} NOT NULL,
  credit_education_pence {int} NOT NULL,
  credit_health_pence {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT one_confirmation_of_a_week UNIQUE (org_id, agreement_id, label, line_from, week),
  CONSTRAINT support_week_agreement FOREIGN KEY (org_id, agreement_id) REFERENCES agreement (org_id, id),
  CONSTRAINT support_week_hours CHECK (delivered_quarters BETWEEN 0 AND 672 AND bought_quarters >= 0),
  CONSTRAINT support_week_credit CHECK (credit_pence >= 0
    AND credit_pence = credit_authority_pence + credit_education_pence + credit_health_pence
    AND (credit_pence = 0 OR delivered_quarters < bought_quarters)),
  CONSTRAINT support_week_state CHECK (state IN ('confirmed', 'agreed'))
){strict};
CREATE INDEX support_week_of_provider ON support_week (provider_id, week);
@two_party support_week provider_id
@versioned support_week support_week

CREATE TABLE stability_alert (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  agreement_id {int} NOT NULL,
  home_id {int} NOT NULL,
  meet_by {date} NOT NULL {date_check meet_by},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT stability_alert_agreement FOREIGN KEY (org_id, agreement_id) REFERENCES agreement (org_id, id),
  CONSTRAINT stability_alert_state CHECK (state IN ('flagged', 'supported', 'search_held', 'search_released', 'closed'))
){strict};
CREATE UNIQUE INDEX one_open_stability_alert ON stability_alert (org_id, agreement_id) WHERE state <> 'closed';
CREATE INDEX stability_alert_of_provider ON stability_alert (provider_id, state);
@two_party stability_alert provider_id
@versioned stability_alert stability_alert

-- A draft that is held beside an alert: it does not go out before it is released.
CREATE TABLE referral_hold (
  org_id {int} NOT NULL,
  referral_id {int} NOT NULL,
  alert_id {int} NOT NULL,
  released {int} NOT NULL,
  PRIMARY KEY (org_id, referral_id),
  CONSTRAINT referral_hold_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT referral_hold_alert FOREIGN KEY (org_id, alert_id) REFERENCES stability_alert (org_id, id),
  CONSTRAINT referral_hold_released CHECK (released IN (0, 1))
){strict};
@tenant referral_hold

@sqlite
CREATE TRIGGER referral_is_held BEFORE UPDATE ON referral WHEN OLD.state = 'draft' AND NEW.state = 'out' BEGIN
  SELECT RAISE(ABORT, 'search_held') FROM referral_hold h
    WHERE h.org_id = NEW.org_id AND h.referral_id = NEW.id AND h.released = 0;
END;
@end

@postgres
CREATE FUNCTION referral_is_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM referral_hold h
      WHERE h.org_id = NEW.org_id AND h.referral_id = NEW.id AND h.released = 0) THEN
    RAISE EXCEPTION 'search_held' USING ERRCODE = '23514', CONSTRAINT = 'search_held';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER referral_is_held BEFORE UPDATE ON referral FOR EACH ROW
  WHEN (OLD.state = 'draft' AND NEW.state = 'out') EXECUTE FUNCTION referral_is_held();
@end
