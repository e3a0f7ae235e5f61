//! What there is to say about a manifest: each document is applied to a copy of the cluster, and what kubectl prints is put beside
//! the line it is about.

mod further;
mod reading;
mod refused;
mod shapes;
mod values;

use std::rc::Rc;

use super::manifest_error::{Cause, ManifestError, is_mount};
use super::yaml_fixes::{MAX_SOUGHT, MAX_TEXT, YamlFixes};
use super::{notes, outdated, pasted_chars, printed, spelling, unsimulated};
use crate::applied::is_same;
use crate::documents::{kind_of, objects, place};
use api::client::Client;
use api::kind::Kind;
use api::schema::Element;
use api::status::{Fault, MisfitReason};
use base::field_path::FieldPath;
use base::sort::Sort;
use base::value::Value;
use causes::command::{self, Entry, MANIFEST, Naming};
use further::LookedPast;
use kubectl::failure::Failure;
use kubectl::files::Files;
use kubectl::job::Job;
use kubectl::settings;
use reading::unreadable;
use refused::create_namespace;
use server::log::{Actor, Change};
use shapes::{is_list, listed};
use sim::Sim;
use text::{Lang, Prose, Text};
use values::{boolean, fields_allowed, is_of_selection, last_field, matching, mounted, quoted, sized, spelled, unquoted, without_versions};
use view::manifest::{Defined, Fix, LineSpan, Refusal, Verdicts, key_of};
use yaml::{self, Document, Documents, Span};

/// A list of more objects is applied without a look at it before.
const MAX_LISTED: usize = 500;
/// How many refusals are listed. A text can be wrong in more places than anybody reads.
const MAX_REFUSALS: usize = 20;
/// The fields in whose values a kubelet expands `$(NAME)`.
const EXPANDED: [&str; 3] = ["command", "args", "value"];

/// A text that was looked at.
pub struct Checked {
    /// Everything there is to say about it, were it applied now.
    pub verdicts: Verdicts,
    /// The objects it defines, as far as they were read.
    pub objects: Rc<[Document]>,
}

/// A text that is being looked at, one document after another.
#[derive(Clone, Debug)]
pub struct ManifestChecker {
    /// A copy of the cluster, to which the text is applied.
    sim: Sim,
    /// The cluster as it is. kubectl looks custom kinds up in this one, whatever the text defines.
    before: Sim,
    /// The current namespace.
    current: String,
    text: Rc<str>,
    lang: Lang,
    /// The objects that have been stored already as they stand in the text: they are not refused any more.
    settled: Rc<[Document]>,
    /// The documents that are still to be read.
    unread: Documents,
    /// All objects of the text that were read, stored or not.
    all: Vec<Document>,
    /// Whether what is left of the text is no manifest.
    is_left_out: bool,
    /// How many of the stored objects were looked at.
    noted: usize,
    /// How many documents could not be read.
    unreadable: usize,
    /// Whether kubectl reads the file up to here.
    reads_on: bool,
    /// Namespaces that do not exist. The copy has those that can be, so that the rest of the text can be checked.
    missing: Vec<String>,
    /// What a tool is to fill in, each with the place of its refusal.
    holes: Vec<(String, usize)>,
    stored: Vec<Document>,
    /// What would be stored if only its namespace existed.
    blocked: Vec<Document>,
    verdicts: Verdicts,
    /// The look at the text as it would be with all corrections made, while that goes on.
    mended: Option<Box<ManifestChecker>>,
    /// How often the text may still be mended.
    rounds: usize,
    /// What stands in for values of which nobody knows what was meant, so that one can look past them.
    stand_ins: Vec<Fix>,
    /// The fields that they stand in for.
    looked_past: Vec<LookedPast>,
    /// The fields of this text that stand in for others already.
    seen_past: Vec<LookedPast>,
}

impl ManifestChecker {
    /// Begins to look at a text that would be applied with the kubeconfig among these files.
    pub fn new(sim: &Sim, files: &Files, text: &Rc<str>, settled: Rc<[Document]>, lang: Lang) -> ManifestChecker {
        ManifestChecker::over(sim, settings::current_namespace(files).to_owned(), text, settled, lang)
    }

