//! Asking for a spot purchase: the register first, then the ceiling, then the reason against what is on record; the home is
//! asked in the same transaction where it was not.

use jiff::civil::Date;
use placewell_domain::buying::spot::{AfterRefusal, Asking, Document, Held, Spot, SpotReason, Tried, ground_of};
use placewell_domain::calendar::year_of;
use placewell_domain::change::Event;
use placewell_domain::clock::Moment;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::standing::{Standing, standing_on};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::approval::setting_rule;
use placewell_domain::placing::referral::Referral;
use placewell_domain::placing::referral::legal::is_emergency;
use placewell_domain::power::annual_value::{Bucket, Reading, Route, SpotGround, spot_soon_after_refusal};
use placewell_domain::power::decision::in_force_among;
use placewell_domain::power::delegation::{Act, PostGrade};
use placewell_store::{Session, StoreError, Work};
use serde::Serialize;

use super::exemption::ask_for_exemption;
use super::{page_of, tell_posts};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::message::Notice;
use crate::placing::referral::recipients::still_to_ask;
use crate::placing::referral::sending::ask_outside;
use crate::placing::referral::{age_at_start, current, working_days};
use crate::power::annual_value::ledger_terms;

/// Refusals that say that a home is not registered: each leads to the page of what cannot be bought.
pub const NOT_REGISTERED: [&str; 3] = ["not_on_register", "not_registered", "registration_suspended"];

/// Asks for a spot purchase.
#[derive(Debug, Clone, Serialize)]
pub struct RequestSpot {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The home's Ofsted number.
    pub urn: String,
    /// Why, by its code. That the ceiling is reached is refused by its own rule.
    pub reason: String,
    /// The document that supports it, where one does.
    pub document: Option<Document>,
    /// The officer confirms that it is for this child only.
    pub this_child: bool,
}

impl Command for RequestSpot {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "spot.request";

    /// That somebody wanted to buy at a home that is not registered is kept.
    async fn after_refusal(&self, refusal: &Refusal, _actor: &Actor, work: &mut Work) -> Answer<()> {
        if NOT_REGISTERED.contains(&refusal.code.as_str()) {
            let referral = work.referral_by_reference(work.org(), &self.reference).await?;
            let event = Event::new("spot.not_registered", "referral", referral.id.0, referral.version);
            work.record(event.with("why", &refusal.code));
        }
        Ok(())
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let moment = work.moment();
        let today = moment.today();
        let referral = current(work, &self.reference, self.version).await?;
        must_be_out(&referral)?;
        let reason = SpotReason::asked(&self.reason)?;
        let Some(reason) = reason else {
            return Err(Invalid::one("reason", "Choose why the arrangement is not used").into());
        };
        if !self.this_child {
            return Err(Invalid::one("this_child", "Confirm that the placement is for this child only").into());
        }
        let document = self.document.clone().map(|document| document.checked(today)).transpose()?;
        let start = referral.profile.start.unwrap_or(today);
        let home = registered(work, &referral, &self.urn, start).await?;
        if home.provider == work.org() {
            return Err(own_home(&home).into());
        }
        limb_must_be_there(work, today).await?;
        let days = working_days(work, work.org(), today).await?;
        let emergency = is_emergency(start, moment, &days) && referral.profile.emergency.is_some();
        let ground = ground(work, &referral, &home, start).await?;
        let (there, with_provider) = live_agreements(work, &referral, &home).await?;
        let tried = tried(work, &referral, moment).await?;
        let held = Held {
            tried: &tried,
            emergency: referral.profile.emergency,
            start,
            next_working_day: days.next_working_day(today),
            there: &there,
            with_provider: &with_provider,
            arrangement_start: work.current_arrangement().await?.map(|kept| kept.arrangement.term.start),
        };
        let asking = Asking {
            authority: work.org(),
            referral: referral.id,
            reference: referral.reference.clone(),
            child: referral.child,
            home: home.id,
            provider: home.provider,
            lot: referral.profile.lot.clone().unwrap_or_default(),
            reason,
            document,
            ground,
            emergency,
            after_refusal: after_refusal(work, &referral, today).await?,
        };
        let change = Spot::request(work.new_id(), asking, &held, actor.person, moment)?;
        let spot = work.apply(change).await?;
        let asked = work.homes_asked(work.org(), referral.id).await?;
        if !asked.contains(&home.id) {
            ask_outside(work, actor, referral, home.id).await?;
        }
        tell_of_refusal(work, &spot).await?;
        ask_for_exemption(work, &spot, &home).await?;
        Ok(page_of(&spot))
    }
}

