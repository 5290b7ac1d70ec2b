//! What the interface says, as entries.

use chrono::NaiveDate;
use ravs_core::{Body, OdsCode};
use serde::Deserialize;

use super::error::LiveError;
use crate::entry::{Entry, Period, Status};

/// What a search found.
#[derive(Clone, Debug)]
pub(super) struct Hits {
    /// Bodies, each without its address and the day on which it closed.
    pub(super) bodies: Vec<Body>,
    /// How many the directory named, those among them of which nothing can be made here too.
    pub(super) named: usize,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Organisation")]
    organisation: Organisation,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Organisation {
    name: String,
    org_id: Id,
    status: String,
    #[serde(default)]
    date: Vec<Dates>,
    #[serde(default)]
    geo_loc: GeoLoc,
}

#[derive(Deserialize)]
struct Id {
    extension: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Dates {
    r#type: String,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct GeoLoc {
    location: Location,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Location {
    addr_ln1: String,
    addr_ln2: String,
    addr_ln3: String,
    town: String,
    county: String,
    post_code: String,
}

#[derive(Deserialize)]
struct Found {
    #[serde(rename = "Organisations")]
    organisations: Vec<Brief>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Brief {
    name: String,
    org_id: String,
    #[serde(default)]
    post_code: String,
}

/// The entry of a whole record, which has to be the one that was asked for.
pub(super) fn entry(answer: &[u8], asked: &OdsCode) -> Result<Entry, LiveError> {
    let Answer { organisation } = serde_json::from_slice(answer).map_err(unreadable)?;
    let Organisation { name, org_id, status, date, geo_loc: GeoLoc { location } } = organisation;
    let code = org_id.extension.parse().map_err(|_| wrong("its code is no ODS code"))?;
    if code != *asked {
        return Err(wrong("it is the record of another code"));
    }
    let status = Status::read(&status).ok_or_else(|| wrong("its status is none that is known"))?;
    let lines = [
        &location.addr_ln1,
        &location.addr_ln2,
        &location.addr_ln3,
        &location.town,
        &location.county,
    ];
    let lines = lines.map(|line| spaced(line));
    let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|l| !l.is_empty()).collect();
    let body = Body {
        code,
        name: spaced(&name),
        address: lines.join(", "),
        postcode: spaced(&location.post_code),
        legally_closed: None,
    };
    let period = |kind: &str| {
        let dates = date.iter().find(|dates| dates.r#type.eq_ignore_ascii_case(kind));
        dates.map_or(Period::default(), |dates| Period { first: dates.start, last: dates.end })
    };
    Ok(Entry::new(body, status, period("Legal"), period("Operational")))
}

/// What a search found. A body with a code that is none here cannot be onboarded, and is left out.
pub(super) fn hits(answer: &[u8]) -> Result<Hits, LiveError> {
    let Found { organisations } = serde_json::from_slice(answer).map_err(unreadable)?;
    let named = organisations.len();
    let body = |brief: Brief| {
        Some(Body {
            code: brief.org_id.parse().ok()?,
            name: spaced(&brief.name),
            address: String::new(),
            postcode: spaced(&brief.post_code),
            legally_closed: None,
        })
    };
    Ok(Hits { bodies: organisations.into_iter().filter_map(body).collect(), named })
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn wrong(what: &'static str) -> LiveError {
    LiveError::Unreadable { what, source: None }
}

fn unreadable(error: serde_json::Error) -> LiveError {
    LiveError::Unreadable { what: "it is not the JSON of a record", source: Some(error) }
}
