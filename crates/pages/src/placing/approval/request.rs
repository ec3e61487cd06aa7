//! The approver's list and one request: recommendation, price, why you, power relied on and annual value first, so that
//! a phone's first screen holds what the decision needs; then the detail.

use super::colour;
use super::scored::{self, ScoredView};
use crate::components::{
    Button, ButtonGroup, Colour, Details, Inset, Link, Row, SubNav, SummaryList, Table, Tag, Warning,
};
use crate::html::Html;
use crate::page::Page;
use crate::placing::child::said;
use crate::shell::Shell;
use crate::words;

mod examples;

pub(super) use examples::{sample, samples};

/// One request in the list.
#[derive(Debug, Clone, Default)]
pub struct RequestLine {
    /// Its reference.
    pub reference: String,
    /// What is approved.
    pub what: String,
    /// "HEF-R-0042, aged 13 to 15".
    pub about: String,
    /// The home.
    pub home: String,
    /// "£4,150 a week, £215,800 to the planned end".
    pub price: String,
    /// Why the reader, or why not.
    pub why: String,
    /// The start.
    pub needed_by: String,
    /// Its state's stored name and words.
    pub state: (String, String),
}

/// A confirmation that is due.
#[derive(Debug, Clone, Default)]
pub struct ConfirmLine {
    /// The approval.
    pub reference: String,
    /// What is due.
    pub what: String,
    /// By whom.
    pub who: String,
    /// By when.
    pub by: String,
    /// Its time has passed.
    pub overdue: bool,
    /// The reader's own: the act's part of the path.
    pub mine: Option<String>,
}

/// Confirmations that are due, above the list; they count until they are given.
fn to_confirm(lines: &[ConfirmLine]) -> Option<Html> {
    if lines.is_empty() {
        return None;
    }
    let late = lines.iter().filter(|line| line.overdue).count();
    let rows = lines.iter().map(|line| {
        let due = if line.overdue {
            Html::lines([Html::from(Tag::new("Overdue", Colour::Red)), line.by.as_str().into()])
        } else {
            line.by.as_str().into()
        };
        let act: Html = match &line.mine {
            Some(act) => Link::new("Confirm", format!("/approvals/{}/{act}", line.reference)).into(),
            None => "".into(),
        };
        Row::new(Link::new(line.reference.as_str(), format!("/approvals/{}", line.reference)))
            .cell(line.what.as_str())
            .cell(line.who.as_str())
            .cell(due)
            .cell(act)
    });
    let table = Table::new("To confirm").columns(["Request", "What", "Who confirms", "By", "Act"]).rows(rows);
    let warning = (late > 0).then(|| {
        let what = if late == 1 { "1 confirmation is".to_owned() } else { format!("{late} confirmations are") };
        Html::from(Warning::new(format!("{what} overdue.")))
    });
    Some(Html::join(warning.into_iter().chain([table.into()])))
}

/// The list.
pub fn list(shell: Shell, lines: &[RequestLine], confirm: &[ConfirmLine], decided: bool) -> Page {
    let title = if decided { "Decided" } else { "To decide" };
    let tabs = SubNav::new("Requests for approval")
        .tab("To decide", "/approvals", !decided)
        .tab("Decided", "/approvals?tab=decided", decided)
        .tab("Emergencies", "/approvals/emergencies", false);
    let rows = lines.iter().map(|line| {
        Row::new(Link::new(line.reference.as_str(), format!("/approvals/{}", line.reference)))
            .cell(Html::lines([line.what.as_str(), line.about.as_str(), line.home.as_str()]))
            .cell(line.price.as_str())
            .cell(line.why.as_str())
            .cell(line.needed_by.as_str())
            .cell(Tag::new(line.state.1.as_str(), colour(&line.state.0)))
    });
    let empty = if decided {
        "Nothing has been decided yet. Decisions show here with their reasons."
    } else {
        "Nothing waits for a decision. You will get a mail when something does."
    };
    let table = Table::new(format!("Requests: {}", title.to_lowercase()))
        .caption_hidden()
        .columns(["Request", "What", "Price", "Why you", "Start", "Status"])
        .rows(rows)
        .empty(empty);
    Page::new(shell.titled(title)).with(tabs).maybe(to_confirm(confirm)).with(table)
}

/// One year of the annual value, before and after.
#[derive(Debug, Clone, Default)]
pub struct EffectLine {
    /// "15 December 2020 to 14 December 2021".
    pub year: String,
    /// Planned before.
    pub before: String,
    /// What the award adds.
    pub adds: String,
    /// What could still be awarded after; the refusal's words where it does not fit.
    pub after: String,
    /// It does not fit.
    pub refused: bool,
}

