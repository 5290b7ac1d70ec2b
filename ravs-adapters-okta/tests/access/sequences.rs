//! Whatever is asked and whatever goes wrong: membership is what the last command that
//! succeeded asked for, and nothing is called that is not allowed.

use proptest::collection::vec;
use proptest::prelude::*;
use ravs_core::port::IdentityProvider as _;

use crate::support::people::{okta, person};
use crate::support::tenant::{Fault, Tenant};
use crate::support::time::FakeTime;

#[derive(Clone, Copy, Debug)]
enum Command {
    Ensure,
    EnsureAccount,
    Grant,
    Settle,
    Withdraw,
    Resend,
    Look,
}

/// All that this crate may ever ask.
const ALLOWED: [&str; 9] = [
    "GET user",
    "GET api/v1/users",
    "POST api/v1/users",
    "POST user/lifecycle/activate",
    "POST user/lifecycle/reactivate",
    "GET group",
    "GET members",
    "PUT member",
    "DELETE member",
];

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        Just(Command::Ensure),
        Just(Command::EnsureAccount),
        Just(Command::Grant),
        Just(Command::Settle),
        Just(Command::Withdraw),
        Just(Command::Resend),
        Just(Command::Look),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    let status = prop_oneof![Just(500_u16), Just(502), Just(503), Just(504)];
    prop_oneof![
        4 => Just(Fault::None),
        1 => prop_oneof![Just(429_u16), Just(403), Just(401)].prop_map(Fault::Before),
        1 => status.clone().prop_map(Fault::Before),
        2 => status.prop_map(Fault::After),
        1 => Just(Fault::Garbled),
    ]
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn status() -> impl Strategy<Value = Option<&'static str>> {
    let statuses =
        ["STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "LOCKED_OUT", "SUSPENDED", "DEPROVISIONED"];
    prop_oneof![3 => Just(None), 7 => proptest::sample::select(statuses.to_vec()).prop_map(Some)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn membership_is_what_the_last_success_asked_for(
        before in status(),
        lag in 0_usize..12,
        steps in vec((command(), vec(fault(), 0..6)), 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let tenant = Tenant::default();
            let server = tenant.serve().await;
            tenant.set_lag(lag);
            let okta = okta(&server.uri(), &FakeTime::default());
            let jo = person("jo@nhs.net");
            if let Some(status) = before {
                tenant.put("jo@nhs.net", status);
            }
            // What membership is for sure; a command that failed may have happened or not.
            let mut member = Some(false);
            for (command, faults) in steps {
                tenant.fail_next(faults);
                let was = tenant.account("jo@nhs.net");
                let outcome = match command {
                    Command::Ensure => okta.ensure_access(&jo).await.map(drop).map_err(told),
                    Command::EnsureAccount => okta.ensure_account(&jo).await.map(drop).map_err(told),
                    Command::Grant => okta.grant(&jo).await.map(drop).map_err(told),
                    // As the core does it.
                    Command::Settle => match okta.ensure_account(&jo).await {
                        Ok(_) => okta.grant_access(&jo).await.map_err(told),
                        Err(error) => Err(told(error)),
                    },
                    Command::Withdraw => okta.withdraw(&jo).await.map(drop).map_err(told),
                    Command::Resend => okta.resend(&jo).await.map(drop).map_err(told),
                    Command::Look => okta.account(&jo.email).await.map(drop).map_err(told),
                };
                let asks = match command {
                    Command::Ensure | Command::Grant | Command::Settle => Some(true),
                    Command::Withdraw => Some(false),
                    Command::EnsureAccount | Command::Resend | Command::Look => None,
                };
                tenant.fail_next([]);
                member = match (&outcome, asks) {
                    (Ok(()), Some(asks)) => Some(asks),
                    (Err(_), Some(asks)) if member != Some(asks) => None,
                    _ => member,
                };
                let now = tenant.account("jo@nhs.net");
                let is_member = now.as_ref().is_some_and(|held| held.member);
                if let Some(member) = member {
                    prop_assert_eq!(is_member, member, "after {:?}: {:?}", command, outcome);
                }
                // The account itself is changed by nothing but its activation.
                if let (Some(was), Some(now)) = (was, now) {
                    let invited = was.status == "STAGED" && now.status == "PROVISIONED";
                    prop_assert!(was.status == now.status || invited, "{:?}", command);
                    prop_assert_eq!(was.id, now.id);
                }
            }
            let calls = tenant.calls();
            for call in calls.iter().filter(|call| call.parse::<u16>().is_err()) {
                prop_assert!(ALLOWED.contains(&call.as_str()), "{call}");
            }
            // What makes an account or sends an email is never repeated without looking first,
            // unless Okta has said that it was not done.
            for pair in calls.windows(2) {
                prop_assert!(!pair[0].starts_with("POST") || pair[0] != pair[1], "{pair:?}");
            }
            let made = calls.iter().filter(|call| *call == "POST api/v1/users").count();
            prop_assert!(before.is_none() || made == 0, "made again: {made}");
            Ok(())
        })?;
    }
}
