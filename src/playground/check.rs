//! What there is to say about a manifest: each document is applied to a copy of the cluster, and what kubectl prints is put beside
//! the line it is about.

use std::rc::Rc;

use super::complaint::Complaint;
use super::slip::{SOUGHT_MOST, Slips, TEXT_MOST};
use super::{idle, notes, spelling, stray};
use crate::api::kind::Kind;
use crate::api::object::NamespacedName;
use crate::api::schema::Element;
use crate::api::status::{Fault, FieldPath, MisfitReason, Step};
use crate::api::validate::SELECTOR_MISMATCH;
use crate::base::sort::Sort;
use crate::base::value::Value;
use crate::kubectl::failure::Failure;
use crate::kubectl::files::Files;
use crate::kubectl::job::Job;
use crate::kubectl::{resources, settings};
use crate::server::log::{Actor, Change};
use crate::sim::Sim;
use crate::text::{Lang, Text};
use crate::view::command::{self, Entry, MANIFEST, Naming};
use crate::view::manifest::{Defined, Fix, Place, Refusal, Verdicts, key_of, objects};
use crate::view::{Piece, Prose};
use crate::yaml::{self, Document, Problem, Span};

/// How many refusals are listed. A text can be wrong in more places than anybody reads.
const REFUSALS_MOST: usize = 20;
/// Kubectl's words about a text where the metadata should be.
const NOT_METADATA: &str = "metadataOnlyObject.metadata of type";
/// Its words about an object without a name.
const UNNAMED: &str = "resource name may not be empty";
/// Its words about what is no object.
const NO_OBJECT: [&str; 3] = ["invalid object to validate", "apiVersion not set", "kind not set"];
/// What a template that no chart has filled in yet is known by.
const TEMPLATE: &str = "{{";

/// A text that was looked at.
pub struct Checked {
    /// Everything there is to say about it, were it applied now.
    pub verdicts: Verdicts,
    /// The objects it defines.
    pub objects: usize,
    /// Those that would be stored.
    pub stored: Vec<Document>,
}

/// Looks at a text that would be applied with the kubeconfig among these files. `settled` are those of its objects that have been stored as
/// they stand there: they are not refused any more.
pub fn check(sim: &Sim, files: &Files, text: &str, settled: &[Document], lang: Lang) -> Checked {
    let current = settings::current_namespace(files);
    let mut documents = yaml::parse(text);
    documents.retain(|document| !document.is_empty());
    let all = objects(&documents);
    let mut look = Look { sim: sim.clone(), current, text, settled, words: lang.text(), missing: Vec::new(), found: Vec::new() };
    let (mut verdicts, mut stored, mut blocked) = (Verdicts::default(), Vec::new(), Vec::new());
    let mut reads_on = true;
    for document in &documents {
        if look.found.len() >= REFUSALS_MOST {
            break;
        }
        let objects = objects(std::slice::from_ref(document));
        let (blamed, goes_on) = look.apply(document, &objects);
        reads_on &= goes_on;
        for (at, object) in objects.into_iter().enumerate() {
            if verdicts.refused_set.is_none() {
                verdicts.refused_set = look.refused_set(&object, blamed.iter().find(|(blamed, _)| *blamed == at).map(|(_, found)| *found));
            }
            // What is refused is not kept, and does not work in another way.
            if reads_on && blamed.iter().all(|(blamed, _)| *blamed != at) {
                match left_out(&object) {
                    Some(kind) => verdicts.left_out.push(kind.to_owned()),
                    None if look.stores(&object) => stored.push(object),
                    None => blocked.push(object),
                }
            }
        }
    }
    let notes = |of: &[Document]| notes::all(&look.sim, text, Defined { documents: &all, current }, of, lang.text());
    verdicts.notes = notes(&stored);
    let further = notes(&blocked);
    let missing = look.missing.iter().map(|name| create_namespace(name, lang.text()));
    for entry in missing.chain(verdicts.notes.iter().chain(&further).filter_map(|note| note.help.clone())) {
        if !verdicts.missing.contains(&entry) {
            verdicts.missing.push(entry);
        }
    }
    look.found.truncate(REFUSALS_MOST);
    verdicts.refusals = look.found;
    for object in stored.iter().filter_map(|object| object.value.as_ref()) {
        verdicts.kept.append(&mut idle::parts(object, look.sim.release()));
        verdicts.images.append(&mut notes::unknown_images(object));
        verdicts.programs.append(&mut notes::unknown_programs(object));
    }
    for names in [&mut verdicts.kept, &mut verdicts.left_out, &mut verdicts.images, &mut verdicts.programs] {
        names.put_in_order();
        names.dedup();
    }
    Checked { verdicts, objects: all.len(), stored }
}

