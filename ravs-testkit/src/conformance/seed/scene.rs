//! An organisation to begin with.

use ravs_core::command::ChangeUser;
use ravs_core::port::{PortError, Store};
use ravs_core::{
    ClinicianStatus, EmailAddress, Organisation, OrganisationId, Place, Region, RegionalLead,
    Roster, User, UserId,
};

use super::{Seed, body};

/// An organisation in London, the lead who invited it, and its two lead administrators, Ada and
/// Ben.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The regional lead.
    pub lead: RegionalLead,
    /// The organisation.
    pub id: OrganisationId,
    /// Ada.
    pub ada: UserId,
    /// Her address.
    pub ada_email: EmailAddress,
    /// Ben.
    pub ben: UserId,
    /// His address.
    pub ben_email: EmailAddress,
}

impl Scene {
    /// Onboards the body of that code; nobody has entered.
    ///
    /// # Errors
    /// What the store fails with.
    pub async fn invited(seed: &Seed, store: &dyn Store, code: &str) -> Result<Self, PortError> {
        let email = |name: &str| format!("{name}.{code}@nhs.net");
        let lead = seed.regional_lead(Region::London, &email("Rae"));
        store.commit(&lead.change).await?;
        let (ada, ben) = (email("Ada"), email("Ben"));
        let body = body(code, &format!("Practice {code}"));
        let onboarded = seed.onboarding(&lead.answer, &body, [&ada, &ben]);
        store.commit(&onboarded.change).await?;
        let users: Vec<&User> = onboarded.change.users().iter().map(|write| &write.state).collect();
        let [ada, ben] = users[..] else {
            return Err(PortError::rejected("two nominees are two users"));
        };
        Ok(Self {
            lead: lead.answer,
            id: onboarded.answer.id(),
            ada: ada.id(),
            ada_email: ada.email().clone(),
            ben: ben.id(),
            ben_email: ben.email().clone(),
        })
    }

    /// The same, and Ada has entered: it is Active.
    ///
    /// # Errors
    /// What the store fails with.
    pub async fn active(seed: &Seed, store: &dyn Store, code: &str) -> Result<Self, PortError> {
        let scene = Self::invited(seed, store, code).await?;
        seed.tick();
        scene.enter(seed, store, scene.ada).await?;
        Ok(scene)
    }

    /// The same, and Ada and Ben are clinicians.
    ///
    /// # Errors
    /// What the store fails with.
    pub async fn clinical(seed: &Seed, store: &dyn Store, code: &str) -> Result<Self, PortError> {
        let scene = Self::active(seed, store, code).await?;
        for email in [&scene.ada_email, &scene.ben_email] {
            seed.tick();
            let command = ChangeUser {
                email: email.as_str().to_owned(),
                level: None,
                clinician: Some(ClinicianStatus::Clinician),
            };
            let change = seed.change(scene.ada, &scene.roster(store).await?, &command).change;
            store.commit(&change).await?;
        }
        Ok(scene)
    }

    /// Has one of its members enter.
    ///
    /// # Errors
    /// What the store fails with.
    pub async fn enter(
        &self,
        seed: &Seed,
        store: &dyn Store,
        user: UserId,
    ) -> Result<(), PortError> {
        let (user, place) = self.place(store, user).await?;
        store.commit(&seed.entry(&user, &place).change).await
    }

    /// Deactivates it.
    ///
    /// # Errors
    /// What the store fails with.
    pub async fn deactivate(
        &self,
        seed: &Seed,
        store: &dyn Store,
    ) -> Result<Organisation, PortError> {
        let decided = seed.deactivation(&self.lead, &self.roster(store).await?);
        store.commit(&decided.change).await?;
        Ok(decided.answer)
    }

    /// It with its members, as the store has them.
    ///
    /// # Errors
    /// What the store fails with; rejected where it has lost the organisation.
    pub async fn roster(&self, store: &dyn Store) -> Result<Roster, PortError> {
        let lost = || PortError::rejected("an organisation that was committed is not there");
        store.roster(self.id).await?.ok_or_else(lost)
    }

    /// It as the store has it.
    ///
    /// # Errors
    /// What the store fails with; rejected where it has lost the organisation.
    pub async fn organisation(&self, store: &dyn Store) -> Result<Organisation, PortError> {
        Ok(self.roster(store).await?.organisation)
    }

    /// One of its members and their place here, as the store has them.
    ///
    /// # Errors
    /// What the store fails with; rejected where it has lost the member.
    pub async fn place(&self, store: &dyn Store, user: UserId) -> Result<(User, Place), PortError> {
        let roster = self.roster(store).await?;
        let lost = || PortError::rejected("a member who was committed is not there");
        let member = roster.by_user(user).ok_or_else(lost)?.clone();
        let place = Place { organisation: roster.organisation, membership: member.membership };
        Ok((member.user, place))
    }
}
