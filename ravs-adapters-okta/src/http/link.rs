//! `Link` headers (RFC 8288): where the next page is.

/// The target of the one link that is `next`, over all lines of the header.
pub(super) fn next<'a>(
    lines: impl Iterator<Item = &'a str>,
) -> Result<Option<&'a str>, &'static str> {
    let mut found = None;
    for line in lines {
        let mut rest = line.trim();
        while !rest.is_empty() {
            let (target, parameters, more) =
                link(rest).ok_or("a `Link` header cannot be understood")?;
            if is_next(parameters) {
                if found.is_some_and(|found| found != target) {
                    return Err("there are two next pages");
                }
                found = Some(target);
            }
            rest = more;
        }
    }
    Ok(found)
}

/// The first link of a line: its target, its parameters, and what follows it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (target, rest) = text.strip_prefix('<')?.split_once('>')?;
    let mut quoted = false;
    let end = rest.char_indices().find_map(|(at, character)| {
        quoted ^= character == '"';
        (character == ',' && !quoted).then_some(at)
    });
    let (parameters, more) = match end {
        Some(at) => (rest.get(..at)?, rest.get(at + 1..)?),
        None => (rest, ""),
    };
    Some((target, parameters, more.trim_start()))
}

fn is_next(parameters: &str) -> bool {
    parameters.split(';').filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
        let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
        name.trim().eq_ignore_ascii_case("rel")
            && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_is_found_on_lines_of_their_own_and_on_a_joined_one() {
        let two = ["<https://a/1>; rel=\"self\"", "<https://a/2?after=x,y>; rel=\"next\""];
        assert_eq!(next(two.into_iter()), Ok(Some("https://a/2?after=x,y")));
        let joined = two.join(", ");
        assert_eq!(next([joined.as_str()].into_iter()), Ok(Some("https://a/2?after=x,y")));
        let other = "<https://a/3>; title=\"a, b\"; REL=\"prev NEXT\"";
        assert_eq!(next([other].into_iter()), Ok(Some("https://a/3")));
    }

    #[test]
    fn without_a_next_it_is_the_end() {
        assert_eq!(next([].into_iter()), Ok(None));
        assert_eq!(next(["", "<https://a/1>; rel=\"self\""].into_iter()), Ok(None));
        assert_eq!(next(["<https://a/1>"].into_iter()), Ok(None));
    }

    #[test]
    fn what_is_no_link_or_says_two_things_is_refused() {
        assert!(next(["https://a/1; rel=next"].into_iter()).is_err());
        assert!(next(["<https://a/1; rel=next"].into_iter()).is_err());
        assert!(next(["<https://a/1>; rel=next, <https://a/2>; rel=next"].into_iter()).is_err());
    }
}
