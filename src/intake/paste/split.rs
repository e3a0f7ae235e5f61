//! A text, taken apart into blocks of one form each.

use super::table::Header;
use api::kind::Kind;
use causes::message::is_name;

/// What a block looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// YAML or JSON.
    Yaml,
    /// One object of `kubectl describe`, or what is left of one.
    Described,
    /// A table from its header on.
    Table,
    /// Rows without a header, messages, prose.
    Loose,
}

/// A kubectl command line that stands before a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Command {
    pub verb: String,
    /// Empty if none is named.
    pub namespace: String,
    /// The kinds it names, as far as they are known.
    pub kinds: Vec<Kind>,
    /// The names it names.
    pub names: Vec<String>,
    /// The word for what it gets, if that is no kind that is known: of the block right after it.
    pub other: Option<String>,
}

/// Lines of one form, with their numbers in the text.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub form: Form,
    pub lines: Vec<(usize, &'a str)>,
    /// The command that printed it, if one was pasted.
    pub command: Command,
}

/// Programs that take kubectl's verbs.
const PROGRAMS: [&str; 6] = ["kubectl", "k", "kc", "oc", "kubectl.exe", "kubecolor"];
/// Verbs by which a line is known for a command.
const VERBS: [&str; 16] = [
    "get", "describe", "apply", "delete", "logs", "rollout", "create", "edit", "patch", "scale", "drain", "exec", "events", "replace",
    "label", "annotate",
];
/// The word for several kinds.
const ALL: &str = "all";
/// Characters that end a prompt.
const PROMPTS: [char; 8] = ['$', '#', '>', '%', '❯', '➜', 'λ', '»'];
/// Signs of boxes that terminal programs draw around what they show.
const BOXES: [char; 4] = ['│', '┃', '║', '▏'];
/// Keys at which an object in YAML begins; those after the second need a value below them.
const STARTS: [&str; 6] = ["apiVersion", "kind", "metadata", "spec", "status", "items"];
/// No field name of `describe` is longer: `Persistent Volume Claim Retention Policy` has as many characters.
const LONGEST_LABEL: usize = 40;
/// Field names of `describe` that stand alone in their lines.
const SECTIONS: [&str; 7] = ["Events:", "Containers:", "Conditions:", "Volumes:", "Pod Template:", "Volume Claims:", "Allocatable:"];

/// The texts of the lines without what programs and people put around them: quotes, boxes, fences, carriage returns, colours.
pub(super) fn cleaned(text: &str) -> Vec<String> {
    text.lines().map(clean).collect()
}

fn clean(line: &str) -> String {
    let mut rest = line.trim_end();
    let plain = uncoloured(rest);
    rest = plain.as_deref().unwrap_or(rest);
    while let Some(within) = rest.strip_prefix("> ").or_else(|| rest.strip_prefix('>').filter(|rest| rest.is_empty())) {
        // A prompt of this sign stands before a command.
        if command(rest).is_some() {
            break;
        }
        rest = within;
    }
    let is_box = |c: char| ('\u{2500}'..='\u{259f}').contains(&c);
    if rest.trim_start().starts_with(BOXES) {
        rest = rest.trim_start().trim_start_matches(BOXES);
        rest = rest.strip_prefix(' ').unwrap_or(rest);
        rest = rest.trim_end_matches(BOXES).trim_end();
    }
    if rest.starts_with("```") || !rest.is_empty() && rest.trim().chars().all(is_box) {
        return String::new();
    }
    let one = rest.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).filter(|rest| !rest.contains('`'));
    one.unwrap_or(rest).replace('\u{a0}', " ")
}

/// A line without the sequences by which terminals colour, if it has any.
fn uncoloured(line: &str) -> Option<String> {
    let (before, rest) = line.split_once("\u{1b}[")?;
    let mut out = before.to_owned();
    for part in rest.split("\u{1b}[") {
        out.push_str(part.find(|c: char| c.is_ascii_alphabetic()).map_or("", |at| &part[at + 1..]));
    }
    Some(out)
}

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
    let prompted = before.last().is_none_or(|last| {
        ["sudo", "microk8s", "time", "watch", "minikube"].contains(last) || last.ends_with(PROMPTS) || last.starts_with(PROMPTS)
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
    found.namespace = if is_name(&found.namespace) { found.namespace } else { String::new() };
    found.verb.push_str(plain.first().filter(|verb| VERBS.contains(verb))?);
    if !prompted {
        return None;
    }
    for word in plain.get(1).into_iter().flat_map(|kinds| kinds.split(',')) {
        found.kinds.extend(kind_of(word.split('/').next().unwrap_or(word)));
    }
    let other = plain.get(1).map(|word| word.split('/').next().unwrap_or(word)).filter(|word| is_name(word) && *word != ALL);
    found.other = other.filter(|_| found.verb == "get" && found.kinds.is_empty()).map(str::to_owned);
    found.names = plain.iter().skip(1).filter_map(|word| word.split_once('/')).map(|(_, name)| name.to_owned()).collect();
    // A log is of a pod, whose kind nobody names.
    let kinds = usize::from(found.verb != "logs");
    found.names.extend(plain.iter().skip(1 + kinds).filter(|word| !word.contains('/')).map(|word| (*word).to_owned()));
    found.names.retain(|name| is_name(name));
    Some(found)
}

/// Whether a text may be the key of a field.
pub(super) fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The key of a line of YAML, if it is one: its indent, the key and what follows it.
fn yaml_key(line: &str) -> Option<(usize, &str, &str)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let rest = line[indent..].strip_prefix("- ").unwrap_or(&line[indent..]);
    let (key, value) = rest.split_once(':')?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "-./_".contains(c);
    let is_key = key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(fits);
    (is_key && (value.is_empty() || value.starts_with(' '))).then(|| (indent, key, value.trim()))
}

