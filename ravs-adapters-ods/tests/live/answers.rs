//! What is found, what is kept, and what cannot be answered.

use std::num::NonZeroUsize;
use std::time::Duration;

use ravs_adapters_ods::{LiveError, Status};
use ravs_core::port::{BodyDirectory as _, BodySearch, ClosedBodies, PortError, PortErrorKind};
use serde_json::json;

use crate::stage::{Stage, code, found, hit, search, uclh};

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
