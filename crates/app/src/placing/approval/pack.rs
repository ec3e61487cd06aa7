//! The approval pack: recommendation, offers compared, checks, powers and money as one document to decide on, or to file.

use jiff::civil::{Date, DateTime};
use placewell_domain::change::Event;
use placewell_domain::money::Pence;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::approval::OpenCheck;
use placewell_domain::placing::child::ERASED;
use placewell_domain::placing::offer::ResidentEffect;
use placewell_paper::DocumentMoment;
use placewell_paper::report::{Report, Section, report};

use super::case::Exempted;
use super::compare::{CompareView, Compared};
use super::view::ApprovalView;
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::placing::referral::sending::wall;

impl App {
    /// The pack of a request as a tagged PDF, for whoever may read the request; that it was printed is recorded.
    pub async fn approval_pack(&self, actor: &Actor, reference: &str, record_url: &str) -> Answer<Vec<u8>> {
        let view = self.approval_view(actor, reference).await?;
        // A responsible authority reads the request and not the placing body's other offers.
        let own = view.approval.authority == actor.organisation;
        let compared =
            if own { Some(self.compare(actor, &view.case.referral.reference.to_string(), &[]).await?) } else { None };
        let (now, marking) = (self.calendar.now(), self.marking(actor).await?);
        let paper = paper_of(&view, compared.as_ref(), (&actor.organisation_name, now.local, marking), record_url);
        let (id, hash) = (view.approval.id, view.hash);
        let typeset = tokio::task::spawn_blocking(move || report(&paper, DocumentMoment(now.at)));
        let bytes = typeset.await.map_err(|error| Outcome::Fault(error.to_string()))?;
        let bytes = bytes.map_err(|error| Outcome::Fault(error.to_string()))?;
        let mut work = self.store.begin(actor.organisation, now).await?;
        work.by(actor.person);
        work.record(Event::new("approval.pack_printed", "approval", id.0, 0).with("facts", hash));
        work.commit(Machine::now()).await?;
        Ok(bytes)
    }
}

fn day(on: Date) -> String {
    on.strftime("%-d %B %Y").to_string()
}

fn yes(answer: bool) -> &'static str {
    if answer { "Yes" } else { "No" }
}

fn paper_of(
    view: &ApprovalView,
    compared: Option<&CompareView>,
    (organisation, printed, marking): (&str, DateTime, String),
    record_url: &str,
) -> Report {
    let facts = &view.case.facts;
    let mut sections = vec![asked(view), powers(view), recommended(view)];
    sections.extend(compared.map(offers));
    sections.extend([scored(view), checks(view), money(view), approvals(view)]);
    if !view.questions.is_empty() {
        sections.push(questions(view));
    }
    Report {
        title: "Approval pack".to_owned(),
        reference: view.approval.reference.to_string(),
        author: organisation.to_owned(),
        marking,
        landscape: false,
        printed_at: Some(printed),
        lead: format!(
            "Place the child at {} from {} until {}: {} a week, {} to the planned end.",
            view.case.home.name,
            day(facts.start),
            day(facts.planned_end),
            facts.weekly(),
            facts.whole_cost()
        ),
        sections,
        content_hash: view.hash.clone(),
        record_url: record_url.to_owned(),
    }
}

fn asked(view: &ApprovalView) -> Section {
    let (approval, case) = (&view.approval, &view.case);
    let band = case.referral.profile.age_band().map_or("", |band| band.label());
    Section::new("What is asked")
        .fact("Approval", approval.kind.label())
        .fact("Stands", approval.state.label())
        .fact("Referral", case.referral.reference.to_string())
        .fact("Age band", band)
        .fact("Home", format!("{} ({})", case.home.name, case.home.urn))
        .fact("Provider", &view.provider.name)
        .fact("Company or charity number", told(view.named.company.as_deref()))
        .fact("Registered manager", told(view.named.manager.as_deref()))
        .fact("Area authority", &case.area)
        .fact("Responsible authority", &case.responsible.name)
        .fact("Where the home is", case.facts.distance.words())
        .fact("First and last day", case.facts.charged.label())
        .fact("Asked by", format!("{}, {}", view.asked_by, wall(approval.asked_at)))
}

/// What the provider told, or that it told nothing.
fn told(text: Option<&str>) -> &str {
    text.unwrap_or("Not recorded here")
}

