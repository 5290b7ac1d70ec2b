mod names;
mod snapshots;

use alloc::vec;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::*;
use crate::notice::NoticeKind;
use crate::organisation::{Body, Closing, OrganisationId, VaccineGrants};
use crate::user::{PersonName, UserId};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn ids() -> (UserId, OrganisationId) {
    (UserId::from_uuid(Uuid::from_u128(1)), OrganisationId::from_uuid(Uuid::from_u128(2)))
}

fn notices() -> [Notice; 5] {
    let (user, organisation) = ids();
    let deactivated = at("2025-05-12T10:02:51Z");
    [
        Notice::WelcomeLeadAdministrator { user, organisation },
        Notice::WelcomeUser { user, organisation },
        Notice::WelcomeRegionalLead { user },
        Notice::OrganisationDeactivated {
            user,
            organisation,
            at: deactivated,
            closes_at: Closing::after(deactivated, 90),
        },
        Notice::OrganisationReactivated { user, organisation, at: at("2025-07-31T23:30:00Z") },
    ]
}

/// The organisation as it is right after what the email tells of.
fn as_of(notice: &Notice, invited: Organisation) -> Organisation {
    let active = invited.clone().enter(at("2025-05-02T09:00:00Z")).unwrap();
    let deactivated = active.deactivate(90, at("2025-05-12T10:02:51Z")).unwrap();
    match notice {
        Notice::OrganisationDeactivated { .. } => deactivated,
        Notice::OrganisationReactivated { at, .. } => deactivated.reactivate(*at).unwrap(),
        _ => invited,
    }
}

/// The email to Zoë about an organisation of that name.
fn written(notice: &Notice, account: Account, first_name: &str, organisation: &str) -> Email {
    let organisation = organisation_after(notice, organisation);
    write(notice, &organisation, account, first_name)
}

/// The same where the organisation is as another email tells.
fn written_as_of(
    state_of: &Notice,
    notice: &Notice,
    first_name: &str,
    organisation: &str,
) -> Email {
    let organisation = organisation_after(state_of, organisation);
    write(notice, &organisation, Account::InUse, first_name)
}

fn organisation_after(notice: &Notice, name: &str) -> Organisation {
    let (user, id) = ids();
    let body = Body {
        code: "RRV".parse().unwrap(),
        name: name.to_string(),
        address: String::new(),
        postcode: String::new(),
        legally_closed: None,
    };
    let (grants, invited) = (VaccineGrants::default(), at("2025-05-01T09:00:00Z"));
    as_of(notice, Organisation::invite(id, body, Region::London, user, grants, invited))
}

fn write(
    notice: &Notice,
    organisation: &Organisation,
    account: Account,
    first_name: &str,
) -> Email {
    let (user, _) = ids();
    let name = PersonName::new(first_name, "Ng").unwrap();
    let to = User::new(user, "zoe@nhs.net".parse().unwrap(), name, at("2025-05-01T09:00:00Z"));
    let letter = match notice {
        Notice::WelcomeRegionalLead { .. } => Letter::Region(Region::London),
        _ => Letter::Organisation(organisation),
    };
    let key = EffectKey::from_stored("key".to_string());
    letter.write(key, notice, &to, account, &ServiceDetails::default())
}

fn usual(notice: &Notice, account: Account) -> Email {
    written(notice, account, "Zoë", "ST. MARY'S HOSPITAL")
}

