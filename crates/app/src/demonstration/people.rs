//! The invented people of the demonstration and their posts; eighteen of them can be signed in as, nine for the work of
//! each role and nine beside them, and a guest looks round.

use std::collections::BTreeMap;

use jiff::civil::date;
use placewell_domain::authority::Member;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::placing::agreement::GOING_LIVE;
use placewell_domain::power::arrangement::{Lot, OpeningWindow, TermsVersion};
use placewell_domain::power::delegation::{PostGrade, RemitArea, StatutoryOffice};

use super::authorities::{PARTS, Part, place};
use super::homes::Homes;
use super::names;
use crate::power::decision::CALL_IN_DAYS;
use crate::region::{ArrangementEntry, OfficeEntry, OrganisationEntry, PersonEntry, PostEntry, Region, UrgencyEntry};

/// From when the people of the demonstration hold their roles.
const SINCE: jiff::civil::Date = date(2018, 9, 1);
/// The regional team's code.
pub const TEAM: &str = "west-midlands-team";
/// The operator's code.
pub const OPERATOR: &str = "operator";
/// The guest of the tour.
pub const GUEST: &str = "guest@herefordshire.example";
/// The placement officer of Herefordshire.
pub const OFFICER: &str = "priya.shah@herefordshire.example";
/// A second placement officer of Herefordshire.
pub const COLLEAGUE: &str = "amir.hallowes@herefordshire.example";
/// The Assistant Director of Herefordshire.
pub const ASSISTANT_DIRECTOR: &str = "helen.garraway@herefordshire.example";
/// The Director of Herefordshire.
pub const DIRECTOR: &str = "david.oakden@herefordshire.example";
/// The finance officer of Herefordshire.
pub const FINANCE: &str = "sunita.varley@herefordshire.example";
/// The democratic services officer of Herefordshire.
pub const DEMOCRATIC: &str = "owen.dinmore@herefordshire.example";
/// Who answers appeals against what the commissioning lead decided.
pub const SECOND_LEAD: &str = "imogen.bromyard@west-midlands-team.example";
/// The commissioning lead of the regional team.
pub const LEAD: &str = "marcus.inkberrow@west-midlands-team.example";
/// The analyst of the regional team.
pub const ANALYST: &str = "grace.marchment@west-midlands-team.example";
/// The administrator.
pub const ADMINISTRATOR: &str = "leroy.whitbourne@operator.example";
/// The administrator of Herefordshire's own people and their sign-in.
pub const OWN_ADMINISTRATOR: &str = "ros.kington@herefordshire.example";

/// The title of a director's post.
pub const DIRECTOR_POST: &str = "Director for Children and Families";
/// The title of the post of the Assistant Director whose remit covers children looked after.
pub const CARE_POST: &str = "Assistant Director, Safeguarding and Family Support";
/// The title of the post of another Assistant Director, whose remit does not.
pub const LEARNING_POST: &str = "Assistant Director, Education, Development and Skills";

/// The address of a provider's placements manager.
pub fn manager(slug: &str) -> String {
    format!("placements@{slug}.example")
}

/// The address of somebody in an authority.
pub fn address(part: &Part, local: &str) -> String {
    format!("{local}@{}.example", domain(part))
}

fn domain(part: &Part) -> String {
    part.member().map(|member| names::slug(member.name)).unwrap_or_default()
}

/// The placement officers of an authority, by address.
pub fn officers(part: &Part) -> [String; 2] {
    if part.code == "HEF" {
        [OFFICER.to_owned(), COLLEAGUE.to_owned()]
    } else {
        [address(part, "placements1"), address(part, "placements2")]
    }
}

/// The Assistant Director who decides for an authority.
pub fn approver(part: &Part) -> String {
    if part.code == "HEF" { ASSISTANT_DIRECTOR.to_owned() } else { address(part, "assistant.director") }
}

/// The democratic services officer of an authority.
pub fn democratic(part: &Part) -> String {
    if part.code == "HEF" { DEMOCRATIC.to_owned() } else { address(part, "democratic.services") }
}

/// The nine, in the order of the list: the provider's slug is that of the home 9 miles away.
pub fn nine(provider: &str) -> Vec<String> {
    [OFFICER, LEAD]
        .map(str::to_owned)
        .into_iter()
        .chain([manager(provider)])
        .chain([ASSISTANT_DIRECTOR, DIRECTOR, FINANCE, DEMOCRATIC, ANALYST, ADMINISTRATOR].map(str::to_owned))
        .collect()
}

