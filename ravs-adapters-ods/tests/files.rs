//! Files: every fault with its place, and nothing changed where there is one.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::io::{self, Read};

use ravs_adapters_ods::{
    Entry, ImportError, LoadError, OdsIndex, Progress, Source, Status, Summary, read,
};
use ravs_core::port::{BodyDirectory as _, BodySearch, ClosedBodies, PortErrorKind};

const END: &str = ",,,,,,,,,,,,,,";

fn row(code: &str, name: &str, opened: &str, closed: &str, status: &str) -> String {
    format!("{code},{name},Y56,QMJ,1 HIGH STREET,,,LEEDS,,LS1 4AP,{opened},{closed},{status}{END}")
}

fn entries(text: &[u8]) -> Result<Vec<Entry>, ImportError> {
    let mut entries = Vec::new();
    read([Source::reader("a.csv", text)], &mut |_| {}, &mut |entry| entries.push(entry))?;
    Ok(entries)
}

fn faults(text: &[u8]) -> Vec<String> {
    entries(text).unwrap_err().faults().iter().map(ToString::to_string).collect()
}

#[test]
fn a_row_is_read_as_the_directory_means_it() {
    let text = "rrv,\"UNIVERSITY  COLLEGE, LONDON\",Y56,QMJ,250 EUSTON ROAD,,  ,LONDON,GREATER \
                LONDON,NW1 2PG,20040701,20250331,ACTIVE,,,,,02034567890,,,,,,,,RO197,";
    let entries = entries(text.as_bytes()).unwrap();
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!(entry.body.code.as_str(), "RRV");
    assert_eq!(entry.body.name, "UNIVERSITY COLLEGE, LONDON");
    // column 4, a geography, is no line of the address
    assert_eq!(entry.body.address, "250 EUSTON ROAD, LONDON, GREATER LONDON");
    assert_eq!(entry.body.postcode, "NW1 2PG");
    assert_eq!(entry.status, Status::Active);
    assert_eq!(entry.legal.first, "2004-07-01".parse().ok());
    assert_eq!(entry.legal.last, "2025-03-31".parse().ok());
    assert_eq!(entry.body.legally_closed, "2025-04-01".parse().ok(), "its last day is a day of it");
    assert!(entry.operational.is_unknown());
}

#[test]
fn statuses_of_both_vocabularies_are_read() {
    for (word, status) in [
        ("ACTIVE", Status::Active),
        ("INACTIVE", Status::Inactive),
        ("A", Status::Active),
        ("C", Status::Closed),
        ("D", Status::Dormant),
        ("P", Status::Proposed),
    ] {
        let entries = entries(row("RRV", "UCLH", "", "", word).as_bytes()).unwrap();
        assert_eq!(entries[0].status, status);
        let closed = matches!(status, Status::Inactive | Status::Closed);
        assert_eq!(entries[0].body.legally_closed.is_some(), closed, "{word}");
    }
}

#[test]
fn byte_order_marks_and_line_ends_do_not_matter() {
    let [a, b] = ["RRV", "RJ1"].map(|code| row(code, "X", "", "", "A"));
    let expected = entries(format!("{a}\n{b}").as_bytes()).unwrap();
    assert_eq!(expected.len(), 2);
    for text in [
        format!("{a}\r\n{b}\r\n"),
        format!("\u{feff}{a}\n{b}\n"),
        format!("\u{feff}\r\n{a}\r\n\r\n{b}\r\n\r\n"),
    ] {
        assert_eq!(entries(text.as_bytes()).unwrap(), expected, "{text:?}");
    }
}

#[test]
fn every_fault_is_named_with_its_place() {
    let mut text = Vec::new();
    text.extend(row("R-V", "", "20251301", "2025-03-31", "X").into_bytes());
    text.extend(b"\r\n\r\nRRV,TOO,SHORT\r\n");
    text.extend(row("RRV", "FINE", "", "", "").into_bytes());
    text.extend(b"\r\nRRA,\xffBAD,Y56,,,,,,\xfe,,,,A");
    text.extend(END.as_bytes());
    text.extend(b"\r\nRRB,\"OPEN\r\n");
    text.extend(format!("{},", row("RRC", "ONE TOO MANY", "", "", "A")).into_bytes());
    let words = "ACTIVE, INACTIVE, CLOSED, DORMANT, PROPOSED, A, C, D, P";
    assert_eq!(
        faults(&text),
        [
            "`a.csv`, line 1, column 1 (code): `R-V` is no ODS code, which is 3 to 12 letters and \
             digits"
                .to_owned(),
            "`a.csv`, line 1, column 2 (name): there is no name".to_owned(),
            "`a.csv`, line 1, column 11 (open date): `20251301` is no day, which is written \
             YYYYMMDD"
                .to_owned(),
            "`a.csv`, line 1, column 12 (close date): `2025-03-31` is no day, which is written \
             YYYYMMDD"
                .to_owned(),
            format!(
                "`a.csv`, line 1, column 13 (status): `X` is no status, which is one of {words}"
            ),
            "`a.csv`, line 3: 3 columns, and there should be 27".to_owned(),
            format!(
                "`a.csv`, line 4, column 13 (status): `` is no status, which is one of {words}"
            ),
            "`a.csv`, line 5, column 2 (name): is not UTF-8; save the file as UTF-8".to_owned(),
            "`a.csv`, line 5, column 9 (address): is not UTF-8; save the file as UTF-8".to_owned(),
            "`a.csv`, line 6: a quote is opened and not closed on the same line".to_owned(),
            "`a.csv`, line 7: 28 columns, and there should be 27".to_owned(),
        ]
    );
    let error = entries(&text).unwrap_err();
    let fault = &error.faults()[1];
    assert_eq!((fault.file(), fault.line(), fault.column()), ("a.csv", Some(1), Some(2)));
}

