//! Postcodes, as they are asked for.

/// A postcode or the beginning of one: the outward half, a space, and what there is of the inward
/// half. In lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Postcode {
    outward: String,
    inward: String,
}

impl Postcode {
    /// Reads a whole postcode, with or without its space, or its outward half, alone or with the
    /// beginning of the inward half after a space. None for what is neither.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let halves: Vec<String> = text.split_whitespace().map(str::to_ascii_lowercase).collect();
        match halves.as_slice() {
            [one] => {
                let whole = one.split_at_checked(one.len().saturating_sub(3));
                whole
                    .filter(|(outward, inward)| is_outward(outward) && is_inward(inward))
                    .or_else(|| is_outward(one).then_some((one, "")))
                    .map(|(outward, inward)| Self {
                        outward: outward.to_owned(),
                        inward: inward.to_owned(),
                    })
            }
            [outward, inward] if is_outward(outward) && begins_inward(inward) => {
                Some(Self { outward: outward.clone(), inward: inward.clone() })
            }
            _ => None,
        }
    }

    /// As it is looked up.
    pub(crate) fn term(&self) -> String {
        if self.inward.is_empty() {
            self.outward.clone()
        } else {
            format!("{} {}", self.outward, self.inward)
        }
    }

    /// Everything that it is looked up by: itself, and each of its beginnings from the outward
    /// half on.
    pub(crate) fn terms(&self) -> Vec<String> {
        let inward = self.inward.char_indices().map(|(end, letter)| {
            let end = end.saturating_add(letter.len_utf8());
            let inward = self.inward.get(..end).unwrap_or_default();
            format!("{} {inward}", self.outward)
        });
        std::iter::once(self.outward.clone()).chain(inward).collect()
    }

    /// Without its space.
    pub(crate) fn compact(&self) -> String {
        format!("{}{}", self.outward, self.inward)
    }
}

/// One or two letters, a digit, and maybe one more of either: `m1`, `se1`, `ec1v`.
fn is_outward(text: &str) -> bool {
    let bytes = text.as_bytes();
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let rest = bytes.get(letters..).unwrap_or_default();
    let area = (1..=2).contains(&letters);
    area && match rest {
        [digit] => digit.is_ascii_digit(),
        [digit, last] => digit.is_ascii_digit() && last.is_ascii_alphanumeric(),
        _ => false,
    }
}

/// A digit and two letters.
fn is_inward(text: &str) -> bool {
    text.len() == 3 && begins_inward(text)
}

fn begins_inward(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_digit())
        && text.len() <= 3
        && bytes.all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_are_read_however_they_are_written() {
        for (text, term) in [
            ("SW1A 2AA", "sw1a 2aa"),
            ("sw1a2aa", "sw1a 2aa"),
            (" m13  9wl ", "m13 9wl"),
            ("zz99 3vz", "zz99 3vz"),
            ("se1", "se1"),
            ("EC1V", "ec1v"),
            ("se1 9", "se1 9"),
            ("se1 9r", "se1 9r"),
            ("se19", "se19"),
        ] {
            let read = Postcode::read(text).unwrap();
            assert_eq!(read.term(), term, "{text}");
        }
        for text in ["", "se", "1se", "london", "se1 rt", "se1 9rt4", "a b c", "rrv", "é1", "RCF71"]
        {
            assert_eq!(Postcode::read(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_looked_up_by_each_of_its_beginnings() {
        let read = Postcode::read("SE19RT").unwrap();
        assert_eq!(read.terms(), ["se1", "se1 9", "se1 9r", "se1 9rt"]);
        assert_eq!(read.compact(), "se19rt");
    }
}
