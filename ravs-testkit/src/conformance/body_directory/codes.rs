//! Bodies by their code.

use ravs_core::OdsCode;
use ravs_core::port::BodyDirectory;

use super::bodies;
use crate::conformance::promise::Promise as _;
use crate::conformance::seed::read;

/// Each body is given under its code, with every field as the directory has it; also one that is
/// closed, for it is the core that refuses it.
pub async fn a_body_is_given_as_it_is_closed_or_not(directory: &dyn BodyDirectory) {
    for body in bodies() {
        assert_eq!(directory.body(&body.code).await.kept(), Some(body));
    }
}

/// A code that nobody has is no error, even where others begin so.
pub async fn an_unknown_code_is_nobody(directory: &dyn BodyDirectory) {
    for unknown in ["ZX9", "ZX1011", "ZXX"] {
        let code: OdsCode = read(unknown);
        assert_eq!(directory.body(&code).await.kept(), None, "{unknown}");
    }
}
