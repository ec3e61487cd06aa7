//! Samples of the pages of an admission.

use jiff::civil::date;
use placewell_domain::homes::admission::application::{Answers, ApplicationState, LotApplied};
use placewell_domain::homes::admission::carried::{Review, Section};
use placewell_domain::homes::admission::criteria::{
    Band, Criteria, InsuranceKind, LotTemplate, PartPrice, PricePart, Question,
};
use placewell_domain::homes::admission::evaluation::{
    Condition, ConditionState, Consensus, Evaluation, EvaluationState, GateJudged, HomeFinding, HomeJudged, Spread,
    outcome,
};
use placewell_domain::homes::admission::insured::insurances;
use placewell_domain::homes::admission::opening::{Opening, OpeningKind, OpeningPhase, OpeningPlan, OpeningState};
use placewell_domain::homes::admission::outcome::{Challenge, ChallengeState, Doubt, DoubtAnswer, Letter};
use placewell_domain::homes::admission::score::{Evaluator, Mark, PanelStep, Release, ReleaseReason, Sheet, Step};
use placewell_domain::homes::admission::selection::{Cover, Gate, GateFinding};
use placewell_domain::id::{ApplicationId, ArrangementId, EvaluationId, OpeningId, OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use super::applying::{self, FormOf, OwnApplicationView, OwnOpeningLine};
use super::carried::{CarriedRow, CarriedView};
use super::evaluation::{self, Reader, RecordView};
use super::opening::{self, ApplicationLine, PublicOpeningView, RegionOpeningView};
use super::scoring::{self, ScoringView};
use crate::form::Typed;
use crate::power::arrangement::Forms;
use crate::samples::signed_in_shell as shell;

fn criteria() -> Criteria {
    let question = |number: u8, text: &str, weight| Question {
        code: format!("q{number}"),
        text: text.to_owned(),
        criteria: "Names who does what, and how it is known that it works".to_owned(),
        weight,
    };
    let band = |part, floor, ceiling| Band { part, floor: Pence::pounds(floor), ceiling: Pence::pounds(ceiling) };
    let template = |lot: &str, bands: Vec<Band>| LotTemplate {
        lot: lot.to_owned(),
        bands,
        includes: "Clothing, activities, pocket money and transport to school".to_owned(),
    };
    Criteria {
        quality: vec![
            question(1, "How do you keep children safe?", 40),
            question(2, "How do children at your homes learn?", 35),
            question(3, "How do you prevent moves that nobody planned?", 25),
        ],
        scale: 5,
        least: 2,
        quality_share: 70,
        pass_mark: 60,
        templates: vec![
            template("planned", vec![band(PricePart::Accommodation, 500, 1_500), band(PricePart::Care, 2_000, 4_500)]),
            template(
                "with_education",
                vec![band(PricePart::Care, 2_000, 4_500), band(PricePart::Education, 500, 1_800)],
            ),
        ],
        insurances: vec![
            (InsuranceKind::Public, Pence::pounds(5_000_000)),
            (InsuranceKind::Professional, Pence::pounds(2_000_000)),
            (InsuranceKind::Employers, Pence::pounds(10_000_000)),
        ],
        standstill_days: 10,
        validity_months: 48,
    }
}

fn plan() -> OpeningPlan {
    OpeningPlan {
        title: "Opening of summer 2021".to_owned(),
        kind: OpeningKind::ByLead { reason: "Too few places for children with disabilities".to_owned() },
        opens: date(2021, 7, 5).at(9, 0, 0, 0),
        closes: date(2021, 8, 6).at(12, 0, 0, 0),
        questions_until: date(2021, 7, 23).at(17, 0, 0, 0),
        criteria: criteria(),
    }
}

fn lots() -> Vec<(String, String)> {
    [("planned", "Planned residential care"), ("with_education", "Residential care with education")]
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .to_vec()
}

fn public(phase: OpeningPhase) -> PublicOpeningView {
    let state = match phase {
        OpeningPhase::Draft => OpeningState::Draft,
        OpeningPhase::Cancelled => OpeningState::Cancelled {
            at: date(2021, 7, 8).at(9, 0, 0, 0),
            reason: "The price template was wrong".to_owned(),
        },
        OpeningPhase::Coming | OpeningPhase::Open | OpeningPhase::Closed => {
            OpeningState::Published { at: date(2021, 6, 21).at(9, 0, 0, 0) }
        }
    };
    let opening = Opening {
        id: OpeningId(1),
        version: 2,
        region: OrganisationId(1),
        arrangement: ArrangementId(1),
        reference: "AR-004".to_owned(),
        plan: plan(),
        state,
    };
    let answer = ("May a home apply for two lots?".to_owned(), "Yes, with a price for each.".to_owned());
    let answers = vec![(answer.0, answer.1, date(2021, 7, 12).at(10, 0, 0, 0))];
    PublicOpeningView { opening, phase, answers, lots: lots() }
}

fn applied() -> LotApplied {
    let price = |part, pounds| PartPrice { part, weekly: Pence::pounds(pounds) };
    LotApplied {
        lot: "planned".to_owned(),
        homes: ["SC400001", "SC400002"].iter().filter_map(|urn| urn.parse().ok()).collect(),
        prices: vec![price(PricePart::Accommodation, 1_000), price(PricePart::Care, 3_000)],
    }
}

fn finding(home: &LotApplied, at: usize, met: bool) -> Option<HomeFinding> {
    Some(HomeFinding {
        urn: home.homes.get(at)?.clone(),
        name: ["Elm House", "Ash & Łódź Lodge"].get(at)?.to_string(),
        lot: home.lot.clone(),
        met,
        found: "Registered; Good; statement of purpose of 2021-01-04".to_owned(),
    })
}

fn evaluator(number: i64, name: &str, authority: &str) -> Evaluator {
    Evaluator {
        person: PersonId(number),
        name: name.to_owned(),
        authority: OrganisationId(100 + number),
        authority_name: authority.to_owned(),
    }
}

fn evaluated(state: EvaluationState, judged: bool) -> Evaluation {
    let lot = applied();
    let gate = |gate: &Gate| GateJudged {
        gate: *gate,
        passed: true,
        found: "Declared".to_owned(),
        until: (*gate == Gate::Insurance).then(|| date(2021, 9, 1)),
        cover: if *gate == Gate::Insurance { covers() } else { vec![] },
        words: String::new(),
        on: date(2021, 8, 9),
    };
    let homes = [finding(&lot, 0, true), finding(&lot, 1, false)].into_iter().flatten().map(|finding| HomeJudged {
        passed: finding.met,
        words: if finding.met { String::new() } else { "Judged Inadequate on 2 August".to_owned() },
        finding,
    });
    let consensus = ["q1", "q2", "q3"].map(|code| Consensus {
        question: code.to_owned(),
        score: 4,
        reason: "Clear, and shown by two years of returns".to_owned(),
        spread: Spread { question: code.to_owned(), scores: vec![(PersonId(1), 3), (PersonId(2), 5)] },
    });
    let scored = judged && !matches!(state, EvaluationState::Scoring | EvaluationState::Moderating);
    Evaluation {
        id: EvaluationId(9),
        version: 4,
        region: OrganisationId(1),
        arrangement: ArrangementId(1),
        opening: OpeningId(1),
        opening_reference: "AR-004".to_owned(),
        application: ApplicationId(5),
        provider: OrganisationId(7),
        provider_name: "Elm Care Limited".to_owned(),
        criteria: criteria(),
        panel: vec![
            evaluator(1, "Priya Shah", "Herefordshire Council"),
            evaluator(2, "Jo Ledwyche", "Shropshire Council"),
            evaluator(3, "Sam Orleton", "Coventry City Council"),
        ],
        gates: if judged { Gate::ALL.iter().map(gate).collect() } else { vec![] },
        homes: if judged { homes.collect() } else { vec![] },
        consensus: if scored { consensus.to_vec() } else { vec![] },
        lots: vec![lot],
        condition: scored.then(condition),
        released: vec![],
        struck: vec![],
        begun: date(2021, 8, 9).at(9, 0, 0, 0),
        state,
    }
}

fn condition() -> Condition {
    Condition::asked("Appoint a second night worker".to_owned(), date(2021, 12, 1))
}

/// A public liability that ran out, and a professional indemnity that goes on.
fn covers() -> Vec<Cover> {
    let cover = |kind, millions: i64, expires| Cover { kind, amount: Pence::pounds(millions * 1_000_000), expires };
    vec![cover(InsuranceKind::Public, 10, date(2021, 9, 1)), cover(InsuranceKind::Professional, 5, date(2022, 3, 31))]
}

fn step(person: i64, step: Step) -> PanelStep {
    PanelStep {
        id: person,
        authority: OrganisationId(100 + person),
        evaluation: EvaluationId(9),
        person: PersonId(person),
        step,
        words: String::new(),
        at: date(2021, 8, 11).at(9, 0, 0, 0),
    }
}

fn sheet(person: i64, score: u8) -> Sheet {
    let mark = |code: &str| Mark {
        question: code.to_owned(),
        score: Some(score),
        comment: "Seen at the last visit".to_owned(),
    };
    Sheet {
        id: person,
        version: 2,
        authority: OrganisationId(100 + person),
        person: PersonId(person),
        evaluation: EvaluationId(9),
        marks: ["q1", "q2", "q3"].map(mark).to_vec(),
        handed_in: Some(date(2021, 8, 20).at(9, 0, 0, 0)),
    }
}

fn challenge(state: ChallengeState) -> Challenge {
    Challenge {
        id: 3,
        version: 1,
        provider: OrganisationId(7),
        region: OrganisationId(1),
        evaluation: EvaluationId(9),
        words: "The judgement of the second home was changed on 1 September.".to_owned(),
        at: date(2021, 9, 8).at(9, 0, 0, 0),
        state,
    }
}

fn record(evaluation: Evaluation, reader: Reader) -> RecordView {
    let judges = evaluation.state == EvaluationState::Gates;
    let lot = applied();
    let gate = |gate: &Gate| GateFinding {
        gate: *gate,
        met: *gate != Gate::Finance,
        found: "As declared".to_owned(),
        until: None,
        cover: vec![],
    };
    RecordView {
        found: outcome(&evaluation),
        lots: lots(),
        steps: vec![
            step(1, Step::NoConflict),
            step(1, Step::HandedIn),
            step(2, Step::NoConflict),
            step(3, Step::Conflict),
        ],
        sheets: if evaluation.is_open() { vec![sheet(1, 3), sheet(2, 5)] } else { vec![] },
        gates: if judges { Gate::ALL.iter().map(gate).collect() } else { vec![] },
        homes: if judges {
            [finding(&lot, 0, true), finding(&lot, 1, false)].into_iter().flatten().collect()
        } else {
            vec![]
        },
        challenges: vec![],
        doubts: vec![Doubt {
            id: 1,
            authority: OrganisationId(101),
            authority_name: "Herefordshire Council".to_owned(),
            evaluation: EvaluationId(9),
            person: PersonId(1),
            at: date(2021, 9, 9).at(10, 0, 0, 0),
            words: "The policy on going missing is of 2019.".to_owned(),
        }],
        renewed: vec![(Gate::Safeguarding, Some(date(2023, 1, 31)))],
        insurances: insurances(&evaluation, &[], date(2021, 9, 13)),
        answers: if reader == Reader::Other {
            vec![DoubtAnswer {
                doubt: 1,
                region: OrganisationId(100),
                evaluation: EvaluationId(9),
                by: PersonId(2),
                at: date(2021, 9, 10).at(9, 0, 0, 0),
                words: "The policy of 2021 was sent and read.".to_owned(),
            }]
        } else {
            vec![]
        },
        reader,
        lent: false,
        today: date(2021, 9, 13),
        evaluation,
    }
}

fn carried() -> CarriedView {
    let at = date(2021, 7, 20).at(15, 4, 0, 0);
    let row = |section: Section, name: &str, says: &str, review| CarriedRow {
        section,
        name: name.to_owned(),
        says: says.to_owned(),
        review,
    };
    let insured = "Public liability, abuse covered: £10,000,000 to 31 March 2022, £5,000,000 asked for";
    let lot = "SC400001; Accommodation £1,000, Care £3,000 a week";
    CarriedView {
        origin: "your application of AR-003, 26 October 2020".to_owned(),
        rows: vec![
            row(Section::Gate(Gate::Insurance), Gate::Insurance.label(), insured, Review::Waits),
            row(
                Section::Gate(Gate::LegalEntity),
                Gate::LegalEntity.label(),
                "Elm Care Limited, number 01234567",
                Review::Confirmed { by: PersonId(70), at },
            ),
            row(
                Section::Quality("q1".to_owned()),
                "Quality question 1",
                &"Each child has a plan. ".repeat(9),
                Review::Waits,
            ),
            row(Section::Lot("planned".to_owned()), "Lot: Planned residential care", lot, Review::Changed { at }),
        ],
        left: vec![(Gate::Finance.label().to_owned(), "Accounts to 31 March 2019 are too old".to_owned())],
    }
}

fn own(phase: OpeningPhase) -> OwnApplicationView {
    OwnApplicationView {
        public: public(phase),
        draft: Some((3, date(2021, 7, 20).at(15, 4, 0, 0))),
        carried: Some(carried()),
        lots: vec![applied()],
        documents: 2,
        missing: Invalid::one("q2", "Answer this quality question"),
        sent: None,
        earlier: None,
        asked: vec![("May a home apply for two lots?".to_owned(), true)],
        letter: None,
        challenges: vec![],
        may_challenge: false,
        unconfirmed: false,
        condition: None,
        today: date(2021, 9, 13),
    }
}

/// All of them.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let keys: Vec<String> = (0..8).map(|at| format!("k{at}")).collect();
    let (none, typed) = (Invalid::default(), Typed::default());
    let forms = Forms { keys: &keys, errors: &none, typed: &typed };
    let mut all = openings(&keys, &forms);
    all.extend(provider(&forms));
    all.extend(records(&forms));
    all.extend(conditions(&forms));
    all.extend(scorings(&forms));
    all
}

