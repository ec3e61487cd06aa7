\set pence 21900000
BEGIN;
SELECT coalesce(sum(delta_pence), 0) + :pence <= :ceiling AS fits FROM rival.entry WHERE org_id = 2 \gset
\if :fits
INSERT INTO rival.entry (org_id, agreement_id, year_start, delta_pence) VALUES (2, :client_id, '2021-12-15', :pence);
\endif
COMMIT;
