//! Every email as it is read, kept as files in `tests/emails`.
//!
//! `RAVS_REWRITE_EMAILS=1 cargo test -p ravs-core emails_read` writes them anew.

use std::path::PathBuf;
use std::{env, fs};

use super::*;

/// Every email there is to read, by the name of its file.
fn emails() -> vec::Vec<(&'static str, Email)> {
    use Account::{InUse, ToBeActivated};
    let [nomination, addition, regional, deactivation, reactivation] = notices();
    let late = |notice, state_of| written_as_of(state_of, notice, "Zoë", "ST. MARY'S HOSPITAL");
    vec![
        ("welcome_lead_administrator-new_account", usual(&nomination, ToBeActivated)),
        ("welcome_lead_administrator-account_in_use", usual(&nomination, InUse)),
        ("welcome_user-new_account", usual(&addition, ToBeActivated)),
        ("welcome_user-account_in_use", usual(&addition, InUse)),
        ("welcome_regional_lead-new_account", usual(&regional, ToBeActivated)),
        ("welcome_regional_lead-account_in_use", usual(&regional, InUse)),
        ("organisation_deactivated", usual(&deactivation, InUse)),
        ("organisation_deactivated-overtaken", late(&deactivation, &reactivation)),
        ("organisation_reactivated", usual(&reactivation, InUse)),
        ("organisation_reactivated-overtaken", late(&reactivation, &deactivation)),
        ("hostile_names", written(&addition, InUse, "[click](https://evil.example)", HOSTILE)),
    ]
}

const HOSTILE: &str = "<script>alert('A & B')</script>\r\nBcc: x@evil.example \u{202e}tsurt";

#[test]
fn emails_read_as_they_did() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/emails");
    let rewrite = env::var_os("RAVS_REWRITE_EMAILS").is_some();
    let mut kept = vec::Vec::new();
    for (name, email) in emails() {
        let text = format!("Subject: {}\n\n{}", email.subject, email.text);
        for (ending, now) in [("txt", text), ("html", email.html)] {
            let file = folder.join(format!("{name}.{ending}"));
            if rewrite {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&file, &now).unwrap();
            }
            let then = fs::read_to_string(&file).unwrap();
            assert_eq!(now, then, "{name}.{ending}; RAVS_REWRITE_EMAILS=1 writes it anew");
            kept.push(file);
        }
    }
    let mut there: vec::Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    there.sort();
    kept.sort();
    assert_eq!(there, kept, "no file is left of an email that is no more");
}
