-- Who somebody is here, what they may do and by what they come in: each such row carries a tag under the key of the indexes.
-- A migration has no key: the run that applies this one tags what stands here, in the same transaction, and nothing after.

ALTER TABLE person ADD COLUMN tag {text} NOT NULL DEFAULT '';
ALTER TABLE passkey ADD COLUMN tag {text} NOT NULL DEFAULT '';
ALTER TABLE sign_in ADD COLUMN tag {text} NOT NULL DEFAULT '';
ALTER TABLE membership ADD COLUMN tag {text} NOT NULL DEFAULT '';
ALTER TABLE identity_provider ADD COLUMN tag {text} NOT NULL DEFAULT '';
ALTER TABLE outside_identity ADD COLUMN tag {text} NOT NULL DEFAULT '';
ALTER TABLE welcome_link ADD COLUMN tag {text} NOT NULL DEFAULT '';
ALTER TABLE one_time_link ADD COLUMN tag {text} NOT NULL DEFAULT '';
ALTER TABLE meta ADD COLUMN tag {text} NOT NULL DEFAULT '';
