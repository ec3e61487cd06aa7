//! Answers of an earlier application: each section waits, what has run out stays behind, and sending names what is left.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::date;

use super::*;
use crate::homes::admission::application::{ApplicationState, LotApplied, Part, Sending, Signer};
use crate::homes::admission::criteria::PricePart;
use crate::homes::admission::evaluation::tests::{at, opening};
use crate::homes::admission::selection;
use crate::money::Pence;

const BEGUN: Date = date(2021, 7, 5);
const ALL: [&str; 10] = [
    "legal_entity",
    "insurance",
    "finance",
    "exclusion",
    "recruitment",
    "safeguarding",
    "data_protection",
    "quality_q1",
    "quality_q2",
    "lot_planned",
];

fn urn(text: &str) -> Urn {
    text.parse().unwrap()
}

fn lot(care: i64) -> LotApplied {
    let price = |part, pounds| PartPrice { part, weekly: Pence::pounds(pounds) };
    LotApplied {
        lot: "planned".into(),
        homes: vec![urn("SC400001")],
        prices: vec![price(PricePart::Accommodation, 1_000), price(PricePart::Care, care)],
    }
}

/// A draft with the answers of an application of 2 June, begun on 5 July 2021.
fn begun(selection: Selection) -> Draft {
    begun_at(selection, &opening())
}

/// The same at an opening that may ask something else.
fn begun_at(selection: Selection, to: &Opening) -> Draft {
    let quality = vec![("q1".into(), "Each child has a plan.\nIt is read.".into()), ("q2".into(), "Yes.".into())];
    let earlier = Application {
        id: ApplicationId(4),
        version: 1,
        provider: OrganisationId(7),
        provider_name: "Elm Care".into(),
        region: OrganisationId(1),
        opening: OpeningId(9),
        opening_reference: "AR-000".into(),
        answers: Answers { selection, quality, lots: vec![lot(3_000)], evidence: vec![] },
        signer: Signer { person: PersonId(70), name: "Jo".into(), role: "Director".into() },
        sent: date(2021, 6, 2).at(11, 0, 0, 0),
        late: false,
        state: ApplicationState::Sent,
    };
    let then = opening().plan.criteria;
    let change = Draft::begin(ApplicationId(5), OrganisationId(7), to, Some((&earlier, &then)), at(BEGUN, 9));
    change.unwrap().into_parts().0
}

fn codes(draft: &Draft) -> Vec<String> {
    draft.carried.iter().flat_map(Carried::waiting).map(Section::code).collect()
}

fn confirm(draft: &Draft, sections: &[&str], day: Date) -> Result<Draft, Vec<(String, String)>> {
    let sections: Vec<Section> = sections.iter().map(|code| Section::from_code(code).unwrap()).collect();
    let (opening, own) = (opening(), [urn("SC400001")]);
    match draft.clone().confirm(&sections, (&opening, &own), (PersonId(70), at(day, 9))) {
        Ok(change) => Ok(change.into_parts().0),
        Err(OpeningRefused::Invalid(invalid)) => {
            Err(invalid.errors.into_iter().map(|error| (error.field, error.message)).collect())
        }
        Err(OpeningRefused::Refused(refusal)) => panic!("{refusal}"),
    }
}

fn save(draft: &Draft, part: Part) -> Draft {
    draft.clone().save(part, &opening(), at(BEGUN, 10)).unwrap().into_parts().0
}

fn declared(selection: Selection) -> Part {
    Part::Selection { answers: Box::new(selection) }
}

fn send(draft: &Draft) -> Result<(), (String, String)> {
    let signer = Signer { person: PersonId(70), name: "Jo Bromyard".into(), role: "Director".into() };
    let (opening, own) = (opening(), [urn("SC400001")]);
    let sending = Sending {
        opening: &opening,
        own: &own,
        provider_name: "Elm Care",
        signer: &signer,
        has_authority: true,
        moment: at(BEGUN, 12),
    };
    match Application::send(draft, None, sending) {
        Ok(_) => Ok(()),
        Err(OpeningRefused::Invalid(invalid)) => Err((invalid.errors[0].field.clone(), String::new())),
        Err(OpeningRefused::Refused(refusal)) => Err((refusal.code, refusal.sentence)),
    }
}

#[test]
fn each_answered_section_is_carried_and_waits_and_says_where_it_comes_from() {
    let draft = begun(selection::sample());
    assert_eq!(codes(&draft), ALL, "the third quality question was not answered");
    let carried = draft.carried.unwrap();
    assert_eq!(carried.origin(), "your application of AR-000, 2 June 2021");
    assert!(carried.left.is_empty());
    let criteria = opening().plan.criteria;
    let says = |code: &str| Section::from_code(code).unwrap().says(&draft.answers, &criteria, BEGUN);
    assert_eq!(says("data_protection"), "registration Z1234567, until 1 May 2022");
    assert_eq!(says("finance"), "accounts to 31 March 2021, turnover £2,400,000, the business goes on");
    assert_eq!(says("quality_q2"), "Yes.");
    assert_eq!(says("lot_planned"), "SC400001; Accommodation £1,000, Care £3,000 a week");
    for code in ALL {
        assert_eq!(Section::from_code(code).unwrap().code(), code);
    }
    assert_eq!(Section::from_code("turnover"), None);
}

