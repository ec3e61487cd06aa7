-- Openings of the arrangement, applications to them, and questions that are answered to everybody.

-- A draft is the regional team's; what is published, everybody reads.
CREATE TABLE admission_opening (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  reference {text} NOT NULL,
  state {text} NOT NULL,
  closes {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT admission_opening_reference UNIQUE (org_id, reference),
  CONSTRAINT admission_opening_state CHECK (state IN ('draft', 'published', 'cancelled'))
){strict};
@published admission_opening state <> 'draft'
@versioned admission_opening admission_opening

-- What a provider has not sent is nobody else's to read.
CREATE TABLE admission_draft (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  opening_id {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT admission_draft_once UNIQUE (org_id, opening_id)
){strict};
@tenant admission_draft
@versioned admission_draft admission_draft

-- Who scores which application: so that an evaluator's authority reads it, and no rival does.
CREATE TABLE evaluation_panel (
  org_id {int} NOT NULL REFERENCES organisation (id),
  evaluation_id {int} NOT NULL,
  application_id {int} NOT NULL,
  authority_id {int} NOT NULL REFERENCES organisation (id),
  person_id {int} NOT NULL REFERENCES person (id),
  PRIMARY KEY (org_id, evaluation_id, person_id),
  CONSTRAINT one_evaluator_an_authority UNIQUE (org_id, evaluation_id, authority_id)
){strict};
CREATE INDEX evaluation_panel_person ON evaluation_panel (person_id, evaluation_id);
CREATE INDEX evaluation_panel_application ON evaluation_panel (application_id, authority_id);
@members evaluation_panel
@append_only evaluation_panel

-- The provider's; the regional team and the evaluators' authorities read it.
CREATE TABLE admission_application (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  region_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  opening_id {int} NOT NULL,
  state {text} NOT NULL,
  late {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT admission_application_once UNIQUE (org_id, opening_id),
  CONSTRAINT admission_application_late CHECK (late IN (0, 1)),
  CONSTRAINT admission_application_state CHECK (state IN ('sent', 'withdrawn'))
){strict};
CREATE INDEX admission_application_opening ON admission_application (opening_id, late);
@published admission_application region_id = {org} OR EXISTS (SELECT 1 FROM {main}evaluation_panel p WHERE p.application_id = admission_application.id AND p.authority_id = {org})
@versioned admission_application admission_application

-- Who asked is known to the asker and to the regional team.
CREATE TABLE admission_question (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  region_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  opening_id {int} NOT NULL,
  answered {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT admission_question_answered CHECK (answered IN (0, 1))
){strict};
CREATE INDEX admission_question_opening ON admission_question (opening_id, id);
@two_party admission_question region_id
@versioned admission_question admission_question

-- Question and answer without the asker: everybody reads them.
CREATE TABLE admission_answer (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  opening_id {int} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id)
){strict};
CREATE INDEX admission_answer_opening ON admission_answer (opening_id, id);
@owned admission_answer
@append_only admission_answer
