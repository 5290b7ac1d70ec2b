//! The rulebook and the code say the same: the codes, and a test for every rule.

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use ravs_core::Code;

    /// Every code as text, which hosts and stored refusals rely on: additions only.
    const CODES: [&str; 36] = [
        "already_a_member",
        "already_active",
        "already_deactivated",
        "already_onboarded",
        "body_legally_closed",
        "body_not_found",
        "duplicate_nominee",
        "email_domain_not_allowed",
        "email_in_use",
        "email_invalid",
        "last_lead_administrator",
        "member_deactivated",
        "membership_deactivated",
        "membership_invited",
        "name_missing",
        "name_too_long",
        "no_organisation",
        "no_vaccines_chosen",
        "not_a_clinician",
        "not_a_member",
        "not_a_regional_lead",
        "not_deactivated",
        "not_in_your_region",
        "not_the_rvoc_mailbox",
        "organisation_closed",
        "organisation_deactivated",
        "organisation_invited",
        "permission_level",
        "range_reversed",
        "range_too_long",
        "record_not_found",
        "still_invited",
        "too_few_nominees",
        "unknown_user",
        "unknown_vaccine",
        "vaccine_not_granted",
    ];

    fn repository() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
    }

    fn rulebook() -> String {
        fs::read_to_string(repository().join("docs/rulebook.md")).unwrap()
    }

    #[test]
    fn the_codes_are_spelled_as_ever() {
        let spelled: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(spelled, CODES);
        for code in Code::ALL {
            assert_eq!(code.to_string(), code.as_str());
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert_eq!(serde_json::from_value::<Code>(code.as_str().into()).unwrap(), *code);
        }
    }

    #[test]
    fn the_rulebook_lists_the_codes_and_no_others() {
        let rulebook = rulebook();
        let (_, section) = rulebook.split_once("\n## Codes\n").expect("a section of codes");
        let section = section.split("\n## ").next().unwrap();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let listed: Vec<_> = rows.map(|(code, _)| code).collect();
        assert_eq!(listed, CODES);
    }

    // The rules speak of codes; each of them is one.
    #[test]
    fn every_code_has_a_rule_that_names_it() {
        let rulebook = rulebook();
        let (rules, _) = rulebook.split_once("\n## Codes\n").unwrap();
        for code in CODES {
            assert!(rules.contains(&format!("`{code}`")), "no rule names `{code}`");
        }
    }

    /// The rules' numbers, from where each is laid down: `- **R-L3** ..`.
    fn rules() -> BTreeSet<String> {
        let rulebook = rulebook();
        let headings = rulebook.lines().filter_map(|line| line.strip_prefix("- **R-"));
        headings.map(|rest| format!("R-{}", rest.split_once("**").unwrap().0)).collect()
    }

    /// Every file below `folder` with one of these endings, build output left out.
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if !name.starts_with('.') && !name.starts_with("target") {
                    files(&path, found);
                }
            } else if name.ends_with(".rs") || name.ends_with(".jsonl") {
                found.push(path);
            }
        }
    }

    /// What a file says in comments of its tests, and a scenario file altogether.
    fn said_of_tests(path: &Path) -> String {
        let text = fs::read_to_string(path).unwrap();
        if path.extension().unwrap() == "jsonl" {
            return text;
        }
        let is_test = path.file_name().unwrap() == "tests.rs"
            || path
                .components()
                .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "model");
        let tests = if is_test {
            text.as_str()
        } else {
            text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests)
        };
        let comments = tests.lines().filter_map(|line| line.split_once("//"));
        comments.map(|(_, comment)| format!("{comment}\n")).collect()
    }

    /// Whether a text names a rule: `R-L1`, and not within `R-L10`; `R-O1 to R-O6` names all six.
    fn names(text: &str, rule: &str) -> bool {
        let mut after = text.split(rule).skip(1);
        after.any(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    }

    #[test]
    fn every_rule_is_named_by_a_test() {
        let rules = rules();
        assert!(rules.len() > 50, "the rules are found: {rules:?}");
        let mut paths = Vec::new();
        files(&repository(), &mut paths);
        let texts: Vec<_> = paths.iter().map(|path| said_of_tests(path)).collect();
        let named = |rule: &&String| texts.iter().any(|text| names(text, rule));
        let missing: Vec<_> = rules.iter().filter(|rule| !named(rule)).collect();
        assert!(missing.is_empty(), "no test names {missing:?}");
    }

    #[test]
    fn a_longer_number_is_another_rule() {
        assert!(names("// R-U1, R-U10", "R-U1"));
        assert!(!names("// R-U10", "R-U1"));
        assert!(names("// R-U10", "R-U10"));
    }
}
