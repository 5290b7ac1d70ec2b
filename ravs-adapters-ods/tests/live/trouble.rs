//! Patience, trouble, and answers that are none.

use std::time::Duration;

use ravs_adapters_ods::{LiveDirectory, LiveError, LiveSettings, Surroundings as _};
use ravs_core::port::{BodyDirectory as _, PortErrorKind};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{Stage, changed, code, search, sources, uclh};

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
