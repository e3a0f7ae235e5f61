//! DNS answers of a real CoreDNS, over the Services and slices that it had seen.

use std::fs;

use api::kind::Kind;
use api::object::{EndpointSlice, Object, Plain, Service};
use base::value::Value;
use cluster::dns::{Options, Query, Record, RecordType, Upstream, resolve};
use server::tables::Tables;

use crate::suite::project;
use crate::tally::Tally;

/// The recordings: a line for each stage, with what the server saw and what it answered.
pub fn stages() -> Vec<Value> {
    let file = project().join("tests/data/dns/answers.jsonl");
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// The options of the recorded server, which has no upstream.
pub fn recorded_options() -> Options {
    Options { upstream: Upstream::Absent, ..Options::default() }
}

/// A namespace of this name, with nothing else.
pub fn namespace(name: &str) -> Object {
    Plain::decode(Kind::Namespace, &Value::of([("metadata", Value::of([("name", name)]))])).into()
}

fn metadata(name: &str) -> Value {
    Value::of([("name", name), ("namespace", "default")])
}

/// The recorded server's view: the slices as recorded, and a Service for each.
pub fn recorded_view(line: &Value) -> Tables {
    let mut view = Tables::default();
    view.insert(namespace("default"));
    for (i, slice) in line.list_at(&["endpointSlices"]).iter().enumerate() {
        let service = slice.text_at(&["service"]).unwrap_or_default();
        let ports = slice.get("ports").cloned().unwrap_or_default();
        let cluster_ip = line.get("clusterIP").cloned().unwrap_or_default();
        let spec = Value::of([("clusterIP", cluster_ip), ("ports", ports.clone()), ("type", "ClusterIP".into())]);
        view.insert(Service::decode(&Value::of([("metadata", metadata(service)), ("spec", spec)])).into());
        let endpoints = Value::list(slice.list_at(&["endpoints"]).iter().map(recorded_endpoint));
        let mut meta = metadata(&format!("{service}-{i}"));
        meta.set(&["labels"], Value::of([("kubernetes.io/service-name", service)]));
        let object = Value::of([("metadata", meta), ("endpoints", endpoints), ("ports", ports)]);
        view.insert(EndpointSlice::decode(&object).into());
    }
    view
}

fn recorded_endpoint(endpoint: &Value) -> Value {
    let field = |key: &str| endpoint.get(key).cloned().unwrap_or_default();
    Value::of([
        ("addresses", Value::list([field("ip")])),
        ("conditions", field("conditions")),
        ("hostname", field("hostname")),
        ("targetRef", Value::of([("kind", Value::from("Pod")), ("name", field("pod"))])),
    ])
}

/// The records as lines, sorted: a server gives addresses in random order.
pub fn sorted(records: &[Record]) -> Vec<String> {
    let mut lines: Vec<String> = records.iter().map(Record::to_string).collect();
    lines.sort();
    lines
}

fn recorded(answer: &Value, section: &str) -> Vec<String> {
    let mut lines: Vec<String> = answer.list_at(&[section]).iter().filter_map(|l| Some(l.as_text()?.to_owned())).collect();
    lines.sort();
    lines
}

/// Compares every recorded answer.
pub fn judge() -> Tally {
    let (options, mut tally) = (recorded_options(), Tally::of("recorded answers"));
    for line in stages() {
        let view = recorded_view(&line);
        for want in line.list_at(&["answers"]) {
            let (name, kind) = (want.text_at(&["q"]).unwrap_or_default(), want.text_at(&["type"]).unwrap_or_default());
            let got = resolve(&view, &Query::exact(name, RecordType::read(kind)), &options);
            let real = [
                want.text_at(&["rcode"]).unwrap_or_default().to_owned(),
                recorded(want, "answers").join("\n"),
                recorded(want, "additional").join("\n"),
                (!want.list_at(&["authority"]).is_empty()).to_string(),
            ];
            let ours =
                [got.rcode.to_string(), sorted(&got.records).join("\n"), sorted(&got.additional).join("\n"), got.soa.is_some().to_string()];
            let stage = line.text_at(&["stage"]).unwrap_or_default();
            tally.judge(&format!("{stage}: {name} {kind}"), &real.join("\n"), &ours.join("\n"));
        }
    }
    tally
}
