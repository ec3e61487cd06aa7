-- Organisations, people, sessions, the record, the outbox, keys, settings and documents.

@sqlite
CREATE TABLE writer_org (org_id INTEGER) STRICT;
INSERT INTO writer_org (org_id) VALUES (NULL);
@end
@postgres
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append_only' USING ERRCODE = '23514', CONSTRAINT = 'append_only'; END $$;
CREATE FUNCTION next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'version_skipped' USING ERRCODE = '23514', CONSTRAINT = 'version_skipped';
  END IF;
  RETURN NEW;
END $$;
@end

CREATE TABLE table_class (
  name {text} NOT NULL PRIMARY KEY,
  class {text} NOT NULL,
  columns {text} NOT NULL,
  reads {text},
  room {text}
){strict};
@system table_class

CREATE TABLE meta (
  key {text} NOT NULL PRIMARY KEY,
  value {text} NOT NULL
){strict};
@system meta
@sqlite
CREATE TRIGGER meta_key_check_no_update BEFORE UPDATE ON meta WHEN OLD.key = 'key_check' BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER meta_key_check_no_delete BEFORE DELETE ON meta WHEN OLD.key = 'key_check' BEGIN SELECT RAISE(ABORT, 'append_only'); END;
@end
@postgres
CREATE TRIGGER meta_key_check_no_change BEFORE UPDATE OR DELETE ON meta FOR EACH ROW WHEN (OLD.key = 'key_check')
  EXECUTE FUNCTION refuse_change();
@end

CREATE TABLE organisation (
  id {int} NOT NULL PRIMARY KEY,
  code {text} NOT NULL,
  name {text} NOT NULL,
  kind {text} NOT NULL,
  area {text},
  placing_body {text},
  CONSTRAINT organisation_code UNIQUE (code),
  CONSTRAINT organisation_kind CHECK (kind IN ('authority', 'provider', 'regional_team', 'operator'))
){strict};
@open organisation

CREATE TABLE person (
  id {int} NOT NULL PRIMARY KEY,
  email {text} NOT NULL,
  name {text} NOT NULL,
  password {text},
  CONSTRAINT person_email UNIQUE (email)
){strict};
@system person

CREATE TABLE membership (
  person_id {int} NOT NULL REFERENCES person (id),
  org_id {int} NOT NULL REFERENCES organisation (id),
  role {text} NOT NULL,
  title {text} NOT NULL,
  from_date {date} NOT NULL {date_check from_date},
  to_date {date} NOT NULL {date_check to_date},
  PRIMARY KEY (person_id, org_id, role, from_date)
){strict};
@system membership

CREATE TABLE sign_in (
  token_hash {bytes} NOT NULL PRIMARY KEY,
  person_id {int} NOT NULL REFERENCES person (id),
  org_id {int} NOT NULL REFERENCES organisation (id),
  role {text} NOT NULL,
  kind {text} NOT NULL,
  name {text} NOT NULL,
  made_at {int} NOT NULL,
  seen_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  CONSTRAINT sign_in_kind CHECK (kind IN ('session', 'token'))
){strict};
CREATE INDEX sign_in_person ON sign_in (person_id);
@system sign_in

CREATE TABLE counter (
  org_id {int} NOT NULL,
  name {text} NOT NULL,
  last {int} NOT NULL,
  PRIMARY KEY (org_id, name)
){strict};
@tenant counter

CREATE TABLE chain_head (
  org_id {int} NOT NULL PRIMARY KEY,
  seq {int} NOT NULL,
  hash {bytes} NOT NULL,
  moment {int} NOT NULL
){strict};
@tenant chain_head

