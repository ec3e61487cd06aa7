//! The comparison's queries: prices by route, like for like, in each part of the region, with what each decision expected
//! beside the outturn; and the share of placements through the arrangement, with the reasons it was lost.
//!
//! Every reader sees the whole region: price points and lost searches name no child, no provider and no day. How few there are
//! of something, and at which prices, is told to those alone who read it in their own authority's record anyway (rule 9.1).

mod checks;
mod forward;
mod share;
mod sheets;

pub(crate) use checks::count_burdens;
pub use checks::{ChecksPage, ToldBurden};
pub(crate) use forward::BROUGHT_FORWARD;
pub use share::{AuthorityShare, LostReason, SharePage};
pub use sheets::{checks_sheet, price_sheet, share_sheet};

use std::collections::BTreeMap;

use placewell_domain::authority::{AreaCode, MEMBERS, Member, member_by_code};
use placewell_domain::calendar::quarter_of;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint};
use placewell_domain::placing::child::AgeBand;
use placewell_domain::placing::disclosure::Reader;
use placewell_domain::power::arrangement::Lot;
use placewell_domain::power::decision::Decision;
use placewell_domain::reporting::comparison::{
    Band, EXPECTED_PRICES, Expectation, Outturn, Pair, SIMILAR_BAND, TooFew, Verdict,
};
use placewell_insight::reporting::comparison::{Chosen, Compared, Part, Sharing, Side, Telling, compare};
use placewell_store::Session;

use crate::answer::Answer;
use crate::command::App;

/// By what the region is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Division {
    /// By placing authority, as the decision means it.
    #[default]
    Authority,
    /// By where the home is.
    Area,
}

impl Division {
    /// The code in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Area => "area",
        }
    }

    /// The division with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Authority, Self::Area].into_iter().find(|one| one.code() == code)
    }
}

/// What is asked for: the division, and which placements.
#[derive(Debug, Clone, Default)]
pub struct AskedPrices {
    /// By what the region is divided.
    pub by: Division,
    /// Only this lot.
    pub lot: Option<String>,
    /// Only this band of need.
    pub need_band: Option<String>,
    /// Only this age band.
    pub age: Option<AgeBand>,
}

impl AskedPrices {
    fn wants(&self, point: &PricePoint) -> bool {
        self.lot.as_ref().is_none_or(|lot| *lot == point.lot)
            && self.need_band.as_ref().is_none_or(|band| *band == point.need_band)
            && self.age.is_none_or(|age| age == point.age)
    }

    fn chosen(&self) -> Chosen<'_> {
        [self.lot.as_deref(), self.need_band.as_deref(), self.age.map(AgeBand::code)]
    }
}

/// What prices are told out of: all that can be chosen from, what was chosen, and whose prices the reader reads anyway.
struct Told<'a> {
    all: &'a [PricePoint],
    chosen: Chosen<'a>,
    own: Option<OrganisationId>,
}

impl<'a> Told<'a> {
    fn by<G: Ord + Copy, F: Fn(&PricePoint) -> G>(&self, part_of: F) -> Telling<'a, G, F> {
        Telling::new(self.all, self.own, self.chosen, part_of)
    }
}

/// The authority whose placements and prices its reader may read one by one, by the table of the fields.
fn reads_own(actor: &Actor) -> Option<OrganisationId> {
    let reads = actor.kind == OrganisationKind::Authority && Reader::Own(actor.role).sees("price");
    reads.then_some(actor.organisation)
}

/// One part of the region.
#[derive(Debug, Clone)]
pub struct PartRow {
    /// Its code: an authority's three letters, or an area's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its prices by route: FCA, spot purchase, block.
    pub sides: Vec<Side>,
    /// The comparisons.
    pub pairs: Vec<Compared>,
    /// What its decision expected of spot purchase against the FCA.
    pub expected: Expectation,
    /// That decision's reference.
    pub decision: Option<String>,
    /// Whether it came true.
    pub outturn: Outturn,
}

impl PartRow {
    /// The comparison of two routes.
    #[must_use]
    pub fn pair(&self, pair: Pair) -> Option<&Compared> {
        self.pairs.iter().find(|compared| compared.pair == pair)
    }
}

/// Spot purchase against the FCA for one band of need in one part of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeedCell {
    /// Placements through the FCA.
    pub fca: Side,
    /// Spot purchases.
    pub spot: Side,
    /// The comparison.
    pub compared: Compared,
}

/// One band of need across the region, compared as the page compares it where that band alone is chosen.
#[derive(Debug, Clone)]
pub struct NeedColumn {
    /// The band.
    pub need_band: String,
    /// The whole region, then its parts in their order.
    pub cells: Vec<NeedCell>,
}

