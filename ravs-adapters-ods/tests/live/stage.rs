//! A server that plays the live interface, and a time that passes only while somebody waits.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use ravs_adapters_ods::{LiveDirectory, LiveSettings, Surroundings};
use ravs_core::OdsCode;
use ravs_core::port::{BodyDirectory as _, BodySearch, ClosedBodies, PortError};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// 2 September 2025, 09:00:00 UTC, in seconds since 1970.
const NOW: u64 = 1_756_803_600;

/// A time that passes only while somebody waits.
#[derive(Debug, Default)]
pub(crate) struct Still {
    elapsed: Mutex<Duration>,
    waits: Mutex<Vec<Duration>>,
}

impl Still {
    pub(crate) fn pass(&self, time: Duration) {
        *self.elapsed.lock().unwrap() += time;
    }

    pub(crate) fn waits(&self) -> Vec<u128> {
        self.waits.lock().unwrap().iter().map(Duration::as_millis).collect()
    }
}

#[async_trait]
impl Surroundings for Still {
    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap()
    }

    fn wall_clock(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(NOW) + self.elapsed()
    }

    async fn wait(&self, time: Duration) {
        self.pass(time);
        self.waits.lock().unwrap().push(time);
    }

    fn chance(&self) -> u8 {
        128
    }
}

/// A server, the directory that asks it, and its time.
pub(crate) struct Stage {
    pub(crate) server: MockServer,
    pub(crate) directory: LiveDirectory,
    pub(crate) time: Arc<Still>,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(|settings| settings).await
    }

    pub(crate) async fn with(change: impl FnOnce(LiveSettings) -> LiveSettings) -> Self {
        let server = MockServer::start().await;
        let time = Arc::new(Still::default());
        let url = format!("{}/ORD/2-0-0", server.uri());
        let settings = change(LiveSettings::new().url(url));
        let directory = LiveDirectory::within(&settings, time.clone()).unwrap();
        let unknown = json!({ "errorCode": 404, "errorText": "Not found" });
        Mock::given(path_regex("^/ORD/2-0-0/organisations/[A-Z0-9]+$"))
            .respond_with(ResponseTemplate::new(404).set_body_json(unknown))
            .with_priority(u8::MAX)
            .mount(&server)
            .await;
        Self { server, directory, time }
    }

    /// Has the server answer so, from now on or so many times.
    pub(crate) async fn answers(&self, at: &str, answer: ResponseTemplate, times: Option<u64>) {
        let mock = Mock::given(method("GET"))
            .and(path(format!("/ORD/2-0-0/{at}")))
            .and(query_param("_format", "json"))
            .respond_with(answer);
        let mock = match times {
            Some(times) => mock.up_to_n_times(times),
            None => mock,
        };
        mock.mount(&self.server).await;
    }

    pub(crate) async fn record(&self, code: &str, record: &Value) {
        let answer = ResponseTemplate::new(200).set_body_json(record);
        self.answers(&format!("organisations/{code}"), answer, None).await;
    }

    pub(crate) async fn hits(&self, hits: Value) {
        let answer = ResponseTemplate::new(200).set_body_json(json!({ "Organisations": hits }));
        self.answers("organisations", answer, None).await;
    }

    /// The queries of the requests so far, without what they all have.
    pub(crate) async fn asked(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let shown = requests.iter().map(|request| {
            let path = request.url.path().trim_start_matches("/ORD/2-0-0/").to_owned();
            let pairs = request.url.query_pairs().filter(|(name, _)| name != "_format");
            let pairs = pairs.map(|(name, value)| format!(" {name}={value}"));
            path + &pairs.collect::<String>()
        });
        shown.collect()
    }
}

pub(crate) fn uclh() -> Value {
    json!({ "Organisation": {
        "Name": "UNIVERSITY COLLEGE LONDON HOSPITALS NHS FOUNDATION TRUST",
        "Date": [
            { "Type": "Operational", "Start": "1994-04-01" },
            { "Type": "Legal", "Start": "2004-07-01" },
        ],
        "OrgId": { "root": "2.16.840.1.113883.2.1.3.2.4.18.48", "extension": "RRV" },
        "Status": "Active",
        "GeoLoc": { "Location": {
            "AddrLn1": "250 EUSTON ROAD", "Town": "LONDON", "PostCode": "NW1 2PG",
            "Country": "ENGLAND",
        } },
        "Roles": { "Role": [{ "id": "RO197", "primaryRole": true }] },
    } })
}

pub(crate) fn hit(code: &str, name: &str, postcode: &str) -> Value {
    json!({ "Name": name, "OrgId": code, "Status": "Active", "PostCode": postcode,
            "PrimaryRoleId": "RO197" })
}

pub(crate) fn code(text: &str) -> OdsCode {
    text.parse().unwrap()
}

pub(crate) fn search(query: &str) -> BodySearch {
    let on = "2025-09-02".parse().unwrap();
    BodySearch { query: query.into(), limit: 50, on, closed: ClosedBodies::LeftOut }
}

pub(crate) async fn found(stage: &Stage, query: &str) -> Vec<String> {
    let found = stage.directory.search(&search(query)).await.unwrap();
    found.into_iter().map(|body| body.code.to_string()).collect()
}

pub(crate) fn changed(field: &str, value: Value) -> Value {
    let mut record = uclh();
    record["Organisation"][field] = value;
    record
}

/// An error with everything that caused it.
pub(crate) fn sources(error: &PortError) -> String {
    let mut said = format!("{error} {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        said += &format!(" {error} {error:?}");
        source = error.source();
    }
    said
}
