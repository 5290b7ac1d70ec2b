//! Each mailer keeps what every mailer keeps, as far as its carrier lets it.

use async_trait::async_trait;
use ravs_adapters_email::FileMailer;
use ravs_core::EmailAddress;
use ravs_testkit::conformance::mailer::{Arrived, Backstage, Capability};

use crate::smtp_server::{Instead, Moment, SmtpServer};
use crate::support::{arrived, clock, sender};

/// A folder refuses nobody, and its answers are not lost.
struct Folder(tempfile::TempDir);

impl Folder {
    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("emails")
    }
}

#[async_trait]
impl Backstage for Folder {
    fn can(&self, capability: Capability) -> bool {
        matches!(capability, Capability::SeeArrived | Capability::Outage | Capability::FindOut)
    }

    async fn arrived(&self) -> Vec<Arrived> {
        let files = std::fs::read_dir(self.path()).unwrap();
        let files = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        let mut all: Vec<_> = files.map(|file| arrived(&file)).collect();
        // In the order of their numbers, which is that in which they are sent.
        all.sort_by_key(|one| one.mark.rsplit_once('.').map(|_| number(&one.mark)));
        all
    }

    async fn set_down(&self, down: bool) {
        match down {
            true => std::fs::remove_dir(self.path()).unwrap(),
            false => std::fs::create_dir(self.path()).unwrap(),
        }
    }

    async fn refuse(&self, _: &EmailAddress) {}

    async fn lose_answer(&self) {}
}

/// What the key ends with: the change's id.
fn number(mark: &str) -> String {
    let key = mark.split('@').next().unwrap_or_default();
    key.rsplit('.').next().unwrap_or_default().to_owned()
}

mod folder {
    use super::*;

    ravs_testkit::mailer_conformance! {{
        let folder = Folder(tempfile::tempdir().unwrap());
        (FileMailer::new(folder.path(), &sender(), clock()).unwrap(), folder)
    }}
}

/// SMTP has no way to find out.
#[async_trait]
impl Backstage for SmtpServer {
    fn can(&self, capability: Capability) -> bool {
        capability != Capability::FindOut
    }

    async fn arrived(&self) -> Vec<Arrived> {
        self.state().taken.iter().map(|taken| arrived(&taken.message)).collect()
    }

    async fn set_down(&self, down: bool) {
        self.state().down = down;
    }

    async fn refuse(&self, address: &EmailAddress) {
        self.state().refused.insert(address.as_str().to_owned());
    }

    async fn lose_answer(&self) {
        self.do_instead(Moment::Content, Instead::Close, 1);
    }
}

mod smtp {
    use ravs_adapters_email::SmtpMailer;

    use super::*;
    use crate::smtp::settings;
    use crate::smtp_server::Protection;

    ravs_testkit::mailer_conformance! {{
        let server = SmtpServer::start(Protection::Tls).await;
        let settings = settings(&server, Protection::Tls);
        (SmtpMailer::new(&settings, clock()).unwrap(), server)
    }}
}

mod notify {
    use crate::fake_notify::FakeNotify;

    ravs_testkit::mailer_conformance! {{
        let notify = FakeNotify::start().await;
        (notify.mailer(), notify)
    }}
}
