//! What a provider reads: its home page, the referrals it was sent, one of them, and the pages of its answers.
//!
//! The view types hold the frozen profile and the provider's own answers. They have no place for who the child is, for
//! the referral's record, or for another provider.

use jiff::civil::{Date, DateTime, date};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::DeclineReason;
use placewell_domain::placing::invitation::question::LONGEST;
use placewell_domain::placing::referral::{SharedProfile, SharedWords};

use crate::components::{
    Button, ButtonGroup, Colour, ContextualDate, Details, Inset, Link, Number, Numbers, Row, SubNav, SummaryCard,
    SummaryList, Table, Tag,
};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::owed::{self, OwedView};
use crate::page::Page;
use crate::placing::referral::record::{kit_profile, profile_list, words_part};
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One invitation in a list.
#[derive(Debug, Clone)]
pub struct ReceivedLine {
    /// The reference.
    pub reference: String,
    /// The own home that was asked.
    pub home: String,
    /// The authority.
    pub authority: String,
    /// Age and lot in words.
    pub need: String,
    /// Until when to answer.
    pub deadline: DateTime,
    /// Its state in words.
    pub state: String,
}

/// The list (V-02).
pub fn list_page(shell: Shell, tabs: &[(String, String, bool)], lines: &[ReceivedLine]) -> Page {
    let nav =
        tabs.iter().fold(SubNav::new("Referrals by answer"), |nav, (text, href, here)| nav.tab(text, href, *here));
    let table = Table::new(words::count(u64::try_from(lines.len()).unwrap_or(0), "referral", "referrals"))
        .columns(["Reference", "Your home", "Authority", "Child", "Answer by", "Status"])
        .rows(lines.iter().map(|line| {
            Row::new(Link::new(line.reference.as_str(), format!("/provider/referrals/{}", line.reference)))
                .cell(line.home.as_str())
                .cell(line.authority.as_str())
                .cell(line.need.as_str())
                .cell(ContextualDate::moment(line.deadline))
                .cell(line.state.as_str())
        }))
        .empty("Nothing here. New referrals appear under New, the one that closes soonest first.");
    Page::new(shell.titled("Referrals sent to you")).with(nav).with(table)
}

/// One home's invitation under a reference.
#[derive(Debug, Clone)]
pub struct InvitationView {
    /// The invitation's id, for the addresses of its acts.
    pub id: i64,
    /// The own home.
    pub home: String,
    /// Its state in words.
    pub state: String,
    /// Whether it can be answered.
    pub open: bool,
    /// The own offers: state and total in words, and the version of the one that is open.
    pub offers: Vec<String>,
    /// The open offer's version, where it was sent.
    pub sent_version: Option<i64>,
    /// Whether there is a draft.
    pub draft: bool,
    /// The outcome, where there is one: reason and price position.
    pub outcome: Option<String>,
    /// Why it was asked: what was looked at, what it came to, and what was found.
    pub why: Vec<(String, String, String)>,
    /// What its home may read beyond the profile; none before the shortlist, and once the offer is lost.
    pub disclosed: Option<Disclosed>,
    /// Somebody has moved in or out since the impact assessment of its offer.
    pub reassess: bool,
}

/// What a home may read beyond the profile. It says that something can be read, and holds none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disclosed {
    /// The risk chronology.
    pub chronology: bool,
    /// Who the child is.
    pub identity: bool,
}

/// A referral as a provider reads it (V-03).
#[derive(Debug, Clone)]
pub struct ReceivedView {
    /// The reference.
    pub reference: String,
    /// The authority.
    pub authority: String,
    /// Its duty team's telephones, in words.
    pub duty: String,
    /// Until when to answer, and whether it has passed.
    pub deadline: (DateTime, bool),
    /// Whether prices are sealed.
    pub sealed: bool,
    /// How offers are scored, fixed before homes were asked: a criterion with its weight each.
    pub scoring: Vec<String>,
    /// The frozen profile; none once it can no longer be read.
    pub profile: Option<(SharedProfile, SharedWords)>,
    /// The own homes asked.
    pub invitations: Vec<InvitationView>,
    /// Own questions: question, answer.
    pub questions: Vec<(String, Option<String>)>,
    /// Answers to everyone: question, answer.
    pub shared: Vec<(String, String)>,
    /// Why the profile can no longer be read, where it cannot.
    pub closed: &'static str,
}

