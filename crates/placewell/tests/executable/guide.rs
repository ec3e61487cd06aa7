//! Every command line of the guide to the API, in its order, against a server: on a region of the example's file, and with
//! what the guide leaves to a person or names only in words done between its lines; on either database.

mod jq;
mod shell;

use placewell_app::clock::{Calendar, Machine};
use placewell_domain::placing::referral::standard::{Risk, RiskLevel};
use placewell_store::Store;
use placewell_store::keys::MasterKey;
use placewell_store::verify::DEPLOYMENT;
use serde_json::{Value, json};

use super::program::{BOTH, Place, Server};
use shell::{Shell, StandIn};

const GUIDE: &str = include_str!("../../../../docs/api.md");

/// A decision of the guide's shape; it does not say which kind of body decided.
const DECISION: &str = "Decision details\n\nTitle: Placements in children's homes\n\n\
    Decision Maker: Cabinet member children and families\n\nIs Key decision?: Yes\n\nIs subject to call in?: Yes\n\n\
    Purpose:\n\nTo adopt the regional Flexible Contracting Arrangement (FCA) for placements in children's homes from 15 December \
    2018 to 14 December 2021 with option to extend for up to a further 3 years.\n\nDecision:\n\n\
    (a) the regional Flexible Contracting Arrangement (FCA) be adopted up to an annual value of £5.5m;\n\n\
    (b) the Director for children and families be authorised to take all necessary operational decisions to implement the \
    above recommendation, including award of placement agreements through the FCA.\n\n\
    Publication date: 14/01/2019\n\nDate of decision: 14/01/2019\n";

/// Ofsted's register with the guide's two homes and a row that does not read.
const REGISTER: &str = "URN,Provision type,Registration date,Registration status,Government Office Region,Local authority,\
    Sector,Places,Organisation which owns the provider\n\
    SC400001,Children's home,01/04/2019,Active,West Midlands,Herefordshire,Private,2,Elm Care Limited\n\
    SC913663,Children's home,01/04/2019,Active,West Midlands,Herefordshire,Private,2,Elm Care Limited\n\
    SC400003,Children's home,01/04/2019,Active,West Midlands,Narnia,Private,2,Ash Care Limited\n";

/// The guide's provider, beside the organisations of the example.
const PROVIDER: &str = r#"
[[organisations]]
code = "elm-care-limited"
name = "Elm Care Limited"
kind = "provider"
from = "2018-12-15"
people = [
  { email = "manager@elm-care.example", name = "J Hughes", role = "provider_manager", title = "Registered manager" },
]
"#;

const STAND_INS: [StandIn; 5] = [
    StandIn { behind: "", printed: "HEF-R-0045", line: "get $OFFICER /referrals | jq -r '.items[0].reference'" },
    StandIn {
        behind: "",
        printed: "fca:550668494442593381",
        line: "get $OFFICER $R/homes | jq -r '.homes.items[] | select(.urn == \"SC913663\").ask'",
    },
    StandIn {
        behind: "\"decided_by\":\"",
        printed: "7243",
        line: "get $OFFICER $R/plan/deciders | jq -r '.[0].person'",
    },
    StandIn { behind: "/invitations/", printed: "12", line: "get $PROVIDER /invitations | jq -r '.items[0].id'" },
    StandIn { behind: "", printed: "HEF-D-0091", line: "get $OFFICER /approvals | jq -r '.items[0].reference'" },
];

/// Whose tokens the guide names, by which address the example knows them, and with which scope.
const TOKENS: [(&str, &str, &str); 5] = [
    ("OFFICER", "officer@authority.example", "everything_with_proof"),
    ("DIRECTOR", "director@authority.example", "everything_with_proof"),
    ("CLERK", "democratic@authority.example", "everything_with_proof"),
    ("LEAD", "lead@region.example", "everything"),
    ("PROVIDER", "manager@elm-care.example", "everything_with_proof"),
];

