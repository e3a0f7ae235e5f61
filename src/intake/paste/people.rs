//! What people say in their own words: topics, names, who applies a set, and the lines that they typed.
//!
//! Promises: only lines of people count. A description says nothing of an object: a topic is told where nothing else is known.

use super::command::{PROMPTS, command};
use super::question::{Ask, asked, is_said};
use super::says::is_prose;
use super::split;
use api::kind::Kind;
use api::object::parent_and_ordinal;
use causes::message::is_name;
use sayings::{Topic, spoken_of, topics_of};

/// What people say in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct People {
    /// What they ask that names no step.
    pub ask: Option<Ask>,
    /// The topics, the more telling first.
    pub topics: Vec<Topic>,
    /// The pods that are called by their names, each once.
    pub pods: Vec<String>,
    /// Who applies what the text is about, where it tells.
    pub by: Option<By>,
    /// The tools of which the text speaks.
    pub tools: Vec<&'static str>,
    /// The first line of the text.
    pub title: String,
    /// All that they say, line by line.
    pub words: String,
    /// What the lines name that somebody typed.
    pub typed: Typed,
}

impl People {
    /// Whether people say that something is not as they expect it.
    pub(crate) fn complains(&self) -> bool {
        let mut words = self.words.split(|c: char| !c.is_alphanumeric() && c != '\'');
        words.any(|word| COMPLAINS.contains(&&*word.to_lowercase())) || COMPLAINED.iter().any(|word| self.words.contains(word))
    }

    /// Whether they ask something.
    pub(crate) fn asks(&self) -> bool {
        self.words.contains(['?', '？']) || ASKED.iter().any(|word| self.words.contains(word))
    }

    /// Whether the first line tells of a state: that something is stuck, Pending or fails.
    pub(crate) fn is_titled(&self) -> bool {
        let title = self.title.to_lowercase();
        STATES.iter().any(|word| title.contains(word))
    }
}

/// What lines of kubectl name that somebody typed, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    pub sets: Vec<String>,
    pub pods: Vec<String>,
    pub namespaces: Vec<String>,
}

impl Typed {
    /// What the lines of a text name.
    fn of(lines: &[String]) -> Typed {
        let mut all = Typed::default();
        let starts = |line: &str| line.match_indices("kubectl ").map(|(at, _)| at).filter(|at| is_typed(&line[..*at])).collect::<Vec<_>>();
        let commands = lines.iter().flat_map(|line| starts(line).into_iter().filter_map(|at| command(&line[at..])));
        for command in commands {
            let of_set = command.kinds == [Kind::StatefulSet];
            let of_pod = command.kinds == [Kind::Pod] || ["logs", "exec"].contains(&&*command.verb);
            let name = command.names.first().filter(|name| is_name(name));
            add(&mut all.sets, name.filter(|_| of_set));
            add(&mut all.pods, name.filter(|name| of_pod && is_of_set(name)));
            add(&mut all.namespaces, Some(&command.namespace).filter(|name| !name.is_empty()));
        }
        let of_tools = lines.iter().filter_map(|line| namespace_of(line));
        of_tools.for_each(|namespace| add(&mut all.namespaces, Some(&namespace)));
        // Operators name what they work at; of several sets, the one that fails counts.
        for line in lines {
            let Some((_, rest)) = line.split_once("StatefulSet(").or_else(|| line.split_once("StatefulSet ")) else { continue };
            let word = rest.split([')', ',', ' ', '"', '\'']).next().unwrap_or_default();
            let Some((namespace, name)) = word.split_once('/').filter(|(namespace, name)| is_name(namespace) && is_name(name)) else {
                continue;
            };
            let fails = ["fail", "error"].iter().any(|word| line.to_lowercase().contains(word));
            add(&mut all.namespaces, Some(&namespace.to_owned()));
            add(&mut all.sets, Some(&name.to_owned()).filter(|_| fails));
        }
        all
    }

    /// Adds what further lines name.
    pub(crate) fn extend(&mut self, more: &Typed) {
        more.sets.iter().for_each(|name| add(&mut self.sets, Some(name)));
        more.pods.iter().for_each(|name| add(&mut self.pods, Some(name)));
        more.namespaces.iter().for_each(|name| add(&mut self.namespaces, Some(name)));
    }

    /// The namespace, if lines name one and no other.
    pub(crate) fn namespace(&self) -> &str {
        only(&self.namespaces).unwrap_or_default()
    }
}

/// Tools that take a namespace as kubectl does.
const TOOLS: [&str; 2] = ["helm ", "flux "];

/// The namespace of a line in which somebody typed a command of such a tool.
fn namespace_of(line: &str) -> Option<String> {
    let at = TOOLS.iter().filter_map(|tool| line.find(tool)).find(|at| is_typed(&line[..*at]))?;
    let words: Vec<&str> = line[at..].split_whitespace().collect();
    let next = words.windows(2).find(|two| ["-n", "--namespace"].contains(&two[0])).map(|two| two[1]);
    let joined = || words.iter().find_map(|word| word.strip_prefix("--namespace="));
    next.or_else(joined).filter(|name| is_name(name)).map(str::to_owned)
}

