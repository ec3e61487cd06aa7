//! The page on which an evaluator scores, alone, and the list of what is to score.

use placewell_domain::homes::admission::application::Answers;
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState};
use placewell_domain::homes::admission::score::{PanelStep, Sheet, Step, conflicted};
use placewell_domain::id::PersonId;

use super::evaluation::state_tag;
use crate::components::{Button, Cell, Colour, Details, Inset, Link, Row, Table, Tag};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::power::arrangement::Forms;
use crate::shell::Shell;

/// One line of an evaluator's list.
pub fn own_evaluations(shell: Shell, lines: &[(Evaluation, Vec<PanelStep>)], person: PersonId) -> Page {
    let rows = lines.iter().map(|(evaluation, steps)| {
        let link = Link::new(evaluation.provider_name.as_str(), format!("/evaluations/{}", evaluation.id));
        let own = match steps.iter().map(|step| step.step).max() {
            _ if conflicted(steps, person) => Tag::new("Conflict declared", Colour::Grey),
            _ if evaluation.release_of(person).is_some() => Tag::new("Seat released", Colour::Grey),
            None if matches!(evaluation.state, EvaluationState::Scoring) => {
                Tag::new("To declare and score", Colour::Blue)
            }
            None => Tag::new("Not open for scores", Colour::Grey),
            Some(Step::NoConflict | Step::Conflict) => Tag::new("To score", Colour::Yellow),
            Some(Step::HandedIn) => Tag::new("Handed in", Colour::Green),
        };
        Row::new(Cell::new(Html::from(link)))
            .cell(evaluation.opening_reference.as_str())
            .cell(own)
            .cell(state_tag(&evaluation.state))
    });
    let table = Table::new("Applications that you evaluate")
        .columns(["Provider", "Opening", "Your part", "Evaluation"])
        .rows(rows)
        .empty("You are not named as an evaluator. The regional team names evaluators when an opening has closed.");
    Page::new(shell.titled("Your evaluations"))
        .text("You score alone. Nobody reads your scores before every evaluator has handed in.")
        .with(Html::bullets([Link::new("Evaluation records that your authority relies on", "/region/evaluations")]))
        .with(table)
}

/// What an evaluator sees.
#[derive(Debug, Clone)]
pub struct ScoringView {
    /// The evaluation.
    pub evaluation: Evaluation,
    /// The quality answers.
    pub answers: Answers,
    /// The evaluator's own steps.
    pub steps: Vec<Step>,
    /// The evaluator's own scores.
    pub own: Option<Sheet>,
    /// Whether the evaluator's seat was released.
    pub released: bool,
}

/// The page on which an evaluator scores.
pub fn scoring(shell: Shell, view: &ScoringView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let evaluation = &view.evaluation;
    let shell = shell
        .titled(evaluation.provider_name.as_str())
        .caption(format!("Score this application, {}", evaluation.opening_reference))
        .record(evaluation.opening_reference.as_str())
        .back("/evaluations")
        .with_errors(forms.errors);
    let page = Page::new(shell)
        .with(Html::bullets([Link::new("The evaluation record", format!("/region/evaluations/{}", evaluation.id))]));
    if view.steps.contains(&Step::Conflict) {
        return page.with(Inset::new("You declared a conflict of interest: you score nothing here."));
    }
    if view.released {
        return page.with(Inset::new("Your seat on this panel was released: you score nothing here."));
    }
    let later = || conflict_found_later(view, forms, &csrf);
    if view.steps.contains(&Step::HandedIn) {
        let page = page.with(Inset::new("You have handed in your scores. They stand; moderation finds the consensus."));
        return read_only(page, view).maybe(later());
    }
    if !matches!(evaluation.state, EvaluationState::Scoring) {
        return page
            .with(Inset::new("Scores are not taken now. You are told by e-mail when the gates have been judged."))
            .maybe(later());
    }
    if !view.steps.contains(&Step::NoConflict) {
        let form = Form::post(format!("/evaluations/{}/declare", evaluation.id), csrf.as_str(), forms.key(0))
            .field(
                Field::yes_no("conflict", "Do you have a conflict of interest in this application?")
                    .hint("Work, money, family or friendship with the provider or a person who controls it.")
                    .value(forms.typed.get("conflict"))
                    .errors(forms.errors),
            )
            .field(
                Field::textarea("conflict_words", "If yes, what is it?")
                    .rows(3)
                    .value(forms.typed.get("conflict_words"))
                    .errors(forms.errors),
            )
            .submit("Declare");
        return page.heading("Before you read the answers").with(form);
    }
    sheet(page, view, forms, &csrf).maybe(later())
}

/// A conflict that is found later is told here, at any time before the outcome is final.
fn conflict_found_later(view: &ScoringView, forms: &Forms<'_>, csrf: &str) -> Option<Details> {
    if view.evaluation.is_open_to_conflicts().is_err() {
        return None;
    }
    let form = Form::post(format!("/evaluations/{}/declare", view.evaluation.id), csrf, forms.key(1))
        .field(Field::hidden("conflict", "yes"))
        .field(
            Field::textarea("conflict_words", "What is the conflict of interest?")
                .hint("From then on you score nothing here, and scores that you handed in count no more.")
                .rows(3)
                .value(forms.typed.get("conflict_words"))
                .errors(forms.errors),
        )
        .submit("Tell of this conflict");
    Some(Details::new("You have found a conflict of interest since", form))
}

fn read_only(page: Page, view: &ScoringView) -> Page {
    let Some(own) = &view.own else { return page };
    let rows = view.evaluation.criteria.quality.iter().map(|question| {
        let mark = own.marks.iter().find(|mark| mark.question == question.code);
        let score = mark.and_then(|mark| mark.score).map_or_else(String::new, |score| score.to_string());
        Row::new(question.text.as_str()).cell(score).cell(mark.map_or("", |mark| mark.comment.as_str()))
    });
    page.with(Table::new("Your scores").columns(["Question", "Score", "Comment"]).rows(rows))
}

fn sheet(page: Page, view: &ScoringView, forms: &Forms<'_>, csrf: &str) -> Page {
    let evaluation = &view.evaluation;
    let at = format!("/evaluations/{}/documents", evaluation.id);
    let page = page.with(Html::bullets([Link::new("Documents that came with the application", at)]));
    let mut form = Form::post(format!("/evaluations/{}/scores", evaluation.id), csrf, forms.key(0))
        .version(view.own.as_ref().map_or(0, |own| own.version));
    for question in &evaluation.criteria.quality {
        let (score, comment) = (format!("{}_score", question.code), format!("{}_comment", question.code));
        let choices = (0..=evaluation.criteria.scale).map(|value| Choice::new(value.to_string(), value.to_string()));
        form = form
            .part(Html::heading(&question.text))
            .part(Inset::new(Html::lines(view.answers.quality(&question.code).lines())))
            .field(
                Field::radios(
                    score.as_str(),
                    format!("Score for \"{}\" ({}%)", question.text, question.weight),
                    choices,
                )
                .hint(question.criteria.as_str())
                .inline()
                .value(forms.typed.get(&score))
                .errors(forms.errors),
            )
            .field(
                Field::textarea(comment.as_str(), format!("Comment on \"{}\"", question.text))
                    .rows(3)
                    .value(forms.typed.get(&comment))
                    .errors(forms.errors),
            );
    }
    let form = form
        .button(Button::submit("Hand in").sends("hand_in", "yes"))
        .button(Button::submit("Save and go on later").secondary().sends("hand_in", "no"));
    page.heading("Your scores").text("Handed in, scores stand.").with(form)
}