/// The comparison of prices.
#[derive(Debug, Clone)]
pub struct PricePage {
    /// What was asked for.
    pub asked: AskedPrices,
    /// Within how many percent prices are broadly similar today.
    pub band: Band,
    /// How many placements were compared; none where it cannot be told of each route.
    pub placements: Option<usize>,
    /// The first days of the first and the last quarter of all that can be chosen from, where anything was chosen.
    pub quarters: Option<(jiff::civil::Date, jiff::civil::Date)>,
    /// The whole region.
    pub region: PartRow,
    /// Its parts, by name.
    pub parts: Vec<PartRow>,
    /// The same by band of need; empty where one band is asked for.
    pub by_need: Vec<NeedColumn>,
    /// The share through the arrangement over the last four quarters, in thousandths, whatever else was asked for; none where
    /// it cannot be told.
    pub share: Option<u32>,
    /// The lots that can be chosen.
    pub lots: Vec<Lot>,
    /// The bands of need that can be chosen.
    pub need_bands: Vec<String>,
}

impl App {
    /// The comparison of prices by route.
    pub async fn price_comparison(&self, actor: &Actor, asked: AskedPrices) -> Answer<PricePage> {
        let session = self.see(actor, Action::SeeComparison).await?;
        let today = self.calendar.now().today();
        let kept = session.current_arrangement().await?;
        let band = match &kept {
            Some(kept) => session.value_of(kept.region, &SIMILAR_BAND, today).await?,
            None => (SIMILAR_BAND.default)(),
        };
        let (all, own) = (session.price_points().await?, reads_own(actor));
        let share = Sharing::new(&all, &[], own).last_year().thousandths();
        let mut need_bands: Vec<String> =
            all.iter().map(|point| point.need_band.clone()).filter(|band| !band.is_empty()).collect();
        need_bands.sort_unstable();
        need_bands.dedup();
        // What was bought before the arrangement has nothing to be compared with.
        let since = kept.as_ref().map(|kept| quarter_of(kept.arrangement.term.start));
        let counts = |point: &PricePoint| {
            point.route != BuyingRoute::InHouse && since.is_none_or(|since| point.quarter >= since)
        };
        let all: Vec<PricePoint> = all.into_iter().filter(counts).collect();
        let points: Vec<PricePoint> = all.iter().filter(|point| asked.wants(point)).cloned().collect();
        let told = Told { all: &all, chosen: asked.chosen(), own };
        let region = whole(&points, &told, band);
        let parts = match asked.by {
            Division::Authority => by_authority(&session, &points, &told, band, today).await?,
            Division::Area => by_area(&points, &told, band),
        };
        let by_need = match (&asked.need_band, asked.by) {
            (Some(_), _) => Vec::new(),
            (None, Division::Authority) => {
                let members: Vec<_> = authorities(&session).await?.into_iter().map(|(id, ..)| id).collect();
                by_need(&points, (&need_bands, &told), (&members, |point: &PricePoint| point.authority), band)
            }
            (None, Division::Area) => {
                let areas = MEMBERS.iter().map(|member| Some(member.area)).chain([None]);
                let areas: Vec<_> = areas.take(parts.len()).collect();
                by_need(&points, (&need_bands, &told), (&areas, area_of), band)
            }
        };
        // Of all: those of a few would say when these began.
        let days = all.iter().map(|point| point.quarter);
        let quarters = days.clone().min().zip(days.max()).filter(|_| !points.is_empty());
        let region = row(String::new(), "The whole region".to_owned(), region, None);
        let counts = region.sides.iter().map(|side| side.count.map(|count| count.placements));
        Ok(PricePage {
            band,
            placements: counts.sum(),
            quarters,
            region,
            parts,
            by_need,
            share,
            lots: kept.map(|kept| kept.arrangement.lots).unwrap_or_default(),
            need_bands,
            asked,
        })
    }
}

/// The authorities of the region with their names; a member without any price stands in it as well.
async fn authorities(session: &Session) -> Answer<Vec<(OrganisationId, String, String)>> {
    let mut all: Vec<_> = session
        .organisations()
        .await?
        .into_iter()
        .filter(|one| one.kind == OrganisationKind::Authority)
        .map(|one| {
            let name = member_by_code(&one.code).map_or(one.name, |member| member.name.to_owned());
            (one.id, one.code, name)
        })
        .collect();
    all.sort_by(|(_, _, one), (_, _, other)| one.cmp(other));
    Ok(all)
}

/// The whole region, with what can be told.
fn whole(points: &[PricePoint], told: &Told<'_>, band: Band) -> Option<Part<()>> {
    let mut region = compare(points, |_| (), band).into_iter().next()?;
    told.by(|_| ()).keep(None, &mut region.sides);
    Some(region)
}

/// The parts of the region, each with what can be told.
fn parts_by<G: Ord + Copy>(
    points: &[PricePoint],
    told: &Told<'_>,
    part_of: impl Fn(&PricePoint) -> G + Copy,
    band: Band,
) -> BTreeMap<G, Part<G>> {
    let mut telling = told.by(part_of);
    let parts = compare(points, part_of, band).into_iter().map(|mut part| {
        telling.keep(Some(part.of), &mut part.sides);
        (part.of, part)
    });
    parts.collect()
}