/// Another approval of the same recommendation.
#[derive(Debug, Clone, Default)]
pub struct OtherApproval {
    /// Its reference.
    pub reference: String,
    /// What is approved.
    pub what: String,
    /// The rule and why.
    pub why: String,
    /// Its state's stored name and words.
    pub state: (String, String),
    /// By whom and by what right, where decided.
    pub decided: String,
}

/// A question and its answer.
#[derive(Debug, Clone, Default)]
pub struct QuestionLine {
    /// Who asked and when.
    pub asked: String,
    /// The question.
    pub question: String,
    /// Who answered, when, and what.
    pub answer: Option<(String, String)>,
}

/// A consultation that an emergency let follow.
#[derive(Debug, Clone, Default)]
pub struct FollowRow {
    /// What.
    pub what: String,
    /// By the end of which day.
    pub by: String,
    /// That it was done and when, or that nothing follows; none while it is to do.
    pub done: Option<String>,
    /// Its day has passed and it is still to do.
    pub overdue: bool,
}

/// One request.
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own about what the reader can do")]
#[derive(Debug, Clone, Default)]
pub struct ApprovalPage {
    /// Its reference.
    pub reference: String,
    /// What is approved.
    pub what: String,
    /// The referral's reference and age band; its page only where the reader's authority holds it.
    pub about: String,
    /// The link to the comparison, where the reader's authority holds the referral.
    pub compare: Option<String>,
    /// The link to the exemptions from a grade of Inadequate, where the home is so judged.
    pub exemptions: Option<String>,
    /// The link to the spot purchase, where it is one and the reader's authority holds it.
    pub spot: Option<String>,
    /// "Place the child at Elm House from 27 September 2021."
    pub sentence: String,
    /// A week, and to the planned end.
    pub price: String,
    /// Each rule that calls for this approval, with why.
    pub why_you: Vec<(String, String)>,
    /// The power or office relied on.
    pub power: String,
    /// The annual value before and after.
    pub effects: Vec<EffectLine>,
    /// Its state's stored name and words.
    pub state: (String, String),
    /// Why the reader cannot decide it: sentence, rule, who can.
    pub cannot: Option<(String, String, String)>,
    /// Whether the request waits for a decision.
    pub open: bool,
    /// It can be passed on.
    pub can_pass_on: bool,
    /// A verbal approval of the reader waits for confirmation; until when.
    pub to_confirm: Option<String>,
    /// A verbal approval of somebody: who wrote it down, confirmed or by when.
    pub verbal: Option<String>,
    /// Confirmations that are due: what and by when, and whether it is overdue.
    pub due: Vec<(String, bool)>,
    /// The reader is the Director who confirms a start at night.
    pub night: bool,
    /// What made it void: fact, was, now.
    pub void: Vec<(String, String, String)>,
    /// The words that offer the urgency power, where only urgency can carry it.
    pub urgent: Option<String>,
    /// Whole-life value and cumulative spend with the provider against the threshold; a warning where it is reached.
    pub watch: Option<(String, bool)>,
    /// The price is above what the search was approved for.
    pub above_search: Option<String>,
    /// What changed since it was asked for: fact, was, now, whether it voids.
    pub changes: Vec<(String, String, String, bool)>,
    /// For and against each offer: home, for, against.
    pub reasons: Vec<(String, String, String)>,
    /// The points of each offer as they were when it was asked for.
    pub scored: ScoredView,
    /// The child's wishes, the social worker's view, relatives, circumstances.
    pub views: Vec<(String, String)>,
    /// Each gate and its answer.
    pub gates: Vec<(String, String)>,
    /// What an emergency let follow, and by when.
    pub follows: Vec<FollowRow>,
    /// The reader can record that some of it was done.
    pub to_follow: bool,
    /// The reader can take the recommendation back.
    pub can_take_back: bool,
    /// What stops an award of it now: sentence, rule, who can change it.
    pub stopped: Option<(String, String, String)>,
    /// All approvals of the recommendation.
    pub all: Vec<OtherApproval>,
    /// Questions and answers.
    pub questions: Vec<QuestionLine>,
    /// The reader is the officer: can answer and record a verbal approval.
    pub is_officer: bool,
    /// Who asked, and when.
    pub asked: String,
    /// Conditions, or the words of a refusal.
    pub decision_words: Option<String>,
    /// The child's record was erased, and what was said of the child with it.
    pub erased: bool,
    /// The agreement, once prepared.
    pub agreement: Option<String>,
    /// The version and the facts' hash, for the record.
    pub hash: String,
}

