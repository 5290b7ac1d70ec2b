//! A whole life: everything that can happen, once or more.

use ravs_core::command::{self, ChangeUser};
use ravs_core::port::{PortError, Store};
use ravs_core::{
    Actor, ChangeSet, ClinicianStatus, EffectKey, Notice, PermissionLevel, Policy, Region, Roster,
    Subject, User, UserId,
};

use super::{Scene, Seed, body, read};

/// Commits a life in which everything happens that can, and gives its change sets in order. Its
/// effects are of every kind too.
///
/// # Errors
/// What the store fails with.
pub async fn whole_life(seed: &mut Seed, store: &dyn Store) -> Result<Vec<ChangeSet>, PortError> {
    let lead = seed.regional_lead(Region::NorthWest, "Rae.Lead@nhs.net");
    let mut life = Life { store, changes: Vec::new() };
    life.live(seed, lead.change).await?;
    let emails = ["Ada@nhs.net", "Ben@nhs.net"];
    let onboarded = seed.onboarding(&lead.answer, &body("RW3", "Manchester Royal"), emails);
    let users: Vec<User> =
        onboarded.change.users().iter().map(|write| write.state.clone()).collect();
    let [ada, ben] = &users[..] else { panic!("two nominees are two users") };
    let scene = Scene {
        lead: lead.answer,
        id: onboarded.answer.id(),
        ada: ada.id(),
        ada_email: ada.email().clone(),
        ben: ben.id(),
        ben_email: ben.email().clone(),
    };
    life.live(seed, onboarded.change).await?;
    life.members_come_and_go(seed, &scene).await?;
    life.vaccinations_are_recorded(seed, &scene).await?;
    life.accounts_are_seen_to(seed, &scene).await?;
    life.it_ends(seed, &scene).await?;
    Ok(life.changes)
}

struct Life<'a> {
    store: &'a dyn Store,
    changes: Vec<ChangeSet>,
}

impl Life<'_> {
    async fn live(&mut self, seed: &Seed, change: ChangeSet) -> Result<(), PortError> {
        self.store.commit(&change).await?;
        self.changes.push(change);
        seed.tick();
        Ok(())
    }

    async fn roster(&self, scene: &Scene) -> Result<Roster, PortError> {
        scene.roster(self.store).await
    }

    async fn enter(&mut self, seed: &Seed, scene: &Scene, who: UserId) -> Result<(), PortError> {
        let (user, place) = scene.place(self.store, who).await?;
        self.live(seed, seed.entry(&user, &place).change).await
    }

    async fn members_come_and_go(&mut self, seed: &Seed, scene: &Scene) -> Result<(), PortError> {
        self.enter(seed, scene, scene.ada).await?;
        let organisation = self.roster(scene).await?.organisation;
        let vaccines = seed.vaccines(&scene.lead, &organisation, &["MMR", "hpv"]);
        self.live(seed, vaccines.change).await?;
        let (roster, level) = (self.roster(scene).await?, PermissionLevel::Recorder);
        let added = seed.user(scene.ada, &roster, None, "Una@nhs.net", level);
        self.live(seed, added.change).await?;
        let una = added.answer.user.id();
        for (email, level) in
            [("Una@nhs.net", Some(PermissionLevel::Administrator)), ("ada@nhs.net", None)]
        {
            let clinician = Some(ClinicianStatus::Clinician);
            let command = ChangeUser { email: email.to_owned(), level, clinician };
            let roster = self.roster(scene).await?;
            self.live(seed, seed.change(scene.ada, &roster, &command).change).await?;
        }
        self.enter(seed, scene, una).await?;
        let leave = seed.leaving(scene.ada, &self.roster(scene).await?, "una@nhs.net");
        self.live(seed, leave.change).await?;
        let back = seed.return_of(scene.ada, &self.roster(scene).await?, "una@nhs.net");
        self.live(seed, back.change).await?;
        let leave = seed.leaving(scene.ada, &self.roster(scene).await?, "una@nhs.net");
        self.live(seed, leave.change).await?;
        let again = seed.nomination(&scene.lead, &self.roster(scene).await?, &[], "una@nhs.net");
        self.live(seed, again.change).await?;
        let ben = scene.ben_email.as_str();
        let moved = seed.move_email(scene.ada, &self.roster(scene).await?, ben, "ben.main@nhs.net");
        self.live(seed, moved.change).await
    }

    async fn vaccinations_are_recorded(
        &mut self,
        seed: &Seed,
        scene: &Scene,
    ) -> Result<(), PortError> {
        let roster = self.roster(scene).await?;
        let day = read("2026-01-05");
        let made = seed.recording(scene.ada, &roster, &scene.ada_email, day);
        self.live(seed, made.change).await?;
        let edited = seed.edit(scene.ada, &roster, &made.answer, read("2026-01-04"));
        self.live(seed, edited.change).await
    }

    async fn accounts_are_seen_to(
        &mut self,
        seed: &mut Seed,
        scene: &Scene,
    ) -> Result<(), PortError> {
        let (ada, _) = scene.place(self.store, scene.ada).await?;
        if let Ok(subject) = Subject::new("00u1 Ada") {
            self.live(seed, seed.link(&ada, &subject).change).await?;
        }
        self.live(seed, seed.activation_email(&ada).change).await?;
        let notice = Notice::WelcomeUser { user: scene.ada, organisation: scene.id };
        let key = EffectKey::from_stored("welcome_user.of-the-life".to_owned());
        let dropped = command::drop_email(seed.context(Actor::System), &key, &notice);
        self.live(seed, dropped).await?;
        // while an email serves at one organisation alone, a known person's is claimed
        let shared = seed.settings.policy;
        seed.settings.policy = Policy { shared_email_from: None, ..shared };
        let rae = self.store.users(&[scene.lead.user()]).await?;
        let roster = self.roster(scene).await?;
        let nominated = seed.nomination(&scene.lead, &roster, &rae, "rae.lead@nhs.net");
        self.live(seed, nominated.change).await?;
        seed.settings.policy = shared;
        Ok(())
    }

    async fn it_ends(&mut self, seed: &Seed, scene: &Scene) -> Result<(), PortError> {
        let deactivated = seed.deactivation(&scene.lead, &self.roster(scene).await?);
        self.live(seed, deactivated.change).await?;
        let reactivated = seed.reactivation(&scene.lead, &self.roster(scene).await?);
        self.live(seed, reactivated.change).await?;
        let deactivated = seed.deactivation(&scene.lead, &self.roster(scene).await?);
        self.live(seed, deactivated.change).await?;
        if let Some(closing) = deactivated.answer.state().closing() {
            seed.clock.set(closing.instant());
        }
        let closed = seed.closing(&self.roster(scene).await?);
        self.live(seed, closed.change).await?;
        self.live(seed, seed.stop(&scene.lead).change).await
    }
}
