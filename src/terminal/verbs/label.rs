//! `label` and `annotate`.
//!
//! Models k8s.io/kubectl/pkg/cmd/label/label.go and pkg/cmd/annotate/annotate.go.

use crate::manifests;
use crate::record::{CHANGE_CAUSE, cause};
use crate::targets::{self, Lookup};
use crate::work::{Step, done_or};
use crate::write::Report;
use api::client::Patch;
use api::names::label_value;
use api::view::{map_at, scalar};
use base::given::SetGiven;
use base::value::{Value, members};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::Asked;
use kubectl::session::Session;
use kubectl::target::Target;

/// The map of the metadata to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Labels,
    Annotations,
}

impl Part {
    fn field(self) -> &'static str {
        match self {
            Part::Labels => "labels",
            Part::Annotations => "annotations",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Part::Labels => "label",
            Part::Annotations => "annotation",
        }
    }
}

impl Part {
    /// The error of `--local` without a file, and with or without names.
    fn no_file(self, nothing_given: bool) -> String {
        let file = if self == Part::Labels { "pod" } else { "rsrc" };
        if nothing_given {
            format!("one or more files must be specified as -f {file}.yaml or --filename={file}.json")
        } else {
            format!("can only use local files by -f {file}.yaml or --filename={file}.json when --local=true is set")
        }
    }
}

/// The changes that the arguments ask for.
struct Change {
    part: Part,
    set: Vec<(String, String)>,
    remove: Vec<String>,
    overwrite: bool,
    /// The version that the object has to have.
    version: String,
    /// The command, if it is to be recorded.
    cause: Option<String>,
}

impl Change {
    /// Refuses to set and to remove one and the same.
    fn check(&self) -> Result<(), Failure> {
        let sets = |key: &&str| self.set.iter().any(|(set, _)| set == key);
        let both: Vec<&str> = self.remove.iter().map(String::as_str).filter(sets).collect();
        match self.part {
            _ if both.is_empty() => Ok(()),
            Part::Labels => Err(Failure::client("can not both modify and remove a label in the same command")),
            Part::Annotations => Err(Failure::client(format!(
                "can not both modify and remove the following annotation(s) in the same command: {}",
                both.join(", ")
            ))),
        }
    }

    /// Whether it is about the cause itself, which then is not recorded.
    fn names_cause(&self) -> bool {
        let mut keys = self.set.iter().map(|(key, _)| key).chain(&self.remove);
        self.part == Part::Annotations && keys.any(|key| key == CHANGE_CAUSE)
    }
}

/// Runs `label`.
pub fn label(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    run(call, session, Part::Labels)
}

/// Runs `annotate`.
pub fn annotate(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    run(call, session, Part::Annotations)
}

/// What is named before the changes, and the changes. Models cmd/util/helpers.go GetResourcesAndPairs.
pub(super) fn names_and_changes<'a>(args: &'a [String], word: &str) -> Result<(&'a [String], &'a [String]), Failure> {
    let is_change = |arg: &&String| arg.find('=').is_some_and(|at| at > 0) || arg.ends_with('-') && *arg != "-";
    let (names, changes) = args.split_at(args.iter().take_while(|a| !is_change(a)).count());
    match changes.iter().find(|a| !is_change(a)) {
        Some(late) => Err(Failure::client(format!("all resources must be specified before {word} changes: {late}"))),
        None => Ok((names, changes)),
    }
}

fn run(call: &Call, session: &mut Session, part: Part) -> Result<Step, Failure> {
    let (names, changes) = names_and_changes(&call.args, part.word())?;
    let change = read_change(call, changes, part)?;
    if part == Part::Labels {
        change.check()?;
    }
    let is_given = |flag: &&str| call.flags.text(flag).is_some_and(|value| !value.is_empty());
    let list = call.flags.on("list");
    Failure::client_if(list && is_given(&"output"), "--list and --output may not be specified together")?;
    if let Some(flag) = ["selector", "field-selector"].iter().find(|flag| call.flags.on("all") && is_given(flag)) {
        return Err(Failure::client(format!("cannot set --all and --{flag} at the same time")));
    }
    let report = Report::of(call)?;
    if call.flags.on("local") && (!names.is_empty() || !manifests::are_given(call)) {
        return Err(Failure::client(part.no_file(names.is_empty())));
    }
    if names.is_empty() && !manifests::are_given(call) {
        return Err(Failure::client("one or more resources must be specified as <resource> <name> or <resource>/<name>"));
    }
    Failure::client_if(changes.is_empty() && !list, format!("at least one {} update is required", part.word()))?;
    change.check()?;
    // A label's printer is made for each object, since it says what was done to that.
    let report = if part == Part::Annotations { report.by_one_printer() } else { report };
    let mut failures = Vec::new();
    let found = targets::find(call, names, session, Lookup::of(call))?;
    let single = if manifests::are_given(call) { manifests::is_one(call, session) } else { Asked::read(names, session.client)?.is_one() };
    Failure::client_if(!single && !change.version.is_empty(), "--resource-version may only be used with a single resource")?;
    for target in found {
        let outcome = target.and_then(|target| {
            if list {
                print_list(session, &target, part, single);
                return Ok(());
            }
            change_one(session, &target, &change, &report)
        });
        failures.extend(outcome.err());
    }
    done_or(failures)
}

