//! What a container that does not stay up says of it: in its log, and by the variable for which its server does not start.

use std::rc::Rc;

use crate::Instant;
use api::object::{Name, Pod};
use base::lines::Lines;
use base::note::VOICE;
use cluster::inside::Wanted;
use why::Reason;

/// Words of a line, in small letters, that complains.
const COMPLAINTS: [&str; 16] = [
    "error",
    "fatal",
    "panic",
    "exception",
    "fail",
    "cannot",
    "can't",
    "could not",
    "unable",
    "not found",
    "no such",
    "not permitted",
    "denied",
    "refused",
    "invalid",
    "missing",
];
/// How many characters of a line are quoted.
const MAX_QUOTED: usize = 200;

/// The end of a container that exits again and again.
pub struct Crash<'a> {
    pub container: Name,
    /// The line of its log that says why; `None` where it says nothing.
    pub said: Option<String>,
    /// The variable for which its server does not start, where that is why.
    pub wanted: Option<&'a Wanted>,
}

/// What is known of the end of a pod's container; `None` where no container exits by itself.
#[inline(never)]
pub(crate) fn crash<'a>(shot: &Instant<'a>, pod: &Pod, because: &Reason) -> Option<Crash<'a>> {
    let Reason::CrashLoop { container, .. } = because else { return None };
    let uid = pod.meta.uid;
    let logs = [shot.disks.log_of(uid, container), shot.disks.previous_log_of(uid, container)];
    let mut all = pod.spec.template.all_containers();
    let has_command = all.any(|one| one.name == *container && !one.command.is_empty());
    let said = logs.into_iter().flatten().find_map(|log: &Lines| last_complaint(log.text(), has_command));
    Some(Crash { container: Rc::clone(container), said, wanted: shot.disks.refused_for(uid, container) })
}

/// The line of a log that says best why its program ended: the last one that complains, or else the last of a command.
/// An image's own program says how it starts.
fn last_complaint(log: &str, has_command: bool) -> Option<String> {
    let lines = || lines(log);
    let complains = |line: &&str| {
        let small = line.to_lowercase();
        COMPLAINTS.iter().any(|word| small.contains(word))
    };
    lines().find(complains).or_else(|| lines().next().filter(|_| has_command)).map(quoted)
}

/// The line that a container which runs wrote last; `None` where it says nothing.
#[inline(never)]
pub(crate) fn last_said(shot: &Instant, pod: &Pod, container: &Name) -> Option<String> {
    lines(shot.disks.log_of(pod.meta.uid, container)?.text()).next().map(quoted)
}

/// The lines of a log that a program wrote, the last one first. A line that is indented goes on with the one before.
fn lines(log: &str) -> impl Iterator<Item = &str> {
    log.lines().rev().filter(|line| !line.trim().is_empty() && !line.starts_with([' ', '\t']) && !line.starts_with(VOICE))
}

/// The beginning of a line, as words in a sentence: the sentence has the point at its end.
fn quoted(line: &str) -> String {
    let line = line.trim_end();
    let line = line.strip_suffix('.').filter(|line| !line.ends_with('.')).unwrap_or(line);
    let quoted: String = line.chars().take(MAX_QUOTED).collect();
    let more = if quoted.len() < line.len() { " …" } else { "" };
    quoted.replace('`', "'") + more
}
