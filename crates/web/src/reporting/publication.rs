//! What everybody may know of what is bought: the register, yearly totals, open data; and the publishing of a year.

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use placewell_app::clock::moment_at;
use placewell_app::reporting::publication::{PublishYear, Register, YearPage};
use placewell_domain::office::access::{Action, may};
use placewell_domain::reporting::publication::{ContractKind, Measure};
use placewell_exchange::power::decision::feed::{Entry, Feed};
use placewell_exchange::reporting::publication::{
    Publisher, ShareLine, SpendingLine, register, release_package, shares, spending,
};
use placewell_pages::reporting::publication::{
    ContractsView, NamedFigure, ShareView, YearToPublish, YearView, contract_page, contracts_page, data_page,
    publish_page,
};

use crate::power::decision::as_csv;
use crate::request::{Signed, Submitted, Visit};
use crate::respond::{Answered, Failure, OrFail, page, see};
use crate::server::Web;

const OTHERS: &str = "Other providers";
const OTHER_AUTHORITIES: &str = "Other authorities";

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/contracts", get(show))
        .route("/contracts.csv", get(as_table))
        .route("/contracts.json", get(as_ocds))
        .route("/contracts.atom", get(as_feed))
        .route("/contracts/spending.csv", get(as_spending))
        .route("/contracts/share.csv", get(as_shares))
        .route("/contracts/{reference}", get(one))
        .route("/data", get(data))
        .route("/region/publication", get(years).post(publish))
}

/// A year with names, as everybody reads or would read it.
fn year_view(year: &YearPage) -> YearView {
    let others = format!("{OTHERS} ({})", year.totals.others);
    let figures = year.totals.providers.iter().map(|one| NamedFigure {
        name: year.name(one.provider, &others),
        measure: one.total,
        parts: one.by_authority.iter().map(|part| (year.name(part.of, OTHER_AUTHORITIES), part.measure)).collect(),
    });
    YearView {
        starts_in: year.year.starts_in(),
        days: year.year.to_string(),
        published_on: year.published_at.map(|at| moment_at(at).local.date()),
        all: year.totals.all,
        figures: figures.collect(),
        share: year.totals.share.as_ref().map(|share| ShareView {
            all: share.all,
            by_authority: share
                .by_authority
                .iter()
                .map(|one| (year.name(one.of, OTHER_AUTHORITIES), one.share))
                .collect(),
        }),
    }
}

async fn found(visit: &Visit) -> Result<Register, Failure> {
    visit.app().contract_register().await.or_fail(visit)
}

async fn show(visit: Visit) -> Answered {
    let register = found(&visit).await?;
    let view = ContractsView {
        years: register.years.iter().map(year_view).collect(),
        contracts: register.contracts,
        open_contracting: register.prefix.is_some(),
        publishes: visit.actor.as_ref().is_some_and(|actor| may(actor.role, Action::RunArrangement)),
    };
    Ok(page(&contracts_page(visit.shell(), &view)))
}

async fn one(visit: Visit, Path(reference): Path<String>) -> Answered {
    let contract = visit.app().public_contract(&reference).await.or_fail(&visit)?;
    Ok(page(&contract_page(visit.shell(), &contract)))
}

async fn data(visit: Visit) -> Answered {
    let prefix = visit.app().ocid_prefix().await.or_fail(&visit)?;
    Ok(page(&data_page(visit.shell(), prefix.is_some())))
}

async fn as_table(visit: Visit) -> Answered {
    let found = found(&visit).await?;
    as_csv(&visit, &register(&found.contracts, found.prefix.as_ref()), "contracts.csv")
}

async fn as_ocds(visit: Visit) -> Answered {
    let found = found(&visit).await?;
    let prefix = found.registered().or_fail(&visit)?;
    let publisher = Publisher {
        name: "The participating authorities and trusts".to_owned(),
        address: format!("{}/contracts.json", visit.web.origin),
        made: visit.now().at,
    };
    Ok(Json(release_package(&found.contracts, &publisher, prefix)).into_response())
}

/// The figures of the page and no others: a provider's parts where they are told, else its total.
fn spending_lines(years: &[YearPage]) -> Vec<SpendingLine> {
    let mut lines = Vec::new();
    for year in years {
        let period = (year.year.first(), year.year.last());
        for one in &year.totals.providers {
            let supplier = year.name(one.provider, OTHERS);
            let line = |body: String, measure: Measure| SpendingLine {
                body,
                period,
                supplier: supplier.clone(),
                paid: measure.paid,
                children: measure.children,
            };
            if one.by_authority.is_empty() {
                lines.push(line("All authorities".to_owned(), one.total));
            }
            let parts = one.by_authority.iter();
            lines.extend(parts.map(|part| line(year.name(part.of, OTHER_AUTHORITIES), part.measure)));
        }
    }
    lines
}

async fn as_spending(visit: Visit) -> Answered {
    let found = found(&visit).await?;
    as_csv(&visit, &spending(&spending_lines(&found.years)), "spending.csv")
}

/// The shares of the page and no others: by authority where they are told, else of all.
fn share_lines(years: &[YearPage]) -> Vec<ShareLine> {
    let mut lines = Vec::new();
    for (year, told) in years.iter().filter_map(|year| year.totals.share.as_ref().map(|share| (year, share))) {
        let line = |body, share| ShareLine { body, period: (year.year.first(), year.year.last()), share };
        if told.by_authority.is_empty() {
            lines.push(line("All authorities".to_owned(), told.all));
        }
        lines.extend(told.by_authority.iter().map(|one| line(year.name(one.of, OTHER_AUTHORITIES), one.share)));
    }
    lines
}

async fn as_shares(visit: Visit) -> Answered {
    let found = found(&visit).await?;
    as_csv(&visit, &shares(&share_lines(&found.years)), "share.csv")
}

async fn as_feed(visit: Visit) -> Answered {
    let found = found(&visit).await?;
    let address = |path: &str| format!("{}{path}", visit.web.origin);
    let mut entries = Vec::new();
    for one in found.contracts.into_iter().filter(|one| one.kind == ContractKind::MiniBlock) {
        entries.push(Entry {
            address: address(&format!("/contracts/{}", one.reference)),
            forms: &[],
            title: format!("{}: {}", one.reference, one.title),
            author: one.buyers.join(", "),
            updated: found.changed.get(&one.reference).copied().unwrap_or(visit.now().at),
            summary: one.reasons.unwrap_or_default(),
            standing: if one.live { "Live" } else { "Ended" }.to_owned(),
        });
    }
    let feed = Feed {
        title: "Mini-block awards of the participating authorities and trusts".to_owned(),
        address: address("/contracts.atom"),
        page: address("/contracts"),
        made: visit.now().at,
        entries,
    };
    let kind = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    Ok((kind, feed.atom()).into_response())
}

async fn years(signed: Signed) -> Answered {
    let found = signed.app().years_to_publish(&signed.actor).await.or_fail(&signed)?;
    let years: Vec<YearToPublish> = found
        .iter()
        .map(|one| YearToPublish { year: year_view(&one.page), refused: one.refused.clone(), key: signed.new_key() })
        .collect();
    Ok(page(&publish_page(signed.shell(), &years)))
}

async fn publish(Submitted { signed, fields, key }: Submitted) -> Answered {
    let year = fields.get("year").parse().unwrap_or_default();
    let command = PublishYear::starting_in(year);
    let receipt = signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(see(&receipt))
}
