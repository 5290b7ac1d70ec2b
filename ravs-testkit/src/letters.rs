//! Every email there is, for tests of what carries them.

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::{
    Account, Closing, Corrupt, EffectKey, Email, EmailAddress, Letter, Notice, Organisation,
    OrganisationId, OrganisationState, PersonName, Region, ServiceDetails, StoredOrganisation,
    StoredUser, User, UserId, VaccineGrants, Version,
};
use uuid::Uuid;

/// Every email there is, each kind in all its forms, as the core writes them to that person about
/// an organisation of that name. Their keys are all different, and of the form that effects have.
///
/// # Errors
/// [`Corrupt`], should the core not take what stands here.
pub fn letters(
    name: &PersonName,
    to: &EmailAddress,
    organisation: &str,
) -> Result<Vec<Email>, Corrupt> {
    let (user, id) = (UserId::from_uuid(Uuid::from_u128(1)), organisation_id());
    let (told, before) = (DateTime::UNIX_EPOCH + TimeDelta::days(20_310), DateTime::UNIX_EPOCH);
    let closes_at = Closing::after(told, 90);
    let nomination = Notice::WelcomeLeadAdministrator { user, organisation: id };
    let addition = Notice::WelcomeUser { user, organisation: id };
    let regional = Notice::WelcomeRegionalLead { user };
    let deactivation =
        Notice::OrganisationDeactivated { user, organisation: id, at: told, closes_at };
    let reactivation = Notice::OrganisationReactivated { user, organisation: id, at: told };
    let invited = OrganisationState::Invited;
    let deactivated = OrganisationState::Deactivated { at: told, closes_at };
    let active = OrganisationState::Active { since: told };
    let (new, in_use) = (Account::ToBeActivated, Account::InUse);
    let to = User::restore(StoredUser {
        id: user,
        email: to.clone(),
        name: name.clone(),
        subject: None,
        version: Version::FIRST,
        changed_at: before,
    })?;
    let service = ServiceDetails::default();
    let forms = [
        (nomination, new, &invited),
        (nomination, in_use, &invited),
        (addition, new, &invited),
        (addition, in_use, &invited),
        (regional, new, &invited),
        (regional, in_use, &invited),
        (deactivation, in_use, &deactivated),
        (deactivation, in_use, &active), // overtaken
        (reactivation, in_use, &active),
        (reactivation, in_use, &deactivated), // overtaken
    ];
    let mut letters = Vec::new();
    for (number, (notice, account, state)) in (1u128..).zip(forms) {
        let place = organisation_in(*state, organisation, told)?;
        let letter = match notice {
            Notice::WelcomeRegionalLead { .. } => Letter::Region(Region::London),
            Notice::WelcomeLeadAdministrator { .. }
            | Notice::WelcomeUser { .. }
            | Notice::OrganisationDeactivated { .. }
            | Notice::OrganisationReactivated { .. } => Letter::Organisation(&place),
        };
        let change = Uuid::from_u128(number);
        let key = EffectKey::from_stored(format!("{}.{user}.{change}", notice.kind().as_str()));
        letters.push(letter.write(key, &notice, &to, account, &service));
    }
    Ok(letters)
}

fn organisation_id() -> OrganisationId {
    OrganisationId::from_uuid(Uuid::from_u128(2))
}

fn organisation_in(
    state: OrganisationState,
    name: &str,
    changed_at: DateTime<Utc>,
) -> Result<Organisation, Corrupt> {
    let code = "RRV".parse().map_err(|_| Corrupt::new("letters: the ODS code"))?;
    Organisation::restore(StoredOrganisation {
        id: organisation_id(),
        ods_code: code,
        name: name.to_owned(),
        address: String::new(),
        postcode: String::new(),
        region: Region::London,
        invited_by: UserId::from_uuid(Uuid::from_u128(3)),
        invited_at: DateTime::UNIX_EPOCH,
        state,
        vaccines: VaccineGrants::default(),
        version: Version::FIRST.next(),
        changed_at,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ravs_core::NoticeKind;

    use super::*;

    #[test]
    fn every_kind_is_there_and_all_are_different() {
        let name = PersonName::new("Zoë", "Ng").unwrap();
        let letters = letters(&name, &"zoe@nhs.net".parse().unwrap(), "A TRUST").unwrap();
        let kinds: BTreeSet<_> = letters.iter().map(|email| email.notice).collect();
        assert_eq!(kinds, NoticeKind::ALL.into_iter().collect());
        let texts: BTreeSet<_> = letters.iter().map(|email| &email.text).collect();
        let keys: BTreeSet<_> = letters.iter().map(|email| &email.key).collect();
        assert_eq!((texts.len(), keys.len()), (letters.len(), letters.len()));
    }
}
