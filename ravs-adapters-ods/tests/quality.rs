//! What comes first over the shipped set, for every kind of query.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use ravs_adapters_ods::{OdsIndex, Source};
use ravs_core::port::{BodyDirectory as _, BodySearch, ClosedBodies};

/// The kind of query, what is typed, and the code of the body that has to come first; none where
/// nothing is to be found.
const TABLE: &[(&str, &str, &str)] = &[
    ("exact code", "RRV", "RRV"),
    ("exact code", "rj1", "RJ1"),
    ("exact code", "  r0a ", "R0A"),
    ("exact code", "madeup000119", "MADEUP000119"),
    ("code and words", "rrv university college", "RRV"),
    ("code and words", "london hospitals nhs rrv", "RRV"),
    ("code and words", "rrv sheffield", ""),
    ("beginning of a code", "madeup00009", "MADEUP000096"),
    ("beginning of a code", "rr", "RR7"),
    ("beginning of a code", "R0", "R0A"),
    ("postcode", "NW1 2PG", "RRV"),
    ("postcode", "se19rt", "RJ1"),
    ("postcode", "qm41uu", "MADEUP000119"),
    ("outward half", "LS9", "RR8"),
    ("outward half", "wc1n", "RP4"),
    ("outward half and a beginning", "se5 9", "RJZ"),
    ("outward half and a beginning", "nw1 2p", "RRV"),
    ("name", "University College London Hospitals NHS Foundation Trust", "RRV"),
    ("name", "The Surgery", "MADEUP000033"),
    ("name", "greenleaf pharmacy", "MADEUP000101"),
    ("name, begun", "imperial", "RYJ"),
    ("name, begun", "university college lon", "RRV"),
    ("name, begun", "royal papw", "RGM"),
    ("name, begun", "marlowbridge me", "MADEUP000026"),
    ("words in any order", "trust ormond children street", "RP4"),
    ("words in any order", "hospital jones hunt agnes", "RL1"),
    ("words in any order", "practice horse white", "MADEUP000071"),
    ("last word begun", "walton cent", "RET"),
    ("last word begun", "elm tree pra", "MADEUP000054"),
    ("last word begun", "nightingale house s", "MADEUP000062"),
    ("address", "euston road", "RRV"),
    ("address", "great maze pond london", "RJ1"),
    ("address", "550 wilmslow road", "RBV"),
    ("address, abbreviated", "550 wilmslow rd", "RBV"),
    ("address, abbreviated", "51 church st cwm", "MADEUP000119"),
    ("address, abbreviated", "fountain st", "RMP"),
    ("name and town", "greenleaf upper wexcombe", "MADEUP000102"),
    ("name and postcode", "greenleaf qf5 9nx", "MADEUP000103"),
    ("name and postcode", "greenleaf qf59nx", "MADEUP000103"),
    ("name and outward half", "springfield surgery qf5", "MADEUP000067"),
    ("hospital in the address", "john radcliffe", "RTH"),
    ("misspelling", "imperail college", "RYJ"),
    ("misspelling", "guys and saint tomas", "RJ1"),
    ("misspelling", "nothingham university hospitals", "RX1"),
    ("misspelling", "shefield childrens", "RCU"),
    ("misspelling", "gloucestershir hospitlas", "RTE"),
    ("misspelling", "norhtumbria", "RTF"),
    ("misspelling", "kestral bay surgery", "MADEUP000039"),
    ("misspelt town", "lifeboat lwyd", "MADEUP000119"),
    ("st and saint", "saint georges", "RJ7"),
    ("st and saint", "st aidans", "MADEUP000021"),
    ("st and saint", "saint. bride's", "MADEUP000105"),
    ("st and saint", "epsom saint helier", "RVR"),
    ("& and and", "bell and cross pharmacy", "MADEUP000096"),
    ("& and and", "bell & cross chemist", "MADEUP000097"),
    ("& and and", "guys & st thomas", "RJ1"),
    ("& and and", "calderdale huddersfield", "RWY"),
    ("apostrophes", "kings college hospital", "RJZ"),
    ("apostrophes", "king’s college", "RJZ"),
    ("apostrophes", "dr ohalloran", "MADEUP000022"),
    ("apostrophes", "o donnell pharmacy", "MADEUP000098"),
    ("apostrophes", "d'arcy avenue", "MADEUP000047"),
    ("punctuation", "barking havering and redbridge", "RF4"),
    ("punctuation", "st osyth", "MADEUP000029"),
    ("punctuation", "24/7 pharmacy", "MADEUP000121"),
    ("punctuation", "stoke on trent", "RJE"),
    ("accents", "môorfields", "RP6"),
    ("little words", "university hospitals leicester", "RWE"),
    ("little words", "christie", "RBV"),
    ("little words", "the royal marsden", "RPY"),
    ("closed", "RNJ", ""),
    ("closed", "barts and the london", "R1H"),
    ("closed", "north middlesex", ""),
    ("closed without a day", "forgotten lane surgery", ""),
    ("dormant", "westgate surgery", "MADEUP000079"),
    ("nothing there", "xylophone", ""),
];

/// The same with closed bodies.
const WITH_CLOSED: &[(&str, &str)] = &[
    ("rnj", "RNJ"),
    ("barts and the london", "RNJ"),
    ("north middlesex university", "RAP"),
    ("thornwick royal infirmary", "MADEUP000015"),
    ("penhaligons", "MADEUP000075"),
    ("forgotten lane", "MADEUP000081"),
];

fn shipped() -> OdsIndex {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data");
    let index = OdsIndex::new();
    let files = ["trusts.csv", "made-up.csv"].map(|name| Source::file(format!("{folder}/{name}")));
    let summary = index.load(files, &mut |_| {}).unwrap();
    assert!(summary.rows >= 200, "{summary:?}");
    index
}

async fn first(index: &OdsIndex, query: &str, closed: ClosedBodies) -> (String, Vec<String>) {
    let on = "2025-09-02".parse().unwrap();
    let search = BodySearch { query: query.to_owned(), limit: 10, on, closed };
    let found = index.search(&search).await.unwrap();
    let shown = found.iter().map(|body| format!("{} {}", body.code, body.name)).collect();
    (found.first().map(|body| body.code.to_string()).unwrap_or_default(), shown)
}

#[tokio::test]
async fn the_best_answer_comes_first() {
    assert!(TABLE.len() >= 40);
    let index = shipped();
    let mut wrong = Vec::new();
    for (kind, query, code) in TABLE {
        let (first, shown) = first(&index, query, ClosedBodies::LeftOut).await;
        if first != *code {
            wrong.push(format!("{kind}: `{query}` should find `{code}` first, not {shown:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {}", wrong.len(), TABLE.len(), wrong.join("\n"));
}

#[tokio::test]
async fn closed_bodies_come_first_where_they_are_asked_for() {
    let index = shipped();
    for (query, code) in WITH_CLOSED {
        let (first, shown) = first(&index, query, ClosedBodies::Included).await;
        assert_eq!(&first, code, "`{query}`: {shown:#?}");
    }
}
