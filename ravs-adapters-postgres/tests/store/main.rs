//! The store on throw-away servers, as the application's role uses it: one program, so that most
//! of it shares one server.

mod bodies;
mod conformance;
mod connecting;
mod hostile;
mod lanes;
mod migrations;
mod model;
mod plans;
mod races;
mod round_trips;
mod row_security;
mod spoilt;
mod standby;
mod support;
mod watched;
mod wire;
