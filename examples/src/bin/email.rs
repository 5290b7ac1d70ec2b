//! The emails: to look at, and to send one.
//!
//! ```text
//! cargo run -p ravs-examples --bin email -- --into FOLDER
//! cargo run -p ravs-examples --bin email -- --templates
//! cargo run -p ravs-examples --bin email -- --by notify --to ADDRESS
//! cargo run -p ravs-examples --bin email -- --by smtp --to ADDRESS
//! ```
//!
//! The first writes every email there is as text, as HTML and as a message. The second prints what
//! to paste into GOV.UK Notify. The others send one, and take their settings from the environment:
//!
//! - `NOTIFY_API_KEY`, and `NOTIFY_TEMPLATE_WELCOME_USER` and so on for each of the five
//! - `SMTP_HOST`, `SMTP_FROM`, and if need be `SMTP_PORT`, `SMTP_SECURITY` (`tls`, `starttls` or
//!   `plain`), `SMTP_USER` and `SMTP_PASSWORD`

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use chrono::Utc;
use ravs_adapters_email::notify::{NotifySettings, Template, TemplateIds};
use ravs_adapters_email::smtp::{Security, SmtpSettings};
use ravs_adapters_email::{FileMailer, NotifyMailer, Sender, SmtpMailer};
use ravs_core::port::Mailer;
use ravs_core::{EffectKey, Email, EmailAddress, NoticeKind, PersonName};
use ravs_examples::host::SystemClock;
use ravs_testkit::letters;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--into", folder] => write_all(Path::new(folder)).await,
        ["--templates"] => {
            print_templates();
            Ok(())
        }
        ["--by", "notify", "--to", to] => send(&notify()?, to).await,
        ["--by", "smtp", "--to", to] => send(&smtp()?, to).await,
        _ => Err("use --into FOLDER, --templates, or --by notify|smtp --to ADDRESS".into()),
    }
}

/// Every email, to Zoë.
fn emails(to: &EmailAddress) -> Result<Vec<Email>, Box<dyn Error>> {
    let name = PersonName::new("Zoë", "Ng").map_err(|_| "the name is none")?;
    Ok(letters(&name, to, "ST. MARY'S HOSPITAL")?)
}

async fn write_all(folder: &Path) -> Result<(), Box<dyn Error>> {
    let sender = Sender::new("no-reply@ravs.example".parse()?).named("Record a vaccination");
    let mailer = FileMailer::new(folder, &sender, Arc::new(SystemClock))?;
    for (number, email) in (1..).zip(emails(&"zoe@ravs.example".parse()?)?) {
        let named = folder.join(format!("{number:02}-{}", email.notice.as_str()));
        fs::write(named.with_extension("txt"), &email.text)?;
        fs::write(named.with_extension("html"), &email.html)?;
        mailer.send(&email).await?;
        // A name for people; the mailer's own is a hash.
        fs::rename(mailer.file(&email)?, named.with_extension("eml"))?;
        println!("{}: {}", named.display(), email.subject);
    }
    Ok(())
}

fn print_templates() {
    for kind in NoticeKind::ALL {
        let Template { subject, message } = Template::of(kind);
        println!("== {}\nSubject: {subject}\n\n{message}", kind.as_str());
    }
}

async fn send(mailer: &dyn Mailer, to: &str) -> Result<(), Box<dyn Error>> {
    let mut email = emails(&to.parse()?)?.swap_remove(0);
    // The key of a host is the effect's, and the same each time it is tried. Here each run sends.
    let now = Utc::now().timestamp_micros();
    email.key = EffectKey::from_stored(format!("{}.example.{now}", email.notice.as_str()));
    mailer.send(&email).await?;
    println!("It went, as {}.", email.key);
    Ok(())
}

fn notify() -> Result<NotifyMailer, Box<dyn Error>> {
    let key = setting("NOTIFY_API_KEY")?.parse()?;
    let templates = TemplateIds::find(|kind| {
        env::var(format!("NOTIFY_TEMPLATE_{}", kind.as_str().to_uppercase())).ok()
    })?;
    Ok(NotifyMailer::new(NotifySettings::new(key, templates), Arc::new(SystemClock))?)
}

fn smtp() -> Result<SmtpMailer, Box<dyn Error>> {
    let sender = Sender::new(setting("SMTP_FROM")?.parse()?).named("Record a vaccination");
    let mut settings = SmtpSettings::new(setting("SMTP_HOST")?, sender);
    settings = match env::var("SMTP_SECURITY").as_deref() {
        Ok("tls") | Err(_) => settings,
        Ok("starttls") => settings.security(Security::StartTls),
        Ok("plain") => settings.security(Security::Plain),
        Ok(_) => return Err("`SMTP_SECURITY` is `tls`, `starttls` or `plain`".into()),
    };
    if let Ok(port) = env::var("SMTP_PORT") {
        settings = settings.port(port.parse().map_err(|_| "`SMTP_PORT` is no port")?);
    }
    if let Ok(user) = env::var("SMTP_USER") {
        settings = settings.credentials(user, setting("SMTP_PASSWORD")?.into());
    }
    Ok(SmtpMailer::new(&settings, Arc::new(SystemClock))?)
}

fn setting(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|_| format!("`{name}` is not set").into())
}
