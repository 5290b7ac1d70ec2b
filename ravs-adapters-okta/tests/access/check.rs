//! What is looked at when a host starts.

use ravs_adapters_okta::OktaErrorKind;
use serde_json::json;

use crate::support::people::GROUP;
use crate::support::script::{CHECK, Script};

#[tokio::test]
async fn a_group_of_oktas_own_type_is_good() {
    let play = Script::new().json(CHECK, 200, json!({ "type": "OKTA_GROUP" })).play().await;
    play.okta.check().await.unwrap();
    play.over();
}

#[tokio::test]
async fn any_other_group_or_none_is_a_fault_of_the_set_up_that_names_it() {
    let mut scripts = vec![Script::new().error(CHECK, 404, "E0000007")];
    for kind in ["BUILT_IN", "APP_GROUP"] {
        scripts.push(Script::new().json(CHECK, 200, json!({ "type": kind })));
    }
    for script in scripts {
        let play = script.play().await;
        let error = play.okta.check().await.unwrap_err();
        assert_eq!(error.kind(), &OktaErrorKind::Config);
        assert!(error.to_string().contains(GROUP), "{error}");
        play.over();
    }
}
