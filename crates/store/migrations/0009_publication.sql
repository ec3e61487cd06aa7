-- Publication: notices on the forward plan, officers' decisions, and the yearly totals, which are published once.

ALTER TABLE decision_text ADD COLUMN why {text};

-- What the forward plan says to everybody, and how each notice went on; the latest row of a decision stands.
CREATE TABLE forward_plan (
  org_id {int} NOT NULL REFERENCES organisation (id),
  decision_id {int} NOT NULL,
  version {int} NOT NULL,
  step {text} NOT NULL,
  expected_on {date} NOT NULL {date_check expected_on},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, decision_id, version),
  CONSTRAINT forward_plan_step CHECK (step IN ('noticed', 'taken', 'withdrawn'))
){strict};
@owned forward_plan
@append_only forward_plan

CREATE TABLE delegated_decision (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  reference {text} NOT NULL,
  under_id {int} NOT NULL,
  state {text} NOT NULL,
  public {int} NOT NULL,
  taken_on {date} NOT NULL {date_check taken_on},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT delegated_decision_reference UNIQUE (org_id, reference),
  CONSTRAINT delegated_decision_version CHECK (version > 0),
  CONSTRAINT delegated_decision_public CHECK (public IN (0, 1)),
  CONSTRAINT delegated_decision_state CHECK (state IN ('draft', 'published', 'withdrawn'))
){strict};
CREATE INDEX delegated_decision_taken ON delegated_decision (taken_on) WHERE public = 1;
@published delegated_decision public = 1
@versioned delegated_decision delegated_decision

-- A contract year's totals, with every small number out of them. Neither the year nor a figure of it is ever published
-- a second time: the difference between two versions would give away what both leave out.
CREATE TABLE published_year (
  org_id {int} NOT NULL REFERENCES organisation (id),
  year_start {date} NOT NULL {date_check year_start},
  published_at {int} NOT NULL,
  person_id {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, year_start)
){strict};
@owned published_year
@append_only published_year
