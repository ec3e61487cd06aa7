//! The homes that could meet a child's needs, and why one home, and why not.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use placewell_app::placing::referral::homes::{Filters, Search};
use placewell_domain::homes::home::{Grade, Need, NeedSet};
use placewell_domain::homes::price::{band_words, price_band};
use placewell_domain::place::Outcode;
use placewell_domain::placing::referral::Tier;
use placewell_insight::placing::referral::{AreaLimit, HomeFacts, Matched, Order, Relaxation, distance_words};
use placewell_pages::homes::home::{confirmed_words, grade_words};
use placewell_pages::placing::referral::homes::{FilterOption, HomeCard, SearchView, WhyLine, WhyView, search, why};
use placewell_pages::words;

use crate::fields::Fields;
use crate::homes::home::address;
use crate::request::Signed;
use crate::respond::{Answered, OrFail, page};
use crate::server::Web;

/// How many homes stand on one page.
const PAGE: usize = 20;
/// How many of the homes left out are listed unless all are asked for.
const FEW_OUT: usize = 20;
/// Needs that the page offers as filters.
const OFFERED: [Need; 5] = [Need::EducationOnSite, Need::Therapy, Need::Solo, Need::Accessible, Need::WakingNight];
/// Grades that the page offers as the lowest.
const LOWEST: [Grade; 2] = [Grade::Good, Grade::RequiresImprovement];

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/homes", get(show))
        .route("/referrals/{reference}/homes/{urn}/why", get(show_why))
}

/// The filters in an address; what cannot be read is as if it were not there.
pub(crate) fn read(query: &Fields) -> Filters {
    Filters {
        from: query.filled("from").and_then(|text| Outcode::parse(text).ok()),
        within_miles: query.get("within").parse().ok().filter(|miles| (1..=999).contains(miles)),
        areas: AreaLimit::from_code(query.get("areas")).unwrap_or_default(),
        tiers: query.all("tier").filter_map(Tier::from_code).collect(),
        essential: query.all("essential").filter_map(Need::from_code).collect(),
        worst_grade: Grade::from_code(query.get("grade")).filter(|grade| LOWEST.contains(grade)),
        order: Order::from_code(query.get("order")).unwrap_or_default(),
    }
}

fn kept(query: &Fields) -> String {
    let names = ["order", "from", "within", "areas", "tier", "grade", "essential"];
    address(
        query.pairs().iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(a, b)| (a.as_str(), b.as_str())),
    )
}

fn context(found: &Search) -> Vec<(String, String)> {
    let profile = &found.referral.profile;
    let mut facts = vec![("Referral".to_owned(), found.referral.reference.to_string())];
    if let Some(band) = profile.age_band() {
        facts.push(("Age".to_owned(), band.label().to_owned()));
    }
    facts.push(("Needed from".to_owned(), words::date(found.wanted.needed_on)));
    facts.push(("Lot".to_owned(), words::capital(&found.wanted.lot_named)));
    if !found.siblings.is_empty() {
        let siblings: Vec<String> = found.siblings.iter().map(ToString::to_string).collect();
        facts.push(("Siblings' referrals".to_owned(), siblings.join(", ")));
    }
    let must: Vec<&str> = profile.must_haves.iter().map(Need::label).collect();
    if !must.is_empty() {
        facts.push(("Must have".to_owned(), words::list(&must)));
    }
    facts
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let filters = read(&signed.query);
    let found = signed.app().homes_for(&signed.actor, &reference, &filters).await.or_fail(&signed)?;
    Ok(page(&search(signed.shell(), &view_of(&found, &filters, &signed.query))))
}

async fn show_why(signed: Signed, Path((reference, urn)): Path<(String, String)>) -> Answered {
    let filters = read(&signed.query);
    let found = signed.app().why_home(&signed.actor, &reference, &urn, &filters).await.or_fail(&signed)?;
    let home = found.search.index.home(found.row).map(|facts| &facts.home);
    let lines = found.lines.iter().map(|line| WhyLine {
        criterion: line.criterion.label().to_owned(),
        verdict: line.verdict.label().to_owned(),
        evidence: line.evidence.clone(),
        source: line.source.to_owned(),
        as_of: line.as_of,
    });
    let view = WhyView {
        reference: found.search.referral.reference.to_string(),
        context: context(&found.search),
        urn: home.map(|home| home.urn.to_string()).unwrap_or_default(),
        name: home.map(|home| home.name.clone()).unwrap_or_default(),
        matched: found.search.found.matched.iter().any(|one| one.row == found.row),
        lines: lines.collect(),
        query: kept(&signed.query),
    };
    Ok(page(&why(signed.shell(), &view)))
}

