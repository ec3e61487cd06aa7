-- What each authority tells the region about itself, from its own record in its own transactions: nobody reads another's
-- record to find it. No row names a child, a home, an agreement or a day of a stay.

-- The ceiling and what is committed below it, the moment the ledger moves.
CREATE TABLE region_year (
  org_id {int} NOT NULL,
  year_start {date} NOT NULL {date_check year_start},
  ceiling_pence {int} NOT NULL,
  committed_pence {int} NOT NULL,
  over_pence {int} NOT NULL,
  PRIMARY KEY (org_id, year_start)
){strict};
@members region_year

@sqlite
CREATE TRIGGER region_year_begins AFTER INSERT ON annual_value BEGIN
  INSERT INTO region_year (org_id, year_start, ceiling_pence, committed_pence, over_pence)
    VALUES (NEW.org_id, NEW.year_start, NEW.ceiling_pence, NEW.committed_pence, NEW.over_pence);
END;
CREATE TRIGGER region_year_follows AFTER UPDATE ON annual_value BEGIN
  UPDATE region_year SET ceiling_pence = NEW.ceiling_pence, committed_pence = NEW.committed_pence,
    over_pence = NEW.over_pence WHERE org_id = NEW.org_id AND year_start = NEW.year_start;
END;
@end
@postgres
CREATE FUNCTION region_year_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO region_year (org_id, year_start, ceiling_pence, committed_pence, over_pence)
    VALUES (NEW.org_id, NEW.year_start, NEW.ceiling_pence, NEW.committed_pence, NEW.over_pence)
    ON CONFLICT (org_id, year_start) DO UPDATE SET ceiling_pence = NEW.ceiling_pence,
    committed_pence = NEW.committed_pence, over_pence = NEW.over_pence;
  RETURN NEW;
END $$;
CREATE TRIGGER region_year_follows AFTER INSERT OR UPDATE ON annual_value
  FOR EACH ROW EXECUTE FUNCTION region_year_follows();
@end

-- What the authority counts each day of the year that runs: bound, run-rate, spot beside it, when it would be exceeded.
CREATE TABLE counted_value (
  org_id {int} NOT NULL REFERENCES organisation (id),
  counted_at {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id)
){strict};
@members counted_value

-- Where an options appraisal of the authority starts, for the regional team alone.
CREATE TABLE appraisal_start (
  org_id {int} NOT NULL REFERENCES organisation (id),
  region_id {int} NOT NULL REFERENCES organisation (id),
  counted_on {date} NOT NULL {date_check counted_on},
  body {text} NOT NULL,
  PRIMARY KEY (org_id)
){strict};
@two_party appraisal_start region_id

-- What the authority bought at each provider in a year that is over, for the regional team, which leaves the small numbers
-- out and publishes the rest; once it has, nothing is told of that year again.
CREATE TABLE told_year (
  org_id {int} NOT NULL REFERENCES organisation (id),
  region_id {int} NOT NULL REFERENCES organisation (id),
  year_start {date} NOT NULL {date_check year_start},
  told_at {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, year_start)
){strict};
@two_party told_year region_id

-- The part of a decision that is exempt from publication, as it stands and as it stood: its authority's own, never public.
CREATE TABLE decision_exempt (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  decision_id {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT exempt_part_of FOREIGN KEY (org_id, decision_id) REFERENCES decision (org_id, id)
){strict};
CREATE INDEX decision_exempt_of ON decision_exempt (org_id, decision_id);
@tenant decision_exempt
@append_only decision_exempt

-- Published decisions and homes in pages by key, read from the index.
CREATE INDEX decision_key ON decision (reference) WHERE public = 1;
