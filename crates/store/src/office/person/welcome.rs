//! Invitations of people to work for an organisation, and who works for it. The tag of an invitation stands beside its link, and
//! covers for whom it is, in which role, and that nobody has used it.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::Cover;
use placewell_domain::office::person::welcome::{Welcome, WelcomeState};

use super::membership::{HELD, is_held};
use super::role;
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::tagged::Covered;
use crate::values;
use crate::work::{Record, Work};

/// By whom somebody was given a role, and so who ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GivenBy {
    /// Whoever keeps the organisation's people.
    Keeper,
    /// The organisation's identity provider, for as long as it says so.
    Provider,
    /// A cover, for its days.
    Cover,
}

/// Somebody who works for an organisation, or has worked for it.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Where mail goes; also the name to sign in with.
    pub email: String,
    /// The role.
    pub role: Role,
    /// The job title.
    pub title: String,
    /// From when they hold it.
    pub from: Date,
    /// The first day on which they hold it no longer.
    pub to: Date,
    /// By whom they were given it.
    pub by: GivenBy,
    /// Whether they can sign in by a password.
    pub password: bool,
    /// Whether they have a second step set up.
    pub second_step: bool,
    /// How many passkeys they have.
    pub passkeys: i64,
    /// When they last signed in in this role, by the machine's clock; none where they never have.
    pub signed_in: Option<Timestamp>,
}

/// Under what the link of an invitation with this digest stands: nobody plants one with the database alone.
fn kept(session: &Session, digest: &str) -> String {
    hex::encode(session.master().kept("welcome_link", digest.as_bytes()))
}

fn covered(welcome: &Welcome) -> Covered {
    let named = Covered::of("welcome_link").with(welcome.organisation).with(welcome.id).with(welcome.version);
    let whom = named.with(welcome.state.code()).with(&welcome.email).with(&welcome.name);
    let role = whom.with(welcome.role.code()).with(&welcome.title).with(welcome.until);
    role.with(&welcome.digest).with(welcome.expires.as_microsecond()).maybe(welcome.by)
}

impl Record for Welcome {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let person = match self.state {
            WelcomeState::Accepted(person) => Some(person),
            WelcomeState::Sent | WelcomeState::Withdrawn => None,
        };
        let (link, tag) = (kept(session, &self.digest), covered(self).tag(session.master()));
        if self.version == 1 {
            let sql = "INSERT INTO person_invitation (org_id, id, version, state, email, name, role, title, to_date, digest, \
                       expires_at, invited_by) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
            let values = values![
                self.organisation,
                self.id,
                self.state.code(),
                self.email.as_str(),
                self.name.as_str(),
                self.role.code(),
                self.title.as_str(),
                self.until,
                self.digest.as_str(),
                self.expires,
                self.by,
            ];
            session.execute(sql, values).await?;
            let sql = "INSERT INTO welcome_link (org_id, digest, tag) VALUES ($1, $2, $3)";
            session.execute(sql, values![self.organisation, link, tag]).await?;
            return Ok(());
        }
        let sql = "UPDATE person_invitation SET version = $1, state = $2, person_id = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        let values = values![self.version, self.state.code(), person, self.organisation, self.id];
        if session.execute(sql, values).await? == 0 {
            return Err(StoreError::Conflict);
        }
        let sql = "UPDATE welcome_link SET tag = $3 WHERE org_id = $1 AND digest = $2";
        session.execute(sql, values![self.organisation, link, tag]).await?;
        Ok(())
    }
}

const WELCOME: &str = "SELECT org_id, id, version, state, email, name, role, title, to_date, digest, expires_at, person_id, invited_by \
                       FROM person_invitation";

fn welcome(row: &Row) -> Result<Welcome, StoreError> {
    let state = match (row.text("state")?.as_str(), row.opt_int("person_id")?) {
        ("accepted", Some(person)) => WelcomeState::Accepted(PersonId(person)),
        ("withdrawn", _) => WelcomeState::Withdrawn,
        _ => WelcomeState::Sent,
    };
    Ok(Welcome {
        id: row.int("id")?,
        version: row.int("version")?,
        organisation: OrganisationId(row.int("org_id")?),
        email: row.text("email")?,
        name: row.text("name")?,
        role: role(row)?,
        title: row.text("title")?,
        until: row.date("to_date")?,
        digest: row.text("digest")?,
        expires: row.moment("expires_at")?,
        by: row.opt_int("invited_by")?.map(PersonId),
        state,
    })
}

impl Session {
    /// The organisation that mailed the link whose secret has this digest: all that is known of it at the door.
    pub async fn welcome_link(&self, digest: &str) -> Result<OrganisationId, StoreError> {
        let sql = "SELECT org_id FROM welcome_link WHERE digest = $1";
        let row = self.one(sql, values![kept(self, digest)]).await?;
        Ok(OrganisationId(row.int("org_id")?))
    }

