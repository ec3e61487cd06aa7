//! Rule 4.1 end to end: which of the first and last day are charged is a setting when an agreement is issued, and its own
//! term from then on; an approval given for fewer days is void.

use jiff::civil::Date;
use placewell_app::setting::ChangeSetting;
use placewell_domain::money::Pence;
use placewell_domain::nights::ChargedDays;

use super::outliving::{AMPLE, awarded, lead, with_arrangement};
use super::world::{HEF, START, World, both_made, director, officer};
use super::{WHOLE, committed, last};

/// Ten weeks at £4,150, and the day on which the child leaves: 71 sevenths.
const WITH_LAST_DAY: Pence = Pence(4_209_286);

async fn charge(world: &World, (days, recorded): (ChargedDays, usize), from: Date) {
    let (name, value) = ("agreement.charged_days".to_owned(), days.code().to_owned());
    let set = ChangeSetting { name, value, from, recorded };
    world.app.perform(&lead(), &format!("set {}", days.code()), set).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_1_an_agreement_keeps_the_first_and_last_day_it_was_issued_with() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let first = awarded(&world, 1).await;
        assert_eq!((first.terms.charged, first.whole_cost()), (ChargedDays::FirstNotLast, WHOLE));
        let third = world.referral(3, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&third, "r3").await.unwrap().location);
        let before = world.approval_command(&asked, false).await;
        let today = world.app.calendar.now().today();
        charge(&world, (ChargedDays::Both, 0), today).await;
        let second = awarded(&world, 2).await;
        assert_eq!((second.terms.charged, second.whole_cost()), (ChargedDays::Both, WITH_LAST_DAY));
        assert_eq!(committed(&world).await, WHOLE + WITH_LAST_DAY, "the ledger holds what each was issued with");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let kept = session.agreement(HEF, &first.reference.to_string()).await.unwrap();
        assert_eq!((kept.terms.charged, kept.whole_cost()), (ChargedDays::FirstNotLast, WHOLE));
        drop(session);
        world.app.perform(&director(), "late", before).await.unwrap();
        let view = world.app.approval_view(&officer(), &asked).await.unwrap();
        assert_eq!(view.approval.state.name(), "void", "a day more is a rise");
        assert_eq!(committed(&world).await, WHOLE + WITH_LAST_DAY);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_1_the_comparison_costs_each_offer_with_the_days_its_contract_would_charge() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let referral = world.referral(1, &[4_150], false, HEF).await;
        let column = async || {
            let mut view = world.app.compare(&officer(), &referral, &[]).await.unwrap();
            let column = view.columns.remove(0);
            (column.charged, column.whole.unwrap())
        };
        let (standard, whole) = column().await;
        assert_eq!(standard, ChargedDays::FirstNotLast);
        charge(&world, (ChargedDays::Neither, 0), START).await;
        assert_eq!(column().await, (standard, whole), "from its day on");
        world.at(START, 9);
        let (charged, less) = column().await;
        assert_eq!(charged, ChargedDays::Neither);
        assert!(((whole - less).0 - 59_286).abs() <= 1, "one night of £4,150 a week less: {whole}, {less}");
    })
    .await;
}
