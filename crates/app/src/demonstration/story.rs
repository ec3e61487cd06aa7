//! The story: eight searches of Herefordshire, each taken its road by the product's own commands at its own time.
//! HEF-R-0042 closed at 9am today with three offers open and one late; HEF-R-0043 closes at 4pm with three sealed.

use std::sync::Arc;

use jiff::civil::{Date, DateTime, date};
use placewell_domain::homes::home::{NeedSet, Sex};
use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine, SupportHours};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::placing::agreement::UnsignedReason;
use placewell_domain::placing::child::AgeBand;
use placewell_domain::placing::invitation::{DeclineReason, Invitation};
use placewell_domain::placing::offer::terms::Resident;
use placewell_domain::placing::offer::{
    AmendReason, LateReason, Met, MustHaveAnswer, OfferTerms, OfferWords, ResidentEffect,
};
use placewell_domain::placing::referral::standard::LivingCompanions;
use placewell_domain::placing::referral::{Ask, DeadlineChoice, EmergencyCause, Narrative, Plan, Profile, Task, Tier};
use placewell_domain::power::arrangement::OwnDecision;

use super::authorities::{PARTS, Part, place};
use super::chance::Chance;
use super::fill::{World, Written};
use super::needs::{self, Wish};
use super::people::{DIRECTOR, manager, officers};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::placing::invitation::{Answering, Decline, OpenInvitation};
use crate::placing::offer::residents::residents_on;
use crate::placing::offer::{AmendOffer, WriteOffer};
use crate::placing::referral::sending::SendReferral;
use crate::placing::referral::{AnswerTask, ForChild, StartReferral};
use crate::power::arrangement::DecideOwn;

mod elsewhere;
mod road;
mod spot;

/// How many referrals Herefordshire has had in this system before the story's: the next is HEF-R-0037.
pub const BEFORE: u32 = 36;

/// Tells the story; the homes and their people are written already.
pub async fn tell(app: &Arc<App>, world: &World, written: &Written) -> Answer<Told> {
    let teller = Teller { app, world, written, part: &PARTS[place("HEF")] };
    let agreement = placed(&teller).await?;
    starts_tomorrow(&teller).await?;
    teller
        .begin(
            &Teller::wish(39, 15, "planned", (date(2021, 9, 3), date(2021, 10, 11))),
            None,
            date(2021, 9, 3).at(10, 0, 0, 0),
        )
        .await?;
    let approval = waits_for_approval(&teller).await?;
    let accepted =
        DecideOwn { slug: "fca".to_owned(), decision: OwnDecision::AcceptTerms { version: "1.2".to_owned() } };
    teller.act(DIRECTOR, at(9, 10, 15, 20), accepted).await?;
    without_offers(&teller).await?;
    forty_two(&teller).await?;
    forty_three(&teller).await?;
    emergency(&teller).await?;
    spot::tell(&teller).await?;
    elsewhere::decide(&teller).await?;
    Ok(Told { approval, agreement })
}

/// What the tour shows of the story.
pub struct Told {
    /// The approval that waits for the Assistant Director.
    pub approval: String,
    /// The agreement that both sides have signed.
    pub agreement: String,
}

impl Told {
    /// The paths of the tour's stops, in their order.
    pub fn tour(&self) -> Vec<String> {
        vec![
            "/decisions/HEF-2019-0114".to_owned(),
            "/home".to_owned(),
            "/referrals/HEF-R-0042/offers/compare".to_owned(),
            format!("/approvals/{}", self.approval),
            format!("/agreements/{}", self.agreement),
            "/reports/price-comparison".to_owned(),
        ]
    }
}

/// One search as it is sent.
struct Search<'a> {
    wish: Wish,
    profile: Option<Profile>,
    homes: &'a [usize],
    sent: DateTime,
    deadline: DateTime,
}

/// One offer as it is made.
struct Bid {
    home: usize,
    at: DateTime,
    lines: Vec<PriceLine>,
    keeps_school: bool,
    late: Option<LateReason>,
}

