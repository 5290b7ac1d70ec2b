//! Lists that are given in pages, put together.

use ravs_core::service::{OrganisationDesk, RecordsListed};
use ravs_core::{Failure, RecordView};

/// All records of an organisation, read in pages of `limit`, as the desk takes it.
///
/// # Errors
/// As [`OrganisationDesk::records`].
pub async fn all_records(
    desk: &OrganisationDesk,
    limit: Option<usize>,
) -> Result<Vec<RecordView>, Failure> {
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let RecordsListed { records: page, next } = desk.records(after, limit).await?;
        records.extend(page);
        if next.is_none() {
            return Ok(records);
        }
        after = next;
    }
}
