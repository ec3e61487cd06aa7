-- Measures about providers, homes and lots: proposed, confirmed, ended; what followed in each authority; and when the
-- region's dated facts were recorded, so that what was known at a time can be asked.

CREATE TABLE standing_measure (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  subject_kind {text} NOT NULL,
  subject_id {int} NOT NULL,
  lot {text} NOT NULL,
  reason {text} NOT NULL,
  state {text} NOT NULL,
  confirm_by {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT standing_measure_subject CHECK (subject_kind IN ('home', 'provider')),
  CONSTRAINT standing_measure_state CHECK (state IN ('proposed', 'confirmed', 'dropped', 'reinstated'))
){strict};
CREATE UNIQUE INDEX one_measure_for_a_reason ON standing_measure (org_id, subject_kind, subject_id, lot, reason)
  WHERE state IN ('proposed', 'confirmed');
CREATE INDEX standing_measure_waiting ON standing_measure (org_id, state, confirm_by);
@members standing_measure provider_id
@versioned standing_measure standing_measure

-- A lot of a home on which it stands worse than the home itself.
CREATE TABLE lot_standing (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  home_id {int} NOT NULL,
  lot {text} NOT NULL,
  standing {text} NOT NULL,
  reason {text} NOT NULL,
  from_date {date} NOT NULL {date_check from_date},
  until_date {date} NOT NULL {date_check until_date},
  known_from {int} NOT NULL,
  known_to {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT lot_standing_days CHECK (from_date < until_date),
  CONSTRAINT lot_standing_known CHECK (known_from < known_to),
  CONSTRAINT lot_standing_word CHECK (standing IN ('good', 'on_watch', 'suspended', 'removed')),
  CONSTRAINT lot_standing_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE INDEX lot_standing_of_home ON lot_standing (org_id, home_id, known_to);
@owned lot_standing

-- When the organisation's sequence stood where: facts known from a number were recorded at that moment.
CREATE TABLE fact_clock (
  org_id {int} NOT NULL,
  seq {int} NOT NULL,
  recorded_at {int} NOT NULL,
  PRIMARY KEY (org_id, seq)
){strict};
CREATE INDEX fact_clock_moment ON fact_clock (org_id, recorded_at);
@owned fact_clock

-- What was done in an authority once a measure was confirmed, by its own job.
CREATE TABLE standing_followed (
  org_id {int} NOT NULL,
  region_id {int} NOT NULL REFERENCES organisation (id),
  measure_id {int} NOT NULL,
  referrals {int} NOT NULL,
  offers {int} NOT NULL,
  approvals {int} NOT NULL,
  beds {int} NOT NULL,
  placements {int} NOT NULL,
  reviewed {int} NOT NULL,
  followed_at {text} NOT NULL,
  PRIMARY KEY (org_id, measure_id)
){strict};
CREATE INDEX standing_followed_of ON standing_followed (region_id, measure_id);
@two_party standing_followed region_id

CREATE TABLE placement_review (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  version {int} NOT NULL,
  measure_id {int} NOT NULL,
  agreement_id {int} NOT NULL,
  home_id {int} NOT NULL,
  due_on {date} NOT NULL {date_check due_on},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT one_review_of_a_placement UNIQUE (org_id, measure_id, agreement_id),
  CONSTRAINT placement_review_agreement FOREIGN KEY (org_id, agreement_id) REFERENCES agreement (org_id, id),
  CONSTRAINT placement_review_state CHECK (state IN ('due', 'recorded'))
){strict};
CREATE INDEX placement_review_due ON placement_review (org_id, state, due_on);
@tenant placement_review
@versioned placement_review placement_review
