//! The evaluation record, one page that every authority relies on, with the regional team's act that comes next.

use jiff::civil::Date;
use placewell_domain::homes::admission::evaluation::{
    Evaluation, EvaluationState, HomeFinding, LONGEST_CONDITION, Outcome, Reopened, Spread,
};
use placewell_domain::homes::admission::insured::Insured;
use placewell_domain::homes::admission::outcome::{Challenge, ChallengeState, Doubt, DoubtAnswer};
use placewell_domain::homes::admission::score::{PanelStep, ReleaseReason, Sheet, Step};
use placewell_domain::homes::admission::selection::{Gate, GateFinding};
use placewell_domain::id::PersonId;

use super::condition;
use super::insured::insurances;
use super::opening::lot_name;
use crate::components::{Cell, Colour, Column, Details, Inset, Link, Row, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::office::access::cover::LENT;
use crate::page::Page;
use crate::power::arrangement::Forms;
use crate::shell::Shell;
use crate::words;

pub(super) fn state_tag(state: &EvaluationState) -> Tag {
    let colour = match state {
        EvaluationState::Gates => Colour::Blue,
        EvaluationState::Scoring | EvaluationState::Moderating => Colour::Yellow,
        EvaluationState::Recommended { .. } | EvaluationState::Standstill { .. } => Colour::Purple,
        EvaluationState::Admitted { .. } => Colour::Green,
        EvaluationState::NotAdmitted { .. } => Colour::Grey,
    };
    Tag::new(state.label(), colour)
}

fn validity(evaluation: &Evaluation) -> String {
    match evaluation.state {
        EvaluationState::Admitted { from, until } => {
            format!("{} to {}", words::date(from), words::date(placewell_domain::nights::plus_days(until, -1)))
        }
        EvaluationState::NotAdmitted { on } => format!("Not admitted since {}", words::date(on)),
        EvaluationState::Gates
        | EvaluationState::Scoring
        | EvaluationState::Moderating
        | EvaluationState::Recommended { .. }
        | EvaluationState::Standstill { .. } => "Not final".to_owned(),
    }
}

/// The evaluation records, one page of them.
pub fn evaluations(shell: Shell, all: &[Evaluation], today: Date) -> Page {
    let rows = all.iter().map(|one| {
        let link = Link::new(one.provider_name.as_str(), format!("/region/evaluations/{}", one.id));
        let homes = one.homes.iter().filter(|home| home.passed).count();
        let holds = if one.holds_on(today) { "Relied on" } else { "" };
        Row::new(Cell::new(Html::from(link)))
            .cell(one.opening_reference.as_str())
            .cell(state_tag(&one.state))
            .cell(Cell::number(u64::try_from(homes).unwrap_or(u64::MAX)))
            .cell(validity(one))
            .cell(holds)
    });
    let table = Table::new("Evaluation records")
        .column(Column::text("Provider"))
        .column(Column::text("Opening"))
        .column(Column::text("Stands"))
        .column(Column::number("Homes on lots"))
        .column(Column::text("Holds"))
        .column(Column::text("Today"))
        .rows(rows)
        .empty("No application has been evaluated.");
    Page::new(shell.titled("Evaluation records"))
        .text("Each provider and each of its homes is evaluated once, by evaluators of several authorities. Every authority relies on the record.")
        .with(table)
        .with(Html::bullets([
            Html::from(Link::new("These records as CSV", "/region/evaluations.csv")),
            Html::from(Link::new("These records as a workbook", "/region/evaluations.xlsx")),
        ]))
}

/// What the reader of a record may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The regional team.
    Region,
    /// An authority.
    Authority,
    /// Somebody who only reads.
    Other,
}

