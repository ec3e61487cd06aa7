-- What an award touches, bare: the rival of the whole command over HTTP.
DROP SCHEMA IF EXISTS rival CASCADE;
CREATE SCHEMA rival;
SET search_path TO rival;
CREATE TABLE ceiling (org_id bigint, year_start date, ceiling_pence bigint NOT NULL, committed_pence bigint NOT NULL,
  PRIMARY KEY (org_id, year_start), CONSTRAINT within_ceiling CHECK (committed_pence <= ceiling_pence)) WITH (fillfactor = 50);
CREATE TABLE idempotency (org_id bigint, actor_id bigint, key text, status int, location text,
  recorded_at timestamptz DEFAULT now(), PRIMARY KEY (org_id, actor_id, key));
CREATE TABLE agreement (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org_id bigint, referral_id bigint,
  state text, version bigint, body text);
CREATE TABLE entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org_id bigint, agreement_id bigint,
  year_start date, delta_pence bigint);
CREATE TABLE chain_head (org_id bigint PRIMARY KEY, seq bigint, hash bytea) WITH (fillfactor = 50);
CREATE TABLE event (org_id bigint, seq bigint, prev_hash bytea, body text, hash bytea, PRIMARY KEY (org_id, seq));
CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org_id bigint, kind text, payload text,
  run_at timestamptz DEFAULT now(), done_at timestamptz);
INSERT INTO ceiling VALUES (1, '2020-12-15', 9e17::bigint, 0), (1, '2021-12-15', 9e17::bigint, 0), (1, '2022-12-15', 9e17::bigint, 0);
INSERT INTO chain_head VALUES (1, 0, sha256('start'));
