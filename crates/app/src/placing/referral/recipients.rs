//! Who could be asked: the homes that pass every hard filter, in the order of approach, with what was asked before.

use jiff::civil::Date;
use placewell_domain::clock::Moment;
use placewell_domain::id::{HomeId, PersonId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::invitation::Trace;
use placewell_domain::placing::referral::plan::TierChoice;
use placewell_domain::placing::referral::scoring::SCORING;
use placewell_domain::placing::referral::{Ask, DeadlineChoice, Plan, Referral, Scoring, Searched, SkipReason, Tier};
use placewell_domain::power::delegation::find_power;
use placewell_insight::placing::referral::{Found, Index, Reason, Wanted, distance_words};
use placewell_store::Session;

use super::asking::{area, exempted, lot, origin, trace, wanted};
use super::sending::to_skip;
use crate::answer::Answer;
use crate::command::App;
use crate::homes::home::index::build;

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
    /// The straight line in words, as closely as both ends are known.
    pub miles: Option<String>,
    /// The grade in words.
    pub grade: &'static str,
    /// Whether it was asked before.
    pub asked: bool,
    /// Whether it must not learn of the referral.
    pub hidden: bool,
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
    /// The homes that must not learn of the referral, by their Ofsted number and name.
    pub hidden: Vec<(String, String)>,
    /// How offers are scored: as it was fixed by sending, as the officer chose, or else as the region sets it; none where
    /// it was sent before that was kept.
    pub scoring: Option<Scoring>,
}

/// The region's scoring of a day: what holds where the officer chooses no weights.
pub(crate) async fn scoring_on(session: &Session, day: Date) -> Answer<Scoring> {
    let Some(kept) = session.current_arrangement().await? else { return Ok(Scoring::starting()) };
    Ok(session.value_of(kept.region, &SCORING, day).await?)
}

/// How the offers of a referral are scored, or will be if it is sent on a day as it stands.
pub async fn scoring_of(session: &Session, referral: &Referral, day: Date) -> Answer<Option<Scoring>> {
    if let Some(out) = referral.state.sent() {
        return Ok(out.scoring.clone());
    }
    match &referral.plan.scoring {
        Some(chosen) => Ok(Some(chosen.clone())),
        None => Ok(Some(scoring_on(session, day).await?)),
    }
}

/// The holders of the power to leave a route out for this child today.
async fn may_skip(
    session: &Session,
    referral: &Referral,
    officer: PersonId,
    moment: Moment,
) -> Answer<Vec<(PersonId, String, String)>> {
    let scheme = session.scheme(referral.authority).await?;
    let mut people: Vec<PersonId> = scheme.holdings.iter().map(|held| held.person).collect();
    people.extend(scheme.sub_delegations.iter().map(|passed| passed.person));
    people.sort_unstable();
    people.dedup();
    let names = session.people_names(&people).await?;
    let holders = people.into_iter().filter_map(|person| {
        let power = find_power(&to_skip(referral, person, officer), &scheme, moment).ok()?;
        let name = names.iter().find(|(known, _)| *known == person)?.1.clone();
        Some((person, name, power.title))
    });
    Ok(holders.collect())
}

impl Candidates {
    /// Whether this home could be asked in this tier.
    #[must_use]
    pub fn could_meet(&self, ask: &Ask) -> bool {
        self.homes.iter().any(|home| home.home == ask.home && home.tier == ask.tier && !home.hidden)
    }

    /// The plan that asks these homes: of every tier how many could meet the needs and are asked, and why one that could
    /// is left out, where that is said.
    #[must_use]
    pub fn plan(
        &self,
        homes: Vec<Ask>,
        skipped: impl Fn(Tier) -> Option<SkipReason>,
        deadline: Option<DeadlineChoice>,
        hidden_from: Vec<HomeId>,
    ) -> Plan {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let tiers = Tier::ALL.iter().map(|tier| TierChoice {
            tier: *tier,
            could_meet: self.count(*tier, &hidden_from),
            asked: count(homes.iter().filter(|ask| ask.tier == *tier).count()),
            skipped: skipped(*tier),
            decided_by: None,
        });
        Plan { tiers: tiers.collect(), homes, hidden_from, deadline, ..Plan::default() }
    }

