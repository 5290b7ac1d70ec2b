//! Several hosts in one URL, of which any may be silent.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use deadpool_postgres::Connect;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_postgres::config::{Host, LoadBalanceHosts};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Error, Socket};

/// How long a host may be silent before the next is tried beside it.
const HEAD_START: Duration = Duration::from_millis(300);

/// Tries one host after the other, beginning with the one that answered last. One that takes a
/// connection and says nothing, as a machine that has frozen does, keeps nobody from the next; one
/// that is merely slow is waited for all the same.
pub(super) struct EachHost<T> {
    tls: T,
    answered_last: AtomicUsize,
}

impl<T> EachHost<T> {
    pub(super) fn new(tls: T) -> Self {
        Self { tls, answered_last: AtomicUsize::new(0) }
    }
}

type Connecting<'a> =
    Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + 'a>>;

impl<T> Connect for EachHost<T>
where
    T: MakeTlsConnect<Socket> + Clone + Sync + Send + 'static,
    T::Stream: Sync + Send,
    T::TlsConnect: Sync + Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    fn connect(&self, config: &Config) -> Connecting<'_> {
        let hosts = each_host(config);
        Box::pin(async move {
            let first = self.answered_last.load(Ordering::Relaxed) % hosts.len();
            let mut hosts: Vec<(usize, Config)> = hosts.into_iter().enumerate().collect();
            hosts.rotate_left(first);
            let mut next = hosts.into_iter();
            let attempt = |(place, host): (usize, Config)| {
                let tls = self.tls.clone();
                async move { (place, begun(&host, tls).await) }
            };
            let mut under_way: FuturesUnordered<_> = next.by_ref().take(1).map(attempt).collect();
            loop {
                let ended = tokio::select! {
                    biased;
                    ended = under_way.next() => ended,
                    () = sleep(HEAD_START) => None,
                };
                match ended {
                    Some((place, Ok(connected))) => {
                        self.answered_last.store(place, Ordering::Relaxed);
                        return Ok(connected);
                    }
                    Some((_, Err(error))) if under_way.is_empty() && next.len() == 0 => {
                        return Err(error);
                    }
                    Some((_, Err(_))) | None => under_way.extend(next.next().map(attempt)),
                }
            }
        })
    }
}

/// A connection, and the task that keeps it going.
async fn begun<T>(config: &Config, tls: T) -> Result<(Client, JoinHandle<()>), Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config.connect(tls).await?;
    // How it ends shows in the client.
    Ok((client, tokio::spawn(async move { drop(connection.await) })))
}

/// The same for each host by itself; at least one. Where they are to be taken by chance, that is
/// left to the client.
fn each_host(config: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) =
        (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let number = hosts.len().max(addresses.len());
    let is_whole = [hosts.len(), addresses.len()].iter().all(|n| [0, number].contains(n))
        && [0, 1, number].contains(&ports.len());
    let by_chance = config.get_load_balance_hosts() == LoadBalanceHosts::Random;
    if number < 2 || !is_whole || by_chance {
        return vec![config.clone()];
    }
    let one = |place: usize| {
        let mut one = without_hosts(config);
        match hosts.get(place) {
            Some(Host::Tcp(host)) => drop(one.host(host)),
            #[cfg(unix)]
            Some(Host::Unix(path)) => drop(one.host_path(path)),
            None => {}
        }
        if let Some(address) = addresses.get(place) {
            one.hostaddr(*address);
        }
        if let Some(port) = ports.get(place).or(ports.first()) {
            one.port(*port);
        }
        one
    };
    (0..number).map(one).collect()
}

/// Everything that a URL can say, but the hosts: they can only be added to.
fn without_hosts(all: &Config) -> Config {
    let mut config = Config::new();
    config
        .ssl_mode(all.get_ssl_mode())
        .ssl_negotiation(all.get_ssl_negotiation())
        .keepalives(all.get_keepalives())
        .keepalives_idle(all.get_keepalives_idle())
        .target_session_attrs(all.get_target_session_attrs())
        .channel_binding(all.get_channel_binding());
    if let Some(user) = all.get_user() {
        config.user(user);
    }
    if let Some(password) = all.get_password() {
        config.password(password);
    }
    if let Some(name) = all.get_dbname() {
        config.dbname(name);
    }
    if let Some(options) = all.get_options() {
        config.options(options);
    }
    if let Some(name) = all.get_application_name() {
        config.application_name(name);
    }
    if let Some(time) = all.get_connect_timeout() {
        config.connect_timeout(*time);
    }
    if let Some(time) = all.get_tcp_user_timeout() {
        config.tcp_user_timeout(*time);
    }
    if let Some(time) = all.get_keepalives_interval() {
        config.keepalives_interval(time);
    }
    if let Some(number) = all.get_keepalives_retries() {
        config.keepalives_retries(number);
    }
    config
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYTHING: &str = "user=ravs password=secret dbname=ravs options='-c a=b' \
        application_name=host sslmode=require sslnegotiation=direct connect_timeout=3 \
        tcp_user_timeout=4 keepalives=0 keepalives_idle=5 keepalives_interval=6 \
        keepalives_retries=7 \
        target_session_attrs=read-write channel_binding=disable";

    #[test]
    fn each_host_has_everything_but_the_others() {
        let all: Config = format!("host=a,b,/c port=1,2,3 {EVERYTHING}").parse().unwrap();
        let one = |host: &str, port: u16| -> Config {
            format!("host={host} port={port} {EVERYTHING}").parse().unwrap()
        };
        assert_eq!(each_host(&all), [one("a", 1), one("b", 2), one("/c", 3)]);
    }

    #[test]
    fn one_port_is_that_of_all_and_none_is_left_to_the_client() {
        for (given, each) in [("port=9", " port=9"), ("", "")] {
            let all: Config =
                format!("host=a,b hostaddr=10.0.0.1,10.0.0.2 {given}").parse().unwrap();
            let one = |host: &str| -> Config { format!("{host}{each}").parse().unwrap() };
            let expected = ["host=a hostaddr=10.0.0.1", "host=b hostaddr=10.0.0.2"].map(one);
            assert_eq!(each_host(&all), expected);
        }
    }

    #[test]
    fn what_is_not_several_hosts_stays_as_it_is() {
        for text in ["host=a", "user=ravs", "host=a,b load_balance_hosts=random"] {
            let config: Config = text.parse().unwrap();
            assert_eq!(each_host(&config), [config]);
        }
    }
}
