//! The lead's forms read into commands, and stored answers back into forms.

use placewell_app::buying::block::BlockChoices;
use placewell_domain::authority::AreaCode;
use placewell_domain::buying::block::{
    Block, BlockChange, BlockShare, BlockSpec, Criterion, Proposal, RefusalLimit, RefusalPeriod, VoidOrder, Wants,
};
use placewell_domain::homes::home::{Ages, RegisteredSex};
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::outcome::Invalid;
use placewell_pages::buying::block::CRITERIA;
use placewell_pages::form::Typed;

use super::last;
use crate::fields::Fields;

fn small(fields: &Fields, name: &str, ask: &str, invalid: &mut Invalid) -> u8 {
    let found = fields.number(name, 0..=255, ask, invalid);
    found.and_then(|number| u8::try_from(number).ok()).unwrap_or_default()
}

fn percent(fields: &Fields, name: &str, invalid: &mut Invalid) -> u8 {
    let found = fields.number(name, 0..=100, "Enter a percentage from 0 to 100", invalid);
    found.and_then(|number| u8::try_from(number).ok()).unwrap_or_default()
}

fn days(fields: &Fields, name: &str, ask: &str, invalid: &mut Invalid) -> u16 {
    let found = fields.number(name, 0..=1_000, ask, invalid);
    found.and_then(|number| u16::try_from(number).ok()).unwrap_or_default()
}

/// Hundredths of a percent, from what somebody typed, such as `33.33`.
pub(super) fn weight(text: &str) -> Option<u32> {
    let (whole, part) =
        text.trim().trim_end_matches('%').split_once('.').unwrap_or((text.trim().trim_end_matches('%'), ""));
    if part.len() > 2 || whole.is_empty() || whole.len() > 3 {
        return None;
    }
    let digits = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    Some(whole.parse::<u32>().ok()? * 100 + format!("{part:0<2}").parse::<u32>().ok()?)
}

fn spec(fields: &Fields, choices: &BlockChoices, invalid: &mut Invalid) -> Option<BlockSpec> {
    let from = fields.date("from", "Enter the first night", invalid);
    let until = fields.date("until", "Enter the last night", invalid);
    let mut breaks = Vec::new();
    for name in ["break_1", "break_2"] {
        breaks.extend(fields.optional_date(name, "Enter the date of the break", invalid));
    }
    let extend = fields.optional_date("extendable_until", "Enter the last night that the option allows", invalid);
    let floating = fields.choice("floating", yes_no, "Choose whether the beds may be any of the homes", invalid);
    let period =
        fields.choice("refusal_period", RefusalPeriod::from_code, "Choose over which time refusals count", invalid);
    let resale = fields.filled("resale_percent").is_some().then(|| percent(fields, "resale_percent", invalid));
    let notice =
        fields.filled("notice_days").is_some().then(|| days(fields, "notice_days", "Enter days of notice", invalid));
    let refusals = small(fields, "refusals", "Enter how many refusals are permitted, like 2", invalid);
    let break_notice_days =
        days(fields, "break_notice_days", "Enter the days of notice before a break, like 90", invalid);
    Some(BlockSpec {
        beds: small(fields, "beds", "Enter how many beds, like 2", invalid),
        floating: floating?,
        from: from?,
        until: plus_days(until?, 1),
        guaranteed_beds: small(fields, "guaranteed_beds", "Enter how many beds are guaranteed", invalid),
        guaranteed_percent: percent(fields, "guaranteed_percent", invalid),
        nomination_hours: days(fields, "nomination_hours", "Enter within how many hours a child is nominated", invalid),
        refusals: RefusalLimit { permitted: refusals, period: period? },
        resale_percent: resale,
        credit_suspended: percent(fields, "credit_suspended", invalid),
        credit_unstaffed: percent(fields, "credit_unstaffed", invalid),
        breaks,
        break_notice_days,
        notice_days: notice,
        extendable_until: extend.map(|last| plus_days(last, 1)),
        void_order: void_order(fields, choices, invalid),
    })
}