fn must_be_out(referral: &Referral) -> Result<(), Refusal> {
    if referral.state.out().is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        "referral_state",
        "Spot purchase: only from a referral that is with homes",
        format!("{} is not with homes, so no spot purchase can be made from it.", referral.reference),
        "You, by sending the referral",
    )
    .found(referral.state.label()))
}

/// The home of this number as the register knows it today; refused, naming the rule in force on the start, where it is not
/// registered.
async fn registered(work: &Work, referral: &Referral, urn: &str, start: Date) -> Answer<Home> {
    let child = work.child(work.org(), referral.child).await?;
    let age = age_at_start(&work.open_identity(&child).await?, &referral.profile, start);
    let rule = setting_rule(age, start);
    let Ok(urn) = urn.trim().to_uppercase().parse() else {
        return Err(Invalid::one("urn", "Enter the home's Ofsted number, like SC392491").into());
    };
    match work.home_by_urn(&urn).await {
        Ok(home) => {
            home.may_admit().map_err(|refusal| Refusal { rule: rule.to_owned(), ..refusal })?;
            Ok(home)
        }
        Err(StoreError::NotFound) => Err(Refusal::new(
            "not_on_register",
            rule,
            "You cannot buy a placement at an unregistered home: no home of this number is on Ofsted's register.",
            "Ofsted, on the provider's application; the director of children's services decides what happens meanwhile",
        )
        .found(urn.to_string())
        .into()),
        Err(error) => Err(error.into()),
    }
}

fn own_home(home: &Home) -> Refusal {
    Refusal::new(
        "own_home",
        "A spot purchase is from a provider",
        format!("{} is your own home: place the child there without a purchase.", home.name),
        "You, by placing the child there",
    )
}

/// Refused where no decision in force gives the power to spot-purchase: nothing is begun that nobody could approve.
pub(super) async fn limb_must_be_there(session: &Session, today: Date) -> Answer<()> {
    let Some(org) = session.organisation() else { return Err(Outcome::NotFound) };
    let decisions = session.decisions(org).await?;
    let needed = Act::SpotPurchase.needs(true);
    if in_force_among(&decisions, today).any(|decision| decision.page.limbs.iter().any(|limb| limb.gives(needed))) {
        return Ok(());
    }
    Err(Refusal::new(
        "no_limb",
        "Spot purchase: a limb of a decision in force that authorises it",
        "No decision of this authority that is in force has a limb for spot purchase, so none can be approved.",
        "The decision maker, by a decision with such a limb",
    )
    .into())
}

/// How the home stands to the arrangement on the start: by the worse of its standing as a whole and on the child's lot.
async fn ground(session: &Session, referral: &Referral, home: &Home, start: Date) -> Answer<Option<SpotGround>> {
    let admissions = session.admissions_of(home.id).await?;
    let facts = session.standing_of(home.id, home.provider).await?;
    let standing = standing_on(&facts, home.id, home.provider, start).standing;
    let lot = referral.profile.lot.as_deref().unwrap_or_default();
    let on_lot = session.lot_facts_of(home.id).await?;
    let stopped = on_lot.iter().filter(|fact| fact.stops(home.id, lot, start)).map(|fact| fact.standing);
    Ok(ground_of(&admissions, lot, stopped.fold(standing, Standing::max), start))
}

