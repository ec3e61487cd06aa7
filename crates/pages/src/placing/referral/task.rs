//! The task list of a referral and the page of each task: one topic, saved when the officer goes on.

use jiff::civil::Date;
use placewell_domain::authority::lookup;
use placewell_domain::homes::home::{Need, Sex};
use placewell_domain::id::HomeId;
use placewell_domain::outcome::{FieldError, Invalid};
use placewell_domain::placing::referral::legal::{AmountBand, SearchApprover};
use placewell_domain::placing::referral::narrative::LONGEST;
use placewell_domain::placing::referral::profile::{AvoidPlace, AvoidReason, Education, Health, Papers};
use placewell_domain::placing::referral::standard::{
    Communication, CulturalNeeds, LivingCompanions, NeededBy, OtherText, OutOfAreaReason, Pets, Presence, Risk,
    RiskLevel, Suitability, Support,
};
use placewell_domain::placing::referral::task::{Progress, header};
use placewell_domain::placing::referral::{EmergencyCause, LegalBasis, Narrative, Profile, Task};

use crate::components::{Button, ButtonGroup, Inset, Link, TaskList, TaskStatus, Warning, list};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::office::document::{self, DocumentLine};
use crate::page::Page;
use crate::shell::Shell;

/// The task list.
#[derive(Debug, Clone)]
pub struct TasksView {
    /// The reference.
    pub reference: String,
    /// Each task and how far it has come.
    pub progress: Vec<(Task, Progress)>,
    /// About how many seconds of standard questions are left.
    pub seconds_left: u32,
    /// Whether it is an emergency: seven answers are enough to send.
    pub emergency: bool,
}

/// The task list (S-04).
pub fn tasks_page(shell: Shell, view: &TasksView) -> Page {
    let reference = view.reference.as_str();
    let shell = shell.titled("Prepare a referral").record(reference).caption(reference).back("/referrals");
    let left = if view.seconds_left == 0 {
        "Every standard question is answered.".to_owned()
    } else {
        format!("About {} seconds of standard questions left.", view.seconds_left)
    };
    let mut page = Page::new(shell).narrow().text(format!("{}. {left}", header(&view.progress)));
    if view.emergency {
        page = page
            .with(Inset::new("Emergency: seven tasks are enough to send. Complete the rest within 2 working days."));
    }
    for (group, tasks) in Task::GROUPS {
        let rows = tasks.iter().map(|task| {
            let state = view.progress.iter().find(|(one, _)| one == task).map(|(_, state)| *state);
            let status = match state {
                Some(Progress::Complete) => TaskStatus::Completed,
                Some(Progress::Incomplete) => TaskStatus::InProgress,
                Some(Progress::NotStarted) | None => TaskStatus::NotStarted,
            };
            list::Task::new(task.label(), format!("/referrals/{reference}/{}", task.code()), status)
        });
        let id = group.to_lowercase().replace(' ', "-");
        page = page.heading(group).with(TaskList::new(id, rows));
    }
    page.with(
        ButtonGroup::new()
            .with(Button::link("Check and send", format!("/referrals/{reference}/check")))
            .with(Link::new("Withdraw this referral", format!("/referrals/{reference}/withdraw"))),
    )
}

/// One task's page.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// The reference.
    pub reference: String,
    /// The version that the form is made from.
    pub version: i64,
    /// Which topic.
    pub task: Task,
    /// What stands in the form.
    pub typed: Typed,
    /// The child's age and on which day, as it follows from the date of birth.
    pub age: Option<String>,
    /// The duties that follow from the legal basis, one a line.
    pub duties: Vec<String>,
    /// The lots of the arrangement: code and name.
    pub lots: Vec<(String, String)>,
    /// What was carried over and has to be said again: risk and the day of the last answer.
    pub to_confirm: Vec<(Risk, Date)>,
    /// What the task still asks for.
    pub open: Vec<FieldError>,
    /// The documents that were added; the task of documents only.
    pub documents: Vec<DocumentLine>,
}