/// The page.
pub fn received_page(shell: Shell, view: &ReceivedView, key: &str) -> Page {
    let reference = view.reference.as_str();
    let csrf = shell.csrf.clone();
    let shell = shell.titled(format!("Referral {reference}")).record(reference).back("/provider/referrals");
    let (deadline, passed) = view.deadline;
    let clock = if passed {
        let waits = view.invitations.iter().any(|one| one.open && one.sent_version.is_none());
        let late = if waits { " You can still send an offer late, with a reason." } else { "" };
        format!("The deadline was {}.{late}", words::moment(deadline))
    } else {
        format!("Answer by {}.", words::moment(deadline))
    };
    let mut page = Page::new(shell)
        .with(SummaryList::new().row("Authority", view.authority.as_str()).row("Its duty team", view.duty.as_str()));
    page = match &view.profile {
        None => page.with(Inset::new(view.closed)),
        Some(_) if view.sealed && !passed => page.with(Inset::new(format!("{clock} Prices stay sealed until then."))),
        Some(_) => page.with(Inset::new(clock)),
    };
    for one in &view.invitations {
        let part = Html::join([invitation_part(one, &csrf, key), why_part(one)]);
        page = page.with(SummaryCard::new(one.home.as_str(), part));
    }
    page = scored(page, view);
    if let Some((profile, shared)) = &view.profile {
        page = page.heading("The child's needs").with(profile_list(profile)).with(words_part(shared));
    }
    with_questions(page, view)
}

/// How offers are scored, as it was fixed before homes were asked (rule 5.7).
fn scored(page: Page, view: &ReceivedView) -> Page {
    if view.profile.is_none() || view.scoring.is_empty() {
        return page;
    }
    page.heading("How offers are scored").with(Html::bullets(view.scoring.iter().map(String::as_str)))
}

/// Why the home was asked, as it was known then; nothing of any other home.
fn why_part(one: &InvitationView) -> Html {
    if one.why.is_empty() {
        return Html::default();
    }
    let rows = one
        .why
        .iter()
        .map(|(about, verdict, found)| Row::new(about.as_str()).cell(verdict.as_str()).cell(found.as_str()));
    let table = Table::new(format!("What was looked at for {}", one.home))
        .caption_hidden()
        .columns(["About", "Your home", "What was found"])
        .rows(rows);
    Details::new(format!("Why {} was asked", one.home), table).into()
}

/// The page with the own questions and what was answered to everyone, where there is any.
fn with_questions(page: Page, view: &ReceivedView) -> Page {
    if view.questions.is_empty() && view.shared.is_empty() {
        return page;
    }
    let own = view.questions.iter().fold(SummaryList::new(), |list, (question, answer)| {
        list.row(question.as_str(), answer.clone().unwrap_or_else(|| "Not answered yet".to_owned()))
    });
    let all = view.shared.iter().fold(own, |list, (question, answer)| list.row(question.as_str(), answer.as_str()));
    page.heading("Questions and answers").with(all)
}

fn disclosed_links(one: &InvitationView, disclosed: Disclosed) -> Html {
    let path = |part: &str| format!("/provider/invitations/{}/{part}", one.id);
    let hidden = |link: Link| link.hidden(format!("for {}", one.home));
    let mut links = Vec::new();
    if disclosed.chronology {
        links.push(hidden(Link::new("The risk chronology, without names", path("chronology"))));
    }
    if disclosed.identity {
        links.push(hidden(Link::new("Who the child is", path("child"))));
    }
    links.push(hidden(Link::new("Known associates: ask and read answers", path("associates"))));
    Html::lines(links)
}

