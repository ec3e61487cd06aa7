//! One referral: what happens next first, then what was asked, of whom, and what came back; and its timeline.

use jiff::civil::{DateTime, date};
use placewell_domain::office::person::screen::HidesAfter;
use placewell_domain::placing::invitation::answer::LONGEST_EVIDENCE;
use placewell_domain::placing::invitation::{TraceLine, Verdict};
use placewell_domain::placing::referral::standard::{Risk, RiskLevel};
use placewell_domain::placing::referral::{ReferralLabel, SharedProfile, SharedWords};

use super::{label_tag, tabs};
use crate::components::{
    Button, ButtonGroup, Colour, Details, Inset, Link, Row, SummaryCard, SummaryList, Table, Tag, Timeline,
    TimelineEvent,
};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::office::person::own::hiding_note;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One home that was asked.
#[derive(Debug, Clone)]
pub struct AskedView {
    /// Its number on the referral.
    pub number: u32,
    /// The home's name.
    pub home: String,
    /// Its provider.
    pub provider: String,
    /// In which tier.
    pub tier: String,
    /// How it answered.
    pub state: String,
    /// The coded reason of a decline, and by whom it was entered.
    pub note: String,
    /// Why it was asked: "meets 9 of 10".
    pub trace: String,
    /// Each line of it.
    pub lines: Vec<TraceLine>,
    /// Whether the officer can still record an answer.
    pub open: bool,
}

/// The record.
#[derive(Debug, Clone)]
pub struct RecordView {
    /// The reference.
    pub reference: String,
    /// The record's version.
    pub version: i64,
    /// The computed label.
    pub label: ReferralLabel,
    /// "What happens next", the first sentence.
    pub next: String,
    /// Why it ended, where it has.
    pub ended: Option<String>,
    /// The officer.
    pub officer: String,
    /// Until when homes can answer.
    pub deadline: Option<DateTime>,
    /// "sealed" or "open" in words.
    pub prices: Option<String>,
    /// How its offers are scored, fixed by sending: a criterion with its weight each.
    pub scoring: Vec<String>,
    /// How long it took from first draft to sending.
    pub elapsed_minutes: Option<u64>,
    /// An emergency without its search approval, and until when it is due.
    pub approval_due: Option<(DateTime, bool)>,
    /// Who approved the search and its money, when and up to how much.
    pub search_approval: Option<String>,
    /// Until when the sending can be undone, where it still can.
    pub undo_until: Option<DateTime>,
    /// Routes left out: which, why, and the power as a sentence.
    pub left_out: Vec<(String, String, String)>,
    /// The profile as homes read it.
    pub profile: SharedProfile,
    /// The words as homes read them.
    pub words: SharedWords,
    /// Homes asked.
    pub asked: Vec<AskedView>,
    /// Answers that officers entered for homes.
    pub entered: Vec<EnteredView>,
    /// Why it was closed before its deadline, in words.
    pub closed_early: Option<String>,
    /// The duties that follow from the legal basis.
    pub duties: Vec<String>,
    /// Referrals of siblings: reference and where each stands.
    pub siblings: Vec<(String, String)>,
    /// The search as it stood when homes were asked, in words.
    pub searched: Option<String>,
    /// Offers open.
    pub offers: u64,
    /// Questions without an answer.
    pub questions: u64,
    /// Homes that can be reminded.
    pub to_remind: u64,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// Whether the reader may see the child.
    pub may_see_child: bool,
    /// Why what is said of the child is left out, where it is.
    pub withheld: crate::placing::child::Withheld,
}

