//! What is asked of the directory, by kind.

use ravs_adapters_ods::Entry;

/// A kind of query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole code.
    Code,
    /// The first letters of one.
    BeginningOfCode,
    /// A whole postcode, without its space.
    Postcode,
    /// An outward half.
    Outward,
    /// A whole name.
    Name,
    /// Some words of a name in another order, the last only begun.
    Words,
    /// What somebody has typed of a name so far: one to eight letters.
    Typing,
    /// A street and a town.
    Address,
    /// A name with two letters swapped.
    Misspelt,
    /// Words that are nowhere.
    Nothing,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Code,
        Self::BeginningOfCode,
        Self::Postcode,
        Self::Outward,
        Self::Name,
        Self::Words,
        Self::Typing,
        Self::Address,
        Self::Misspelt,
        Self::Nothing,
    ];

    /// What it is called in a table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::BeginningOfCode => "beginning of a code",
            Self::Postcode => "postcode",
            Self::Outward => "outward half",
            Self::Name => "name",
            Self::Words => "words of a name",
            Self::Typing => "name being typed",
            Self::Address => "street and town",
            Self::Misspelt => "misspelt name",
            Self::Nothing => "nothing there",
        }
    }
}

/// So many queries of that kind, each about another entry.
#[must_use]
pub fn queries(kind: Kind, entries: &[Entry], number: usize) -> Vec<String> {
    let step = (entries.len() / number.max(1)).max(1);
    // not the first of each step, so that every kind of body has its turn
    let some = entries.iter().skip(step / 2).step_by(step.saturating_add(1));
    some.take(number).enumerate().map(|(at, entry)| query(kind, at, entry)).collect()
}

fn query(kind: Kind, at: usize, entry: &Entry) -> String {
    let body = &entry.body;
    let name: Vec<&str> = body.name.split_whitespace().collect();
    let first = |letters: usize, text: &str| text.chars().take(letters).collect::<String>();
    match kind {
        Kind::Code => body.code.as_str().to_lowercase(),
        Kind::BeginningOfCode => first(at % 4 + 1, body.code.as_str()),
        Kind::Postcode => body.postcode.replace(' ', ""),
        Kind::Outward => body.postcode.split(' ').next().unwrap_or_default().to_owned(),
        Kind::Name => body.name.to_lowercase(),
        Kind::Words => match name.as_slice() {
            [one] => first(5, one),
            [start, .., last] => format!("{last} {}", first(5, start)),
            [] => String::new(),
        },
        Kind::Typing => first(at % 8 + 1, &body.name),
        Kind::Address => {
            let lines: Vec<&str> = body.address.split(", ").collect();
            let street = lines.first().map_or("", |line| line.trim_start_matches(char::is_numeric));
            format!("{} {}", street.trim(), lines.last().unwrap_or(&""))
        }
        Kind::Misspelt => {
            let swapped = name.iter().map(|word| swapped(word)).collect::<Vec<_>>();
            swapped.join(" ")
        }
        Kind::Nothing => format!("xylophonist{at} zebrafinch"),
    }
}

/// A long word with two letters in its middle swapped.
fn swapped(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let middle = letters.len() / 2;
    if letters.len() > 4 {
        letters.swap(middle, middle - 1);
    }
    letters.into_iter().collect()
}
