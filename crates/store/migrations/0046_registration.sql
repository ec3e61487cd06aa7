-- Providers that register themselves while an opening takes applications, and which provider was the first with a company
-- number: a second one is kept and told to the regional team, never to whoever asks.

-- The first that an organisation says of its company number; neither the asker nor another provider reads it.
CREATE TABLE company_number (
  number {text} NOT NULL PRIMARY KEY,
  holder_id {int} NOT NULL REFERENCES organisation (id)
){strict};
@system company_number

@sqlite
INSERT OR IGNORE INTO company_number (number, holder_id)
  SELECT ltrim(upper(replace(json_extract(body, '$.answers.selection.company_number'), ' ', '')), '0') AS number, org_id
  FROM admission_application WHERE coalesce(json_extract(body, '$.answers.selection.company_number'), '') <> '' ORDER BY id;
@end
@postgres
INSERT INTO company_number (number, holder_id)
  SELECT ltrim(upper(replace(body::json #>> '{answers,selection,company_number}', ' ', '')), '0'), org_id
  FROM admission_application WHERE coalesce(body::json #>> '{answers,selection,company_number}', '') <> '' ORDER BY id
  ON CONFLICT (number) DO NOTHING;
@end

CREATE TABLE provider_registration (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  region_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  opening_id {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT provider_registration_state CHECK (state IN ('registered', 'confirmed', 'joined', 'refused'))
){strict};
CREATE INDEX provider_registration_list ON provider_registration (region_id, state, id);
@two_party provider_registration region_id
@versioned provider_registration provider_registration

-- That an outcome is final, as its provider may know it: a challenge that was under way then is refused.
CREATE TABLE outcome_final (
  org_id {int} NOT NULL REFERENCES organisation (id),
  provider_id {int} NOT NULL REFERENCES organisation (id),
  evaluation_id {int} NOT NULL,
  PRIMARY KEY (org_id, evaluation_id)
){strict};
@two_party outcome_final provider_id
@append_only outcome_final

-- A link that proves an address before a provider is registered, and the sealed contact of somebody who is to be invited.
@sqlite
-- SQLite alters no constraint: the rows wait beside while the table is made anew.
CREATE TABLE ceremony_beside AS SELECT * FROM ceremony;
DROP TABLE ceremony;
DELETE FROM table_class WHERE name = 'ceremony';
CREATE TABLE ceremony (
  token_hash {bytes} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  state {bytes} NOT NULL,
  expires_at {int} NOT NULL,
  CONSTRAINT ceremony_kind CHECK (kind IN ('second_step', 'passkey_new', 'passkey', 'provider', 'password_new', 'registration', 'first_person'))
){strict};
INSERT INTO ceremony SELECT token_hash, kind, state, expires_at FROM ceremony_beside;
DROP TABLE ceremony_beside;
@system ceremony
@end
@postgres
ALTER TABLE ceremony DROP CONSTRAINT ceremony_kind;
ALTER TABLE ceremony ADD CONSTRAINT ceremony_kind CHECK (kind IN ('second_step', 'passkey_new', 'passkey', 'provider', 'password_new', 'registration', 'first_person'));
@end