/// A record.
#[derive(Debug, Clone)]
pub struct RecordView {
    /// The evaluation.
    pub evaluation: Evaluation,
    /// What follows from it.
    pub found: Outcome,
    /// Code and name of each lot of the arrangement.
    pub lots: Vec<(String, String)>,
    /// What the panel did.
    pub steps: Vec<PanelStep>,
    /// The scores, once moderation is open.
    pub sheets: Vec<Sheet>,
    /// What the answers show of each gate, while they are to be judged.
    pub gates: Vec<GateFinding>,
    /// What the register shows of each home, while they are to be judged.
    pub homes: Vec<HomeFinding>,
    /// Challenges.
    pub challenges: Vec<Challenge>,
    /// Doubts.
    pub doubts: Vec<Doubt>,
    /// The regional team's answers to them.
    pub answers: Vec<DoubtAnswer>,
    /// The last day of the evidence that a document of the provider renews, gate by gate.
    pub renewed: Vec<(Gate, Option<Date>)>,
    /// The insurances that it rests on.
    pub insurances: Vec<Insured>,
    /// Who reads.
    pub reader: Reader,
    /// Whether a cover alone lends the reader their role, so that another answers its challenge and makes it final.
    pub lent: bool,
    /// Today.
    pub today: Date,
}

/// The page of a record.
pub fn record(shell: Shell, view: &RecordView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let evaluation = &view.evaluation;
    let shell = shell
        .titled(evaluation.provider_name.as_str())
        .caption(format!("Evaluation, {}", evaluation.opening_reference))
        .record(evaluation.opening_reference.as_str())
        .back("/region/evaluations")
        .with_errors(forms.errors);
    let seats = evaluation.panel.iter().filter(|one| evaluation.in_place_of(one).is_none());
    let panel: Vec<&str> = seats.map(|one| one.authority_name.as_str()).collect();
    let facts = SummaryList::new()
        .row("Stands", state_tag(&evaluation.state))
        .row("Holds", validity(evaluation))
        .row("Begun", words::moment(evaluation.begun))
        .row("Evaluators of", words::list(&panel))
        .row("Relied on by", "Every authority that takes part in the arrangement")
        .maybe("Quality mark", view.found.quality.map(|points| format!("{points} of 100")));
    let facts = condition::facts(facts, evaluation.condition_of_admission(), view.today);
    let mut page = Page::new(shell).with(facts);
    if view.reader == Reader::Region {
        let at = format!("/region/evaluations/{}/documents", evaluation.id);
        page = page.with(Html::bullets([Link::new("Documents that came with the application", at)]));
        page = act(page, view, forms, &csrf);
    }
    page = page.maybe((!evaluation.gates.is_empty()).then(|| gates(view)));
    page = page.maybe((!view.insurances.is_empty()).then(|| insurances(&view.insurances, view.today)));
    page = page.maybe((!evaluation.homes.is_empty()).then(|| homes(view)));
    page = page.maybe(view.found.quality.map(|_| lots(view)));
    page = page.maybe((!evaluation.consensus.is_empty()).then(|| consensus(evaluation)));
    let seats_moved = matches!(evaluation.state, EvaluationState::Scoring) || !evaluation.struck.is_empty();
    page = page.maybe(seats_moved.then(|| progress(view)));
    page = page.heading("How it was judged").text(evaluation.criteria.formula());
    page = doubts(page, view, forms, &csrf);
    page
}

fn gates(view: &RecordView) -> Table {
    Table::new("Gates of the provider")
        .columns(["Gate", "Result", "Evidence", "Judged on", "Evidence holds until"])
        .rows(view.evaluation.gates.iter().map(|gate| {
            let renewed = view.renewed.iter().find(|(known, _)| *known == gate.gate);
            let until = renewed.map_or(gate.until, |(_, until)| *until);
            let result = match (gate.passed, until.is_some_and(|until| until < view.today)) {
                (false, _) => Tag::new("Failed", Colour::Red),
                (true, true) => Tag::new("Expired", Colour::Orange),
                (true, false) => Tag::new("Passed", Colour::Green),
            };
            let words =
                if gate.words.is_empty() { gate.found.clone() } else { format!("{}. {}", gate.found, gate.words) };
            Row::new(gate.gate.label())
                .cell(result)
                .cell(words)
                .cell(words::date(gate.on))
                .cell(holds_until(gate.until, until))
        }))
}

/// Until when evidence holds, as it was judged and as it stands by a newer document.
pub(super) fn holds_until(judged: Option<Date>, now: Option<Date>) -> String {
    let until = now.map_or_else(|| "No end".to_owned(), words::date);
    if judged == now { until } else { format!("{until}, by a newer document") }
}