fn powers(view: &ApprovalView) -> Section {
    let basis = match (view.approval.state.given(), &view.mine) {
        (Some(given), _) => given.basis.sentence(),
        (None, Ok(basis)) => basis.sentence(),
        (None, Err(_)) => format!("To be made under {}.", view.case.facts.power.words()),
    };
    let above = view.above_search();
    let rows = view.approval.triggers.iter().map(|trigger| vec![trigger.rule.clone(), trigger.why.clone()]);
    let section = Section::new("By which power, and why it is needed").say(basis);
    above.into_iter().fold(section, Section::say).table(
        &[("Rule", 2), ("Why it calls for this approval", 3)],
        rows.collect(),
        "No rule calls for it.",
    )
}

fn recommended(view: &ApprovalView) -> Section {
    let rows = view.words.reasons.iter().zip(&view.homes).map(|(reasons, home)| {
        let none = |text: &str| if text.is_empty() { "Not said".to_owned() } else { text.to_owned() };
        let said = |text: &str| if view.erased { NOT_SHOWN.to_owned() } else { none(text) };
        vec![home.clone(), said(&reasons.for_it), said(&reasons.against)]
    });
    let words = &view.words;
    let section = Section::new("The recommendation, for and against each offer");
    let section = if view.erased { section.say(ERASED) } else { section };
    section
        .fact("The child's wishes and feelings", &words.wishes)
        .fact("The social worker", &words.social_worker)
        .fact("Relatives", &words.relatives)
        .fact("Circumstances", &words.circumstances)
        .table(&[("Home", 1), ("For", 2), ("Against", 2)], rows.collect(), "No offer.")
}

/// Stands for words that are not given.
const NOT_SHOWN: &str = "Not shown";