/// What somebody said in words; once it was erased, that it is not shown.
fn told<'v>(view: &ApprovalPage, words: &'v str) -> &'v str {
    if view.erased { said(words) } else { words }
}

/// One request's page.
pub fn approval(shell: Shell, view: &ApprovalPage) -> Page {
    let shell = shell
        .titled(view.what.as_str())
        .caption(format!("{} · {}", view.reference, view.about))
        .record(view.reference.as_str())
        .back("/approvals");
    let erased = view.erased.then(|| Inset::new(words::ERASED));
    let mut page = Page::new(shell).with(Html::paragraph(view.sentence.as_str())).maybe(erased);
    page = state(page, view);
    page = page.maybe(view.above_search.as_deref().map(Warning::new));
    page = page.with(first_screen(view));
    page = buttons(page, view);
    if view.can_take_back {
        let to = format!("/approvals/{}/take-back", view.reference);
        page = page.text(Link::new("Take the recommendation back", to));
    }
    if let Some(compare) = &view.compare {
        page = page.text(Link::new("Compare the offers", compare.as_str()));
    }
    if let Some(spot) = &view.spot {
        page = page.text(Link::new("Spot purchase: reason, evidence, checks and both totals", spot.as_str()));
    }
    if let Some(exemptions) = &view.exemptions {
        page = page.text(Link::new("Exemptions from the grade of Inadequate", exemptions.as_str()));
    }
    page = page.text(Link::new("Approval pack (PDF)", format!("/approvals/{}/pack.pdf", view.reference)));
    detail(page, view)
}

fn state(mut page: Page, view: &ApprovalPage) -> Page {
    if !view.open {
        page = page.text(Tag::new(view.state.1.as_str(), colour(&view.state.0)));
    }
    if let Some(agreement) = &view.agreement {
        let link = Link::new(format!("Agreement {agreement}"), format!("/agreements/{agreement}"));
        page = page.with(Inset::new(Html::join([Html::from("Approved. "), link.into(), " is prepared.".into()])));
    }
    if let Some(words) = &view.decision_words {
        page = page.with(Inset::new(words.as_str()));
    }
    for (text, overdue) in &view.due {
        page = if *overdue {
            let tag = Html::from(Tag::new("Overdue", Colour::Red));
            page.with(Warning::new(Html::lines([tag, text.as_str().into()])))
        } else {
            page.with(Inset::new(text.as_str()))
        };
    }
    if !view.void.is_empty() {
        let rows =
            view.void.iter().map(|(fact, was, now)| Row::new(fact.as_str()).cell(was.as_str()).cell(now.as_str()));
        page = page
            .with(Warning::new("This approval is void, because facts changed. The offer can be recommended again."))
            .with(
                Table::new("What made it void")
                    .columns(["Fact", "What was approved or asked", "What it became"])
                    .rows(rows),
            );
    }
    if let Some((sentence, rule, who)) = &view.stopped {
        let facts = SummaryList::new().row("Rule", rule.as_str()).row("Who can change this", who.as_str());
        page = page.with(Warning::new(format!("Nothing can be approved now. {sentence}"))).with(facts);
    }
    if view.changes.iter().any(|change| change.3) {
        page = page.with(Warning::new("Facts changed since this was asked for. An approval of it is void."));
    }
    if !view.changes.is_empty() {
        let rows = view.changes.iter().map(|(fact, was, now, voids)| {
            Row::new(fact.as_str()).cell(was.as_str()).cell(now.as_str()).cell(if *voids {
                "Ends it"
            } else {
                "Keeps it"
            })
        });
        page = page.with(
            Table::new("What changed since it was asked for")
                .columns(["Fact", "When asked", "Now", "The approval"])
                .rows(rows),
        );
    }
    page
}

fn first_screen(view: &ApprovalPage) -> SummaryList {
    let why = Html::bullets(view.why_you.iter().map(|(rule, why)| Html::lines([why.as_str(), rule.as_str()])));
    let mut list = SummaryList::new()
        .row("Price", view.price.as_str())
        .row("Why this needs you", why)
        .row("Power relied on", view.power.as_str());
    for effect in &view.effects {
        let value = Html::lines([
            format!("Planned before: {}", effect.before),
            format!("This adds: {}", effect.adds),
            effect.after.clone(),
        ]);
        list = list.row(format!("Annual value, {}", effect.year), value);
    }
    if let Some((words, reached)) = &view.watch {
        let value = if *reached {
            Html::lines([Html::from(Tag::new("Threshold reached", Colour::Orange)), words.as_str().into()])
        } else {
            words.as_str().into()
        };
        list = list.row("Procurement threshold", value);
    }
    list
}

