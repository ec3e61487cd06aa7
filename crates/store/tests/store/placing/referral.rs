//! Rule 5.7 past every command: how offers are scored is there before a referral goes out, and stands from then on.

use placewell_domain::id::OrganisationId;
use placewell_store::Backend;
use placewell_store::error::refusal_of;
use placewell_testkit::databases::both;

use crate::homes::monitoring::past;

const AUTHORITY: OrganisationId = OrganisationId(3);
const DRAFT: &str = "INSERT INTO referral (id, org_id, version, reference, child_id, officer_id, state, started, narrative, body) \
                     VALUES (5, 3, 1, 'HEF-R-0005', 7, 9, 'draft', '2021-09-13T10:20:00', {bytes}, '{}')";
/// What is written next, one after the other, and what the database says to it; nothing where it takes it.
const STEPS: &[(&str, &str)] = &[
    ("state = 'out'", "scoring_missing"),
    ("state = 'out', scoring = 'needs 60, price 40'", ""),
    ("scoring = 'needs 40, price 60'", "scoring_fixed"),
    ("scoring = ''", "scoring_fixed"),
    ("state = 'agreed', scoring = 'price 100'", "scoring_fixed"),
    ("lot = 'planned'", ""),
    ("state = 'draft', scoring = ''", ""),
    ("state = 'out', scoring = 'needs 40, price 60'", ""),
    ("state = 'not_placed'", ""),
];

#[tokio::test]
async fn rule_5_7_the_database_fixes_a_scoring_with_the_sending_and_lets_an_undone_sending_choose_again() {
    both(async |database| {
        let bytes = match database.backend {
            Backend::Sqlite => "x'00'",
            Backend::Postgres => "'\\x00'::bytea",
        };
        past(&database, AUTHORITY, &[DRAFT.replace("{bytes}", bytes).as_str()], "SELECT 1").await.unwrap();
        for (set, refused) in STEPS {
            let step = format!("UPDATE referral SET version = version + 1, {set} WHERE id = 5");
            match past(&database, AUTHORITY, &[], &step).await {
                Ok(rows) => assert_eq!((rows, *refused), (1, ""), "{set}"),
                Err(said) => assert!(!refused.is_empty() && said.contains(refused), "{set}: {said}"),
            }
        }
        for name in ["scoring_missing", "scoring_fixed"] {
            assert_eq!(refusal_of(name).unwrap().code, name);
        }
    })
    .await;
}
