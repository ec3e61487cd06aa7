-- What an award reads under its turn, and what pages read of one record, is found by an index and not by looking through
-- all that an organisation, or everybody, has. A record of two organisations is asked for as either's, so it is found by
-- its own number, and what hangs on it by the record's.

CREATE INDEX approval_by_id ON approval (id);
CREATE INDEX approval_of_recommendation ON approval (recommendation_id);
CREATE INDEX approval_of_offer ON approval (org_id, offer_id, id);
CREATE INDEX approval_of_referral ON approval (org_id, referral_id, id);
CREATE INDEX recommendation_by_id ON recommendation (id);
CREATE INDEX invitation_by_id ON invitation (id);
CREATE INDEX invitation_key_of ON invitation_key (invitation_id);
CREATE INDEX offer_by_id ON offer (id);
CREATE INDEX offer_of_invitation ON offer (invitation_id);
CREATE INDEX disclosure_on ON disclosure (invitation_id);
CREATE INDEX disclosure_read_on ON disclosure_read (invitation_id);
CREATE INDEX disclosure_ground_of ON disclosure_ground (org_id, referral_id, id);
CREATE INDEX associate_question_on ON associate_question (invitation_id);
CREATE INDEX shared_answer_on ON shared_answer (invitation_id);
CREATE INDEX agreement_by_id ON agreement (id);
CREATE INDEX agreement_at_home ON agreement (org_id, home_id);
CREATE INDEX price_line_of ON price_line (agreement_id);
CREATE INDEX price_fact_of_home ON price_fact (home_id, lot, line, known_to);
CREATE INDEX admission_of_home ON admission (home_id, known_to);
CREATE INDEX standing_of_subject ON standing_fact (subject_kind, subject_id, known_to);
CREATE INDEX home_of_urn ON home (urn);
CREATE INDEX document_by_id ON document (id);
CREATE INDEX document_of_record ON document (room, record);
CREATE INDEX document_key_of ON document_key (document_id);

-- The questions of a search in their order.
DROP INDEX question_of_referral;
CREATE INDEX question_of_referral ON question (org_id, referral_id, id);

-- Jobs whose lease may have passed, of those that are not done.
CREATE INDEX outbox_leased ON outbox (locked_until) WHERE done_at IS NULL AND locked_until IS NOT NULL;
