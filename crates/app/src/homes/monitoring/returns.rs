//! Quality returns: asked of every home on a lot for a quarter, filled by its manager, read by the regional team.

use jiff::civil::Date;
use placewell_domain::homes::home::HomeState;
use placewell_domain::homes::monitoring::quality_return::{
    CorrectionReason, Filled, QualityReturn, ReturnState, Scheduled, next_quarter,
};
use placewell_domain::homes::monitoring::template::{Figure, Figures};
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::homes::monitoring::Counted;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::names::{Saying, names_nobody};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::naming::LookedThrough;
use crate::office::message::Notice;
use crate::power::decision::call_in_rule;

/// One return with what the records here say.
#[derive(Debug, Clone)]
pub struct ReturnPage {
    /// The return.
    pub of: QualityReturn,
    /// What the records here say now; for its own home only, else what they said when it was sent.
    pub known: Figures,
}

fn counted(of: &QualityReturn) -> Counted {
    Counted { provider: of.provider, home: of.home, from: of.quarter, until: of.until() }
}

/// The figures known here that the return's template asks.
async fn known(session: &Session, of: &QualityReturn) -> Answer<Figures> {
    let mut known = session.known_figures(counted(of)).await?;
    known.retain(|figure, _| of.figures().contains(figure));
    Ok(known)
}

impl App {
    /// One return: for its home's manager; for others once it was sent.
    pub async fn quality_return(&self, actor: &Actor, id: i64) -> Answer<ReturnPage> {
        if actor.kind == OrganisationKind::Provider {
            let session = self.see(actor, Action::AnswerMonitoring).await?;
            let of = own(&session, actor, id).await?;
            let known = known(&session, &of).await?;
            return Ok(ReturnPage { of, known });
        }
        let session = self.see(actor, Action::SeeMonitoring).await?;
        let mut of = session.quality_return(id).await?;
        if of.sent.is_empty() && of.region != actor.organisation {
            return Err(Outcome::NotFound);
        }
        of.draft = None;
        let known = of.latest().map(|sent| sent.known.clone()).unwrap_or_default();
        Ok(ReturnPage { of, known })
    }
}

async fn own(session: &Session, actor: &Actor, id: i64) -> Answer<QualityReturn> {
    let of = session.quality_return(id).await?;
    if of.provider == actor.organisation { Ok(of) } else { Err(Outcome::NotFound) }
}

fn at_version(of: QualityReturn, version: i64) -> Answer<QualityReturn> {
    if of.version == version { Ok(of) } else { Err(Outcome::Conflict) }
}

/// Asks every home that was on a lot in a quarter for its return. The first quarter is asked for by hand; those after it
/// follow by the calendar.
#[derive(Debug, Clone, Serialize)]
pub struct OpenRound {
    /// The first day of the quarter.
    pub quarter: Date,
}

impl Command for OpenRound {
    const ACTION: Action = Action::RunMonitoring;
    const NAME: &'static str = "monitoring.open_round";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if open_round(work, self.quarter).await? == 0 {
            let ask = "Enter a quarter in which a home was on a lot and has no return yet";
            return Err(Invalid::one("quarter", ask).into());
        }
        Ok(Receipt::at(format!("/region/monitoring?quarter={}", self.quarter)))
    }
}

/// Schedules the returns of a quarter that are missing; gives how many.
pub(crate) async fn open_round(work: &mut Work, quarter: Date) -> Answer<usize> {
    let moment = work.moment();
    let days = call_in_rule(work, work.org(), moment.today()).await?.calendar;
    let last = plus_days(next_quarter(quarter), -1);
    let mut on_lot: Vec<_> =
        work.all_admissions().await?.into_iter().filter(|one| one.holds_on(last)).map(|one| one.home).collect();
    on_lot.sort_unstable();
    on_lot.dedup();
    let there: Vec<_> = work.quality_returns(quarter).await?.into_iter().map(|one| one.home).collect();
    let (mut made, mut providers) = (0, Vec::new());
    for home in work.homes().await? {
        let registered = matches!(home.state, HomeState::Registered { .. });
        if home.region != work.org()
            || !registered
            || on_lot.binary_search(&home.id).is_err()
            || there.contains(&home.id)
        {
            continue;
        }
        let of = Scheduled {
            region: work.org(),
            provider: home.provider,
            home: home.id,
            urn: home.urn.to_string(),
            name: home.name,
            places: home.places,
            quarter,
        };
        let change = QualityReturn::schedule(work.new_id(), of, &days, moment)?;
        let made_one = work.apply(change).await?;
        made += 1;
        if !providers.iter().any(|(id, _)| *id == made_one.provider) {
            providers.push((made_one.provider, made_one.due));
        }
    }
    for (provider, due) in providers {
        let notice = Notice {
            to: provider.0,
            role: Role::ProviderManager,
            subject: format!("Quality returns are due on {}", due.strftime("%-d %B %Y")),
            lines: vec!["Each of your homes in the arrangement has one to send.".to_owned()],
            path: "/provider/monitoring".to_owned(),
        };
        work.enqueue(notice.job()?);
    }
    Ok(made)
}

