//! A story and how it went, for people: a line a step, among what the file itself says.

mod asked;
mod told;

use super::line::{Line, Outcome};
use crate::scenario::file::{Comment, Scenario};
use crate::scenario::step::Step;

/// Lays out one story for people.
#[derive(Debug)]
pub struct Pretty<'a> {
    story: &'a Scenario,
    comments: &'a [Comment],
}

impl<'a> Pretty<'a> {
    /// Nothing is laid out yet.
    #[must_use]
    pub fn new(story: &'a Scenario) -> Self {
        Self { story, comments: &story.comments }
    }

    /// The story's heading: its file.
    #[must_use]
    pub fn heading(&self) -> String {
        format!("{}\n", self.story.path.display())
    }

    /// A step and how it went, after the comments that stand before it.
    #[must_use]
    pub fn step(&mut self, step: &Step, line: &Line) -> String {
        let mut text = self.comments_before(step.line);
        let Line { step: number, at, word, outcome, unmet } = line;
        let at = at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        let (actor, asked) = (&step.actor, asked::asked(&step.command));
        let told = match outcome {
            Outcome::Result(answer) => answer.to_string(),
            Outcome::Refused(refused) => refused.to_string(),
            Outcome::Error(why) => format!("error: {why}"),
        };
        let told = visible(&format!("{number:>4}  {at}  {actor}  {word}{asked} -> {told}"));
        text.push_str(&told);
        text.push('\n');
        for difference in unmet {
            text.push_str(&visible(&format!("      !! not as expected: {difference}")));
            text.push('\n');
        }
        text
    }

    /// The comments that are left when every step was told.
    #[must_use]
    pub fn rest(&mut self) -> String {
        self.comments_before(usize::MAX)
    }

    /// The comments before that line, each block after an empty line.
    fn comments_before(&mut self, line: usize) -> String {
        let here = self.comments.partition_point(|comment| comment.line < line);
        let (before, after) = self.comments.split_at_checked(here).unwrap_or_default();
        self.comments = after;
        let mut text = String::new();
        let mut last = None;
        for Comment { line, text: comment } in before {
            if last.is_none_or(|last| last + 1 != *line) {
                text.push('\n');
            }
            text.push_str(&visible(&format!("  {comment}")));
            text.push('\n');
            last = Some(*line);
        }
        text
    }
}

/// A line that does nothing to the terminal it is read on: its control characters are spelled out.
fn visible(line: &str) -> String {
    let spelled = |c: char| match c {
        c if c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
            c.escape_default().to_string()
        }
        c => c.to_string(),
    };
    line.chars().map(spelled).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_does_nothing_to_a_terminal() {
        assert_eq!(super::visible("a\u{1b}[2J\nü\u{202e}"), "a\\u{1b}[2J\\nü\\u{202e}");
    }

    use std::path::Path;

    use chrono::DateTime;

    use super::*;
    use crate::scenario::run::answer::Answer;

    const STORY: &str = r#"# A story.
# R-L6

# First.
{"at":"2025-05-12T10:00:00Z","actor":"system","do":"sweep"}
{"actor":"system","do":"deliver","provider":"down"}
# The end."#;

    #[test]
    fn steps_stand_among_the_comments() {
        let story = Scenario::parse(Path::new("a.jsonl"), STORY).unwrap();
        let mut pretty = Pretty::new(&story);
        let line = |number, word, outcome| Line::new(number, DateTime::UNIX_EPOCH, word, outcome);
        let closed = Box::new(Answer::Closed { closed: vec!["uclh".into()] });
        let mut second = line(2, "deliver", Outcome::Error("unavailable".into()));
        second.unmet = vec!["expected a result".into()];
        let mut text = pretty.heading();
        text += &pretty.step(&story.steps[0], &line(1, "sweep", Outcome::Result(closed)));
        text += &pretty.step(&story.steps[1], &second);
        text += &pretty.rest();
        assert_eq!(
            text,
            "a.jsonl\n\n  A story.\n  R-L6\n\n  First.\n   1  1970-01-01T00:00:00Z  system  sweep -> closed: \
             uclh\n   2  1970-01-01T00:00:00Z  system  deliver provider down -> error: \
             unavailable\n      !! not as expected: expected a result\n\n  The end.\n"
        );
    }
}
