//! What can be wrong with an identity provider.

use async_trait::async_trait;
use ravs_core::port::{
    AccessCursor, AccessPage, AccountState, AccountWithAccess, IdentityProvider, Person, PortError,
    Resent,
};
use ravs_core::{EmailAddress, PersonName, Subject};
use ravs_testkit::MemoryIdentity;
use ravs_testkit::conformance::identity_provider::{Backstage, Capability};

/// One thing that is wrong with a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentityFault {
    AskingMakesAccounts,
    MakesActiveAccounts,
    MakesAccountsForAll,
    RefusesASecondTime,
    ActivatesWhatIsThere,
    SendsToTheActive,
    TellsAddressesApartByCase,
    AnAccountIsAccess,
    GrantsNothing,
    WithdrawsNothing,
    WithdrawingDeactivates,
    SeeingToAnAccountShutsOut,
    WithdrawsFromAll,
    GrantingMakesAccounts,
    NothingToWithdrawIsAnError,
    LetsTheDeactivatedIn,
    GrantingActivates,
    ListsTheShutOut,
    ForgetsAPage,
    WithdrawsNothingBySubject,
    ResendingMakesAccounts,
    ResendsNothing,
    ResendsToAnybody,
    AnOutageIsForEver,
    AnOutageIsSilent,
}

impl IdentityFault {
    /// Every fault, and a case that catches it.
    pub(crate) const ALL: &[(Self, &str)] = &[
        (Self::AskingMakesAccounts, "accounts::asking_makes_no_account"),
        (Self::MakesActiveAccounts, "accounts::an_account_is_made_where_there_is_none"),
        (Self::MakesAccountsForAll, "accounts::an_account_is_made_where_there_is_none"),
        (Self::RefusesASecondTime, "accounts::seeing_to_an_account_may_be_repeated"),
        (Self::RefusesASecondTime, "accounts::many_at_once_make_one_account"),
        (Self::ActivatesWhatIsThere, "accounts::an_account_that_exists_is_left_as_it_is"),
        (Self::SendsToTheActive, "accounts::an_account_that_exists_is_left_as_it_is"),
        (Self::TellsAddressesApartByCase, "accounts::an_address_is_one_however_it_is_spelled"),
        (Self::AnAccountIsAccess, "access::granting_lets_in"),
        (Self::GrantsNothing, "access::granting_lets_in"),
        (Self::WithdrawsNothing, "access::withdrawing_shuts_out"),
        (Self::WithdrawingDeactivates, "access::withdrawing_shuts_out"),
        (Self::SeeingToAnAccountShutsOut, "access::access_outlasts_seeing_to_an_account"),
        (Self::WithdrawsFromAll, "access::access_is_each_persons_own"),
        (Self::GrantingMakesAccounts, "access::nobody_is_let_in_without_an_account"),
        (Self::NothingToWithdrawIsAnError, "access::withdrawing_what_was_never_granted_is_fine"),
        (Self::LetsTheDeactivatedIn, "access::access_changes_no_account"),
        (Self::GrantingActivates, "access::access_changes_no_account"),
        (Self::ListsTheShutOut, "access::everybody_with_access_is_listed"),
        (Self::ForgetsAPage, "access::everybody_with_access_is_listed"),
        (Self::WithdrawsNothingBySubject, "access::access_is_withdrawn_by_subject"),
        (Self::ResendingMakesAccounts, "activation::no_account_no_email"),
        (Self::ResendsNothing, "activation::a_waiting_account_gets_its_email"),
        (Self::ResendsToAnybody, "activation::any_other_account_has_nothing_to_activate"),
        (Self::AnOutageIsForEver, "outages::an_outage_can_be_waited_out"),
        (Self::AnOutageIsSilent, "outages::an_outage_can_be_waited_out"),
    ];
}

/// A provider with one fault, or none.
pub(crate) struct IdentityUnderSuspicion {
    inner: MemoryIdentity,
    fault: Option<IdentityFault>,
}

impl IdentityUnderSuspicion {
    pub(crate) fn with(fault: Option<IdentityFault>) -> Self {
        Self { inner: MemoryIdentity::new(), fault }
    }

    fn has(&self, fault: IdentityFault) -> bool {
        self.fault == Some(fault)
    }

    /// The person as this provider knows them.
    fn known_as(&self, person: &Person) -> Person {
        let typed = person.email.as_str();
        if self.has(IdentityFault::TellsAddressesApartByCase) && typed != person.email.folded() {
            let email = format!("typed-{typed}").parse().unwrap();
            return Person { email, ..person.clone() };
        }
        person.clone()
    }

    fn outage<T>(&self, outcome: Result<T, PortError>) -> Result<T, PortError> {
        match outcome {
            Err(error) if error.is_retryable() && self.has(IdentityFault::AnOutageIsForEver) => {
                Err(PortError::rejected("it does not answer"))
            }
            other => other,
        }
    }

    fn everybody() -> [Person; 3] {
        ["ada@nhs.net", "ben@nhs.net", "cleo@nhs.net"].map(|email| Person {
            email: email.parse::<EmailAddress>().unwrap(),
            name: PersonName::new("Any", "Body").unwrap(),
            subject: None,
        })
    }
}

#[async_trait]
impl IdentityProvider for IdentityUnderSuspicion {
    async fn account(&self, person: &Person) -> Result<Option<AccountState>, PortError> {
        let person = self.known_as(person);
        let found = self.outage(self.inner.account(&person).await)?;
        if self.has(IdentityFault::AskingMakesAccounts) {
            self.inner.ensure_account(&person).await?;
        }
        Ok(found)
    }

