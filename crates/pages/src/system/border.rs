//! `/help/wales-and-scotland`: what is asked of a home beyond the border of England, by which law, and how its distance is
//! judged here (rule 1.6).

use jiff::civil::Date;
use placewell_domain::authority::{MEMBERS, neighbours};

use crate::components::{Inset, Link, Row, Table};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

const ADDRESS: &str = "/help/wales-and-scotland";

/// What is asked, in Wales, in Scotland.
const ASKED: [(&str, &str, &str); 6] = [
    (
        "Who registers and inspects the home",
        "Care Inspectorate Wales, as a care home service, by the Regulation and Inspection of Social Care (Wales) Act 2016.",
        "The Care Inspectorate, as a care home service, by the Public Services Reform (Scotland) Act 2010.",
    ),
    (
        "Whose agreement is needed",
        "No court's: England and Wales are one jurisdiction in this.",
        "For a child in care, the court's. For any other looked-after child, that of everybody with parental responsibility.",
    ),
    (
        "What the court has to find",
        "Nothing.",
        "That living there is best for the child, that suitable arrangements are made, that the child consents where old \
         enough to understand, and that everybody with parental responsibility consents or need not.",
    ),
    (
        "Which rules of care planning hold",
        "The Regulations of 2010, as in England, with the approvals and consultations of regulation 11.",
        "Regulation 12: what would hold in England, as far as is reasonably practicable. The care plan says how the placement \
         is supervised.",
    ),
    (
        "Own, adjoining or at a distance",
        "By the boundary, as in England. Adjoining authorities are listed below.",
        "Always at a distance: the director of children's services approves, and the area authority is consulted.",
    ),
    (
        "What is recorded here",
        "A spot purchase. The register held here is Ofsted's, so registration and inspection are looked up and entered by hand.",
        "The same, with the court's order or the agreements among the documents before the placement is recommended.",
    ),
];

const SOURCES: [(&str, &str); 5] = [
    (
        "Children Act 1989, schedule 2, paragraph 19: arrangements to live outside England and Wales",
        "https://www.legislation.gov.uk/ukpga/1989/41/schedule/2",
    ),
    (
        "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 11: placements out of the area",
        "https://www.legislation.gov.uk/uksi/2010/959/regulation/11",
    ),
    (
        "The same Regulations, regulation 12: placements outside England and Wales",
        "https://www.legislation.gov.uk/uksi/2010/959/regulation/12",
    ),
    ("Regulation and Inspection of Social Care (Wales) Act 2016", "https://www.legislation.gov.uk/anaw/2016/2"),
    ("Public Services Reform (Scotland) Act 2010", "https://www.legislation.gov.uk/asp/2010/8"),
];

/// A line with the link, for pages on which a distance is judged.
pub(crate) fn see() -> Html {
    Html::paragraph(Html::from(Link::new("A home in Wales or in Scotland: what the law asks", ADDRESS)))
}

/// The page, with the boundaries of the day.
pub fn wales_and_scotland(shell: Shell, today: Date) -> Page {
    let asked = ASKED.into_iter().map(|(what, wales, scotland)| Row::new(what).cell(wales).cell(scotland));
    let beside = MEMBERS.iter().filter_map(|member| {
        let welsh: Vec<String> = neighbours(member.area, today)
            .filter(|area| area.code.to_string().starts_with('W'))
            .map(|area| area.name.to_owned())
            .collect();
        (!welsh.is_empty()).then(|| Row::new(member.name).cell(words::list(&welsh)))
    });
    let sources = SOURCES.into_iter().map(|(title, address)| Html::from(Link::new(title, address)));
    Page::new(shell.titled("Homes in Wales and in Scotland").back("/help"))
        .text(
            "Ofsted registers homes in England. A home in Wales or in Scotland stands on another register, under another \
             law, and no home of the arrangement is there.",
        )
        .with(Inset::new("This page says where to look. Ask your legal team before a child is placed across a border."))
        .with(Table::new("What is asked of a home there").columns(["What", "In Wales", "In Scotland"]).rows(asked))
        .with(
            Table::new(format!("Authorities that adjoin one in Wales, {}", words::date(today)))
                .columns(["Authority", "Adjoins in Wales"])
                .rows(beside),
        )
        .text(
            "No authority of the region adjoins one in Scotland. An area that the table of boundaries does not know counts \
             as at a distance.",
        )
        .heading("The law itself")
        .with(Html::bullets(sources))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    vec![(
        "wales and scotland",
        wales_and_scotland(samples::public_shell(), jiff::civil::date(2021, 9, 13)).to_string(),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_1_6_wales_and_scotland_have_a_page_that_names_the_welsh_neighbours() {
        let page = wales_and_scotland(samples::public_shell(), jiff::civil::date(2021, 9, 13)).to_string();
        for said in ["Herefordshire", "Powys", "Monmouthshire", "Care Inspectorate Wales", "paragraph 19"] {
            assert!(page.contains(said), "{said}");
        }
        assert!(!page.contains("Birmingham"), "it adjoins none");
    }
}