/// Whether what was said of a text may not hold any more after a change: somebody wrote something, or something is gone that stood in the
/// way. What controllers make and keep up is no part of a manifest.
pub fn hangs_on(change: &Change) -> bool {
    let made_by_a_controller = || change.object().is_some_and(|object| object.meta().controller().is_some());
    change.by == Actor::User || change.after.is_none() && change.key.kind != Kind::Event && !made_by_a_controller()
}

/// The kind of a document, where it is one of Kubernetes' that is not simulated: kubectl says so and goes on.
fn left_out(document: &Document) -> Option<&'static str> {
    let value = document.value.as_ref()?;
    let (version, kind) = (value.text_at(&["apiVersion"])?, value.text_at(&["kind"])?);
    resources::not_simulated(kind).filter(|_| Kind::of(version, kind).is_none())
}

/// Where reading a document failed, and the words by which it may be how a line is indented.
const INDENTED: [&str; 3] = ["did not find expected key", "mapping values are not allowed", "did not find expected '-'"];

fn unreadable(slips: &Slips, problem: &yaml::Diagnostic) -> Refusal {
    let Slips { text, document, words, .. } = *slips;
    let mut place = place(text, problem.span);
    let (said, plain, fix) = match &problem.problem {
        said @ (Problem::Refused(_) | Problem::NotYaml(_)) => {
            let said = format!("error: error parsing {MANIFEST}: {said}");
            let is_template = text[document.start..document.end].contains(TEMPLATE);
            let hint = if is_template { words.manifest.template } else { "" };
            let stray = stray::find(text, document, place.line, words).map(|(stray, fix)| (stray.to_owned(), Some(fix)));
            let (stray, fix) = stray
                .or_else(|| {
                    let slip = slips.find(place.line, INDENTED.iter().any(|words| said.contains(words))).filter(|_| !is_template)?;
                    if slip.line != place.line {
                        place = Place { line: slip.line, columns: 0..0 };
                    }
                    Some((slip.words, slip.fix))
                })
                .unwrap_or_default();
            let counted = if document.line > 1 && said.contains(": line ") { words.manifest.counted } else { "" };
            let plain = format!("{stray} {} {counted} {hint}", words.manifest.not_yaml);
            (said, plain, fix)
        }
        // Our own limits are told in our own voice.
        other => (String::new(), (words.manifest.too_much)(other), None),
    };
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    Refusal { place: Some(place), words: said, plain: Prose::read(&plain), fix, help: None }
}

/// A text that is being looked at.
struct Look<'a> {
    /// A copy of the cluster, to which the text is applied.
    sim: Sim,
    /// The current namespace.
    current: &'a str,
    text: &'a str,
    /// The objects that have been stored already as they stand in the text.
    settled: &'a [Document],
    words: &'static Text,
    /// Namespaces that do not exist. The copy has them all the same, so that the rest of the text can be checked.
    missing: Vec<String>,
    found: Vec<Refusal>,
}

