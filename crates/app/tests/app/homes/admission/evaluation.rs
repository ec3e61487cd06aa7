//! Openings, applications and evaluations in the demonstration's region, on both databases: the whole road to an admission,
//! who reads what, the deadline to the second, and what is written when a provider is admitted.

use std::sync::Arc;

use jiff::civil::{DateTime, date};
use placewell_app::demonstration::calendar;
use placewell_app::homes::admission::applying::{BeginApplication, SaveApplication, SendApplication};
use placewell_app::homes::admission::carried::ConfirmCarried;
use placewell_app::homes::admission::doubt::{AnswerDoubt, NoteDoubt};
use placewell_app::homes::admission::evaluating::{
    ConsensusSaid, DeclareInterest, NameEvaluator, OpenModeration, RecommendOutcome, SaveScores, StartEvaluations,
};
use placewell_app::homes::admission::outcome::{AnswerChallenge, ConfirmOutcome, IssueLetter};
use placewell_app::{Answer, App, Command, Outcome, Receipt};
use placewell_domain::change::{Change, Event};
use placewell_domain::homes::admission::application::Part;
use placewell_domain::homes::admission::carried::{Carried, Section};
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState, Reopened, outcome};
use placewell_domain::homes::admission::ground::GroundOn;
use placewell_domain::homes::admission::score::{Mark, PanelStep, Sheet, Step};
use placewell_domain::id::{EvaluationId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;
use placewell_testkit::printed::{printed, squeezed};

pub const LEAD: &str = "marcus.inkberrow@west-midlands-team.example";
pub const PRIYA: &str = "priya.shah@herefordshire.example";

pub struct Given {
    pub app: Arc<App>,
    pub lead: Actor,
}

impl Given {
    pub async fn new(database: &placewell_testkit::databases::TestDatabase) -> Self {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        Self { app, lead }
    }

    pub async fn actor(&self, email: &str) -> Actor {
        self.app.actor_by_email(email).await.unwrap()
    }

    pub async fn evaluation(&self, state: &str) -> Evaluation {
        let all = self.app.evaluations(&self.lead).await.unwrap();
        all.into_iter().find(|one| one.opening_reference == "AR-004" && one.state.name() == state).unwrap()
    }

    /// The one that waits for scores, once all have handed theirs in and they are open to the panel.
    pub async fn moderated(&self) -> Evaluation {
        let scoring = self.evaluation("scoring").await;
        for who in waiting(self, &scoring).await {
            let declare = DeclareInterest { evaluation: scoring.id, conflict: false, words: String::new() };
            perform(&self.app, &who, declare).await.unwrap();
            let marks = marks(&scoring, 4);
            let scores = SaveScores { evaluation: scoring.id, version: 0, marks, hand_in: true };
            perform(&self.app, &who, scores).await.unwrap();
        }
        let open = OpenModeration { evaluation: scoring.id, version: scoring.version };
        perform(&self.app, &self.lead, open).await.unwrap();
        self.again(&scoring).await
    }

    pub async fn again(&self, of: &Evaluation) -> Evaluation {
        self.app.evaluation_page(&self.lead, of.id).await.unwrap().evaluation
    }

    pub fn move_to(&self, at: DateTime) {
        self.app.calendar.move_to(at);
    }
}

pub async fn perform<C: Command>(app: &Arc<App>, actor: &Actor, command: C) -> Answer<Receipt> {
    let key = placewell_app::office::person::random_text::<16>();
    app.perform(actor, &key, command).await
}

pub fn code<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    match answer.unwrap_err() {
        Outcome::Refused(refusal) => refusal.code,
        Outcome::Invalid(invalid) => invalid.errors[0].field.clone(),
        other => format!("{other:?}"),
    }
}

pub fn marks(of: &Evaluation, score: u8) -> Vec<Mark> {
    let mark =
        |code: &String| Mark { question: code.clone(), score: Some(score), comment: "As the returns show".into() };
    of.criteria.quality.iter().map(|question| mark(&question.code)).collect()
}

