//! What every sequence is played with: bodies, mailboxes, and how a number names a thing.

use chrono::{DateTime, Days, NaiveDate, Utc};
use ravs_core::{AllowedDomains, Body, Policy, Region, RvocMailboxes, Settings, VaccineType};

use super::command::Profile;
use crate::World;

/// A body of the directory.
pub(super) struct BodyRow {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) address: &'static str,
    pub(super) postcode: &'static str,
    /// Legally closed so many days after the sequence begins.
    closed_after: Option<u64>,
}

/// Two of one name, so that a list has to go by id; one that closes on the way.
pub(super) const BODIES: [BodyRow; 4] = [
    BodyRow {
        code: "FA001",
        name: "Riverside Pharmacy",
        address: "1 High Street, Norwich",
        postcode: "NR1 1AA",
        closed_after: None,
    },
    BodyRow {
        code: "FA002",
        name: "Riverside Pharmacy",
        address: "2 Quay, Ipswich",
        postcode: "IP1 1AA",
        closed_after: None,
    },
    BodyRow {
        code: "RX1",
        name: "Anytown NHS Trust",
        address: "Hospital Road, Anytown",
        postcode: "NG7 2UH",
        closed_after: None,
    },
    BodyRow {
        code: "K81003001",
        name: "Old Surgery",
        address: "3 Lane, Oldham",
        postcode: "OL1 1AA",
        closed_after: Some(20),
    },
];

impl BodyRow {
    fn closes_on(&self, first_day: NaiveDate) -> Option<NaiveDate> {
        self.closed_after.map(|days| first_day + Days::new(days))
    }

    /// R-O1: legally closed on that day.
    pub(super) fn is_closed(&self, first_day: NaiveDate, day: NaiveDate) -> bool {
        self.closes_on(first_day).is_some_and(|closed| closed <= day)
    }
}

/// A region's mailbox.
pub(super) fn mailbox(region: Region) -> String {
    format!("rvoc.{}@nhs.net", region.code().to_lowercase())
}

pub(super) fn settings(profile: Profile) -> Settings {
    let mailboxes = Region::ALL.iter().filter_map(|r| Some((*r, mailbox(*r).parse().ok()?)));
    Settings {
        policy: match profile {
            Profile::Aug2024 => Policy::AUG_2024,
            Profile::Dec2024 => Policy::DEC_2024,
            Profile::Sep2025 => Policy::SEP_2025,
        },
        allowed_domains: AllowedDomains::default(),
        rvoc_mailboxes: mailboxes.collect::<RvocMailboxes>(),
        ..Settings::default()
    }
}

pub(super) fn world(begins: DateTime<Utc>, first_day: NaiveDate) -> World {
    let world = World::at(begins);
    for row in &BODIES {
        if let Ok(code) = row.code.parse() {
            world.directory.add(Body {
                code,
                name: row.name.to_owned(),
                address: row.address.to_owned(),
                postcode: row.postcode.to_owned(),
                legally_closed: row.closes_on(first_day),
            });
        }
    }
    world
}

/// Which of so many things a number names; now and then one that there is not.
pub(super) fn pick(number: usize, of: usize) -> Option<usize> {
    (of > 0 && number % 29 != 28).then(|| number % of)
}

/// Which session: mostly one of the last ones.
pub(super) fn recent(number: usize, of: usize) -> Option<usize> {
    let range = if number % 7 == 6 { of } else { of.min(8) };
    (of > 0).then(|| of - 1 - number % range)
}

/// R-V1: known types are spelled as they are known, others as they were typed.
pub(super) fn spelled(name: &str) -> String {
    let name = name.trim();
    let known = VaccineType::KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name));
    known.map_or(name.to_owned(), |known| (*known).to_owned())
}
