-- Children, referrals, and what passes between an authority and the homes that it asks.

CREATE TABLE child (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  number {int} NOT NULL,
  responsible_id {int} NOT NULL,
  state {text} NOT NULL,
  identity {bytes} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT child_number UNIQUE (org_id, number),
  CONSTRAINT child_state CHECK (state IN ('known', 'forgotten'))
){strict};
@tenant child
@versioned child child

CREATE TABLE referral (
  id {int} NOT NULL,
  org_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  reference {text} NOT NULL,
  child_id {int} NOT NULL,
  officer_id {int} NOT NULL,
  state {text} NOT NULL,
  needed_on {date} {date_check needed_on},
  closes {text},
  prices {text},
  lot {text},
  age_band {text},
  group_id {int},
  started {text} NOT NULL,
  narrative {bytes} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT referral_reference UNIQUE (org_id, reference),
  CONSTRAINT referral_child FOREIGN KEY (org_id, child_id) REFERENCES child (org_id, id),
  CONSTRAINT referral_state CHECK (state IN ('draft', 'out', 'agreed', 'placed', 'withdrawn', 'not_placed'))
){strict};
CREATE INDEX referral_list ON referral (org_id, state, closes);
CREATE INDEX referral_of_child ON referral (org_id, child_id);
CREATE INDEX referral_of_group ON referral (org_id, group_id) WHERE group_id IS NOT NULL;
@tenant referral
@versioned referral referral

CREATE TABLE invitation (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL REFERENCES organisation (id),
  version {int} NOT NULL,
  number {int} NOT NULL,
  referral_id {int} NOT NULL,
  reference {text} NOT NULL,
  home_id {int} NOT NULL,
  tier {text} NOT NULL,
  state {text} NOT NULL,
  deadline {text} NOT NULL,
  access_ends {text} NOT NULL,
  words {bytes} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT invitation_once UNIQUE (org_id, referral_id, home_id),
  CONSTRAINT invitation_number UNIQUE (org_id, referral_id, number),
  CONSTRAINT invitation_referral FOREIGN KEY (org_id, referral_id) REFERENCES referral (org_id, id),
  CONSTRAINT invitation_parties CHECK (org_id <> provider_id),
  CONSTRAINT invitation_state CHECK (state IN ('asked', 'opened', 'offered', 'declined', 'no_reply', 'withdrawn', 'closed'))
){strict};
CREATE INDEX invitation_of_provider ON invitation (provider_id, state, deadline);
CREATE INDEX invitation_waiting ON invitation (org_id, deadline) WHERE state IN ('asked', 'opened');
@two_party invitation provider_id
@versioned invitation invitation

CREATE TABLE invitation_key (
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  invitation_id {int} NOT NULL,
  child_id {int} NOT NULL,
  wrapped {bytes} NOT NULL,
  PRIMARY KEY (org_id, invitation_id),
  CONSTRAINT invitation_key_child FOREIGN KEY (org_id, child_id) REFERENCES child_key (org_id, child_id) ON DELETE CASCADE
){strict};
CREATE INDEX invitation_key_of_child ON invitation_key (org_id, child_id);
@two_party invitation_key provider_id

CREATE TABLE offer (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  version {int} NOT NULL,
  number {int} NOT NULL,
  referral_id {int} NOT NULL,
  invitation_id {int} NOT NULL,
  home_id {int} NOT NULL,
  state {text} NOT NULL,
  weekly_pence {int} NOT NULL,
  start_on {date} NOT NULL {date_check start_on},
  sent_at {text},
  valid_until {text} NOT NULL,
  words {bytes} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT offer_of_referral UNIQUE (org_id, referral_id, id),
  CONSTRAINT offer_invitation FOREIGN KEY (org_id, invitation_id) REFERENCES invitation (org_id, id),
  CONSTRAINT offer_price CHECK (weekly_pence >= 0),
  CONSTRAINT offer_state CHECK (state IN ('draft', 'sent', 'shortlisted', 'recommended', 'accepted', 'not_chosen',
    'withdrawn', 'expired'))
){strict};
CREATE UNIQUE INDEX one_open_offer ON offer (org_id, referral_id, home_id)
  WHERE state IN ('draft', 'sent', 'shortlisted', 'recommended');
CREATE INDEX offer_of_provider ON offer (provider_id, state);
@two_party offer provider_id
@versioned offer offer

CREATE TABLE question (
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  version {int} NOT NULL,
  referral_id {int} NOT NULL,
  invitation_id {int} NOT NULL,
  state {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT question_invitation FOREIGN KEY (org_id, invitation_id) REFERENCES invitation (org_id, id),
  CONSTRAINT question_state CHECK (state IN ('open', 'answered'))
){strict};
CREATE INDEX question_of_referral ON question (org_id, referral_id);
CREATE INDEX question_of_provider ON question (provider_id, invitation_id);
@two_party question provider_id
@versioned question question

CREATE TABLE shared_answer (
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  invitation_id {int} NOT NULL,
  question_id {int} NOT NULL,
  answered {text} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (org_id, invitation_id, question_id)
){strict};
@two_party shared_answer provider_id
@append_only shared_answer

CREATE TABLE one_time_link (
  digest {text} NOT NULL PRIMARY KEY,
  id {int} NOT NULL,
  org_id {int} NOT NULL,
  provider_id {int} NOT NULL,
  invitation_id {int} NOT NULL,
  email {text} NOT NULL,
  expires_at {int} NOT NULL,
  used_at {int}
){strict};
CREATE INDEX one_time_link_of_invitation ON one_time_link (org_id, invitation_id);
@system one_time_link
