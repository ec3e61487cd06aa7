//! Measures: proposed with all that would follow listed by authority, confirmed or dropped by a person, ended on evidence.
//! What follows in each authority is done by jobs, in its own transaction.

use jiff::Span;
use jiff::civil::DateTime;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::link::Elsewhere;
use placewell_domain::homes::standing::hours::Countdown;
use placewell_domain::homes::standing::measure::{Affected, DropReason, Measure, MeasureState, Proposal, Source};
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSubject};
use placewell_domain::id::{MeasureId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::homes::standing::Followed;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, Work};
use serde::{Deserialize, Serialize};

use super::ending::{beside, stands, tell_dropped, tell_provider};
use super::listed::{as_seen, digest};
use super::rules::stand_again;
use super::timed::countdown;
use super::{About, provider};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt, ended};
use crate::homes::home::kept_home;
use crate::office::access::cover::decided::by_own_role;
use crate::office::message::{Notice, deliver};
use crate::power::decision::call_in_rule;

/// The job by which one authority counts and tells what stands open there while a measure waits.
pub const TELL: &str = "standing.tell";
/// The job that does in one authority what follows a measure.
pub const FOLLOW: &str = "standing.follow";

/// In which authority, of which measure.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct ToFollow {
    /// The authority.
    pub authority: i64,
    /// The measure.
    pub measure: i64,
}

/// One measure with what follows from it.
#[derive(Debug, Clone)]
pub struct MeasurePage {
    /// The measure.
    pub measure: Measure,
    /// The homes it is about.
    pub homes: Vec<Home>,
    /// What stands open, by authority, as each has told it; only authorities with anything.
    pub open: Vec<(String, Affected)>,
    /// How many authorities have not told yet.
    pub untold: usize,
    /// When it was counted, by the authority that counted first; none once it no longer waits.
    pub counted: Option<DateTime>,
    /// What was done, by authority, once it was confirmed.
    pub done: Vec<(String, Followed)>,
    /// Other measures that stop the same homes, or would: ending this one leaves them as they are.
    pub beside: Vec<Measure>,
    /// How the working time to confirm or drop it stands; none where it no longer waits.
    pub left: Option<Countdown>,
}

impl MeasurePage {
    /// What the page listed, in one word: a form that was made from another list is turned away.
    #[must_use]
    pub fn seen(&self) -> String {
        digest(self.open.iter().map(|(_, one)| one))
    }
}

/// The homes of the region that a measure is about.
pub(crate) async fn homes_of(session: &Session, measure: &Measure) -> Answer<Vec<Home>> {
    let mut homes = match measure.subject {
        StandingSubject::Home(id) => vec![session.home(id).await?],
        StandingSubject::Provider(id) => session.homes_of(id).await?,
    };
    homes.retain(|home| home.region == measure.region);
    Ok(homes)
}

/// The same, once nobody else changes how they stand before this transaction ends: read again after the waiting, since whoever
/// was waited for may have moved one.
pub(super) async fn held_homes_of(work: &Work, measure: &Measure) -> Answer<Vec<Home>> {
    let ids: Vec<_> = homes_of(work, measure).await?.iter().map(|home| home.id).collect();
    work.lock_standing(&ids, true).await?;
    homes_of(work, measure).await
}

async fn authorities(session: &Session) -> Answer<Vec<Organisation>> {
    let all = session.organisations().await?;
    Ok(all.into_iter().filter(|one| one.kind == OrganisationKind::Authority).collect())
}

pub(super) fn page(measure: MeasureId) -> String {
    format!("/region/standing/{measure}")
}

/// Where an authority reads of a measure, wherever it stands by then.
pub(crate) fn own_page(measure: MeasureId) -> String {
    format!("/standing?measure={measure}")
}

impl App {
    /// Every measure of the region, the latest first.
    pub async fn region_measures(&self, actor: &Actor) -> Answer<Vec<Measure>> {
        Ok(self.see(actor, Action::KeepHomes).await?.measures().await?)
    }