/// Who else can be signed in as: the second placement officer of Herefordshire, so that two people can meet in one
/// referral; the placement officer and the Assistant Director of the authority whose decision takes effect tomorrow, who
/// show what cannot be done until then; the Director of a neighbour, who decides on a mini-block that two share; a
/// placement officer of the lead authority, who evaluates applications with others; the administrator of one
/// authority's own people; who answers appeals against what the commissioning lead decided; and the manager of the
/// provider that is admitted under a condition, where there is one.
pub fn beside_the_nine(under_a_condition: Option<&str>) -> Vec<String> {
    let part = &PARTS[place("TEL")];
    let [officer, _] = officers(part);
    let [evaluator, _] = officers(&PARTS[place("COV")]);
    let director = address(&PARTS[place("SHR")], "director");
    let (lead, own) = (SECOND_LEAD.to_owned(), OWN_ADMINISTRATOR.to_owned());
    let known = [COLLEAGUE.to_owned(), officer, approver(part), democratic(part), director, evaluator, own, lead];
    known.into_iter().chain(under_a_condition.map(manager)).collect()
}

/// The region: 14 authorities, the regional team, the operator and the providers.
pub fn region(homes: &Homes) -> Region {
    let mut organisations: Vec<OrganisationEntry> =
        PARTS.iter().enumerate().filter_map(|(at, part)| Some(authority(at, part, part.member()?))).collect();
    organisations.push(team());
    organisations.push(operator());
    organisations.extend(homes.owners.iter().enumerate().map(|(at, owner)| {
        let mut entry = plain(&owner.slug, &owner.name, OrganisationKind::Provider);
        entry.people.push(person(
            &manager(&owner.slug),
            &names::staff(300 + at),
            Role::ProviderManager,
            "Placements manager",
        ));
        entry
    }));
    Region { organisations, arrangement: Some(arrangement()) }
}

fn plain(code: &str, name: &str, kind: OrganisationKind) -> OrganisationEntry {
    OrganisationEntry {
        code: code.to_owned(),
        name: name.to_owned(),
        kind,
        area: None,
        placing_body: None,
        people: Vec::new(),
        posts: Vec::new(),
        offices: Vec::new(),
        urgency: None,
        settings: BTreeMap::new(),
        from: SINCE,
    }
}

fn person(email: &str, name: &str, role: Role, title: &str) -> PersonEntry {
    PersonEntry { email: email.to_owned(), name: name.to_owned(), role, title: title.to_owned(), password_hash: None }
}

fn team() -> OrganisationEntry {
    let mut entry = plain(TEAM, "West Midlands regional commissioning team", OrganisationKind::RegionalTeam);
    entry.people.push(person(LEAD, "Marcus Inkberrow", Role::CommissioningLead, "Commissioning lead"));
    entry.people.push(person(SECOND_LEAD, "Imogen Bromyard", Role::CommissioningLead, "Head of commissioning"));
    entry.people.push(person(ANALYST, "Grace Marchment", Role::Analyst, "Analyst"));
    entry
}

fn operator() -> OrganisationEntry {
    let mut entry = plain(OPERATOR, "System operator", OrganisationKind::Operator);
    entry.people.push(person(ADMINISTRATOR, "Leroy Whitbourne", Role::Administrator, "System administrator"));
    entry
}

fn authority(at: usize, part: &Part, member: &Member) -> OrganisationEntry {
    let mut entry = plain(part.code, member.council, OrganisationKind::Authority);
    entry.area = Some(member.area.to_string());
    entry.placing_body = member.placing_trust.map(|trust| trust.name.to_owned());
    entry.settings.insert(CALL_IN_DAYS.name.to_owned(), part.call_in_days.to_string());
    // Telford brings in its live placements; the others have agreed theirs here since the arrangement began.
    let live = if part.code == "TEL" { "2021-09-06" } else { "2018-12-15" };
    entry.settings.insert(GOING_LIVE.name.to_owned(), live.to_owned());
    let own = part.code == "HEF";
    let staff = |number: usize| names::staff(at * 9 + number);
    let name = |fixed: &str, number: usize| if own { fixed.to_owned() } else { staff(number) };
    let addressed = |fixed: &str, local: &str| if own { fixed.to_owned() } else { address(part, local) };
    let director = addressed(DIRECTOR, "director");
    let assistant = approver(part);
    let learning = address(part, "education");
    let monitoring = address(part, "monitoring.officer");
    let money = address(part, "section151");
    let [first, second] = officers(part);
    entry.people = vec![
        person(&first, &name("Priya Shah", 0), Role::PlacementOfficer, "Placement officer"),
        person(&second, &name("Amir Hallowes", 1), Role::PlacementOfficer, "Placement officer"),
        person(&assistant, &name("Helen Garraway", 2), Role::Approver, CARE_POST),
        person(&director, &name("David Oakden", 3), Role::Approver, DIRECTOR_POST),
        person(&learning, &staff(4), Role::Approver, LEARNING_POST),
        person(&addressed(FINANCE, "finance"), &name("Sunita Varley", 5), Role::FinanceOfficer, "Finance officer"),
        person(&democratic(part), &name("Owen Dinmore", 6), Role::DemocraticServices, "Democratic services officer"),
        person(&monitoring, &staff(7), Role::Approver, "Monitoring officer"),
        person(&money, &staff(8), Role::FinanceOfficer, "Section 151 officer"),
    ];
    if own {
        entry.people.push(person(GUEST, "Guest of the tour", Role::Guest, "Guest"));
        entry.people.push(person(OWN_ADMINISTRATOR, "Ros Kington", Role::Administrator, "Systems manager"));
    }
    let post = |title: &str, grade: PostGrade, remit: &[RemitArea], holder: &str| PostEntry {
        title: title.to_owned(),
        grade,
        remit: remit.to_vec(),
        holder: Some(holder.to_owned()),
        acting_by: None,
        held_from: None,
    };
    let care =
        [RemitArea::ChildrenLookedAfter, RemitArea::DisabledChildren, RemitArea::YoungPeople, RemitArea::Safeguarding];
    entry.posts = vec![
        post(DIRECTOR_POST, PostGrade::Director, &[], &director),
        post(CARE_POST, PostGrade::AssistantDirector, &care, &assistant),
        post(LEARNING_POST, PostGrade::AssistantDirector, &[RemitArea::Education], &learning),
        post("Monitoring officer", PostGrade::MonitoringOfficer, &[], &monitoring),
        post("Section 151 officer", PostGrade::Section151Officer, &[], &money),
    ];
    if part.code == "DUD" {
        entry.posts[1].acting_by = Some("Letter of the Chief Executive, 2 August 2021".to_owned());
        entry.posts[1].held_from = Some(date(2021, 8, 2));
    }
    entry.offices = vec![
        OfficeEntry {
            office: StatutoryOffice::DirectorOfChildrensServices,
            holder: director.clone(),
            interim_by: (part.code == "SOL").then(|| "Minute 41 of full council, 20 July 2021".to_owned()),
        },
        OfficeEntry { office: StatutoryOffice::NominatedOfficer, holder: assistant, interim_by: None },
    ];
    if ["HEF", "BIR", "STA", "WOR", "WAR"].contains(&part.code) {
        let clause = "Constitution, part 3, section 7: urgent decisions for a child's safety".to_owned();
        entry.urgency = Some(UrgencyEntry { clause, posts: vec![DIRECTOR_POST.to_owned()] });
    }
    entry
}