    /// The same in a current namespace.
    fn over(sim: &Sim, current: String, text: &Rc<str>, settled: Rc<[Document]>, lang: Lang) -> ManifestChecker {
        ManifestChecker {
            sim: sim.clone(),
            before: sim.clone(),
            current,
            text: Rc::clone(text),
            lang,
            settled,
            unread: Documents::of(text),
            all: Vec::new(),
            is_left_out: false,
            noted: 0,
            unreadable: 0,
            reads_on: true,
            missing: Vec::new(),
            holes: Vec::new(),
            stored: Vec::new(),
            blocked: Vec::new(),
            verdicts: Verdicts::default(),
            mended: None,
            rounds: further::ROUNDS,
            stand_ins: Vec::new(),
            looked_past: Vec::new(),
            seen_past: Vec::new(),
        }
    }

    /// Whether this is a look at a text that would be applied with the kubeconfig among these files to a cluster as it is. The time alone
    /// changes nothing of what the server says.
    pub fn is_of(&self, sim: &Sim, files: &Files, text: &Rc<str>, lang: Lang) -> bool {
        let same = |of: &Sim| (of.log().len(), of.steps());
        let in_same_namespace = settings::current_namespace(files) == self.current;
        self.lang == lang && in_same_namespace && same(&self.before) == same(sim) && is_same(&self.text, text)
    }

    /// Looks at the next document, at the next object of those that would be stored, or at the mended text; whether there was one.
    pub fn step(&mut self) -> bool {
        if let Some(document) = self.unread.next() {
            if !document.is_empty() {
                self.apply_next(&document);
            }
            true
        } else {
            self.note_next().is_some() || self.mend_next()
        }
    }

    /// Whether nothing of the text is passed over as stored before.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.settled.is_empty()
    }

    /// Looks at all that is left, and says what there is to say. Asked again, the answer is the same.
    pub fn finish(&mut self) -> Checked {
        while self.step() {}
        let missing = self.missing();
        let mut verdicts = self.verdicts.clone();
        for names in [&mut verdicts.kept, &mut verdicts.images, &mut verdicts.programs] {
            names.sort_small();
            names.dedup();
        }
        verdicts.kept = unsimulated::once(verdicts.kept);
        let mut fixes: Vec<Fix> = Vec::new();
        for fix in verdicts.fixes {
            if !fixes.contains(&fix) {
                fixes.push(fix);
            }
        }
        verdicts.fixes = fixes;
        verdicts.missing = missing;
        Checked { verdicts, objects: self.all.clone().into() }
    }

    fn apply_next(&mut self, document: &Document) {
        let objects = objects(std::slice::from_ref(document));
        self.all.extend_from_slice(&objects);
        if self.is_left_out {
            return;
        }
        if self.verdicts.refusals.len() >= MAX_REFUSALS {
            // What is not listed is mended all the same, with everything else.
            self.verdicts.fixes.extend(objects.iter().filter_map(|object| outdated::fix(&self.text, object)));
            return;
        }
        let is_looked_at = objects.len() <= MAX_LISTED;
        let (blamed, goes_on) = if is_looked_at { self.apply(document, &objects) } else { (Vec::new(), true) };
        self.reads_on &= goes_on;
        for (at, object) in objects.into_iter().enumerate() {
            // What is refused is not kept, and does not work in another way.
            let refusal = blamed.iter().find(|(blamed, _)| *blamed == at).map(|(_, refusal)| *refusal);
            if self.verdicts.refused_set.is_none() {
                self.verdicts.refused_set = self.refused_set(&object, refusal);
            }
            if self.reads_on && refusal.is_none() {
                if self.stores(&object) {
                    self.stored.push(object);
                } else {
                    self.blocked.push(object);
                }
            }
        }
    }

    /// Looks at the next object of those that would be stored, in the cluster to which the whole text was applied; `None` after the last.
    fn note_next(&mut self) -> Option<()> {
        let document = self.stored.get(self.noted)?;
        self.noted += 1;
        let all = Defined { documents: &self.all, current: &self.current };
        let mut notes = notes::all(&self.sim, &self.text, all, std::slice::from_ref(document), self.lang.text());
        let verdicts = &mut self.verdicts;
        verdicts.fixes.extend(notes.iter().filter_map(|note| note.fix.clone()));
        verdicts.notes.append(&mut notes);
        if let Some(object) = &document.value {
            verdicts.kept.append(&mut unsimulated::parts(object, self.sim.release()));
            verdicts.images.append(&mut notes::unknown_images(object, &self.sim));
            verdicts.programs.append(&mut notes::unknown_programs(object));
        }
        Some(())
    }
}

