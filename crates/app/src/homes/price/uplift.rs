//! Rises in price: a provider asks, adds evidence, takes back, appeals; the arrangement's lead decides, another person answers
//! an appeal, and what was granted in error is revoked. Each authority is told by its own job what it means for its agreements.

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::homes::admission::admitted_on;
use placewell_domain::homes::price::formula::{CONSUMER_PRICES, Percent, UPLIFT_FORMULA};
use placewell_domain::homes::price::uplift::{
    Asking, Book, CostLine, KnownNow, KnownPrices, Ruling, Uplift, UpliftBasis, UpliftState,
};
use placewell_domain::homes::price::{KNOWN_OPEN, LineKind};
use placewell_domain::homes::standing::{Standing, standing_on};
use placewell_domain::id::{DocumentId, OrganisationId, UpliftId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
pub use placewell_store::homes::price::UpliftEffect;
use placewell_store::homes::price::{APPEAL, REQUEST};
use placewell_store::outbox::Job;
use placewell_store::{Session, Work};
use serde::{Deserialize, Serialize};

use super::schedule::{record_grant, record_revoked};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::homes::home::home_by_text;
use crate::office::access::cover::decided::by_own_role;
use crate::office::document::{Belongs, Brought, DocumentEntry, keep, listed};
use crate::office::message::Notice;
use crate::power::arrangement::lot_named;

/// The job in which an authority counts what a request means for it, and is told once something is granted.
pub const TELL_UPLIFT: &str = "price.tell_uplift";
/// The room of a request's documents.
const ROOM: &str = "price_uplift";

/// Which authority, of which request.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct ToTell {
    /// The authority.
    pub authority: i64,
    /// The request.
    pub uplift: i64,
    /// The grant of which it is told; none while nothing is granted.
    pub grant: Option<u8>,
}

/// A request as its provider and the regional team read it.
#[derive(Debug, Clone)]
pub struct UpliftPage {
    /// The request.
    pub uplift: Uplift,
    /// What came with it.
    pub book: Book,
    /// What came with the appeal.
    pub appeal: Option<Book>,
    /// Documents of evidence, the latest first.
    pub documents: Vec<(DocumentEntry, String)>,
    /// What each authority told, by name; empty for the provider.
    pub effects: Vec<(String, UpliftEffect)>,
}

async fn standing_now(session: &Session, uplift: &Uplift, day: Date) -> Answer<Standing> {
    let facts = session.standing_of(uplift.home, uplift.provider).await?;
    let lots = session.lot_facts().await?;
    if lots.iter().any(|fact| fact.stops(uplift.home, &uplift.lot, day)) {
        return Ok(Standing::Suspended);
    }
    Ok(standing_on(&facts, uplift.home, uplift.provider, day).standing)
}

/// What is known when a request or its appeal is decided. Prices are read under the region's lock, under which they are also
/// recorded: none changes between the check and the grant.
async fn known_now(work: &mut Work, uplift: &Uplift) -> Answer<KnownNow> {
    work.lock_organisation().await?;
    let documents = work.documents(work.org(), ROOM, uplift.id.0).await?;
    Ok(KnownNow {
        home: work.home(uplift.home).await?,
        lot: lot_named(work, &uplift.lot).await?,
        standing: standing_now(work, uplift, work.moment().today()).await?,
        admissions: work.admissions_of(uplift.home).await?,
        scheduled: work.scheduled_for(uplift).await?,
        evidence: documents.iter().filter(|entry| !entry.gone).count(),
    })
}

fn tell_authorities(work: &mut Work, all: &[OrganisationId], uplift: &Uplift, grant: Option<u8>) -> Answer<()> {
    for authority in all {
        let to = ToTell { authority: authority.0, uplift: uplift.id.0, grant };
        work.enqueue(Job::new(TELL_UPLIFT, &serde_json::to_value(to)?).about("uplift", uplift.id));
    }
    Ok(())
}

async fn authorities(session: &Session) -> Answer<Vec<OrganisationId>> {
    let all = session.organisations().await?.into_iter();
    Ok(all.filter(|one| one.kind == OrganisationKind::Authority).map(|one| one.id).collect())
}

fn to_region(uplift: &Uplift, what: &str) -> Notice {
    Notice {
        to: uplift.region.0,
        role: Role::CommissioningLead,
        subject: format!("{}: {what}", uplift.reference),
        lines: uplift.due().map(|due| format!("Decide it by {}.", long_date(due))).into_iter().collect(),
        path: format!("/region/uplifts/{}", uplift.id),
    }
}