CREATE TABLE event (
  org_id {int} NOT NULL,
  seq {int} NOT NULL,
  prev_seq {int},
  prev_hash {bytes},
  moment {int} NOT NULL,
  room {text} NOT NULL,
  record {int} NOT NULL,
  version {int} NOT NULL,
  kind {text} NOT NULL,
  body {text} NOT NULL,
  hash {bytes} NOT NULL,
  PRIMARY KEY (org_id, seq),
  CONSTRAINT event_hash UNIQUE (org_id, seq, hash),
  CONSTRAINT event_follows CHECK (
    (seq = 0 AND prev_seq IS NULL AND prev_hash IS NULL) OR (seq > 0 AND prev_seq = seq - 1 AND prev_hash IS NOT NULL)),
  CONSTRAINT links FOREIGN KEY (org_id, prev_seq, prev_hash) REFERENCES event (org_id, seq, hash)
){strict};
CREATE INDEX event_record ON event (org_id, room, record, seq);
@tenant event
@append_only event
@postgres
ALTER TABLE event ADD CONSTRAINT sealed CHECK (hash = sha256(
  int8send(octet_length(coalesce(prev_hash, ''::bytea))::bigint) || coalesce(prev_hash, ''::bytea)
  || int8send(8) || int8send(org_id) || int8send(8) || int8send(seq) || int8send(8) || int8send(moment)
  || int8send(octet_length(convert_to(body, 'UTF8'))::bigint) || convert_to(body, 'UTF8')));
ALTER TABLE chain_head SET (fillfactor = 50);
@end

CREATE TABLE outbox (
  id {identity},
  org_id {int} NOT NULL,
  event_seq {int} NOT NULL,
  kind {text} NOT NULL,
  payload {text} NOT NULL,
  about {text},
  run_at {int} NOT NULL,
  attempts {int} NOT NULL,
  locked_until {int},
  done_at {int},
  gave_up {int} NOT NULL DEFAULT 0,
  last_error {text}
){strict};
CREATE INDEX outbox_waiting ON outbox (org_id, id) WHERE done_at IS NULL;
@system outbox

CREATE TABLE mail (
  id {int} NOT NULL PRIMARY KEY,
  org_id {int} NOT NULL,
  recipient {text} NOT NULL,
  subject {text} NOT NULL,
  body {text} NOT NULL,
  made_at {int} NOT NULL,
  sent_at {int},
  dedupe {text} NOT NULL,
  CONSTRAINT mail_once UNIQUE (org_id, dedupe)
){strict};
@tenant mail

CREATE TABLE idempotency (
  org_id {int} NOT NULL,
  actor_id {int} NOT NULL,
  key {text} NOT NULL,
  route {text} NOT NULL,
  request_hash {text} NOT NULL,
  location {text},
  refusal {text},
  recorded_at {int} NOT NULL,
  PRIMARY KEY (org_id, actor_id, key)
){strict};
@tenant idempotency

CREATE TABLE child_key (
  org_id {int} NOT NULL,
  child_id {int} NOT NULL,
  wrapped {bytes} NOT NULL,
  PRIMARY KEY (org_id, child_id)
){strict};
@tenant child_key

CREATE TABLE setting_fact (
  org_id {int} NOT NULL,
  key {text} NOT NULL,
  from_date {date} NOT NULL {date_check from_date},
  known_from {int} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (org_id, key, from_date, known_from)
){strict};
@owned setting_fact
@append_only setting_fact

CREATE TABLE document (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int},
  room {text} NOT NULL,
  record {int} NOT NULL,
  name {text} NOT NULL,
  media_type {text} NOT NULL,
  bytes {int} NOT NULL,
  digest {text} NOT NULL,
  made_at {int} NOT NULL,
  sealed {bytes} NOT NULL,
  label {bytes},
  PRIMARY KEY (org_id, id),
  CONSTRAINT document_size CHECK (bytes BETWEEN 1 AND 26214400)
){strict};
CREATE INDEX document_record ON document (org_id, room, record);
@two_party document provider_id
@append_only document

-- A document's own key. It goes when the key of the child goes whom the document is about.
CREATE TABLE document_key (
  org_id {int} NOT NULL,
  provider_id {int},
  document_id {int} NOT NULL,
  child_id {int},
  wrapped {bytes} NOT NULL,
  PRIMARY KEY (org_id, document_id),
  CONSTRAINT document_key_document FOREIGN KEY (org_id, document_id) REFERENCES document (org_id, id),
  CONSTRAINT document_key_child FOREIGN KEY (org_id, child_id) REFERENCES child_key (org_id, child_id) ON DELETE CASCADE
){strict};
CREATE INDEX document_key_of_child ON document_key (org_id, child_id);
@two_party document_key provider_id
