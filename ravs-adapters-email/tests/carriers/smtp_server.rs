//! A mail server on this machine, on a port of its own. It ends with the test that made it.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mailin::response::{INVALID_CREDENTIALS, OK};
use mailin::{Action, AuthMechanism, Handler, Response, SessionBuilder};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinHandle};
use tokio_rustls::TlsAcceptor;

/// How the server protects its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protection {
    None,
    StartTls,
    Tls,
}

/// A moment at which the server can be told to do something else than usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Hello,
    Sender,
    Recipient,
    Content,
    /// The question whether the server is still there.
    Question,
}

/// What the server does at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instead {
    /// Answers with that code.
    Answer(u16),
    /// Closes the connection without an answer.
    Close,
    /// Says nothing any more.
    Nothing,
}

/// An email that the server has taken.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) message: Vec<u8>,
    pub(crate) over_tls: bool,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) taken: Vec<Taken>,
    pub(crate) refused: BTreeSet<String>,
    pub(crate) down: bool,
    /// Done at that moment, and that often.
    pub(crate) instead: Option<(Moment, Instead, usize)>,
    pub(crate) connections: usize,
    pub(crate) logged_in: usize,
    open: Vec<AbortHandle>,
}

pub(crate) struct SmtpServer {
    pub(crate) address: SocketAddr,
    pub(crate) certificate: String,
    state: Arc<Mutex<State>>,
    listening: JoinHandle<()>,
}

pub(crate) const PASSWORD: &str = "pass-S3CRET-word";

impl SmtpServer {
    pub(crate) async fn start(protection: Protection) -> Self {
        Self::listen(protection, false).await
    }

    /// One that takes emails only from those who have logged in, and log-ins only over TLS.
    pub(crate) async fn asking_for_a_login(protection: Protection) -> Self {
        Self::listen(protection, true).await
    }

    async fn listen(protection: Protection, asks: bool) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".into(), "127.0.0.1".into()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut state = lock(&shared);
                state.connections += 1;
                if state.down {
                    continue; // and closes it
                }
                drop(state);
                let (tls, served) = (tls.clone(), shared.clone());
                // A client that goes away is none of the server's business.
                let serving = tokio::spawn(async move {
                    serve(stream, protection, asks, tls, served).await.ok();
                });
                lock(&shared).open.push(serving.abort_handle());
            }
        });
        Self { address, certificate: cert.pem(), state, listening }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn do_instead(&self, moment: Moment, what: Instead, times: usize) {
        self.state().instead = Some((moment, what, times));
    }

    /// Waits until the server has done what it was told to do instead.
    pub(crate) async fn was_told(&self) {
        let done = async {
            while self.state().instead.is_some_and(|(_, _, left)| left > 0) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), done).await.unwrap();
    }

    /// Closes every connection.
    pub(crate) fn hang_up(&self) {
        self.state().open.drain(..).for_each(|serving| serving.abort());
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn serve(
    stream: TcpStream,
    protection: Protection,
    asks: bool,
    tls: TlsAcceptor,
    state: Arc<Mutex<State>>,
) -> io::Result<()> {
    let mut builder = SessionBuilder::new("mail.test");
    if asks {
        builder.enable_auth(AuthMechanism::Plain);
    }
    if protection == Protection::StartTls {
        builder.enable_start_tls();
    }
    let orders = Orders { state, closes: Arc::default(), silent: Arc::default() };
    let clerk =
        Clerk { orders: orders.clone(), over_tls: protection == Protection::Tls, letter: None };
    let mut session = builder.build(IpAddr::V4(Ipv4Addr::LOCALHOST), clerk);
    let stream: Box<dyn Stream> = match protection {
        Protection::Tls => {
            session.tls_active();
            Box::new(tls.accept(stream).await?)
        }
        Protection::None | Protection::StartTls => Box::new(stream),
    };
    let mut stream = BufReader::new(stream);
    answer(&mut stream, &session.greeting()).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let mut response = session.process(&line);
        // The session answers this by itself.
        if line.eq_ignore_ascii_case(b"NOOP\r\n") {
            response = orders.at(Moment::Question, response);
        }
        if orders.closes.load(Ordering::SeqCst) {
            return Ok(());
        }
        if orders.silent.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        match response.action {
            Action::NoReply => {}
            Action::Reply => answer(&mut stream, &response).await?,
            Action::Close => return answer(&mut stream, &response).await,
            Action::UpgradeTls => {
                answer(&mut stream, &response).await?;
                let upgraded: Box<dyn Stream> = Box::new(tls.accept(stream.into_inner()).await?);
                stream = BufReader::new(upgraded);
                session.tls_active();
            }
        }
    }
}

async fn answer(stream: &mut BufReader<Box<dyn Stream>>, response: &Response) -> io::Result<()> {
    stream.write_all(&response.buffer()?).await?;
    stream.flush().await
}

/// What the server was told to do, as far as it is about one connection.
#[derive(Clone)]
struct Orders {
    state: Arc<Mutex<State>>,
    closes: Arc<AtomicBool>,
    silent: Arc<AtomicBool>,
}

impl Orders {
    /// What the server was told to do at this moment.
    fn at(&self, moment: Moment, usual: Response) -> Response {
        let mut state = lock(&self.state);
        let Some((when, what, times)) = &mut state.instead else { return usual };
        if *when != moment || *times == 0 {
            return usual;
        }
        *times -= 1;
        match what {
            // What a server says may well hold the address.
            Instead::Answer(code) => Response::custom(*code, "no <zoe@nhs.net> here".into()),
            Instead::Close => {
                self.closes.store(true, Ordering::SeqCst);
                usual
            }
            Instead::Nothing => {
                self.silent.store(true, Ordering::SeqCst);
                usual
            }
        }
    }
}

/// Decides what the server takes.
struct Clerk {
    orders: Orders,
    over_tls: bool,
    letter: Option<Taken>,
}

impl Handler for Clerk {
    fn helo(&mut self, _: IpAddr, _: &str) -> Response {
        self.orders.at(Moment::Hello, OK)
    }

    fn mail(&mut self, _: IpAddr, _: &str, _: &str) -> Response {
        self.orders.at(Moment::Sender, OK)
    }

    fn rcpt(&mut self, to: &str) -> Response {
        if lock(&self.orders.state).refused.contains(to) {
            return Response::custom(550, format!("5.1.1 <{to}>: no such mailbox"));
        }
        self.orders.at(Moment::Recipient, OK)
    }

    fn data_start(&mut self, _: &str, from: &str, _: bool, to: &[String]) -> Response {
        let (from, to, over_tls) = (from.to_owned(), to.to_vec(), self.over_tls);
        self.letter = Some(Taken { from, to, message: Vec::new(), over_tls });
        OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        if let Some(letter) = &mut self.letter {
            letter.message.extend_from_slice(line);
        }
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let response = self.orders.at(Moment::Content, OK);
        // What is answered with nothing, or not at all, was taken all the same.
        if response.code == OK.code
            && let Some(letter) = self.letter.take()
        {
            lock(&self.orders.state).taken.push(letter);
        }
        response
    }

    fn auth_plain(&mut self, _: &str, user: &str, password: &str) -> Response {
        if (user, password) != ("ravs", PASSWORD) {
            return INVALID_CREDENTIALS;
        }
        lock(&self.orders.state).logged_in += 1;
        mailin::response::AUTH_OK
    }
}
