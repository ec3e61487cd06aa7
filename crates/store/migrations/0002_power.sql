-- Decisions, who holds which power, the arrangement, and the ledger of the annual value.

CREATE TABLE decision (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  reference {text} NOT NULL,
  state {text} NOT NULL,
  public {int} NOT NULL,
  published_on {date} {date_check published_on},
  effective_on {date} {date_check effective_on},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT decision_reference UNIQUE (org_id, reference),
  CONSTRAINT decision_version_positive CHECK (version > 0),
  CONSTRAINT decision_public CHECK (public IN (0, 1) AND (public = 0 OR published_on IS NOT NULL)),
  CONSTRAINT decision_state CHECK (state IN ('draft', 'notice_published', 'decided', 'published', 'called_in', 'returned',
    'confirmed', 'rescinded', 'superseded'))
){strict};
CREATE INDEX decision_published ON decision (published_on) WHERE public = 1;
@published decision public = 1
@versioned decision decision

CREATE TABLE decision_text (
  org_id {int} NOT NULL,
  decision_id {int} NOT NULL,
  version {int} NOT NULL,
  state {text} NOT NULL,
  recorded_at {int} NOT NULL,
  page {text} NOT NULL,
  PRIMARY KEY (org_id, decision_id, version)
){strict};
@published decision_text (SELECT d.public FROM {main}decision d WHERE d.org_id = decision_text.org_id AND d.id = decision_text.decision_id) = 1
@append_only decision_text

CREATE TABLE power_fact (
  org_id {int} NOT NULL,
  kind {text} NOT NULL,
  fact_id {int} NOT NULL,
  known_from {int} NOT NULL,
  from_date {date} NOT NULL {date_check from_date},
  to_date {date} NOT NULL {date_check to_date},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, kind, fact_id, known_from),
  CONSTRAINT power_fact_days CHECK (from_date <= to_date),
  CONSTRAINT power_fact_kind CHECK (kind IN ('post', 'limb_post', 'holding', 'sub_delegation', 'urgency_power', 'statutory',
    'on_call'))
){strict};
@owned power_fact
@append_only power_fact

CREATE TABLE arrangement (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  slug {text} NOT NULL,
  starts_on {date} NOT NULL {date_check starts_on},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT arrangement_slug UNIQUE (org_id, slug)
){strict};
@owned arrangement
@versioned arrangement arrangement

