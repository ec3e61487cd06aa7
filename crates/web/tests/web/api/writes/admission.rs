//! Admission: an opening, a provider's application, its evaluation by two authorities, the letter, a challenge, a doubt; the
//! first by program, the second on its pages.

use jiff::civil::date;
use placewell_domain::office::access::Role;

use super::steps::{File, HOME, LEAD, MEMBERS, OFFICER, Step, Typed};
use Step::{Attach, Bring, Fill, Find, Look, Move, Own, Put, See, Send};

/// The evaluator of another authority, in another role than the first, whose colleagues are on no panel: they take the seat of
/// one that is released.
const THIRD: (&str, Role) = ("WOR", Role::FinanceOfficer);

pub const PLAN: &str = r#"{
    "title": "Homes for the west", "reason": "More homes are needed in the west.", "opens": "2021-09-13T09:00:00",
    "closes": "2021-09-20T12:00:00", "questions_until": "2021-09-17T12:00:00",
    "quality": [
        {"text": "How do you keep children safe?", "criteria": "Plans and training", "weight": 60},
        {"text": "How do children learn?", "criteria": "Attendance", "weight": 40}
    ],
    "least": 2, "quality_share": 70, "pass_mark": 55,
    "templates": [{
        "lot": "planned", "includes": "Clothing and activities",
        "bands": [
            {"part": "accommodation", "floor_pence": 60000, "ceiling_pence": 160000},
            {"part": "care", "floor_pence": 180000, "ceiling_pence": 460000}
        ]
    }],
    "insurances": [{"kind": "public", "least_pence": 500000000}], "standstill_days": 10, "validity_months": 48
}"#;
const SELECTION: &str = r#"{
    "legal_name": "Oak Lane Care Limited", "company_number": "01234567",
    "insurances": [{"kind": "public", "cover_pence": 500000000, "expires": "2022-03-31", "number": "PL-1"}],
    "accounts_to": "2021-03-31", "turnover_pence": 240000000, "going_concern": true, "excluded": false,
    "debarred": false, "recruitment": true, "safeguarding_on": "2021-02-01", "data_protection": "Z1234567",
    "data_protection_until": "2022-05-31"
}"#;
const QUALITY: &str = r#"{
    "answers": [
        {"question": "q1", "answer": "Each child has a plan."}, {"question": "q2", "answer": "Each child goes to school."}
    ]
}"#;
const LOT: &str = r#"{
    "homes": ["SC400001"],
    "prices": [{"part": "accommodation", "weekly_pence": 100000}, {"part": "care", "weekly_pence": 300000}]
}"#;
const SIGNED: &str = r#"{"name": "J Hughes", "role": "Manager", "has_authority": true}"#;
const VERDICTS: &str = r#"{"verdicts": [
    {"code": "legal_entity", "passed": true, "words": ""}, {"code": "insurance", "passed": true, "words": ""},
    {"code": "finance", "passed": true, "words": ""}, {"code": "exclusion", "passed": true, "words": ""},
    {"code": "recruitment", "passed": true, "words": ""}, {"code": "safeguarding", "passed": true, "words": ""},
    {"code": "data_protection", "passed": true, "words": ""}, {"code": "SC400001_planned", "passed": true, "words": ""}
]}"#;
const SCORES: &str = r#"{"marks": [
    {"question": "q1", "score": 4, "comment": "As told"}, {"question": "q2", "score": 4, "comment": "As told"}
], "hand_in": true}"#;
const CONSENSUS: &str = r#"{"consensus": [
    {"question": "q1", "score": 4, "reason": "The panel agreed."}, {"question": "q2", "score": 4, "reason": "The panel agreed."}
], "words": "Admit", "condition": null}"#;
const ANEW: &str = r#"{"verdicts": [{"code": "SC400001_planned", "passed": true, "words": ""}]}"#;
const STANDS: &str = r#"{"consensus": [], "words": "Admit", "condition": {
    "words": "The policy on going missing is revised.", "by": "2021-10-31"
}}"#;
const MET: &str = r#"{"met": true, "on": "2021-10-04", "words": "The policy of October was sent and read."}"#;
const PANEL: &str = r#"{"evaluators": ["placement_officer@HEF.example", "approver@WOR.example"]}"#;
const NO_CONFLICT: &str = r#"{"conflict": false, "words": ""}"#;
const DRAFT: &str = "/openings/AR-001/application/documents";
const RECORD: &str = "/evaluations/$evaluation";
/// Who is on the panel beside the officer.
const BESIDE: &[&str] = &["WOR approver", "WOR finance_officer"];
const APPLICATION: &str = "/provider/admission/AR-001";
const CERTIFICATE: File = ("Certificate.pdf", b"%PDF-1.7 a certificate");

