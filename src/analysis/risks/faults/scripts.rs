//! Faults of what containers run when they start and stop. Lines take a member out of its cluster, remove or overwrite data, or install
//! programs; hooks wait.

use text::risks::Fault;

use super::manifest::{Found, Part, Pods, is_within};

/// The fields of a container by which it runs lines.
const FIELDS: [&[&str]; 4] = [STOP, HOOK, &["command"], &["args"]];
/// The hook before the end.
const STOP: &[&str] = &["lifecycle", "preStop", "exec", "command"];
/// The hook after the start.
const HOOK: &[&str] = &["lifecycle", "postStart", "exec", "command"];

/// Words by which a member leaves its cluster for good.
const REMOVES: [&str; 10] = [
    "member remove",
    "node decommission",
    "nodetool decommission",
    "removenode",
    "forget_cluster_node",
    "cluster leave",
    "consul leave",
    "serf leave",
    "remove-peer",
    "rs.remove(",
];

pub(super) fn of(pods: &Pods, all: &mut Vec<Found>) {
    for container in pods.containers() {
        FIELDS.iter().for_each(|field| of_field(pods, &container, field, all));
    }
    for container in pods.initial() {
        for field in &FIELDS[1..] {
            let ignored = Script::read(&container, field).forgives();
            all.extend(ignored.map(|line| container.fault(Fault::WaitIgnored, &field[..field.len().min(2)]).value(line)));
        }
    }
}

fn of_field(pods: &Pods, container: &Part, field: &[&str], all: &mut Vec<Found>) {
    let (script, whole) = (Script::read(container, field), &field[..field.len().min(2)]);
    let of = whole[whole.len() - 1];
    let mut tell = |fault: Fault, value: &str, other: &str| all.push(container.fault(fault, whole).value(value).other(other));
    if let Some((line, volume)) = script.wipes(pods, container) {
        tell(Fault::Wipes, &line, &format!("{of}, {volume}"));
    }
    if field == STOP {
        // Every stop runs these.
        return script.leaves().into_iter().for_each(|word| tell(Fault::LeavesAtStop, word, of));
    }
    if let Some((file, volume)) = script.writes(pods, container) {
        tell(Fault::WritesAnew, &file, volume);
    }
    if let Some(line) = script.installs() {
        tell(Fault::InstallsAtStart, line, "");
    }
    if field == HOOK {
        match (script.waits(), script.sleeps()) {
            (Some(word), _) => tell(Fault::HookWaits, word, ""),
            (None, Some(pause)) => tell(Fault::HookSleeps, pause, ""),
            (None, None) => {}
        }
    }
}

/// The lines of a script, without comments.
struct Script<'a> {
    words: Vec<&'a str>,
    lines: Vec<&'a str>,
}

impl<'a> Script<'a> {
    fn read(container: &Part<'a>, field: &[&str]) -> Script<'a> {
        let words: Vec<&str> = container.texts(field).collect();
        let is_line = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let lines = words.iter().flat_map(|word| word.lines()).map(str::trim).filter(is_line).collect();
        Script { words, lines }
    }

    /// Whether one of these words stands anywhere.
    fn has(&self, words: &[&str]) -> bool {
        self.lines.iter().any(|line| words.iter().any(|word| line.contains(word)))
    }

    /// What the first line does that does anything of a kind. A line has the options as words, and what is only printed is not done.
    fn does<T>(&self, of: impl FnMut(&str) -> Option<T>) -> Option<T> {
        let text = self.words.join(" ");
        text.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.starts_with("echo ")).find_map(of)
    }

    /// The words by which a member leaves its cluster.
    fn leaves(&self) -> Option<&'static str> {
        self.does(|line| REMOVES.into_iter().find(|word| line.contains(word))).map(|word| word.trim_end_matches('('))
    }

    /// A part of a line that removes all that is on a volume which outlives the pod, and the volume.
    fn wipes<'b>(&self, pods: &Pods, container: &Part<'b>) -> Option<(String, &'b str)> {
        self.does(|line| {
            removed(line).find_map(|target| {
                let whole = target.trim_end_matches("/*").trim_end_matches('/');
                let volume = container.mount_at(whole).filter(|_| whole.starts_with('/'))?.name();
                pods.keeps(volume).then(|| (format!("rm -rf {target}"), volume))
            })
        })
    }

    /// Whether it goes on only where each line succeeds.
    fn is_strict(&self) -> bool {
        let is_option = |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.len() < 8 && word.contains('e');
        self.words.iter().take(2).any(is_option) || self.lines.iter().any(|line| line.starts_with("set -") && line[5..].contains('e'))
    }

    /// A page that a line writes whole on a volume which outlives the pod, and the volume. What is written only where there is none is
    /// meant so, and so are settings.
    fn writes<'b>(&self, pods: &Pods, container: &Part<'b>) -> Option<(String, &'b str)> {
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
        let is_above = |mount: &Part| is_within(&file, mount.text_at(&["mountPath"]).unwrap_or_default());
        let volume = container.each(&["volumeMounts"]).find(is_above)?.name();
        pods.keeps(volume).then_some((file, volume))
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
    fn sleeps(&self) -> Option<&'a str> {
        let loops = self.has(&["until ", "while ", "for ", "&"]);
        let parts: Vec<&str> =
            self.lines.iter().flat_map(|line| line.split([';'])).map(str::trim).filter(|part| !part.is_empty()).collect();
        let at = parts.iter().position(|part| part.starts_with("sleep "))?;
        let last = parts.last()?;
        let is_forgiven = last.contains("||") || ["true", "exit 0", ":"].contains(last) || last.starts_with("echo ");
        (at + 1 < parts.len() && !loops && !is_forgiven).then(|| parts[at])
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

/// Whether a word has a star within quotes, which stands for itself: no file is called so.
fn has_quoted_star(word: &str) -> bool {
    let mut open = None;
    for c in word.chars() {
        match c {
            '"' | '\'' if open == Some(c) => open = None,
            '"' | '\'' if open.is_none() => open = Some(c),
            '*' if open.is_some() => return true,
            _ => {}
        }
    }
    false
}

/// What a line removes with all that is below.
fn removed(line: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut targets = Vec::new();
    for (at, _) in words.iter().enumerate().filter(|(_, word)| word.trim_start_matches(['(', '`', '"', '\'']) == "rm") {
        let end = |word: &&&str| !["&&", "||", ";", "|"].contains(*word);
        let rest: Vec<&str> = words[at + 1..].iter().take_while(end).copied().collect();
        let is_printed = at > 0 && words[at - 1] == "echo";
        if !is_printed && rest.iter().any(|word| word.starts_with('-') && word.contains(['r', 'R'])) {
            targets.extend(rest.into_iter().filter(|word| !word.starts_with('-') && !has_quoted_star(word)));
        }
    }
    targets.into_iter().map(|target| target.trim_matches(|c: char| ";)\"'`".contains(c)))
}
