//! What a verb does next, and what one that has to wait still has to do, as plain data.

use super::apply::applying::Applying;
use super::create::creating::Creating;
use super::delete::deleting::{Deleting, Gone};
use super::drain::draining::Drain;
use super::edit::opened::Opened;
use super::events::watch;
use super::get::watching;
use super::logs::follow::Follow;
use super::process::stages::{Attached, Leaving, Process};
use super::replace::replacing::Replacing;
use super::scale::scaling::Scaling;
use super::status::rollouts::Rollout;
use super::wait::waiting::{Creation, Waiting};
use base::time::Time;
use kubectl::failure::Failure;
use kubectl::listening::Listening;

/// What a verb does next.
#[derive(Clone)]
pub enum Step {
    /// It is done, with exit code 0.
    Done,
    /// It goes on when the store has changed, or at an instant.
    Wait(Work, Option<Time>),
}

/// A step that ends with failures, if there were any, and is done otherwise.
pub fn done_or(failures: Vec<Failure>) -> Result<Step, Failure> {
    Failure::from_all(failures).map(|()| Step::Done)
}

/// What a command that is not done yet waits for.
#[derive(Clone)]
pub enum Work {
    /// `get -w`
    Watch(Box<watching::Watch>),
    /// `events -w`
    Events(watch::Watch),
    /// `create -f` with objects left
    Create(Creating),
    /// `delete` with objects left
    Delete(Box<Deleting>),
    /// Deleted objects are to go.
    Gone(Gone),
    /// `rollout status`
    Rollout(Rollout),
    /// `wait`
    Wait(Box<Waiting>),
    /// `wait --for=create` while something is missing
    Creation(Creation),
    /// `scale --timeout`
    Scale(Box<Scaling>),
    /// `drain`
    Drain(Box<Drain>),
    /// `apply` with objects left, or with `--force`
    Apply(Box<Applying>),
    /// `replace --force`
    Replace(Box<Replacing>),
    /// `edit` while its editor is open
    Edit(Box<Opened>),
    /// `exec`, and an attached `run` or `debug`
    Process(Process),
    /// `run -it` before its pod runs, and an attached `debug` before its container does
    Attached(Attached),
    /// `run -it` after its process has ended
    Leaving(Leaving),
    /// Deleted objects are to go, then there is an exit code.
    GoneThen(Gone, i32),
    /// `logs -f`
    Follow(Vec<Follow>),
    /// `port-forward`, `proxy`
    Listen(Vec<Listening>),
}