pub(super) struct Teller<'a> {
    app: &'a Arc<App>,
    world: &'a World,
    written: &'a Written,
    part: &'a Part,
}

impl Teller<'_> {
    /// The officer whose searches are told.
    fn officer(&self) -> String {
        let [first, _] = officers(self.part);
        first
    }

    fn wish(child: usize, age: u8, lot: &'static str, (sent, start): (Date, Date)) -> Wish {
        let sex = if child.is_multiple_of(2) { Sex::Female } else { Sex::Male };
        Wish { child: 9_000 + child, age, sex, lot, sent, start, from: "HR1", emergency: None }
    }

    async fn act<C: Command>(&self, email: &str, at: DateTime, command: C) -> Answer<Receipt> {
        self.app.calendar.move_to(at);
        let actor = self.app.actor_by_email(email).await?;
        let key = crate::office::person::random_text::<12>();
        self.app.perform(&actor, &key, command).await
    }

    /// Begins a draft; its reference.
    async fn begin(&self, wish: &Wish, profile: Option<&Profile>, at: DateTime) -> Answer<String> {
        let start = StartReferral {
            child: ForChild::New(needs::identity(wish)),
            sibling_of: None,
            emergency: wish.emergency,
            beside_open: false,
        };
        let receipt = self.act(&self.officer(), at, start).await?;
        let reference = receipt.location.split('/').nth(2).unwrap_or_default().to_owned();
        if profile.is_none() {
            let drawn = needs::profile(wish, &mut Chance::of(&reference));
            let part = Profile { education: None, health: None, papers: None, ..drawn };
            let narrative = Narrative { what_helps: needs::narrative(&part, 1).what_helps, ..Narrative::default() };
            self.answer(&reference, 1, (part, narrative, Plan::default()), at).await?;
        }
        Ok(reference)
    }

    async fn answer(
        &self,
        reference: &str,
        version: i64,
        parts: (Profile, Narrative, Plan),
        at: DateTime,
    ) -> Answer<()> {
        let (profile, narrative, plan) = parts;
        let command =
            AnswerTask { reference: reference.to_owned(), version, task: Task::Recipients, profile, narrative, plan };
        self.act(&self.officer(), at, command).await?;
        Ok(())
    }

    /// Begins, completes and sends a referral; its reference.
    async fn send(&self, search: &Search<'_>) -> Answer<String> {
        let started = search.sent.saturating_sub(jiff::Span::new().minutes(11));
        let profile = if let Some(profile) = &search.profile {
            profile.clone()
        } else {
            let mut drawn = needs::profile(&search.wish, &mut Chance::of(&format!("story {}", search.wish.child)));
            let met = needs::ten_must_haves();
            drawn.must_haves = drawn.must_haves.both(met);
            // Other children live in every home of the story.
            drawn.standard.living_companions = Some(LivingCompanions::WithOtherChildren);
            drawn
        };
        let reference = self.begin(&search.wish, Some(&profile), started).await?;
        let narrative = needs::narrative(&profile, search.wish.child);
        let plan = Plan {
            homes: search.homes.iter().map(|at| Ask { home: self.home(*at), tier: Tier::Fca }).collect(),
            deadline: Some(DeadlineChoice::At(search.deadline)),
            ..Plan::default()
        };
        self.answer(&reference, 1, (profile, narrative, plan), started).await?;
        let checked = self.app.checked_referral(&self.app.actor_by_email(&self.officer()).await?, &reference).await?;
        let command = SendReferral {
            reference: reference.clone(),
            version: 2,
            confirmed: checked
                .findings
                .iter()
                .map(placewell_domain::placing::referral::redaction::Finding::key)
                .collect(),
            accept_few: true,
        };
        self.act(&self.officer(), search.sent, command).await?;
        Ok(reference)
    }

    fn home(&self, at: usize) -> HomeId {
        self.written.homes[at].id
    }

    fn manager(&self, home: usize) -> String {
        manager(&self.world.homes.owners[self.world.homes.homes[home].owner].slug)
    }

    async fn invitation(&self, reference: &str, home: usize) -> Answer<Invitation> {
        let org = self.written.organisation(self.part.code)?;
        let session = self.app.store.read(Some(org)).await?;
        let referral = session.referral_by_reference(org, reference).await?;
        let all = session.invitations_of(org, referral.id).await?;
        all.into_iter().find(|found| found.home == self.home(home)).ok_or(Outcome::NotFound)
    }

    async fn offer(&self, reference: &str, bid: Bid) -> Answer<()> {
        let invitation = self.invitation(reference, bid.home).await?;
        let opened = bid.at.saturating_sub(jiff::Span::new().minutes(26));
        let email = self.manager(bid.home);
        self.act(&email, opened, OpenInvitation { invitation: invitation.id.0 }).await?;
        let (terms, words) = self.terms(&invitation, &bid).await?;
        let command = WriteOffer {
            to: Answering { invitation: invitation.id.0, link: None },
            version: 0,
            terms,
            words,
            send: true,
            page_opened: Some(opened),
            late_reason: bid.late,
        };
        self.act(&email, bid.at, command).await?;
        Ok(())
    }

    async fn terms(&self, invitation: &Invitation, bid: &Bid) -> Answer<(OfferTerms, OfferWords)> {
        let wanted = invitation.profile.must_haves;
        let school = placewell_domain::homes::home::Need::SchoolTransport;
        let met = |need| if need == school && !bid.keeps_school { Met::Partly } else { Met::Yes };
        let start = bid.lines[0].from;
        let terms = OfferTerms {
            bed: self.free_bed(bid.home, start).map(|bed| self.written.beds[bid.home][bed]),
            start,
            lines: bid.lines.clone(),
            must_haves: wanted.iter().map(|need| MustHaveAnswer { need, met: met(need) }).collect(),
            solo: false,
            keeps_school: Some(bid.keeps_school),
            residents: self.residents(invitation, start).await?,
            valid_until: plus_days(bid.at.date().max(invitation.deadline.date()), 14).at(17, 0, 0, 0),
        };
        let words = words(wanted, bid.keeps_school, terms.residents.len());
        Ok((terms, words))
    }

    /// What the coming means for each child whom the home's beds show on the first night.
    async fn residents(&self, invitation: &Invitation, start: Date) -> Answer<Vec<Resident>> {
        let session = self.app.store.read(Some(invitation.authority)).await?;
        let there = residents_on(&session, invitation.home, start).await?.map_or(0, |now| now.there);
        let told = [
            Resident { age_band: AgeBand::From13To15, effect: ResidentEffect::Neutral },
            Resident { age_band: AgeBand::From16To17, effect: ResidentEffect::Manageable },
        ];
        Ok((0..there).zip(told.into_iter().cycle()).map(|(_, resident)| resident).collect())
    }

    /// The first bed of a home in which no child lives and which is not closed on a day.
    fn free_bed(&self, home: usize, day: jiff::civil::Date) -> Option<usize> {
        let stays = &self.world.stays;
        let lives = |bed: usize| {
            let mut here = self.world.by_home[home].iter().map(|at| &stays.stays[*at]);
            here.any(|stay| stay.live() && usize::from(stay.bed) == bed)
        };
        let closed = |bed: usize| {
            let mut here = stays.closed.iter().filter(|one| one.home == home && usize::from(one.bed) == bed);
            here.any(|one| one.to.is_none_or(|to| to > day))
        };
        (0..self.written.beds[home].len()).find(|bed| !lives(*bed) && !closed(*bed))
    }

    async fn decline(&self, reference: &str, home: usize, reason: DeclineReason, at: DateTime) -> Answer<()> {
        let invitation = self.invitation(reference, home).await?;
        let to = Answering { invitation: invitation.id.0, link: None };
        self.act(&self.manager(home), at, Decline { to, reason }).await?;
        Ok(())
    }
}

