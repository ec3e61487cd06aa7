//! Sign-ins: sessions of the browser and tokens of the API, kept by a digest alone. What callers give is the token's own; what
//! is kept is that one's under the key of the indexes, so that a row that somebody plants signs nobody in; and its tag covers
//! whom it signs in, so that nobody turns the row of their own over to somebody else.
//!
//! Every request asks here, so what ends a session holds from the next request on, on every node.

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{By, Method, TokenScope};

use super::membership::{HELD, is_held};
use super::{ACTOR, actor, role};
use crate::connect::Backend;
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::tagged::Covered;
use crate::values;
use crate::work::Work;

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

/// A sign-in as its owner and their administrator see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInEntry {
    /// What names it on a page: the first half of its digest, which opens nothing.
    pub handle: String,
    /// Session or token.
    pub kind: SignInKind,
    /// A token's name; empty for a session.
    pub name: String,
    /// For whom it acts: no name tells two organisations apart.
    pub org: OrganisationId,
    /// The name of that organisation.
    pub organisation: String,
    /// As what it acts.
    pub role: Role,
    /// How its holder signed in; none for a token.
    pub method: Option<Method>,
    /// What a token is for; none for a session.
    pub scope: Option<TokenScope>,
    /// When it began, by the machine's clock.
    pub made_at: Timestamp,
    /// When something was last asked for.
    pub seen_at: Timestamp,
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
    /// A session that nobody uses ends after so many seconds.
    pub idle_seconds: Option<i64>,
    /// Until when a session's holder counts as having proven lately who they are.
    pub proven_until: Option<Timestamp>,
    /// How a session's holder signed in.
    pub method: Option<Method>,
    /// What a token is for.
    pub scope: Option<&'a TokenScope>,
    /// The organisation whose identity provider vouches for the holder: the session works for no other.
    pub provider: Option<OrganisationId>,
}

/// Who is signed in, and what their sign-in says.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who acts, for whom, as what, by what.
    pub actor: Actor,
    /// Whether they hold another role that they could change to.
    pub can_switch: bool,
    /// When something was last asked for, as far as it is noted.
    pub seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// How they signed in; none for a token.
    pub method: Option<Method>,
    /// The organisation whose identity provider vouches for them.
    pub provider: Option<OrganisationId>,
}

fn scope(row: &Row) -> Result<TokenScope, StoreError> {
    match row.opt_text("scope")? {
        None => Ok(TokenScope::Everything),
        Some(text) => TokenScope::read(&text).ok_or_else(|| StoreError::Fault(format!("a token's scope {text}"))),
    }
}

fn method(row: &Row) -> Result<Option<Method>, StoreError> {
    Ok(row.opt_text("method")?.as_deref().and_then(Method::from_code))
}

fn signed_in(row: &Row, kind: SignInKind) -> Result<SignedIn, StoreError> {
    let provider = row.opt_int("provider_org")?.map(OrganisationId);
    let by = match kind {
        SignInKind::Token => By::Token(scope(row)?),
        SignInKind::Session => {
            By::Session { proven_until: row.opt_moment("proven_until")?.unwrap_or(Timestamp::MIN), provider }
        }
    };
    Ok(SignedIn {
        actor: Actor { by, ..actor(row)? },
        can_switch: row.int("roles")? > 1,
        seen_at: row.moment("seen_at")?,
        expires_at: row.moment("expires_at")?,
        method: method(row)?,
        provider,
    })
}

fn sign_in_entry(row: &Row, own: &[u8]) -> Result<SignInEntry, StoreError> {
    let hash = row.bytes("token_hash")?;
    let token = row.text("kind")? == SignInKind::Token.code();
    Ok(SignInEntry {
        handle: handle(&hash),
        kind: if token { SignInKind::Token } else { SignInKind::Session },
        name: row.text("name")?,
        org: OrganisationId(row.int("org_id")?),
        organisation: row.text("org_name")?,
        role: role(row)?,
        method: method(row)?,
        scope: if token { Some(scope(row)?) } else { None },
        made_at: row.moment("made_at")?,
        seen_at: row.moment("seen_at")?,
        expires_at: row.moment("expires_at")?,
        own: hash == own,
    })
}

