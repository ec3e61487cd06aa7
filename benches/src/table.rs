//! The table that every measure prints: the figure, the rival's, the ratio, the target and whether it is reached.

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Line {
    /// What was measured.
    pub what: String,
    /// Ours.
    pub ours: String,
    /// The rival's; empty where the target has none.
    pub rival: String,
    /// Ours against the rival's.
    pub ratio: String,
    /// What is aimed at.
    pub target: String,
    /// Whether it is reached; none where the line only informs.
    pub reached: Option<bool>,
}

impl Line {
    /// A line that only informs.
    pub fn note(what: impl Into<String>, ours: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            ours: ours.into(),
            rival: String::new(),
            ratio: String::new(),
            target: String::new(),
            reached: None,
        }
    }

    /// The same line with its rival's figure and how many times better ours is.
    pub fn against(mut self, rival: impl Into<String>, times: f64) -> Self {
        self.rival = rival.into();
        self.ratio = format!("{times:.1}×");
        self
    }

    /// The same line with its target.
    pub fn aims(mut self, target: impl Into<String>, reached: bool) -> Self {
        self.target = target.into();
        self.reached = Some(reached);
        self
    }
}

/// Prints the lines as a Markdown table under the command that made them.
pub fn print(command: &str, lines: &[Line]) {
    println!("\n`{command}`\n");
    println!("| what | Placewell | rival | ratio | target | reached |");
    println!("|---|---|---|---|---|---|");
    for line in lines {
        let reached = line.reached.map_or("", |reached| if reached { "yes" } else { "**no**" });
        println!("| {} | {} | {} | {} | {} | {reached} |", line.what, line.ours, line.rival, line.ratio, line.target);
    }
    println!();
}
