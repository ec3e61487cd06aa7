//! Who holds which power: append-only facts in two times. A fact recorded again under its id replaces what was known
//! of it; what was known at any sequence stays one query away (rule 4.4).

use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::power::delegation::{
    Holding, LimbPost, OnCall, Post, Scheme, StatutoryAppointment, SubDelegation, UrgencyPower,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// One recorded fact about powers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum PowerFact {
    /// A post; its fact id is its own id.
    Post(Post),
    /// Which post a limb's words mean.
    LimbPost(LimbPost),
    /// A person in a post.
    Holding(Holding),
    /// A power passed on.
    SubDelegation(SubDelegation),
    /// An urgency power.
    UrgencyPower(UrgencyPower),
    /// An appointment to a statutory office.
    Statutory(StatutoryAppointment),
    /// Somebody on call.
    OnCall(OnCall),
}

impl PowerFact {
    /// The stored name of its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Post(_) => Post::KIND,
            Self::LimbPost(_) => LimbPost::KIND,
            Self::Holding(_) => Holding::KIND,
            Self::SubDelegation(_) => SubDelegation::KIND,
            Self::UrgencyPower(_) => UrgencyPower::KIND,
            Self::Statutory(_) => StatutoryAppointment::KIND,
            Self::OnCall(_) => OnCall::KIND,
        }
    }

    /// The days for which it holds.
    #[must_use]
    pub fn days(&self) -> (Date, Date) {
        match self {
            Self::Post(post) => (post.from, post.to),
            Self::LimbPost(_) => (Date::constant(2000, 1, 1), OPEN_END),
            Self::Holding(held) => (held.from, held.to),
            Self::SubDelegation(passed) => (passed.from, passed.to),
            Self::UrgencyPower(power) => (power.from, power.to),
            Self::Statutory(held) => (held.from, held.to),
            Self::OnCall(duty) => (duty.from.date(), plus_days(duty.to.date(), 1)),
        }
    }

    /// The same fact, ended on the day before this one. A post and a limb's words are not ended this way.
    #[must_use]
    pub fn until(&self, to: Date) -> Option<Self> {
        Some(match self.clone() {
            Self::Post(_) | Self::LimbPost(_) => return None,
            Self::Holding(fact) => Self::Holding(Holding { to, ..fact }),
            Self::SubDelegation(fact) => Self::SubDelegation(SubDelegation { to, ..fact }),
            Self::UrgencyPower(fact) => Self::UrgencyPower(UrgencyPower { to, ..fact }),
            Self::Statutory(fact) => Self::Statutory(StatutoryAppointment { to, ..fact }),
            Self::OnCall(fact) => Self::OnCall(OnCall { to: to.at(0, 0, 0, 0).min(fact.to), ..fact }),
        })
    }

    fn body(&self) -> Result<String, StoreError> {
        Ok(match self {
            Self::Post(fact) => serde_json::to_string(fact)?,
            Self::LimbPost(fact) => serde_json::to_string(fact)?,
            Self::Holding(fact) => serde_json::to_string(fact)?,
            Self::SubDelegation(fact) => serde_json::to_string(fact)?,
            Self::UrgencyPower(fact) => serde_json::to_string(fact)?,
            Self::Statutory(fact) => serde_json::to_string(fact)?,
            Self::OnCall(fact) => serde_json::to_string(fact)?,
        })
    }
}

/// A fact's stored kind.
trait Kind: Serialize + DeserializeOwned {
    const KIND: &'static str;
}

