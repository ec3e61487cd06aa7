-- What an agreement says of its parties beside their names: the company number of a provider, and the registered manager of a
-- home. Both are told by the provider, dated, and never overwritten (rule 4.4).

CREATE TABLE company_fact (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  number {text} NOT NULL,
  recorded_on {date} NOT NULL {date_check recorded_on},
  told_by {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT company_fact_told CHECK (told_by IN ('provider', 'file', 'application', 'registration'))
){strict};

-- What a provider said in the last application that it sent.
@sqlite
INSERT INTO company_fact (id, org_id, number, recorded_on, told_by)
  SELECT id, org_id, upper(replace(json_extract(body, '$.answers.selection.company_number'), ' ', '')),
         substr(json_extract(body, '$.sent'), 1, 10), 'application'
  FROM admission_application a WHERE coalesce(json_extract(body, '$.answers.selection.company_number'), '') <> ''
    AND id = (SELECT max(id) FROM admission_application WHERE org_id = a.org_id);
@end
@postgres
INSERT INTO company_fact (id, org_id, number, recorded_on, told_by)
  SELECT id, org_id, upper(replace(body::json #>> '{answers,selection,company_number}', ' ', '')),
         substr(body::json #>> '{sent}', 1, 10)::date, 'application'
  FROM admission_application a WHERE coalesce(body::json #>> '{answers,selection,company_number}', '') <> ''
    AND id = (SELECT max(id) FROM admission_application WHERE org_id = a.org_id);
@end
@owned company_fact
@append_only company_fact

-- A manager's name is a worker's: other providers and the public never read it.
CREATE TABLE registered_manager (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  home_id {int} NOT NULL,
  name {text},
  from_on {date} NOT NULL {date_check from_on},
  recorded_on {date} NOT NULL {date_check recorded_on},
  told_by {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT registered_manager_told CHECK (told_by IN ('provider', 'file'))
){strict};
CREATE INDEX registered_manager_of_home ON registered_manager (home_id, id);
@members_and_home registered_manager
@append_only registered_manager
