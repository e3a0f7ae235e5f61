//! The rules that concern single objects, by examples.

mod change;
mod decode;
mod default;
mod go_dump;
mod kind;
mod managed;
mod object;
mod patch;
mod scale;
mod schema;
mod status;
mod typed;
mod validate;
