//! Nothing that is logged or traced, at any level, holds an address, a name or a token.

use std::fmt::Debug;
use std::sync::{Mutex, Once, PoisonError};

use log::{LevelFilter, Log};
use ravs_core::port::IdentityProvider as _;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::people::{TOKEN, okta, person};
use crate::support::tenant::{Fault, Tenant};
use crate::support::time::FakeTime;

/// What was logged and traced, by this crate and by all below it.
static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn keep(target: &str, text: &str) {
    // The stand-in is on the other side.
    if !target.starts_with("wiremock") {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(format!("{target} {text}"));
    }
}

struct Logged;

impl Log for Logged {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        keep(record.target(), &record.args().to_string());
    }

    fn flush(&self) {}
}

struct Traced;

/// The fields of a span or an event.
#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {}={value:?}", field.name()));
    }
}

impl Subscriber for Traced {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        keep(span.metadata().target(), &fields.0);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        keep("a span", &fields.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        keep(event.metadata().target(), &fields.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Logged).unwrap();
        log::set_max_level(LevelFilter::Trace);
        tracing::subscriber::set_global_default(Traced).unwrap();
    });
}

// Over HTTP/1: what `h2` traces of requests is its own, which the README says.
#[tokio::test]
async fn no_log_and_no_trace_shows_it() {
    listen();
    let tenant = Tenant::default();
    let server = tenant.serve().await;
    let okta = okta(&server.uri(), &FakeTime::default());
    let quux = person("Xylophone.Quux@nhs.net");
    okta.ensure_account(&quux).await.unwrap();
    okta.grant_access(&quux).await.unwrap();
    for fault in [Fault::Before(503), Fault::Before(403), Fault::Garbled, Fault::Before(429)] {
        tenant.fail_next([fault]);
        let _ = okta.account(&quux.email).await;
        tenant.fail_next([Fault::None, fault]);
        let _ = okta.resend_activation(&quux).await;
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody =
        crate::support::people::okta(&format!("http://127.0.0.1:{port}"), &FakeTime::default());
    nobody.grant_access(&quux).await.unwrap_err();
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(kept.iter().any(|line| line.contains("127.0.0.1")), "the connection is told of");
    let all = kept.join("\n").to_lowercase();
    for secret in ["xylophone", "quux", "zoë", "o'neil", &TOKEN.to_lowercase()] {
        assert!(!all.contains(secret), "`{secret}` is in {all}");
    }
}
