//! Bodies that are made, in the 27 columns of the directory's files: the same for the same number.

use std::fmt::Write as _;

use ravs_adapters_ods::{Entry, ImportError, Source, read};

const SAINTS: &[&str] = &[
    "ANDREW",
    "ANNE",
    "BARNABAS",
    "CATHERINE",
    "CHAD",
    "CUTHBERT",
    "DAVID",
    "EDMUND",
    "GEORGE",
    "HELEN",
    "HUGH",
    "JAMES",
    "JOHN",
    "LUKE",
    "MARGARET",
    "MARK",
    "MARTIN",
    "MARY",
    "MICHAEL",
    "NICHOLAS",
    "OSWALD",
    "PAUL",
    "PETER",
    "STEPHEN",
    "THOMAS",
    "WILFRID",
];
const THINGS: &[&str] = &[
    "ABBEY",
    "ALBION",
    "ASH TREE",
    "BEECHES",
    "BIRCHWOOD",
    "BRIDGE",
    "BROOKSIDE",
    "CASTLE",
    "CEDARS",
    "CHAPEL",
    "CROWN",
    "ELM TREE",
    "FOUNTAIN",
    "GARDEN CITY",
    "GRANGE",
    "GREENFIELD",
    "HAWTHORN",
    "HEATHFIELD",
    "HIGHFIELD",
    "HILLSIDE",
    "HOLLY",
    "KINGSWAY",
    "LAKESIDE",
    "LAUREL",
    "LIMES",
    "MANOR",
    "MEADOWS",
    "MILL",
    "NIGHTINGALE",
    "OAKLANDS",
    "ORCHARD",
    "PARK",
    "PRIORY",
    "QUAYSIDE",
    "RIVERSIDE",
    "ROWAN",
    "SPRINGFIELD",
    "STATION",
    "SUNNYSIDE",
    "TOWER",
    "UNIVERSITY",
    "VICTORIA",
    "VILLAGE",
    "WATERLOO",
    "WELLINGTON",
    "WESTFIELD",
    "WHITE HORSE",
    "WILLOW",
    "WINDMILL",
    "WOODLANDS",
];
const SURNAMES: &[&str] = &[
    "ADEYEMI",
    "AHMED",
    "BAKER",
    "BEGUM",
    "CHAUDHRY",
    "CLARKE",
    "COHEN",
    "DAVIES",
    "EDWARDS",
    "EVANS",
    "FERNANDEZ",
    "GREEN",
    "GUPTA",
    "HALL",
    "HARRIS",
    "HUGHES",
    "HUSSAIN",
    "JACKSON",
    "JONES",
    "KAUR",
    "KHAN",
    "KOWALSKI",
    "LEWIS",
    "MACDONALD",
    "MARTIN",
    "MORGAN",
    "NAIR",
    "O'BRIEN",
    "O'NEILL",
    "OKAFOR",
    "PATEL",
    "PRICE",
    "RAHMAN",
    "ROBERTS",
    "SHAH",
    "SINGH",
    "SMITH",
    "STEWART",
    "TAYLOR",
    "THOMPSON",
    "TURNER",
    "WALKER",
    "WHITE",
    "WILLIAMS",
    "WRIGHT",
];
const STARTS: &[&str] = &[
    "AL", "ASH", "BAR", "BEN", "BIS", "BRAD", "BROM", "BUCK", "CAM", "CHES", "CLEE", "COL", "CROM",
    "DAR", "DEN", "DON", "DUN", "EAST", "ELL", "FAR", "FEN", "GLEN", "GRIM", "HAL", "HART", "HOL",
    "KEN", "KIRK", "LANG", "LEI", "LIN", "LUD", "MAL", "MEL", "MID", "MOR", "NEW", "NOR", "OAK",
    "PEM", "PRES", "RAD", "RIP", "ROTH", "SAL", "SHEL", "SOUTH", "STAN", "STOCK", "SWIN", "TAM",
    "THIR", "TRE", "UP", "WAL", "WEST", "WHIT", "WIN", "WOR", "YAR",
];
const ENDS: &[&str] = &[
    "BOROUGH", "BOURNE", "BRIDGE", "BURY", "BY", "CASTER", "CLIFFE", "COMBE", "DALE", "DEN",
    "FIELD", "FORD", "GATE", "HAM", "HAVEN", "HURST", "LEY", "LOW", "MERE", "MINSTER", "MOUTH",
    "POOL", "PORT", "STEAD", "STOKE", "STOW", "THORPE", "TON", "WELL", "WICK", "WOOD", "WORTH",
];
const STREETS: &[&str] = &[
    "HIGH STREET",
    "STATION ROAD",
    "CHURCH LANE",
    "MAIN STREET",
    "PARK ROAD",
    "VICTORIA ROAD",
    "LONDON ROAD",
    "MILL LANE",
    "QUEENS ROAD",
    "NEW ROAD",
    "KING STREET",
    "MANOR WAY",
    "THE AVENUE",
    "BRIDGE STREET",
    "MARKET PLACE",
    "SCHOOL LANE",
    "GROVE ROAD",
    "NORTH STREET",
    "ALBERT ROAD",
    "WINDSOR CLOSE",
    "GREEN LANE",
    "CHAPEL STREET",
    "ST JOHN'S ROAD",
    "CASTLE HILL",
];
const AREAS: &[&str] = &[
    "B", "BA", "BD", "BS", "CB", "CF", "CV", "DE", "DH", "DL", "E", "EX", "GL", "GU", "HU", "IP",
    "KT", "L", "LA", "LE", "LS", "M", "ME", "N", "NE", "NG", "NR", "NW", "OL", "OX", "PE", "PL",
    "PO", "PR", "RG", "S", "SE", "SK", "SO", "SR", "ST", "SW", "TN", "TS", "W", "WF", "WS", "YO",
];
const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";

