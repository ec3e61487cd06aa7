//! A search that is out to two homes: questions, offers, changes and what is taken back, by program and on its pages, until it
//! ends without a placement; and the exemption of a child from a home's grade.

use super::steps::{ADMINISTRATOR, CLERK, DIRECTOR, File, HOME, OFFICER, RIVAL, Step, Typed};
use Step::{Attach, Bring, Fill, Find, See, Send};

const SEARCH: &str = "/referrals/HEF-R-0001";
const NEW: &str = "/referrals/new";
const SIBLING: Typed = &[
    ("which", "new"),
    ("given_names", "Wren"),
    ("family_name", "Zelenka"),
    ("born", "2010-05-01"),
    ("sex", "female"),
    ("case_number", "C-78"),
];
const SIBLINGS: &str = "/referrals/HEF-R-0001/siblings";
const APPROVAL: &str = "/referrals/HEF-R-0001/search-approval";
const APPROVED: &str = r#"{"approved_by": "panel", "approved_who": "The chair", "approved_band": "up_to_6000", "approved_on": "2021-09-13", "reference": null}"#;
const APPROVED_TYPED: Typed = &[
    ("approved_by", "panel"),
    ("approved_who", "The chair"),
    ("approved_band", "up_to_6000"),
    ("approved_on", "2021-09-13"),
];
const EXTEND: &str = "/referrals/HEF-R-0001/extend";
const LATER: Typed = &[("deadline", "at"), ("deadline_at", "2021-09-20"), ("deadline_at_time", "4pm")];
const CORRECT: &str = "/referrals/HEF-R-0001/child/correct";
const CORRECTED: Typed = &[
    ("given_names", "Quillon"),
    ("family_name", "Zelenka"),
    ("born", "2008-05-01"),
    ("sex", "female"),
    ("case_number", "C-77"),
];
const MESSAGES: &str = "/referrals/HEF-R-0001/messages";
const ANSWERED: Typed = &[("question", "$asked"), ("answer_$asked", "Yes, she can."), ("to_$asked", "all")];
const DOCUMENTS: &str = "/referrals/HEF-R-0001/documents";
/// A plan, as a file.
pub(super) const PDF: File = ("Plan.pdf", b"%PDF-1.7 a plan");
const LINK: &str = "/referrals/HEF-R-0001/asked/1/link";

/// An offer as a home types it.
pub(super) const OFFERED: Typed = &[
    ("start", "2021-09-27"),
    ("core", "4,321"),
    ("met_going_missing", "yes"),
    ("how_going_missing", "Staff who know how"),
    ("impact", "A good match"),
    ("valid", "2021-09-24"),
];
const CHANGED: Typed = &[
    ("start", "2021-09-27"),
    ("core", "4,300"),
    ("met_going_missing", "yes"),
    ("how_going_missing", "Staff who know how"),
    ("impact", "A good match"),
    ("valid", "2021-09-24"),
    ("amend_reason", "mistake"),
];
/// One as a program sends it.
pub(super) const OFFER: &str = r#"{"offer": {"start": "2021-09-27", "core_weekly_pence": 398700, "valid_until": "2021-09-24T17:00:00", "must_haves": [{"need": "going_missing", "met": "yes", "how": "Staff who know how"}], "residents": [], "keeps_school": true, "impact": "A good match"}, "send": true}"#;
const CHEAPER: &str = r#"{"offer": {"start": "2021-09-27", "core_weekly_pence": 390000, "valid_until": "2021-09-24T17:00:00", "must_haves": [{"need": "going_missing", "met": "yes", "how": "Staff who know how"}], "residents": [], "keeps_school": true, "impact": "A good match"}, "reason": "mistake"}"#;
const FIRST: &str = "/referrals/HEF-R-0001/offers/1";
const ASSOCIATES: &str = "/provider/invitations/$elm/associates";

