//! An organisation's identity provider, and the people whom it vouches for by its own names for them. Both are tagged, but for
//! the secret, which is sealed: a provider that was put there past the service opens nothing, nor does a name.

use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::person::provider::{Admits, RoleRule};

use crate::connect::Backend;
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::tagged::Covered;
use crate::values;
use crate::work::Work;

/// What is kept of an organisation's identity provider.
#[derive(Clone)]
pub struct IdentityProvider {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its address, which its tokens name.
    pub issuer: String,
    /// What it calls this service.
    pub client_id: String,
    /// The secret that it gave this service; none for a public client.
    pub secret: Option<String>,
    /// The claim that names roles or groups.
    pub claim: String,
    /// Which values of it give which roles.
    pub rules: Vec<RoleRule>,
    /// Who may come in by it.
    pub admits: Admits,
    /// Whether the organisation's people sign in by it and by nothing else.
    pub only_way: bool,
    /// How often it was written.
    pub version: i64,
}

/// The secret in it is never shown.
impl core::fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("IdentityProvider")
            .field("organisation", &self.organisation)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl IdentityProvider {
    fn covered(&self, rules: &str) -> Covered {
        let known = Covered::of("identity_provider").with(self.organisation).with(&self.issuer).with(&self.client_id);
        let lets_in = known.with(&self.claim).with(rules).with(self.admits.code());
        lets_in.with(i64::from(self.only_way)).with(self.version)
    }
}

fn name_covered(organisation: OrganisationId, issuer: &str, subject: &str, person: PersonId) -> Covered {
    Covered::of("outside_identity").with(organisation).with(issuer).with(subject).with(person)
}

/// The mark that says which turn of an organisation's way in this is. Everybody at the door may read it: what the provider is,
/// its organisation alone does.
fn turn_of(organisation: OrganisationId) -> String {
    format!("way_in/{organisation}")
}

impl Session {
    /// A provider as it was kept; none where somebody changed or put the row there past the service.
    fn provider_of(&self, row: &Row) -> Result<Option<IdentityProvider>, StoreError> {
        let organisation = OrganisationId(row.int("org_id")?);
        let admits = row.text("admits")?;
        let secret = match row.opt_bytes("secret")? {
            Some(sealed) => {
                let plain = self.master().open(organisation.0, &sealed)?;
                Some(String::from_utf8(plain).map_err(StoreError::fault)?)
            }
            None => None,
        };
        let found = IdentityProvider {
            organisation,
            issuer: row.text("issuer")?,
            client_id: row.text("client_id")?,
            secret,
            claim: row.text("claim")?,
            rules: row.json("rules")?,
            admits: Admits::from_code(&admits).ok_or_else(|| StoreError::Fault(format!("admits {admits}")))?,
            only_way: row.flag("only_way")?,
            version: row.int("version")?,
        };
        let covered = found.covered(&row.text("rules")?);
        Ok(covered.fits(self.master(), &row.text("tag")?).then_some(found))
    }

