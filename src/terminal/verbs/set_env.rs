//! `set env`: sets containers' environment variables from arguments and standard input.
//!
//! Models k8s.io/kubectl/pkg/cmd/set/set_env.go. Not modelled: `--list`, some containers only, variables that stay.

use super::set::{Change, each_container, found, nothing_given, update_all};
use crate::work::Step;
use api::view::text;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;

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
    let given: Vec<&str> = words.iter().map(String::as_str).collect();
    let changes = read(&given, &session.around.stdin)?;
    let found = found(call, names, session)?;
    let make = |spec: &mut Value| {
        each_container(spec, |container| update(container, &changes));
        Vec::new()
    };
    let failed = "failed to patch env update to pod template: ";
    update_all(call, session, &found, &Change { done: "env updated", failed, writes_same: false, make: &make })
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
