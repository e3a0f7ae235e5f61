//! How a container's process exits by itself, as far as its command tells.
//!
//! Server containers serve until they are stopped, unless a command of their own ends: that is found by running it
//! ([`is_to_be_run`]), as for tool containers, such as busybox or perl, that would be started again. Those that run to completion run
//! their command and exit with the exit code, and after the sleeps, that it asks for.
//! Not modelled here: a shell's loops, conditions and variables. A word that keeps a process running keeps it running forever.

use super::inside::apps::{Serves, app_of};
use crate::api::object::Name;
use crate::api::object::pod::{Container, RestartPolicy};
use crate::base::time::Span;
use crate::shell::pause;

/// Tool images, by the last part of their names.
const TOOLS: [&str; 11] =
    ["alpine", "bash", "busybox", "curl", "debian", "dnsutils", "hello-world", "jessie-dnsutils", "perl", "python", "ubuntu"];

/// Words in a command that keep its process running.
const LASTING: [&str; 13] =
    ["while", "until", "for", "infinity", "inf", "tail", "httpd", "nc", "netcat", "ping", "top", "watch", "http.server"];

/// How a process exits by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// How long it sleeps before it exits.
    pub after: Span,
    /// Its exit code.
    pub exit_code: i64,
}

/// How a container's process exits by itself; `None` if it does not, or if only running it shows. A process that waits for input keeps
/// waiting.
pub fn end_of(container: &Container, of_pod: RestartPolicy) -> Option<End> {
    if !is_tool(&container.image) || lasts(container) || is_to_be_run(container, of_pod) {
        return None;
    }
    let words = words_of(&container.command);
    let said = after(&words, "exit").filter_map(|code| code.parse().ok()).last();
    let exit_code = said.unwrap_or(i64::from(words.last() == Some(&"false")));
    Some(End { after: pauses(&container.command), exit_code })
}

/// The same for an init container. A command is executed by the simulation inside it; without one, the container serves if its
/// image does, or is assumed to complete at once.
pub fn end_of_init(container: &Container) -> Option<End> {
    let lasts = container.interactive || !container.command.is_empty() || app_of(&container.image).serves != Serves::Nothing;
    (!lasts).then_some(End { after: Span(0), exit_code: 0 })
}

/// Whether a container's process may end by itself.
pub fn may_end(container: &Container, of_pod: RestartPolicy) -> bool {
    is_to_be_run(container, of_pod) || end_of(container, of_pod).is_some()
}

/// Whether only running a container's command shows if its process exits: one without a word that keeps it running, of a server or of
/// a tool that is started again whenever it ends, which then is likely to be a server, too.
pub fn is_to_be_run(container: &Container, of_pod: RestartPolicy) -> bool {
    let completes = is_tool(&container.image) && !container.sidecar && of_pod != RestartPolicy::Always;
    !completes && !lasts(container) && !container.command.is_empty()
}

/// Whether a container's process keeps running, as its command or its wait for input tells.
fn lasts(container: &Container) -> bool {
    container.interactive || words_of(&container.command).iter().any(|word| LASTING.contains(word))
}

/// Whether a container's process ignores SIGTERM: as PID 1 it only gets signals it has handlers for, and tools have none.
pub fn ignores_term(container: &Container) -> bool {
    is_tool(&container.image)
}

/// The total of a command's sleeps.
pub fn pauses(command: &[Name]) -> Span {
    Span(after(&words_of(command), "sleep").filter_map(pause).sum())
}

/// Whether what an image does is known: the server that it is, or the tools that are all it has.
pub fn is_known(image: &str) -> bool {
    is_tool(image) || !app_of(image).name.is_empty()
}

/// Whether an image has tools, and no server of its own.
pub fn is_tool(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    TOOLS.contains(&name.split([':', '@']).next().unwrap_or_default())
}

fn words_of(command: &[Name]) -> Vec<&str> {
    let separators = |c: char| c.is_whitespace() || ";&|()'\"".contains(c);
    command.iter().flat_map(|word| word.split(separators)).filter(|w| !w.is_empty()).collect()
}

/// The word after each use of a command.
fn after<'a>(words: &'a [&'a str], command: &'static str) -> impl Iterator<Item = &'a str> {
    words.windows(2).filter(move |pair| pair[0] == command).map(|pair| pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::object::Pod;
    use crate::yaml;

    #[test]
    fn a_tool_ends_as_its_words_say() {
        for (container, want) in [
            ("{image: busybox}", Some((0, 0))),
            ("{image: 'busybox:1.28', command: [sh, -c, 'echo hello; sleep 5; exit 3']}", Some((5_000, 3))),
            ("{image: perl, command: [perl, -Mbignum=bpi, -wle, 'print bpi(2000)']}", Some((0, 0))),
            ("{image: docker.io/library/busybox, args: [sleep, 1h]}", Some((3_600_000, 0))),
            ("{image: busybox, args: ['sleep', '0.5']}", Some((500, 0))),
            ("{image: busybox, command: ['false']}", Some((0, 1))),
            ("{image: busybox, command: [sh, -c, 'while true; do sleep 1; done']}", None),
            ("{image: alpine, command: [sleep, infinity]}", None),
            ("{image: busybox, stdin: true, tty: true}", None),
            ("{image: 'nginx:1.25', command: [sh, -c, 'exit 1']}", None),
            ("{image: registry/perl-service}", None),
        ] {
            let object = yaml::parse(&format!("spec: {{containers: [{container}]}}")).remove(0).value.expect("a value");
            let pod = Pod::decode(&object);
            let end = end_of(&pod.spec.template.containers[0], RestartPolicy::Never).map(|end| (end.after.0, end.exit_code));
            assert_eq!(end, want, "{container}");
        }
    }
}
