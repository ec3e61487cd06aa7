-- An empty bed of a mini-block is offered to its authorities in the order of the contract, before its nights are sold to
-- others: one offer stands for a bed at a time, and each authority is asked once for each time that it stands empty.

CREATE TABLE void_offer (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  authority_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  block_id {int} NOT NULL,
  slot {int} NOT NULL,
  since_night {date} NOT NULL {date_check since_night},
  until_moment {text},
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT void_offer_of FOREIGN KEY (org_id, block_id) REFERENCES block (org_id, id),
  CONSTRAINT void_offered_once UNIQUE (org_id, block_id, slot, since_night, authority_id),
  CONSTRAINT void_offer_slot CHECK (slot BETWEEN 1 AND 40),
  CONSTRAINT void_offer_state CHECK (state IN ('offered', 'taken', 'passed', 'lapsed', 'closed')),
  CONSTRAINT void_offer_until CHECK ((until_moment IS NOT NULL) = (state IN ('offered', 'taken')))
){strict};
CREATE UNIQUE INDEX void_offer_stands ON void_offer (org_id, block_id, slot) WHERE state IN ('offered', 'taken');
CREATE INDEX void_offer_due ON void_offer (org_id, until_moment) WHERE until_moment IS NOT NULL;
CREATE INDEX void_offer_of_block ON void_offer (block_id, since_night);
@members void_offer provider_id authority_id
@versioned void_offer void_offer

-- What an authority's approval of an award claims before the contract is live and ties it: a fixed bed, or so many floating
-- ones at a home. A bed is claimed for one mini-block on any night, so that no second award on it is approved meanwhile.
CREATE TABLE block_claim (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  block_id {int} NOT NULL,
  home_id {int} NOT NULL,
  bed_id {int},
  beds {int} NOT NULL,
  from_night {date} NOT NULL {date_check from_night},
  to_night {date} NOT NULL {date_check to_night},
  PRIMARY KEY (org_id, id),
  CONSTRAINT block_claim_nights CHECK (from_night < to_night),
  CONSTRAINT block_claim_beds CHECK (beds > 0 AND (bed_id IS NULL OR beds = 1))
){strict};
CREATE INDEX block_claim_of ON block_claim (org_id, block_id);
CREATE INDEX block_claim_end ON block_claim (bed_id, to_night);
@members_and_home block_claim

@postgres
ALTER TABLE block_claim ADD CONSTRAINT block_bed_claimed EXCLUDE USING gist (
  bed_id WITH =, block_id WITH <>, daterange(from_night, to_night) WITH &&) WHERE (bed_id IS NOT NULL);
@end
@sqlite
CREATE TRIGGER block_claim_fits AFTER INSERT ON block_claim BEGIN
  SELECT RAISE(ABORT, 'block_bed_claimed') FROM block_claim o WHERE o.bed_id = NEW.bed_id AND o.block_id <> NEW.block_id
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night;
END;
@end
