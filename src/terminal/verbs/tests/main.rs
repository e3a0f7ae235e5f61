//! kubectl against recordings of the real one, and against small hand-made worlds.

mod by_hand;
mod debugged;
mod described;
mod desk;
mod edit;
mod ends;
mod explain;
mod form;
mod forms;
mod kinds;
mod local;
mod managers;
mod meddled;
mod more;
mod odd;
mod pipes;
mod plane;
mod polled;
mod processes;
mod quotas;
mod ranges;
mod recorded;
mod refused;
mod secured;
mod sessions;
mod tables;
mod transcript;
mod unit;
mod waiting;
mod words;
mod world;
mod writing;

use plugged as _;
