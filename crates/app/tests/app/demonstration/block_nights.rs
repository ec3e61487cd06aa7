//! The nights of the demonstration's mini-blocks (journeys.md section 8): months settled but the last, what each pays, from
//! which use it pays, and a ledger that holds what the nights say.

use placewell_app::demonstration::{Scale, calendar, fill_at};
use placewell_domain::id::AgreementId;
use placewell_domain::money::Pence;
use placewell_testkit::databases::both;

#[tokio::test(flavor = "multi_thread")]
async fn seed_5_block_beds_have_their_ledger_by_night_their_recharge_and_their_break_even() {
    both(async |db| {
        let app = db.app(calendar()).await;
        fill_at(&app, Scale::SMALL, &mut |_| {}).await.unwrap();
        let lead = app.actor_by_email("marcus.inkberrow@west-midlands-team.example").await.unwrap();
        let blocks = app.blocks(&lead).await.unwrap();
        let live: Vec<_> = blocks.iter().filter(|line| line.block.state.name() == "live").collect();
        assert!(!live.is_empty());
        for line in live {
            let reference = &line.block.reference;
            let july = app.block_nights(&lead, reference, "2021-07").await.unwrap();
            assert_eq!(july.settling.as_ref().map(|one| one.state.name()), Some("frozen"));
            assert!(!july.rows.is_empty() && july.adjusted.is_empty());
            for row in &july.rows {
                assert_eq!(row.parts.iter().map(|(_, part)| *part).sum::<Pence>(), row.due);
            }
            let august = app.block_nights(&lead, reference, "2021-08").await.unwrap();
            assert_eq!(august.settling.as_ref().map(|one| one.state.name()), Some("agreed_by_one"));
            assert!(august.break_even.is_some() && !august.weeks.is_empty());
            for share in &line.block.shares {
                let code = &july.names[&share.authority].0;
                let recharge = app.recharge(&lead, reference, code, "2021-07").await.unwrap();
                let owes = july
                    .totals
                    .by_authority
                    .get(&share.authority)
                    .map_or(Pence::ZERO, placewell_domain::buying::block::nights::AuthorityTotal::owes);
                assert_eq!(recharge.total(), owes, "{reference} {code}");
                let session = app.store.read(Some(share.authority)).await.unwrap();
                let held = session.commitment_of(share.authority, AgreementId(line.block.id.0)).await.unwrap();
                assert!(held.is_some(), "{reference} {code}: its ledger holds its share");
                assert_eq!(session.ledger_faults(share.authority).await.unwrap(), []);
            }
        }
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}
