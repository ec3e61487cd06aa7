-- Approvals that wait to be confirmed: a verbal one by the person who gave it, one at night under the urgency power by
-- the Director; both by noon of the next working day.

ALTER TABLE approval ADD COLUMN confirm_by {text};
CREATE INDEX approval_to_confirm ON approval (org_id, confirm_by) WHERE confirm_by IS NOT NULL;
CREATE INDEX approval_to_confirm_of_responsible ON approval (responsible_id, confirm_by) WHERE confirm_by IS NOT NULL;
CREATE INDEX agreement_with_provider ON agreement (org_id, provider_id);
