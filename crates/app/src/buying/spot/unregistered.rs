//! A child in an unregistered setting: recorded, confirmed by the director of children's services, reviewed every day,
//! kept up to date, ended. Nothing here touches an agreement, a limb or the annual value.

use jiff::civil::Date;
use placewell_domain::buying::spot::unregistered::{
    Application, Court, DailyReview, Known, Recording, SearchStands, SettingWords, Unregistered, UnregisteredEnd,
};
use placewell_domain::clock::Moment;
use placewell_domain::id::PersonId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::child::{ChildState, age_on};
use placewell_domain::power::delegation::{StatutoryOffice, find_statutory};
use placewell_store::{Session, Work};
use serde::Serialize;

use super::chasing::tell_director;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::message::Notice;
use crate::placing::child::sealing;
use crate::placing::referral::current as current_referral;

fn page_of(record: &Unregistered) -> Receipt {
    Receipt::at(format!("/unregistered/{}", record.id))
}

async fn current(work: &Work, id: i64, version: i64) -> Answer<Unregistered> {
    let record = work.unregistered(work.org(), id).await?;
    if record.version == version { Ok(record) } else { Err(Outcome::Conflict) }
}

/// Records that a child is in an unregistered setting.
#[derive(Debug, Clone, Serialize)]
pub struct RecordUnregistered {
    /// The referral whose search goes on.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The first night.
    pub from: Date,
    /// What is paid a week.
    pub weekly: Pence,
    /// What the court has ordered.
    pub court: Court,
    /// When Ofsted was told.
    pub ofsted_told: Option<Date>,
    /// What the provider has applied for.
    pub application: Application,
    /// Where it is and who runs it.
    pub setting: String,
    /// Why, and what keeps the child safe.
    pub why: String,
}

impl RecordUnregistered {
    fn check(&self, today: Date) -> Result<(), Invalid> {
        let known = Known {
            court: self.court,
            ofsted_told: self.ofsted_told,
            application: self.application,
            weekly: self.weekly,
        };
        let mut invalid = known.check(today).err().unwrap_or_default();
        if self.from > today {
            invalid.add("from", "Enter the first night, today or earlier");
        }
        for (field, text, ask) in [
            ("setting", &self.setting, "Say where the setting is and who runs it"),
            ("why", &self.why, "Say why no registered home was found, and what keeps the child safe"),
        ] {
            if text.trim().is_empty() || text.chars().count() > 4_000 {
                invalid.add(field, ask);
            }
        }
        invalid.or(())
    }
}

impl Command for RecordUnregistered {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "unregistered.record";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let moment = work.moment();
        let referral = current_referral(work, &self.reference, self.version).await?;
        if referral.state.out().is_none() {
            return Err(Refusal::new(
                "search_must_go_on",
                "A child in an unregistered setting: the search for a registered home goes on",
                format!("{} is not with homes: send it, so that the search goes on.", referral.reference),
                "You, by sending the referral",
            )
            .found(referral.state.label())
            .into());
        }
        self.check(moment.today())?;
        let child = work.child(work.org(), referral.child).await?;
        let identity = work.open_identity(&child).await?;
        let key = work.child_key(work.org(), child.id).await?;
        let words = SettingWords { setting: self.setting.trim().to_owned(), why: self.why.trim().to_owned() };
        let recording = Recording {
            authority: work.org(),
            responsible: child.responsible,
            referral: referral.id,
            reference: referral.reference.clone(),
            child: child.id,
            age: age_on(identity.born, self.from),
            from: self.from,
            weekly: self.weekly,
            court: self.court,
            ofsted_told: self.ofsted_told,
            application: self.application,
            words: key.seal(&words)?,
        };
        let change = Unregistered::record(work.new_id(), recording, actor.person, moment);
        let record = work.apply(change).await?;
        let notice = Notice {
            to: work.org().0,
            role: Role::Approver,
            subject: format!("{}: a child is in an unregistered setting", record.reference),
            lines: vec!["Confirm that you know of it. It is reviewed every day until the child leaves.".to_owned()],
            path: format!("/unregistered/{}", record.id),
        };
        tell_director(work, record.responsible, &notice, &format!("unregistered/{}", record.id)).await?;
        Ok(page_of(&record))
    }
}

/// The director of children's services says that they know of it.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmUnregistered {
    /// The record.
    pub record: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for ConfirmUnregistered {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "unregistered.confirm";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let record = current(work, self.record, self.version).await?;
        let appointments = work.statutory_appointments(record.responsible).await?;
        let office = StatutoryOffice::DirectorOfChildrensServices;
        find_statutory(office, actor.person, record.responsible, &appointments, work.moment())?;
        let record = work.apply(record.confirm(actor.person, work.moment())?).await?;
        Ok(page_of(&record))
    }
}

