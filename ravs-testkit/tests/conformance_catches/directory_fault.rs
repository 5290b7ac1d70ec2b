//! What can be wrong with a directory.

use async_trait::async_trait;
use chrono::Days;
use ravs_core::port::{BodyDirectory, BodySearch, ClosedBodies, PortError};
use ravs_core::{Body, OdsCode};
use ravs_testkit::MemoryDirectory;
use ravs_testkit::conformance::body_directory::bodies;

/// One thing that is wrong with a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DirectoryFault {
    ForgetsTheClosed,
    LosesAddresses,
    TakesBeginningsForCodes,
    TheUnknownIsAnError,
    FindsOthersThanItGives,
    KnowsNoAddresses,
    WantsWordsInOrder,
    MindsCase,
    OneWordIsEnough,
    WholeWordsOnly,
    MindsApostrophes,
    PostcodesNeedASpace,
    PostcodesNeedNoSpace,
    WholePostcodesOnly,
    ShowsTheClosed,
    ClosesADayLate,
    FindsClosedCodes,
    HidesTheClosed,
    NothingIsAnError,
    NoWordsFindAll,
    WordsBeforeCodes,
    BeginningsBeforeCodes,
    BackwardsByName,
    BackwardsByCode,
    KnowsNoLimit,
    OneTooMany,
    TheWorstWithinTheLimit,
}

impl DirectoryFault {
    /// Every fault, and a case that catches it.
    pub(crate) const ALL: &[(Self, &str)] = &[
        (Self::ForgetsTheClosed, "codes::a_body_is_given_as_it_is_closed_or_not"),
        (Self::LosesAddresses, "codes::a_body_is_given_as_it_is_closed_or_not"),
        (Self::TakesBeginningsForCodes, "codes::an_unknown_code_is_nobody"),
        (Self::TheUnknownIsAnError, "codes::an_unknown_code_is_nobody"),
        (Self::FindsOthersThanItGives, "searches::what_is_found_is_the_whole_body"),
        (Self::KnowsNoAddresses, "searches::words_are_found_in_any_order_and_case"),
        (Self::WantsWordsInOrder, "searches::words_are_found_in_any_order_and_case"),
        (Self::MindsCase, "searches::words_are_found_in_any_order_and_case"),
        (Self::OneWordIsEnough, "searches::every_word_has_to_be_there"),
        (Self::WholeWordsOnly, "searches::the_last_word_may_be_only_begun"),
        (Self::MindsApostrophes, "searches::punctuation_does_not_matter"),
        (Self::PostcodesNeedASpace, "searches::a_postcode_is_found_with_and_without_its_space"),
        (Self::PostcodesNeedNoSpace, "searches::a_postcode_is_found_with_and_without_its_space"),
        (Self::WholePostcodesOnly, "searches::half_a_postcode_is_enough"),
        (Self::ShowsTheClosed, "searches::closed_bodies_are_left_out"),
        (Self::ClosesADayLate, "searches::closed_bodies_are_left_out"),
        (Self::FindsClosedCodes, "searches::closed_bodies_are_left_out"),
        (Self::HidesTheClosed, "searches::closed_bodies_are_found_where_asked_for"),
        (Self::NothingIsAnError, "searches::nothing_found_is_no_error"),
        (Self::NoWordsFindAll, "searches::a_query_without_words_finds_nothing"),
        (Self::WordsBeforeCodes, "order::codes_come_before_words"),
        (Self::BeginningsBeforeCodes, "order::codes_come_before_words"),
        (Self::BackwardsByName, "order::what_fits_alike_is_in_the_order_of_names_and_codes"),
        (Self::BackwardsByCode, "order::what_fits_alike_is_in_the_order_of_names_and_codes"),
        (Self::KnowsNoLimit, "order::the_limit_leaves_the_best"),
        (Self::OneTooMany, "order::the_limit_leaves_the_best"),
        (Self::TheWorstWithinTheLimit, "order::the_limit_leaves_the_best"),
    ];
}

/// A directory with one fault, or none.
pub(crate) struct DirectoryUnderSuspicion {
    inner: MemoryDirectory,
    fault: Option<DirectoryFault>,
}

impl DirectoryUnderSuspicion {
    pub(crate) fn with(fault: Option<DirectoryFault>) -> Self {
        Self { inner: MemoryDirectory::new(bodies()), fault }
    }

    /// What it finds if it is asked otherwise.
    async fn asked(&self, search: &BodySearch) -> Result<Vec<Body>, PortError> {
        self.inner.search(search).await
    }
}

/// What a body is found by.
fn text(body: &Body) -> String {
    format!("{} {} {} {}", body.code, body.name, body.address, body.postcode)
}

fn is_postcode(query: &str) -> bool {
    query.to_uppercase().trim().starts_with("DT")
}

