//! Refusals: the domain saying no, with every fault it found.

mod code;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

pub use code::Code;

/// One thing that stands in the way of a command: what, where, and a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    code: Code,
    field: Option<String>,
    message: String,
}

impl Fault {
    /// A fault of the command as a whole.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, field: None, message: message.into() }
    }

    /// The same fault, of one field: `nominees[1].email`.
    #[must_use]
    pub fn at(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The field of the command that it is about, where it is about one.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// A sentence for a person: lower case, no final full stop, no one's name or address.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "`{field}`: {} ({})", self.message, self.code),
            None => write!(f, "{} ({})", self.message, self.code),
        }
    }
}

/// The domain's no: at least one [`Fault`], in the order in which they were found.
///
/// ```
/// use ravs_core::{Code, Fault, Refusal};
///
/// let refusal = Refusal::from(Fault::new(Code::NameMissing, "a name is missing").at("first_name"));
/// assert_eq!(refusal.code(), Code::NameMissing);
/// assert_eq!(refusal.to_string(), "`first_name`: a name is missing (name_missing)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Fault>", into = "Vec<Fault>")]
pub struct Refusal {
    first: Fault,
    further: Vec<Fault>,
}

impl Refusal {
    /// The refusal with these faults, or `None` where there are none.
    #[must_use]
    pub fn of(faults: Vec<Fault>) -> Option<Self> {
        let mut faults = faults.into_iter();
        let first = faults.next()?;
        Some(Self { first, further: faults.collect() })
    }

    /// The code of the first fault, which is the refusal's.
    #[must_use]
    pub fn code(&self) -> Code {
        self.first.code
    }

    /// The first fault's sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.first.message
    }

    /// Every fault, the first one first.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        core::iter::once(&self.first).chain(&self.further)
    }
}

impl From<Fault> for Refusal {
    fn from(first: Fault) -> Self {
        Self { first, further: Vec::new() }
    }
}

impl From<Refusal> for Vec<Fault> {
    fn from(refusal: Refusal) -> Self {
        let mut faults = alloc::vec![refusal.first];
        faults.extend(refusal.further);
        faults
    }
}

impl TryFrom<Vec<Fault>> for Refusal {
    type Error = &'static str;

    fn try_from(faults: Vec<Fault>) -> Result<Self, Self::Error> {
        Self::of(faults).ok_or("a refusal has at least one fault")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.first, f)?;
        self.further.iter().try_for_each(|fault| write!(f, "; {fault}"))
    }
}

impl core::error::Error for Refusal {}

/// A `Debug` for what people typed in: it shows the type's name and nothing of them, so that no
/// one's name or address ends in a log.
macro_rules! redacted_debug {
    ($($name:ident),+ $(,)?) => {$(
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
pub(crate) use redacted_debug;

/// Collects the faults of a command until all of it has been looked at (R-O3).
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// The value, or its fault noted under `field` and nothing.
    pub(crate) fn check<T>(
        &mut self,
        field: &str,
        value: Result<T, impl Into<Fault>>,
    ) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(fault) => {
                self.add(fault.into().at(field));
                None
            }
        }
    }

    /// Refuses if anything was found.
    pub(crate) fn refuse_if_any(self) -> Result<(), Refusal> {
        Refusal::of(self.0).map_or(Ok(()), Err)
    }

    /// What was read, once nothing stands against it. Whatever could not be read has noted why.
    pub(crate) fn into_result<T>(self, read: Option<T>) -> Result<T, Refusal> {
        self.refuse_if_any()?;
        read.ok_or_else(|| Fault::new(Code::NameMissing, "a field is missing").into())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;
    use alloc::vec;

    use super::*;

    fn missing() -> Fault {
        Fault::new(Code::NameMissing, "a name is missing").at("first_name")
    }

    fn invalid() -> Fault {
        Fault::new(Code::EmailInvalid, "this is not an email address").at("nominees[1].email")
    }

    // R-O3: every fault, each with its field.
    #[test]
    fn a_refusal_carries_every_fault_in_order() {
        let refusal = Refusal::of(vec![missing(), invalid()]).unwrap();
        assert_eq!((refusal.code(), refusal.message()), (Code::NameMissing, "a name is missing"));
        assert!(refusal.faults().eq(&[missing(), invalid()]));
        assert_eq!(Vec::<Fault>::from(refusal.clone()), [missing(), invalid()]);
        assert_eq!(
            refusal.to_string(),
            "`first_name`: a name is missing (name_missing); `nominees[1].email`: this is not an \
             email address (email_invalid)"
        );
        assert_eq!(Refusal::of(vec![]), None);
    }

    #[test]
    fn a_fault_of_no_field_says_its_message_and_code() {
        let fault = Fault::new(Code::StillInvited, "it is Invited");
        assert_eq!(
            (fault.code(), fault.field(), fault.message()),
            (Code::StillInvited, None, "it is Invited")
        );
        assert_eq!(fault.to_string(), "it is Invited (still_invited)");
        assert_eq!(missing().field(), Some("first_name"));
    }

    #[test]
    fn a_refusal_travels_as_its_faults_and_never_without() {
        let refusal = Refusal::of(vec![missing(), invalid()]).unwrap();
        let json = serde_json::to_value(&refusal).unwrap();
        assert_eq!(
            json[1],
            serde_json::json!({
                "code": "email_invalid",
                "field": "nominees[1].email",
                "message": "this is not an email address",
            })
        );
        assert_eq!(serde_json::from_value::<Refusal>(json).unwrap(), refusal);
        let error = serde_json::from_str::<Refusal>("[]").unwrap_err();
        assert!(error.to_string().contains("at least one fault"));
    }

    // R-O3: looking goes on after the first fault.
    #[test]
    fn faults_are_collected_under_their_fields() {
        let mut faults = Faults::default();
        assert_eq!(faults.check("a", Ok::<_, Fault>(1)), Some(1));
        let fault = Fault::new(Code::EmailInvalid, "no");
        assert_eq!(faults.check::<()>("b", Err(fault.clone())), None);
        faults.add(missing());
        let refusal = faults.into_result(Some(1)).unwrap_err();
        assert_eq!(Vec::from(refusal), [fault.at("b"), missing()]);
        assert_eq!(Faults::default().into_result(Some(1)), Ok(1));
        assert_eq!(Faults::default().refuse_if_any(), Ok(()));
        let nothing_read = Faults::default().into_result(None::<()>).unwrap_err();
        assert_eq!(nothing_read.code(), Code::NameMissing);
    }
}
