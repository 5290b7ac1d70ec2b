//! The store and other processes: a second one is refused, and one that is killed loses nothing.
//!
//! This binary is also those processes: it runs itself again in a role.

#![expect(clippy::unwrap_used, clippy::panic, reason = "it is a test")]

mod child;
mod crash;
mod evidence;
mod exclusion;
mod journal;
mod load;

type Test = (&'static str, fn());

const TESTS: [Test; 3] = [
    ("what_was_acknowledged_outlasts_being_killed", crash::what_was_acknowledged_outlasts),
    ("a_second_process_is_refused", exclusion::a_second_process_is_refused),
    ("a_killed_process_gives_the_file_back", exclusion::a_killed_process_gives_the_file_back),
];

fn main() {
    if child::has_a_role() {
        return child::play();
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let words = arguments.iter().filter(|word| !word.starts_with('-'));
    let asked: Vec<&String> = words.filter(|_| !has("--list")).collect(); // `--format terse`
    let is_asked = |(name, _): &&Test| {
        asked.is_empty()
            || asked.iter().any(|word| match has("--exact") {
                true => word.as_str() == *name,
                false => name.contains(word.as_str()),
            })
    };
    // as the harness does, for what lists tests and runs them one by one; none is ever left out
    for (name, test) in TESTS.iter().filter(is_asked).filter(|_| !has("--ignored")) {
        if has("--list") {
            println!("{name}: test");
        } else {
            test();
            println!("test {name} ... ok");
        }
    }
}