/// The page of a task.
pub fn task_page(shell: Shell, view: &TaskView, errors: &Invalid, key: &str) -> Page {
    let reference = view.reference.as_str();
    let action = format!("/referrals/{reference}/{}", view.task.code());
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(view.task.label())
        .record(reference)
        .caption(reference)
        .back(format!("/referrals/{reference}/tasks"))
        .with_errors(errors);
    let mut page = Page::new(shell).narrow();
    if free_text(view.task) {
        page = page.with(Inset::new("Do not include names or addresses. Providers will read this."));
    }
    if !view.to_confirm.is_empty() {
        page = page.with(Warning::new("Answers were carried over from an earlier referral. Check each one."));
    }
    if let Some(age) = &view.age {
        page = page.with(Inset::new(age.as_str()));
    }
    if !view.duties.is_empty() {
        let duties = Html::bullets(view.duties.iter().map(String::as_str));
        page = page.with(crate::components::Details::new("What follows from the legal basis", duties));
    }
    let mut form = Form::post(action, csrf, key).version(view.version);
    for field in fields(view) {
        form = form.field(field.errors(errors));
    }
    if !view.open.is_empty() && errors.errors.is_empty() {
        let open = Html::bullets(view.open.iter().map(|error| error.message.as_str()));
        page = page.with(crate::components::Details::new("What this task still needs", open));
    }
    if view.task == Task::Documents {
        page = page.with(document::table(&view.documents));
        form = form.field(document::field(errors));
    }
    page.with(form.submit("Save and continue").cancel(format!("/referrals/{reference}/tasks")))
}

const fn free_text(task: Task) -> bool {
    matches!(task, Task::Needs | Task::Education | Task::Health | Task::RisksToChild | Task::RisksToOthers)
}

macro_rules! choices {
    ($list:ident) => {
        $list::ALL.iter().map(|value| Choice::new(value.code(), value.label()))
    };
}

/// Fills fields from what stands in the form.
struct Fill<'a>(&'a Typed);

impl Fill<'_> {
    fn field(&self, field: Field, name: &str) -> Field {
        field.value(self.0.get(name))
    }

    fn radios(&self, name: &str, legend: &str, choices: Vec<Choice>) -> Field {
        self.field(Field::radios(name, legend, choices), name)
    }

    fn area(&self, name: &str, label: &str) -> Field {
        self.field(Field::textarea(name, label).limit(LONGEST), name)
    }

    fn yes_no(&self, name: &str, legend: &str) -> Field {
        self.field(Field::yes_no(name, legend), name)
    }

    fn date(&self, name: &str, label: &str) -> Field {
        Field::date(name, label).parts(self.0.date(name))
    }

    fn other(&self, other: OtherText) -> Field {
        self.field(Field::text(other.code(), other.label()), other.code())
    }
}

/// The fields of a task's page, filled.
fn fields(view: &TaskView) -> Vec<Field> {
    let fill = &Fill(&view.typed);
    match view.task {
        Task::About => about_fields(fill),
        Task::Needs => {
            [words_fields(fill, &view.lots), support_fields(fill), suitability_fields(fill), need_fields(fill)].concat()
        }
        Task::Alongside => vec![
            fill.radios("living_companions", "Who can the child live alongside?", choices!(LivingCompanions).collect()),
            fill.radios("pets", "Can the child live with pets?", choices!(Pets).collect()),
            fill.field(
                Field::number("sibling_count", "How many siblings to place together with?").hint("Enter 0 if none."),
                "sibling_count",
            ),
        ],
        Task::When => when_fields(fill),
        Task::Where => where_fields(fill),
        Task::Education => vec![
            fill.radios("education", "What does the child's education need?", choices!(Education).collect()),
            fill.area("education_words", "Education in words"),
        ],
        Task::Health => vec![
            fill.radios("health", "What does the child's health need?", choices!(Health).collect()),
            fill.area("health_words", "Health and therapy in words"),
        ],
        Task::RisksToChild => risk_fields(Risk::TO_CHILD, view),
        Task::RisksToOthers => {
            let mut fields = risk_fields(Risk::TO_OTHERS, view);
            fields.push(
                fill.area("risk_chronology", "History of risks, without names")
                    .hint("Only shortlisted homes read this."),
            );
            fields
        }
        Task::Liberty => vec![fill.yes_no("deprivation_of_liberty", "Is there a deprivation of liberty order?")],
        Task::Documents => {
            vec![fill.radios("papers", "Do documents go with the referral?", choices!(Papers).collect())]
        }
        Task::Recipients => Vec::new(),
    }
}

