//! Who holds which power (D-06, A-04): from limbs to posts to people, with every instrument, and the forms that record
//! each link. Names are shown to the authority's own people only.

mod forms;
mod samples;

pub use forms::{Asked, EndView, end_page, form_page};
pub use samples::samples;

use jiff::civil::Date;
use placewell_domain::nights::OPEN_END;
use placewell_domain::power::decision::LimbLabel;

use crate::components::{Colour, Inset, Link, Row, SummaryCard, SummaryList, Table, Tag};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

const PATH: &str = "/democratic/delegations";

/// Somebody in a post.
#[derive(Debug, Clone)]
pub struct HolderView {
    /// The id of the record.
    pub id: i64,
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
    /// Its label as the page prints it.
    pub letter: LimbLabel,
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
    /// The kind of the record, as its address names it.
    pub kind: &'static str,
    /// The id of the record.
    pub id: i64,
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
            Link::new("Enter somebody on the on-call rota", format!("{PATH}/on-call")),
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
        .with(instruments(view, "Passed on", &view.passed_on, "No power is passed on."))
        .with(instruments(
            view,
            "Urgency powers",
            &view.urgency,
            "No urgency power is recorded. A start above the ceiling would be recorded as made without recorded power.",
        ))
        .with(instruments(
            view,
            "Statutory appointments",
            &view.statutory,
            "No director of children's services or nominated officer is recorded.",
        ))
        .with(instruments(view, "On call", &view.on_call, "Nobody is recorded as on call."))
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
        let vacant = post.holders.is_empty().then(|| {
            Row::new(head.as_str()).cell(post.remit.as_str()).cell("Nobody").cell("").cell("").cell("").cell("")
        });
        let held = post.holders.iter().map(move |holder| {
            let (words, colour) = if holder.now { ("Now", Colour::Green) } else { ("Not now", Colour::Grey) };
            Row::new(format!("{} ({})", post.title, post.grade))
                .cell(post.remit.as_str())
                .cell(Html::lines([holder.name.as_str(), holder.kind.as_str()]))
                .cell(words::date(holder.from))
                .cell(until(holder.to))
                .cell(Tag::new(words, colour))
                .cell(end_link(view, "holding", (holder.id, &holder.name), holder.to))
        });
        vacant.into_iter().chain(held)
    });
    Table::new("Posts and who is in them")
        .columns(["Post", "Remit", "Who", "From", "Until", "Today", "Change"])
        .rows(rows)
        .empty("No post is recorded yet.")
}

/// The link that ends a record, for those who record and while it has not ended.
fn end_link(view: &DelegationView, kind: &str, (id, who): (i64, &str), to: Date) -> Html {
    if view.records && to > view.today {
        Link::new("End", format!("{PATH}/{kind}/{id}/end")).hidden(format!("the record of {who}")).into()
    } else {
        Html::default()
    }
}

fn instruments(view: &DelegationView, caption: &str, rows: &[InstrumentView], empty: &str) -> Table {
    Table::new(caption)
        .columns(["Who", "What", "By", "From", "Until", "Change"])
        .rows(rows.iter().map(|row| {
            Row::new(row.who.as_str())
                .cell(row.what.as_str())
                .cell(row.by.as_str())
                .cell(words::date(row.from))
                .cell(until(row.to))
                .cell(end_link(view, row.kind, (row.id, &row.who), row.to))
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
