//! `get --raw` and `create --raw`: direct requests to paths of the API server.
//!
//! Models k8s.io/kubectl/pkg/rawhttp/raw.go and the API server's responses: JSON in the field order of Go's structs.
//! Not modelled: `managedFields`, queries, and paths that do not belong to a kind, except for those of the server's health.

use crate::work::Step;
use crate::write::DryRun;
use api::client::DeleteOptions;
use api::kind::{Kind, Trait};
use api::object::NamespacedName;
use api::scale::scale_of;
use api::schema::{Field, Shape, StructType, schema};
use api::status::Status;
use base::value::{Value, write_json_text};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::not_simulated;
use kubectl::session::Session;

/// The server's response to a granted eviction.
const EVICTED: &str = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}"#;

/// Paths under which a real server has more than is simulated.
const OWN_PATHS: [&str; 16] = [
    "",
    ".well-known",
    "api",
    "apis",
    "debug",
    "flagz",
    "healthz",
    "livez",
    "logs",
    "metrics",
    "openapi",
    "openid",
    "readyz",
    "statusz",
    "ui",
    "version",
];
/// How many bytes of unparsable input are shown.
const SHOWN: usize = 30;

/// The parts of an API path.
struct ApiPath {
    kind: Kind,
    namespace: Option<String>,
    /// The object's name; `None` for the whole collection.
    name: Option<String>,
    /// The subresource, such as `scale`.
    part: Option<String>,
}

/// `get --raw`
pub fn get(call: &Call, session: &mut Session, path: &str) -> Result<Step, Failure> {
    Failure::client_if(!call.args.is_empty(), "arguments may not be passed when --raw is specified")?;
    if call.flags.on("watch") || call.flags.on("watch-only") || call.flags.text("selector").is_some_and(|s| !s.is_empty()) {
        return Err(Failure::client("--raw may not be specified with other flags that filter the server request or alter the output"));
    }
    check(call, path)?;
    if matches!(path, "/healthz" | "/livez" | "/readyz") {
        session.output.out("ok");
        return Ok(Step::Done);
    }
    let ApiPath { kind, namespace, name, part } = place(path).ok_or_else(|| unknown("get", path))?;
    let of = schema().kind(kind);
    let mut text = String::new();
    if let Some(name) = &name {
        let object = session.client.get(kind, namespace.as_deref().unwrap_or_default(), name)?;
        match part.as_deref() {
            None | Some("status") => print(&object, Some(of), &mut text),
            Some("scale") if kind.has(Trait::Scale) => print(&scale_of(&object), Some(of), &mut text),
            Some(_) => return Err(Failure::not_simulated(format!("`kubectl get --raw {path}`"))),
        }
    } else {
        let (api, revision) = (kind.api_version(), session.client.revision());
        let head =
            format!(r#"{{"kind":"{}List","apiVersion":"{api}","metadata":{{"resourceVersion":"{revision}"}},"items":["#, kind.info().name);
        text.push_str(&head);
        for (i, mut object) in session.client.list(kind, namespace.as_deref()).into_iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            object.remove(&["kind"]);
            object.remove(&["apiVersion"]);
            print(&object, Some(of), &mut text);
        }
        text.push_str("]}");
    }
    session.output.line(text);
    Ok(Step::Done)
}

/// `create --raw`
pub fn create(call: &Call, session: &mut Session, path: &str) -> Result<Step, Failure> {
    let files = call.flags.all("filename");
    let [file] = files.as_slice() else {
        return Err(Failure::client(if files.is_empty() {
            "must specify one of -f and -k"
        } else {
            "--raw can only use a single local file or stdin"
        }));
    };
    let excluded = |flag: &str| Failure::client(format!("--raw and --{flag} are mutually exclusive"));
    Failure::client_if(file.starts_with("http://") || file.starts_with("https://"), "--raw cannot read from a url")?;
    if call.flags.on("recursive") {
        return Err(excluded("recursive"));
    }
    if call.flags.text("selector").is_some_and(|s| !s.is_empty()) {
        return Err(excluded("selector (-l)"));
    }
    check(call, path)?;
    let text = if *file == "-" { Some(session.around.stdin.clone()) } else { session.around.files.get(file).map(Into::into) };
    let text = text.ok_or_else(|| Failure::client(format!("open {file}: no such file or directory")))?;
    let body = yaml::parse(&text).into_iter().find_map(|d| d.value).unwrap_or_default();
    let ApiPath { kind, namespace, name, part } = place(path).ok_or_else(|| unknown("create", path))?;
    if let Some(wrong) = text.trim_start().chars().next().filter(|c| !"{[\"-tfn".contains(*c) && !c.is_ascii_digit()) {
        let hex: String = text
            .bytes()
            .take(SHOWN)
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect();
        return Err(Failure::Server(Status::bad_request(format!(
            "the object provided is unrecognized (must be of type {}): couldn't get version/kind; json parse error: invalid character '{wrong}' \
             looking for beginning of value ({hex} ...)",
            kind.info().name
        ))));
    }
    let namespace = namespace.unwrap_or_default();
    match (name, part.as_deref()) {
        (Some(pod), Some("eviction")) if kind == Kind::Pod => {
            if body.text_at(&["metadata", "name"]) != Some(&pod) {
                return Err(Failure::Server(Status::bad_request("name in URL does not match name in Eviction object")));
            }
            let grace = body.int_at(&["deleteOptions", "gracePeriodSeconds"]);
            let uid = body.at(&["deleteOptions", "preconditions", "uid"]).and_then(Value::as_shared_text);
            let dry_run = body.list_at(&["deleteOptions", "dryRun"]).iter().any(|of| of.as_text() == Some("All"));
            let options = DeleteOptions { grace_period_seconds: grace, uid, dry_run, ..DeleteOptions::default() };
            session.client.evict(&NamespacedName::of(&namespace, &pod), &options)?;
            session.output.line(EVICTED);
        }
        (None, None) => {
            let written = session.client.create(kind, &namespace, &body, &DryRun::None.options(call))?;
            session.warn_all(&written);
            let mut text = String::new();
            print(&written.object, Some(schema().kind(kind)), &mut text);
            session.output.line(text);
        }
        _ => return Err(Failure::no_such_method()),
    }
    Ok(Step::Done)
}

