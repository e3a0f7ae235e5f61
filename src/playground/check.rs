//! What there is to say about a manifest: each document is applied to a copy of the cluster, and what kubectl prints is put beside
//! the line it is about.

use std::rc::Rc;

use super::spelling;
use crate::api::decode::not_simulated;
use crate::api::kind::Kind;
use crate::api::object::budget::Kept;
use crate::api::object::{Meta, Object};
use crate::api::status::{FieldPath, Step};
use crate::base::sort::Sort;
use crate::base::value::{Map, Value};
use crate::kubectl::files::Files;
use crate::kubectl::job::Job;
use crate::server::log::{Actor, Change};
use crate::sim::Sim;
use crate::text::{Lang, Text};
use crate::view::Prose;
use crate::view::command::{self, Entry, MANIFEST};
use crate::view::manifest::{Fix, Note, Place, Refusal, Verdicts, document_of};
use crate::yaml::{self, Document, Problem, Span};

/// How many refusals are listed. A text can be wrong in more places than anybody reads.
const REFUSALS_MOST: usize = 20;

/// Everything there is to say about a text, were it applied now.
pub fn check(sim: &Sim, text: &str, lang: Lang) -> Verdicts {
    let documents = yaml::parse(text);
    let mut verdicts = Verdicts::default();
    let mut sim = sim.clone();
    let mut accepted: Vec<&Document> = Vec::new();
    for document in documents.iter().filter(|document| !document.is_empty()) {
        if verdicts.refusals.len() >= REFUSALS_MOST {
            break;
        }
        let refused = match document.error() {
            Some(problem) => vec![unreadable(text, problem, lang.text())],
            None => refusals(&mut sim, text, document, lang.text()),
        };
        // What is refused is not kept, and does not work in another way.
        accepted.extend(refused.is_empty().then_some(document));
        verdicts.refusals.extend(refused);
    }
    verdicts.refusals.truncate(REFUSALS_MOST);
    let notes = |document: &&Document| {
        let twice = keys_that_stand_twice(text, document, lang.text());
        let found = unnamed_service(&sim, &documents, text, document, lang.text());
        let class = missing_class(&sim, text, document, lang.text());
        twice.into_iter().chain(found).chain(class).chain(stubborn_budget(&sim, text, document, lang.text())).collect::<Vec<_>>()
    };
    verdicts.notes = accepted.iter().flat_map(notes).collect();
    verdicts.kept = accepted.iter().filter_map(|document| document.value.as_ref()).flat_map(kept).collect();
    verdicts.kept.put_in_order();
    verdicts.kept.dedup();
    verdicts
}

/// Whether what was said of a text may not hold any more after a change: somebody wrote something, or something is gone that stood in the
/// way. What controllers make and keep up is no part of a manifest.
pub fn hangs_on(change: &Change) -> bool {
    let made_by_a_controller = || change.object().is_some_and(|object| object.meta().controller().is_some());
    change.by == Actor::User || change.after.is_none() && change.key.kind != Kind::Event && !made_by_a_controller()
}

/// The fields of an object that are kept and change nothing.
fn kept(object: &Value) -> Vec<String> {
    let kind = object.text_at(&["kind"]).and_then(Kind::named);
    kind.map_or(Vec::new(), |kind| not_simulated(kind, object).iter().map(ToString::to_string).collect())
}

fn unreadable(text: &str, problem: &yaml::Diagnostic, words: &Text) -> Refusal {
    let place = Some(place(text, problem.span));
    match &problem.problem {
        Problem::Refused(said) => {
            let said = format!("error: error parsing {MANIFEST}: {said}");
            Refusal { place, words: said, plain: Prose::read(words.manifest.not_yaml), fix: None, help: None }
        }
        // Our own limits are told in our own voice.
        other => Refusal { place, words: String::new(), plain: Prose::read(&(words.manifest.too_much)(other)), fix: None, help: None },
    }
}

