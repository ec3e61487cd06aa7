//! An invented agreement of September 2021, whole and with nothing optional, and how to read a PDF back.

use jiff::civil::{Date, DateTime, date, datetime};
use placewell_paper::DocumentMoment;
use placewell_paper::placing::agreement::{
    AgreementPaper, Approval, Basis, ChildBlock, Condition, Cost, Distance, FunderShare, Holding, HomeBlock, LimbPower,
    NoticeTerm, Parties, Party, PriceLine, Signature, Signatures, Stay, UnrecordedPower,
};

/// Monday 13 September 2021, 10:20 in London.
pub fn moment() -> DocumentMoment {
    DocumentMoment("2021-09-13T09:20:00Z".parse().unwrap())
}

const TODAY: Date = date(2021, 9, 13);
const APPROVED: DateTime = datetime(2021, 9, 13, 10, 5, 0, 0);

fn texts(items: &[&str]) -> Vec<String> {
    items.iter().map(|&item| item.to_owned()).collect()
}

fn party(name: &str, registration: Option<&str>, address: &str) -> Party {
    Party {
        name: name.to_owned(),
        registration: registration.map(str::to_owned),
        address: Some(address.to_owned()),
        contact: Some("01632 960 117, at night 01632 960 118".to_owned()),
    }
}

/// A price line to the end of the stay, paid by the placing body.
pub fn line(kind: &str, what: &str, weekly_pence: i64) -> PriceLine {
    PriceLine {
        kind: kind.to_owned(),
        what: what.to_owned(),
        weekly_pence,
        from: date(2021, 9, 15),
        to: None,
        step_down_review: None,
        shares: Vec::new(),
    }
}

fn lines() -> Vec<PriceLine> {
    let share = |funder: &str, weekly_pence, agreed| FunderShare { funder: funder.to_owned(), weekly_pence, agreed };
    vec![
        PriceLine {
            shares: vec![share("Authority", 315_000, true), share("Health", 100_000, false)],
            ..line("Core", "Accommodation and care, planned residential lot", 415_000)
        },
        PriceLine {
            to: Some(date(2021, 12, 8)),
            step_down_review: Some(date(2021, 11, 10)),
            ..line("Additional support", "28 hours a week at £21.50, one to one, evenings and weekends", 60_200)
        },
        line("Education", "Registered school on site, 38 weeks", 92_500),
    ]
}

fn power() -> LimbPower {
    LimbPower {
        decision_reference: "HEF-D-5584".to_owned(),
        decision_title: "Regional Joint Commissioning. Flexible Contractual arrangement for the Provision of \
                         Placements in Residential Children's Homes"
            .to_owned(),
        effective_from: date(2019, 1, 19),
        limb: "b".to_owned(),
        limb_text: "the Director for Children's and Families and relevant Assistant Directors be authorised to take \
                    all necessary operational decisions to implement the above recommendation, including award of \
                    placement agreements and mini-block contracts through the FCA"
            .to_owned(),
        post: "Assistant Director, Safeguarding and Family Support".to_owned(),
        holder: "Morwenna Achterberg".to_owned(),
        holding: Holding::Acting {
            instrument: "letter of appointment HR/2021/0388".to_owned(),
            from: date(2021, 7, 1),
            until: Some(date(2021, 12, 31)),
        },
        approval_reference: "HEF-P-0211".to_owned(),
        approved_at: APPROVED,
    }
}

fn approvals() -> Vec<Approval> {
    let approval = |what: &str, rule: &str, post: &str, holder: &str, reference: &str| Approval {
        what: what.to_owned(),
        rule: rule.to_owned(),
        post: post.to_owned(),
        holder: holder.to_owned(),
        reference: reference.to_owned(),
        approved_at: APPROVED,
        note: None,
    };
    vec![
        approval(
            "Award of the placement agreement",
            "Decision HEF-D-5584, limb (b)",
            "Assistant Director, Safeguarding and Family Support",
            "Morwenna Achterberg",
            "HEF-P-0211",
        ),
        Approval {
            note: Some("Given by telephone, confirmed in writing at 9am on 13 September 2021".to_owned()),
            ..approval(
                "Placement at a distance",
                "Regulation 11(2)(a), Care Planning, Placement and Case Review Regulations 2010",
                "Director of children's services (section 18 Children Act 2004)",
                "Idris Featherstonehaugh",
                "HEF-P-0212",
            )
        },
    ]
}