/// The evaluator of the panel who has done nothing yet or not handed in: those of Herefordshire and Shropshire.
pub async fn waiting(given: &Given, of: &Evaluation) -> Vec<Actor> {
    let steps = given.app.evaluation_page(&given.lead, of.id).await.unwrap().steps;
    let mut found = Vec::new();
    for one in &of.panel {
        if !steps.iter().any(|step| step.person == one.person && step.step == Step::HandedIn) {
            let session = given.app.store.read(None).await.unwrap();
            let email = session.person_email(one.person).await.unwrap();
            drop(session);
            found.push(given.actor(&email).await);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_regional_evaluation_and_same_terms_every_provider_of_the_arrangement_has_a_record_and_accepted_its_terms()
{
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let today = calendar().now().today();
        let providers = given.app.region_providers(&given.lead).await.unwrap();
        let evaluations = given.app.evaluations(&given.lead).await.unwrap();
        let session = given.app.store.read(Some(given.lead.organisation)).await.unwrap();
        let admitted: Vec<_> = providers.iter().filter(|one| one.admitted(today).is_some()).collect();
        assert!(admitted.len() > 5, "{}", admitted.len());
        for provider in admitted {
            let name = &provider.provider.name;
            let own = evaluations.iter().find(|one| one.provider == provider.provider.id && one.holds_on(today));
            let own = own.unwrap_or_else(|| panic!("{name} has no evaluation that holds"));
            let mut authorities: Vec<_> = own.panel.iter().map(|one| one.authority).collect();
            authorities.dedup();
            assert_eq!(authorities.len(), 4, "{name} was evaluated by four authorities");
            assert!(outcome(own).passes(), "{name}");
            for home in &provider.homes {
                for admission in session.admissions_of(home.id).await.unwrap() {
                    let covers =
                        own.homes.iter().any(|one| one.finding.urn == home.urn && one.finding.lot == admission.lot);
                    assert!(covers, "{} on {} is not in the record", home.name, admission.lot);
                }
            }
        }
        let terms = given.app.terms_accepted(&given.lead).await.unwrap();
        assert!(terms[0].providers.is_empty(), "the first terms bind every provider: {:?}", terms[0].providers);
        for state in ["scoring", "standstill", "admitted"] {
            assert_eq!(given.evaluation(state).await.panel.len(), 4);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_scored_blind_moderated_and_admitted_after_its_standstill_and_searches_follow() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let scoring = given.evaluation("scoring").await;
        let (id, version) = (scoring.id, scoring.version);
        let early = perform(app, &given.lead, OpenModeration { evaluation: id, version }).await;
        assert_eq!(code(early), "scores_waited_for");
        for evaluator in waiting(&given, &scoring).await {
            let save =
                |score, hand_in| SaveScores { evaluation: id, version: 0, marks: marks(&scoring, score), hand_in };
            assert_eq!(code(perform(app, &evaluator, save(4, true)).await), "conflict_not_declared");
            let declared = DeclareInterest { evaluation: id, conflict: false, words: String::new() };
            perform(app, &evaluator, declared).await.unwrap();
            assert_eq!(code(perform(app, &evaluator, save(6, true)).await), "score_outside_scale");
            perform(app, &evaluator, save(4, true)).await.unwrap();
            let later = SaveScores { evaluation: id, version: 2, marks: marks(&scoring, 5), hand_in: false };
            assert_eq!(code(perform(app, &evaluator, later).await), "scores_handed_in");
        }
        perform(app, &given.lead, OpenModeration { evaluation: id, version }).await.unwrap();
        let opened = app.evaluation_page(&given.lead, id).await.unwrap();
        assert_eq!(opened.sheets.len(), 4);
        let said = |question: &placewell_domain::homes::admission::criteria::Question| ConsensusSaid {
            question: question.code.clone(),
            score: 4,
            reason: "The panel agreed on it.".into(),
        };
        let consensus: Vec<_> = scoring.criteria.quality.iter().map(said).collect();
        let words = "Admit".to_owned();
        let recommended = RecommendOutcome { evaluation: id, version: version + 1, consensus, words, condition: None };
        perform(app, &given.lead, recommended).await.unwrap();
        perform(app, &given.lead, IssueLetter { evaluation: id, version: version + 2 }).await.unwrap();
        let confirm = || ConfirmOutcome { evaluation: id, version: version + 3 };
        assert_eq!(code(perform(app, &given.lead, confirm()).await), "standstill");
        given.move_to(date(2021, 9, 24).at(9, 0, 0, 0));
        perform(app, &given.lead, confirm()).await.unwrap();
        let admitted = given.again(&scoring).await;
        assert!(admitted.holds_on(date(2021, 9, 24)) && !admitted.holds_on(date(2021, 9, 23)));
        let listed = app.region_providers(&given.lead).await.unwrap();
        let provider = listed.iter().find(|one| one.provider.id == scoring.provider).unwrap();
        assert!(provider.admitted(date(2021, 9, 24)).is_some() && provider.admitted(date(2021, 9, 23)).is_none());
        let session = app.store.read(Some(given.lead.organisation)).await.unwrap();
        let found = outcome(&admitted);
        let lot = found.lots.iter().find(|lot| lot.passes).unwrap();
        assert!(!lot.admitted.is_empty());
        for urn in &lot.admitted {
            let home = session.home_by_urn(urn).await.unwrap();
            let held = session.admissions_of(home.id).await.unwrap();
            assert!(held.iter().any(|one| one.lot == lot.lot && one.from == date(2021, 9, 24)), "{urn}");
            let price = session.price_on(home.id, &lot.lot, "core", date(2021, 9, 24)).await.unwrap();
            assert_eq!(price, Some(lot.weekly), "{urn}");
        }
        let grounds = session.admission_grounds(Some(scoring.provider)).await.unwrap();
        assert_eq!(grounds.last().unwrap().on, GroundOn::Evaluation(id), "its admission rests on the record");
        drop(session);
        runs_out(&given, &admitted).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evaluator_with_a_conflict_scores_nothing_and_another_authority_s_takes_the_place_in_the_panel() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let scoring = given.evaluation("scoring").await;
        let (id, version) = (scoring.id, scoring.version);
        let mut left = waiting(&given, &scoring).await;
        let (conflicted, other) = (left.remove(0), left.remove(0));
        let declare = |conflict, words: &str| DeclareInterest { evaluation: id, conflict, words: words.into() };
        let save = || SaveScores { evaluation: id, version: 0, marks: marks(&scoring, 4), hand_in: true };
        assert_eq!(code(perform(app, &conflicted, declare(true, " ")).await), "conflict_words");
        perform(app, &conflicted, declare(true, "A sister works there")).await.unwrap();
        assert_eq!(code(perform(app, &conflicted, save()).await), "evaluator_conflict");
        assert_eq!(code(perform(app, &conflicted, declare(false, "")).await), "declared_already", "it stands");
        perform(app, &other, declare(false, "")).await.unwrap();

        let name = |email: &str| NameEvaluator { evaluation: id, version, email: email.into() };
        for (email, refused) in [
            ("director@shropshire.example", "evaluators_of_one_authority"),
            (LEAD, "email"),
            ("nobody@walsall.example", "email"),
        ] {
            assert_eq!(code(perform(app, &given.lead, name(email)).await), refused, "{email}");
        }
        let walsall = given.actor("director@walsall.example").await;
        assert!(matches!(perform(app, &walsall, save()).await, Err(Outcome::NotFound)), "not on the panel yet");
        perform(app, &given.lead, name("director@walsall.example")).await.unwrap();
        perform(app, &other, save()).await.unwrap();
        let open = || OpenModeration { evaluation: id, version: version + 1 };
        assert_eq!(code(perform(app, &given.lead, open()).await), "scores_waited_for", "the new one's");
        assert_eq!(code(perform(app, &walsall, save()).await), "conflict_not_declared");
        perform(app, &walsall, declare(false, "")).await.unwrap();
        perform(app, &walsall, save()).await.unwrap();
        perform(app, &given.lead, open()).await.unwrap();

        let opened = app.evaluation_page(&given.lead, id).await.unwrap();
        assert_eq!((opened.evaluation.state, opened.evaluation.panel.len()), (EvaluationState::Moderating, 5));
        let scored: Vec<_> = opened.sheets.iter().map(|sheet| sheet.person).collect();
        assert_eq!(scored.len(), 4);
        assert!(scored.contains(&walsall.person) && !scored.contains(&conflicted.person), "{scored:?}");
        app.do_due_jobs().await.unwrap();
        for (org, to, what) in [
            (conflicted.organisation, LEAD, "an evaluator declares a conflict"),
            (given.lead.organisation, "director@walsall.example", "an application to score"),
        ] {
            let mails = app.store.read(Some(org)).await.unwrap().mails(org, 1_000).await.unwrap();
            assert!(mails.iter().any(|mail| mail.recipient == to && mail.subject.ends_with(what)), "{to}: {what}");
        }
    })
    .await;
}

/// The regional team is told 30 days before an evaluation runs out, once.
async fn runs_out(given: &Given, admitted: &Evaluation) {
    let EvaluationState::Admitted { until, .. } = admitted.state else { panic!("{:?}", admitted.state) };
    given.move_to(plus_days(until, -29).at(9, 0, 0, 0));
    for _ in 0..2 {
        given.app.do_due_jobs().await.unwrap();
    }
    let session = given.app.store.read(Some(given.lead.organisation)).await.unwrap();
    let subject = format!("{}: an evaluation runs out", admitted.provider_name);
    let told = session.mails(given.lead.organisation, 1_000).await.unwrap();
    let told: Vec<_> = told.into_iter().filter(|mail| mail.subject.contains(&subject)).collect();
    let people: std::collections::BTreeSet<_> = told.iter().map(|mail| mail.recipient.clone()).collect();
    assert!(!told.is_empty() && told.len() == people.len(), "once to each: {told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_read_by_those_who_judge_it_and_by_no_rival() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let scoring = given.evaluation("scoring").await;
        let rival = given.evaluation("standstill").await;
        let shropshire = scoring.panel.iter().find(|one| one.authority_name.contains("Shropshire")).unwrap().authority;
        let outsider = app.store.read(None).await.unwrap().organisation_by_code("WAL").await.unwrap().id;
        let reads = async |org| app.store.read(Some(org)).await.unwrap().application(scoring.application).await.is_ok();
        assert!(reads(scoring.provider).await && reads(scoring.region).await && reads(shropshire).await);
        assert!(!reads(rival.provider).await && !reads(outsider).await);
        let session = app.store.read(Some(rival.provider)).await.unwrap();
        assert!(session.evaluation(scoring.id).await.is_err(), "a rival reads no evaluation");
        assert!(session.letters_of(given.evaluation("admitted").await.provider).await.unwrap().is_empty());
        let draft = app.store.read(Some(given.lead.organisation)).await.unwrap();
        let open = draft.opening("AR-005").await.unwrap();
        for provider in draft.organisations().await.unwrap() {
            assert!(
                draft.admission_draft(provider.id, open.id).await.unwrap().is_none(),
                "a draft is its provider's alone"
            );
        }
    })
    .await;
}

/// Begins an application of the story's provider to AR-005 and fills it in; its version then.
pub async fn filled(given: &Given) -> (Actor, i64) {
    let listed = given.app.region_providers(&given.lead).await.unwrap();
    let mut found = None;
    for one in listed {
        let session = given.app.store.read(Some(one.provider.id)).await.unwrap();
        let opening = session.opening("AR-005").await.unwrap();
        if let Some(draft) = session.admission_draft(one.provider.id, opening.id).await.unwrap() {
            found = Some((one.provider.code.clone(), draft));
        }
    }
    let (provider, draft) = found.unwrap();
    let actor = given.actor(&format!("placements@{provider}.example")).await;
    let send = |version| sending(version);
    assert_eq!(code(perform(&given.app, &actor, send(draft.version)).await), "declaration_not_reviewed");
    let mut selection = draft.answers.selection.clone();
    selection.accounts_to = Some(date(2021, 3, 31));
    selection.turnover = Some(Pence::pounds(2_400_000));
    selection.going_concern = Some(true);
    selection.safeguarding_on = Some(date(2021, 2, 1));
    selection.data_protection_until = Some(date(2022, 5, 31));
    let part = Part::Selection { answers: Box::new(selection) };
    let saved = SaveApplication { reference: "AR-005".into(), version: draft.version, part };
    perform(&given.app, &actor, saved).await.unwrap();
    confirmed(&given.app, &actor).await;
    (actor, draft.version + 2)
}

/// The sections of the draft for AR-005 that wait for their review, by their codes.
pub async fn waiting_sections(app: &Arc<App>, actor: &Actor) -> Vec<String> {
    let draft = app.own_application(actor, "AR-005").await.unwrap().draft.unwrap();
    draft.carried.iter().flat_map(Carried::waiting).map(Section::code).collect()
}

/// All of them are confirmed as still true.
pub async fn confirmed(app: &Arc<App>, actor: &Actor) {
    let sections = waiting_sections(app, actor).await;
    let version = app.own_application(actor, "AR-005").await.unwrap().draft.unwrap().version;
    let confirm = ConfirmCarried { reference: "AR-005".into(), version, sections };
    perform(app, actor, confirm).await.unwrap();
}

pub fn sending(version: i64) -> SendApplication {
    let (reference, name, role) = ("AR-005".to_owned(), "Rashid Harescombe".to_owned(), "Director".to_owned());
    SendApplication { reference, version, name, role, has_authority: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deadline_is_kept_to_the_second_and_a_late_application_replaces_nothing_and_is_not_evaluated() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (actor, version) = filled(&given).await;
        let own = async || given.app.own_application(&actor, "AR-005").await.unwrap();
        let closes = own().await.public.opening.plan.closes;
        let unsigned = SendApplication { has_authority: false, ..sending(version) };
        assert_eq!(code(perform(&given.app, &actor, unsigned).await), "authority");
        // The window closes while it is under way: the server's second decides.
        given.move_to(closes.saturating_add(jiff::Span::new().seconds(1)));
        perform(&given.app, &actor, sending(version)).await.unwrap();
        assert!(own().await.sent.unwrap().late);
        let panel = || vec![PRIYA.to_owned(), "director@shropshire.example".to_owned()];
        let start = StartEvaluations { reference: "AR-005".into(), evaluators: panel() };
        assert_eq!(
            code(perform(&given.app, &given.lead, start.clone()).await),
            "evaluators",
            "late ones are kept apart"
        );
        given.move_to(closes);
        perform(&given.app, &actor, sending(version)).await.unwrap();
        assert!(!own().await.sent.unwrap().late, "the deadline's own second is in time");
        given.move_to(closes.saturating_add(jiff::Span::new().seconds(1)));
        assert_eq!(code(perform(&given.app, &actor, sending(version)).await), "deadline_passed");
        assert!(!own().await.sent.unwrap().late);
        perform(&given.app, &given.lead, start.clone()).await.unwrap();
        assert_eq!(code(perform(&given.app, &given.lead, start).await), "evaluators", "evaluated once");
        let one = StartEvaluations { reference: "AR-004".into(), evaluators: vec![PRIYA.to_owned()] };
        assert_eq!(code(perform(&given.app, &given.lead, one).await), "evaluators", "none waits");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_above_the_ceiling_of_the_template_and_a_home_of_another_provider_are_not_saved() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (actor, version) = filled(&given).await;
        let own = given.app.own_application(&actor, "AR-005").await.unwrap();
        let mut lot = own.draft.unwrap().answers.lots[0].clone();
        let field = format!("{}_{}", lot.lot, lot.prices[0].part.code());
        let save = |applied| SaveApplication { reference: "AR-005".into(), version, part: Part::Lot { applied } };
        let mut dear = lot.clone();
        dear.prices[0].weekly = Pence::pounds(99_000);
        assert_eq!(code(perform(&given.app, &actor, save(dear)).await), field);
        lot.homes = vec!["SC499999".parse().unwrap()];
        assert_eq!(code(perform(&given.app, &actor, save(lot.clone())).await), format!("{}_homes", lot.lot));
        let begun = BeginApplication { reference: "AR-006".into(), reuse: false };
        assert_eq!(code(perform(&given.app, &actor, begun).await), "opening_not_open");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_answered_before_anything_is_final_and_upheld_opens_the_panel_again() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let standstill = given.evaluation("standstill").await;
        let (id, version) = (standstill.id, standstill.version);
        given.move_to(date(2021, 9, 27).at(9, 0, 0, 0));
        let confirm = perform(app, &given.lead, ConfirmOutcome { evaluation: id, version }).await;
        assert_eq!(code(confirm), "challenge_open");
        let words = "The panel read the template of another lot.".to_owned();
        let answered = AnswerChallenge { evaluation: id, version, reopens: Some(Reopened::Scores), words };
        perform(app, &given.lead, answered).await.unwrap();
        assert_eq!(given.again(&standstill).await.state, EvaluationState::Moderating);
        let another = NameEvaluator { evaluation: id, version: version + 1, email: PRIYA.into() };
        assert_eq!(code(perform(app, &given.lead, another).await), "evaluation_state");
        let priya = given.actor(PRIYA).await;
        let doubt = NoteDoubt { evaluation: id, words: "The policy on going missing is of 2019.".into() };
        perform(app, &priya, doubt).await.unwrap();
        let page = app.evaluation_page(&given.lead, id).await.unwrap();
        assert_eq!((page.doubts.len(), page.challenges.len()), (1, 1));
        assert!(
            app.evaluation_page(&priya, id).await.unwrap().challenges.is_empty(),
            "a challenge is not every authority's"
        );
        let waits = "A doubt about an evaluation is not answered";
        let owed = async || app.owed(&given.lead).await.unwrap().iter().filter(|one| one.what == waits).count();
        assert_eq!(owed().await, 1);
        let answer = |words: &str| AnswerDoubt { evaluation: id, doubt: page.doubts[0].id, words: words.into() };
        assert!(matches!(perform(app, &priya, answer("No.")).await, Err(Outcome::Forbidden(_))), "the regional team's");
        assert!(matches!(perform(app, &given.lead, answer(" ")).await, Err(Outcome::Invalid(_))));
        let other = AnswerDoubt { doubt: page.doubts[0].id + 1, ..answer("Which?") };
        assert!(matches!(perform(app, &given.lead, other).await, Err(Outcome::NotFound)));
        perform(app, &given.lead, answer("The policy of 2021 was sent and read.")).await.unwrap();
        assert_eq!(code(perform(app, &given.lead, answer("Again.")).await), "doubt_answered");
        let read = app.evaluation_page(&priya, id).await.unwrap().answers;
        assert_eq!(
            read.iter().map(|one| one.words.as_str()).collect::<Vec<_>>(),
            ["The policy of 2021 was sent and read."]
        );
        assert_eq!(owed().await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_left_the_register_in_the_standstill_is_not_admitted_and_holds_up_no_other() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let standstill = given.evaluation("standstill").await;
        let (id, version) = (standstill.id, standstill.version);
        given.move_to(date(2021, 9, 27).at(9, 0, 0, 0));
        let words = "The panel read the right template.".to_owned();
        perform(app, &given.lead, AnswerChallenge { evaluation: id, version, reopens: None, words }).await.unwrap();
        let lots = outcome(&standstill).lots;
        let of: Vec<_> =
            lots.iter().flat_map(|lot| lot.admitted.iter().map(|urn| (urn.clone(), lot.lot.clone()))).collect();
        let (gone, _) = of.first().unwrap().clone();
        let mut work = app.store.begin(given.lead.organisation, app.calendar.now()).await.unwrap();
        let home = work.home_by_urn(&gone).await.unwrap();
        work.apply(home.leave_register(date(2021, 9, 20)).unwrap()).await.unwrap();
        work.commit(placewell_app::clock::Machine::now()).await.unwrap();
        perform(app, &given.lead, ConfirmOutcome { evaluation: id, version }).await.unwrap();
        let after = given.again(&standstill).await;
        let others = of.iter().filter(|(urn, _)| *urn != gone).count();
        assert_eq!(after.state.name(), if others > 0 { "admitted" } else { "not_admitted" });
        let left = after.homes.iter().find(|one| one.finding.urn == gone).unwrap();
        assert!(!left.passed && left.words.contains("meets the gates no longer"), "{}", left.words);
        let session = app.store.read(Some(given.lead.organisation)).await.unwrap();
        for (urn, lot) in &of {
            let home = session.home_by_urn(urn).await.unwrap();
            let held = session.admissions_of(home.id).await.unwrap();
            let on = held.iter().any(|one| one.lot == *lot && one.holds_on(date(2021, 9, 27)));
            assert_eq!(on, *urn != gone, "{urn} on {lot}");
        }
    })
    .await;
}

/// What the database itself says to a write past every rule of ours.
pub async fn refused<T: placewell_store::work::Record>(app: &Arc<App>, org: OrganisationId, row: T) -> String {
    let mut work = app.store.begin(org, app.calendar.now()).await.unwrap();
    let event = Event::new("test.written", "test", 1, 1);
    let said = work.apply(Change::to(row, event)).await.map(|_| "taken".to_owned());
    work.roll_back().await.unwrap();
    said.unwrap_or_else(|error| Outcome::from(error).refusal_code())
}

trait Coded {
    fn refusal_code(self) -> String;
}

impl Coded for Outcome {
    fn refusal_code(self) -> String {
        match self {
            Outcome::Refused(refusal) => refusal.code,
            other => format!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_keeps_scores_that_were_handed_in_one_sheet_one_evaluation_and_evaluators_apart() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let scoring = given.evaluation("scoring").await;
        let steps = app.evaluation_page(&given.lead, scoring.id).await.unwrap().steps;
        let done = steps.iter().find(|step| step.step == Step::HandedIn).unwrap();
        let session = app.store.read(Some(done.authority)).await.unwrap();
        let sheet = session.own_sheet(scoring.id, done.person).await.unwrap().unwrap();
        drop(session);
        let raised = Sheet { version: sheet.version + 1, handed_in: None, ..sheet.clone() };
        assert_eq!(refused(app, done.authority, raised).await, "scores_handed_in");
        let second = Sheet { id: 1, version: 1, ..sheet };
        assert_eq!(refused(app, done.authority, second).await, "one_sheet");
        let again = PanelStep { id: 1, ..done.clone() };
        assert_eq!(refused(app, done.authority, again).await, "declared_already");
        let twice = Evaluation { id: EvaluationId(1), version: 1, ..scoring.clone() };
        assert_eq!(refused(app, scoring.region, twice).await, "evaluated_once");
        let mut panel = scoring.panel.clone();
        let (first, second) = (panel[0].clone(), panel[1].person);
        panel = vec![first.clone(), placewell_domain::homes::admission::score::Evaluator { person: second, ..first }];
        let (id, application) = (EvaluationId(2), placewell_domain::id::ApplicationId(2));
        let same = Evaluation { id, application, version: 1, panel, ..scoring.clone() };
        assert_eq!(refused(app, scoring.region, same).await, "evaluators_of_one_authority");
        let provider = given.evaluation("standstill").await.provider;
        let session = app.store.read(Some(provider)).await.unwrap();
        let application = session.applications_of(provider).await.unwrap().remove(0);
        drop(session);
        let twin = placewell_domain::homes::admission::application::Application {
            id: placewell_domain::id::ApplicationId(3),
            version: 1,
            ..application
        };
        assert_eq!(refused(app, provider, twin).await, "application_once");
    })
    .await;
}

/// The scoring evaluation judged with canaries in what each evaluator wrote and in what the panel agreed, its letter sent.
async fn with_canaries(given: &Given) -> Evaluation {
    let (app, scoring) = (&given.app, given.evaluation("scoring").await);
    let (id, version) = (scoring.id, scoring.version);
    for evaluator in waiting(given, &scoring).await {
        let declared = DeclareInterest { evaluation: id, conflict: false, words: String::new() };
        perform(app, &evaluator, declared).await.unwrap();
        let mut marks = marks(&scoring, 4);
        for mark in &mut marks {
            mark.comment = "CANARYCOMMENT of one evaluator".into();
        }
        perform(app, &evaluator, SaveScores { evaluation: id, version: 0, marks, hand_in: true }).await.unwrap();
    }
    perform(app, &given.lead, OpenModeration { evaluation: id, version }).await.unwrap();
    let said = |question: &placewell_domain::homes::admission::criteria::Question| ConsensusSaid {
        question: question.code.clone(),
        score: 3,
        reason: "CANARYREASON of the panel".into(),
    };
    let consensus: Vec<_> = scoring.criteria.quality.iter().map(said).collect();
    let words = "CANARYWORDS to its reader".to_owned();
    let recommended = RecommendOutcome { evaluation: id, version: version + 1, consensus, words, condition: None };
    perform(app, &given.lead, recommended).await.unwrap();
    perform(app, &given.lead, IssueLetter { evaluation: id, version: version + 2 }).await.unwrap();
    given.again(&scoring).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_prints_its_readers_own_scores_and_nothing_of_rivals_nor_of_single_evaluators() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let judged = with_canaries(&given).await;
        let all = given.app.evaluations(&given.lead).await.unwrap();
        let all: Vec<_> = all.into_iter().filter(|one| one.opening_reference == "AR-004").collect();
        let mut read = 0;
        for own in &all {
            let reader = Actor { organisation: own.provider, kind: OrganisationKind::Provider, ..manager(&given) };
            let letter = given.app.letter_pdf(&reader, "AR-004", "https://placewell.example").await;
            let Ok(letter) = letter else { continue };
            read += 1;
            let text = printed(&letter);
            assert!(text.contains(&squeezed(&own.provider_name)), "{}: {text}", own.provider_name);
            for said in &own.consensus {
                assert!(text.contains(&squeezed(&said.reason)), "{}: {text}", said.reason);
            }
            let lots = given.app.evaluation_page(&given.lead, own.id).await.unwrap().lots;
            for applied in own.lots.iter().filter(|_| !own.consensus.is_empty()) {
                let name = &lots.iter().find(|lot| lot.code == applied.lot).unwrap().name;
                assert!(text.contains(&squeezed(name)), "{name}: {text}");
            }
            for rival in all.iter().filter(|rival| rival.provider != own.provider) {
                let (theirs, ours) = (squeezed(&rival.provider_name), squeezed(&own.provider_name));
                assert!(ours.contains(&theirs) || !text.contains(&theirs), "{theirs} in the letter of {ours}");
                for home in &rival.homes {
                    assert!(!text.contains(home.finding.urn.as_str()), "a rival's home in the letter of {ours}");
                }
            }
            for evaluator in &own.panel {
                assert!(!text.contains(&squeezed(&evaluator.name)), "{} in {text}", evaluator.name);
            }
            for canary in ["CANARYREASON", "CANARYWORDS"] {
                assert_eq!(text.contains(canary), own.id == judged.id, "{canary} in {}", own.provider_name);
            }
            assert!(!text.contains("CANARYCOMMENT"), "one evaluator's words in {}", own.provider_name);
        }
        assert!(read >= 2, "{read} letters of {} evaluations", all.len());
    })
    .await;
}

/// Somebody who signs in for a provider.
fn manager(given: &Given) -> Actor {
    Actor { role: Role::ProviderManager, ..given.lead.clone() }
}