/// Applies one document to a copy of the cluster, and takes down what kubectl prints on standard error.
fn refusals(sim: &mut Sim, text: &str, document: &Document, words: &Text) -> Vec<Refusal> {
    let files: Files = [(MANIFEST, &text[document.span.start..document.span.end])].into_iter().collect();
    let mut job = Job::new(&command::apply(), &files);
    job.poll(sim);
    let said = job.stderr();
    // A refusal of several causes lists them, each on a line of its own.
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("Warning: ")).collect();
    let (causes, whole): (Vec<&str>, Vec<&str>) = lines.into_iter().partition(|line| line.starts_with("* "));
    let complaints: Vec<String> = if causes.is_empty() {
        if whole.is_empty() { Vec::new() } else { one_by_one(whole.join("\n")) }
    } else {
        let head = whole.join("\n");
        causes.iter().enumerate().map(|(at, cause)| if at == 0 { format!("{head}\n{cause}") } else { (*cause).to_owned() }).collect()
    };
    complaints.into_iter().map(|said| refusal(text, document, said, words)).collect()
}

/// Fields that there are not stand in one line, as the server says them; each is pointed at, the first with the whole line.
fn one_by_one(said: String) -> Vec<String> {
    let unknown = said.split_once("strict decoding error: ").map_or("", |(_, unknown)| unknown).lines().next().unwrap_or_default();
    let further: Vec<String> = unknown.split(", ").skip(1).filter(|part| part.starts_with("unknown field ")).map(String::from).collect();
    std::iter::once(said).chain(further).collect()
}

/// What the server says of an object that was copied from a cluster with all that the server writes, and which field makes it say so.
const COPIED: [(&str, &str); 2] =
    [("the object has been modified; please apply", "metadata.resourceVersion"), ("Precondition failed: UID", "metadata.uid")];

fn refusal(text: &str, document: &Document, said: String, words: &Text) -> Refusal {
    let copied = COPIED.iter().find(|(words, _)| said.contains(words)).map(|(_, field)| FieldPath::of(field));
    let path = copied.or_else(|| fields_named(document, &said).into_iter().next());
    let place = place(text, path.as_ref().map_or_else(|| head_of(document), |path| document.locate(path)));
    let unknown = path.as_ref().filter(|_| said.contains("unknown field"));
    let near = unknown.zip(kind_of(document)).and_then(|(path, kind)| spelling::meant(kind, path));
    let fix = unknown.and_then(last_field).zip(near).map(|(from, to)| Fix { line: place.line, from: from.to_string(), to: to.to_owned() });
    let allowed = unknown.and_then(|path| Some(Entry::new(words.manifest.allowed, fields_allowed(document, path)?)));
    let anew = without_pods(document, &said, words);
    let then = anew.as_ref().map_or("", |_| words.manifest.taken_over);
    let plain = Prose::read(format!("{} {then}", plain(&said, path.as_ref(), near, words)).trim());
    let help = allowed.or(anew);
    Refusal { place: Some(place), words: said, plain, fix, help }
}

