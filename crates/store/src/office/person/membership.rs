//! The roles that people hold, each for its days in an organisation. A row is tagged with all that it says and what kind of
//! organisation it is; one that was put there or changed past the service gives nobody a role.

use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;

use super::{ACTOR, actor, role};
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::tagged::Covered;
use crate::values;
use crate::work::Work;

/// One role of a person in an organisation.
#[derive(Debug, Clone)]
pub struct Membership {
    /// Who, acting for whom, as what.
    pub actor: Actor,
    /// The job title shown beside the name.
    pub title: String,
}

/// The columns of a membership `m` that its tag covers, beside who, for whom and as what.
pub(super) const HELD: &str = "m.title AS title, m.from_date AS from_date, m.to_date AS to_date, \
                               m.provider_org AS given_by, m.tag AS held_tag";

/// A row as it stands.
#[derive(Clone)]
struct Held {
    person: PersonId,
    organisation: OrganisationId,
    kind: String,
    role: String,
    title: String,
    from: Date,
    to: Date,
    provider: Option<OrganisationId>,
}

impl Held {
    /// The role as it was given; none where the row does not carry its tag.
    fn read(session: &Session, row: &Row) -> Result<Option<Self>, StoreError> {
        let found = Self {
            person: PersonId(row.int("person_id")?),
            organisation: OrganisationId(row.int("org_id")?),
            kind: row.text("kind")?,
            role: row.text("role")?,
            title: row.text("title")?,
            from: row.date("from_date")?,
            to: row.date("to_date")?,
            provider: row.opt_int("given_by")?.map(OrganisationId),
        };
        Ok(found.covered().fits(session.master(), &row.text("held_tag")?).then_some(found))
    }

    fn covered(&self) -> Covered {
        let whose = Covered::of("membership").with(self.person).with(self.organisation).with(&self.kind);
        whose.with(&self.role).with(&self.title).with(self.from).with(self.to).maybe(self.provider)
    }

    fn holds(&self, on: Date) -> bool {
        self.from <= on && self.to > on
    }
}

/// Whether a row gives its role, by the columns of [`ACTOR`], the role and [`HELD`].
pub(super) fn is_held(session: &Session, row: &Row) -> Result<bool, StoreError> {
    Ok(Held::read(session, row)?.is_some())
}

fn membership(session: &Session, row: &Row) -> Result<Option<Membership>, StoreError> {
    let Some(held) = Held::read(session, row)? else { return Ok(None) };
    Ok(Some(Membership { actor: actor(row)?, title: held.title }))
}

impl Session {
    /// The roles a person holds on a date, in a fixed order.
    pub async fn memberships(&self, person: PersonId, on: Date) -> Result<Vec<Membership>, StoreError> {
        let sql = format!(
            "SELECT {ACTOR}, m.role AS role, {HELD} FROM membership m JOIN person p ON p.id = m.person_id \
             JOIN organisation o ON o.id = m.org_id \
             WHERE m.person_id = $1 AND m.from_date <= $2 AND m.to_date > $2 ORDER BY o.name, m.role"
        );
        let rows = self.all(&sql, values![person, on]).await?;
        rows.iter().filter_map(|row| membership(self, row).transpose()).collect()
    }

    /// Whether a person works for another organisation than this on a date, or will later.
    pub async fn works_elsewhere(
        &self,
        person: PersonId,
        organisation: OrganisationId,
        on: Date,
    ) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT {ACTOR}, m.role AS role, {HELD} FROM membership m JOIN person p ON p.id = m.person_id \
             JOIN organisation o ON o.id = m.org_id \
             WHERE m.person_id = $1 AND m.org_id <> $2 AND m.to_date > $3 AND m.to_date > m.from_date"
        );
        let rows = self.all(&sql, values![person, organisation, on]).await?;
        Ok(rows.iter().map(|row| is_held(self, row)).collect::<Result<Vec<_>, _>>()?.contains(&true))
    }

    /// The people who hold a role in an organisation on a date.
    pub async fn people_in_role(
        &self,
        organisation: OrganisationId,
        role: Role,
        on: Date,
    ) -> Result<Vec<Membership>, StoreError> {
        let sql = format!(
            "SELECT {ACTOR}, m.role AS role, {HELD} FROM membership m JOIN person p ON p.id = m.person_id \
             JOIN organisation o ON o.id = m.org_id \
             WHERE m.org_id = $1 AND m.role = $2 AND m.from_date <= $3 AND m.to_date > $3 ORDER BY p.name"
        );
        let rows = self.all(&sql, values![organisation, role.code(), on]).await?;
        rows.iter().filter_map(|row| membership(self, row).transpose()).collect()
    }
}