fn to_provider(uplift: &Uplift, what: &str) -> Notice {
    let kept = if uplift.revoked().is_some() {
        "An agreement keeps the price at which its authority has confirmed it."
    } else {
        "Live agreements keep their price until each authority confirms the new one."
    };
    Notice {
        to: uplift.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: {what}", uplift.reference),
        lines: vec![kept.to_owned()],
        path: format!("/provider/uplifts/{}", uplift.id),
    }
}

/// A request of the actor's organisation at the version that the page showed; the provider's, or the region's.
async fn current(work: &Work, id: i64, version: i64) -> Answer<Uplift> {
    let uplift = work.uplift(UpliftId(id)).await?;
    if ![uplift.provider, uplift.region].contains(&work.org()) {
        return Err(Outcome::NotFound);
    }
    if uplift.version == version { Ok(uplift) } else { Err(Outcome::Conflict) }
}

/// Refused where the home has another provider since: nothing more is asked for whoever had it. What waits still, of a home
/// that was sold before such requests fell away, is refused by the lead, or it would keep the home's provider from asking.
async fn still_theirs(session: &Session, uplift: &Uplift) -> Answer<()> {
    if session.home(uplift.home).await?.provider == uplift.provider {
        return Ok(());
    }
    Err(Refusal::new(
        "home_changed_hands",
        "A price rises for the provider that runs the home",
        format!("{} was asked for by a provider that has the home no more.", uplift.reference),
        "The home's provider of today, by a request of its own",
    )
    .found(uplift.state.label())
    .into())
}

/// A provider asks for a rise.
#[derive(Debug, Clone, Serialize)]
pub struct AskUplift {
    /// The home's number.
    pub urn: String,
    /// The lot's code.
    pub lot: String,
    /// Core or education.
    pub line: LineKind,
    /// On what it rests.
    pub basis: UpliftBasis,
    /// By how much, in hundredths of a percent; by formula only.
    pub percent: Option<Percent>,
    /// The price of a week asked for; by open book only.
    pub weekly: Option<Pence>,
    /// From which night.
    pub from: Date,
    /// Why.
    pub words: String,
    /// The costs; by open book only.
    pub costs: Vec<CostLine>,
}

impl Command for AskUplift {
    const ACTION: Action = Action::AskUplift;
    const NAME: &'static str = "uplift.ask";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (moment, today) = (work.moment(), work.moment().today());
        let home = home_by_text(work, &self.urn).await?;
        if home.provider != work.org() {
            return Err(Outcome::NotFound);
        }
        let book = Book { words: self.words.trim().to_owned(), costs: self.costs.clone() };
        let asking = Asking {
            lot: self.lot.clone(),
            line: self.line,
            basis: self.basis,
            percent: self.percent,
            weekly: self.weekly,
            from: self.from,
            book,
            home,
        };
        let asking = asking.checked(today)?;
        let known = known(work, &asking, today).await?;
        let number = work.next_number(&format!("uplift {}", asking.home.urn)).await?;
        let named = (UpliftId(work.new_id()), format!("PU-{}-{number}", asking.home.urn));
        let change = Uplift::ask(named, &asking, &known, actor.person, moment)?;
        let uplift = work.apply(change).await?;
        work.keep_uplift_book(&uplift, REQUEST, &asking.book).await?;
        let all = authorities(work).await?;
        tell_authorities(work, &all, &uplift, None)?;
        work.enqueue(to_region(&uplift, "a rise in price is asked for").job()?);
        Ok(Receipt::at(format!("/provider/uplifts/{}", uplift.id)))
    }
}

/// What is known of the home and the formula when somebody asks.
async fn known(work: &Work, asking: &Asking, today: Date) -> Answer<KnownPrices> {
    let home = &asking.home;
    let admissions = work.admissions_of(home.id).await?;
    if admitted_on(&admissions, home.id, &asking.lot, asking.from).is_none() {
        return Err(Refusal::new(
            "not_on_lot",
            "Only a home on the lot has a scheduled price there",
            format!("{} is not on this lot on the day.", home.name),
            "You, by asking for a lot that the home is on",
        )
        .found(lot_named(work, &asking.lot).await?)
        .into());
    }
    let facts = work.standing_of(home.id, home.provider).await?;
    let lot_stops = work.lot_facts().await?.iter().any(|fact| fact.stops(home.id, &asking.lot, today));
    let standing =
        if lot_stops { Standing::Suspended } else { standing_on(&facts, home.id, home.provider, today).standing };
    Ok(KnownPrices {
        standing,
        scheduled: work.prices_between(home.id, &asking.lot, asking.line.code(), Nights::open(asking.from)).await?,
        formula: work.value_of(home.region, &UPLIFT_FORMULA, today).await?,
        prices: work.value_of(home.region, &CONSUMER_PRICES, today).await?,
        risen: Uplift::risen_by_formula(&work.uplifts_of_home(home.id).await?, (&asking.lot, asking.line)),
    })
}

