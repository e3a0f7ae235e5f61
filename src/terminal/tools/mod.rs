//! What the tools that install manifests do with two rendered states. How they write and in whose name, in which order, what they take
//! away and keep, how they wait, and what a refusal leaves.
//!
//! Promises: plain data; a tool asks a [`Client`](api::client::Client), and does between two waits what can be done at one instant. The
//! same answers give the same requests.
//! Must not know: how a chart or a kustomization is rendered; the cluster behind the client.
//! Not modelled: hooks, what several releases share, how often a controller tries again.

mod argo;
pub mod asked;
mod flux;
mod heard;
mod helm;
mod item;
mod kinds;
mod ready;
mod state;
pub mod tool;
mod work;

use std::sync::OnceLock;

use asked::Asked;
pub use item::is_hook;
use tool::Tool;
pub use work::{Ended, Step, Work};

/// Starts a tool; `None` of one that kubectl's own lines stand for.
type Begin = fn(&Asked) -> Option<Box<dyn Work>>;

static PLUGGED: OnceLock<Begin> = OnceLock::new();

/// Lets the whole program start tools. One that never does is without their code.
pub fn plug() {
    PLUGGED.get_or_init(|| started);
}

fn started(asked: &Asked) -> Option<Box<dyn Work>> {
    Some(match asked.tool {
        Tool::Kubectl | Tool::KubectlServerSide => return None,
        Tool::Helm3 | Tool::Helm4 => Box::new(helm::Helm::new(asked)),
        Tool::ArgoCd => Box::new(argo::Sync::new(asked)),
        Tool::Flux => Box::new(flux::Apply::new(asked)),
    })
}

/// What does as it is asked; `None` where kubectl's own lines do, or where no tool is plugged in.
pub fn begin(asked: &Asked) -> Option<Box<dyn Work>> {
    PLUGGED.get()?(asked)
}