/// The order in which an empty bed is offered, typed as codes; none where nothing is typed.
fn void_order(fields: &Fields, choices: &BlockChoices, invalid: &mut Invalid) -> Option<VoidOrder> {
    let typed = fields.filled("void_order")?;
    let mut order = Vec::new();
    for code in typed.split([',', ' ', ';']).filter(|code| !code.is_empty()) {
        match choices.authorities.iter().find(|one| one.code.eq_ignore_ascii_case(code)) {
            Some(one) => order.push(one.id),
            None => invalid.add("void_order", "Enter the codes of authorities in their order, like HEF, SHR"),
        }
    }
    let hours = days(fields, "void_hours", "Enter within how many hours each authority answers, like 24", invalid);
    Some(VoidOrder { order, hours })
}

fn yes_no(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// The proposal.
pub(super) fn proposal(fields: &Fields, choices: &BlockChoices) -> Result<Proposal, Invalid> {
    let mut invalid = Invalid::default();
    let title = fields.text("title", 120, "Enter what it is called. Nothing about a child", &mut invalid);
    let known = |code: &str| choices.lots.iter().any(|(lot, _)| lot == code).then(|| code.to_owned());
    let lot = fields.choice("lot", known, "Choose the lot", &mut invalid);
    let from = small(fields, "age_from", "Enter the youngest age", &mut invalid);
    let to = small(fields, "age_to", "Enter the oldest age", &mut invalid);
    let ages = Ages::new(from, to);
    if let Err(wrong) = &ages {
        invalid.errors.extend(wrong.errors.clone());
    }
    let sex = fields.choice("sex", RegisteredSex::from_code, "Choose for whom the beds are", &mut invalid);
    let areas: Vec<AreaCode> = fields.all("areas").filter_map(|code| AreaCode::parse(code).ok()).collect();
    let shares = shares(fields, choices, &mut invalid);
    let spec = spec(fields, choices, &mut invalid);
    let (Some(lot), Ok(ages), Some(sex), Some(spec)) = (lot, ages, sex, spec) else { return Err(invalid) };
    let proposal = Proposal { title, wants: Wants { lot, ages, sex, areas }, spec, shares };
    if let Err(more) = proposal.check() {
        for error in more.errors {
            // Breaks have two fields, and a share has one of each authority.
            let field = if error.field == "breaks" { "break_1".to_owned() } else { error.field };
            invalid.add(&field, error.message);
        }
    }
    invalid.or(proposal)
}

/// The shares that were typed, in the order of the authorities.
fn shares(fields: &Fields, choices: &BlockChoices, invalid: &mut Invalid) -> Vec<BlockShare> {
    let mut shares = Vec::new();
    for authority in &choices.authorities {
        let name = format!("share_{}", authority.code);
        let Some(text) = fields.filled(&name) else { continue };
        match weight(text) {
            Some(weight) => shares.push(BlockShare { authority: authority.id, weight }),
            None => invalid.add(&name, "Enter a percentage, like 25 or 33.33"),
        }
    }
    shares
}

/// The shares as a form shows them.
pub(super) fn shares_of(typed: &mut Typed, shares: &[BlockShare], choices: &BlockChoices) {
    for share in shares {
        if let Some(authority) = choices.authorities.iter().find(|one| one.id == share.authority) {
            typed.set(&format!("share_{}", authority.code), share.words().trim_end_matches('%'));
        }
    }
}

/// A proposal as the form shows it.
pub(super) fn stored(block: &Block, choices: &BlockChoices) -> Typed {
    let (mut typed, spec) = (Typed::default(), &block.spec);
    typed.set("title", &block.title);
    typed.set("lot", &block.wants.lot);
    typed.set("age_from", block.wants.ages.from);
    typed.set("age_to", block.wants.ages.to);
    typed.set("sex", block.wants.sex.code());
    for area in &block.wants.areas {
        typed.set("areas", area);
    }
    typed.set("beds", spec.beds);
    typed.flag("floating", Some(spec.floating));
    typed.day("from", Some(spec.from));
    typed.day("until", Some(last(spec.until)));
    typed.set("guaranteed_beds", spec.guaranteed_beds);
    typed.set("guaranteed_percent", spec.guaranteed_percent);
    typed.set("nomination_hours", spec.nomination_hours);
    typed.set("refusals", spec.refusals.permitted);
    typed.set("refusal_period", spec.refusals.period.code());
    typed.set("resale_percent", spec.resale_percent.map(|percent| percent.to_string()).unwrap_or_default());
    typed.set("credit_suspended", spec.credit_suspended);
    typed.set("credit_unstaffed", spec.credit_unstaffed);
    typed.day("break_1", spec.breaks.first().copied());
    typed.day("break_2", spec.breaks.get(1).copied());
    typed.set("break_notice_days", spec.break_notice_days);
    typed.set("notice_days", spec.notice_days.map(|days| days.to_string()).unwrap_or_default());
    typed.day("extendable_until", spec.extendable_until.map(last));
    if let Some(order) = &spec.void_order {
        let code =
            |id: &OrganisationId| choices.authorities.iter().find(|one| one.id == *id).map(|one| one.code.as_str());
        typed.set("void_order", order.order.iter().filter_map(code).collect::<Vec<_>>().join(", "));
        typed.set("void_hours", order.hours);
    }
    shares_of(&mut typed, &block.shares, choices);
    typed
}

/// What a new proposal begins with.
pub(super) fn fresh() -> Typed {
    let mut typed = Typed::default();
    for (name, value) in [
        ("beds", "2"),
        ("guaranteed_beds", "2"),
        ("guaranteed_percent", "90"),
        ("nomination_hours", "72"),
        ("void_hours", "24"),
        ("refusals", "2"),
        ("refusal_period", "quarter"),
        ("credit_suspended", "100"),
        ("credit_unstaffed", "100"),
        ("break_notice_days", "90"),
        ("floating", "no"),
        ("sex", "any"),
    ] {
        typed.set(name, value);
    }
    typed
}

/// The quality criteria of a competition.
pub(super) fn quality(fields: &Fields, invalid: &mut Invalid) -> Vec<Criterion> {
    (1..=CRITERIA)
        .filter_map(|at| {
            let title = fields.optional_text(&format!("quality_{at}"), 300, invalid);
            if title.is_empty() {
                return None;
            }
            Some(Criterion { title, weight: percent(fields, &format!("weight_{at}"), invalid) })
        })
        .collect()
}

/// A percentage that must be there.
pub(super) fn of_hundred(fields: &Fields, name: &str, invalid: &mut Invalid) -> u8 {
    percent(fields, name, invalid)
}

/// A change of a live contract.
pub(super) fn change(fields: &Fields, choices: &BlockChoices, invalid: &mut Invalid) -> Option<BlockChange> {
    let kind = fields.choice("change", |text| Some(text.to_owned()), "Choose what changes", invalid);
    let on = fields.date("on", "Enter the day", invalid);
    let reduces = kind.as_deref() == Some("reduce");
    let beds = reduces.then(|| small(fields, "guaranteed_beds", "Enter how many beds are guaranteed then", invalid));
    let (kind, on) = (kind?, on?);
    match kind.as_str() {
        "extend" => Some(BlockChange::Extend { until: plus_days(on, 1) }),
        "reduce" => Some(BlockChange::Reduce { from: on, guaranteed_beds: beds.unwrap_or_default() }),
        "reshare" => Some(BlockChange::Reshare { from: on, shares: shares(fields, choices, invalid) }),
        "break" => Some(BlockChange::Break { on }),
        "notice" => Some(BlockChange::Notice { on }),
        _ => {
            invalid.add("change", "Choose what changes");
            None
        }
    }
}
