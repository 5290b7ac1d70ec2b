//! A statement's plan, as PostgreSQL tells it.

use deadpool_postgres::Transaction;
use serde_json::Value;

/// How the planner is to make the plan.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Planned {
    /// Once for all values.
    ForAny,
    /// Again for each execution's values.
    ForThese,
}

impl Planned {
    pub(crate) const BOTH: [Self; 2] = [Self::ForAny, Self::ForThese];

    fn mode(self) -> &'static str {
        match self {
            Self::ForAny => "force_generic_plan",
            Self::ForThese => "force_custom_plan",
        }
    }
}

/// A step of a plan, with the steps that feed it.
#[derive(Clone, Debug)]
pub(crate) struct Step(Value);

impl Step {
    /// The plan of `statement`, an `EXECUTE`, for whatever values; nothing is carried out.
    pub(crate) async fn planned(transaction: &Transaction<'_>, statement: &str) -> Self {
        Self::explained(transaction, Planned::ForAny, "EXPLAIN (FORMAT JSON)", statement).await
    }

    /// The plan of `statement` with what each step did.
    pub(crate) async fn done(
        transaction: &Transaction<'_>,
        planned: Planned,
        statement: &str,
    ) -> Self {
        let explain = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)";
        Self::explained(transaction, planned, explain, statement).await
    }

    async fn explained(
        transaction: &Transaction<'_>,
        planned: Planned,
        explain: &str,
        statement: &str,
    ) -> Self {
        let mode = format!("SET LOCAL plan_cache_mode = {}", planned.mode());
        transaction.batch_execute(&mode).await.unwrap();
        let row = transaction.query_one(&format!("{explain} {statement}"), &[]).await.unwrap();
        let plan: Value = row.get(0);
        Self(plan[0]["Plan"].clone())
    }

    /// It and all steps below it.
    pub(crate) fn all(&self) -> Vec<Step> {
        let below = self.0["Plans"].as_array().into_iter().flatten();
        let below = below.flat_map(|step| Self(step.clone()).all());
        std::iter::once(self.clone()).chain(below).collect()
    }

    /// The table that it reads, with how, unless it looks up keys on an index.
    pub(crate) fn reads_whole(&self) -> Option<String> {
        let kind = self.text("Node Type");
        let by_key = match kind {
            "Seq Scan" => false,
            // What the bitmap is made from is a step of its own.
            "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => {
                !self.0["Index Cond"].is_null()
            }
            _ => true,
        };
        let index = self.text("Index Name");
        (!by_key)
            .then(|| format!("{kind} {} {index}", self.text("Relation Name")).trim().to_owned())
    }

    /// How many rows of tables it read itself, those included that it then left out.
    pub(crate) fn rows_read(&self) -> u64 {
        if self.0["Relation Name"].is_null() {
            return 0;
        }
        let number = |name: &str| self.0[name].as_f64().unwrap_or_default();
        let once = number("Actual Rows")
            + number("Rows Removed by Filter")
            + number("Rows Removed by Index Recheck");
        (once * number("Actual Loops")).round() as u64
    }

    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }
}
