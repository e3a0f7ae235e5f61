//! `patch`.
//!
//! Models k8s.io/kubectl/pkg/cmd/patch/patch.go.

use crate::api::client::{Patch, PatchType, Subresource};
use crate::api::kind::Kind;
use crate::api::scale::{is_scalable, scale_of};
use crate::api::schema::schema;
use crate::api::status::Status;
use crate::base::value::Value;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::{Step, done_or};
use crate::kubectl::record::record_on;
use crate::kubectl::session::Session;
use crate::kubectl::targets::{self, Lookup, Target};
use crate::kubectl::verbs::write::Report;
use crate::yaml;

/// Runs the command.
pub fn patch(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let text = patch_text(call, session)?;
    let other = |other: &str| Failure::client(format!("--type must be one of [json merge strategic], not {other:?}"));
    let word = call.flags.text("type").unwrap_or("strategic");
    let how = type_called(word).ok_or_else(|| other(word))?;
    let part = match call.flags.text("subresource") {
        None | Some("") => Subresource::None,
        Some("status") => Subresource::Status,
        Some("scale") => Subresource::Scale,
        Some("resize") => return Err(Failure::NotSimulated("`kubectl patch --subresource=resize`".to_owned())),
        Some(_) => return Err(Failure::no_such_resource()),
    };
    let patch = read_patch(&text, call.flags.text("patch").unwrap_or_default())?;
    let no_json = text.trim_start().starts_with('{').then(|| yaml::json_error(&text)).flatten();
    let refusal = no_json.map(|words| match how {
        _ if session.client.release().refuses_patches_without_details => "invalid JSON patch".to_owned(),
        PatchType::Strategic => words,
        PatchType::Merge | PatchType::Json => format!("error decoding patch: {words}"),
    });
    let report = Report::of(call, session)?;
    let mut failures = Vec::new();
    let found = targets::find(call, &call.args, session, Lookup::default())?;
    if found.is_empty() {
        return Err(Failure::client("no objects passed to patch"));
    }
    for target in found {
        let target = target.and_then(|t| refusal.as_ref().map_or(Ok(t), |words| Err(Status::bad_request(words.clone()).into())));
        let outcome = target.and_then(|t| {
            patch_one(session, &t, how, part, &patch, &report)?;
            if report.dry_run.is_dry() { Ok(()) } else { record_on(call, session, &t) }
        });
        failures.extend(outcome.err());
    }
    done_or(failures)
}

/// The patch type with this name.
pub fn type_called(word: &str) -> Option<PatchType> {
    match word {
        "strategic" => Some(PatchType::Strategic),
        "merge" => Some(PatchType::Merge),
        "json" => Some(PatchType::Json),
        _ => None,
    }
}

fn patch_text(call: &Call, session: &Session) -> Result<String, Failure> {
    let (inline, file) = (call.flags.text("patch").filter(|p| !p.is_empty()), call.flags.text("patch-file"));
    match (inline, file) {
        (Some(_), Some(_)) => Err(Failure::client("cannot specify --patch and --patch-file together")),
        (Some(text), None) => Ok(text.to_owned()),
        (None, Some(path)) => {
            let missing = || Failure::client(format!("unable to read patch file: open {path}: no such file or directory"));
            session.around.files.get(path).map(str::to_owned).ok_or_else(missing)
        }
        (None, None) => Err(Failure::client("must specify --patch or --patch-file containing the contents of the patch")),
    }
}

/// Parses a patch in YAML or JSON. Text that looks like JSON goes to the server as it is, which may refuse it. `shown` is how errors
/// quote it: empty for a file.
fn read_patch(text: &str, shown: &str) -> Result<Value, Failure> {
    if text.trim_start().starts_with('{') && yaml::json_error(text).is_some() {
        return Ok(Value::Null);
    }
    let document = yaml::parse(text).into_iter().next().unwrap_or_default();
    match (document.error(), &document.value) {
        (None, Some(value)) => Ok(value.clone()),
        (Some(problem), _) => {
            let words = problem.problem.to_string();
            let words = words.strip_prefix("error converting YAML to JSON: ").unwrap_or(&words);
            Err(Failure::client(format!("unable to parse {shown:?}: {words}")))
        }
        (None, None) => Ok(Value::Null),
    }
}

/// Whether objects of a kind have this subresource.
pub fn has_part(kind: Kind, part: &str) -> bool {
    match part {
        "status" => schema().kind(kind).field("status").is_some(),
        "scale" => is_scalable(kind),
        _ => false,
    }
}

fn patch_one(
    session: &mut Session,
    target: &Target,
    how: PatchType,
    part: Subresource,
    patch: &Value,
    report: &Report,
) -> Result<(), Failure> {
    let Target { kind, namespace, name, .. } = target;
    let part_name = match part {
        Subresource::None => None,
        Subresource::Status => Some("status"),
        Subresource::Scale => Some("scale"),
    };
    if part_name.is_some_and(|part| !has_part(*kind, part)) {
        return Err(Failure::no_such_resource());
    }
    let written = session.client.patch(*kind, namespace, name, Patch { how, body: patch }, part, report.dry_run.is_dry())?;
    session.warn_all(&written);
    let (resource_name, before) = match part {
        Subresource::Scale => (format!("scale.autoscaling/{name}"), scale_of(&target.object)),
        Subresource::None | Subresource::Status => (target.resource_name(), target.object.clone()),
    };
    let done = if before == written.object { "patched (no change)" } else { "patched" };
    report.say_done(session, &resource_name, done, &written.object)
}