fn homes(view: &RecordView) -> Table {
    Table::new("Homes, lot by lot").columns(["Home", "Lot", "Result", "What was found"]).rows(
        view.evaluation.homes.iter().map(|home| {
            let link = Link::new(home.finding.name.as_str(), format!("/homes/{}", home.finding.urn));
            let result =
                if home.passed { Tag::new("Passed", Colour::Green) } else { Tag::new("Not added", Colour::Red) };
            let words = if home.words.is_empty() {
                home.finding.found.clone()
            } else {
                format!("{}. {}", home.finding.found, home.words)
            };
            let lot = lot_name(&view.lots, &home.finding.lot);
            Row::new(Cell::new(Html::from(link))).cell(lot).cell(result).cell(words)
        }),
    )
}

fn lots(view: &RecordView) -> Table {
    Table::new("Lots by the published formula")
        .column(Column::text("Lot"))
        .column(Column::number("Weekly price"))
        .column(Column::number("Price mark"))
        .column(Column::number("Total"))
        .column(Column::text("Result"))
        .rows(view.found.lots.iter().map(|lot| {
            Row::new(lot_name(&view.lots, &lot.lot))
                .cell(Cell::money(lot.weekly))
                .cell(lot.price.to_string())
                .cell(lot.total.to_string())
                .cell(if lot.passes { "Passed" } else { "Not passed" })
        }))
}

fn consensus(evaluation: &Evaluation) -> Table {
    Table::new("Consensus of the panel")
        .column(Column::text("Question"))
        .column(Column::number("Weight"))
        .column(Column::text("Scores from and to"))
        .column(Column::number("Consensus"))
        .column(Column::text("Why"))
        .rows(evaluation.consensus.iter().map(|one| {
            let question = evaluation.criteria.question(&one.question);
            Row::new(question.map_or(one.question.as_str(), |question| question.text.as_str()))
                .cell(format!("{}%", question.map_or(0, |question| question.weight)))
                .cell(format!("{} to {}", one.spread.low(), one.spread.high()))
                .cell(one.score.to_string())
                .cell(one.reason.as_str())
        }))
}

fn did(steps: &[PanelStep], person: PersonId, step: Step) -> bool {
    steps.iter().any(|one| one.person == person && one.step == step)
}

fn progress(view: &RecordView) -> Table {
    Table::new("The panel").columns(["Evaluator", "Authority", "Stands"]).rows(view.evaluation.panel.iter().map(
        |one| {
            let stands = if did(&view.steps, one.person, Step::Conflict) {
                Tag::new("Conflict declared", Colour::Orange)
            } else if view.evaluation.release_of(one.person).is_some() {
                Tag::new("Seat released", Colour::Grey)
            } else if did(&view.steps, one.person, Step::HandedIn) {
                Tag::new("Handed in", Colour::Green)
            } else if did(&view.steps, one.person, Step::NoConflict) {
                Tag::new("Scoring", Colour::Yellow)
            } else {
                Tag::new("To declare", Colour::Blue)
            };
            let name = match view.evaluation.in_place_of(one) {
                Some(before) => format!("{}, in the place of {}", one.name, before.name),
                None => one.name.clone(),
            };
            Row::new(name).cell(one.authority_name.as_str()).cell(stands)
        },
    ))
}

/// Whose seat a colleague can take.
fn seats_to_pass_on(view: &RecordView) -> Option<Inset> {
    let seats = view.evaluation.seats_to_pass_on(&view.steps);
    let lines = seats.iter().map(|one| {
        let (name, authority) = (&one.name, &one.authority_name);
        let why = match view.evaluation.release_of(one.person) {
            Some(release) => format!("The seat of {name} is released: {}.", release.reason.label()),
            None => format!("{name} declared a conflict of interest."),
        };
        Html::from(format!("{why} Name a colleague of {authority} in their place, or go on with the others: at least two have to score."))
    });
    (!seats.is_empty()).then(|| Inset::new(Html::bullets(lines.collect::<Vec<_>>())))
}

