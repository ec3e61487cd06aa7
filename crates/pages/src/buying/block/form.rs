//! The lead's forms: propose, business case, mini-competition, evaluation, a change of a live contract, giving up.

use placewell_domain::buying::block::RefusalPeriod;
use placewell_domain::homes::home::RegisteredSex;
use placewell_domain::outcome::Invalid;

use crate::components::{Inset, Link, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;

type Pairs<'a> = &'a [(String, String)];

/// What the proposal's form offers.
#[derive(Debug, Clone)]
pub struct ProposalView {
    /// The reference and version; none for a new one.
    pub of: Option<(String, i64)>,
    /// The lots: code and name.
    pub lots: Vec<(String, String)>,
    /// The authorities: code and name.
    pub authorities: Vec<(String, String)>,
    /// The areas: code and name.
    pub areas: Vec<(String, String)>,
    /// What stands in the form.
    pub typed: Typed,
}

/// A field with what stands in it.
fn kept(field: Field, name: &str, typed: &Typed, errors: &Invalid) -> Field {
    field.value(typed.get(name)).errors(errors)
}

fn day(name: &str, label: &str, typed: &Typed, errors: &Invalid) -> Field {
    Field::date(name, label).parts(typed.date(name)).errors(errors)
}

/// What is wrong with the shares together is said at the first of them.
fn at_a_share(errors: &Invalid, authorities: &[(String, String)]) -> Invalid {
    let mut said = errors.clone();
    let first = authorities.first().map(|(code, _)| format!("share_{code}")).unwrap_or_default();
    for error in said.errors.iter_mut().filter(|error| error.field == "shares") {
        error.field.clone_from(&first);
    }
    said
}

/// The proposal.
pub fn propose_page(shell: Shell, view: &ProposalView, key: &str, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let (title, action, version) = match &view.of {
        Some((reference, version)) => ("Change the proposal", format!("/mini-blocks/{reference}/edit"), *version),
        None => ("Propose a mini-block", "/mini-blocks/new".to_owned(), 0),
    };
    let errors = &at_a_share(errors, &view.authorities);
    let form = Form::post(action, csrf, key).version(version);
    let form = terms(children(form, view, errors), view, errors);
    let form = form.part(Html::heading("Who pays")).part(Html::paragraph(
        "Shares sum to 100%. Leave out an authority that pays nothing. Each approves for itself, under its own limb.",
    ));
    let form = shares(form, &view.authorities, &view.typed, errors);
    let form = form.confirming("block.propose", errors).confirming("block.revise", errors);
    Page::new(shell.titled(title).caption("Mini-blocks").with_errors(errors)).with(form.submit("Keep this proposal"))
}

/// A field for the share of each authority.
fn shares(form: Form, authorities: &[(String, String)], typed: &Typed, errors: &Invalid) -> Form {
    authorities.iter().fold(form, |form, (code, name)| {
        let field = format!("share_{code}");
        form.field(kept(Field::number(field.as_str(), name.as_str()).suffix("%").width(5), &field, typed, errors))
    })
}

fn children(form: Form, view: &ProposalView, errors: &Invalid) -> Form {
    let typed = &view.typed;
    let choices = |all: &[(String, String)]| {
        all.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str())).collect::<Vec<_>>()
    };
    let sexes = RegisteredSex::ALL.iter().map(|sex| Choice::new(sex.code(), sex.label()));
    form.field(kept(
        Field::text("title", "What it is called").hint("Nothing about a child. It is published with the award."),
        "title",
        typed,
        errors,
    ))
    .part(Html::heading("For which children"))
    .field(kept(Field::radios("lot", "Lot", choices(&view.lots)), "lot", typed, errors))
    .field(kept(Field::number("age_from", "Youngest age").width(2), "age_from", typed, errors))
    .field(kept(Field::number("age_to", "Oldest age").width(2), "age_to", typed, errors))
    .field(kept(Field::radios("sex", "For whom", sexes), "sex", typed, errors))
    .field(
        Field::checkboxes("areas", "In which areas the homes may be", choices(&view.areas))
            .hint("Choose none for any area.")
            .values(typed.all("areas"))
            .errors(errors),
    )
}