/// Adds a document of evidence to a request that waits.
#[derive(Debug, Clone, Serialize)]
pub struct AddUpliftEvidence {
    /// The request.
    pub uplift: i64,
    /// The document.
    pub brought: Brought,
}

impl Command for AddUpliftEvidence {
    const ACTION: Action = Action::AskUplift;
    const NAME: &'static str = "uplift.add_evidence";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        self.brought.scanned(app).await
    }

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let uplift = work.uplift(UpliftId(self.uplift)).await?;
        if uplift.provider != work.org() {
            return Err(Outcome::NotFound);
        }
        if !uplift.waits() {
            return Err(Refusal::new(
                "uplift_state",
                "Evidence is added while a request or an appeal waits",
                format!("{} waits for nothing, so no evidence can be added.", uplift.reference),
                "Nobody: it was decided on what was there",
            )
            .found(uplift.state.label())
            .into());
        }
        let belongs = Belongs { room: ROOM, record: uplift.id.0, child: None, provider: Some(uplift.region) };
        keep(work, belongs, &self.brought).await?;
        Ok(Receipt::at(format!("/provider/uplifts/{}", uplift.id)))
    }
}

/// The provider takes a request back.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawUplift {
    /// The request.
    pub uplift: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for WithdrawUplift {
    const ACTION: Action = Action::AskUplift;
    const NAME: &'static str = "uplift.withdraw";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let uplift = current(work, self.uplift, self.version).await?;
        let uplift = work.apply(uplift.withdraw(work.moment())?).await?;
        work.enqueue(to_region(&uplift, "the request is withdrawn").job()?);
        Ok(Receipt::at(format!("/provider/uplifts/{}", uplift.id)))
    }
}

/// The provider appeals against a decision.
#[derive(Debug, Clone, Serialize)]
pub struct AppealUplift {
    /// The request.
    pub uplift: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub words: String,
}

impl Command for AppealUplift {
    const ACTION: Action = Action::AskUplift;
    const NAME: &'static str = "uplift.appeal";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let words = self.words.trim().to_owned();
        if words.is_empty() || words.chars().count() > 2_000 {
            return Err(Invalid::one("words", "Say why you appeal, in 2,000 characters or fewer").into());
        }
        let uplift = current(work, self.uplift, self.version).await?;
        still_theirs(work, &uplift).await?;
        let uplift = work.apply(uplift.appeal(work.moment())?).await?;
        work.keep_uplift_book(&uplift, APPEAL, &Book { words, costs: Vec::new() }).await?;
        work.enqueue(to_region(&uplift, "an appeal is made").job()?);
        Ok(Receipt::at(format!("/provider/uplifts/{}", uplift.id)))
    }
}

/// The lead decides a request, or somebody who did not decide it answers the appeal.
#[derive(Debug, Clone, Serialize)]
pub struct DecideUplift {
    /// The request.
    pub uplift: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What is decided.
    pub ruling: Ruling,
}

impl Command for DecideUplift {
    const ACTION: Action = Action::DecideUplift;
    const NAME: &'static str = "uplift.decide";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let uplift = current(work, self.uplift, self.version).await?;
        by_own_role(work, actor).await?;
        let moment = work.moment();
        let known = known_now(work, &uplift).await?;
        let ruling = self.ruling.clone();
        let appeal = matches!(uplift.state, UpliftState::Appealed { .. });
        let before = uplift.grants().len();
        let change = if appeal {
            uplift.answer(actor.person, ruling, &known, moment)?
        } else {
            uplift.decide(actor.person, ruling, &known, moment)?
        };
        let uplift = work.apply(change).await?;
        let grant = uplift.grants().into_iter().nth(before);
        if let Some(grant) = &grant {
            record_grant(work, &uplift, grant).await?;
        }
        let all = authorities(work).await?;
        tell_authorities(work, &all, &uplift, grant.map(|grant| grant.number))?;
        let what = if appeal { "your appeal is answered" } else { "your request is decided" };
        work.enqueue(to_provider(&uplift, what).job()?);
        Ok(Receipt::at(format!("/region/uplifts/{}", uplift.id)))
    }
}

/// The lead takes back what was granted in error: new offers are held to the price from before again, and no authority is asked
/// to confirm it any more.
#[derive(Debug, Clone, Serialize)]
pub struct RevokeUplift {
    /// The request.
    pub uplift: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reasons: String,
}

