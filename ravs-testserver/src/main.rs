//! A throw-away PostgreSQL server for as long as one wants it: it prints its URL and the folder of
//! its data, a line each, and ends when its input ends or when it is killed.
//!
//! ```text
//! cargo run -p ravs-testserver
//! ```

use std::error::Error;
use std::io;

use ravs_testserver::postgres::{Durability, Options, Server};

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::launch(Options::new(Durability::Full))?;
    println!("{}", server.url("postgres"));
    println!("{}", server.data_dir().display());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
