//! Reading lesson files. `README.md` beside the files says what each key holds.

use api::release::Release;
use base::field_path::FieldPath;
use base::sort::Sort;
use base::value::Value;
use text::Lang;
use yaml::{Document, Problem};

use super::predicate::Predicate;
use super::{Chapter, Claim, Lesson, Sentence, Task};
use base::time::Span;

/// The longest file that is taken for a lesson, in bytes.
pub const MAX_BYTES: usize = 1 << 16;

/// What is wrong with a lesson file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// The key; empty for the whole file.
    pub key: String,
    pub expected: Expected,
}

/// What a lesson file should have at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Valid YAML; why the text is not.
    Yaml(String),
    /// This key, which is missing.
    Key(&'static str),
    /// One of these keys instead of the one that is there.
    OneOf(String),
    Text,
    Number,
    List,
    Map,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Fault { line, key, expected } = self;
        let at = if key.is_empty() { format!("line {line}") } else { format!("line {line}: {key}") };
        match expected {
            Expected::Yaml(why) => write!(f, "{at}: {why}"),
            Expected::Key(missing) => write!(f, "{at}: expected the key {missing}"),
            Expected::OneOf(keys) => write!(f, "{at}: expected one of {keys}"),
            Expected::Text => write!(f, "{at}: expected a text"),
            Expected::Number => write!(f, "{at}: expected a number"),
            Expected::List => write!(f, "{at}: expected a list"),
            Expected::Map => write!(f, "{at}: expected a map"),
        }
    }
}

/// Reads a file of one lesson.
///
/// # Errors
///
/// If anything is missing, unknown or of the wrong kind: all of that, in the order of the lines.
pub fn read(name: &str, text: &str) -> Result<Lesson, Vec<Fault>> {
    let documents: Vec<Document> = yaml::parse(text).into_iter().filter(|document| !document.is_empty()).collect();
    let [document] = documents.as_slice() else {
        return Err(vec![Fault { line: 1, key: String::new(), expected: Expected::Map }]);
    };
    lesson(name, document)
}

/// Reads a document that is a lesson.
pub(super) fn lesson(name: &str, document: &Document) -> Result<Lesson, Vec<Fault>> {
    if let Some(error) = document.error() {
        let words = match &error.problem {
            Problem::NotYaml(fault, _) => fault.to_string(),
            problem => problem.words(),
        };
        let expected = Expected::Yaml(words);
        return Err(vec![Fault { line: error.span.line, key: String::new(), expected }]);
    }
    let nothing = Value::Null;
    let value = document.value.as_ref().unwrap_or(&nothing);
    let mut reader = Reader { document, faults: Vec::new() };
    let lesson = reader.lesson(name, &At { value, path: FieldPath::root() });
    reader.faults.sort_small_by_key(|fault| fault.line);
    if reader.faults.is_empty() { Ok(lesson) } else { Err(reader.faults) }
}

/// A value and its place.
struct At<'a> {
    value: &'a Value,
    path: FieldPath,
}

