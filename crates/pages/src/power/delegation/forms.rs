//! The forms about powers: one for each kind of record, and the one that ends it.

use jiff::civil::Date;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::delegation::{Act, PostGrade, RemitArea, StatutoryOffice};

use super::{DelegationView, PATH, until};
use crate::components::{Button, SummaryList};
use crate::form::{Choice, Field, Form};
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// What a form about powers asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A post.
    Post,
    /// Which post a limb means.
    LimbPost,
    /// Somebody in a post.
    Holding,
    /// A power passed on.
    SubDelegation,
    /// An urgency power.
    UrgencyPower,
    /// A statutory appointment.
    Statutory,
    /// Somebody on call.
    OnCall,
}

impl Asked {
    /// All.
    pub const ALL: &[Self] = &[
        Self::Post,
        Self::LimbPost,
        Self::Holding,
        Self::SubDelegation,
        Self::UrgencyPower,
        Self::Statutory,
        Self::OnCall,
    ];

    /// The last part of its address.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::LimbPost => "limb-post",
            Self::Holding => "holding",
            Self::SubDelegation => "sub-delegation",
            Self::UrgencyPower => "urgency-power",
            Self::Statutory => "statutory",
            Self::OnCall => "on-call",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Post => "Record a post",
            Self::LimbPost => "Link a limb to a post",
            Self::Holding => "Appoint somebody to a post",
            Self::SubDelegation => "Record a sub-delegation",
            Self::UrgencyPower => "Record an urgency power",
            Self::Statutory => "Record a statutory appointment",
            Self::OnCall => "Enter somebody on the on-call rota",
        }
    }
}

/// The form for one kind of record, with what was typed.
pub fn form_page(
    shell: Shell,
    asked: Asked,
    view: &DelegationView,
    key: &str,
    typed: &[(String, String)],
    errors: &Invalid,
) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled(asked.title()).back(PATH).with_errors(errors);
    let form = Form::post(format!("{PATH}/{}", asked.slug()), csrf, key);
    let ask = Ask { view, typed, errors };
    let form = match asked {
        Asked::Post => ask.post(form),
        Asked::LimbPost => ask.limb_post(form),
        Asked::Holding => ask.holding(form),
        Asked::SubDelegation => ask.sub_delegation(form),
        Asked::UrgencyPower => ask.urgency_power(form),
        Asked::Statutory => ask.statutory(form),
        Asked::OnCall => ask.on_call(form),
    };
    Page::new(shell).narrow().with(form.submit(asked.title()).cancel(PATH))
}

struct Ask<'a> {
    view: &'a DelegationView,
    typed: &'a [(String, String)],
    errors: &'a Invalid,
}

