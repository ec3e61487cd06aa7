-- Who invited somebody: nobody gives themselves a role that sees children by an invitation of their own.

ALTER TABLE person_invitation ADD COLUMN invited_by {int};