fn buttons(mut page: Page, view: &ApprovalPage) -> Page {
    let to = |act: &str| format!("/approvals/{}/{act}", view.reference);
    if let Some(by) = &view.to_confirm {
        page = page.with(Warning::new(format!("You approved this by word of mouth. Confirm it in writing by {by}.")));
        return page.with(Button::link("Confirm what you said", to("confirm")));
    }
    if view.night {
        page = page.with(Button::link("Confirm what was done at night", to("director")));
    }
    if let Some(verbal) = &view.verbal {
        page = page.with(Inset::new(verbal.as_str()));
    }
    if view.open && view.cannot.is_none() {
        let mut group = ButtonGroup::new()
            .with(Button::link("Approve this placement", to("approve")))
            .with(Button::link("Ask a question", to("ask")).secondary())
            .with(Button::link("Refuse", to("refuse")).secondary());
        if view.can_pass_on {
            group = group.with(Link::new("Pass to somebody else", to("reassign")));
        }
        return page.with(group);
    }
    if let Some((sentence, rule, who)) = view.cannot.as_ref().filter(|_| view.open && !view.is_officer) {
        let facts = SummaryList::new().row("Rule", rule.as_str()).row("Who can change this", who.as_str());
        page = page.heading("You cannot approve this placement").text(sentence.as_str()).with(facts);
        if let Some(urgent) = &view.urgent {
            page = page
                .heading("Urgency")
                .text(urgent.as_str())
                .with(Button::link("Approve in urgency", to("approve")).secondary());
        }
        return page;
    }
    if view.open && view.is_officer {
        let mut group = ButtonGroup::new();
        if view.state.0 == "question_open" {
            group = group.with(Button::link("Answer the question", to("answer")));
        } else {
            group = group.with(Button::link("Record a verbal approval", to("verbal")).secondary());
        }
        return page.with(group);
    }
    page
}

fn detail(mut page: Page, view: &ApprovalPage) -> Page {
    let approvals = view.all.iter().map(|other| {
        Row::new(Link::new(other.reference.as_str(), format!("/approvals/{}", other.reference)))
            .cell(Html::lines([other.what.as_str(), other.why.as_str()]))
            .cell(Tag::new(other.state.1.as_str(), colour(&other.state.0)))
            .cell(other.decided.as_str())
    });
    page = page.with(
        Table::new("Approvals needed, in order")
            .columns(["Request", "What and why", "Status", "Decided by"])
            .rows(approvals),
    );
    let reasons = view
        .reasons
        .iter()
        .map(|(home, for_it, against)| Row::new(home.as_str()).cell(told(view, for_it)).cell(told(view, against)));
    let table = Table::new("Reasons for and against each offer").columns(["Home", "For", "Against"]).rows(reasons);
    page = page.with(table).maybe(scored::table(&view.scored));
    if view.compare.is_none() {
        page = page.text("You read what speaks for and against this offer alone. Of any other, that stays with the body that places the child.");
    }
    if !view.views.is_empty() {
        page = page.heading("Views").with(facts(&view.views));
    }
    page = page.heading("Before approval").with(facts(&view.gates));
    if !view.follows.is_empty() {
        page = page.with(follows(view));
    }
    if view.to_follow {
        let to = format!("/approvals/{}/follow-up", view.reference);
        page = page.with(Button::link("Record that a consultation was done", to).secondary());
    }
    for line in &view.questions {
        let mut lines = vec![Html::from(told(view, &line.question))];
        if let Some((who, answer)) = &line.answer {
            lines.push(format!("{who}: {}", told(view, answer)).into());
        }
        page = page.heading(&line.asked).with(Html::paragraph(Html::lines(lines)));
    }
    let record = Html::lines([view.asked.clone(), format!("It rests on facts with the hash {}.", view.hash)]);
    page.with(Details::new("For the record", Html::paragraph(record)))
}

fn follows(view: &ApprovalPage) -> Table {
    let rows = view.follows.iter().map(|follow| {
        let status: Html = match (&follow.done, follow.overdue) {
            (Some(done), _) => done.as_str().into(),
            (None, true) => Tag::new("Overdue", Colour::Red).into(),
            (None, false) => "To do".into(),
        };
        Row::new(follow.what.as_str()).cell(follow.by.as_str()).cell(status)
    });
    Table::new("What follows the emergency").columns(["Consultation", "By the end of", "Status"]).rows(rows)
}

fn facts(rows: &[(String, String)]) -> SummaryList {
    rows.iter().fold(SummaryList::new(), |list, (name, value)| list.row(name.as_str(), value.as_str()))
}