impl Command for RevokeUplift {
    const ACTION: Action = Action::DecideUplift;
    const NAME: &'static str = "uplift.revoke";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let uplift = current(work, self.uplift, self.version).await?;
        by_own_role(work, actor).await?;
        work.lock_organisation().await?;
        let uplift = work.apply(uplift.revoke(actor.person, &self.reasons, work.moment())?).await?;
        record_revoked(work, &uplift).await?;
        let all = authorities(work).await?;
        tell_authorities(work, &all, &uplift, None)?;
        work.enqueue(to_provider(&uplift, "what was granted is revoked").job()?);
        Ok(Receipt::at(format!("/region/uplifts/{}", uplift.id)))
    }
}

impl App {
    /// The requests that the actor follows or decides, the latest first: a provider's own, or the region's with what all
    /// authorities told together.
    pub async fn uplifts(&self, actor: &Actor) -> Answer<Vec<(Uplift, Pence)>> {
        let session = self.see(actor, asks(actor)).await?;
        let mut all = Vec::new();
        for uplift in session.uplifts().await? {
            if [uplift.provider, uplift.region].contains(&actor.organisation) {
                let told = session.uplift_effects(uplift.id).await?;
                all.push((uplift, told.iter().map(|one| one.a_year).sum()));
            }
        }
        Ok(all)
    }

    /// One request.
    pub async fn uplift_page(&self, actor: &Actor, id: i64) -> Answer<UpliftPage> {
        let session = self.see(actor, asks(actor)).await?;
        let uplift = session.uplift(UpliftId(id)).await?;
        if ![uplift.provider, uplift.region].contains(&actor.organisation) {
            return Err(Outcome::NotFound);
        }
        let (book, appeal) = session.uplift_book(uplift.id).await?;
        let documents = listed(&session, actor.organisation, ROOM, id).await?;
        let names = session.organisations().await?;
        let name = |id: OrganisationId| names.iter().find(|one| one.id == id).map(|one| one.name.clone());
        let told = session.uplift_effects(uplift.id).await?.into_iter().filter(|one| one.agreements > 0);
        let effects = told.map(|one| (name(one.authority).unwrap_or_default(), one)).collect();
        Ok(UpliftPage { uplift, book: book.unwrap_or_default(), appeal, documents, effects })
    }

    /// A document of evidence, recorded as read.
    pub async fn uplift_document(&self, actor: &Actor, id: i64, document: i64) -> Answer<(DocumentEntry, Vec<u8>)> {
        self.uplift_page(actor, id).await?;
        self.read_document(actor, asks(actor), (ROOM, id), DocumentId(document)).await
    }

    /// What a provider may ask for: each own home with its lots, lines and present prices; and what the formula gives.
    pub async fn uplift_choices(&self, actor: &Actor) -> Answer<UpliftChoices> {
        let session = self.see(actor, Action::AskUplift).await?;
        let today = self.calendar.now().today();
        let (mut prices, mut formula) = (Vec::new(), None);
        for home in session.homes_of(actor.organisation).await? {
            formula = Some((
                session.value_of(home.region, &UPLIFT_FORMULA, today).await?,
                session.value_of(home.region, &CONSUMER_PRICES, today).await?,
            ));
            for fact in session
                .prices_known(
                    home.id,
                    Nights::new(today, plus_days(today, 1)).ok_or(Outcome::NotFound)?,
                    KNOWN_OPEN - 1,
                )
                .await?
            {
                if LineKind::from_code(&fact.line).is_some() {
                    prices.push((home.urn.to_string(), home.name.clone(), fact.lot, fact.line, fact.price.value));
                }
            }
        }
        let formula = formula.map(|(formula, prices)| {
            use placewell_domain::setting::SettingValue as _;
            let most = prices.as_ref().map(|one| formula.most(one.rate));
            (formula.words(), prices.words(), most)
        });
        Ok(UpliftChoices { prices, formula })
    }
}

/// What a provider may ask for.
#[derive(Debug, Clone, Default)]
pub struct UpliftChoices {
    /// Home's number and name, lot, line, price of a week now.
    pub prices: Vec<(String, String, String, String, Pence)>,
    /// The formula and the rise in consumer prices in words, and the most that they give.
    pub formula: Option<(String, String, Option<Percent>)>,
}

/// What somebody of this kind reads requests by.
fn asks(actor: &Actor) -> Action {
    if actor.kind == OrganisationKind::Provider { Action::AskUplift } else { Action::DecideUplift }
}
