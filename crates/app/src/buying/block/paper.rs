//! A contract on paper, from the record as it stands when somebody asks for it.

use jiff::civil::Date;
use placewell_domain::buying::block::{BlockApprovalState, BlockSpec};
use placewell_domain::calendar::long_date;
use placewell_domain::nights::plus_days;
use placewell_domain::office::person::Actor;
use placewell_paper::DocumentMoment;
use placewell_paper::buying::block as print;

use super::{BlockPage, PayingLine};
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::power::arrangement::LotNames;

impl App {
    /// A contract as a tagged PDF, for those who read mini-blocks; none before a bid is recommended.
    pub async fn block_pdf(&self, actor: &Actor, reference: &str, record_url: &str) -> Answer<Vec<u8>> {
        let page = self.block_page(actor, reference).await?;
        let paper = paper_of(&page, &self.lot_names().await?, record_url)?;
        let moment = DocumentMoment(self.calendar.now().at);
        let typeset = tokio::task::spawn_blocking(move || print::block(&paper, moment));
        let bytes = typeset.await.map_err(|error| Outcome::Fault(error.to_string()))?;
        bytes.map_err(|error| Outcome::Fault(error.to_string()))
    }
}

fn paper_of(page: &BlockPage, lots: &LotNames, record_url: &str) -> Answer<print::BlockPaper> {
    let (block, today) = (&page.block, page.today);
    let (Some(terms), Some(nights)) = (block.latest_terms(), block.nights()) else { return Err(Outcome::NotFound) };
    let spec = &terms.spec;
    let mut prices = vec![
        ("An occupied night".to_owned(), terms.prices.occupied.0),
        ("A guaranteed empty night".to_owned(), terms.prices.empty.0),
    ];
    prices.extend(terms.prices.second_child.map(|second| ("The second child's night in a home".to_owned(), second.0)));
    let turns = page.turns.join(", then ");
    let turns = (!turns.is_empty()).then(|| ("Order of offers".to_owned(), turns));
    Ok(print::BlockPaper {
        reference: block.reference.clone(),
        title: block.title.clone(),
        lead: page.lead.clone(),
        provider: page.provider.clone().unwrap_or_default(),
        standing: block.state.label().to_owned(),
        issued_on: today,
        from: nights.from(),
        last: plus_days(nights.to(), -1),
        facts: vec![
            ("Beds".to_owned(), format!("{}, {}", terms.beds.count(), terms.beds.words())),
            (
                "Guaranteed".to_owned(),
                format!(
                    "{} beds, {}% of their nights in a calendar month",
                    spec.guaranteed_beds, spec.guaranteed_percent
                ),
            ),
            ("Children".to_owned(), children(page, lots)),
        ],
        homes: page.homes.iter().map(|(name, urn, beds)| (name.clone(), urn.clone(), beds.join(", "))).collect(),
        prices,
        paying: page.paying.iter().map(paying).collect(),
        rights: rights(spec).into_iter().chain(turns).collect(),
        signatures: signatures(page),
        changes: changes(page, today),
        record_url: record_url.to_owned(),
    })
}

fn children(page: &BlockPage, lots: &LotNames) -> String {
    let wants = &page.block.wants;
    format!("lot {}, ages {} to {}, {}", lots.of(&wants.lot), wants.ages.from, wants.ages.to, wants.sex.label())
}

fn paying(line: &PayingLine) -> print::PayingLine {
    let approval = line.approval.as_ref().map_or_else(
        || "Not approved yet".to_owned(),
        |known| match &known.approval.state {
            BlockApprovalState::Given { power, .. } => format!(
                "Limb ({}) of {}, by the {}, {}",
                power.letter,
                power.reference,
                power.title,
                long_date(known.approval.on)
            ),
            BlockApprovalState::Refused { .. } => format!("Refused on {}", long_date(known.approval.on)),
        },
    );
    print::PayingLine {
        name: line.name.clone(),
        share: line.share.clone(),
        guaranteed: line.guaranteed.unwrap_or_default().0,
        approval,
    }
}

/// What each side may do, in words.
pub(super) fn rights(spec: &BlockSpec) -> Vec<(String, String)> {
    let breaks = if spec.breaks.is_empty() {
        "None".to_owned()
    } else {
        let dates: Vec<String> = spec.breaks.iter().map(|on| long_date(*on)).collect();
        format!("{}; notice {} days before", dates.join(", "), spec.break_notice_days)
    };
    vec![
        ("Nomination".to_owned(), format!("within {} hours of a vacancy", spec.nomination_hours)),
        (
            "An empty bed".to_owned(),
            spec.void_order.as_ref().map_or_else(
                || "Every paying authority may nominate".to_owned(),
                |order| format!("Offered to the paying authorities in their order, {} hours each", order.hours),
            ),
        ),
        (
            "Refusals".to_owned(),
            format!(
                "{} in a {}; beyond that empty nights are the provider's",
                spec.refusals.permitted,
                spec.refusals.period.label()
            ),
        ),
        (
            "Re-sale of empty nights".to_owned(),
            spec.resale_percent.map_or_else(
                || "Not allowed".to_owned(),
                |percent| format!("Allowed; {percent}% of the income is the authorities'"),
            ),
        ),
        ("Credit while the home is suspended".to_owned(), format!("{}% of an empty night", spec.credit_suspended)),
        ("Credit while a bed is not staffed".to_owned(), format!("{}% of an empty night", spec.credit_unstaffed)),
        ("Breaks".to_owned(), breaks),
        (
            "Notice at any other time".to_owned(),
            spec.notice_days.map_or_else(|| "None".to_owned(), |days| format!("{days} days")),
        ),
        (
            "Option to extend".to_owned(),
            spec.extendable_until.map_or_else(
                || "None".to_owned(),
                |last| format!("to {} at the latest", long_date(plus_days(last, -1))),
            ),
        ),
    ]
}

/// Both signatures of what the contract says now.
fn signatures(page: &BlockPage) -> Vec<(String, String)> {
    let Some(signing) = &page.signing else { return Vec::new() };
    let by = |signed: Option<&placewell_domain::buying::block::BlockSignature>| {
        signed.map_or_else(
            || "Not signed yet".to_owned(),
            |one| format!("{}, {}, {}", one.signature.name, one.signature.role, long_date(one.on())),
        )
    };
    vec![
        ("For the authorities".to_owned(), by(signing.lead.as_ref())),
        ("For the provider".to_owned(), by(signing.provider.as_ref())),
        ("Fingerprint of what is signed".to_owned(), signing.content.chars().take(16).collect()),
    ]
}

fn changes(page: &BlockPage, today: Date) -> Vec<String> {
    let Some(contract) = &page.block.contract else { return Vec::new() };
    let shared = page
        .block
        .earlier
        .iter()
        .map(|one| format!("From {}: other authorities pay, or other shares", long_date(one.until)));
    let later = contract.terms.iter().skip(1).map(|dated| {
        format!("From {}: {} beds are guaranteed", long_date(dated.from), dated.terms.spec.guaranteed_beds)
    });
    let pending = page
        .block
        .pending
        .iter()
        .map(|pending| format!("Proposed, not in force on {}: {}", long_date(today), pending.change.words()));
    later.chain(shared).chain(pending).collect()
}
