//! What the commands of lessons ask for, in words: one table for the whole course.

use std::sync::OnceLock;

use api::kind::Kind;
use base::value::Value;
use text::Lang;

use super::Sentence;
use super::predicate::Clause;

/// The table, once the course is there.
pub(super) static WORDS: OnceLock<Words> = OnceLock::new();

/// What stands in a command for something that differs from lesson to lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// The name of an object, as `{pod}` or `{pvc}`.
    Object(Kind),
    /// A name that DNS is asked for, as `{name}`.
    DnsName,
    /// The path of a file in the pod that is named before, as `{path}`.
    Path,
    /// Anything else, as `{text}`.
    Text,
}

/// How a printed text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    /// As it is.
    Text,
    /// Its lines or, where there is one line, its words are a list.
    List,
    /// Of each line, the first word.
    First,
    /// It says whether something is so.
    Whether,
}

/// A command, with slots, and what it asks for.
#[derive(Clone, Debug)]
pub(super) struct Row {
    line: Vec<Piece>,
    /// What it asks for; the slots stand in it again.
    words: Sentence,
    /// How a task says that this stays as it is, and that it is to change; empty where the usual words do.
    kept: Sentence,
    changed: Sentence,
    shows: Shows,
    /// What a printed text, or an item of it, means.
    values: Vec<(String, Sentence)>,
    /// A command that prints the objects that the command asks about, besides those in its slots.
    pub(super) about: String,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Slot(Slot, String),
}

/// What stands in the slots of a command.
pub(super) type Filled = Vec<(Slot, String, String)>;

/// The table.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub(super) rows: Vec<Row>,
    /// What `pods` asks for.
    pods: Sentence,
    /// What is created, and what is deleted.
    events: Vec<(String, Sentence)>,
    /// What is shown where nothing was printed.
    nothing: Sentence,
    /// That something is so, and that it is not.
    whether: [Sentence; 2],
    /// How a task says what a command is to print, and what is to stay or to change.
    prints: Sentence,
    keeps: Sentence,
    changes: Sentence,
}