/// From the plan to the admission.
pub const BY_PROGRAM: &[Step] = &[
    Send(LEAD, "/openings", "", PLAN, 201),
    Send(LEAD, "/openings/AR-001/revise", "1", PLAN, 200),
    See(LEAD, "/region/admission/AR-001/edit", &[]),
    Send(LEAD, "/openings/AR-001/publish", "2", "{}", 200),
    Send(HOME, "/openings/AR-001/application", "", r#"{"reuse": false}"#, 201),
    Put(HOME, "/openings/AR-001/application/selection", DRAFT, SELECTION, 200),
    Put(HOME, "/openings/AR-001/application/quality", DRAFT, QUALITY, 200),
    Put(HOME, "/openings/AR-001/application/lots/planned", DRAFT, LOT, 200),
    Bring(HOME, DRAFT, DRAFT, &[("of", "insurance")], CERTIFICATE, 201),
    Find(HOME, DRAFT, "/documents/0/document", ("", ""), "id", "shown"),
    Own(HOME, APPLICATION, "4,000 a week"),
    See(HOME, "/provider/admission/AR-001/selection", &[]),
    See(HOME, "/provider/admission/AR-001/quality", &[]),
    See(HOME, "/provider/admission/AR-001/lots/planned", &[]),
    See(HOME, "/provider/admission/AR-001/documents", &[]),
    See(HOME, "/provider/admission/AR-001/documents/$shown", &[]),
    See(HOME, "/api/v1/openings/AR-001/application/documents", &[]),
    See(HOME, "/api/v1/openings/AR-001/application/documents/$shown", &[]),
    Send(HOME, "/openings/AR-001/application/documents/remove", DRAFT, r#"{"document": "$shown"}"#, 200),
    Bring(HOME, DRAFT, DRAFT, &[("of", "insurance")], CERTIFICATE, 201),
    Find(HOME, DRAFT, "/documents/0/document", ("", ""), "id", "policy"),
    Send(HOME, "/openings/AR-001/application/send", DRAFT, SIGNED, 200),
    Send(HOME, "/openings/AR-001/application/withdraw", "", "{}", 200),
    Send(HOME, "/openings/AR-001/application/send", DRAFT, SIGNED, 200),
    Send(HOME, "/openings/AR-001/questions", "", r#"{"text": "Which lot is meant?"}"#, 201),
    See(LEAD, "/region/admission/AR-001", &[]),
    Look(LEAD, "/region/admission/AR-001", "/region/admission/AR-001/answer", "question", "question"),
    Send(
        LEAD,
        "/openings/AR-001/questions/$question/answer",
        "",
        r#"{"question": "Which lot is meant?", "answer": "Planned care."}"#,
        200,
    ),
    Send(LEAD, "/openings", "", PLAN, 201),
    Send(LEAD, "/openings/AR-002/cancel", "1", r#"{"reason": "It was planned twice."}"#, 200),
    Move(date(2021, 9, 20), 13),
    Send(LEAD, "/openings/AR-001/evaluations", "", PANEL, 201),
    Find(LEAD, "/evaluations", "/evaluations", ("opening", "AR-001"), "id", "evaluation"),
    Send(LEAD, "/evaluations/$evaluation/gates", RECORD, VERDICTS, 200),
    Send(OFFICER, "/evaluations/$evaluation/declaration", "", NO_CONFLICT, 201),
    Find(LEAD, RECORD, "/panel/1", ("", ""), "person", "seat"),
    Send(LEAD, "/evaluations/$evaluation/releases", RECORD, r#"{"person": "$seat", "reason": "left"}"#, 200),
    Send(LEAD, "/evaluations/$evaluation/evaluators", RECORD, r#"{"email": "finance_officer@WOR.example"}"#, 200),
    Send(THIRD, "/evaluations/$evaluation/declaration", "", NO_CONFLICT, 201),
    See(LEAD, "/region/evaluations/$evaluation", MEMBERS),
    See(LEAD, "/api/v1/evaluations/$evaluation", MEMBERS),
    See(LEAD, "/region/evaluations/$evaluation/documents", &[]),
    See(LEAD, "/region/evaluations/$evaluation/documents/$policy", &[]),
    See(LEAD, "/api/v1/region/evaluations/$evaluation/documents", &[]),
    See(LEAD, "/api/v1/region/evaluations/$evaluation/documents/$policy", &[]),
    See(OFFICER, "/evaluations/$evaluation", BESIDE),
    See(OFFICER, "/evaluations/$evaluation/documents", BESIDE),
    See(OFFICER, "/evaluations/$evaluation/documents/$policy", BESIDE),
    See(OFFICER, "/api/v1/evaluations/$evaluation/documents", BESIDE),
    See(OFFICER, "/api/v1/evaluations/$evaluation/documents/$policy", BESIDE),
    Put(OFFICER, "/evaluations/$evaluation/scores", "0", SCORES, 200),
    Put(THIRD, "/evaluations/$evaluation/scores", "0", SCORES, 200),
    Send(LEAD, "/evaluations/$evaluation/moderation", RECORD, "{}", 200),
    Send(LEAD, "/evaluations/$evaluation/recommendation", RECORD, CONSENSUS, 200),
    Send(LEAD, "/evaluations/$evaluation/letter", RECORD, "{}", 200),
    See(HOME, "/provider/admission/AR-001/letter.pdf", &[]),
    Send(
        HOME,
        "/openings/AR-001/application/challenge",
        "",
        r#"{"words": "The panel read the template of another lot."}"#,
        201,
    ),
    Send(
        LEAD,
        "/evaluations/$evaluation/challenge/answer",
        RECORD,
        r#"{"upheld": true, "reopens": "homes", "words": "The home was read as another."}"#,
        200,
    ),
    Send(LEAD, "/evaluations/$evaluation/homes", RECORD, ANEW, 200),
    Send(LEAD, "/evaluations/$evaluation/recommendation", RECORD, STANDS, 200),
    Send(LEAD, "/evaluations/$evaluation/letter", RECORD, "{}", 200),
    Move(date(2021, 10, 5), 10),
    Send(LEAD, "/evaluations/$evaluation/confirm", RECORD, "{}", 200),
    Own(HOME, APPLICATION, "The policy on going missing is revised."),
    Send(LEAD, "/evaluations/$evaluation/condition", RECORD, MET, 200),
    Own(HOME, APPLICATION, "The policy of October was sent and read."),
    Send(
        OFFICER,
        "/evaluations/$evaluation/doubts",
        "",
        r#"{"words": "The policy on going missing is of 2019."}"#,
        201,
    ),
    See(LEAD, "/api/v1/evaluations/$evaluation/doubts", MEMBERS),
    Find(LEAD, "/evaluations/$evaluation/doubts", "", ("", ""), "id", "doubt"),
    Send(
        LEAD,
        "/evaluations/$evaluation/doubts/$doubt/answer",
        "",
        r#"{"answer": "The policy of 2021 was sent and read."}"#,
        200,
    ),
];

const NEW: &str = "/region/admission/new";
const KEPT: &str = "/region/admission/AR-003";
const EDIT: &str = "/region/admission/AR-003/edit";
const TYPED: Typed = &[
    ("title", "Homes for the east"),
    ("kind", "by_lead"),
    ("reason", "More homes are needed in the east."),
    ("opens", "2021-10-05"),
    ("opens_time", "9am"),
    ("questions_until", "2021-10-08"),
    ("questions_until_time", "noon"),
    ("closes", "2021-10-12"),
    ("closes_time", "noon"),
    ("q1_text", "How do you keep children safe?"),
    ("q1_criteria", "Plans and training"),
    ("q1_weight", "60"),
    ("q2_text", "How do children learn?"),
    ("q2_criteria", "Attendance"),
    ("q2_weight", "40"),
    ("lots", "planned"),
    ("planned_accommodation_floor", "600"),
    ("planned_accommodation_ceiling", "1600"),
    ("planned_care_floor", "1800"),
    ("planned_care_ceiling", "4600"),
    ("planned_includes", "Clothing and activities"),
    ("insurance_public", "5000000"),
    ("least", "2"),
    ("quality_share", "70"),
    ("pass_mark", "55"),
    ("standstill_days", "10"),
    ("validity_months", "48"),
];
const OWN: &str = "/provider/admission/AR-003";
const OWN_CARRIED: &str = "/openings/AR-003/application/carried";
const OWN_SELECTION: &str = "/provider/admission/AR-003/selection";
const OWN_QUALITY: &str = "/provider/admission/AR-003/quality";
const OWN_LOT: &str = "/provider/admission/AR-003/lots/planned";
const OWN_DOCUMENTS: &str = "/provider/admission/AR-003/documents";
const REMOVE: &str = "/provider/admission/AR-003/documents/remove";
const DECLARED: Typed = &[
    ("legal_name", "Oak Lane Care Limited"),
    ("company_number", "01234567"),
    ("insurance_public", "5000000"),
    ("insurance_public_expires", "2022-03-31"),
    ("insurance_public_number", "PL-1"),
    ("accounts_to", "2021-03-31"),
    ("turnover", "2400000"),
    ("going_concern", "yes"),
    ("excluded", "no"),
    ("debarred", "no"),
    ("recruitment", "yes"),
    ("safeguarding_on", "2021-02-01"),
    ("data_protection", "Z1234567"),
    ("data_protection_until", "2022-05-31"),
];
const ANSWERED: Typed = &[("q1", "Each child has a plan."), ("q2", "Each child goes to school.")];
/// What is confirmed of the application to the first opening, by program and on the page.
const STILL_TRUE: &str = r#"{"sections": ["legal_entity", "insurance", "finance", "exclusion", "recruitment"]}"#;
const CONFIRMED: Typed = &[
    ("sections", "safeguarding"),
    ("sections", "data_protection"),
    ("sections", "quality_q1"),
    ("sections", "quality_q2"),
    ("sections", "lot_planned"),
];
const PRICED: Typed = &[("planned_homes", "SC400001"), ("planned_accommodation", "1000"), ("planned_care", "3000")];
const SIGNER: Typed = &[("name", "J Hughes"), ("role", "Manager"), ("authority", "yes")];
const PANEL_TYPED: Typed = &[("evaluators", "placement_officer@HEF.example\napprover@WOR.example")];
const JUDGED: Typed = &[
    ("legal_entity", "yes"),
    ("legal_entity_words", ""),
    ("insurance", "yes"),
    ("insurance_words", ""),
    ("finance", "yes"),
    ("finance_words", ""),
    ("exclusion", "yes"),
    ("exclusion_words", ""),
    ("recruitment", "yes"),
    ("recruitment_words", ""),
    ("safeguarding", "yes"),
    ("safeguarding_words", ""),
    ("data_protection", "yes"),
    ("data_protection_words", ""),
    ("SC400001_planned", "yes"),
    ("SC400001_planned_words", ""),
];
const MARKS: Typed =
    &[("q1_score", "4"), ("q1_comment", "As told"), ("q2_score", "4"), ("q2_comment", "As told"), ("hand_in", "yes")];
const FOUND: Typed = &[
    ("q1_score", "4"),
    ("q1_reason", "The panel agreed."),
    ("q2_score", "4"),
    ("q2_reason", "The panel agreed."),
    ("words", "Admit"),
];
const AGAIN: Typed =
    &[("words", "Admit"), ("condition", "A second night worker is appointed."), ("condition_by", "2021-10-25")];
const NOT_MET: Typed = &[("came_of", "not_met"), ("words", "Nobody was appointed.")];
const HOME_JUDGED: Typed = &[("SC400001_planned", "yes"), ("SC400001_planned_words", "")];
const PAGE: &str = "/region/evaluations/$second";
const SCORING: &str = "/evaluations/$second";
const DECLARE: &str = "/evaluations/$second/declare";
const SCORE: &str = "/evaluations/$second/scores";
const NONE: Typed = &[("conflict", "no")];

/// The same on its pages, after the first has ended on 5 October.
pub const ON_PAGES: &[Step] = &[
    Fill(LEAD, NEW, NEW, TYPED),
    Fill(LEAD, EDIT, EDIT, TYPED),
    Fill(LEAD, KEPT, "/region/admission/AR-003/publish", &[]),
    Fill(HOME, OWN, "/provider/admission/AR-003/begin", &[("reuse", "yes")]),
    See(HOME, "/api/v1/openings/AR-003/application/carried", &[]),
    Send(HOME, OWN_CARRIED, OWN_CARRIED, STILL_TRUE, 200),
    Fill(HOME, OWN, "/provider/admission/AR-003/carried", CONFIRMED),
    Fill(HOME, OWN_SELECTION, OWN_SELECTION, DECLARED),
    Fill(HOME, OWN_QUALITY, OWN_QUALITY, ANSWERED),
    Fill(HOME, OWN_LOT, OWN_LOT, PRICED),
    Attach(HOME, OWN_DOCUMENTS, OWN_DOCUMENTS, &[("of", "insurance")], CERTIFICATE),
    Find(HOME, "/openings/AR-003/application/documents", "/documents/0/document", ("", ""), "id", "document"),
    Fill(HOME, OWN_DOCUMENTS, REMOVE, &[("document", "$document")]),
    Fill(HOME, OWN, "/provider/admission/AR-003/send", SIGNER),
    Fill(HOME, OWN, "/provider/admission/AR-003/withdraw", &[]),
    Fill(HOME, OWN, "/provider/admission/AR-003/send", SIGNER),
    Fill(HOME, OWN, "/provider/admission/AR-003/question", &[("text", "Which lot is meant?")]),
    Look(LEAD, KEPT, "/region/admission/AR-003/answer", "question", "asked"),
    Fill(
        LEAD,
        KEPT,
        "/region/admission/AR-003/answer",
        &[("words_$asked", "Which lot is meant?"), ("answer_$asked", "Planned care.")],
    ),
    Send(LEAD, "/openings", "", PLAN, 201),
    Fill(LEAD, "/region/admission/AR-004", "/region/admission/AR-004/cancel", &[("reason", "It was planned twice.")]),
    Move(date(2021, 10, 12), 13),
    Fill(LEAD, KEPT, "/region/admission/AR-003/evaluate", PANEL_TYPED),
    Find(LEAD, "/evaluations", "/evaluations", ("opening", "AR-003"), "id", "second"),
    Fill(LEAD, PAGE, "/region/evaluations/$second/gates", JUDGED),
    Fill(OFFICER, SCORING, DECLARE, NONE),
    Find(LEAD, "/evaluations/$second", "/panel/1", ("", ""), "person", "seat"),
    Fill(LEAD, PAGE, "/region/evaluations/$second/release", &[("person", "$seat"), ("reason", "silent")]),
    Fill(LEAD, PAGE, "/region/evaluations/$second/evaluator", &[("email", "finance_officer@WOR.example")]),
    Fill(THIRD, SCORING, DECLARE, NONE),
    Fill(OFFICER, SCORING, SCORE, MARKS),
    Fill(THIRD, SCORING, SCORE, MARKS),
    Fill(LEAD, PAGE, "/region/evaluations/$second/moderate", &[]),
    Fill(LEAD, PAGE, "/region/evaluations/$second/recommend", FOUND),
    Fill(LEAD, PAGE, "/region/evaluations/$second/issue", &[]),
    Fill(HOME, OWN, "/provider/admission/AR-003/challenge", &[("words", "The panel read another lot.")]),
    Fill(
        LEAD,
        PAGE,
        "/region/evaluations/$second/challenge",
        &[("upheld", "homes"), ("words", "The home was read as another.")],
    ),
    Fill(LEAD, PAGE, "/region/evaluations/$second/homes", HOME_JUDGED),
    Fill(LEAD, PAGE, "/region/evaluations/$second/recommend", AGAIN),
    Fill(LEAD, PAGE, "/region/evaluations/$second/issue", &[]),
    Move(date(2021, 10, 26), 10),
    Fill(LEAD, PAGE, "/region/evaluations/$second/confirm", &[]),
    Fill(LEAD, PAGE, "/region/evaluations/$second/condition", NOT_MET),
    Fill(OFFICER, PAGE, "/evaluations/$second/doubt", &[("words", "The policy on going missing is of 2019.")]),
    Fill(LEAD, PAGE, "/region/evaluations/$second/doubt", &[("answer", "The policy of 2021 was sent and read.")]),
];
