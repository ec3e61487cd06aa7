//! Rows of the matrix that show less than the others, each with why, and where organisations are crossed there: on the roads of
//! `writes.rs`, or by a test of its own.

use std::collections::{BTreeMap, BTreeSet};

use placewell_web::api::operations::OPERATIONS;
use placewell_web::routes::{ROUTES, Route, Who};

/// Rows for which nobody of the columns is let in, each with who is and the test that proves it.
pub const NOBODY: &[(&str, &str, &str)] = &[(
    "GET /api/v1/broken-glass/{id}",
    "a token whose scope names the act",
    "a_token_breaks_the_glass_only_where_its_scope_names_that_act",
)];

/// Rows whose record does not stand in this world.
pub struct Absent {
    /// Why it does not.
    pub why: &'static str,
    /// Tests that show it instead of the roads, of what is everybody's; none where the roads cross organisations there.
    pub by: &'static [&'static str],
    /// Each row that nobody reads.
    pub reads: &'static [&'static str],
    /// How the paths begin of what whoever may do it finds nothing to do it to; a blank ends a path.
    pub writes: &'static [&'static str],
}

/// All of them: one that is reached, or is no route any more, has to go from here.
pub const NOT_THERE: &[Absent] = &[
    Absent {
        why: "of a demonstration",
        by: &["rule_10_6_the_tour_and_the_people_are_not_found_where_the_database_is_not_marked"],
        reads: &["GET /tour", "GET /tour/{n}", "GET /demo", "GET /demo/calendar"],
        writes: &["/demo "],
    },
    Absent { why: "one's own", by: &[], reads: &[], writes: &["/preferences/"] },
    Absent {
        why: "the form names what is declined or taken back, and nothing was asked",
        by: &[],
        reads: &[],
        writes: &[
            "/referrals/{reference}/exemptions/decline",
            "/referrals/{reference}/exemptions/take-back",
            "/api/v1/referrals/{reference}/exemptions/{id}/take-back",
        ],
    },
    Absent {
        why: "no organisation here has a way in of its own",
        by: &["an_organisation_whose_sign_in_is_the_only_way_is_not_reached_from_another"],
        reads: &["GET /sign-in/with/{code}", "GET /sign-in/callback"],
        writes: &[],
    },
    Absent {
        why: "links by mail",
        by: &[],
        reads: &[
            "GET /emails/{token}/password",
            "GET /emails/{token}/register",
            "GET /emails/{token}/welcome",
            "GET /emails/{token}/answer",
            "GET /emails/{token}/offer",
            "GET /emails/{token}/decline",
            "GET /emails/{token}/question",
        ],
        writes: &["/emails/"],
    },
    Absent {
        why: "nobody is ended by being asked about",
        by: &[],
        reads: &["GET /admin/jobs/mail/{id}", "GET /admin/people/{person}", "GET /admin/people/{person}/last-day"],
        writes: &["/admin/", "/cover/", "/api/v1/people/", "/api/v1/covers/"],
    },
    Absent {
        why: "nothing of it waits to be done again",
        by: &[],
        reads: &[],
        writes: &["/admin/jobs", "/api/v1/jobs/"],
    },
    Absent {
        why: "no officer took a decision under the limb",
        by: &[],
        reads: &[
            "GET /officer-decisions/{reference}",
            "GET /democratic/officer-decisions/{reference}",
            "GET /democratic/officer-decisions/{reference}/edit",
            "GET /api/v1/officer-decisions/{reference}",
        ],
        writes: &["/democratic/officer-decisions/"],
    },
    Absent {
        why: "no text was kept of the terms; nothing is proposed, and no successor recorded",
        by: &[],
        reads: &[
            "GET /arrangement/terms/{slug}/{of}/{version}/text",
            "GET /api/v1/arrangement/{slug}/terms/{of}/{version}/text",
            "GET /api/v1/arrangement/successor",
        ],
        writes: &["/region/arrangement/"],
    },
    Absent {
        why: "none was saved",
        by: &[],
        reads: &[
            "GET /reports/alternatives/{reference}",
            "GET /api/v1/appraisals/{reference}",
            "GET /api/v1/appraisals/{reference}/pdf",
        ],
        writes: &[],
    },
    Absent {
        why: "the region has no prefix to publish under",
        by: &["no_open_contracting_package_is_published_under_a_prefix_that_is_not_the_regions"],
        reads: &["GET /contracts/{reference}", "GET /api/v1/contracts/{reference}", "GET /contracts.json"],
        writes: &["/region/publication"],
    },
    Absent {
        why: "no opening was published, so nobody applied",
        by: &[],
        reads: &[
            "GET /admission/{reference}",
            "GET /admission/{reference}/register",
            "GET /region/admission/{reference}",
            "GET /region/admission/{reference}/edit",
            "GET /region/evaluations/{id}",
            "GET /region/evaluations/{id}/documents",
            "GET /region/evaluations/{id}/documents/{document}",
            "GET /evaluations/{id}",
            "GET /evaluations/{id}/documents",
            "GET /evaluations/{id}/documents/{document}",
            "GET /provider/admission/{reference}",
            "GET /provider/admission/{reference}/documents",
            "GET /provider/admission/{reference}/documents/{document}",
            "GET /provider/admission/{reference}/selection",
            "GET /provider/admission/{reference}/quality",
            "GET /provider/admission/{reference}/lots/{lot}",
            "GET /provider/admission/{reference}/letter.pdf",
            "GET /api/v1/openings/{reference}/application/carried",
            "GET /api/v1/openings/{reference}/application/documents",
            "GET /api/v1/openings/{reference}/application/documents/{document}",
            "GET /api/v1/region/evaluations/{id}/documents",
            "GET /api/v1/region/evaluations/{id}/documents/{document}",
            "GET /api/v1/evaluations/{id}/documents",
            "GET /api/v1/evaluations/{id}/documents/{document}",
            "GET /api/v1/evaluations/{id}",
            "GET /api/v1/evaluations/{id}/doubts",
        ],
        writes: &[
            "/admission/",
            "/region/admission/",
            "/region/evaluations/",
            "/evaluations/",
            "/provider/admission/",
            "/api/v1/openings/",
            "/api/v1/evaluations/",
        ],
    },
    Absent {
        why: "nobody registered",
        by: &[],
        reads: &["GET /region/registrations/{id}", "GET /api/v1/registrations/{id}"],
        writes: &["/region/registrations/", "/api/v1/registrations/"],
    },
    Absent {
        why: "the page's row has taken the same document away",
        by: &[],
        reads: &["GET /api/v1/referrals/{reference}/documents/{document}"],
        writes: &["/api/v1/referrals/{reference}/documents/"],
    },
    Absent {
        why: "no file is kept of the check",
        by: &[],
        reads: &[
            "GET /referrals/{reference}/checks/{urn}/{item}/documents/{document}",
            "GET /referrals/{reference}/checks/{urn}/{item}/documents/{document}/take-away",
            "GET /api/v1/referrals/{reference}/checks/{urn}/{item}/documents/{document}",
        ],
        writes: &[
            "/referrals/{reference}/checks/{urn}/{item}/documents/",
            "/api/v1/referrals/{reference}/checks/{urn}/{item}/documents/",
        ],
    },
    Absent {
        why: "no measure was confirmed, and no report came from the regulator",
        by: &[],
        reads: &["GET /region/alerts/{id}", "GET /standing/reviews/{id}"],
        writes: &["/region/alerts/", "/standing/reviews/", "/api/v1/region/alerts/"],
    },
    Absent {
        why: "no rise was granted",
        by: &[],
        reads: &[
            "GET /agreements/{reference}/repricing/{uplift}/{grant}",
            "GET /api/v1/agreements/{reference}/repricing/{uplift}/{grant}",
        ],
        writes: &["/agreements/{reference}/repricing/"],
    },
    Absent {
        why: "nobody visited, raised a concern or sent a return",
        by: &[],
        reads: &[
            "GET /monitoring/returns/{id}",
            "GET /monitoring/visits/{id}",
            "GET /monitoring/concerns/{id}",
            "GET /monitoring/concerns/{id}/documents/{document}",
            "GET /provider/monitoring/returns/{id}",
            "GET /provider/monitoring/concerns/{id}",
            "GET /provider/monitoring/concerns/{id}/documents/{document}",
            "GET /api/v1/home-visits/{id}",
            "GET /api/v1/home-concerns/{id}",
            "GET /api/v1/home-concerns/{id}/documents/{document}",
            "GET /api/v1/quality-returns/{id}",
        ],
        writes: &[
            "/region/monitoring/",
            "/monitoring/",
            "/provider/monitoring/",
            "/api/v1/home-concerns/",
            "/api/v1/quality-returns/",
            "/api/v1/support-weeks/",
        ],
    },
    Absent {
        why: "no provider keeps one",
        by: &[],
        reads: &[
            "GET /provider/documents/{id}/files",
            "GET /provider/documents/{id}/files/{document}",
            "GET /homes/{urn}/documents/{id}/files/{document}",
            "GET /api/v1/provider/documents/{id}/files",
            "GET /api/v1/provider/documents/{id}/files/{document}",
            "GET /api/v1/homes/{urn}/documents/{id}/files/{document}",
        ],
        writes: &["/provider/documents/", "/api/v1/provider/documents/"],
    },
    Absent { why: "no agreement is asked to move", by: &[], reads: &[], writes: &["/agreements/moves/"] },
    Absent {
        why: "nothing was bought outside the arrangement",
        by: &[],
        reads: &[],
        writes: &["/referrals/{reference}/spot/", "/api/v1/spot-purchases/"],
    },
    Absent {
        why: "steps that a live block is past, or not at yet",
        by: &[],
        reads: &["GET /mini-blocks/{reference}/decide"],
        writes: &[
            "/mini-blocks/{reference}/",
            "/api/v1/nominations/",
            "/api/v1/block-resales/",
            "/api/v1/void-offers/",
        ],
    },
    Absent {
        why: "who the child is was recalled, the offer accepted",
        by: &[],
        reads: &["GET /provider/invitations/{id}/child", "GET /api/v1/invitations/{id}/child"],
        writes: &["/provider/invitations/{id}/withdraw-offer", "/api/v1/invitations/{id}/offer/withdraw"],
    },
    Absent {
        why: "it was recommended, decided and agreed already",
        by: &[],
        reads: &[
            "GET /referrals/{reference}/recommend",
            "GET /approvals/{reference}/{act}",
            "GET /api/v1/referrals/{reference}/offers/{number}/recommendation",
        ],
        writes: &[],
    },
];

