//! `create --raw` of an eviction, which no command of kubectl asks for alone.
//!
//! Models k8s.io/kubectl/pkg/rawhttp/raw.go and the API server's response. Not modelled: every other path.

use crate::work::Step;
use api::client::DeleteOptions;
use api::object::NamespacedName;
use api::status::Status;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;

/// The server's response to a granted eviction.
const EVICTED: &str = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}"#;

/// Runs the command.
pub fn post(call: &Call, session: &mut Session, path: &str) -> Result<Step, Failure> {
    let (namespace, pod) = pod_of(path).ok_or_else(|| Failure::not_simulated(format!("`kubectl create --raw {path}`")))?;
    let files = call.flags.all("filename");
    let [file] = files.as_slice() else {
        return Err(Failure::client(if files.is_empty() {
            "must specify one of -f and -k"
        } else {
            "--raw can only use a single local file or stdin"
        }));
    };
    let text = if *file == "-" { Some(session.around.stdin.clone()) } else { session.around.files.get(file).map(Into::into) };
    let text = text.ok_or_else(|| Failure::client(format!("open {file}: no such file or directory")))?;
    if !text.trim_start().starts_with('{') {
        return Err(Failure::not_simulated("`kubectl create --raw` of a file that is not JSON"));
    }
    let body = yaml::parse(&text).into_iter().find_map(|document| document.value).unwrap_or_default();
    if body.text_at(&["metadata", "name"]) != Some(pod) {
        return Err(Failure::Server(Status::bad_request("name in URL does not match name in Eviction object")));
    }
    let grace = body.int_at(&["deleteOptions", "gracePeriodSeconds"]);
    let uid = body.at(&["deleteOptions", "preconditions", "uid"]).and_then(Value::as_shared_text);
    let dry_run = body.list_at(&["deleteOptions", "dryRun"]).iter().any(|of| of.as_text() == Some("All"));
    let options = DeleteOptions { grace_period_seconds: grace, uid, dry_run, ..DeleteOptions::default() };
    session.client.evict(&NamespacedName::of(namespace, pod), &options)?;
    session.output.line(EVICTED);
    Ok(Step::Done)
}

/// The pod whose evictions a path takes, with its namespace.
fn pod_of(path: &str) -> Option<(&str, &str)> {
    let (namespace, rest) = path.strip_prefix("/api/v1/namespaces/")?.split_once("/pods/")?;
    let pod = rest.strip_suffix("/eviction")?;
    Some((namespace, pod)).filter(|_| !namespace.contains('/') && !pod.contains('/'))
}
