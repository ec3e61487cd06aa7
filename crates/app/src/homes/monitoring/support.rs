//! Hours of extra support: the home confirms each week what it delivered; a shortfall is a credit of the agreement.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::support::{BoughtWeek, Credit, ShortfallReason, SupportWeek, bought};
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::message::Notice;

/// How far back a list over all agreements looks for weeks that are not confirmed, in days; an agreement's own has them all.
pub(crate) const BACK_DAYS: i64 = 91;

/// The weeks of one agreement.
#[derive(Debug, Clone)]
pub struct HoursPage {
    /// The agreement's reference.
    pub reference: String,
    /// The home's name.
    pub home: String,
    /// Weeks that are over and not confirmed.
    pub waiting: Vec<BoughtWeek>,
    /// Weeks that were confirmed, the latest first.
    pub weeks: Vec<SupportWeek>,
}

/// A provider's weeks over all its agreements.
#[derive(Debug, Clone)]
pub struct OwnHours {
    /// Weeks that are over and not confirmed, with the home's name.
    pub waiting: Vec<(BoughtWeek, String)>,
    /// Weeks that were confirmed lately, with the home's name.
    pub weeks: Vec<(SupportWeek, String)>,
}

fn is_of(week: &SupportWeek, of: &BoughtWeek) -> bool {
    let own = &week.bought;
    (own.agreement, own.week, own.line_from, &own.label) == (of.agreement, of.week, of.line_from, &of.label)
}

/// The weeks of either side since a day that are over and not confirmed, the earliest first.
pub(crate) async fn waiting_weeks(
    session: &Session,
    org: OrganisationId,
    from: Date,
    today: Date,
) -> Answer<Vec<BoughtWeek>> {
    let weeks = session.support_weeks(org, from).await?;
    let mut waiting = Vec::new();
    for of in session.hours_after(org, from).await? {
        waiting.extend(bought(&of, from, today).into_iter().filter(|one| !weeks.iter().any(|week| is_of(week, one))));
    }
    waiting.sort_by_key(|one| one.week);
    Ok(waiting)
}

impl App {
    /// The hours of one agreement of either side.
    pub async fn agreement_hours(&self, actor: &Actor, reference: &str) -> Answer<HoursPage> {
        let session = self.see(actor, Action::SeeAgreements).await?;
        let of = session.hours_of(actor.organisation, reference).await?;
        let today = self.calendar.now().today();
        let weeks = session.support_weeks_of(of.agreement).await?;
        let mut waiting = bought(&of, of.from, today);
        waiting.retain(|one| !weeks.iter().any(|week| is_of(week, one)));
        let home = session.home(of.home).await?.name;
        Ok(HoursPage { reference: of.reference.to_string(), home, waiting, weeks })
    }

    /// A provider's hours.
    pub async fn own_hours(&self, actor: &Actor) -> Answer<OwnHours> {
        let session = self.see(actor, Action::AnswerMonitoring).await?;
        let today = self.calendar.now().today();
        let from = plus_days(today, -BACK_DAYS);
        let weeks = session.support_weeks(actor.organisation, from).await?;
        let waiting = waiting_weeks(&session, actor.organisation, from, today).await?;
        let homes = session.homes_of(actor.organisation).await?;
        let name = |id| homes.iter().find(|home| home.id == id).map(|home| home.name.clone()).unwrap_or_default();
        Ok(OwnHours {
            waiting: waiting.into_iter().map(|one| (name(one.home), one)).map(|(name, one)| (one, name)).collect(),
            weeks: weeks.into_iter().map(|one| (name(one.bought.home), one)).map(|(name, one)| (one, name)).collect(),
        })
    }
}

/// How far back the file of hours goes, in days: more than a year.
const FILE_DAYS: i64 = 460;

impl App {
    /// The hours of every agreement of either side as a file, with whom each shortfall credits; a week that the home has not
    /// confirmed is a row, too.
    pub async fn hours_sheet(&self, actor: &Actor) -> Answer<Sheet> {
        let session = self.see(actor, Action::SeeAgreements).await?;
        let today = self.calendar.now().today();
        let from = plus_days(today, -FILE_DAYS);
        let (org, mut sheet) = (actor.organisation, Sheet::new("Hours of support", COLUMNS));
        for one in waiting_weeks(&session, org, from, today).await? {
            sheet.rows.push(hours_row(&one, None));
        }
        for one in session.support_weeks(org, from).await? {
            sheet.rows.push(hours_row(&one.bought, Some(&one)));
        }
        Ok(sheet)
    }
}

const COLUMNS: [&str; 12] = [
    "agreement",
    "support",
    "week_from",
    "bought_quarter_hours",
    "delivered_quarter_hours",
    "why_less",
    "state",
    "credit",
    "credit_authority",
    "credit_education",
    "credit_health",
    "line_from",
];