/// What becomes of a row of the same person, role and first day.
const REPLACED: &str = " ON CONFLICT (person_id, org_id, role, from_date) DO UPDATE SET title = excluded.title, \
                        to_date = excluded.to_date, provider_org = excluded.provider_org, tag = excluded.tag";

impl Work {
    /// Keeps everybody from the roles of these people until this work ends, so that what is read of them holds. In the order of
    /// their numbers: two who hold the same people do not wait for each other.
    pub async fn hold_roles(&self, people: &[PersonId]) -> Result<(), StoreError> {
        let mut people = people.to_vec();
        people.sort_unstable();
        for person in people {
            self.lock_person(person).await?;
        }
        Ok(())
    }

    /// Gives a person a role in this work's organisation from a date on.
    pub async fn add_membership(
        &self,
        person: PersonId,
        role: Role,
        title: &str,
        from: Date,
        to: Date,
    ) -> Result<(), StoreError> {
        let new = self.role_to_give(person, role, title, (from, to)).await?;
        self.write_role(&new, "").await?;
        Ok(())
    }

    /// Gives a person a role in this work's organisation from a day on, also one that ended on that day.
    pub async fn give_membership(
        &self,
        person: PersonId,
        role: Role,
        title: &str,
        (from, to): (Date, Date),
    ) -> Result<(), StoreError> {
        self.close_unheld(person, role).await?;
        let before = self.roles_held(person, role).await?.into_iter().find(|held| held.from == from);
        let new = self.role_to_give(person, role, title, (from, to)).await?;
        let provider = before.and_then(|before| before.provider);
        self.write_role(&Held { provider, ..new }, REPLACED).await?;
        Ok(())
    }

    /// Ends a role that a person holds in this work's organisation, and what was opened in it; how many rows that were in
    /// force it ended.
    pub async fn end_membership(&self, person: PersonId, role: Role, on: Date) -> Result<u64, StoreError> {
        let mut ended = 0;
        for held in self.roles_held(person, role).await?.into_iter().filter(|held| held.holds(on)) {
            ended += self.write_role(&Held { to: on, ..held }, REPLACED).await?;
        }
        self.close_unheld(person, role).await?;
        Ok(ended)
    }

    /// Moves the end of a role that a person holds in this work's organisation since a day, while it ends as it was
    /// read and, where it becomes later, shares no day with the same role given apart: what somebody has ended
    /// meanwhile does not come to life again, and nobody comes to hold a role twice.
    pub async fn move_membership_end(
        &self,
        person: PersonId,
        (role, from): (Role, Date),
        (was, to): (Date, Date),
    ) -> Result<(), StoreError> {
        let (held, apart): (Vec<_>, Vec<_>) =
            self.roles_held(person, role).await?.into_iter().partition(|held| held.from == from);
        if to > was && apart.iter().any(|other| other.from < to && other.to > from && other.to > other.from) {
            return Err(StoreError::Conflict);
        }
        let held = held.into_iter().find(|held| held.to == was).ok_or(StoreError::Conflict)?;
        self.write_role(&Held { to, ..held }, REPLACED).await?;
        Ok(())
    }

    /// Marks the roles that a person holds here as given by the organisation's identity provider.
    pub async fn mark_membership(&self, person: PersonId, role: Role, on: Date) -> Result<(), StoreError> {
        let provider = Some(self.org());
        for held in self.roles_held(person, role).await?.into_iter().filter(|held| held.holds(on)) {
            self.write_role(&Held { provider, ..held }, REPLACED).await?;
        }
        Ok(())
    }