/// The indent at which an object in YAML or JSON begins with this line.
fn begins_yaml(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let bare = line.trim();
    // A program's log may be in JSON, too: an object for each line.
    let is_log = bare.ends_with('}') && !bare.contains("\"kind\"");
    if bare == "---" || bare == "{" || bare.starts_with("{\"") && !is_log || bare == "- kind:" {
        return Some(indent);
    }
    let (indent, key, value) = yaml_key(line)?;
    let at = STARTS.iter().position(|start| *start == key)?;
    let fits = if at < 2 { !value.is_empty() && !value.contains(' ') } else { value.is_empty() };
    fits.then_some(indent)
}

/// Whether a line goes on with an object in YAML of an indent.
fn goes_on(line: &str, indent: usize) -> bool {
    let own = line.len() - line.trim_start_matches(' ').len();
    let bare = line.trim_start();
    let key = || yaml_key(line).is_some() || bare.starts_with(['"', '\'']) && bare.contains(':');
    bare.is_empty()
        || own > indent
        || own == indent && (bare.starts_with(['#', '}', ']', '{']) || bare == "---" || bare.starts_with("- ") || bare == "-" || key())
}

/// The name of a field of `describe` at the beginning of a line.
pub(super) fn field(line: &str) -> Option<&str> {
    let bare = line.trim_start();
    let (key, value) = bare.split_once(':')?;
    let fits = |c: char| c.is_ascii_alphanumeric() || " .()/-".contains(c);
    let is_key =
        key.starts_with(|c: char| c.is_ascii_uppercase()) && key.len() <= LONGEST_LABEL && key.chars().all(fits) && !key.contains("  ");
    (is_key && (value.starts_with("  ") || value.starts_with('\t') || SECTIONS.contains(&bare) || key == "Name" && value.is_empty()))
        .then_some(key)
}

/// Takes cleaned lines apart.
pub(super) fn blocks(lines: &[String]) -> Vec<Block<'_>> {
    let mut all: Vec<Block<'_>> = Vec::new();
    // The last command, the indent of the object in YAML, and whether the last block goes on.
    let (mut last, mut indent, mut open) = (Command::default(), 0, false);
    for (at, text) in lines.iter().enumerate() {
        let line = (at + 1, text.as_str());
        let current = all.last().filter(|_| open).map(|block| block.form);
        let in_yaml = current == Some(Form::Yaml) && goes_on(text, indent);
        let may_be_typed = !in_yaml || text.starts_with(PROMPTS) && !text.starts_with("# ");
        if let Some(found) = Some(text).filter(|_| may_be_typed).and_then(|text| command(text)) {
            (last, open) = (found, false);
            continue;
        }
        let stays = match current {
            Some(Form::Yaml) => in_yaml && !all.last().is_some_and(|block| begins_again(block, text, indent)),
            Some(Form::Described) => described_goes_on(text) && !text.starts_with("Name:"),
            Some(Form::Table) => {
                !text.trim().is_empty() && Header::of(text).is_none() && begins_yaml(text).is_none() && field(text).is_none()
            }
            Some(Form::Loose) | None => false,
        };
        if let Some(block) = all.last_mut().filter(|_| stays) {
            block.lines.push(line);
            continue;
        }
        let form = match begins_yaml(text) {
            Some(found) => {
                indent = found;
                Form::Yaml
            }
            None if text.trim().is_empty() => {
                open = false;
                continue;
            }
            None if Header::of(text).is_some() => Form::Table,
            None if field(text).is_some() => Form::Described,
            None => Form::Loose,
        };
        match all.last_mut().filter(|block| open && form == Form::Loose && block.form == form) {
            Some(block) => block.lines.push(line),
            None => {
                all.push(Block { form, lines: vec![line], command: last.clone() });
                last.other = None;
            }
        }
        open = true;
    }
    all
}

/// Whether a line begins another object in YAML although nothing stands between.
fn begins_again(block: &Block<'_>, text: &str, indent: usize) -> bool {
    let own = |text: &str| {
        yaml_key(text).filter(|(at, ..)| *at == indent && !text.trim_start().starts_with('-')).map(|(_, key, _)| key.to_owned())
    };
    let is_whole = |line: &(usize, &str)| own(line.1).is_some_and(|key| key == "metadata" || key == "items");
    let mut of_document = block.lines.iter().rev().take_while(|(_, line)| line.trim() != "---");
    own(text).is_some_and(|key| key == "apiVersion") && of_document.any(is_whole)
}

/// Whether a line goes on with an object of `describe`.
fn described_goes_on(line: &str) -> bool {
    let key = line.split_once(':').is_some_and(|(key, _)| key.starts_with(|c: char| c.is_ascii_uppercase()) && key.len() <= LONGEST_LABEL);
    line.trim().is_empty()
        || line.starts_with([' ', '\t']) && begins_yaml(line).is_none()
        || key && !line.starts_with("NAME")
        || line == "..."
}
