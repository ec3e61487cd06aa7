-- The nights of mini-blocks: who is nominated for which bed, why beds stood empty, to whom nights were sold; each month as it
-- was settled, night by night; and up to where each authority's ledger has followed.

-- A child who lived in a bed before this system has no referral here: its number is 0.
CREATE TABLE nomination (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  block_id {int} NOT NULL,
  slot {int} NOT NULL,
  home_id {int} NOT NULL,
  referral_id {int} NOT NULL,
  agreement_id {int},
  state {text} NOT NULL,
  made {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT nomination_slot CHECK (slot BETWEEN 1 AND 40),
  CONSTRAINT nomination_state CHECK (state IN ('open', 'accepted', 'refused', 'conceded', 'withdrawn', 'placed'))
){strict};
CREATE UNIQUE INDEX nomination_stands ON nomination (block_id, slot) WHERE state IN ('open', 'accepted');
CREATE UNIQUE INDEX nomination_of_child ON nomination (org_id, referral_id) WHERE referral_id > 0 AND state IN ('open', 'accepted', 'placed');
CREATE INDEX nomination_of_block ON nomination (block_id, made);
CREATE INDEX nomination_of_provider ON nomination (provider_id, state);
CREATE INDEX nomination_of_agreement ON nomination (org_id, agreement_id) WHERE agreement_id IS NOT NULL;
@members nomination provider_id
@versioned nomination nomination

CREATE TABLE block_void (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  block_id {int} NOT NULL,
  from_night {date} NOT NULL {date_check from_night},
  to_night {date} NOT NULL {date_check to_night},
  cause {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT block_void_nights CHECK (from_night < to_night),
  CONSTRAINT block_void_cause CHECK (cause IN ('no_nomination', 'unsuitable_nomination', 'refused_within_limit',
    'refused_beyond_limit', 'unstaffed', 'suspended', 'not_registered', 'resident_needs'))
){strict};
CREATE INDEX block_void_of ON block_void (block_id, id);
@members block_void provider_id
@append_only block_void

CREATE TABLE resale (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  buyer_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  block_id {int} NOT NULL,
  slot {int} NOT NULL,
  from_night {date} NOT NULL {date_check from_night},
  to_night {date} NOT NULL {date_check to_night},
  agreement_id {int},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT resale_nights CHECK (from_night < to_night),
  CONSTRAINT resale_state CHECK (state IN ('offered', 'taken', 'withdrawn'))
){strict};
CREATE INDEX resale_of_block ON resale (block_id, from_night);
CREATE INDEX resale_of_agreement ON resale (buyer_id, agreement_id) WHERE agreement_id IS NOT NULL;
@members resale provider_id buyer_id
@versioned resale resale

@postgres
ALTER TABLE resale ADD CONSTRAINT resale_twice EXCLUDE USING gist (
  block_id WITH =, slot WITH =, daterange(from_night, to_night) WITH &&) WHERE (state <> 'withdrawn');
@end
@sqlite
CREATE TRIGGER resale_once AFTER INSERT ON resale BEGIN
  SELECT RAISE(ABORT, 'resale_twice') FROM resale o WHERE o.id <> NEW.id AND o.block_id = NEW.block_id AND o.slot = NEW.slot
    AND o.state <> 'withdrawn' AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night;
END;
@end

CREATE TABLE block_month (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  block_id {int} NOT NULL,
  month {date} NOT NULL {date_check month},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT block_month_state CHECK (state IN ('agreed_by_one', 'disputed', 'frozen'))
){strict};
CREATE UNIQUE INDEX block_month_once ON block_month (block_id, month);
@members block_month provider_id
@versioned block_month block_month

-- A night as it was settled; a correction of it carries the month in whose settling it was posted.
CREATE TABLE block_night (
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  block_id {int} NOT NULL,
  night {date} NOT NULL {date_check night},
  slot {int} NOT NULL,
  posted {date} NOT NULL {date_check posted},
  state {text} NOT NULL,
  due_pence {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, block_id, night, slot, posted)
){strict};
CREATE INDEX block_night_posted_in ON block_night (block_id, posted);
@members block_night provider_id
@append_only block_night

-- Up to which count of facts an authority's ledger has taken its part of a block. Others release only what it has taken.
CREATE TABLE block_stand (
  org_id {int} NOT NULL,
  block_id {int} NOT NULL,
  stand {int} NOT NULL,
  PRIMARY KEY (org_id, block_id)
){strict};
@members block_stand
