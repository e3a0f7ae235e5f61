//! `set env`: sets containers' environment variables from arguments and standard input.
//!
//! Models k8s.io/kubectl/pkg/cmd/set/set_env.go.

use super::set::{Change, any_is_meant, each_container, found, is_meant, nothing_given, pod_spec_path, update_all};
use crate::work::{Step, done_or};
use api::view::{scalar, text};
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;

/// The error for an invalid name.
const NAME_RULE: &str = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not \
                         start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is \
                         '[-._a-zA-Z][-._a-zA-Z0-9]*')";

/// The changes to variables.
#[derive(Default)]
struct Changes {
    set: Vec<Value>,
    remove: Vec<String>,
}

/// Runs the command.
pub fn env(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let flags = &call.flags;
    if flags.on("all") && flags.text("selector").is_some_and(|selector| !selector.is_empty()) {
        return Err(Failure::client("cannot set --all and --selector at the same time"));
    }
    let names = call.args.iter().take_while(|word| !is_change(word)).count();
    let (names, words) = call.args.split_at(names);
    if !words.iter().all(|word| is_change(word)) {
        return Err(Failure::client(format!("all resources must be specified before environment changes: {}", call.args.join(" "))));
    }
    if names.is_empty() && !flags.given("filename") {
        return Err(nothing_given());
    }
    if flags.on("list") && flags.text("output").is_some_and(|output| !output.is_empty()) {
        return Err(Failure::client("--list and --output may not be specified together"));
    }
    let given: Vec<&str> = words.iter().map(String::as_str).collect();
    let changes = read(&given, &session.around.stdin)?;
    let found = found(call, names, session)?;
    write(call, session, &found, &changes)
}

/// Whether an argument changes a variable rather than naming an object.
fn is_change(word: &str) -> bool {
    word.find('=').is_some_and(|at| at > 0) || word.ends_with('-')
}

/// Models set/env/env_parse.go parseIntoEnvVar.
fn read(words: &[&str], stdin: &str) -> Result<Changes, Failure> {
    let mut changes = Changes::default();
    for word in words {
        if *word == "-" {
            let lines = stdin.lines().map(|line| line.split('#').next().unwrap_or_default());
            changes.set.extend(lines.filter_map(|line| line.split_once('=')).map(|(name, value)| variable(name, value)));
        } else if let Some((name, value)) = word.split_once('=') {
            let fits = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(fits) {
                return Err(Failure::client(format!("{name:?} is not a valid key name: {NAME_RULE}")));
            }
            changes.set.push(variable(name, value));
        } else if let Some(name) = word.strip_suffix('-') {
            changes.remove.push(name.to_owned());
        } else {
            return Err(Failure::client(format!("unknown environment variable: {word}")));
        }
    }
    if changes.remove.iter().any(|name| changes.set.iter().any(|variable| text(variable, &["name"]) == name)) {
        return Err(Failure::client("can not both modify and remove the same environment variable in the same command"));
    }
    Ok(changes)
}

fn variable(name: &str, value: &str) -> Value {
    Value::of([("name", name), ("value", value)])
}

fn write(call: &Call, session: &mut Session, found: &[Target], changes: &Changes) -> Result<Step, Failure> {
    for target in found.iter().filter(|target| pod_spec_path(target.kind).is_some_and(|path| !any_is_meant(call, target.object.at(path)))) {
        let wanted = call.flags.text("containers").unwrap_or("*");
        session.output.warn(&format!("{}/{} does not have any containers matching {wanted:?}", target.kind.info().name, target.name));
    }
    let (kept, refused): (Vec<Target>, Vec<Target>) =
        found.iter().cloned().partition(|target| overwritten(call, target, changes).is_none());
    if call.flags.on("list") {
        list(call, &kept, changes, session);
        return Ok(Step::Done);
    }
    let refusal = |target: &Target| {
        let (name, value) = overwritten(call, target, changes)?;
        let why = format!("'{name}' already has a value ({value}), and --overwrite is false");
        Some(Failure::client(format!("error: {}/{} {why}", target.kind.info().plural, target.name)))
    };
    let mut failures: Vec<Failure> = refused.iter().filter_map(refusal).collect();
    let make = |spec: &mut Value| {
        each_container(spec, |container| {
            if is_meant(call, container) {
                update(container, changes);
            }
        });
        Vec::new()
    };
    let failed = "failed to patch env update to pod template: ";
    let outcome = update_all(call, session, &kept, &Change { done: "env updated", failed, writes_same: false, make: &make });
    if failures.is_empty() {
        return outcome;
    }
    failures.extend(outcome.err());
    done_or(failures)
}

