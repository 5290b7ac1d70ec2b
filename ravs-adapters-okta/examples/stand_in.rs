//! A stand-in for a tenant, to try a program on: it prints its URL and the id of its group, and
//! lasts as long as its input. It takes any credential, and forgets everything at the end.
//!
//! ```text
//! cargo run -p ravs-adapters-okta --example stand_in
//! ```

#![expect(clippy::unwrap_used, reason = "the stand-in of the tests")]

#[path = "../tests/support/tenant.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod tenant;

use std::io::Read as _;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let tenant = tenant::Tenant::default();
    // Somebody whom Okta has suspended, and somebody whose account is deactivated.
    tenant.put("suspended@nhs.net", "SUSPENDED");
    tenant.put("deactivated@nhs.net", "DEPROVISIONED");
    let server = tenant.serve().await;
    println!(
        "OKTA_ORG_URL={} OKTA_GROUP_ID=00g1standin0000000000 OKTA_API_TOKEN=any",
        server.uri()
    );
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    println!("{} requests", tenant.calls().len());
    Ok(())
}