/// Under what the sign-in of a token with this digest is kept.
fn kept(session: &Session, token_hash: &[u8]) -> Vec<u8> {
    session.master().kept("sign_in", token_hash).to_vec()
}

/// The columns of a sign-in that its tag covers: all but its name, when it was made, and when something was last asked for.
const COVERED: &str =
    "person_id, org_id, role, kind, expires_at, idle_seconds, method, scope, provider_org, proven_until, tag";

/// What the tag of a row covers, until the last of it: until when its holder has proven who they are, which moves.
fn covered(kept: &[u8], kind: &str, row: &Row) -> Result<Covered, StoreError> {
    covered_until(kept, kind, row, row.int("expires_at")?)
}

/// The same of a row that ends at another instant.
fn covered_until(kept: &[u8], kind: &str, row: &Row, expires_at: i64) -> Result<Covered, StoreError> {
    let whose = Covered::of("sign_in").with(hex::encode(kept)).with(kind).with(row.int("person_id")?);
    let until = whose.with(row.int("org_id")?).with(row.text("role")?).with(expires_at);
    let by = until.maybe(row.opt_int("idle_seconds")?).maybe(row.opt_text("method")?);
    Ok(by.maybe(row.opt_text("scope")?).maybe(row.opt_int("provider_org")?))
}

/// The same of one that is to be kept, whole.
fn covered_of(kept: &[u8], new: &NewSignIn<'_>) -> Covered {
    let actor = new.actor;
    let whose = Covered::of("sign_in").with(hex::encode(kept)).with(new.kind.code()).with(actor.person);
    let until = whose.with(actor.organisation).with(actor.role.code()).with(new.expires_at.as_microsecond());
    let by = until.maybe(new.idle_seconds).maybe(new.method.map(Method::code));
    let whole = by.maybe(new.scope.map(TokenScope::write)).maybe(new.provider);
    whole.maybe(new.proven_until.map(Timestamp::as_microsecond))
}

/// Whether a row is as it was kept.
fn stands(session: &Session, (kept, kind): (&[u8], &str), row: &Row) -> Result<bool, StoreError> {
    let whole = covered(kept, kind, row)?.maybe(row.opt_int("proven_until")?);
    Ok(whole.fits(session.master(), &row.text("tag")?))
}

/// What names a sign-in on a page.
fn handle(hash: &[u8]) -> String {
    let mut named = hex::encode(hash);
    named.truncate(32);
    named
}

/// The condition under which a sign-in `s` is good at `$2`: neither over, nor left alone for too long.
const GOOD: &str = "s.expires_at > $2 AND (s.idle_seconds IS NULL OR s.seen_at + s.idle_seconds * 1000000 > $2)";

/// The same of a row that was read. A statement that names the moment would be asked anew by every request.
fn is_good(row: &Row, machine: Timestamp) -> Result<bool, StoreError> {
    let now = machine.as_microsecond();
    let idle_at = match row.opt_int("idle_seconds")? {
        Some(seconds) => row.int("seen_at")?.saturating_add(seconds.saturating_mul(1_000_000)),
        None => i64::MAX,
    };
    Ok(row.int("expires_at")? > now && idle_at > now)
}

impl Session {
    /// Who is signed in with this token of this kind, if it is still good and the role is still held. A browser's session
    /// is no API token, nor the other way round.
    pub async fn signed_in(
        &self,
        kind: SignInKind,
        token_hash: &[u8],
        machine: Timestamp,
        on: Date,
    ) -> Result<Option<SignedIn>, StoreError> {
        let sql = format!(
            "SELECT {ACTOR}, s.role AS role, s.seen_at AS seen_at, s.expires_at AS expires_at, \
             s.idle_seconds AS idle_seconds, s.proven_until AS proven_until, s.method AS method, s.scope AS scope, \
             s.provider_org AS provider_org, s.tag AS tag, {HELD}, CAST((SELECT COUNT(*) FROM membership n \
               WHERE n.person_id = s.person_id AND n.from_date <= $2 AND n.to_date > $2 \
               AND (n.org_id = s.provider_org OR s.provider_org IS NULL AND NOT EXISTS (SELECT 1 FROM way_in w \
                 WHERE w.org_id = n.org_id AND w.only_way = 1))) AS BIGINT) AS roles \
             FROM sign_in s JOIN person p ON p.id = s.person_id \
             JOIN organisation o ON o.id = s.org_id \
             JOIN membership m ON m.person_id = s.person_id AND m.org_id = s.org_id AND m.role = s.role \
             WHERE s.token_hash = $1 AND s.kind = $3 AND m.from_date <= $2 AND m.to_date > $2 ORDER BY m.from_date"
        );
        let kept = kept(self, token_hash);
        for row in self.all(&sql, values![kept.as_slice(), on, kind.code()]).await? {
            if !is_good(&row, machine)? || !stands(self, (&kept, kind.code()), &row)? {
                break;
            }
            if is_held(self, &row)? {
                return Ok(Some(signed_in(&row, kind)?));
            }
        }
        Ok(None)
    }

