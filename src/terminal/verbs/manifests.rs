//! Manifests given with `-f`: paths to files, files to documents, documents to objects of known kinds.
//!
//! Models k8s.io/cli-runtime/pkg/resource/visitor.go and builder.go. A URL is read from the file of that name, if there is one.
//! Not modelled: that kubectl until 1.37 checks a list as a whole, and the fields of its items by itself. Here 1.38 reads lists.

use crate::manifest::Manifest;
use api::custom;
use api::decode::{Decoded, check_older, decode, unknown_field_words};
use api::kind::Kind;
use api::release::Release;
use api::status::{Misfit, MisfitReason, Status};
use api::view;
use base::field_path::FieldPath;
use base::note::Note;
use base::value::Value;
use kubectl::call::Call;
use kubectl::commands::command::CommandQuirk;
use kubectl::failure::{Failure, ShapeError};
use kubectl::files::{Files, is_address};
use kubectl::resources::{kind_of, not_simulated};
use kubectl::select::Filter;
use kubectl::session::Session;

/// The extensions of files that are read from a directory.
const ENDINGS: [&str; 3] = [".json", ".yaml", ".yml"];

/// The kind of a mixed list, and the suffix of other list kinds.
const LIST: &str = "List";
/// The name of standard input in messages.
const STDIN: &str = "STDIN";
/// The name in messages of what an editor was left with.
const EDITED: &str = "edited-file";

/// Whether the command has `-f`.
pub fn are_given(call: &Call) -> bool {
    call.flags.given("filename") || call.flags.given("kustomize")
}

/// Reads the objects of every file that the selector takes, in order. The outer error stops everything; an inner one concerns one
/// object, or the rest of a file.
pub fn read(call: &Call, session: &mut Session, strict: bool) -> Result<Vec<Result<Manifest, Failure>>, Failure> {
    let mut objects = read_all(call, session, strict)?;
    let filter = Filter::of_files(call)?;
    objects.retain(|read| read.as_ref().map_or(true, |manifest| filter.passes(&manifest.object)));
    Ok(objects)
}

/// The same, whatever the selector takes.
pub fn read_all(call: &Call, session: &mut Session, strict: bool) -> Result<Vec<Result<Manifest, Failure>>, Failure> {
    if call.flags.given("kustomize") {
        return Err(Failure::not_simulated("kustomize"));
    }
    let lenience = Lenience::of(call)?;
    let strict = strict && lenience != Lenience::Ignore;
    let files = paths(call, session).inspect_err(|_| {
        let notes: Vec<Note> = absent(call, &session.around.files).collect();
        notes.into_iter().for_each(|note| session.output.hint(note));
    })?;
    let mut objects = Vec::new();
    for (source, text) in files {
        let first = objects.len();
        read_file(&source, &text, strict, call, session, &mut objects);
        if lenience != Lenience::Strict {
            objects[first..].iter_mut().flatten().for_each(|manifest| lenience.forgive(manifest, session));
        }
    }
    Ok(objects)
}

/// Reads the objects of what an editor was left with, each where it says that it is.
pub fn read_edited(text: &str, call: &Call, session: &mut Session) -> Vec<Result<Manifest, Failure>> {
    let mut objects = Vec::new();
    read_file(EDITED, text, false, call, session, &mut objects);
    objects
}

/// How unknown fields are handled. Models cmdutil.GetValidationDirective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lenience {
    /// They are refused.
    Strict,
    /// They are dropped, and told of.
    Warn,
    /// They are dropped.
    Ignore,
}

impl Lenience {
    /// What `--validate` says.
    pub fn of(call: &Call) -> Result<Self, Failure> {
        match call.flags.text("validate").unwrap_or("strict") {
            "strict" | "true" => Ok(Lenience::Strict),
            "warn" => Ok(Lenience::Warn),
            "ignore" | "false" => Ok(Lenience::Ignore),
            other => Err(Failure::client(format!(
                "invalid - validate option {other:?}; must be one of: strict (or true), warn, ignore (or false)"
            ))),
        }
    }