fn about_fields(fill: &Fill) -> Vec<Field> {
    vec![
        fill.radios(
            "sex",
            "Registered sex of the home",
            vec![Choice::new(Sex::Female.code(), "For a girl"), Choice::new(Sex::Male.code(), "For a boy")],
        ),
        fill.radios("legal_basis", "Legal basis", choices!(LegalBasis).collect()),
        fill.yes_no("complex_needs", "Does the child have complex needs?")
            .hint("Living alone, 2:1 or 3:1 staffing, therapy, or a deprivation of liberty order."),
    ]
}

/// The child in words, the lot and the band.
fn words_fields(fill: &Fill, lots: &[(String, String)]) -> Vec<Field> {
    vec![
        fill.area("what_helps", "What helps?").hint("What the child likes, what works, who matters to them."),
        fill.area("wishes", "What the child says they want")
            .hint("Or why they could not be asked. Homes do not read this."),
        fill.radios("lot", "Lot", lots.iter().map(|(code, name)| Choice::new(code, name.as_str())).collect()),
        fill.radios("need_band", "Band of need", BANDS.iter().map(|(code, name)| Choice::new(*code, *name)).collect()),
    ]
}

/// Communication, culture, support and adaptation.
fn support_fields(fill: &Fill) -> Vec<Field> {
    vec![
        fill.radios(
            "communication_needs",
            "Are there communication, language or learning needs?",
            choices!(Presence).collect(),
        ),
        Field::checkboxes("communication", "Which communication needs?", choices!(Communication))
            .values(fill.0.all("communication")),
        fill.other(OtherText::Communication),
        fill.radios("cultural_needs", "Must the home meet cultural needs?", choices!(CulturalNeeds).collect()),
        fill.other(OtherText::Culture),
        Field::checkboxes("additional_support", "Additional support", choices!(Support))
            .values(fill.0.all("additional_support")),
        fill.other(OtherText::Support),
        fill.yes_no("home_adaptation", "Does the home need to be adapted?"),
    ]
}

/// How well each kind of care would suit.
fn suitability_fields(fill: &Fill) -> Vec<Field> {
    Vec::from(
        [
            ("foster_care", "How well would foster care suit?"),
            ("residential_care", "How well would a children's home suit?"),
            ("supported_accommodation", "How well would supported accommodation suit?"),
        ]
        .map(|(name, legend)| fill.radios(name, legend, choices!(Suitability).collect())),
    )
}

/// The needs that no other question asks for, and the must-haves among all of them.
fn need_fields(fill: &Fill) -> Vec<Field> {
    let needs = || Need::ALL.iter().map(|need| Choice::new(need.code(), need.label()));
    vec![
        Field::checkboxes(
            "further_needs",
            "Other needs of a home",
            FURTHER.iter().map(|need| Choice::new(need.code(), need.label())),
        )
        .values(fill.0.all("further_needs")),
        Field::checkboxes("must_haves", "Must-haves", needs())
            .values(fill.0.all("must_haves"))
            .hint("Tick only what no home may lack. Each must be among the child's needs."),
    ]
}