fn words(wanted: NeedSet, keeps_school: bool, residents: usize) -> OfferWords {
    let school = placewell_domain::homes::home::Need::SchoolTransport;
    let sentence = |need: placewell_domain::homes::home::Need| {
        if need == school && !keeps_school {
            "We can drive to the present school until half-term, and not after.".to_owned()
        } else {
            format!("Our team is trained for {} and has done this for two years.", need.label())
        }
    };
    OfferWords {
        must_haves: wanted.iter().map(|need| (need, sentence(need))).collect(),
        impact: match residents {
            0 => "Nobody else would live here on the first night; we would plan the first weekend with the child.",
            1 => "One child lives here and knows the house rules well; we would plan the first weekend together.",
            _ => "The children who live here know the house rules well; we would plan the first weekend together.",
        }
        .to_owned(),
        conditions: String::new(),
    }
}

fn core(start: Date, pounds: i64) -> PriceLine {
    PriceLine {
        kind: LineKind::Core,
        label: "Core price".to_owned(),
        weekly: Pence::pounds(pounds),
        from: start,
        to: OPEN_END,
        origin: start,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    }
}

/// Sixteen hours a week at a scheduled rate, for twelve weeks.
fn support(start: Date, quarter_hours: u16, rate: i64) -> PriceLine {
    let hours = SupportHours { quarter_hours, rate: Pence(rate), staff: 1, review_on: plus_days(start, 42) };
    PriceLine {
        kind: LineKind::AdditionalSupport,
        label: "Support worker, evenings".to_owned(),
        weekly: hours.weekly(),
        to: plus_days(start, 84),
        support: Some(hours),
        reason: "While the child settles in".to_owned(),
        ..core(start, 0)
    }
}

