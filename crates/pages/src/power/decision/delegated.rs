//! Officers' decisions: the public list and record, and the pages on which democratic services keep them (D-07).

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{DelegatedDecision, DelegatedKind, DelegatedState};

use super::findings::{FindingView, findings};
use crate::components::{Button, Colour, Inset, Link, Row, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

const LIST: &str = "/democratic/officer-decisions";
/// Said wherever the list could be taken for all that officers decide.
const CLASS: &str = "Placements of children are decided by officers too. They are recorded with each agreement and are not \
                     published one by one: a record of one would tell of one child. Yearly totals stand with the contracts.";

/// A line of the public list.
#[derive(Debug, Clone)]
pub struct DelegatedLine {
    /// Its reference.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// Its class.
    pub kind: DelegatedKind,
    /// Whose it is.
    pub authority: String,
    /// When it was taken.
    pub taken_on: Date,
}

/// An officer's decision with whose it is.
#[derive(Debug, Clone)]
pub struct DelegatedView {
    /// The decision.
    pub decision: DelegatedDecision,
    /// Whose it is.
    pub authority: String,
}

/// The public list.
pub fn delegated_list(shell: Shell, lines: &[DelegatedLine]) -> Page {
    let count = words::count(u64::try_from(lines.len()).unwrap_or(u64::MAX), "officer decision", "officer decisions");
    let table = Table::new(count)
        .columns(["Decision", "About", "Class", "Authority", "Taken"])
        .rows(lines.iter().map(|line| {
            Row::new(Link::new(line.reference.as_str(), format!("/officer-decisions/{}", line.reference)))
                .cell(line.title.as_str())
                .cell(line.kind.label())
                .cell(line.authority.as_str())
                .cell(words::date(line.taken_on))
        }))
        .empty("No officer decision is published yet.");
    Page::new(shell.titled("Officer decisions"))
        .text("What officers decided under the powers that a published decision gave them.")
        .with(Inset::new(CLASS))
        .with(table)
        .with(Html::bullets([
            Link::new("Published decisions, which give these powers", "/decisions"),
            Link::new("Contracts and yearly totals", "/contracts"),
        ]))
}

/// The value as it is published: to the nearest £1,000 (rule 9.1).
fn rounded(value: Pence) -> String {
    words::money(value.to_thousands())
}

fn facts(view: &DelegatedView) -> SummaryList {
    let (decision, page) = (&view.decision, &view.decision.page);
    let under = Link::new(decision.under_reference.as_str(), format!("/decisions/{}", decision.under_reference));
    let published = match &decision.state {
        DelegatedState::Draft => None,
        DelegatedState::Published { on } | DelegatedState::Withdrawn { published_on: on, .. } => Some(words::date(*on)),
    };
    SummaryList::new()
        .row("Authority", view.authority.as_str())
        .row("Class", page.kind.label())
        .row("Taken by", page.post.as_str())
        .row("Under", Html::join([Html::from(under), format!(", limb ({})", decision.limb).into()]))
        .row("Date of decision", words::date(page.taken_on))
        .maybe("Publication date", published)
        .row("What was decided", page.decided.as_str())
        .row("Reasons", page.reasons.as_str())
        .row("Alternatives considered and rejected", page.alternatives.as_str())
        .row("Conflicts of interest", page.conflicts.as_str())
        .maybe("Supplier", page.supplier.as_deref())
        .maybe("Contract", page.contract.as_deref())
        .maybe("Value, to the nearest £1,000", page.value.map(rounded))
        .maybe("Left out as exempt", page.exempt.as_deref())
}

/// The public record.
pub fn delegated_page(shell: Shell, view: &DelegatedView) -> Page {
    let shell = shell
        .titled(view.decision.page.title.as_str())
        .caption(view.authority.as_str())
        .record(view.decision.reference.as_str())
        .crumb("Officer decisions", "/officer-decisions");
    Page::new(shell).with(facts(view))
}

/// What stands at the address of a record that was taken off (answered with 410).
pub fn withdrawn_page(shell: Shell, reference: &str, on: Date, reason: &str) -> Page {
    Page::new(
        shell.titled("This record was withdrawn").record(reference).crumb("Officer decisions", "/officer-decisions"),
    )
    .text(format!("{reference} was withdrawn on {}.", words::date(on)))
    .with(Inset::new(reason))
    .text(Link::new("Officer decisions that are published", "/officer-decisions"))
}

fn tag(state: &DelegatedState) -> Tag {
    let colour = match state {
        DelegatedState::Draft => Colour::Blue,
        DelegatedState::Published { .. } => Colour::Green,
        DelegatedState::Withdrawn { .. } => Colour::Grey,
    };
    Tag::new(state.label(), colour)
}

/// Democratic services' own list.
pub fn delegated_worklist(shell: Shell, decisions: &[DelegatedDecision]) -> Page {
    let table = Table::new("Officer decisions of this authority")
        .caption_hidden()
        .columns(["Decision", "About", "Class", "Taken", "Status"])
        .rows(decisions.iter().map(|decision| {
            Row::new(Link::new(decision.reference.as_str(), format!("{LIST}/{}", decision.reference)))
                .cell(decision.page.title.as_str())
                .cell(decision.page.kind.label())
                .cell(words::date(decision.page.taken_on))
                .cell(tag(&decision.state))
        }))
        .empty("No officer decision is recorded yet.");
    let record = shell.may(Action::RecordDecision);
    let record = record.then(|| Button::link("Record an officer decision", format!("{LIST}/new")));
    Page::new(shell.titled("Officer decisions of this authority").back("/democratic/decisions"))
        .maybe(record)
        .with(Inset::new(CLASS))
        .with(table)
}

/// One of them with what can be done to it.
pub fn delegated_own(
    shell: Shell,
    (view, found): (&DelegatedView, &[FindingView]),
    keys: [&str; 1],
    errors: &Invalid,
    today: Date,
) -> Page {
    let decision = &view.decision;
    let path = format!("{LIST}/{}", decision.reference);
    let csrf = shell.csrf.clone();
    let [key] = keys;
    let records = shell.may(Action::RecordDecision);
    let shell = shell
        .titled(decision.page.title.as_str())
        .caption(decision.reference.as_str())
        .record(decision.reference.as_str())
        .back(LIST)
        .with_errors(errors);
    let act = match &decision.state {
        DelegatedState::Draft if !records => Html::default(),
        DelegatedState::Draft => {
            let publish = Form::post(format!("{path}/publish"), csrf, key)
                .version(decision.version)
                .field(Field::date("on", "Publication date").on(today).errors(errors))
                .confirming("delegated_decision.publish", errors)
                .submit("Publish this record");
            let change = Html::paragraph(Link::new("Change its words", format!("{path}/edit")));
            Html::join([findings(found), change, publish.into()])
        }
        DelegatedState::Published { .. } => {
            let withdraw = Form::post(format!("{path}/withdraw"), csrf, key)
                .version(decision.version)
                .field(Field::textarea("reason", "Why is it withdrawn?").rows(2).limit(1_000).errors(errors))
                .field(Field::date("on", "When?").on(today).errors(errors))
                .confirming("delegated_decision.withdraw", errors)
                .button(Button::submit("Withdraw this record").warning());
            let public =
                Link::new("The public page of this record", format!("/officer-decisions/{}", decision.reference));
            let withdraw = crate::components::Details::new("It must not stand here", withdraw);
            Html::join([Html::paragraph(public), if records { Html::from(withdraw) } else { Html::default() }])
        }
        DelegatedState::Withdrawn { on, reason, .. } => {
            Inset::new(format!("Withdrawn on {}: {reason}", words::date(*on))).into()
        }
    };
    Page::new(shell).narrow().with(Html::paragraph(tag(&decision.state))).with(facts(view)).with(act)
}

/// The form of a new or changed record.
#[derive(Debug, Clone)]
pub struct DelegatedForm {
    /// Where it is sent.
    pub action: String,
    /// The idempotency key.
    pub key: String,
    /// The version of the draft; none for a new one.
    pub version: Option<i64>,
    /// What was typed.
    pub typed: Typed,
    /// The authority's decisions that give powers: reference and limb, with what they say.
    pub powers: Vec<(String, String)>,
    /// What is wrong.
    pub errors: Invalid,
}

/// The form.
pub fn delegated_form(shell: Shell, form: &DelegatedForm) -> Page {
    let csrf = shell.csrf.clone();
    let title = if form.version.is_some() { "Change an officer decision" } else { "Record an officer decision" };
    let shell = shell.titled(title).back(LIST).with_errors(&form.errors);
    let kept = |field: Field, name: &str| field.value(form.typed.get(name)).errors(&form.errors);
    let area = |name: &str, label: &str| kept(Field::textarea(name, label).rows(3).limit(4_000), name);
    let kinds = DelegatedKind::ALL
        .iter()
        .filter(|kind| **kind != DelegatedKind::Placement)
        .map(|kind| Choice::new(kind.code(), kind.label()));
    let powers = core::iter::once(Choice::new("", "Choose a limb"))
        .chain(form.powers.iter().map(|(code, words)| Choice::new(code.as_str(), words.as_str())));
    let mut out = Form::post(form.action.as_str(), csrf, form.key.as_str());
    if let Some(version) = form.version {
        out = out.version(version);
    } else {
        out = out.field(kept(Field::select("under", "Under which limb of which decision?", powers), "under"));
    }
    let out = out
        .field(kept(Field::text("title", "What it is about"), "title"))
        .field(kept(Field::radios("kind", "Class", kinds), "kind"))
        .field(area("decided", "What was decided"))
        .field(kept(Field::text("post", "Taken by").hint("The post, never a name"), "post"))
        .field(Field::date("taken_on", "Date of decision").parts(form.typed.date("taken_on")).errors(&form.errors))
        .field(area("reasons", "Reasons"))
        .field(area("alternatives", "Alternatives considered and rejected"))
        .field(area("conflicts", "Conflicts of interest"))
        .field(kept(Field::text("supplier", "Supplier, if any"), "supplier"))
        .field(kept(Field::text("contract", "Reference of the contract, if any").plain(), "contract"))
        .field(kept(Field::money("value", "Value, if any").hint("Published to the nearest £1,000"), "value"))
        .field(kept(
            Field::text("exempt", "What is left out as exempt, if anything")
                .hint("Such as: the bids, paragraph 3 of Schedule 12A to the Local Government Act 1972"),
            "exempt",
        ))
        .submit(if form.version.is_some() { "Save these words" } else { "Record this decision as a draft" })
        .cancel(LIST);
    Page::new(shell).narrow().with(Inset::new(CLASS)).with(out)
}

fn sample() -> DelegatedView {
    use placewell_domain::id::{DecisionId, DelegatedDecisionId, OrganisationId};
    use placewell_domain::power::decision::DelegatedPage;
    let page = DelegatedPage {
        title: "Mini-block of three beds".into(),
        kind: DelegatedKind::MiniBlockAward,
        decided: "To award the contract for three beds for two years.".into(),
        post: "Assistant Director, safeguarding".into(),
        taken_on: Date::constant(2021, 6, 1),
        reasons: "The offer met every need at the lowest price for an occupied night.".into(),
        alternatives: "Buying each bed as a placement.".into(),
        conflicts: "None declared.".into(),
        supplier: Some("Elm Tree Care Limited".into()),
        contract: Some("MB-001".into()),
        value: Some(Pence::pounds(412_345)),
        exempt: Some("The bids: paragraph 3 of Schedule 12A".into()),
    };
    let decision = DelegatedDecision {
        id: DelegatedDecisionId(1),
        version: 2,
        authority: OrganisationId(1),
        reference: "HEF-OD-0001".into(),
        under: DecisionId(1),
        under_reference: "HEF-2019-0114".into(),
        limb: 'b'.into(),
        page,
        state: DelegatedState::Published { on: Date::constant(2021, 6, 2) },
    };
    DelegatedView { decision, authority: "Herefordshire Council".into() }
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let view = sample();
    let today = Date::constant(2021, 9, 13);
    let line = DelegatedLine {
        reference: view.decision.reference.clone(),
        title: view.decision.page.title.clone(),
        kind: view.decision.page.kind,
        authority: view.authority.clone(),
        taken_on: view.decision.page.taken_on,
    };
    let mut draft = view.clone();
    draft.decision.state = DelegatedState::Draft;
    let mut withdrawn = view.clone();
    withdrawn.decision.state =
        DelegatedState::Withdrawn { published_on: today, on: today, reason: "It named a person.".into() };
    let form = DelegatedForm {
        action: format!("{LIST}/new"),
        key: "k".into(),
        version: None,
        typed: Typed::new(vec![("title".to_owned(), "Terms".to_owned())]),
        powers: vec![("HEF-2019-0114 b".to_owned(), "HEF-2019-0114, limb (b)".to_owned())],
        errors: Invalid::one("reasons", "Enter the reasons"),
    };
    let shell = || kit::shell_of(Role::DemocraticServices);
    let none = Invalid::default();
    let own = |view: &DelegatedView| delegated_own(shell(), (view, &[]), ["k"], &none, today).to_string();
    vec![
        ("officer decisions", delegated_list(kit::public_shell(), &[line]).to_string()),
        ("officer decisions, none", delegated_list(kit::public_shell(), &[]).to_string()),
        ("officer decision", delegated_page(kit::public_shell(), &view).to_string()),
        (
            "officer decision withdrawn",
            withdrawn_page(kit::public_shell(), "HEF-OD-0001", today, "It named a person.").to_string(),
        ),
        ("own officer decisions", delegated_worklist(shell(), core::slice::from_ref(&view.decision)).to_string()),
        ("own officer decision, draft", own(&draft)),
        ("own officer decision, published", own(&view)),
        ("own officer decision, withdrawn", own(&withdrawn)),
        ("record an officer decision", delegated_form(shell(), &form).to_string()),
    ]
}
