//! People and the roles they hold. Below it stand their sign-ins, and what they prove themselves by.

use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::By;

use crate::connect::Backend;
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::tagged::Covered;
use crate::values;
use crate::work::Work;
use second_step::SecondStep;

pub mod attempt;
pub mod ceremony;
pub mod membership;
pub mod passkey;
pub mod provider;
pub mod second_step;
pub mod sign_in;
pub mod welcome;

pub use membership::Membership;
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
    /// Their second step, confirmed or not.
    pub step: Option<SecondStep>,
}

/// The secret in it is never shown.
impl core::fmt::Debug for Account {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Account").field("id", &self.id).finish_non_exhaustive()
    }
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

/// A person `p` with all that their row's tag covers: the second step too, so that taking its row away opens nothing.
const STANDING: &str = "SELECT p.id AS id, p.name AS name, p.email AS email, p.password AS password, p.tag AS tag, \
                        s.secret AS secret, s.confirmed_at AS confirmed_at, s.last_step AS last_step \
                        FROM person p LEFT JOIN second_step s ON s.person_id = p.id";

/// Who somebody is here, and by what they prove it.
struct Standing {
    id: PersonId,
    name: String,
    email: String,
    password: Option<String>,
    step: Option<SecondStep>,
}

impl Standing {
    /// A person as they were read; none where somebody changed the row or the second step past the service.
    fn read(session: &Session, row: &Row) -> Result<Option<Self>, StoreError> {
        let id = PersonId(row.int("id")?);
        let step = match row.opt_bytes("secret")? {
            Some(sealed) => Some(SecondStep::read(session, id, &sealed, row)?),
            None => None,
        };
        let (name, email, password) = (row.text("name")?, row.text("email")?, row.opt_text("password")?);
        let found = Self { id, name, email, password, step };
        Ok(found.covered().fits(session.master(), &row.text("tag")?).then_some(found))
    }

    fn covered(&self) -> Covered {
        let step = self.step.as_ref().filter(|step| step.confirmed).map(|step| hex::encode(&step.secret));
        Covered::of("person").with(self.id).with(&self.email).maybe(self.password.as_ref()).maybe(step)
    }
}

impl From<Standing> for Account {
    fn from(found: Standing) -> Self {
        Self { id: found.id, name: found.name, password: found.password, step: found.step }
    }
}

impl Session {
    /// The account with this e-mail address, in any case.
    pub async fn account(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let sql = format!("{STANDING} WHERE p.email = $1");
        let Some(row) = self.maybe(&sql, values![email.trim().to_lowercase()]).await? else { return Ok(None) };
        Ok(Standing::read(self, &row)?.map(Account::from))
    }

    /// A person's account; `NotFound` where their row was changed past the service.
    pub async fn account_of(&self, person: PersonId) -> Result<Account, StoreError> {
        let row = self.one(&format!("{STANDING} WHERE p.id = $1"), values![person]).await?;
        Standing::read(self, &row)?.map(Account::from).ok_or(StoreError::NotFound)
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

    /// The argon2 text of a person's password, none where they have none; `NotFound` where their row was changed past
    /// the service.
    pub async fn password_of(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        Ok(self.account_of(person).await?.password)
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
        let (email, name, password) = (email.trim().to_lowercase(), name.to_owned(), password.map(str::to_owned));
        let new = Standing { id, email, name, password, step: None };
        let sql = "INSERT INTO person (id, email, name, password, tag) VALUES ($1, $2, $3, $4, $5)";
        let tag = new.covered().tag(self.master());
        self.execute(sql, values![id, new.email, new.name, new.password, tag]).await?;
        Ok(())
    }

    /// Keeps after how many minutes without activity a child's details leave a person's screen.
    pub async fn give_hiding(&self, id: PersonId, minutes: i64) -> Result<(), StoreError> {
        self.execute("UPDATE person SET hides_after = $2 WHERE id = $1", values![id, minutes]).await?;
        Ok(())
    }

    /// Gives a person another password, or none.
    pub async fn give_password(&self, id: PersonId, password: Option<&str>) -> Result<(), StoreError> {
        let held = self.hold_person(id).await?;
        self.keep_person(&Standing { password: password.map(str::to_owned), ..held }).await
    }

    /// Keeps everybody from what is somebody's own until this work ends: whoever else changes a part of it waits, and tags the
    /// whole as it is then.
    pub async fn lock_person(&self, id: PersonId) -> Result<(), StoreError> {
        if self.backend() == Backend::Postgres {
            self.maybe("SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE", values![id]).await?;
        }
        Ok(())
    }

    /// Somebody as they stand, locked; `NotFound` where their row was changed past the service, which tags no such row.
    async fn hold_person(&self, id: PersonId) -> Result<Standing, StoreError> {
        self.lock_person(id).await?;
        let row = self.one(&format!("{STANDING} WHERE p.id = $1"), values![id]).await?;
        Standing::read(self, &row)?.ok_or(StoreError::NotFound)
    }

    /// Keeps what was changed of somebody who was held.
    async fn keep_person(&self, held: &Standing) -> Result<(), StoreError> {
        let sql = "UPDATE person SET password = $2, tag = $3 WHERE id = $1";
        self.execute(sql, values![held.id, held.password, held.covered().tag(self.master())]).await?;
        Ok(())
    }
}

fn role(row: &Row) -> Result<Role, StoreError> {
    let code = row.text("role")?;
    Role::from_code(&code).ok_or_else(|| StoreError::Fault(format!("role {code}")))
}
