//! What the pages of spot purchases read: the form that starts one, a referral's purchases with both totals and the price
//! against the tendered one, and the list.

use placewell_domain::buying::spot::{Spot, SpotState, Tried, dearer_than_tendered};
use placewell_domain::homes::home::Home;
use placewell_domain::homes::price::LineKind;
use placewell_domain::money::Pence;
use placewell_domain::nights::{ChargedDays, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::ValueWatch;
use placewell_domain::placing::offer::Offer;
use placewell_domain::placing::referral::{Referral, prices_visible};
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::delegation::{PostGrade, StatutoryOffice, to_alert};
use placewell_store::Session;
use placewell_store::buying::spot::SpotRow;

use super::exemption::{Exempted, exempted};
use super::request::{after_refusal, limb_must_be_there, totals, tried};
use super::tendered;
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::placing::approval::{charged_on, watch};

/// What the form that starts a spot purchase shows.
#[derive(Debug, Clone)]
pub struct SpotStart {
    /// The referral.
    pub referral: Referral,
    /// What the search found and what the homes that were asked have said.
    pub tried: Tried,
    /// Homes outside the arrangement that were asked: Ofsted number and name.
    pub outside: Vec<(String, String)>,
    /// A refusal at the ceiling within 28 days before, with both totals.
    pub after: Option<placewell_domain::buying::spot::AfterRefusal>,
}

/// One spot purchase with what stands beside it.
#[derive(Debug, Clone)]
pub struct SpotLine {
    /// The purchase, its checks and its agreement.
    pub row: SpotRow,
    /// The home.
    pub home: Home,
    /// The provider's name.
    pub provider: String,
    /// Who asked for it, by name.
    pub asked_by: String,
    /// The core price of a week that the home offers, where it is visible.
    pub offered: Option<Pence>,
    /// The offer's number, where it can be recommended.
    pub number: Option<u32>,
    /// The tendered price, and by how much the offer is dearer.
    pub dearer: Option<(Pence, Pence)>,
    /// Whole-life value and cumulative spend with the provider against the threshold.
    pub watch: Option<ValueWatch>,
    /// The judgement of Inadequate and its exemption; none where the home is not so judged.
    pub exempted: Option<Exempted>,
}

/// A referral's spot purchases.
#[derive(Debug, Clone)]
pub struct SpotPage {
    /// The referral.
    pub referral: Referral,
    /// The purchases, the latest first.
    pub lines: Vec<SpotLine>,
    /// This contract year: planned through the arrangement, the ceiling, planned by spot purchase beside it.
    pub totals: (Pence, Pence, Pence),
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct SpotList {
    /// The purchases with the homes' names.
    pub lines: Vec<(SpotRow, String)>,
    /// How many there are.
    pub total: u64,
    /// This contract year: planned through the arrangement, the ceiling, planned by spot purchase beside it.
    pub totals: (Pence, Pence, Pence),
}

/// Where a spot purchase stands, in words: the one function that says so.
#[must_use]
pub fn label(row: &SpotRow) -> &'static str {
    if let SpotState::Dropped { .. } = row.spot.state {
        return row.spot.state.label();
    }
    let open = row.checks.map_or(u32::MAX, |(_, open, _)| open);
    match row.agreement.as_ref().map(|(_, state, _)| state.as_str()) {
        Some("ended" | "cancelled_before_start") => "Ended",
        Some("started" | "notice_given") if open > 0 => "Live, checks outstanding",
        Some("started" | "notice_given") => "Live",
        Some(_) => "Agreed",
        None => match row.checks {
            None => "Checks to do",
            Some((0, _, _)) => "Ready for approval",
            Some(_) => "Checks",
        },
    }
}

impl App {
    /// What the form that starts a spot purchase shows; refused where no decision in force has a limb for it.
    pub async fn spot_start(&self, actor: &Actor, reference: &str) -> Answer<SpotStart> {
        let session = self.see(actor, Action::Recommend).await?;
        let moment = self.calendar.now();
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        limb_must_be_there(&session, moment.today()).await?;
        let tried = tried(&session, &referral, moment).await?;
        let after = after_refusal(&session, &referral, moment.today()).await?;
        let mut outside = Vec::new();
        for home in tried.homes.iter().filter(|home| home.tier == placewell_domain::placing::referral::Tier::Spot) {
            let home = session.home(home.home).await?;
            outside.push((home.urn.to_string(), home.name));
        }
        Ok(SpotStart { referral, tried, outside, after })
    }

    /// Whom to call where a home cannot be bought: the director of children's services of the responsible authority, the
    /// Director, and the monitoring officer, as they are recorded.
    pub async fn whom_to_call(&self, actor: &Actor, reference: &str) -> Answer<Vec<(String, String)>> {
        let session = self.see(actor, Action::Recommend).await?;
        let today = self.calendar.now().today();
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let responsible = session.child(actor.organisation, referral.child).await?.responsible;
        let mut call = Vec::new();
        for one in session.statutory_appointments(responsible).await? {
            let office = StatutoryOffice::DirectorOfChildrensServices;
            if one.office == office && one.from <= today && today < one.to {
                call.push((office.label().to_owned(), session.person_name(one.person).await?));
            }
        }
        let scheme = session.scheme(actor.organisation).await?;
        for grade in [PostGrade::Director, PostGrade::MonitoringOfficer] {
            for person in to_alert(&[grade], &scheme.posts, &scheme.holdings, today) {
                call.push((grade.label().to_owned(), session.person_name(person).await?));
            }
        }
        Ok(call)
    }

    /// A referral's spot purchases with all that stands beside them; for the director of the responsible authority also
    /// where another body holds the record and the home is judged Inadequate (rule 1.4).
    pub async fn spot_page(&self, actor: &Actor, reference: &str) -> Answer<SpotPage> {
        let (session, org) = self.record_of_spot(actor, reference).await?;
        let moment = self.calendar.now();
        let referral = session.referral_by_reference(org, reference).await?;
        let visible = referral.state.out().is_none_or(|out| prices_visible(out, moment));
        let offers = session.offers_of(org, referral.id).await?;
        let mut lines = Vec::new();
        for row in session.spots_of(org, referral.id).await? {
            let offer = offers.iter().rev().find(|offer| offer.home == row.spot.home).filter(|_| visible);
            let mut line = line(&session, row, offer, moment.today()).await?;
            line.exempted = exempted(self, &session, actor, (&line.row.spot, &line.home)).await?;
            lines.push(line);
        }
        if org != actor.organisation && lines.iter().all(|line| line.exempted.is_none()) {
            return Err(Outcome::NotFound);
        }
        let totals = totals(&session, org, moment.today()).await?;
        Ok(SpotPage { referral, lines, totals })
    }

    /// A page of an authority's spot purchases: those that wait or have checks open, or all.
    pub async fn spots(&self, actor: &Actor, all: bool, page: u32, size: u32) -> Answer<SpotList> {
        let session = self.see(actor, Action::SeeSpot).await?;
        let offset = page.saturating_sub(1).saturating_mul(size);
        let (rows, total) = session.spot_rows(actor.organisation, all, (offset, size)).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let home = session.home(row.spot.home).await?.name;
            lines.push((row, home));
        }
        let totals = totals(&session, actor.organisation, self.calendar.now().today()).await?;
        Ok(SpotList { lines, total, totals })
    }

    /// Spot purchases whose checks are not done, the earliest due first: the officer's countdown.
    pub async fn spot_checks_owed(&self, actor: &Actor) -> Answer<Vec<SpotRow>> {
        let session = self.see(actor, Action::SeeSpot).await?;
        let horizon = placewell_domain::nights::plus_days(self.calendar.now().today(), 14);
        Ok(session.spot_checks_due(actor.organisation, horizon).await?)
    }
}