fn terms(form: Form, view: &ProposalView, errors: &Invalid) -> Form {
    let typed = &view.typed;
    let number = |name: &str, label: &str, suffix: &str| {
        let field = Field::number(name, label).width(5);
        let field = if suffix.is_empty() { field } else { field.suffix(suffix) };
        kept(field, name, typed, errors)
    };
    let periods = RefusalPeriod::ALL.iter().map(|period| Choice::new(period.code(), period.label()));
    form.part(Html::heading("What is asked for"))
        .field(number("beds", "Beds", "").hint("1 to 6. More need a key decision of each paying authority."))
        .field(kept(
            Field::yes_no("floating", "May the beds be any of the provider's homes?"),
            "floating",
            typed,
            errors,
        ))
        .field(day("from", "First night", typed, errors))
        .field(day("until", "Last night", typed, errors))
        .field(number("guaranteed_beds", "Guaranteed beds", ""))
        .field(number("guaranteed_percent", "Of their nights in a calendar month, guaranteed", "%"))
        .field(number("nomination_hours", "Nominate within", "hours"))
        .field(kept(
            Field::text("void_order", "Order in which an empty bed is offered (optional)").hint(
                "Codes of the paying authorities, the first to be asked first, such as HEF, SHR. Leave empty where all may \
                 nominate at once.",
            ),
            "void_order",
            typed,
            errors,
        ))
        .field(number("void_hours", "Each authority answers within", "hours"))
        .field(number("refusals", "Permitted refusals", ""))
        .field(kept(Field::select("refusal_period", "In each", periods), "refusal_period", typed, errors))
        .field(
            number("resale_percent", "Authorities' share of the income of a re-sold night", "%")
                .hint("Leave empty where nights may not be re-sold."),
        )
        .field(number("credit_suspended", "Credit of an empty night while the home is suspended", "%"))
        .field(number("credit_unstaffed", "Credit of an empty night while the bed is not staffed", "%"))
        .field(day("break_1", "First break (optional)", typed, errors))
        .field(day("break_2", "Second break (optional)", typed, errors))
        .field(number("break_notice_days", "Notice before a break", "days"))
        .field(number("notice_days", "Notice at any other time", "days").hint("Leave empty where there is none."))
        .field(day("extendable_until", "Last night that the option to extend allows (optional)", typed, errors))
}

/// The business case.
///
/// `need` says what the beds would have met of what was wanted, by the authorities' own records.
pub fn case_page(
    shell: Shell,
    (reference, version, need): (&str, i64, &str),
    typed: &Typed,
    key: &str,
    errors: &Invalid,
) -> Page {
    let csrf = shell.csrf.clone();
    let area = |name: &str, label: &str| kept(Field::textarea(name, label).limit(4_000), name, typed, errors);
    let form = Form::post(format!("/mini-blocks/{reference}/case"), csrf, key)
        .version(version)
        .field(area("reasons", "Why the beds are bought"))
        .field(area("alternatives", "What else was considered, and why it was not chosen"))
        .field(area("conflicts", "Conflicts of interest").hint("Enter None where there is none."))
        .confirming("block.write_case", errors)
        .submit("Keep the business case");
    Page::new(shell.titled("Business case").caption(format!("Mini-block {reference}")).with_errors(errors))
        .with(Inset::new("All of it is published with the award. Nothing about a child."))
        .text(need)
        .text(Link::new("The need by authority and by month", format!("/mini-blocks/{reference}")))
        .with(form)
}

/// How many quality criteria the form has room for.
pub const CRITERIA: usize = 4;