fn when_fields(fill: &Fill) -> Vec<Field> {
    vec![
        fill.radios("needed_by", "By when is the home needed?", choices!(NeededBy).collect()),
        fill.date("start", "Start date").hint("The date the child needs the home, for example 27 9 2021"),
        fill.date("planned_end", "Planned end").hint("A first estimate. It is reviewed at each review."),
        fill.field(
            Field::select(
                "emergency",
                "Emergency",
                core::iter::once(Choice::new("", "Not an emergency")).chain(choices!(EmergencyCause)),
            ),
            "emergency",
        )
        .hint("A start by the end of the next working day."),
        fill.radios("approved_by", "Who approved the search and its money?", choices!(SearchApprover).collect()),
        fill.field(
            Field::text("approved_who", "Who spoke for it?").hint("The name of the chair or the manager."),
            "approved_who",
        ),
        fill.date("approved_on", "Approved on"),
        fill.radios("approved_band", "Up to which price is it approved?", choices!(AmountBand).collect()),
        fill.field(
            Field::text("approval_reference", "Reference in your papers").plain().width(20),
            "approval_reference",
        ),
    ]
}

fn where_fields(fill: &Fill) -> Vec<Field> {
    let mut fields = vec![
        fill.field(
            Field::text("from", "Measure distances from")
                .plain()
                .width(5)
                .hint("The first part of a postcode, for example HR4: the school or friends. Homes see it."),
            "from",
        ),
        Field::checkboxes(
            "from_home",
            "Where no district is entered",
            [Choice::new("yes", "Measure from the family home")],
        )
        .hint("Homes do not see where that is.")
        .values(fill.0.all("from_home")),
        fill.field(
            Field::number("within_miles", "Furthest distance")
                .suffix("miles")
                .hint("Leave empty if there is no limit."),
            "within_miles",
        ),
        fill.yes_no("preferred_location_local", "Is a home in your own area preferred?"),
        fill.radios("out_of_area_reason", "If not, why?", choices!(OutOfAreaReason).collect()),
        fill.other(OtherText::OutOfArea),
    ];
    fields.extend((1..=avoid_rows(fill.0)).flat_map(|row| avoid_fields(fill, row)));
    fields
}

/// Rows of places to avoid: those filled, and two to fill.
fn avoid_rows(typed: &Typed) -> usize {
    let filled = (1..=18).filter(|row| !typed.get(&format!("avoid{row}_place")).is_empty()).max().unwrap_or(0);
    filled + 2
}

fn avoid_fields(fill: &Fill, row: usize) -> [Field; 3] {
    let name = |part: &str| format!("avoid{row}_{part}");
    let kinds = [
        Choice::new("", "None"),
        Choice::new("district", "A postcode district"),
        Choice::new("area", "An authority's whole area"),
        Choice::new("home", "A home"),
    ];
    let reasons = core::iter::once(Choice::new("", "Choose a reason")).chain(choices!(AvoidReason));
    let kind = Field::select(name("kind"), format!("Place to avoid {row}"), kinds);
    let place = Field::text(name("place"), format!("Which place is it ({row})?"))
        .plain()
        .hint("A district like B31, an authority like Shropshire, or a home's Ofsted number. Homes never see this.");
    let reason = Field::select(name("reason"), format!("Why not there ({row})?"), reasons);
    [fill.field(kind, &name("kind")), fill.field(place, &name("place")), fill.field(reason, &name("reason"))]
}

/// The bands of need.
pub const BANDS: &[(&str, &str)] = &[
    ("standard", "Standard"),
    ("enhanced", "Enhanced: extra staff at times"),
    ("complex", "Complex: 1:1 or more most of the time"),
];

/// Needs that no standard question asks for.
const FURTHER: &[Need] = &[Need::WakingNight, Need::HealthCare, Need::LearningDisability, Need::Autism];

