//! kubectl against recordings of the real one, and against small hand-made worlds.

mod by_hand;
mod described;
mod ends;
mod fake;
mod form;
mod forms;
mod local;
mod managers;
mod meddled;
mod more;
mod odd;
mod pipes;
mod plane;
mod processes;
mod quotas;
mod ranges;
mod recorded;
mod refused;
mod secured;
mod sessions;
mod tables;
mod transcript;
mod waiting;
mod words;
mod world;
mod writing;
