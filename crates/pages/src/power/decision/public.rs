//! A published decision in the layout and order of the authority's own page, with what it allows, its dates in words
//! and its versions; and the list of all of them.

use jiff::civil::{Date, DateTime};
use placewell_domain::power::decision::{AskedFor, Decision, DecisionPage, DecisionState, Difference, Standing};

use super::difference::versions;
use super::findings::{FindingView, findings};
use super::standing_tag;
use crate::components::{Column, Details, Filters, Inset, Link, Row, SummaryList, Table};
use crate::form::{Choice, Field};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// An earlier or present text.
#[derive(Debug, Clone)]
pub struct TextVersion {
    /// The record's version with it.
    pub version: i64,
    /// The state in words.
    pub state: String,
    /// When it was recorded, in London.
    pub recorded_at: DateTime,
    /// Why it was corrected, where it was.
    pub why: Option<String>,
    /// How it differs from the version before.
    pub changed: Vec<Difference>,
}

/// A published decision. Everything in it is public.
#[derive(Debug, Clone)]
pub struct DecisionView {
    /// The decision.
    pub decision: Decision,
    /// Whose it is.
    pub authority: String,
    /// Where it stands today.
    pub standing: Standing,
    /// Its versions, the latest first.
    pub texts: Vec<TextVersion>,
    /// The reference of the decision that it amends.
    pub amends: Option<String>,
    /// What it lacks that the law requires, by field.
    pub missing: Vec<&'static str>,
    /// What of it is asked for, with the reason.
    pub asked_for: Vec<AskedFor>,
    /// The contracts that rest on it: reference and title.
    pub contracts: Vec<(String, String)>,
    /// Today, so that the dates speak of the past in the past tense.
    pub today: Date,
}

const NOT_SAID: &str = "The published page does not say";

/// The public record (P-03).
pub fn record_page(shell: Shell, view: &DecisionView) -> Page {
    let page = &view.decision.page;
    let reference = &view.decision.reference;
    let shell = shell
        .titled(page.title.as_str())
        .caption(view.authority.as_str())
        .record(reference.as_str())
        .crumb("Decisions", "/decisions");
    let mut out =
        Page::new(shell).text(Html::join([Html::from(standing_tag(view.standing)), format!(" {reference}").into()]));
    if let Some(line) = view.decision.date_line(view.today) {
        out = out.with(Inset::new(line.sentence.as_str()));
        out = out.with(Html::join(line.differs.iter().map(|text| Html::paragraph(text.as_str()))));
        out = out.maybe(line.rule.map(|rule| Details::new("How the dates follow from the rule", rule.as_str())));
    }
    out = out.maybe(call_in(&view.decision));
    out = out.maybe(consequence(view).map(|words| Html::paragraph(words.as_str())));
    body(out, view).with(contracts(view)).with(not_said(view)).with(versions(&view.texts)).with(Html::bullets([
        Link::download("This decision to print (PDF)", format!("/decisions/{reference}.pdf")),
        Link::new("This decision as data (JSON)", format!("/decisions/{reference}.json")),
    ]))
}

/// The fields in the layout and order of the authority's own page.
fn body(out: Page, view: &DecisionView) -> Page {
    let page = &view.decision.page;
    out.with(head(page))
        .text(page.purpose.as_deref().unwrap_or(NOT_SAID))
        .with(limbs(page))
        .heading("What this decision allows")
        .with(allows(view))
        .heading("Alternative options considered")
        .with(alternatives(page))
        .with(foot(page))
        .with(documents(page))
}

/// The same before it is published: what the public will read, and what to look at first (D-05).
pub fn preview_page(shell: Shell, view: &DecisionView, found: &[FindingView]) -> Page {
    let reference = &view.decision.reference;
    let back = format!("/democratic/decisions/{reference}");
    let shell = shell.titled("As the public will read it").caption(view.decision.page.title.as_str());
    let shell = shell.record(reference.as_str()).back(back);
    let look = Inset::new(Html::bullets([
        "Contact: a post and its telephone, never the name of an officer below director.",
        "No child, no home's address, and nothing that is exempt stands in any field.",
        "Reasons, alternatives, conflicts and dispensations say something, if only that there were none.",
    ]));
    let page = Page::new(shell).with(Html::heading("Look at these first")).with(look).with(findings(found));
    body(page, view).with(not_said(view))
}

