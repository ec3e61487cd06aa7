-- An authority that leaves, a provider that accepts terms, warnings of a term's end, agreements moved to a successor.

-- Read by those who arrange and buy: the list of agreements is no provider's to see.
CREATE TABLE arrangement_leave (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  arrangement_id {int} NOT NULL,
  from_date {date} NOT NULL {date_check from_date},
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT arrangement_left_once UNIQUE (org_id, arrangement_id)
){strict};
@members arrangement_leave
@append_only arrangement_leave

-- From which day an authority takes no part: the arrangement's page says so to everybody.
CREATE TABLE arrangement_left (
  org_id {int} NOT NULL REFERENCES organisation (id),
  arrangement_id {int} NOT NULL,
  from_date {date} NOT NULL {date_check from_date},
  PRIMARY KEY (org_id, arrangement_id)
){strict};
@owned arrangement_left
@append_only arrangement_left

-- A provider's acceptance of a version of the terms, by somebody who says that they have authority to sign.
CREATE TABLE terms_acceptance (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  arrangement_id {int} NOT NULL,
  terms {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT terms_accepted_once UNIQUE (org_id, arrangement_id, terms)
){strict};
@members terms_acceptance
@append_only terms_acceptance

-- Which warning of the end of a term an organisation's people were sent: each once.
CREATE TABLE term_warning (
  org_id {int} NOT NULL REFERENCES organisation (id),
  arrangement_id {int} NOT NULL,
  ends_on {date} NOT NULL {date_check ends_on},
  months {int} NOT NULL,
  warned_on {date} NOT NULL {date_check warned_on},
  PRIMARY KEY (org_id, arrangement_id, ends_on, months),
  CONSTRAINT term_warning_months CHECK (months IN (3, 6, 9, 12))
){strict};
@tenant term_warning
@append_only term_warning

-- An agreement is moved to a successor once, whoever asks again.
CREATE TABLE agreement_move (
  org_id {int} NOT NULL,
  agreement_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  arrangement_id {int} NOT NULL,
  moved_on {date} NOT NULL {date_check moved_on},
  CONSTRAINT agreement_moved_once PRIMARY KEY (org_id, agreement_id),
  CONSTRAINT agreement_moved FOREIGN KEY (org_id, agreement_id) REFERENCES agreement (org_id, id)
){strict};
@two_party agreement_move provider_id
@append_only agreement_move
