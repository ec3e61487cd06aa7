//! The opening of the summer and the one that is open: each step by the person who takes it, through the rooms' commands.

use std::sync::Arc;

use jiff::civil::{DateTime, date};
use placewell_domain::homes::admission::application::Part;
use placewell_domain::homes::admission::evaluation::{Condition, Evaluation};
use placewell_domain::homes::admission::opening::Opening;
use placewell_domain::homes::admission::score::Mark;
use placewell_domain::homes::home::{Sector, Urn};
use placewell_domain::office::person::Actor;

use super::{INSURED_TO, panel, tried};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command};
use crate::demonstration::admission::{applied, quality, selection};
use crate::demonstration::fill::World;
use crate::demonstration::people::{LEAD, manager};
use crate::homes::admission::applying::{AskAboutOpening, BeginApplication, SaveApplication, SendApplication};
use crate::homes::admission::evaluating::{
    ConsensusSaid, DeclareInterest, GateVerdict, JudgeGates, OpenModeration, RecommendOutcome, SaveScores,
    StartEvaluations,
};
use crate::homes::admission::opening::AnswerQuestion;
use crate::homes::admission::outcome::{ChallengeOutcome, ConfirmOutcome, IssueLetter};

/// How far an application of the summer has come; in this order where there are fewer providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Two of four evaluators have handed in.
    Scoring,
    /// Admitted on 1 September.
    Admitted,
    /// The letter is out and challenged.
    Challenged,
    /// To be judged.
    Gates,
    /// A gate was failed, and the outcome is final.
    Failed,
    /// All scores are in and open to the panel.
    Moderating,
    /// Came in 40 seconds after the deadline.
    Late,
}

const STAGES: [Stage; 7] =
    [Stage::Scoring, Stage::Admitted, Stage::Challenged, Stage::Gates, Stage::Failed, Stage::Moderating, Stage::Late];

/// The lot of the summer's opening.
const LOT: &str = "disabilities";

async fn done<C: Command>(app: &Arc<App>, actor: &Actor, at: DateTime, command: C) -> Answer<()> {
    app.calendar.move_to(at);
    let key = format!("demonstration {} {}", C::NAME, at);
    tried(C::NAME, app.perform(actor, &key, command).await).map(|_| ())
}

/// Providers that are not in the arrangement and have a home of their own, by their place among the owners.
fn outside(world: &World) -> Vec<usize> {
    let homes = |owner: usize| world.homes.homes.iter().filter(move |home| home.owner == owner);
    let fits = |owner: &usize| {
        let sector = world.homes.owners.get(*owner).map(|one| one.sector);
        sector.is_some_and(|sector| sector != Sector::LocalAuthority)
            && homes(*owner).next().is_some()
            && homes(*owner).all(|home| home.lots.is_empty())
            && *owner != world.happenings.cancelled.owner
    };
    (0..world.homes.owners.len()).filter(fits).take(STAGES.len()).collect()
}

/// The owner that is admitted under a condition, by its place in the list; none where there are too few providers.
pub(in crate::demonstration::fill) fn under_a_condition(world: &World) -> Option<usize> {
    let mut staged = STAGES.into_iter().zip(outside(world));
    staged.find(|(stage, _)| *stage == Stage::Admitted).map(|(_, owner)| owner)
}

fn urns(world: &World, owner: usize) -> Vec<Urn> {
    let homes = world.homes.homes.iter().filter(|home| home.owner == owner);
    homes.filter_map(|home| home.urn.parse().ok()).take(3).collect()
}

/// Everything of the summer and of September.
pub(super) async fn write(app: &Arc<App>, world: &World, openings: &[Opening]) -> Answer<()> {
    let [.., summer, september, _yearly] = openings else { return Ok(()) };
    let lead = app.actor_by_email(LEAD).await?;
    let mut staged = Vec::new();
    for (stage, owner) in STAGES.into_iter().zip(outside(world)) {
        let plan = &world.homes.owners[owner];
        let actor = app.actor_by_email(&manager(&plan.slug)).await?;
        apply(app, world, summer, (&actor, owner, stage)).await?;
        staged.push((stage, actor));
    }
    question(app, &lead, summer, staged.first().map(|(_, actor)| actor)).await?;
    evaluate(app, &lead, summer, &staged).await?;
    open(app, world, september).await
}

