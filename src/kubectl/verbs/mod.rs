//! The commands: a file for each, or for a few that belong together.
//!
//! Promises: a verb that has to wait returns what it waits for as plain data ([`Work`]) and is called again.

pub mod about;
pub mod apply;
pub mod cordon;
pub mod create;
pub mod delete;
pub mod describe;
pub mod diff;
pub mod documentation;
pub mod drain;
pub mod edit;
pub mod events;
pub mod explain;
pub mod expose;
pub mod forward;
pub mod generate;
pub mod get;
pub mod history;
pub mod ingress;
pub mod label;
pub mod logs;
pub mod patch;
pub mod process;
mod prune;
mod raw;
mod reach;
pub mod replace;
pub mod roles;
pub mod rollout;
pub mod run;
pub mod scale;
pub mod secrets;
pub mod server_side;
pub mod set;
pub mod set_env;
pub mod status;
pub mod taint;
pub mod wait;
mod write;

use crate::commands::Call;
use crate::failure::Failure;
use crate::job::Step;
use crate::session::Session;

/// What a command that is not done yet waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// `get -w`
    Watch(Box<get::Watch>),
    /// `events -w`
    Events(events::Watch),
    /// `create -f` with objects left
    Create(create::Creating),
    /// `delete` with objects left
    Delete(Box<delete::Deleting>),
    /// Deleted objects are to go.
    Gone(delete::Gone),
    /// `rollout status`
    Rollout(status::Rollout),
    /// `wait`
    Wait(Box<wait::Waiting>),
    /// `wait --for=create` while something is missing
    Creation(wait::Creation),
    /// `scale --timeout`
    Scale(Box<scale::Scaling>),
    /// `drain`
    Drain(Box<drain::Drain>),
    /// `apply` with objects left, or with `--force`
    Apply(Box<apply::Applying>),
    /// `replace --force`
    Replace(Box<replace::Replacing>),
    /// `edit` while its editor is open
    Edit(Box<edit::Editing>),
    /// `exec`, and an attached `run`
    Process(process::Process),
    /// `run -it` before its pod runs
    Attached(process::Attached),
    /// `run -it` after its process has ended
    Leaving(process::Leaving),
    /// Deleted objects are to go, then there is an exit code.
    GoneThen(delete::Gone, i32),
    /// `logs -f`
    Follow(Vec<logs::Follow>),
    /// `port-forward`, `proxy`
    Listen(Vec<forward::Listening>),
}

impl Work {
    /// Does what can be done now.
    pub fn go_on(self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        match self {
            Work::Watch(work) => work.go_on(session),
            Work::Events(work) => work.go_on(session),
            Work::Create(work) => work.go_on(call, session),
            Work::Delete(work) => work.go_on(call, session),
            Work::Gone(work) => work.go_on(session),
            Work::Rollout(work) => work.go_on(session),
            Work::Wait(work) => work.go_on(session),
            Work::Creation(work) => work.go_on(call, session),
            Work::Scale(work) => work.go_on(call, session),
            Work::Drain(work) => work.go_on(session),
            Work::Apply(work) => work.go_on(call, session),
            Work::Replace(work) => work.go_on(call, session),
            Work::Edit(work) => work.go_on(call, session),
            Work::Process(work) => work.go_on(call, session),
            Work::Attached(work) => work.go_on(call, session),
            Work::Leaving(work) => work.go_on(call, session),
            Work::GoneThen(work, code) => match work.go_on(session)? {
                Step::Done => Err(Failure::Exit(code)),
                Step::Wait(Work::Gone(work), until) => Ok(Step::Wait(Work::GoneThen(work, code), until)),
                other @ Step::Wait(..) => Ok(other),
            },
            Work::Follow(logs) => logs::follow_all(call, logs, session),
            Work::Listen(ports) => Ok(Step::Wait(Work::Listen(ports), None)),
        }
    }
}
