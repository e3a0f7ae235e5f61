//! How a container's process exits by itself, as far as the words of its command tell.
//!
//! Containers of servers serve until they are stopped. Those of tools, such as busybox or perl, do what they are told and exit:
//! after the pauses and with the exit code that their command asks for.
//! Not modelled: what a shell would make of loops, conditions and variables. A word that keeps a process running keeps it running forever.

use super::inside::apps::{Serves, app_of};
use crate::api::object::Name;
use crate::api::object::pod::Container;
use crate::base::time::Span;
use crate::shell::pause;

/// Images of tools, by the last part of their names.
const TOOLS: [&str; 11] =
    ["alpine", "bash", "busybox", "curl", "debian", "dnsutils", "hello-world", "jessie-dnsutils", "perl", "python", "ubuntu"];

/// Words that keep a process going.
const LASTING: [&str; 13] =
    ["while", "until", "for", "infinity", "inf", "tail", "httpd", "nc", "netcat", "ping", "top", "watch", "http.server"];

/// How a process ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// How long it pauses before.
    pub after: Span,
    /// Its exit code.
    pub exit_code: i64,
}

/// How the process of a container ends by itself; `None` where it does not. One that waits for input goes on waiting.
pub fn end_of(container: &Container) -> Option<End> {
    if container.interactive || !is_tool(container) {
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

/// The same for an init container: what it was told to run is worked out inside it; with nothing to run, it serves if its image
/// does, or is taken to do its part at once.
pub fn end_of_init(container: &Container) -> Option<End> {
    let lasts = container.interactive || !container.command.is_empty() || app_of(&container.image).serves != Serves::Nothing;
    (!lasts).then_some(End { after: Span(0), exit_code: 0 })
}

/// Whether the process of a container takes no notice of SIGTERM: as the first process of its container it gets no signal for
/// which it has no handler, and tools have none.
pub fn ignores_term(container: &Container) -> bool {
    is_tool(container)
}

/// How long a command pauses, by its words.
pub fn pauses(command: &[Name]) -> Span {
    Span(after(&words_of(command), "sleep").filter_map(pause).sum())
}

fn is_tool(container: &Container) -> bool {
    let name = container.image.rsplit('/').next().unwrap_or_default();
    TOOLS.contains(&name.split([':', '@']).next().unwrap_or_default())
}

fn words_of(command: &[Name]) -> Vec<&str> {
    let separators = |c: char| c.is_whitespace() || ";&|()'\"".contains(c);
    command.iter().flat_map(|word| word.split(separators)).filter(|w| !w.is_empty()).collect()
}

/// What stands behind each use of a command.
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
