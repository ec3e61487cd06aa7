//! The task list: verb-led names, whole row linked, "Completed" without a tag.

use askama::Template;

use super::tag::{Colour, Tag};
use crate::component;
use crate::html::Html;

/// Where a task stands. Statuses are adjectives; red is for problems only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskStatus {
    /// Black text, no tag.
    Completed,
    /// Some answers are there.
    InProgress,
    /// Nothing yet.
    NotStarted,
    /// Waits for another task: grey, and no link.
    CannotStart,
    /// Something is wrong; the words say what.
    Problem(String),
}

impl TaskStatus {
    fn html(&self) -> Html {
        match self {
            Self::Completed => "Completed".into(),
            Self::InProgress => Tag::new("In progress", Colour::Teal).into(),
            Self::NotStarted => Tag::new("Not yet started", Colour::Blue).into(),
            Self::CannotStart => "Cannot start yet".into(),
            Self::Problem(words) => Tag::new(words, Colour::Red).into(),
        }
    }
}

/// One task.
#[derive(Debug, Clone)]
pub struct Task {
    name: String,
    href: String,
    hint: Option<String>,
    status: TaskStatus,
}

impl Task {
    /// A task, named by what to do: "Describe the child's needs".
    pub fn new(name: impl Into<String>, href: impl Into<String>, status: TaskStatus) -> Self {
        Self { name: name.into(), href: href.into(), hint: None, status }
    }

    /// A hint below the name; no links in it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn is_linked(&self) -> bool {
        self.status != TaskStatus::CannotStart
    }
}

/// A list of tasks. Put a heading above each list of a page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/task_list.html")]
pub struct TaskList {
    id: String,
    tasks: Vec<Task>,
}

impl TaskList {
    /// `id` begins the ids of the rows, so it is another one for each list of a page.
    pub fn new(id: impl Into<String>, tasks: impl IntoIterator<Item = Task>) -> Self {
        Self { id: id.into(), tasks: tasks.into_iter().collect() }
    }
}

component!(TaskList);
