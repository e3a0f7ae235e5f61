//! A store with the controller in it.

use ordinal::base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::{EndpointSlice, Endpoints, Name, Node, Object, ObjectKey, Pod, Service, Uid};
use ordinal::api::release::V1_37;
use ordinal::base::dice::Dice;
use ordinal::base::fill::Fill;
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::control::cache::Cache;
use ordinal::control::endpoint_slice::{Concern, Difference, MAX_ENDPOINTS, Memory, SliceWrite, concern, difference, manages};
use ordinal::control::endpoints::{self, Memories};
use ordinal::control::plan::{Action, Plan};
use ordinal::control::{Environment, View};
use ordinal::server::request::Request;
use ordinal::server::tables::Tables;

/// These controllers read nothing of it.
const AROUND: Environment = Environment {
    watch: Span(0),
    sync: Span(0),
    collect: Span(0),
    node_monitor_period: Span(0),
    node_monitor_grace: Span(0),
    has_drivers: false,
    dice: Dice { seed: 0 },
    heartbeat: &|_| None,
};

/// A store with the controllers of slices and Endpoints, whose writes take effect at once.
#[derive(Clone, Default)]
pub struct World {
    pub view: Tables,
    pub memories: SortedMap<Name, Memory>,
    pub revision: u64,
    /// What the Endpoints controller remembers.
    pub endpoints: Memories,
    /// Each Service's pods that changed since the controller's last sync.
    unseen: SortedMap<Name, SortedSet<Name>>,
    /// All contents that a Service's slices have had, as text.
    pub contents: SortedMap<Name, Vec<String>>,
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

impl World {
    pub fn with_nodes(names: &[&str]) -> Self {
        let mut world = World::default();
        for name in names {
            world.view.insert(Node::decode(&Value::of([("metadata", Value::of([("name", *name)]))])).into());
        }
        world
    }

    pub fn stamp(&mut self) -> (u64, Uid) {
        self.revision += 1;
        (self.revision, Uid::from_bits(self.revision << 8))
    }

    pub fn put_service(&mut self, manifest: &Value) -> Difference {
        let mut service = Service::decode(manifest);
        service.meta.namespace = "default".into();
        service.spec.edit(|spec| {
            spec.each(&["ports"], |port| {
                port.make_map().entry("protocol", || "TCP".into());
            })
        });
        let (revision, uid) = self.stamp();
        let known = self.view.service("default", &service.meta.name).map(|s| s.meta.uid);
        (service.meta.revision, service.meta.uid) = (revision, known.unwrap_or(uid));
        let name = service.meta.name.clone();
        self.view.insert(service.into());
        self.look(&name)
    }

    /// Changes or removes a pod, and syncs the Services it concerns.
    pub fn put_pod(&mut self, name: &str, after: Option<&Pod>) -> Vec<Difference> {
        let before = self.view.pod("default", name).cloned();
        match after {
            Some(pod) => drop(self.view.insert(pod.clone().into())),
            None => drop(self.view.remove(&ObjectKey::new(Kind::Pod, &"default".into(), &name.into()))),
        }
        let services: Vec<Rc<Service>> = self.view.services().cloned().collect();
        let mut plans = Vec::new();
        for service in services {
            let concern = concern(&service, before.as_deref(), after);
            if concern != Concern::Nothing {
                self.unseen.entry(service.meta.name.clone()).or_default().insert(name.into());
                self.endpoints.notes(&endpoints_of(&service.meta.name), &name.into(), after);
            }
            if concern == Concern::Noticed {
                plans.push(self.look(&service.meta.name));
            }
        }
        plans
    }

    pub fn change(&mut self, name: &str, change: impl FnOnce(&mut Pod)) -> Vec<Difference> {
        let mut pod = Pod::clone(self.view.pod("default", name).expect("the pod"));
        change(&mut pod);
        self.put_pod(name, Some(&pod))
    }

    pub fn look(&mut self, service: &Name) -> Difference {
        let changed = self.unseen.remove(service).unwrap_or_default();
        let found = Rc::clone(self.view.service("default", service).expect("the Service"));
        let memory = self.memories.entry(service.clone()).or_default();
        let plan = difference(&self.view, &found, &changed, memory);
        self.carry_out(service, &plan);
        self.look_at_endpoints(service);
        self.check(&found);
        plan
    }