fn openings(keys: &[String], forms: &Forms<'_>) -> Vec<(&'static str, String)> {
    let line = |provider: &str, late, evaluation: Option<(String, String)>| ApplicationLine {
        provider: provider.to_owned(),
        sent: date(2021, 8, 6).at(11, 59, 58, 0),
        late,
        withdrawn: false,
        evaluation,
    };
    let begun = Some(("/region/evaluations/9".to_owned(), "Being scored".to_owned()));
    let region = |phase| RegionOpeningView {
        public: public(phase),
        waiting: vec![(
            4,
            "Elm Care Limited".to_owned(),
            "May we name a home that opens in May?".to_owned(),
            date(2021, 7, 20).at(9, 0, 0, 0),
        )],
        counts: (2, 1),
        applications: vec![
            line("Elm Care Limited", false, begun.clone()),
            line("Ash Care", false, None),
            line("Oak", true, None),
        ],
    };
    let wrong = Invalid::one("q1_weight", "The weights sum to 95: change them so that they sum to 100");
    let filled = opening::typed_of(&plan());
    let again = Forms { keys, errors: &wrong, typed: &filled };
    let rows = [(public(OpeningPhase::Open).opening, OpeningPhase::Open)];
    let kept = [(public(OpeningPhase::Closed).opening, OpeningPhase::Closed, 2, 1)];
    vec![
        ("openings for everybody", opening::public_openings(shell(), &rows).to_string()),
        ("no opening", opening::public_openings(shell(), &[]).to_string()),
        ("an opening for everybody", opening::public_opening(shell(), &public(OpeningPhase::Open)).to_string()),
        (
            "an opening that was called off",
            opening::public_opening(shell(), &public(OpeningPhase::Cancelled)).to_string(),
        ),
        ("openings of the regional team", opening::region_openings(shell(), &kept).to_string()),
        ("plan an opening, weights wrong", opening::opening_form(shell(), None, &lots(), &again).to_string()),
        ("a draft of an opening", opening::region_opening(shell(), &region(OpeningPhase::Draft), forms).to_string()),
        (
            "an opening that has closed",
            opening::region_opening(shell(), &region(OpeningPhase::Closed), forms).to_string(),
        ),
    ]
}