/// Releases the seat of an evaluator who is waited for; nothing where nobody is.
fn release(view: &RecordView, form: Form, forms: &Forms<'_>) -> Option<Details> {
    let waited = view.evaluation.waited_for(&view.steps);
    if waited.is_empty() {
        return None;
    }
    let seats =
        waited.iter().map(|one| Choice::new(one.person.to_string(), format!("{}, {}", one.name, one.authority_name)));
    let reasons = ReleaseReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let form = form
        .field(
            Field::radios("person", "Whose seat is released?", seats)
                .value(forms.typed.get("person"))
                .errors(forms.errors),
        )
        .field(
            Field::radios("reason", "Why?", reasons)
                .hint("The evaluator is told that the seat is released, and not why.")
                .value(forms.typed.get("reason"))
                .errors(forms.errors),
        );
    Some(Details::new("Release the seat of an evaluator", form.submit("Release this seat")))
}

/// The act that comes next for the regional team.
fn act(page: Page, view: &RecordView, forms: &Forms<'_>, csrf: &str) -> Page {
    let evaluation = &view.evaluation;
    let form = |to: &str, key: usize| {
        Form::post(format!("/region/evaluations/{}/{to}", evaluation.id), csrf, forms.key(key))
            .version(evaluation.version)
    };
    let name = || {
        let field = Field::email("email", "E-mail address of another evaluator")
            .hint("Of an authority without an evaluator, or a colleague of one who gave up the seat.")
            .value(forms.typed.get("email"))
            .errors(forms.errors);
        Details::new("Name another evaluator", form("evaluator", 1).field(field).submit("Name this evaluator"))
    };
    match &evaluation.state {
        EvaluationState::Gates => judging(page, view, form("gates", 0), forms)
            .maybe(seats_to_pass_on(view))
            .with(name())
            .maybe(release(view, form("release", 3), forms)),
        EvaluationState::Scoring => page
            .with(Inset::new("Scores are blind: you see who has handed in, and no score before moderation is open."))
            .maybe(seats_to_pass_on(view))
            .with(form("moderate", 0).submit("Open the scores to the panel"))
            .with(name())
            .maybe(release(view, form("release", 3), forms)),
        EvaluationState::Moderating if evaluation.judges_homes() => judging_homes(page, view, form("homes", 0), forms),
        EvaluationState::Moderating => moderating(page, view, form("recommend", 0), forms),
        EvaluationState::Recommended { words, .. } => page
            .with(Inset::new(format!(
                "{} {words}",
                if view.found.passes() { "Recommended for admission." } else { "Not recommended." }
            )))
            .with(form("issue", 0).submit("Send the letter and begin the standstill")),
        EvaluationState::Standstill { until, .. } => {
            let page = page.with(Inset::new(format!("The standstill goes on until {}.", words::date(*until))));
            challenged(page, view, &form, forms)
        }
        EvaluationState::Admitted { .. } => condition::record(page, view, form("condition", 0), forms),
        EvaluationState::NotAdmitted { .. } => page,
    }
}

fn verdict(form: Form, (code, label, met, found): (&str, &str, bool, &str), forms: &Forms<'_>) -> Form {
    let said = forms.typed.get(code);
    // What the evidence meets is still for a person to judge; what it fails has one answer.
    let value = if met { said } else { "no" };
    let words = format!("{code}_words");
    let choices = if met {
        vec![Choice::new("yes", "Passed"), Choice::new("no", "Failed")]
    } else {
        vec![Choice::new("no", "Failed: the evidence fails it")]
    };
    form.field(Field::radios(code, label, choices).hint(found).inline().value(value).errors(forms.errors)).field(
        Field::text(words.as_str(), format!("{label}: why, or what is added"))
            .value(forms.typed.get(&words))
            .errors(forms.errors),
    )
}

fn judging(page: Page, view: &RecordView, form: Form, forms: &Forms<'_>) -> Page {
    let mut form = form;
    for gate in &view.gates {
        form = verdict(form, (gate.gate.code(), gate.gate.label(), gate.met, &gate.found), forms);
    }
    page.heading("Judge the gates")
        .text("Gates come first. A failed gate ends the evaluation before quality is read; a failed home only its own.")
        .with(homes_to_judge(form, view, forms).submit("Judge the gates"))
}

