//! The templates that Notify keeps.

use std::collections::BTreeMap;

use ravs_core::NoticeKind;
use uuid::Uuid;

use crate::configuration::{ConfigurationFault, InvalidConfiguration, unless_faulty};

/// The words of a template, to be pasted into Notify, with `((gaps))` for the fields.
///
/// ```
/// use ravs_adapters_email::notify::Template;
/// use ravs_core::NoticeKind;
///
/// let template = Template::of(NoticeKind::OrganisationReactivated);
/// assert_eq!(template.subject, "((organisation)) has been reactivated");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its subject.
    pub subject: &'static str,
    /// Its message, in Notify's own Markdown.
    pub message: &'static str,
}

impl Template {
    /// The template for emails of that kind.
    #[must_use]
    pub fn of(kind: NoticeKind) -> Self {
        let file = match kind {
            NoticeKind::WelcomeLeadAdministrator => {
                include_str!("../../templates/welcome_lead_administrator.txt")
            }
            NoticeKind::WelcomeUser => include_str!("../../templates/welcome_user.txt"),
            NoticeKind::WelcomeRegionalLead => {
                include_str!("../../templates/welcome_regional_lead.txt")
            }
            NoticeKind::OrganisationDeactivated => {
                include_str!("../../templates/organisation_deactivated.txt")
            }
            NoticeKind::OrganisationReactivated => {
                include_str!("../../templates/organisation_reactivated.txt")
            }
        };
        let (subject, message) = file.split_once("\n\n").unwrap_or((file, ""));
        Self { subject, message }
    }
}

/// The ids that Notify has given to the templates, one for each kind of email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateIds(BTreeMap<NoticeKind, Uuid>);

impl TemplateIds {
    /// Finds the id of each kind's template by asking for it.
    ///
    /// # Errors
    /// [`InvalidConfiguration`], which names every kind whose id is missing, is no UUID, or is
    /// that of another kind too.
    ///
    /// ```
    /// use ravs_adapters_email::notify::TemplateIds;
    ///
    /// let ids = TemplateIds::find(|kind| std::env::var(format!("TEMPLATE_{}", kind.as_str())).ok());
    /// assert_eq!(ids.unwrap_err().faults().len(), 5, "none of them is set");
    /// ```
    pub fn find(
        mut id_of: impl FnMut(NoticeKind) -> Option<String>,
    ) -> Result<Self, InvalidConfiguration> {
        let mut ids = BTreeMap::new();
        let mut faults = Vec::new();
        for kind in NoticeKind::ALL {
            let id = id_of(kind);
            let id = id.as_deref().map(str::trim).filter(|id| !id.is_empty());
            let what = match id.map(Uuid::try_parse) {
                None => "the template's id is missing",
                Some(Err(_)) => "the template's id is no UUID",
                Some(Ok(id)) if ids.values().any(|other| *other == id) => {
                    "the template's id is that of another kind of email too"
                }
                Some(Ok(id)) => {
                    ids.insert(kind, id);
                    continue;
                }
            };
            faults.push(ConfigurationFault::new(kind.as_str(), what));
        }
        unless_faulty("the list of templates", faults, || Some(Self(ids)))
    }

    pub(super) fn of(&self, kind: NoticeKind) -> Uuid {
        // Every kind has one.
        self.0.get(&kind).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_that_cannot_be_used_is_named() {
        let one = "0b2f3c1e-5a4d-4c8b-9e7f-1a2b3c4d5e6f";
        let error = TemplateIds::find(|kind| match kind {
            NoticeKind::WelcomeLeadAdministrator => None,
            NoticeKind::WelcomeUser => Some("an id".into()),
            NoticeKind::WelcomeRegionalLead => Some(" ".into()),
            _ => Some(one.into()),
        });
        let error = error.unwrap_err();
        let named: Vec<_> = error.faults().iter().map(ConfigurationFault::setting).collect();
        let expected = [
            "welcome_lead_administrator",
            "welcome_user",
            "welcome_regional_lead",
            "organisation_reactivated",
        ];
        assert_eq!(named, expected);
        assert!(
            error
                .to_string()
                .starts_with("the list of templates is not configured as it should be")
        );
    }

    #[test]
    fn each_kind_has_the_id_that_was_found_for_it() {
        let id = |kind: NoticeKind| Uuid::from_u128(1 + kind as u128);
        let ids = TemplateIds::find(|kind| Some(id(kind).to_string())).unwrap();
        for kind in NoticeKind::ALL {
            assert_eq!(ids.of(kind), id(kind));
        }
    }

    #[test]
    fn the_readme_has_every_template_to_paste() {
        let readme = include_str!("../../README.md");
        for kind in NoticeKind::ALL {
            let Template { subject, message } = Template::of(kind);
            let to_paste = format!("`{}`\n\n```text\n{subject}\n\n{message}```", kind.as_str());
            assert!(readme.contains(&to_paste), "{to_paste}");
        }
    }

    #[test]
    fn a_template_has_a_gap_for_each_field_and_no_other() {
        for kind in NoticeKind::ALL {
            let Template { subject, message } = Template::of(kind);
            assert!(!subject.contains('\n') && !message.is_empty());
            let both = format!("{subject}\n{message}");
            for field in ravs_core::FieldName::ALL {
                let gap = both.contains(&format!("(({field}))"));
                assert_eq!(gap, kind.fields().contains(&field), "{}: {field}", kind.as_str());
            }
        }
    }
}
