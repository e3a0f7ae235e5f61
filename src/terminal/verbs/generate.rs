//! Commands that generate an object: `create deployment` and the like.
//!
//! Models k8s.io/kubectl/pkg/cmd/create. Objects are shown as Go's typed encoder writes them, including empty fields.

use std::num::{IntErrorKind, ParseIntError};

use crate::applied::remembering;
use crate::targets::{self, Lookup};
use crate::work::Step;
use crate::write::Report;
use api::kind::Kind;
use api::names::{config_key, label_key, label_value};
use api::view;
use base::base64;
use base::given::SetGiven;
use base::label::{LabelSelector, Operator, Requirement};
use base::quantity::Quantity;
use base::value::{Map, Value, members};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;

/// Creates an object on the server, or only prints it.
pub fn finish(call: &Call, session: &mut Session, kind: Kind, mut object: Value, done: &str) -> Result<Step, Failure> {
    let report = Report::of(call)?;
    let namespace = if kind.is_namespaced() { session.namespace(call) } else { String::new() };
    if call.flags.on("save-config") {
        object = remembering(&object);
    }
    if !namespace.is_empty() && (report.asks_server() || call.flags.given("namespace")) {
        object.set(&["metadata", "namespace"], namespace.as_str());
    }
    if report.asks_server() {
        let written = session.client.create(kind, &namespace, &object, &report.options)?;
        session.warn_all(&written);
        object = written.object;
    }
    report.say(session, &named(kind, &object), done, &object)?;
    Ok(Step::Done)
}

/// The object's name: `statefulset.apps/web`, or `<unknown>` if it has none yet. Models printers/name.go.
pub(super) fn named(kind: Kind, object: &Value) -> String {
    let name = Some(view::name(object)).filter(|name| !name.is_empty()).unwrap_or("<unknown>");
    format!("{}/{name}", kind.qualified_singular())
}

/// Creates an object, with the errors of the kind's own `create` command.
pub(super) fn create(call: &Call, session: &mut Session, kind: Kind, object: Value) -> Result<Step, Failure> {
    let what = match kind {
        Kind::PodDisruptionBudget => "poddisruptionbudgets:".to_owned(),
        Kind::ResourceQuota => "quota:".to_owned(),
        Kind::Secret => "secret".to_owned(),
        Kind::Service => format!("{} service:", view::text(&object, &["spec", "type"])),
        other => format!("{}:", other.info().singular),
    };
    finish(call, session, kind, object, "created").map_err(|failure| match failure {
        Failure::Server(status) => Failure::client(format!("failed to create {what} {}", status.message)),
        other => other,
    })
}

/// An object with nothing but its name.
pub fn object(kind: Kind, name: &str) -> Value {
    let mut object = Value::of([("apiVersion", kind.api_version().as_str()), ("kind", kind.info().name)]);
    object.set(&["metadata", "name"], name);
    object
}

/// A number of 32 bits, or else a text. Models intstr.Parse.
pub fn int_or_text(text: &str) -> Value {
    text.parse::<i32>().map_or_else(|_| Value::from(text), |number| Value::Int(number.into()))
}

/// Labels in the notation of a flag: `a=b,c=d`.
pub(super) fn label_pairs(text: &str) -> Result<Map, Failure> {
    let pair = |spec: &str| match spec.split('=').collect::<Vec<_>>().as_slice() {
        ["", _] => Err(Failure::client("unexpected empty label key")),
        [key, value] => Ok(((*key).to_owned(), Value::from(*value))),
        _ => Err(Failure::client(format!("unexpected label spec: {spec}"))),
    };
    text.split(',').filter(|_| !text.is_empty()).map(pair).collect()
}

/// The value of a flag, or cobra's error that it is required.
pub fn required<'a>(call: &'a Call, flag: &str) -> Result<&'a str, Failure> {
    call.flags.text(flag).ok_or_else(|| Failure::client(format!("required flag(s) {flag:?} not set")))
}

/// The only argument: the object's name.
pub(super) fn name_of(call: &Call) -> Result<&str, Failure> {
    let own = &call.args[..call.dash.unwrap_or(call.args.len())];
    match own {
        [name] => Ok(name),
        other => Err(call.usage(format!("exactly one NAME is required, got {}", other.len()))),
    }
}

fn app_label(name: &str) -> Value {
    Value::of([("app", name)])
}

/// The container of a generated pod template.
fn container(call: &Call, name: &str, image: &str) -> Value {
    let mut container = Value::of([("image", image), ("name", name)]);
    container.set(&["resources"], Value::map());
    container.set_some(&["command"], call.dash.map(|dash| Value::list(call.args[dash..].iter().map(String::as_str))));
    container
}

