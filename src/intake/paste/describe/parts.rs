//! Values of a form of their own: containers, probes, volumes, tolerations, tables.

use super::block::{Block, pair, part, present, stamp};
use super::fill;
use super::tables::{CLAIM_TEMPLATE, CONTAINER, SOURCE, STATE, Told};
use api::kind::Kind;
use base::label::{LabelSelector, Operator};
use base::time::Time;
use base::value::Value;

/// Where a ServiceAccount's token is mounted, by the server.
const TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The phases of objects.
const PHASES: [&str; 9] = ["Pending", "Running", "Succeeded", "Failed", "Unknown", "Bound", "Lost", "Available", "Released"];
/// Volume sources that are called otherwise than their field.
const SOURCES: [(&str, &str); 6] = [
    ("LocalVolume", "local"),
    ("EphemeralVolume", "ephemeral"),
    ("CephFS", "cephfs"),
    ("GCEPersistentDisk", "gcePersistentDisk"),
    ("AWSElasticBlockStore", "awsElasticBlockStore"),
    ("StorageOS", "storageos"),
];
/// The fields of a probe by the words before their numbers; the newer ones are called as the field.
const PROBE: [(&str, &str); 5] = [
    ("delay", "initialDelaySeconds"),
    ("timeout", "timeoutSeconds"),
    ("period", "periodSeconds"),
    ("#success", "successThreshold"),
    ("#failure", "failureThreshold"),
];

/// A list, unless it is empty.
fn list(items: impl Iterator<Item = Value>) -> Option<Value> {
    Some(Value::list(items)).filter(|list| list.as_list().is_some_and(|list| !list.is_empty()))
}

/// The text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    Some(&rest[..rest.find(after)?])
}

