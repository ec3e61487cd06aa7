//! The assumptions as fields, each with where its value comes from; and the form that saves an appraisal.

use placewell_domain::outcome::Invalid;
use placewell_domain::reporting::appraisal::{Assumption, Group, Origin, Unit};

use super::{AppraisedView, PATH};
use crate::components::Details;
use crate::form::{Field, Form};
use crate::html::Html;

/// The address's part that leads to the same appraisal: the authority and what was changed.
pub(super) fn query(view: &AppraisedView) -> String {
    view.assumptions.typed().into_iter().fold(format!("authority={}", view.code), |query, one| {
        format!("{query}&{}={}", one.code(), one.unit().write(view.assumptions.get(one)))
    })
}

/// What stands in a field: what was typed, else its value.
fn shown(view: &AppraisedView, typed: &[(String, String)], one: Assumption) -> String {
    let said = typed.iter().find(|(name, text)| name == one.code() && !text.trim().is_empty());
    said.map_or_else(|| one.unit().write(view.assumptions.get(one)), |(_, text)| text.clone())
}

fn source(view: &AppraisedView, one: Assumption) -> String {
    let (low, high) = one.bounds();
    let bounds = format!("From {} to {}.", one.unit().show(low), one.unit().show(high));
    let from = match view.assumptions.of(one).origin {
        Origin::Record(how) => format!("From the record: {how}."),
        Origin::Estimate(why) => format!("{why}."),
        Origin::Typed { instead_of } => format!("Changed; it was {}.", one.unit().show(instead_of)),
    };
    format!("{from} {bounds}")
}

fn field(view: &AppraisedView, typed: &[(String, String)], one: Assumption, errors: &Invalid) -> Field {
    let field = match one.unit() {
        Unit::Pounds => Field::money(one.code(), one.label()),
        Unit::PoundsAWeek => Field::money(one.code(), one.label()).suffix("a week"),
        Unit::Percent => Field::number(one.code(), one.label()).suffix("%"),
        Unit::Weeks => Field::number(one.code(), one.label()).suffix("weeks"),
        Unit::Minutes => Field::number(one.code(), one.label()).width(10).suffix("minutes"),
        Unit::Tenths | Unit::Count => Field::number(one.code(), one.label()),
    };
    field.hint(source(view, one)).value(shown(view, typed, one)).errors(errors)
}

/// The form of all assumptions, group by group; a group with an error or a change stands open.
pub(super) fn assumptions(view: &AppraisedView, typed: &[(String, String)], errors: &Invalid) -> Form {
    let changed = view.assumptions.typed();
    let form = Form::get(PATH).field(Field::hidden("authority", view.code.as_str()));
    let form = Group::ALL.iter().fold(form, |form, group| {
        let of = || Assumption::ALL.iter().filter(|one| one.group() == *group);
        let fields = Html::join(of().map(|one| Html::from(field(view, typed, *one, errors))));
        let wrong = of().any(|one| errors.errors.iter().any(|error| error.field == one.code()));
        let details = Details::new(group.label(), fields);
        form.part(if wrong || of().any(|one| changed.contains(one)) { details.open() } else { details })
    });
    form.submit("Draw the futures again").cancel(format!("{PATH}?authority={}", view.code))
}

/// The form that saves what is shown.
pub(super) fn save(view: &AppraisedView, typed: &[(String, String)], csrf: &str, key: &str, errors: &Invalid) -> Html {
    let title = typed.iter().find(|(name, _)| name == "title").map_or("", |(_, text)| text.as_str());
    let form = Form::post(format!("{PATH}/save"), csrf, key).part(Field::hidden("authority", view.code.as_str()));
    let form = view
        .assumptions
        .typed()
        .into_iter()
        .fold(form, |form, one| form.part(Field::hidden(one.code(), one.unit().write(view.assumptions.get(one)))));
    let form = form
        .field(
            Field::text("title", "What is this appraisal for?")
                .hint("It is printed on the report, like Cabinet, 23 September 2021")
                .value(title)
                .errors(errors),
        )
        .submit("Save this appraisal");
    let kept = "It is kept with every assumption and the record’s last event, so that the report can be made again.";
    Html::join([Html::heading("Save it"), Html::paragraph(kept), form.into()])
}