/// `create deployment`
pub fn deployment(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    required(call, "image")?;
    let name = name_of(call)?;
    let images = call.flags.list("image");
    Failure::client_if(images.len() > 1 && call.dash.is_some(), "cannot specify multiple --image options and command")?;
    let named_after = |image: &str| {
        let last = image.rsplit('/').next().unwrap_or(image);
        last.split([':', '@']).next().unwrap_or(last).replace(['_', '.'], "-")
    };
    let mut containers: Vec<Value> = images.iter().map(|i| container(call, &named_after(i), i)).collect();
    if let Some(port) = call.flags.int("port") {
        let mut entry = Value::map();
        entry.set(&["containerPort"], port);
        if let Some(first) = containers.first_mut() {
            first.set(&["ports"], Value::list([entry]));
        }
    }
    let mut deployment = object(Kind::Deployment, name);
    deployment.set(&["metadata", "labels"], app_label(name));
    deployment.set(&["spec", "replicas"], call.flags.int("replicas").unwrap_or(1));
    deployment.set(&["spec", "selector", "matchLabels"], app_label(name));
    deployment.set(&["spec", "strategy"], Value::map());
    deployment.set(&["spec", "template", "metadata", "labels"], app_label(name));
    deployment.set(&["spec", "template", "spec", "containers"], Value::list(containers));
    deployment.set(&["status"], Value::map());
    create(call, session, Kind::Deployment, deployment)
}

/// `create namespace`
pub fn namespace(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let mut namespace = object(Kind::Namespace, name_of(call)?);
    namespace.set(&["spec"], Value::map());
    namespace.set(&["status"], Value::map());
    finish(call, session, Kind::Namespace, namespace, "created")
}

/// `create serviceaccount`
pub fn service_account(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    create(call, session, Kind::ServiceAccount, object(Kind::ServiceAccount, name_of(call)?))
}

/// `create configmap`
pub fn config_map(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let mut map = object(Kind::ConfigMap, name_of(call)?);
    let data = data(call, session, Kind::ConfigMap)?;
    map.set_filled(&["data"], data);
    create(call, session, Kind::ConfigMap, map)
}

/// `create secret generic`
pub fn secret(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let mut secret = object(Kind::Secret, name_of(call)?);
    let data: Map =
        data(call, session, Kind::Secret)?.iter().map(|(k, v)| (k.as_ref(), base64::encode(view::scalar(v).as_bytes()))).collect();
    secret.set_filled(&["data"], data);
    secret.set_some(&["type"], call.flags.text("type"));
    create(call, session, Kind::Secret, secret)
}

/// The data from `--from-literal`, `--from-file` and `--from-env-file`. Models create_configmap.go and create_secret.go.
fn data(call: &Call, session: &Session, kind: Kind) -> Result<Map, Failure> {
    let files = &session.around.files;
    let missing = |path: &str| Failure::client(format!("error reading {path}: no such file or directory"));
    let read = |path: &str| files.get(path).ok_or_else(|| missing(path));
    let given = |flag: &str| call.flags.given(flag);
    if given("from-env-file") && (given("from-file") || given("from-literal")) {
        return Err(Failure::client("from-env-file cannot be combined with from-file or from-literal"));
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for literal in call.flags.all("from-literal") {
        let wrong = || Failure::client(format!("invalid literal source {literal}, expected key=value"));
        let (key, value) = literal.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(wrong)?;
        pairs.push((key.to_owned(), value.to_owned()));
    }
    let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    for source in call.flags.all("from-file") {
        if let Some((key, path)) = source.split_once('=') {
            pairs.push((key.to_owned(), read(path)?.to_string()));
        } else if files.is_folder(source) {
            pairs.extend(files.in_folder(source).into_iter().map(|(path, text)| (last(&path), text.to_string())));
        } else {
            pairs.push((last(source), read(source)?.to_string()));
        }
    }
    for path in call.flags.all("from-env-file") {
        for line in read(path)?.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            pairs.push((key.to_owned(), value.to_owned()));
        }
    }
    let mut data = Map::new();
    for (key, value) in pairs {
        check_key(&key, &data, kind, call.args.first().map_or("", String::as_str))?;
        data.insert(key.as_str(), value);
    }
    Ok(data)
}

/// Refuses an invalid or duplicate key.
fn check_key(key: &str, data: &Map, kind: Kind, name: &str) -> Result<(), Failure> {
    let problems = config_key(key);
    let is_secret = kind == Kind::Secret;
    if !problems.is_empty() {
        return Err(Failure::client(if is_secret {
            format!("{key:?} is not valid key name for a Secret {}", problems.join(";"))
        } else {
            format!("{key:?} is not a valid key name for a ConfigMap: {}", problems.join(","))
        }));
    }
    if data.contains(key) {
        return Err(Failure::client(if is_secret {
            format!("cannot add key {key}, another key by that name already exists")
        } else {
            format!("cannot add key {key:?}, another key by that name already exists in Data for ConfigMap {name:?}")
        }));
    }
    Ok(())
}