    /// One measure: what stands open, counted anew, and what was done.
    pub async fn region_measure(&self, actor: &Actor, id: i64) -> Answer<MeasurePage> {
        match self.count_again(actor, MeasureId(id)).await {
            // What was counted before is listed with its time, and is counted again before anything is done.
            Ok(()) | Err(Outcome::Busy | Outcome::Retry | Outcome::Conflict) => {}
            Err(outcome) => return Err(outcome),
        }
        let session = self.see(actor, Action::KeepHomes).await?;
        let measure = session.measure(MeasureId(id)).await?;
        if measure.region != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let homes = homes_of(&session, &measure).await?;
        let names = authorities(&session).await?;
        let name =
            |id: OrganisationId| names.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default();
        let done = session.followed(measure.id).await?.into_iter().map(|one| (name(one.done.authority), one)).collect();
        let ((open, untold), counted) = match measure.state {
            MeasureState::Proposed => (told(&session, &measure).await?, session.counted_since(measure.id).await?),
            _ => ((Vec::new(), 0), None),
        };
        let open = open.into_iter().map(|one| (name(one.authority), one)).collect();
        let beside = beside(&session, &measure).await?;
        let left = countdown(&session, &measure, self.calendar.now()).await?;
        Ok(MeasurePage { measure, homes, open, untold, counted, done, beside, left })
    }

    /// Each authority that has told what stands open there because of a proposed measure counts it anew, in a transaction of
    /// its own: offers and approvals are made while it waits. Those that have still to tell do so by their own job. Nothing is
    /// written where the same was counted under a minute ago.
    async fn count_again(&self, actor: &Actor, id: MeasureId) -> Answer<()> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let measure = session.measure(id).await?;
        let waits = measure.region == actor.organisation && measure.state == MeasureState::Proposed;
        let told = if waits { session.told_at(id).await? } else { Vec::new() };
        drop(session);
        for (one, at) in told {
            let now = self.calendar.now();
            if at.is_some_and(|at| now.local < at.saturating_add(Span::new().minutes(1))) {
                let session = self.store.read(Some(one.authority)).await?;
                if open_of(&session, one.authority, &measure).await? == one {
                    continue;
                }
            }
            let work = self.store.begin(one.authority, now).await?;
            let done = count_anew(&work, id).await;
            ended(work, done).await?;
        }
        Ok(())
    }

    /// One authority counts what stands open there because of a proposed measure, and tells the region the numbers, and its
    /// own officers where a child is placed there.
    pub(crate) async fn tell_open(&self, authority: OrganisationId, measure: MeasureId) -> Answer<()> {
        let mut work = self.store.begin(authority, self.calendar.now()).await?;
        let done: Answer<()> = async {
            let measure = work.measure(measure).await?;
            if measure.state != MeasureState::Proposed {
                return Ok(());
            }
            let open = count_open(&work, &measure).await?;
            tell_officers(&mut work, &measure, open.placements).await
        }
        .await;
        ended(work, done).await
    }

    /// Every authority does; the demonstration waits for it.
    pub(crate) async fn have_told(&self, measure: i64) -> Answer<()> {
        let all = authorities(&self.visit().await?).await?;
        for authority in all {
            self.tell_open(authority.id, MeasureId(measure)).await?;
        }
        Ok(())
    }

    /// What stands open at some homes, authority by authority; those with nothing are left out.
    pub(crate) async fn open_by_authority(
        &self,
        homes: &[placewell_domain::id::HomeId],
        lot: Option<&str>,
    ) -> Answer<Vec<Affected>> {
        let visit = self.visit().await?;
        let all = authorities(&visit).await?;
        drop(visit);
        let mut found = Vec::new();
        for authority in all {
            let session = self.store.read(Some(authority.id)).await?;
            let one = session.open_at(authority.id, homes, lot).await?.affected(authority.id);
            if one.any() {
                found.push(one);
            }
        }
        Ok(found)
    }

    /// The lots that a measure can be about: code and name.
    pub async fn lots(&self, actor: &Actor) -> Answer<Vec<(String, String)>> {
        let kept = self.see(actor, Action::KeepHomes).await?.current_arrangement().await?;
        let lots = kept.map(|kept| kept.arrangement.lots).unwrap_or_default();
        Ok(lots.into_iter().map(|lot| (lot.code, lot.name)).collect())
    }

    /// Confirms a measure, having seen what follows: refused with what has changed where another list stands now than was
    /// seen.
    pub async fn confirm_measure(
        self: &std::sync::Arc<Self>,
        actor: &Actor,
        key: &str,
        (id, version, seen): (i64, i64, String),
    ) -> Answer<Receipt> {
        self.perform(actor, key, ConfirmMeasure { measure: id, version, seen }).await
    }
}