fn invitation_part(one: &InvitationView, csrf: &str, key: &str) -> Html {
    let path = |part: &str| format!("/provider/invitations/{}/{part}", one.id);
    let mut list = SummaryList::new().row("Your answer", one.state.as_str());
    if let Some(disclosed) = &one.disclosed {
        list = list.row("You may read", disclosed_links(one, *disclosed));
    }
    for offer in &one.offers {
        list = list.row("Your offer", offer.as_str());
    }
    if let Some(outcome) = &one.outcome {
        list = list.row("Outcome", outcome.as_str());
    }
    if one.reassess {
        list = list
            .row("To do", "Somebody has moved in or out since. Change the offer: say what it means for each child.");
    }
    if !one.open {
        return list.into();
    }
    let group = match (one.sent_version, one.draft) {
        (Some(_), _) => ButtonGroup::new().with(Button::link("Change the offer", path("change"))),
        (None, true) => ButtonGroup::new().with(Button::link("Continue the offer", path("offer"))),
        (None, false) => ButtonGroup::new().with(Button::link("Offer a place", path("offer"))),
    };
    let group = group
        .with(Button::link("Decline", path("decline")).secondary())
        .with(Link::new("Ask a question", path("question")).hidden(format!("for {}", one.home)));
    let withdraw = one.sent_version.map(|version| {
        Form::post(path("withdraw-offer"), csrf, format!("{key}-{}", one.id))
            .version(version)
            .button(Button::submit(format!("Withdraw the offer of {}", one.home)).warning())
    });
    Html::join([Html::from(list), group.into(), withdraw.map_or_else(Html::default, Html::from)])
}

/// Where an answer's form goes and what it leads back to: signed in, or through a one-time link.
#[derive(Debug, Clone)]
pub struct Door {
    /// The form's address without its last part: `/provider/invitations/7` or `/emails/abc`.
    pub base: String,
    /// Where Cancel leads.
    pub back: String,
}

fn answer_shell(shell: Shell, title: &str, reference: &str, door: &Door, errors: &Invalid) -> Shell {
    shell.titled(title).record(reference).caption(reference).back(door.back.as_str()).with_errors(errors)
}

/// Decline: one reason, one button.
pub fn decline_page(
    shell: Shell,
    reference: &str,
    home: &str,
    door: &Door,
    typed: &Typed,
    errors: &Invalid,
    key: &str,
) -> Page {
    let csrf = shell.csrf.clone();
    let shell = answer_shell(shell, &format!("Decline for {home}"), reference, door, errors);
    let reasons = DeclineReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label()));
    let form = Form::post(format!("{}/decline", door.base), csrf, key)
        .field(Field::radios("reason", "Why can you not offer?", reasons).value(typed.get("reason")).errors(errors));
    Page::new(shell).narrow().with(form.submit("Decline").cancel(door.back.as_str()))
}

/// Ask a question.
pub fn question_page(shell: Shell, reference: &str, door: &Door, typed: &Typed, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = answer_shell(shell, "Ask a question", reference, door, errors);
    let field = Field::textarea("question", "Your question")
        .limit(LONGEST)
        .hint("The authority may answer to everyone who was asked, without saying who asked.")
        .value(typed.get("question"))
        .errors(errors);
    let form = Form::post(format!("{}/question", door.base), csrf, key).field(field);
    Page::new(shell).narrow().with(form.submit("Send the question").cancel(door.back.as_str()))
}

/// What a one-time link opens: the profile, the three answers, and what was asked and answered.
pub fn link_page(shell: Shell, view: &ReceivedView, base: &str) -> Page {
    let reference = view.reference.as_str();
    let shell = shell.titled(format!("Referral {reference}")).record(reference);
    let page = Page::new(shell)
        .with(
            SummaryList::new()
                .row("Authority", view.authority.as_str())
                .row("Answer by", words::moment(view.deadline.0)),
        )
        .with(Inset::new("This link can be used for one answer."))
        .with(
            ButtonGroup::new()
                .with(Button::link("Offer a place", format!("{base}/offer")))
                .with(Button::link("Decline", format!("{base}/decline")).secondary())
                .with(Link::new("Ask a question", format!("{base}/question"))),
        );
    let page = match &view.profile {
        Some((profile, shared)) => {
            scored(page, view).heading("The child's needs").with(profile_list(profile)).with(words_part(shared))
        }
        None => page.with(Inset::new(view.closed)),
    };
    with_questions(page, view)
}

/// An answer through a link has been recorded.
pub fn link_done_page(shell: Shell) -> Page {
    Page::new(shell.titled("Your answer has been sent"))
        .narrow()
        .text("The placing authority has been told. This link cannot be used again.")
}

