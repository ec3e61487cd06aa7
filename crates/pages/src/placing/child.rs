//! Children's records by number: which are due for erasure or held, one record's retention, and everything held about a
//! child as a page to give out. No name stands here but in what is given out.

use jiff::civil::{Date, DateTime};

use crate::components::{Button, Cell, Colour, Inset, Link, Row, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// Where the retention of a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is kept, its years not over.
    Kept,
    /// Its years are over.
    Due,
    /// It is held.
    Held,
    /// Its erasure is proposed.
    Proposed,
    /// It was erased.
    Erased,
}

impl Standing {
    fn tag(self) -> Tag {
        match self {
            Self::Kept => Tag::new("Kept", Colour::Grey),
            Self::Due => Tag::new("Due", Colour::Yellow),
            Self::Held => Tag::new("Held", Colour::Blue),
            Self::Proposed => Tag::new("Erasure proposed", Colour::Orange),
            Self::Erased => Tag::new("Erased", Colour::Red),
        }
    }
}

/// A child's record in the list.
#[derive(Debug, Clone)]
pub struct RecordLine {
    /// The child's number here.
    pub number: u32,
    /// Where it stands.
    pub standing: Standing,
    /// What it is kept as.
    pub kind: String,
    /// From which day it may be erased; none once it was, or while that is sealed to the reader.
    pub due: Option<Date>,
}

/// Why no day is shown.
fn undated(standing: Standing) -> &'static str {
    if standing == Standing::Erased { "Erased" } else { "Sealed" }
}

/// The list.
#[derive(Debug, Clone)]
pub struct ListView {
    /// Records that are due, held, proposed for erasure or erased.
    pub records: Vec<RecordLine>,
    /// What a search by the authority's own number found; none where nothing was searched for.
    pub found: Option<Vec<u32>>,
    /// The key of the form.
    pub key: String,
}

fn child_link(number: u32) -> Link {
    Link::new(format!("Child {number}"), format!("/children/{number}"))
}

/// Which records are due, held or erased, and a search by the authority's own number.
pub fn list(shell: Shell, view: &ListView) -> Page {
    let rows = view.records.iter().map(|one| {
        Row::new(child_link(one.number))
            .cell(one.standing.tag())
            .cell(one.kind.as_str())
            .cell(Cell::new(one.due.map_or_else(|| undated(one.standing).to_owned(), words::date)))
    });
    let table = Table::new("Records that are due, held or erased")
        .columns(["Child", "Standing", "Kept as", "Kept until"])
        .rows(rows)
        .empty("No record is due for erasure and none is held. A record is due when its years after birth are over.");
    let found: Option<Html> = view.found.as_ref().map(|found| match found.as_slice() {
        [] => {
            Inset::new("No child has this number in your own system. Check the number, or look in the referral.").into()
        }
        numbers => Html::bullets(numbers.iter().map(|number| Html::from(child_link(*number)))),
    });
    let csrf = shell.csrf.clone();
    let search = Form::post("/children/find", csrf.as_str(), view.key.as_str())
        .field(Field::text("case_number", "The child’s number in your own system").width(20))
        .submit("Find");
    Page::new(shell.titled("Children’s records"))
        .text("A child is found by number only. The number that you type is not kept and stands in no address.")
        .with(search)
        .maybe(found)
        .with(table)
}

/// That erasures wait for a second person, for the page of whoever confirms.
pub fn waiting_notice(many: usize) -> Html {
    let words = words::count(many as u64, "child’s record waits", "children’s records wait");
    let text = format!("{words} for a second person to confirm the erasure. ");
    Inset::new(Html::join([Html::text(&text), Link::new("Look at the records", "/children").into()])).into()
}

/// Whether whoever opens a sealed record says why.
pub type MustSay = bool;

/// One opening of a sealed record.
#[derive(Debug, Clone)]
pub struct OpeningLine {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime,
    /// Why, for those to whom the record is open.
    pub words: Option<String>,
}

