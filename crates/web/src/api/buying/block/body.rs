//! The bodies of a mini-block: what is proposed and bid, in codes, percentages and pence.

use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::buying::block::{BlockChoices, Signing, TypedSignature};
use placewell_domain::authority::AreaCode;
use placewell_domain::buying::block::{
    Block, BlockBed, BlockBeds, BlockPrices, BlockShare, BlockSignature, BlockSpec, Proposal, RefusalLimit, VoidOrder,
    Wants,
};
use placewell_domain::homes::home::Ages;
use placewell_domain::id::{BedId, HomeId};
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::code;
use crate::api::problem::Problem;

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockSpec)]
pub(super) struct SpecBody {
    /// How many beds.
    #[schema(minimum = 1, maximum = 20)]
    beds: u8,
    /// The beds may be any of the provider's homes; else they are fixed.
    floating: bool,
    /// The first night.
    from: Date,
    /// The day after the last night.
    until: Date,
    /// How many of the beds are guaranteed.
    guaranteed_beds: u8,
    /// How much of their nights in a calendar month is guaranteed, in percent.
    guaranteed_percent: u8,
    /// Within how many hours of a vacancy a child is nominated.
    nomination_hours: u16,
    /// Permitted refusals.
    permitted_refusals: u8,
    /// Over which time refusals count.
    refusal_period: code::RefusalPeriod,
    /// The authorities' share of the income of a re-sold night, in percent; null where nights may not be re-sold.
    resale_percent: Option<u8>,
    /// Credit of an empty night while the home is suspended, in percent.
    credit_suspended_percent: u8,
    /// Credit of an empty night while the bed is not staffed, in percent.
    credit_unstaffed_percent: u8,
    /// The days on which the contract may be left, in order.
    #[serde(default)]
    breaks: Vec<Date>,
    /// Days of notice before a break.
    break_notice_days: u16,
    /// Days of notice at any other time; null where there is none.
    notice_days: Option<u16>,
    /// The day after the last night that the option to extend allows.
    extendable_until: Option<Date>,
}

impl From<&BlockSpec> for SpecBody {
    fn from(spec: &BlockSpec) -> Self {
        Self {
            beds: spec.beds,
            floating: spec.floating,
            from: spec.from,
            until: spec.until,
            guaranteed_beds: spec.guaranteed_beds,
            guaranteed_percent: spec.guaranteed_percent,
            nomination_hours: spec.nomination_hours,
            permitted_refusals: spec.refusals.permitted,
            refusal_period: spec.refusals.period.into(),
            resale_percent: spec.resale_percent,
            credit_suspended_percent: spec.credit_suspended,
            credit_unstaffed_percent: spec.credit_unstaffed,
            breaks: spec.breaks.clone(),
            break_notice_days: spec.break_notice_days,
            notice_days: spec.notice_days,
            extendable_until: spec.extendable_until,
        }
    }
}

impl From<SpecBody> for BlockSpec {
    fn from(body: SpecBody) -> Self {
        Self {
            beds: body.beds,
            floating: body.floating,
            from: body.from,
            until: body.until,
            guaranteed_beds: body.guaranteed_beds,
            guaranteed_percent: body.guaranteed_percent,
            nomination_hours: body.nomination_hours,
            refusals: RefusalLimit { permitted: body.permitted_refusals, period: body.refusal_period.0 },
            resale_percent: body.resale_percent,
            credit_suspended: body.credit_suspended_percent,
            credit_unstaffed: body.credit_unstaffed_percent,
            breaks: body.breaks,
            break_notice_days: body.break_notice_days,
            notice_days: body.notice_days,
            extendable_until: body.extendable_until,
            void_order: None,
        }
    }
}

/// A paying authority's share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockShare)]
pub(super) struct ShareBody {
    /// The authority's code.
    #[schema(example = "HEF")]
    authority: String,
    /// Its part in hundredths of a percent; all sum to 10,000.
    #[schema(example = 2500)]
    hundredths: u32,
}

