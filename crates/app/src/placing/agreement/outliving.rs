//! Live agreements and shares of mini-blocks at the end of a term: which run past it, and what becomes of each where the
//! authority leaves.

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::power::arrangement::{
    BlockAfter, BlockSurvival, Leaves, Leaving, Living, LivingBlock, Survival, may_outlive,
};
use placewell_domain::power::delegation::Act;
use placewell_exchange::sheet::Sheet;
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::message::Notice;
use crate::power::arrangement::{leaves_on, participation_of, power_about};
use crate::power::delegation::power_of;

/// When an agreement was awarded: with the last approval that it rests on, else at its start.
fn awarded_on(agreement: &Agreement) -> Date {
    agreement.rests_on.iter().map(|rests| rests.at.date()).max().unwrap_or(agreement.terms.start)
}

fn living(agreement: &Agreement) -> Living {
    let (start, planned_end) = agreement.nights();
    Living {
        reference: agreement.reference.to_string(),
        awarded_on: awarded_on(agreement),
        start,
        planned_end,
        moved_on: agreement.moved().map(|to| to.on),
    }
}

/// An authority's live agreements through the arrangement, as the end of a term asks.
pub async fn living_of(session: &Session, org: OrganisationId) -> Answer<Vec<Living>> {
    let found = session.living_agreements(org).await?;
    let through = |one: &&Agreement| one.authority == org && one.terms.route.through_arrangement();
    Ok(found.iter().filter(through).map(living).collect())
}

/// The mini-blocks that run on a day or later of which an authority pays a share, as the end of a term asks.
pub async fn blocks_of(session: &Session, org: OrganisationId, day: Date) -> Answer<Vec<LivingBlock>> {
    let running = session.running_blocks(day).await?;
    let own = running.iter().filter_map(|block| {
        let share = block.shares.iter().find(|share| share.authority == org)?;
        let nights = block.nights()?;
        let (from, until) = (nights.from(), nights.to());
        Some(LivingBlock { reference: block.reference.clone(), from, until, share: share.words() })
    });
    Ok(own.collect())
}

/// The last day of an authority's term or part in the arrangement, and whether it leaves.
async fn last_day(session: &Session, org: OrganisationId, today: Date) -> Answer<(Date, bool)> {
    let kept = session.current_arrangement().await?.ok_or(Outcome::NotFound)?;
    let terms = crate::power::annual_value::ledger_terms(session, org, today).await?;
    let leaves = leaves_on(session, kept.arrangement.id, org).await?;
    let term = terms.term_end.min(kept.arrangement.term.longest_end());
    Ok((leaves.map_or(term, |from| plus_days(from, -1).min(term)), leaves.is_some()))
}

/// A live agreement that runs past the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlivingLine {
    /// What becomes of it.
    pub survival: Survival,
}

/// The lines as a table for a file.
#[must_use]
pub fn outliving_sheet(lines: &[OutlivingLine], blocks: &[BlockSurvival]) -> Sheet {
    let heads = ["Reference", "Kind", "Share", "Planned end", "Nights after the term", "What becomes of it"];
    let mut sheet = Sheet::new("Agreements past the term", heads);
    sheet.rows.extend(lines.iter().map(|OutlivingLine { survival }| {
        vec![
            survival.reference.as_str().into(),
            "Agreement".into(),
            "100%".into(),
            survival.planned_end.into(),
            survival.nights_after.to_string().into(),
            survival.then.label().into(),
        ]
    }));
    sheet.rows.extend(blocks.iter().map(|one| {
        vec![
            one.reference.as_str().into(),
            "Mini-block".into(),
            one.share.as_str().into(),
            one.until.into(),
            one.nights_after.to_string().into(),
            one.then.label().into(),
        ]
    }));
    sheet
}

impl App {
    /// The last day of the authority's term or part in the arrangement, and its live agreements with what becomes of each:
    /// those that run past it first.
    pub async fn outliving_agreements(&self, actor: &Actor) -> Answer<(Date, Vec<OutlivingLine>)> {
        let session = self.see(actor, Action::SeeAgreements).await?;
        if actor.kind != OrganisationKind::Authority {
            return Err(Outcome::NotFound);
        }
        let (last, _) = last_day(&session, actor.organisation, self.calendar.now().today()).await?;
        let mut lines: Vec<OutlivingLine> = living_of(&session, actor.organisation)
            .await?
            .iter()
            .map(|one| OutlivingLine { survival: one.after(last) })
            .collect();
        lines.sort_by_key(|line| (std::cmp::Reverse(line.survival.nights_after), line.survival.reference.clone()));
        Ok((last, lines))
    }