fn labels(needs: NeedSet) -> Vec<String> {
    needs.iter().map(|need| need.label().to_owned()).collect()
}

fn card(found: &Search, one: &Matched, facts: &HomeFacts) -> HomeCard {
    let (home, fit) = (&facts.home, found.fit(facts));
    let free = fit.free.map_or("No date known".to_owned(), |day| {
        if day <= facts.as_of { "Now".to_owned() } else { format!("From {}", words::date(day)) }
    });
    let asked = fit.meets.count() + fit.does_not.count() + fit.unknown.count();
    HomeCard {
        urn: home.urn.to_string(),
        name: home.name.clone(),
        provider: facts.provider.clone(),
        tier: one.tier.tag().to_owned(),
        free,
        distance: one.distance.map_or("Not known".to_owned(), |miles| distance_words(&found.wanted, facts, miles)),
        area: fit.class.words().to_owned(),
        price: fit.weekly.map_or("None for this lot".to_owned(), |weekly| band_words(price_band(weekly))),
        grade: grade_words(facts.grade, facts.graded_on),
        residents: words::count(u64::from(facts.residents), "child", "children"),
        meets: (fit.meets.count(), asked),
        does_not: labels(fit.does_not),
        unknown: labels(fit.unknown),
        confirmed: confirmed_words(home.beds_confirmed_on, facts.as_of),
    }
}

fn option(value: &str, words: &str, chosen: bool) -> FilterOption {
    let mut letters = words.chars();
    let words = letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect());
    FilterOption { value: value.to_owned(), words, chosen }
}

fn grades(filters: &Filters) -> Vec<FilterOption> {
    let lowest = LOWEST.iter().map(|grade| {
        option(grade.code(), &format!("{} or better", grade.label()), filters.worst_grade == Some(*grade))
    });
    std::iter::once(option("", "Any grade but Inadequate", filters.worst_grade.is_none())).chain(lowest).collect()
}

fn view_of(found: &Search, filters: &Filters, query: &Fields) -> SearchView {
    let (matched, reasons) = (&found.found.matched, &found.found.reasons);
    let pages = matched.len().div_ceil(PAGE).max(1);
    let number = query.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let all_out = query.get("out") == "all";
    let homes = matched.iter().skip((number - 1) * PAGE).take(PAGE);
    let out = reasons.iter().enumerate().filter(|(_, set)| !set.is_empty()).filter_map(|(row, set)| {
        let home = &found.index.home(row)?.home;
        let why: Vec<&str> = set.iter().map(placewell_insight::placing::referral::Reason::label).collect();
        Some((home.urn.to_string(), home.name.clone(), words::list(&why)))
    });
    SearchView {
        reference: found.referral.reference.to_string(),
        context: context(found),
        homes: homes.filter_map(|one| Some(card(found, one, found.index.home(one.row)?))).collect(),
        matched: matched.len() as u64,
        left_out: found.found.left_out() as u64,
        reasons: found
            .found
            .counts()
            .iter()
            .map(|(reason, count)| (reason.label().to_owned(), *count as u64))
            .collect(),
        relaxations: found.relaxations.iter().map(Relaxation::words).collect(),
        order: filters.order.label().to_owned(),
        orders: Order::ALL.iter().map(|one| option(one.code(), one.label(), *one == filters.order)).collect(),
        areas: AreaLimit::ALL.iter().map(|one| option(one.code(), one.label(), *one == filters.areas)).collect(),
        tiers: Tier::ALL.iter().map(|one| option(one.code(), one.tag(), found.wanted.tiers.contains(one))).collect(),
        essential: OFFERED.iter().map(|need| option(need.code(), need.label(), filters.essential.has(*need))).collect(),
        grades: grades(filters),
        from: query
            .filled("from")
            .map(str::to_owned)
            .or_else(|| found.referral.profile.from.as_ref().map(ToString::to_string))
            .unwrap_or_default(),
        within: found.wanted.limit_tenths.map(|tenths| (tenths / 10).to_string()).unwrap_or_default(),
        query: kept(query),
        out: if all_out { out.collect() } else { out.take(FEW_OUT).collect() },
        all_out: all_out || found.found.left_out() <= FEW_OUT,
        page: number as u64,
        pages: pages as u64,
    }
}