/// The record (S-05).
pub fn record_page(shell: Shell, view: &RecordView, key: &str) -> Page {
    let reference = view.reference.as_str();
    let path = |part: &str| format!("/referrals/{reference}/{part}");
    let csrf = shell.csrf.clone();
    let shell = shell.titled(format!("Referral {reference}")).record(reference).back("/referrals");
    let mut page = Page::new(shell)
        .with(Html::paragraph(label_tag(view.label)))
        .with(tabs(reference, "", view.offers, view.questions))
        .with(Inset::new(view.next.as_str()))
        .maybe(crate::placing::child::withheld_inset(view.withheld, view.may_see_child));
    if let Some(ended) = &view.ended {
        let again = view.may_change.then(|| Html::from(Link::new("Start again from this referral", path("copy"))));
        page = page.with(Inset::new(Html::join([Html::from(format!("{ended} ")), again.unwrap_or_default()])));
    }
    let page = page
        .with(facts(view))
        .maybe(acts(view))
        .maybe(undo_inset(view))
        .maybe(undo_form(view, &csrf, key))
        .maybe(left_out_table(view))
        .maybe(remind_form(view, &csrf, key));
    let table = Table::new("Homes asked")
        .columns(["Home", "Provider", "Route", "Answer", "Why it was asked", "Record an answer"])
        .rows(view.asked.iter().map(|one| asked_row(reference, one, view.may_change)))
        .empty("No home has been asked yet.");
    let asked = view.asked.iter().filter(|one| !one.lines.is_empty());
    let page = asked.fold(page.with(table), |page, one| page.with(why_part(one)));
    let page = view.entered.iter().fold(page, |page, one| page.with(entered_card(one)));
    page.heading("What homes read").with(profile_list(&view.profile)).with(words_part(&view.words))
}

/// What is known of the search: whose it is, until when, and what was recorded of it.
fn facts(view: &RecordView) -> SummaryList {
    let path = |part: &str| format!("/referrals/{}/{part}", view.reference);
    let mut facts = SummaryList::new()
        .row("Officer", view.officer.as_str())
        .optional("Homes can answer until", view.deadline.map(words::moment))
        .optional("Prices", view.prices.clone());
    if !view.scoring.is_empty() {
        facts = facts.row("Offers are scored by", Html::lines(view.scoring.iter().map(String::as_str)));
    }
    if let Some(minutes) = view.elapsed_minutes {
        facts = facts.row("From first draft to sending", words::minutes(minutes));
    }
    if let Some((due, on_call)) = view.approval_due {
        let what = if on_call { "Given on call: to be confirmed by" } else { "Not recorded yet: due by" };
        facts = facts.row("Search approval", format!("{what} {}", words::moment(due)));
        if view.may_change {
            facts = facts.action(Link::new("Record it", path("search-approval")).hidden("search approval"));
        }
    }
    facts = facts.optional("Search approval", view.search_approval.clone());
    facts = facts.optional("Closed early", view.closed_early.clone());
    facts = facts.optional("The search", view.searched.clone());
    if !view.siblings.is_empty() {
        let links = view.siblings.iter().map(|(sibling, label)| {
            let link = Html::from(Link::new(sibling.as_str(), format!("/referrals/{sibling}")));
            Html::join([link, format!(": {label}").into()])
        });
        facts = facts.row("Siblings", Html::lines(links));
    }
    if view.may_change {
        facts = facts.row("Link siblings", Link::new("Link or unlink a sibling's referral", path("siblings")));
    }
    if !view.duties.is_empty() {
        facts = facts.row("Duties", Html::bullets(view.duties.iter().map(String::as_str)));
    }
    if !view.asked.is_empty() {
        facts = facts.row("For a court", Link::new("Statement of the search", path("statement")));
    }
    if view.may_see_child {
        facts = facts.row("The child", Link::new("Show the child's details", path("child")));
    }
    facts
}

fn undo_inset(view: &RecordView) -> Option<Inset> {
    let until = view.undo_until.filter(|_| view.may_change)?;
    Some(Inset::new(format!(
        "Mails to homes wait until {}. Until then you can undo sending: no home that has not opened it hears of it.",
        words::moment(until)
    )))
}

fn undo_form(view: &RecordView, csrf: &str, key: &str) -> Option<Form> {
    view.undo_until.filter(|_| view.may_change)?;
    let form = Form::post(format!("/referrals/{}/undo-sending", view.reference), csrf, format!("{key}-u"));
    Some(form.version(view.version).button(Button::submit("Undo sending").secondary()))
}

fn left_out_table(view: &RecordView) -> Option<Table> {
    let row =
        |(tier, why, power): &(String, String, String)| Row::new(tier.as_str()).cell(why.as_str()).cell(power.as_str());
    let table = Table::new("Routes left out").columns(["Route", "Why", "By which power"]);
    (!view.left_out.is_empty()).then(|| table.rows(view.left_out.iter().map(row)))
}