    /// The running mini-blocks of which the authority pays a share, with what becomes of each at that day: those that run
    /// past it first.
    pub async fn outliving_blocks(&self, actor: &Actor) -> Answer<Vec<BlockSurvival>> {
        let session = self.see(actor, Action::SeeAgreements).await?;
        if actor.kind != OrganisationKind::Authority {
            return Err(Outcome::NotFound);
        }
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let (last, leaves) = last_day(&session, org, today).await?;
        let decisions = session.published_decisions_of(org).await?;
        let beyond = |block: &LivingBlock| match may_outlive(&decisions, plus_days(block.until, -1), today) {
            _ if leaves => BlockAfter::ToShareAnew,
            Ok(()) => BlockAfter::GoesOn,
            Err(_) => BlockAfter::ToDecide,
        };
        let running = blocks_of(&session, org, today).await?;
        let mut lines: Vec<BlockSurvival> = running.iter().map(|block| block.after(last, beyond(block))).collect();
        lines.sort_by_key(|line| (std::cmp::Reverse(line.nights_after), line.reference.clone()));
        Ok(lines)
    }
}

/// How much runs past the last day of an authority's term: for those who read no agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastTheTerm {
    /// The last day.
    pub last: Date,
    /// Live agreements that run past it.
    pub agreements: usize,
    /// Their planned nights after it.
    pub nights: i64,
    /// Shares of mini-blocks that run past it.
    pub blocks: usize,
}

impl App {
    /// How much runs past the last day of the actor's authority's term, counted: no reference, no home, no child.
    pub async fn past_the_term(&self, actor: &Actor) -> Answer<PastTheTerm> {
        let session = self.see(actor, Action::SeeDelegations).await?;
        if actor.kind != OrganisationKind::Authority {
            return Err(Outcome::NotFound);
        }
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let (last, _) = last_day(&session, org, today).await?;
        let living = living_of(&session, org).await?;
        let nights: Vec<i64> =
            living.iter().map(|one| one.after(last).nights_after).filter(|nights| *nights > 0).collect();
        let blocks = blocks_of(&session, org, today).await?;
        let blocks = blocks.iter().filter(|block| block.until > plus_days(last, 1)).count();
        Ok(PastTheTerm { last, agreements: nights.len(), nights: nights.iter().sum(), blocks })
    }
}

/// The authority leaves the arrangement from a date.
#[derive(Debug, Clone, Serialize)]
pub struct LeaveArrangement {
    /// The arrangement's slug.
    pub slug: String,
    /// The first day without it.
    pub from: Date,
    /// Why.
    pub reason: String,
}

impl Command for LeaveArrangement {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "arrangement.leave";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let reason = self.reason.trim();
        if reason.is_empty() || reason.chars().count() > 500 {
            return Err(Invalid::one("reason", "Enter why the authority leaves, in 500 characters or fewer").into());
        }
        let (org, moment) = (work.org(), work.moment());
        let kept = work.arrangement(&self.slug).await?;
        let power = power_of(work, org, &power_about(Act::LeaveArrangement, actor), moment).await?;
        let stands = participation_of(work, org, moment.today()).await?;
        let living = living_of(work, org).await?;
        let mut earlier = work.leavings().await?;
        earlier.retain(|one| one.authority == org);
        let blocks = blocks_of(work, org, moment.today()).await?;
        let known = Leaves { stands: &stands, living: &living, blocks: &blocks, earlier: &earlier };
        let decided = (self.from, reason.to_owned(), power);
        let leaving =
            work.apply(Leaving::decide((work.new_id(), org), &kept.arrangement, decided, known, moment)?).await?;
        tell(work, actor, kept.region, &leaving).await?;
        Ok(Receipt::at("/arrangement/own"))
    }
}

/// The regional team and the providers of its live agreements are told.
async fn tell(work: &mut Work, actor: &Actor, region: OrganisationId, leaving: &Leaving) -> Answer<()> {
    let subject = format!("Arrangement: {} leaves on {}", actor.code, long_date(leaving.from));
    let team = Notice {
        to: region.0,
        role: Role::CommissioningLead,
        subject: subject.clone(),
        lines: vec![
            format!("{} live agreements are listed with what becomes of each.", leaving.agreements.len()),
            format!("{} shares of mini-blocks are listed, to be shared anew.", leaving.blocks.len()),
        ],
        path: "/region/arrangement/extend".to_owned(),
    };
    work.enqueue(team.job()?);
    let mut providers: Vec<OrganisationId> =
        work.living_agreements(work.org()).await?.iter().map(|agreement| agreement.provider).collect();
    providers.sort_unstable();
    providers.dedup();
    for provider in providers {
        let notice = Notice {
            to: provider.0,
            role: Role::ProviderManager,
            subject: subject.clone(),
            lines: vec!["Placements that were made before go on under their own terms to their own end.".to_owned()],
            path: "/provider/arrangement".to_owned(),
        };
        work.enqueue(notice.job()?);
    }
    Ok(())
}
