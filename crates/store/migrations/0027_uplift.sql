-- By what each price came into a schedule; requests for a rise, what stands behind them, and what one would cost each authority.

CREATE TABLE price_entry (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  home_id {int} NOT NULL,
  lot {text} NOT NULL,
  line {text} NOT NULL,
  weekly_pence {int},
  from_night {date} NOT NULL {date_check from_night},
  to_night {date} NOT NULL {date_check to_night},
  known_from {int} NOT NULL,
  recorded_on {date} NOT NULL {date_check recorded_on},
  source {text} NOT NULL,
  source_id {int} NOT NULL,
  includes {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT price_entry_nights CHECK (from_night < to_night),
  CONSTRAINT price_entry_positive CHECK (weekly_pence IS NULL OR weekly_pence >= 0),
  CONSTRAINT price_entry_source CHECK (source IN ('hand', 'file', 'award', 'uplift')),
  CONSTRAINT price_entry_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE INDEX price_entry_of_home ON price_entry (org_id, home_id, known_from);
@members_and_home price_entry
@append_only price_entry

-- Whom it is about, at which price and how it was decided: who buys reads it. Costs and words stand in price_uplift_book.
CREATE TABLE price_uplift (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  home_id {int} NOT NULL,
  lot {text} NOT NULL,
  state {text} NOT NULL,
  was_pence {int} NOT NULL,
  asked_pence {int} NOT NULL,
  asked_on {date} NOT NULL {date_check asked_on},
  from_night {date} NOT NULL {date_check from_night},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT price_uplift_state CHECK (state IN ('asked', 'withdrawn', 'decided', 'appealed', 'answered')),
  CONSTRAINT price_uplift_rises CHECK (asked_pence > was_pence AND was_pence > 0),
  CONSTRAINT price_uplift_ahead CHECK (from_night > asked_on),
  CONSTRAINT price_uplift_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE UNIQUE INDEX one_open_uplift ON price_uplift (org_id, home_id, lot) WHERE state IN ('asked', 'appealed');
CREATE INDEX price_uplift_list ON price_uplift (org_id, state, asked_on);
CREATE INDEX price_uplift_of_home ON price_uplift (home_id, lot);
@members price_uplift provider_id
@versioned price_uplift price_uplift

-- The costs and the words of a request or an appeal: the provider's and the regional team's alone.
CREATE TABLE price_uplift_book (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  uplift_id {int} NOT NULL,
  part {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT price_uplift_book_once UNIQUE (org_id, uplift_id, part),
  CONSTRAINT price_uplift_book_part CHECK (part IN ('request', 'appeal')),
  CONSTRAINT price_uplift_book_uplift FOREIGN KEY (org_id, uplift_id) REFERENCES price_uplift (org_id, id)
){strict};
@two_party price_uplift_book provider_id
@append_only price_uplift_book

-- What each authority counts of its own agreements for the region.
CREATE TABLE price_uplift_effect (
  org_id {int} NOT NULL REFERENCES organisation (id),
  region_id {int} NOT NULL REFERENCES organisation (id),
  uplift_id {int} NOT NULL,
  agreements {int} NOT NULL,
  waiting {int} NOT NULL,
  pence_a_year {int} NOT NULL,
  told_at {text} NOT NULL,
  PRIMARY KEY (org_id, uplift_id),
  CONSTRAINT price_uplift_effect_counts CHECK (agreements >= 0 AND waiting >= 0 AND waiting <= agreements),
  CONSTRAINT price_uplift_effect_positive CHECK (pence_a_year >= 0)
){strict};
CREATE INDEX price_uplift_effect_of ON price_uplift_effect (region_id, uplift_id);
@two_party price_uplift_effect region_id
