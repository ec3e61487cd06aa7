-- A provider reads on what its own admission rests: from which day it takes part, and which terms bind it, follow from that.

UPDATE table_class SET reads = '(SELECT kind FROM {main}organisation WHERE id = {org}) IN (''authority'', ''regional_team'', ''operator'') OR provider_id = {org}' WHERE name = 'admission_ground';
@postgres
DROP POLICY admission_ground_read ON admission_ground;
CREATE POLICY admission_ground_read ON admission_ground FOR SELECT
  USING (org_id = (SELECT nullif(current_setting('app.org', true), '')::bigint)
    OR (SELECT kind FROM organisation WHERE id = (SELECT nullif(current_setting('app.org', true), '')::bigint))
      IN ('authority', 'regional_team', 'operator')
    OR provider_id = (SELECT nullif(current_setting('app.org', true), '')::bigint));
@end