-- What each authority decided for itself about the arrangement: the use of the extension, the acceptance of terms.
CREATE TABLE arrangement_use (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  arrangement_id {int} NOT NULL,
  act {text} NOT NULL,
  subject {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT arrangement_use_once UNIQUE (org_id, arrangement_id, act, subject),
  CONSTRAINT arrangement_use_act CHECK (act IN ('extend_term', 'accept_terms'))
){strict};
@owned arrangement_use
@append_only arrangement_use

CREATE TABLE annual_value (
  org_id {int} NOT NULL,
  year_start {date} NOT NULL {date_check year_start},
  ceiling_pence {int} NOT NULL,
  committed_pence {int} NOT NULL,
  over_pence {int} NOT NULL,
  PRIMARY KEY (org_id, year_start),
  CONSTRAINT annual_value_positive CHECK (ceiling_pence >= 0 AND committed_pence >= 0 AND over_pence >= 0),
  CONSTRAINT within_ceiling CHECK (committed_pence <= ceiling_pence + over_pence)
){strict};
@tenant annual_value

CREATE TABLE commitment_year (
  org_id {int} NOT NULL,
  agreement_id {int} NOT NULL,
  year_start {date} NOT NULL,
  pence {int} NOT NULL,
  PRIMARY KEY (org_id, agreement_id, year_start),
  CONSTRAINT commitment_positive CHECK (pence >= 0)
){strict};
@tenant commitment_year

-- An exception of an agreement's entries; or with its year and amount, of what was placed in a year that no decision had
-- adopted, or of what a lowered ceiling left above it.
CREATE TABLE over_grant (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  agreement_id {int},
  year_start {date} {date_check year_start},
  excess_pence {int},
  reason {text} NOT NULL,
  words {text} NOT NULL,
  person_id {int} NOT NULL,
  granted_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT over_grant_about CHECK (agreement_id IS NOT NULL OR (reason = 'lowered_ceiling' AND year_start IS NOT NULL)),
  CONSTRAINT over_grant_excess CHECK ((year_start IS NULL) = (excess_pence IS NULL)),
  CONSTRAINT over_grant_reason CHECK (reason IN ('urgency', 'without_recorded_power', 'overstay', 'uplift_decided',
    'back_dated', 'lowered_ceiling', 'void_share'))
){strict};
@tenant over_grant
@append_only over_grant

CREATE TABLE commitment_entry (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  agreement_id {int} NOT NULL,
  year_start {date} NOT NULL,
  delta_pence {int} NOT NULL,
  over_grant_id {int},
  event_seq {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT entry_granted FOREIGN KEY (org_id, over_grant_id) REFERENCES over_grant (org_id, id)
){strict};
CREATE INDEX commitment_entry_year ON commitment_entry (org_id, year_start);
CREATE UNIQUE INDEX grant_once ON commitment_entry (org_id, over_grant_id, year_start) WHERE over_grant_id IS NOT NULL;
@tenant commitment_entry
@append_only commitment_entry

CREATE TABLE ceiling_change (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  year_start {date} NOT NULL {date_check year_start},
  ceiling_pence {int} NOT NULL,
  decision_id {int} NOT NULL,
  accepts_over {int} NOT NULL,
  event_seq {int} NOT NULL,
  changed_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT ceiling_decided FOREIGN KEY (org_id, decision_id) REFERENCES decision (org_id, id),
  CONSTRAINT ceiling_positive CHECK (ceiling_pence >= 0 AND accepts_over IN (0, 1))
){strict};
@tenant ceiling_change
@append_only ceiling_change

-- What an agreement commits: its lines and dates as the ledger knew them, so that every figure and every other reading
-- of it can be computed, then and now.
CREATE TABLE commitment (
  org_id {int} NOT NULL,
  agreement_id {int} NOT NULL,
  known_from {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, agreement_id, known_from)
){strict};
@tenant commitment
@append_only commitment

@sqlite
CREATE TRIGGER entry_moves AFTER INSERT ON commitment_entry BEGIN
  SELECT RAISE(ABORT, 'no_annual_value') WHERE NOT EXISTS (
    SELECT 1 FROM annual_value WHERE org_id = NEW.org_id AND year_start = NEW.year_start);
  INSERT INTO commitment_year (org_id, agreement_id, year_start, pence)
    VALUES (NEW.org_id, NEW.agreement_id, NEW.year_start, 0) ON CONFLICT DO NOTHING;
  UPDATE commitment_year SET pence = pence + NEW.delta_pence
    WHERE org_id = NEW.org_id AND agreement_id = NEW.agreement_id AND year_start = NEW.year_start;
  UPDATE annual_value SET committed_pence = committed_pence + NEW.delta_pence,
    over_pence = CASE WHEN NEW.over_grant_id IS NOT NULL
      THEN max(0, committed_pence + NEW.delta_pence - ceiling_pence)
      ELSE min(over_pence, max(0, committed_pence + NEW.delta_pence - ceiling_pence)) END
    WHERE org_id = NEW.org_id AND year_start = NEW.year_start;
END;
CREATE TRIGGER ceiling_moves AFTER INSERT ON ceiling_change BEGIN
  INSERT INTO annual_value (org_id, year_start, ceiling_pence, committed_pence, over_pence)
    VALUES (NEW.org_id, NEW.year_start, NEW.ceiling_pence, 0, 0) ON CONFLICT DO NOTHING;
  SELECT RAISE(ABORT, 'ceiling_below_committed') WHERE NEW.accepts_over = 0 AND EXISTS (
    SELECT 1 FROM annual_value WHERE org_id = NEW.org_id AND year_start = NEW.year_start
      AND committed_pence - NEW.ceiling_pence > over_pence);
  UPDATE annual_value SET ceiling_pence = NEW.ceiling_pence, over_pence = max(0, committed_pence - NEW.ceiling_pence)
    WHERE org_id = NEW.org_id AND year_start = NEW.year_start;
END;
@end
@postgres
CREATE FUNCTION entry_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO commitment_year (org_id, agreement_id, year_start, pence)
    VALUES (NEW.org_id, NEW.agreement_id, NEW.year_start, 0) ON CONFLICT DO NOTHING;
  UPDATE commitment_year SET pence = pence + NEW.delta_pence
    WHERE org_id = NEW.org_id AND agreement_id = NEW.agreement_id AND year_start = NEW.year_start;
  UPDATE annual_value SET committed_pence = committed_pence + NEW.delta_pence,
    over_pence = CASE WHEN NEW.over_grant_id IS NOT NULL
      THEN greatest(0, committed_pence + NEW.delta_pence - ceiling_pence)
      ELSE least(over_pence, greatest(0, committed_pence + NEW.delta_pence - ceiling_pence)) END
    WHERE org_id = NEW.org_id AND year_start = NEW.year_start;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no_annual_value' USING ERRCODE = '23514', CONSTRAINT = 'no_annual_value';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_moves AFTER INSERT ON commitment_entry FOR EACH ROW EXECUTE FUNCTION entry_moves();
CREATE FUNCTION ceiling_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO annual_value (org_id, year_start, ceiling_pence, committed_pence, over_pence)
    VALUES (NEW.org_id, NEW.year_start, NEW.ceiling_pence, 0, 0) ON CONFLICT DO NOTHING;
  IF NEW.accepts_over = 0 AND EXISTS (
    SELECT 1 FROM annual_value WHERE org_id = NEW.org_id AND year_start = NEW.year_start
      AND committed_pence - NEW.ceiling_pence > over_pence) THEN
    RAISE EXCEPTION 'ceiling_below_committed' USING ERRCODE = '23514', CONSTRAINT = 'ceiling_below_committed';
  END IF;
  UPDATE annual_value SET ceiling_pence = NEW.ceiling_pence, over_pence = greatest(0, committed_pence - NEW.ceiling_pence)
    WHERE org_id = NEW.org_id AND year_start = NEW.year_start;
  RETURN NEW;
END $$;
CREATE TRIGGER ceiling_moves AFTER INSERT ON ceiling_change FOR EACH ROW EXECUTE FUNCTION ceiling_moves();
ALTER TABLE annual_value SET (fillfactor = 50);
@end
