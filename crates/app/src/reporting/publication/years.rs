//! A year's totals: reckoned from what each authority tells of its own record in its own transaction, and published once by
//! the region, which reads no authority's record.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use placewell_domain::calendar::{ContractYear, YearBasis, years_touching};
use placewell_domain::change::Event;
use placewell_domain::id::{ChildId, HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::agreement::{Agreement, BuyingRoute};
use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::publication::{
    Begun, Bought, HomesOf, Started, YearTotals, may_publish, published_homes, suppressed, year_share,
};
use placewell_store::power::arrangement::KeptArrangement;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::contracts::YearPage;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// A year of the arrangement with what may be done about its totals.
#[derive(Debug, Clone)]
pub struct YearToPublish {
    /// The year with its totals as they are or would be published: nothing below five is in them.
    pub page: YearPage,
    /// Why they may not be published today; none where they may or are.
    pub refused: Option<String>,
}

/// What one child's nights at one provider came to.
#[derive(Default)]
struct AtProvider {
    nights: i64,
    homes: BTreeSet<HomeId>,
}

/// Placements of children: a mini-block's beds are a contract of their own, with its value in the register, and beside it
/// their nights would give the others away.
const fn counted(route: Route) -> bool {
    match route {
        Route::Arrangement | Route::Spot | Route::Successor => true,
        Route::Block | Route::Other => false,
    }
}

/// One authority's rows of a year: each child at the provider where it slept most nights, all money where it was paid.
fn rows(authority: OrganisationId, year: ContractYear, agreements: &[Agreement]) -> Vec<Bought> {
    let whole = Nights::new(year.first(), year.end());
    let mut slept: BTreeMap<ChildId, BTreeMap<OrganisationId, AtProvider>> = BTreeMap::new();
    let mut found: BTreeMap<OrganisationId, Bought> = BTreeMap::new();
    for agreement in agreements.iter().filter(|agreement| counted(agreement.terms.route)) {
        let (from, to) = agreement.nights();
        let Some(whole) = whole else { continue };
        let (stay, paid) = (Nights::new(from, to).and_then(|stay| stay.overlap(whole)), agreement.cost_within(whole));
        // A last day that is charged may be all that falls in the year: money, and no night.
        if stay.is_none() && paid == Pence::ZERO {
            continue;
        }
        if let Some(stay) = stay {
            let at = slept.entry(agreement.child).or_default().entry(agreement.provider).or_default();
            at.nights += stay.count();
            at.homes.insert(agreement.terms.home);
        }
        let row = found.entry(agreement.provider).or_insert_with(|| Bought {
            authority,
            provider: agreement.provider,
            provider_homes: 0,
            children: 0,
            homes: BTreeSet::new(),
            paid: Pence::ZERO,
        });
        row.paid += paid;
    }
    for providers in slept.into_values() {
        let most = providers.into_iter().max_by_key(|(provider, at)| (at.nights, core::cmp::Reverse(*provider)));
        let Some((provider, at)) = most else { continue };
        if let Some(row) = found.get_mut(&provider) {
            row.children += 1;
            row.homes.extend(at.homes);
        }
    }
    found.into_values().collect()
}

/// One authority's placements that began in a year, by whether they went through the arrangement.
fn begun(authority: OrganisationId, year: ContractYear, agreements: &[Agreement]) -> Begun {
    let mut children: [BTreeSet<ChildId>; 2] = Default::default();
    let mut ways: [Started; 2] = Default::default();
    for agreement in agreements {
        let Some(route) = BuyingRoute::of(agreement) else { continue };
        let (from, _) = agreement.nights();
        if from < year.first() || from > year.last() {
            continue;
        }
        let way = usize::from(route != BuyingRoute::Arrangement);
        ways[way].placements += 1;
        ways[way].homes.insert(agreement.terms.home);
        children[way].insert(agreement.child);
    }
    let [through, otherwise] = ways;
    let [first, other] = children.map(|children| children.len());
    let (through, otherwise) = (Started { children: first, ..through }, Started { children: other, ..otherwise });
    Begun { authority, through, otherwise }
}

/// Tells the regional team what this authority bought in each year that is over and not published, in its own transaction.
pub(crate) async fn tell_years(work: &Work, kept: &KeptArrangement) -> Answer<()> {
    let (org, today) = (work.org(), work.moment().today());
    let published = work.published_years().await?;
    for year in years_touching(kept.arrangement.term.start, today, YearBasis::Contract) {
        let known = published.iter().any(|one| one.totals.year_start == year.first());
        if known || may_publish(year.last(), false, today).is_err() {
            continue;
        }
        let agreements = work.agreements_between(org, (year.first(), year.end())).await?;
        let (bought, begun) = (rows(org, year, &agreements), begun(org, year, &agreements));
        work.tell_year(kept.region, year.first(), (&bought, &begun)).await?;
    }
    Ok(())
}

/// What a year's totals come to by what every authority told: nothing below five is in the answer. Refused where one has
/// told nothing, because a total without it could give it away later.
async fn year_totals(session: &Session, year: ContractYear, today: Date) -> Answer<YearTotals> {
    let mut homes: BTreeMap<OrganisationId, usize> = BTreeMap::new();
    let mut registered: BTreeMap<OrganisationId, usize> = BTreeMap::new();
    for home in session.homes().await? {
        *homes.entry(home.provider).or_default() += 1;
        if home.may_admit().is_ok() {
            *registered.entry(home.provider).or_default() += 1;
        }
    }
    let mut told = session.told_years(year.first()).await?;
    told.retain(|one| one.begun.is_some());
    let silent: Vec<String> = session
        .organisations()
        .await?
        .into_iter()
        .filter(|one| one.kind == OrganisationKind::Authority && !told.iter().any(|known| known.authority == one.id))
        .map(|one| one.code)
        .collect();
    if !silent.is_empty() {
        return Err(not_told(&silent).into());
    }
    let begun: Vec<Begun> = told.iter().filter_map(|one| one.begun.clone()).collect();
    let mut bought: Vec<Bought> = told.into_iter().flat_map(|one| one.bought).collect();
    for row in &mut bought {
        row.provider_homes = homes.get(&row.provider).copied().unwrap_or_default();
    }
    let registered: Vec<(OrganisationId, usize)> = registered.into_iter().collect();
    let before: Vec<Vec<HomesOf>> = session.published_years().await?.into_iter().map(|one| one.totals.homes).collect();
    let evaluated = evaluated(session, today).await?;
    Ok(suppressed(year.first(), &bought).with(year_share(&begun), published_homes(&registered, &before), evaluated))
}

/// Homes of the register that are on the arrangement today.
async fn evaluated(session: &Session, today: Date) -> Answer<u64> {
    let admissions = session.all_admissions().await?;
    let on: BTreeSet<HomeId> = admissions.iter().filter(|one| one.holds_on(today)).map(|one| one.home).collect();
    Ok(on.len() as u64)
}

fn not_told(silent: &[String]) -> Refusal {
    Refusal::new(
        "year_not_told",
        "A year's totals rest on what every authority tells of its own record",
        "Not every authority has told what it bought in this year yet. Each authority's job does so every day.",
        "The administrator, by letting the worker run",
    )
    .found(silent.join(", "))
}

impl App {
    /// The years of the arrangement with their totals, the latest first, for the team that publishes them.
    pub async fn years_to_publish(&self, actor: &Actor) -> Answer<Vec<YearToPublish>> {
        let session = self.see(actor, Action::RunArrangement).await?;
        let today = self.calendar.now().today();
        let Some(kept) = session.current_arrangement().await? else { return Ok(Vec::new()) };
        let published = session.published_years().await?;
        let names: BTreeMap<OrganisationId, String> =
            session.organisations().await?.into_iter().map(|one| (one.id, one.name)).collect();
        let mut years = Vec::new();
        for year in years_touching(kept.arrangement.term.start, today, YearBasis::Contract) {
            let known = published.iter().find(|one| one.totals.year_start == year.first());
            let (totals, refused) = match (known, may_publish(year.last(), false, today)) {
                (Some(known), _) => (known.totals.clone(), None),
                (None, Ok(())) => match year_totals(&session, year, today).await {
                    Ok(totals) => (totals, None),
                    Err(Outcome::Refused(refusal)) => (suppressed(year.first(), &[]), Some(refusal.to_string())),
                    Err(outcome) => return Err(outcome),
                },
                (None, Err(refusal)) => (suppressed(year.first(), &[]), Some(refusal.to_string())),
            };
            let published_at = known.map(|known| known.published_at);
            years.push(YearToPublish { page: YearPage { year, totals, published_at, names: names.clone() }, refused });
        }
        years.reverse();
        Ok(years)
    }
}

/// Publishes the totals of a year, once.
#[derive(Debug, Serialize)]
pub struct PublishYear {
    /// The calendar year in which it starts.
    year: i16,
}

impl PublishYear {
    /// The contract year that starts in this calendar year.
    #[must_use]
    pub const fn starting_in(year: i16) -> Self {
        Self { year }
    }

    fn contract_year(&self) -> ContractYear {
        ContractYear::starting_in(self.year, YearBasis::Contract)
    }
}

impl Command for PublishYear {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "publication.publish_year";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let year = self.contract_year();
        let kept = work.current_arrangement().await?.ok_or(Outcome::NotFound)?;
        if year.last() < kept.arrangement.term.start {
            return Err(Outcome::NotFound);
        }
        let published = work.published_years().await?.iter().any(|known| known.totals.year_start == year.first());
        may_publish(year.last(), published, work.moment().today())?;
        let totals = year_totals(work, year, work.moment().today()).await?;
        work.publish_year(&totals, actor.person).await?;
        work.record(
            Event::new("publication.year_published", "publication", i64::from(self.year), 1)
                .with("year", year.first())
                .with("figures", totals.providers.len()),
        );
        Ok(Receipt::at("/contracts"))
    }
}