/// `create service clusterip`
pub fn cluster_ip(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let headless = call.flags.text("clusterip") == Some("None");
    let mut service = service(call, "ClusterIP", !headless)?;
    service.set_some(&["spec", "clusterIP"], call.flags.text("clusterip"));
    create(call, session, Kind::Service, service)
}

/// `create service nodeport`
pub fn node_port(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let mut service = service(call, "NodePort", true)?;
    if let (Some(port), Some(mut first)) = (call.flags.int("node-port"), service.list_at(&["spec", "ports"]).first().cloned()) {
        first.set(&["nodePort"], port);
        service.set(&["spec", "ports"], Value::list([first]));
    }
    create(call, session, Kind::Service, service)
}

fn service(call: &Call, kind: &str, needs_port: bool) -> Result<Value, Failure> {
    let name = name_of(call)?;
    let mut ports = Vec::new();
    for pair in call.flags.list("tcp") {
        let mut parts = pair.split(':');
        let port = parts.next().unwrap_or_default();
        let target = parts.next().unwrap_or(port);
        let number: u16 = port.parse().map_err(|wrong: ParseIntError| {
            let why = if *wrong.kind() == IntErrorKind::PosOverflow { "value out of range" } else { "invalid syntax" };
            Failure::client(format!("strconv.ParseUint: parsing {port:?}: {why}"))
        })?;
        let mut entry = Value::of([("name", pair.replace(':', "-").as_str()), ("protocol", "TCP")]);
        entry.set(&["port"], i64::from(number));
        entry.set(&["targetPort"], int_or_text(target));
        ports.push(entry);
    }
    Failure::client_if(ports.is_empty() && needs_port, "at least one tcp port specifier must be provided")?;
    let mut service = object(Kind::Service, name);
    service.set(&["metadata", "labels"], app_label(name));
    service.set_filled(&["spec", "ports"], Value::list(ports));
    service.set(&["spec", "selector"], app_label(name));
    service.set(&["spec", "type"], kind);
    service.set(&["status", "loadBalancer"], Value::map());
    Ok(service)
}

/// `create poddisruptionbudget`
pub fn disruption_budget(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let name = name_of(call)?;
    let (least, most) = (call.flags.text("min-available"), call.flags.text("max-unavailable"));
    let selector = call.flags.text("selector").filter(|s| !s.is_empty());
    let selector = selector.ok_or_else(|| Failure::client("a selector must be specified"))?;
    let (field, amount) = match (least, most) {
        (Some(_), Some(_)) => return Err(Failure::client("min-available and max-unavailable cannot be both specified")),
        (None, None) => return Err(Failure::client("one of min-available or max-unavailable must be specified")),
        (Some(least), None) => ("minAvailable", least),
        (None, Some(most)) => ("maxUnavailable", most),
    };
    let digits = amount.strip_suffix('%').unwrap_or(amount);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let flag = if field == "minAvailable" { "min-available" } else { "max-unavailable" };
        return Err(Failure::client(format!("invalid format specified for {flag}")));
    }
    let mut budget = object(Kind::PodDisruptionBudget, name);
    budget.set(&["spec", field], int_or_text(amount));
    let parsed = LabelSelector::parse(selector, &label_key, &label_value)
        .map_err(|why| Failure::client(format!("couldn't parse the selector string {selector:?}: {why}")))?;
    budget.set(&["spec", "selector"], selector_object(&parsed)?);
    for field in ["currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"] {
        budget.set(&["status", field], 0);
    }
    create(call, session, Kind::PodDisruptionBudget, budget)
}

/// A selector as objects have it. Models metav1.ParseToLabelSelector.
fn selector_object(selector: &LabelSelector) -> Result<Value, Failure> {
    let (mut labels, mut expressions) = (Map::new(), Vec::new());
    for Requirement { key, operator, values } in &selector.requirements {
        let operator = match operator {
            Operator::Equals | Operator::DoubleEquals => {
                labels.insert(key.clone(), Value::from(values.first().map_or("", AsRef::as_ref)));
                continue;
            }
            Operator::In => "In",
            Operator::NotIn => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            Operator::NotEquals => return Err(Failure::client("\"!=\" is not a valid label selector operator")),
            Operator::GreaterThan => return Err(Failure::client("\"gt\" isn't supported in label selectors")),
            Operator::LessThan => return Err(Failure::client("\"lt\" isn't supported in label selectors")),
        };
        let mut expression = Value::of([("key", &**key), ("operator", operator)]);
        expression.set_filled(&["values"], Value::list(values.iter().map(|value| Value::from(&**value))));
        expressions.push(expression);
    }
    let mut object = Value::map();
    object.set_filled(&["matchLabels"], labels);
    object.set_filled(&["matchExpressions"], Value::from(expressions));
    Ok(object)
}