/// A child nominated for a bed of a mini-block.
#[derive(Debug, Clone)]
pub struct NominationLine {
    /// By when the answer is due.
    pub answer_by: DateTime,
    /// That time has passed.
    pub overdue: bool,
    /// The contract's reference.
    pub block: String,
    /// Which bed.
    pub bed: u8,
    /// The referral's reference.
    pub reference: String,
    /// Who nominated.
    pub authority: String,
}

/// A provider's day (V-01), by stage.
#[derive(Debug, Clone)]
pub struct ProviderDayView {
    /// The provider's name.
    pub name: String,
    /// Nominations to a mini-block that wait for an answer, due soonest first.
    pub nominations: Vec<NominationLine>,
    /// New referrals, closing soonest first.
    pub new: Vec<ReceivedLine>,
    /// Offers that wait: reference, home, price and state in words.
    pub waiting: Vec<(String, String, String)>,
    /// Agreements to sign or starting soon: reference of the referral and the home.
    pub accepted: Vec<(String, String)>,
    /// What else waits, the earliest first.
    pub owed: Vec<OwedView>,
    /// What is to be kept right.
    pub keep: KeepView,
}

/// What a provider keeps right so that its homes are asked.
#[derive(Debug, Clone, Default)]
pub struct KeepView {
    /// Homes whose beds were not confirmed for a week: number, name, and the last time.
    pub stale: Vec<(String, String, Option<Date>)>,
    /// How often in 28 days a home said that the bed it was asked for was not there.
    pub no_bed: usize,
    /// Documents that lapsed or soon will: what, which home, how many days are left; none where it lapsed.
    pub lapsing: Vec<(String, String, Option<i64>)>,
}

/// The provider's home page.
pub fn day_page(shell: Shell, view: &ProviderDayView, key: &str) -> Page {
    let count = |n: usize| words::number(u64::try_from(n).unwrap_or(0));
    let numbers = Numbers::new([
        Number::new(count(view.new.len()), "New referrals").to("/provider/referrals"),
        Number::new(count(view.waiting.len()), "Offers waiting").to("/provider/referrals?tab=offered"),
        Number::new(count(view.accepted.len()), "Accepted").to("/agreements"),
    ]);
    let new = Table::new("New referrals")
        .columns(["Reference", "Your home", "Child", "Answer by"])
        .rows(view.new.iter().take(10).map(|line| {
            Row::new(Link::new(line.reference.as_str(), format!("/provider/referrals/{}", line.reference)))
                .cell(line.home.as_str())
                .cell(line.need.as_str())
                .cell(ContextualDate::moment(line.deadline))
        }))
        .empty("No new referral waits for you.");
    let waiting = Table::new("Offers waiting")
        .columns(["Reference", "Home", "Your offer"])
        .rows(view.waiting.iter().take(10).map(|(reference, home, offer)| {
            Row::new(Link::new(reference.as_str(), format!("/provider/referrals/{reference}")))
                .cell(home.as_str())
                .cell(offer.as_str())
        }))
        .empty("No offer of yours waits for an answer.");
    let accepted = Table::new("Accepted: agreements to sign and to start")
        .columns(["Reference", "Home"])
        .rows(view.accepted.iter().take(10).map(|(reference, home)| {
            Row::new(Link::new(reference.as_str(), format!("/provider/referrals/{reference}"))).cell(home.as_str())
        }))
        .empty("No agreement waits for you.");
    let nominations = (!view.nominations.is_empty()).then(|| nominations(&view.nominations));
    let csrf = shell.csrf.clone();
    Page::new(shell.titled(view.name.as_str()))
        .with(numbers)
        .maybe(nominations)
        .maybe((!view.owed.is_empty()).then(|| owed::table("To do", &view.owed, "")))
        .with(new)
        .with(waiting)
        .with(accepted)
        .maybe(beds_part(&view.keep, &csrf, key))
        .maybe(lapsing_part(&view.keep))
}