/// The arrangement's lots, by code, name and what they are for.
pub const LOTS: [(&str, &str, &str); 5] = [
    ("planned", "Planned residential care", "Care in a children's home that can be planned for"),
    ("crisis", "Crisis and solo care", "A home at once, or for one child alone"),
    ("with_education", "Residential care with education", "Care with registered education by the same provider"),
    ("therapeutic", "Therapeutic care", "Care with therapy by the home's own clinicians"),
    ("disabilities", "Care for disabled children", "Care for children with disabilities"),
];

fn arrangement() -> ArrangementEntry {
    let lots = LOTS.map(|(code, name, words)| Lot {
        code: code.to_owned(),
        name: name.to_owned(),
        description: words.to_owned(),
    });
    let terms = |version: &str, from, summary: &str| TermsVersion {
        version: version.to_owned(),
        from,
        summary: summary.to_owned(),
    };
    let window = |year| OpeningWindow { from: date(year, 10, 1), to: date(year, 10, 31) };
    ArrangementEntry {
        slug: "fca".to_owned(),
        title: "Flexible Contracting Arrangement for placements in residential children's homes".to_owned(),
        lead: "Coventry City Council".to_owned(),
        start: date(2018, 12, 15),
        end: date(2021, 12, 14),
        option_months: 36,
        lots: lots.to_vec(),
        terms: vec![
            terms("1.0", date(2018, 12, 15), "The terms as tendered."),
            terms("1.1", date(2020, 4, 1), "Visits by video while homes were closed to visitors."),
            terms("1.2", date(2021, 9, 9), "No placement of a child under 16 in a setting that is not registered."),
        ],
        windows: vec![window(2019), window(2020), window(2021)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demonstration::{Scale, homes};

    #[test]
    fn the_region_can_be_made_and_the_nine_are_in_it() {
        let homes = homes::plan(Scale::WHOLE);
        let region = region(&homes).checked().unwrap();
        let emails: Vec<&str> =
            region.organisations.iter().flat_map(|entry| &entry.people).map(|person| person.email.as_str()).collect();
        let nine = nine(&homes.owners[0].slug);
        assert_eq!(nine.len(), 9);
        assert!(nine.iter().all(|email| emails.contains(&email.as_str())));
        assert!(emails.iter().all(|email| email.ends_with(".example")));
        assert_eq!(region.organisations.len(), 14 + 1 + 1 + 130);
    }

    #[test]
    fn the_readme_counts_the_people_that_can_be_signed_in_as() {
        let (nine, beside) = (nine("elm-care"), beside_the_nine(Some("ash-care")));
        assert_eq!(nine.len() + beside.len(), 18);
        let tomorrow = address(&PARTS[place("TEL")], "");
        let of_tomorrow = nine.iter().chain(&beside).filter(|email| email.ends_with(&tomorrow)).count();
        assert_eq!(of_tomorrow, 3, "{beside:?}");
        let readme = include_str!("../../../../README.md").replace('\n', " ");
        let words = "one of eighteen people, three of them of an authority whose decision takes effect tomorrow";
        assert!(readme.contains(words), "{readme}");
    }
}