    /// Drops unknown fields, as the server does unless it is told to be strict.
    fn forgive(self, manifest: &mut Manifest, session: &mut Session) {
        let Ok(Decoded { object, unknown }) = decode(manifest.kind, &manifest.object) else { return };
        if unknown.is_empty() {
            return;
        }
        manifest.written = Some(std::mem::replace(&mut manifest.object, object));
        for path in unknown.iter().filter(|_| self == Lenience::Warn) {
            session.output.warn(&unknown_field_words(path));
        }
    }
}

/// Drops unknown fields, with a warning about each: for a command that does not ask the server to be strict.
pub fn forgive(manifest: &mut Manifest, session: &mut Session) {
    Lenience::Warn.forgive(manifest, session);
}

/// Whether a single file is given, however many objects it holds. Models builder.go visitByPaths.
pub fn is_one(call: &Call, session: &Session) -> bool {
    paths(call, session).is_ok_and(|files| matches!(files.as_slice(), [(path, _)] if path != STDIN))
}

/// What there is to say of the files named by the flags that are not there.
fn absent<'a>(call: &'a Call, files: &'a Files) -> impl Iterator<Item = Note> + 'a {
    let named = call.flags.list("filename").into_iter().filter(|path| *path != "-" && !is_address(path));
    let is_absent = move |path: &&str| files.get(path).is_none() && files.glob(path).is_some_and(|found| found.is_empty());
    named.filter(is_absent).map(|path| Note::NoFile(path.to_owned()))
}

/// The files named by the flags, with their contents. Models builder.go FilenameParam and expandIfFilePattern.
fn paths(call: &Call, session: &Session) -> Result<Vec<(String, String)>, Failure> {
    let files = &session.around.files;
    let mut found = Vec::new();
    let mut failures = Vec::new();
    for path in call.flags.list("filename") {
        if path == "-" {
            found.push((STDIN.to_owned(), session.around.stdin.to_string()));
        } else if files.get(path).is_some() || files.is_folder(path) {
            in_paths(&[path.to_owned()], call, files).map_or_else(|why| failures.push(why), |files| found.extend(files));
        } else if is_address(path) {
            failures.push(Failure::NotSimulated(Note::Reads(path.to_owned())));
        } else {
            let matched = files.glob(path).ok_or_else(|| format!("pattern {path:?} is not valid: syntax error in pattern"));
            let matched = matched.and_then(|all| if all.is_empty() { Err(format!("the path {path:?} does not exist")) } else { Ok(all) });
            match matched.map_err(Failure::Client).and_then(|matched| in_paths(&matched, call, files)) {
                Ok(files) => found.extend(files),
                Err(why) => failures.push(why),
            }
        }
    }
    Failure::from_all(failures).map(|()| found)
}

/// The files at these paths: each file itself, of each folder the manifests in it. Models builder.go Path.
fn in_paths(paths: &[String], call: &Call, files: &Files) -> Result<Vec<(String, String)>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if let Some(text) = files.get(path) {
            found.push((path.clone(), text.to_owned()));
            continue;
        }
        let all = if call.flags.on("recursive") { files.below(path) } else { files.in_folder(path) };
        let is_manifest = |p: &str| ENDINGS.iter().any(|e| p.ends_with(e));
        found.extend(all.into_iter().filter(|(p, _)| is_manifest(p)).map(|(p, t)| (p, t.to_string())));
    }
    if found.is_empty() {
        let (paths, known) = (paths.join(" "), ENDINGS.join(" "));
        return Err(Failure::client(format!("error reading [{paths}]: recognized file extensions are [{known}]")));
    }
    Ok(found)
}