/// A row of the comparison: its name and what each offer says.
type Criterion = (&'static str, fn(&Compared) -> String);

fn offers(compared: &CompareView) -> Section {
    let pence = |amount: Option<Pence>| amount.map_or_else(|| "Sealed".to_owned(), |pence| pence.to_string());
    let section = Section::new("Offers compared").say(compared.sentence.clone());
    let mut rows: Vec<Vec<String>> = CRITERIA
        .iter()
        .map(|(name, says)| std::iter::once((*name).to_owned()).chain(compared.columns.iter().map(says)).collect())
        .collect();
    for (name, amount) in [
        ("Core price a week", (|one| one.core) as fn(&Compared) -> Option<Pence>),
        ("Whole price a week", |one| one.total),
        ("To the planned end", |one| one.whole),
    ] {
        let sums = compared.columns.iter().map(|one| pence(amount(one)));
        rows.push(std::iter::once(name.to_owned()).chain(sums).collect());
    }
    let homes: Vec<String> =
        compared.columns.iter().map(|one| format!("{}. {}", one.offer.number, one.home.name)).collect();
    let columns: Vec<(&str, u32)> =
        std::iter::once(("Criterion", 2)).chain(homes.iter().map(|home| (home.as_str(), 3))).collect();
    if compared.columns.is_empty() {
        rows.clear();
    }
    section.table(&columns, rows, "None can be chosen any more.")
}

const CRITERIA: &[Criterion] = &[
    ("Must-haves met", |one| {
        let gaps = if one.gaps.is_empty() { String::new() } else { format!(": {}", one.gaps.join("; ")) };
        format!("{} of {}{gaps}", one.met.0, one.met.1)
    }),
    ("Worst effect on residents", |one| {
        one.residents
            .map_or_else(|| "Nobody lives there".to_owned(), |effect: ResidentEffect| effect.label().to_owned())
    }),
    ("Ofsted", |one| match one.grade.1 {
        Some(on) => format!("{}, {}", one.grade.0.label(), day(on)),
        None => one.grade.0.label().to_owned(),
    }),
    ("Standing with the region", |one| one.standing.label().to_owned()),
    ("Distance", |one| one.miles.clone().unwrap_or_else(|| "Not known".to_owned())),
    ("Area", |one| format!("{}, {}", one.area, one.class)),
    ("Start", |one| day(one.offer.terms.start)),
    ("First and last day", |one| one.charged.label().to_owned()),
    ("Conditions", |one| match one.conditions.as_deref() {
        None => NOT_SHOWN.to_owned(),
        Some("") => "None".to_owned(),
        Some(words) => words.to_owned(),
    }),
];

/// The points as they were when the offer was recommended, whatever has become of the offers since.
fn scored(view: &ApprovalView) -> Section {
    let found = view.scored();
    let columns: Vec<(&str, u32)> =
        std::iter::once(("Criterion", 2)).chain(found.homes.iter().map(|home| (home.as_str(), 1))).collect();
    let row = |(name, has): &(String, Vec<String>)| std::iter::once(name).chain(has).cloned().collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = found.rows.iter().map(row).collect();
    let section = Section::new("Points when it was recommended");
    let section = section.say("By the scoring that was fixed before homes were asked.");
    section.table(&columns, rows, "No scoring was kept for this search.")
}

fn checks(view: &ApprovalView) -> Section {
    let gates = &view.recommendation.gates;
    let on = |on: Option<Date>| on.map_or_else(|| "Not yet".to_owned(), day);
    let follow = view.follow_ups.iter();
    let follow = follow.map(|one| vec![one.what.label().to_owned(), day(one.by), one.state.words()]);
    Section::new("Checks and gates")
        .fact("Child's wishes and feelings", gates.wishes.label())
        .fact("Most appropriate placement available", yes(gates.most_appropriate))
        .fact("Consistent with the care plan", yes(gates.in_care_plan))
        .fact("Relatives consulted", gates.relatives.label())
        .fact("Independent reviewing officer consulted", on(gates.reviewing_officer))
        .fact("Area authority told or consulted", on(gates.area_authority))
        .fact("Checks still open", OpenCheck::words(&view.case.facts.checks))
        .fact("Exemption from the grade", view.case.exempted.as_ref().map_or_else(String::new, Exempted::sentence))
        .table(&[("What may follow", 3), ("By", 1), ("State", 2)], follow.collect(), "Nothing is left to follow.")
}

fn money(view: &ApprovalView) -> Section {
    let rows = view.effects.iter().map(|effect| {
        let totals = |totals: placewell_domain::power::annual_value::YearTotals| {
            format!("{} of {}", totals.committed, totals.ceiling)
        };
        vec![
            format!("From {}", day(effect.year_start)),
            effect.before.map_or_else(|| "No annual value".to_owned(), totals),
            effect.delta.to_string(),
            match &effect.after {
                Ok(after) => totals(*after),
                Err(refusal) => refusal.sentence.clone(),
            },
        ]
    });
    let section = Section::new("Annual value").table(
        &[("Contract year", 2), ("Planned before", 3), ("This adds", 2), ("Planned after", 3)],
        rows.collect(),
        "It adds nothing to the annual value.",
    );
    match &view.watch {
        None => section,
        Some(watch) => section.say(format!(
            "Whole-life value {}; with this provider's other placements {}; the threshold is {}.",
            watch.whole_life, watch.cumulative, watch.threshold
        )),
    }
}

fn approvals(view: &ApprovalView) -> Section {
    let rows = view.all.iter().map(|one| {
        let by = if one.decided_by.is_empty() { "Nobody yet".to_owned() } else { one.decided_by.clone() };
        vec![
            one.approval.reference.to_string(),
            one.approval.kind.label().to_owned(),
            one.approval.state.label().to_owned(),
            by,
        ]
    });
    let section = Section::new("Every approval of this recommendation").table(
        &[("Reference", 2), ("Approval", 3), ("Stands", 2), ("By", 2)],
        rows.collect(),
        "No approval.",
    );
    match &view.decision_words {
        Some(words) => section.fact("Said with the decision", words),
        None => section,
    }
}

fn questions(view: &ApprovalView) -> Section {
    let said = |words: &str| if view.erased { NOT_SHOWN.to_owned() } else { words.to_owned() };
    let rows = view.questions.iter().map(|one| {
        let answer = match &one.answer {
            Some((by, at, words)) => format!("{} ({by}, {})", said(words), wall(*at)),
            None => "Not answered yet".to_owned(),
        };
        vec![format!("{}, {}", one.by, wall(one.at)), said(&one.question), answer]
    });
    Section::new("Questions").table(&[("Asked by", 1), ("Question", 2), ("Answer", 2)], rows.collect(), "None.")
}
