//! People and the roles they hold. Below it stand their sign-ins, and what they prove themselves by.

use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::By;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

pub mod attempt;
pub mod ceremony;
pub mod passkey;
pub mod provider;
pub mod second_step;
pub mod sign_in;
pub mod welcome;

pub use sign_in::{NewSignIn, SignInEntry, SignInKind, SignedIn};

/// A person with what signing in needs.
#[derive(Clone)]
pub struct Account {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// The password's argon2 text; none where the person cannot sign in by password.
    pub password: Option<String>,
}

/// The secret in it is never shown.
impl core::fmt::Debug for Account {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Account").field("id", &self.id).finish_non_exhaustive()
    }
}

/// One role of a person in an organisation.
#[derive(Debug, Clone)]
pub struct Membership {
    /// Who, acting for whom, as what.
    pub actor: Actor,
    /// The job title shown beside the name.
    pub title: String,
}

pub(super) const ACTOR: &str =
    "p.id AS person_id, p.name AS person_name, o.id AS org_id, o.code AS code, o.name AS org_name, o.kind AS kind";

pub(super) fn actor(row: &Row) -> Result<Actor, StoreError> {
    let (kind, role) = (row.text("kind")?, row.text("role")?);
    Ok(Actor {
        person: PersonId(row.int("person_id")?),
        name: row.text("person_name")?,
        organisation: OrganisationId(row.int("org_id")?),
        code: row.text("code")?,
        organisation_name: row.text("org_name")?,
        kind: OrganisationKind::from_code(&kind)
            .ok_or_else(|| StoreError::Fault(format!("organisation kind {kind}")))?,
        role: Role::from_code(&role).ok_or_else(|| StoreError::Fault(format!("role {role}")))?,
        by: By::Service,
    })
}

impl Session {
    /// The account with this e-mail address, in any case.
    pub async fn account(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT id, name, password FROM person WHERE email = $1";
        let row = self.maybe(sql, values![email.trim().to_lowercase()]).await?;
        row.map(|row| {
            Ok(Account { id: PersonId(row.int("id")?), name: row.text("name")?, password: row.opt_text("password")? })
        })
        .transpose()
    }

    /// The roles a person holds on a date, in a fixed order.
    pub async fn memberships(&self, person: PersonId, on: Date) -> Result<Vec<Membership>, StoreError> {
        let sql = format!(
            "SELECT {ACTOR}, m.role AS role, m.title AS title FROM membership m JOIN person p ON p.id = m.person_id \
             JOIN organisation o ON o.id = m.org_id \
             WHERE m.person_id = $1 AND m.from_date <= $2 AND m.to_date > $2 ORDER BY o.name, m.role"
        );
        let rows = self.all(&sql, values![person, on]).await?;
        rows.iter().map(|row| Ok(Membership { actor: actor(row)?, title: row.text("title")? })).collect()
    }

    /// The people who hold a role in an organisation on a date.
    pub async fn people_in_role(
        &self,
        organisation: OrganisationId,
        role: Role,
        on: Date,
    ) -> Result<Vec<Membership>, StoreError> {
        let sql = format!(
            "SELECT {ACTOR}, m.role AS role, m.title AS title FROM membership m JOIN person p ON p.id = m.person_id \
             JOIN organisation o ON o.id = m.org_id \
             WHERE m.org_id = $1 AND m.role = $2 AND m.from_date <= $3 AND m.to_date > $3 ORDER BY p.name"
        );
        let rows = self.all(&sql, values![organisation, role.code(), on]).await?;
        rows.iter().map(|row| Ok(Membership { actor: actor(row)?, title: row.text("title")? })).collect()
    }

    /// The names of everybody who is or was a member of an organisation.
    pub async fn member_names(&self, organisation: OrganisationId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT p.name AS name FROM membership m JOIN person p ON p.id = m.person_id \
                   WHERE m.org_id = $1 ORDER BY p.name";
        self.all(sql, values![organisation]).await?.iter().map(|row| row.text("name")).collect()
    }

    /// A person's name.
    pub async fn person_name(&self, person: PersonId) -> Result<String, StoreError> {
        self.one("SELECT name FROM person WHERE id = $1", values![person]).await?.text("name")
    }

    /// After how many minutes without activity a child's details leave a person's screen.
    pub async fn hides_after(&self, person: PersonId) -> Result<i64, StoreError> {
        self.one("SELECT hides_after FROM person WHERE id = $1", values![person]).await?.int("hides_after")
    }