fn read_file(source: &str, text: &str, strict: bool, call: &Call, session: &mut Session, out: &mut Vec<Result<Manifest, Failure>>) {
    for document in yaml::parse(text) {
        if document.is_empty() {
            continue;
        }
        let value = match (document.error().map(|d| &d.problem), document.value.clone()) {
            (None, Some(value)) => value,
            (Some(problem), _) if !problem.is_limit() => {
                out.push(Err(Failure::Unreadable(source.to_owned(), problem.clone())));
                return;
            }
            (problem, _) => {
                let why = problem.map(ToString::to_string).unwrap_or_default();
                out.push(Err(Failure::NotSimulated(Note::ReadsPart(source.to_owned(), why))));
                return;
            }
        };
        let is_checked = strict && !session.client.release().takes_items_without_kinds;
        let parts = match take_apart(source, value.clone(), is_checked) {
            Ok(parts) => parts,
            Err(failure) => {
                out.push(Err(failure));
                continue;
            }
        };
        // Of a list's items, nobody looks at the metadata first.
        let is_list = parts.as_slice() != [value.clone()];
        let mut objects = Vec::new();
        for (item, part) in parts.into_iter().enumerate() {
            let wrong = if strict { wrong_shape(&part) } else { Vec::new() };
            if !wrong.is_empty() {
                out.push(Err(Failure::WrongShape(source.to_owned(), item, wrong)));
                return;
            }
            let checked = if is_list { Ok(()) } else { check_metadata(source, &part, call.command.has(CommandQuirk::PrintsStructs)) };
            match checked {
                Ok(()) => objects.extend(flatten(part)),
                Err(failure) => out.push(Err(failure)),
            }
        }
        let list = Some(out.len()).filter(|_| objects != [value]);
        for object in objects {
            let kind = kind_among(&object, out, call, session);
            out.push(one(source, object, kind, list, call, session));
        }
    }
}

/// The items of a list, which kubectl takes apart before it checks anything; any other object alone. One that is called a
/// list and has no items is looked up as an object of that kind, without a name.
fn take_apart(source: &str, value: Value, is_checked: bool) -> Result<Vec<Value>, Failure> {
    let (version, kind) = (view::text(&value, &["apiVersion"]), view::text(&value, &["kind"]));
    let is_list = |of: &str| of.is_empty() && version == "v1" || Kind::of(version, of).is_some();
    let Some(of) = kind.strip_suffix(LIST).filter(|of| is_list(of)) else { return Ok(vec![value]) };
    match value.get("items") {
        Some(Value::Null) => Ok(Vec::new()),
        Some(Value::List(items)) => {
            let named = items.iter().map(|item| if is_checked { item.clone() } else { named(item, of, version) });
            let parts: Result<Vec<_>, _> = named.map(|item| take_apart(source, item, is_checked)).collect();
            Ok(parts?.concat())
        }
        Some(other) => {
            let (found, wanted) = (go_word(other), "Go struct field decodeList.items of type []map[string]interface {}");
            Err(Failure::client(format!("unable to decode {source:?}: json: cannot unmarshal {found} into {wanted}")))
        }
        None => {
            let version = if version.contains('/') { version.to_owned() } else { format!("/{version}") };
            let namespace = if Kind::named(of).is_some_and(Kind::is_namespaced) { "default" } else { "" };
            let plural = kind.to_ascii_lowercase() + "s";
            Err(Failure::client(format!(
                "error when retrieving current configuration of:\nResource: \"{version}, Resource={plural}\", GroupVersionKind: \
                 \"{version}, Kind={kind}\", Name: \"\", Namespace: {namespace:?}\nfrom server for: {source:?}: resource name may not be empty"
            )))
        }
    }
}

/// What Go's decoder calls a value.
fn go_word(value: &Value) -> &'static str {
    match value {
        Value::Map(_) => "object",
        Value::List(_) => "array",
        Value::Text(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    }
}

/// What kubectl has to say against an object before it asks the server: the errors in the fields that identify its type. Models
/// resource.ValidateSchema and validation.go getObjectKind.
pub fn wrong_shape(value: &Value) -> Vec<ShapeError> {
    match value {
        Value::Map(_) => ["apiVersion", "kind"].into_iter().filter_map(|field| complaint_about(field, value)).collect(),
        _ => vec![invalid_object()],
    }
}

fn invalid_object() -> ShapeError {
    let misfit = Misfit { path: FieldPath::root(), reason: MisfitReason::NoObject };
    ShapeError { misfit, words: "invalid object to validate".to_owned() }
}

