-- Mini-blocks: the lead's record, what each authority needs and decides, what providers bid, the beds that are tied, and
-- what is published of an award.

-- The provider is named once the contract is live; until then no provider reads it.
CREATE TABLE block (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} REFERENCES organisation (id),
  version {int} NOT NULL,
  reference {text} NOT NULL,
  state {text} NOT NULL,
  lot {text} NOT NULL,
  from_night {date} NOT NULL {date_check from_night},
  until_night {date} NOT NULL {date_check until_night},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT block_reference UNIQUE (org_id, reference),
  CONSTRAINT block_nights CHECK (from_night < until_night),
  CONSTRAINT block_state CHECK (state IN ('proposed', 'competing', 'recommended', 'live', 'notice_given', 'ended',
    'withdrawn'))
){strict};
CREATE INDEX block_running ON block (org_id, state, until_night);
@members block provider_id
@versioned block block

-- Business case, competition and evaluation: never a provider's to read.
CREATE TABLE block_file (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  version {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT block_file_of FOREIGN KEY (org_id, id) REFERENCES block (org_id, id)
){strict};
@members block_file
@versioned block_file block_file

-- What an authority's own record shows of the need: counts and nights.
CREATE TABLE block_need (
  org_id {int} NOT NULL,
  block_id {int} NOT NULL,
  counted_on {date} NOT NULL {date_check counted_on},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, block_id)
){strict};
CREATE INDEX block_need_of ON block_need (block_id);
@members block_need

CREATE TABLE block_bid (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  block_id {int} NOT NULL,
  state {text} NOT NULL,
  deadline {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT block_bid_once UNIQUE (org_id, block_id, provider_id),
  CONSTRAINT block_bid_of FOREIGN KEY (org_id, block_id) REFERENCES block (org_id, id),
  CONSTRAINT block_bid_state CHECK (state IN ('asked', 'sent', 'declined', 'no_reply', 'chosen', 'not_chosen',
    'withdrawn'))
){strict};
CREATE INDEX block_bid_of_provider ON block_bid (provider_id, state);
@two_party block_bid provider_id
@versioned block_bid block_bid

-- Each paying authority's own decision on each set of approvals, in its own transaction.
CREATE TABLE block_approval (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  block_id {int} NOT NULL,
  step {int} NOT NULL,
  decided {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT block_decided_once UNIQUE (org_id, block_id, step),
  CONSTRAINT block_approval_decided CHECK (decided IN ('given', 'refused'))
){strict};
CREATE INDEX block_approval_of ON block_approval (block_id, step);
@members block_approval
@versioned block_approval block_approval

-- The monitoring officer's opinion that an award implements an earlier key decision.
CREATE TABLE block_opinion (
  org_id {int} NOT NULL REFERENCES organisation (id),
  block_id {int} NOT NULL,
  step {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, block_id, step)
){strict};
@members block_opinion
@append_only block_opinion

-- The beds that a live contract ties: a bed belongs to one mini-block on any night.
CREATE TABLE block_bed (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  block_id {int} NOT NULL,
  home_id {int} NOT NULL,
  bed_id {int} NOT NULL,
  from_night {date} NOT NULL {date_check from_night},
  to_night {date} NOT NULL {date_check to_night},
  PRIMARY KEY (org_id, id),
  CONSTRAINT block_bed_of FOREIGN KEY (org_id, block_id) REFERENCES block (org_id, id),
  CONSTRAINT block_bed_nights CHECK (from_night < to_night)
){strict};
CREATE INDEX block_bed_end ON block_bed (bed_id, to_night);
CREATE INDEX block_bed_home ON block_bed (home_id, to_night);
@members_and_home block_bed

-- What is published of an award: everybody reads it.
CREATE TABLE block_published (
  org_id {int} NOT NULL REFERENCES organisation (id),
  block_id {int} NOT NULL,
  reference {text} NOT NULL,
  published_on {date} NOT NULL {date_check published_on},
  changed_at {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, block_id)
){strict};
@owned block_published

@postgres
ALTER TABLE block_bed ADD CONSTRAINT block_bed_taken EXCLUDE USING gist (
  bed_id WITH =, daterange(from_night, to_night) WITH &&);
@end

@sqlite
CREATE TRIGGER block_bed_fits_insert AFTER INSERT ON block_bed BEGIN
  SELECT RAISE(ABORT, 'block_bed_taken') FROM block_bed o WHERE o.bed_id = NEW.bed_id AND o.id <> NEW.id
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night;
END;
CREATE TRIGGER block_bed_fits_update AFTER UPDATE ON block_bed BEGIN
  SELECT RAISE(ABORT, 'block_bed_taken') FROM block_bed o WHERE o.bed_id = NEW.bed_id AND o.id <> NEW.id
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night;
END;
@end
