//! A database that others are copied from.

use std::error::Error;
use std::fmt;
use std::pin::Pin;

type Failed = Box<dyn Error + Send + Sync>;
type Filling = Pin<Box<dyn Future<Output = Result<(), Failed>> + Send>>;

/// What is in a new database, such as a schema. It is made once on a server, when the first test
/// asks; every [`Database`](super::Database) is then a copy of it, in some 20 ms where nothing is
/// flushed and the machine is idle.
///
/// ```
/// use ravs_testserver::postgres::Template;
///
/// let template = Template::new("letters", |url| async move {
///     let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
///     tokio::spawn(connection);
///     client.batch_execute("CREATE TABLE letter (id int PRIMARY KEY)").await
/// });
/// ```
pub struct Template {
    name: String,
    fill: Box<dyn Fn(String) -> Filling + Send + Sync>,
}

impl Template {
    /// A template of that name, filled by a closure that gets the URL of an empty database.
    /// Two templates of one name are the same: the first that is asked for is made.
    #[must_use]
    pub fn new<F, R, E>(name: impl Into<String>, fill: F) -> Self
    where
        F: Fn(String) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Failed>,
    {
        let fill = move |url| -> Filling {
            let filling = fill(url);
            Box::pin(async move { filling.await.map_err(Into::into) })
        };
        Self { name: name.into(), fill: Box::new(fill) }
    }

    /// A template with nothing in it.
    #[must_use]
    pub fn empty() -> Self {
        Self::new("", |_| async { Ok::<_, Failed>(()) })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) async fn fill(&self, url: String) -> Result<(), Failed> {
        (self.fill)(url).await
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").field("name", &self.name).finish_non_exhaustive()
    }
}
