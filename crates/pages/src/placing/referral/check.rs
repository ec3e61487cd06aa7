//! Check and send: everything as homes will read it, what the check for names found first, each finding to confirm.

use placewell_domain::outcome::{FieldError, Invalid};
use placewell_domain::placing::referral::redaction::{Finding, FindingKind};
use placewell_domain::placing::referral::small_number::TooIdentifying;
use placewell_domain::placing::referral::{Scoring, SharedProfile, SharedWords, Task};

use super::record::{profile_list, words_part};
use crate::components::{Inset, Link, Warning};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// A draft before sending.
#[derive(Debug, Clone)]
pub struct CheckView {
    /// The reference.
    pub reference: String,
    /// The version checked.
    pub version: i64,
    /// What is missing, task by task.
    pub missing: Vec<(Task, Vec<FieldError>)>,
    /// Whether what is missing may follow within two working days.
    pub may_follow: bool,
    /// What must not stand in the words.
    pub findings: Vec<Finding>,
    /// Findings ticked already.
    pub confirmed: Vec<String>,
    /// Whether the profile fits too few children.
    pub few: Option<TooIdentifying>,
    /// Whether the officer ticked that.
    pub few_accepted: bool,
    /// The profile as homes will read it.
    pub profile: SharedProfile,
    /// The words as homes will read them.
    pub words: SharedWords,
    /// How many homes and providers.
    pub homes: u64,
    /// Until when they can answer, as the clock on the wall will show it, with a warning where it is out of hours.
    pub deadline: Result<(String, bool), String>,
    /// How offers will be scored, a criterion with its weight each.
    pub scoring: Vec<String>,
}

/// The page (S-10).
pub fn check_page(shell: Shell, view: &CheckView, errors: &Invalid, key: &str) -> Page {
    let reference = view.reference.as_str();
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Check what homes will read")
        .record(reference)
        .caption(reference)
        .back(format!("/referrals/{reference}/tasks"))
        .with_errors(errors);
    let mut page = Page::new(shell).narrow();
    if !view.missing.is_empty() {
        let lines = view.missing.iter().map(|(task, open)| {
            let count =
                words::count(u64::try_from(open.len()).unwrap_or(0), "answer is missing", "answers are missing");
            Html::join([
                Html::from(Link::new(task.label(), format!("/referrals/{reference}/{}", task.code()))),
                format!(": {count}").into(),
            ])
        });
        page = page.heading("Not complete yet").with(Html::bullets(lines));
    }
    let mut form = Form::post(format!("/referrals/{reference}/check"), csrf, key).version(view.version);
    if !view.findings.is_empty() {
        let boxes = view.findings.iter().map(|finding| {
            let place = finding.field.replace('_', " ");
            if finding.kind == FindingKind::Sealed {
                let nothing = format!("Nothing in {place} tells who a child is");
                return Choice::new(finding.key(), nothing).hint(finding.kind.label());
            }
            Choice::new(finding.key(), format!("“{}” may stay", finding.found))
                .hint(format!("{} in {place}", finding.kind.label()))
        });
        form =
            form.part(Warning::new("This may tell who the child is. Remove it, or confirm that it may stay.")).field(
                Field::checkboxes("confirmed", "What the check for names found", boxes)
                    .values(view.confirmed.clone())
                    .errors(errors),
            );
    }
    if let Some(few) = &view.few {
        form = form.part(few_part(few));
        let accept = [Choice::new("yes", "Send it all the same: the homes need all of this")];
        let field = Field::checkboxes("accept_few", "This profile fits few children", accept).errors(errors);
        form = form.field(if view.few_accepted { field.value("yes") } else { field });
    }
    let deadline = match &view.deadline {
        Ok((until, false)) => Html::from(Inset::new(format!("Homes can answer until {until}."))),
        Ok((until, true)) => {
            Warning::new(format!("Homes can answer until {until}. That is outside office hours.")).into()
        }
        Err(why) => Warning::new(why.as_str()).into(),
    };
    form = form
        .part(Html::heading("As homes will read it"))
        .part(profile_list(&view.profile))
        .part(words_part(&view.words))
        .part(Html::heading("How offers will be scored"))
        .part(Html::bullets(view.scoring.iter().map(String::as_str)))
        .part(deadline);
    let ready = view.missing.is_empty() || view.may_follow;
    if ready {
        form = form.submit(format!("Send to {}", words::count(view.homes, "home", "homes")));
        page.with(form.cancel(format!("/referrals/{reference}/tasks")))
    } else {
        page.with(form.part(Inset::new("Complete the tasks above, then send.")).submit("Check again"))
    }
}

fn few_part(few: &TooIdentifying) -> Html {
    let fits = if few.fits == 0 {
        "This profile fits no other child on your records.".to_owned()
    } else {
        format!(
            "This profile fits only {}.",
            words::count(u64::try_from(few.fits).unwrap_or(0), "other child", "other children")
        )
    };
    let without = few.without.iter().map(|(part, count)| {
        let children = words::count(u64::try_from(*count).unwrap_or(0), "other child", "other children");
        match few.rarest {
            Some(need) if part.code() == "rare_need" => format!("Without “{}” it fits {children}", need.label()),
            _ => format!("Without the {} it fits {children}", part.label()),
        }
    });
    Html::join([Html::from(Warning::new(fits)), Html::bullets(without)])
}

/// Samples: ready to send with findings and few children, and not complete yet.
pub fn samples() -> Vec<(&'static str, String)> {
    use placewell_domain::placing::referral::small_number::Trait;
    let finding =
        Finding { field: "what_helps".into(), kind: FindingKind::Postcode, start: 3, end: 10, found: "HR4 0AB".into() };
    let few = TooIdentifying { fits: 1, without: vec![(Trait::District, 7)], rarest: None };
    let ready = CheckView {
        reference: "HEF-R-0042".into(),
        version: 4,
        missing: Vec::new(),
        may_follow: false,
        findings: vec![finding],
        confirmed: Vec::new(),
        few: Some(few),
        few_accepted: false,
        profile: super::record::kit_profile(),
        words: SharedWords { what_helps: "By HR4 0AB.".into(), ..SharedWords::default() },
        homes: 6,
        deadline: Ok(("5pm, Saturday 18 September 2021".into(), true)),
        scoring: Scoring::starting().lines(),
    };
    let open = FieldError { field: "lot".into(), message: "Choose the lot".into() };
    let early = CheckView {
        missing: vec![(Task::Needs, vec![open])],
        findings: Vec::new(),
        few: None,
        deadline: Err("No deadline is chosen yet.".into()),
        ..ready.clone()
    };
    let errors = Invalid::one("confirmed", "Confirm each of these, or remove it from the words");
    let shell = crate::samples::signed_in_shell;
    vec![
        ("check and send", check_page(shell(), &ready, &errors, "key").to_string()),
        ("check, not complete", check_page(shell(), &early, &Invalid::default(), "key").to_string()),
    ]
}
