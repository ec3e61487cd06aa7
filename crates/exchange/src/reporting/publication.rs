//! What is published, as files: the contract register as a table and as an Open Contracting release package, the yearly
//! spending by provider in the columns of the Local Government Transparency Code, and the yearly share through the arrangement.

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::reporting::publication::{ContractKind, OcidPrefix, PublicContract, Share};
use serde_json::{Value, json};

use crate::sheet::{Cell, Sheet};

fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}

fn pounds(pence: Pence) -> String {
    (pence.0 / 100).to_string()
}

/// The contract register as a table; without a registered prefix its contracts have no Open Contracting id.
#[must_use]
pub fn register(contracts: &[PublicContract], prefix: Option<&OcidPrefix>) -> Sheet {
    let columns = [
        "Reference",
        "Open Contracting ID",
        "Kind",
        "Title",
        "Supplier",
        "Buyers",
        "Start",
        "End",
        "Extension in months",
        "Value in pounds",
        "Irrecoverable VAT",
        "Procedure",
        "Decisions",
        "Live",
    ];
    let mut sheet = Sheet::new("Contracts", columns);
    for one in contracts {
        sheet.rows.push(vec![
            text(&one.reference),
            text(prefix.map_or_else(String::new, |prefix| prefix.ocid(&one.reference))),
            text(one.kind.label()),
            text(&one.title),
            text(&one.supplier),
            text(one.buyers.join("; ")),
            text(one.starts.to_string()),
            text(one.ends.to_string()),
            text(one.extension_months.map_or_else(String::new, |months| months.to_string())),
            text(one.value.map_or_else(String::new, pounds)),
            text("0"),
            text(one.kind.procedure()),
            text(one.decisions.join("; ")),
            text(if one.live { "Yes" } else { "No" }),
        ]);
    }
    sheet
}

/// A line of the spending file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendingLine {
    /// Who paid: an authority, or all or the others together.
    pub body: String,
    /// The year's first and last day.
    pub period: (Date, Date),
    /// Who was paid: a provider, or the others together.
    pub supplier: String,
    /// What was paid, to the nearest £1,000.
    pub paid: Pence,
    /// Children, each counted once.
    pub children: u64,
}

/// The yearly spending by provider as a table.
#[must_use]
pub fn spending(lines: &[SpendingLine]) -> Sheet {
    let columns = [
        "Body name",
        "Period start",
        "Period end",
        "Supplier",
        "Net amount",
        "Irrecoverable VAT",
        "Department",
        "Category",
        "Purpose",
        "Children",
    ];
    let mut sheet = Sheet::new("Spending", columns);
    for line in lines {
        sheet.rows.push(vec![
            text(&line.body),
            text(line.period.0.to_string()),
            text(line.period.1.to_string()),
            text(&line.supplier),
            text(pounds(line.paid)),
            text("0"),
            text("Children's services"),
            text("Residential children's homes"),
            text("Placements of children"),
            text(line.children.to_string()),
        ]);
    }
    sheet
}

/// A line of the file of shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLine {
    /// Whose placements: an authority's, or those of all or the others together.
    pub body: String,
    /// The year's first and last day.
    pub period: (Date, Date),
    /// The placements that began.
    pub share: Share,
}

/// The yearly share of placements through the arrangement as a table.
#[must_use]
pub fn shares(lines: &[ShareLine]) -> Sheet {
    let columns =
        ["Body name", "Period start", "Period end", "Placements begun", "Through the arrangement", "Other ways"];
    let mut sheet = Sheet::new("Shares", columns);
    sheet.rows.extend(lines.iter().map(|line| {
        vec![
            text(&line.body),
            text(line.period.0.to_string()),
            text(line.period.1.to_string()),
            text(line.share.all().to_string()),
            text(line.share.through.to_string()),
            text(line.share.otherwise.to_string()),
        ]
    }));
    sheet
}

/// Who publishes, and at what moment.
#[derive(Debug, Clone)]
pub struct Publisher {
    /// Its name.
    pub name: String,
    /// The address of the package.
    pub address: String,
    /// When the package was made.
    pub made: Timestamp,
}

/// The reference of the process by which the arrangement came to be: every call-off points to it.
const FRAMEWORK: &str = "fca";

fn party(name: &str, id: &str, role: &str) -> Value {
    json!({ "id": id, "name": name, "roles": [role] })
}

/// The identifier of a buyer within the package: its name in small letters and hyphens.
fn buyer_id(name: &str) -> String {
    let mut id = String::from("buyer");
    for word in name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        id.push('-');
        id.push_str(&word.to_lowercase());
    }
    id
}

fn award_and_contract(contract: &PublicContract) -> (Value, Value) {
    let award = format!("{}-award", contract.reference);
    let period = json!({
        "startDate": format!("{}T00:00:00Z", contract.starts),
        "endDate": format!("{}T23:59:59Z", contract.ends),
    });
    let mut award_body = json!({
        "id": award,
        "title": contract.title,
        "status": "active",
        "suppliers": [{ "id": contract.supplier_code, "name": contract.supplier }],
        "contractPeriod": period,
    });
    let mut contract_body = json!({
        "id": contract.reference,
        "awardID": award,
        "title": contract.title,
        "status": if contract.live { "active" } else { "terminated" },
        "period": period,
    });
    if let Some(reasons) = &contract.reasons {
        award_body["description"] = json!(reasons);
    }
    if let Some(value) = contract.value {
        contract_body["value"] = json!({ "amount": value.0 / 100, "currency": "GBP" });
    }
    (award_body, contract_body)
}

