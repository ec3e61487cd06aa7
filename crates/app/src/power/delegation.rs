//! Who holds which power: recording posts, holders, acting appointments, sub-delegations, urgency powers and statutory
//! appointments, and finding the chain that an act relies on.

use jiff::civil::Date;
use placewell_domain::calendar::long_moment;
use placewell_domain::change::Event;
use placewell_domain::id::{OrganisationId, PersonId, PostId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{FieldError, Invalid, Refusal};
use placewell_domain::power::decision::{Decision, in_force_among};
use placewell_domain::power::delegation::{
    Act, Holding, HoldingKind, LimbPost, OnCall, Post, PostGrade, Power, PowerQuestion, Remit, RemitArea, Scheme,
    StatutoryAppointment, StatutoryBasis, StatutoryOffice, SubDelegation, UrgencyPower, UrgencyUse, check_holding,
    ended, find_power, find_statutory, find_urgency,
};
use placewell_store::power::delegation::Member;
pub use placewell_store::power::delegation::{PowerFact, Recorded};
use placewell_store::{Session, Work};
use serde::Serialize;

use super::decision::call_in_rule;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// Where powers are kept.
const PATH: &str = "/democratic/delegations";

/// The power by which a person may act for an organisation now, or the refusal that names the missing link.
/// `work` or a reading session of that organisation.
pub async fn power_of(
    session: &Session,
    org: OrganisationId,
    question: &PowerQuestion,
    at: placewell_domain::clock::Moment,
) -> Answer<Power> {
    let scheme = session.scheme(org).await?;
    Ok(find_power(question, &scheme, at)?)
}

/// The statutory appointment of the responsible authority by which a person may act now, or the refusal.
pub async fn statutory_of(
    session: &Session,
    responsible: OrganisationId,
    office: StatutoryOffice,
    person: PersonId,
    at: placewell_domain::clock::Moment,
) -> Answer<StatutoryAppointment> {
    let held = session.statutory_appointments(responsible).await?;
    Ok(find_statutory(office, person, responsible, &held, at)?.clone())
}

/// How an urgent award by this person is recorded now (rule 1.3); never a refusal.
pub async fn urgency_of(
    session: &Session,
    org: OrganisationId,
    person: PersonId,
    at: placewell_domain::clock::Moment,
) -> Answer<UrgencyUse> {
    let powers = session.urgency_powers(org).await?;
    let holdings: Vec<Holding> = session.holdings(org).await?.into_iter().map(|held| held.fact).collect();
    let on_call = session.on_call(org).await?;
    let rule = call_in_rule(session, org, at.today()).await?;
    Ok(find_urgency(person, &powers, &holdings, &on_call, &rule.calendar, at))
}

/// Records a fact about powers, or records it again under its id: ended, or corrected.
#[derive(Debug, Clone, Serialize)]
pub struct RecordPower {
    /// The id of the fact that it replaces; a new fact has none.
    pub replaces: Option<i64>,
    /// The fact.
    pub fact: PowerFact,
}

impl Command for RecordPower {
    const ACTION: Action = Action::RecordDelegation;
    const NAME: &'static str = "delegation.record";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check(&self.fact, work).await?;
        let new_id = work.new_id();
        let (id, fact) = match (&self.fact, self.replaces) {
            (PowerFact::Post(post), None) => (new_id, PowerFact::Post(Post { id: PostId(new_id), ..post.clone() })),
            (fact, replaces) => (replaces.unwrap_or(new_id), fact.clone()),
        };
        work.record_power(id, &fact).await?;
        let (from, to) = fact.days();
        let event = Event::new("power.recorded", "delegation", id, 1).with("kind", fact.kind());
        work.record(event.with("from", from).with("to", to));
        Ok(Receipt::at(PATH))
    }
}