async fn by_authority(
    session: &Session,
    points: &[PricePoint],
    told: &Told<'_>,
    band: Band,
    today: jiff::civil::Date,
) -> Answer<Vec<PartRow>> {
    let mut found = parts_by(points, told, |point| point.authority, band);
    let mut rows = Vec::new();
    for (id, code, name) in authorities(session).await? {
        let expected = session.value_of(id, &EXPECTED_PRICES, today).await?;
        let decisions = session.published_decisions_of(id).await?;
        let adopting = decisions.iter().find(|decision: &&Decision| decision.page.adopts());
        let reference = adopting.map(|decision| decision.reference.clone());
        rows.push(row(code, name, found.remove(&id), Some((expected, reference))));
    }
    Ok(rows)
}

/// Where the home is; homes beyond the region stand together.
fn area_of(point: &PricePoint) -> Option<AreaCode> {
    MEMBERS.iter().find(|member: &&Member| member.area == point.area).map(|member| member.area)
}

fn by_area(points: &[PricePoint], told: &Told<'_>, band: Band) -> Vec<PartRow> {
    let mut found = parts_by(points, told, area_of, band);
    let mut rows: Vec<PartRow> = MEMBERS
        .iter()
        .map(|member| row(member.area.to_string(), member.name.to_owned(), found.remove(&Some(member.area)), None))
        .collect();
    rows.extend(
        found.remove(&None).map(|part| row("beyond".to_owned(), "Beyond the region".to_owned(), Some(part), None)),
    );
    rows
}

/// Each band of need by itself, in the page's rows, told as where that band alone is chosen.
fn by_need<G: Ord + Copy>(
    points: &[PricePoint],
    (need_bands, told): (&[String], &Told<'_>),
    (rows, part_of): (&[G], impl Fn(&PricePoint) -> G + Copy),
    band: Band,
) -> Vec<NeedColumn> {
    let column = |need_band: &String| {
        let own: Vec<PricePoint> = points.iter().filter(|point| point.need_band == *need_band).cloned().collect();
        let [lot, _, age] = told.chosen;
        let told = Told { all: told.all, chosen: [lot, Some(need_band.as_str()), age], own: told.own };
        let parts = parts_by(&own, &told, part_of, band);
        let mut cells = vec![need_cell(whole(&own, &told, band))];
        cells.extend(rows.iter().map(|row| need_cell(parts.get(row).cloned())));
        NeedColumn { need_band: need_band.clone(), cells }
    };
    need_bands.iter().map(column).collect()
}

fn need_cell<G>(part: Option<Part<G>>) -> NeedCell {
    let (sides, pairs) = part.map_or_else(nothing, sides_and_pairs);
    let of = |route: BuyingRoute| sides.iter().find(|side| side.route == route).copied();
    let none = Compared { pair: Pair::SpotFca, difference: None, verdict: Verdict::TooFew(TooFew::Placements) };
    NeedCell {
        fca: of(BuyingRoute::Arrangement).unwrap_or(Side::none(BuyingRoute::Arrangement)),
        spot: of(BuyingRoute::Spot).unwrap_or(Side::none(BuyingRoute::Spot)),
        compared: pairs.into_iter().find(|one| one.pair == Pair::SpotFca).unwrap_or(none),
    }
}

fn row<G>(
    code: String,
    name: String,
    part: Option<Part<G>>,
    expected: Option<(Expectation, Option<String>)>,
) -> PartRow {
    let (expected, decision) = expected.unwrap_or((Expectation::NotSaid, None));
    let (sides, pairs) = part.map_or_else(nothing, sides_and_pairs);
    let spot = pairs.iter().find(|compared| compared.pair == Pair::SpotFca).map(|compared| compared.verdict);
    let outturn = expected.outturn(spot.unwrap_or(Verdict::TooFew(TooFew::Placements)));
    PartRow { code, name, sides, pairs, expected, decision, outturn }
}

/// A part's prices and comparisons; a difference that rests on too few to say is not told.
fn sides_and_pairs<G>(part: Part<G>) -> (Vec<Side>, Vec<Compared>) {
    let said = |one: Compared| Compared {
        difference: one.difference.filter(|_| !matches!(one.verdict, Verdict::TooFew(_))),
        ..one
    };
    (part.sides.to_vec(), part.pairs.into_iter().map(said).collect())
}

/// A part in which nothing was bought.
fn nothing() -> (Vec<Side>, Vec<Compared>) {
    let sides = [BuyingRoute::Arrangement, BuyingRoute::Spot, BuyingRoute::Block].map(Side::none).to_vec();
    let verdict = Verdict::TooFew(TooFew::Placements);
    (sides, Pair::ALL.iter().map(|pair| Compared { pair: *pair, difference: None, verdict }).collect())
}