impl Look<'_> {
    /// Applies one document, and takes down what is refused: which of its objects that is about, each with the place of its refusal, and
    /// whether kubectl reads on.
    fn apply(&mut self, document: &Document, objects: &[Document]) -> (Vec<(usize, usize)>, bool) {
        if let Some(problem) = document.error() {
            self.found.push(unreadable(&self.slips(document), problem));
            return ((0..objects.len()).map(|at| (at, self.found.len() - 1)).collect(), false);
        }
        let (mut blamed, mut goes_on) = (Vec::new(), true);
        for complaint in self.complaints(document) {
            let at = complaint.blamed(objects);
            if objects.get(at).is_some_and(|object| self.settled.iter().any(|stored| stored.span == object.span)) {
                continue;
            }
            blamed.push((at, self.found.len()));
            goes_on &= !complaint.ends_the_file;
            let refusal = self.refusal(objects.get(at).unwrap_or(document), complaint);
            self.found.push(refusal);
        }
        (blamed, goes_on)
    }

    fn slips(&self, document: &Document) -> Slips<'_> {
        let sought = self.text.len() <= TEXT_MOST && self.found.len() < SOUGHT_MOST;
        Slips { text: self.text, document: document.span, release: self.sim.release(), words: self.words, sought }
    }

    /// What kubectl complains about when it applies a document; of each missing namespace once.
    fn complaints(&mut self, document: &Document) -> Vec<Complaint> {
        let failure = self.run(&command::apply(), &self.text[document.span.start..document.span.end]);
        let mut all = failure.as_ref().map_or_else(Vec::new, Complaint::all);
        all.retain(|one| one.missing_namespace().is_none_or(|name| !self.missing.iter().any(|missing| missing == name)));
        let Some(at) = all.iter().position(|one| one.missing_namespace().is_some()) else { return all };
        let complaint = all.swap_remove(at);
        let namespace = complaint.missing_namespace().unwrap_or_default().to_owned();
        self.run(&command::create_namespace(&namespace), "");
        self.missing.push(namespace);
        std::iter::once(complaint).chain(self.complaints(document)).collect()
    }

    /// Runs a command; why it fails.
    fn run(&mut self, line: &str, text: &str) -> Option<Failure> {
        let files: Files = [(MANIFEST, text), (settings::PATH, settings::text(self.current).as_str())].into_iter().collect();
        let mut job = Job::new(line, &files);
        job.poll(&mut self.sim);
        job.failure().cloned()
    }

    /// Whether an object that nobody complains about would be stored.
    fn stores(&self, object: &Document) -> bool {
        let key = key_of(object, self.current);
        key.is_none_or(|key| !self.missing.iter().any(|missing| **missing == *key.namespace))
    }

    /// The name of an object that is a set and was refused, and why, given the place of its refusal.
    fn refused_set(&self, object: &Document, refusal: Option<usize>) -> Option<(NamespacedName, Prose)> {
        let key = key_of(object, self.current).filter(|key| key.kind == Kind::StatefulSet)?;
        let lacks_namespace = || (!self.stores(object)).then(|| Prose::read(&(self.words.manifest.no_namespace)(&key.namespace)));
        let told = |at: usize| {
            let found = &self.found[at];
            if found.plain.is_empty() { Prose(vec![Piece::Code(found.words.clone())]) } else { found.plain.clone() }
        };
        Some((key.namespaced_name(), refusal.map(told).or_else(lacks_namespace)?))
    }

    fn refusal(&self, document: &Document, complaint: Complaint) -> Refusal {
        let (text, words) = (self.text, self.words);
        let namespace = complaint.missing_namespace();
        let newer = other_version(document).filter(|_| complaint.status.is_none());
        let kind = kind_meant(document).filter(|_| complaint.status.is_none());
        let field = match (&newer, &kind) {
            (Some(_), _) => Some("apiVersion"),
            (None, Some(_)) => Some("kind"),
            (None, None) if complaint.words.ends_with(UNNAMED) => Some("metadata"),
            (None, None) => namespace.map(|_| "metadata.namespace"),
        };
        let path = field.map(FieldPath::of).or_else(|| complaint.field(document));
        let wanted = complaint.misfit().and_then(|why| if let MisfitReason::WrongType(wanted) = why { wanted } else { None });
        let (wants_text, wants_number) = (wanted == Some(Element::Text), matches!(wanted, Some(Element::Int32 | Element::Int64)));
        let quoted = path.as_ref().filter(|_| wants_text).and_then(|path| quoted(text, document, path));
        let hint = match &quoted {
            Some(_) => words.manifest.in_quotes,
            None if wants_number => words.manifest.whole_number,
            None => "",
        };
        let quoted = quoted.or_else(|| path.as_ref().filter(|_| wants_number).and_then(|path| unquoted(text, document, path)));
        let unknown = path.as_ref().filter(|_| complaint.is_of_unknown_field());
        // Where there is no such field, it is its name that is wrong.
        let named = unknown.and_then(|path| document.find(path).named());
        let place = place(text, named.unwrap_or_else(|| path.as_ref().map_or_else(|| head_of(document), |path| document.locate(path))));
        let near = unknown.zip(kind_of(document)).and_then(|(path, kind)| spelling::meant(kind, path));
        let near = near.or(kind.as_ref().map(|(_, to)| &**to));
        let fix = unknown.and_then(last_field).zip(near).map(|(from, to)| Fix::Word {
            line: place.line,
            from: from.to_string(),
            to: to.to_owned(),
        });
        let spelled = || spelled(text, document, path.as_ref()?, &complaint);
        let fix = fix.or(newer.or(kind.clone()).or(quoted).or_else(spelled).map(|(from, to)| Fix::Word { line: place.line, from, to }));
        let fix =
            fix.or_else(|| complaint.misfit().filter(|why| *why == MisfitReason::Outdated).and_then(|_| without_versions(text, document)));
        let (stray, mended) = stray::find(text, document.span, place.line, words).unzip();
        let joined = Some(document.locate(&FieldPath::of("metadata"))).filter(|_| complaint.words.contains(NOT_METADATA));
        let joined = joined.and_then(|metadata| (metadata.line..metadata.line + 2).find_map(|line| self.slips(document).blank(line)));
        let place = joined.as_ref().map_or(place, |slip| Place { line: slip.line, columns: 0..0 });
        let (joined, unjoined) = joined.map(|slip| (slip.words, slip.fix)).unwrap_or_default();
        let fix = mended.or(unjoined).or(fix);
        let allowed = unknown.and_then(|path| Some(Entry::new(words.manifest.allowed, fields_allowed(document, path)?)));
        let anew = complaint.is_of_fixed_field().then(|| self.without_pods(document)).flatten();
        let then = anew.as_ref().map_or("", |_| words.manifest.taken_over);
        let plain = Prose::read(
            format!("{}{joined} {hint}{} {then}", stray.unwrap_or_default(), plain(&complaint, document, path.as_ref(), near, words))
                .trim(),
        );
        let help = allowed.or(anew).or(namespace.map(|name| create_namespace(name, words)));
        Refusal { place: Some(place), words: complaint.words, plain, fix, help }
    }

    /// Where a field of a set cannot be changed: the line that deletes the set and leaves its pods to the next one.
    fn without_pods(&self, document: &Document) -> Option<Entry> {
        let key = key_of(document, self.current).filter(|key| key.kind == Kind::StatefulSet)?;
        let naming = Naming::of(&key.namespace, self.current);
        Some(Entry::new(self.words.manifest.without_pods, naming.delete(key.kind, &format!("{} --cascade=orphan", key.name))))
    }
}