fn provider(forms: &Forms<'_>) -> Vec<(&'static str, String)> {
    let line = OwnOpeningLine {
        reference: "AR-004".to_owned(),
        title: "Opening of summer 2021".to_owned(),
        phase: OpeningPhase::Open,
        closes: date(2021, 8, 6).at(12, 0, 0, 0),
        own: "Draft".to_owned(),
    };
    let begin = OwnApplicationView {
        draft: None,
        carried: None,
        earlier: Some("AR-003".to_owned()),
        lots: vec![],
        ..own(OpeningPhase::Open)
    };
    let standstill = EvaluationState::Standstill { issued: date(2021, 9, 6).at(9, 0, 0, 0), until: date(2021, 9, 16) };
    let letter = Letter::of(1, &evaluated(standstill, true), "Admit to planned care");
    let unconfirmed = OwnApplicationView { unconfirmed: true, earlier: None, ..begin.clone() };
    let late = OwnApplicationView { public: public(OpeningPhase::Closed), ..begin.clone() };
    let sent = Some((date(2021, 8, 6).at(11, 59, 58, 0), false, ApplicationState::Sent));
    let in_time = OwnApplicationView { sent: sent.clone(), ..late.clone() };
    let draft = |sent| OwnApplicationView { sent, ..own(OpeningPhase::Closed) };
    let after = Some((date(2021, 8, 6).at(12, 4, 0, 0), true, ApplicationState::Sent));
    let drafts = [draft(None), draft(after), draft(sent.clone())];
    let told = OwnApplicationView {
        sent,
        letter,
        may_challenge: true,
        challenges: vec![challenge(ChallengeState::Open)],
        condition: Some(condition()),
        ..own(OpeningPhase::Closed)
    };
    let carried = carried();
    let of = FormOf { reference: "AR-004", version: 3, carried: Some(&carried) };
    let template = criteria().templates;
    let homes = [("SC400001".to_owned(), "Elm House".to_owned())];
    let asked = [("q1".to_owned(), "How do you keep children safe?".to_owned(), "Names who does what".to_owned(), 40)];
    let mut all = vec![
        ("a provider's openings", applying::own_openings(shell(), &[line]).to_string()),
        ("begin an application", applying::own_application(shell(), &begin, forms).to_string()),
        ("begin an application after the deadline", applying::own_application(shell(), &late, forms).to_string()),
        ("an application that was sent in time", applying::own_application(shell(), &in_time, forms).to_string()),
        (
            "an application of a provider that is not confirmed",
            applying::own_application(shell(), &unconfirmed, forms).to_string(),
        ),
        ("an application to finish", applying::own_application(shell(), &own(OpeningPhase::Open), forms).to_string()),
        ("an outcome for its provider", applying::own_application(shell(), &told, forms).to_string()),
        ("selection questions", applying::selection_form(shell(), of, InsuranceKind::ALL, forms).to_string()),
        ("quality questions", applying::quality_form(shell(), of, &asked, forms).to_string()),
    ];
    let names =
        ["a draft after the deadline", "a draft beside what was sent late", "a draft beside what was sent in time"];
    let drafts = drafts.map(|view| applying::own_application(shell(), &view, forms).to_string());
    all.extend(names.into_iter().zip(drafts));
    if let Some(template) = template.first() {
        let form = applying::lot_form(shell(), of, (template, "Planned residential care"), &homes, forms);
        all.push(("a lot of an application", form.to_string()));
    }
    all
}