impl Words {
    /// The table of the course; one without rows before the course is there.
    pub(super) fn of_course() -> &'static Words {
        static NONE: OnceLock<Words> = OnceLock::new();
        WORDS.get().unwrap_or_else(|| NONE.get_or_init(Words::default))
    }

    /// Reads the table.
    pub(super) fn read(text: &str) -> Words {
        let documents = yaml::parse(text);
        let Some(value) = documents.iter().find_map(|document| document.value.as_ref()) else { return Words::default() };
        let word = |key: &str| value.get(key).map(told).unwrap_or_default();
        Words {
            rows: value.list_at(&["lines"]).iter().map(Row::read).collect(),
            pods: word("pods"),
            events: value.get("events").map(pairs).unwrap_or_default(),
            nothing: word("nothing"),
            whether: ["is", "isnt"].map(word),
            prints: word("prints"),
            keeps: word("keeps"),
            changes: word("changes"),
        }
    }

    /// The row that a command fits, and what stands in its slots.
    pub(super) fn row(&self, command: &str) -> Option<(&Row, Filled)> {
        let command = command.replace(" 2>/dev/null", "").replace(" 2>&1", "");
        self.rows.iter().find_map(|row| Some((row, row.fits(&command)?)))
    }

    /// What a part of a predicate asks for; the command itself where the table has no words.
    pub(super) fn asked(&self, clause: Clause) -> Sentence {
        match clause.line() {
            None => self.pods.clone(),
            Some(line) => self.row(line).map_or_else(|| code(line), |(row, filled)| row.words.filled(&filled)),
        }
    }

    /// A part of a goal, as what is to be reached.
    pub(super) fn wanted(&self, clause: Clause) -> Sentence {
        let row = clause.line().and_then(|line| self.row(line));
        let own = row.as_ref().map(|(row, filled)| match clause {
            Clause::Keeps(_) => row.kept.filled(filled),
            Clause::Changes(_) => row.changed.filled(filled),
            Clause::Pods(_) | Clause::Prints(..) => Sentence::default(),
        });
        if let Some(own) = own.filter(|own| own.is_told_in(Lang::English)) {
            return own;
        }
        let (form, value) = match clause {
            Clause::Pods(pods) => (&self.prints, pods.join(", ")),
            Clause::Prints(_, text) => (&self.prints, text.to_owned()),
            Clause::Keeps(_) => (&self.keeps, String::new()),
            Clause::Changes(_) => (&self.changes, String::new()),
        };
        let (what, value) = (self.asked(clause), self.shown(clause, &value));
        Sentence(Lang::ALL.map(|lang| {
            let form = form.told(lang);
            let form = if form.is_empty() { "{what}" } else { form };
            Some(form.replace("{what}", what.told(lang)).replace("{value}", value.told(lang)))
        }))
    }

    /// A printed text, as people read it.
    pub(super) fn shown(&self, clause: Clause, text: &str) -> Sentence {
        let row = clause.line().and_then(|line| self.row(line)).map(|(row, _)| row);
        let (shows, values) = match clause {
            Clause::Pods(_) => (Shows::Text, self.events.as_slice()),
            _ => row.map_or((Shows::Text, &[][..]), |row| (row.shows, row.values.as_slice())),
        };
        if let Some((_, meaning)) = values.iter().find(|(value, _)| value == text) {
            return meaning.clone();
        }
        let [is, isnt] = &self.whether;
        match (shows, text) {
            (Shows::Whether, "" | "0" | "false") => return isnt.clone(),
            (Shows::Whether, _) => return is.clone(),
            (_, "") => return self.nothing.clone(),
            _ => (),
        }
        let in_lang = |lang| match shows {
            Shows::Text | Shows::Whether => item(text, values, lang),
            Shows::List if text.contains('\n') => counted(text.lines().map(|line| item(line, values, lang))),
            Shows::List => counted(text.split_whitespace().map(|word| item(word, values, lang))),
            Shows::First => counted(text.lines().filter_map(|line| Some(item(line.split_whitespace().next()?, values, lang)))),
        };
        Sentence(Lang::ALL.map(|lang| Some(in_lang(lang))))
    }
}

