//! The commands as pure functions: what they refuse, with every fault at once, and what their
//! change sets hold.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod entering;
#[cfg(test)]
mod every_code;
#[cfg(test)]
mod life;
#[cfg(test)]
mod move_email;
#[cfg(test)]
mod nomination;
#[cfg(test)]
mod onboarding;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod regional_leads;
#[cfg(test)]
#[path = "../sample/mod.rs"]
mod sample;
#[cfg(test)]
mod users;