/// Whether what stands before a command is a prompt, a sign of code or the number of a step, and no sentence.
fn is_typed(before: &str) -> bool {
    let before = before.trim();
    let is_step = before.strip_suffix(['.', ')']).is_some_and(|step| step.bytes().all(|b| b.is_ascii_digit()));
    before.is_empty()
        || is_step
        || before == "Run"
        || before.ends_with(PROMPTS)
        || before.ends_with(['`', ':', '-', '*', ';', '&', '|', '"', ']'])
}

/// Adds a name that is not there yet.
fn add(names: &mut Vec<String>, name: Option<&String>) {
    names.extend(name.filter(|name| !names.contains(name)).cloned());
}

/// The name that is the only one.
pub(crate) fn only(names: &[String]) -> Option<&str> {
    if let [name] = names { Some(name) } else { None }
}

/// Words by which people say that something is not as they expect it.
const COMPLAINS: [&str; 18] = [
    "but", "however", "expected", "expect", "instead", "doesn't", "doesnt", "can't", "cannot", "not", "fails", "failed", "problem",
    "issue", "bug", "wrong", "stuck", "why",
];

/// Words by which a title tells of a state.
const STATES: [&str; 13] =
    ["stuck", "pending", "init:", "crash", "not start", "fail", "never", "terminating", "hang", " not ", "can't", "cannot", " no "];

/// The same in languages that do not keep words apart.
const COMPLAINED: [&str; 5] = ["无法", "不能", "않", "안 됩", "못"];
/// Words of questions in those languages.
const ASKED: [&str; 5] = ["为什么", "怎么", "吗", "왜", "나요"];

/// Who applies a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Helm,
    /// The operator of an object of its own.
    Operator,
}

/// Who applies what a text is about: an operator by the words of people or its own log, Helm by its words anywhere.
fn by(own: &[&str], text: &str) -> Option<By> {
    let all: Vec<String> = own.iter().flat_map(|line| line.split(|c: char| !c.is_alphanumeric())).map(str::to_lowercase).collect();
    let says = |word: &str| all.iter().any(|one| one == word);
    // `vault operator init` is a command.
    let is_command = |two: &[String]| two[1] == "operator" && ["vault", "consul", "nomad", "bao"].contains(&&*two[0]);
    let commands = all.windows(2).filter(|two| is_command(two)).count();
    let speaks = all.iter().filter(|word| *word == "operator").count() > commands;
    let reconciles =
        ["\"controllerKind\"", "\"controllerGroup\"", "Reconciler error", "reconcileID"].iter().any(|word| text.contains(word));
    let helm = ["helm upgrade", "helm install", "UPGRADE FAILED", "Helm Release", "helm rollback"].iter().any(|word| text.contains(word));
    match () {
        () if speaks || reconciles => Some(By::Operator),
        () if helm || says("helm") || says("chart") => Some(By::Helm),
        () => None,
    }
}

/// What the people's lines of a text describe.
pub(crate) fn of(text: &str) -> People {
    let lines = split::cleaned(text);
    let own = of_people(&lines);
    let words = own.join("\n").trim().to_owned();
    People {
        ask: asked(&own),
        topics: topics_of(&words, text),
        pods: pods(&own),
        by: by(&own, text),
        tools: spoken_of(text),
        title: lines.iter().find(|line| !line.trim().is_empty()).cloned().unwrap_or_default(),
        words,
        typed: Typed::of(&lines),
    }
}

/// The lines that people wrote.
fn of_people(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).filter(|line| (is_prose(line) || is_said(line)) && !split::is_field(line)).collect()
}

/// The pods that people call by their names, each once.
fn pods(own: &[&str]) -> Vec<String> {
    let mut pods: Vec<String> = Vec::new();
    for word in own.iter().flat_map(|line| line.split_whitespace()) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_new = is_name(word) && !word.contains('.') && is_of_set(word) && pods.iter().all(|known| known != word);
        pods.extend(is_new.then(|| word.to_owned()));
    }
    pods
}

/// The pod that people call by its name in cleaned lines, if it is the only one.
pub(super) fn only_pod(lines: &[String]) -> Option<String> {
    let mut pods = pods(&of_people(lines));
    pods.pop().filter(|_| pods.is_empty())
}

/// With what names of other objects begin.
const OTHERS: [&str; 6] = ["pvc-", "pv-", "node-", "worker-", "data-", "vol-"];

/// Whether a word is a pod's name, and no date, count or release.
fn is_of_set(word: &str) -> bool {
    !OTHERS.iter().any(|other| word.starts_with(other))
        && parent_and_ordinal(word).is_some_and(|(parent, ordinal)| parent.contains(|c: char| c.is_ascii_alphabetic()) && ordinal < 1000)
}
