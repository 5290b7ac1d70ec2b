//! Every story in `scenarios/` is well formed, says which rules it shows, and comes true.

#![expect(clippy::unwrap_used, reason = "a story that cannot be read is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};

use ravs_examples::scenario::{Line, Run, Scenario, StoreKind};

fn stories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_story_is_well_formed() {
    assert!(stories().len() >= 25);
    for file in stories() {
        match Scenario::read(&file) {
            Ok(story) => assert!(!story.steps.is_empty(), "{}", file.display()),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn every_story_begins_with_what_it_tells_and_which_rules_it_shows() {
    for file in stories() {
        let text = fs::read_to_string(&file).unwrap();
        let head: Vec<&str> = text.lines().take_while(|line| line.starts_with("# ")).collect();
        assert!(head.len() >= 2, "{}", file.display());
        let rules = head.last().unwrap().trim_start_matches("# ");
        assert!(rules.split(' ').all(|rule| rule.starts_with("R-")), "{}: {rules}", file.display());
    }
}

#[test]
fn nearly_every_step_expects_something() {
    for file in stories() {
        let story = Scenario::read(&file).unwrap();
        let silent = story.steps.iter().filter(|step| step.expect.is_none()).count();
        assert!(silent <= 1, "{}: {silent} steps expect nothing", file.display());
    }
}

async fn told(story: &Scenario) -> Vec<Line> {
    let store = StoreKind::Memory.open(1, 1).await.unwrap();
    let mut run = Run::begin(&store, &story.setup);
    let mut lines = Vec::new();
    for step in &story.steps {
        lines.push(run.tell(step).await);
    }
    lines
}

#[tokio::test]
async fn every_story_comes_true() {
    for file in stories() {
        let story = Scenario::read(&file).unwrap();
        for (step, line) in story.steps.iter().zip(told(&story).await) {
            let at = format!("{}:{}", file.display(), step.line);
            assert!(line.passed(), "{at}: {:?} {:?}", line.outcome, line.unmet);
        }
    }
}

#[tokio::test]
async fn a_story_gives_the_same_bytes_every_time() {
    for file in stories() {
        let story = Scenario::read(&file).unwrap();
        let (first, second) = (told(&story).await, told(&story).await);
        for (first, second) in first.iter().zip(&second) {
            assert_eq!(first.to_json().unwrap(), second.to_json().unwrap(), "{}", file.display());
        }
    }
}
