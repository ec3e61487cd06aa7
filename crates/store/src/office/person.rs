//! People, the roles they hold, and their sign-ins: sessions of the browser and tokens of the API, by digest only.

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// A person with what signing in needs.
#[derive(Debug, Clone)]
pub struct Account {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// The password's argon2 text; none where the person cannot sign in by password.
    pub password: Option<String>,
}

/// One role of a person in an organisation.
#[derive(Debug, Clone)]
pub struct Membership {
    /// Who, acting for whom, as what.
    pub actor: Actor,
    /// The job title shown beside the name.
    pub title: String,
}

/// What kind of sign-in a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInKind {
    /// A browser's session.
    Session,
    /// An API token.
    Token,
}

impl SignInKind {
    fn code(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
        }
    }
}

/// A sign-in as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInEntry {
    /// Session or token.
    pub kind: SignInKind,
    /// A token's name; empty for a session.
    pub name: String,
    /// For whom it acts.
    pub organisation: String,
    /// As what it acts.
    pub role: Role,
    /// When it began, by the machine's clock.
    pub made_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether it is the one that asked for this list.
    pub own: bool,
}

/// A sign-in to keep: the token's digest, whose it is, and until when.
pub struct NewSignIn<'a> {
    /// SHA-256 of the token.
    pub token_hash: &'a [u8],
    /// Who acts, for whom, as what.
    pub actor: &'a Actor,
    /// Session or token.
    pub kind: SignInKind,
    /// A token's name; empty for a session.
    pub name: &'a str,
    /// Now, by the machine's clock.
    pub at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

const ACTOR: &str =
    "p.id AS person_id, p.name AS person_name, o.id AS org_id, o.code AS code, o.name AS org_name, o.kind AS kind";

fn actor(row: &Row) -> Result<Actor, StoreError> {
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
    })
}

fn sign_in_entry(row: &Row, own: &[u8]) -> Result<SignInEntry, StoreError> {
    let (kind, role) = (row.text("kind")?, row.text("role")?);
    Ok(SignInEntry {
        kind: if kind == SignInKind::Token.code() { SignInKind::Token } else { SignInKind::Session },
        name: row.text("name")?,
        organisation: row.text("org_name")?,
        role: Role::from_code(&role).ok_or_else(|| StoreError::Fault(format!("role {role}")))?,
        made_at: row.moment("made_at")?,
        expires_at: row.moment("expires_at")?,
        own: row.bytes("token_hash")? == own,
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

    /// A person's name.
    pub async fn person_name(&self, person: PersonId) -> Result<String, StoreError> {
        self.one("SELECT name FROM person WHERE id = $1", values![person]).await?.text("name")
    }

    /// A person's e-mail address.
    pub async fn person_email(&self, person: PersonId) -> Result<String, StoreError> {
        self.one("SELECT email FROM person WHERE id = $1", values![person]).await?.text("email")
    }

    /// Who is signed in with this token of this kind, if it is still good and the role is still held; and whether they
    /// hold another role that they could change to. A browser's session is no API token, nor the other way round.
    pub async fn signed_in(
        &self,
        kind: SignInKind,
        token_hash: &[u8],
        machine: Timestamp,
        on: Date,
    ) -> Result<Option<(Actor, bool)>, StoreError> {
        let sql = format!(
            "SELECT {ACTOR}, s.role AS role, CAST((SELECT COUNT(*) FROM membership n \
               WHERE n.person_id = s.person_id AND n.from_date <= $3 AND n.to_date > $3) AS BIGINT) AS roles FROM sign_in s JOIN person p ON p.id = s.person_id \
             JOIN organisation o ON o.id = s.org_id \
             WHERE s.token_hash = $1 AND s.kind = $4 AND s.expires_at > $2 AND EXISTS (SELECT 1 FROM membership m \
               WHERE m.person_id = s.person_id AND m.org_id = s.org_id AND m.role = s.role AND m.from_date <= $3 AND m.to_date > $3)"
        );
        let row = self.maybe(&sql, values![token_hash, machine, on, kind.code()]).await?;
        row.map(|row| Ok((actor(&row)?, row.int("roles")? > 1))).transpose()
    }

    /// A person's sign-ins that are still good, latest first. `own` is the digest of the token that asks.
    pub async fn sign_ins(
        &self,
        person: PersonId,
        own: &[u8],
        machine: Timestamp,
    ) -> Result<Vec<SignInEntry>, StoreError> {
        let sql = "SELECT s.token_hash AS token_hash, s.kind AS kind, s.name AS name, o.name AS org_name, s.role AS role, \
                   s.made_at AS made_at, s.expires_at AS expires_at FROM sign_in s JOIN organisation o ON o.id = s.org_id \
                   WHERE s.person_id = $1 AND s.expires_at > $2 ORDER BY s.made_at DESC, s.token_hash";
        let rows = self.all(sql, values![person, machine]).await?;
        rows.iter().map(|row| sign_in_entry(row, own)).collect()
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

    /// Keeps a sign-in.
    pub async fn add_sign_in(&self, new: &NewSignIn<'_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO sign_in (token_hash, person_id, org_id, role, kind, name, made_at, seen_at, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
        let (actor, kind) = (new.actor, new.kind.code());
        let values = values![
            new.token_hash,
            actor.person,
            actor.organisation,
            actor.role.code(),
            kind,
            new.name,
            new.at,
            new.expires_at
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Ends a sign-in.
    pub async fn end_sign_in(&self, token_hash: &[u8]) -> Result<(), StoreError> {
        self.execute("DELETE FROM sign_in WHERE token_hash = $1", values![token_hash]).await?;
        Ok(())
    }

    /// Forgets the sign-ins that ended before an instant; how many there were.
    pub async fn forget_sign_ins(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.execute("DELETE FROM sign_in WHERE expires_at < $1", values![before]).await
    }

    /// Ends every sign-in of a person.
    pub async fn end_sign_ins(&self, person: PersonId) -> Result<(), StoreError> {
        self.execute("DELETE FROM sign_in WHERE person_id = $1", values![person]).await?;
        Ok(())
    }
}
