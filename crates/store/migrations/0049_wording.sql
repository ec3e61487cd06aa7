-- What a provider keeps to say again of a home in its offers: one sentence for each need, about the home alone. Its own people
-- read it and nobody else. It is taken out for good: no version of it stays.

CREATE TABLE home_wording (
  org_id {int} NOT NULL REFERENCES organisation (id),
  home_id {int} NOT NULL,
  need {text} NOT NULL,
  words {text} NOT NULL,
  saved_on {date} NOT NULL {date_check saved_on},
  PRIMARY KEY (org_id, home_id, need)
){strict};
@tenant home_wording