#[test]
fn a_header_is_no_row() {
    let header = vec!["Organisation Code"; 27].join(",");
    assert!(faults(header.as_bytes())[0].contains("`Organisation Code` is no ODS code"));
}

#[test]
fn what_is_shown_of_a_file_is_short_and_on_one_line() {
    let long = "X\u{7}".repeat(500);
    let fault = &faults(row(&long, "X", "", "", "A").as_bytes())[0];
    assert!(fault.chars().count() < 250 && fault.contains("\\u{7}…`"), "{fault}");
}

#[test]
fn a_code_that_is_there_twice_is_named_with_both_places() {
    let [a, b, c] = ["RRV", "RJ1", "rrv"].map(|code| row(code, "X", "", "", "A"));
    let (one, two) = (format!("{a}\n"), format!("{b}\n{c}\n"));
    let sources =
        [Source::reader("a.csv", one.as_bytes()), Source::reader("b.csv", two.as_bytes())];
    let error = read(sources, &mut |_| {}, &mut |_| {}).unwrap_err();
    let said = "nothing was imported\n\
                `b.csv`, line 2, column 1 (code): `RRV` is there already, in `a.csv`, line 1";
    assert_eq!(error.to_string(), said);
}

#[test]
fn a_hundred_faults_are_named_and_the_others_counted() {
    let text = "RRV,TOO,SHORT\n".repeat(250);
    let error = entries(text.as_bytes()).unwrap_err();
    assert_eq!((error.faults().len(), error.more()), (100, 150));
    assert!(error.to_string().ends_with("\nand 150 more faults"));
}

#[test]
fn files_that_are_missing_or_empty_are_faults_beside_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("empty.csv"), "\r\n").unwrap();
    fs::write(path("short.csv"), "RRV").unwrap();
    let sources = ["missing.csv", "empty.csv", "short.csv", "."].map(path).map(Source::file);
    let error = read(sources, &mut |_| {}, &mut |_| {}).unwrap_err();
    let said: Vec<_> = error.faults().iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 4);
    assert!(said[0].contains("missing.csv`: cannot be read: "), "{said:?}");
    assert!(said[1].ends_with("empty.csv`: holds no rows"), "{said:?}");
    assert!(said[2].ends_with("short.csv`, line 1: 1 column, and there should be 27"), "{said:?}");
    assert!(said[3].contains("cannot be read: "), "{said:?}");
    let none = read([], &mut |_| {}, &mut |_| {}).unwrap_err();
    assert_eq!(none.to_string(), "nothing was imported\nno file is named");
}

/// Fails after some bytes, as a disk or a network does.
struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("the disk is gone")),
            read => Ok(read),
        }
    }
}

#[test]
fn a_file_that_breaks_off_is_a_fault() {
    let row = row("RRV", "X", "", "", "A");
    let source = Source::reader("a.csv", Broken(row.as_bytes()));
    let error = read([source], &mut |_| {}, &mut |_| {}).unwrap_err();
    assert_eq!(error.faults()[0].to_string(), "`a.csv`: cannot be read: the disk is gone");
}

#[test]
fn progress_is_told_on_the_way_and_at_the_end_of_each_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    let rows = (0..25_000).map(|number| row(&format!("X{number:06}"), "X", "", "", "A") + "\n");
    let text: String = rows.collect();
    fs::write(&path, &text).unwrap();
    let size = text.len() as u64;
    let mut told = Vec::new();
    let note = &mut |progress: Progress<'_>| {
        assert_eq!(progress.of, Some(size));
        told.push((progress.rows, progress.bytes));
    };
    let summary: Summary = read([Source::file(&path)], note, &mut |_| {}).unwrap();
    assert_eq!((summary.files, summary.rows), (1, 25_000));
    let line = size / 25_000;
    let expected = [(10_000, 10_000 * line), (20_000, 20_000 * line), (25_000, size)];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_fault_leaves_the_index_as_it_was() {
    let search = BodySearch {
        query: "high street".into(),
        limit: 10,
        on: "2026-01-05".parse().unwrap(),
        closed: ClosedBodies::LeftOut,
    };
    let index = OdsIndex::new();
    let nothing_yet = index.search(&search).await.unwrap_err();
    assert_eq!(nothing_yet.kind(), &PortErrorKind::Unavailable);
    assert!(index.is_empty() && index.len().is_none());

    let load = |text: String| index.load([Source::reader("a.csv", text.as_bytes())], &mut |_| {});
    load(row("RRV", "UCLH", "", "", "A")).unwrap();
    assert_eq!(index.search(&search).await.unwrap()[0].code.as_str(), "RRV");

    let half = format!("{}\n{}", row("RJ1", "GUYS", "", "", "A"), row("RJ2", "X", "", "", "?"));
    assert!(matches!(load(half), Err(LoadError::Import(_))));
    let found = index.search(&search).await.unwrap();
    assert_eq!((found.len(), found[0].code.as_str()), (1, "RRV"));
    assert_eq!(index.body(&"RJ1".parse().unwrap()).await.unwrap(), None);

    load(row("RJ1", "GUYS", "", "", "A")).unwrap();
    let found = index.search(&search).await.unwrap();
    assert_eq!((found.len(), found[0].code.as_str()), (1, "RJ1"), "the set is replaced, not added");
    assert_eq!(index.body(&"RRV".parse().unwrap()).await.unwrap(), None);
    assert_eq!(index.len(), Some(1));
}