async fn line(session: &Session, row: SpotRow, offer: Option<&Offer>, today: jiff::civil::Date) -> Answer<SpotLine> {
    let spot: &Spot = &row.spot;
    let home = session.home(spot.home).await?;
    let offered = offer.map(|offer| offer.terms.of_kind(LineKind::Core));
    let start = offer.map_or(today, |offer| offer.terms.start);
    let known = tendered(session, spot.home, &spot.lot, start).await?;
    let dearer = offered.and_then(|offered| Some((known?, dearer_than_tendered(offered, known)?)));
    let org = spot.authority;
    let agreement = match &row.agreement {
        Some((reference, ..)) => Some(session.agreement(org, reference).await?),
        None => None,
    };
    let whole = match (&agreement, offer) {
        (Some(agreement), _) => Some(agreement.whole_cost()),
        (None, Some(offer)) => Some(whole_cost(offer, start, charged_on(session, org, Route::Spot, today).await?)),
        (None, None) => None,
    };
    let watched = match whole {
        Some(whole) => Some(watch(session, (org, spot.provider), (agreement.as_ref(), whole), today).await?),
        None => None,
    };
    Ok(SpotLine {
        provider: session.organisation_by_id(spot.provider).await?.name,
        asked_by: session.person_name(spot.asked_by).await?,
        number: offer.filter(|offer| offer.state.choosable()).map(|offer| offer.number),
        offered,
        dearer,
        watch: watched,
        exempted: None,
        home,
        row,
    })
}

/// What an offer would cost in a year, before a planned end is known.
fn whole_cost(offer: &Offer, start: jiff::civil::Date, charged: ChargedDays) -> Pence {
    let year = charged.charged(start, plus_days(start, 364));
    year.map_or(Pence::ZERO, |year| offer.terms.lines.iter().map(|line| line.charge(year)).sum())
}
