-- Homes and their beds, what is known of them in two times, and who sleeps where.

CREATE TABLE home (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  urn {text} NOT NULL,
  state {text} NOT NULL,
  area {text} NOT NULL,
  places {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT home_of_region UNIQUE (org_id, id),
  CONSTRAINT home_urn UNIQUE (org_id, urn),
  CONSTRAINT home_version_positive CHECK (version > 0),
  CONSTRAINT home_state CHECK (state IN ('registered', 'suspended', 'closed')),
  CONSTRAINT home_places CHECK (places BETWEEN 0 AND 255)
){strict};
CREATE INDEX home_provider ON home (provider_id, urn);
@owned home provider_id
@versioned home home

CREATE TABLE home_register (
  org_id {int} NOT NULL,
  home_id {int} NOT NULL,
  urn {text} NOT NULL,
  open {int} NOT NULL,
  places {int},
  judgement {text},
  organisation {text},
  region {text} NOT NULL,
  as_at {date} NOT NULL {date_check as_at},
  PRIMARY KEY (org_id, home_id),
  CONSTRAINT home_register_open CHECK (open IN (0, 1)),
  CONSTRAINT home_register_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
@owned home_register

CREATE TABLE bed (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  home_id {int} NOT NULL,
  label {text} NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT bed_of_home UNIQUE (id, home_id),
  CONSTRAINT bed_label UNIQUE (org_id, home_id, label),
  CONSTRAINT bed_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE INDEX bed_home ON bed (home_id, id);
@owned bed provider_id

CREATE TABLE inspection (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  home_id {int} NOT NULL,
  kind {text} NOT NULL,
  inspected_on {date} NOT NULL {date_check inspected_on},
  published_on {date} {date_check published_on},
  grade {text},
  serious_concerns {int} NOT NULL,
  event {text} NOT NULL,
  link {text},
  PRIMARY KEY (org_id, id),
  CONSTRAINT inspection_kind CHECK (kind IN ('full', 'assurance', 'monitoring', 'interim')),
  CONSTRAINT inspection_grade CHECK (grade IS NULL OR kind = 'full'),
  CONSTRAINT inspection_concerns CHECK (serious_concerns IN (0, 1)),
  CONSTRAINT inspection_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE INDEX inspection_home ON inspection (home_id, id);
@owned inspection
@append_only inspection

-- Facts in two times: nights or days on one side, the organisation's recorded sequence on the other.

CREATE TABLE standing_fact (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  subject_kind {text} NOT NULL,
  subject_id {int} NOT NULL,
  source {text} NOT NULL,
  standing {text} NOT NULL,
  reason {text} NOT NULL,
  from_date {date} NOT NULL {date_check from_date},
  until_date {date} NOT NULL {date_check until_date},
  known_from {int} NOT NULL,
  known_to {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT standing_days CHECK (from_date < until_date),
  CONSTRAINT standing_known CHECK (known_from < known_to),
  CONSTRAINT standing_subject CHECK (subject_kind IN ('home', 'provider')),
  CONSTRAINT standing_source CHECK (source IN ('region', 'regulator')),
  CONSTRAINT standing_word CHECK (standing IN ('good', 'on_watch', 'suspended', 'removed'))
){strict};
CREATE INDEX standing_subject_known ON standing_fact (org_id, subject_kind, subject_id, known_to);
@owned standing_fact

CREATE TABLE admission (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  home_id {int} NOT NULL,
  arrangement_id {int} NOT NULL,
  lot {text} NOT NULL,
  from_date {date} NOT NULL {date_check from_date},
  until_date {date} NOT NULL {date_check until_date},
  ended {text},
  known_from {int} NOT NULL,
  known_to {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT admission_days CHECK (from_date < until_date),
  CONSTRAINT admission_known CHECK (known_from < known_to),
  CONSTRAINT admission_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE INDEX admission_home_known ON admission (org_id, home_id, known_to);
@owned admission

CREATE TABLE price_fact (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  home_id {int} NOT NULL,
  lot {text} NOT NULL,
  line {text} NOT NULL,
  weekly_pence {int} NOT NULL,
  origin_night {date} NOT NULL {date_check origin_night},
  from_night {date} NOT NULL {date_check from_night},
  to_night {date} NOT NULL {date_check to_night},
  known_from {int} NOT NULL,
  known_to {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT price_positive CHECK (weekly_pence >= 0),
  CONSTRAINT price_nights CHECK (from_night < to_night),
  CONSTRAINT price_known CHECK (known_from < known_to),
  CONSTRAINT price_fact_home FOREIGN KEY (org_id, home_id) REFERENCES home (org_id, id)
){strict};
CREATE INDEX price_home_known ON price_fact (org_id, home_id, known_to);
@members_and_home price_fact

CREATE TABLE bed_use (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  version {int} NOT NULL,
  home_id {int} NOT NULL,
  bed_id {int} NOT NULL,
  kind {text} NOT NULL,
  reason {text},
  agreement_id {int},
  from_night {date} NOT NULL {date_check from_night},
  to_night {date} NOT NULL {date_check to_night},
  solo {int} NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT bed_use_bed FOREIGN KEY (bed_id, home_id) REFERENCES bed (id, home_id),
  CONSTRAINT bed_use_nights CHECK (from_night < to_night),
  CONSTRAINT bed_use_kind CHECK (kind IN ('stay', 'held', 'out_of_service', 'cancelled')),
  CONSTRAINT bed_use_solo CHECK (solo = 0 OR (solo = 1 AND kind IN ('stay', 'held'))),
  CONSTRAINT bed_use_reason CHECK (reason IS NULL OR kind IN ('out_of_service', 'cancelled')),
  CONSTRAINT bed_use_agreement CHECK (agreement_id IS NOT NULL OR kind IN ('out_of_service', 'cancelled'))
){strict};
CREATE INDEX bed_use_bed_end ON bed_use (bed_id, to_night);
CREATE INDEX bed_use_home_end ON bed_use (home_id, to_night);
CREATE INDEX bed_use_agreement_end ON bed_use (agreement_id, to_night);
@members bed_use provider_id
@versioned bed_use occupancy

@postgres
ALTER TABLE bed_use ADD CONSTRAINT bed_taken EXCLUDE USING gist (
  bed_id WITH =, daterange(from_night, to_night) WITH &&) WHERE (kind <> 'cancelled');
ALTER TABLE bed_use ADD CONSTRAINT child_elsewhere EXCLUDE USING gist (
  agreement_id WITH =, daterange(from_night, to_night) WITH &&) WHERE (kind IN ('stay', 'held'));
ALTER TABLE bed_use ADD CONSTRAINT solo_beside EXCLUDE USING gist (
  home_id WITH =, daterange(from_night, to_night) WITH &&, solo WITH <>) WHERE (kind IN ('stay', 'held'));
ALTER TABLE bed_use ADD CONSTRAINT solo_twice EXCLUDE USING gist (
  home_id WITH =, daterange(from_night, to_night) WITH &&) WHERE (kind IN ('stay', 'held') AND solo = 1);

ALTER TABLE standing_fact ADD CONSTRAINT one_standing EXCLUDE USING gist (
  org_id WITH =, subject_kind WITH =, subject_id WITH =, source WITH =,
  daterange(from_date, until_date) WITH &&, int8range(known_from, known_to) WITH &&);
ALTER TABLE admission ADD CONSTRAINT one_admission EXCLUDE USING gist (
  org_id WITH =, home_id WITH =, lot WITH =,
  daterange(from_date, until_date) WITH &&, int8range(known_from, known_to) WITH &&);
ALTER TABLE price_fact ADD CONSTRAINT one_price EXCLUDE USING gist (
  org_id WITH =, home_id WITH =, lot WITH =, line WITH =,
  daterange(from_night, to_night) WITH &&, int8range(known_from, known_to) WITH &&);

CREATE FUNCTION only_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.known_to = 9223372036854775807 AND NEW.known_to <> OLD.known_to
    AND to_jsonb(NEW) - 'known_to' = to_jsonb(OLD) - 'known_to' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'append_only' USING ERRCODE = '23514', CONSTRAINT = 'append_only';
END $$;
CREATE TRIGGER standing_fact_closes BEFORE UPDATE OR DELETE ON standing_fact FOR EACH ROW EXECUTE FUNCTION only_close();
CREATE TRIGGER admission_closes BEFORE UPDATE OR DELETE ON admission FOR EACH ROW EXECUTE FUNCTION only_close();
CREATE TRIGGER price_fact_closes BEFORE UPDATE OR DELETE ON price_fact FOR EACH ROW EXECUTE FUNCTION only_close();
@end

@sqlite
CREATE TRIGGER bed_use_fits_insert AFTER INSERT ON bed_use WHEN NEW.kind <> 'cancelled' BEGIN
  SELECT RAISE(ABORT, 'bed_taken') FROM bed_use o WHERE o.bed_id = NEW.bed_id AND o.id <> NEW.id
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night AND o.kind <> 'cancelled';
  SELECT RAISE(ABORT, 'child_elsewhere') FROM bed_use o WHERE o.agreement_id = NEW.agreement_id AND o.id <> NEW.id
    AND NEW.kind IN ('stay', 'held') AND o.kind IN ('stay', 'held')
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night;
  SELECT RAISE(ABORT, 'solo_beside') FROM bed_use o WHERE o.home_id = NEW.home_id AND o.id <> NEW.id
    AND NEW.kind IN ('stay', 'held') AND o.kind IN ('stay', 'held') AND (NEW.solo = 1 OR o.solo = 1)
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night;
END;
CREATE TRIGGER bed_use_fits_update AFTER UPDATE ON bed_use WHEN NEW.kind <> 'cancelled' BEGIN
  SELECT RAISE(ABORT, 'bed_taken') FROM bed_use o WHERE o.bed_id = NEW.bed_id AND o.id <> NEW.id
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night AND o.kind <> 'cancelled';
  SELECT RAISE(ABORT, 'child_elsewhere') FROM bed_use o WHERE o.agreement_id = NEW.agreement_id AND o.id <> NEW.id
    AND NEW.kind IN ('stay', 'held') AND o.kind IN ('stay', 'held')
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night;
  SELECT RAISE(ABORT, 'solo_beside') FROM bed_use o WHERE o.home_id = NEW.home_id AND o.id <> NEW.id
    AND NEW.kind IN ('stay', 'held') AND o.kind IN ('stay', 'held') AND (NEW.solo = 1 OR o.solo = 1)
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night;
END;

CREATE TRIGGER standing_fact_one AFTER INSERT ON standing_fact BEGIN
  SELECT RAISE(ABORT, 'one_standing') FROM standing_fact o WHERE o.org_id = NEW.org_id AND o.id <> NEW.id
    AND o.subject_kind = NEW.subject_kind AND o.subject_id = NEW.subject_id AND o.source = NEW.source
    AND o.until_date > NEW.from_date AND o.from_date < NEW.until_date
    AND o.known_to > NEW.known_from AND o.known_from < NEW.known_to;
END;
CREATE TRIGGER admission_one AFTER INSERT ON admission BEGIN
  SELECT RAISE(ABORT, 'one_admission') FROM admission o WHERE o.org_id = NEW.org_id AND o.id <> NEW.id
    AND o.home_id = NEW.home_id AND o.lot = NEW.lot
    AND o.until_date > NEW.from_date AND o.from_date < NEW.until_date
    AND o.known_to > NEW.known_from AND o.known_from < NEW.known_to;
END;
CREATE TRIGGER price_fact_one AFTER INSERT ON price_fact BEGIN
  SELECT RAISE(ABORT, 'one_price') FROM price_fact o WHERE o.org_id = NEW.org_id AND o.id <> NEW.id
    AND o.home_id = NEW.home_id AND o.lot = NEW.lot AND o.line = NEW.line
    AND o.to_night > NEW.from_night AND o.from_night < NEW.to_night
    AND o.known_to > NEW.known_from AND o.known_from < NEW.known_to;
END;
CREATE TRIGGER standing_fact_closes BEFORE UPDATE ON standing_fact WHEN NOT (OLD.known_to = 9223372036854775807
    AND NEW.known_to < OLD.known_to AND (NEW.id, NEW.org_id, NEW.subject_kind, NEW.subject_id, NEW.source, NEW.standing,
      NEW.reason, NEW.from_date, NEW.until_date, NEW.known_from) IS (OLD.id, OLD.org_id, OLD.subject_kind,
      OLD.subject_id, OLD.source, OLD.standing, OLD.reason, OLD.from_date, OLD.until_date, OLD.known_from)) BEGIN
  SELECT RAISE(ABORT, 'append_only');
END;
CREATE TRIGGER admission_closes BEFORE UPDATE ON admission WHEN NOT (OLD.known_to = 9223372036854775807
    AND NEW.known_to < OLD.known_to AND (NEW.id, NEW.org_id, NEW.home_id, NEW.arrangement_id, NEW.lot, NEW.from_date,
      NEW.until_date, NEW.ended, NEW.known_from) IS (OLD.id, OLD.org_id, OLD.home_id, OLD.arrangement_id, OLD.lot,
      OLD.from_date, OLD.until_date, OLD.ended, OLD.known_from)) BEGIN
  SELECT RAISE(ABORT, 'append_only');
END;
CREATE TRIGGER price_fact_closes BEFORE UPDATE ON price_fact WHEN NOT (OLD.known_to = 9223372036854775807
    AND NEW.known_to < OLD.known_to AND (NEW.id, NEW.org_id, NEW.home_id, NEW.lot, NEW.line, NEW.weekly_pence,
      NEW.origin_night, NEW.from_night, NEW.to_night, NEW.known_from) IS (OLD.id, OLD.org_id, OLD.home_id, OLD.lot,
      OLD.line, OLD.weekly_pence, OLD.origin_night, OLD.from_night, OLD.to_night, OLD.known_from)) BEGIN
  SELECT RAISE(ABORT, 'append_only');
END;
CREATE TRIGGER standing_fact_no_delete BEFORE DELETE ON standing_fact BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER admission_no_delete BEFORE DELETE ON admission BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER price_fact_no_delete BEFORE DELETE ON price_fact BEGIN SELECT RAISE(ABORT, 'append_only'); END;
@end
