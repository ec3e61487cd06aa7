//! Who holds which power (D-06, A-04): from limbs to posts to people, with every instrument, and the forms that record
//! each link. Names are shown to the authority's own people only.

use jiff::civil::Date;
use placewell_domain::nights::OPEN_END;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::delegation::{Act, PostGrade, RemitArea, StatutoryOffice};

use crate::components::{Colour, Inset, Link, Row, SummaryCard, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

const PATH: &str = "/democratic/delegations";

/// Somebody in a post.
#[derive(Debug, Clone)]
pub struct HolderView {
    /// Their name.
    pub name: String,
    /// "Holder", "Acting: letter of …", "Cover: tasks, not power".
    pub kind: String,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
    /// Whether it holds today.
    pub now: bool,
}

/// A post with who is in it.
#[derive(Debug, Clone)]
pub struct PostView {
    /// Its id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its grade.
    pub grade: String,
    /// Its remit in words.
    pub remit: String,
    /// Its holders.
    pub holders: Vec<HolderView>,
}

/// A limb with the posts that it means.
#[derive(Debug, Clone)]
pub struct LimbView {
    /// The decision's id, for the form that links a post.
    pub decision: i64,
    /// The decision's reference.
    pub reference: String,
    /// Its letter.
    pub letter: char,
    /// What it allows.
    pub allows: Vec<String>,
    /// The posts linked, with whether only the relevant ones are meant.
    pub posts: Vec<(String, bool)>,
    /// The posts in the limb's own words.
    pub named: Vec<String>,
}

/// One line of a table: who, what, by which instrument, from, to.
#[derive(Debug, Clone)]
pub struct InstrumentView {
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// By which instrument or clause.
    pub by: String,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

/// Everything about an authority's powers.
#[derive(Debug, Clone)]
pub struct DelegationView {
    /// Limbs of decisions in force.
    pub limbs: Vec<LimbView>,
    /// Posts.
    pub posts: Vec<PostView>,
    /// Sub-delegations.
    pub passed_on: Vec<InstrumentView>,
    /// Urgency powers.
    pub urgency: Vec<InstrumentView>,
    /// Statutory appointments.
    pub statutory: Vec<InstrumentView>,
    /// On call.
    pub on_call: Vec<InstrumentView>,
    /// Who can be chosen: id, and name with title.
    pub members: Vec<(i64, String)>,
    /// What the reader could do today: act, and the chain or the reason why not.
    pub mine: Vec<(String, Result<String, String>)>,
    /// Whether the reader may record.
    pub records: bool,
    /// Today.
    pub today: Date,
}

fn until(to: Date) -> String {
    if to == OPEN_END { "open".to_owned() } else { words::date(placewell_domain::nights::plus_days(to, -1)) }
}

/// The page.
pub fn delegations_page(shell: Shell, view: &DelegationView) -> Page {
    let page = Page::new(shell.titled("Delegations"))
        .text("A power comes from one limb of a decision in force. It is used by the holder of a post that the limb names, by somebody formally acting in it, or under a recorded sub-delegation. Cover for leave moves tasks, never power.");
    let page = if view.records {
        page.with(Html::bullets([
            Link::new("Record a post", format!("{PATH}/post")),
            Link::new("Link a limb to a post", format!("{PATH}/limb-post")),
            Link::new("Appoint somebody to a post, or to act in it", format!("{PATH}/holding")),
            Link::new("Record a sub-delegation", format!("{PATH}/sub-delegation")),
            Link::new("Record an urgency power", format!("{PATH}/urgency-power")),
            Link::new("Record a statutory appointment", format!("{PATH}/statutory")),
        ]))
    } else {
        page
    };
    let page = if view.limbs.is_empty() {
        page.with(Inset::new("No decision of this authority is in force, so nobody holds a power under one."))
    } else {
        page
    };
    let page = view.limbs.iter().fold(page, |page, limb| page.with(limb_card(limb)));
    page.with(posts(view))
        .with(instruments("Passed on", &view.passed_on, "No power is passed on."))
        .with(instruments(
            "Urgency powers",
            &view.urgency,
            "No urgency power is recorded. A start above the ceiling would be recorded as made without recorded power.",
        ))
        .with(instruments(
            "Statutory appointments",
            &view.statutory,
            "No director of children's services or nominated officer is recorded.",
        ))
        .with(instruments("On call", &view.on_call, "Nobody is recorded as on call."))
        .with(mine(view))
}

fn limb_card(limb: &LimbView) -> SummaryCard {
    let posts = if limb.posts.is_empty() && limb.named.is_empty() {
        Html::from("Names no post")
    } else if limb.posts.is_empty() {
        Html::from(format!("Not linked to a post yet. In the decision's words: {}", limb.named.join("; ")))
    } else {
        Html::lines(limb.posts.iter().map(|(title, relevant)| {
            if *relevant { format!("{title}, where the remit covers the case") } else { title.clone() }
        }))
    };
    let list =
        SummaryList::new().row("Allows", Html::lines(limb.allows.iter().map(String::as_str))).row("Posts", posts);
    let decision =
        Link::new("Open the decision", format!("/decisions/{}", limb.reference)).hidden(limb.reference.as_str());
    SummaryCard::new(format!("Limb ({}) of {}", limb.letter, limb.reference), list).action(decision)
}

fn posts(view: &DelegationView) -> Table {
    let rows = view.posts.iter().flat_map(|post| {
        let head = format!("{} ({})", post.title, post.grade);
        let vacant = post
            .holders
            .is_empty()
            .then(|| Row::new(head.as_str()).cell(post.remit.as_str()).cell("Nobody").cell("").cell("").cell(""));
        let held = post.holders.iter().map(move |holder| {
            let (words, colour) = if holder.now { ("Now", Colour::Green) } else { ("Not now", Colour::Grey) };
            Row::new(format!("{} ({})", post.title, post.grade))
                .cell(post.remit.as_str())
                .cell(Html::lines([holder.name.as_str(), holder.kind.as_str()]))
                .cell(words::date(holder.from))
                .cell(until(holder.to))
                .cell(Tag::new(words, colour))
        });
        vacant.into_iter().chain(held)
    });
    Table::new("Posts and who is in them")
        .columns(["Post", "Remit", "Who", "From", "Until", "Today"])
        .rows(rows)
        .empty("No post is recorded yet.")
}

fn instruments(caption: &str, rows: &[InstrumentView], empty: &str) -> Table {
    Table::new(caption)
        .columns(["Who", "What", "By", "From", "Until"])
        .rows(rows.iter().map(|row| {
            Row::new(row.who.as_str())
                .cell(row.what.as_str())
                .cell(row.by.as_str())
                .cell(words::date(row.from))
                .cell(until(row.to))
        }))
        .empty(empty)
}

fn mine(view: &DelegationView) -> Table {
    Table::new("What you can do today, and why")
        .columns(["Act", "Power or reason"])
        .rows(view.mine.iter().map(|(act, found)| {
            Row::new(act.as_str()).cell(match found {
                Ok(chain) => chain.as_str(),
                Err(reason) => reason.as_str(),
            })
        }))
        .empty("Nothing to show.")
}

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
}

impl Asked {
    /// All.
    pub const ALL: &[Self] =
        &[Self::Post, Self::LimbPost, Self::Holding, Self::SubDelegation, Self::UrgencyPower, Self::Statutory];

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
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let day = Date::constant(2021, 9, 1);
    let line = |who: &str, what: &str| InstrumentView {
        who: who.into(),
        what: what.into(),
        by: "Scheme of 1 April 2021".into(),
        from: day,
        to: OPEN_END,
    };
    let view = DelegationView {
        limbs: vec![LimbView {
            decision: 1,
            reference: "HEF-2019-0114".into(),
            letter: 'b',
            allows: vec!["Director may award placement agreements.".into()],
            posts: vec![("Director of Children and Families".into(), false)],
            named: vec!["Director".into()],
        }],
        posts: vec![
            PostView {
                id: 1,
                title: "Director of Children and Families".into(),
                grade: "Director".into(),
                remit: "the whole service".into(),
                holders: vec![HolderView {
                    name: "Rhian Price".into(),
                    kind: "Acting: letter of 1 September 2021".into(),
                    from: day,
                    to: OPEN_END,
                    now: true,
                }],
            },
            PostView {
                id: 2,
                title: "Assistant Director".into(),
                grade: "Assistant Director".into(),
                remit: "none".into(),
                holders: vec![],
            },
        ],
        passed_on: vec![line("Head of Service", "Extra support")],
        urgency: vec![line("Director", "Urgency")],
        statutory: vec![],
        on_call: vec![],
        members: vec![(1, "Rhian Price".into())],
        mine: vec![("Award a placement agreement".into(), Err("You hold no post that the limb names.".into()))],
        records: true,
        today: day,
    };
    let form = |asked| form_page(kit::signed_in_shell(), asked, &view, "k", &[], &Invalid::default()).to_string();
    vec![
        ("delegations", delegations_page(kit::signed_in_shell(), &view).to_string()),
        ("record a post", form(Asked::Post)),
        ("link a limb", form(Asked::LimbPost)),
        ("appoint", form(Asked::Holding)),
        ("sub-delegate", form(Asked::SubDelegation)),
        ("urgency power", form(Asked::UrgencyPower)),
        ("statutory appointment", form(Asked::Statutory)),
    ]
}