/// What must be so before a fact is recorded: its parties are the authority's own, its instrument is there.
async fn check(fact: &PowerFact, work: &Work) -> Answer<()> {
    let (from, to) = fact.days();
    let mut invalid = Invalid::default();
    if to <= from && !matches!(fact, PowerFact::OnCall(_)) {
        invalid.add("to", "The last day must not be before the first day");
    }
    match fact {
        PowerFact::Post(post) => {
            own(work, post.organisation)?;
            if post.title.trim().is_empty() {
                invalid.add("title", "Enter the title of the post");
            }
        }
        PowerFact::LimbPost(link) => {
            known_post(work, link.post, &mut invalid).await?;
            limb(work, link, &mut invalid).await?;
        }
        PowerFact::Holding(held) => {
            known_post(work, held.post, &mut invalid).await?;
            known_person(work, held.person, from, &mut invalid).await?;
            if let Err(wrong) = check_holding(held) {
                invalid.errors.extend(wrong.errors.into_iter().filter(|error| error.field != "to"));
            }
        }
        PowerFact::SubDelegation(passed) => {
            known_post(work, passed.by_post, &mut invalid).await?;
            known_person(work, passed.person, from, &mut invalid).await?;
            sub_delegation(passed, &mut invalid);
        }
        PowerFact::UrgencyPower(power) => {
            own(work, power.authority)?;
            if power.clause.trim().is_empty() {
                invalid.add("clause", "Enter the clause of the constitution");
            }
            if power.posts.is_empty() {
                invalid.add("posts", "Choose the posts that hold the urgency power");
            }
        }
        PowerFact::Statutory(held) => {
            own(work, held.authority)?;
            known_person(work, held.person, from, &mut invalid).await?;
            if matches!(&held.basis, StatutoryBasis::Interim { instrument } if instrument.trim().is_empty()) {
                invalid.add("instrument", "Enter the instrument of the interim appointment");
            }
        }
        PowerFact::OnCall(duty) => {
            known_person(work, duty.person, from, &mut invalid).await?;
            if duty.to <= duty.from {
                invalid.add("to", "The duty must end after it begins");
            }
            invalid.clone().or(())?;
            ahead(duty, work)?;
        }
    }
    Ok(invalid.or(())?)
}

/// A rota is recorded before a duty is over: nobody is put on call afterwards, for what was done already.
fn ahead(duty: &OnCall, work: &Work) -> Result<(), Refusal> {
    let now = work.moment().local;
    if duty.to > now {
        return Ok(());
    }
    let refusal = Refusal::new(
        "duty_over",
        "Urgency: at night by any on-call holder, on a rota recorded before the duty is over",
        "This duty is over already. A start made in it by somebody not on the rota is made without recorded power.",
        "The decision maker, by ratifying what was done",
    );
    Err(refusal.found(format!("it ended on {}", long_moment(duty.to))))
}

/// Ends a fact about powers on a day: a holding, an acting appointment, a sub-delegation, an urgency power, a statutory
/// appointment, a duty. What was known before stays in the record.
#[derive(Debug, Clone, Serialize)]
pub struct EndPower {
    /// The fact's kind.
    pub kind: String,
    /// Its id.
    pub id: i64,
    /// Its last day.
    pub last: Date,
}

impl Command for EndPower {
    const ACTION: Action = Action::RecordDelegation;
    const NAME: &'static str = "delegation.end";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let fact = work.power_fact(work.org(), &self.kind, self.id).await?;
        let to = ended(fact.days(), self.last, work.moment().today())?;
        let fact = fact.until(to).ok_or(Outcome::NotFound)?;
        work.record_power(self.id, &fact).await?;
        let event = Event::new("power.ended", "delegation", self.id, 1).with("kind", fact.kind());
        work.record(event.with("last", self.last));
        Ok(Receipt::at(PATH))
    }
}

fn own(work: &Work, org: OrganisationId) -> Answer<()> {
    if org == work.org() { Ok(()) } else { Err(Outcome::NotFound) }
}

fn sub_delegation(passed: &SubDelegation, invalid: &mut Invalid) {
    if passed.acts.is_empty() {
        invalid.add("acts", "Choose what is passed on");
    }
    if passed.instrument.trim().is_empty() {
        invalid.add("instrument", "Enter the instrument, such as a scheme and its date");
    }
    if passed.title.trim().is_empty() {
        invalid.add("title", "Enter the officer's title");
    }
}

