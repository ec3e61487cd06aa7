-- How the offers of a referral are scored is fixed before the first home is asked, and does not change after (rule 5.7). A
-- referral that was sent before there was a scoring has none and gets none. Undoing a sending makes it a draft again.

ALTER TABLE referral ADD COLUMN scoring {text} NOT NULL DEFAULT '';
@sqlite
CREATE TRIGGER referral_scoring_fixed BEFORE UPDATE ON referral
WHEN OLD.state <> 'draft' AND NEW.state <> 'draft' AND NEW.scoring <> OLD.scoring BEGIN
  SELECT RAISE(ABORT, 'scoring_fixed');
END;
CREATE TRIGGER referral_scored BEFORE UPDATE ON referral
WHEN OLD.state = 'draft' AND NEW.state = 'out' AND NEW.scoring = '' BEGIN
  SELECT RAISE(ABORT, 'scoring_missing');
END;
@end
@postgres
CREATE FUNCTION scoring_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'draft' THEN
    IF NEW.state = 'out' AND NEW.scoring = '' THEN
      RAISE EXCEPTION 'scoring_missing' USING ERRCODE = '23514', CONSTRAINT = 'scoring_missing';
    END IF;
  ELSIF NEW.state <> 'draft' AND NEW.scoring <> OLD.scoring THEN
    RAISE EXCEPTION 'scoring_fixed' USING ERRCODE = '23514', CONSTRAINT = 'scoring_fixed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER referral_scoring BEFORE UPDATE ON referral FOR EACH ROW EXECUTE FUNCTION scoring_stands();
@end