/// `create job`
pub fn job(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let name = name_of(call)?;
    let given = |flag: &str| call.flags.text(flag).filter(|text| !text.is_empty());
    let mut job = match (given("image"), given("from")) {
        (Some(image), None) => {
            let mut job = object(Kind::Job, name);
            job.set(&["spec", "template", "metadata"], Value::map());
            job.set(&["spec", "template", "spec", "containers"], Value::list([container(call, name, image)]));
            job.set(&["spec", "template", "spec", "restartPolicy"], "Never");
            job
        }
        (None, Some(_)) if call.dash.is_some_and(|dash| call.args.len() > dash) => {
            return Err(Failure::client("cannot specify --from and command"));
        }
        (None, Some(from)) => job_from(call, session, name, from)?,
        _ => return Err(Failure::client("either --image or --from must be specified")),
    };
    job.set(&["status"], Value::map());
    create(call, session, Kind::Job, job)
}

/// The Job that a CronJob would create now.
fn job_from(call: &Call, session: &mut Session, name: &str, from: &str) -> Result<Value, Failure> {
    let found = targets::find_all(call, &[from.to_owned()], session, Lookup::default())?;
    let [Target { kind, name: of, object: schedule, .. }] = found.as_slice() else {
        return Err(Failure::client("from must be an existing cronjob"));
    };
    if *kind != Kind::CronJob {
        let info = kind.info();
        return Err(Failure::client(format!("unknown object type *{}.{}", info.version, info.name)));
    }
    let template = ["spec", "jobTemplate"];
    let mut job = object(Kind::Job, name);
    let mut annotations = Value::of([("cronjob.kubernetes.io/instantiate", "manual")]);
    for (key, value) in members(schedule.at(&[template[0], template[1], "metadata", "annotations"]).and_then(Value::as_map)) {
        annotations.set(&[key], value.clone());
    }
    job.set(&["metadata", "annotations"], annotations);
    job.set_some(&["metadata", "labels"], schedule.at(&[template[0], template[1], "metadata", "labels"]).cloned());
    let mut owner = Value::of([("apiVersion", kind.api_version().as_str()), ("kind", kind.info().name), ("name", of.as_str())]);
    owner.set(&["controller"], true);
    owner.set(&["uid"], view::text(schedule, &["metadata", "uid"]));
    job.set(&["metadata", "ownerReferences"], Value::list([owner]));
    job.set(&["spec"], schedule.at(&[template[0], template[1], "spec"]).cloned().unwrap_or_default());
    Ok(job)
}

/// `create quota`
pub fn quota(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let mut quota = object(Kind::ResourceQuota, name_of(call)?);
    let mut hard = Map::new();
    for pair in call.flags.text("hard").unwrap_or_default().split(',').filter(|pair| !pair.is_empty()) {
        let wrong = || Failure::client(format!("Invalid argument syntax {pair}, expected <resource>=<value>"));
        let (resource, amount) = pair.split_once('=').filter(|(_, amount)| !amount.contains('=')).ok_or_else(wrong)?;
        Quantity::parse(amount).map_err(|wrong| Failure::client(wrong.to_string()))?;
        hard.insert(resource, amount);
    }
    quota.set(&["spec"], Value::map());
    quota.set_filled(&["spec", "hard"], hard);
    if let Some(scopes) = call.flags.text("scopes").filter(|scopes| !scopes.is_empty()) {
        Failure::client_if(scopes.split(',').any(str::is_empty), "invalid resource quota scope \"\"")?;
        quota.set(&["spec", "scopes"], Value::list(scopes.split(',').map(Value::from)));
    }
    quota.set(&["status"], Value::map());
    create(call, session, Kind::ResourceQuota, quota)
}

/// `create priorityclass`
pub fn priority_class(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let mut class = object(Kind::PriorityClass, name_of(call)?);
    class.set(&["value"], call.flags.int("value").unwrap_or(0));
    class.set_filled(&["globalDefault"], call.flags.on("global-default"));
    class.set_some(&["description"], call.flags.text("description").filter(|text| !text.is_empty()));
    class.set(&["preemptionPolicy"], call.flags.text("preemption-policy").unwrap_or("PreemptLowerPriority"));
    create(call, session, Kind::PriorityClass, class)
}