    /// A person's e-mail address.
    pub async fn person_email(&self, person: PersonId) -> Result<String, StoreError> {
        self.one("SELECT email FROM person WHERE id = $1", values![person]).await?.text("email")
    }
}

impl Work {
    /// Adds a person who can sign in with this address.
    pub async fn add_person(
        &self,
        id: PersonId,
        email: &str,
        name: &str,
        password: Option<&str>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO person (id, email, name, password) VALUES ($1, $2, $3, $4)";
        self.execute(sql, values![id, email.trim().to_lowercase(), name, password]).await?;
        Ok(())
    }

    /// Keeps after how many minutes without activity a child's details leave a person's screen.
    pub async fn give_hiding(&self, id: PersonId, minutes: i64) -> Result<(), StoreError> {
        self.execute("UPDATE person SET hides_after = $2 WHERE id = $1", values![id, minutes]).await?;
        Ok(())
    }

    /// Gives a person another password, or none.
    pub async fn give_password(&self, id: PersonId, password: Option<&str>) -> Result<(), StoreError> {
        self.execute("UPDATE person SET password = $2 WHERE id = $1", values![id, password]).await?;
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
        let sql = "INSERT INTO membership (person_id, org_id, role, title, from_date, to_date) VALUES ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, values![person, self.org(), role.code(), title, from, to]).await?;
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
        let sql = "INSERT INTO membership (person_id, org_id, role, title, from_date, to_date) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (person_id, org_id, role, from_date) DO UPDATE SET title = excluded.title, to_date = excluded.to_date";
        self.execute(sql, values![person, self.org(), role.code(), title, from, to]).await?;
        Ok(())
    }

    /// Ends a role that a person holds in this work's organisation; how many rows that were in force it ended.
    pub async fn end_membership(&self, person: PersonId, role: Role, on: Date) -> Result<u64, StoreError> {
        let sql = "UPDATE membership SET to_date = $4 WHERE person_id = $1 AND org_id = $2 AND role = $3 \
                   AND from_date <= $4 AND to_date > $4";
        self.execute(sql, values![person, self.org(), role.code(), on]).await
    }

    /// Moves the end of a role that a person holds in this work's organisation since a day, while it ends as it was read and
    /// shares no day with the same role given apart: what somebody has ended meanwhile does not come to life again, and
    /// nobody holds a role twice.
    pub async fn move_membership_end(
        &self,
        person: PersonId,
        (role, from): (Role, Date),
        (was, to): (Date, Date),
    ) -> Result<(), StoreError> {
        let sql = "UPDATE membership SET to_date = $6 WHERE person_id = $1 AND org_id = $2 AND role = $3 \
                   AND from_date = $4 AND to_date = $5 AND NOT EXISTS (SELECT 1 FROM membership o \
                   WHERE o.person_id = $1 AND o.org_id = $2 AND o.role = $3 AND o.from_date <> $4 \
                   AND o.from_date < $6 AND o.to_date > $4 AND o.to_date > o.from_date)";
        match self.execute(sql, values![person, self.org(), role.code(), from, was, to]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }

    /// Marks the roles that a person holds here as given by the organisation's identity provider.
    pub async fn mark_membership(&self, person: PersonId, role: Role, on: Date) -> Result<(), StoreError> {
        let sql = "UPDATE membership SET provider_org = org_id WHERE person_id = $1 AND org_id = $2 AND role = $3 \
                   AND from_date <= $4 AND to_date > $4";
        self.execute(sql, values![person, self.org(), role.code(), on]).await?;
        Ok(())
    }

    /// The roles of a person here that the identity provider gave, in force on a date.
    pub async fn provided_roles(&self, person: PersonId, on: Date) -> Result<Vec<Role>, StoreError> {
        let sql = "SELECT role FROM membership WHERE person_id = $1 AND org_id = $2 AND provider_org = $2 \
                   AND from_date <= $3 AND to_date > $3 ORDER BY role";
        let rows = self.all(sql, values![person, self.org(), on]).await?;
        rows.iter().map(role).collect()
    }
}

fn role(row: &Row) -> Result<Role, StoreError> {
    let code = row.text("role")?;
    Role::from_code(&code).ok_or_else(|| StoreError::Fault(format!("role {code}")))
}