macro_rules! kinds {
    ($($fact:ty => $kind:literal;)*) => { $(impl Kind for $fact { const KIND: &'static str = $kind; })* };
}

kinds! {
    Post => "post";
    LimbPost => "limb_post";
    Holding => "holding";
    SubDelegation => "sub_delegation";
    UrgencyPower => "urgency_power";
    StatutoryAppointment => "statutory";
    OnCall => "on_call";
}

/// A recorded fact with its id, by which it can be recorded again (ended, corrected).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<T> {
    /// Its id.
    pub id: i64,
    /// The fact.
    pub fact: T,
}

/// Somebody who works for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their job title.
    pub title: String,
}

/// "As known now" for facts read without a sequence.
const NOW: i64 = i64::MAX;

impl Session {
    async fn power_facts<T: Kind>(&self, org: OrganisationId, known_at: i64) -> Result<Vec<Recorded<T>>, StoreError> {
        // Of every kind at once: a command asks for most.
        let sql = "SELECT kind, fact_id, body FROM power_fact f WHERE org_id = $1 AND known_from = (\
                   SELECT max(k.known_from) FROM power_fact k WHERE k.org_id = f.org_id AND k.kind = f.kind \
                   AND k.fact_id = f.fact_id AND k.known_from <= $2) ORDER BY from_date, fact_id";
        let mut found = Vec::new();
        for row in self.all(sql, values![org, known_at]).await? {
            if row.text("kind")? == T::KIND {
                found.push(Recorded { id: row.int("fact_id")?, fact: row.json("body")? });
            }
        }
        Ok(found)
    }

    async fn plain_facts<T: Kind>(&self, org: OrganisationId, known_at: i64) -> Result<Vec<T>, StoreError> {
        Ok(self.power_facts(org, known_at).await?.into_iter().map(|recorded| recorded.fact).collect())
    }

    /// One fact that can be ended, as known now, by its kind and id.
    pub async fn power_fact(&self, org: OrganisationId, kind: &str, id: i64) -> Result<PowerFact, StoreError> {
        let sql = "SELECT body FROM power_fact WHERE org_id = $1 AND kind = $2 AND fact_id = $3 \
                   ORDER BY known_from DESC LIMIT 1";
        let row = self.one(sql, values![org, kind, id]).await?;
        match kind {
            Holding::KIND => Ok(PowerFact::Holding(row.json("body")?)),
            SubDelegation::KIND => Ok(PowerFact::SubDelegation(row.json("body")?)),
            UrgencyPower::KIND => Ok(PowerFact::UrgencyPower(row.json("body")?)),
            StatutoryAppointment::KIND => Ok(PowerFact::Statutory(row.json("body")?)),
            OnCall::KIND => Ok(PowerFact::OnCall(row.json("body")?)),
            _ => Err(StoreError::NotFound),
        }
    }

    /// An authority's urgency powers with their ids.
    pub async fn recorded_urgency_powers(
        &self,
        org: OrganisationId,
    ) -> Result<Vec<Recorded<UrgencyPower>>, StoreError> {
        self.power_facts(org, NOW).await
    }

    /// Who is on call for an authority, with the ids of the duties.
    pub async fn recorded_on_call(&self, org: OrganisationId) -> Result<Vec<Recorded<OnCall>>, StoreError> {
        self.power_facts(org, NOW).await
    }

    /// An authority's statutory appointments with their ids.
    pub async fn recorded_statutory(
        &self,
        org: OrganisationId,
    ) -> Result<Vec<Recorded<StatutoryAppointment>>, StoreError> {
        self.power_facts(org, NOW).await
    }

    /// All that an authority has recorded about its powers, as known now.
    pub async fn scheme(&self, org: OrganisationId) -> Result<Scheme, StoreError> {
        self.scheme_as_known(org, NOW).await
    }

    /// The same as known at a sequence of the authority's record. Decisions are read as they are now: their own dates
    /// say when they held.
    pub async fn scheme_as_known(&self, org: OrganisationId, known_at: i64) -> Result<Scheme, StoreError> {
        Ok(Scheme {
            decisions: self.decisions(org).await?,
            limb_posts: self.plain_facts(org, known_at).await?,
            posts: self.plain_facts(org, known_at).await?,
            holdings: self.plain_facts(org, known_at).await?,
            sub_delegations: self.plain_facts(org, known_at).await?,
        })
    }

    /// An authority's posts, with their ids.
    pub async fn posts(&self, org: OrganisationId) -> Result<Vec<Post>, StoreError> {
        self.plain_facts(org, NOW).await
    }

    /// Who is or was in an authority's posts.
    pub async fn holdings(&self, org: OrganisationId) -> Result<Vec<Recorded<Holding>>, StoreError> {
        self.power_facts(org, NOW).await
    }

    /// Powers passed on.
    pub async fn sub_delegations(&self, org: OrganisationId) -> Result<Vec<Recorded<SubDelegation>>, StoreError> {
        self.power_facts(org, NOW).await
    }

    /// An authority's urgency powers.
    pub async fn urgency_powers(&self, org: OrganisationId) -> Result<Vec<UrgencyPower>, StoreError> {
        self.plain_facts(org, NOW).await
    }

    /// Who is on call for an authority.
    pub async fn on_call(&self, org: OrganisationId) -> Result<Vec<OnCall>, StoreError> {
        self.plain_facts(org, NOW).await
    }

    /// An authority's statutory appointments: the responsible authority's count also where a trust holds the record.
    pub async fn statutory_appointments(&self, org: OrganisationId) -> Result<Vec<StatutoryAppointment>, StoreError> {
        self.plain_facts(org, NOW).await
    }

    /// The people who work for an organisation on a day, by name, with their job titles.
    pub async fn members(&self, org: OrganisationId, on: Date) -> Result<Vec<Member>, StoreError> {
        let sql = "SELECT DISTINCT p.id, p.name, m.title FROM membership m JOIN person p ON p.id = m.person_id \
                   WHERE m.org_id = $1 AND m.from_date <= $2 AND m.to_date > $2 ORDER BY p.name, p.id";
        let rows = self.all(sql, values![org, on]).await?;
        rows.iter()
            .map(|row| Ok(Member { id: PersonId(row.int("id")?), name: row.text("name")?, title: row.text("title")? }))
            .collect()
    }

    /// The names of an authority's people, for the pages of their own authority only.
    pub async fn people_names(&self, people: &[PersonId]) -> Result<Vec<(PersonId, String)>, StoreError> {
        let mut names = Vec::with_capacity(people.len());
        for person in people {
            if let Some(row) = self.maybe("SELECT name FROM person WHERE id = $1", values![*person]).await? {
                names.push((*person, row.text("name")?));
            }
        }
        Ok(names)
    }
}

impl Work {
    /// Records a fact about powers under an id; the same id again replaces what was known. The caller records the event.
    pub async fn record_power(&mut self, id: i64, fact: &PowerFact) -> Result<(), StoreError> {
        let known = self.sequence().await?;
        let (from, to) = fact.days();
        let sql = "INSERT INTO power_fact (org_id, kind, fact_id, known_from, from_date, to_date, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        self.execute(sql, values![self.org(), fact.kind(), id, known, from, to, fact.body()?]).await?;
        Ok(())
    }
}