/// A name as fields begin with: `LastProbeTime` as `lastProbeTime`, `CSI` as `csi`.
fn as_field(name: &str) -> String {
    if name.chars().all(|c| c.is_ascii_uppercase()) {
        return name.to_ascii_lowercase();
    }
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// `app=web,tier in (a,b)`.
pub fn selector(block: &Block, at: usize) -> Option<Value> {
    let any = |_: &str| Vec::new();
    let selector = LabelSelector::parse(block.value(at)?, &any, &any).ok()?;
    let mut out = Value::map();
    for one in selector.requirements {
        let operator = match one.operator {
            Operator::Equals | Operator::DoubleEquals => {
                out.set(&["matchLabels", &one.key], one.values.first()?);
                continue;
            }
            Operator::In => "In",
            Operator::NotIn | Operator::NotEquals => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            _ => return None,
        };
        let mut expression = Value::of([("key", Value::from(one.key)), ("operator", operator.into())]);
        if !one.values.is_empty() {
            expression.set(&["values"], Value::list(one.values));
        }
        part(&mut out, "matchExpressions").make_list().push(expression);
    }
    Some(out)
}

/// `StatefulSet/web`.
pub fn owner(block: &Block, at: usize) -> Option<Value> {
    let (kind, name) = block.value(at)?.split_once('/')?;
    let version = Kind::named(kind).map(Kind::api_version).unwrap_or_default();
    let mut owner = Value::of([("apiVersion", version), ("kind", kind.to_owned()), ("name", name.to_owned())]);
    for flag in ["controller", "blockOwnerDeletion"] {
        owner.set(&[flag], true);
    }
    Some(Value::list([owner]))
}

/// A phase, or for how long the object has been going away.
pub fn status(block: &Block, at: usize, into: &mut Value, _: &mut Told) {
    let Some(value) = block.value(at) else { return };
    if value.starts_with("Terminating") {
        let since = between(value, "(lasts ", ")").and_then(super::block::ago).map(Time::rfc3339);
        let since = since.or_else(|| between(value, "(expires ", ")").and_then(stamp));
        into.set(&["metadata", "deletionTimestamp"], since.unwrap_or_else(|| super::super::NEWEST.rfc3339()));
        if into.text_at(&["kind"]) == Some(Kind::Namespace.info().name) {
            into.set(&["status", "phase"], "Terminating");
        }
    } else if value == "Active" || PHASES.contains(&value) {
        into.set(&["status", "phase"], value);
    }
}

/// `worker-1/172.18.0.2`.
pub fn node_of_pod(block: &Block, at: usize, into: &mut Value, _: &mut Told) {
    let Some(value) = block.value(at) else { return };
    let (name, address) = value.split_once('/').unwrap_or((value, ""));
    for (path, text) in [(["spec", "nodeName"], name), (["status", "hostIP"], address)] {
        if let Some(text) = present(text) {
            into.set(&path, text);
        }
    }
}

/// A table of conditions, with whatever columns it has.
pub fn conditions(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    let mut heading: Vec<(usize, String)> = [(usize::MAX, "type".to_owned()), (usize::MAX, "status".to_owned())].into();
    for line in &block.lines[block.below(at)] {
        let cells = line.cells();
        match cells.first().map_or("", |cell| cell.text) {
            "Type" => heading = cells.iter().map(|cell| (cell.column, as_field(cell.text))).collect(),
            rule if rule.starts_with("--") => {}
            _ => {
                let mut condition = Value::map();
                for (number, cell) in cells.iter().enumerate() {
                    let column = heading.iter().find(|(column, _)| *column == cell.column).or_else(|| heading.get(number));
                    let Some((_, field)) = column else { continue };
                    let value = if field.ends_with("Time") { stamp(cell.text) } else { present(cell.text).map(str::to_owned) };
                    if let Some(value) = value {
                        condition.set(&[field], value);
                    }
                }
                if let Some(status @ ("True" | "False" | "Unknown")) = condition.text_at(&["status"]) {
                    told.push((line.number, format!("{}: {status}", condition.text_at(&["type"]).unwrap_or_default())));
                    part(into, "status conditions").make_list().push(condition);
                }
            }
        }
    }
}

/// The conditions that a pod's readiness waits for.
pub fn readiness_gates(block: &Block, at: usize) -> Option<Value> {
    let gates = block.lines[block.below(at)].iter().filter_map(|line| Some(line.cells().first()?.text)).filter(|gate| *gate != "Type");
    list(gates.map(|gate| Value::of([("conditionType", gate)])))
}

/// Containers with their statuses, into a pod or a template.
pub fn containers(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    for name in block.heads(block.below(at)) {
        let mut one = Value::map();
        fill(block, block.below(name), CONTAINER, &mut one, told);
        add_container(block.label(name), block.label(at).starts_with("Init"), one, into);
    }
}

/// Puts in a container of its `spec` and its `status`.
pub fn add_container(name: &str, init: bool, mut one: Value, into: &mut Value) {
    let lists =
        if init { ["spec initContainers", "status initContainerStatuses"] } else { ["spec containers", "status containerStatuses"] };
    for (side, list) in ["spec", "status"].into_iter().zip(lists) {
        if let Some(mut half) = one.remove(&[side]).or_else(|| (side == "spec").then(Value::map)) {
            half.set(&["name"], name);
            part(into, list).make_list().push(half);
        }
    }
}

/// `4500/TCP (main), 80/TCP`: the ports, or those of the node that lead there.
pub fn ports(block: &Block, at: usize, into: &mut Value, _: &mut Told) {
    let ports = part(into, "spec ports").make_list();
    for (number, text) in block.value(at).into_iter().flat_map(|value| value.split(", ")).enumerate() {
        let Some((port, protocol)) = text.split_once('/') else { continue };
        let Ok(port) = port.parse::<u16>() else { continue };
        if block.label(at).starts_with("Host") {
            if let Some(one) = ports.get_mut(number).filter(|_| port > 0) {
                one.set(&["hostPort"], port);
            }
            continue;
        }
        let mut one = Value::of([("containerPort", Value::from(port))]);
        one.set(&["protocol"], protocol.split(' ').next().unwrap_or_default());
        if let Some(name) = between(protocol, "(", ")") {
            one.set(&["name"], name);
        }
        ports.push(one);
    }
    if ports.is_empty() {
        into.remove(&["spec", "ports"]);
    }
}

/// Texts, one per line below the label.
pub fn words(block: &Block, at: usize) -> Option<Value> {
    list(block.texts(at).map(Value::from))
}

/// What a container does, or did last.
pub fn state(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    let Some(value @ ("Running" | "Waiting" | "Terminated")) = block.value(at) else { return };
    let mut state = Value::map();
    fill(block, block.below(at), STATE, &mut state, told);
    let field = if block.label(at) == "State" { "state" } else { "lastState" };
    into.set(&["status", field, &value.to_ascii_lowercase()], state);
}

/// The path of a URL without its escapes.
fn unescaped(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => bytes.extend([byte].iter().chain(&piece.as_bytes()[2..])),
            None => bytes.extend(b"%".iter().chain(piece.as_bytes())),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `http-get http://:80/ delay=0s timeout=1s period=1s #success=1 #failure=1`.
pub fn probe(block: &Block, at: usize) -> Option<Value> {
    let value = block.value(at)?;
    let (action, times) = value.split_once(" delay=").map_or((value, ""), |(action, _)| (action, &value[action.len()..]));
    let mut probe = Value::map();
    for (word, number) in times.split_whitespace().filter_map(|time| time.split_once('=')) {
        let field = PROBE.iter().find(|(short, field)| *short == word || *field == word);
        if let Some(((_, field), number)) = field.zip(number.trim_end_matches('s').parse::<i32>().ok()) {
            probe.set(&[field], number);
        }
    }
    let port = |text: &str| super::block::number_or_text(text).unwrap_or_default();
    let (kind, target) = action.split_once(' ')?;
    match kind {
        "exec" => probe.set(&["exec", "command"], Value::list(target.trim_matches(['[', ']']).split(' '))),
        "grpc" => {
            let (number, service) = target.rsplit_once(':')?.1.split_once(' ').unwrap_or_default();
            probe.set(&["grpc", "port"], port(number));
            probe.set(&["grpc", "service"], service);
        }
        "http-get" | "tcp-socket" => {
            let (scheme, address) = target.split_once("://").unwrap_or(("", target));
            let (address, path) = address.split_at(address.find('/').unwrap_or(address.len()));
            let (host, number) = address.rsplit_once(':')?;
            let field = if kind == "http-get" { "httpGet" } else { "tcpSocket" };
            for (key, text) in [("scheme", &*scheme.to_ascii_uppercase()), ("host", host), ("path", &unescaped(path))] {
                if !text.is_empty() {
                    probe.set(&[field, key], text);
                }
            }
            probe.set(&[field, "port"], port(number));
        }
        _ => return None,
    }
    Some(probe)
}

/// The name of what a variable is taken from, the key there, and whether it may be missing.
fn reference(text: &str, name: &str) -> Value {
    let mut out = Value::of([("name", name)]);
    if let Some(key) = between(text, "the key '", "'") {
        out.set(&["key"], key);
    }
    if text.ends_with("Optional: true") {
        out.set(&["optional"], true);
    }
    out
}

/// The variables of a container: their names, and what they are taken from. Values are private and not kept.
pub fn variables(block: &Block, at: usize) -> Option<Value> {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let lines = block.heads(block.below(at)).map(|at| block.lines[at].split()).filter(|(name, _)| is_name(name));
    list(lines.map(|(name, value)| {
        let mut one = Value::of([("name", name)]);
        for (before, field) in [("' in secret '", "secretKeyRef"), ("' of config map '", "configMapKeyRef")] {
            if let Some(from) = between(value, before, "'").filter(|_| value.starts_with("<set to the key '")) {
                one.set(&["valueFrom", field], reference(value, from));
            }
        }
        if let Some(path) = value.rsplit_once("(v1:").and_then(|(_, path)| path.strip_suffix(')')) {
            one.set(&["valueFrom", "fieldRef"], Value::of([("apiVersion", "v1"), ("fieldPath", path)]));
        }
        one
    }))
}

/// `settings  ConfigMap with prefix 'A_'  Optional: false`, one per line.
pub fn variables_from(block: &Block, at: usize) -> Option<Value> {
    list(block.lines[block.below(at)].iter().filter_map(|line| {
        let cells = line.cells();
        let (name, kind) = (cells.first()?.text, cells.get(1)?.text);
        let field = if kind.starts_with("ConfigMap") { "configMapRef" } else { "secretRef" };
        let mut one = Value::of([(field, reference(&line.text, name))]);
        if let Some(prefix) = between(kind, "with prefix '", "'") {
            one.set(&["prefix"], prefix);
        }
        Some(one)
    }))
}

/// `/data from data (rw,path="sub")`, or `/dev/x from data`, one per line.
pub fn mounts(block: &Block, at: usize) -> Option<Value> {
    let key = if block.label(at) == "Devices" { "devicePath" } else { "mountPath" };
    list(block.lines[block.below(at)].iter().filter_map(|line| {
        let (path, from) = line.text.split_once(" from ")?;
        let (name, how) = from.split_once(" (").unwrap_or((from, ""));
        let mut one = Value::of([(key, path), ("name", name)]);
        if how.starts_with("ro") {
            one.set(&["readOnly"], true);
        }
        if let Some(sub) = between(how, "path=\"", "\"") {
            one.set(&["subPath"], sub);
        }
        Some(one)
    }))
}

/// The field of a volume's source, and the source.
fn source(block: &Block, lines: std::ops::Range<usize>, told: &mut Told) -> Option<(String, Value)> {
    let kind = block.heads(lines.clone()).find(|at| block.label(*at) == "Type").and_then(|at| block.value(at))?.split(' ').next()?;
    let field = SOURCES.iter().find(|(word, _)| *word == kind).map_or_else(|| as_field(kind), |(_, field)| (*field).to_owned());
    let mut source = Value::map();
    if field != "projected" {
        fill(block, lines, SOURCE, &mut source, told);
        return Some((field, source));
    }
    let sources = part(&mut source, "sources").make_list();
    for at in block.heads(lines) {
        let Some(value) = block.value(at) else { continue };
        match block.label(at) {
            "SecretName" => sources.push(Value::of([("secret", reference("", value))])),
            "ConfigMapName" => sources.push(Value::of([("configMap", reference("", value))])),
            "DownwardAPI" => sources.push(Value::of([("downwardAPI", Value::map())])),
            "TokenExpirationSeconds" => {
                let seconds = super::block::number(value).map(|seconds| Value::of([("expirationSeconds", seconds)]));
                sources.extend(seconds.map(|token| Value::of([("serviceAccountToken", token)])));
            }
            "Optional" | "ConfigMapOptional" | "SecretOptionalName" if value == "true" => {
                let last = sources.last_mut().map(Value::make_map).into_iter().flat_map(|map| map.iter_mut());
                last.for_each(|(_, source)| source.set(&["optional"], true));
            }
            _ => {}
        }
    }
    Some((field, source))
}

/// The volumes of a pod or a template.
pub fn volumes(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    for name in block.heads(block.below(at)) {
        if let Some((field, source)) = source(block, block.below(name), told) {
            let mut volume = Value::of([("name", block.label(name))]);
            volume.set(&[&field], source);
            part(into, "spec volumes").make_list().push(volume);
        }
    }
}

/// What a PersistentVolume is made of.
pub fn source_of_volume(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    if let Some((field, source)) = source(block, block.below(at), told) {
        into.set(&["spec", &field], source);
    }
}

/// Takes out the volume with a ServiceAccount's token, which the server adds to pods.
pub fn without_token(pod: &mut Value) {
    let mut tokens = Vec::new();
    for containers in ["containers", "initContainers"] {
        let Some(Value::List(_)) = pod.at(&["spec", containers]) else { continue };
        for container in part(pod, "spec").make_map().entry(containers, Value::map).make_list() {
            let (token, own): (Vec<Value>, Vec<Value>) =
                container.list_at(&["volumeMounts"]).iter().cloned().partition(|mount| mount.text_at(&["mountPath"]) == Some(TOKEN));
            tokens.extend(token.iter().filter_map(|mount| mount.get("name").cloned()));
            container.remove(&["volumeMounts"]);
            if let Some(own) = list(own.into_iter()) {
                container.set(&["volumeMounts"], own);
            }
        }
    }
    let own = pod.list_at(&["spec", "volumes"]).iter().filter(|volume| volume.get("name").is_none_or(|name| !tokens.contains(name)));
    match list(own.cloned()) {
        Some(own) => pod.set(&["spec", "volumes"], own),
        None => drop(pod.remove(&["spec", "volumes"])),
    }
}

/// `key=value:NoExecute op=Exists for 300s`; before 1.10 `key=value:Equal:NoExecute for 300s`.
pub fn tolerations(block: &Block, at: usize) -> Option<Value> {
    list(block.texts(at).map(|text| {
        let mut words = text.split(' ');
        let mut pieces = words.next().unwrap_or_default().split(':').filter(|piece| *piece != "op=Exists");
        let (key, value) = pieces.next().map(|key| key.split_once('=').unwrap_or((key, ""))).unwrap_or_default();
        let effect = pieces.rfind(|piece| *piece != "Exists" && *piece != "Equal").unwrap_or_default();
        // An older kubectl does not print the operator; without a value it is hardly ever `Equal`.
        let operator = if value.is_empty() { "Exists" } else { "Equal" };
        let mut one = Value::of([("operator", operator)]);
        for (field, text) in [("key", key), ("value", value), ("effect", effect)] {
            if !text.is_empty() {
                one.set(&[field], text);
            }
        }
        let seconds = text.rsplit_once(" for ").and_then(|(_, time)| super::block::number(time.trim_end_matches('s')));
        if let Some(seconds) = seconds {
            one.set(&["tolerationSeconds"], seconds);
        }
        one
    }))
}

/// `key=value:NoSchedule`, one per line.
pub fn taints(block: &Block, at: usize) -> Option<Value> {
    list(block.texts(at).filter_map(|text| {
        let (key, effect) = text.rsplit_once(':')?;
        let (key, value) = key.split_once('=').unwrap_or((key, ""));
        let mut one = Value::of([("key", key), ("effect", effect)]);
        if !value.is_empty() {
            one.set(&["value"], value);
        }
        Some(one)
    }))
}

/// `zone:DoNotSchedule when max skew 1 is exceeded for selector app=web`, one per line.
pub fn topology_spread(block: &Block, at: usize) -> Option<Value> {
    list(block.texts(at).filter_map(|text| {
        let (key, rest) = text.split_once(" when max skew ")?;
        let (key, otherwise) = key.rsplit_once(':')?;
        let mut one = Value::of([("topologyKey", key), ("whenUnsatisfiable", otherwise)]);
        one.set(&["maxSkew"], super::block::number(rest.split(' ').next()?)?);
        if let Some((_, labels)) = rest.split_once(" for selector ") {
            let labels = Block::new(&[(0, &format!("Selector: {labels}"))]);
            one.set(&["labelSelector"], selector(&labels, 0)?);
        }
        Some(one)
    }))
}

/// The templates of a set's claims.
pub fn claim_templates(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    for line in block.heads(block.below(at)) {
        let templates = part(into, "spec volumeClaimTemplates").make_list();
        if block.label(line) == "Name" || templates.is_empty() {
            templates.push(Value::map());
        }
        if let Some(last) = templates.last_mut() {
            fill(block, line..block.below(line).end, CLAIM_TEMPLATE, last, told);
        }
    }
}

/// What a claim has; kubectl writes `0` for nothing.
pub fn capacity(block: &Block, at: usize) -> Option<Value> {
    block.value(at).filter(|size| *size != "0").map(Value::from)
}

/// `shop/data-web-0`.
pub fn claim_ref(block: &Block, at: usize) -> Option<Value> {
    let (namespace, name) = block.value(at)?.split_once('/')?;
    Some(Value::of([("apiVersion", "v1"), ("kind", "PersistentVolumeClaim"), ("namespace", namespace), ("name", name)]))
}

/// `zone in [a, b]`: key, operator and values.
fn requirement(text: &str) -> Option<(&str, &'static str, Value)> {
    const OPERATORS: [&str; 6] = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
    let mut words = text.splitn(3, ' ');
    let (key, operator) = (words.next()?, words.next()?);
    let operator = OPERATORS.iter().find(|one| one.eq_ignore_ascii_case(operator))?;
    let values = words.next().unwrap_or_default().trim_matches(['[', ']']);
    Some((key, operator, Value::list(values.split(", ").filter(|value| !value.is_empty()))))
}

/// The terms of a volume's node affinity.
pub fn node_affinity(block: &Block, at: usize) -> Option<Value> {
    let terms = block.heads(block.below(at)).filter(|at| block.label(*at) == "Required Terms").flat_map(|at| block.heads(block.below(at)));
    list(terms.filter_map(|term| {
        let expressions = block.texts(term).filter_map(requirement).map(|(key, operator, values)| {
            let mut one = Value::of([("key", key), ("operator", operator)]);
            if values.as_list().is_some_and(|values| !values.is_empty()) {
                one.set(&["values"], values);
            }
            one
        });
        Some(Value::of([("matchExpressions", list(expressions)?)]))
    }))
}

/// Where a class makes volumes.
pub fn allowed_topologies(block: &Block, at: usize) -> Option<Value> {
    list(block.heads(block.below(at)).filter_map(|term| {
        let expressions = block.texts(term).filter_map(requirement);
        let expressions = expressions.map(|(key, _, values)| Value::of([("key", key.into()), ("values", values)]));
        Some(Value::of([("matchLabelExpressions", list(expressions)?)]))
    }))
}

/// What marks a class as the default.
pub fn default_class(block: &Block, at: usize) -> Option<Value> {
    (block.value(at) == Some("Yes")).then(|| "true".into())
}

/// `InternalIP:  172.18.0.2`, one per line.
pub fn addresses(block: &Block, at: usize) -> Option<Value> {
    let lines = block.heads(block.below(at)).map(|at| block.lines[at].split());
    list(lines.map(|(kind, address)| Value::of([("type", kind), ("address", address)])))
}

/// A line of a Service's port: `Port:  http  80/TCP`, then where it leads.
pub fn service_port(block: &Block, at: usize, into: &mut Value, _: &mut Told) {
    let Some((name, (number, protocol))) = block.value(at).and_then(|value| {
        let (before, number) = value.rsplit_once([' ', '\t']).unwrap_or(("", value));
        Some((before.trim(), number.split_once('/')?))
    }) else {
        return;
    };
    let ports = part(into, "spec ports").make_list();
    let Some(number) = super::block::number_or_text(number) else { return };
    match (block.label(at), ports.last_mut()) {
        ("Port", _) => {
            let mut port = Value::of([("port", number), ("protocol", protocol.into())]);
            if let Some(name) = present(name) {
                port.set(&["name"], name);
            }
            ports.push(port);
        }
        ("TargetPort", Some(last)) => last.set(&["targetPort"], number),
        (_, Some(last)) => last.set(&["nodePort"], number),
        _ => {}
    }
}

/// The table of a quota: resource, used, hard.
pub fn quota(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    for line in &block.lines[at + 1..] {
        let cells = line.cells();
        let [resource, used, hard] = cells[..] else { continue };
        if resource.text.starts_with("--") || pair(&format!("{}=", resource.text)).is_none() {
            continue;
        }
        told.push((line.number, format!("{}: {} of {} used", resource.text, used.text, hard.text)));
        for (path, amount) in [(["status", "used"], used), (["status", "hard"], hard), (["spec", "hard"], hard)] {
            into.set(&[path[0], path[1], resource.text], amount.text);
        }
    }
}
