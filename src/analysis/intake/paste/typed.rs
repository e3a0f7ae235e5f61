//! The lines of a text that somebody typed: the sets, the pods and the namespaces that they name.

use super::command::{PROMPTS, command};
use super::split;
use api::kind::Kind;
use api::object::parent_and_ordinal;
use causes::message::is_name;

/// What lines of kubectl name that somebody typed, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    pub sets: Vec<String>,
    pub pods: Vec<String>,
    pub namespaces: Vec<String>,
}

impl Typed {
    /// What the lines of a text name.
    pub(crate) fn of(text: &str) -> Typed {
        let (mut all, lines) = (Typed::default(), split::cleaned(text));
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
        for line in &lines {
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

/// Who applies a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Helm,
    /// The operator of an object of its own.
    Operator,
}

impl By {
    /// What lines of Helm, or the log of an operator, tell.
    pub(crate) fn of(text: &str) -> Option<By> {
        const RECONCILES: [&str; 4] = ["\"controllerKind\"", "\"controllerGroup\"", "Reconciler error", "reconcileID"];
        const HELM: [&str; 5] = ["helm upgrade", "helm install", "UPGRADE FAILED", "Helm Release", "helm rollback"];
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        match () {
            () if has(&RECONCILES) => Some(By::Operator),
            () if has(&HELM) => Some(By::Helm),
            () => None,
        }
    }
}

/// With what names of other objects begin.
const OTHERS: [&str; 6] = ["pvc-", "pv-", "node-", "worker-", "data-", "vol-"];

/// Whether a word is a pod's name, and no date, count or release.
pub(super) fn is_of_set(word: &str) -> bool {
    !OTHERS.iter().any(|other| word.starts_with(other))
        && parent_and_ordinal(word).is_some_and(|(parent, ordinal)| parent.contains(|c: char| c.is_ascii_alphabetic()) && ordinal < 1000)
}