/// Who called it in and on which grounds, with what came of it (rule 2.1).
fn call_in(decision: &Decision) -> Option<SummaryList> {
    let (request, closed) = match &decision.state {
        DecisionState::CalledIn { request, .. } | DecisionState::Rescinded { call_in: Some(request), .. } => {
            (request, None)
        }
        DecisionState::Returned { request, outcome, on, .. } => (request, Some((*outcome, *on))),
        DecisionState::Confirmed { call_in: Some(closed), .. } => (&closed.request, Some((closed.outcome, closed.on))),
        _ => return None,
    };
    let outcome = closed.map(|(outcome, on)| format!("{}, {}", outcome.label(), words::date(on)));
    let facts = SummaryList::new()
        .row("Called in", words::date(request.on))
        .row("By", request.by.as_str())
        .row("Grounds", request.grounds.as_str());
    Some(facts.maybe("Outcome", outcome))
}

fn consequence(view: &DecisionView) -> Option<String> {
    match view.standing {
        Standing::CalledIn => Some(
            "This decision is called in. It has no effect, and nothing is approved under it, until the decision maker \
             confirms it."
                .to_owned(),
        ),
        Standing::InCallInWindow { from, .. } => Some(format!(
            "Until {} work may be prepared, and nothing is approved under this decision.",
            words::date(from)
        )),
        Standing::OutsideTerm => Some("The term that this decision speaks of is over.".to_owned()),
        Standing::NotPublished | Standing::InForce { .. } | Standing::Rescinded | Standing::Superseded { .. } => None,
    }
}

fn yes_no(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "Yes",
        Some(false) => "No",
        None => NOT_SAID,
    }
}

fn said(text: Option<&String>) -> &str {
    text.map_or(NOT_SAID, String::as_str)
}

fn head(page: &DecisionPage) -> SummaryList {
    SummaryList::new()
        .row("Decision maker", said(page.decision_maker.as_ref()))
        .row("Decision status", said(page.status.as_ref()))
        .row("Is key decision?", yes_no(page.key_decision))
        .row("Is subject to call in?", yes_no(page.subject_to_call_in))
}

fn limbs(page: &DecisionPage) -> Html {
    Html::join(page.limbs.iter().map(|limb| Html::paragraph(format!("({}) {}", limb.letter, limb.text))))
}

fn allows(view: &DecisionView) -> Html {
    let page = &view.decision.page;
    let rows: Vec<Row> = page
        .limbs
        .iter()
        .flat_map(|limb| limb.effects.iter().map(move |effect| (limb.letter, effect.sentence())))
        .map(|(letter, sentence)| Row::new(format!("({letter})")).cell(sentence))
        .collect();
    let table = Table::new("What each limb allows")
        .caption_hidden()
        .columns(["Limb", "What it allows"])
        .rows(rows)
        .empty("No limb of this decision gives a power or sets a ceiling.");
    let extension = &page.in_extension;
    let term = page.term.map(|term| {
        let option = match term.option_months {
            None => "nothing said of an option to extend".to_owned(),
            Some(0) => "no option to extend".to_owned(),
            Some(months) => format!("an option to extend by up to {months} months"),
        };
        let list = SummaryList::new()
            .row("Term", format!("{}, with {option}", words::date_range(term.start, term.end)))
            .row("Ceiling goes on in an extended term", extension.ceiling.label())
            .row("Powers go on in an extended term", extension.limbs.label())
            .row("For block contracts that outlive the term", extension.blocks.label());
        Html::from(list)
    });
    let amends = view.amends.as_ref().map(|reference| {
        let link = Link::new(reference.as_str(), format!("/decisions/{reference}"));
        Html::paragraph(Html::join([
            Html::from("It amends "),
            link.into(),
            ", which goes on until this one is in force.".into(),
        ]))
    });
    Html::join([Html::from(table), term.unwrap_or_default(), amends.unwrap_or_default()])
}

fn alternatives(page: &DecisionPage) -> Html {
    if page.alternatives.is_empty() {
        return Html::paragraph(said(page.no_alternatives.as_ref()));
    }
    Html::join(page.alternatives.iter().map(|option| Html::paragraph(format!("{}. {}", option.number, option.text))))
}

fn foot(page: &DecisionPage) -> SummaryList {
    let day = |day: Option<Date>| day.map_or_else(|| NOT_SAID.to_owned(), words::date);
    SummaryList::new()
        .row("Reasons for the decision", said(page.reasons.as_ref()))
        .row("Conflicts of interest", said(page.conflicts_of_interest.as_ref()))
        .row("Dispensations", said(page.dispensations.as_ref()))
        .row("Urgency", said(page.urgency.as_ref()))
        .row("Reason key", said(page.reason_key.as_ref()))
        .row("Wards affected", said(page.wards.as_ref()))
        .row("Contact", said(page.contact.as_ref()))
        .row("Publication date", day(page.published_on))
        .row("Date of decision", day(page.decided_on))
        .row("Effective from", day(page.effective_from))
}