fn hours_row(of: &BoughtWeek, week: Option<&SupportWeek>) -> Vec<Cell> {
    let credit = week.and_then(SupportWeek::credit);
    let money = |pence: fn(&Credit) -> Pence| credit.as_ref().map_or(Cell::Empty, |one| Cell::Money(pence(one)));
    let why = week.and_then(|one| one.told.last()).and_then(|told| told.reason);
    vec![
        of.reference.to_string().as_str().into(),
        of.label.as_str().into(),
        of.week.into(),
        Cell::Count(i64::from(of.quarters)),
        week.map_or(Cell::Empty, |one| Cell::Count(i64::from(one.delivered()))),
        why.map_or(Cell::Empty, |why| why.label().into()),
        week.map_or("not confirmed", |one| one.state.name()).into(),
        money(|one| one.total),
        money(|one| one.authority),
        money(|one| one.education),
        money(|one| one.health),
        of.line_from.into(),
    ]
}

/// What hours that were not delivered mean for an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HoursCredited {
    /// Credited, and agreed by the authority.
    pub agreed: Pence,
    /// Credited by what the home says, and not agreed yet.
    pub open: Pence,
    /// How many weeks the home has not confirmed.
    pub unconfirmed: usize,
}

/// The credits of an agreement of either side.
pub(crate) async fn credited(
    session: &Session,
    org: OrganisationId,
    reference: &str,
    today: Date,
) -> Answer<HoursCredited> {
    let of = session.hours_of(org, reference).await?;
    let weeks = session.support_weeks_of(of.agreement).await?;
    let sum = |state: &str| {
        let own = weeks.iter().filter(|one| one.state.name() == state);
        own.filter_map(SupportWeek::credit).map(|one| one.total).sum()
    };
    let bought = bought(&of, of.from, today);
    let unconfirmed = bought.iter().filter(|one| !weeks.iter().any(|week| is_of(week, one))).count();
    Ok(HoursCredited { agreed: sum("agreed"), open: sum("confirmed"), unconfirmed })
}

/// Confirms what was delivered in a week.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmWeek {
    /// The agreement.
    pub reference: String,
    /// The line's name.
    pub label: String,
    /// The line's first night: a step-down within the week leaves two lines of one name, each with hours of its own.
    pub line_from: Date,
    /// The week's Monday.
    pub week: Date,
    /// What was delivered, in quarters of an hour.
    pub quarters: u32,
    /// Why it is less than was bought.
    pub reason: Option<ShortfallReason>,
}

/// The week of a line that is bought.
async fn wanted(session: &Session, actor: &Actor, of: &ConfirmWeek, today: Date) -> Answer<BoughtWeek> {
    let hours = session.hours_of(actor.organisation, &of.reference).await?;
    if hours.provider != actor.organisation {
        return Err(Outcome::NotFound);
    }
    // A week that is not over is told as such, and not as one that is not bought.
    let found = bought(&hours, hours.from, today.max(plus_days(of.week, 7)));
    let same = |one: &BoughtWeek| (one.week, one.line_from, &one.label) == (of.week, of.line_from, &of.label);
    let found = found.into_iter().find(same);
    found.ok_or_else(|| Invalid::one("week", "Select a week in which hours are bought").into())
}

fn tell_authority(work: &mut Work, week: &SupportWeek) -> Answer<()> {
    if week.credit().is_none() {
        return Ok(());
    }
    let of = &week.bought;
    let notice = Notice {
        to: of.authority.0,
        role: Role::PlacementOfficer,
        subject: format!("{}: fewer hours than bought in the week of {}", of.reference, of.week.strftime("%-d %B")),
        lines: vec!["The shortfall is credited; the page says how much, and to whom.".to_owned()],
        path: format!("/agreements/{}/hours", of.reference),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

impl Command for ConfirmWeek {
    const ACTION: Action = Action::AnswerMonitoring;
    const NAME: &'static str = "monitoring.confirm_week";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let of = wanted(work, actor, self, work.moment().today()).await?;
        let who = (actor.person, work.moment());
        let change = SupportWeek::confirm(work.new_id(), of, (self.quarters, self.reason), who)?;
        let week = work.apply(change).await?;
        tell_authority(work, &week)?;
        Ok(Receipt::at("/provider/monitoring/hours"))
    }
}

async fn at_version(work: &Work, id: i64, version: i64) -> Answer<SupportWeek> {
    let week = work.support_week(work.org(), id).await?;
    if week.version == version { Ok(week) } else { Err(Outcome::Conflict) }
}

/// Corrects a week that the authority has not agreed.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectWeek {
    /// The week.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What was delivered, in quarters of an hour.
    pub quarters: u32,
    /// Why it is less than was bought.
    pub reason: Option<ShortfallReason>,
}

impl Command for CorrectWeek {
    const ACTION: Action = Action::AnswerMonitoring;
    const NAME: &'static str = "monitoring.correct_week";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let week = at_version(work, self.id, self.version).await?;
        let change = week.correct((self.quarters, self.reason), (actor.person, work.moment()))??;
        let week = work.apply(change).await?;
        tell_authority(work, &week)?;
        Ok(Receipt::at("/provider/monitoring/hours"))
    }
}

/// The authority agrees to a week.
#[derive(Debug, Clone, Serialize)]
pub struct AgreeWeek {
    /// The week.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for AgreeWeek {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "monitoring.agree_week";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let week = at_version(work, self.id, self.version).await?;
        if actor.kind == OrganisationKind::Provider || week.bought.authority != work.org() {
            return Err(Outcome::NotFound);
        }
        let change = week.agree(actor.person, work.moment())?;
        let week = work.apply(change).await?;
        Ok(Receipt::at(format!("/agreements/{}/hours", week.bought.reference)))
    }
}