/// Beds to confirm with one button, and what stale ones cost.
fn beds_part(keep: &KeepView, csrf: &str, key: &str) -> Option<Html> {
    if keep.stale.is_empty() {
        return None;
    }
    let rows = keep.stale.iter().take(10).map(|(urn, name, on)| {
        Row::new(Link::new(name.as_str(), format!("/provider/homes/{urn}/beds")))
            .cell(on.map_or("Never".to_owned(), words::date))
            .cell(
                Link::new("Why it is asked, and why not", format!("/provider/homes/{urn}/why"))
                    .hidden(format!("for {name}")),
            )
    });
    let homes = words::count(u64::try_from(keep.stale.len()).unwrap_or(0), "home", "homes");
    let table =
        Table::new(format!("Beds to confirm: {homes}")).columns(["Home", "Last confirmed", "In searches"]).rows(rows);
    let cost = match keep.no_bed {
        0 => "Officers read beside your beds the day on which you last confirmed them.".to_owned(),
        times => format!(
            "In the last 28 days your homes declined {} for want of a staffed bed that was shown as free: work for you and \
             for the officer that a confirmed list saves.",
            words::count(u64::try_from(times).unwrap_or(0), "referral", "referrals")
        ),
    };
    let form = Form::post("/provider/homes/confirm-beds", csrf, key).submit("Yes, all beds are still right");
    Some(Html::join([table.into(), Html::paragraph(cost), form.into()]))
}

fn lapsing_part(keep: &KeepView) -> Option<Table> {
    let rows = keep.lapsing.iter().take(10).map(|(what, home, left)| {
        let left = match left {
            None => Tag::new("Lapsed", Colour::Red),
            Some(days) => Tag::new(words::count(days.unsigned_abs(), "day left", "days left"), Colour::Yellow),
        };
        Row::new(Link::new(what.as_str(), "/provider/documents")).cell(home.as_str()).cell(left)
    });
    let table = Table::new("Documents that lapse").columns(["Document", "Home", "Left"]).rows(rows);
    (!keep.lapsing.is_empty()).then_some(table)
}

fn nominations(lines: &[NominationLine]) -> Table {
    Table::new("Nominations to answer").columns(["Answer by", "Mini-block", "Referral", "Nominated by"]).rows(
        lines.iter().map(|line| {
            let by: Html = ContextualDate::moment(line.answer_by).into();
            let by = if line.overdue { Html::lines([by, Tag::new("Overdue", Colour::Red).into()]) } else { by };
            let to = format!("/mini-blocks/{}/nights", line.block);
            Row::new(by)
                .cell(Link::new(format!("{}, bed {}", line.block, line.bed), to))
                .cell(Link::new(line.reference.as_str(), format!("/provider/referrals/{}", line.reference)))
                .cell(line.authority.as_str())
        }),
    )
}

