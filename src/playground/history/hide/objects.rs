//! What is left out of objects as manifests, patches and dumps spell them: by their structure where they can be read, else line by line.

use std::ops::Range;

use super::words::{is_credential, is_plain, is_small_number};
use super::{Cut, Hide};
use api::managed::LAST_APPLIED;
use base::base64;
use yaml::{Node, NodeKind};

/// The fields of a Secret with its values, of which the last is no base64.
const DATA: [&str; 3] = ["data", "binaryData", "stringData"];
/// Fields of lists of names and values that may be anything.
const VARIABLES: [&str; 2] = ["env", "httpHeaders"];
/// Of objects that cannot be read, the fields of which all is left out.
const OPENING: [&str; 6] = ["data", "binaryData", "stringData", "annotations", "value", "kubectl.kubernetes.io/last-applied-configuration"];
/// Fields of a Secret that end its values where it cannot be read.
const ENDING: [&str; 7] = ["apiVersion", "kind", "metadata", "type", "immutable", "spec", "status"];
/// Fields of whose values names are made.
const NAMES: [&str; 8] = ["name", "namespace", "serviceName", "generateName", "storageClassName", "key", "image", "mountPath"];
/// Fields with labels.
const LABELS: [&str; 3] = ["labels", "matchLabels", "selector"];
/// What the hosts in a value may consist of besides names of the run.
const OF_HOSTS: [&str; 14] =
    ["http", "https", "tcp", "redis", "mysql", "postgres", "postgresql", "amqp", "nats", "svc", "cluster", "local", "localhost", "server"];
/// How long a word is at least that nobody takes for an ordinary one, in bytes.
const LONG: usize = 12;
/// What stands for a value that has to be a JSON object.
const NO_MEMBERS: &str = "{}";

/// What is known of the object that a field belongs to.
#[derive(Clone)]
pub(super) struct About {
    /// Whether it is a Secret, or may be one.
    pub is_secret: bool,
    /// Its kind and name.
    pub name: String,
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Text,
    Base64,
}

impl Hide {
    /// Learns the names of what a text defines, which are kept.
    pub(super) fn learn(&mut self, text: &str) {
        for root in yaml::parse(text).iter().filter_map(|document| document.root.as_ref()) {
            self.learn_names(root, "");
        }
    }

    fn learn_names(&mut self, node: &Node, field: &str) {
        let is_data = |entry: &yaml::Entry| entry.name().is_some_and(|name| DATA.contains(&&*name));
        for entry in node.entries().iter().filter(|entry| !is_data(entry)) {
            let name = entry.name().unwrap_or_default();
            if let NodeKind::Scalar { text, .. } = &entry.value.kind {
                if NAMES.contains(&&*name) || LABELS.contains(&field) {
                    self.learn_name(text);
                }
            } else if !matches!(entry.value.kind, NodeKind::Alias(..)) {
                self.learn_names(&entry.value, &name);
            }
            self.fields.insert(name.to_string());
        }
        node.items().iter().filter(|item| !matches!(item.kind, NodeKind::Alias(..))).for_each(|item| self.learn_names(item, ""));
    }