/// An item of a printed text: words that mean something are told, uids are cut, and names lose their kind.
fn item(text: &str, values: &[(String, Sentence)], lang: Lang) -> String {
    let meaning = |word: &str| values.iter().find(|(value, _)| value == word).map(|(_, meaning)| meaning.told(lang));
    if let Some(told) = meaning(text) {
        return told.to_owned();
    }
    let word = |word: &str| match (meaning(word), named(word)) {
        (Some(told), _) => told.to_owned(),
        (None, Some((_, name))) => short(name).unwrap_or_else(|| name.to_owned()),
        (None, None) => short(word).unwrap_or_else(|| word.to_owned()),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Items of a list, equal neighbours together unless they are numbers.
fn counted(items: impl Iterator<Item = String>) -> String {
    let mut groups: Vec<(String, usize)> = Vec::new();
    for item in items {
        match groups.last_mut().filter(|(last, _)| *last == item && item.parse::<i64>().is_err()) {
            Some((_, count)) => *count += 1,
            None => groups.push((item, 1)),
        }
    }
    let told = |(item, count): (String, usize)| if count > 1 { format!("{count} × {item}") } else { item };
    groups.into_iter().map(told).collect::<Vec<_>>().join(", ")
}

/// The kind and the name in `pod/web-0` and `statefulset.apps/web`.
pub(super) fn named(word: &str) -> Option<(Kind, &str)> {
    let (kind, name) = word.split_once('/')?;
    let kind = Kind::ALL.iter().copied().find(|known| known.qualified_singular() == kind)?;
    (!name.contains('/')).then_some((kind, name))
}

/// The beginning of a uid, as the page shows it, also for the name of a volume that was made for a claim.
fn short(word: &str) -> Option<String> {
    let uid = word.strip_prefix("pvc-").unwrap_or(word);
    let lengths = uid.split('-').map(|part| part.chars().all(|digit| digit.is_ascii_hexdigit()).then_some(part.len()));
    lengths.eq([8, 4, 4, 4, 12].map(Some)).then(|| format!("#{}", &uid[..4]))
}

/// A command that has no words, as it is typed.
fn code(line: &str) -> Sentence {
    Sentence(Lang::ALL.map(|_| Some(format!("`{line}`"))))
}

fn told(value: &Value) -> Sentence {
    Sentence(Lang::ALL.map(|lang| value.text_at(&[lang.tag()]).map(str::to_owned)))
}

fn pairs(value: &Value) -> Vec<(String, Sentence)> {
    value.members().map(|(key, value)| (key.to_string(), told(value))).collect()
}

impl Row {
    fn read(value: &Value) -> Row {
        let word = |key: &str| value.get(key).map(told).unwrap_or_default();
        Row {
            line: pieces(value.text_at(&["line"]).unwrap_or_default()),
            words: told(value),
            kept: word("kept"),
            changed: word("changed"),
            shows: match value.text_at(&["shows"]) {
                Some("list") => Shows::List,
                Some("first") => Shows::First,
                Some("whether") => Shows::Whether,
                _ => Shows::Text,
            },
            values: value.get("values").map(pairs).unwrap_or_default(),
            about: value.text_at(&["about"]).unwrap_or_default().to_owned(),
        }
    }

    /// What stands in the slots, if a command is this one.
    fn fits(&self, command: &str) -> Option<Filled> {
        let (mut rest, mut filled) = (command, Filled::new());
        for piece in &self.line {
            match piece {
                Piece::Literal(text) => rest = rest.strip_prefix(text.as_str())?,
                Piece::Slot(slot, name) => {
                    let is_in = |letter: char| letter.is_alphanumeric() || "-./=_".contains(letter);
                    let (value, after) = rest.split_at(rest.find(|letter| !is_in(letter)).unwrap_or(rest.len()));
                    if value.is_empty() {
                        return None;
                    }
                    filled.push((*slot, name.clone(), value.to_owned()));
                    rest = after;
                }
            }
        }
        rest.is_empty().then_some(filled)
    }

    /// The command that prints the objects, with its slots filled.
    pub(super) fn about(&self, filled: &Filled) -> String {
        fill(&self.about, filled)
    }
}

/// A command in pieces: a word in braces that names a slot is one, and everything else is typed so.
fn pieces(line: &str) -> Vec<Piece> {
    let (mut out, mut literal, mut rest) = (Vec::new(), String::new(), line);
    while let Some(at) = rest.find('{') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        literal += before;
        if let Some((end, slot)) = after.find('}').and_then(|end| Some((end, slot(&after[..end])?))) {
            out.push(Piece::Literal(std::mem::take(&mut literal)));
            out.push(Piece::Slot(slot, after[..end].to_owned()));
            rest = &after[end + 1..];
        } else {
            literal.push('{');
            rest = after;
        }
    }
    out.push(Piece::Literal(literal + rest));
    out
}

fn slot(word: &str) -> Option<Slot> {
    match word {
        "name" => Some(Slot::DnsName),
        "path" => Some(Slot::Path),
        "text" => Some(Slot::Text),
        _ => {
            let is_named = |kind: &&Kind| kind.info().singular == word || kind.info().short.contains(&word);
            Kind::ALL.iter().find(is_named).copied().map(Slot::Object)
        }
    }
}

fn fill(text: &str, filled: &Filled) -> String {
    filled.iter().fold(text.to_owned(), |text, (_, name, value)| text.replace(&format!("{{{name}}}"), value))
}

impl Sentence {
    /// The sentence with what stands in the slots of a command.
    fn filled(&self, filled: &Filled) -> Sentence {
        Sentence(self.0.each_ref().map(|text| text.as_ref().map(|text| fill(text, filled))))
    }
}
