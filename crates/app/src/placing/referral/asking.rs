//! Asking one home: the invitation with its own key, the frozen words, and the lines of why it was asked.

use jiff::civil::Date;
use placewell_domain::authority::AreaCode;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::id::{HomeId, InvitationId};
use placewell_domain::nights::days_between;
use placewell_domain::outcome::Refusal;
use placewell_domain::place::{Located, locate_outcode};
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::invitation::trace::Verdict as Frozen;
use placewell_domain::placing::invitation::{Asking, Invitation, Trace, TraceLine};
use placewell_domain::placing::referral::{Ask, Referral, SharedWords, Tier};
use placewell_insight::placing::referral::{AreaLimit, HomeFacts, Index, Line, Order, Verdict, Wanted};
use placewell_store::{Session, Work};

use super::recipients::Now;
use crate::answer::{Answer, Outcome};
use crate::place::family_home;
use crate::power::arrangement::lot_named;

/// What a referral wants of a home, for the lines of why and why not; with what the arrangement calls its lot.
pub fn wanted(referral: &Referral, (authority, lot_named): (AreaCode, String), origin: Option<Located>) -> Wanted {
    let profile = &referral.profile;
    let nights = match (profile.start, profile.planned_end) {
        (Some(start), Some(end)) => days_between(start, end).clamp(1, 180),
        _ => 28,
    };
    Wanted {
        authority,
        lot: profile.lot.clone().unwrap_or_default(),
        lot_named,
        age: profile.age.unwrap_or_default(),
        sex: profile.sex,
        needs: profile.needs(),
        essential: profile.must_haves,
        solo: profile.needs().has(placewell_domain::homes::home::Need::Solo),
        needed_on: profile.start.unwrap_or_else(|| referral.started.date()),
        least_nights: u16::try_from(nights).unwrap_or(28),
        origin: origin.map(|place| place.point),
        origin_known: origin.map(|place| place.precision),
        limit_tenths: profile.within_miles.map(|miles| u32::from(miles) * 10),
        areas: AreaLimit::Any,
        avoid: profile.avoid.iter().map(|avoid| avoid.place.clone()).collect(),
        tiers: vec![Tier::InHouse, Tier::MiniBlock, Tier::Fca, Tier::Spot],
        exempted: Vec::new(),
        worst_grade: None,
        order: Order::Needs,
    }
}

/// What the arrangement calls the lot that a referral wants.
pub async fn lot(session: &Session, referral: &Referral) -> Answer<String> {
    lot_named(session, referral.profile.lot.as_deref().unwrap_or_default()).await
}

/// The homes judged Inadequate from which the director of children's services has exempted this child, for a placement that
/// begins when the home is needed; today, where that day has passed.
pub async fn exempted(session: &Session, referral: &Referral, today: Date) -> Answer<Vec<HomeId>> {
    let start = referral.profile.start.map_or(today, |start| start.max(today));
    let mut homes = Vec::new();
    for one in session.grade_exemptions(referral.authority, referral.id).await? {
        let inspections = session.inspections(one.home).await?;
        let (_, graded) = grade_on(&inspections, today);
        if one.covers(start) && graded.is_some_and(|seen| seen.inspected_on == one.judged_on) {
            homes.push(one.home);
        }
    }
    Ok(homes)
}

/// From where distances are measured: the district chosen, else the family home, whose postcode is opened to be placed
/// and shown to nobody. Where the home of an erased child was, nobody knows any more.
pub async fn origin(session: &Session, referral: &Referral) -> Answer<Option<Located>> {
    if referral.profile.from.is_some() || !referral.profile.from_home {
        return Ok(chosen_origin(referral));
    }
    let child = session.child(referral.authority, referral.child).await?;
    match child.state {
        ChildState::Known => family_home(session, &session.open_identity(&child).await?).await,
        ChildState::Forgotten => Ok(None),
    }
}

/// The district that was chosen to measure from, where one was.
#[must_use]
pub fn chosen_origin(referral: &Referral) -> Option<Located> {
    referral.profile.from.as_ref().and_then(locate_outcode)
}

/// The area of the authority that is responsible for the child: where a trust places, not the trust's.
pub async fn area(session: &Session, referral: &Referral) -> Answer<Option<AreaCode>> {
    let child = session.child(referral.authority, referral.child).await?;
    for organisation in [child.responsible, referral.authority] {
        let area = session.organisation_by_id(organisation).await?.area;
        if let Some(code) = area.as_deref().and_then(|code| AreaCode::parse(code).ok()) {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// The lines of one home for a referral of an authority with this area, from what is known of the home on a day; with what
/// the arrangement calls the referral's lot.
pub fn frozen(facts: HomeFacts, referral: &Referral, of: (AreaCode, String)) -> Trace {
    let index = Index::new(facts.as_of, vec![facts]);
    let wanted = wanted(referral, of, chosen_origin(referral));
    let found = index.search(&wanted);
    trace(index.lines(0, &wanted, &found))
}

/// The lines of a search as they are frozen.
pub(super) fn trace(lines: Vec<Line>) -> Trace {
    let lines = lines.into_iter().map(|line| TraceLine {
        criterion: line.criterion.code().to_owned(),
        verdict: match line.verdict {
            Verdict::Meets => Frozen::Meets,
            Verdict::DoesNotMeet => Frozen::DoesNotMeet,
            Verdict::Unknown => Frozen::Unknown,
            Verdict::LeftOut => Frozen::LeftOut,
        },
        evidence: line.evidence,
        source: line.source.to_owned(),
        as_of: line.as_of,
    });
    Trace { lines: lines.collect() }
}

/// Asks one home, or asks it again after its sending was undone. The database refuses a second invitation of the same home.
pub(super) async fn ask(
    work: &mut Work,
    referral: &Referral,
    words: &SharedWords,
    asked: Ask,
    number: u32,
    now: &Now,
) -> Answer<Invitation> {
    let home = work.home(asked.home).await?;
    if home.provider == work.org() || !asked.tier.invited() {
        return Err(Refusal::new(
            "own_home",
            "An invitation goes from an authority to a provider",
            format!("{} is your own home: place the child there without an invitation.", home.name),
            "you, by leaving it out",
        )
        .into());
    }
    let out = referral.state.out().ok_or_else(|| Outcome::Fault("asked before sending".to_owned()))?;
    let trace = now.trace(home.id).ok_or_else(|| Outcome::Fault("a home that was not searched".to_owned()))?;
    let before = work.invitations_of(work.org(), referral.id).await?;
    let undone = before.into_iter().find(|one| one.home == home.id && one.state.name() == "withdrawn");
    let (id, key) = if let Some(undone) = &undone {
        (undone.id, work.invitation_key(work.org(), undone.id).await?)
    } else {
        let id = InvitationId(work.new_id());
        (id, work.new_invitation_key(home.provider, id, referral.child).await?)
    };
    let asking = Asking {
        number,
        referral: referral.id,
        reference: referral.reference.clone(),
        authority: work.org(),
        provider: home.provider,
        home: home.id,
        tier: asked.tier,
        deadline: out.deadline,
        prices: out.prices,
        scoring: out.scoring.clone(),
        profile: referral.profile.for_homes(),
        words: key.seal(words)?,
        trace,
    };
    let change = match undone {
        Some(undone) => undone.ask_again(asking, work.moment())?,
        None => Invitation::ask(id, asking, work.moment()),
    };
    Ok(work.apply(change).await?)
}
