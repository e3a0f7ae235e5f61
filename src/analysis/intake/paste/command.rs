//! kubectl's command lines as they stand before what they printed, and the words that name kinds in them.

use api::kind::Kind;
use causes::message::is_name;

/// A kubectl command line that stands before a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Command {
    pub verb: String,
    /// Empty if none is named.
    pub namespace: String,
    /// The kinds it names, as far as they are known.
    pub kinds: Vec<Kind>,
    pub names: Vec<String>,
    /// The word for what it gets, if that is no kind that is known: of the block right after it.
    pub other: Option<String>,
}

/// Programs that take kubectl's verbs.
const PROGRAMS: [&str; 6] = ["kubectl", "k", "kc", "oc", "kubectl.exe", "kubecolor"];
/// Verbs by which a line is known for a command.
const VERBS: [&str; 21] = [
    "autoscale",
    "expose",
    "set",
    "taint",
    "top",
    "get",
    "describe",
    "apply",
    "delete",
    "logs",
    "rollout",
    "create",
    "edit",
    "patch",
    "scale",
    "drain",
    "exec",
    "events",
    "replace",
    "label",
    "annotate",
];
/// The word for several kinds.
const ALL: &str = "all";
/// Characters that end a prompt.
pub(super) const PROMPTS: [char; 8] = ['$', '#', '>', '%', '❯', '➜', 'λ', '»'];

/// The kind that a word names, in whatever number and with or without a group: `sts`, `statefulset.apps`, `Pod`.
pub(crate) fn kind_of(word: &str) -> Option<Kind> {
    let word = word.split('.').next().unwrap_or_default();
    let is_it = |kind: &&Kind| {
        let info = kind.info();
        [info.singular, info.plural, info.name].iter().chain(info.short).any(|name| name.eq_ignore_ascii_case(word))
    };
    Kind::ALL.iter().find(is_it).copied()
}

/// The command in a line, after a prompt or without one.
pub(crate) fn command(line: &str) -> Option<Command> {
    let line = line.trim().trim_end_matches(':');
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_program = |word: &str| PROGRAMS.contains(&word.trim_start_matches(['$', '#', '>', '%', '`']));
    let at = words.iter().position(|word| is_program(word))?;
    let before = &words[..at];
    let shell = before.first().is_some_and(|first| first.chars().all(|c| PROMPTS.contains(&c)));
    let prompted = shell
        || before.last().is_none_or(|last| {
            ["sudo", "microk8s", "k3s", "rke2", "time", "watch", "minikube"].contains(last)
                || last.ends_with(PROMPTS)
                || last.starts_with(PROMPTS)
        });
    let mut rest = words[at + 1..].iter().copied().peekable();
    let mut found = Command::default();
    let mut plain = Vec::new();
    while let Some(word) = rest.next() {
        if let Some(namespace) = word.strip_prefix("--namespace=") {
            namespace.clone_into(&mut found.namespace);
        } else if ["-n", "--namespace"].contains(&word) {
            rest.next().unwrap_or_default().clone_into(&mut found.namespace);
        } else if ["|", "&&", ";"].contains(&word) {
            break;
        } else if ["-o", "-l", "-f", "-c", "--context", "--kubeconfig", "--field-selector"].contains(&word) {
            rest.next();
        } else if !word.starts_with('-') {
            plain.push(word.trim_end_matches('`'));
        }
    }
    found.namespace = found.namespace.trim_matches(['\'', '"']).to_owned();
    found.namespace = if is_name(&found.namespace) { found.namespace } else { String::new() };
    found.verb.push_str(plain.first().filter(|verb| VERBS.contains(verb))?);
    if !prompted {
        return None;
    }
    // `rollout status sts/web`, `set image sts/web`: what is done stands before the kind.
    let first = if ["rollout", "set"].contains(&&*found.verb) { 2 } else { 1 };
    for word in plain.get(first).into_iter().flat_map(|kinds| kinds.split(',')) {
        found.kinds.extend(kind_of(word.split('/').next().unwrap_or(word)));
    }
    let other = plain.get(1).map(|word| word.split('/').next().unwrap_or(word)).filter(|word| is_name(word) && *word != ALL);
    found.other = other.filter(|_| found.verb == "get" && found.kinds.is_empty()).map(str::to_owned);
    found.names = plain.iter().skip(1).filter_map(|word| word.split_once('/')).map(|(_, name)| name.to_owned()).collect();
    // A log is of a pod, whose kind nobody names.
    let kinds = usize::from(found.verb != "logs");
    found.names.extend(plain.iter().skip(first + kinds).filter(|word| !word.contains('/')).map(|word| (*word).to_owned()));
    found.names.retain(|name| is_name(name));
    Some(found)
}