#[test]
fn a_quality_answer_goes_with_the_words_of_its_question_and_never_to_another_under_the_same_code() {
    let mut next = opening();
    next.plan.criteria.quality[0].text = "Who is awake at night?".into();
    let draft = begun_at(selection::sample(), &next);
    assert_eq!(draft.answers.quality("q1"), "", "the plan for each child is no answer to who is awake");
    assert_eq!(draft.answers.quality("q2"), "Yes.");
    let waits = codes(&draft);
    assert!(!waits.contains(&"quality_q1".to_owned()) && waits.contains(&"quality_q2".to_owned()));
    let left: Vec<(String, String)> =
        draft.carried.unwrap().left.into_iter().map(|one| (one.section.code(), one.why)).collect();
    assert_eq!(left, [("quality_q1".to_owned(), "This opening does not ask: Question 1".to_owned())]);

    let mut turned = opening();
    turned.plan.criteria.quality[0].text = "Question 2".into();
    turned.plan.criteria.quality[1].text = " Question 1 ".into();
    let draft = begun_at(selection::sample(), &turned);
    assert_eq!(draft.answers.quality("q1"), "Yes.");
    assert_eq!(draft.answers.quality("q2"), "Each child has a plan.\nIt is read.");
    assert!(draft.carried.unwrap().left.is_empty());
}

#[test]
fn what_has_run_out_on_the_day_is_not_carried_and_its_last_day_is_no_such_day() {
    let mut old = selection::sample();
    old.insurances[0].expires = date(2021, 7, 4);
    old.accounts_to = Some(date(2019, 3, 31));
    old.safeguarding_on = Some(date(2019, 7, 5));
    old.data_protection_until = Some(date(2021, 7, 4));
    let draft = begun(old.clone());
    let left = &draft.carried.as_ref().unwrap().left;
    let why: Vec<(String, &str)> = left.iter().map(|one| (one.section.code(), one.why.as_str())).collect();
    let said = [
        ("insurance", "Public liability, abuse covered: the cover ran out on 4 July 2021"),
        ("finance", "Accounts to 31 March 2019 are too old"),
        ("safeguarding", "A policy reviewed on 5 July 2019 is too old"),
        ("data_protection", "The registration ran out on 4 July 2021"),
    ];
    assert_eq!(why, said.map(|(code, why)| (code.to_owned(), why)));
    let kept = &draft.answers.selection;
    assert!(kept.insurances.is_empty() && kept.safeguarding_on.is_none() && kept.data_protection_until.is_none());
    assert_eq!((kept.accounts_to, kept.turnover, kept.going_concern), (None, None, None), "they go with the accounts");
    let waits = codes(&draft);
    assert!(["insurance", "finance", "safeguarding"].iter().all(|code| !waits.contains(&(*code).to_owned())));
    assert!(waits.contains(&"data_protection".to_owned()), "its number is still to be confirmed");

    old.insurances[0].expires = BEGUN;
    old.safeguarding_on = Some(date(2019, 7, 6));
    old.data_protection_until = Some(BEGUN);
    let draft = begun(old);
    assert_eq!(draft.carried.unwrap().left.len(), 1, "only the accounts are too old");
    assert_eq!(draft.answers.selection.insurances[0].expires, BEGUN);
}

#[test]
fn what_has_run_out_since_it_was_carried_is_not_confirmed_and_nothing_beside_it() {
    let mut soon = selection::sample();
    soon.insurances[0].expires = date(2021, 7, 10);
    let draft = begun(soon.clone());
    assert!(confirm(&draft, &["insurance"], date(2021, 7, 10)).is_ok(), "its last day is among them");
    let refused = confirm(&draft, &["exclusion", "insurance"], date(2021, 7, 11)).unwrap_err();
    let words = "Insurances, amounts and expiry: Public liability, abuse covered: the cover ran out on 10 July 2021. \
                 Change it instead of confirming it";
    assert_eq!(refused, [("sections".to_owned(), words.to_owned())]);

    soon.insurances[0].expires = date(2022, 7, 10);
    let changed = save(&draft, declared(soon.clone()));
    assert!(!codes(&changed).contains(&"insurance".to_owned()));
    assert_eq!(codes(&changed).len(), ALL.len() - 1, "the others wait");
    soon.insurances[0].expires = date(2021, 7, 1);
    let worse = save(&draft, declared(soon));
    assert!(codes(&worse).contains(&"insurance".to_owned()), "what has run out already is no review");
}

