//! What is behind a decision that its reason does not name: what a program said, how far pods are to be spread, what a quota lacks.
//!
//! Promises: judged once for each answer; the words and the line of the manifest are both of this.

use crate::Instant;
use crate::apart::Wide;
use crate::barred::too_wide;
use crate::crash::{Crash, crash, last_said};
use crate::room::{Short, short};
use api::kind::Kind;
use api::object::{Name, ObjectKey};
use why::Reason;

/// What is behind a reason.
pub enum Behind<'a> {
    /// The end of a container that exits again and again.
    Crash(Crash<'a>),
    /// What an init container said last for which the others wait: its name, and the line.
    Says(&'a Name, String),
    /// The spread that asks for more places than there are.
    Spread(Wide),
    /// What a quota has no room for.
    Short(Short),
    Nothing,
}

impl<'a> Behind<'a> {
    /// What is behind a reason about an object.
    #[inline(never)]
    pub fn of(shot: &Instant<'a>, about: &ObjectKey, because: &'a Reason) -> Behind<'a> {
        let pod = || shot.tables.pod(&about.namespace, &about.name).filter(|_| about.kind == Kind::Pod);
        let found = match because {
            Reason::CrashLoop { .. } => pod().and_then(|pod| crash(shot, pod, because)).map(Behind::Crash),
            Reason::InitContainerRuns { container } => {
                pod().and_then(|pod| last_said(shot, pod, container)).map(|said| Behind::Says(container, said))
            }
            Reason::Unschedulable { by, .. } => pod().and_then(|pod| too_wide(shot, pod, by)).map(Behind::Spread),
            Reason::SyncFailed { obstacle: Some(_), .. } => short(shot, about, because).map(Behind::Short),
            _ => None,
        };
        found.unwrap_or(Behind::Nothing)
    }
}