struct Reader<'a> {
    document: &'a Document,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn lesson(&mut self, name: &str, at: &At) -> Lesson {
        let keys = [
            "title",
            "chapter",
            "misunderstandings",
            "releases",
            "story",
            "manifest",
            "set",
            "before",
            "line",
            "seconds",
            "question",
            "claims",
            "aim",
            "because",
            "field",
            "docs",
            "task",
            "kin",
        ];
        self.only(at, &keys);
        let aim = self.inside(at, "aim").map_or_else(Predicate::default, |at| self.predicate(&at, &[]));
        let chooses = !aim.is_empty();
        let claims: Vec<Claim> = self.list(at, "claims").iter().map(|claim| self.claim(claim, chooses)).collect();
        Lesson {
            name: name.to_owned(),
            title: self.needed(at, "title"),
            chapter: self.chapter(at),
            misunderstandings: self.list(at, "misunderstandings").iter().filter_map(|at| self.number(at)).collect(),
            releases: self.releases(at),
            story: self.needed(at, "story"),
            manifest: self.inside(at, "manifest").map(|at| self.text(&at)),
            set: self.pairs(at, "set"),
            before: self.texts(at, "before"),
            line: if chooses { String::new() } else { self.needed_text(at, "line") },
            within: Span::seconds(self.needed_number(at, "seconds")),
            question: self.sentence(at, "question"),
            aim,
            claims,
            because: self.needed(at, "because"),
            field: self.inside(at, "field").map(|at| self.text(&at)).unwrap_or_default(),
            docs: self.needed_text(at, "docs"),
            task: self.inside(at, "task").map(|at| self.task(&at)),
            kin: self.texts(at, "kin"),
        }
    }

    fn claim(&mut self, at: &At, chooses: bool) -> Claim {
        let own: &[&str] = if chooses { &["line", "en", "ko", "then"] } else { &["en", "ko", "then"] };
        let line = if chooses { self.needed_text(at, "line") } else { String::new() };
        Claim { holds: self.predicate(at, own), line, words: self.told(at), then: self.sentence(at, "then") }
    }

    fn task(&mut self, at: &At) -> Task {
        self.only(at, &["en", "ko", "goal", "hint", "solution", "done"]);
        let goal = self.inside(at, "goal").map(|goal| self.predicate(&goal, &[]));
        if goal.as_ref().is_none_or(Predicate::is_empty) {
            self.fault(&at.path, Expected::Key("goal"));
        }
        let solution = self.texts(at, "solution");
        if solution.is_empty() {
            self.fault(&at.path, Expected::Key("solution"));
        }
        Task {
            words: self.told(at),
            goal: goal.unwrap_or_default(),
            hint: self.sentence(at, "hint"),
            solution,
            done: self.sentence(at, "done"),
        }
    }

    /// A predicate, in a map that may have further keys.
    fn predicate(&mut self, at: &At, further: &[&str]) -> Predicate {
        self.only(at, &[&["pods", "prints", "keeps", "changes"], further].concat());
        let pods = at.value.get("pods").map(|_| self.texts(at, "pods"));
        Predicate { pods, prints: self.pairs(at, "prints"), keeps: self.texts(at, "keeps"), changes: self.texts(at, "changes") }
    }

    fn chapter(&mut self, at: &At) -> Chapter {
        let word = self.needed_text(at, "chapter");
        Chapter::named(&word).unwrap_or_else(|| {
            let words = Chapter::ALL.map(Chapter::word).join(", ");
            self.fault(&at.path.field("chapter"), Expected::OneOf(words));
            Chapter::Identity
        })
    }

    /// The releases that are named, each once.
    fn releases(&mut self, at: &At) -> Vec<&'static Release> {
        let mut named = Vec::new();
        for at in self.list(at, "releases") {
            let mut others = Release::ALL.into_iter().filter(|release| !named.contains(release));
            let word = self.text(&at);
            match others.clone().find(|release| release.name == word) {
                Some(release) => named.push(release),
                None if word.is_empty() => (),
                None => {
                    let words = others.by_ref().map(|release| release.name).collect::<Vec<_>>().join(", ");
                    self.fault(&at.path, Expected::OneOf(words));
                }
            }
        }
        named
    }

    /// Complains of keys other than these, and of anything but a map.
    fn only(&mut self, at: &At, keys: &[&str]) {
        let Some(map) = at.value.as_map() else { return self.fault(&at.path, Expected::Map) };
        for (key, _) in map.iter().filter(|(key, _)| !keys.contains(&&***key)) {
            self.fault(&at.path.field(key), Expected::OneOf(keys.join(", ")));
        }
    }

    /// The sentence in a member that has to be there.
    fn needed(&mut self, at: &At, key: &'static str) -> Sentence {
        if at.value.get(key).is_none() {
            self.fault(&at.path, Expected::Key(key));
        }
        self.sentence(at, key)
    }

    /// The sentence in a member; none without it.
    fn sentence(&mut self, at: &At, key: &str) -> Sentence {
        let Some(member) = self.inside(at, key) else { return Sentence::default() };
        self.only(&member, &Lang::ALL.map(Lang::tag));
        self.told(&member)
    }

    /// The sentence whose languages are members of a map.
    fn told(&mut self, at: &At) -> Sentence {
        if at.value.get(Lang::English.tag()).is_none() {
            self.fault(&at.path, Expected::Key("en"));
        }
        Sentence(Lang::ALL.map(|lang| self.inside(at, lang.tag()).map(|at| self.text(&at))))
    }

    fn needed_text(&mut self, at: &At, key: &'static str) -> String {
        match self.inside(at, key) {
            Some(at) => self.text(&at),
            None => {
                self.fault(&at.path, Expected::Key(key));
                String::new()
            }
        }
    }

    fn needed_number<N: TryFrom<i64> + Default>(&mut self, at: &At, key: &'static str) -> N {
        match self.inside(at, key) {
            Some(at) => self.number(&at).unwrap_or_default(),
            None => {
                self.fault(&at.path, Expected::Key(key));
                N::default()
            }
        }
    }

    fn number<N: TryFrom<i64>>(&mut self, at: &At) -> Option<N> {
        let number = at.value.as_int().and_then(|number| number.try_into().ok());
        if number.is_none() {
            self.fault(&at.path, Expected::Number);
        }
        number
    }

    fn text(&mut self, at: &At) -> String {
        if at.value.as_text().is_none() {
            self.fault(&at.path, Expected::Text);
        }
        at.value.as_text().unwrap_or_default().trim_end().to_owned()
    }

    fn texts(&mut self, at: &At, key: &str) -> Vec<String> {
        self.list(at, key).iter().map(|at| self.text(at)).collect()
    }

    /// The members of a map of texts.
    fn pairs(&mut self, at: &At, key: &str) -> Vec<(String, String)> {
        let Some(map) = self.inside(at, key) else { return Vec::new() };
        if map.value.as_map().is_none() {
            self.fault(&map.path, Expected::Map);
        }
        map.value.members().map(|(key, value)| (key.to_string(), self.text(&At { value, path: map.path.field(key) }))).collect()
    }

    fn list<'v>(&mut self, at: &At<'v>, key: &str) -> Vec<At<'v>> {
        let Some(list) = self.inside(at, key) else { return Vec::new() };
        if list.value.as_list().is_none() {
            self.fault(&list.path, Expected::List);
        }
        let items = list.value.as_list().unwrap_or_default();
        items.iter().enumerate().map(|(index, value)| At { value, path: list.path.index(index) }).collect()
    }

    fn inside<'v>(&self, at: &At<'v>, key: &str) -> Option<At<'v>> {
        at.value.get(key).map(|value| At { value, path: at.path.field(key) })
    }

    fn fault(&mut self, at: &FieldPath, expected: Expected) {
        let line = self.document.find(at).underline().line.max(1);
        self.faults.push(Fault { line, key: at.to_string(), expected });
    }
}