    /// A person's sign-ins that are still good, latest first. `own` is the digest of the token that asks.
    pub async fn sign_ins(
        &self,
        person: PersonId,
        own: &[u8],
        machine: Timestamp,
    ) -> Result<Vec<SignInEntry>, StoreError> {
        let sql = format!(
            "SELECT s.token_hash AS token_hash, s.kind AS kind, s.name AS name, s.org_id AS org_id, \
             o.name AS org_name, s.role AS role, s.method AS method, s.scope AS scope, s.made_at AS made_at, \
             s.seen_at AS seen_at, s.expires_at AS expires_at \
             FROM sign_in s JOIN organisation o ON o.id = s.org_id \
             WHERE s.person_id = $1 AND {GOOD} ORDER BY s.made_at DESC, s.token_hash"
        );
        let (rows, own) = (self.all(&sql, values![person, machine]).await?, kept(self, own));
        rows.iter().map(|row| sign_in_entry(row, &own)).collect()
    }
}

impl Work {
    /// Keeps a sign-in, and of a session beside the role when somebody last came in it. Whoever ends all that the
    /// person has waits for it, and ends it too.
    pub async fn add_sign_in(&self, new: &NewSignIn<'_>) -> Result<(), StoreError> {
        self.lock_person(new.actor.person).await?;
        let sql = "INSERT INTO sign_in (token_hash, person_id, org_id, role, kind, name, made_at, seen_at, expires_at, \
                   idle_seconds, proven_until, method, scope, provider_org, tag) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $12, $13, $14)";
        let (actor, kind) = (new.actor, new.kind.code());
        let kept = kept(self, new.token_hash);
        let tag = covered_of(&kept, new).tag(self.master());
        let values = values![
            kept,
            actor.person,
            actor.organisation,
            actor.role.code(),
            kind,
            new.name,
            new.at,
            new.expires_at,
            new.idle_seconds,
            new.proven_until,
            new.method.map(Method::code),
            new.scope.map(TokenScope::write),
            new.provider,
            tag,
        ];
        self.execute(sql, values).await?;
        if new.kind == SignInKind::Session {
            let sql = "UPDATE membership SET signed_in_at = $5 WHERE person_id = $1 AND org_id = $2 AND role = $3 \
                       AND from_date <= $4 AND to_date > $4";
            let today = self.moment().today();
            let values = values![actor.person, actor.organisation, actor.role.code(), today, new.at];
            self.execute(sql, values).await?;
        }
        Ok(())
    }

    /// Keeps a sign-in in place of another of the same person, which ends; false, and nothing is kept, where that one
    /// has ended meanwhile.
    pub async fn replace_sign_in(&self, token_hash: &[u8], new: &NewSignIn<'_>) -> Result<bool, StoreError> {
        if !self.hold_sign_in(new.actor.person, token_hash).await? {
            return Ok(false);
        }
        self.end_sign_in(token_hash).await?;
        self.add_sign_in(new).await?;
        Ok(true)
    }

    /// Keeps a person's sign-in from ending until this work does; false where it has ended.
    pub async fn hold_sign_in(&self, person: PersonId, token_hash: &[u8]) -> Result<bool, StoreError> {
        // The person first, as whoever ends all of theirs takes them.
        self.lock_person(person).await?;
        let held = if self.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
        let sql = format!("SELECT token_hash FROM sign_in WHERE token_hash = $1 AND person_id = $2{held}");
        Ok(self.maybe(&sql, values![kept(self, token_hash), person]).await?.is_some())
    }

