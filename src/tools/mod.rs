//! What the tools that install manifests do with two rendered states: how they write and in whose name, in which order, what they take
//! away and what they keep, how they wait, and what is left where something was refused.
//!
//! Promises: plain data; a tool asks a [`Client`] and does, between two waits, what can be done at one instant. The same answers give the
//! same requests.
//! Must not know: how a chart or a kustomization is rendered; the cluster behind the client.
//! Not modelled: hooks, what several releases share, how often a controller tries again.

mod argo;
pub mod asked;
mod flux;
mod helm;
mod item;
mod ready;
pub mod tool;

use std::fmt;
use std::sync::OnceLock;

use api::client::Client;
use base::time::{Span, Time};

use asked::Asked;
pub use item::is_hook;
use tool::Tool;

/// How soon a tool asks again for what it waits for.
const LOOK: Span = Span(500);

/// What a tool does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It goes on at an instant.
    Until(Time),
    Done(Ended),
}

/// How a tool ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// What it printed of what it did.
    pub said: Vec<String>,
    /// Its words where it failed.
    pub failed: Option<String>,
}

/// A tool at work, as plain data.
pub trait Work {
    /// Does what can be done now.
    fn go_on(&mut self, client: &mut dyn Client) -> Step;
    /// The same once more, for a copy of the world that it works in.
    fn copied(&self) -> Box<dyn Work>;
}

impl Clone for Box<dyn Work> {
    fn clone(&self) -> Self {
        self.copied()
    }
}

impl fmt::Debug for dyn Work {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Work")
    }
}

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
