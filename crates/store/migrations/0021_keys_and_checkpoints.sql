-- A key per organisation between a child's and the master key; checks of the master keys in use; signed checkpoints.

CREATE TABLE organisation_key (
  org_id {int} NOT NULL,
  id {int} NOT NULL,
  wrapped {bytes} NOT NULL,
  PRIMARY KEY (org_id, id)
){strict};
@published organisation_key EXISTS (SELECT 1 FROM {main}invitation_key k WHERE k.org_id = organisation_key.org_id AND k.provider_id = {org}) OR EXISTS (SELECT 1 FROM {main}document_key d WHERE d.org_id = organisation_key.org_id AND d.provider_id = {org})

CREATE INDEX invitation_key_provider ON invitation_key (org_id, provider_id);
CREATE INDEX document_key_provider ON document_key (org_id, provider_id);

-- What opens an invitation's or a document's key hangs on the child's, so that its other party reads the child's, wrapped.
UPDATE table_class SET reads = 'EXISTS (SELECT 1 FROM {main}invitation_key k WHERE k.org_id = child_key.org_id AND k.child_id = child_key.child_id AND k.provider_id = {org}) OR EXISTS (SELECT 1 FROM {main}document_key d WHERE d.org_id = child_key.org_id AND d.child_id = child_key.child_id AND d.provider_id = {org})' WHERE name = 'child_key';
@postgres
CREATE POLICY child_key_shared ON child_key FOR SELECT USING (
  EXISTS (SELECT 1 FROM invitation_key k WHERE k.org_id = child_key.org_id AND k.child_id = child_key.child_id
    AND k.provider_id = (SELECT nullif(current_setting('app.org', true), '')::bigint))
  OR EXISTS (SELECT 1 FROM document_key d WHERE d.org_id = child_key.org_id AND d.child_id = child_key.child_id
    AND d.provider_id = (SELECT nullif(current_setting('app.org', true), '')::bigint)));
@end

-- Each master key that has sealed here and is not retired; the first one's check stands in meta.
CREATE TABLE master_check (
  id {int} NOT NULL PRIMARY KEY,
  value {text} NOT NULL,
  retired_at {int}
){strict};
@system master_check

-- The deployment's own signing key: the public part as it is, the secret part sealed by the master key.
CREATE TABLE signing_key (
  id {int} NOT NULL PRIMARY KEY,
  public {text} NOT NULL,
  secret {bytes} NOT NULL,
  made_at {int} NOT NULL
){strict};
@system signing_key

CREATE TABLE checkpoint (
  org_id {int} NOT NULL,
  seq {int} NOT NULL,
  hash {bytes} NOT NULL,
  moment {int} NOT NULL,
  made_at {int} NOT NULL,
  signed_by {text} NOT NULL,
  signature {bytes} NOT NULL,
  PRIMARY KEY (org_id, seq)
){strict};
@members checkpoint
@append_only checkpoint
