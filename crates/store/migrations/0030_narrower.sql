-- What is an organisation's own of how its people come in is read by it alone. What everybody at the door must know stands
-- apart: who has a way in of its own, and which organisation a mailed link belongs to.

CREATE TABLE way_in (
  org_id {int} NOT NULL PRIMARY KEY,
  only_way {int} NOT NULL,
  CONSTRAINT way_in_only_way CHECK (only_way IN (0, 1))
){strict};
INSERT INTO way_in (org_id, only_way) SELECT org_id, only_way FROM identity_provider;
@owned way_in

CREATE TABLE welcome_link (
  org_id {int} NOT NULL,
  digest {text} NOT NULL,
  PRIMARY KEY (org_id, digest)
){strict};
CREATE INDEX welcome_link_digest ON welcome_link (digest);
INSERT INTO welcome_link (org_id, digest) SELECT org_id, digest FROM person_invitation;
@owned welcome_link

UPDATE table_class SET class = 'tenant', reads = '' WHERE name IN ('identity_provider', 'person_invitation');
@postgres
DROP POLICY identity_provider_read ON identity_provider;
CREATE POLICY identity_provider_read ON identity_provider FOR SELECT
  USING (org_id = (SELECT nullif(current_setting('app.org', true), '')::bigint));
DROP POLICY person_invitation_read ON person_invitation;
CREATE POLICY person_invitation_read ON person_invitation FOR SELECT
  USING (org_id = (SELECT nullif(current_setting('app.org', true), '')::bigint));
@end

-- What a home was told of who a child is, put right: the latest is what it reads; what it read before stays as it was.
CREATE TABLE disclosure_corrected (
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  invitation_id {int} NOT NULL,
  stage {text} NOT NULL,
  number {int} NOT NULL,
  released {text} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (org_id, invitation_id, stage, number),
  CONSTRAINT disclosure_corrected_of FOREIGN KEY (org_id, invitation_id, stage) REFERENCES disclosure (org_id, invitation_id, stage),
  CONSTRAINT disclosure_corrected_number CHECK (number > 0)
){strict};
@two_party disclosure_corrected provider_id
@append_only disclosure_corrected

-- What each authority tells the region of what stands open there while a measure waits, counted by its own job.
CREATE TABLE standing_told (
  org_id {int} NOT NULL,
  region_id {int} NOT NULL REFERENCES organisation (id),
  measure_id {int} NOT NULL,
  referrals {int} NOT NULL,
  offers {int} NOT NULL,
  approvals {int} NOT NULL,
  beds {int} NOT NULL,
  placements {int} NOT NULL,
  PRIMARY KEY (org_id, measure_id)
){strict};
CREATE INDEX standing_told_of ON standing_told (region_id, measure_id);
@two_party standing_told region_id
