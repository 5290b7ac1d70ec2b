//! One file, one story: JSON Lines, checked whole before anything is run.

use std::fs;
use std::path::{Path, PathBuf};

use super::fault::{Fault, Malformed, ScenarioError};
use super::fields::Fields;
use super::json;
use super::names::Names;
use super::setup::Setup;
use super::step::Step;

/// A story whose lines are all well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// The file as it was named.
    pub path: PathBuf,
    /// The world it begins in.
    pub setup: Setup,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// What the file says beside, in order.
    pub comments: Vec<Comment>,
}

/// A line that begins with `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The line in the file, counted from 1.
    pub line: usize,
    /// What it says, without the `#`.
    pub text: String,
}

impl Scenario {
    /// Reads a file.
    ///
    /// # Errors
    /// The file cannot be read, or lines of it are malformed; then every fault of every line is
    /// told.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        let text = fs::read_to_string(path)
            .map_err(|source| ScenarioError::Unreadable { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// Lines are malformed; every fault of every line is told.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ScenarioError> {
        let mut story = Story::default();
        // Some editors put a byte order mark in front, which is no part of the first line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if let Some(text) = line.strip_prefix('#') {
                let text = text.trim().to_owned();
                story.comments.push(Comment { line: index + 1, text });
            } else if !line.is_empty() {
                story.read_line(index + 1, line);
            }
        }
        if story.faults.is_empty() {
            let Story { setup, steps, comments, .. } = story;
            return Ok(Self { path: path.to_owned(), setup, steps, comments });
        }
        let file = path.display().to_string();
        let malformed = |(line, fault)| Malformed::new(&file, line, fault);
        Err(ScenarioError::Malformed { faults: story.faults.into_iter().map(malformed).collect() })
    }
}

#[derive(Default)]
struct Story {
    begun: bool,
    stepped: bool,
    setup: Setup,
    steps: Vec<Step>,
    comments: Vec<Comment>,
    names: Names,
    faults: Vec<(usize, Fault)>,
}

impl Story {
    fn read_line(&mut self, number: usize, line: &str) {
        let first = !self.begun;
        self.begun = true;
        match json::object(line) {
            Ok(object) if object.contains_key("setup") => {
                self.read_setup(number, first, Fields::of_line(object));
            }
            Ok(object) => self.read_step(number, Fields::of_line(object)),
            Err(fault) => self.faults.push((number, fault)),
        }
    }

    fn read_setup(&mut self, number: usize, first: bool, mut fields: Fields) {
        if !first {
            fields.fault("setup", "belongs to the first line only");
        }
        if let Some(setup) = Setup::read(&mut fields) {
            self.setup = setup;
        }
        self.faults.extend(fields.finish().into_iter().map(|fault| (number, fault)));
    }

    fn read_step(&mut self, number: usize, mut fields: Fields) {
        if !self.stepped && !fields.has("at") {
            fields.fault("at", "is missing, and there is no step before to take it from");
        }
        self.stepped = true;
        match Step::read(number, fields, &mut self.names) {
            Ok(step) => self.steps.push(step),
            Err(faults) => self.faults.extend(faults.into_iter().map(|fault| (number, fault))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Command;

    const SWEEP: &str = r#"{"at":"2025-05-12T10:00:00Z","actor":"system","do":"sweep"}"#;

    fn parse(lines: &[&str]) -> Result<Scenario, ScenarioError> {
        Scenario::parse(Path::new("story.jsonl"), &lines.join("\n"))
    }

    fn faults(lines: &[&str]) -> Vec<String> {
        match parse(lines) {
            Err(ScenarioError::Malformed { faults }) => {
                faults.iter().map(ToString::to_string).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn blank_lines_and_comments_are_skipped_and_counted() {
        let story = parse(&["# a story", "", "  # R-L1", SWEEP, "   ", SWEEP]).unwrap();
        assert_eq!(story.setup, Setup::default());
        assert_eq!(story.steps.iter().map(|step| step.line).collect::<Vec<_>>(), [4, 6]);
        assert_eq!(story.steps[0].command, Command::Sweep);
        let comment = |line, text: &str| Comment { line, text: text.to_owned() };
        assert_eq!(story.comments, [comment(1, "a story"), comment(3, "R-L1")]);
        assert_eq!(story.path, Path::new("story.jsonl"));
    }

    #[test]
    fn the_first_line_may_be_a_setup() {
        let story = parse(&["# a story", r#"{"setup":{"policy":"AUG_2024"}}"#, SWEEP]).unwrap();
        assert_eq!(story.setup.policy, ravs_core::Policy::AUG_2024);
        assert_eq!(story.steps.len(), 1);
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
        let text = format!("\u{feff}{{\"setup\":{{}}}}\r\n{SWEEP}\r\n");
        let story = Scenario::parse(Path::new("a"), &text).unwrap();
        assert_eq!(story.steps.len(), 1);
    }

    #[test]
    fn an_empty_story_has_no_steps() {
        assert_eq!(parse(&["# nothing yet"]).unwrap().steps, []);
    }

    #[test]
    fn a_setup_belongs_to_the_first_line() {
        assert_eq!(
            faults(&[SWEEP, r#"{"setup":{}}"#]),
            ["story.jsonl:2: field `setup`: belongs to the first line only"]
        );
        assert_eq!(
            faults(&[r#"{"setup":{},"do":"sweep"}"#]),
            ["story.jsonl:1: field `do`: is not known here"]
        );
    }

    #[test]
    fn the_first_step_says_when() {
        assert_eq!(
            faults(&[r#"{"actor":"system","do":"sweep"}"#, r#"{"actor":"system","do":"sweep"}"#]),
            ["story.jsonl:1: field `at`: is missing, and there is no step before to take it from"]
        );
    }

    #[test]
    fn every_fault_of_every_line_is_told() {
        let told = faults(&[
            "# a story",
            r#"{"setup":{"policy":"NEW"}}"#,
            r#"{"at":"noon","actor":"system","do":"sweep"}"#,
            "{",
            "",
            r#"{"actor":"support","do":"sweep","why":1}"#,
        ]);
        let starts: Vec<&str> =
            told.iter().map(|fault| fault.split(": ").next().unwrap_or_default()).collect();
        assert_eq!(
            starts,
            ["story.jsonl:2", "story.jsonl:3", "story.jsonl:4", "story.jsonl:6", "story.jsonl:6"]
        );
        assert!(told[4].contains("field `why`"));
    }

    #[test]
    fn names_live_from_line_to_line() {
        let onboard = r#"{"actor":"region:lead@nhs.net","do":"onboard","ods_code":"RRV","vaccines":[],"nominees":[],"as":"uclh"}"#;
        let show = r#"{"actor":"region:lead@nhs.net","do":"show","organisation":"uclh"}"#;
        assert_eq!(parse(&[SWEEP, onboard, show]).unwrap().steps.len(), 3);
        assert_eq!(faults(&[SWEEP, show, onboard]).len(), 1);
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = Scenario::read(Path::new("no/such/story.jsonl")).unwrap_err();
        assert!(error.to_string().starts_with("no/such/story.jsonl: cannot be read"));
    }
}
