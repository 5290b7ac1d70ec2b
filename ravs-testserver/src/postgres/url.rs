//! The URL of a database on a server whose URL is known.

use crate::ServerError;

/// `url` with another database in it; what follows a `?` stays.
pub(super) fn with_database(url: &str, database: &str) -> Result<String, ServerError> {
    let (scheme, rest) = url
        .split_once("://")
        .filter(|(scheme, _)| matches!(*scheme, "postgres" | "postgresql"))
        .ok_or_else(|| {
            ServerError::Unusable("the server's URL does not begin with postgres://".to_owned())
        })?;
    let (place, parameters) = match rest.split_once('?') {
        Some((place, parameters)) => (place, format!("?{parameters}")),
        None => (rest, String::new()),
    };
    let host = place.split_once('/').map_or(place, |(host, _)| host);
    Ok(format!("{scheme}://{host}/{database}{parameters}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_changes() {
        let table = [
            ("postgres://u@h:1/old", "postgres://u@h:1/new"),
            ("postgres://u:p@h", "postgres://u:p@h/new"),
            ("postgresql://h1,h2/?connect_timeout=3", "postgresql://h1,h2/new?connect_timeout=3"),
            ("postgres://h?host=/tmp/x", "postgres://h/new?host=/tmp/x"),
        ];
        for (given, expected) in table {
            assert_eq!(with_database(given, "new").unwrap(), expected);
        }
        assert!(with_database("host=h dbname=x", "new").is_err());
    }
}