fn homes_to_judge(form: Form, view: &RecordView, forms: &Forms<'_>) -> Form {
    let mut form = form;
    for home in &view.homes {
        let code = format!("{}_{}", home.urn, home.lot);
        let label = format!("{}, lot: {}", home.name, lot_name(&view.lots, &home.lot));
        form = verdict(form, (&code, &label, home.met, &home.found), forms);
    }
    form
}

fn judging_homes(page: Page, view: &RecordView, form: Form, forms: &Forms<'_>) -> Page {
    let follows = if view.evaluation.scores_stand() {
        "A challenge about the homes was upheld. The scores stand, and a new letter follows."
    } else {
        "A challenge about the homes was upheld. A new letter follows once the panel has agreed anew."
    };
    page.heading("Judge the homes anew").text(follows).with(homes_to_judge(form, view, forms).submit("Judge the homes"))
}

fn spread_words(view: &RecordView, spread: &Spread) -> Html {
    let lines = spread.scores.iter().map(|(person, score)| {
        let name = view.evaluation.panel.iter().find(|one| one.person == *person).map_or("", |one| one.name.as_str());
        let sheet = view.sheets.iter().find(|sheet| sheet.person == *person);
        let mark = sheet.and_then(|sheet| sheet.marks.iter().find(|mark| mark.question == spread.question));
        Html::from(format!("{name}: {score}. {}", mark.map_or("", |mark| mark.comment.as_str())))
    });
    Html::join([
        Html::paragraph(format!("Scores from {} to {}:", spread.low(), spread.high())),
        Html::bullets(lines.collect::<Vec<_>>()),
    ])
}

fn moderating(page: Page, view: &RecordView, form: Form, forms: &Forms<'_>) -> Page {
    let (heading, submit) = if view.evaluation.scores_stand() {
        ("Recommend anew: the consensus stands", "Recommend")
    } else {
        ("Find the consensus", "Record the consensus and recommend")
    };
    page.heading(heading).with(recommending(consensus_fields(form, view, forms), forms).submit(submit))
}

/// A score and its reason for each question, where they are to be found; none where the consensus stands.
fn consensus_fields(form: Form, view: &RecordView, forms: &Forms<'_>) -> Form {
    let mut form = form;
    if view.evaluation.scores_stand() {
        return form;
    }
    for spread in view.evaluation.spreads(&view.sheets) {
        let Some(question) = view.evaluation.criteria.question(&spread.question) else { continue };
        let (score, reason) = (format!("{}_score", question.code), format!("{}_reason", question.code));
        form = form
            .part(Html::heading(&question.text))
            .part(spread_words(view, &spread))
            .field(
                Field::number(
                    score.as_str(),
                    format!("Consensus on \"{}\", 0 to {}", question.text, view.evaluation.criteria.scale),
                )
                .width(2)
                .value(forms.typed.get(&score))
                .errors(forms.errors),
            )
            .field(
                Field::textarea(reason.as_str(), "Why: the provider reads this")
                    .rows(3)
                    .value(forms.typed.get(&reason))
                    .errors(forms.errors),
            );
    }
    form
}

fn recommending(form: Form, forms: &Forms<'_>) -> Form {
    form.field(
        Field::textarea("words", "What is recommended, and why")
            .limit(2_000)
            .value(forms.typed.get("words"))
            .errors(forms.errors),
    )
    .field(
        Field::textarea("condition", "Condition of the admission, if any: the provider and every authority read this")
            .rows(3)
            .limit(LONGEST_CONDITION)
            .value(forms.typed.get("condition"))
            .errors(forms.errors),
    )
    .field(
        Field::date("condition_by", "By when is it met?").parts(forms.typed.date("condition_by")).errors(forms.errors),
    )
}

/// How a challenge was answered, before the words of the answer.
pub(super) fn upheld_words(upheld: bool, reopens: Option<Reopened>) -> String {
    match reopens {
        Some(what) => format!("Upheld. Opened again: {}.", what.label()),
        None if upheld => "Upheld: the panel looks again.".to_owned(),
        None => "Not upheld.".to_owned(),
    }
}