fn release(contract: &PublicContract, prefix: &OcidPrefix) -> Value {
    let id = prefix.ocid(&contract.reference);
    let buyers = contract.buyers.iter().map(|name| party(name, &buyer_id(name), "buyer"));
    let parties: Vec<Value> = buyers.chain([party(&contract.supplier, &contract.supplier_code, "supplier")]).collect();
    let (award, signed) = award_and_contract(contract);
    let mut release = json!({
        "ocid": id,
        // The same as long as the contract says the same: a reader that comes again finds no new release.
        "id": format!("{id}-{}-{}", contract.starts, contract.ends),
        "date": format!("{}T00:00:00Z", contract.starts),
        "tag": ["award", "contract"],
        "initiationType": "tender",
        "parties": parties,
        "tender": {
            "id": format!("{}-tender", contract.reference),
            "title": contract.title,
            "status": "complete",
            "procurementMethod": "selective",
            "procurementMethodDetails": contract.kind.procedure(),
            "mainProcurementCategory": "services",
        },
        "awards": [award],
        "contracts": [signed],
        "language": "en",
    });
    if let Some(first) = contract.buyers.first() {
        release["buyer"] = json!({ "id": buyer_id(first), "name": first });
    }
    if contract.kind == ContractKind::MiniBlock {
        release["relatedProcesses"] = json!([{
            "id": "1",
            "relationship": ["framework"],
            "scheme": "ocid",
            "identifier": prefix.ocid(FRAMEWORK),
        }]);
    }
    release
}

/// The register as an Open Contracting release package (version 1.1).
#[must_use]
pub fn release_package(contracts: &[PublicContract], publisher: &Publisher, prefix: &OcidPrefix) -> Value {
    json!({
        "uri": publisher.address,
        "version": "1.1",
        "publishedDate": publisher.made.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "publisher": { "name": publisher.name },
        "license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "releases": contracts.iter().map(|one| release(one, prefix)).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> PublicContract {
        PublicContract {
            reference: "MB-001".into(),
            kind: ContractKind::MiniBlock,
            title: "Three beds".into(),
            supplier: "Elm Tree Care Limited".into(),
            supplier_code: "elm".into(),
            buyers: vec!["Herefordshire Council".into(), "City of Stoke-on-Trent".into()],
            starts: Date::constant(2021, 4, 1),
            ends: Date::constant(2023, 3, 31),
            extension_months: None,
            value: Some(Pence::pounds(1_204_000)),
            reasons: Some("It met every need.".into()),
            alternatives: None,
            conflicts: None,
            decisions: vec!["HEF-2019-0114".into()],
            live: true,
        }
    }

    #[test]
    fn a_release_has_what_the_standard_requires_and_points_to_the_arrangement() {
        let made: Timestamp = "2021-09-13T09:20:00Z".parse().unwrap();
        let publisher = Publisher { name: "The region".into(), address: "https://example.org".into(), made };
        let package = release_package(&[block()], &publisher, &OcidPrefix::example());
        for field in ["uri", "version", "publishedDate", "publisher", "releases"] {
            assert!(!package[field].is_null(), "{field}");
        }
        let release = &package["releases"][0];
        for field in ["ocid", "id", "date", "tag", "initiationType"] {
            assert!(!release[field].is_null(), "{field}");
        }
        assert_eq!(release["contracts"][0]["awardID"], release["awards"][0]["id"]);
        assert_eq!(release["contracts"][0]["value"]["amount"], 1_204_000);
        assert_eq!(release["relatedProcesses"][0]["identifier"], "ocds-213czf-fca");
        let ids: Vec<&Value> = release["parties"].as_array().unwrap().iter().map(|party| &party["id"]).collect();
        assert_eq!(ids, ["buyer-herefordshire-council", "buyer-city-of-stoke-on-trent", "elm"]);
        assert!(ids.contains(&&release["buyer"]["id"]), "a reference points to a party");
    }

    #[test]
    fn the_register_and_the_spending_file_have_a_cell_for_every_column() {
        let sheet = register(&[block()], Some(&OcidPrefix::example()));
        assert_eq!(sheet.rows[0].len(), sheet.columns.len());
        assert_eq!(sheet.rows[0][1], text("ocds-213czf-mb-001"));
        assert_eq!(
            register(&[block()], None).rows[0][1],
            text(""),
            "nobody publishes under a prefix that is not theirs"
        );
        let line = SpendingLine {
            body: "All authorities".into(),
            period: (Date::constant(2019, 12, 15), Date::constant(2020, 12, 14)),
            supplier: "Other providers".into(),
            paid: Pence::pounds(412_000),
            children: 9,
        };
        let sheet = spending(&[line]);
        assert_eq!(sheet.rows[0].len(), sheet.columns.len());
        let csv = String::from_utf8(sheet.csv().unwrap()).unwrap();
        assert!(csv.contains("Other providers,412000,0"), "{csv}");
    }
}