fn remind_form(view: &RecordView, csrf: &str, key: &str) -> Option<Form> {
    if !view.may_change || view.to_remind == 0 {
        return None;
    }
    let homes = words::count(view.to_remind, "home that has not replied", "homes that have not replied");
    let form = Form::post(format!("/referrals/{}/remind", view.reference), csrf, key);
    Some(form.button(Button::submit(format!("Remind {homes}")).secondary()))
}

fn acts(view: &RecordView) -> Option<ButtonGroup> {
    let path = |part: &str| format!("/referrals/{}/{part}", view.reference);
    let exemptions = || Link::new("Exemptions from a grade of Inadequate", path("exemptions"));
    let group = ButtonGroup::new();
    if !view.may_change {
        // The director of children's services changes nothing here, and exempts a child while a home is looked for.
        return view.label.looks_for_a_home().then(|| group.with(exemptions()));
    }
    match view.label {
        ReferralLabel::Draft => {
            let group = group.with(Button::link("Continue", path("tasks"))).with(exemptions());
            Some(group.with(Link::new("Withdraw", path("withdraw"))))
        }
        ReferralLabel::WithProviders | ReferralLabel::OffersIn | ReferralLabel::WaitingForApproval => {
            let group =
                if view.offers > 0 { group.with(Button::link("Compare offers", path("offers"))) } else { group };
            Some(
                group
                    .with(Button::link("Extend the deadline", path("extend")).secondary())
                    .with(Button::link("Ask more homes", path("recipients")).secondary())
                    .with(Link::new("Buy outside the arrangement (spot)", path("spot/new")))
                    .with(exemptions())
                    .with(Link::new("Pre-placement checks", path("checks")))
                    .with(Link::new("Ground for disclosure", path("ground")))
                    .with(Link::new("Record as not placed", path("not-placed")))
                    .with(Link::new("Withdraw", path("withdraw"))),
            )
        }
        ReferralLabel::Agreed => Some(
            group
                .with(Button::link("Go to agreements to sign and start", "/agreements?tab=coming"))
                .with(Button::link("Copy this referral", path("copy")).secondary())
                .with(Link::new("Ground for disclosure", path("ground"))),
        ),
        ReferralLabel::Placed | ReferralLabel::Withdrawn | ReferralLabel::NotPlaced => Some(
            group
                .with(Button::link("Copy this referral", path("copy")).secondary())
                .with(Link::new("Ground for disclosure", path("ground"))),
        ),
    }
}

fn asked_row(reference: &str, one: &AskedView, may_change: bool) -> Row {
    let path = |part: &str| format!("/referrals/{reference}/asked/{}/{part}", one.number);
    let record = if one.open && may_change {
        Html::lines([
            Link::new("Offer", path("offer")).hidden(format!("from {}", one.home)),
            Link::new("Decline", path("decline")).hidden(format!("from {}", one.home)),
            Link::new("Send a one-time link", path("link")).hidden(format!("to {}", one.home)),
        ])
    } else {
        "Nothing to record".into()
    };
    let answer = if one.note.is_empty() { one.state.clone() } else { format!("{}: {}", one.state, one.note) };
    Row::new(one.home.as_str())
        .cell(one.provider.as_str())
        .cell(Tag::new(one.tier.as_str(), Colour::Teal))
        .cell(answer)
        .cell(one.trace.as_str())
        .cell(record)
}

