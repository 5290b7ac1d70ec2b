//! URLs of PostgreSQL, and their parts that change.

use crate::ServerError;

/// `url` with another database in it; what follows a `?` stays.
pub(crate) fn with_database(url: &str, database: &str) -> Result<String, ServerError> {
    let parts = Parts::of(url)?;
    Ok(Parts { database, ..parts }.url())
}

/// `url` with 127.0.0.1 and that port for its host.
pub(crate) fn with_port(url: &str, port: u16) -> Result<String, ServerError> {
    let host = format!("127.0.0.1:{port}");
    let parts = Parts::of(url)?;
    Ok(Parts { host: &host, ..parts }.url())
}

/// The database that `url` names.
pub(crate) fn database(url: &str) -> Option<&str> {
    Parts::of(url).ok().map(|parts| parts.database).filter(|database| !database.is_empty())
}

struct Parts<'a> {
    scheme: &'a str,
    /// With its `@`, where there is one.
    user: &'a str,
    host: &'a str,
    database: &'a str,
    /// With its `?`, where there is one.
    parameters: &'a str,
}

impl<'a> Parts<'a> {
    fn of(url: &'a str) -> Result<Self, ServerError> {
        let (scheme, rest) = url
            .split_once("://")
            .filter(|(scheme, _)| matches!(*scheme, "postgres" | "postgresql"))
            .ok_or_else(|| {
                ServerError::Unusable("the server's URL does not begin with postgres://".to_owned())
            })?;
        let (place, parameters) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let (authority, database) = place.split_once('/').unwrap_or((place, ""));
        let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        Ok(Self { scheme, user, host, database, parameters })
    }

    fn url(&self) -> String {
        let Self { scheme, user, host, database, parameters } = self;
        format!("{scheme}://{user}{host}/{database}{parameters}")
    }
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

    #[test]
    fn only_the_host_changes() {
        let table = [
            ("postgres://u:p@h:1/db?x=1", "postgres://u:p@127.0.0.1:9/db?x=1"),
            ("postgres://h", "postgres://127.0.0.1:9/"),
        ];
        for (given, expected) in table {
            assert_eq!(with_port(given, 9).unwrap(), expected);
        }
    }

    #[test]
    fn a_url_may_name_no_database() {
        assert_eq!(database("postgres://u@h/db?x=1"), Some("db"));
        assert_eq!(database("postgres://u@h/?x=1"), None);
        assert_eq!(database("postgres://u@h"), None);
    }
}