/// The button that creates a namespace.
fn create_namespace(name: &str, words: &Text) -> Entry {
    Entry::new((words.manifest.create_namespace)(name), command::create_namespace(name))
}

/// Leaves out what only the server that an object was copied from knows.
fn without_versions(text: &str, document: &Document) -> Option<Fix> {
    let found = ["metadata.resourceVersion", "metadata.uid"].map(|field| document.find(&FieldPath::of(field)));
    let keys = found.iter().filter(|found| found.exact).filter_map(|found| found.key);
    let alone = |line: &usize| text.lines().nth(line - 1).is_some_and(|line| !line.contains(['{', '}']));
    let lines: Vec<usize> = keys.map(|key| key.line).filter(alone).collect();
    (!lines.is_empty()).then_some(Fix::Without(lines))
}

/// A number or a Boolean where a text is wanted, and the same in quotes.
fn quoted(text: &str, document: &Document, path: &FieldPath) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let is_bare = !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte));
    let line = text.lines().nth(span.line.max(1) - 1)?;
    (is_bare && line.matches(raw).count() == 1).then(|| (raw.to_owned(), format!("\"{raw}\"")))
}

/// A number in quotes where a number is wanted, and the same without them.
fn unquoted(text: &str, document: &Document, path: &FieldPath) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let bare = raw.trim_matches(['"', '\'']);
    (bare != raw && bare.parse::<i64>().is_ok()).then(|| (raw.to_owned(), bare.to_owned()))
}

/// A value that only its case or its quotes keep from being one that the field takes, and that one.
fn spelled(text: &str, document: &Document, path: &FieldPath, complaint: &Complaint) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let bare = raw.trim_matches(['"', '\'']);
    let is_meant = |known: &&str| *known != bare && known.eq_ignore_ascii_case(bare);
    let known = match complaint.error().map(|error| &error.fault) {
        Some(Fault::NotSupported(_, known)) => known.iter().map(|known| &**known).find(is_meant),
        // The server names the values of every other field that has some.
        _ if last_field(path).is_some_and(|field| *field == *"clusterIP") => Some("None").filter(is_meant),
        _ => complaint.words.split(['"', '\'']).find(is_meant),
    };
    Some((raw.to_owned(), known?.to_owned()))
}

fn kind_of(document: &Document) -> Option<Kind> {
    Kind::named(document.value.as_ref()?.text_at(&["kind"])?)
}

/// The kind of a document that no kind has, and the one that was probably meant.
fn kind_meant(document: &Document) -> Option<(String, String)> {
    let kind = document.value.as_ref()?.text_at(&["kind"]).filter(|kind| Kind::named(kind).is_none() && !is_custom(document))?;
    Some((kind.to_owned(), spelling::kind_meant(kind)?.to_owned()))
}

