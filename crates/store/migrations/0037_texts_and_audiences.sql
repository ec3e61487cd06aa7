-- The text of each version of the terms and of the specification, as everybody reads it. Who reads a provider's documents.

CREATE TABLE terms_text (
  org_id {int} NOT NULL REFERENCES organisation (id),
  arrangement_id {int} NOT NULL,
  instrument {text} NOT NULL,
  terms {text} NOT NULL,
  media_type {text} NOT NULL,
  bytes {int} NOT NULL,
  digest {text} NOT NULL,
  kept_on {date} NOT NULL {date_check kept_on},
  content {bytes} NOT NULL,
  PRIMARY KEY (org_id, arrangement_id, instrument, terms),
  CONSTRAINT terms_text_instrument CHECK (instrument IN ('terms', 'specification')),
  CONSTRAINT terms_text_size CHECK (bytes BETWEEN 1 AND 26214400)
){strict};
@owned terms_text
@append_only terms_text

-- A document is read by those whom its provider shows it to: the regional team always, authorities where it says so and
-- only while it is held.
UPDATE table_class SET reads = '(SELECT kind FROM {main}organisation WHERE id = {org}) IN (''regional_team'', ''operator'') OR (audience = ''members'' AND state = ''held'' AND (SELECT kind FROM {main}organisation WHERE id = {org}) = ''authority'')' WHERE name = 'paper';
@postgres
DROP POLICY paper_read ON paper;
CREATE POLICY paper_read ON paper FOR SELECT
  USING (org_id = (SELECT nullif(current_setting('app.org', true), '')::bigint)
    OR (SELECT kind FROM organisation WHERE id = (SELECT nullif(current_setting('app.org', true), '')::bigint))
      IN ('regional_team', 'operator')
    OR (audience = 'members' AND state = 'held'
      AND (SELECT kind FROM organisation WHERE id = (SELECT nullif(current_setting('app.org', true), '')::bigint))
        = 'authority'));
@end
