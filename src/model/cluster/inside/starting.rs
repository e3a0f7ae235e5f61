//! Whether a container's program can be executed, and what is said where it cannot.
//!
//! Models containerd's internal/cri/server/container_start.go, runc's libcontainer, and Go's os/exec LookPath.
//! Promises: what an image may bring, or a volume may hold, is never said to be missing.
//! Not modelled: files that may not be executed, or are no programs; hooks and probes whose own program is missing.

use std::rc::Rc;

use super::environment::{DEFAULT_PATH, environment};
use super::manifest::raw_of;
use super::place::{ContainerInfo, OrphanedVolumes};
use api::object::Pod;
use api::object::pod::Container;
use base::word::Word;
use server::tables::Tables;

/// What a runtime says before the cause.
const BEFORE: &str = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to \
                      start container process: error during container init: ";

/// Why a container's program cannot be executed, in its runtime's words; `None` if it can, as far as is known.
pub fn start_error(pod: &Pod, container: &Container, tables: &Tables) -> Option<Word> {
    let raw = raw_of(pod, container);
    let program = container.command.first()?;
    let place = ContainerInfo::new(pod, container, Rc::new(environment(pod, raw, tables)), tables, &OrphanedVolumes::new());
    let is_given_on = raw.list_at(&["command"]).is_empty() && place.app().has_entrypoint();
    let is_written_out = !program.contains("$(");
    let lacks = || place.lacks_program(program) || program.contains('/') && place.lacks_file(program);
    let is_path_known = || place.environment.variables().iter().any(|(name, value)| name == "PATH" && value == DEFAULT_PATH);
    (!is_given_on && is_written_out && lacks() && is_path_known()).then(|| format!("{BEFORE}{}", refusal(program)).into())
}

/// The cause in what a runtime says.
pub fn cause_of(error: &str) -> &str {
    error.strip_prefix(BEFORE).unwrap_or(error)
}

/// Why a program cannot be executed.
pub(super) fn refusal(program: &str) -> String {
    let why = if program.contains('/') {
        format!("stat {program}: no such file or directory")
    } else {
        "executable file not found in $PATH".into()
    };
    format!("exec: {program:?}: {why}")
}