fn risk_fields(risks: &[Risk], view: &TaskView) -> Vec<Field> {
    risks
        .iter()
        .flat_map(|risk| {
            let words = format!("words_{}", risk.code());
            let levels = RiskLevel::ALL.iter().map(|level| Choice::new(level.code(), level.label()));
            let mut radios =
                Field::radios(risk.code(), risk.label(), levels).inline().value(view.typed.get(risk.code()));
            if let Some((_, on)) = view.to_confirm.iter().find(|(one, _)| one == risk) {
                radios = radios.hint(format!("Check this, last confirmed {}.", crate::words::date(*on)));
            }
            let text = Field::textarea(words.as_str(), format!("What to know: {}", risk.label().to_lowercase()))
                .rows(2)
                .limit(LONGEST)
                .value(view.typed.get(&words));
            [radios, text]
        })
        .collect()
}

/// The stored answers of a task as its form shows them; homes to avoid by their Ofsted numbers.
#[must_use]
pub fn stored(task: Task, profile: &Profile, narrative: &Narrative, avoided: &[(HomeId, String)]) -> Typed {
    let mut typed = Typed::default();
    let standard = &profile.standard;
    match task {
        Task::About => {
            typed.code("sex", profile.sex.map(Sex::code));
            typed.code("legal_basis", profile.legal_basis.map(LegalBasis::code));
            typed.flag("complex_needs", profile.complex_needs);
        }
        Task::Needs => stored_needs(&mut typed, profile, narrative),
        Task::Alongside => {
            typed.code("living_companions", standard.living_companions.map(LivingCompanions::code));
            typed.code("pets", standard.pets.map(Pets::code));
            typed.code("sibling_count", standard.sibling_count.map(|count| count.to_string()).as_deref());
        }
        Task::When => stored_times(&mut typed, profile),
        Task::Where => stored_places(&mut typed, profile, narrative, avoided),
        Task::Education => {
            typed.code("education", profile.education.map(Education::code));
            typed.set("education_words", &narrative.education);
        }
        Task::Health => {
            typed.code("health", profile.health.map(Health::code));
            typed.set("health_words", &narrative.health);
        }
        Task::RisksToChild | Task::RisksToOthers => {
            let risks = if task == Task::RisksToChild { Risk::TO_CHILD } else { Risk::TO_OTHERS };
            for risk in risks {
                let level = standard.risk(*risk).filter(|answer| !answer.to_confirm).map(|answer| answer.level.code());
                typed.code(risk.code(), level);
                typed.set(&format!("words_{}", risk.code()), narrative.risk(*risk));
            }
            typed.set("risk_chronology", &narrative.risk_chronology);
        }
        Task::Liberty => typed.flag("deprivation_of_liberty", standard.deprivation_of_liberty),
        Task::Documents => typed.code("papers", profile.papers.map(Papers::code)),
        Task::Recipients => {}
    }
    typed
}

fn stored_needs(typed: &mut Typed, profile: &Profile, narrative: &Narrative) {
    let standard = &profile.standard;

    typed.set("what_helps", &narrative.what_helps);
    typed.set("wishes", &narrative.wishes);
    typed.code("lot", profile.lot.as_deref());
    typed.code("need_band", profile.need_band.as_deref());
    typed.code("communication_needs", standard.communication_needs.map(Presence::code));
    standard.communication.iter().for_each(|one| typed.set("communication", one.code()));
    typed.code("cultural_needs", standard.cultural_needs.map(CulturalNeeds::code));
    standard.additional_support.iter().for_each(|one| typed.set("additional_support", one.code()));
    typed.flag("home_adaptation", standard.home_adaptation);
    typed.code("foster_care", standard.foster_care.map(Suitability::code));
    typed.code("residential_care", standard.residential_care.map(Suitability::code));
    typed.code("supported_accommodation", standard.supported_accommodation.map(Suitability::code));
    profile.further_needs.iter().for_each(|need| typed.set("further_needs", need.code()));
    profile.must_haves.iter().for_each(|need| typed.set("must_haves", need.code()));
    for field in [OtherText::Communication, OtherText::Culture, OtherText::Support] {
        typed.set(field.code(), narrative.other(field));
    }
}