/// From the sending to its end.
pub const SEARCHED: &[Step] = &[
    Send(OFFICER, "/referrals/HEF-R-0001/remind", "", "{}", 200),
    Fill(OFFICER, NEW, NEW, SIBLING),
    Send(OFFICER, "/referrals/HEF-R-0001/siblings", SEARCH, r#"{"sibling": "HEF-R-0002"}"#, 200),
    Fill(OFFICER, SIBLINGS, SIBLINGS, &[("sibling", "HEF-R-0002")]),
    Fill(OFFICER, "/referrals/HEF-R-0002/withdraw", "/referrals/HEF-R-0002/withdraw", &[("reason", "plan_changed")]),
    Send(OFFICER, "/referrals/HEF-R-0001/search-approval", SEARCH, APPROVED, 200),
    Fill(OFFICER, APPROVAL, APPROVAL, APPROVED_TYPED),
    Fill(OFFICER, EXTEND, EXTEND, LATER),
    Fill(OFFICER, CORRECT, CORRECT, CORRECTED),
    Fill(OFFICER, LINK, LINK, &[("email", "manager@home.example")]),
    Bring(OFFICER, DOCUMENTS, "", &[], PDF, 201),
    Find(OFFICER, DOCUMENTS, "", ("", ""), "id", "document"),
    See(OFFICER, "/api/v1/referrals/HEF-R-0001/documents/$document", &["HEF"]),
    Send(OFFICER, "/referrals/HEF-R-0001/documents/$document/take-away", "", "{}", 200),
    Attach(OFFICER, DOCUMENTS, DOCUMENTS, &[], PDF),
    Find(OFFICER, DOCUMENTS, "", ("", ""), "id", "second"),
    Fill(
        OFFICER,
        "/referrals/HEF-R-0001/documents/$second/take-away",
        "/referrals/HEF-R-0001/documents/$second/take-away",
        &[],
    ),
    Find(HOME, "/invitations?reference=HEF-R-0001", "/items", ("", ""), "id", "elm"),
    Find(RIVAL, "/invitations?reference=HEF-R-0001", "/items", ("", ""), "id", "ash"),
    Fill(
        HOME,
        "/provider/invitations/$elm/question",
        "/provider/invitations/$elm/question",
        &[("question", "Can she swim?")],
    ),
    Find(OFFICER, "/referrals/HEF-R-0001/questions", "", ("", ""), "id", "asked"),
    Fill(OFFICER, MESSAGES, MESSAGES, ANSWERED),
    Fill(HOME, "/provider/invitations/$elm/offer", "/provider/invitations/$elm/offer", OFFERED),
    Fill(HOME, "/provider/invitations/$elm/change", "/provider/invitations/$elm/change", CHANGED),
    Send(RIVAL, "/invitations/$ash/offer", "", OFFER, 201),
    Find(RIVAL, "/invitations/$ash", "/offers/0", ("", ""), "version", "sent"),
    Send(RIVAL, "/invitations/$ash/offer/change", "$sent", CHEAPER, 200),
    Find(RIVAL, "/invitations/$ash", "/offers/0", ("", ""), "version", "changed"),
    Send(RIVAL, "/invitations/$ash/offer/withdraw", "$changed", "{}", 200),
    Fill(OFFICER, FIRST, "/referrals/HEF-R-0001/offers/1/shortlist", &[]),
    Fill(HOME, ASSOCIATES, ASSOCIATES, &[("about", "A friend next door")]),
    Find(OFFICER, "/referrals/HEF-R-0001/offers/1/associates", "", ("", ""), "id", "about"),
    Fill(OFFICER, FIRST, "/referrals/HEF-R-0001/associates/$about", &[("known_$about", "no")]),
    Fill(OFFICER, FIRST, "/referrals/HEF-R-0001/offers/1/not-chosen", &[("reason", "nearer")]),
    Fill(
        OFFICER,
        "/referrals/HEF-R-0001/not-placed",
        "/referrals/HEF-R-0001/not-placed",
        &[("reason", "none_suitable")],
    ),
    Fill(OFFICER, "/referrals/HEF-R-0001/copy", "/referrals/HEF-R-0001/copy", &[]),
];

const EXEMPTIONS: &str = "/referrals/HEF-R-0001/exemptions";
const STATUTORY: &str = r#"{"office": "director_of_childrens_services", "basis": "appointed", "person": "$approver", "from": "2021-01-01"}"#;
const WANTED: &str = r#"{"urn": "SC400003", "reason": "only_home", "words": "A second person is awake at night there.", "until": "2021-09-27"}"#;
const WANTED_TYPED: Typed = &[
    ("urn", "SC400003"),
    ("reason", "only_home"),
    ("words", "A second person is awake at night there."),
    ("until", "2021-09-28"),
];

const ASK: &str = "/referrals/HEF-R-0001/exemptions/ask";

/// An officer asks the director, takes it back twice, and asks again; the director declines and in the end records it.
pub const EXEMPTED: &[Step] = &[
    Find(ADMINISTRATOR, "/people", "/items", ("role", "approver"), "person", "approver"),
    Send(CLERK, "/delegations/statutory", "", STATUTORY, 201),
    Send(OFFICER, ASK, "", WANTED, 201),
    Find(OFFICER, EXEMPTIONS, "/requests", ("stands", "waits"), "id", "first"),
    Send(OFFICER, "/referrals/HEF-R-0001/exemptions/$first/take-back", "1", "{}", 200),
    Fill(OFFICER, EXEMPTIONS, ASK, WANTED_TYPED),
    Fill(OFFICER, EXEMPTIONS, "/referrals/HEF-R-0001/exemptions/take-back", &[]),
    Send(OFFICER, ASK, "", WANTED, 201),
    Find(OFFICER, EXEMPTIONS, "/requests", ("stands", "waits"), "id", "asked"),
    Send(DIRECTOR, "/referrals/HEF-R-0001/exemptions/$asked/decline", "1", r#"{"reason": "too_little"}"#, 200),
    Fill(OFFICER, EXEMPTIONS, ASK, WANTED_TYPED),
    Find(OFFICER, EXEMPTIONS, "/requests", ("stands", "waits"), "id", "again"),
    Fill(DIRECTOR, EXEMPTIONS, "/referrals/HEF-R-0001/exemptions/decline", &[("declined_$again", "not_safe")]),
    Send(DIRECTOR, EXEMPTIONS, "", WANTED, 201),
    Fill(DIRECTOR, EXEMPTIONS, EXEMPTIONS, WANTED_TYPED),
];
