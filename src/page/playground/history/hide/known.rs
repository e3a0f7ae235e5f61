//! Values that are left out, and the words in their places.

use std::ops::Range;

use api::managed::LAST_APPLIED;
use base::base64;
use base::hidden::{Hidden, is_word};
use base::sort::Sort;
use base::sorted::SortedSet;

use super::looks;
use super::pairs::{Pair, Reading};
use super::words::{How, is_credential, is_plain, is_small_number, lines, offset};

/// A stretch of a text, and what takes its place.
type Cut = (Range<usize>, String);

/// How long a value is at least that is replaced wherever it stands, in bytes; and one that is replaced where it stands alone.
const ANYWHERE: usize = 6;
const ALONE: usize = 4;
/// How many digits a number has at least that is replaced wherever it stands.
const DIGITS: usize = 8;
/// How long a word is at least that nobody takes for an ordinary one, in bytes.
const LONG: usize = 12;
/// What stands for a value that has to be a JSON object.
const NO_MEMBERS: &str = "{}";
/// Fields of whose values names are made.
const NAMES: [&str; 8] = ["name", "namespace", "serviceName", "generateName", "storageClassName", "key", "image", "mountPath"];
/// What the hosts in a value may consist of besides names of the run.
const OF_HOSTS: [&str; 14] =
    ["http", "https", "tcp", "redis", "mysql", "postgres", "postgresql", "amqp", "nats", "svc", "cluster", "local", "localhost", "server"];

/// A value that is left out.
struct Known {
    value: String,
    word: String,
    /// Where a variable's value is an ordinary word, it is left out there and not everywhere.
    everywhere: bool,
    /// Where it was found.
    names: Vec<String>,
}

/// A value that was found: where it stands, line by line, what it is called, and whether JSON has it without quotation marks.
pub(super) struct Found {
    pub lines: Vec<Range<usize>>,
    pub name: String,
    pub how: How,
    pub is_bare: bool,
}

impl Found {
    /// The same in a text that begins so many bytes earlier.
    pub fn moved(mut self, by: usize) -> Found {
        self.lines.iter_mut().for_each(|line| *line = line.start + by..line.end + by);
        self
    }
}

/// What is left out of a run.
#[derive(Default)]
pub(super) struct Hide {
    pub hidden: Hidden,
    known: Vec<Known>,
    /// Where values are left out.
    left_out: Vec<String>,
    /// Whether values are only learned.
    pub learns: bool,
    /// The fields and the names of what the run defines.
    pub fields: SortedSet<String>,
    pub given: SortedSet<String>,
    /// Files that Secrets are made of, and variables.
    pub files: Vec<String>,
    pub variables: Vec<String>,
}

impl Hide {
    /// Learns the fields and the names of what a text defines, which are kept.
    pub(super) fn learn_names(&mut self, text: &str) {
        for document in documents(text) {
            let pairs = Reading { text: document, is_secret: true, ..Reading::default() }.pairs();
            for pair in pairs.iter().filter(|pair| pair.is_field() && !matches!(pair.how, Some(How::Secret | How::Base64))) {
                self.fields.insert(pair.key.to_owned());
                if NAMES.contains(&pair.key) {
                    pair.lines.iter().for_each(|line| self.learn_name(&document[line.clone()]));
                }
            }
        }
    }

    /// Learns a name, and the parts that it has.
    pub(super) fn learn_name(&mut self, name: &str) {
        self.given.extend(name.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').chain([name]).map(str::to_owned));
    }

    /// A manifest, or what was printed, without what is left out.
    pub(super) fn printed(&mut self, text: &str) -> String {
        self.replace(text, found(Reading { text, is_secret: true, ..Reading::default() }))
    }

    /// The changes that an editor made, as `diff -u` writes them, to a Secret or another object.
    pub(super) fn changes(&mut self, changes: &str, is_secret: bool) -> String {
        let head = if is_secret { " data:\n" } else { "\n" };
        let mut out = String::new();
        for hunk in changes.split_inclusive("\n@@") {
            let lines = hunk.split_inclusive('\n').map(|line| line.replacen(['+', '-'], " ", usize::from(line.starts_with(['+', '-']))));
            let text = format!("{head}{}", lines.collect::<String>());
            let found = found(Reading { text: &text, is_secret, ..Reading::default() });
            let hidden = self.replace(&format!("{head}{hunk}"), found);
            out += &hidden[head.len()..];
        }
        out
    }

    /// A text with words in the place of what was found: on the first line of each value, of which nothing else is left.
    pub(super) fn replace(&mut self, text: &str, found: Vec<Found>) -> String {
        let mut cuts = Vec::new();
        for one in found {
            let value = one.lines.iter().map(|line| &text[line.clone()]).collect::<Vec<_>>().join("\n");
            if let Some(word) = self.word(&one, value.trim()) {
                let word = if one.is_bare { format!("\"{word}\"") } else { word };
                cuts.extend(one.lines.into_iter().zip([word].into_iter().chain(std::iter::repeat(String::new()))));
            }
        }
        cut(text, cuts)
    }

    /// What stands for a value; `None` where it stays.
    fn word(&mut self, found: &Found, value: &str) -> Option<String> {
        let (name, key) = (&found.name, found.name.rsplit(' ').next().unwrap_or_default());
        if key == LAST_APPLIED && value != NO_MEMBERS {
            self.tell(name.clone());
            return Some(NO_MEMBERS.to_owned());
        }
        let decoded = base64::decode(value).ok().filter(|_| found.how == How::Base64);
        let is_encoded = decoded.is_some();
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| value.to_owned());
        let text = text.trim();
        let stays = match found.how {
            How::Any => is_plain(text) || is_known(key) || !is_credential(key) && (is_small_number(text) || self.is_of_names(text)),
            How::Credential => is_plain(text),
            How::Secret | How::Base64 => text == NO_MEMBERS,
        };
        if stays || text.split_whitespace().all(|word| is_word(word.trim_end_matches([',', ')', '}', ']']))) {
            return None;
        }
        let word = self.hide(name, text, found.how != How::Any || is_credential(key) || is_odd(text));
        // The server wants JSON there.
        let word = if key.contains(".docker") { NO_MEMBERS.to_owned() } else { word };
        Some(if is_encoded { base64::encode(word.as_bytes()) } else { word })
    }

