//! A host can embed the service behind any web framework: everything is `Send + Sync`, and every
//! call's future can move between threads.

use ravs_core::command::{AddRegionalLead, AddUser, Onboard};
use ravs_core::service::{Housekeeping, OrganisationDesk, RegionalDesk, SupportDesk};
use ravs_core::{Action, Failure, OrganisationId, Ravs, Refusal, Session, VerifiedIdentity, port};

fn sent<T: Send>(value: T) -> T {
    value
}

fn shared<T: Send + Sync + 'static>() {}

#[test]
fn values_can_be_shared() {
    shared::<Ravs>();
    shared::<RegionalDesk>();
    shared::<OrganisationDesk>();
    shared::<SupportDesk>();
    shared::<Housekeeping>();
    shared::<Session>();
    shared::<Refusal>();
    shared::<Failure>();
    shared::<Box<dyn port::Store>>();
    shared::<Box<dyn port::EffectQueue>>();
    shared::<Box<dyn port::IdentityProvider>>();
    shared::<Box<dyn port::BodyDirectory>>();
    shared::<Box<dyn port::Mailer>>();
}

/// Compiles only while each of these futures is `Send`.
#[expect(dead_code, reason = "it is enough that it compiles")]
async fn futures_can_move(
    ravs: Ravs,
    identity: VerifiedIdentity,
    lead: AddRegionalLead,
    user: AddUser,
    session: Session,
    id: OrganisationId,
) -> Result<(), Failure> {
    sent(ravs.sign_in(&identity)).await?;
    sent(ravs.enter(&identity, id)).await?;
    sent(ravs.support_desk().add_regional_lead(&lead)).await?;
    let desk = sent(ravs.regional_desk(&identity)).await?;
    sent(desk.onboard(&Onboard::default())).await?;
    sent(desk.deactivate(id)).await?;
    let desk = ravs.organisation_desk(session);
    sent(desk.add_user(&user)).await?;
    sent(desk.deactivate_user("")).await?;
    sent(desk.explain(Action::ManageUsers)).await?;
    sent(ravs.housekeeping().sweep(1)).await?;
    sent(ravs.housekeeping().deliver(1)).await?;
    Ok(())
}

// R-S5: a session survives the way through a cookie.
#[test]
fn a_session_is_a_small_value() {
    let json = r#"{"user":"00000000-0000-0000-0000-000000000001","organisation":"00000000-0000-0000-0000-000000000002","entered_at":"2025-05-12T10:02:51Z"}"#;
    let session: Session = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&session).unwrap(), json);
}