fn education(start: Date, pounds: i64) -> PriceLine {
    PriceLine {
        kind: LineKind::Education,
        label: "Registered education".to_owned(),
        weekly: Pence::pounds(pounds),
        reason: "School with the home".to_owned(),
        ..core(start, 0)
    }
}

const fn at(month: i8, day: i8, hour: i8, minute: i8) -> DateTime {
    date(2021, month, day).at(hour, minute, 0, 0)
}

/// HEF-R-0037: the agreement that the tour shows.
async fn placed(teller: &Teller<'_>) -> Answer<String> {
    let cast = teller.world.cast;
    let start = date(2021, 8, 23);
    let wish = Teller::wish(37, 14, "planned", (date(2021, 8, 3), start));
    let search = Search {
        wish,
        profile: None,
        homes: &[cast.hazel, cast.elm, cast.ash],
        sent: at(8, 3, 11, 4),
        deadline: at(8, 6, 17, 0),
    };
    let reference = teller.send(&search).await?;
    teller.decline(&reference, cast.ash, DeclineReason::ResidentMix, at(8, 4, 9, 40)).await?;
    teller
        .offer(
            &reference,
            Bid {
                home: cast.hazel,
                at: at(8, 5, 15, 10),
                lines: vec![core(start, 4_230)],
                keeps_school: true,
                late: None,
            },
        )
        .await?;
    let approval = teller.recommend(&reference, 1, 40, at(8, 9, 11, 15)).await?;
    let agreement = teller.approve(&approval, at(8, 10, 16, 30)).await?;
    teller.sign_both(&agreement, cast.hazel, (at(8, 11, 9, 20), at(8, 12, 14, 5))).await?;
    teller.start(&agreement, start, None, at(8, 23, 17, 30)).await?;
    Ok(agreement)
}