    /// Learns a name, and the parts that it has.
    pub(super) fn learn_name(&mut self, name: &str) {
        self.given.extend(name.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').chain([name]).map(str::to_owned));
    }

    /// A text with objects, or any other, without what is left out of objects.
    pub(super) fn objects(&mut self, text: &str, about: &About) -> String {
        super::cut(text, self.cuts_of(text, about))
    }

    /// What is to be replaced in a text with objects.
    pub(super) fn cuts_of(&mut self, text: &str, about: &About) -> Vec<Cut> {
        let (mut cuts, documents) = (Vec::new(), yaml::parse(text));
        let read = documents.iter().filter(|document| document.error().is_none());
        read.filter_map(|document| document.root.as_ref()).for_each(|root| self.node(text, root, about, &mut cuts));
        if documents.iter().any(|document| document.error().is_some()) {
            self.lines(text, 0..text.len(), about, None, &mut cuts);
        }
        cuts
    }

    /// What is left out of a part of an object.
    fn node(&mut self, text: &str, node: &Node, about: &About, cuts: &mut Vec<Cut>) {
        for item in node.items().iter().filter(|item| !matches!(item.kind, NodeKind::Alias(..))) {
            self.node(text, item, about, cuts);
        }
        let field = |name: &str| node.entry(name).and_then(|entry| scalar(&entry.value));
        let own = field("kind").map(|kind| {
            let named = node.entry("metadata").and_then(|meta| scalar(&meta.value.entry("name")?.value)).unwrap_or_default();
            let kind = kind.to_ascii_lowercase();
            About { is_secret: kind.contains("secret"), name: format!("{kind}/{named} ") }
        });
        let about = own.as_ref().unwrap_or(about);
        if let (Some(path), Some(change)) = (field("path"), node.entry("value").filter(|_| node.entry("op").is_some())) {
            return self.operation(text, path, &change.value, about, cuts);
        }
        for entry in node.entries() {
            let name = entry.name().unwrap_or_default();
            let value = &entry.value;
            if about.is_secret && DATA.contains(&&*name) {
                let form = if &*name == DATA[2] { Form::Text } else { Form::Base64 };
                self.all(text, value, &about.name, form, cuts);
            } else if &*name == "annotations" {
                for entry in value.entries() {
                    let key = entry.name().unwrap_or_default();
                    if let Some(content) = scalar(&entry.value)
                        && let Some(word) = self.annotation(about, &key, content)
                    {
                        cuts.push(put(text, &entry.value, &word));
                    }
                }
            } else if VARIABLES.contains(&&*name) {
                self.variables(text, value, about, cuts);
            } else if let Some(content) = scalar(value) {
                let encoded = || base64::decode(content).ok();
                if is_credential(&name) && !is_plain(content) {
                    let word = self.hide(&format!("{}{name}", about.name), content, true);
                    cuts.push(put(text, value, &word));
                } else if let Some(decoded) = encoded().and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| text.len() > 8) {
                    let hidden = self.plain(&decoded);
                    if hidden != decoded {
                        cuts.push(put(text, value, &base64::encode(hidden.as_bytes())));
                    }
                }
            } else if !matches!(value.kind, NodeKind::Alias(..)) {
                self.node(text, value, about, cuts);
            }
        }
    }

    /// What is left out of an operation of a JSON patch.
    fn operation(&mut self, text: &str, path: &str, value: &Node, about: &About, cuts: &mut Vec<Cut>) {
        let steps: Vec<&str> = path.split('/').skip(1).collect();
        let is = |names: &[&str]| steps.iter().any(|step| names.contains(step));
        let last = steps.last().copied().unwrap_or_default().replace("~1", "/");
        let form = if is(&DATA[..2]) { Form::Base64 } else { Form::Text };
        if about.is_secret && is(&DATA) || is(&["annotations"]) || is(&VARIABLES) && last == "value" || is_credential(&last) {
            let known = is(&["annotations"]) && is_known(&last) && last != LAST_APPLIED;
            let stays = known || !about.is_secret && scalar(value).is_some_and(is_plain);
            if !stays {
                self.all(text, value, &format!("{}{last}", about.name), form, cuts);
            }
        } else if VARIABLES.contains(&&*last) {
            self.variables(text, value, about, cuts);
        } else if is(&VARIABLES) {
            self.variable(text, value, about, cuts);
        } else {
            self.node(text, value, about, cuts);
        }
    }

    /// Leaves out every value below a node.
    fn all(&mut self, text: &str, node: &Node, name: &str, form: Form, cuts: &mut Vec<Cut>) {
        let node = node.resolved();
        if let Some(content) = scalar(node) {
            cuts.extend(self.secret(name, content, form).map(|word| put(text, node, &word)));
        }
        for entry in node.entries() {
            self.all(text, &entry.value, &format!("{name}{}", entry.name().unwrap_or_default()), form, cuts);
        }
        node.items().iter().for_each(|item| self.all(text, item, name, form, cuts));
    }

    /// What stands for a value of a Secret; `None` where nothing has to.
    fn secret(&mut self, name: &str, content: &str, form: Form) -> Option<String> {
        let decoded = base64::decode(content).ok().filter(|_| form == Form::Base64);
        let (is_encoded, decoded) = match decoded.map(String::from_utf8) {
            Some(Ok(decoded)) => (true, decoded),
            Some(Err(_)) => (true, content.to_owned()),
            None => (false, content.to_owned()),
        };
        let value = decoded.trim();
        if value.is_empty() || value == NO_MEMBERS || base::hidden::is_word(value) {
            return None;
        }
        let word = self.hide(name, value, true);
        // The server wants JSON there.
        let word = if name.contains(".docker") { NO_MEMBERS.to_owned() } else { word };
        Some(if is_encoded { base64::encode(word.as_bytes()) } else { word })
    }