    /// How many homes of a tier could still be asked.
    fn count(&self, tier: Tier, hidden: &[HomeId]) -> u32 {
        let open = |home: &&Candidate| home.tier == tier && !home.asked && !hidden.contains(&home.home);
        u32::try_from(self.homes.iter().filter(open).count()).unwrap_or(u32::MAX)
    }

    /// The plan of a referral that is out with further homes, and the reasons given now.
    #[must_use]
    pub fn more(
        &self,
        homes: &[Ask],
        skipped: impl Fn(Tier) -> Option<SkipReason>,
        decided_by: Option<PersonId>,
    ) -> Plan {
        let plan = self.referral.plan.clone();
        let hidden = plan.hidden_from.clone();
        plan.recounted(|tier| self.count(tier, &hidden)).with_more(homes, skipped, decided_by)
    }
}

/// The search of a referral as the homes are known inside this transaction: the last word before anybody is asked.
pub(crate) struct Now {
    index: Index,
    wanted: Wanted,
    found: Found,
    asked: Vec<HomeId>,
}

impl Now {
    /// Searches for a referral with what the transaction reads.
    pub(super) async fn search(session: &Session, referral: &Referral, moment: Moment) -> Answer<Self> {
        let Some(area) = area(session, referral).await? else {
            return Err(Refusal::new(
                "no_area",
                "Regulation 11 rests on the area of the responsible authority",
                "The area of the authority that is responsible for the child is not recorded.",
                "the administrator",
            )
            .into());
        };
        let exempted = exempted(session, referral, moment.today()).await?;
        let (named, origin) = (lot(session, referral).await?, origin(session, referral).await?);
        let wanted = Wanted { exempted, ..wanted(referral, (area, named), origin) };
        let index = build(session, moment.today()).await?;
        let found = index.search(&wanted);
        let asked = session.homes_asked(referral.authority, referral.id).await?;
        Ok(Self { index, wanted, found, asked })
    }

    /// Refuses the first of these homes that a hard filter leaves out now, or that would be asked in another tier.
    pub(super) fn must_match(&self, asks: &[Ask]) -> Result<(), Refusal> {
        for ask in asks {
            let row = self.index.row(ask.home);
            let name = row.and_then(|row| self.index.home(row)).map_or("A home", |facts| facts.home.name.as_str());
            let (code, why) = match self.found.matched.iter().find(|one| Some(one.row) == row) {
                Some(one) if one.tier == ask.tier => continue,
                Some(one) => {
                    let why = format!("it would now be asked as {}, not as {}", one.tier.tag(), ask.tier.tag());
                    ("home_other_tier", why)
                }
                None => {
                    let set = row.and_then(|row| self.found.reasons.get(row));
                    let reasons: Vec<&str> = set.map(|set| set.iter().map(Reason::label).collect()).unwrap_or_default();
                    let why = if reasons.is_empty() { "it is not on record".to_owned() } else { reasons.join(", ") };
                    ("home_left_out", why)
                }
            };
            return Err(Refusal::new(
                code,
                "Only homes that pass every hard filter when they are asked are asked (rule 5.5)",
                format!("You cannot ask {name}: {why}."),
                "you, by choosing again who to ask",
            ));
        }
        Ok(())
    }

    /// The same for a home that is bought outside the arrangement: one that the region has suspended from it, or that is
    /// judged Inadequate, and that nothing else leaves out, can be asked so. An award at the latter waits for the exemption
    /// of the director of children's services.
    pub(super) fn must_match_outside(&self, ask: Ask) -> Result<(), Refusal> {
        let set = self.index.row(ask.home).and_then(|row| self.found.reasons.get(row));
        let outside = |one| matches!(one, Reason::StandingLost | Reason::Inadequate);
        if set.is_some_and(|set| !set.is_empty() && set.iter().all(outside)) { Ok(()) } else { self.must_match(&[ask]) }
    }

    /// The plan with the homes of each tier as they are counted now, and the search that it rests on.
    pub(super) fn recounted(&self, plan: Plan) -> Plan {
        let hidden = plan.hidden_from.clone();
        let open = |tier| {
            self.found.matched.iter().filter(move |one| one.tier == tier).filter(|one| {
                let home = self.index.home(one.row).map(|facts| facts.home.id);
                home.is_some_and(|home| !self.asked.contains(&home) && !hidden.contains(&home))
            })
        };
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        Plan { searched: Some(self.searched()), ..plan.recounted(|tier| count(open(tier).count())) }
    }

