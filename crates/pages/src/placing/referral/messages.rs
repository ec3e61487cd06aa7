//! Questions from providers and the authority's answers, to one or to everyone.

use jiff::civil::DateTime;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::question::LONGEST;

use super::tabs;
use crate::components::{Inset, SummaryCard, SummaryList};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::placing::child::{Withheld, said, withheld_inset};
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

/// An answer that could not be sent yet.
#[derive(Debug, Clone, Default)]
pub struct Answering {
    /// To which question.
    pub question: i64,
    /// What was typed: the answer under `answer`, beside what its form sent.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The messages of a referral (S-06).
pub fn messages_page(
    shell: Shell,
    (reference, withheld): (&str, Withheld),
    offers: u64,
    questions: &[QuestionView],
    may_answer: bool,
    answering: &Answering,
    key: &str,
) -> Page {
    let (csrf, errors) = (shell.csrf.clone(), &answering.errors);
    let open = u64::try_from(questions.iter().filter(|question| question.answer.is_none()).count()).unwrap_or(0);
    let may_open = shell.may(Action::SeeChild);
    let shell = shell
        .titled("Messages")
        .record(reference)
        .caption(reference)
        .back(format!("/referrals/{reference}"))
        .with_errors(errors);
    let mut page =
        Page::new(shell).with(tabs(reference, "messages", offers, open)).maybe(withheld_inset(withheld, may_open));
    if questions.is_empty() {
        page = page.with(Inset::new("No provider has asked a question. You see each one here, and get an e-mail."));
    }
    for question in questions {
        let title = format!("{}, {}", question.provider, words::moment(question.asked));
        let list = SummaryList::new().row("Question", said(&question.text));
        let content: Html = match &question.answer {
            Some((text, everyone)) => {
                let to = if *everyone { "To everyone who was asked" } else { "To this provider only" };
                list.row("Answer", said(text)).row("Who reads it", to).into()
            }
            None if may_answer => {
                let action = format!("/referrals/{reference}/messages");
                let form = Form::post(action, csrf.as_str(), format!("{key}-{}", question.id));
                Html::join([Html::from(list), answer_form(form, question, answering).into()])
            }
            None => list.row("Answer", "Not answered yet").into(),
        };
        page = page.with(SummaryCard::new(title, content));
    }
    page
}

fn answer_form(form: Form, question: &QuestionView, answering: &Answering) -> Form {
    let (name, reads) = (format!("answer_{}", question.id), format!("to_{}", question.id));
    let (typed, errors) = (&answering.typed, &answering.errors);
    let to = [Choice::new("all", "Everyone who was asked"), Choice::new("one", "This provider only")];
    let hint = "Do not include names or addresses. The answer is looked through before it is sent.";
    let text = Field::textarea(name.as_str(), "Your answer").limit(LONGEST).hint(hint);
    let who = Field::radios(reads.as_str(), "Who reads question and answer?", to);
    let form = form
        .version(question.version)
        .field(Field::hidden("question", question.id.to_string()))
        .field(text.value(typed.get(&name)).errors(errors))
        .field(who.value(typed.get(&reads)).errors(errors));
    let own = question.id == answering.question;
    let form = if own { form.confirming_names("question.answer", typed, errors) } else { form };
    form.submit("Send the answer")
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
    let wordless = [QuestionView { text: String::new(), answer: Some((String::new(), true)), ..open.clone() }];
    let (shell, both) = (crate::samples::signed_in_shell, [open, done]);
    let (of, gone) = (("HEF-R-0042", Withheld::Not), ("HEF-R-0042", Withheld::Erased));
    let none = Answering::default();
    let empty =
        Answering { question: 7, errors: Invalid::one("answer_7", "Enter your answer"), ..Answering::default() };
    let mut typed = Typed::default();
    typed.set("answer_7", "She and Zofia both swim.");
    typed.set("answer", "She and Zofia both swim.");
    let named = "confirmed/question.answer/answer:name:8-13";
    let message = "A name stands in answer. Take it out, or confirm that it tells of no child";
    let named = Answering { question: 7, typed, errors: Invalid::one(named, message) };
    vec![
        ("messages", messages_page(shell(), of, 1, &both, true, &empty, "key").to_string()),
        ("a name in an answer", messages_page(shell(), of, 1, &both, true, &named, "key").to_string()),
        ("no messages", messages_page(shell(), of, 0, &[], true, &none, "key").to_string()),
        ("messages about an erased child", messages_page(shell(), gone, 1, &wordless, false, &none, "key").to_string()),
    ]
}