/// Chance that comes out the same each time: SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.below(words.len() as u64)).unwrap_or_default();
        words.get(index).copied().unwrap_or_default()
    }

    fn letter(&mut self) -> char {
        let index = usize::try_from(self.below(LETTERS.len() as u64)).unwrap_or_default();
        LETTERS.get(index).copied().map_or('A', char::from)
    }
}

/// So many bodies as a CSV file: practices, branches, pharmacies, trusts and sites, nearly half
/// of them closed, as in the directory with its history.
#[must_use]
pub fn csv(bodies: u64) -> String {
    let mut chance = Chance(20_250_902);
    let mut text = String::new();
    for number in 0..bodies {
        let town = format!("{}{}", chance.of(STARTS), chance.of(ENDS));
        let (code, name) = match number % 20 {
            0..=7 => (coded('K', number), practice(&mut chance, &town)),
            8..=10 => (format!("{}001", coded('M', number)), practice(&mut chance, &town)),
            11..=16 => (format!("F{}", letters_and_digits(number)), pharmacy(&mut chance, &town)),
            17 => (format!("R{}", letters_and_digits(number)), trust(&mut chance, &town)),
            _ => (format!("V{}", letters_and_digits(number)), site(&mut chance, &town)),
        };
        let house = chance.below(199).saturating_add(1);
        let street = chance.of(STREETS);
        let area = chance.of(AREAS);
        let district = chance.below(24).saturating_add(1);
        let sector = chance.below(9).saturating_add(1);
        let unit = [chance.letter(), chance.letter()];
        let opened = 1974 + chance.below(40);
        let (closed, status) = match chance.below(100) {
            0..45 => (format!("{}0331", opened.saturating_add(chance.below(10))), "INACTIVE"),
            _ => (String::new(), "ACTIVE"),
        };
        // writing to a `String` does not fail
        let _ = writeln!(
            text,
            "{code},\"{name}\",Y60,QHM,{house} {street},,,{town},,{area}{district} {sector}{}{},\
             {opened}0401,{closed},{status},,,,,,,,,,,,,,",
            unit[0], unit[1],
        );
    }
    text
}

/// The entries of a file that was made.
///
/// # Errors
/// None, if the file was made by [`csv`].
pub fn entries_of(csv: &str) -> Result<Vec<Entry>, ImportError> {
    let mut entries = Vec::new();
    let source = Source::reader("made", csv.as_bytes());
    read([source], &mut |_| {}, &mut |entry| entries.push(entry))?;
    Ok(entries)
}

fn coded(letter: char, number: u64) -> String {
    format!("{letter}{number:06}")
}

/// Digits and letters in turn, as new codes have them.
fn letters_and_digits(mut number: u64) -> String {
    let mut code = String::new();
    for _ in 0..3 {
        code.push(char::from(b'0'.saturating_add(u8::try_from(number % 10).unwrap_or(0))));
        number /= 10;
        let letter = usize::try_from(number % LETTERS.len() as u64).unwrap_or_default();
        code.push(LETTERS.get(letter).copied().map_or('A', char::from));
        number /= LETTERS.len() as u64;
    }
    code
}

fn practice(chance: &mut Chance, town: &str) -> String {
    let kinds = ["SURGERY", "MEDICAL CENTRE", "HEALTH CENTRE", "MEDICAL PRACTICE", "PRACTICE"];
    let kind = chance.of(&kinds);
    match chance.below(10) {
        0 => format!("ST {}'S {kind}", chance.of(SAINTS)),
        1 => format!("SAINT {}'S {kind}", chance.of(SAINTS)),
        2 => format!("DR {} & PARTNERS", chance.of(SURNAMES)),
        3 => format!("DRS {} AND {}", chance.of(SURNAMES), chance.of(SURNAMES)),
        4 => format!("THE {kind}"),
        5 => format!("THE {} {kind}", chance.of(THINGS)),
        6 | 7 => format!("{town} {kind}"),
        _ => format!("{} {kind}, {town}", chance.of(THINGS)),
    }
}

fn pharmacy(chance: &mut Chance, town: &str) -> String {
    match chance.below(6) {
        0 => format!("{}'S PHARMACY", chance.of(SURNAMES)),
        1 => format!("{} & {} CHEMISTS", chance.of(SURNAMES), chance.of(SURNAMES)),
        2 => format!("{town} PHARMACY"),
        3 => format!("{} PHARMACY", chance.of(THINGS)),
        4 => format!("{} CHEMIST LTD", chance.of(SURNAMES)),
        _ => format!("{} PHARMACY {town}", chance.of(THINGS)),
    }
}

fn trust(chance: &mut Chance, town: &str) -> String {
    let kinds = ["HOSPITALS NHS TRUST", "NHS FOUNDATION TRUST", "COMMUNITY HEALTHCARE NHS TRUST"];
    let other = format!("{}{}", chance.of(STARTS), chance.of(ENDS));
    match chance.below(3) {
        0 => format!("{town} {}", chance.of(&kinds)),
        1 => format!("{town} AND {other} {}", chance.of(&kinds)),
        _ => format!("ST {}'S AND {town} {}", chance.of(SAINTS), chance.of(&kinds)),
    }
}

fn site(chance: &mut Chance, town: &str) -> String {
    let kinds = ["HOSPITAL", "GENERAL HOSPITAL", "WALK-IN CENTRE", "CLINIC", "DAY UNIT"];
    match chance.below(3) {
        0 => format!("ST {}'S HOSPITAL", chance.of(SAINTS)),
        1 => format!("{town} {}", chance.of(&kinds)),
        _ => format!("{} HOUSE {}", chance.of(THINGS), chance.of(&kinds)),
    }
}