fn records(forms: &Forms<'_>) -> Vec<(&'static str, String)> {
    let admitted = EvaluationState::Admitted { from: date(2021, 9, 1), until: date(2025, 9, 1) };
    let standstill = EvaluationState::Standstill { issued: date(2021, 9, 6).at(9, 0, 0, 0), until: date(2021, 9, 16) };
    let recommended = EvaluationState::Recommended {
        at: date(2021, 9, 3).at(9, 0, 0, 0),
        by: PersonId(50),
        words: "Admit to planned care".to_owned(),
    };
    let challenged = RecordView {
        challenges: vec![challenge(ChallengeState::Open)],
        ..record(evaluated(standstill.clone(), true), Reader::Region)
    };
    let covered = RecordView { lent: true, ..record(evaluated(standstill, true), Reader::Region) };
    let challenge_covered = RecordView { lent: true, ..challenged.clone() };
    let mut reopened = record(evaluated(EvaluationState::Moderating, true), Reader::Region);
    reopened.homes = reopened.evaluation.homes.drain(..).map(|home| home.finding).collect();
    let mut judged_anew = record(evaluated(EvaluationState::Moderating, true), Reader::Region);
    judged_anew.evaluation.consensus = evaluated(admitted.clone(), true).consensus;
    let mut passed_on = record(evaluated(EvaluationState::Scoring, true), Reader::Region);
    let colleague = Evaluator { person: PersonId(30), ..evaluator(3, "Ali Corvedale", "Coventry City Council") };
    passed_on.evaluation.panel.push(colleague);
    let mut released = record(evaluated(EvaluationState::Scoring, true), Reader::Region);
    released.evaluation.released.push(Release {
        person: PersonId(2),
        reason: ReleaseReason::Left,
        by: PersonId(50),
        at: date(2021, 8, 18).at(9, 0, 0, 0),
    });
    let mut struck = record(evaluated(EvaluationState::Moderating, true), Reader::Region);
    struck.steps.push(step(2, Step::Conflict));
    struck.evaluation.struck.push(PersonId(2));
    struck.sheets.truncate(1);
    let page = |view: &RecordView| evaluation::record(shell(), view, forms).to_string();
    let list = [evaluated(admitted.clone(), true), evaluated(EvaluationState::Scoring, true)];
    vec![
        ("evaluation records", evaluation::evaluations(shell(), &list, date(2021, 9, 13)).to_string()),
        ("gates to judge", page(&record(evaluated(EvaluationState::Gates, false), Reader::Region))),
        (
            "an evaluation that is being scored",
            page(&record(evaluated(EvaluationState::Scoring, true), Reader::Region)),
        ),
        ("a seat that was passed on", page(&passed_on)),
        ("a seat that was released", page(&released)),
        ("a sheet that was struck", page(&struck)),
        ("an evaluation in moderation", page(&record(evaluated(EvaluationState::Moderating, true), Reader::Region))),
        ("homes to judge anew", page(&reopened)),
        ("a recommendation after homes were judged anew", page(&judged_anew)),
        ("an evaluation that is recommended", page(&record(evaluated(recommended, true), Reader::Region))),
        ("an outcome that is challenged", page(&challenged)),
        ("an outcome that a cover reads", page(&covered)),
        ("a challenge that a cover reads", page(&challenge_covered)),
        ("an evaluation that an authority relies on", page(&record(evaluated(admitted, true), Reader::Authority))),
    ]
}