fn documents(page: &DecisionPage) -> Html {
    let list = Html::bullets(page.documents.iter().map(|document| match &document.address {
        Some(address) if address.starts_with("https://") || address.starts_with("http://") => {
            Html::from(Link::new(document.title.as_str(), address.as_str()).external())
        }
        Some(_) | None => Html::from(document.title.as_str()),
    }));
    let list = if list.is_empty() { Html::paragraph("The published page lists none.") } else { list };
    let source = page.source_url.as_ref().filter(|address| address.starts_with("http")).map(|address| {
        Html::paragraph(Link::new("The authority's own page of this decision", address.as_str()).external())
    });
    Html::join([Html::heading("Accompanying documents"), list, source.unwrap_or_default()])
}

/// The contracts that rest on it, one by one where each is published so, and where the others stand.
fn contracts(view: &DecisionView) -> Html {
    let links = view.contracts.iter().map(|(reference, title)| {
        Html::join([
            Html::from(Link::new(reference.as_str(), format!("/contracts/{reference}"))),
            Html::from(format!(" {title}")),
        ])
    });
    let all = Html::from(Link::new("The contract register, with yearly totals of placements", "/contracts"));
    Html::join([Html::heading("Contracts under this decision"), Html::bullets(links.chain([all]))])
}

/// What a written record must say and the page lacks, with the rule that asks for it.
fn not_said(view: &DecisionView) -> Html {
    let lacks: Vec<String> = view
        .asked_for
        .iter()
        .filter(|asked| asked.by_law)
        .map(|asked| format!("{}. {}.", asked.label, asked.why))
        .collect();
    if lacks.is_empty() {
        return Html::default();
    }
    Html::join([
        Html::heading("What the published page does not say"),
        Html::paragraph("The authority was asked for these; nothing is guessed."),
        Html::bullets(lacks.iter().map(String::as_str)),
    ])
}

/// A row of the list.
#[derive(Debug, Clone)]
pub struct ListedDecision {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub authority: String,
    /// When it was published.
    pub published_on: Option<Date>,
    /// Whether it is key.
    pub key: bool,
    /// Where it stands.
    pub standing: Standing,
}

/// What the list is filtered by, and what it can be filtered by.
#[derive(Debug, Clone, Default)]
pub struct ListFilters {
    /// The authorities: code and name.
    pub authorities: Vec<(String, String)>,
    /// The years of publication.
    pub years: Vec<i16>,
    /// The authority chosen, by code.
    pub authority: String,
    /// The year chosen.
    pub year: String,
    /// `yes`: key decisions only.
    pub key: String,
    /// `yes`: called in only.
    pub called_in: String,
}

/// The public list (P-04).
pub fn list_page(shell: Shell, decisions: &[ListedDecision], filters: &ListFilters) -> Page {
    let any = |label: &str| Choice::new("", label);
    let authorities = core::iter::once(any("All authorities"))
        .chain(filters.authorities.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str())));
    let years = core::iter::once(any("All years"))
        .chain(filters.years.iter().map(|year| Choice::new(year.to_string(), year.to_string())));
    let only = |label: &str| [any("All"), Choice::new("yes", label)];
    let bar = Filters::new("/decisions")
        .bar()
        .field(Field::select("authority", "Authority or trust", authorities).value(filters.authority.as_str()))
        .field(Field::select("year", "Year published", years).value(filters.year.as_str()))
        .field(Field::select("key", "Key decisions", only("Key decisions only")).value(filters.key.as_str()))
        .field(Field::select("called_in", "Call-in", only("Called in only")).value(filters.called_in.as_str()))
        .clear("/decisions");
    let count = u64::try_from(decisions.len()).unwrap_or(u64::MAX);
    let table = Table::new(words::count(count, "decision", "decisions"))
        .column(Column::text("Decision"))
        .columns(["Title", "Authority", "Published", "Key", "Status"])
        .rows(decisions.iter().map(|decision| {
            Row::new(Link::new(decision.reference.as_str(), format!("/decisions/{}", decision.reference)))
                .cell(decision.title.as_str())
                .cell(decision.authority.as_str())
                .cell(decision.published_on.map_or_else(String::new, words::date))
                .cell(if decision.key { "Yes" } else { "No" })
                .cell(standing_tag(decision.standing))
        }))
        .empty("No published decision fits these filters. Clear a filter to see more.");
    Page::new(shell.titled("Decisions"))
        .text("Formal decisions of the participating authorities and trusts: what gives each the power to buy placements.")
        .with(bar)
        .with(table)
        .with(Html::bullets([
            Link::new("Key decisions to come (forward plan)", "/forward-plan"),
            Link::new("Officer decisions", "/officer-decisions"),
            Link::new("Follow published decisions (Atom feed)", "/decisions.atom"),
            Link::download("Published decisions as data (JSON)", "/decisions.json"),
        ]))
}

