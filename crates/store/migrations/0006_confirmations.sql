-- Approvals that wait to be confirmed: a verbal one by the person who gave it, one at night under the urgency power by
-- the Director; both by noon of the next working day.

ALTER TABLE approval ADD COLUMN confirm_by {text};
CREATE INDEX approval_to_confirm ON approval (org_id, confirm_by) WHERE confirm_by IS NOT NULL;
CREATE INDEX approval_to_confirm_of_responsible ON approval (responsible_id, confirm_by) WHERE confirm_by IS NOT NULL;
CREATE INDEX agreement_with_provider ON agreement (org_id, provider_id);

-- Decisions by word of mouth about a referral wait for whoever made them; what an agreement asks somebody to do, from which
-- day, and the next day on which it sends a mail.
ALTER TABLE referral ADD COLUMN confirm_by {text};
CREATE INDEX referral_to_confirm ON referral (org_id, confirm_by) WHERE confirm_by IS NOT NULL;
ALTER TABLE agreement ADD COLUMN attention_on {date};
ALTER TABLE agreement ADD COLUMN remind_on {date};
CREATE INDEX agreement_attention ON agreement (org_id, attention_on) WHERE attention_on IS NOT NULL;
CREATE INDEX agreement_reminder ON agreement (org_id, remind_on) WHERE remind_on IS NOT NULL;