/// In which order an empty bed is offered to the paying authorities.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockVoidOrder)]
pub(super) struct VoidOrderBody {
    /// Their codes, the first to be asked first.
    authorities: Vec<String>,
    /// Within how many hours each takes the bed or passes.
    hours: u16,
}

impl VoidOrderBody {
    fn order(&self, choices: &BlockChoices, invalid: &mut Invalid) -> VoidOrder {
        let mut order = Vec::new();
        for code in &self.authorities {
            match choices.authorities.iter().find(|one| one.code == *code) {
                Some(one) => order.push(one.id),
                None => invalid.add("void_order", "Send codes of authorities, like HEF"),
            }
        }
        VoidOrder { order, hours: self.hours }
    }
}

/// A mini-block as it is proposed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockProposal)]
pub(super) struct ProposalBody {
    /// What it is called. Nothing about a child.
    title: String,
    /// The lot's code.
    lot: String,
    /// The youngest age.
    age_from: u8,
    /// The oldest age.
    age_to: u8,
    /// For whom.
    sex: code::RegisteredSex,
    /// In which areas the homes may be, by GSS code; any where none is named.
    #[serde(default)]
    areas: Vec<String>,
    /// What is asked for.
    spec: SpecBody,
    /// Who pays how much, in the order in which pence left over are given.
    shares: Vec<ShareBody>,
    /// In which order an empty bed is offered to them; null where all may nominate at once.
    #[serde(default)]
    void_order: Option<VoidOrderBody>,
    /// Findings in the title that you confirm, each as the refusal names it after the act: `title:home:Oak House`.
    #[serde(default, skip_serializing)]
    pub(super) confirmed: Vec<String>,
}

impl ProposalBody {
    pub(super) fn proposal(self, choices: &BlockChoices) -> Result<Proposal, Outcome> {
        let mut invalid = Invalid::default();
        let mut areas = Vec::new();
        for area in &self.areas {
            if let Ok(area) = AreaCode::parse(area) {
                areas.push(area);
            } else {
                invalid.add("areas", "Send GSS codes, like E06000019");
            }
        }
        let shares = shares_of(&self.shares, choices).unwrap_or_else(|wrong| {
            invalid.errors.extend(wrong.errors);
            Vec::new()
        });
        let ages = match Ages::new(self.age_from, self.age_to) {
            Ok(ages) => ages,
            Err(wrong) => {
                invalid.errors.extend(wrong.errors);
                return Err(invalid.into());
            }
        };
        let wants = Wants { lot: self.lot, ages, sex: self.sex.0, areas };
        let void_order = self.void_order.map(|order| order.order(choices, &mut invalid));
        let spec = BlockSpec { void_order, ..self.spec.into() };
        let proposal = Proposal { title: self.title, wants, spec, shares };
        Ok(invalid.or(proposal)?)
    }

    pub(super) fn of(block: &Block, code_of: impl Fn(placewell_domain::id::OrganisationId) -> String) -> Self {
        let spec = block.latest_terms().map_or(&block.spec, |terms| &terms.spec);
        let code_of = &code_of;
        Self {
            title: block.title.clone(),
            lot: block.wants.lot.clone(),
            age_from: block.wants.ages.from,
            age_to: block.wants.ages.to,
            sex: block.wants.sex.into(),
            areas: block.wants.areas.iter().map(ToString::to_string).collect(),
            spec: spec.into(),
            shares: block
                .shares
                .iter()
                .map(|share| ShareBody { authority: code_of(share.authority), hundredths: share.weight })
                .collect(),
            void_order: spec.void_order.as_ref().map(|order| VoidOrderBody {
                authorities: order.order.iter().map(|one| code_of(*one)).collect(),
                hours: order.hours,
            }),
            confirmed: Vec::new(),
        }
    }
}

/// Shares as they were sent.
pub(super) fn shares_of(bodies: &[ShareBody], choices: &BlockChoices) -> Result<Vec<BlockShare>, Invalid> {
    let mut invalid = Invalid::default();
    let mut shares = Vec::new();
    for share in bodies {
        match choices.authorities.iter().find(|one| one.code == share.authority) {
            Some(one) => shares.push(BlockShare { authority: one.id, weight: share.hundredths }),
            None => invalid.add("shares", "Send codes of authorities, like HEF"),
        }
    }
    invalid.or(shares)
}