    /// Whether a value consists of what the run names: hosts with their ports, a folder.
    fn is_of_names(&self, value: &str) -> bool {
        let is_folder = value.starts_with('/') && value.bytes().all(|byte| byte.is_ascii_lowercase() || b"/-_.".contains(&byte));
        is_folder || value.split(|c: char| ".:/,=;$()".contains(c)).all(|part| self.is_host(part))
    }

    fn is_host(&self, part: &str) -> bool {
        let stem = part.rsplit_once('-').map_or(part, |(stem, ordinal)| if is_small_number(ordinal) { stem } else { part });
        part.is_empty() || is_small_number(part) || OF_HOSTS.contains(&part) || self.given.contains(part) || self.given.contains(stem)
    }

    /// Leaves a value out: the word in its place. `is_sure` of what is not an ordinary word.
    fn hide(&mut self, name: &str, value: &str, is_sure: bool) -> String {
        let word = self.hidden.word(value);
        let at = self.known.iter().position(|known| known.word == word).unwrap_or_else(|| {
            self.known.push(Known { value: value.to_owned(), word: word.clone(), everywhere: false, names: Vec::new() });
            self.known.len() - 1
        });
        self.known[at].everywhere |= is_sure;
        if !self.known[at].names.iter().any(|known| known == name) {
            self.known[at].names.push(name.to_owned());
        }
        self.tell(name.to_owned());
        word
    }

    /// Notes where something was left out.
    fn tell(&mut self, name: String) {
        if !self.learns && !self.left_out.contains(&name) {
            self.left_out.push(name);
        }
    }

    /// Where values are left out, each place once: what is named with its object stands for what is named alone.
    pub(super) fn told(&self) -> Vec<String> {
        let is_told = |name: &String| self.left_out.iter().any(|other| other.len() > name.len() && other.ends_with(&format!(" {name}")));
        self.left_out.iter().filter(|name| !name.is_empty() && !is_told(name)).cloned().collect()
    }

    /// A text with the words in the place of all values that are known by now.
    pub(super) fn everywhere(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        let mut longest: Vec<usize> = (0..self.known.len()).filter(|at| self.is_odd(&self.known[*at])).collect();
        longest.sort_small_by_key(|at| usize::MAX - self.known[*at].value.len());
        for at in longest {
            let known = &self.known[at];
            let mut is_found = false;
            for (form, word) in forms(&known.value, &known.word) {
                is_found |= replace(&mut text, &form, &word, form.len() < ANYWHERE);
            }
            if is_found {
                self.tell(known.names[0].clone());
            }
        }
        for known in &self.known {
            let keys = known.names.iter().filter_map(|name| name.rsplit(' ').next());
            for key in keys.filter(|key| !key.is_empty() && !self.fields.contains(*key) && text.contains(*key)).collect::<Vec<_>>() {
                for (form, word) in forms(&known.value, &known.word) {
                    replace_after(&mut text, key, &form, &word);
                }
            }
        }
        text
    }

    /// Whether a value is replaced wherever it stands.
    fn is_odd(&self, known: &Known) -> bool {
        let value = known.value.as_str();
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let is_long = value.len() >= if is_number { DIGITS } else { ALONE };
        known.everywhere && is_long && !known.word.contains(value) && !self.given.contains(value) && !self.fields.contains(value)
    }
}

/// The documents of a text.
fn documents(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n---\n")
}