    /// The invitation of an organisation whose link's secret has this digest.
    pub async fn welcome_by_digest(&self, organisation: OrganisationId, digest: &str) -> Result<Welcome, StoreError> {
        let sql = format!("{WELCOME} WHERE org_id = $1 AND digest = $2");
        let found = welcome(&self.one(&sql, values![organisation, digest]).await?)?;
        let sql = "SELECT tag FROM welcome_link WHERE org_id = $1 AND digest = $2";
        let link = self.one(sql, values![organisation, kept(self, digest)]).await?;
        covered(&found).fits(self.master(), &link.text("tag")?).then_some(found).ok_or(StoreError::NotFound)
    }

    /// One invitation of an organisation.
    pub async fn welcome(&self, organisation: OrganisationId, id: i64) -> Result<Welcome, StoreError> {
        welcome(&self.one(&format!("{WELCOME} WHERE org_id = $1 AND id = $2"), values![organisation, id]).await?)
    }

    /// The invitations of an organisation that wait, the latest first.
    pub async fn welcomes(&self, organisation: OrganisationId) -> Result<Vec<Welcome>, StoreError> {
        let links = self.all("SELECT digest, tag FROM welcome_link WHERE org_id = $1", values![organisation]).await?;
        let tags = links.iter().map(|row| Ok((row.text("digest")?, row.text("tag")?)));
        let tags = tags.collect::<Result<HashMap<String, String>, StoreError>>()?;
        let sql = format!("{WELCOME} WHERE org_id = $1 AND state = 'sent' ORDER BY id DESC");
        let waiting = self.all(&sql, values![organisation]).await?;
        let mut waiting = waiting.iter().map(welcome).collect::<Result<Vec<_>, _>>()?;
        waiting.retain(|one| {
            let tag = tags.get(&kept(self, &one.digest));
            tag.is_some_and(|tag| covered(one).fits(self.master(), tag))
        });
        Ok(waiting)
    }

    /// The people of an organisation with every role that they hold on a date or later, by name; one person's alone where
    /// one is named. What was lent and ended before it began is held on no day.
    pub async fn colleagues(
        &self,
        organisation: OrganisationId,
        on: Date,
        person: Option<PersonId>,
    ) -> Result<Vec<Colleague>, StoreError> {
        let whose = if person.is_some() { "p.id = $3" } else { "CAST($3 AS BIGINT) = 0" };
        let sql = format!(
            "SELECT p.id AS person_id, p.name AS name, p.email AS email, m.org_id AS org_id, o.kind AS kind, \
             m.role AS role, {HELD}, m.signed_in_at AS signed_in_at, \
             CAST(CASE WHEN p.password IS NULL THEN 0 ELSE 1 END AS BIGINT) AS password, \
             CAST((SELECT COUNT(*) FROM second_step s WHERE s.person_id = p.id AND s.confirmed_at IS NOT NULL) AS BIGINT) AS step, \
             CAST((SELECT COUNT(*) FROM passkey k WHERE k.person_id = p.id) AS BIGINT) AS passkeys \
             FROM membership m JOIN person p ON p.id = m.person_id JOIN organisation o ON o.id = m.org_id \
             WHERE m.org_id = $1 AND m.to_date > $2 AND m.to_date > m.from_date AND {whose} \
             ORDER BY p.name, p.id, m.role, m.from_date"
        );
        let person = person.map_or(0, |person| person.0);
        let rows = self.all(&sql, values![organisation, on, person]).await?;
        let covers = self.covers_ending_after(organisation, on).await?;
        let colleague = |row: &Row| {
            if !is_held(self, row)? {
                return Ok(None);
            }
            let (person, role) = (PersonId(row.int("person_id")?), role(row)?);
            let (from, to) = (row.date("from_date")?, row.date("to_date")?);
            // A lent role has the days of its cover, and nothing but the end of the cover moves them.
            let lends = |cover: &Cover| {
                (cover.covering, cover.role) == (person, role) && (cover.from, cover.until) == (from, to)
            };
            let by = match row.opt_int("given_by")? {
                Some(_) => GivenBy::Provider,
                None if covers.iter().any(lends) => GivenBy::Cover,
                None => GivenBy::Keeper,
            };
            Ok(Some(Colleague {
                person,
                name: row.text("name")?,
                email: row.text("email")?,
                role,
                title: row.text("title")?,
                from,
                to,
                by,
                password: row.flag("password")?,
                second_step: row.flag("step")?,
                passkeys: row.int("passkeys")?,
                signed_in: row.opt_moment("signed_in_at")?,
            }))
        };
        rows.iter().filter_map(|row| colleague(row).transpose()).collect()
    }
}

impl Work {
    /// Keys the digests of this organisation's links that an earlier version kept plainly. The invitations themselves keep
    /// theirs, which opens nothing alone: their rows are held by their events.
    pub(crate) async fn key_welcome_links(&self) -> Result<(), StoreError> {
        let sql = "SELECT digest FROM welcome_link WHERE org_id = $1";
        for row in self.all(sql, values![self.org()]).await? {
            let plain = row.text("digest")?;
            let keyed = kept(self, &plain);
            let sql = "UPDATE welcome_link SET digest = $3 WHERE org_id = $1 AND digest = $2";
            self.execute(sql, values![self.org(), plain, keyed]).await?;
        }
        Ok(())
    }
}
