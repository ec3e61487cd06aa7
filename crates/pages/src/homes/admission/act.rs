//! The forms of the regional team: admit, take off a lot, record a price, change a standing, record a visit.

use placewell_domain::homes::admission::AdmissionEnd;
use placewell_domain::homes::admission::ground::AdmissionException;
use placewell_domain::homes::home::link::Elsewhere;
use placewell_domain::homes::home::{Grade, InspectionKind};
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSource};
use placewell_domain::outcome::Invalid;

use crate::components::Inset;
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words::capital;

/// What the regional team does with a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HomeAct {
    /// Admits it to a lot.
    Admit,
    /// Takes it off a lot.
    Leave,
    /// Records a tendered price.
    Price,
    /// Says how it stands.
    Standing,
    /// Records a visit of Ofsted's.
    Visit,
}

impl HomeAct {
    /// All of them, as the page lists them.
    pub const ALL: [Self; 5] = [Self::Admit, Self::Price, Self::Standing, Self::Visit, Self::Leave];

    /// Its part of an address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admit => "admit",
            Self::Leave => "leave",
            Self::Price => "price",
            Self::Standing => "standing",
            Self::Visit => "visit",
        }
    }

    /// Read from an address.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// The words of its page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Admit => "Admit the home to a lot",
            Self::Leave => "Take the home off a lot",
            Self::Price => "Record a tendered price",
            Self::Standing => "Change the home's standing",
            Self::Visit => "Record a visit of Ofsted's",
        }
    }
}

/// What the regional team does with a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderAct {
    /// Admits it to the arrangement.
    Admit,
    /// Says how it stands.
    Standing,
}

impl ProviderAct {
    /// Its part of an address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admit => "admit",
            Self::Standing => "standing",
        }
    }

    /// Read from an address.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Admit, Self::Standing].into_iter().find(|act| act.code() == code)
    }

    /// The words of its page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Admit => "Admit the provider to the arrangement",
            Self::Standing => "Change the provider's standing",
        }
    }
}

/// What whoever has the role by a cover alone reads above the form of a price.
const LENT_PRICES: &str = "You cover this role: record what the home tendered first. Somebody who has the role without a \
                           cover changes a price that stands.";
/// The same above the form that admits a provider.
const LENT_ADMISSIONS: &str =
    "You cover this role: admit on an evaluation record. Somebody who has the role without a cover admits without one.";

/// A form of one act.
#[derive(Debug, Clone)]
pub struct ActView {
    /// Whom it is about in addresses: a home's number, a provider's code.
    pub about: String,
    /// The name.
    pub name: String,
    /// Code and name of each lot that can be chosen.
    pub lots: Vec<(String, String)>,
    /// Whether a cover alone lends the reader their role, so that another changes a price and admits without an evaluation.
    pub lent: bool,
    /// The form's idempotency key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

impl ActView {
    fn date(&self, name: &str, label: &str, hint: &str) -> Field {
        Field::date(name, label).hint(hint).parts(self.typed.date(name)).errors(&self.errors)
    }

    fn radios(&self, name: &str, legend: &str, choices: impl IntoIterator<Item = Choice>) -> Field {
        Field::radios(name, legend, choices).value(self.typed.get(name)).errors(&self.errors)
    }

    fn select<'a>(
        &self,
        name: &str,
        label: &str,
        (first, choices): (&str, impl Iterator<Item = (&'a str, &'a str)>),
    ) -> Field {
        let choices = choices.map(|(code, label)| Choice::new(code, capital(label)));
        let choices = std::iter::once(Choice::new("", first)).chain(choices);
        Field::select(name, label, choices).value(self.typed.get(name)).errors(&self.errors)
    }