// R-N2: to a nominated lead administrator, word for word.
#[test]
fn the_welcome_of_a_nominated_lead_administrator() {
    let email = usual(&notices()[0], Account::ToBeActivated);
    assert_eq!(
        email.subject,
        "You can now use the Record a vaccination service (RAVS) at ST. MARY'S HOSPITAL (RRV)"
    );
    assert_eq!(
        email.text,
        "Dear Zoë,\n\n\
         The NHS London region has nominated you as a lead administrator of ST. MARY'S HOSPITAL \
         (RRV) in the Record a vaccination service (RAVS).\n\n\
         First activate your Okta account: Okta sends you an email of its own, whose link lasts 7 \
         days. If you cannot find it, look in your junk folder.\n\n\
         Then log in at https://www.ravs.england.nhs.uk/\n\n\
         Once you have logged in:\n\
         - add the vaccines that your organisation uses\n\
         - add the users who work with you\n\
         - mark yourself as a clinician if you give vaccinations\n\n\
         The guide and training are at https://guide.ravs.england.nhs.uk/\n\n\
         If you need help, email ravs.support@england.nhs.uk.\n\n\
         The Record a vaccination service (RAVS) team\n"
    );
}

// R-N3: of the closing process, word for word.
#[test]
fn the_notice_of_a_deactivation() {
    let email = usual(&notices()[3], Account::InUse);
    assert_eq!(email.subject, "ST. MARY'S HOSPITAL (RRV) has been deactivated");
    assert_eq!(
        email.text,
        "Dear Zoë,\n\n\
         ST. MARY'S HOSPITAL (RRV) was deactivated on 12 May 2025. Vaccinations can no longer be \
         recorded there.\n\n\
         Until the end of 10 August 2025, the last day of access, users can still edit records \
         and create reports, and lead administrators can still deactivate users.\n\n\
         After that the organisation is closed, and nobody has access to it any more. Until then \
         your regional lead can reactivate it.\n\n\
         If you need help, email ravs.support@england.nhs.uk.\n\n\
         The Record a vaccination service (RAVS) team\n"
    );
}

// R-N3: recording is possible again; the day is London's.
#[test]
fn the_notice_of_a_reactivation() {
    let email = usual(&notices()[4], Account::InUse);
    assert_eq!(email.subject, "ST. MARY'S HOSPITAL (RRV) has been reactivated");
    assert!(email.text.contains("was reactivated on 1 August 2025"), "{}", email.text);
    assert!(email.text.contains("Vaccinations can be recorded there again"));
    assert!(email.text.contains("Log in at https://www.ravs.england.nhs.uk/"));
}

// R-N3: what a later step has overtaken says so, and nothing that is no longer true.
#[test]
fn a_late_notice_says_that_the_status_has_changed_since() {
    let (user, organisation) = ids();
    let (day, closes_at) =
        (at("2025-05-11T09:00:00Z"), Closing::after(at("2025-05-11T09:00:00Z"), 90));
    let (deactivated, reactivated) = (
        Notice::OrganisationDeactivated { user, organisation, at: day, closes_at },
        Notice::OrganisationReactivated { user, organisation, at: day },
    );
    for (told, step) in [(deactivated, "deactivated"), (reactivated, "reactivated")] {
        for state_of in [&notices()[0], &notices()[3], &notices()[4]] {
            let email = written_as_of(state_of, &told, "Zoë", "A trust");
            assert_eq!(
                email.text,
                format!(
                    "Dear Zoë,\n\n\
                     A trust (RRV) was {step} on 11 May 2025. Its status has changed again since: \
                     another email tells you what is true now.\n\n\
                     If you need help, email ravs.support@england.nhs.uk.\n\n\
                     The Record a vaccination service (RAVS) team\n"
                )
            );
        }
    }
}

// R-N6: of a name of which nothing is seen, nothing is left.
#[test]
fn a_name_that_is_not_seen_is_not_greeted() {
    for name in ["***", "<>", "`_`"] {
        let email = written(&notices()[1], Account::InUse, name, "A trust");
        assert!(email.text.starts_with("Hello,\n\nYou have been added"), "{}", email.text);
        let nameless = written(&notices()[3], Account::InUse, "Zoë", name);
        assert_eq!(nameless.subject, "RRV has been deactivated");
    }
}