impl Ask<'_> {
    fn kept(&self, field: Field, name: &str) -> Field {
        let values = self.typed.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        field.values(values).errors(self.errors)
    }

    fn text(&self, name: &str, label: &str, hint: &str) -> Field {
        let field = Field::text(name, label);
        self.kept(if hint.is_empty() { field } else { field.hint(hint) }, name)
    }

    fn days(&self, form: Form) -> Form {
        let typed = |name: &str| {
            ["day", "month", "year"].map(|part| {
                let name = format!("{name}_{part}");
                self.typed.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str())
            })
        };
        form.field(Field::date("from", "First day").parts(typed("from")).errors(self.errors))
            .field(Field::date("last", "Last day, if known").parts(typed("last")).errors(self.errors))
    }

    fn posts(&self, name: &str, label: &str) -> Field {
        let choices = core::iter::once(Choice::new("", "Choose a post"))
            .chain(self.view.posts.iter().map(|post| Choice::new(post.id.to_string(), post.title.as_str())));
        self.kept(Field::select(name, label, choices), name)
    }

    fn people(&self, form: Form) -> Form {
        let choices = core::iter::once(Choice::new("", "Choose a person"))
            .chain(self.view.members.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str())));
        form.field(self.kept(Field::select("person", "Person", choices), "person"))
    }

    fn limbs(&self) -> Field {
        let choices = core::iter::once(Choice::new("", "Choose a limb")).chain(
            self.view.limbs.iter().filter(|limb| !limb.named.is_empty()).map(|limb| {
                let words = format!("Limb ({}) of {}: {}", limb.letter, limb.reference, limb.named.join("; "));
                Choice::new(format!("{}/{}", limb.decision, limb.letter), words.as_str())
            }),
        );
        self.kept(Field::select("letter", "Limb", choices), "letter")
    }

    fn post(&self, form: Form) -> Form {
        let grades = PostGrade::ALL.iter().map(|grade| Choice::new(grade.code(), grade.label()));
        let areas = RemitArea::ALL.iter().map(|area| Choice::new(area.code(), area.label()));
        let whole = [Choice::new("yes", "The whole service")];
        let form = form
            .field(self.text("title", "Title of the post", "As printed on public pages"))
            .field(self.kept(Field::radios("grade", "Grade", grades), "grade"))
            .field(self.kept(Field::checkboxes("whole", "Remit of a director", whole), "whole"))
            .field(
                self.kept(Field::checkboxes("areas", "Stated remit", areas), "areas")
                    .hint("A relevant Assistant Director is one whose stated remit covers the case."),
            );
        self.days(form)
    }

    fn limb_post(&self, form: Form) -> Form {
        let relevant = [Choice::new("yes", "Only where the stated remit covers the case")];
        form.field(self.limbs())
            .field(self.posts("post", "Post that it means"))
            .field(self.kept(Field::checkboxes("relevant", "Relevant holders", relevant), "relevant"))
    }

    fn holding(&self, form: Form) -> Form {
        let kinds = [
            Choice::new("holder", "Holder of the post"),
            Choice::new("acting", "Formally acting in it, by an instrument"),
            Choice::new("cover", "Covering for leave: tasks, not power"),
        ];
        let form = self.people(form.field(self.posts("post", "Post")));
        let form = form.field(self.kept(Field::radios("kind", "In what way?", kinds), "kind")).field(self.text(
            "instrument",
            "Instrument",
            "For somebody acting, such as a letter and its date",
        ));
        self.days(form)
    }

    fn sub_delegation(&self, form: Form) -> Form {
        let acts = Act::ALL.iter().map(|act| Choice::new(act.code(), act.label()));
        let form = self.people(form.field(self.limbs()).field(self.posts("post", "Post that passes the power on")));
        let form = form
            .field(self.text("title", "The officer's title", ""))
            .field(self.kept(Field::checkboxes("acts", "What is passed on", acts), "acts"))
            .field(self.text("instrument", "Instrument", "Such as a scheme of sub-delegation and its date"))
            .field(self.text(
                "permitted_by",
                "Clause of the parent scheme that permits it",
                "Leave empty where the scheme does not: then it gives no power",
            ));
        self.days(form)
    }

    fn urgency_power(&self, form: Form) -> Form {
        let posts = self.view.posts.iter().map(|post| Choice::new(post.id.to_string(), post.title.as_str()));
        let form = form
            .field(self.text("clause", "Clause of the constitution", ""))
            .field(self.kept(Field::checkboxes("posts", "Posts that hold it", posts), "posts"));
        self.days(form)
    }

    fn statutory(&self, form: Form) -> Form {
        let offices = StatutoryOffice::ALL.iter().map(|office| Choice::new(office.code(), office.label()));
        let basis =
            [Choice::new("appointed", "Appointed"), Choice::new("interim", "Interim, by a recorded appointment")];
        let form = self.people(form.field(self.kept(Field::radios("office", "Office", offices), "office")));
        let form = form.field(self.kept(Field::radios("basis", "How?", basis), "basis")).field(self.text(
            "instrument",
            "Instrument",
            "For an interim appointment",
        ));
        self.days(form)
    }

    fn on_call(&self, form: Form) -> Form {
        let typed = |name: &str| {
            ["day", "month", "year"].map(|part| {
                let name = format!("{name}_{part}");
                self.typed.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str())
            })
        };
        let date = |name: &str, label: &str| Field::date(name, label).parts(typed(name)).errors(self.errors);
        let time = |name: &str, label: &str| self.kept(Field::time(name, label), name);
        self.people(form)
            .field(date("from", "First day of the duty"))
            .field(time("from_time", "From what time?"))
            .field(date("to", "Last day of the duty"))
            .field(time("to_time", "Until what time?"))
    }
}

/// A record that is about to be ended.
#[derive(Debug, Clone)]
pub struct EndView {
    /// Its kind, as its address names it.
    pub kind: &'static str,
    /// Its id.
    pub id: i64,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

/// The form that ends a record.
pub fn end_page(shell: Shell, view: &EndView, key: &str, last: [&str; 3], errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("End this record").back(PATH).with_errors(errors);
    let facts = SummaryList::new()
        .row("Who", view.who.as_str())
        .row("What", view.what.as_str())
        .row("First day", words::date(view.from))
        .row("Last day as recorded", until(view.to));
    let form = Form::post(format!("{PATH}/{}/{}/end", view.kind, view.id), csrf, key)
        .field(Field::date("last", "Last day").parts(last).errors(errors))
        .button(Button::submit("End this record").warning())
        .cancel(PATH);
    Page::new(shell)
        .narrow()
        .with(facts)
        .text("What was done under it until then stays as it was done. Nobody can act under it after its last day.")
        .with(form)
}
