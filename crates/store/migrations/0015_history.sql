-- What an authority brought in from before this system, so that the same file twice changes nothing. Nothing of the file
-- stands here in the clear: each text is a digest under the master key.

CREATE TABLE imported_agreement (
  org_id {int} NOT NULL,
  source {text} NOT NULL,
  agreement_id {int} NOT NULL,
  child_id {int} NOT NULL,
  child {text} NOT NULL,
  said {text} NOT NULL,
  PRIMARY KEY (org_id, source),
  CONSTRAINT imported_agreement_of FOREIGN KEY (org_id, agreement_id) REFERENCES agreement (org_id, id)
    DEFERRABLE INITIALLY DEFERRED
){strict};
CREATE INDEX imported_agreement_child ON imported_agreement (org_id, child);
@tenant imported_agreement
@append_only imported_agreement

-- A spot purchase made before this system has no record of its own here: what is brought in is told by its row above,
-- which is written first.
@postgres
CREATE OR REPLACE FUNCTION agreement_spot_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.route = 'spot' AND NOT EXISTS (SELECT 1 FROM spot s WHERE s.org_id = NEW.org_id
      AND s.referral_id = NEW.referral_id AND s.home_id = NEW.home_id AND s.child_id = NEW.child_id
      AND s.state = 'open') AND NOT EXISTS (SELECT 1 FROM imported_agreement i WHERE i.org_id = NEW.org_id
      AND i.agreement_id = NEW.id) THEN
    RAISE EXCEPTION 'spot_first' USING ERRCODE = '23514', CONSTRAINT = 'spot_first';
  END IF;
  RETURN NEW;
END $$;
@end
@sqlite
DROP TRIGGER agreement_spot_first;
CREATE TRIGGER agreement_spot_first AFTER INSERT ON agreement WHEN NEW.route = 'spot' AND NOT EXISTS (
    SELECT 1 FROM spot s WHERE s.org_id = NEW.org_id AND s.referral_id = NEW.referral_id AND s.home_id = NEW.home_id
      AND s.child_id = NEW.child_id AND s.state = 'open')
    AND NOT EXISTS (SELECT 1 FROM imported_agreement i WHERE i.org_id = NEW.org_id AND i.agreement_id = NEW.id) BEGIN
  SELECT RAISE(ABORT, 'spot_first');
END;
@end
