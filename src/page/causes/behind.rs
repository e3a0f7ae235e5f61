//! What is behind a decision that its reason does not name: what a program said, how far pods are to be spread, what a quota lacks.
//!
//! Promises: judged once for each answer; the words and the line of the manifest are both of this.

use crate::Instant;
use crate::apart::Wide;
use crate::barred::too_wide;
use crate::crash::{Crash, crash, last_said};
use crate::room::{Short, short};
use crate::short_name::{self, ShortName};
use api::kind::Kind;
use api::object::{Name, ObjectKey, Pod};
use why::Reason;

/// What an init container said last.
pub struct Said<'a> {
    pub container: &'a Name,
    pub line: String,
    /// The name that it does not find, where it never will.
    pub short: Option<ShortName>,
}

/// What is behind a reason.
pub enum Behind<'a> {
    /// The end of a container that exits again and again.
    Crash(Crash<'a>),
    /// What an init container said last for which the others wait.
    Says(Said<'a>),
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
            Reason::InitContainerRuns { container } => pod().and_then(|pod| said_by(shot, pod, container)).map(Behind::Says),
            Reason::Unschedulable { by, .. } => pod().and_then(|pod| too_wide(shot, pod, by)).map(Behind::Spread),
            Reason::SyncFailed { obstacle: Some(_), .. } => short(shot, about, because).map(Behind::Short),
            _ => None,
        };
        found.unwrap_or(Behind::Nothing)
    }
}

/// What an init container of a pod said last; `None` where it says nothing.
pub(crate) fn said_by<'a>(shot: &Instant, pod: &Pod, container: &'a Name) -> Option<Said<'a>> {
    let line = last_said(shot, pod, container)?;
    let short = short_name::of(shot, pod, container, &line);
    Some(Said { container, line, short })
}
