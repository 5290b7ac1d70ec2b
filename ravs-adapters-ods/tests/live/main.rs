//! The live interface, as a server in the test plays it.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use ravs_adapters_ods::{LiveDirectory, LiveError, LiveSettings, Status, Surroundings};
use ravs_core::OdsCode;
use ravs_core::port::{BodyDirectory as _, BodySearch, ClosedBodies, PortError, PortErrorKind};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// 2 September 2025, 09:00:00 UTC, in seconds since 1970.
const NOW: u64 = 1_756_803_600;

/// A time that passes only while somebody waits.
#[derive(Debug, Default)]
struct Still {
    elapsed: Mutex<Duration>,
    waits: Mutex<Vec<Duration>>,
}

impl Still {
    fn pass(&self, time: Duration) {
        *self.elapsed.lock().unwrap() += time;
    }

    fn waits(&self) -> Vec<u128> {
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
struct Stage {
    server: MockServer,
    directory: LiveDirectory,
    time: Arc<Still>,
}

impl Stage {
    async fn new() -> Self {
        Self::with(|settings| settings).await
    }

    async fn with(change: impl FnOnce(LiveSettings) -> LiveSettings) -> Self {
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
    async fn answers(&self, at: &str, answer: ResponseTemplate, times: Option<u64>) {
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

    async fn record(&self, code: &str, record: &Value) {
        let answer = ResponseTemplate::new(200).set_body_json(record);
        self.answers(&format!("organisations/{code}"), answer, None).await;
    }

    async fn hits(&self, hits: Value) {
        let answer = ResponseTemplate::new(200).set_body_json(json!({ "Organisations": hits }));
        self.answers("organisations", answer, None).await;
    }

    /// The queries of the requests so far, without what they all have.
    async fn asked(&self) -> Vec<String> {
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

fn uclh() -> Value {
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

fn hit(code: &str, name: &str, postcode: &str) -> Value {
    json!({ "Name": name, "OrgId": code, "Status": "Active", "PostCode": postcode,
            "PrimaryRoleId": "RO197" })
}

fn code(text: &str) -> OdsCode {
    text.parse().unwrap()
}

fn search(query: &str) -> BodySearch {
    let on = "2025-09-02".parse().unwrap();
    BodySearch { query: query.into(), limit: 50, on, closed: ClosedBodies::LeftOut }
}

async fn found(stage: &Stage, query: &str) -> Vec<String> {
    let found = stage.directory.search(&search(query)).await.unwrap();
    found.into_iter().map(|body| body.code.to_string()).collect()
}

#[tokio::test]
async fn a_record_is_a_body_with_both_its_dates() {
    let stage = Stage::new().await;
    let mut record = uclh();
    record["Organisation"]["Date"] = json!([
        { "Type": "Operational", "Start": "1994-04-01", "End": "2025-06-30" },
        { "Type": "Legal", "Start": "2004-07-01", "End": "2025-03-31" },
    ]);
    stage.record("RRV", &record).await;
    let entry = stage.directory.entry(&code("RRV")).await.unwrap().unwrap();
    assert_eq!(entry.body.address, "250 EUSTON ROAD, LONDON");
    assert_eq!(entry.body.postcode, "NW1 2PG");
    assert_eq!(entry.status, Status::Active, "dissolved trusts have been seen as active");
    assert_eq!(entry.body.legally_closed, "2025-04-01".parse().ok());
    assert_eq!(entry.operational.last, "2025-06-30".parse().ok());
    assert_eq!(stage.directory.body(&code("RRV")).await.unwrap(), Some(entry.body));
}

#[tokio::test]
async fn an_unknown_code_is_no_body_and_asked_for_once() {
    let stage = Stage::new().await;
    for _ in 0..3 {
        assert_eq!(stage.directory.body(&code("RRV")).await.unwrap(), None);
    }
    assert_eq!(stage.asked().await, ["organisations/RRV"]);
}

#[tokio::test]
async fn answers_are_kept_for_a_while_and_no_more_than_so_many() {
    let two = NonZeroUsize::new(2).unwrap();
    let minute = Duration::from_secs(60);
    let stage = Stage::with(|settings| settings.keep_most(two).keep_for(minute)).await;
    stage.record("RRV", &uclh()).await;
    let ask = async |text: &str| stage.directory.body(&code(text)).await.unwrap();
    for text in ["RRV", "RRV", "RJ1", "RRV", "RJ2", "RRV"] {
        ask(text).await;
    }
    let asked = ["organisations/RRV", "organisations/RJ1", "organisations/RJ2"];
    assert_eq!(stage.asked().await, asked);
    ask("RJ1").await;
    assert_eq!(stage.asked().await.len(), 4, "the one longest unused had gone");
    stage.time.pass(minute);
    ask("RRV").await;
    assert_eq!(stage.asked().await.len(), 5);
}

#[tokio::test]
async fn names_are_searched_and_the_best_come_first() {
    let stage = Stage::new().await;
    let hits = json!([
        hit("RX1", "NOTTINGHAM ROYAL FREE CLUB", "NG7 2UH"),
        hit("RAL", "ROYAL FREE LONDON NHS FOUNDATION TRUST", "NW3 2QG"),
        hit("RA2", "ROYAL FREE", "GU2 7XX"),
    ]);
    stage.hits(hits).await;
    assert_eq!(found(&stage, "royal free").await, ["RA2", "RAL", "RX1"]);
    let two = BodySearch { limit: 2, ..search("Royal  FREE ") };
    let bodies = stage.directory.search(&two).await.unwrap();
    assert_eq!(bodies.len(), 2);
    assert_eq!((bodies[0].address.as_str(), bodies[0].postcode.as_str()), ("", "GU2 7XX"));
    assert_eq!(stage.asked().await, ["organisations Name=ROYAL FREE Status=Active Limit=1000"]);
}

#[tokio::test]
async fn a_postcode_finds_no_neighbours() {
    let stage = Stage::new().await;
    let hits = [("RJ1", "SE1 9RT"), ("RJ2", "SE13 6LH"), ("RJ3", "SE1 7EH")];
    stage.hits(hits.map(|(code, postcode)| hit(code, code, postcode)).as_slice().into()).await;
    assert_eq!(found(&stage, "se1 9rt").await, ["RJ1"]);
    assert_eq!(found(&stage, "se1 ").await, ["RJ1", "RJ3"]);
    let asked = [
        "organisations PostCode=SE1 9RT Status=Active Limit=1000",
        "organisations/SE1",
        "organisations PostCode=SE1 Status=Active Limit=1000",
    ];
    assert_eq!(stage.asked().await, asked);
}

#[tokio::test]
async fn a_code_comes_first_with_its_whole_record() {
    let stage = Stage::new().await;
    stage.record("RRV", &uclh()).await;
    stage.hits(json!([hit("X26", "RRV LIMITED", "LS1 4AP"), hit("RRV", "RRV", "NW1 2PG")])).await;
    let found = stage.directory.search(&search("rrv")).await.unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0].address, "250 EUSTON ROAD, LONDON");
    assert_eq!(found[1].code.as_str(), "X26");
}

#[tokio::test]
async fn closed_bodies_are_found_by_code_where_asked_for() {
    let stage = Stage::new().await;
    let mut record = uclh();
    record["Organisation"]["Date"][1]["End"] = json!("2025-03-31");
    stage.record("RRV", &record).await;
    stage.hits(json!([])).await;
    assert_eq!(found(&stage, "RRV").await, [""; 0]);
    let closed = ClosedBodies::Included;
    let all = stage.directory.search(&BodySearch { closed, ..search("rrv") }).await.unwrap();
    assert_eq!(all[0].code.as_str(), "RRV");
    let error = stage.directory.find(&BodySearch { closed, ..search("royal free") }).await;
    assert!(matches!(error, Err(LiveError::Unanswerable { .. })), "{error:?}");
}

#[tokio::test]
async fn what_it_cannot_answer_it_says() {
    let stage = Stage::new().await;
    stage.hits(json!([])).await;
    for query in ["250 euston road", "12a high street leeds", "boots nw1 2pg"] {
        let error = stage.directory.search(&search(query)).await.unwrap_err();
        assert_eq!(error.kind(), &PortErrorKind::Rejected, "{query}");
        let said = "rejected: the live directory cannot answer this: it does not search by \
                    address; search an index of its files instead";
        assert_eq!(error.to_string(), said);
    }
    assert_eq!(stage.asked().await.len(), 3);
    assert_eq!(found(&stage, " - ").await, [""; 0]);
    let error = stage.directory.find(&search("ab")).await.unwrap_err();
    assert!(matches!(error, LiveError::Unanswerable { .. }), "{error:?}");
    assert_eq!(stage.asked().await.len(), 3, "these were not even asked");
}

#[tokio::test]
async fn a_name_may_look_like_an_address() {
    let stage = Stage::new().await;
    stage.hits(json!([hit("FVR79", "24 HOUR PHARMACY", "LS1 4AP")])).await;
    assert_eq!(found(&stage, "24 hour pharmacy").await, ["FVR79"]);
    assert_eq!(found(&stage, "Travel Clinic W1").await, ["FVR79"]);
    let asked = ["24 HOUR PHARMACY", "TRAVEL CLINIC W1"]
        .map(|name| format!("organisations Name={name} Status=Active Limit=1000"));
    assert_eq!(stage.asked().await, asked);
}

#[tokio::test]
async fn a_code_that_is_none_here_does_not_spoil_the_others() {
    let stage = Stage::new().await;
    let hits = ["R", "RRV", "R-V", ""].map(|code| hit(code, "ROYAL FREE", "NW3 2QG"));
    stage.hits(hits.as_slice().into()).await;
    assert_eq!(found(&stage, "royal free").await, ["RRV"]);
}

#[tokio::test]
async fn an_answer_that_may_lack_something_is_none() {
    let stage = Stage::new().await;
    let other = (3..1_000).map(|number| (format!("X{number:04}"), "SE13 6LH"));
    let fits = (0..3).map(|number| (format!("X{number:04}"), "SE1 9RT"));
    let hits = other.chain(fits).map(|(code, postcode)| hit(&code, &code, postcode));
    stage.hits(hits.collect()).await;
    let asks = |limit| BodySearch { limit, ..search("SE1") };
    assert_eq!(stage.directory.find(&asks(3)).await.unwrap().len(), 3);
    let error = stage.directory.find(&asks(4)).await.unwrap_err();
    assert!(matches!(error, LiveError::Incomplete { hits: 1_000 }), "{error:?}");
    assert_eq!(PortError::from(error).kind(), &PortErrorKind::Rejected);
}

#[tokio::test]
async fn searches_are_kept_in_smaller_numbers() {
    let stage = Stage::new().await;
    stage.hits(json!([])).await;
    for number in 0..=200 {
        found(&stage, &format!("royal {number}")).await;
    }
    for (number, asked) in [(200, 201), (1, 201), (0, 202)] {
        found(&stage, &format!("royal {number}")).await;
        assert_eq!(stage.asked().await.len(), asked, "{number}");
    }
}

#[tokio::test]
async fn requests_are_a_quarter_of_a_second_apart() {
    let stage = Stage::new().await;
    for number in 10..15 {
        stage.directory.body(&code(&format!("R{number}"))).await.unwrap();
    }
    assert_eq!(stage.time.waits(), [250; 4]);
    assert_eq!(stage.time.elapsed(), Duration::from_secs(1), "five requests in a second and more");
}

#[tokio::test]
async fn a_throttled_request_waits_as_long_as_it_is_told() {
    let stage = Stage::new().await;
    let slow = ResponseTemplate::new(429).insert_header("Retry-After", "3");
    stage.answers("organisations/RRV", slow, Some(1)).await;
    stage.record("RRV", &uclh()).await;
    assert!(stage.directory.body(&code("RRV")).await.unwrap().is_some());
    assert_eq!(stage.time.waits(), [3000]);
}

#[tokio::test]
async fn a_time_to_retry_after_may_be_a_date() {
    let stage = Stage::new().await;
    let date = "Tue, 02 Sep 2025 09:00:05 GMT";
    let slow = ResponseTemplate::new(503).insert_header("Retry-After", date);
    stage.answers("organisations/RRV", slow, Some(1)).await;
    stage.record("RRV", &uclh()).await;
    assert!(stage.directory.body(&code("RRV")).await.unwrap().is_some());
    assert_eq!(stage.time.waits(), [5000]);
}

#[tokio::test]
async fn patience_beyond_the_deadline_is_the_callers_and_holds_everybody() {
    let stage = Stage::new().await;
    let slow = ResponseTemplate::new(429).insert_header("Retry-After", "60");
    stage.answers("organisations/RRV", slow, None).await;
    let error = stage.directory.body(&code("RRV")).await.unwrap_err();
    let minute = Duration::from_secs(60);
    assert_eq!(error.kind(), &PortErrorKind::Throttled { retry_after: Some(minute) });
    // another does not even ask meanwhile
    let error = stage.directory.body(&code("RJ1")).await.unwrap_err();
    assert_eq!(error.kind(), &PortErrorKind::Throttled { retry_after: Some(minute) });
    assert_eq!(stage.asked().await, ["organisations/RRV"]);
    assert_eq!(stage.time.waits(), [0; 0]);
    stage.time.pass(minute);
    assert_eq!(stage.directory.body(&code("RJ1")).await.unwrap(), None);
}

#[tokio::test]
async fn patience_has_an_end() {
    let most = Duration::from_secs(600);
    for asked in ["31536000", "99999999999999999999999", "Wed, 02 Sep 2026 09:00:00 GMT", "00601"] {
        let stage = Stage::new().await;
        let slow = ResponseTemplate::new(429).insert_header("Retry-After", asked);
        stage.answers("organisations/RRV", slow, Some(1)).await;
        stage.record("RRV", &uclh()).await;
        let error = stage.directory.body(&code("RRV")).await.unwrap_err();
        let kind = PortErrorKind::Throttled { retry_after: Some(most) };
        assert_eq!(error.kind(), &kind, "{asked}");
        stage.time.pass(most);
        assert!(stage.directory.body(&code("RRV")).await.unwrap().is_some(), "{asked}");
    }
}

#[tokio::test]
async fn trouble_is_tried_three_times_with_growing_patience() {
    let stage = Stage::new().await;
    stage.answers("organisations/RRV", ResponseTemplate::new(502), None).await;
    let error = stage.directory.body(&code("RRV")).await.unwrap_err();
    assert_eq!(error.kind(), &PortErrorKind::Unavailable);
    assert_eq!(stage.asked().await.len(), 3);
    // half a second and a second, each less a quarter by this test's chance
    assert_eq!(stage.time.waits(), [375, 750]);
}

#[tokio::test]
async fn a_refusal_is_not_tried_again_and_not_kept() {
    let stage = Stage::new().await;
    stage.answers("organisations/RRV", ResponseTemplate::new(403), Some(1)).await;
    stage.record("RRV", &uclh()).await;
    let error = stage.directory.body(&code("RRV")).await.unwrap_err();
    assert_eq!(error.kind(), &PortErrorKind::Rejected);
    assert_eq!(stage.asked().await.len(), 1);
    assert!(stage.directory.body(&code("RRV")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unavailable() {
    let stage = Stage::with(|settings| settings.attempt(Duration::from_millis(50))).await;
    let late = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    stage.answers("organisations/RRV", late, None).await;
    let error = stage.directory.body(&code("RRV")).await.unwrap_err();
    assert_eq!(error.kind(), &PortErrorKind::Unavailable);
    let said = sources(&error);
    assert!(!said.contains("127.0.0.1"), "a message holds no URL: {said}");
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_read() {
    let stage = Stage::new().await;
    let endless = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 5 << 20]);
    stage.answers("organisations/RRV", endless, None).await;
    let error = stage.directory.entry(&code("RRV")).await.unwrap_err();
    assert!(matches!(error, LiveError::TooLong), "{error:?}");
}

#[tokio::test]
async fn what_is_no_record_is_an_error_and_no_body() {
    for (record, what) in [
        (json!({ "Organisation": {} }), "it is not the JSON of a record"),
        (json!([]), "it is not the JSON of a record"),
        (changed("Status", json!("Asleep")), "its status is none that is known"),
        (changed("OrgId", json!({ "extension": "R-V" })), "its code is no ODS code"),
        (changed("Date", json!([{ "Type": "Legal", "Start": "1.4.2004" }])), "it is not the JSON"),
    ] {
        let stage = Stage::new().await;
        stage.record("RRV", &record).await;
        let error = stage.directory.body(&code("RRV")).await.unwrap_err();
        assert_eq!(error.kind(), &PortErrorKind::Rejected);
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[tokio::test]
async fn the_record_of_another_is_refused_and_not_kept() {
    let stage = Stage::new().await;
    stage.record("RJ1", &uclh()).await;
    for _ in 0..2 {
        let error = stage.directory.entry(&code("RJ1")).await.unwrap_err();
        assert!(error.to_string().ends_with("it is the record of another code"), "{error}");
    }
    assert_eq!(stage.asked().await.len(), 2);
}

#[tokio::test]
async fn a_wrong_place_is_not_mistaken_for_an_empty_directory() {
    let stage = Stage::new().await;
    let error = stage.directory.find(&search("royal free")).await.unwrap_err();
    assert!(matches!(error, LiveError::NotThere), "{error:?}");
    for (number, body) in
        ["<h1>Not found</h1>", "", "null", "[]", "\"Not found\"", "{"].iter().enumerate()
    {
        let somebody = format!("RR{number}");
        let elsewhere = ResponseTemplate::new(404).set_body_string(*body);
        stage.answers(&format!("organisations/{somebody}"), elsewhere, Some(1)).await;
        let error = stage.directory.entry(&code(&somebody)).await.unwrap_err();
        assert!(matches!(error, LiveError::NotThere), "{body}: {error:?}");
        // it was not kept: asked again, the directory itself answers
        assert_eq!(stage.directory.entry(&code(&somebody)).await.unwrap(), None, "{body}");
    }
}

#[tokio::test]
async fn a_url_that_cannot_be_asked_is_refused_and_not_shown() {
    for url in [
        "",
        "directory",
        "ftp://directory/",
        "http://",
        "https://secret@directory/",
        "https://me:secret@directory/",
        "https://directory/?key=secret",
        "https://directory/#secret",
    ] {
        let settings = LiveSettings::new().url(url);
        let error = LiveDirectory::new(&settings).unwrap_err();
        assert!(matches!(error, LiveError::Url), "{url}");
        let said = format!("{settings:?} {error} {error:?}");
        assert!(!said.contains("secret"), "{said}");
    }
    let settings = LiveSettings::new();
    assert!(format!("{settings:?}").contains("directory.spineservices.nhs.uk"));
    LiveDirectory::new(&settings).unwrap();
}

fn changed(field: &str, value: Value) -> Value {
    let mut record = uclh();
    record["Organisation"][field] = value;
    record
}

/// An error with everything that caused it.
fn sources(error: &PortError) -> String {
    let mut said = format!("{error} {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        said += &format!(" {error} {error:?}");
        source = error.source();
    }
    said
}
