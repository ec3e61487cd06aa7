//! Nominations: an authority of the block names a child for an empty bed, from a referral that asked the home; the provider
//! answers; a refusal may be conceded by the holder of the power (rules 1.2 and 6.2).

use jiff::civil::Date;
use placewell_domain::buying::block::nomination::{
    Nomination, NominationState, RefusalReason, WithdrawReason, refusals_counted,
};
use placewell_domain::buying::block::{Block, BlockBeds, BlockTerms, may_nominate_in_turn, must_be_signed};
use placewell_domain::id::{BedId, HomeId, NominationId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::referral::{LegalBasis, Referral, Tier};
use placewell_domain::power::delegation::{Act, PowerQuestion, RemitArea};
use placewell_store::placing::referral::{ReferralFilter, ReferralTab};
use placewell_store::{Session, Work};
use serde::Serialize;

use super::turns::{nominate_in_turn, turn};
use super::{Known, follow_job, must_run, own_block, page_of, provider_of};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::homes::standing::may_take;
use crate::office::message::Notice;
use crate::power::delegation::power_of;

/// The home and the bed of one of a contract's beds; of floating ones, the home that was asked.
fn bed_of(terms: &BlockTerms, slot: u8, asked: &[HomeId]) -> Option<(HomeId, Option<BedId>)> {
    if slot == 0 || slot > terms.beds.count() {
        return None;
    }
    match &terms.beds {
        BlockBeds::Fixed { beds } => {
            beds.get(usize::from(slot) - 1).filter(|bed| asked.contains(&bed.home)).map(|bed| (bed.home, Some(bed.bed)))
        }
        BlockBeds::Floating { homes, .. } => homes.iter().find(|home| asked.contains(home)).map(|home| (*home, None)),
    }
}

/// The homes that a referral asked as mini-block vacancies.
async fn asked_as_block(session: &Session, org: OrganisationId, referral: &Referral) -> Answer<Vec<HomeId>> {
    let all = session.invitations_of(org, referral.id).await?;
    let still = |state: &str| !matches!(state, "withdrawn" | "closed" | "declined");
    let asked = all.into_iter().filter(|one| one.tier == Tier::MiniBlock && still(one.state.name()));
    Ok(asked.map(|one| one.home).collect())
}

/// Nominates a child for an empty bed.
#[derive(Debug, Clone, Serialize)]
pub struct NominateChild {
    /// The mini-block.
    pub block: String,
    /// Which bed of the contract, from 1.
    pub slot: u8,
    /// The referral.
    pub referral: String,
}

impl Command for NominateChild {
    const ACTION: Action = Action::NominateToBlock;
    const NAME: &'static str = "block.nominate";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = work.block_by_reference(&self.block).await?;
        must_run(&block)?;
        let (org, moment) = (work.org(), work.moment());
        work.lock_block(block.id).await?;
        must_be_signed(&block, &work.block_signatures(block.id).await?)?;
        let known = Known::read(work, block.id).await?;
        let referral = work.referral_by_reference(org, &self.referral).await?;
        let asked = asked_as_block(work, org, &referral).await?;
        let first = referral.profile.start.unwrap_or(moment.today()).max(moment.today());
        if !block.pays_on(org, first) {
            return Err(not_a_party(&block).into());
        }
        let terms = block.terms_on(first).or(block.latest_terms()).ok_or(Outcome::NotFound)?;
        let Some((home, bed)) = bed_of(terms, self.slot, &asked) else {
            return Err(not_asked(&block, &referral).into());
        };
        let at = work.home(home).await?;
        may_take(work, &at, (org, referral.id), (block.wants.lot.as_str(), first)).await?;
        if known.nominated(self.slot) || known.empty_since(self.slot, first).is_none() {
            return Err(Invalid::one("slot", "Select a bed that is empty and has nobody nominated").into());
        }
        released(&block, &known, self.slot, first)?;
        nominate_in_turn(work, &known, self.slot, first).await?;
        let child = work.child(org, referral.child).await?;
        let nomination = Nomination {
            id: NominationId(work.new_id()),
            version: 0,
            block: block.id,
            slot: self.slot,
            home,
            bed,
            authority: org,
            responsible: child.responsible,
            provider: provider_of(&block).ok_or(Outcome::NotFound)?,
            referral: referral.id,
            reference: referral.reference.clone(),
            made: moment.local,
            state: NominationState::Open,
        };
        let nomination = work.apply(Nomination::nominate(nomination, moment)).await?;
        work.enqueue(follow_job(block.id)?);
        let to = nomination.provider;
        work.enqueue(told(&block, &nomination, to, Role::ProviderManager, "a child is nominated").job()?);
        Ok(Receipt::at(page_of(&block)))
    }
}

