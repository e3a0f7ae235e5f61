//! kubectl on top of an API server: from command lines to jobs, from jobs to text and exit codes, in Kubernetes' exact words. What each
//! command does is the crate `verbs`, which programs plug in ([`work`]).
//!
//! Promises: a job is plain data and never blocks: it is polled, does what it can at the present instant, and says when to poll it
//! again. It sees the cluster only through [`api::client::Client`]. What is not simulated is reported in notes,
//! never in imitation of Kubernetes' words.
//! Must not know: the simulation, the store, the browser, the playground's lessons.
//! Not modelled: plugins, kustomize, kubeconfig beyond the current namespace, help pages.

pub mod call;
pub mod commands;
mod complete;
pub mod editing;
pub mod failure;
pub mod files;
pub mod flag;
pub mod flags;
pub mod form;
pub mod global_flags;
pub mod hunks;
pub mod job;
pub mod line_diff;
pub mod listening;
pub mod output;
pub mod resources;
pub mod select;
pub mod session;
pub mod settings;
pub mod target;
pub mod words;
pub mod work;

pub use call::Call;
pub use complete::complete;
pub use files::Files;
pub use job::{Job, Progress};
pub use output::{Piece, Stream};
