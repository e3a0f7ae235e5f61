//! The rules that concern single objects, by examples.

mod change;
mod decode;
mod go_dump;
mod kind;
mod managed;
mod names;
mod object;
mod patch;
mod scale;
mod schema;
mod status;
mod typed;