/// The lines of the guide's shell blocks, without those that only speak to people.
fn lines() -> Vec<&'static str> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in GUIDE.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            _ if inside && !line.trim().is_empty() && !line.starts_with('#') => found.push(line),
            _ => {}
        }
    }
    found
}

/// The calendar of the place stands at a moment, as a demonstration's does.
async fn stands_at(place: &Place, moment: &str) {
    let file = place.folder.join("master.key");
    if !file.exists() {
        std::fs::write(&file, MasterKey::generate_hex()).unwrap();
    }
    let key = MasterKey::from_hex(&std::fs::read_to_string(file).unwrap()).unwrap();
    let store = Store::open(&place.database, key).await.unwrap();
    let work = store.begin(DEPLOYMENT, Calendar::running().now()).await.unwrap();
    work.set_mark("demonstration", moment).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    store.close().await;
}

/// The example's region with the guide's provider, on the morning of 13 September 2021.
async fn region(place: &Place) {
    place.run(&["migrate"]).well();
    stands_at(place, "2021-09-13T10:20:00").await;
    let example = place.run(&["init", "--example"]).well();
    let example = example.replace("Director for Children and Families", "Director for children and families");
    std::fs::write(place.folder.join("region.toml"), format!("{example}{PROVIDER}")).unwrap();
    place.run(&["init", "region.toml"]).well();
    std::fs::write(place.folder.join("decision.txt"), DECISION).unwrap();
    std::fs::write(place.folder.join("provider_at_march_2021.csv"), REGISTER).unwrap();
}

async fn serve(place: &Place) -> Server {
    place.serve_at_level(&place.serving_login().await, &["serve", "--listen", "127.0.0.1:0"], "error")
}

/// A token of each person whom the guide names; the guide's own line makes one first.
async fn tokens(place: &Place, shell: &mut Shell) {
    let serving = place.serving_login().await;
    let line = GUIDE.lines().find(|line| line.starts_with("placewell token create")).unwrap();
    let line = line.replace("priya.shah@herefordshire.example", "officer@authority.example");
    let line = line.replace("sqlite://placewell.db", &serving);
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    assert!(!place.run_on(&serving, &words).well().trim().is_empty(), "{line}");
    for (name, email, scope) in TOKENS {
        let create = ["token", "create", "--email", email, "--name", "guide", "--scope", scope];
        shell.variables.insert(name.to_owned(), place.run_on(&serving, &create).well().trim().to_owned());
    }
}

/// So often is asked for what the server does by itself.
const OFTEN: usize = 2_000;

/// Asks until a line says what it will say.
fn until(shell: &mut Shell, line: &str, wanted: &str) {
    assert!((0..OFTEN).any(|_| shell.run(line).trim() == wanted), "{line} never says {wanted}");
}

/// Asks until the worker has printed the agreement.
fn printed(shell: &Shell) {
    let path = format!("/api/v1{}/pdf", shell.variables["G"]);
    let officer = [format!("Authorization: Bearer {}", shell.variables["OFFICER"])];
    let found = || shell.server.ask("GET", &path, &officer, b"").status == 200;
    assert!((0..OFTEN).any(|_| found()), "{path} is never found");
}

/// What the guide leaves to a person, or to time, before a line.
async fn before(line: &str, shell: &mut Shell, place: &Place) {
    if line.starts_with("jq '{reference") {
        let file = place.folder.join("read.json");
        let mut read: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert!(read["missing"].as_array().unwrap().contains(&json!("governing_body")), "{read:#}");
        read["page"]["governing_body"] = json!("council_executive");
        std::fs::write(file, read.to_string()).unwrap();
    } else if line.contains("/imports/1 |") {
        until(shell, "get $LEAD /imports/1 | jq -r .state", "checked");
    } else if line.starts_with("R=/referrals") {
        homes(shell);
    } else if line.contains("$G/pdf") {
        printed(shell);
    } else if line.contains("$G start") {
        stands_at(place, "2021-09-16T10:20:00").await;
        std::mem::replace(&mut shell.server, serve(place).await).stopped();
    }
}

