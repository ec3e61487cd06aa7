//! Agreements at one home through the store, on a child's referrals and their offers put past it.

use jiff::civil::date;
use placewell_domain::authority::DistanceClass;
use placewell_domain::change::Change;
use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine};
use placewell_domain::id::{AgreementId, BedId, ChildId, HomeId, OfferId, Reference, ReferenceKind, ReferralId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{ChargedDays, OPEN_END, plus_days};
use placewell_domain::placing::agreement::{
    Added, Agreement, AgreementState, AgreementTerms, STANDARD_NOTICE, Signatures,
};
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::delegation::RemitArea;
use placewell_store::Backend;
use placewell_testkit::databases::TestDatabase;

use crate::homes::home::given::{HEREFORDSHIRE, PROVIDER, TODAY};
use crate::homes::monitoring::past;

/// A sealed text as either database reads it in a statement.
pub fn bytes(database: &TestDatabase) -> &'static str {
    match database.backend {
        Backend::Sqlite => "x'00'",
        Backend::Postgres => "'\\x00'::bytea",
    }
}

/// The id of a referral's offer of this number.
pub const fn offer(referral: i64, number: i64) -> i64 {
    referral * 100 + number
}

/// The referrals 1 to `referrals` of one child of Herefordshire's, each with so many offers, at most 99.
pub async fn offered(database: &TestDatabase, referrals: i64, offers: i64) {
    let sealed = bytes(database);
    let mut rows = vec![format!(
        "INSERT INTO child (id, org_id, version, number, responsible_id, state, identity) \
         VALUES (7, 3, 1, 1, 3, 'known', {sealed})"
    )];
    for referral in 1..=referrals {
        rows.push(format!(
            "INSERT INTO referral (id, org_id, version, reference, child_id, officer_id, state, started, narrative, body) \
             VALUES ({referral}, 3, 1, 'HEF-R-{referral:04}', 7, 9, 'draft', '2021-09-13T10:20:00', {sealed}, '{{}}')"
        ));
        let one = |number| {
            let id = offer(referral, number);
            format!(
                "({id}, 3, 2, 1, 1, {referral}, 7, 1, 'not_chosen', 415000, '2021-09-20', '2021-09-30T17:00', {sealed}, \
                 '{{}}')"
            )
        };
        rows.push(format!(
            "INSERT INTO offer (id, org_id, provider_id, version, number, referral_id, invitation_id, home_id, state, \
             weekly_pence, start_on, valid_until, words, body) VALUES {}",
            (1..=offers).map(one).collect::<Vec<_>>().join(", ")
        ));
    }
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    past(database, HEREFORDSHIRE, &rows, "SELECT 1").await.unwrap();
}

/// An agreement on a referral's offer, as the award prepares it.
pub fn agreement(id: i64, referral: i64, offer: i64) -> Change<Agreement> {
    let start = date(2021, 9, 20);
    let line = PriceLine {
        kind: LineKind::Core,
        label: "Core price".to_owned(),
        weekly: Pence::pounds(4_150),
        from: start,
        to: OPEN_END,
        origin: start,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    };
    let terms = AgreementTerms {
        route: Route::Arrangement,
        lot: "planned".to_owned(),
        home: HomeId(1),
        bed: Some(BedId(101)),
        solo: false,
        start,
        lines: vec![line],
        notice: STANDARD_NOTICE.to_vec(),
        charged: ChargedDays::default(),
        terms_version: "1.2".to_owned(),
        specification_version: String::new(),
        distance: DistanceClass::InArea,
    };
    let number = u32::try_from(id).unwrap();
    Agreement::prepare(Agreement {
        id: AgreementId(id),
        version: 1,
        reference: Reference { authority: "HEF".to_owned(), kind: ReferenceKind::Agreement, number },
        authority: HEREFORDSHIRE,
        responsible: HEREFORDSHIRE,
        provider: PROVIDER,
        child: ChildId(7),
        referral: ReferralId(referral),
        offer: OfferId(offer),
        case: RemitArea::ChildrenLookedAfter,
        terms,
        planned_end: plus_days(TODAY, 365),
        reviews: Vec::new(),
        rests_on: Vec::new(),
        facts: "aa".to_owned(),
        signatures: Signatures::default(),
        added: Added::default(),
        state: AgreementState::Prepared,
    })
}
