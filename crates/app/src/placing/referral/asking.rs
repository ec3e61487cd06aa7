//! Asking one home: the invitation with its own key, the frozen words, and the lines of why it was asked.

use placewell_domain::authority::AreaCode;
use placewell_domain::homes::home::Home;
use placewell_domain::id::InvitationId;
use placewell_domain::nights::days_between;
use placewell_domain::outcome::Refusal;
use placewell_domain::place::{Point, locate_outcode};
use placewell_domain::placing::invitation::trace::Verdict as Frozen;
use placewell_domain::placing::invitation::{Asking, Invitation, Trace, TraceLine};
use placewell_domain::placing::referral::{Ask, Referral, SharedWords, Tier};
use placewell_insight::placing::referral::{AreaLimit, HomeFacts, Index, Order, Records, Verdict, Wanted};
use placewell_store::{Session, Work};

use crate::answer::{Answer, Outcome};

/// What a referral wants of a home, for the lines of why and why not.
pub fn wanted(referral: &Referral, authority: AreaCode, origin: Option<Point>) -> Wanted {
    let profile = &referral.profile;
    let nights = match (profile.start, profile.planned_end) {
        (Some(start), Some(end)) => days_between(start, end).clamp(1, 180),
        _ => 28,
    };
    Wanted {
        authority,
        lot: profile.lot.clone().unwrap_or_default(),
        age: profile.age.unwrap_or_default(),
        sex: profile.sex,
        needs: profile.needs(),
        essential: profile.must_haves,
        solo: profile.needs().has(placewell_domain::homes::home::Need::Solo),
        needed_on: profile.start.unwrap_or_else(|| referral.started.date()),
        least_nights: u16::try_from(nights).unwrap_or(28),
        origin,
        limit_tenths: profile.within_miles.map(|miles| u32::from(miles) * 10),
        areas: AreaLimit::Any,
        avoid: profile.avoid.iter().map(|avoid| avoid.place.clone()).collect(),
        tiers: vec![Tier::InHouse, Tier::MiniBlock, Tier::Fca, Tier::Spot],
        worst_grade: None,
        order: Order::Needs,
    }
}

/// The lines of one home for a referral as they are known now.
pub async fn trace(session: &Session, referral: &Referral, home: &Home, today: jiff::civil::Date) -> Answer<Trace> {
    let authority = session.organisation_by_id(referral.authority).await?;
    let area = authority.area.as_deref().and_then(|code| AreaCode::parse(code).ok());
    let area = area.unwrap_or(home.area);
    let provider = session.organisation_by_id(home.provider).await?.name;
    let inspections = session.inspections(home.id).await?;
    let standing = session.standing_of(home.id, home.provider).await?;
    let admissions = session.admissions_of(home.id).await?;
    let beds = session.beds(home.id).await?;
    let uses = session.bed_uses(home.id, today).await?;
    let records =
        Records { inspections: &inspections, standing: &standing, admissions: &admissions, beds: &beds, uses: &uses };
    let facts = HomeFacts::on(today, home.clone(), provider, &records, |_| None);
    Ok(frozen(facts, referral, area))
}

/// The lines of one home for a referral of an authority with this area, from what is known of the home on a day.
pub fn frozen(facts: HomeFacts, referral: &Referral, area: AreaCode) -> Trace {
    let origin = referral.profile.from.as_ref().and_then(locate_outcode).map(|located| located.point);
    let index = Index::new(facts.as_of, vec![facts]);
    let wanted = wanted(referral, area, origin);
    let found = index.search(&wanted);
    let lines = index.lines(0, &wanted, &found).into_iter().map(|line| TraceLine {
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
pub async fn ask(
    work: &mut Work,
    referral: &Referral,
    words: &SharedWords,
    asked: Ask,
    number: u32,
) -> Answer<Invitation> {
    let home = work.home(asked.home).await?;
    if home.provider == work.org() {
        return Err(Refusal::new(
            "own_home",
            "An invitation goes from an authority to a provider",
            format!("{} is your own home: place the child there without an invitation.", home.name),
            "you, by leaving it out",
        )
        .into());
    }
    let out = referral.state.out().ok_or_else(|| Outcome::Fault("asked before sending".to_owned()))?;
    let trace = trace(work, referral, &home, work.moment().today()).await?;
    let before = work.invitations_of(work.org(), referral.id).await?;
    let undone = before.into_iter().find(|one| one.home == home.id && one.state.name() == "withdrawn");
    let (id, key) = if let Some(undone) = &undone {
        (undone.id, work.invitation_key(work.org(), undone.id).await?)
    } else {
        let id = InvitationId(work.new_id());
        (id, work.new_invitation_key(home.provider, id).await?)
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
