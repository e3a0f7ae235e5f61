//! How a container's process exits by itself, as far as its command tells.
//!
//! Server containers serve until they are stopped, unless a command of their own ends: that is found by running it
//! ([`is_to_be_run`]). Tool containers, such as busybox or perl, run their command and exit with the exit code, and after the sleeps,
//! that it asks for.
//! Not modelled here: a shell's loops, conditions and variables. A word that keeps a process running keeps it running forever.

use super::inside::apps::{Serves, app_of};
use crate::api::object::Name;
use crate::api::object::pod::Container;
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

/// How a container's process exits by itself; `None` if it does not. A process that waits for input keeps waiting.
pub fn end_of(container: &Container) -> Option<End> {
    if container.interactive || !is_tool(&container.image) {
        return None;
    }
    let words = words_of(&container.command);
    if words.iter().any(|word| LASTING.contains(word)) {
        return None;
    }
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

/// Whether only running a container's command shows if its process exits: that of a server, without a word that keeps it running.
pub fn is_to_be_run(container: &Container) -> bool {
    let lasts = container.interactive || is_tool(&container.image) || words_of(&container.command).iter().any(|w| LASTING.contains(w));
    !lasts && !container.command.is_empty()
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

fn is_tool(image: &str) -> bool {
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
            let end = end_of(&pod.spec.template.containers[0]).map(|end| (end.after.0, end.exit_code));
            assert_eq!(end, want, "{container}");
        }
    }
}