    fn lot(&self) -> Field {
        self.radios("lot", "Which lot?", self.lots.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str())))
    }

    fn admit(&self, form: Form) -> Form {
        let form = form.field(self.date("from", "First day in the arrangement", "For example, 15 12 2018"));
        if self.lent {
            return form;
        }
        let here = std::iter::once(Choice::new("", "Its evaluation record here, which holds on that day"));
        let exceptions = AdmissionException::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
        form.field(self.radios("exception", "On what does its admission rest?", here.chain(exceptions))).field(
            Field::text("record", "Where the earlier evaluation or contract is on record")
                .hint("Not asked where it rests on its evaluation record. For example, file FCA/2018/014")
                .value(self.typed.get("record"))
                .errors(&self.errors),
        )
    }

    fn standing(&self, form: Form) -> Form {
        let sources = StandingSource::ALL.iter().map(|one| Choice::new(one.code(), capital(one.label())));
        let standings = Standing::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
        let reasons = StandingReason::ALL.iter().map(|one| (one.code(), one.label()));
        form.field(self.radios("source", "Who says so?", sources))
            .field(self.radios("standing", "How does it stand?", standings))
            .field(self.select("reason", "Why?", ("Select a reason", reasons)))
            .field(self.date("from", "From which day?", "For example, 13 9 2021"))
            .field(self.date(
                "until",
                "Until which day, where that is known?",
                "The first day on which it no longer holds",
            ))
            .field(
                self.link("Where the judgement or notice can be read", "Ofsted's always has an address. For example, "),
            )
            .field(elsewhere(&self.typed, &self.errors))
    }

    fn link(&self, label: &str, hint: &str) -> Field {
        Field::text("link", label)
            .hint(format!("{hint}https://reports.ofsted.gov.uk/provider/4/SC400001"))
            .value(self.typed.get("link"))
            .errors(&self.errors)
    }

    fn visit(&self, form: Form) -> Form {
        let kinds = InspectionKind::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
        let grades = Grade::ALL
            .iter()
            .filter(|one| !matches!(one, Grade::NotYetInspected | Grade::Adequate))
            .map(|one| (one.code(), one.label()));
        form.field(self.radios("kind", "What kind of visit?", kinds))
            .field(self.date("inspected_on", "First day of the visit", "For example, 6 9 2021"))
            .field(self.date("published_on", "Day of the report, where it is out", "For example, 13 9 2021"))
            .field(self.select("grade", "Judgement of a full inspection", ("No judgement", grades)))
            .field(
                Field::yes_no("serious_concerns", "Were serious or widespread concerns found?")
                    .value(self.typed.get("serious_concerns"))
                    .errors(&self.errors),
            )
            .field(self.link("Address of the report, or of the home while there is none", "For example, "))
    }
}

/// Why a judgement or notice is read elsewhere than where such are published.
pub(crate) fn elsewhere(typed: &Typed, errors: &Invalid) -> Field {
    let first = std::iter::once(Choice::new("", "It is on a site of Ofsted, of government or of a court"));
    let choices = first.chain(Elsewhere::ALL.iter().map(|one| Choice::new(one.code(), one.label())));
    Field::select("elsewhere", "Why is it read there?", choices).value(typed.get("elsewhere")).errors(errors)
}