async fn apply(
    app: &Arc<App>,
    world: &World,
    opening: &Opening,
    (actor, owner, stage): (&Actor, usize, Stage),
) -> Answer<()> {
    let reference = opening.reference.clone();
    let day = |minute| date(2021, 7, 19).at(11, minute, 0, 0);
    done(app, actor, day(0), BeginApplication { reference: reference.clone(), reuse: false }).await?;
    let mut declared = selection(&world.homes.owners[owner].name, owner, (INSURED_TO, date(2021, 7, 19)));
    if stage == Stage::Failed {
        declared.going_concern = Some(false);
    }
    let way = 30 + i64::try_from(owner % 20).unwrap_or_default();
    let parts = [
        Part::Selection { answers: Box::new(declared) },
        Part::Quality { answers: quality(owner) },
        Part::Lot { applied: applied(LOT, urns(world, owner), way) },
    ];
    let mut version = 1;
    for (minute, part) in (1..).zip(parts) {
        done(app, actor, day(minute), SaveApplication { reference: reference.clone(), version, part }).await?;
        version += 1;
    }
    let deadline = opening.plan.closes;
    let at = if stage == Stage::Late {
        deadline.saturating_add(jiff::Span::new().seconds(40))
    } else {
        date(2021, 8, 5).at(16, i8::try_from(owner % 60).unwrap_or_default(), 12, 0)
    };
    let (name, role) = (actor.name.clone(), "Director".to_owned());
    done(app, actor, at, SendApplication { reference, version, name, role, has_authority: true }).await
}

async fn question(app: &Arc<App>, lead: &Actor, opening: &Opening, asker: Option<&Actor>) -> Answer<()> {
    let Some(asker) = asker else { return Ok(()) };
    let reference = opening.reference.clone();
    let text = "May a home that also takes children without disabilities apply for this lot?".to_owned();
    done(app, asker, date(2021, 7, 20).at(9, 12, 0, 0), AskAboutOpening { reference: reference.clone(), text }).await?;
    let session = app.store.read(Some(lead.organisation)).await?;
    let asked = session.clarifications(opening.id, None).await?;
    drop(session);
    let Some(question) = asked.first() else { return Ok(()) };
    let (words, answer) = (
        question.text.clone(),
        "Yes, where its statement of purpose names the disability and the rooms are fit for it.".to_owned(),
    );
    let answered = AnswerQuestion { reference, question: question.id, words, answer };
    done(app, lead, date(2021, 7, 21).at(14, 0, 0, 0), answered).await
}

async fn evaluation(app: &Arc<App>, lead: &Actor, of: &Actor) -> Answer<Evaluation> {
    let session = app.store.read(Some(lead.organisation)).await?;
    let found = session.evaluations_about(of.organisation).await?;
    found.into_iter().next().ok_or_else(|| Outcome::Fault(format!("no evaluation of {}", of.organisation_name)))
}

async fn evaluate(app: &Arc<App>, lead: &Actor, opening: &Opening, staged: &[(Stage, Actor)]) -> Answer<()> {
    if !staged.iter().any(|(stage, _)| *stage != Stage::Late) {
        return Ok(());
    }
    let panel = panel(app).await?;
    let session = app.store.read(None).await?;
    let mut evaluators = Vec::new();
    for actor in &panel {
        evaluators.push(session.person_email(actor.person).await?);
    }
    drop(session);
    let started = StartEvaluations { reference: opening.reference.clone(), evaluators };
    done(app, lead, date(2021, 8, 9).at(9, 30, 0, 0), started).await?;
    for (minute, (stage, actor)) in (0_i8..).zip(staged) {
        if !matches!(stage, Stage::Late | Stage::Gates) {
            advance(app, (lead, &panel), (*stage, actor), minute).await?;
        }
    }
    Ok(())
}