/// An admission under a condition, on its day and later.
fn conditions(forms: &Forms<'_>) -> Vec<(&'static str, String)> {
    let admitted = EvaluationState::Admitted { from: date(2021, 9, 1), until: date(2025, 9, 1) };
    let (by, at) = (PersonId(50), date(2021, 12, 6).at(9, 0, 0, 0));
    let reason = "The post was advertised twice and nobody came.".to_owned();
    let missed = Some(reason.clone());
    let met =
        ConditionState::Met { on: date(2021, 12, 20), evidence: "The contract of 20 December.".into(), by, at, missed };
    let on = |today, state, reader| {
        let mut view = record(evaluated(admitted.clone(), true), reader);
        view.today = today;
        view.evaluation.condition = Some(Condition { state, ..condition() });
        evaluation::record(shell(), &view, forms).to_string()
    };
    let page = |state, reader| on(date(2021, 12, 2), state, reader);
    vec![
        ("a condition before its day", on(date(2021, 12, 1), ConditionState::Open, Reader::Region)),
        ("a condition whose day has passed", page(ConditionState::Open, Reader::Region)),
        ("a condition that was not met", page(ConditionState::NotMet { reason, by, at }, Reader::Region)),
        ("a condition that was met late", page(met, Reader::Authority)),
    ]
}