fn stored_times(typed: &mut Typed, profile: &Profile) {
    let standard = &profile.standard;

    typed.code("needed_by", standard.needed_by.map(NeededBy::code));
    typed.day("start", profile.start);
    typed.day("planned_end", profile.planned_end);
    typed.code("emergency", profile.emergency.map(EmergencyCause::code));
    if let Some(approval) = &profile.search_approval {
        typed.set("approved_by", approval.by.code());
        typed.set("approved_who", &approval.who);
        typed.code("approved_band", approval.band.map(AmountBand::code));
        typed.day("approved_on", Some(approval.on));
        typed.set("approval_reference", &approval.reference);
    }
}

fn stored_places(typed: &mut Typed, profile: &Profile, narrative: &Narrative, avoided: &[(HomeId, String)]) {
    let standard = &profile.standard;

    typed.code("from", profile.from.as_ref().map(ToString::to_string).as_deref());
    if profile.from_home {
        typed.set("from_home", "yes");
    }
    typed.code("within_miles", profile.within_miles.map(|miles| miles.to_string()).as_deref());
    typed.flag("preferred_location_local", standard.preferred_location_local);
    typed.code("out_of_area_reason", standard.out_of_area_reason.map(OutOfAreaReason::code));
    typed.set(OtherText::OutOfArea.code(), narrative.other(OtherText::OutOfArea));
    for (row, avoid) in (1..).zip(&profile.avoid) {
        let (kind, place) = match &avoid.place {
            AvoidPlace::District(outcode) => ("district", outcode.to_string()),
            AvoidPlace::Area(code) => {
                ("area", lookup(*code).map_or_else(|| code.to_string(), |area| area.name.to_owned()))
            }
            AvoidPlace::Home(id) => {
                let urn = avoided.iter().find(|(known, _)| known == id).map(|(_, urn)| urn.clone());
                ("home", urn.unwrap_or_default())
            }
        };
        typed.set(&format!("avoid{row}_kind"), kind);
        typed.set(&format!("avoid{row}_place"), place);
        typed.set(&format!("avoid{row}_reason"), avoid.reason.code());
    }
}

/// Samples: the list, and the page of every task, one of them with an error.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = crate::samples::signed_in_shell;
    let progress = Task::ALL
        .iter()
        .map(|task| (*task, if *task == Task::About { Progress::Complete } else { Progress::NotStarted }));
    let list =
        TasksView { reference: "HEF-R-0042".into(), progress: progress.collect(), seconds_left: 72, emergency: true };
    let mut all = vec![("task list", tasks_page(shell(), &list).to_string())];
    for task in Task::ALL.iter().copied().filter(|task| *task != Task::Recipients) {
        let view = TaskView {
            reference: "HEF-R-0042".into(),
            version: 2,
            task,
            typed: stored(task, &Profile::default(), &Narrative::default(), &[]),
            age: (task == Task::About).then(|| "13 on 27 September 2021, by the date of birth on record.".into()),
            duties: vec!["First visit within 7 days of the start (regulation 28)".into()],
            lots: vec![("planned".into(), "Planned residential care".into())],
            to_confirm: vec![(Risk::Missing, jiff::civil::date(2020, 6, 3))],
            open: vec![FieldError {
                field: "age".into(),
                message: "Enter the child's age on the day the home is needed".into(),
            }],
            documents: vec![DocumentLine {
                number: "document-1.pdf".into(),
                format: "PDF".into(),
                ..DocumentLine::default()
            }],
        };
        let errors = if task == Task::Where {
            Invalid::one("from", "Enter the first part of a postcode, like HR4")
        } else {
            Invalid::default()
        };
        all.push((task.label(), task_page(shell(), &view, &errors, "key").to_string()));
    }
    all
}