    /// Keeps whoever has a sign-in of a kind from changing it for another until this work ends: one in its place would
    /// be missed. In the order of their numbers, so that two who hold several people do not wait for each other.
    async fn lock_holders(&self, of: &str) -> Result<(), StoreError> {
        if self.backend() == Backend::Postgres {
            let sql = format!(
                "SELECT id FROM person WHERE id IN (SELECT person_id FROM sign_in WHERE {of}) ORDER BY id \
                 FOR NO KEY UPDATE"
            );
            self.all(&sql, values![self.org()]).await?;
        }
        Ok(())
    }

    /// Notes that something was asked for by a session.
    pub async fn note_seen(&self, token_hash: &[u8], machine: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE sign_in SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2";
        self.execute(sql, values![kept(self, token_hash), machine]).await?;
        Ok(())
    }

    /// Notes that a session's holder has proven who they are. Whoever shortens it meanwhile waits, and tags the whole
    /// as it is then.
    pub async fn note_proof(&self, token_hash: &[u8], until: Timestamp) -> Result<(), StoreError> {
        let (kept, held) = (kept(self, token_hash), "SELECT person_id FROM sign_in WHERE token_hash = $1");
        let Some(row) = self.maybe(held, values![kept.as_slice()]).await? else { return Ok(()) };
        self.lock_person(PersonId(row.int("person_id")?)).await?;
        let sql = format!("SELECT {COVERED} FROM sign_in WHERE token_hash = $1");
        let Some(row) = self.maybe(&sql, values![kept.as_slice()]).await? else { return Ok(()) };
        let kind = row.text("kind")?;
        if stands(self, (&kept, &kind), &row)? {
            let tag = covered(&kept, &kind, &row)?.maybe(Some(until.as_microsecond())).tag(self.master());
            let sql = "UPDATE sign_in SET proven_until = $2, tag = $3 WHERE token_hash = $1";
            self.execute(sql, values![kept, until, tag]).await?;
        }
        Ok(())
    }

    /// Ends a sign-in; false where there was none.
    pub async fn end_sign_in(&self, token_hash: &[u8]) -> Result<bool, StoreError> {
        self.end_kept(&kept(self, token_hash)).await
    }

    async fn end_kept(&self, kept: &[u8]) -> Result<bool, StoreError> {
        Ok(self.execute("DELETE FROM sign_in WHERE token_hash = $1", values![kept]).await? > 0)
    }

    /// Ends the sign-in of a person that this handle names; false where there is none.
    pub async fn end_sign_in_named(&self, person: PersonId, named: &str) -> Result<bool, StoreError> {
        let rows = self.all("SELECT token_hash FROM sign_in WHERE person_id = $1", values![person]).await?;
        for row in rows {
            let hash = row.bytes("token_hash")?;
            if handle(&hash) == named {
                return self.end_kept(&hash).await;
            }
        }
        Ok(false)
    }

    /// Ends the sign-ins of a person that act for this work's organisation: all, or the one that is named; how many.
    pub async fn end_sign_ins_here(&self, person: PersonId, named: Option<&str>) -> Result<u64, StoreError> {
        self.lock_person(person).await?;
        let sql = "SELECT token_hash FROM sign_in WHERE person_id = $1 AND org_id = $2";
        let mut ended = 0;
        for row in self.all(sql, values![person, self.org()]).await? {
            let hash = row.bytes("token_hash")?;
            if named.is_none_or(|named| handle(&hash) == named) {
                ended += u64::from(self.end_kept(&hash).await?);
            }
        }
        Ok(ended)
    }

    /// Ends the sign-ins of a person in one role of this work's organisation; how many there were.
    pub(super) async fn end_sign_ins_in(&self, person: PersonId, role: Role) -> Result<u64, StoreError> {
        let sql = "DELETE FROM sign_in WHERE person_id = $1 AND org_id = $2 AND role = $3";
        self.execute(sql, values![person, self.org(), role.code()]).await
    }

