-- A file of documents asks for a thousand numbers at once; a provider may keep a hundred thousand.

CREATE INDEX paper_of_number ON paper (org_id, reference) WHERE state = 'held';
