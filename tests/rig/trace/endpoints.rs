//! The endpoints of each Service, from its EndpointSlices.

use std::collections::BTreeMap;

use serde::Serialize;

use super::names::Names;
use super::objects::Subject;
use crate::json::Entry;
use api::kind::Kind;
use api::object::network::EndpointPort;
use api::object::{EndpointSlice, Name, Object};
use base::value::Value;
use server::log::Change;

/// Each Service's slices, and the endpoints last recorded.
#[derive(Clone, Debug, Default)]
pub(super) struct Endpoints {
    services: BTreeMap<Name, BTreeMap<Name, Object>>,
    told: BTreeMap<Name, Content>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Content {
    endpoints: Vec<Endpoint>,
    ports: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Endpoint {
    pod: String,
    hostname: Option<String>,
    node: Option<String>,
    ready: bool,
    serving: bool,
    terminating: bool,
    addresses: usize,
}

impl Endpoints {
    /// The entries for a write to a slice: its creation or deletion, and the resulting endpoints of its Service.
    pub(super) fn entries(&mut self, names: &Names, change: &Change) -> Vec<Entry> {
        let Some(slice) = change.object().and_then(Object::as_slice) else { return Vec::new() };
        let Some(subject) = Subject::of(names, Kind::EndpointSlice, &slice.meta) else { return Vec::new() };
        let slices = self.services.entry(slice.service.clone()).or_default();
        match &change.after {
            Some(object) => slices.insert(slice.meta.name.clone(), object.clone()),
            None => slices.remove(&slice.meta.name),
        };
        let mut out = Vec::new();
        match (&change.before, &change.after) {
            (None, Some(_)) => out.push(subject.created(&slice.meta)),
            (Some(_), None) => out.push(subject.entry("removed")),
            _ => {}
        }
        if slices.is_empty() {
            self.told.remove(&slice.service);
            return out;
        }
        let content = Content::of(names, slices.values().filter_map(Object::as_slice).map(|s| &**s));
        if self.told.get(&slice.service) != Some(&content) {
            let entry = Entry::new("endpoints").with("service", &*slice.service);
            out.push(entry.with("endpoints", &content.endpoints).with("ports", &content.ports));
            self.told.insert(slice.service.clone(), content);
        }
        out
    }
}

impl Endpoint {
    /// As somebody wrote it: what it does not say counts as false.
    fn written(names: &Names, e: &Value) -> Self {
        let text = |path: &[&str]| e.text_at(path).map(ToOwned::to_owned);
        let is = |key: &str| e.at(&["conditions", key]).and_then(Value::as_bool) == Some(true);
        Endpoint {
            pod: names.name(e.text_at(&["targetRef", "name"]).unwrap_or_default()),
            hostname: text(&["hostname"]),
            node: text(&["nodeName"]),
            ready: is("ready"),
            serving: is("serving"),
            terminating: is("terminating"),
            addresses: e.list_at(&["addresses"]).len(),
        }
    }
}

impl Content {
    fn of<'a>(names: &Names, slices: impl Iterator<Item = &'a EndpointSlice>) -> Self {
        let mut content = Content { endpoints: Vec::new(), ports: Vec::new() };
        for slice in slices {
            let some = |name: &Name| (!name.is_empty()).then(|| name.to_string());
            let show = |p: &EndpointPort| format!("{}:{}/{}", p.name, p.port, p.protocol);
            content.ports.extend(slice.ports.iter().map(show));
            if let Some(written) = &slice.written {
                content.endpoints.extend(written.list_at(&["endpoints"]).iter().map(|e| Endpoint::written(names, e)));
                continue;
            }
            content.endpoints.extend(slice.endpoints.iter().map(|e| Endpoint {
                pod: names.name(&e.pod),
                hostname: some(&e.hostname),
                node: some(&e.node),
                ready: e.ready,
                serving: e.serving,
                terminating: e.terminating,
                addresses: 1,
            }));
        }
        content.endpoints.sort();
        content.ports.sort();
        content.ports.dedup();
        content
    }
}
