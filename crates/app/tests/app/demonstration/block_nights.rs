//! The nights of the demonstration's mini-blocks: months settled but the last, what each pays, from
//! which use it pays, and a ledger that holds what the nights say.

use placewell_app::App;
use placewell_app::demonstration::calendar;
use placewell_domain::buying::block::Block;
use placewell_domain::buying::block::void::{Resale, ResaleState};
use placewell_domain::homes::price::LineKind;
use placewell_domain::id::{AgreementId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::Route;
use placewell_testkit::databases::both_filled;

/// The nights of a block that were sold to an authority outside it, each under an agreement of the buyer's own at the price
/// at which they were sold, in the bed that was sold.
async fn sold(app: &App, block: &Block) -> usize {
    let session = app.store.read(Some(block.lead)).await.unwrap();
    let taken: Vec<Resale> = session.resales_of(block.id).await.unwrap();
    drop(session);
    let mut found = 0;
    for one in taken {
        let ResaleState::Taken { agreement, nights } = one.state else { continue };
        assert!(!block.parties().contains(&one.buyer), "a buyer from outside");
        let session = app.store.read(Some(one.buyer)).await.unwrap();
        let agreement = session.agreement_by_id(one.buyer, agreement).await.unwrap();
        let core = agreement.terms.lines.iter().find(|line| line.kind == LineKind::Core).unwrap();
        assert_eq!((agreement.terms.route, core.weekly), (Route::Block, Pence(one.night.0 * 7)));
        assert_eq!(agreement.nights(), (nights.from(), nights.to()));
        let bed = block.latest_terms().unwrap().beds.fixed()[usize::from(one.slot) - 1];
        assert_eq!((agreement.terms.home, agreement.terms.bed), (bed.home, Some(bed.bed)));
        assert_eq!(session.referral(one.buyer, agreement.referral).await.unwrap().child, agreement.child);
        assert!(session.commitment_of(one.buyer, agreement.id).await.unwrap().is_some(), "its ledger holds it");
        found += 1;
    }
    found
}

/// An authority's children who are placed in a block's beds, each by the block's route and price, from the search that
/// nominated them.
async fn under_the_block(app: &App, block: &Block, org: OrganisationId) -> usize {
    let session = app.store.read(Some(org)).await.unwrap();
    let night = block.latest_terms().unwrap().prices.occupied;
    let mut placed = 0;
    for nomination in session.nominations_of(block.id).await.unwrap().iter().filter(|one| one.authority == org) {
        assert_eq!(session.referral(org, nomination.referral).await.unwrap().reference, nomination.reference);
        let Some(stay) = nomination.stay() else { continue };
        let agreement = session.agreement_by_id(org, stay.agreement).await.unwrap();
        let core = agreement.terms.lines.iter().find(|line| line.kind == LineKind::Core).unwrap();
        assert_eq!((agreement.terms.route, core.weekly), (Route::Block, Pence(night.0 * 7)), "{}", agreement.reference);
        assert!(agreement.terms.start >= block.nights().unwrap().from(), "{}", agreement.reference);
        assert_eq!(agreement.referral, nomination.referral);
        placed += 1;
    }
    placed
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_5_block_beds_have_their_ledger_by_night_their_recharge_and_their_break_even() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let lead = app.actor_by_email("marcus.inkberrow@west-midlands-team.example").await.unwrap();
        let blocks = app.blocks(&lead).await.unwrap();
        let live: Vec<_> = blocks.iter().filter(|line| line.block.state.name() == "live").collect();
        assert!(!live.is_empty());
        let (mut placed, mut bought) = (0, 0);
        for line in live {
            bought += sold(&app, &line.block).await;
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
                drop(session);
                placed += under_the_block(&app, &line.block, share.authority).await;
            }
        }
        assert_eq!(bought, 1, "one void is re-sold");
        assert!(placed > 0, "no child of a paying authority lives in a block's bed");
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}