/// A profile as homes read it, for every reader.
#[must_use]
pub fn profile_list(profile: &SharedProfile) -> SummaryList {
    let needs: Vec<&str> = profile.needs.iter().map(placewell_domain::homes::home::Need::label).collect();
    let musts: Vec<&str> = profile.must_haves.iter().map(placewell_domain::homes::home::Need::label).collect();
    let none = |names: &[&str]| if names.is_empty() { "None".to_owned() } else { words::capital(&words::list(names)) };
    let risks: Vec<&str> = profile
        .risks
        .iter()
        .filter(|(_, level)| *level == RiskLevel::RiskPresent)
        .map(|(risk, _)| Risk::label(*risk))
        .collect();
    SummaryList::new()
        .row("Age", words::age(u64::from(profile.age)))
        .optional("Home registered for", profile.sex.map(|sex| words::capital(sex.label())))
        .row("Lot and band of need", words::capital(&words::code(&format!("{}, {}", profile.lot, profile.need_band))))
        .row("Complex needs", if profile.complex_needs { "Yes" } else { "No" })
        .row("Must-haves", none(&musts))
        .row("Needs", none(&needs))
        .optional("Start", profile.start.map(words::date))
        .optional("Planned end", profile.planned_end.map(words::date))
        .optional("Distances from", profile.from.as_ref().map(ToString::to_string))
        .optional("Furthest", profile.within_miles.map(|miles| words::miles(u64::from(miles))))
        .optional("Education", profile.education.map(placewell_domain::placing::referral::profile::Education::label))
        .optional("Health", profile.health.map(placewell_domain::placing::referral::profile::Health::label))
        .optional(
            "Can live alongside",
            profile.living_companions.map(placewell_domain::placing::referral::standard::LivingCompanions::label),
        )
        .optional("Pets", profile.pets.map(placewell_domain::placing::referral::standard::Pets::label))
        .row("Siblings together", if profile.siblings == 0 { "None".to_owned() } else { profile.siblings.to_string() })
        .row("Risks present", none(&risks))
}

/// The words that homes read.
#[must_use]
pub fn words_part(shared: &SharedWords) -> SummaryList {
    let text = |text: &str| Html::lines(text.lines().map(str::to_owned).collect::<Vec<_>>());
    let filled = |words: &str| (!words.trim().is_empty()).then(|| text(words));
    let mut list = SummaryList::new().optional("What helps", filled(&shared.what_helps));
    for (risk, words) in &shared.risks {
        list = list.row(format!("About the risk: {}", risk.label().to_lowercase()), text(words));
    }
    list = list.optional("Education in words", filled(&shared.education));
    list = list.optional("Health in words", filled(&shared.health));
    for (field, words) in &shared.others {
        list = list.row(field.label(), text(words));
    }
    list
}

/// Who the child is, for those who may see it; the reading has been recorded.
#[derive(Debug, Clone)]
pub struct ChildView {
    /// The reference.
    pub reference: String,
    /// Given and family name.
    pub name: String,
    /// Date of birth.
    pub born: jiff::civil::Date,
    /// The number in the authority's case system.
    pub case_number: String,
    /// The family home's postcode.
    pub postcode: Option<String>,
    /// The school.
    pub school: Option<String>,
    /// Whether the reader may correct it.
    pub may_correct: bool,
}

/// The child's details.
pub fn child_page(shell: Shell, view: &ChildView, hides: HidesAfter) -> Page {
    let overview = format!("/referrals/{}", view.reference);
    let shell = shell
        .titled("The child's details")
        .record(view.reference.as_str())
        .back(overview.as_str())
        .hiding(hides.minutes(), overview);
    Page::new(shell)
        .narrow()
        .with(Inset::new("It is recorded that you have seen this page."))
        .with(hiding_note(hides))
        .with(
            SummaryList::new()
                .row("Name", view.name.as_str())
                .row("Date of birth", words::date(view.born))
                .row("Case number", view.case_number.as_str())
                .optional("Postcode of the family home", view.postcode.clone())
                .optional("School", view.school.clone()),
        )
        .maybe(
            view.may_correct.then(|| {
                Link::new("Correct the child's details", format!("/referrals/{}/child/correct", view.reference))
            }),
        )
}

/// One event of the timeline.
#[derive(Debug, Clone)]
pub struct EventView {
    /// What happened.
    pub title: String,
    /// Who did it.
    pub by: String,
    /// When, in London.
    pub at: DateTime,
    /// Figures and codes in words.
    pub facts: Vec<(String, String)>,
}

/// The timeline, newest first.
pub fn timeline_page(shell: Shell, reference: &str, offers: u64, questions: u64, events: &[EventView]) -> Page {
    let shell = shell.titled("Timeline").record(reference).caption(reference).back(format!("/referrals/{reference}"));
    let events = events.iter().map(|event| {
        let entry = TimelineEvent::at(event.title.as_str(), event.at);
        let entry = if event.by.is_empty() { entry } else { entry.by(event.by.as_str()) };
        event.facts.iter().fold(entry, |entry, (name, value)| entry.fact(name, value.as_str()))
    });
    Page::new(shell).with(tabs(reference, "timeline", offers, questions)).with(Timeline::new(events))
}

