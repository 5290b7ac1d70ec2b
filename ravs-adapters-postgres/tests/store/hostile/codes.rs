//! One live organisation for one code.

use super::attempt::{Attempt, allowed, refused};

/// A new organisation of a code, from its first version on, without a claim.
fn organisation(code: &str) -> String {
    format!(
        "INSERT INTO ravs.organisation_versions (
            organisation_id, version, status, since, granted, changed_at, previous_version,
            change_set_id
         ) VALUES ({{new}}, 1, 'Invited', 7, 0, 7, 0, {{new}});
         INSERT INTO ravs.organisations (
            id, ods_code, name, address, postcode, region, invited_by, invited_at, version,
            status, closes_at, granted, changed_at
         ) VALUES (
            {{new}}, '{code}', 'Second', 'High Street', 'LS1 4AP', 'Y56', {{lead}}, 7, 1,
            'Invited', 9223372036854775807, 0, 7
         )"
    )
}

fn claim(code: &str) -> String {
    format!("INSERT INTO ravs.ods_code_claims VALUES ('{code}', {{new}})")
}

fn taken_over(code: &str) -> String {
    format!("UPDATE ravs.ods_code_claims SET organisation_id = {{new}} WHERE ods_code = '{code}'")
}

pub(crate) fn attempts() -> Vec<Attempt> {
    let claimed = "23503 organisations_claim_fkey";
    let written = "23514 ods_code_claims_code_check";
    vec![
        refused("a code is claimed twice", "23505 ods_code_claims_pkey", claim("AAA")),
        refused("an organisation has another's code", claimed, organisation("AAA")),
        refused("an organisation has no claim", claimed, organisation("ZZZ")),
        refused("an active one's claim is taken over", claimed, taken_over("AAA")),
        refused("a deactivated one's claim is taken over", claimed, taken_over("DDD")),
        refused("an invited one's claim is taken over", claimed, taken_over("III")),
        refused(
            "a live one's claim is taken over on the way in",
            claimed,
            format!(
                "{} ON CONFLICT (ods_code) DO UPDATE SET organisation_id = excluded.organisation_id",
                claim("AAA")
            ),
        ),
        refused(
            "a claim is taken over and a second organisation is there at once",
            claimed,
            format!("{};{}", taken_over("AAA"), organisation("AAA")),
        ),
        refused(
            "the copy is closed so that the code is free",
            "23503 organisations_version_fkey",
            "UPDATE ravs.organisations SET status = 'Closed' WHERE id = {active}",
        ),
        refused("a code in lower case is another code", written, claim("aaa")),
        refused("a code with a blank is another code", written, claim(" AAA")),
        refused("a code of other letters is another code", written, claim("ÀÀÀ")),
        allowed("a new code", format!("{};{}", claim("ZZZ"), organisation("ZZZ"))),
        allowed(
            "the code of a closed one",
            format!("{};{}", taken_over("CCC"), organisation("CCC")),
        ),
        allowed(
            "the code of one that was withdrawn",
            format!("{};{}", taken_over("WWW"), organisation("WWW")),
        ),
    ]
}