    /// The figures of the search.
    fn searched(&self) -> Searched {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let reasons = self.found.counts();
        Searched {
            on: self.index.as_of(),
            homes: count(self.index.len()),
            could_meet: count(self.found.matched.len()),
            left_out: reasons.into_iter().map(|(reason, n)| (reason.code().to_owned(), count(n))).collect(),
            order: self.wanted.order.code().to_owned(),
            within_miles: self.wanted.limit_tenths.and_then(|tenths| u16::try_from(tenths / 10).ok()),
            measured: self.wanted.origin_known,
        }
    }

    /// The lines of one home.
    pub(super) fn trace(&self, home: HomeId) -> Option<Trace> {
        let row = self.index.row(home)?;
        Some(trace(self.index.lines(row, &self.wanted, &self.found)))
    }
}

/// How many homes on the arrangement, block vacancies among them, could meet a referral's needs now and were not asked.
pub(crate) async fn still_to_ask(session: &Session, referral: &Referral, moment: Moment) -> Answer<u32> {
    let now = Now::search(session, referral, moment).await?;
    let plan = now.recounted(referral.plan.clone());
    let through = plan.tiers.iter().filter(|choice| matches!(choice.tier, Tier::Fca | Tier::MiniBlock));
    Ok(through.map(|choice| choice.could_meet).sum())
}

impl App {
    /// The homes that these texts name, by Ofsted number or by full name; none for a text that names no home.
    pub async fn homes_named(&self, actor: &Actor, texts: &[String]) -> Answer<Vec<(String, Option<HomeId>)>> {
        let index = self.homes(actor).await?;
        let names = |text: &str| {
            let all = (0..index.len()).filter_map(|row| index.home(row)).map(|facts| &facts.home);
            let mut found = all.filter(|home| {
                home.urn.to_string().eq_ignore_ascii_case(text) || home.name.to_lowercase() == text.to_lowercase()
            });
            found.next().map(|home| home.id).filter(|_| found.next().is_none())
        };
        Ok(texts.iter().map(|text| (text.clone(), names(text.trim()))).collect())
    }

    /// The homes that could be asked for a referral.
    pub async fn candidates(&self, actor: &Actor, reference: &str) -> Answer<Candidates> {
        let session = self.see(actor, Action::MakeReferral).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let asked = session.homes_asked(actor.organisation, referral.id).await?;
        let may_skip = may_skip(&session, &referral, actor.person, self.calendar.now()).await?;
        let (area, origin) = (area(&session, &referral).await?, origin(&session, &referral).await?);
        let lot = lot(&session, &referral).await?;
        let scoring = scoring_of(&session, &referral, self.calendar.now().today()).await?;
        let exempted = exempted(&session, &referral, self.calendar.now().today()).await?;
        drop(session);
        let index = self.homes(actor).await?;
        let named = |id: &HomeId| {
            let home = &index.home(index.row(*id)?)?.home;
            Some((home.urn.to_string(), home.name.clone()))
        };
        let hidden: Vec<(String, String)> = referral.plan.hidden_from.iter().filter_map(named).collect();
        let Some(area) = area else {
            return Ok(Candidates { referral, homes: Vec::new(), left_out: index.len(), may_skip, hidden, scoring });
        };
        let wanted = Wanted { exempted, ..wanted(&referral, (area, lot), origin) };
        let found = index.search(&wanted);
        let homes = found.matched.iter().filter_map(|matched| {
            let facts = index.home(matched.row)?;
            Some(Candidate {
                home: facts.home.id,
                tier: matched.tier,
                name: facts.home.name.clone(),
                provider: facts.provider.clone(),
                miles: matched.distance.map(|distance| distance_words(&wanted, facts, distance)),
                grade: facts.grade.label(),
                asked: asked.contains(&facts.home.id),
                hidden: referral.plan.hidden_from.contains(&facts.home.id),
            })
        });
        let homes = homes.collect();
        Ok(Candidates { homes, left_out: found.left_out(), referral, may_skip, hidden, scoring })
    }
}