/// What the authorities told that stands open, those with nothing left out; and how many have not told yet.
async fn told(session: &Session, measure: &Measure) -> Answer<(Vec<Affected>, usize)> {
    let all = authorities(session).await?;
    let mut told = session.told_open(measure.id).await?;
    let untold = all.iter().filter(|one| !told.iter().any(|of| of.authority == one.id)).count();
    told.retain(Affected::any);
    Ok((told, untold))
}

/// What stands open in an authority because of a measure.
async fn open_of(session: &Session, org: OrganisationId, measure: &Measure) -> Answer<Affected> {
    let ids: Vec<_> = homes_of(session, measure).await?.iter().map(|home| home.id).collect();
    let mut open = session.open_at(org, &ids, measure.lot.as_deref()).await?.affected(org);
    if !measure.stops() {
        open = Affected { placements: open.placements, ..Affected::none(open.authority) };
    }
    Ok(open)
}

/// Counts it in the authority's own transaction, and tells it.
async fn count_open(work: &Work, measure: &Measure) -> Answer<Affected> {
    let open = open_of(work, work.org(), measure).await?;
    work.tell_open(measure.region, measure.id, &open).await?;
    Ok(open)
}

/// The same where it still waits: somebody may have decided meanwhile.
async fn count_anew(work: &Work, id: MeasureId) -> Answer<()> {
    let measure = work.measure(id).await?;
    if measure.state == MeasureState::Proposed {
        count_open(work, &measure).await?;
    }
    Ok(())
}

/// Tells the placement officers of an authority with a child there, the same day and once, whoever or whatever proposed it.
async fn tell_officers(work: &mut Work, measure: &Measure, placed: u32) -> Answer<()> {
    if placed == 0 {
        return Ok(());
    }
    let mut lines = vec![
        format!("Why: {}.", measure.reason.label()),
        format!("{placed} of your children are placed there. They stay."),
    ];
    if measure.holds() {
        lines.push("New referrals wait until the regional team confirms or drops it.".to_owned());
    }
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: {} is proposed", measure.name, measure.standing.label().to_lowercase()),
        lines,
        path: own_page(measure.id),
    };
    deliver(work, &notice, &format!("standing/{}/proposed", measure.id)).await
}

/// Counts anew, once a day, what stands open in an authority because of each measure that waits.
pub(crate) async fn count_proposed(work: &Work) -> Answer<()> {
    for measure in work.proposed_measures().await? {
        count_open(work, &measure).await?;
    }
    Ok(())
}

/// The job: the authority that it names tells.
pub async fn tell(app: &App, job: &TakenJob) -> Answer<()> {
    let to: ToFollow = serde_json::from_str(&job.payload)?;
    app.tell_open(OrganisationId(to.authority), MeasureId(to.measure)).await
}

/// Proposes a measure by hand: a judgement, a notice, a concern, with its link and its day.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeMeasure {
    /// Whom it is about.
    pub about: About,
    /// Only this lot; all where none.
    pub lot: Option<String>,
    /// How it would stand.
    pub standing: Standing,
    /// Why.
    pub reason: StandingReason,
    /// Where it can be read.
    pub link: Option<String>,
    /// Why it is read there, where that is no site of Ofsted's, of government or of a court.
    pub elsewhere: Option<Elsewhere>,
    /// The day of the judgement or notice.
    pub dated: jiff::civil::Date,
}

impl Command for ProposeMeasure {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.propose";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (subject, owner, name) = about(work, &self.about).await?;
        if let Some(lot) = &self.lot {
            let kept = work.current_arrangement().await?.ok_or(Outcome::NotFound)?;
            placewell_domain::homes::admission::lot_of(&kept.arrangement, lot)?;
        }
        let source = Source::entered(actor.person, (self.link.clone(), self.elsewhere), self.dated);
        let proposal = Proposal {
            region: work.org(),
            subject,
            lot: self.lot.clone(),
            provider: owner,
            name,
            standing: self.standing,
            reason: self.reason,
            source,
        };
        let measure = propose(work, proposal).await?;
        Ok(Receipt::at(page(measure.id)))
    }
}

/// Whom a measure is about: the subject, the provider, the name.
pub(super) async fn about(work: &Work, about: &About) -> Answer<(StandingSubject, OrganisationId, String)> {
    Ok(match about {
        About::Provider(code) => {
            let found = provider(work, code).await?;
            (StandingSubject::Provider(found.id), found.id, found.name)
        }
        About::Home(urn) => {
            let home = kept_home(work, urn).await?;
            (StandingSubject::Home(home.id), home.provider, home.name)
        }
    })
}

