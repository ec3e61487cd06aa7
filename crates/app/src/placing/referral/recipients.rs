//! Who could be asked: the homes that pass every hard filter, in the order of approach, with what was asked before.

use placewell_domain::authority::AreaCode;
use placewell_domain::clock::Moment;
use placewell_domain::id::{HomeId, PersonId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::place::locate_outcode;
use placewell_domain::placing::referral::plan::TierChoice;
use placewell_domain::placing::referral::{Ask, DeadlineChoice, Plan, Referral, SkipReason, Tier};
use placewell_domain::power::delegation::find_power;
use placewell_store::Session;

use super::asking::wanted;
use super::sending::to_skip;
use crate::answer::Answer;
use crate::command::App;

/// One home that could be asked.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The home.
    pub home: HomeId,
    /// In which tier.
    pub tier: Tier,
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: String,
    /// Miles by straight line, to one decimal.
    pub miles: Option<String>,
    /// The grade in words.
    pub grade: &'static str,
    /// Whether it was asked before.
    pub asked: bool,
}

/// Who could be asked.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// The referral.
    pub referral: Referral,
    /// The homes, in the order found within each tier.
    pub homes: Vec<Candidate>,
    /// Homes left out by a hard filter.
    pub left_out: usize,
    /// Who holds the power to leave a route out: id, name, post.
    pub may_skip: Vec<(PersonId, String, String)>,
}

/// The holders of the power to leave a route out for this child today.
async fn may_skip(session: &Session, referral: &Referral, moment: Moment) -> Answer<Vec<(PersonId, String, String)>> {
    let scheme = session.scheme(referral.authority).await?;
    let mut people: Vec<PersonId> = scheme.holdings.iter().map(|held| held.person).collect();
    people.extend(scheme.sub_delegations.iter().map(|passed| passed.person));
    people.sort_unstable();
    people.dedup();
    let names = session.people_names(&people).await?;
    let holders = people.into_iter().filter_map(|person| {
        let power = find_power(&to_skip(referral, person), &scheme, moment).ok()?;
        let name = names.iter().find(|(known, _)| *known == person)?.1.clone();
        Some((person, name, power.title))
    });
    Ok(holders.collect())
}

impl Candidates {
    /// Whether this home could be asked in this tier.
    #[must_use]
    pub fn could_meet(&self, ask: &Ask) -> bool {
        self.homes.iter().any(|home| home.home == ask.home && home.tier == ask.tier)
    }

    /// The plan that asks these homes: of every tier how many could meet the needs and are asked, and why one that could
    /// is left out, where that is said.
    #[must_use]
    pub fn plan(
        &self,
        homes: Vec<Ask>,
        skipped: impl Fn(Tier) -> Option<SkipReason>,
        deadline: Option<DeadlineChoice>,
    ) -> Plan {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let tiers = Tier::ALL.iter().map(|tier| TierChoice {
            tier: *tier,
            could_meet: count(self.homes.iter().filter(|home| home.tier == *tier && !home.asked).count()),
            asked: count(homes.iter().filter(|ask| ask.tier == *tier).count()),
            skipped: skipped(*tier),
            decided_by: None,
        });
        let hidden_from = self.referral.plan.hidden_from.clone();
        Plan { tiers: tiers.collect(), homes, hidden_from, deadline, ..Plan::default() }
    }
}

impl App {
    /// The homes that could be asked for a referral.
    pub async fn candidates(&self, actor: &Actor, reference: &str) -> Answer<Candidates> {
        let session = self.see(actor, Action::MakeReferral).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let authority = session.organisation_by_id(referral.authority).await?;
        let asked = session.homes_asked(actor.organisation, referral.id).await?;
        let may_skip = may_skip(&session, &referral, self.calendar.now()).await?;
        drop(session);
        let index = self.homes(actor).await?;
        let area = authority.area.as_deref().and_then(|code| AreaCode::parse(code).ok());
        let Some(area) = area else {
            return Ok(Candidates { referral, homes: Vec::new(), left_out: index.len(), may_skip });
        };
        let origin = referral.profile.from.as_ref().and_then(locate_outcode).map(|located| located.point);
        let found = index.search(&wanted(&referral, area, origin));
        let homes = found.matched.iter().filter_map(|matched| {
            let facts = index.home(matched.row)?;
            Some(Candidate {
                home: facts.home.id,
                tier: matched.tier,
                name: facts.home.name.clone(),
                provider: facts.provider.clone(),
                miles: matched.distance.map(placewell_domain::place::MilesTenths::one_decimal),
                grade: facts.grade.label(),
                asked: asked.contains(&facts.home.id),
            })
        });
        let homes = homes.collect();
        Ok(Candidates { homes, left_out: found.left_out(), referral, may_skip })
    }
}