async fn known_post(work: &Work, post: PostId, invalid: &mut Invalid) -> Answer<()> {
    if !work.posts(work.org()).await?.iter().any(|known| known.id == post) {
        invalid.add("post", "Choose a post of this authority");
    }
    Ok(())
}

async fn known_person(work: &Work, person: PersonId, on: Date, invalid: &mut Invalid) -> Answer<()> {
    let on = on.max(work.moment().today());
    if !work.members(work.org(), on).await?.iter().any(|known| known.id == person) {
        invalid.add("person", "Choose a person who works for this authority");
    }
    Ok(())
}

async fn limb(work: &Work, link: &LimbPost, invalid: &mut Invalid) -> Answer<()> {
    let decision = work.decision(work.org(), link.decision).await?;
    let gives = decision
        .page
        .limb(link.letter)
        .is_some_and(|limb| limb.gives(placewell_domain::power::decision::LimbPower::ALL));
    if !gives {
        invalid.errors.push(FieldError {
            field: "letter".into(),
            message: "Choose a limb that gives the holders of posts a power".into(),
        });
    }
    Ok(())
}

/// Somebody through whom a power can be used, as shown to their own authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The fact's id.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// As holder, acting or cover, with the instrument.
    pub kind: HoldingKind,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
    /// Whether it holds today.
    pub now: bool,
}

/// A post with who is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostHolders {
    /// The post.
    pub post: Post,
    /// Who is, was and will be in it.
    pub holders: Vec<Holder>,
}

/// One limb of a decision in force, with the posts that it means and whether only the relevant ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimbHolders {
    /// The decision's id.
    pub decision: placewell_domain::id::DecisionId,
    /// The decision's reference.
    pub reference: String,
    /// The limb's label as its page prints it.
    pub letter: placewell_domain::power::decision::LimbLabel,
    /// What it allows, as a sentence for each effect.
    pub allows: Vec<String>,
    /// The posts linked to it.
    pub posts: Vec<(Post, bool)>,
    /// The words of the limb that no post is linked to yet.
    pub named: Vec<String>,
}

/// Everything about an authority's powers on one page (D-06, A-04).
#[derive(Debug, Clone)]
pub struct Delegations {
    /// Limbs of decisions in force.
    pub limbs: Vec<LimbHolders>,
    /// Posts with their holders.
    pub posts: Vec<PostHolders>,
    /// Powers passed on, with the officer's name.
    pub passed_on: Vec<(Recorded<SubDelegation>, String)>,
    /// Urgency powers.
    pub urgency: Vec<Recorded<UrgencyPower>>,
    /// Statutory appointments with the name.
    pub statutory: Vec<(Recorded<StatutoryAppointment>, String)>,
    /// On call now or later, with the name.
    pub on_call: Vec<(Recorded<OnCall>, String)>,
    /// Who can be chosen.
    pub members: Vec<Member>,
}

impl App {
    /// Who holds which power in the actor's own authority.
    pub async fn delegations(&self, actor: &Actor) -> Answer<Delegations> {
        let session = self.see(actor, Action::SeeDelegations).await?;
        let (org, moment) = (actor.organisation, self.calendar.now());
        let today = moment.today();
        let scheme = session.scheme(org).await?;
        let holdings = session.holdings(org).await?;
        let members = session.members(org, today).await?;
        let sub_delegations = session.sub_delegations(org).await?;
        let statutory = session.recorded_statutory(org).await?;
        let duties: Vec<Recorded<OnCall>> =
            session.recorded_on_call(org).await?.into_iter().filter(|duty| duty.fact.to > moment.local).collect();
        let mut people: Vec<PersonId> = holdings.iter().map(|held| held.fact.person).collect();
        people.extend(sub_delegations.iter().map(|passed| passed.fact.person));
        people.extend(statutory.iter().map(|held| held.fact.person));
        people.extend(duties.iter().map(|duty| duty.fact.person));
        people.sort_unstable();
        people.dedup();
        let names = session.people_names(&people).await?;
        let name = |person: PersonId| {
            names.iter().find(|(known, _)| *known == person).map_or_else(String::new, |(_, name)| name.clone())
        };
        Ok(Delegations {
            limbs: limb_holders(&scheme, today),
            posts: post_holders(&scheme.posts, &holdings, today, &name),
            passed_on: sub_delegations
                .into_iter()
                .map(|passed| {
                    let name = name(passed.fact.person);
                    (passed, name)
                })
                .collect(),
            urgency: session.recorded_urgency_powers(org).await?,
            statutory: statutory.into_iter().map(|held| (held.clone(), name(held.fact.person))).collect(),
            on_call: duties.into_iter().map(|duty| (duty.clone(), name(duty.fact.person))).collect(),
            members,
        })
    }