/// Whether what was said of a text may not hold any more after a change: somebody wrote something, a node came, or something is gone. What
/// controllers make and keep up is no part of a manifest.
pub fn hangs_on(change: &Change) -> bool {
    let is_node = change.key.kind == Kind::Node && change.before.is_none();
    let made_by_a_controller = || change.object().is_some_and(|object| object.meta().controller().is_some());
    change.by == Actor::User || is_node || change.after.is_none() && change.key.kind != Kind::Event && !made_by_a_controller()
}

impl ManifestChecker {
    /// Applies one document, and takes down what is refused: which of its objects that is about, each with the place of its refusal, and
    /// whether kubectl reads on.
    fn apply(&mut self, document: &Document, objects: &[Document]) -> (Vec<(usize, usize)>, bool) {
        let all = (0..objects.len()).map(|at| (at, self.verdicts.refusals.len())).collect();
        if let Some(problem) = document.error() {
            self.unreadable += 1;
            let (refusal, hole) = match self.is_printed(document) {
                Some(refusal) => (refusal, None),
                None => unreadable(&self.yaml_fixes(document), problem),
            };
            self.holes.extend(hole.map(|hole| (hole, self.verdicts.refusals.len())));
            self.refuse(refusal);
            return (all, false);
        }
        let complaints = if is_custom(document) && !self.is_known(document) {
            let after = std::mem::replace(&mut self.sim, self.before.clone());
            let complaints = self.complaints(document);
            self.sim = after;
            complaints
        } else {
            self.complaints(document)
        };
        if complaints.iter().any(|complaint| complaint.misfit() == Some(MisfitReason::NoObject))
            && let Some(refusal) = self.is_printed(document)
        {
            self.refuse(refusal);
            return (all, false);
        }
        let (mut blamed, mut goes_on) = (Vec::new(), true);
        for complaint in &complaints {
            let at = complaint.at;
            if objects.get(at).is_some_and(|object| self.settled.iter().any(|stored| stored.span == object.span)) {
                continue;
            }
            goes_on &= !complaint.ends_the_file;
            let object = objects.get(at).unwrap_or(document);
            if complaint.is_of_fixed_field() && self.verdicts.replaces_other.is_none() {
                self.verdicts.replaces_other = self.other_set(object);
            }
            let beside = complaints.iter().filter(|other| other.at == at);
            let told = !complaint.follows(object, beside) && !self.is_of_stand_in(object, complaint);
            let told = told.then(|| self.refusal(object, complaint));
            let (refusal, hole) = told.unzip();
            // What is left open in many places is told once.
            let known = hole.flatten().and_then(|hole| self.hole_at(hole));
            // What only lacks its namespace is looked at further.
            if complaint.missing_namespace().is_none() {
                blamed.push((at, known.unwrap_or(self.verdicts.refusals.len())));
            }
            if let Some(refusal) = refusal.filter(|_| known.is_none()) {
                if refusal.fix.is_none() {
                    self.look_past(object, complaint);
                }
                self.refuse(refusal);
            }
        }
        (blamed, goes_on)
    }

    /// The place of the refusal that told of something that a tool is to fill in, if one did; from now on, one does.
    fn hole_at(&mut self, hole: String) -> Option<usize> {
        let known = self.holes.iter().find(|(known, _)| *known == hole).map(|(_, at)| *at);
        if known.is_none() {
            self.holes.push((hole, self.verdicts.refusals.len()));
        }
        known
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.verdicts.fixes.extend(refusal.fix.clone());
        if self.verdicts.refusals.len() < MAX_REFUSALS {
            self.verdicts.refusals.push(refusal);
        }
    }