/// HEF-R-0038: starts tomorrow, and nobody has signed.
async fn starts_tomorrow(teller: &Teller<'_>) -> Answer<()> {
    let cast = teller.world.cast;
    let start = date(2021, 9, 14);
    let wish = Teller::wish(38, 12, "planned", (date(2021, 8, 24), start));
    let search = Search {
        wish,
        profile: None,
        homes: &[cast.rowan, cast.linden],
        sent: at(8, 24, 14, 30),
        deadline: at(8, 31, 17, 0),
    };
    let reference = teller.send(&search).await?;
    teller
        .offer(
            &reference,
            Bid {
                home: cast.rowan,
                at: at(8, 26, 12, 5),
                lines: vec![core(start, 3_890)],
                keeps_school: true,
                late: None,
            },
        )
        .await?;
    let approval = teller.recommend(&reference, 1, 30, at(9, 2, 10, 10)).await?;
    teller.approve(&approval, at(9, 3, 9, 5)).await?;
    Ok(())
}

/// HEF-R-0040: one offer recommended; it waits for the Assistant Director.
async fn waits_for_approval(teller: &Teller<'_>) -> Answer<String> {
    let cast = teller.world.cast;
    let start = date(2021, 9, 27);
    let wish = Teller::wish(40, 13, "planned", (date(2021, 9, 3), start));
    let search = Search {
        wish,
        profile: None,
        homes: &[cast.linden, cast.rowan, cast.willow],
        sent: at(9, 3, 15, 20),
        deadline: at(9, 8, 12, 0),
    };
    let reference = teller.send(&search).await?;
    teller
        .offer(
            &reference,
            Bid {
                home: cast.linden,
                at: at(9, 6, 10, 50),
                lines: vec![core(start, 4_150)],
                keeps_school: true,
                late: None,
            },
        )
        .await?;
    teller
        .offer(
            &reference,
            Bid {
                home: cast.willow,
                at: at(9, 7, 9, 15),
                lines: vec![core(start, 4_090), support(start, 80, 1_850)],
                keeps_school: false,
                late: None,
            },
        )
        .await?;
    teller.recommend(&reference, 1, 39, at(9, 10, 15, 5)).await
}

/// HEF-R-0041: with homes, no offer yet; closes on Wednesday.
async fn without_offers(teller: &Teller<'_>) -> Answer<()> {
    let cast = teller.world.cast;
    let wish = Teller::wish(41, 16, "planned", (date(2021, 9, 8), date(2021, 10, 4)));
    let search = Search {
        wish,
        profile: None,
        homes: &[cast.kestrel, cast.ash, cast.willow, cast.rowan],
        sent: at(9, 8, 16, 45),
        deadline: at(9, 15, 17, 0),
    };
    let reference = teller.send(&search).await?;
    teller.decline(&reference, cast.ash, DeclineReason::ResidentMix, at(9, 9, 10, 2)).await?;
    teller.decline(&reference, cast.willow, DeclineReason::NoStaffedBed, at(9, 10, 8, 55)).await
}

/// HEF-R-0042: three offers open to compare, one of them changed, and one more that came late.
async fn forty_two(teller: &Teller<'_>) -> Answer<()> {
    let cast = teller.world.cast;
    let start = date(2021, 9, 27);
    let wish = Teller::wish(42, 13, "planned", (date(2021, 9, 9), start));
    let profile = needs::forty_two(&wish, &mut Chance::of("HEF-R-0042"));
    let homes = [cast.elm, cast.ash, cast.kestrel, cast.willow, cast.rowan, cast.linden];
    let search =
        Search { wish, profile: Some(profile), homes: &homes, sent: at(9, 9, 9, 30), deadline: at(9, 13, 9, 0) };
    let reference = teller.send(&search).await?;
    let bid = |home, at, lines, keeps_school| Bid { home, at, lines, keeps_school, late: None };
    teller.decline(&reference, cast.rowan, DeclineReason::ResidentMix, at(9, 9, 13, 20)).await?;
    let first = vec![core(start, 4_200), support(start, 80, 1_750)];
    teller.offer(&reference, bid(cast.ash, at(9, 9, 16, 5), first, false)).await?;
    teller.offer(&reference, bid(cast.elm, at(9, 10, 11, 40), vec![core(start, 4_150)], true)).await?;
    let lines = vec![core(start, 4_380), education(start, 640)];
    teller.offer(&reference, bid(cast.kestrel, at(9, 10, 15, 25), lines, false)).await?;
    amend(teller, &reference, start).await?;
    teller.decline(&reference, cast.linden, DeclineReason::NoStaffedBed, at(9, 10, 17, 45)).await?;
    let late = Bid {
        home: cast.willow,
        at: at(9, 13, 9, 35),
        lines: vec![core(start, 4_090), support(start, 80, 1_850)],
        keeps_school: false,
        late: Some(LateReason::MatchingTookLonger),
    };
    teller.offer(&reference, late).await
}