/// A whole agreement, signed by the placing body only.
pub fn agreement() -> AgreementPaper {
    AgreementPaper {
        reference: "HEF-A-0107".to_owned(),
        title: "Placement agreement".to_owned(),
        marking: "Official - Sensitive".to_owned(),
        issued_on: TODAY,
        parties: Parties {
            placing_body: party("Herefordshire Council", None, "Plough Lane, Hereford HR4 0LE"),
            responsible_authority: None,
            provider: party("Larkrise Care Limited", Some("Company number 00000117"), "1 Example Row, Stafford"),
        },
        home: HomeBlock {
            name: "Larkrise House".to_owned(),
            urn: "SC000117".to_owned(),
            registered_manager: Some("Oluwaseun Pritchard".to_owned()),
            area_authority: "Staffordshire".to_owned(),
        },
        child_reference: "HEF-C-0031".to_owned(),
        child: Some(ChildBlock { name: "Siân Wójcik-Ŵyn".to_owned(), born: date(2008, 2, 29) }),
        stay: Stay {
            start: date(2021, 9, 15),
            planned_end: date(2022, 9, 15),
            reviews: vec![date(2021, 10, 13), date(2022, 1, 12), date(2022, 7, 12)],
        },
        distance: Distance {
            words: "61 miles (straight line, between outcodes)".to_owned(),
            class: "At a distance: outside the area and in no adjoining authority".to_owned(),
        },
        price_lines: lines(),
        cost: Cost {
            weekly_pence: 567_700,
            planned_pence: 27_184_286,
            first_year_pence: 27_184_286,
            charged_days: "The first day is charged, the last is not".to_owned(),
        },
        included: texts(&["Pocket money, clothing and toiletries", "Transport to school and family time", "Holidays"]),
        outcomes: texts(&["Attends school at least four days a week by January", "Sees her brother every fortnight"]),
        excluded: texts(&["Tutoring", "Therapy by the home's own clinicians"]),
        staffing: texts(&["One adult to two children, 7am to 10pm", "Waking night: one adult"]),
        education: texts(&["Stay at the present school"]),
        health: texts(&["Community mental health services, every second Tuesday"]),
        notice: vec![
            NoticeTerm { when: "In the first 28 days".to_owned(), length: "7 days, either side".to_owned() },
            NoticeTerm { when: "After that".to_owned(), length: "28 days, either side".to_owned() },
        ],
        terms_version: "the FCA terms and conditions, version 3 of 1 April 2021".to_owned(),
        basis: Basis::Limb(power()),
        approvals: approvals(),
        conditions: vec![
            Condition { words: "A waking night for the first two weeks".to_owned(), met_on: Some(TODAY) },
            Condition { words: "The link worker visits each week".to_owned(), met_on: None },
        ],
        annual_value: Some(
            "Contract year 15 December 2020 to 14 December 2021: adds £72,640.00 to planned commitments; \
             £1,204,000.00 of the £5.5m ceiling can still be awarded."
                .to_owned(),
        ),
        signatures: Signatures {
            placing_body: Some(Signature {
                name: "Morwenna Achterberg".to_owned(),
                role: "Assistant Director".to_owned(),
                signed_at: APPROVED,
                content: Some("41ab".repeat(16)),
            }),
            provider: None,
        },
        content_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        record_url: "https://placewell.example/agreements/HEF-A-0107".to_owned(),
    }
}

/// An agreement with every optional part missing and every list empty.
pub fn bare_agreement() -> AgreementPaper {
    let whole = agreement();
    let bare = |party: &Party| Party { registration: None, address: None, contact: None, ..party.clone() };
    AgreementPaper {
        parties: Parties {
            placing_body: bare(&whole.parties.placing_body),
            responsible_authority: None,
            provider: bare(&whole.parties.provider),
        },
        home: HomeBlock { registered_manager: None, ..whole.home.clone() },
        child: None,
        stay: Stay { reviews: Vec::new(), ..whole.stay.clone() },
        price_lines: Vec::new(),
        included: Vec::new(),
        excluded: Vec::new(),
        outcomes: Vec::new(),
        staffing: Vec::new(),
        education: Vec::new(),
        health: Vec::new(),
        notice: Vec::new(),
        basis: Basis::Unrecorded(UnrecordedPower {
            reason: "The ceiling was reached and no urgency power is recorded.".to_owned(),
            decision_reference: None,
        }),
        approvals: Vec::new(),
        conditions: Vec::new(),
        annual_value: None,
        signatures: Signatures { placing_body: None, provider: None },
        ..whole
    }
}