fn kind_of(document: &Document) -> Option<Kind> {
    Kind::named(document.value.as_ref()?.text_at(&["kind"])?)
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

/// Where a field of a set cannot be changed: the line that deletes the set and leaves its pods to the next one.
fn without_pods(document: &Document, said: &str, words: &Text) -> Option<Entry> {
    let value = document.value.as_ref().filter(|value| value.text_at(&["kind"]) == Some("StatefulSet") && is_fixed(said))?;
    let (name, namespace) = (value.text_at(&["metadata", "name"])?, value.text_at(&["metadata", "namespace"]).unwrap_or("default"));
    let rest = command::in_namespace(namespace);
    Some(Entry::new(words.manifest.without_pods, format!("kubectl delete statefulset {name} --cascade=orphan{rest}")))
}

/// Whether the server says that a field keeps its value for as long as the object is there.
fn is_fixed(said: &str) -> bool {
    ["updates", "immutable", "may not change"].iter().any(|word| said.contains(word))
}

/// Whether a path is that of the name of a volume that is mounted.
fn is_mount(path: &FieldPath) -> bool {
    path.0.iter().any(|step| matches!(step, Step::Field(name) if **name == *"volumeMounts"))
}

/// Where to point when no field is named: the document's `kind`, or its first line.
fn head_of(document: &Document) -> Span {
    document.locate(&FieldPath::of("kind"))
}

/// The fields that a refusal names, in order: paths that begin with a key of the document.
fn fields_named(document: &Document, said: &str) -> Vec<FieldPath> {
    let keys: Vec<&str> = document.value.iter().filter_map(Value::as_map).flat_map(Map::iter).map(|(key, _)| &**key).collect();
    let words = said.split(|c: char| c.is_whitespace() || "\"'`,".contains(c)).map(|word| word.trim_end_matches(':'));
    words
        .filter_map(FieldPath::read)
        .filter(|path| matches!(path.0.first(), Some(Step::Field(first)) if keys.contains(&&**first)))
        .collect()
}

/// One plain sentence beside the server's words. `near` is the field that may have been meant by one that does not exist.
fn plain(said: &str, path: Option<&FieldPath>, near: Option<&str>, words: &Text) -> String {
    let field = path.and_then(last_field);
    let text = &words.manifest;
    match field {
        _ if COPIED.iter().any(|(words, _)| said.contains(words)) => text.copied.to_owned(),
        _ if said.contains("`selector` does not match template `labels`") => text.not_selected.to_owned(),
        Some(_) if path.is_some_and(is_mount) && said.contains("Not found: ") => {
            (text.no_volume)(said.rsplit('"').nth(1).unwrap_or_default())
        }
        Some(field) if said.contains("unknown field") => {
            near.map_or_else(|| (text.unknown_field)(&field), |near| (text.unknown_field_near)(&field, near))
        }
        Some(field) if said.contains("Required value") => (text.required)(&field),
        Some(field) if is_fixed(said) => (text.fixed)(&field),
        Some(field) if said.contains("Invalid value") || said.contains("Unsupported value") => (text.unfit)(&field),
        _ if said.contains("no matches for kind") => text.unknown_kind.to_owned(),
        _ => String::new(),
    }
}

/// Keys that stand twice in one map: kubectl takes the later one, and nobody says so.
fn keys_that_stand_twice(text: &str, document: &Document, words: &Text) -> Vec<Note> {
    let twice = document.problems.iter().filter_map(|found| match &found.problem {
        Problem::DuplicateKey(key) => Some((key, found.span)),
        _ => None,
    });
    twice.map(|(key, span)| Note { place: Some(place(text, span)), words: Prose::read(&(words.manifest.twice)(key)) }).collect()
}

/// A set whose Service is neither in the manifest nor in the cluster: accepted, and its pods get no names.
fn unnamed_service(sim: &Sim, documents: &[Document], text: &str, document: &Document, words: &Text) -> Option<Note> {
    let set = document.value.as_ref().filter(|value| value.text_at(&["kind"]) == Some("StatefulSet"))?;
    let service = set.text_at(&["spec", "serviceName"]).filter(|name| !name.is_empty())?;
    let namespace = set.text_at(&["metadata", "namespace"]).unwrap_or("default");
    let there = sim.tables().find(Kind::Service, namespace, service).is_some();
    if there || document_of(documents, Kind::Service, namespace, service).is_some() {
        return None;
    }
    let place = place(text, document.locate(&FieldPath::of("spec.serviceName")));
    Some(Note { place: Some(place), words: Prose::read(&(words.manifest.no_service)(service)) })
}

/// A set whose claims name a class that there is not, and no volume of: accepted, and its pods wait.
fn missing_class(sim: &Sim, text: &str, document: &Document, words: &Text) -> Option<Note> {
    let set = document.value.as_ref().filter(|value| value.text_at(&["kind"]) == Some("StatefulSet"))?;
    let tables = sim.tables();
    let known = |class: &str| tables.class("", class).is_some() || tables.volumes().any(|volume| *volume.class == *class);
    let (at, class) = set.list_at(&["spec", "volumeClaimTemplates"]).iter().enumerate().find_map(|(at, template)| {
        let class = template.text_at(&["spec", "storageClassName"])?;
        (!class.is_empty() && !known(class)).then_some((at, class))
    })?;
    let field = FieldPath::read(&format!("spec.volumeClaimTemplates[{at}].spec.storageClassName"))?;
    Some(Note { place: Some(place(text, document.locate(&field))), words: Prose::read(&(words.manifest.no_class)(class)) })
}

/// A budget that wants every pod healthy that its workloads are to have: accepted, and no drain gets past it.
fn stubborn_budget(sim: &Sim, text: &str, document: &Document, words: &Text) -> Option<Note> {
    let value = document.value.as_ref().filter(|value| value.text_at(&["kind"]) == Some("PodDisruptionBudget"))?;
    let namespace = value.text_at(&["metadata", "namespace"]).unwrap_or("default");
    let budget = sim.tables().budget(namespace, value.text_at(&["metadata", "name"])?)?;
    let wants = |kind| {
        let workloads = sim.tables().within(kind, &budget.meta.namespace).map(Object::encode);
        let own = workloads.filter(|one| one.at(&["spec", "template"]).is_some_and(|pod| budget.selects(&Meta::decode(pod).labels)));
        own.filter_map(|one| one.int_at(&["spec", "replicas"])).sum::<i64>()
    };
    let pods = wants(Kind::StatefulSet) + wants(Kind::Deployment);
    let (field, kept) = match budget.kept {
        Kept::MinAvailable(least) => ("spec.minAvailable", least.rounded_up(pods)),
        Kept::MaxUnavailable(most) => ("spec.maxUnavailable", pods - most.rounded_up(pods)),
        Kept::Unsaid => return None,
    };
    let place = place(text, document.locate(&FieldPath::of(field)));
    let words = Prose::read(&(words.manifest.lets_none_go)(&budget.meta.name, kept, pods));
    (pods > 0 && kept >= pods).then_some(Note { place: Some(place), words })
}

/// A span as a line and its columns.
fn place(text: &str, span: Span) -> Place {
    let from = span.column.saturating_sub(1);
    let marked = text.get(span.start..span.end).unwrap_or_default();
    let length = marked.lines().next().map_or(0, |line| line.trim_end().chars().count());
    Place { line: span.line.max(1), columns: from..from + length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_simulated_is_named_once_and_as_a_whole_whatever_the_kind() {
        let container =
            "{name: a, image: b, terminationMessagePath: /t, livenessProbe: {httpGet: {path: /}}, readinessProbe: {periodSeconds: 1}}";
        let pod = format!("replicas: 1, template: {{spec: {{hostNetwork: true, containers: [{container}]}}}}");
        let fields = ["spec.template.spec.containers[0].terminationMessagePath", "spec.template.spec.hostNetwork"];
        let volume = "metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";
        let claims = format!("volumeClaimTemplates: [{{apiVersion: v1, kind: PersistentVolumeClaim, {volume}}}]");
        for (text, want) in [
            (format!("kind: StatefulSet\nspec: {{{pod}, {claims}}}\n"), &fields[..]),
            (format!("kind: Deployment\nspec: {{{pod}}}\n"), &fields),
            ("kind: Service\nspec: {clusterIP: None, ports: [{port: 80}]}\n".to_owned(), &[]),
            ("kind: Job\nspec: {completions: 2, suspend: true, template: {}}\n".to_owned(), &["spec.suspend"]),
        ] {
            let found: Vec<String> = yaml::parse(&text).iter().filter_map(|document| document.value.as_ref()).flat_map(kept).collect();
            assert_eq!(found, want, "{text}");
        }
    }
}
