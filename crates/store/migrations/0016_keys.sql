-- Lists in pages by key, read from the index.

CREATE INDEX agreement_key_of_provider ON agreement (provider_id, reference);
CREATE INDEX approval_key_of_responsible ON approval (responsible_id, reference);
CREATE INDEX invitation_key_of_provider ON invitation (provider_id, reference, id);