fn read_change(call: &Call, args: &[String], part: Part) -> Result<Change, Failure> {
    let version = call.flags.text("resource-version").unwrap_or_default().to_owned();
    let mut change =
        Change { part, set: Vec::new(), remove: Vec::new(), overwrite: call.flags.on("overwrite"), version, cause: cause(call) };
    for arg in args {
        if let Some((key, value)) = arg.split_once('=') {
            Failure::client_if(part == Part::Labels && value.contains('='), format!("invalid label spec: {arg}"))?;
            let complaints = if part == Part::Labels { label_value(value) } else { Vec::new() };
            Failure::client_if(!complaints.is_empty(), format!("invalid label value: {arg:?}: {}", complaints.join(";")))?;
            change.set.push((key.to_owned(), value.to_owned()));
        } else {
            change.remove.push(arg[..arg.len() - 1].to_owned());
        }
    }
    Ok(change)
}

/// Lists an object's labels or annotations, under its name unless it is the only one asked for by name.
/// The real command prints them in random order.
fn print_list(session: &mut Session, target: &Target, part: Part, single: bool) {
    let info = target.kind.info();
    if !single {
        session.output.line(format!("Listing {} for {}.{}/{}:", part.field(), info.name, info.group, target.name));
    }
    let indent = if single { "" } else { " " };
    for (key, value) in members(map_at(&target.object, &["metadata", part.field()])) {
        session.output.line(format!("{indent}{key}={}", scalar(value)));
    }
}

fn change_one(session: &mut Session, target: &Target, change: &Change, report: &Report) -> Result<(), Failure> {
    let field = change.part.field();
    let old = |key: &str| target.object.at(&["metadata", field, key]).map(scalar);
    for key in change.remove.iter().filter(|key| old(key).is_none()) {
        if change.part == Part::Labels && report.asks_server() {
            session.output.line(format!("label {key:?} not found."));
        }
    }
    check_conflicts(change, &old)?;
    let mut entries = Value::map();
    for (key, value) in change.set.iter().filter(|(key, value)| old(key).as_ref() != Some(value)) {
        entries.set(&[key], value.as_str());
    }
    let sets = map_at(&entries, &[]).is_some();
    for key in change.remove.iter().filter(|key| old(key).is_some()) {
        entries.set(&[key], Value::Null);
    }
    let removes = change.remove.iter().any(|key| old(key).is_some());
    let mut object = target.object.clone();
    if change.part == Part::Labels {
        // What is shown is what was read, with the labels changed: its version and its managers are those of before.
        report.name_managers(session, &mut object);
    }
    let recorded = change.cause.as_ref().filter(|_| report.asks_server() && !change.names_cause());
    object.set_some(&["metadata", "annotations", CHANGE_CAUSE], recorded);
    change.set.iter().for_each(|(key, value)| object.set(&["metadata", field, key], value.as_str()));
    change.remove.iter().for_each(|key| drop(object.remove(&["metadata", field, key])));
    let records = recorded.is_some() && change.part == Part::Annotations;
    if (sets || removes || records) && report.asks_server() {
        let patch = patch_of(change, &entries, recorded);
        let patched = session.patch(target, Patch::merge(&patch), &report.options)?;
        if change.part == Part::Annotations {
            object = patched;
        }
    }
    let word = match (change.part, sets, removes) {
        (Part::Annotations, ..) => "annotated",
        (Part::Labels, true, true) => "modified",
        (Part::Labels, true, false) => "labeled",
        (Part::Labels, false, true) => "unlabeled",
        (Part::Labels, false, false) => "not labeled",
    };
    report.say(session, &target.resource_name(), word, &object)
}

/// The patch that makes these changes and records their cause, if it is to be recorded.
fn patch_of(change: &Change, entries: &Value, recorded: Option<&String>) -> Value {
    let mut patch = Value::map();
    patch.set_some(&["metadata", "annotations", CHANGE_CAUSE], recorded);
    for (key, value) in members(map_at(entries, &[])) {
        patch.set(&["metadata", change.part.field(), key], value.clone());
    }
    patch.set_filled(&["metadata", "resourceVersion"], change.version.as_str());
    patch
}

/// Refuses to replace existing values unless `--overwrite` is given.
fn check_conflicts(change: &Change, old: &dyn Fn(&str) -> Option<String>) -> Result<(), Failure> {
    if change.overwrite {
        return Ok(());
    }
    let conflicts: Vec<(&String, String)> = change
        .set
        .iter()
        .filter(|(key, _)| key != CHANGE_CAUSE)
        .filter_map(|(key, value)| old(key).filter(|o| o != value).map(|o| (key, o)))
        .collect();
    if conflicts.is_empty() {
        return Ok(());
    }
    let words = conflicts.iter().map(|(key, value)| format!("'{key}' already has a value ({value})"));
    let words: Vec<String> = words.collect();
    Err(Failure::client(match change.part {
        Part::Labels => words.iter().map(|w| format!("{w}, and --overwrite is false")).collect::<Vec<_>>().join("\n"),
        Part::Annotations => {
            format!("--overwrite is false but found the following declared annotation(s): {}", words.join("; "))
        }
    }))
}
