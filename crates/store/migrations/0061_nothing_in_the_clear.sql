-- The token of a mailed link waits sealed until its mail goes, and what opens something is found by a digest under a key.
-- A migration has no key: the first opening with it works off what stood plainly before, holder by holder (0: what is
-- everybody's).

ALTER TABLE mail ADD COLUMN secret {bytes};

CREATE TABLE kept_plainly (
  holder {int} NOT NULL PRIMARY KEY
){strict};
@system kept_plainly
INSERT INTO kept_plainly (holder) SELECT id FROM organisation;
INSERT INTO kept_plainly (holder) SELECT 0 WHERE EXISTS (SELECT 1 FROM organisation);

-- Nobody adds to it: what somebody plants would be keyed for them.
@postgres
CREATE TRIGGER kept_plainly_no_more BEFORE INSERT OR UPDATE ON kept_plainly FOR EACH ROW EXECUTE FUNCTION refuse_change();
@end
@sqlite
CREATE TRIGGER kept_plainly_no_insert BEFORE INSERT ON kept_plainly BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER kept_plainly_no_update BEFORE UPDATE ON kept_plainly BEGIN SELECT RAISE(ABORT, 'append_only'); END;
@end
