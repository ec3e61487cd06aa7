//! The page that compares offers: which are shown comes from the query, and prices only where they are open.

use axum::extract::Path;
use placewell_app::placing::approval::{CompareView as Found, Compared};
use placewell_domain::placing::agreement::STANDARD_NOTICE;
use placewell_domain::placing::referral::Scoring;
use placewell_pages::placing::approval::compare::{ColumnView, CompareView, compare as compare_page};
use placewell_pages::words;

use crate::request::Signed;
use crate::respond::{Answered, OrFail, page};

pub(super) async fn compare(signed: Signed, Path(reference): Path<String>) -> Answered {
    let numbers: Vec<u32> = signed.query.all("o").filter_map(|number| number.parse().ok()).collect();
    let found = signed.app().compare(&signed.actor, &reference, &numbers).await.or_fail(&signed)?;
    let only_differs = signed.query.get("rows") == "differ";
    Ok(page(&compare_page(signed.shell(), &view(&found, only_differs))))
}

fn view(found: &Found, only_differs: bool) -> CompareView {
    let shown = |number: u32| found.columns.iter().any(|column| column.offer.number == number);
    CompareView {
        reference: found.referral.reference.to_string(),
        sentence: found.sentence.clone(),
        sealed_until: found.opens.filter(|_| !found.visible).map(words::moment),
        all: found.all.iter().map(|(number, home)| (*number, home.clone(), shown(*number))).collect(),
        columns: found.columns.iter().map(|column| column_view(found, column)).collect(),
        only_differs,
        may_recommend: found.may_recommend,
        erased: found.erased,
        scoring: found
            .scoring
            .iter()
            .flat_map(Scoring::weights)
            .map(|one| (one.by.label().to_owned(), one.percent))
            .collect(),
    }
}

fn column_view(found: &Found, column: &Compared) -> ColumnView {
    let terms = &column.offer.terms;
    let residents = match (column.resident_count, column.residents) {
        (0, _) | (_, None) => "Nobody lives there now".to_owned(),
        (count, Some(worst)) => format!("{count}; at worst: {}", worst.label().to_lowercase()),
    };
    let keeps_school = match terms.keeps_school {
        Some(true) => "Yes",
        Some(false) => "No",
        None => "Not said",
    };
    let (grade, graded) = column.grade;
    let concerns = match column.concerns {
        Some(on) => format!("{}; serious concerns on {}", column.standing.label(), words::date(on)),
        None => column.standing.label().to_owned(),
    };
    let needed = column.needed.iter().flat_map(|needed| {
        needed.triggers.iter().map(|trigger| format!("{}: {}", capital(needed.kind.by_whom()), trigger.why))
    });
    let conditions = match (terms.solo, column.conditions.as_deref().map(str::trim)) {
        (true, None) => "Lives there alone. The words are not shown".to_owned(),
        (false, None) => "Not shown".to_owned(),
        (true, Some("")) => "Lives there alone".to_owned(),
        (true, Some(text)) => format!("Lives there alone. {text}"),
        (false, Some("")) => "None".to_owned(),
        (false, Some(text)) => text.to_owned(),
    };
    ColumnView {
        number: column.offer.number,
        home: column.home.name.clone(),
        provider: column.provider.clone(),
        met: format!("{} of {}", column.met.0, column.met.1),
        gaps: column.gaps.clone(),
        residents,
        keeps_school: keeps_school.to_owned(),
        grade: match graded {
            Some(on) => format!("{}, {}", grade.label(), words::date(on)),
            None => grade.label().to_owned(),
        },
        concerns,
        miles: column.miles.clone().unwrap_or_else(|| "Not known".to_owned()),
        area: column.area.clone(),
        class: column.class.to_owned(),
        core: column.core,
        tendered: column.tendered,
        extras: column.extras.clone(),
        total: column.total,
        above_cheapest: column.total.zip(found.cheapest).map(|(total, cheapest)| total - cheapest),
        whole: column.whole,
        joint: column.joint,
        notice: notice(),
        charged: column.charged.label().to_owned(),
        start: words::date(terms.start),
        conditions,
        checks: column.stopped.as_ref().map_or_else(|| "Nothing stops it".to_owned(), |stop| stop.sentence.clone()),
        needed: needed.collect(),
        points: column.points.iter().map(|one| one.hundredths).collect(),
        flags: flags(column),
    }
}

/// What is to be noted of an offer.
fn flags(column: &Compared) -> Vec<String> {
    let mut flags = Vec::new();
    if column.late {
        flags.push("Received after the deadline".to_owned());
    }
    if column.bed_elsewhere {
        flags.push("The home offers this bed to another search, too".to_owned());
    }
    if column.expired {
        flags.push("No longer valid".to_owned());
    }
    if column.residents_changed {
        flags.push("Somebody has moved in or out since its impact assessment".to_owned());
    }
    if let Some((at, was)) = column.changed {
        flags.push(format!("Changed {}, was {} a week", words::moment(at), words::money(was)));
    }
    flags
}

fn notice() -> String {
    let bands = STANDARD_NOTICE.iter().map(|band| match (band.from_day, band.days) {
        (0, 1) => "1 day at first".to_owned(),
        (0, days) => format!("{days} days at first"),
        (from, days) => format!("{days} days from day {}", from + 1),
    });
    bands.collect::<Vec<_>>().join(", ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
