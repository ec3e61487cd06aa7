//! Questions from providers and the authority's answers, to one or to everyone.

use jiff::civil::DateTime;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::question::LONGEST;

use super::tabs;
use crate::components::{Inset, SummaryCard, SummaryList};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// One question as the officer reads it.
#[derive(Debug, Clone)]
pub struct QuestionView {
    /// Its row.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// Who asked.
    pub provider: String,
    /// When.
    pub asked: DateTime,
    /// The question.
    pub text: String,
    /// The answer and whether everybody reads it.
    pub answer: Option<(String, bool)>,
}

/// The messages of a referral (S-06).
pub fn messages_page(
    shell: Shell,
    reference: &str,
    offers: u64,
    questions: &[QuestionView],
    may_answer: bool,
    errors: &Invalid,
    key: &str,
) -> Page {
    let csrf = shell.csrf.clone();
    let open = u64::try_from(questions.iter().filter(|question| question.answer.is_none()).count()).unwrap_or(0);
    let shell = shell
        .titled("Messages")
        .record(reference)
        .caption(reference)
        .back(format!("/referrals/{reference}"))
        .with_errors(errors);
    let mut page = Page::new(shell).with(tabs(reference, "messages", offers, open));
    if questions.is_empty() {
        page = page.with(Inset::new("No provider has asked a question. You see each one here, and get an e-mail."));
    }
    for question in questions {
        let title = format!("{}, {}", question.provider, words::moment(question.asked));
        let list = SummaryList::new().row("Question", question.text.as_str());
        let content: Html = match &question.answer {
            Some((text, everyone)) => {
                let to = if *everyone { "To everyone who was asked" } else { "To this provider only" };
                list.row("Answer", text.as_str()).row("Who reads it", to).into()
            }
            None if may_answer => {
                let name = format!("answer_{}", question.id);
                let to = [Choice::new("all", "Everyone who was asked"), Choice::new("one", "This provider only")];
                let form = Form::post(
                    format!("/referrals/{reference}/messages"),
                    csrf.as_str(),
                    format!("{key}-{}", question.id),
                )
                .version(question.version)
                .field(Field::hidden("question", question.id.to_string()))
                .field(
                    Field::textarea(name.as_str(), "Your answer")
                        .limit(LONGEST)
                        .hint("Do not include names or addresses.")
                        .errors(errors),
                )
                .field(
                    Field::radios(format!("to_{}", question.id), "Who reads question and answer?", to).errors(errors),
                )
                .submit("Send the answer");
                Html::join([Html::from(list), form.into()])
            }
            None => list.row("Answer", "Not answered yet").into(),
        };
        page = page.with(SummaryCard::new(title, content));
    }
    page
}

/// Samples: a question to answer beside an answered one, and none.
pub fn samples() -> Vec<(&'static str, String)> {
    let open = QuestionView {
        id: 7,
        version: 1,
        provider: "Brightwater Homes".into(),
        asked: jiff::civil::date(2021, 9, 13).at(9, 30, 0, 0),
        text: "Does she swim?".into(),
        answer: None,
    };
    let done = QuestionView { id: 8, answer: Some(("Yes.".into(), true)), ..open.clone() };
    let shell = crate::samples::signed_in_shell;
    let errors = Invalid::one("answer_7", "Enter your answer");
    vec![
        ("messages", messages_page(shell(), "HEF-R-0042", 1, &[open, done], true, &errors, "key").to_string()),
        ("no messages", messages_page(shell(), "HEF-R-0042", 0, &[], true, &Invalid::default(), "key").to_string()),
    ]
}