    async fn ensure_account(&self, person: &Person) -> Result<AccountState, PortError> {
        let person = self.known_as(person);
        let before = self.outage(self.inner.account(&person).await)?;
        if before.is_some() && self.has(IdentityFault::RefusesASecondTime) {
            return Err(PortError::rejected("there is an account already"));
        }
        let state = self.outage(self.inner.ensure_account(&person).await)?;
        let email = &person.email;
        match self.fault {
            Some(IdentityFault::MakesActiveAccounts) if before.is_none() => {
                self.inner.add_account(email, AccountState::Active);
                return Ok(AccountState::Active);
            }
            Some(IdentityFault::ActivatesWhatIsThere) if before.is_some() => {
                self.inner.add_account(email, AccountState::Active);
                return Ok(AccountState::Active);
            }
            Some(IdentityFault::SendsToTheActive) => {
                self.inner.add_account(email, AccountState::PendingActivation);
                self.inner.resend_activation(&person).await?;
                self.inner.add_account(email, state);
            }
            Some(IdentityFault::MakesAccountsForAll) => {
                for other in Self::everybody() {
                    self.inner.ensure_account(&other).await?;
                }
            }
            Some(IdentityFault::AnAccountIsAccess) => self.inner.grant_access(&person).await?,
            Some(IdentityFault::SeeingToAnAccountShutsOut) => {
                self.inner.withdraw_access(&person).await?;
            }
            _ => {}
        }
        Ok(state)
    }

    async fn grant_access(&self, person: &Person) -> Result<(), PortError> {
        let person = self.known_as(person);
        let state = self.outage(self.inner.account(&person).await)?;
        match self.fault {
            Some(IdentityFault::GrantsNothing) => return Ok(()),
            Some(IdentityFault::GrantingMakesAccounts) => {
                self.inner.ensure_account(&person).await?;
            }
            Some(IdentityFault::GrantingActivates) if state.is_some() => {
                self.inner.add_account(&person.email, AccountState::Active);
            }
            Some(IdentityFault::LetsTheDeactivatedIn)
                if state == Some(AccountState::Deactivated) =>
            {
                return Ok(());
            }
            _ => {}
        }
        self.outage(self.inner.grant_access(&person).await)
    }

    async fn withdraw_access(&self, person: &Person) -> Result<(), PortError> {
        let person = self.known_as(person);
        let state = self.outage(self.inner.account(&person).await)?;
        match self.fault {
            Some(IdentityFault::WithdrawsNothing) => return Ok(()),
            Some(IdentityFault::WithdrawingDeactivates) if state.is_some() => {
                self.inner.add_account(&person.email, AccountState::Deactivated);
            }
            Some(IdentityFault::WithdrawsFromAll) => {
                for other in Self::everybody() {
                    self.inner.withdraw_access(&other).await?;
                }
            }
            Some(IdentityFault::NothingToWithdrawIsAnError)
                if !self.inner.has_access(&person.email) =>
            {
                return Err(PortError::rejected("there is no access to withdraw"));
            }
            _ => {}
        }
        self.outage(self.inner.withdraw_access(&person).await)
    }

    async fn resend_activation(&self, person: &Person) -> Result<Resent, PortError> {
        let person = self.known_as(person);
        let state = self.outage(self.inner.account(&person).await)?;
        match (self.fault, state) {
            (Some(IdentityFault::ResendsNothing), Some(_)) => return Ok(Resent::Sent),
            (Some(IdentityFault::ResendsToAnybody), Some(_)) => return Ok(Resent::Sent),
            (Some(IdentityFault::ResendingMakesAccounts), None) => {
                self.inner.ensure_account(&person).await?;
            }
            _ => {}
        }
        self.outage(self.inner.resend_activation(&person).await)
    }

    async fn accounts_with_access(
        &self,
        after: Option<AccessCursor>,
    ) -> Result<AccessPage, PortError> {
        let mut page = self.outage(self.inner.accounts_with_access(after).await)?;
        match self.fault {
            Some(IdentityFault::ListsTheShutOut) if page.next.is_none() => {
                let email: EmailAddress = "number12@nhs.net".parse().unwrap();
                let subject = ravs_testkit::identity_of(email.as_str()).subject;
                page.accounts.push(AccountWithAccess { subject, email: Some(email) });
            }
            Some(IdentityFault::ForgetsAPage) => page.next = None,
            _ => {}
        }
        Ok(page)
    }

    async fn withdraw_access_of(&self, subject: &Subject) -> Result<(), PortError> {
        if self.has(IdentityFault::WithdrawsNothingBySubject) {
            return Ok(());
        }
        self.outage(self.inner.withdraw_access_of(subject).await)
    }
}

#[async_trait]
impl Backstage for IdentityUnderSuspicion {
    fn can(&self, capability: Capability) -> bool {
        self.inner.can(capability)
    }

    async fn put_account(&self, person: &Person, state: AccountState) {
        self.inner.put_account(person, state).await;
    }

    async fn has_access(&self, person: &Person) -> bool {
        self.inner.has_access(&self.known_as(person).email)
    }

    async fn activation_emails(&self, person: &Person) -> usize {
        self.inner.activation_emails(&self.known_as(person).email)
    }

    async fn set_down(&self, down: bool) {
        if !self.has(IdentityFault::AnOutageIsSilent) {
            self.inner.set_down(down);
        }
    }
}