    /// What is left out of variables, as a list or as a map.
    fn variables(&mut self, text: &str, node: &Node, about: &About, cuts: &mut Vec<Cut>) {
        node.items().iter().for_each(|item| self.variable(text, item, about, cuts));
        for entry in node.entries() {
            let name = entry.name().unwrap_or_default();
            if let Some(content) = scalar(&entry.value) {
                cuts.extend(self.of_variable(about, &name, content).map(|word| put(text, entry.value.resolved(), &word)));
            } else {
                self.node(text, &entry.value, about, cuts);
            }
        }
    }

    fn variable(&mut self, text: &str, item: &Node, about: &About, cuts: &mut Vec<Cut>) {
        let part = |name: &str| item.entry(name).and_then(|entry| scalar(&entry.value));
        let name = part("name").unwrap_or_default();
        if let (Some(content), Some(entry)) = (part("value"), item.entry("value")) {
            cuts.extend(self.of_variable(about, name, content).map(|word| put(text, entry.value.resolved(), &word)));
        } else if let Some((name, content)) = scalar(item).and_then(|pair| pair.split_once('=')) {
            let hidden = self.of_variable(about, name, content);
            cuts.extend(hidden.map(|word| put(text, item, &format!("{name}={word}"))));
        }
    }

    /// What stands for the value of a variable; `None` where it stays.
    pub(super) fn of_variable(&mut self, about: &About, name: &str, value: &str) -> Option<String> {
        let is_named = is_credential(name);
        let stays = is_plain(value) || !is_named && (is_small_number(value) || self.is_of_names(value));
        (!stays).then(|| self.hide(&format!("{}{name}", about.name), value, is_named || is_odd(value)))
    }

    /// Whether a value consists of what the run names: hosts with their ports, folders of volumes.
    fn is_of_names(&self, value: &str) -> bool {
        let is_host = |part: &str| {
            let stem = part.rsplit_once('-').map_or(part, |(stem, ordinal)| if is_small_number(ordinal) { stem } else { part });
            part.is_empty() || is_small_number(part) || OF_HOSTS.contains(&part) || self.given.contains(part) || self.given.contains(stem)
        };
        let is_folder = || {
            let mut ends = value.match_indices('/').map(|(at, _)| at).chain([value.len()]);
            let is_given = ends.any(|end| end > 1 && self.given.contains(&value[..end]));
            is_given && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'/')
        };
        value.split(|c: char| ".:/,=;$()".contains(c)).all(is_host) || value.starts_with('/') && is_folder()
    }

    /// What stands for the value of an annotation; `None` where it stays.
    pub(super) fn annotation(&mut self, about: &About, key: &str, value: &str) -> Option<String> {
        if key == LAST_APPLIED {
            return (value != NO_MEMBERS).then(|| {
                self.tell(format!("{}{key}", about.name));
                NO_MEMBERS.to_owned()
            });
        }
        let stays = is_known(key) || is_plain(value) || is_small_number(value);
        (!stays).then(|| self.hide(&format!("{}{key}", about.name), value, is_odd(value)))
    }

    /// Leaves out of lines that cannot be read as a whole whatever may be a secret there. They may begin inside a Secret's data, below a
    /// field with this indent.
    pub(super) fn lines(&mut self, text: &str, range: Range<usize>, about: &About, inside: Option<usize>, cuts: &mut Vec<Cut>) {
        let lower = text[range.clone()].to_ascii_lowercase();
        let kinds: Vec<&str> =
            lower.match_indices("kind").map(|(at, _)| lower[at + 4..].trim_start_matches([' ', '"', '\'', ':'])).collect();
        let is_secret = about.is_secret && kinds.is_empty() || kinds.iter().any(|kind| kind.starts_with("secret"));
        // The indent of the field of which all is left out and what it is, and whether that goes on to the end.
        let (mut open, mut to_end, mut name) = (inside.map(|indent| (indent, DATA[0])), false, "");
        let mut start = range.start;
        for line in text[range].split_inclusive('\n') {
            let (from, bare) = (start + line.len() - line.trim_start().len(), line.trim());
            start += line.len();
            let indent = line.len() - line.trim_start().len();
            let (key, content) = pair(bare);
            // What is no field ends none, and neither does what is out of place.
            let is_field = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte));
            let ends = |field: &str| if DATA.contains(&field) { ENDING.contains(&key) } else { is_field };
            // No item stands beside a field with members.
            let is_below = |at: usize, field: &str| indent > at || indent == at && field != "value" && bare.starts_with("- ");
            open = open.filter(|(at, field)| to_end || is_below(*at, field) || !ends(field) && bare != "---");
            if key == "name" && !content.contains(',') {
                name = content.trim_matches(['"', '\'']);
            }
            let (field, value) = match open {
                Some((_, field)) => (field, if content.is_empty() && !bare.ends_with(':') { bare } else { content }),
                None => {
                    let fields = OPENING.iter().filter(|field| is_secret || !DATA.contains(field));
                    let Some((field, value)) =
                        fields.filter_map(|field| Some((*field, after_field(bare, field)?))).max_by_key(|found| found.1.len())
                    else {
                        continue;
                    };
                    to_end |= value.starts_with(['{', '[']);
                    open = Some((indent, field));
                    (field, value)
                }
            };
            let value = value.trim_end_matches(',');
            if value.is_empty() || value.len() < 3 && value.starts_with(['|', '>', '{', '[', '}', ']']) {
                continue;
            }
            let unquoted = value.trim_matches(|c: char| c.is_whitespace() || "\"'{}[],".contains(c));
            let about = About { is_secret, name: String::new() };
            let word = match field {
                "value" => self.of_variable(&about, if name.is_empty() { "secret" } else { name }, unquoted),
                "annotations" => self.annotation(&about, key, unquoted),
                LAST_APPLIED => self.annotation(&about, field, unquoted),
                "stringData" => self.secret(key, unquoted, Form::Text),
                _ => self.secret(key, unquoted, Form::Base64),
            };
            let at = from + (value.as_ptr() as usize - bare.as_ptr() as usize);
            cuts.extend(word.map(|word| (at..at + value.len(), word)));
        }
    }
}