/// The page of one act on a home.
pub fn home_act(shell: Shell, act: HomeAct, view: &ActView) -> Page {
    let page = format!("/region/homes/{}", view.about);
    let form = Form::post(format!("{page}/{}", act.code()), shell.csrf.clone(), view.key.as_str());
    let form = match act {
        HomeAct::Admit => {
            form.field(view.lot()).field(view.date("from", "First day on the lot", "For example, 15 12 2018"))
        }
        HomeAct::Leave => {
            let ends = AdmissionEnd::ALL.iter().filter(|one| one.by_itself());
            let ends = ends.map(|one| Choice::new(one.code(), capital(one.label())));
            form.field(view.lot())
                .field(view.date("until", "First day off the lot", "For example, 1 10 2021. Placements go on"))
                .field(
                    view.radios("why", "Why?", ends)
                        .hint("To remove a home, change its standing: what follows is listed before it is confirmed"),
                )
        }
        HomeAct::Price => {
            let lines = [LineKind::Core, LineKind::Education].map(|one| Choice::new(one.code(), one.label()));
            form.field(view.lot())
                .field(view.radios("line", "What does it pay for?", lines))
                .field(
                    Field::money("weekly", "Price of a week")
                        .hint("Leave empty to record that there is no price")
                        .value(view.typed.get("weekly"))
                        .errors(&view.errors),
                )
                .field(view.date("from", "First night at this price", "For example, 1 4 2021"))
                .field(view.date("until", "First night at another price, where that is known", "For example, 1 4 2022"))
        }
        HomeAct::Standing => view.standing(form),
        HomeAct::Visit => view.visit(form),
    };
    let shell = shell.titled(act.title()).caption(view.name.as_str()).record(view.about.as_str()).back(page.clone());
    let submit = match act {
        HomeAct::Admit => "Admit the home",
        HomeAct::Leave => "Take it off the lot",
        HomeAct::Price => "Record the price",
        HomeAct::Standing => "Change the standing",
        HomeAct::Visit => "Record the visit",
    };
    let lent = (view.lent && act == HomeAct::Price).then(|| Inset::new(LENT_PRICES));
    Page::new(shell.with_errors(&view.errors)).maybe(lent).with(form.submit(submit).cancel(page))
}

/// The page of one act on a provider.
pub fn provider_act(shell: Shell, act: ProviderAct, view: &ActView) -> Page {
    let page = format!("/region/providers/{}", view.about);
    let form = Form::post(format!("{page}/{}", act.code()), shell.csrf.clone(), view.key.as_str());
    let (form, submit) = match act {
        ProviderAct::Admit => (view.admit(form), "Admit the provider"),
        ProviderAct::Standing => (view.standing(form), "Change the standing"),
    };
    let shell = shell.titled(act.title()).caption(view.name.as_str()).back(page.clone());
    let lent = (view.lent && act == ProviderAct::Admit).then(|| Inset::new(LENT_ADMISSIONS));
    Page::new(shell.with_errors(&view.errors)).maybe(lent).with(form.submit(submit).cancel(page))
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let view = ActView {
        about: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        lots: vec![
            ("planned".to_owned(), "Planned residential care".to_owned()),
            ("crisis".to_owned(), "Crisis care".to_owned()),
        ],
        lent: false,
        key: "k1".to_owned(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let mut wrong = view.clone();
    wrong.errors.add("lot", "Select the lot");
    wrong.errors.add("from", "Enter the first day on the lot, like 15 12 2018");
    let provider =
        ActView { about: "elm-care-limited".to_owned(), name: "Elm Care Limited".to_owned(), ..view.clone() };
    let home = |act, view: &ActView| home_act(kit::signed_in_shell(), act, view).to_string();
    let mut bare = provider.clone();
    bare.typed.set("exception", AdmissionException::TookOver.code());
    bare.errors.add("record", "Enter where the earlier evaluation or contract is on record, in up to 200 characters");
    let bare = provider_act(kit::signed_in_shell(), ProviderAct::Admit, &bare).to_string();
    let of_provider = |act| provider_act(kit::signed_in_shell(), act, &provider).to_string();
    let covers = ActView { lent: true, ..provider.clone() };
    let covers = provider_act(kit::signed_in_shell(), ProviderAct::Admit, &covers).to_string();
    vec![
        ("admit a home", home(HomeAct::Admit, &view)),
        ("admit a home, with errors", home(HomeAct::Admit, &wrong)),
        ("take a home off a lot", home(HomeAct::Leave, &view)),
        ("record a tendered price", home(HomeAct::Price, &view)),
        ("record a tendered price by a cover", home(HomeAct::Price, &ActView { lent: true, ..view.clone() })),
        ("change a home's standing", home(HomeAct::Standing, &view)),
        ("record a visit", home(HomeAct::Visit, &view)),
        ("admit a provider", of_provider(ProviderAct::Admit)),
        ("admit a provider by a cover", covers),
        ("admit a provider by the exceptional road, with an error", bare),
        ("change a provider's standing", of_provider(ProviderAct::Standing)),
    ]
}