#[test]
fn a_home_that_is_no_longer_ones_own_and_what_was_not_carried_are_not_confirmed() {
    let draft = begun(selection::sample());
    let (opening, lot) = (opening(), [Section::Lot("planned".into())]);
    let refused = draft.clone().confirm(&lot, (&opening, &[]), (PersonId(70), at(BEGUN, 9))).unwrap_err();
    let OpeningRefused::Invalid(invalid) = refused else { panic!("no answer is wrong") };
    let words = "Lot planned: SC400001 is not a home of yours on the register. Change it instead of confirming it";
    assert_eq!(invalid, Invalid::one("sections", words));
    let unknown = confirm(&draft, &["quality_q3"], BEGUN).unwrap_err();
    assert_eq!(unknown[0].1, "Quality question 3: this was not carried over, so answer it instead");
    assert_eq!(confirm(&draft, &[], BEGUN).unwrap_err()[0].1, "Select each answer that is still true");
    let empty = Draft { carried: None, ..draft };
    assert!(confirm(&empty, &["insurance"], BEGUN).is_err());
}

#[test]
fn sending_names_each_section_that_nobody_has_reviewed_until_none_is_left() {
    let draft = begun(selection::sample());
    let (code, sentence) = send(&draft).unwrap_err();
    assert_eq!(code, "declaration_not_reviewed");
    assert_eq!(
        sentence,
        "Answers that are carried from your application of AR-000, 2 June 2021 have not been reviewed: \
         Legal entity and company number; Insurances, amounts and expiry; Financial standing; \
         Not excluded, not debarred; Safer recruitment; Safeguarding policy; Registered for data protection; \
         Quality question 1; Quality question 2; Lot planned."
    );
    let draft = confirm(&draft, &ALL[1..8], BEGUN).unwrap();
    let sentence = send(&draft).unwrap_err().1;
    assert!(sentence.ends_with("reviewed: Legal entity and company number; Quality question 2; Lot planned."));
    let again = confirm(&draft, &["insurance"], date(2021, 7, 6)).unwrap();
    let insurance = &again.carried.as_ref().unwrap().sections[1];
    let first = Review::Confirmed { by: PersonId(70), at: BEGUN.at(9, 0, 0, 0) };
    assert_eq!(insurance.review, first, "who confirmed it first stays");

    let draft = confirm(&draft, &["legal_entity", "quality_q2", "lot_planned"], BEGUN).unwrap();
    assert_eq!(send(&draft).unwrap_err().0, "q3", "what was never answered is asked for then");
    let mut quality = draft.answers.quality.clone();
    quality.push(("q3".into(), "Each child goes to school.".into()));
    assert_eq!(send(&save(&draft, Part::Quality { answers: quality })), Ok(()));
}

#[test]
fn saving_what_was_carried_as_it_is_reviews_nothing_and_a_change_reviews_its_section_alone() {
    let draft = begun(selection::sample());
    assert_eq!(codes(&save(&draft, declared(selection::sample()))), ALL);
    let lines = |first: &str| vec![("q1".to_owned(), first.to_owned()), ("q2".to_owned(), "Yes.".to_owned())];
    let quality = |first: &str| save(&draft, Part::Quality { answers: lines(first) });
    assert_eq!(codes(&quality("Each child has a plan.\r\nIt is read.")), ALL, "a browser's ends of lines");
    let changed = quality("Each child has a plan.");
    assert_eq!(codes(&changed).iter().filter(|code| code.starts_with("quality")).count(), 1);
    assert!(codes(&quality(" ")).contains(&"quality_q1".to_owned()), "an answer taken away is no review");
    let priced = save(&draft, Part::Lot { applied: lot(3_100) });
    assert!(!codes(&priced).contains(&"lot_planned".to_owned()));
    let renamed = Selection { legal_name: "Elm Care and Education Limited".into(), ..selection::sample() };
    assert_eq!(codes(&save(&draft, declared(renamed))), ALL[1..]);
    let unread = Selection { company_number: "12".into(), ..selection::sample() };
    assert_eq!(codes(&save(&draft, declared(unread))), ALL, "what cannot be sent is not reviewed");
}

#[test]
fn a_draft_of_before_says_whether_all_of_it_was_reviewed() {
    let draft = begun(selection::sample());
    assert_eq!(serde_json::from_value::<Draft>(serde_json::to_value(&draft).unwrap()).unwrap(), draft);
    let mut kept = serde_json::to_value(&draft).unwrap();
    kept.as_object_mut().unwrap().remove("carried");
    kept["reused"] = "AR-000".into();
    kept["reviewed"] = false.into();
    let read: Draft = serde_json::from_value(kept.clone()).unwrap();
    assert_eq!(codes(&read), ALL);
    assert_eq!(read.carried.unwrap().origin(), "your application of AR-000");
    kept["reviewed"] = true.into();
    assert_eq!(serde_json::from_value::<Draft>(kept.clone()).unwrap().carried, None);
    kept["reused"] = serde_json::Value::Null;
    assert_eq!(serde_json::from_value::<Draft>(kept).unwrap().carried, None, "nothing was taken over");
}
