//! People come back from a store through the same checks as they go in by: what breaks a rule
//! does not load.

#[cfg(test)]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod sample;

#[cfg(test)]
mod tests {
    use ravs_core::{EmailAddress, PersonName, StoredUser, Subject, User, Version};
    use serde_json::{Value, json};

    use crate::sample;

    fn stored(change: impl FnOnce(&mut StoredUser)) -> StoredUser {
        let mut stored = sample::user(1).into();
        change(&mut stored);
        stored
    }

    fn why_not(stored: &StoredUser) -> Option<String> {
        let json = serde_json::to_value(stored).unwrap();
        let from_json = serde_json::from_value::<User>(json);
        match User::restore(stored.clone()) {
            Ok(user) => {
                assert_eq!(from_json.unwrap(), user);
                assert_eq!(StoredUser::from(user), *stored);
                None
            }
            Err(corrupt) => {
                assert!(from_json.unwrap_err().to_string().contains(corrupt.what()));
                Some(corrupt.what().to_owned())
            }
        }
    }

    // R-S1: linking is a change.
    #[test]
    fn a_link_without_a_change_does_not_load() {
        let subject = Subject::new("00u1").unwrap();
        let linked = |version| {
            why_not(&stored(|user| {
                user.subject = Some(subject.clone());
                user.version = version;
            }))
        };
        let first = Version::FIRST;
        assert_eq!(linked(first), Some("user: linked without a change".to_owned()));
        assert_eq!(linked(first.next()), None);
        assert_eq!(why_not(&stored(|user| user.version = first)), None);
        assert_eq!(why_not(&stored(|user| user.version = first.next())), None);
    }

    // R-U2, R-U3: each part checks itself on the way in.
    #[test]
    fn parts_that_break_a_rule_do_not_load() {
        let loads = |change: fn(&mut Value)| {
            let mut json = serde_json::to_value(sample::user(1)).unwrap();
            change(&mut json);
            serde_json::from_value::<User>(json).is_ok()
        };
        assert!(loads(|_| {}));
        assert!(!loads(|user| user["email"] = json!("no address")));
        assert!(!loads(|user| user["name"]["first"] = json!(" ")));
        assert!(!loads(|user| user["name"]["last"] = json!("x".repeat(51))));
        assert!(!loads(|user| user["subject"] = json!("")));
        assert!(!loads(|user| user["subject"] = json!("x".repeat(256))));
        assert!(!loads(|user| user["version"] = json!(0)));
        assert!(!loads(|user| user["id"] = json!("1")));
    }

    #[test]
    fn people_are_stored_as_they_are() {
        let user = sample::user(1);
        let json = serde_json::to_value(&user).unwrap();
        assert_eq!(json["email"], "user-1@nhs.net");
        assert_eq!(json["name"], json!({ "first": "Ada", "last": "Ng" }));
        assert_eq!(serde_json::from_value::<User>(json).unwrap(), user);
        let typed: EmailAddress = "Ada.Ng@NHS.net".parse().unwrap();
        let json = serde_json::to_value(&typed).unwrap();
        assert_eq!(json, "Ada.Ng@NHS.net");
        assert_eq!(
            serde_json::from_value::<EmailAddress>(json).unwrap().as_str(),
            "Ada.Ng@NHS.net"
        );
        let name = PersonName::new("Ada", "Ng").unwrap();
        let json = serde_json::to_value(&name).unwrap();
        assert_eq!(serde_json::from_value::<PersonName>(json).unwrap(), name);
    }

    // Nobody's name or address is in what a log would hold.
    #[test]
    fn debugging_shows_nobody() {
        let linked = User::restore(stored(|user| {
            user.subject = Some(Subject::new("00u1").unwrap());
            user.version = Version::FIRST.next();
        }))
        .unwrap();
        let shown = format!("{linked:?}");
        for hidden in ["user-1", "Ada", "00u1"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }

    // R-S1: taken as it is, or not at all.
    #[test]
    fn a_subject_is_1_to_255_characters_that_can_be_kept() {
        for good in ["a".to_owned(), " 00u|é ".to_owned(), "é".repeat(255)] {
            assert_eq!(Subject::new(&good).unwrap().as_str(), good);
        }
        for bad in [String::new(), "é".repeat(256), "a\0b".to_owned()] {
            assert!(Subject::new(&bad).is_err(), "{bad:?}");
        }
    }
}
