\set key random(1, 1000000000000)
\set referral random(1, 1000000000)
\set pence random(1000000, 20000000)
BEGIN;
INSERT INTO rival.idempotency (org_id, actor_id, key) VALUES (1, :client_id, :key::text);
INSERT INTO rival.agreement (org_id, referral_id, state, version, body)
  VALUES (1, :referral, 'prepared', 1, repeat('{"line": "core", "weekly": 415000}', 20)) RETURNING id AS agreement \gset
UPDATE rival.ceiling SET committed_pence = committed_pence + :pence WHERE org_id = 1 AND year_start = '2020-12-15';
INSERT INTO rival.entry (org_id, agreement_id, year_start, delta_pence) VALUES (1, :agreement, '2020-12-15', :pence);
UPDATE rival.ceiling SET committed_pence = committed_pence + :pence WHERE org_id = 1 AND year_start = '2021-12-15';
INSERT INTO rival.entry (org_id, agreement_id, year_start, delta_pence) VALUES (1, :agreement, '2021-12-15', :pence);
UPDATE rival.ceiling SET committed_pence = committed_pence + :pence WHERE org_id = 1 AND year_start = '2022-12-15';
INSERT INTO rival.entry (org_id, agreement_id, year_start, delta_pence) VALUES (1, :agreement, '2022-12-15', :pence);
SELECT seq AS seq, encode(hash, 'hex') AS hash FROM rival.chain_head WHERE org_id = 1 FOR UPDATE \gset
INSERT INTO rival.event VALUES (1, :seq + 1, decode(':hash', 'hex'), 'agreement.prepared',
  sha256(decode(':hash', 'hex') || 'agreement.prepared'));
UPDATE rival.chain_head SET seq = :seq + 1, hash = sha256(decode(':hash', 'hex') || 'agreement.prepared') WHERE org_id = 1;
INSERT INTO rival.outbox (org_id, kind, payload) VALUES (1, 'paper', '{"agreement": 1}');
UPDATE rival.idempotency SET status = 303, location = '/agreements/1' WHERE org_id = 1 AND actor_id = :client_id AND key = :key::text;
COMMIT;