/// The error for an unknown path: the server's own, if a real server does not have it either.
fn unknown(verb: &str, path: &str) -> Failure {
    let own = path.split('?').next().unwrap_or_default().trim_matches('/');
    let parts: Vec<&str> = own.split('/').collect();
    let other = parts.iter().any(|part| not_simulated(part).is_some());
    let of_objects = parts.len() > 2 && matches!(parts[0], "api" | "apis");
    if other || own.len() < path.trim_matches('/').len() || !of_objects && OWN_PATHS.contains(&parts[0]) {
        return Failure::not_simulated(format!("`kubectl {verb} --raw {path}`"));
    }
    Failure::no_such_resource()
}

fn check(call: &Call, path: &str) -> Result<(), Failure> {
    Failure::client_if(call.flags.text("output").is_some_and(|output| !output.is_empty()), "--raw and --output are mutually exclusive")?;
    Failure::client_if(!path.starts_with('/'), format!("--raw must be a valid URL path: parse {path:?}: invalid URI for request"))?;
    Ok(())
}

/// Parses an API path: `/apis/apps/v1/namespaces/default/statefulsets/web/scale`.
fn place(path: &str) -> Option<ApiPath> {
    let mut parts = path.trim_matches('/').split('/').peekable();
    let group = match parts.next()? {
        "api" => "",
        "apis" => parts.next()?,
        _ => return None,
    };
    let version = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    let (namespace, rest) = match rest.as_slice() {
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() && rest != ["status"] => (Some((*namespace).to_owned()), rest),
        all => (None, all),
    };
    let (plural, rest) = rest.split_first()?;
    let is_it = |kind: &&Kind| (kind.info().group, kind.info().version, kind.info().plural) == (group, version, *plural);
    let kind = Kind::ALL.iter().copied().find(|kind| is_it(&kind))?;
    let name = rest.first().map(|name| (*name).to_owned());
    // A namespaced object needs a namespace in its path.
    let fits = rest.len() <= 2
        && (namespace.is_none() || kind.is_namespaced())
        && !(kind.is_namespaced() && namespace.is_none() && name.is_some());
    fits.then(|| ApiPath { kind, namespace, name, part: rest.get(1).map(|part| (*part).to_owned()) })
}

/// Writes JSON in the field order of Go's structs.
fn print(value: &Value, of: Option<&StructType>, out: &mut String) {
    match (value, of) {
        (Value::Map(map), Some(of)) => {
            let own = |name: &&str| !matches!(*name, "kind" | "apiVersion");
            let declared = ["kind", "apiVersion"].into_iter().chain(of.fields.iter().map(|field| field.name).filter(own));
            let others = map.iter().map(|(name, _)| &**name).filter(|name| own(name) && of.field(name).is_none());
            let mut first = true;
            for (name, inside) in declared.chain(others).filter_map(|name| Some((name, map.get(name)?))) {
                out.push(if std::mem::take(&mut first) { '{' } else { ',' });
                write_json_text(name, out);
                out.push(':');
                print_field(inside, of.field(name), out);
            }
            out.push_str(if first { "{}" } else { "}" });
        }
        _ => out.push_str(&value.to_json()),
    }
}

fn print_field(value: &Value, field: Option<&Field>, out: &mut String) {
    let of = field.and_then(|field| schema().inside(field));
    match value {
        Value::List(items) if of.is_some() => {
            for (i, item) in items.iter().enumerate() {
                out.push(if i == 0 { '[' } else { ',' });
                print(item, of, out);
            }
            out.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Value::Map(_) if of.is_some() && field.is_some_and(|f| f.shape == Shape::One) => print(value, of, out),
        other => out.push_str(&other.to_json()),
    }
}