/// Whether a value is no ordinary word, which may stand elsewhere for something else.
fn is_odd(value: &str) -> bool {
    value.len() >= LONG || value.bytes().any(|byte| !byte.is_ascii_lowercase() && byte != b'-')
}

/// Whether Kubernetes gives an annotation its meaning.
fn is_known(key: &str) -> bool {
    let domain = key.split_once('/').map_or("", |(domain, _)| domain);
    ["kubernetes.io", "k8s.io"].iter().any(|known| domain.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// What stands after a field and its colon in a line.
fn after_field<'a>(line: &'a str, field: &str) -> Option<&'a str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-/.".contains(c);
    let after = |at: usize| line[at + field.len()..].trim_start_matches(['"', '\'', '\\', ' ']).strip_prefix(':');
    line.match_indices(field).filter(|(at, _)| !line[..*at].ends_with(is_name)).find_map(|(at, _)| after(at)).map(str::trim_start)
}

/// The key and the value of a line.
fn pair(line: &str) -> (&str, &str) {
    let line = line.trim_start_matches("- ");
    let colon = line.find(": ").or_else(|| line.ends_with(':').then(|| line.len() - 1)).or_else(|| Some(line.find("\":")? + 1));
    let (key, value) = colon.map_or(("", ""), |colon| (&line[..colon], &line[colon + 1..]));
    (key.trim_matches(|c: char| c.is_whitespace() || "\"'{\\,".contains(c)), value.trim())
}

/// The text of a scalar with any.
fn scalar(node: &Node) -> Option<&str> {
    match &node.resolved().kind {
        NodeKind::Scalar { text, .. } if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// A scalar in the place of another, on as many lines and in the same quotation marks.
fn put(text: &str, node: &Node, word: &str) -> Cut {
    let span = node.resolved().span;
    let mut range = span.start..span.end.min(text.len());
    // An anchor stays, and a tag.
    while let Some(length) = text[range.clone()].starts_with(['&', '!']).then(|| text[range.clone()].find(char::is_whitespace)).flatten() {
        range.start += length;
        range.start += text[range.clone()].len() - text[range.clone()].trim_start().len();
    }
    let old = &text[range.clone()];
    let mark = match old.as_bytes().first() {
        Some(b'"') => "\"",
        Some(b'\'') => "'",
        // JSON has no bare words.
        _ if text.trim_start().starts_with(['{', '[']) => "\"",
        _ if word == NO_MEMBERS => "'",
        _ => "",
    };
    let (lines, last) = (old.matches('\n').count(), old.rsplit('\n').next().unwrap_or_default());
    let indent = &last[..last.len() - last.trim_start().len()];
    let indent = if lines > 0 { indent } else { "" };
    (range, format!("{mark}{word}{mark}{}{indent}", "\n".repeat(lines)))
}