/// One child's record.
#[derive(Debug, Clone)]
pub struct RecordView {
    /// The child's number here.
    pub number: u32,
    /// Where it stands.
    pub standing: Standing,
    /// What it is kept as, by code and in words.
    pub kind: (&'static str, String),
    /// What it could be kept as instead.
    pub other_kind: (&'static str, String),
    /// From which day it may be erased.
    pub due: Option<Date>,
    /// Why it is held.
    pub words: Option<String>,
    /// Who held, proposed or erased it.
    pub by: Option<String>,
    /// The references of the child's referrals.
    pub referrals: Vec<String>,
    /// Whether it is sealed to the reader, who opens it first; with whether they say why.
    pub sealed: Option<MustSay>,
    /// Who opened it while it was sealed, latest first.
    pub openings: Vec<OpeningLine>,
    /// Whether the reader may mark, hold and propose.
    pub may_keep: bool,
    /// Whether the reader may release and confirm.
    pub may_confirm: bool,
    /// Whether the reader may give out what is held.
    pub may_export: bool,
}

/// What decides how long the record is kept: another kind, or the day of a death.
fn kept_as(view: &RecordView, form: impl Fn() -> Form) -> [Html; 3] {
    let other = form()
        .field(Field::hidden("kind", view.other_kind.0))
        .button(Button::submit(format!("Keep it as: {}", view.other_kind.1)).secondary());
    let died = form()
        .field(Field::hidden("kind", "died"))
        .field(
            Field::date("died", "On which day did the child die, before 18?")
                .hint("The record is then kept for its years after that day, which is kept sealed."),
        )
        .button(Button::submit("Keep it by the day of the death").secondary());
    [Html::heading("Change how long it is kept"), other.into(), died.into()]
}

/// What is sealed, and the way in.
fn opening(form: Form, must_say: MustSay) -> [Html; 3] {
    let hint = if must_say { "Sealed, and shown to whoever opens it." } else { "You may leave this empty. Sealed." };
    let why = Field::textarea("words", "Why do you open this record?").hint(hint).rows(3);
    [
        Html::heading("This record is sealed"),
        Html::paragraph(
            "Who the child is, what is said of it in words, its documents and the file of all that is held are sealed. Codes, \
             days and prices are not. You read what is sealed for an hour after you open the record. That you opened it is \
             recorded and shown here.",
        ),
        form.field(why).submit("Open this record").into(),
    ]
}

/// Who opened it, where anybody did.
fn opened(view: &RecordView) -> Option<Html> {
    let rows = view.openings.iter().map(|one| {
        Row::new(one.by.as_str())
            .cell(Cell::new(words::moment(one.at)))
            .cell(Cell::new(one.words.clone().unwrap_or_else(|| "Not shown".to_owned())))
    });
    let table = Table::new("Who opened it while it was sealed").columns(["Who", "When", "Why"]).rows(rows);
    (!view.openings.is_empty()).then(|| table.into())
}

/// Why a page leaves out what is said of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// It does not.
    Not,
    /// The record is sealed to the reader, who opens it by the child's number.
    Sealed(u32),
    /// The record was erased.
    Erased,
}

/// That a child's record is sealed to the reader, with the way to open it where their role may; or that it was erased.
pub(crate) fn withheld_inset(why: Withheld, may_open: bool) -> Option<Inset> {
    match why {
        Withheld::Not => None,
        Withheld::Sealed(number) => {
            let way = may_open.then(|| Html::from(Link::new("Open it", format!("/children/{number}"))));
            Some(Inset::new(Html::join([Html::from("This child’s record is sealed. "), way.unwrap_or_default()])))
        }
        Withheld::Erased => Some(Inset::new(words::ERASED)),
    }
}

/// Words about a child; where they were left out, that they are.
pub(crate) const fn said(words: &str) -> &str {
    if words.is_empty() { "Not shown" } else { words }
}

fn acts(view: &RecordView, csrf: &str, new_key: impl Fn() -> String) -> Vec<Html> {
    let form = |act: &str| Form::post(format!("/children/{}/{act}", view.number), csrf, new_key());
    let mut acts: Vec<Html> = Vec::new();
    if let Some(must_say) = view.sealed {
        acts.extend(opening(form("open"), must_say));
    }
    let (open, due) = (matches!(view.standing, Standing::Kept | Standing::Due), view.standing == Standing::Due);
    if view.may_export && view.standing != Standing::Erased {
        acts.push(Html::heading("Give out what is held"));
        acts.push(Html::paragraph(
            "Other people’s names and addresses are replaced. Read it before you send it. That you gave it out is recorded.",
        ));
        acts.push(
            form("export")
                .field(
                    Field::checkboxes(
                        "documents_read",
                        "Documents",
                        [Choice::new(
                            "yes",
                            "I have read the documents, and nothing in them is other people’s: give them out whole",
                        )],
                    )
                    .hint("Otherwise texts are given with names replaced, and other documents are listed where the record names others.")
                    .small(),
                )
                .button(Button::submit("Everything held, as a page").sends("as", "html"))
                .button(Button::submit("Everything held, as JSON").sends("as", "json").secondary())
                .into(),
        );
    }
    if view.may_keep && open {
        acts.extend(kept_as(view, || form("mark")));
    }
    if view.may_keep && (open || view.standing == Standing::Proposed) {
        acts.push(
            form("hold")
                .field(
                    Field::textarea("words", "Why is the record held?")
                        .hint("For example an inquiry or a claim. Sealed.")
                        .rows(3),
                )
                .submit("Hold this record")
                .into(),
        );
    }
    if view.may_keep && due {
        acts.push(form("propose").button(Button::submit("Propose that it be erased").warning()).into());
    }
    if view.may_keep && view.standing == Standing::Proposed {
        acts.push(form("take-back").button(Button::submit("Take the proposal back").secondary()).into());
    }
    if view.may_confirm && view.standing == Standing::Held {
        acts.push(form("release").button(Button::submit("Release the hold").secondary()).into());
    }
    if view.may_confirm && view.standing == Standing::Proposed {
        acts.push(Html::paragraph(
            "Erasing destroys the child’s key. Nothing about the child can be read from then on.",
        ));
        acts.push(form("erase").button(Button::submit("Erase this child’s record").warning()).into());
    }
    acts
}

/// One child's record: how long it is kept, and what can be done.
pub fn record(shell: Shell, view: &RecordView, new_key: impl Fn() -> String) -> Page {
    let csrf = shell.csrf.clone();
    let known = !view.referrals.is_empty();
    let referrals = view.referrals.iter().map(|one| Html::from(Link::new(one.as_str(), format!("/referrals/{one}"))));
    let facts = SummaryList::new()
        .row("Standing", view.standing.tag())
        .row("Kept as", view.kind.1.as_str())
        .maybe("Kept until", view.due.map(words::date))
        .maybe("Why it is held", view.words.as_deref())
        .maybe("Said by", view.by.as_deref())
        .maybe("Referrals", known.then(|| Html::bullets(referrals)));
    let page = Page::new(shell.titled(format!("Child {}", view.number)).back("/children")).with(facts);
    let page = opened(view).into_iter().fold(page, Page::with);
    acts(view, &csrf, new_key).into_iter().fold(page, Page::with)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let due = jiff::civil::date(2083, 5, 4);
    let line =
        |number, standing, due| RecordLine { number, standing, kind: "A looked-after child’s record".into(), due };
    let lines =
        vec![line(7, Standing::Due, Some(due)), line(9, Standing::Held, Some(due)), line(3, Standing::Erased, None)];
    let full = ListView { records: lines, found: Some(vec![7]), key: "k1".into() };
    let empty = ListView { records: Vec::new(), found: None, key: "k1".into() };
    let nobody = ListView { found: Some(Vec::new()), ..empty.clone() };
    let of = |standing| RecordView {
        number: 7,
        standing,
        kind: ("looked_after", "A looked-after child’s record".into()),
        other_kind: ("adoption", "An adopted child’s record, sealed".into()),
        due: (standing != Standing::Erased).then_some(due),
        words: (standing == Standing::Held).then(|| "An inquiry asks for it".into()),
        by: (standing == Standing::Held).then(|| "Priya Shah".into()),
        referrals: vec!["HEF-R-0042".into()],
        sealed: None,
        openings: Vec::new(),
        may_keep: true,
        may_confirm: true,
        may_export: true,
    };
    let sealed = RecordView {
        kind: ("adoption", "An adopted child’s record, sealed".into()),
        other_kind: ("looked_after", "A looked-after child’s record".into()),
        due: None,
        referrals: Vec::new(),
        sealed: Some(true),
        openings: vec![OpeningLine {
            by: "Priya Shah".into(),
            at: jiff::civil::date(2021, 9, 13).at(10, 20, 0, 0),
            words: None,
        }],
        may_keep: false,
        may_export: false,
        ..of(Standing::Kept)
    };
    let shell = samples::signed_in_shell;
    let key = || "k1".to_owned();
    vec![
        ("children", list(shell(), &full).to_string()),
        ("no children due", list(shell(), &empty).to_string()),
        ("nobody found", list(shell(), &nobody).to_string()),
        ("kept", record(shell(), &of(Standing::Kept), key).to_string()),
        ("due", record(shell(), &of(Standing::Due), key).to_string()),
        ("held", record(shell(), &of(Standing::Held), key).to_string()),
        ("proposed", record(shell(), &of(Standing::Proposed), key).to_string()),
        ("sealed", record(shell(), &sealed, key).to_string()),
        ("erased", record(shell(), &of(Standing::Erased), key).to_string()),
    ]
}