#[async_trait]
impl BodyDirectory for DirectoryUnderSuspicion {
    async fn body(&self, code: &OdsCode) -> Result<Option<Body>, PortError> {
        let body = self.inner.body(code).await?;
        Ok(match self.fault {
            Some(DirectoryFault::ForgetsTheClosed) => {
                body.filter(|body| body.legally_closed.is_none())
            }
            Some(DirectoryFault::LosesAddresses) => {
                body.map(|body| Body { address: String::new(), ..body })
            }
            Some(DirectoryFault::TakesBeginningsForCodes) if body.is_none() => {
                bodies().into_iter().find(|other| code.as_str().starts_with(other.code.as_str()))
            }
            Some(DirectoryFault::TheUnknownIsAnError) if body.is_none() => {
                return Err(PortError::rejected("there is no such body"));
            }
            _ => body,
        })
    }

    async fn search(&self, search: &BodySearch) -> Result<Vec<Body>, PortError> {
        let Some(fault) = self.fault else { return self.asked(search).await };
        let everything = BodySearch { limit: usize::MAX, ..search.clone() };
        let mut found = self.asked(&everything).await?;
        let query = search.query.clone();
        let words: Vec<&str> = query.split_whitespace().collect();
        let first_is_code =
            found.first().is_some_and(|b| b.code.as_str().eq_ignore_ascii_case(query.trim()));
        match fault {
            DirectoryFault::FindsOthersThanItGives => {
                found.iter_mut().for_each(|body| body.address.clear());
            }
            DirectoryFault::KnowsNoAddresses => found.retain(|body| {
                let known = format!("{} {} {}", body.code, body.name, body.postcode).to_lowercase();
                words.iter().all(|word| known.contains(&word.to_lowercase()))
            }),
            DirectoryFault::WantsWordsInOrder if words.len() > 1 => found.retain(|body| {
                let text = text(body).to_lowercase();
                let mut rest = text.as_str();
                words.iter().all(|word| match rest.split_once(&word.to_lowercase()) {
                    Some((_, after)) => {
                        rest = after;
                        true
                    }
                    None => false,
                })
            }),
            DirectoryFault::MindsCase => {
                found.retain(|body| words.iter().all(|word| text(body).contains(word)));
            }
            DirectoryFault::OneWordIsEnough => {
                for word in &words {
                    let search = BodySearch { query: (*word).to_owned(), ..everything.clone() };
                    for body in self.asked(&search).await? {
                        if !found.contains(&body) {
                            found.push(body);
                        }
                    }
                }
            }
            DirectoryFault::WholeWordsOnly => found.retain(|body| {
                let text = text(body).to_lowercase().replace(',', "");
                words.iter().all(|word| text.split(' ').any(|own| own == word.to_lowercase()))
            }),
            DirectoryFault::MindsApostrophes if query.contains("obriens") => found.clear(),
            DirectoryFault::PostcodesNeedASpace if is_postcode(&query) && words.len() == 1 => {
                found.retain(|_| query.len() < 5);
            }
            DirectoryFault::PostcodesNeedNoSpace if is_postcode(&query) && words.len() == 2 => {
                found.clear();
            }
            DirectoryFault::WholePostcodesOnly if is_postcode(&query) && query.len() < 5 => {
                found.clear();
            }
            DirectoryFault::ShowsTheClosed => {
                let closed = ClosedBodies::Included;
                found = self.asked(&BodySearch { closed, ..everything }).await?;
            }
            DirectoryFault::ClosesADayLate => {
                let on = search.on - Days::new(1);
                found = self.asked(&BodySearch { on, ..everything }).await?;
            }
            DirectoryFault::FindsClosedCodes => {
                let code = query.parse::<OdsCode>().ok();
                if let Some(code) = code.filter(|_| found.is_empty()) {
                    found.extend(self.inner.body(&code).await?);
                }
            }
            DirectoryFault::HidesTheClosed => {
                let closed = ClosedBodies::LeftOut;
                found = self.asked(&BodySearch { closed, ..everything }).await?;
            }
            DirectoryFault::NothingIsAnError if found.is_empty() => {
                return Err(PortError::rejected("nothing was found"));
            }
            DirectoryFault::NoWordsFindAll if !query.contains(char::is_alphanumeric) => {
                found = bodies();
            }
            DirectoryFault::WordsBeforeCodes if first_is_code => found.reverse(),
            DirectoryFault::BeginningsBeforeCodes if first_is_code && found.len() > 1 => {
                found.swap(0, 1);
            }
            DirectoryFault::BackwardsByName if !first_is_code => {
                found.sort_by(|a, b| b.name.cmp(&a.name));
            }
            DirectoryFault::BackwardsByCode if !first_is_code => {
                found.sort_by(|a, b| (&a.name, &b.code).cmp(&(&b.name, &a.code)));
            }
            DirectoryFault::KnowsNoLimit => return Ok(found),
            DirectoryFault::OneTooMany => found.truncate(search.limit.saturating_add(1)),
            DirectoryFault::TheWorstWithinTheLimit if found.len() > search.limit => {
                found.reverse();
            }
            _ => {}
        }
        if fault != DirectoryFault::OneTooMany {
            found.truncate(search.limit);
        }
        Ok(found)
    }
}