/// The check before kubectl looks the kind up. Models metadataValidatingDecoder, and for maps unstructuredJSONScheme, which does
/// without an `apiVersion`.
fn check_metadata(source: &str, value: &Value, structs: bool) -> Result<(), Failure> {
    let is_set = |field: &str| !view::text(value, &[field]).is_empty() || field != "kind" && value.get(field).is_some();
    let undecodable = |field: FieldPath, why: String| Failure::Undecodable(source.to_owned(), field, why);
    let is_map = matches!(value, Value::Map(_));
    for (field, name, needed) in [("kind", "Kind", is_map || structs), ("apiVersion", "apiVersion", structs)] {
        if needed && !is_set(field) {
            return Err(undecodable(FieldPath::of(field), format!("Object '{name}' is missing in '{}'", value.to_json())));
        }
    }
    // Any kind will do: the metadata of all kinds have the same type.
    let metadata = || Value::of([("metadata", value.get("metadata").cloned().unwrap_or_default())]);
    let decoded = decode(Kind::ConfigMap, &if is_map { metadata() } else { value.clone() });
    let words =
        |words: String| words.replace("field ConfigMap.", "field metadataOnlyObject.").replace("v1.ConfigMap", "unstructured.detector");
    decoded.map(drop).map_err(|wrong| undecodable(wrong.path, words(wrong.message)))
}

/// The error in a field that identifies an object's type. Models validation/schema.go getObjectKind.
fn complaint_about(field: &str, value: &Value) -> Option<ShapeError> {
    let (reason, words) = match value.get(field) {
        None | Some(Value::Null) => (MisfitReason::NoObject, format!("{field} not set")),
        Some(Value::Text(version)) if field == "apiVersion" && version.matches('/').count() > 1 => {
            (MisfitReason::WrongType(None), format!("unexpected GroupVersion string: {version}"))
        }
        Some(Value::Text(_)) => return None,
        Some(_) => (MisfitReason::WrongType(None), format!("{field} isn't string type")),
    };
    let path = value.get(field).map_or_else(FieldPath::root, |_| FieldPath::of(field));
    Some(ShapeError { misfit: Misfit { path, reason }, words })
}

/// The items of a list, or the object itself. Items of a typed list need not repeat their kind.
fn flatten(value: Value) -> Vec<Value> {
    let (version, kind) = (view::text(&value, &["apiVersion"]), view::text(&value, &["kind"]));
    let Some(of) = kind.strip_suffix(LIST).filter(|of| !of.is_empty() || Kind::ALL.iter().any(|kind| kind.api_version() == version)) else {
        return vec![value];
    };
    let Some(items) = value.get("items").and_then(Value::as_list) else { return vec![value] };
    items.iter().map(|item| named(item, of, version)).flat_map(flatten).collect()
}

/// An item of a list of a kind; one that does not say its kind is of that.
fn named(item: &Value, of: &str, version: &str) -> Value {
    let mut item = item.clone();
    if !of.is_empty() && view::text(&item, &["kind"]).is_empty() {
        item.set(&["kind"], of);
        item.set(&["apiVersion"], version);
    }
    item
}

/// Lower-case kinds and core kinds without a version: discovery resolves them, but the server refuses them.
/// Models client-go restmapper, and the server's message for a kind that is not in its scheme.
fn known_to_the_mapper(version: &str, word: &str, release: &Release) -> Option<Failure> {
    let kind = Kind::ALL.iter().find(|kind| {
        let name = kind.info().name;
        let is_named = name == word || name.to_ascii_lowercase() == word;
        is_named && (kind.api_version() == version || version.is_empty() && kind.info().group.is_empty())
    })?;
    if version.is_empty() {
        return Some(Failure::no_such_resource());
    }
    let info = kind.info();
    Some(Failure::Server(Status::bad_request(format!(
        "{word} in version {:?} cannot be handled as a {}: no kind {word:?} is registered for version {version:?} in scheme \"{}\"",
        info.version, info.name, release.scheme_line
    ))))
}

/// Converts an autoscaler of autoscaling/v1 to the version in which autoscalers are kept. Unlike there, kubectl here sends the
/// newer version, and remembers that. Models pkg/apis/autoscaling/v1/conversion.go.
fn stored_form(object: &mut Value) -> Result<(), Failure> {
    if !view::name(object).is_empty() {
        check_older(Kind::HorizontalPodAutoscaler, object).map_err(Failure::Server)?;
    }
    object.set(&["apiVersion"], Kind::HorizontalPodAutoscaler.api_version());
    if let Some(share) = object.remove(&["spec", "targetCPUUtilizationPercentage"]).filter(|share| *share != Value::Null) {
        let mut metric = Value::of([("type", "Resource")]);
        metric.set(&["resource", "name"], "cpu");
        metric.set(&["resource", "target", "type"], "Utilization");
        metric.set(&["resource", "target", "averageUtilization"], share);
        object.set(&["spec", "metrics"], Value::list([metric]));
    }
    Ok(())
}