/// A signature of a contract.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockSignature)]
pub(super) struct SignatureBody {
    /// The fingerprint of what the contract says.
    content: String,
    /// The signer's name.
    #[schema(max_length = 120)]
    name: String,
    /// Their role.
    #[schema(max_length = 120)]
    role: String,
    /// They have authority to sign.
    has_authority: bool,
}

impl SignatureBody {
    pub(super) fn typed(self, reference: String) -> TypedSignature {
        let Self { content, name, role, has_authority } = self;
        TypedSignature { reference, content, name, role, has_authority }
    }
}

/// Who has signed what a contract says now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockSigning)]
pub(super) struct SigningBody {
    /// The fingerprint of what it says.
    content: String,
    /// On which day the lead signed it for the authorities.
    authorities_on: Option<Date>,
    /// On which day the provider signed it.
    provider_on: Option<Date>,
}

impl From<&Signing> for SigningBody {
    fn from(signing: &Signing) -> Self {
        let on = |one: &Option<BlockSignature>| one.as_ref().map(BlockSignature::on);
        Self { content: signing.content.clone(), authorities_on: on(&signing.lead), provider_on: on(&signing.provider) }
    }
}

/// A bed of a home.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockBed)]
pub(super) struct BedBody {
    /// The home's id.
    home: String,
    /// The bed's id; null for a home whose beds float.
    bed: Option<String>,
}

/// Beds of a bid or contract: each with its bed, or homes alone where the beds float.
pub(super) fn beds(bodies: &[BedBody], count: u8) -> Result<BlockBeds, Problem> {
    let wrong = |_| Problem::field("beds", "Send the ids of homes and beds as the mini-block's page gives them");
    let home = |body: &BedBody| body.home.parse().map(HomeId).map_err(wrong);
    if bodies.iter().any(|body| body.bed.is_none()) {
        return Ok(BlockBeds::Floating { count, homes: bodies.iter().map(home).collect::<Result<_, _>>()? });
    }
    let fixed = bodies.iter().filter_map(|body| {
        let bed = body.bed.as_ref()?.parse().map(BedId).map_err(wrong);
        Some(home(body).and_then(|home| Ok(BlockBed { home, bed: bed? })))
    });
    Ok(BlockBeds::Fixed { beds: fixed.collect::<Result<_, _>>()? })
}

pub(super) fn bed_bodies(beds: &BlockBeds) -> Vec<BedBody> {
    let body =
        |home: HomeId, bed: Option<BedId>| BedBody { home: home.0.to_string(), bed: bed.map(|bed| bed.0.to_string()) };
    match beds {
        BlockBeds::Fixed { beds } => beds.iter().map(|one| body(one.home, Some(one.bed))).collect(),
        BlockBeds::Floating { homes, .. } => homes.iter().map(|home| body(*home, None)).collect(),
    }
}

/// What a night costs, in pence.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockPrices)]
#[allow(clippy::struct_field_names, reason = "each names its unit")]
pub(super) struct PricesBody {
    /// An occupied night.
    occupied_pence: i64,
    /// A guaranteed empty night.
    empty_pence: i64,
    /// The second child's night in a home; null where none is agreed.
    second_child_pence: Option<i64>,
}

impl From<BlockPrices> for PricesBody {
    fn from(prices: BlockPrices) -> Self {
        Self {
            occupied_pence: prices.occupied.0,
            empty_pence: prices.empty.0,
            second_child_pence: prices.second_child.map(|second| second.0),
        }
    }
}

impl From<PricesBody> for BlockPrices {
    fn from(body: PricesBody) -> Self {
        Self {
            occupied: Pence(body.occupied_pence),
            empty: Pence(body.empty_pence),
            second_child: body.second_child_pence.map(Pence),
        }
    }
}