    /// The posts of the actor's own organisation that a person is in, now or later, for whoever keeps its people: to read,
    /// since a post is power and is given by those who record delegations.
    pub async fn posts_of(&self, actor: &Actor, person: PersonId) -> Answer<Vec<(Post, Holding)>> {
        let session = self.see(actor, Action::KeepPeople).await?;
        let today = self.calendar.now().today();
        let posts = session.posts(actor.organisation).await?;
        let mut found = Vec::new();
        for held in session.holdings(actor.organisation).await?.into_iter().map(|recorded| recorded.fact) {
            let post = posts.iter().find(|post| post.id == held.post);
            if let Some(post) = post.filter(|_| held.person == person && held.to > today) {
                found.push((post.clone(), held));
            }
        }
        Ok(found)
    }

    /// By which power the actor could do each act today, or why not: the "Why can't I …?" of every act.
    pub async fn my_powers(
        &self,
        actor: &Actor,
        case: RemitArea,
    ) -> Answer<Vec<(Act, Result<Power, placewell_domain::outcome::Refusal>)>> {
        let session = self.see(actor, Action::SeeDelegations).await?;
        let scheme = session.scheme(actor.organisation).await?;
        let moment = self.calendar.now();
        let question = |act: Act| PowerQuestion { act, about_spot: false, case, person: actor.person, asked_by: None };
        Ok(Act::ALL.iter().map(|act| (*act, find_power(&question(*act), &scheme, moment))).collect())
    }
}

fn limb_holders(scheme: &Scheme, today: Date) -> Vec<LimbHolders> {
    let decisions: Vec<&Decision> = in_force_among(&scheme.decisions, today).collect();
    let mut found = Vec::new();
    for decision in decisions {
        for limb in &decision.page.limbs {
            let posts: Vec<(Post, bool)> = scheme
                .limb_posts
                .iter()
                .filter(|link| link.decision == decision.id && link.letter == limb.letter)
                .filter_map(|link| {
                    let post = scheme.posts.iter().find(|post| post.id == link.post)?;
                    Some((post.clone(), link.relevant))
                })
                .collect();
            found.push(LimbHolders {
                decision: decision.id,
                reference: decision.reference.clone(),
                letter: limb.letter,
                allows: limb.effects.iter().map(placewell_domain::power::decision::LimbEffect::sentence).collect(),
                posts,
                named: limb
                    .posts_with(placewell_domain::power::decision::LimbPower::ALL)
                    .map(|post| post.words.clone())
                    .collect(),
            });
        }
    }
    found
}

fn post_holders(
    posts: &[Post],
    holdings: &[Recorded<Holding>],
    today: Date,
    name: &dyn Fn(PersonId) -> String,
) -> Vec<PostHolders> {
    let grade = |post: &Post| PostGrade::ALL.iter().position(|grade| *grade == post.grade);
    let mut found: Vec<PostHolders> = posts
        .iter()
        .map(|post| PostHolders {
            post: post.clone(),
            holders: holdings
                .iter()
                .filter(|held| held.fact.post == post.id)
                .map(|held| Holder {
                    id: held.id,
                    name: name(held.fact.person),
                    kind: held.fact.kind.clone(),
                    from: held.fact.from,
                    to: held.fact.to,
                    now: held.fact.from <= today && today < held.fact.to,
                })
                .collect(),
        })
        .collect();
    found.sort_by_key(|held| (grade(&held.post), held.post.title.clone()));
    found
}

/// A director's remit is the whole service; another post's is what is stated.
#[must_use]
pub fn remit_of(whole: bool, areas: Vec<RemitArea>) -> Remit {
    if whole { Remit::Whole } else { Remit::Stated(areas) }
}
