//! Statements as a script of `pgbench`: one a line, with literals or variables for parameters.

/// A statement with each `$n` replaced by what `parameter` gives for `n`, on one line.
pub(super) fn on_one_line(statement: &str, mut parameter: impl FnMut(usize) -> String) -> String {
    let mut line = String::with_capacity(statement.len());
    let flat = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut pieces = flat.split('$');
    line.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (digits, rest) =
            piece.split_at(piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len()));
        match digits.parse() {
            Ok(number) => line.push_str(&parameter(number)),
            Err(_) => line.extend(["$", digits]),
        }
        line.push_str(rest);
    }
    line.push_str(";\n");
    line
}

/// A text that differs from one run of a script to the next, and the expression for it.
#[derive(Clone, Debug)]
pub(super) struct Varying {
    pub(super) text: String,
    pub(super) expression: String,
}

/// A value of that type, in which everything that varies is replaced by its expression.
pub(super) fn literal(value: Option<&str>, kind: &str, varying: &[Varying]) -> String {
    let Some(value) = value else { return format!("NULL::{kind}") };
    let mut written = quoted(value);
    for Varying { text, expression } in varying {
        if value == text {
            written.clone_from(expression);
        } else if value.contains(text) {
            written = format!("replace({written}, {}, {expression})", quoted(text));
        }
    }
    format!("({written})::{kind}")
}

/// A text as a literal without a `:`, which would name a variable.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a");
    format!("E'{text}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_one_line_with_its_parameters_replaced() {
        let statement = "SELECT $1,\n    $12 FROM t\n    WHERE a = $1::text";
        let line = on_one_line(statement, |number| format!(":v{number}"));
        assert_eq!(line, "SELECT :v1, :v12 FROM t WHERE a = :v1::text;\n");
    }

    #[test]
    fn a_literal_holds_no_variable_of_its_own() {
        assert_eq!(literal(None, "text", &[]), "NULL::text");
        assert_eq!(literal(Some("it's"), "text", &[]), "(E'it''s')::text");
        let json = r#"{"{\"at\": \"09:30\"}"}"#;
        let escaped = r#"(E'{"{\\"at\\"\x3a \\"09\x3a30\\"}"}')::jsonb[]"#;
        assert_eq!(literal(Some(json), "jsonb[]", &[]), escaped);
    }

    #[test]
    fn what_varies_is_computed() {
        let of = |text: &str, expression: &str| Varying {
            text: text.to_owned(),
            expression: expression.to_owned(),
        };
        let varying = [of("aa", "f(:n)"), of("bb", "g(:n)")];
        assert_eq!(literal(Some("aa"), "uuid", &varying), "(f(:n))::uuid");
        assert_eq!(
            literal(Some("{aa,bb}"), "uuid[]", &varying),
            "(replace(replace(E'{aa,bb}', E'aa', f(:n)), E'bb', g(:n)))::uuid[]"
        );
        assert_eq!(literal(Some("cc"), "text", &varying), "(E'cc')::text");
    }
}