    /// What there is to say where a document is what kubectl or a shell has printed. Then the rest of the text is, too.
    fn is_printed(&mut self, document: &Document) -> Option<Refusal> {
        let (line, what) = printed::find(&self.text[document.span.start..], document.span.line)?;
        self.is_left_out = true;
        let words = self.lang.text().manifest;
        let plain = Prose::read([words.printed_session(), words.printed_table(), words.printed_description()][what]);
        Some(Refusal {
            place: Some(LineSpan { line, columns: 0..0 }),
            words: String::new(),
            whole: "".into(),
            plain,
            fix: None,
            help: None,
        })
    }

    /// Whether the cluster would know the custom kind of a document, with all that comes before it in the text.
    fn defines(&self, document: &Document) -> bool {
        serves(&self.sim, document)
    }

    /// Whether the cluster knows the custom kind of a document before anything is applied.
    fn is_known(&self, document: &Document) -> bool {
        serves(&self.before, document)
    }

    fn yaml_fixes(&self, document: &Document) -> YamlFixes<'_> {
        let sought = self.text.len() <= MAX_TEXT && self.unreadable <= MAX_SOUGHT;
        YamlFixes { text: &self.text, document: document.span, release: self.sim.release(), words: self.lang.text(), sought }
    }

    /// What kubectl complains about when it applies a document; of each missing namespace once.
    fn complaints(&mut self, document: &Document) -> Vec<ManifestError> {
        let text = self.text[document.span.start..document.span.end].to_owned();
        let failure = self.run(&command::apply(), &text);
        let mut all = failure.as_ref().map_or_else(Vec::new, ManifestError::all);
        all.retain(|one| one.missing_namespace().is_none_or(|name| !self.missing.iter().any(|missing| missing == name)));
        let (mut homeless, others): (Vec<ManifestError>, Vec<ManifestError>) =
            all.into_iter().partition(|one| one.missing_namespace().is_some());
        if homeless.is_empty() {
            return others;
        }
        homeless.retain(|one| {
            let namespace = one.missing_namespace().unwrap_or_default();
            let is_first = self.missing.iter().all(|missing| missing != namespace);
            if is_first {
                self.run(&command::create_namespace(namespace), "");
                self.missing.push(namespace.to_owned());
            }
            is_first
        });
        homeless.extend(self.complaints(document));
        homeless
    }

    /// Runs a command; why it fails.
    fn run(&mut self, line: &str, text: &str) -> Option<Failure> {
        let files: Files = [(MANIFEST, text), (settings::PATH, settings::text(&self.current).as_str())].into_iter().collect();
        let mut job = Job::new(line, &files);
        job.poll(&mut self.sim);
        job.failure().cloned()
    }

    /// Whether an object that nobody complains about would be stored.
    fn stores(&self, object: &Document) -> bool {
        let key = key_of(object, &self.current);
        key.is_none_or(|key| !self.missing.iter().any(|missing| **missing == *key.namespace))
    }

    /// What there is to say of a complaint, and what a tool is to fill in there.
    fn refusal(&self, document: &Document, complaint: &ManifestError) -> (Refusal, Option<String>) {
        let (text, words) = (&*self.text, self.lang.text());
        let namespace = complaint.missing_namespace();
        let newer = outdated::version(document).filter(|_| complaint.status.is_none());
        let kind = kind_meant(document).filter(|_| complaint.status.is_none());
        let field = match (&newer, &kind) {
            (Some(_), _) => Some("apiVersion"),
            (None, Some(_)) => Some("kind"),
            (None, None) if complaint.cause == Some(Cause::Unnamed) => Some("metadata"),
            (None, None) => namespace.map(|_| "metadata.namespace"),
        };
        let path = field.map(FieldPath::of).or_else(|| complaint.field(document));
        let wanted = complaint.misfit().and_then(|why| if let MisfitReason::WrongType(wanted) = why { wanted } else { None });
        let sized = path.as_ref().filter(|_| wanted == Some(Element::Quantity)).and_then(|path| sized(text, document, path));
        let (wants_text, wants_number) = (wanted == Some(Element::Text), matches!(wanted, Some(Element::Int32 | Element::Int64)));
        let quoted = path.as_ref().filter(|_| wants_text).and_then(|path| quoted(text, document, path));
        let is_misplaced = complaint.misfit() == Some(MisfitReason::WrongType(None));
        let hint = match &quoted {
            Some(_) => words.manifest.in_quotes(),
            None if wants_number => words.manifest.whole_number(),
            None if wanted == Some(Element::Quantity) => words.manifest.quantity(),
            None if is_misplaced && path.as_ref().is_some_and(|path| is_list(document, path)) => words.manifest.a_list(),
            None => "",
        };
        let quoted = quoted.or_else(|| path.as_ref().filter(|_| wants_number).and_then(|path| unquoted(text, document, path)));
        let quoted =
            quoted.or_else(|| path.as_ref().filter(|_| wanted == Some(Element::Bool)).and_then(|path| boolean(text, document, path)));
        let unknown = path.as_ref().filter(|_| complaint.misfit() == Some(MisfitReason::Unknown));
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
        let spelled = || spelled(text, document, path.as_ref().filter(|_| !is_custom(document))?, complaint);
        let fix = fix.or_else(|| newer.and_then(|_| outdated::fix(text, document)));
        let lacks_selector = complaint.is_of_missing_field() && path.as_ref() == Some(&FieldPath::of("spec.selector"));
        let fix = fix.or_else(|| outdated::selector(text, document).filter(|_| lacks_selector));
        let all = Defined { documents: &self.all, current: &self.current };
        let fix = fix.or_else(|| matching(text, document, all).filter(|_| is_of_selection(complaint)));
        let fix = fix.or_else(|| path.as_ref().and_then(|path| mounted(text, document, path, complaint)));
        let fix = fix.or_else(|| path.as_ref().filter(|_| is_misplaced).and_then(|path| listed(text, document, path)));
        let fix = fix.or_else(|| outdated::versioned(text, document).filter(|_| complaint.misfit() == Some(MisfitReason::NoObject)));
        let fix = fix.or(kind.clone().or(quoted).or(sized).or_else(spelled).map(|(from, to)| Fix::Word { line: place.line, from, to }));
        let fix =
            fix.or_else(|| complaint.misfit().filter(|why| *why == MisfitReason::Outdated).and_then(|_| without_versions(text, document)));
        let stray = pasted_chars::find(text, document.span, place.line, words);
        let (stray, mended) = stray.map(|stray| (stray.words, stray.fix)).unzip();
        let metadata = FieldPath::of("metadata");
        // A text where the metadata should be.
        let joined = Some(document.locate(&metadata).line).filter(|_| complaint.cause == Some(Cause::Undecodable(metadata)));
        let joined = joined.and_then(|line| (line..line + 2).find_map(|line| self.yaml_fixes(document).blank(line)));
        let place = joined.as_ref().map_or(place, |yaml_fix| LineSpan { line: yaml_fix.line, columns: 0..0 });
        let (joined, unjoined) = joined.map(|yaml_fix| (yaml_fix.words, yaml_fix.fix)).unwrap_or_default();
        let hole =
            printed::hole(text, &place).filter(|_| !path.as_ref().and_then(last_field).is_some_and(|field| EXPANDED.contains(&&*field)));
        let fix = mended.or(unjoined).or(fix).filter(|_| hole.is_none());
        let allowed = unknown.and_then(|path| Some(Entry::new(words.manifest.allowed(), fields_allowed(document, path)?)));
        let other = complaint.is_of_fixed_field().then(|| self.other_set(document)).flatten();
        let anew = (complaint.is_of_fixed_field() && other.is_none()).then(|| self.without_pods(document)).flatten();
        let then = anew.as_ref().map_or("", |_| words.manifest.taken_over());
        let told = plain(complaint, document, path.as_ref(), near, self.defines(document), words);
        let plain = match (hole, other) {
            (Some((line, hole)), _) => words.manifest.template(hole, line),
            (None, Some(set)) => words.manifest.another_set(&set.name),
            (None, None) => format!("{}{joined} {hint}{told} {then}", stray.unwrap_or_default()),
        };
        let plain = Prose::read(plain.trim());
        let namespace = namespace.filter(|name| self.can_be_made(name)).map(|name| create_namespace(name, words));
        let help = allowed.or(anew).or(namespace);
        let hole = hole.map(|(_, hole)| hole.to_owned());
        let (words, whole) = (complaint.words.clone(), Rc::clone(&complaint.whole));
        (Refusal { place: Some(place), words, whole, plain, fix, help }, hole)
    }

    /// Where a field of a set cannot be changed: the line that deletes the set and leaves its pods to the next one.
    fn without_pods(&self, document: &Document) -> Option<Entry> {
        let key = key_of(document, &self.current).filter(|key| key.kind == Kind::StatefulSet)?;
        let naming = Naming::of(&key.namespace, &self.current);
        Some(Entry::new(self.lang.text().manifest.without_pods(), naming.delete(key.kind, &format!("{} --cascade=orphan", key.name))))
    }
}