/// The lines of why a home was asked and why not, frozen when it was asked.
fn why_part(one: &AskedView) -> Details {
    let rows = one.lines.iter().map(|line| {
        Row::new(words::capital(&words::code(&line.criterion)))
            .cell(line.verdict.label())
            .cell(words::capital(&words::dated(&words::code(&line.evidence))))
            .cell(words::capital(&line.source))
    });
    let table = Table::new(format!("What was looked at for {}", one.home))
        .caption_hidden()
        .columns(["About", "The home", "What was found", "Source"])
        .rows(rows);
    Details::new(format!("Why {} was asked", one.home), table)
}

/// A form to enter a decline that a home gave by phone or e-mail.
pub fn record_decline_page(
    shell: Shell,
    reference: &str,
    number: u32,
    home: &str,
    typed: &Typed,
    errors: &placewell_domain::outcome::Invalid,
    key: &str,
) -> Page {
    use placewell_domain::placing::invitation::DeclineReason;
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(format!("Record a decline from {home}"))
        .record(reference)
        .back(format!("/referrals/{reference}"))
        .with_errors(errors);
    let reasons = DeclineReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label()));
    let form = Form::post(format!("/referrals/{reference}/asked/{number}/decline"), csrf, key)
        .field(Field::radios("reason", "Why did the home decline?", reasons).value(typed.get("reason")).errors(errors));
    let form = entered_fields(form, typed, errors);
    Page::new(shell).narrow().with(form.submit("Record the decline").cancel(format!("/referrals/{reference}")))
}

/// How and when a home gave an answer that an officer enters.
#[must_use]
pub fn entered_fields(form: Form, typed: &Typed, errors: &placewell_domain::outcome::Invalid) -> Form {
    let channels =
        [Choice::new("phone", "By phone"), Choice::new("email", "By e-mail"), Choice::new("in_person", "In person")];
    form.field(
        Field::radios("channel", "How did the home answer?", channels)
            .inline()
            .value(typed.get("channel"))
            .errors(errors),
    )
    .field(Field::date("said_at", "On which day?").parts(typed.date("said_at")).errors(errors))
    .field(Field::time("said_at_time", "At what time?").value(typed.get("said_at_time")).errors(errors))
    .field(Field::text("said_by", "Who answered for the home?").value(typed.get("said_by")).errors(errors))
    .field(
        Field::textarea("evidence", "What was said, or the e-mail's text")
            .limit(LONGEST_EVIDENCE)
            .hint("Kept as evidence of the answer. The home can read it; write nothing that tells who the child is.")
            .value(typed.get("evidence"))
            .errors(errors),
    )
}

/// An answer that an officer entered for a home, with its evidence.
#[derive(Debug, Clone)]
pub struct EnteredView {
    /// The home.
    pub home: String,
    /// How it came, and when the home said it.
    pub how: String,
    /// The officer who entered it.
    pub by: String,
    /// Who said it for the home.
    pub said_by: String,
    /// The note or the e-mail.
    pub words: String,
}

/// The evidence of an answer that an officer entered.
#[must_use]
pub fn entered_card(view: &EnteredView) -> SummaryCard {
    let list = SummaryList::new()
        .row("How it came", view.how.as_str())
        .row("Entered by", view.by.as_str())
        .row("Who said it", view.said_by.as_str())
        .row("Note", Html::lines(view.words.lines().map(str::to_owned).collect::<Vec<_>>()));
    SummaryCard::new(format!("Entered for {}", view.home), list)
}

fn sample_asked() -> AskedView {
    AskedView {
        number: 1,
        home: "Elm House".into(),
        provider: "Brightwater Homes".into(),
        tier: "FCA".into(),
        state: "Declined".into(),
        note: "No staffed bed free at that time, entered by Priya Shah".into(),
        trace: "meets 1 of 1; does not meet 0; 0 unknown".into(),
        lines: vec![TraceLine {
            criterion: "age".into(),
            verdict: Verdict::Meets,
            evidence: "ages 10 to 17; the child is 13".into(),
            source: "statement of purpose".into(),
            as_of: None,
        }],
        open: true,
    }
}

