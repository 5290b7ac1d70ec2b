//! HTTP as Okta is spoken to: with deadlines, with patience, and never twice blindly.

mod answer;
mod authorise;
mod call;
mod client;
mod link;
mod problem;
mod rate_limit;
mod segment;
#[cfg(test)]
mod tests;
mod tries;
mod trouble;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use url::Url;

use crate::error::OktaError;
use crate::org_url::OrgUrl;
use crate::pace::{Deadline, Pace};

pub(crate) use answer::Answer;
pub(crate) use authorise::{Anonymous, Authorise, Papers, Renewed};
pub(crate) use call::{Call, Class};
pub(crate) use problem::{Problem, readable};
pub(crate) use segment::segment;

use tries::Tries;
use trouble::Trouble;

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// A whole command, with everything that is waited for.
    pub(crate) command: Duration,
    /// One try, its answer read to the end.
    pub(crate) attempt: Duration,
    /// Reaching Okta.
    pub(crate) connect: Duration,
    /// The longest answer, in bytes.
    pub(crate) body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            command: Duration::from_secs(20),
            attempt: Duration::from_secs(10),
            connect: Duration::from_secs(2),
            body: 8 * 1024 * 1024,
        }
    }
}

/// Speaks to one Okta organisation and to nobody else.
pub(crate) struct Http {
    client: reqwest::Client,
    org: OrgUrl,
    pace: Arc<dyn Pace>,
    limits: Limits,
}

impl Http {
    /// Nothing is connected yet.
    pub(crate) fn new(org: OrgUrl, pace: Arc<dyn Pace>, limits: Limits) -> Result<Self, OktaError> {
        Ok(Self { client: client::build(&org, &limits)?, org, pace, limits })
    }

    /// Where it speaks to.
    pub(crate) fn org(&self) -> &OrgUrl {
        &self.org
    }

    /// Its time and chance.
    pub(crate) fn pace(&self) -> &dyn Pace {
        &*self.pace
    }

    /// When a command that starts now has to be over.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(&*self.pace, self.limits.command)
    }

    /// The URL with this path (and query), the parts of which have gone through [`segment`].
    pub(crate) fn url(&self, call: &'static str, path: &str) -> Result<Url, OktaError> {
        let url = self.org.join(path).map_err(|_| OktaError::config(call, "no URL"))?;
        // A path that reads otherwise than it was written would be another resource.
        let as_written = path.split('?').next() == Some(url.path());
        if as_written && self.org.is_origin_of(&url) {
            return Ok(url);
        }
        Err(OktaError::config(call, "the path would lead elsewhere"))
    }

    /// A URL that somebody else wrote, if it is of this organisation.
    pub(crate) fn pinned(&self, call: &'static str, text: &str) -> Result<Url, OktaError> {
        let url: Option<Url> = text.parse().ok();
        url.filter(|url| self.org.is_origin_of(url))
            .ok_or_else(|| OktaError::protocol(call, "it leads away from the organisation's URL"))
    }

    /// Makes a call, again where its class allows it, and hands out an answer that says yes.
    ///
    /// Any other answer is an error. An error of a guarded or mail call that may have happened
    /// all the same is marked as unclear.
    pub(crate) async fn send(
        &self,
        call: &Call,
        authorise: &dyn Authorise,
        deadline: Deadline,
    ) -> Result<Answer, OktaError> {
        let mut tries = Tries::new(call.class());
        let mut renewed = Vec::new();
        loop {
            let papers = authorise.authorise(call, deadline).await?;
            let trouble = match self.once(call, &papers, &tries, deadline).await {
                Ok(answer) if answer.is_success() => {
                    authorise.answered(&answer).await;
                    return Ok(answer);
                }
                Ok(answer) => {
                    authorise.answered(&answer).await;
                    let other = authorise.may_help(&papers, &answer).await;
                    if let Some(other) = other.filter(|other| !renewed.contains(other)) {
                        renewed.push(other);
                        continue;
                    }
                    Trouble::Refused(answer)
                }
                Err(trouble) => trouble,
            };
            match tries.wait(&trouble, &*self.pace, deadline.left(&*self.pace)) {
                Some(time) => self.pace.sleep(time).await,
                None => return Err(trouble.into_error(call)),
            }
        }
    }

    /// One try.
    async fn once(
        &self,
        call: &Call,
        papers: &Papers,
        tries: &Tries,
        deadline: Deadline,
    ) -> Result<Answer, Trouble> {
        let left = deadline.left(&*self.pace);
        if left.is_zero() {
            return Err(Trouble::NoTimeLeft);
        }
        let mut request = self
            .client
            .request(call.method().clone(), call.url().clone())
            .timeout(left.min(self.limits.attempt))
            .headers(papers.headers().clone());
        if let Some((id, count)) = tries.retry_for() {
            let [retry_for, retry_count] =
                ["x-okta-retry-for", "x-okta-retry-count"].map(HeaderName::from_static);
            request = request.header(retry_for, id).header(retry_count, HeaderValue::from(count));
        }
        request = match papers.body().or_else(|| call.body()) {
            Some((content_type, body)) => {
                request.header(reqwest::header::CONTENT_TYPE, content_type).body(body.to_vec())
            }
            // Without it Okta answers 411.
            None if call.takes_a_body() => request.header(CONTENT_LENGTH, 0),
            None => request,
        };
        let mut response = request.send().await.map_err(Trouble::of)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(Trouble::lost)? {
            if body.len() + chunk.len() > self.limits.body {
                return Err(Trouble::TooLong(response.status()));
            }
            body.extend_from_slice(&chunk);
        }
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer::new(call.name(), status, headers, body))
    }
}