/// What the guide tells in words after a line.
fn after(line: &str, shell: &mut Shell) {
    if line.contains("/imports/1 confirm") {
        until(shell, "get $LEAD /imports/1 | jq -r .state", "brought_in");
    } else if line.contains("tasks/liberty") {
        for (task, answers) in tasks() {
            shell.run(&format!("change $OFFICER $R tasks/{task} '{answers}'"));
        }
    }
}

/// The second home is admitted as the first was, and the provider says what both are for and where they are.
fn homes(shell: &mut Shell) {
    shell.run("post $LEAD /homes/SC913663/admit '{\"lot\":\"planned\",\"from\":\"2018-12-15\"}'");
    shell.run(
        "post $LEAD /homes/SC913663/prices \
         '{\"lot\":\"planned\",\"line\":\"core\",\"weekly_pence\":415000,\"from\":\"2021-04-01\"}'",
    );
    for (urn, name) in [("SC400001", "Elm House"), ("SC913663", "Ash House")] {
        let purpose =
            json!({"name": name, "youngest": 10, "oldest": 17, "sex": "any", "as_of": "2021-01-04", "meets": []});
        for (act, body) in [("state-purpose", purpose), ("supply-postcode", json!({"postcode": "HR1 2PX"}))] {
            shell.run(&format!(
                "curl -s -H \"Authorization: Bearer $PROVIDER\" -H 'Content-Type: application/json' \
                 -H \"If-Match: $(etag $PROVIDER /own-homes/{urn}/beds)\" $API/own-homes/{urn}/{act} -d '{body}'"
            ));
        }
    }
}

/// The tasks that the guide names without their answers.
fn tasks() -> Vec<(&'static str, Value)> {
    let none = |risks: &[Risk]| {
        let one = |risk: &Risk| json!({"risk": risk.code(), "level": RiskLevel::NoKnownRisk.code()});
        json!({"risks": risks.iter().map(one).collect::<Vec<_>>()})
    };
    vec![
        (
            "needs",
            json!({
                "what_helps": "Football helps.", "wishes": "Near the school", "lot": "planned", "need_band": "standard",
                "communication_needs": "no", "communication": ["none"], "cultural_needs": "not_required",
                "foster_care": "unsuitable", "residential_care": "preferred", "supported_accommodation": "unsuitable"
            }),
        ),
        ("alongside", json!({"living_companions": "with_others", "pets": "yes_can", "sibling_count": 0})),
        (
            "when",
            json!({
                "needed_by": "within_five_days", "start": "2021-09-16", "planned_end": "2022-03-16",
                "approved_by": "panel", "approved_who": "Panel chair", "approved_band": "up_to_4500",
                "approved_on": "2021-09-09", "approval_reference": "PP-31"
            }),
        ),
        ("where", json!({"from": "HR1", "within_miles": 60, "preferred_location_local": true})),
        ("education", json!({"education": "keep_school"})),
        ("health", json!({"health": "universal"})),
        ("risks-to-child", none(Risk::TO_CHILD)),
        ("risks-to-others", none(Risk::TO_OTHERS)),
        ("documents", json!({"papers": "none"})),
    ]
}

#[tokio::test]
async fn every_command_line_of_the_guide_to_the_api_works_in_its_order() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        region(&place).await;
        let mut shell = Shell::new(serve(&place).await, place.folder.clone(), &STAND_INS);
        tokens(&place, &mut shell).await;
        let lines = lines();
        assert!(lines.len() > 50, "the guide has {} command lines", lines.len());
        for line in lines {
            before(line, &mut shell, &place).await;
            shell.run(line);
            after(line, &mut shell);
        }
        let paper = std::fs::read(place.folder.join("agreement.pdf")).unwrap();
        assert!(paper.starts_with(b"%PDF"), "the agreement is no PDF");
    }
}