/// Proposes a measure and tells the regional team by when it is confirmed. Sendings to the homes wait for the commit and see
/// it, so that none slips past the hold.
pub(crate) async fn propose(work: &mut Work, of: Proposal) -> Answer<Measure> {
    let id = MeasureId(work.new_id());
    propose_as(work, id, of).await
}

/// The same under an id that others name already.
pub(super) async fn propose_as(work: &mut Work, id: MeasureId, of: Proposal) -> Answer<Measure> {
    let moment = work.moment();
    let days = call_in_rule(work, work.org(), moment.today()).await?.calendar;
    let change = Measure::propose(id, of, &days, moment)?;
    let ids: Vec<_> = homes_of(work, change.next()).await?.iter().map(|home| home.id).collect();
    work.lock_standing(&ids, true).await?;
    let measure = work.apply(change).await?;
    have_counted(work, &measure).await?;
    let by = measure.confirm_by.strftime("%-I:%M%P, %A %-d %B");
    let waits = if measure.stops() { " New referrals wait meanwhile." } else { "" };
    let notice = Notice {
        to: work.org().0,
        role: Role::CommissioningLead,
        subject: format!("{}: {} is proposed", measure.name, measure.standing.label().to_lowercase()),
        lines: vec![format!("Why: {}.", measure.reason.label()), format!("Confirm or drop it by {by}.{waits}")],
        path: page(measure.id),
    };
    work.enqueue(notice.job()?);
    Ok(measure)
}

/// Leaves every authority to count and to tell what stands open there because of a measure that waits.
pub(super) async fn have_counted(work: &mut Work, measure: &Measure) -> Answer<()> {
    for authority in authorities(work).await? {
        let to = ToFollow { authority: authority.id.0, measure: measure.id.0 };
        work.enqueue(Job::new(TELL, &serde_json::to_value(to)?).about("standing", authority.id));
    }
    Ok(())
}

/// A measure of the region at the version that the page was made from.
pub(super) async fn current(work: &Work, id: i64, version: i64) -> Answer<Measure> {
    let measure = work.measure(MeasureId(id)).await?;
    if measure.region != work.org() {
        return Err(Outcome::NotFound);
    }
    if measure.version == version { Ok(measure) } else { Err(Outcome::Conflict) }
}

/// Confirms a measure: it is in force, and each authority's job does what was listed.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmMeasure {
    /// The measure.
    pub measure: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What the page listed, in one word.
    pub seen: String,
}

impl Command for ConfirmMeasure {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.confirm";
    const PROVEN: bool = true;

    async fn before(&self, app: &App, actor: &Actor) -> Answer<()> {
        app.count_again(actor, MeasureId(self.measure)).await
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let measure = current(work, self.measure, self.version).await?;
        by_own_role(work, actor).await?;
        let (listed, untold) = told(work, &measure).await?;
        if untold > 0 {
            return Err(Refusal::new(
                "not_told_yet",
                "A measure is confirmed by somebody who has seen all that follows",
                "Authorities still count what stands open there.",
                "You, by opening the page again in a moment",
            )
            .found(untold.to_string())
            .into());
        }
        as_seen(&authorities(work).await?, &self.seen, &listed)?;
        let homes = held_homes_of(work, &measure).await?;
        let change = measure.confirm(actor.person, listed, work.moment())?;
        let measure = work.apply(change).await?;
        stands(work, &measure, &homes).await?;
        for authority in authorities(work).await? {
            let to = ToFollow { authority: authority.id.0, measure: measure.id.0 };
            work.enqueue(Job::new(FOLLOW, &serde_json::to_value(to)?).about("standing", authority.id));
        }
        tell_provider(work, &measure, measure.standing.label()).await?;
        Ok(Receipt::at(page(measure.id)))
    }
}

/// Drops a proposed measure: referrals go to the homes again, whoever was told of it is told, and what gave way to it stands
/// again.
#[derive(Debug, Clone, Serialize)]
pub struct DropMeasure {
    /// The measure.
    pub measure: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: DropReason,
}

impl Command for DropMeasure {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.drop";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let measure = current(work, self.measure, self.version).await?;
        by_own_role(work, actor).await?;
        // Before the measure's row, as whoever confirms one takes the two.
        let _homes = held_homes_of(work, &measure).await?;
        let change = measure.set_aside(actor.person, self.reason, work.moment())?;
        let measure = work.apply(change).await?;
        stand_again(work, measure.id).await?;
        tell_dropped(work, &measure, self.reason).await?;
        Ok(Receipt::at(page(measure.id)))
    }
}