/// The kind of a document that no kind has, and the one that was probably meant.
fn kind_meant(document: &Document) -> Option<(String, String)> {
    let kind = document.value.as_ref()?.text_at(&["kind"]).filter(|kind| Kind::named(kind).is_none() && !is_custom(document))?;
    Some((kind.to_owned(), spelling::kind_meant(kind)?.to_owned()))
}

/// Whether the kind of a document is served in the version that it names, as far as it names both.
fn is_served(document: &Document) -> bool {
    let named = |field| document.value.as_ref()?.text_at(&[field]);
    named("apiVersion").zip(named("kind")).is_none_or(|(version, kind)| Kind::of(version, kind).is_some())
}

/// Whether a cluster knows the custom kind of a document.
fn serves(sim: &Sim, document: &Document) -> bool {
    let named = |field| document.value.as_ref()?.text_at(&[field]);
    let (version, kind) = (named("apiVersion").unwrap_or_default(), named("kind").unwrap_or_default());
    sim.custom_kinds().iter().any(|known| known.serves(version, kind))
}

/// Whether the kind of a document is none of Kubernetes' own, by its group.
fn is_custom(document: &Document) -> bool {
    let named = |field| document.value.as_ref()?.text_at(&[field]);
    Kind::is_foreign(named("apiVersion").unwrap_or_default(), named("kind").unwrap_or_default())
}