/// Ash Lodge needs four hours a week less than it thought: £4,480 a week.
async fn amend(teller: &Teller<'_>, reference: &str, start: Date) -> Answer<()> {
    let home = teller.world.cast.ash;
    let invitation = teller.invitation(reference, home).await?;
    let session = teller.app.store.read(Some(invitation.authority)).await?;
    let version =
        session.offers_on(invitation.authority, invitation.id).await?.first().map_or(2, |offer| offer.version);
    drop(session);
    let changed = Bid {
        home,
        at: at(9, 10, 16, 50),
        lines: vec![core(start, 4_200), support(start, 64, 1_750)],
        keeps_school: false,
        late: None,
    };
    let (terms, words) = teller.terms(&invitation, &changed).await?;
    let to = Answering { invitation: invitation.id.0, link: None };
    let command = AmendOffer { to, version, terms, words, reason: AmendReason::NeedsUnderstood };
    teller.act(&teller.manager(home), changed.at, command).await?;
    Ok(())
}

/// HEF-R-0043: closes at 4pm today, three offers in, their prices sealed.
async fn forty_three(teller: &Teller<'_>) -> Answer<()> {
    let cast = teller.world.cast;
    let start = date(2021, 10, 4);
    let wish = Teller::wish(43, 11, "planned", (date(2021, 9, 9), start));
    let homes = [cast.elm, cast.hazel, cast.linden, cast.willow, cast.kestrel];
    let search = Search { wish, profile: None, homes: &homes, sent: at(9, 9, 14, 12), deadline: at(9, 13, 16, 0) };
    let reference = teller.send(&search).await?;
    let bid =
        |home, at, pounds, keeps_school| Bid { home, at, lines: vec![core(start, pounds)], keeps_school, late: None };
    teller.offer(&reference, bid(cast.linden, at(9, 10, 9, 50), 4_120, true)).await?;
    teller.offer(&reference, bid(cast.willow, at(9, 10, 14, 35), 4_040, false)).await?;
    teller.decline(&reference, cast.kestrel, DeclineReason::DistanceOrArea, at(9, 10, 16, 0)).await?;
    teller.offer(&reference, bid(cast.elm, at(9, 13, 9, 55), 4_150, true)).await
}

/// HEF-R-0044: last night's emergency.
async fn emergency(teller: &Teller<'_>) -> Answer<()> {
    let cast = teller.world.cast;
    let start = date(2021, 9, 12);
    let mut wish = Teller::wish(44, 15, "crisis", (start, start));
    wish.emergency = Some(EmergencyCause::PlacementEnded);
    let search =
        Search { wish, profile: None, homes: &[cast.thorn], sent: at(9, 12, 19, 30), deadline: at(9, 12, 21, 30) };
    let reference = teller.send(&search).await?;
    teller
        .offer(
            &reference,
            Bid {
                home: cast.thorn,
                at: at(9, 12, 20, 15),
                lines: vec![core(start, 6_400)],
                keeps_school: false,
                late: None,
            },
        )
        .await?;
    let approval = teller.recommend(&reference, 1, 4, at(9, 12, 20, 40)).await?;
    let agreement = teller.verbal(&approval, at(9, 12, 21, 5)).await?;
    teller.start(&agreement, start, Some(UnsignedReason::Emergency), at(9, 12, 22, 20)).await
}
