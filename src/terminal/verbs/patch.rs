//! `patch`.
//!
//! Models k8s.io/kubectl/pkg/cmd/patch/patch.go.

use crate::manifests;
use crate::record::record_on;
use crate::targets::{self, Lookup};
use crate::work::{Step, done_or};
use crate::write::Report;
use api::client::{Patch, PatchType, Subresource};
use api::kind::{Kind, Trait};
use api::patch::{PatchError, apply_locally};
use api::scale::{scale_of, scale_type};
use api::schema::schema;
use api::status::Status;
use api::view;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::Asked;
use kubectl::session::Session;
use kubectl::target::Target;

/// What one command does to each of its objects.
struct Wish {
    how: PatchType,
    part: Subresource,
    body: Value,
    /// Why the body is no JSON, though it begins as if it were.
    no_json: Option<String>,
}

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
        Some("resize") => return Err(Failure::not_simulated("`kubectl patch --subresource=resize`")),
        Some(_) => return Err(Failure::no_such_resource()),
    };
    // What a file says is not compared with what the server has.
    let lookup = Lookup { local: manifests::are_given(call), ..Lookup::default() };
    Failure::client_if(call.flags.on("local") && !call.args.is_empty(), "cannot specify --local and server resources")?;
    let body = read_patch(&text, call.flags.text("patch").unwrap_or_default())?;
    let no_json = text.trim_start().starts_with('{').then(|| yaml::json_error(&text)).flatten();
    let wish = Wish { how, part, body, no_json };
    let report = Report::of(call)?;
    let mut failures = Vec::new();
    let found = targets::find(call, &call.args, session, lookup)?;
    Failure::client_if(found.is_empty(), "no objects passed to patch")?;
    // A named object is asked for by its part, which its kind may not have.
    let named = if manifests::are_given(call) { Vec::new() } else { Asked::read(&call.args, session.client)?.named() };
    for (at, target) in found.into_iter().enumerate() {
        let lacks_part = named.get(at).is_some_and(|(kind, _)| !wish.has_part_of(*kind));
        let outcome = if lacks_part { Err(Failure::no_such_resource()) } else { target };
        let outcome = outcome.and_then(|target| {
            if !report.asks_server() {
                return wish.grant_locally(session, &target, &report);
            }
            wish.grant(session, &target, &report)?;
            if report.dry_run.is_dry() { Ok(()) } else { record_on(call, session, &target, &report.options) }
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
        (Some(found), _) => Err(Failure::client(format!("unable to parse {shown:?}: {}", found.problem.words()))),
        (None, None) => Ok(Value::Null),
    }
}

/// Whether objects of a kind have this subresource.
pub fn has_part(kind: Kind, part: &str) -> bool {
    match part {
        "status" => schema().kind(kind).field(part).is_some_and(|field| field.name == part),
        "scale" => kind.has(Trait::Scale),
        _ => false,
    }
}

/// Refuses to read a part that objects lack, each of which is asked for by itself.
pub fn check_part(kinds: &[Kind], part: &str) -> Result<(), Failure> {
    /// What pods have beside their status, which is not shown here.
    const OF_PODS: [&str; 2] = ["ephemeralcontainers", "resize"];
    match kinds.iter().find(|kind| !has_part(**kind, part)) {
        None => Ok(()),
        Some(Kind::Pod) if OF_PODS.contains(&part) => Err(Failure::not_simulated(format!("`kubectl get --subresource={part}`"))),
        Some(_) => Failure::from_all(kinds.iter().map(|_| Failure::no_such_resource()).collect()),
    }
}

impl Wish {
    /// Has the server patch an object.
    fn grant(&self, session: &mut Session, target: &Target, report: &Report) -> Result<(), Failure> {
        if self.how == PatchType::Strategic && matches!(target.kind, Kind::Custom(_)) {
            return Err(Failure::client(format!(
                "application/strategic-merge-patch+json is not supported by {}, Kind={}: the body of the request was in an unknown format - \
                 accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
                target.kind.api_version(),
                target.kind
            )));
        }
        if let Some(words) = &self.no_json {
            let words = match self.how {
                _ if session.client.release().refuses_patches_without_details => "invalid JSON patch".to_owned(),
                PatchType::Strategic => words.clone(),
                PatchType::Merge | PatchType::Json => format!("error decoding patch: {words}"),
            };
            return Err(Status::bad_request(words).into());
        }
        let (resource_name, before) = self.subject(target)?;
        let Target { kind, namespace, name, .. } = target;
        let patch = Patch { how: self.how, body: &self.body };
        let written = session.client.patch(*kind, namespace, name, patch, self.part, &report.options)?;
        session.warn_all(&written);
        report.say_done(session, &resource_name, done(before == written.object), &written.object)
    }

    /// Patches an object as it was read, which nobody checks. Models patch.go getPatchedJSON and what follows it.
    fn grant_locally(&self, session: &mut Session, target: &Target, report: &Report) -> Result<(), Failure> {
        let (_, before) = self.subject(target)?;
        if let Some(words) = &self.no_json {
            return Err(Failure::client(match self.how {
                PatchType::Strategic => "invalid JSON document",
                PatchType::Merge => "Invalid JSON Patch",
                PatchType::Json => words,
            }));
        }
        let ty = if self.part == Subresource::Scale { scale_type() } else { schema().kind(target.kind) };
        let patched = apply_locally(ty, self.how, &before, &self.body);
        let patched = patched.map_err(|error| Failure::client(without_key(&error)))?;
        Failure::client_if(!matches!(patched, Value::Map(_)), "json: cannot unmarshal array into Go value of type unstructured.detector")?;
        if patched.text_at(&["kind"]).is_none_or(str::is_empty) {
            return Err(Failure::client(format!("Object 'Kind' is missing in '{}'", patched.to_json())));
        }
        report.say_done(session, &name_of(&patched), done(before == patched), &patched)
    }

    /// Whether objects of a kind have the part that is meant.
    fn has_part_of(&self, kind: Kind) -> bool {
        match self.part {
            Subresource::None => true,
            Subresource::Status => has_part(kind, "status"),
            Subresource::Scale => has_part(kind, "scale"),
            Subresource::EphemeralContainers => kind == Kind::Pod,
        }
    }

    /// What is patched: an object or the part of it that is meant, and its name in answers.
    fn subject(&self, target: &Target) -> Result<(String, Value), Failure> {
        if !self.has_part_of(target.kind) {
            return Err(Failure::no_such_resource());
        }
        Ok(match self.part {
            Subresource::Scale => (format!("scale.autoscaling/{}", target.name), scale_of(&target.object)),
            _ => (target.resource_name(), target.object.clone()),
        })
    }
}

fn done(is_same: bool) -> &'static str {
    if is_same { "patched (no change)" } else { "patched" }
}

/// The name in answers of a patched object, whose patch may have changed everything that makes it up. Models printers/name.go.
fn name_of(patched: &Value) -> String {
    let group = view::text(patched, &["apiVersion"]).split_once('/').map_or(String::new(), |(group, _)| format!(".{group}"));
    format!("{}{group}/{}", view::text(patched, &["kind"]).to_ascii_lowercase(), view::name(patched))
}

/// An error in kubectl's words, which has its own for a missing key: the rest of the message, from the path on.
fn without_key(error: &PatchError) -> String {
    match error {
        PatchError::MissingKey(path) => format!("Object to be patched is missing field ({path}: missing value)"),
        other => other.to_string(),
    }
}