/// The mini-competition.
pub fn compete_page(
    shell: Shell,
    (reference, version): (&str, i64),
    (could_bid, typed): (usize, &Typed),
    key: &str,
    errors: &Invalid,
) -> Page {
    let csrf = shell.csrf.clone();
    let mut form = Form::post(format!("/mini-blocks/{reference}/compete"), csrf, key)
        .version(version)
        .field(day("deadline", "Bids come in until", typed, errors))
        .field(kept(Field::time("deadline_time", "At what time"), "deadline_time", typed, errors))
        .field(kept(
            Field::number("price_weight", "Weight of the price").suffix("%").width(3),
            "price_weight",
            typed,
            errors,
        ))
        .field(
            kept(
                Field::number("occupancy", "Nights taken to be occupied").suffix("%").width(3),
                "occupancy",
                typed,
                errors,
            )
            .hint("Prices are compared by a night at this occupancy."),
        );
    for at in 1..=CRITERIA {
        let (title, weight) = (format!("quality_{at}"), format!("weight_{at}"));
        form = form
            .field(kept(Field::text(title.as_str(), format!("Quality criterion {at}")), &title, typed, errors))
            .field(kept(Field::number(weight.as_str(), "Its weight").suffix("%").width(3), &weight, typed, errors));
    }
    let wrong = errors.errors.iter().find(|error| error.field == "quality");
    let form = match wrong {
        Some(error) => form.part(Warning::new(error.message.as_str())),
        None => form,
    };
    Page::new(shell.titled("Ask homes to bid").caption(format!("Mini-block {reference}")).with_errors(errors))
        .text(format!("{could_bid} providers have an admitted home that takes such children. All of them are asked."))
        .with(Inset::new(
            "Scoring is fixed when homes are asked. Prices are sealed until the deadline. Weights sum to 100%.",
        ))
        .with(form.submit("Ask them to bid"))
}

/// A bid to be scored.
#[derive(Debug, Clone)]
pub struct BidToScore {
    /// Its id.
    pub id: i64,
    /// The provider.
    pub provider: String,
    /// Its prices in words.
    pub prices: String,
    /// Its answers, in the order of the criteria.
    pub answers: Vec<String>,
    /// Its conflicts of interest.
    pub conflicts: String,
}

/// The evaluation.
pub fn evaluate_page(
    shell: Shell,
    (reference, version): (&str, i64),
    (criteria, bids, typed): (&[String], &[BidToScore], &Typed),
    key: &str,
    errors: &Invalid,
) -> Page {
    let csrf = shell.csrf.clone();
    let mut form = Form::post(format!("/mini-blocks/{reference}/evaluate"), csrf, key).version(version);
    for (at, bid) in bids.iter().enumerate() {
        form = form
            .part(Html::heading(&bid.provider))
            .part(Html::paragraph(format!("{}. Conflicts of interest: {}.", bid.prices, bid.conflicts)))
            .field(Field::hidden(format!("bid_{at}"), bid.id.to_string()));
        for (number, criterion) in criteria.iter().enumerate() {
            let name = format!("score_{at}_{number}");
            let answer = bid.answers.get(number).map_or("", String::as_str);
            form = form.field(
                kept(
                    Field::number(name.as_str(), format!("{criterion}, 0 to 5 ({})", bid.provider)).width(2),
                    &name,
                    typed,
                    errors,
                )
                .hint(format!("Its answer: {answer}")),
            );
        }
        let name = format!("reasons_{at}");
        let label = format!("Reasons ({})", bid.provider);
        form = form.field(
            kept(Field::textarea(name.as_str(), label).limit(2_000), &name, typed, errors)
                .hint("The provider reads them."),
        );
    }
    let wrong = errors.errors.iter().find(|error| error.field == "bids");
    let form = match wrong {
        Some(error) => form.part(Warning::new(error.message.as_str())),
        None => form,
    };
    Page::new(shell.titled("Score the bids").caption(format!("Mini-block {reference}")).with_errors(errors))
        .with(Inset::new(
            "The best bid by the scoring that was fixed is recommended. Each paying authority then decides.",
        ))
        .with(form.submit("Score and recommend the best"))
}