/// What is left out of a text.
pub(super) fn found(reading: Reading) -> Vec<Found> {
    let (text, mut all) = (reading.text, named(reading));
    let of_look = |(range, name, how): looks::Look| Found { lines: lines(text, range), name: name.to_owned(), how, is_bare: false };
    all.extend(looks::find(text).into_iter().map(of_look).filter(|one| !one.lines.is_empty()));
    all
}

/// What is left out of a text by its names.
pub(super) fn named(reading: Reading) -> Vec<Found> {
    let (text, mut all) = (reading.text, Vec::new());
    for document in documents(text) {
        let (pairs, from) = (Reading { text: document, ..reading }.pairs(), offset(text, document));
        let object = object(document, &pairs);
        for pair in pairs.iter().filter(|pair| !pair.lines.is_empty()) {
            let lines = pair.lines.iter().map(|line| line.start + from..line.end + from).collect();
            let name = format!("{object}{}", pair.name);
            all.extend(pair.how.map(|how| Found { lines, name, how, is_bare: pair.is_bare }));
        }
    }
    all
}

/// The kind and the name of the object that a text has first.
fn object(text: &str, pairs: &[Pair]) -> String {
    let value = |pair: &Pair| pair.lines.first().map_or(String::new(), |line| text[line.clone()].to_ascii_lowercase());
    let metadata = pairs.iter().position(|pair| pair.key == "metadata").unwrap_or(pairs.len());
    let name = pairs[metadata..].iter().find(|pair| pair.key == "name").map(value).unwrap_or_default();
    pairs.iter().find(|pair| pair.key == "kind").map_or(String::new(), |kind| format!("{}/{name} ", value(kind)))
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

/// The ways in which a value is written, each with its word. A value of several lines may stand line by line.
fn forms(value: &str, word: &str) -> Vec<(String, String)> {
    let encoded = |text: &str| base64::encode(text.as_bytes());
    let bare = |text: &str| encoded(text).trim_end_matches('=').to_owned();
    let json = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let percent = value.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    });
    let mut forms = vec![(value.to_owned(), word.to_owned())];
    for (form, word) in [
        (json(value), word.to_owned()),
        (json(&json(value)), word.to_owned()),
        (value.replace('\'', "''"), word.to_owned()),
        (percent.collect(), word.to_owned()),
        (encoded(&format!("{value}\n")), encoded(&format!("{word}\n"))),
        (encoded(value), encoded(word)),
        (bare(value), bare(word)),
    ] {
        if forms.iter().all(|(known, _)| *known != form) {
            forms.push((form, word));
        }
    }
    let lines = value.lines().map(str::trim).filter(|line| line.len() > ANYWHERE && *line != value);
    forms.extend(lines.map(|line| (line.to_owned(), word.to_owned())));
    forms
}

/// Replaces what stands somewhere in a text; `alone` only where it is no part of a longer word. Whether it stands anywhere.
fn replace(text: &mut String, what: &str, word: &str, alone: bool) -> bool {
    let is_part = |c: Option<char>| alone && c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let ends = |at: usize| at + what.len();
    let places = text.match_indices(what).map(|(at, _)| at);
    let fits = |at: &usize| !is_part(text[..*at].chars().next_back()) && !is_part(text[ends(*at)..].chars().next());
    let cuts: Vec<Cut> = places.filter(fits).map(|at| (at..ends(at), word.to_owned())).collect();
    let is_found = !cuts.is_empty();
    if is_found {
        *text = cut(text, cuts);
    }
    is_found
}

/// Replaces a value where it stands behind its name: `NAME=x`, `"name": "NAME", "value": "x"`.
fn replace_after(text: &mut String, key: &str, value: &str, word: &str) {
    let between = |c: char| c.is_whitespace() || "\"':=,\\-".contains(c);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let mut cuts = Vec::new();
    for (at, _) in text.match_indices(key) {
        let from = at + key.len();
        let rest = text[from..].trim_start_matches(between);
        let rest = rest.strip_prefix("value").map_or(rest, |rest| rest.trim_start_matches(between));
        let start = text.len() - rest.len();
        let is_whole = start > from && !text[..at].ends_with(is_part);
        if is_whole && rest.starts_with(value) && !rest[value.len()..].starts_with(is_part) {
            cuts.push((start..start + value.len(), word.to_owned()));
        }
    }
    if !cuts.is_empty() {
        *text = cut(text, cuts);
    }
}

/// A text with other stretches in the place of some; of those that overlap the first, and nothing of the others.
fn cut(text: &str, mut cuts: Vec<Cut>) -> String {
    cuts.sort_small_by_key(|(range, _)| (range.start, usize::MAX - range.end));
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (range, word) in cuts {
        if range.start >= done {
            out.push_str(&text[done..range.start]);
            out.push_str(&word);
        }
        done = done.max(range.end);
    }
    out.push_str(&text[done..]);
    out
}
