#![doc = include_str!("../README.md")]

mod configuration;
pub mod file;
mod key;
mod letterhead;
pub mod notify;
pub mod smtp;
mod under_way;

pub use configuration::{ConfigurationFault, InvalidConfiguration};
pub use file::FileMailer;
pub use letterhead::Sender;
pub use notify::NotifyMailer;
pub use smtp::SmtpMailer;