/// The kind of an object. `create` looks it up when all before it has been created, others before they begin.
fn kind_among(object: &Value, before: &[Result<Manifest, Failure>], call: &Call, session: &Session) -> Option<Kind> {
    let (version, word) = (view::text(object, &["apiVersion"]).trim_start_matches('/'), view::text(object, &["kind"]));
    if Kind::of_older(version, word) {
        return Some(Kind::HorizontalPodAutoscaler);
    }
    kind_of(version, word, session.client).or_else(|| {
        let created = before.iter().flatten().filter(|m| call.command.name == "create" && m.kind == Kind::CustomResourceDefinition);
        let mut defined = created.filter_map(|manifest| custom::defined(&manifest.object));
        defined.find(|kind| kind.serves(version, word))
    })
}

fn one(
    source: &str,
    mut object: Value,
    kind: Option<Kind>,
    list: Option<usize>,
    call: &Call,
    session: &mut Session,
) -> Result<Manifest, Failure> {
    // A group may be empty.
    if let Some(version) = view::text(&object, &["apiVersion"]).strip_prefix('/').map(str::to_owned) {
        object.set(&["apiVersion"], version);
    }
    if Kind::of_older(view::text(&object, &["apiVersion"]), view::text(&object, &["kind"])) {
        let doing = if call.command.name == "replace" { "replacing" } else { "creating" };
        stored_form(&mut object).map_err(|failure| failure.from_source(doing, source))?;
    }
    let (version, word) = (view::text(&object, &["apiVersion"]).to_owned(), view::text(&object, &["kind"]).to_owned());
    let (name, own) = (view::name(&object).to_owned(), view::namespace(&object).to_owned());
    let Some(kind) = kind else {
        if not_simulated(&word).is_some() {
            return Err(Failure::not_simulated(format!("kind {word} ({version})")));
        }
        session.note_removed_version(&version);
        if let Some(kind) = Kind::outdated(&version, &word) {
            session.output.hint(Note::ServedAs(word.clone(), kind.api_version()));
        }
        if let Some(failure) = known_to_the_mapper(&version, &word, session.client.release()) {
            let doing = match call.command.name {
                "delete" => "deleting",
                "replace" => "replacing",
                "apply" | "create" if !call.flags.on("server-side") => "creating",
                _ if version.is_empty() => return Err(failure),
                _ => "creating",
            };
            return Err(failure.from_source(doing, source));
        }
        if list.is_some() {
            return Err(Failure::Plain(format!("unable to recognize no matches for kind {word:?} in version {version:?}")));
        }
        return Err(Failure::client(format!(
            "resource mapping not found for name: {name:?} namespace: {own:?} from {source:?}: no matches for kind {word:?} in \
             version {version:?}\nensure CRDs are installed first"
        )));
    };
    let mut namespace = String::new();
    // What was written is remembered, whatever version of a custom kind it is in.
    let written = Some(object.clone()).filter(|_| kind.api_version() != version);
    if written.is_some() {
        object.set(&["apiVersion"], kind.api_version());
    }
    if call.flags.on("local") {
        return Ok(Manifest { kind, namespace: own, name, object, source: source.to_owned(), list, written });
    }
    if !kind.is_namespaced() {
        object.remove(&["metadata", "namespace"]);
    }
    if kind.is_namespaced() {
        namespace = session.namespace(call);
        if own.is_empty() {
            object.set(&["metadata", "namespace"], namespace.as_str());
        } else if call.flags.given("namespace") && own != namespace && source != EDITED {
            return Err(Failure::client(other_namespace(&own, &namespace)));
        } else {
            namespace = own;
        }
    }
    Ok(Manifest { kind, namespace, name, object, source: source.to_owned(), list, written })
}

/// What kubectl says of an object in another namespace than the one given. Models visitor.go RequireNamespace.
pub fn other_namespace(own: &str, given: &str) -> String {
    format!(
        "the namespace from the provided object {own:?} does not match the namespace {given:?}. You must pass '--namespace={own}' to \
         perform this operation."
    )
}
