-- What the region compares: prices with coded traits, and searches that the arrangement lost. No row names a child, a
-- provider, a reference or a day; its number says only to its own authority, by the master key, where it comes from.

CREATE TABLE price_point (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  route {text} NOT NULL,
  lot {text} NOT NULL,
  need_band {text} NOT NULL,
  age_band {text} NOT NULL,
  education {int} NOT NULL,
  staffing {text} NOT NULL,
  notice {text} NOT NULL,
  area {text} NOT NULL,
  home {int} NOT NULL,
  quarter {date} NOT NULL {date_check quarter},
  weekly_pence {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT price_point_route CHECK (route IN ('arrangement', 'spot', 'block', 'in_house')),
  CONSTRAINT price_point_positive CHECK (weekly_pence >= 0)
){strict};
CREATE INDEX price_point_quarter ON price_point (org_id, quarter);
@members price_point

CREATE TABLE lost_search (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  quarter {date} NOT NULL {date_check quarter},
  lot {text} NOT NULL,
  lost_by {text} NOT NULL,
  reason {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT lost_search_by CHECK (lost_by IN ('not_placed', 'spot'))
){strict};
CREATE INDEX lost_search_quarter ON lost_search (org_id, quarter);
@members lost_search

-- What each route took to arrange in each authority's last year: medians, counted by the authority's own record each day.
CREATE TABLE counted_burden (
  org_id {int} NOT NULL REFERENCES organisation (id),
  route {text} NOT NULL,
  counted_on {date} NOT NULL {date_check counted_on},
  placements {int} NOT NULL,
  checks {int} NOT NULL,
  check_minutes {int} NOT NULL,
  contracting_minutes {int},
  said_minutes {int},
  PRIMARY KEY (org_id, route)
){strict};
@members counted_burden