    pub fn carry_out(&mut self, service: &Name, plan: &Difference) {
        for write in &plan.writes {
            let (revision, uid) = self.stamp();
            let mut slice = match write {
                SliceWrite::Create(slice) => {
                    let mut slice = slice.clone();
                    slice.meta.name = format!("{}{revision}", slice.meta.generate_name.as_deref().unwrap_or_default()).into();
                    slice.meta.uid = uid;
                    slice
                }
                SliceWrite::Update(slice) => slice.clone(),
                SliceWrite::Delete(key) => {
                    self.view.remove(key);
                    self.memories.entry(service.clone()).or_default().forget(&key.name, true);
                    continue;
                }
            };
            slice.meta.revision = revision;
            let slice = Rc::new(slice);
            self.memories.entry(service.clone()).or_default().observe(&slice, true);
            self.view.insert(slice.into());
        }
    }

    /// Carries out a sync of a Service's Endpoints; returns whether it wrote them.
    fn look_at_endpoints(&mut self, service: &Name) -> bool {
        let plan = self.plan_endpoints(service, None);
        let mut wrote = false;
        for step in plan.steps() {
            let Action::Server(Request::Create(object) | Request::Update(object)) = &step.action else { panic!("{step:?}") };
            let (revision, uid) = self.stamp();
            let mut object: Object = object.clone();
            let meta = object.meta_mut();
            (meta.revision, meta.uid) = (revision, if meta.uid == Uid::default() { uid } else { meta.uid });
            self.view.insert(object);
            wrote = true;
        }
        wrote
    }

    /// What the controller does about a Service's Endpoints with what it remembers, or with a memory of its own.
    fn plan_endpoints(&mut self, service: &Name, memories: Option<&mut Memories>) -> Plan {
        let mut cache = Cache::default();
        cache.tables = self.view.clone();
        let view = View { cache: &cache, live: &self.view, now: Time(0), release: &V1_37, behind: false, around: &AROUND };
        endpoints::plan(view, &endpoints_of(service), memories.unwrap_or(&mut self.endpoints))
    }

    pub fn endpoints(&self, service: &str) -> &Endpoints {
        self.view.endpoints("default", service).expect("the Endpoints")
    }

    pub fn slices(&self, service: &str) -> Vec<&EndpointSlice> {
        self.view.slices().map(|s| &**s).filter(|s| *s.service == *service).collect()
    }

    /// Checks what must hold after every sync; records the content.
    pub fn check(&mut self, service: &Service) {
        let mut fresh = Memory::default();
        for slice in self.view.slices().filter(|s| s.service == service.meta.name) {
            assert!(slice.endpoints.len() <= MAX_ENDPOINTS && manages(slice));
            fresh.observe(slice, false);
        }
        let again = difference(&self.view, service, &SortedSet::new(), &mut fresh);
        assert!(again.writes.is_empty(), "a look at everything finds more to do: {again:#?}");
        let again = self.plan_endpoints(&service.meta.name, Some(&mut Memories::default()));
        // Those that do not show all addresses are written each time.
        let told = self.view.endpoints("default", &service.meta.name);
        let overflows = told.is_some_and(|told| told.meta.annotation("endpoints.kubernetes.io/over-capacity").is_some());
        assert!(again.is_empty() || overflows, "a look at everything finds more to do: {again:#?}");
        let (name, content) = (service.meta.name.clone(), content(&self.slices(&service.meta.name)));
        let contents = self.contents.entry(name).or_default();
        if contents.last() != Some(&content) {
            contents.push(content);
        }
    }
}

/// Which Endpoints a Service has.
fn endpoints_of(service: &Name) -> ObjectKey {
    ObjectKey::new(Kind::Endpoints, &"default".into(), service)
}

/// The content of slices, in the form of the recordings.
pub fn content(slices: &[&EndpointSlice]) -> String {
    let mut lines: Vec<String> = slices
        .iter()
        .flat_map(|s| &s.endpoints)
        .map(|e| {
            let (ready, serving, terminating) = (e.ready, e.serving, e.terminating);
            format!("{} {} {} {ready} {serving} {terminating}", e.pod, e.hostname, e.node)
        })
        .collect();
    lines.sort();
    let ports: SortedSet<String> = slices.iter().flat_map(|s| &s.ports).map(|p| format!("{}:{}/{}", p.name, p.port, p.protocol)).collect();
    format!("{lines:?} {ports:?}")
}