    /// Ends the sign-ins of a person in one role of this work's organisation at an instant, where they would go on beyond it.
    /// A proof that is noted meanwhile is waited for.
    pub async fn shorten_sign_ins(&self, person: PersonId, role: Role, until: Timestamp) -> Result<(), StoreError> {
        self.lock_person(person).await?;
        let sql = format!(
            "SELECT token_hash, {COVERED} FROM sign_in \
             WHERE person_id = $1 AND org_id = $2 AND role = $3 AND expires_at > $4"
        );
        for row in self.all(&sql, values![person, self.org(), role.code(), until]).await? {
            let (kept, kind) = (row.bytes("token_hash")?, row.text("kind")?);
            if stands(self, (&kept, &kind), &row)? {
                let whole = covered_until(&kept, &kind, &row, until.as_microsecond())?;
                let tag = whole.maybe(row.opt_int("proven_until")?).tag(self.master());
                let sql = "UPDATE sign_in SET expires_at = $2, tag = $3 WHERE token_hash = $1";
                self.execute(sql, values![kept, until, tag]).await?;
            }
        }
        Ok(())
    }

    /// Ends the sign-ins of a person that act for one organisation; how many there were.
    pub async fn end_sign_ins_of(&self, person: PersonId, organisation: OrganisationId) -> Result<u64, StoreError> {
        self.lock_person(person).await?;
        let sql = "DELETE FROM sign_in WHERE person_id = $1 AND org_id = $2";
        self.execute(sql, values![person, organisation]).await
    }

    /// Holds everybody of whom both of the next two end something, in one order, before either does.
    pub async fn hold_who_signed_in(&self) -> Result<(), StoreError> {
        self.lock_holders("provider_org = $1 OR (org_id = $1 AND provider_org IS NULL)").await
    }

    /// Ends every session and token that this work's organisation's identity provider vouches for; how many there were.
    pub async fn end_vouched_sign_ins(&self) -> Result<u64, StoreError> {
        self.lock_holders("provider_org = $1").await?;
        self.execute("DELETE FROM sign_in WHERE provider_org = $1", values![self.org()]).await
    }

    /// Ends every session and token of this work's organisation for which its identity provider does not vouch, but for
    /// the one of the token with this digest; how many there were.
    pub async fn end_unvouched_sign_ins(&self, but: &[u8]) -> Result<u64, StoreError> {
        self.lock_holders("org_id = $1 AND provider_org IS NULL").await?;
        let sql = "DELETE FROM sign_in WHERE org_id = $1 AND provider_org IS NULL AND token_hash <> $2";
        self.execute(sql, values![self.org(), kept(self, but)]).await
    }

    /// Forgets the sign-ins that ended before an instant; how many there were.
    pub async fn forget_sign_ins(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.execute("DELETE FROM sign_in WHERE expires_at < $1", values![before]).await
    }

    /// Ends every sign-in of a person, but for one where that is named; how many there were. One that is just being
    /// changed for another is waited for, and the other ends too.
    pub async fn end_sign_ins(&self, person: PersonId, but: Option<&[u8]>) -> Result<u64, StoreError> {
        self.lock_person(person).await?;
        match but {
            Some(own) => {
                let sql = "DELETE FROM sign_in WHERE person_id = $1 AND token_hash <> $2";
                self.execute(sql, values![person, kept(self, own)]).await
            }
            None => self.execute("DELETE FROM sign_in WHERE person_id = $1", values![person]).await,
        }
    }

    /// Keys the digests of sign-ins that an earlier version kept plainly.
    pub(crate) async fn key_sign_ins(&self) -> Result<(), StoreError> {
        for row in self.all(&format!("SELECT token_hash, {COVERED} FROM sign_in"), vec![]).await? {
            let (plain, kind) = (row.bytes("token_hash")?, row.text("kind")?);
            let keyed = kept(self, &plain);
            // The tag that it has names it by its plain digest. One that does not fit stays one that does not.
            let tag = if stands(self, (&plain, &kind), &row)? {
                covered(&keyed, &kind, &row)?.maybe(row.opt_int("proven_until")?).tag(self.master())
            } else {
                row.text("tag")?
            };
            let sql = "UPDATE sign_in SET token_hash = $2, tag = $3 WHERE token_hash = $1";
            self.execute(sql, values![plain, keyed, tag]).await?;
        }
        Ok(())
    }
}
