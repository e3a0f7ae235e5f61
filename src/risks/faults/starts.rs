//! Faults of what runs at each start of a container: files that are written anew, programs that are installed, hooks that wait.

use base::field_path::Step;
use base::value::Value;
use text::risks::Fault;

use super::manifest::{Found, Pods, steps};

/// The fields of a container whose lines run at each start.
const LINES: [&[&str]; 3] = [HOOK, &["command"], &["args"]];
/// The hook after the start.
const HOOK: &[&str] = &["lifecycle", "postStart", "exec", "command"];

pub(super) fn of(pods: &Pods, all: &mut Vec<Found>) {
    for (path, container) in pods.containers() {
        for field in LINES {
            let script = Script::read(container, field);
            let whole: Vec<Step> = path.iter().cloned().chain(steps(&field[..field.len().min(2)])).collect();
            let name = container.text_at(&["name"]).unwrap_or_default().to_owned();
            let mut tell = |fault: Fault, value: String, other: String| {
                all.push(pods.item.fault(fault, &whole, [name.clone(), value, other]));
            };
            if let Some((file, volume)) = script.written(pods, container) {
                tell(Fault::WritesAnew, file, volume);
            }
            if let Some(line) = script.installs() {
                tell(Fault::InstallsAtStart, line.to_owned(), String::new());
            }
            if field == HOOK
                && let Some(word) = script.waits()
            {
                tell(Fault::HookWaits, word.to_owned(), String::new());
            } else if field == HOOK
                && let Some(word) = script.sleeps()
            {
                tell(Fault::HookSleeps, word, String::new());
            }
            if let Some(line) = script.forgives().filter(|_| path.contains(&Step::Field("initContainers".into()))) {
                tell(Fault::WaitIgnored, line.to_owned(), String::new());
            }
        }
    }
}

/// The lines of a script, without comments and what is only printed.
struct Script<'a> {
    words: Vec<&'a str>,
    lines: Vec<&'a str>,
}

impl<'a> Script<'a> {
    fn read(container: &'a Value, field: &[&str]) -> Script<'a> {
        let words: Vec<&str> = container.list_at(field).iter().filter_map(Value::as_text).collect();
        let is_line = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let lines = words.iter().flat_map(|word| word.lines()).map(str::trim).filter(is_line).collect();
        Script { words, lines }
    }

    /// Whether a word of it stands anywhere.
    fn has(&self, words: &[&str]) -> bool {
        self.lines.iter().any(|line| words.iter().any(|word| line.contains(word)))
    }

    /// Whether it goes on only where each line succeeds.
    fn is_strict(&self) -> bool {
        let is_option = |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.len() < 8 && word.contains('e');
        self.words.iter().take(2).any(is_option) || self.lines.iter().any(|line| line.starts_with("set -") && line[5..].contains('e'))
    }

    /// A page that a line writes whole on a volume which outlives the pod, and the volume. What is written only where there is none is
    /// meant so, and so are settings.
    fn written(&self, pods: &Pods, container: &Value) -> Option<(String, String)> {
        const PAGES: [&str; 4] = [".csv", ".htm", ".html", ".txt"];
        if self.has(&["[ ", "[[", "test ", "||"]) {
            return None;
        }
        let target = |line: &&str| {
            let (before, rest) = line.rsplit_once('>')?;
            let target = rest.split_whitespace().next()?.trim_matches(|c: char| "\"';".contains(c));
            let is_page = target.starts_with('/') && PAGES.iter().any(|end| target.ends_with(end));
            (is_page && !before.ends_with(['>', '2', '&'])).then(|| target.to_owned())
        };
        let file = self.lines.iter().find_map(target)?;
        let is_above = |mount: &&Value| {
            let at = mount.text_at(&["mountPath"]).unwrap_or_default().trim_end_matches('/');
            file.strip_prefix(at).is_some_and(|rest| rest.starts_with('/'))
        };
        let volume = container.list_at(&["volumeMounts"]).iter().find(is_above)?.text_at(&["name"])?;
        pods.keeps(volume).then(|| (file.clone(), volume.to_owned()))
    }

    /// What a line fetches from outside to install it.
    fn installs(&self) -> Option<&'static str> {
        const FETCH: [&str; 9] = [
            "apk add",
            "apt install",
            "apt-get install",
            "dnf install",
            "microdnf install",
            "npm install",
            "pip install",
            "pip3 install",
            "yum install",
        ];
        let pipes = |line: &str| {
            let is_shell = |part: &str| ["sh", "bash"].contains(&part.split_whitespace().next().unwrap_or_default());
            (line.contains("curl ") || line.contains("wget ")) && line.contains("http") && line.split('|').skip(1).any(is_shell)
        };
        let found = |line: &&str| {
            // What is allowed to fail is no condition.
            if line.contains("||") || line.starts_with("echo ") {
                return None;
            }
            FETCH.into_iter().find(|word| line.contains(word)).or_else(|| pipes(line).then_some("curl | sh"))
        };
        self.lines.iter().find_map(|line| found(&line))
    }

    /// A loop that ends only once something else answers. What counts its rounds ends by itself, and what is in the background holds
    /// nobody up.
    fn waits(&self) -> Option<&'static str> {
        const LOOPS: [&str; 2] = ["until ", "while "];
        let is_bounded = self.has(&["break", "timeout ", "-gt ", "-ge ", "-lt ", "-le ", "read "]);
        let is_behind = self.lines.iter().any(|line| line.ends_with('&') && !line.ends_with("&&")) || self.has(&["nohup "]);
        let sleeps = self.has(&["sleep "]);
        let found =
            LOOPS.into_iter().find(|word| self.lines.iter().any(|line| line.starts_with(word) || line.contains(&format!("; {word}"))));
        found.filter(|_| sleeps && !is_bounded && !is_behind).map(str::trim)
    }

    /// A fixed pause before something that may fail, and whose failure is the hook's.
    fn sleeps(&self) -> Option<String> {
        let loops = self.has(&["until ", "while ", "for ", "&"]);
        let parts: Vec<&str> =
            self.lines.iter().flat_map(|line| line.split([';'])).map(str::trim).filter(|part| !part.is_empty()).collect();
        let at = parts.iter().position(|part| part.starts_with("sleep "))?;
        let last = parts.last()?;
        let is_forgiven = last.contains("||") || ["true", "exit 0", ":"].contains(last) || last.starts_with("echo ");
        (at + 1 < parts.len() && !loops && !is_forgiven).then(|| parts[at].to_owned())
    }

    /// A line that waits for a time only, and after which others run whatever came of it.
    fn forgives(&self) -> Option<&'static str> {
        const WAIT: &str = "kubectl wait";
        if self.is_strict() {
            return None;
        }
        let at = self.lines.iter().position(|line| line.starts_with(WAIT) && line.contains("--timeout"))?;
        let is_alone = !["&&", "||", "\\"].iter().any(|word| self.lines[at].contains(word));
        let next = self.lines.get(at + 1)?;
        (is_alone && !next.contains("$?")).then_some(WAIT)
    }
}
