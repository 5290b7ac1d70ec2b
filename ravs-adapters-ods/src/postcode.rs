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

    /// What is indexed of it: itself, its outward half, and that with the first digit of the
    /// other. Beginnings between these are ranges of whole ones.
    pub(crate) fn terms(&self) -> Vec<String> {
        let sector = self.inward.get(..1).map(|digit| format!("{} {digit}", self.outward));
        let whole = self.is_whole().then(|| self.term());
        [Some(self.outward.clone()), sector, whole].into_iter().flatten().collect()
    }

    /// Whether both halves are there.
    pub(crate) fn is_whole(&self) -> bool {
        self.inward.len() == 3
    }

    /// Whether this is it, or the beginning of it.
    pub(crate) fn begins(&self, whole: &Self) -> bool {
        whole.outward == self.outward && whole.inward.starts_with(&self.inward)
    }

    /// Its halves.
    pub(crate) fn halves(&self) -> (&str, &str) {
        (&self.outward, &self.inward)
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
    fn it_is_indexed_by_its_outward_half_its_sector_and_itself() {
        let read = Postcode::read("SE19RT").unwrap();
        assert_eq!(read.terms(), ["se1", "se1 9", "se1 9rt"]);
        assert_eq!(read.halves(), ("se1", "9rt"));
        assert_eq!(Postcode::read("se1").unwrap().terms(), ["se1"]);
    }

    #[test]
    fn a_beginning_is_one_of_the_same_outward_half() {
        let whole = Postcode::read("SE1 9RT").unwrap();
        for (text, begins) in [
            ("se1", true),
            ("se1 9", true),
            ("se1 9r", true),
            ("se19rt", true),
            ("se19", false),
            ("se1 9t", false),
        ] {
            assert_eq!(Postcode::read(text).unwrap().begins(&whole), begins, "{text}");
        }
    }
}
