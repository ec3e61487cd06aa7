//! A lot with what rests on it: what a new name or its closing does, before it is done.

use jiff::civil::Date;
use placewell_domain::power::arrangement::{Arrangement, Lot};

use super::Forms;
use crate::components::{Inset, SummaryList};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

const PATH: &str = "/region/arrangement";

/// A lot with what rests on it.
#[derive(Debug, Clone)]
pub struct LotView {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// The lot.
    pub lot: Lot,
    /// From when it is closed.
    pub closes: Option<Date>,
    /// Homes admitted today, and their providers.
    pub admitted: (u64, u64),
    /// Whether any home was ever admitted to it.
    pub ever: bool,
    /// Placements bought on it in the last four quarters.
    pub placements: u64,
    /// Today.
    pub today: Date,
}

/// The page.
pub fn lot_page(shell: Shell, view: &LotView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let lot = &view.lot;
    let shell = shell
        .titled(lot.name.as_str())
        .caption("Lot")
        .crumb("Arrangement", PATH)
        .crumb("Participants, lots and windows", format!("{PATH}/change"))
        .with_errors(forms.errors);
    let form = |path: &str, key: usize| {
        Form::post(format!("{PATH}/{path}"), csrf.as_str(), forms.key(key))
            .version(view.arrangement.version)
            .field(Field::hidden("slug", view.arrangement.slug.as_str()))
    };
    let (homes, providers) = view.admitted;
    let facts = SummaryList::new()
        .row("Code", lot.code.as_str())
        .row("What it is for", lot.description.as_str())
        .row("Status", view.closes.map_or_else(|| "Open".to_owned(), |from| closed(from, view.today)))
        .row(
            "Homes admitted today",
            format!("{} of {}", words::count(homes, "home", "homes"), words::count(providers, "provider", "providers")),
        )
        .row("Bought on it in the last four quarters", words::count(view.placements, "placement", "placements"));
    let typed = |name: &str, known: &str| {
        let typed = forms.typed.get(name);
        if typed.is_empty() { known.to_owned() } else { typed.to_owned() }
    };
    let rename = form("lots", 0)
        .field(Field::hidden("code", lot.code.as_str()))
        .field(Field::hidden("rename", "yes"))
        .field(Field::text("name", "Name").value(typed("name", &lot.name)).errors(forms.errors))
        .field(
            Field::text("description", "What it is for")
                .value(typed("description", &lot.description))
                .errors(forms.errors),
        )
        .submit("Save the name");
    let effect = format!(
        "The code {} stays: the {} admitted to the lot, every search and every agreement on it name the code, and show the \
         new name from then on. What was printed and signed before keeps the name that it was signed with.",
        lot.code,
        words::count(homes, "home", "homes")
    );
    Page::new(shell)
        .narrow()
        .with(facts)
        .heading("Give it another name")
        .text(effect)
        .with(rename)
        .with(closing(view, forms, &form))
        .maybe((!view.ever).then(|| {
            Html::join([
                Html::heading("Take it off the list"),
                Html::paragraph("No home was ever admitted to it."),
                form("lots/remove", 2)
                    .field(Field::hidden("lot", lot.code.as_str()))
                    .submit("Take this lot off the list")
                    .into(),
            ])
        }))
}

fn closed(from: Date, today: Date) -> String {
    if from <= today {
        format!("Closed since {}", words::date(from))
    } else {
        format!("Closes on {}", words::date(from))
    }
}

fn closing(view: &LotView, forms: &Forms<'_>, form: &dyn Fn(&str, usize) -> Form) -> Html {
    let code = view.lot.code.as_str();
    if let Some(from) = view.closes {
        let open = form("lots/reopen", 1).field(Field::hidden("lot", code)).submit("Open this lot again");
        let said = Inset::new(format!("{}.", closed(from, view.today)));
        return Html::join([Html::heading("Open it again"), said.into(), open.into()]);
    }
    let (homes, _) = view.admitted;
    let effect = Inset::new(format!(
        "From that day no home is admitted to this lot, no search is sent out on it and no mini-block is proposed on it. {} \
         stay admitted until their admission ends; searches that are out, offers and agreements go on as they are.",
        words::count(homes, "home", "homes")
    ));
    let close = form("lots/close", 1)
        .field(Field::hidden("lot", code))
        .field(
            Field::date("closes_on", "First day on which it is closed")
                .parts(forms.typed.date("closes_on"))
                .errors(forms.errors),
        )
        .submit("Close this lot");
    Html::join([Html::heading("Close it"), effect.into(), close.into()])
}

/// Samples.
pub(super) fn samples(arrangement: &Arrangement, today: Date) -> Vec<(&'static str, String)> {
    use crate::samples as kit;
    let Some(lot) = arrangement.lots.first() else { return Vec::new() };
    let keys: Vec<String> = (1..=3).map(|number| format!("k{number}")).collect();
    let (none, typed) = (placewell_domain::outcome::Invalid::default(), crate::form::Typed::default());
    let forms = Forms { keys: &keys, errors: &none, typed: &typed };
    let view = LotView {
        arrangement: arrangement.clone(),
        lot: lot.clone(),
        closes: None,
        admitted: (117, 41),
        ever: true,
        placements: 212,
        today,
    };
    let shut = LotView { closes: Some(today), admitted: (0, 0), ever: false, ..view.clone() };
    vec![
        ("a lot in use", lot_page(kit::signed_in_shell(), &view, &forms).to_string()),
        ("a closed lot", lot_page(kit::signed_in_shell(), &shut, &forms).to_string()),
    ]
}
