-- Signing in: limits and proofs of sessions, scopes of tokens, second steps, passkeys, single sign-on, invitations of people.

ALTER TABLE sign_in ADD COLUMN idle_seconds {int};
ALTER TABLE sign_in ADD COLUMN proven_until {int};
ALTER TABLE sign_in ADD COLUMN method {text};
ALTER TABLE sign_in ADD COLUMN scope {text};
ALTER TABLE sign_in ADD COLUMN provider_org {int};
ALTER TABLE membership ADD COLUMN provider_org {int};

CREATE TABLE second_step (
  person_id {int} NOT NULL PRIMARY KEY REFERENCES person (id),
  secret {bytes} NOT NULL,
  made_at {int} NOT NULL,
  confirmed_at {int},
  last_step {int} NOT NULL
){strict};
@system second_step

CREATE TABLE recovery_code (
  person_id {int} NOT NULL REFERENCES person (id),
  digest {bytes} NOT NULL,
  used_at {int},
  PRIMARY KEY (person_id, digest)
){strict};
@system recovery_code

CREATE TABLE passkey (
  credential {bytes} NOT NULL PRIMARY KEY,
  person_id {int} NOT NULL REFERENCES person (id),
  name {text} NOT NULL,
  body {text} NOT NULL,
  made_at {int} NOT NULL,
  used_at {int}
){strict};
CREATE INDEX passkey_person ON passkey (person_id);
@system passkey

CREATE TABLE ceremony (
  token_hash {bytes} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  state {bytes} NOT NULL,
  expires_at {int} NOT NULL,
  CONSTRAINT ceremony_kind CHECK (kind IN ('second_step', 'passkey_new', 'passkey', 'provider', 'password_new'))
){strict};
@system ceremony

CREATE TABLE person_invitation (
  org_id {int} NOT NULL,
  id {int} NOT NULL,
  version {int} NOT NULL,
  state {text} NOT NULL,
  email {text} NOT NULL,
  name {text} NOT NULL,
  role {text} NOT NULL,
  title {text} NOT NULL,
  to_date {date} NOT NULL {date_check to_date},
  digest {text} NOT NULL,
  expires_at {int} NOT NULL,
  person_id {int} REFERENCES person (id),
  PRIMARY KEY (org_id, id),
  CONSTRAINT person_invitation_state CHECK (state IN ('sent', 'accepted', 'withdrawn')),
  CONSTRAINT person_invitation_accepted CHECK ((state = 'accepted') = (person_id IS NOT NULL))
){strict};
CREATE INDEX person_invitation_digest ON person_invitation (digest);
@owned person_invitation
@versioned person_invitation person_invitation

CREATE TABLE identity_provider (
  org_id {int} NOT NULL PRIMARY KEY,
  issuer {text} NOT NULL,
  client_id {text} NOT NULL,
  secret {bytes},
  claim {text} NOT NULL,
  rules {text} NOT NULL,
  admits {text} NOT NULL,
  only_way {int} NOT NULL,
  version {int} NOT NULL,
  CONSTRAINT identity_provider_admits CHECK (admits IN ('invited', 'anyone'))
){strict};
@owned identity_provider

CREATE TABLE outside_identity (
  org_id {int} NOT NULL,
  issuer {text} NOT NULL,
  subject {text} NOT NULL,
  person_id {int} NOT NULL REFERENCES person (id),
  PRIMARY KEY (org_id, issuer, subject)
){strict};
@tenant outside_identity