/// Live agreements at the home of the child or a linked sibling, and of the child with the provider.
async fn live_agreements(session: &Session, referral: &Referral, home: &Home) -> Answer<(Vec<String>, Vec<String>)> {
    let own = session.live_agreements_of(referral.authority, referral.child).await?;
    let with_provider = own.iter().filter(|one| one.provider == home.provider).map(|one| one.reference.to_string());
    let with_provider = with_provider.collect();
    let mut there: Vec<String> =
        own.iter().filter(|one| one.terms.home == home.id).map(|one| one.reference.to_string()).collect();
    for sibling in session.siblings_of(referral).await? {
        let sibling = session.referral_by_reference(referral.authority, &sibling.reference.to_string()).await?;
        let live = session.live_agreements_of(referral.authority, sibling.child).await?;
        there.extend(live.iter().filter(|one| one.terms.home == home.id).map(|one| one.reference.to_string()));
    }
    Ok((there, with_provider))
}

/// What the search found and what the homes that were asked have said.
pub(super) async fn tried(session: &Session, referral: &Referral, moment: Moment) -> Answer<Tried> {
    let invitations = session.invitations_of(referral.authority, referral.id).await?;
    let offers = session.offers_of(referral.authority, referral.id).await?;
    let mut names: Vec<(HomeId, String)> = Vec::with_capacity(invitations.len());
    for one in &invitations {
        names.push((one.home, session.home(one.home).await?.name));
    }
    let name = |home| names.iter().find(|(known, _)| *known == home).map_or_else(String::new, |(_, name)| name.clone());
    let could_meet = still_to_ask(session, referral, moment).await?;
    Ok(Tried::of(referral, (&invitations, &offers), name, could_meet, moment))
}

/// The refusal at the ceiling within 28 days before, with both totals as they stand.
pub(super) async fn after_refusal(session: &Session, referral: &Referral, today: Date) -> Answer<Option<AfterRefusal>> {
    let org = referral.authority;
    let refused = session.refused_at_ceiling(org, referral.child, plus_days(today, -28)).await?;
    let Some(refused_on) = refused.filter(|on| spot_soon_after_refusal(*on, today)) else { return Ok(None) };
    let (committed, ceiling, spot) = totals(session, org, today).await?;
    Ok(Some(AfterRefusal { refused_on, committed, ceiling, spot }))
}

/// Both totals of the contract year: what is planned through the arrangement with its ceiling, and by spot purchase.
pub(super) async fn totals(session: &Session, org: OrganisationId, today: Date) -> Answer<(Pence, Pence, Pence)> {
    let terms = ledger_terms(session, org, today).await?;
    let year = year_of(today, terms.reading.year);
    let reading = Reading { spot: true, ..terms.reading };
    let all = session.commitments(org).await?;
    let spot = all
        .iter()
        .filter(|one| one.route == Route::Spot)
        .flat_map(|one| one.held(&reading, terms.term_end, today))
        .filter(|(bucket, _)| *bucket == Bucket::Year(year))
        .map(|(_, pence)| pence)
        .sum();
    let row = session.ledger_year(org, year.first()).await?;
    let (committed, ceiling) = row.map_or((Pence::ZERO, Pence::ZERO), |row| (row.totals.committed, row.totals.ceiling));
    Ok((committed, ceiling, spot))
}

/// A spot purchase soon after a refusal at the ceiling goes to the Director, finance and the monitoring officer (rule 3.6).
async fn tell_of_refusal(work: &mut Work, spot: &Spot) -> Answer<()> {
    let Some(after) = spot.after_refusal else { return Ok(()) };
    let notice = Notice {
        to: work.org().0,
        role: Role::FinanceOfficer,
        subject: format!("{}: spot purchase after a refusal at the ceiling", spot.reference),
        lines: vec![
            format!("An award for the same child was refused on {}.", after.refused_on.strftime("%-d %B %Y")),
            format!("Through the arrangement: {} of {} planned.", after.committed, after.ceiling),
            format!("By spot purchase, beside it: {} planned.", after.spot),
        ],
        path: format!("/referrals/{}/spot", spot.reference),
    };
    let posts = [PostGrade::Director, PostGrade::MonitoringOfficer];
    tell_posts(work, &posts, &notice, &format!("spot/after/{}", spot.id)).await?;
    work.enqueue(notice.job()?);
    Ok(())
}