/// The first variable, with its value, that would be overwritten despite `--overwrite=false`.
fn overwritten<'a>(call: &Call, target: &'a Target, changes: &Changes) -> Option<(&'a str, &'a str)> {
    let spec = target.object.at(pod_spec_path(target.kind)?).filter(|_| call.flags.off("overwrite"))?;
    let containers = spec.list_at(&["containers"]).iter().chain(spec.list_at(&["initContainers"]));
    let mut known = containers.filter(|c| is_meant(call, c)).flat_map(|container| {
        let named = |new: &Value| container.list_at(&["env"]).iter().find(|v| text(v, &["name"]) == text(new, &["name"]));
        changes.set.iter().filter_map(move |new| Some((named(new)?, new)))
    });
    let (known, _) = known.find(|(known, new)| text(known, &["value"]) != text(new, &["value"]))?;
    Some((text(known, &["name"]), text(known, &["value"])))
}

/// Models set/helper.go updateEnv.
fn update(container: &mut Value, changes: &Changes) {
    let mut variables: Vec<Value> = Vec::new();
    let new = |name: &str| changes.set.iter().find(|v| text(v, &["name"]) == name);
    for old in container.list_at(&["env"]) {
        let name = text(old, &["name"]);
        let goes = changes.remove.iter().any(|gone| gone == name) || new(name).is_some() && has(&variables, name);
        if !goes {
            variables.push(new(name).unwrap_or(old).clone());
        }
    }
    for variable in &changes.set {
        if !has(&variables, text(variable, &["name"])) {
            variables.push(variable.clone());
        }
    }
    if variables.is_empty() {
        container.remove(&["env"]);
    } else {
        container.set(&["env"], Value::list(variables));
    }
}

fn has(variables: &[Value], name: &str) -> bool {
    variables.iter().any(|v| text(v, &["name"]) == name)
}

/// Prints the variables as they would be after the changes.
fn list(call: &Call, found: &[Target], changes: &Changes, session: &mut Session) {
    for target in found {
        let Some(spec) = pod_spec_path(target.kind).and_then(|path| target.object.at(path)) else { continue };
        let containers = spec.list_at(&["containers"]).iter().chain(spec.list_at(&["initContainers"]));
        for mut container in containers.filter(|c| is_meant(call, c)).cloned() {
            update(&mut container, changes);
            let word = target.kind.info().name;
            session.output.line(format!("# {word} {}, container {}", target.name, text(&container, &["name"])));
            for variable in container.list_at(&["env"]) {
                let name = text(variable, &["name"]);
                session.output.line(match variable.get("valueFrom") {
                    None => format!("{name}={}", variable.get("value").map(scalar).unwrap_or_default()),
                    Some(from) => format!("# {name} from {}", reference(from)),
                });
            }
        }
    }
}

/// Models set/env/env_resolve.go GetEnvVarRefString.
fn reference(from: &Value) -> String {
    let of = |path: [&str; 2]| text(from, &path).to_owned();
    let keyed = |word: &str, field: &str| format!("{word} {}, key {}", of([field, "name"]), of([field, "key"]));
    let has = |field: &str| from.get(field).is_some();
    if has("configMapKeyRef") {
        keyed("configmap", "configMapKeyRef")
    } else if has("secretKeyRef") {
        keyed("secret", "secretKeyRef")
    } else if has("fieldRef") {
        format!("field path {}", of(["fieldRef", "fieldPath"]))
    } else if has("resourceFieldRef") {
        let container = of(["resourceFieldRef", "containerName"]);
        let prefix = if container.is_empty() { container } else { container + "/" };
        format!("resource field {prefix}{}", of(["resourceFieldRef", "resource"]))
    } else {
        "invalid valueFrom".to_owned()
    }
}