/// Refuses a bed whose nights are offered or sold to somebody else. They can be only once the authorities' own hours have
/// passed, and then whoever takes them goes first.
fn released(block: &Block, known: &Known, slot: u8, first: Date) -> Result<(), Refusal> {
    let others = known.resales.iter().filter(|one| one.slot == slot && one.state.name() != "withdrawn");
    let Some(nights) = others.map(|one| one.nights).find(|nights| nights.to() > first) else { return Ok(()) };
    Err(Refusal::new(
        "released_to_others",
        "The authorities of a block nominate within its hours; then its empty nights may be sold to others",
        format!(
            "The {} hours in which the authorities alone nominate for this bed have passed, and its nights are offered \
             to another authority.",
            block.spec.nomination_hours
        ),
        "The commissioning lead, by taking the offer of these nights back; or you, for another bed",
    )
    .found(nights.words()))
}

pub(super) fn told(block: &Block, nomination: &Nomination, to: OrganisationId, role: Role, what: &str) -> Notice {
    Notice {
        to: to.0,
        role,
        subject: format!("{}: {what}", block.reference),
        lines: vec![format!("{} for bed {}.", nomination.reference, nomination.slot)],
        path: page_of(block),
    }
}

fn not_a_party(block: &Block) -> Refusal {
    Refusal::new(
        "not_a_party",
        "Children are nominated by the authorities that pay for the block",
        "Your authority pays no share of this mini-block, so it cannot nominate a child for it.",
        "The commissioning lead, by offering empty nights to your authority",
    )
    .found(block.reference.clone())
}

fn not_asked(block: &Block, referral: &Referral) -> Refusal {
    Refusal::new(
        "home_not_asked",
        "A child is nominated from a referral that asked the home as a mini-block vacancy",
        format!("{} has not asked the home of this bed as a mini-block vacancy.", referral.reference),
        "You, by asking the home first: who to ask, mini-block vacancies",
    )
    .found(block.reference.clone())
}

/// A nomination at the version that the page showed, with its block, under the block's lock; only for the organisation that
/// `whose` names.
async fn current(
    work: &Work,
    (id, version): (i64, i64),
    whose: impl Fn(&Nomination) -> OrganisationId,
) -> Answer<(Nomination, Block)> {
    let nomination = work.nomination(NominationId(id)).await?;
    work.lock_block(nomination.block).await?;
    let nomination = work.nomination(nomination.id).await?;
    if whose(&nomination) != work.org() {
        return Err(Outcome::NotFound);
    }
    if nomination.version != version {
        return Err(Outcome::Conflict);
    }
    let block = work.block(nomination.block).await?;
    Ok((nomination, block))
}

/// The provider accepts a nomination; its offer at the contract's price follows.
#[derive(Debug, Clone, Serialize)]
pub struct AcceptNomination {
    /// The nomination.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for AcceptNomination {
    const ACTION: Action = Action::AnswerNomination;
    const NAME: &'static str = "block.accept_nomination";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (nomination, block) = current(work, (self.id, self.version), |one| one.provider).await?;
        must_run(&block)?;
        let change = nomination.accept(work.moment())?;
        let nomination = work.apply(change).await?;
        let to = nomination.authority;
        work.enqueue(told(&block, &nomination, to, Role::PlacementOfficer, "the nomination is accepted").job()?);
        Ok(Receipt::at(page_of(&block)))
    }
}

/// The provider refuses a nomination.
#[derive(Debug, Clone, Serialize)]
pub struct RefuseNomination {
    /// The nomination.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: RefusalReason,
}

impl Command for RefuseNomination {
    const ACTION: Action = Action::AnswerNomination;
    const NAME: &'static str = "block.refuse_nomination";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (nomination, block) = current(work, (self.id, self.version), |one| one.provider).await?;
        let change = nomination.refuse(self.reason, work.moment())?;
        let nomination = work.apply(change).await?;
        let all = work.nominations_of(block.id).await?;
        let counted = refusals_counted(&block.spec, &all, work.moment().local);
        let to = nomination.authority;
        let mut mail = told(&block, &nomination, to, Role::PlacementOfficer, "the nomination is refused");
        mail.lines.push(format!("Refusal {counted}; the contract permits {}.", block.spec.refusals.permitted));
        work.enqueue(mail.job()?);
        work.enqueue(follow_job(block.id)?);
        Ok(Receipt::at(page_of(&block)))
    }
}