/// Every route and operation, as its row is headed.
fn all() -> impl Iterator<Item = (&'static Route, String)> {
    let pages = ROUTES.iter().map(|route| (route, format!("{} {}", route.method, route.path)));
    pages.chain(OPERATIONS.iter().map(|route| (route, format!("{} /api/v1{}", route.method, route.path))))
}

fn is_everybodys(route: &Route) -> bool {
    matches!(route.who, Who::Everybody | Who::Demonstration)
}

/// What is listed to be crossed on the roads and was not: a read for which nobody else was refused, a write that nobody did
/// after everybody else was refused it. What is everybody's crosses nothing.
pub fn untaken(reads: &BTreeSet<String>, writes: &BTreeMap<String, String>) -> Vec<String> {
    let done: BTreeSet<&str> = writes.keys().map(|row| row.split_at(end_of_heading(row)).0).collect();
    let crossed = || NOT_THERE.iter().filter(|of| of.by.is_empty());
    let mut left = Vec::new();
    for (route, heading) in all().filter(|(route, _)| !is_everybodys(route)) {
        let path = heading.split_once(' ').map(|(_, path)| format!("{path} ")).unwrap_or_default();
        let listed = match route.method {
            "GET" => crossed().any(|of| of.reads.contains(&heading.as_str())),
            _ => crossed().any(|of| of.writes.iter().any(|start| path.starts_with(start))),
        };
        if listed && !reads.contains(&heading) && !done.contains(heading.as_str()) {
            left.push(heading);
        }
    }
    left
}

/// Where the method and the path of a row end; of a route of several acts the act follows.
fn end_of_heading(row: &str) -> usize {
    row.match_indices(' ').nth(1).map_or(row.len(), |(at, _)| at)
}

#[test]
fn what_no_road_takes_is_found_and_what_one_takes_is_not() {
    let none = untaken(&BTreeSet::new(), &BTreeMap::new());
    let (reads, writes): (Vec<_>, Vec<_>) = none.into_iter().partition(|heading| heading.starts_with("GET "));
    let closed = |heading: &str| all().any(|(route, of)| of == heading && !is_everybodys(route));
    let crossed = NOT_THERE.iter().filter(|of| of.by.is_empty());
    let listed = crossed.flat_map(|of| of.reads).filter(|heading| closed(heading)).count();
    assert_eq!(reads.len(), listed, "{reads:#?}");
    let done: BTreeMap<String, String> =
        writes.iter().skip(1).map(|heading| (format!("{heading} an_act"), String::new())).collect();
    assert_eq!(untaken(&reads.into_iter().collect(), &done), writes[..1]);
}
