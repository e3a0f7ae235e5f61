//! How a container's process exits by itself, as far as its command tells.
//!
//! A command is run by the simulation inside its container, and so shows when and how it ends. Where it ends with something that is not
//! simulated, or depends on what its image brings, this says what is supposed of it: tools that are not started again complete, unless
//! a word of theirs keeps them running, and everything else goes on serving.
//! Not modelled here: a shell's loops, conditions and variables.

use super::programs::{Serves, app_of, is_tool};
use api::object::pod::{Container, RestartPolicy};
use base::time::Span;
use shell::pause;
use shell::programs::Dialect;

/// Words in a command that keep its process running.
const LASTING: [&str; 12] = ["while", "until", "infinity", "inf", "tail", "httpd", "nc", "netcat", "ping", "top", "watch", "http.server"];

/// Beginnings of loops that do not end by themselves, and the words that leave one.
const ENDLESS: [(&str, &str); 4] = [("while", "true"), ("while", ":"), ("while", "sleep"), ("until", "false")];
const LEAVING: [&str; 4] = ["break", "exit", "exec", "kill"];

/// Whether a container's process exits at once, successfully: one of a tool that nobody tells what to do, or types into.
pub fn ends_at_once(container: &Container) -> bool {
    is_tool(&container.image) && is_left_alone(container)
}

/// The same for an init container: without a command, it serves if its image does, and is supposed to complete otherwise.
pub fn ends_at_once_as_init(container: &Container) -> bool {
    app_of(&container.image).serves == Serves::Nothing && is_left_alone(container)
}

/// Whether a container's process may end by itself.
pub fn may_end(container: &Container) -> bool {
    is_to_be_run(container) || ends_at_once(container)
}

/// Whether only running a container's command shows if its process exits. A loop without end is not worth watching.
pub fn is_to_be_run(container: &Container) -> bool {
    let words = words_of(container);
    let is_endless = words.windows(2).any(|pair| ENDLESS.contains(&(pair[0], pair[1]))) && !words.iter().any(|word| LEAVING.contains(word));
    !container.interactive && !container.command.is_empty() && !is_endless
}

/// Whether a process that has done something that is not simulated, or that depends on its image, is supposed to have ended: a tool's
/// that is not started again and has no word that keeps it running. One that is started again is likely to be a server.
pub fn is_supposed_to_end(container: &Container, of_pod: RestartPolicy) -> bool {
    let completes = is_tool(&container.image) && !container.sidecar && of_pod != RestartPolicy::Always;
    completes && !words_of(container).iter().any(|word| LASTING.contains(word))
}

/// Whether a container has no command, and waits for no input.
fn is_left_alone(container: &Container) -> bool {
    container.command.is_empty() && !container.interactive
}

/// The exit code with which a container's first process ends on SIGTERM; `None` if it stays. As PID 1 it only gets signals that it has
/// a handler for. Servers have one ([`App::on_term`](super::programs::App)), scripts if they set a trap that exits, and tools and
/// shells have none.
pub fn on_term(container: &Container) -> Option<i64> {
    let words: Vec<&str> = container.command.iter().flat_map(|text| words_in(text)).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    if is_at_rest(&container.image, &container.command) {
        return (has(&["trap"]) && has(&["TERM", "SIGTERM", "15"]) && has(&["exit"])).then_some(0);
    }
    let app = app_of(&container.image);
    if app.is_first(&container.command) { app.on_term } else { Some(0) }
}

/// Whether a container's first process has no handler for any signal but for those that a script traps: a tool's, or a shell that waits.
pub fn is_at_rest<W: AsRef<str>>(image: &str, command: &[W]) -> bool {
    let words: Vec<&str> = command.iter().flat_map(|text| words_in(text.as_ref())).collect();
    let waits = |word: &&str| matches!(*word, "sleep" | "tail");
    let is_left = || words.iter().any(|word| *word == "exec" || app_of(image).is_server(word.rsplit('/').next().unwrap_or_default()));
    is_tool(image)
        || words.first().is_some_and(waits)
        || words.first().is_some_and(|first| Dialect::of(first).is_some()) && words.iter().any(waits) && !is_left()
}

/// The total of a command's sleeps.
pub fn pauses<'a>(command: impl IntoIterator<Item = &'a str>) -> Span {
    let words: Vec<&str> = command.into_iter().flat_map(words_in).collect();
    let is_sleep = |word: &str| word.rsplit('/').next() == Some("sleep");
    Span(words.windows(2).filter(|pair| is_sleep(pair[0])).filter_map(|pair| pause(pair[1])).sum())
}

/// Whether what an image does is known: the server that it is, or the tools that are all it has.
pub fn is_known(image: &str) -> bool {
    is_tool(image) || !app_of(image).name.is_empty()
}

/// Whether an exec probe really runs in a container of an image: where something is known of the image, or of what the container runs.
pub fn runs_exec_probes(image: &str, is_scripted: bool) -> bool {
    is_scripted || is_known(image)
}

/// Whether it is, and nothing is left out about how its processes find one another.
pub fn is_known_with_clustering(image: &str) -> bool {
    is_known(image) && !app_of(image).clustering_not_simulated
}

fn words_of(container: &Container) -> Vec<&str> {
    container.command.iter().flat_map(|text| words_in(text)).collect()
}

/// The words of a script: what stands between its spaces and signs.
pub fn words_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || ";&|()<>'\"`".contains(c)).filter(|word| !word.is_empty())
}