/// Takes one application as far as its stage says.
async fn advance(
    app: &Arc<App>,
    (lead, panel): (&Actor, &[Actor]),
    (stage, provider): (Stage, &Actor),
    minute: i8,
) -> Answer<()> {
    let found = evaluation(app, lead, provider).await?;
    let id = found.id;
    let moment = |month, day, hour| date(2021, month, day).at(hour, minute, 0, 0);
    let page = app.evaluation_page(lead, id).await?;
    let mut verdicts: Vec<GateVerdict> = Vec::new();
    for gate in &page.gates {
        let words = if gate.met { "" } else { "The accounts do not say that the business goes on." };
        verdicts.push(GateVerdict { code: gate.gate.code().to_owned(), passed: gate.met, words: words.to_owned() });
    }
    for home in &page.homes {
        let code = format!("{}_{}", home.urn, home.lot);
        let words = if home.met { "" } else { "Not fit to be added by the register." };
        verdicts.push(GateVerdict { code, passed: home.met, words: words.to_owned() });
    }
    let judged = JudgeGates { evaluation: id, version: found.version, verdicts };
    done(app, lead, moment(8, 10, 10), judged).await?;
    if stage == Stage::Failed {
        let version = evaluation(app, lead, provider).await?.version;
        done(app, lead, moment(8, 11, 9), IssueLetter { evaluation: id, version }).await?;
        return done(app, lead, moment(8, 24, 9), ConfirmOutcome { evaluation: id, version: version + 1 }).await;
    }
    let handed_in = if stage == Stage::Scoring { &panel[2..] } else { panel };
    for (who, evaluator) in (0_u8..).zip(handed_in) {
        score(app, &found, evaluator, (who, minute)).await?;
    }
    if stage == Stage::Scoring {
        return Ok(());
    }
    let version = evaluation(app, lead, provider).await?.version;
    done(app, lead, moment(8, 17, 9), OpenModeration { evaluation: id, version }).await?;
    if stage == Stage::Moderating {
        return Ok(());
    }
    let said = |question: &placewell_domain::homes::admission::criteria::Question| ConsensusSaid {
        question: question.code.clone(),
        score: 4,
        reason: "The panel agreed on what the returns of two years show.".to_owned(),
    };
    let consensus = found.criteria.quality.iter().map(said).collect();
    let words = "Admit to the lot with the homes that passed.".to_owned();
    let condition = (stage == Stage::Admitted).then(condition);
    let recommended = RecommendOutcome { evaluation: id, version: version + 1, consensus, words, condition };
    done(app, lead, moment(8, 18, 9), recommended).await?;
    let (issued, last) = if stage == Stage::Challenged { (9, 8) } else { (8, 19) };
    done(app, lead, moment(issued, last, 9), IssueLetter { evaluation: id, version: version + 2 }).await?;
    if stage == Stage::Challenged {
        let reference = found.opening_reference.clone();
        let words = "The price mark rests on the ceiling of another lot, as we read the template.".to_owned();
        return done(app, provider, moment(9, 10, 15), ChallengeOutcome { reference, words }).await;
    }
    done(app, lead, moment(9, 1, 9), ConfirmOutcome { evaluation: id, version: version + 3 }).await
}

/// What the one that is admitted has still to do.
fn condition() -> Condition {
    let words = "The policy on going missing, which is of 2019, is revised and sent to the regional team.";
    Condition::asked(words.to_owned(), date(2021, 10, 31))
}

async fn score(app: &Arc<App>, found: &Evaluation, evaluator: &Actor, (who, minute): (u8, i8)) -> Answer<()> {
    let at = |hour| date(2021, 8, 12).at(hour, minute, i8::try_from(who).unwrap_or_default(), 0);
    let declared = DeclareInterest { evaluation: found.id, conflict: false, words: String::new() };
    done(app, evaluator, at(10), declared).await?;
    let mark = |(number, question): (u8, &placewell_domain::homes::admission::criteria::Question)| Mark {
        question: question.code.clone(),
        score: Some(3 + (who + number) % 3),
        comment: "Names who does what; the figures agree with the returns.".to_owned(),
    };
    let marks = (0_u8..).zip(&found.criteria.quality).map(mark).collect();
    done(app, evaluator, at(11), SaveScores { evaluation: found.id, version: 0, marks, hand_in: true }).await
}

/// The opening of September: the provider of the story has a draft with its earlier answers, and a question waits.
async fn open(app: &Arc<App>, world: &World, opening: &Opening) -> Answer<()> {
    let owner = world.homes.homes[world.cast.elm].owner;
    let actor = app.actor_by_email(&manager(&world.homes.owners[owner].slug)).await?;
    let reference = opening.reference.clone();
    let begun = BeginApplication { reference: reference.clone(), reuse: true };
    done(app, &actor, date(2021, 9, 8).at(16, 20, 0, 0), begun).await?;
    let text = "Does a home that is on another lot already need a new visit?".to_owned();
    done(app, &actor, date(2021, 9, 9).at(8, 45, 0, 0), AskAboutOpening { reference, text }).await
}