/// Where to point when no field is named: the document's `kind`, or its first line.
fn head_of(document: &Document) -> Span {
    document.locate(&FieldPath::of("kind"))
}

/// One plain sentence beside the server's words. `near` is the field that may have been meant by one that does not exist; `is_defined`
/// says whether what was applied so far defines the document's kind.
fn plain(
    complaint: &ManifestError,
    document: &Document,
    path: Option<&FieldPath>,
    near: Option<&str>,
    is_defined: bool,
    words: &Text,
) -> String {
    let text = &words.manifest;
    let error = complaint.error();
    match path.and_then(last_field) {
        _ if complaint.cause == Some(Cause::Unnamed) => text.required("metadata.name"),
        _ if complaint.misfit() == Some(MisfitReason::NoObject) => text.no_object().to_owned(),
        _ if complaint.misfit() == Some(MisfitReason::Outdated) => text.copied().to_owned(),
        _ if is_of_selection(complaint) => text.not_selected().to_owned(),
        _ if complaint.status.is_none() && !is_served(document) => match near {
            _ if is_custom(document) && is_defined => text.custom_kind_late().to_owned(),
            _ if is_custom(document) => text.custom_kind().to_owned(),
            Some(near) => text.unknown_kind_near(near),
            None => text.unknown_kind().to_owned(),
        },
        Some(field) => match error.map(|error| &error.fault) {
            Some(Fault::NotFound(Value::Text(volume))) if path.is_some_and(is_mount) => text.no_volume(volume),
            _ if complaint.misfit() == Some(MisfitReason::Unknown) => {
                near.map_or_else(|| text.unknown_field(&field), |near| text.unknown_field_near(&field, near))
            }
            _ if complaint.is_of_missing_field() => text.required(&field),
            _ if complaint.is_of_fixed_field() => text.fixed(&field),
            _ if complaint.is_of_unfit_value() => text.unfit(&field),
            _ => complaint.missing_namespace().map_or_else(String::new, |name| text.no_namespace(name)),
        },
        None => String::new(),
    }
}