/// Records a day's review.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewUnregistered {
    /// The record.
    pub record: i64,
    /// The version that the page showed.
    pub version: i64,
    /// The day.
    pub on: Date,
    /// How the search stands.
    pub search: SearchStands,
    /// Whether somebody saw the child.
    pub seen: bool,
}

impl Command for ReviewUnregistered {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "unregistered.review";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let record = current(work, self.record, self.version).await?;
        let (by, at) = (actor.person, work.moment().local);
        let review = DailyReview { on: self.on, by, at, search: self.search, seen: self.seen };
        let record = work.apply(record.review(review, work.moment())?).await?;
        Ok(page_of(&record))
    }
}

/// Records what is known anew of the court, Ofsted, the provider's application and the cost.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateUnregistered {
    /// The record.
    pub record: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What is known.
    pub known: Known,
}

impl Command for UpdateUnregistered {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "unregistered.update";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let record = current(work, self.record, self.version).await?;
        self.known.check(work.moment().today())?;
        let record = work.apply(record.update(self.known)?).await?;
        Ok(page_of(&record))
    }
}

/// Records that the child is not there any more.
#[derive(Debug, Clone, Serialize)]
pub struct EndUnregistered {
    /// The record.
    pub record: i64,
    /// The version that the page showed.
    pub version: i64,
    /// From which day on.
    pub on: Date,
    /// How.
    pub how: UnregisteredEnd,
}

impl Command for EndUnregistered {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "unregistered.end";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let record = current(work, self.record, self.version).await?;
        let record = work.apply(record.end(self.on, self.how, actor.person, work.moment())?).await?;
        Ok(page_of(&record))
    }
}

/// A record as its page shows it.
#[derive(Debug, Clone)]
pub struct UnregisteredView {
    /// The record.
    pub record: Unregistered,
    /// Its words; none for the responsible authority where another body holds the child's key, nor where the child's record is
    /// sealed to the reader or was erased.
    pub words: Option<SettingWords>,
    /// Whether the child's record was erased, as the body knows that holds it.
    pub erased: bool,
    /// The name of the director who confirmed it.
    pub director: Option<String>,
    /// The names of those who reviewed it, in the order of the reviews.
    pub reviewers: Vec<String>,
    /// By when Ofsted should have been told.
    pub tell_ofsted_by: Date,
    /// The earliest day without a review.
    pub review_due: Option<Date>,
    /// What it has cost so far.
    pub cost: Pence,
    /// The reader may confirm it.
    pub may_confirm: bool,
}

impl App {
    /// The records of children in unregistered settings, those that go on first.
    pub async fn unregistered_list(&self, actor: &Actor) -> Answer<Vec<Unregistered>> {
        let session = self.see(actor, Action::SeeSpot).await?;
        Ok(session.unregistered_stays(actor.organisation).await?)
    }

    /// One record.
    pub async fn unregistered_view(&self, actor: &Actor, id: i64) -> Answer<UnregisteredView> {
        let session = self.see(actor, Action::SeeSpot).await?;
        let record = session.unregistered(actor.organisation, id).await?;
        let moment = self.calendar.now();
        let words = words(&session, actor, &record, moment).await?;
        let erased = record.authority == actor.organisation
            && session.child(record.authority, record.child).await?.state == ChildState::Forgotten;
        let director = match record.director {
            Some((person, _)) => Some(session.person_name(person).await?),
            None => None,
        };
        let people: Vec<PersonId> = record.reviews.iter().map(|review| review.by).collect();
        let names = session.people_names(&people).await?;
        let name = |person: PersonId| {
            names.iter().find(|(known, _)| *known == person).map_or_else(String::new, |(_, name)| name.clone())
        };
        let appointments = session.statutory_appointments(record.responsible).await?;
        let office = StatutoryOffice::DirectorOfChildrensServices;
        let holds = find_statutory(office, actor.person, record.responsible, &appointments, moment).is_ok();
        let days = crate::placing::referral::working_days(&session, actor.organisation, record.from).await?;
        Ok(UnregisteredView {
            words,
            erased,
            director,
            reviewers: people.iter().map(|person| name(*person)).collect(),
            tell_ofsted_by: record.tell_ofsted_by(&days),
            review_due: record.review_due(moment.today()),
            cost: record.cost(moment.today()),
            may_confirm: holds && record.director.is_none() && actor.role == Role::Approver,
            record,
        })
    }
}

/// The words about a child, for roles that may read a child's record in the organisation that holds it.
async fn words(session: &Session, actor: &Actor, record: &Unregistered, now: Moment) -> Answer<Option<SettingWords>> {
    if record.authority != actor.organisation {
        return Ok(None);
    }
    sealing::opened(session, (actor, now), record.child, ("setting_words", &record.words)).await
}
