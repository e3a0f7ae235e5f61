//! Inside containers: files on volumes, processes that read and write them, applications that answer requests.
//!
//! Promises: plain data; a volume keeps what was written to it for as long as it exists, whichever pods come and go; a process is not
//! a pod object: it keeps writing until its machine stops it, whether or not the API server still knows its pod. The main
//! processes of containers are simulated lazily, when somebody looks, in order of time, so that a cluster with a loop in it can still
//! come to rest.
//! Must not know: kubectl, the queue of events.
//! Not modelled: permissions, signals to others than a container's first process, processes of an image that the table of
//! [`crate::programs`] does not know, changes of the cluster between a process's own steps: it sees the cluster as it is when somebody
//! looks.

pub mod apps;
mod asking;
pub mod clients;
mod content;
mod context;
mod disk;
mod disks;
mod environment;
pub mod fetch;
mod fields;
mod getent;
pub mod http;
mod installed;
pub mod journal;
mod listening;
mod lost;
mod manifest;
mod mongo;
mod opening;
mod own_name;
mod place;
mod process;
mod programs;
mod ran;
pub mod refusals;
pub mod replicated;
pub mod requests;
mod room;
mod running;
mod services;
mod shown;
mod signals;
mod starting;
mod user;
mod version;
pub mod web;

pub use content::Content;
pub use context::ProgramContext;
pub use disk::{Database, Disk};
pub use disks::Disks;
pub use environment::{EXPANDS, declared, references};
pub use fetch::curl;
pub use installed::is_supposed_to_serve;
pub use listening::{Get, How, ProbeAnswer, ProbeRequest, Probed};
pub use lost::{Holder, Losses, Lost};
pub use place::ContainerInfo;
pub(crate) use process::OnTerm;
pub use process::{AtTerm, Process};
pub use programs::lacking;
pub use ran::Ran;
pub use refusals::{Wanted, Wish, wanted as wanted_password};
pub use room::Room;
pub use starting::{cause_of, start_error};