// R-N2: how to log in, training, help desk, in every case.
#[test]
fn every_welcome_says_how_to_begin() {
    let opening = [
        "The NHS London region has nominated you as a lead administrator of ST. MARY'S HOSPITAL",
        "You have been added as a user of the Record a vaccination service (RAVS) at ST. MARY'S",
        "You can now onboard organisations to the Record a vaccination service (RAVS) for the NHS \
         London region.",
    ];
    for (notice, opening) in notices().iter().zip(opening) {
        for account in [Account::ToBeActivated, Account::InUse] {
            let Email { text, subject, .. } = usual(notice, account);
            assert!(text.starts_with("Dear Zoë,\n\n"));
            for said in [
                opening,
                "og in at https://www.ravs.england.nhs.uk/",
                "The guide and training are at https://guide.ravs.england.nhs.uk/",
                "If you need help, email ravs.support@england.nhs.uk",
            ] {
                assert!(text.contains(said), "{said}: {text}");
            }
            assert!(subject.contains("Record a vaccination service (RAVS)"), "{subject}");
            let new = account == Account::ToBeActivated;
            assert_eq!(text.contains("First activate your Okta account"), new, "{text}");
            assert_eq!(text.contains("whose link lasts 7 days"), new);
            assert_eq!(text.contains("You already have an Okta account"), !new);
        }
    }
}

// R-N2: vaccines and users are a nominated lead administrator's to add, and nobody else's.
#[test]
fn only_a_nominated_lead_administrator_is_told_to_add_vaccines_and_users() {
    for (place, notice) in notices().iter().enumerate() {
        let text = usual(notice, Account::InUse).text;
        assert_eq!(text.contains("- add the vaccines"), place == 0);
        assert_eq!(text.contains("- add the users"), place == 0);
    }
}

/// The words of an email in its text, in its page and in its fields are the same.
#[test]
fn every_form_of_an_email_says_the_same() {
    for notice in notices() {
        for account in [Account::ToBeActivated, Account::InUse] {
            let email = usual(&notice, account);
            let words = |text: &str| {
                let words = text.split_whitespace().filter(|word| *word != "-");
                words.map(String::from).collect::<vec::Vec<_>>().join(" ")
            };
            let shown = shown(&email.html);
            let page = shown.trim_start().strip_prefix(&email.subject).unwrap();
            assert_eq!(words(page), words(&email.text));
            let names: vec::Vec<_> = email.fields.iter().map(|field| field.name).collect();
            assert_eq!(names, email.notice.fields());
            for Field { name, value } in &email.fields {
                assert!(!value.is_empty(), "{name}");
                assert!(email.text.contains(value.as_str()), "{name}: {value}");
            }
        }
    }
    for name in FieldName::ALL {
        assert_eq!(name.as_str(), serde_json::to_value(name).unwrap());
        assert!(NoticeKind::ALL.iter().any(|kind| kind.fields().contains(&name)), "{name}");
    }
}

/// What somebody has typed is in no field but those that say so.
#[test]
fn what_was_typed_is_in_the_fields_that_say_so() {
    for notice in notices() {
        let email = written(&notice, Account::InUse, "Xylophone", "Zanzibar");
        for field in email.fields {
            let typed = field.value.contains("Xylophone") || field.value.contains("Zanzibar");
            assert_eq!(typed, field.name.is_typed(), "{}", field.name);
        }
    }
}

#[test]
fn an_email_goes_to_its_user_under_its_key() {
    for notice in notices() {
        let email = usual(&notice, Account::InUse);
        assert_eq!((email.key.as_str(), email.to.as_str()), ("key", "zoe@nhs.net"));
        assert_eq!(email.notice, notice.kind());
        assert_eq!(email.notice.as_str(), serde_json::to_value(email.notice).unwrap());
    }
}

/// What is shown of a page, a line for each part.
fn shown(html: &str) -> String {
    let shown = html.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().1);
    let shown = shown.collect::<vec::Vec<_>>().join("");
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    marks.iter().fold(shown, |text, (escaped, mark)| text.replace(escaped, mark))
}
