//! What counts as a word, and as the same word.

/// Words that are no reason to find a body or not to.
const LITTLE: &[&str] = &["and", "of", "the"];

/// Words that stand for each other, wherever they are.
const SAME: &[(&str, &str)] = &[
    ("st", "saint"),
    ("rd", "road"),
    ("ave", "avenue"),
    ("ln", "lane"),
    ("sq", "square"),
    ("dr", "doctor"),
    ("ctr", "centre"),
    ("center", "centre"),
    ("hosp", "hospital"),
];

/// The most characters of a query that are looked at.
const MOST: usize = 200;

/// What of a query is looked at: long ones are none that anybody types, and cost the more.
pub(crate) fn looked_at(query: &str) -> &str {
    let query = query.trim_start();
    let end = query.char_indices().nth(MOST).map_or(query.len(), |(end, _)| end);
    query.get(..end).unwrap_or_default().trim_end()
}

/// What stands for an apostrophe.
const APOSTROPHES: [char; 5] = ['\'', '’', '‘', '`', '´'];

/// The words of a text in lower case: letters without their accents, and digits. Apostrophes are
/// left out (`Guy's` is `guys`), `&` and `+` are `and`, all else divides words.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            words.push(std::mem::take(word));
        }
    };
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            '&' | '+' => {
                end(&mut word);
                word.push_str("and");
                end(&mut word);
            }
            letter if APOSTROPHES.contains(&letter) => {}
            // what lower-casing or a keyboard leaves of an accent
            '\u{300}'..='\u{36f}' => {}
            letter if letter.is_alphanumeric() => word.push(without_accent(letter)),
            _ => end(&mut word),
        }
    }
    end(&mut word);
    words
}

/// The words that a search goes by: all but the little ones, unless there are no others.
pub(crate) fn telling(words: Vec<String>) -> Vec<String> {
    let telling: Vec<String> = words.iter().filter(|word| !is_little(word)).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

fn is_little(word: &str) -> bool {
    LITTLE.contains(&word)
}

/// A name in the one form in which two that are the same are equal: its telling words, each in
/// the shorter of its forms.
pub(crate) fn title(words: Vec<String>) -> String {
    let short = |word: String| match SAME.iter().find(|(_, long)| *long == word) {
        Some((short, _)) if word == "saint" => (*short).to_owned(),
        _ => word,
    };
    telling(words).into_iter().map(short).collect::<Vec<_>>().join(" ")
}

/// The words by which a text is found: its own, those that an apostrophe would divide, and those
/// that stand for any of them.
pub(crate) fn findable(text: &str) -> Vec<String> {
    let mut found = words(text);
    if text.contains(APOSTROPHES) {
        let divided = words(&text.replace(APOSTROPHES, " "));
        let new = divided.into_iter().filter(|word| !found.contains(word));
        found.extend(new.collect::<Vec<_>>());
    }
    for index in 0..found.len() {
        let own = found.get(index).cloned().unwrap_or_default();
        found.extend(SAME.iter().filter_map(|(a, b)| {
            let other = if *a == own {
                b
            } else if *b == own {
                a
            } else {
                return None;
            };
            Some((*other).to_owned())
        }));
    }
    found
}

/// The words by which a line of an address is found. There `St` may be a street, and `street` is
/// found by `st`.
pub(crate) fn findable_line(line: &str) -> Vec<String> {
    let own = words(line);
    let mut found = findable(line);
    if own.last().is_some_and(|last| last == "st") {
        found.push("street".to_owned());
    }
    if own.iter().any(|word| word == "street") {
        found.push("st".to_owned());
    }
    found
}

/// The letters that names and addresses in these islands have accents on.
fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_case_and_accents_do_not_matter() {
        for same in ["GUY'S & ST. THOMAS'", "guy’s and st thomas", " Gùys—and (St) Thomas"] {
            assert_eq!(words(same), ["guys", "and", "st", "thomas"], "{same}");
        }
        assert_eq!(words("A&E, 2nd floor/annex"), ["a", "and", "e", "2nd", "floor", "annex"]);
        assert_eq!(words("TY^ GWYN, LLANFAIR-YM-MUALLT").len(), 5);
        assert_eq!(words(" -.'&"), ["and"]);
        assert_eq!(words(" -.'"), [""; 0]);
    }

    #[test]
    fn the_beginning_of_a_query_is_looked_at() {
        assert_eq!(looked_at("  royal free "), "royal free");
        let long = "é ".repeat(50_000);
        assert_eq!(looked_at(&long).chars().count(), MOST - 1);
        assert_eq!(looked_at(&"𝕩".repeat(50_000)).chars().count(), MOST);
    }

    #[test]
    fn little_words_count_only_where_there_are_no_others() {
        assert_eq!(telling(words("the Isle of Wight")), ["isle", "wight"]);
        assert_eq!(telling(words("The")), ["the"]);
        assert_eq!(title(words("THE SAINT & SAND SURGERY")), "st sand surgery");
        assert_eq!(title(words("the st. and sand surgery")), "st sand surgery");
        assert_eq!(title(words("HOSPITAL ROAD")), "hospital road");
    }

    #[test]
    fn words_that_stand_for_each_other_find_each_other() {
        assert_eq!(findable("St Anns Rd"), ["st", "anns", "rd", "saint", "road"]);
        assert_eq!(findable("Saint Anns Road"), ["saint", "anns", "road", "st", "rd"]);
        assert_eq!(findable("O'Brien's"), ["obriens", "o", "brien", "s"]);
        assert_eq!(findable_line("12 HIGH ST"), ["12", "high", "st", "saint", "street"]);
        assert_eq!(findable_line("ST ANNS STREET"), ["st", "anns", "street", "saint", "st"]);
        assert_eq!(findable_line("MILL STREET"), ["mill", "street", "st"]);
    }
}