/// Saves what is entered so far.
#[derive(Debug, Clone, Serialize)]
pub struct SaveReturn {
    /// The return.
    pub id: i64,
    /// The version that the form was made from.
    pub version: i64,
    /// What is entered.
    pub filled: Filled,
}

impl Command for SaveReturn {
    const ACTION: Action = Action::AnswerMonitoring;
    const NAME: &'static str = "monitoring.save_return";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = at_version(own(work, actor, self.id).await?, self.version)?;
        let change = of.save(self.filled.clone())?;
        work.apply(change).await?;
        Ok(Receipt::at(format!("/provider/monitoring/returns/{}", self.id)))
    }
}

/// Sends a return, or corrects one that was sent.
#[derive(Debug, Clone, Serialize)]
pub struct SendReturn {
    /// The return.
    pub id: i64,
    /// The version that the form was made from.
    pub version: i64,
    /// What is entered.
    pub filled: Filled,
    /// Why it changed, where it was sent before.
    pub reason: Option<CorrectionReason>,
}

impl Command for SendReturn {
    const ACTION: Action = Action::AnswerMonitoring;
    const NAME: &'static str = "monitoring.send_return";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for SendReturn {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = at_version(own(work, actor, self.id).await?, self.version)?;
        let saying = Saying { act: Self::NAME, home: of.home, by: actor };
        let was_read = !matches!(of.state, ReturnState::Due);
        let known = known(work, &of).await?;
        let change = of.send((self.filled.clone(), known), self.reason, (actor.person, work.moment()))?;
        names_nobody(work, saying, vec![("note".to_owned(), self.filled.note.as_str())], keys).await?;
        let of = work.apply(change).await?;
        if was_read {
            let notice = Notice {
                to: of.region.0,
                role: Role::CommissioningLead,
                subject: format!("{}: the quality return was sent again", of.urn),
                lines: vec!["What was sent before stands beside it.".to_owned()],
                path: format!("/monitoring/returns/{}", of.id),
            };
            work.enqueue(notice.job()?);
        }
        Ok(Receipt::at("/provider/monitoring"))
    }
}

/// A return of this work's regional team.
async fn kept(work: &Work, id: i64, version: i64) -> Answer<QualityReturn> {
    let of = work.quality_return(id).await?;
    if of.region == work.org() { at_version(of, version) } else { Err(Outcome::NotFound) }
}

/// Accepts a return.
#[derive(Debug, Clone, Serialize)]
pub struct AcceptReturn {
    /// The return.
    pub id: i64,
    /// The version that was read.
    pub version: i64,
}

impl Command for AcceptReturn {
    const ACTION: Action = Action::RunMonitoring;
    const NAME: &'static str = "monitoring.accept_return";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let change = kept(work, self.id, self.version).await?.accept(actor.person, work.moment())?;
        let of = work.apply(change).await?;
        Ok(Receipt::at(format!("/region/monitoring?quarter={}", of.quarter)))
    }
}

/// Asks the home about some figures again.
#[derive(Debug, Clone, Serialize)]
pub struct AskReturnAgain {
    /// The return.
    pub id: i64,
    /// The version that was read.
    pub version: i64,
    /// About which figures.
    pub figures: Vec<Figure>,
    /// What is asked.
    pub words: String,
}

impl Command for AskReturnAgain {
    const ACTION: Action = Action::RunMonitoring;
    const NAME: &'static str = "monitoring.ask_again";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for AskReturnAgain {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = kept(work, self.id, self.version).await?;
        let saying = Saying { act: Self::NAME, home: of.home, by: actor };
        let asked = (self.figures.clone(), self.words.clone());
        let change = of.ask_again(asked, (actor.person, work.moment()))??;
        names_nobody(work, saying, vec![("words".to_owned(), self.words.as_str())], keys).await?;
        let of = work.apply(change).await?;
        let notice = Notice {
            to: of.provider.0,
            role: Role::ProviderManager,
            subject: format!("{}: a question about the quality return", of.urn),
            lines: vec!["The page says which figures are asked about.".to_owned()],
            path: format!("/provider/monitoring/returns/{}", of.id),
        };
        work.enqueue(notice.job()?);
        Ok(Receipt::at(format!("/region/monitoring?quarter={}", of.quarter)))
    }
}