/// The authority takes a nomination back.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawNomination {
    /// The nomination.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: WithdrawReason,
}

impl Command for WithdrawNomination {
    const ACTION: Action = Action::NominateToBlock;
    const NAME: &'static str = "block.withdraw_nomination";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (nomination, block) = current(work, (self.id, self.version), |one| one.authority).await?;
        if matches!(self.reason, WithdrawReason::AgreementCancelled | WithdrawReason::HomeSuspended) {
            return Err(Invalid::one("reason", "Select why the nomination is taken back").into());
        }
        let change = nomination.withdraw(self.reason, work.moment())?;
        let nomination = work.apply(change).await?;
        let to = nomination.provider;
        work.enqueue(told(&block, &nomination, to, Role::ProviderManager, "a nomination is taken back").job()?);
        work.enqueue(follow_job(block.id)?);
        Ok(Receipt::at(page_of(&block)))
    }
}

/// Concedes that a refused nomination was not suitable: the refusal is not counted. An operational decision of the
/// authority whose nomination it was.
#[derive(Debug, Clone, Serialize)]
pub struct ConcedeRefusal {
    /// The nomination.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for ConcedeRefusal {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "block.concede_refusal";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (nomination, block) = current(work, (self.id, self.version), |one| one.authority).await?;
        let referral = work.referral(work.org(), nomination.referral).await?;
        let case = match referral.profile.legal_basis {
            Some(LegalBasis::CareLeaver) => RemitArea::YoungPeople,
            Some(LegalBasis::ResidentialSchool) => RemitArea::Education,
            Some(basis) if !basis.looked_after() => RemitArea::Safeguarding,
            _ => RemitArea::ChildrenLookedAfter,
        };
        let act = Act::ConcedeBlockRefusal;
        let asked_by = Some(referral.officer);
        let question = PowerQuestion { act, about_spot: false, case, person: actor.person, asked_by };
        let power = power_of(work, work.org(), &question, work.moment()).await?;
        let change = nomination.concede(power)?;
        let nomination = work.apply(change).await?;
        let to = nomination.provider;
        work.enqueue(told(&block, &nomination, to, Role::ProviderManager, "a refusal is conceded").job()?);
        work.enqueue(follow_job(block.id)?);
        Ok(Receipt::at(page_of(&block)))
    }
}

/// What a placement officer chooses from to nominate a child.
#[derive(Debug, Clone)]
pub struct ToNominate {
    /// The mini-block.
    pub block: Block,
    /// Empty beds with nobody nominated: number and name.
    pub beds: Vec<(u8, String)>,
    /// Referrals that asked a home of the block: their references.
    pub referrals: Vec<String>,
}

impl App {
    /// The empty beds of a block and the own referrals that could fill them.
    pub async fn to_nominate(&self, actor: &Actor, reference: &str) -> Answer<ToNominate> {
        let session = self.see(actor, Action::NominateToBlock).await?;
        let block = own_block(&session, actor, reference).await?;
        must_run(&block)?;
        let today = self.calendar.now().today();
        if !block.pays_on(actor.organisation, today.max(block.spec.from)) {
            return Err(not_a_party(&block).into());
        }
        must_be_signed(&block, &session.block_signatures(block.id).await?)?;
        let known = Known::read(&session, block.id).await?;
        let names = super::view::slot_names(&session, &block).await?;
        let free = |slot: u8| {
            let open = known.empty_since(slot, today).is_some() && !known.nominated(slot);
            let own = |turn| may_nominate_in_turn(turn, actor.organisation, slot).is_ok();
            let turn = turn(&known, slot, today.max(known.span.from()), today);
            open && released(&block, &known, slot, today).is_ok() && turn.is_none_or(own)
        };
        let beds = names.into_iter().filter(|name| free(name.slot)).map(|name| (name.slot, name.words())).collect();
        let mut referrals = Vec::new();
        let filter = ReferralFilter::default();
        let homes = block.latest_terms().map(|terms| terms.beds.homes()).unwrap_or_default();
        for tab in [ReferralTab::WithProviders, ReferralTab::OffersIn] {
            for line in session.referral_lines(actor.organisation, tab, &filter, 0, 200).await?.0 {
                let text = line.reference.to_string();
                let referral = session.referral_by_reference(actor.organisation, &text).await?;
                let asked = asked_as_block(&session, actor.organisation, &referral).await?;
                let had = session.nomination_of(actor.organisation, referral.id).await?.is_some();
                if !had && asked.iter().any(|home| homes.contains(home)) {
                    referrals.push(text);
                }
            }
        }
        Ok(ToNominate { block, beds, referrals })
    }
}
