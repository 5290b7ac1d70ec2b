//! Statements, and how they are sent.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, GenericClient, Row};

use crate::schema::Schema;

/// How statements are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatementMode {
    /// Prepared once a connection, by name. The faster one; through a pooler in transaction mode
    /// only where that keeps track of them (PgBouncer from 1.21 on, with
    /// `max_prepared_statements` set).
    #[default]
    Prepared,
    /// Parsed each time, without a name: works through every pooler.
    Unnamed,
}

/// A statement, with the types of its parameters.
#[derive(Debug)]
pub(crate) struct Statement {
    /// The text, `{schema}` standing for the schema's name.
    pub(crate) text: &'static str,
    pub(crate) types: &'static [Type],
}

/// A value of a parameter.
pub(crate) type Value = Box<dyn ToSql + Send + Sync>;

/// A statement with its values.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) statement: &'static Statement,
    pub(crate) values: Vec<Value>,
}

impl Step {
    pub(crate) fn new(statement: &'static Statement, values: impl Into<Vec<Value>>) -> Self {
        let values = values.into();
        debug_assert_eq!(statement.types.len(), values.len(), "{}", statement.text);
        Self { statement, values }
    }
}

/// Boxes a value for a step.
pub(crate) fn value(value: impl ToSql + Send + Sync + 'static) -> Value {
    Box::new(value)
}

/// A statement as a connection takes it.
pub(crate) enum Ready {
    Prepared(tokio_postgres::Statement),
    Unnamed(Arc<str>, &'static [Type]),
}

impl Ready {
    /// Prepares a statement, unless this connection knows it or prepares none.
    pub(crate) async fn new(
        client: &impl deadpool_postgres::GenericClient,
        mode: StatementMode,
        schema: &Schema,
        statement: &'static Statement,
    ) -> Result<Self, Error> {
        let text = schema.fill(statement.text);
        match mode {
            StatementMode::Unnamed => Ok(Self::Unnamed(text, statement.types)),
            StatementMode::Prepared => {
                client.prepare_typed_cached(&text, statement.types).await.map(Self::Prepared)
            }
        }
    }

    /// Sends it, and gives its rows.
    pub(crate) async fn query(
        &self,
        client: &(impl GenericClient + Sync),
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        match self {
            Self::Prepared(statement) => client.query(statement, values).await,
            Self::Unnamed(text, types) => {
                let values: Vec<_> = values.iter().copied().zip(types.iter().cloned()).collect();
                client.query_typed(text, &values).await
            }
        }
    }
}

/// The values of a step, as the client takes them.
pub(crate) fn borrowed(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect()
}

/// A statement under way.
pub(crate) type Sent<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>> + Send + 'a>>;

/// Sends all of them at once, in this order, then what ends them, and waits for all answers. The
/// end is told whether everything could be sent.
///
/// Everything goes out at the first poll: whoever stops waiting stops nothing.
pub(crate) async fn pipelined<'a>(
    sent: Vec<Sent<'a>>,
    end: impl FnOnce(bool) -> Option<Sent<'a>>,
) -> Vec<Result<Vec<Row>, Error>> {
    let mut waiting: Vec<Waiting<'a>> = sent.into_iter().map(Waiting::For).collect();
    let mut end = Some(end);
    std::future::poll_fn(|context| {
        waiting.iter_mut().for_each(|waiting| waiting.poll(context));
        if let Some(end) = end.take() {
            let all = !waiting.iter().any(|waiting| matches!(waiting, Waiting::Over(Err(_))));
            if let Some(last) = end(all) {
                let mut last = Waiting::For(last);
                last.poll(context);
                waiting.push(last);
            }
        }
        let all = waiting.iter().all(|waiting| matches!(waiting, Waiting::Over(_)));
        if all { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    let answer = |waiting| match waiting {
        Waiting::Over(answer) => Some(answer),
        Waiting::For(_) => None,
    };
    waiting.into_iter().filter_map(answer).collect()
}

enum Waiting<'a> {
    For(Sent<'a>),
    Over(Result<Vec<Row>, Error>),
}

impl Waiting<'_> {
    fn poll(&mut self, context: &mut Context<'_>) {
        if let Self::For(sent) = self
            && let Poll::Ready(answer) = sent.as_mut().poll(context)
        {
            *self = Self::Over(answer);
        }
    }
}
