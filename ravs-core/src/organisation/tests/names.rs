//! Names of vaccine types, codes and statuses.

use alloc::format;

use serde_json::json;

use super::*;

// R-V1
#[test]
fn vaccine_types_are_one_whatever_their_case_in_every_collection() {
    use core::hash::BuildHasher as _;
    let hasher = std::hash::RandomState::new();
    let [hpv, same, other] =
        ["HPV", "hpv", "Zoster"].map(|name| name.parse::<VaccineType>().unwrap());
    assert_eq!(hasher.hash_one(&hpv), hasher.hash_one(&same));
    assert_ne!(hasher.hash_one(&hpv), hasher.hash_one(&other));
    assert_eq!(hpv.cmp(&same), core::cmp::Ordering::Equal);
    assert_eq!(same.partial_cmp(&other), Some(core::cmp::Ordering::Less));
    assert_eq!((hpv.folded(), same.as_str(), format!("{hpv}").as_str()), ("hpv", "hpv", "HPV"));
    assert_eq!(serde_json::to_value(&hpv).unwrap(), "HPV");
    assert_eq!(serde_json::from_value::<VaccineType>(json!("FLU")).unwrap().as_str(), "Flu");
    assert!(serde_json::from_value::<VaccineType>(json!("")).is_err());
    let fault = Fault::from(InvalidVaccineName);
    assert_eq!(fault.message(), "the name of a vaccine type is 1 to 40 printable characters");
}

// R-V1: printable means seen, and alone in its place.
#[test]
fn what_is_not_seen_names_no_vaccine_type() {
    for hidden in [
        '\u{7f}', '\u{85}', '\u{a0}', '\u{ad}', '\u{61c}', '\u{180e}', '\u{200b}', '\u{200f}',
        '\u{2028}', '\u{202e}', '\u{2060}', '\u{206f}', '\u{3000}', '\u{feff}', '\u{fffa}',
    ] {
        let name = format!("a{hidden}b");
        assert_eq!(name.parse::<VaccineType>(), Err(InvalidVaccineName), "{hidden:?}");
    }
    assert_eq!("a b".parse::<VaccineType>().unwrap().as_str(), "a b");
}

#[test]
fn codes_and_statuses_are_written_as_they_are_shown() {
    let code: OdsCode = "k81003001".parse().unwrap();
    assert_eq!(format!("{code}"), "K81003001");
    assert_eq!(serde_json::to_value(&code).unwrap(), "K81003001");
    assert_eq!(serde_json::from_value::<OdsCode>(json!("k81003001")).unwrap(), code);
    assert!(serde_json::from_value::<OdsCode>(json!("k")).is_err());
    let shown = OrganisationStatus::ALL.map(|status| format!("{status}"));
    assert_eq!(shown, ["Invited", "Active", "Deactivated", "Closed"]);
}