pub(super) fn sample_view() -> DecisionView {
    use placewell_domain::calendar::WorkingDays;
    use placewell_domain::id::{DecisionId, OrganisationId};
    use placewell_domain::money::Pence;
    use placewell_domain::power::decision::{
        Alternative, CallInRule, DecidedTerm, GoverningBody, Limb, LimbEffect, LimbPower, NamedPost, Publication,
    };
    let day = Date::constant(2019, 1, 14);
    let posts = vec![
        NamedPost { words: "Director for Children and Families".into(), relevant: false },
        NamedPost { words: "Assistant Directors".into(), relevant: true },
    ];
    let powers = vec![LimbPower::Operational, LimbPower::AwardPlacements, LimbPower::AwardMiniBlocks];
    let ceiling = vec![LimbEffect::Adopts, LimbEffect::Ceiling { annual: Pence::pounds(5_500_000) }];
    let page = DecisionPage {
        title: "Adoption of the regional Flexible Contracting Arrangement".into(),
        decision_maker: Some("Cabinet member children and families".into()),
        governing_body: Some(GoverningBody::CouncilExecutive),
        status: Some("Recommendations Approved".into()),
        key_decision: Some(true),
        subject_to_call_in: Some(true),
        purpose: Some("To approve the adoption of the arrangement.".into()),
        limbs: vec![
            Limb {
                letter: 'a'.into(),
                text: "the arrangement be adopted up to an annual value of £5.5m".into(),
                effects: ceiling,
            },
            Limb {
                letter: 'b'.into(),
                text: "the Director and relevant Assistant Directors be authorised".into(),
                effects: vec![LimbEffect::Authorises { powers, posts }],
            },
        ],
        alternatives: vec![Alternative { number: 1, text: "Do nothing.".into() }],
        published_on: Some(day),
        decided_on: Some(day),
        term: Some(DecidedTerm {
            start: Date::constant(2018, 12, 15),
            end: Date::constant(2021, 12, 14),
            option_months: Some(36),
        }),
        ..DecisionPage::default()
    };
    let rule = CallInRule { working_days: 4, calendar: WorkingDays::default() };
    let publication = Publication::of((day, day), GoverningBody::CouncilExecutive, None, None, &rule);
    let decision = Decision {
        id: DecisionId(1),
        version: 3,
        authority: OrganisationId(1),
        reference: "HEF-2019-0114".into(),
        amends: None,
        page,
        state: DecisionState::Published { publication },
    };
    DecisionView {
        missing: decision.page.missing(Some("HEF-2019-0114")),
        asked_for: decision.page.asked_for(Some("HEF-2019-0114")),
        today: Date::constant(2021, 9, 13),
        standing: decision.standing(Date::constant(2021, 9, 13)),
        authority: "Herefordshire Council".into(),
        texts: vec![],
        contracts: vec![("MB-001".into(), "Three beds in the west".into())],
        amends: None,
        decision,
    }
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let view = sample_view();
    let mut called = view.clone();
    let reasons = Difference { field: "Reasons for the decision", before: String::new(), after: "Lower cost.".into() };
    called.standing = Standing::CalledIn;
    called.texts = [2_i64, 1]
        .map(|version| TextVersion {
            version,
            state: "published".into(),
            recorded_at: DateTime::constant(2019, 1, 14, 10, 0, 0, 0),
            why: (version == 2).then(|| "The page had left out the reasons.".to_owned()),
            changed: if version == 2 { vec![reasons.clone()] } else { vec![] },
        })
        .to_vec();
    let listed = ListedDecision {
        reference: "HEF-2019-0114".into(),
        title: view.decision.page.title.clone(),
        authority: view.authority.clone(),
        published_on: view.decision.page.published_on,
        key: true,
        standing: view.standing,
    };
    let filters = ListFilters {
        authorities: vec![("HEF".into(), "Herefordshire Council".into())],
        years: vec![2019],
        year: "2019".into(),
        ..ListFilters::default()
    };
    vec![
        ("public decision", record_page(kit::public_shell(), &view).to_string()),
        ("public decision called in", record_page(kit::public_shell(), &called).to_string()),
        ("public list", list_page(kit::public_shell(), &[listed], &filters).to_string()),
        ("public list, none", list_page(kit::public_shell(), &[], &filters).to_string()),
    ]
}
