//! kubectl on top of an API server: from command lines to jobs, from jobs to text and exit codes, in Kubernetes' exact words.
//!
//! Promises: a job is plain data and never blocks: it is polled, does what it can at the present instant, and says when to poll it
//! again. It sees the cluster only through [`api::client::Client`]. What is not simulated is reported in notes,
//! never in imitation of Kubernetes' words.
//! Must not know: the simulation, the store, the browser, the playground's lessons.
//! Not modelled: plugins, kustomize, kubeconfig beyond the current namespace, help pages.

mod applied;
mod call;
pub mod commands;
mod complete;
pub mod describe;
pub mod failure;
pub mod files;
mod flag;
pub mod flags;
pub mod form;
mod global_flags;
pub mod hunks;
pub mod job;
mod line_diff;
mod list_schema;
mod manifest;
mod manifests;
pub mod output;
mod polls;
pub mod print;
mod record;
pub mod resources;
mod select;
pub mod session;
pub mod settings;
mod target;
mod targets;
mod turns;
pub mod verbs;
pub mod words;

pub use call::Call;
pub use complete::complete;
pub use files::Files;
pub use job::{Job, Progress};
pub use output::{Piece, Stream};