    /// The identity provider of an organisation, which reads its own alone.
    pub async fn identity_provider(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<IdentityProvider>, StoreError> {
        let sql = "SELECT org_id, issuer, client_id, secret, claim, rules, admits, only_way, version, tag \
                   FROM identity_provider WHERE org_id = $1";
        let Some(row) = self.maybe(sql, values![organisation]).await? else { return Ok(None) };
        self.provider_of(&row)
    }

    /// The organisations whose people sign in by an identity provider, and whether by that alone: code and name, by name.
    pub async fn organisations_with_provider(&self) -> Result<Vec<(OrganisationId, String, String, bool)>, StoreError> {
        let sql = "SELECT o.id AS id, o.code AS code, o.name AS name, i.only_way AS only_way FROM way_in i \
                   JOIN organisation o ON o.id = i.org_id ORDER BY o.name";
        let rows = self.all(sql, values![]).await?;
        rows.iter()
            .map(|row| {
                Ok((OrganisationId(row.int("id")?), row.text("code")?, row.text("name")?, row.flag("only_way")?))
            })
            .collect()
    }

    /// Which turn of an organisation's way in this is: another whenever its provider is set up, changed or taken away.
    pub async fn way_in_turn(&self, organisation: OrganisationId) -> Result<Option<String>, StoreError> {
        self.mark(&turn_of(organisation)).await
    }

    /// The person whom a provider calls this, seen by its organisation.
    pub async fn outside_person(
        &self,
        organisation: OrganisationId,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<PersonId>, StoreError> {
        let sql = "SELECT person_id, tag FROM outside_identity WHERE org_id = $1 AND issuer = $2 AND subject = $3";
        let Some(row) = self.maybe(sql, values![organisation, issuer, subject]).await? else { return Ok(None) };
        let person = PersonId(row.int("person_id")?);
        let covered = name_covered(organisation, issuer, subject, person);
        Ok(covered.fits(self.master(), &row.text("tag")?).then_some(person))
    }
}

impl Work {
    /// Keeps an organisation's way in as it is until this work ends: many may come in by it at a time (`alone` false), or
    /// one may change it. Before its people are held, as whoever changes it ends what they have. SQLite's one writer
    /// needs none.
    pub async fn hold_way_in(&self, organisation: OrganisationId, alone: bool) -> Result<(), StoreError> {
        if self.backend() == Backend::Postgres {
            let lock = if alone { "pg_advisory_xact_lock" } else { "pg_advisory_xact_lock_shared" };
            self.execute(&format!("SELECT {lock}(14, hashint8($1))"), values![organisation]).await?;
        }
        Ok(())
    }

    /// Begins another turn of this work's organisation's way in: whoever is half-way in does not come in by the one before.
    async fn turn_way_in(&self) -> Result<(), StoreError> {
        self.hold_way_in(self.org(), true).await?;
        self.set_mark(&turn_of(self.org()), &self.new_id().to_string()).await
    }

    /// Keeps this work's organisation's identity provider in place of the one of the version before.
    pub async fn set_identity_provider(&self, new: &IdentityProvider) -> Result<(), StoreError> {
        self.turn_way_in().await?;
        let sealed = match &new.secret {
            Some(secret) => Some(self.master().seal(self.org().0, secret.as_bytes())?),
            None => None,
        };
        let rules = serde_json::to_string(&new.rules)?;
        let sql = "INSERT INTO identity_provider (org_id, issuer, client_id, secret, claim, rules, admits, only_way, version, tag) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (org_id) DO UPDATE SET issuer = excluded.issuer, \
                   client_id = excluded.client_id, secret = excluded.secret, claim = excluded.claim, rules = excluded.rules, \
                   admits = excluded.admits, only_way = excluded.only_way, version = excluded.version, tag = excluded.tag \
                   WHERE identity_provider.version = excluded.version - 1";
        let own = IdentityProvider { organisation: self.org(), ..new.clone() };
        let tag = own.covered(&rules).tag(self.master());
        let values = values![
            self.org(),
            new.issuer.as_str(),
            new.client_id.as_str(),
            sealed,
            new.claim.as_str(),
            rules,
            new.admits.code(),
            new.only_way,
            new.version,
            tag,
        ];
        if self.execute(sql, values).await? == 0 {
            return Err(StoreError::Conflict);
        }
        let sql = "INSERT INTO way_in (org_id, only_way) VALUES ($1, $2) \
                   ON CONFLICT (org_id) DO UPDATE SET only_way = excluded.only_way";
        self.execute(sql, values![self.org(), new.only_way]).await?;
        Ok(())
    }

    /// Takes it away.
    pub async fn end_identity_provider(&self) -> Result<bool, StoreError> {
        self.turn_way_in().await?;
        self.execute("DELETE FROM way_in WHERE org_id = $1", values![self.org()]).await?;
        Ok(self.execute("DELETE FROM identity_provider WHERE org_id = $1", values![self.org()]).await? > 0)
    }

    /// Remembers whom the provider calls this.
    pub async fn add_outside_identity(&self, issuer: &str, subject: &str, person: PersonId) -> Result<(), StoreError> {
        let sql = "INSERT INTO outside_identity (org_id, issuer, subject, person_id, tag) VALUES ($1, $2, $3, $4, $5)";
        let tag = name_covered(self.org(), issuer, subject, person).tag(self.master());
        self.execute(sql, values![self.org(), issuer, subject, person, tag]).await?;
        Ok(())
    }
}