    /// The roles of a person here that the identity provider gave, in force on a date.
    pub async fn provided_roles(&self, person: PersonId, on: Date) -> Result<Vec<Role>, StoreError> {
        let sql = "SELECT role FROM membership WHERE person_id = $1 AND org_id = $2 AND provider_org = $2 \
                   AND from_date <= $3 AND to_date > $3 ORDER BY role";
        let rows = self.all(sql, values![person, self.org(), on]).await?;
        rows.iter().map(role).collect()
    }

    /// Lends a person a role for some days. One that was lent from the same first day, and ended or goes on for another
    /// colleague, holds until the later day.
    pub async fn lend_role(
        &self,
        person: PersonId,
        role: Role,
        title: &str,
        (from, until): (Date, Date),
    ) -> Result<(), StoreError> {
        self.close_unheld(person, role).await?;
        let before = self.roles_held(person, role).await?.into_iter().find(|held| held.from == from);
        let new = self.role_to_give(person, role, title, (from, until)).await?;
        let lent = match before {
            Some(before) if before.to >= until => before,
            before => Held { provider: before.and_then(|before| before.provider), ..new },
        };
        self.write_role(&lent, REPLACED).await?;
        Ok(())
    }

    /// Ends a role that was lent for some days before its last, and what was opened in it where they hold it by nothing else:
    /// nothing else that the person holds is touched.
    pub async fn end_lent_role(
        &self,
        person: PersonId,
        role: Role,
        (from, until): (Date, Date),
        on: Date,
    ) -> Result<(), StoreError> {
        let held = self.roles_held(person, role).await?.into_iter().find(|held| (held.from, held.to) == (from, until));
        if let Some(held) = held {
            self.write_role(&Held { to: on, ..held }, REPLACED).await?;
        }
        self.close_unheld(person, role).await
    }

    /// Ends every session and token in a role that the person does not hold today: none comes to life again with a role that
    /// is given anew, also after one whose days passed by themselves.
    async fn close_unheld(&self, person: PersonId, role: Role) -> Result<(), StoreError> {
        let today = self.moment().today();
        if !self.roles_held(person, role).await?.iter().any(|held| held.holds(today)) {
            self.end_sign_ins_in(person, role).await?;
        }
        Ok(())
    }

    async fn role_to_give(
        &self,
        person: PersonId,
        role: Role,
        title: &str,
        (from, to): (Date, Date),
    ) -> Result<Held, StoreError> {
        let organisation = self.organisation_by_id(self.org()).await?;
        let (kind, role) = (organisation.kind.code().to_owned(), role.code().to_owned());
        Ok(Held {
            person,
            organisation: organisation.id,
            kind,
            role,
            title: title.to_owned(),
            from,
            to,
            provider: None,
        })
    }

    /// The rows of one role of a person here, whenever it holds: nobody else changes them until this work ends.
    async fn roles_held(&self, person: PersonId, role: Role) -> Result<Vec<Held>, StoreError> {
        self.lock_person(person).await?;
        let sql = format!(
            "SELECT m.person_id AS person_id, m.org_id AS org_id, o.kind AS kind, m.role AS role, {HELD} \
             FROM membership m JOIN organisation o ON o.id = m.org_id \
             WHERE m.person_id = $1 AND m.org_id = $2 AND m.role = $3 ORDER BY m.from_date"
        );
        let rows = self.all(&sql, values![person, self.org(), role.code()]).await?;
        rows.iter().filter_map(|row| Held::read(self, row).transpose()).collect()
    }

    async fn write_role(&self, held: &Held, where_it_stands: &str) -> Result<u64, StoreError> {
        let sql = format!(
            "INSERT INTO membership (person_id, org_id, role, title, from_date, to_date, provider_org, tag) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8){where_it_stands}"
        );
        let tag = held.covered().tag(self.master());
        let (title, role) = (held.title.as_str(), held.role.as_str());
        let values = values![held.person, held.organisation, role, title, held.from, held.to, held.provider, tag];
        self.execute(&sql, values).await
    }
}
