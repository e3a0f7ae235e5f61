//! Commands about kubectl and the server themselves: `version`, `cluster-info`, `auth`, `top`, `api-resources`,
//! `api-versions`, `config`.
//!
//! Models k8s.io/kubectl/pkg/cmd/version, clusterinfo, auth, top, apiresources and config.

use std::fmt::Write;

use crate::print::format::Format;
use crate::print::table::Widths;
use crate::work::{Step, done_or};
use api::kind::Kind;
use base::note::Note;
use base::sort::Sort;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::{all_kinds, kind_called};
use kubectl::session::Session;
use kubectl::settings::{self, CONTEXT};

/// Runs `version`.
pub fn version(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    Failure::client_if(!call.args.is_empty(), format!("extra arguments: [{}]", call.args.join(" ")))?;
    let release = session.client.release();
    let mut text = format!("Client Version: {}\nKustomize Version: {}\n", release.git_version, release.kustomize_version);
    if !call.flags.on("client") {
        let _ = writeln!(text, "Server Version: {}", release.git_version);
    }
    session.output.out(text);
    Ok(Step::Done)
}

/// Refuses arguments.
fn takes_nothing(call: &Call, session: &Session) -> Result<(), Failure> {
    if call.args.is_empty() {
        return Ok(());
    }
    let what = unexpected(&call.args);
    let is_blunt = session.client.release().refuses_arguments_bluntly && call.command.name.starts_with("api-");
    Err(if is_blunt { Failure::client(what) } else { call.usage(what) })
}

fn unexpected(args: &[impl AsRef<str>]) -> String {
    format!("unexpected arguments: [{}]", args.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" "))
}

/// Runs `top`: there are no metrics here, as in a cluster without metrics-server.
pub fn top(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if call.args.len() > 1 && session.client.release().refuses_arguments_bluntly {
        return Err(Failure::client(unexpected(&call.args[1..])));
    }
    if call.args.len() > 1 {
        return Err(call.usage(format!("{} [NAME | -l label]", call.command.name.trim_start_matches("top "))));
    }
    Err(Failure::client("Metrics API not available"))
}

/// Runs `cluster-info`.
pub fn cluster_info(_call: &Call, session: &mut Session) -> Result<Step, Failure> {
    session.output.line(format!("Kubernetes control plane is running at {}", settings::SERVER));
    session.output.line("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.");
    Ok(Step::Done)
}

/// Runs `auth can-i`: everything is allowed here.
pub fn can_i(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    const VERBS: [&str; 16] = [
        "get",
        "list",
        "watch",
        "create",
        "update",
        "patch",
        "delete",
        "deletecollection",
        "use",
        "bind",
        "impersonate",
        "*",
        "approve",
        "sign",
        "escalate",
        "attest",
    ];
    const VERBS_OF_PATHS: [&str; 8] = ["get", "put", "post", "head", "options", "delete", "patch", "*"];
    let [verb, resource] = call.args.as_slice() else {
        return Err(Failure::client(
            "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
        ));
    };
    let word = resource.split('/').next().unwrap_or_default();
    // A leading slash makes it a path of the server rather than a resource.
    let is_path = resource.starts_with('/');
    let everywhere = call.flags.on("all-namespaces");
    match kind_called(&word.to_ascii_lowercase(), session.client) {
        _ if is_path || word == "*" => {}
        // Those who act are no resources, but one can be allowed to act for them.
        Err(_) if ["users", "groups"].contains(&word) => {}
        Err(_) => {
            let (name, group) = word.split_once('.').map_or((word, String::new()), |(name, group)| (name, format!(" in group '{group}'")));
            session.output.warn(&format!("the server doesn't have a resource type '{name}'{group}\n"));
        }
        Ok(kind) if !kind.is_namespaced() && !everywhere => {
            let info = kind.info();
            let group = if info.group.is_empty() { String::new() } else { format!(" in group '{}'", info.group) };
            session.output.warn(&format!("resource '{}' is not namespace scoped{group}\n", info.plural));
        }
        Ok(_) => {}
    }
    let is_known = if is_path { VERBS_OF_PATHS.contains(&verb.as_str()) } else { everywhere || VERBS.contains(&verb.as_str()) };
    if !is_known {
        session.output.warn(&format!("verb '{verb}' is not a known verb\n"));
    }
    session.output.line("yes");
    Ok(Step::Done)
}

/// Runs `api-resources`.
pub fn api_resources(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    takes_nothing(call, session)?;
    let mut kinds: Vec<Kind> = all_kinds(session.client).collect();
    kinds.sort_small_by_key(|k| (k.info().group, k.info().plural));
    if let Some(group) = call.flags.text("api-group") {
        kinds.retain(|k| k.info().group == group);
    }
    let mut rows = vec![["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"].map(str::to_owned).to_vec()];
    rows.extend(kinds.iter().map(|k| {
        let info = k.info();
        vec![info.plural.to_owned(), info.short.join(","), k.api_version(), k.is_namespaced().to_string(), info.name.to_owned()]
    }));
    session.output.out(Widths::default().format(&rows));
    Ok(Step::Done)
}

/// Runs `api-versions`.
pub fn api_versions(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    takes_nothing(call, session)?;
    let mut versions: Vec<String> = all_kinds(session.client).map(api::kind::Kind::api_version).collect();
    versions.sort_small();
    versions.dedup();
    for version in &versions {
        session.output.line(version);
    }
    Ok(Step::Done)
}

/// Runs `config get-contexts`.
pub fn get_contexts(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let (known, unknown): (Vec<&String>, Vec<&String>) = call.args.iter().partition(|name| *name == CONTEXT);
    let shown = !known.is_empty() || call.args.is_empty();
    let mut rows = Vec::new();
    let namespace = settings::current_namespace(&session.around.files);
    rows.push(["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"].map(str::to_owned).to_vec());
    rows.extend(shown.then(|| ["*", CONTEXT, CONTEXT, CONTEXT, namespace].map(str::to_owned).to_vec()));
    session.output.out(Widths::default().format(&rows));
    done_or(unknown.into_iter().map(|name| Failure::client(format!("context {name} not found"))).collect())
}

/// Runs `config set-context --current --namespace=…`.
pub fn set_context(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let is_current = call.flags.on("current") || call.args.first().is_some_and(|name| name == CONTEXT);
    if !is_current {
        return Err(Failure::NotSimulated(Note::Contexts));
    }
    if let Some(namespace) = call.flags.text("namespace") {
        session.around.write(settings::PATH, &settings::text(namespace));
    }
    session.output.line(format!("Context {CONTEXT:?} modified."));
    Ok(Step::Done)
}

/// Runs `config use-context`.
pub fn use_context(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    match call.args.first().map(String::as_str) {
        Some(CONTEXT) => {
            session.output.line(format!("Switched to context {CONTEXT:?}."));
            Ok(Step::Done)
        }
        Some(other) => Err(Failure::client(format!("no context exists with the name: {other:?}"))),
        None => Err(call.usage("Unexpected args: []")),
    }
}

/// Runs `config view`.
pub fn view(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    takes_nothing(call, session)?;
    let text = settings::text(settings::current_namespace(&session.around.files));
    match Format::of(call, false)? {
        None | Some(Format::Yaml) => session.output.out(text),
        Some(Format::Json) => return Err(Failure::not_simulated("`kubectl config view -o json`")),
        Some(format) => {
            let config = yaml::parse(&text).into_iter().find_map(|document| document.value).unwrap_or_default();
            format.print(&[config], true, session.output)?;
        }
    }
    Ok(Step::Done)
}