/// An evaluator's own pages.
fn scorings(forms: &Forms<'_>) -> Vec<(&'static str, String)> {
    let view_of = |steps: Vec<Step>, own| ScoringView {
        evaluation: evaluated(EvaluationState::Scoring, true),
        answers: Answers {
            quality: vec![(
                "q1".to_owned(),
                "Each shift begins with a handover.\nEvery plan is read by two people.".to_owned(),
            )],
            ..Answers::default()
        },
        steps,
        own,
        released: false,
    };
    let away = ScoringView { released: true, ..view_of(vec![Step::NoConflict], None) };
    let lines = [(evaluated(EvaluationState::Scoring, true), vec![step(1, Step::NoConflict)])];
    vec![
        ("an evaluator's list", scoring::own_evaluations(shell(), &lines, PersonId(1)).to_string()),
        ("an evaluator declares", scoring::scoring(shell(), &view_of(vec![], None), forms).to_string()),
        ("an evaluator whose seat is released", scoring::scoring(shell(), &away, forms).to_string()),
        ("an evaluator scores", scoring::scoring(shell(), &view_of(vec![Step::NoConflict], None), forms).to_string()),
        (
            "an evaluator has handed in",
            scoring::scoring(shell(), &view_of(vec![Step::NoConflict, Step::HandedIn], Some(sheet(1, 4))), forms)
                .to_string(),
        ),
    ]
}