/// The answers that a challenge can have: where a gate had failed, homes and scores change nothing.
fn answers(view: &RecordView) -> Vec<Choice> {
    let opens = Reopened::ALL.iter().filter(|what| view.found.gates || **what == Reopened::Gates);
    let upheld = opens.map(|what| Choice::new(what.code(), format!("Upheld. {}", what.label())));
    std::iter::once(Choice::new("no", "Not upheld")).chain(upheld).collect()
}

fn challenged(page: Page, view: &RecordView, form: &dyn Fn(&str, usize) -> Form, forms: &Forms<'_>) -> Page {
    let mut page = page;
    let mut open = false;
    for challenge in &view.challenges {
        page = page.with(Inset::new(format!("Challenged at {}: {}", words::moment(challenge.at), challenge.words)));
        match &challenge.state {
            ChallengeState::Answered { words, upheld, reopens, .. } => {
                page = page.text(format!("{} {words}", upheld_words(*upheld, *reopens)));
            }
            ChallengeState::Open => open = true,
        }
    }
    if view.lent {
        return page.with(Inset::new(LENT));
    }
    if open {
        let answer = form("challenge", 1)
            .field(
                Field::radios("upheld", "Is it upheld, and what is opened again?", answers(view))
                    .hint("What is not opened again stands. A new letter follows, with a standstill of its own.")
                    .value(forms.typed.get("upheld"))
                    .errors(forms.errors),
            )
            .field(
                Field::textarea("words", "The answer")
                    .limit(2_000)
                    .value(forms.typed.get("words"))
                    .errors(forms.errors),
            )
            .submit("Answer the challenge");
        return page.with(answer);
    }
    page.with(form("confirm", 0).submit("Make the outcome final"))
}

fn doubts(page: Page, view: &RecordView, forms: &Forms<'_>, csrf: &str) -> Page {
    let answered = |doubt: &Doubt| view.answers.iter().find(|one| one.doubt == doubt.id);
    let table = Table::new("Doubts of authorities")
        .columns(["Authority", "When", "What", "Answer"])
        .rows(view.doubts.iter().map(|one| {
            let answer = answered(one).map_or("Not answered yet", |answer| answer.words.as_str());
            Row::new(one.authority_name.as_str()).cell(words::moment(one.at)).cell(one.words.as_str()).cell(answer)
        }))
        .empty("No authority has noted a doubt.");
    let page = page.with(table);
    if let Some(first) = view.doubts.iter().find(|one| view.reader == Reader::Region && answered(one).is_none()) {
        let form = Form::post(format!("/region/evaluations/{}/doubt", view.evaluation.id), csrf, forms.key(2))
            .field(Field::hidden("doubt", first.id.to_string()))
            .field(
                Field::textarea("answer", format!("Your answer to the doubt of {}", first.authority_name))
                    .hint("Every authority reads this. Do not include names of children.")
                    .limit(2_000)
                    .value(forms.typed.get("answer"))
                    .errors(forms.errors),
            )
            .submit("Answer the doubt");
        return page.with(form);
    }
    if view.reader != Reader::Authority {
        return page;
    }
    let form = Form::post(format!("/evaluations/{}/doubt", view.evaluation.id), csrf, forms.key(2))
        .field(
            Field::textarea("words", "What do you doubt, and why?")
                .hint("The regional team and every authority read this. Do not include names of children.")
                .limit(2_000)
                .value(forms.typed.get("words"))
                .errors(forms.errors),
        )
        .submit("Note this doubt");
    page.with(Details::new("Challenge this record", form))
}

#[cfg(test)]
mod tests {
    use super::super::samples::samples;

    #[test]
    fn a_record_names_its_lots_as_the_arrangement_does() {
        for (wanted, shown) in [
            ("gates to judge", "Elm House, lot: Planned residential care"),
            ("an evaluation that an authority relies on", ">Planned residential care<"),
        ] {
            let all = samples();
            let page = all.iter().find(|(name, _)| *name == wanted).map_or("", |(_, page)| page.as_str());
            assert!(page.contains(shown) && !page.contains(">planned<"), "{page}");
        }
    }
}