/// The version that a document gives its kind, and the one by which the kind is served.
fn other_version(document: &Document) -> Option<(String, String)> {
    let (kind, version) = (kind_of(document)?, document.value.as_ref()?.text_at(&["apiVersion"])?);
    Some((version.to_owned(), kind.api_version())).filter(|(from, to)| from != to)
}

/// Whether the kind of a document is served in the version that it names, as far as it names both.
fn is_served(document: &Document) -> bool {
    let named = |field| document.value.as_ref()?.text_at(&[field]);
    named("apiVersion").zip(named("kind")).is_none_or(|(version, kind)| Kind::of(version, kind).is_some())
}

/// Whether the kind of a document is none of Kubernetes' own, by its group.
fn is_custom(document: &Document) -> bool {
    let version = document.value.as_ref().and_then(|value| value.text_at(&["apiVersion"])).unwrap_or_default();
    version.contains('.') && !version.contains(".k8s.io/")
}

/// The name of the field that a path ends in, or that what it ends in belongs to.
fn last_field(path: &FieldPath) -> Option<Rc<str>> {
    path.0.iter().rev().find_map(|step| if let Step::Field(name) = step { Some(Rc::clone(name)) } else { None })
}

/// The line that lists the fields beside one: `kubectl explain statefulset.spec`.
fn fields_allowed(document: &Document, path: &FieldPath) -> Option<String> {
    let kind = document.value.as_ref()?.text_at(&["kind"])?.to_ascii_lowercase();
    let fields = path.0.iter().filter_map(|step| if let Step::Field(name) = step { Some(&**name) } else { None });
    let mut fields: Vec<&str> = std::iter::once(kind.as_str()).chain(fields).collect();
    fields.pop();
    Some(format!("kubectl explain {}", fields.join(".")))
}

/// Whether a path is that of the name of a volume that is mounted.
fn is_mount(path: &FieldPath) -> bool {
    path.0.iter().any(|step| matches!(step, Step::Field(name) if **name == *"volumeMounts"))
}

/// Where to point when no field is named: the document's `kind`, or its first line.
fn head_of(document: &Document) -> Span {
    document.locate(&FieldPath::of("kind"))
}

/// One plain sentence beside the server's words. `near` is the field that may have been meant by one that does not exist.
fn plain(complaint: &Complaint, document: &Document, path: Option<&FieldPath>, near: Option<&str>, words: &Text) -> String {
    let text = &words.manifest;
    let error = complaint.error();
    match path.and_then(last_field) {
        _ if complaint.words.contains(TEMPLATE) => text.template.to_owned(),
        _ if complaint.words.ends_with(UNNAMED) => (text.required)("metadata.name"),
        _ if complaint.status.is_none() && NO_OBJECT.iter().any(|words| complaint.words.contains(words)) => text.no_object.to_owned(),
        _ if complaint.misfit() == Some(MisfitReason::Outdated) => text.copied.to_owned(),
        _ if error.is_some_and(|error| error.detail == SELECTOR_MISMATCH) => text.not_selected.to_owned(),
        _ if complaint.status.is_none() && !is_served(document) => match near {
            _ if is_custom(document) => text.custom_kind.to_owned(),
            Some(near) => (text.unknown_kind_near)(near),
            None => text.unknown_kind.to_owned(),
        },
        Some(field) => match error.map(|error| &error.fault) {
            Some(Fault::NotFound(Value::Text(volume))) if path.is_some_and(is_mount) => (text.no_volume)(volume),
            _ if complaint.is_of_unknown_field() => {
                near.map_or_else(|| (text.unknown_field)(&field), |near| (text.unknown_field_near)(&field, near))
            }
            _ if complaint.is_of_missing_field() => (text.required)(&field),
            _ if complaint.is_of_fixed_field() => (text.fixed)(&field),
            _ if complaint.is_of_unfit_value() => (text.unfit)(&field),
            _ => complaint.missing_namespace().map_or_else(String::new, text.no_namespace),
        },
        None => String::new(),
    }
}

/// A span as a line and its columns.
pub(super) fn place(text: &str, span: Span) -> Place {
    let from = span.column.saturating_sub(1);
    let marked = text.get(span.start..span.end).unwrap_or_default();
    let length = marked.lines().next().map_or(0, |line| line.trim_end().chars().count());
    Place { line: span.line.max(1), columns: from..from + length }
}