fn sample_day(line: ReceivedLine, deadline: DateTime) -> ProviderDayView {
    ProviderDayView {
        name: "Brightwater Homes".into(),
        nominations: [(deadline, false), (date(2021, 9, 12).at(9, 0, 0, 0), true)]
            .map(|(answer_by, overdue)| NominationLine {
                answer_by,
                overdue,
                block: "MB-002".into(),
                bed: 2,
                reference: "HEF-R-0045".into(),
                authority: "Herefordshire Council".into(),
            })
            .to_vec(),
        new: vec![line],
        waiting: vec![("HEF-R-0042".into(), "Elm House".into(), "£4,150 a week, sent".into())],
        accepted: Vec::new(),
        owed: vec![OwedView {
            about: "Elm House".into(),
            what: "A quality return to send".into(),
            due: date(2021, 10, 21),
            late: false,
            act: ("Fill in the return".into(), "/provider/monitoring/returns/7".into()),
        }],
        keep: KeepView {
            stale: vec![
                ("SC400001".into(), "Elm House".into(), Some(date(2021, 9, 1))),
                ("SC400002".into(), "Oak House".into(), None),
            ],
            no_bed: 2,
            lapsing: vec![
                ("Public liability insurance".into(), "All homes".into(), Some(5)),
                ("Regulation 44 report".into(), "Elm House".into(), None),
            ],
        },
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let deadline = date(2021, 9, 13).at(16, 0, 0, 0);
    let line = ReceivedLine {
        reference: "HEF-R-0042".into(),
        home: "Elm House".into(),
        authority: "Herefordshire Council".into(),
        need: "13 years old, planned".into(),
        deadline,
        state: "Asked".into(),
    };
    let one = InvitationView {
        id: 7,
        home: "Elm House".into(),
        state: "Offered".into(),
        open: true,
        offers: vec!["£4,150 a week, sent".into()],
        sent_version: Some(2),
        draft: false,
        outcome: None,
        why: vec![("registered ages".into(), "Meets".into(), "registered for ages 10 to 17".into())],
        disclosed: Some(Disclosed { chronology: true, identity: true }),
        reassess: true,
    };
    let late = InvitationView { state: "Asked".into(), offers: vec![], sent_version: None, draft: true, ..one.clone() };
    let view = ReceivedView {
        reference: "HEF-R-0042".into(),
        authority: "Herefordshire Council".into(),
        duty: "By day 01632 960100; at night, at weekends and on bank holidays 01632 960101".into(),
        deadline: (deadline, false),
        sealed: true,
        scoring: vec!["Must-haves that the home meets: 60%".into(), "Price of a week, against the lowest: 40%".into()],
        profile: Some((kit_profile(), SharedWords { what_helps: "Football.".into(), ..SharedWords::default() })),
        invitations: vec![one],
        questions: vec![("Can she keep her dog?".into(), None)],
        shared: vec![("Is the school near?".into(), "Yes, 2 miles.".into())],
        closed: words::ERASED,
    };
    let closed = ReceivedView { profile: None, invitations: Vec::new(), ..view.clone() };
    let after = |invitations| {
        let over = ReceivedView { deadline: (deadline, true), invitations, ..view.clone() };
        received_page(kit::signed_in_shell(), &over, "key").to_string()
    };
    let door = Door { base: "/provider/invitations/7".into(), back: "/provider/referrals/HEF-R-0042".into() };
    let tabs = [("New".to_owned(), "/provider/referrals".to_owned(), true)];
    let (shell, none) = (kit::signed_in_shell, Invalid::default());
    vec![
        ("provider's day", day_page(shell(), &sample_day(line.clone(), deadline), "key").to_string()),
        ("provider's referrals", list_page(shell(), &tabs, &[line]).to_string()),
        ("provider's referral", received_page(shell(), &view, "key").to_string()),
        ("provider's closed referral", received_page(shell(), &closed, "key").to_string()),
        ("provider's referral after the deadline", after(view.invitations.clone())),
        ("provider's referral after the deadline, with a draft", after(vec![late])),
        (
            "decline",
            decline_page(
                shell(),
                "HEF-R-0042",
                "Elm House",
                &door,
                &Typed::default(),
                &Invalid::one("reason", "Choose why you cannot offer"),
                "key",
            )
            .to_string(),
        ),
        ("question", question_page(shell(), "HEF-R-0042", &door, &Typed::default(), &none, "key").to_string()),
        ("one-time link opened", link_page(kit::public_shell(), &view, "/emails/abc").to_string()),
        ("one-time link used", link_done_page(kit::public_shell()).to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_no_offer_in_is_told_of_a_late_one() {
        let received = samples().into_iter().filter(|(name, _)| name.starts_with("provider's referral after"));
        let pages: Vec<String> = received.map(|(_, page)| page).collect();
        let told = pages.iter().map(|page| page.contains("You can still send an offer late"));
        assert_eq!(told.collect::<Vec<_>>(), [false, true], "sent in time, and a draft only");
        assert!(pages.iter().all(|page| page.contains("The deadline was 4pm on Monday 13 September 2021.")));
    }

    fn beds(no_bed: usize, stale: bool) -> Option<String> {
        let home = ("SC400001".into(), "Elm House".into(), Some(date(2021, 9, 3)));
        let keep = KeepView { stale: if stale { vec![home] } else { vec![] }, no_bed, lapsing: vec![] };
        beds_part(&keep, "token", "key").map(|part| part.to_string())
    }

    #[test]
    fn beside_stale_beds_stands_what_they_cost_and_beside_confirmed_ones_nothing() {
        for (times, words) in [
            (0, "Officers read beside your beds the day"),
            (1, "declined 1 referral for want of a staffed bed"),
            (2, "declined 2 referrals for want of a staffed bed"),
        ] {
            assert!(beds(times, true).is_some_and(|part| part.contains(words)), "{words}");
            assert_eq!(beds(times, false), None);
        }
    }
}