fn sample_record() -> RecordView {
    RecordView {
        reference: "HEF-R-0042".into(),
        version: 3,
        label: ReferralLabel::OffersIn,
        next: "3 offers are in and the deadline has passed. Compare and recommend one.".into(),
        ended: None,
        officer: "Priya Shah".into(),
        deadline: Some(date(2021, 9, 13).at(9, 0, 0, 0)),
        prices: Some("Sealed until the deadline".into()),
        scoring: vec!["Must-haves that the home meets: 60%".into(), "Price of a week, against the lowest: 40%".into()],
        elapsed_minutes: Some(11),
        approval_due: Some((date(2021, 9, 14).at(17, 0, 0, 0), false)),
        search_approval: Some("Placement panel, spoken for by Ann Hill, 9 September 2021, up to £4,500 a week".into()),
        undo_until: Some(date(2021, 9, 13).at(10, 30, 0, 0)),
        left_out: vec![(
            "Mini-block".into(),
            "Not the most appropriate placement for this child".into(),
            "Limb (b) of decision HEF-2019-0114, in force since 19 January 2019, used by the Director.".into(),
        )],
        profile: kit_profile(),
        words: SharedWords { what_helps: "Football.\nSomebody who listens.".into(), ..SharedWords::default() },
        asked: vec![sample_asked()],
        entered: vec![EnteredView {
            home: "Elm House".into(),
            how: "By phone, entered by an officer, on 13 September 2021, 9:40am".into(),
            by: "Priya Shah".into(),
            said_by: "The registered manager".into(),
            words: "No staffed bed until October.".into(),
        }],
        closed_early: Some("The home cannot hold the bed until the deadline. Another authority asked for it.".into()),
        duties: vec!["First visit within 7 days of the start (regulation 28)".into()],
        siblings: vec![("HEF-R-0043".into(), "Draft".into())],
        searched: Some("Of 312 homes 18 could meet the needs.".into()),
        offers: 3,
        questions: 1,
        to_remind: 2,
        may_change: true,
        may_see_child: true,
        withheld: crate::placing::child::Withheld::Not,
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let view = sample_record();
    let ended = RecordView {
        label: ReferralLabel::Withdrawn,
        ended: Some("Withdrawn: the care plan changed.".into()),
        asked: Vec::new(),
        may_change: false,
        ..view.clone()
    };
    let read = RecordView { may_change: false, withheld: crate::placing::child::Withheld::Sealed(7), ..view.clone() };
    let child = ChildView {
        reference: "HEF-R-0042".into(),
        name: "An Invented Child".into(),
        born: date(2008, 5, 1),
        case_number: "C-1".into(),
        postcode: None,
        school: None,
        may_correct: true,
    };
    let event = EventView {
        title: "Sent to homes".into(),
        by: "Priya Shah".into(),
        at: date(2021, 9, 9).at(15, 4, 0, 0),
        facts: vec![("Homes".into(), "6".into())],
    };
    let shell = kit::signed_in_shell;
    vec![
        ("referral", record_page(shell(), &view, "key").to_string()),
        ("referral for who only reads it", record_page(shell(), &read, "key").to_string()),
        ("withdrawn referral", record_page(shell(), &ended, "key").to_string()),
        ("child's details", child_page(shell(), &child, HidesAfter::Two).to_string()),
        ("timeline", timeline_page(shell(), "HEF-R-0042", 3, 1, &[event]).to_string()),
        ("record a decline", sample_decline().to_string()),
    ]
}

fn sample_decline() -> Page {
    let wrong = placewell_domain::outcome::Invalid::one("reason", "Choose why the home declined");
    record_decline_page(kit::signed_in_shell(), "HEF-R-0042", 1, "Elm House", &Typed::default(), &wrong, "key")
}

/// A profile for samples.
#[must_use]
pub(crate) fn kit_profile() -> SharedProfile {
    placewell_domain::placing::referral::Profile {
        age: Some(13),
        lot: Some("planned".into()),
        need_band: Some("standard".into()),
        start: Some(date(2021, 9, 27)),
        ..Default::default()
    }
    .for_homes()
}