/// A change of a live contract.
pub fn change_page(
    shell: Shell,
    (reference, version): (&str, i64),
    (breaks, authorities, typed): (Pairs<'_>, Pairs<'_>, &Typed),
    key: &str,
    errors: &Invalid,
) -> Page {
    let csrf = shell.csrf.clone();
    let errors = &at_a_share(errors, authorities);
    let kinds = [
        Choice::new("extend", "Extend it"),
        Choice::new("reduce", "Guarantee fewer beds").hint("The provider agrees too."),
        Choice::new("reshare", "Other shares: an authority leaves, or another joins")
            .hint("Those that pay now and those that would pay then decide; the provider agrees too."),
        Choice::new("break", "Leave it on a break date"),
        Choice::new("notice", "End it by notice"),
    ];
    let breaks = if breaks.is_empty() {
        Html::paragraph("No break can be used today.")
    } else {
        Html::bullets(breaks.iter().map(|(on, last)| Html::from(format!("Break on {on}: notice by {last}"))))
    };
    let form = Form::post(format!("/mini-blocks/{reference}/change"), csrf, key)
        .version(version)
        .field(kept(Field::radios("change", "What changes", kinds), "change", typed, errors))
        .part(breaks)
        .field(day("on", "From which day", typed, errors).hint(
            "The new last night of an extension; the first night with fewer guaranteed beds or other shares; the day of the \
             break or of the end.",
        ))
        .field(kept(
            Field::number("guaranteed_beds", "Guaranteed beds from then on").width(2).hint("Only for fewer beds."),
            "guaranteed_beds",
            typed,
            errors,
        ))
        .field(kept(Field::textarea("reason", "Why").limit(1_000).hint("Nothing about a child."), "reason", typed, errors))
        .part(Html::heading("Who pays from then on"))
        .part(Html::paragraph("Only for other shares. They sum to 100%; leave out an authority that leaves."));
    let form = shares(form, authorities, typed, errors).submit("Ask each authority");
    Page::new(shell.titled("Propose a change").caption(format!("Mini-block {reference}")).with_errors(errors))
        .with(Inset::new("It holds once every paying authority has decided under its own limb."))
        .with(form)
}

/// Giving up.
pub fn withdraw_page(
    shell: Shell,
    (reference, version): (&str, i64),
    typed: &Typed,
    key: &str,
    errors: &Invalid,
) -> Page {
    let csrf = shell.csrf.clone();
    let form = Form::post(format!("/mini-blocks/{reference}/withdraw"), csrf, key)
        .version(version)
        .field(kept(
            Field::textarea("reason", "Why").limit(1_000).hint("Nothing about a child."),
            "reason",
            typed,
            errors,
        ))
        .submit("Withdraw the mini-block");
    Page::new(shell.titled("Withdraw the mini-block").caption(format!("Mini-block {reference}")).with_errors(errors))
        .with(Warning::new("Bids are closed, and what authorities have committed for it is released."))
        .with(form)
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let of = ("MB-005", 2);
    let typed = Typed::new(vec![("beds".into(), "2".into()), ("title".into(), "Two beds".into())]);
    let pair = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    let view = ProposalView {
        of: None,
        lots: vec![pair("planned", "Planned")],
        authorities: vec![pair("HEF", "Herefordshire Council"), pair("SHR", "Shropshire Council")],
        areas: vec![pair("E06000019", "Herefordshire")],
        typed: typed.clone(),
    };
    let none = Invalid::default();
    let bid = BidToScore {
        id: 7,
        provider: "Elm Care".into(),
        prices: "£520 occupied, £420 empty".into(),
        answers: vec!["We keep the school.".into()],
        conflicts: "None".into(),
    };
    let shell = kit::signed_in_shell;
    let shares = Invalid::one("shares", "Shares must sum to 100%; these sum to 90.00%");
    let criteria = ["Education".to_owned()];
    let breaks = [pair("1 April 2022", "1 January 2022")];
    vec![
        ("proposing a mini-block", propose_page(shell(), &view, "k", &none).to_string()),
        ("a proposal with wrong shares", propose_page(shell(), &view, "k", &shares).to_string()),
        (
            "a business case",
            case_page(
                shell(),
                (of.0, of.1, "2 beds would have met 90 of 120 nights that were wanted."),
                &typed,
                "k",
                &none,
            )
            .to_string(),
        ),
        ("a mini-competition", compete_page(shell(), of, (12, &typed), "k", &none).to_string()),
        ("scoring bids", evaluate_page(shell(), of, (&criteria, &[bid], &typed), "k", &none).to_string()),
        (
            "a change of a mini-block",
            change_page(shell(), of, (&breaks, &view.authorities, &typed), "k", &none).to_string(),
        ),
        (
            "withdrawing a mini-block",
            withdraw_page(shell(), of, &typed, "k", &Invalid::one("reason", "Enter why it is given up")).to_string(),
        ),
    ]
}
