//! A server of values: what a client needs to be tested, and nothing of what a cluster does.

use std::collections::BTreeMap;
use std::rc::Rc;

use api::client::{Client, DeleteOptions, Patch, Subresource, WatchEvent, WatchKind, WriteOptions, Written};
use api::kind::Kind;
use api::object::NamespacedName;
use api::patch::apply;
use api::release::V1_37;
use api::status::Status;
use base::time::Time;
use base::value::Value;

/// Objects by kind, namespace and name, and what happened to them.
#[derive(Clone, Default)]
pub struct Fake {
    /// The server's clock.
    pub now: Time,
    /// Refused evictions: pods that a disruption budget protects.
    pub protected: Vec<String>,
    /// What the next write is refused with.
    pub refuse: Option<Status>,
    objects: BTreeMap<(Kind, Rc<str>, Rc<str>), Value>,
    log: Vec<WatchEvent>,
    revision: u64,
    /// Every write, as a line.
    pub writes: Vec<String>,
}

fn key(kind: Kind, namespace: &str, name: &str) -> (Kind, Rc<str>, Rc<str>) {
    (kind, if kind.is_namespaced() { namespace.into() } else { "".into() }, name.into())
}

impl Fake {
    /// A server with the objects of a YAML text.
    pub fn with(text: &str) -> Fake {
        let mut fake = Fake::default();
        for document in yaml::parse(text) {
            assert!(document.error().is_none(), "{:?}", document.error());
            fake.put(document.value.expect("a value"));
        }
        fake
    }

    /// Puts an object there, new or changed.
    pub fn put(&mut self, mut object: Value) {
        let text = |path: &[&str]| object.text_at(path).unwrap_or_default().to_owned();
        let kind = Kind::of(&text(&["apiVersion"]), &text(&["kind"])).expect("a known kind");
        let key = key(kind, &text(&["metadata", "namespace"]), &text(&["metadata", "name"]));
        if object.text_at(&["metadata", "uid"]).is_none() {
            object.set(&["metadata", "uid"], format!("uid-{}", self.revision));
        }
        let what = if self.objects.contains_key(&key) { WatchKind::Modified } else { WatchKind::Added };
        self.objects.insert(key, object.clone());
        self.log(what, object);
    }

    /// Changes the object of a kind and name.
    pub fn change(&mut self, kind: Kind, name: &str, change: impl FnOnce(&mut Value)) {
        let mut object = self.objects[&key(kind, "default", name)].clone();
        change(&mut object);
        self.put(object);
    }

    /// Takes an object away.
    pub fn remove(&mut self, kind: Kind, name: &str) {
        let object = self.objects.remove(&key(kind, "default", name)).expect("it is there");
        self.log(WatchKind::Deleted, object);
    }

    fn log(&mut self, kind: WatchKind, object: Value) {
        self.revision += 1;
        self.log.push(WatchEvent { revision: self.revision, at: self.now, kind, object });
    }

    fn write(&mut self, line: String) -> Result<(), Status> {
        self.writes.push(line);
        self.refuse.take().map_or(Ok(()), Err)
    }
}

impl Client for Fake {
    fn now(&self) -> Time {
        self.now
    }

    fn revision(&self) -> u64 {
        self.revision
    }

    fn get(&self, kind: Kind, namespace: &str, name: &str) -> Result<Value, Status> {
        self.objects.get(&key(kind, namespace, name)).cloned().ok_or_else(|| Status::not_found(&kind.resource(), name))
    }

    fn list(&self, kind: Kind, namespace: Option<&str>) -> Vec<Value> {
        let here = |ns: &Rc<str>| namespace.is_none_or(|n| n == ns.as_ref());
        self.objects.iter().filter(|((k, ns, _), _)| *k == kind && here(ns)).map(|(_, o)| o.clone()).collect()
    }

    fn watch(&self, kind: Kind, namespace: Option<&str>, after: u64) -> Vec<WatchEvent> {
        let is_kind = |o: &Value| o.text_at(&["kind"]) == Some(kind.info().name);
        let here = |o: &Value| namespace.is_none_or(|n| o.text_at(&["metadata", "namespace"]) == Some(n));
        self.log.iter().filter(|e| e.revision > after && is_kind(&e.object) && here(&e.object)).cloned().collect()
    }

    fn create(&mut self, kind: Kind, namespace: &str, object: &Value, options: &WriteOptions) -> Result<Written, Status> {
        let name = object.text_at(&["metadata", "name"]).unwrap_or_default().to_owned();
        self.write(format!("create {} {name}", kind.info().plural))?;
        if self.objects.contains_key(&key(kind, namespace, &name)) {
            return Err(Status::already_exists(&kind.resource(), &name));
        }
        if !options.dry_run {
            self.put(object.clone());
        }
        Ok(Written { object: object.clone(), ..Written::default() })
    }

    fn replace(
        &mut self,
        kind: Kind,
        _namespace: &str,
        name: &str,
        object: &Value,
        _part: Subresource,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        self.write(format!("replace {} {name}", kind.info().plural))?;
        if !options.dry_run {
            self.put(object.clone());
        }
        Ok(Written { object: object.clone(), ..Written::default() })
    }

    fn patch(
        &mut self,
        kind: Kind,
        namespace: &str,
        name: &str,
        patch: Patch,
        part: Subresource,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        self.write(format!("patch {} {name} {:?} {}", kind.info().plural, patch.how, patch.body.to_json()))?;
        let old = self.get(kind, namespace, name)?;
        let mut object = apply(kind, patch.how, &old, patch.body, &V1_37)?.object;
        if !options.dry_run {
            self.put(object.clone());
        }
        if part == Subresource::Scale {
            object.set(&["kind"], "Scale");
        }
        Ok(Written { object, ..Written::default() })
    }

    fn apply(&mut self, kind: Kind, namespace: &str, name: &str, config: &Value, options: &WriteOptions) -> Result<Written, Status> {
        match self.get(kind, namespace, name) {
            Ok(_) => self.patch(kind, namespace, name, Patch::merge(config), Subresource::None, options),
            Err(_) => self.create(kind, namespace, config, options),
        }
    }

    fn managers(&self, _kind: Kind, _namespace: &str, _name: &str) -> Value {
        Value::Null
    }

    fn delete(&mut self, kind: Kind, namespace: &str, name: &str, options: &DeleteOptions) -> Result<Value, Status> {
        let object = self.get(kind, namespace, name)?;
        self.write(format!("delete {} {name} {:?} {:?}", kind.info().plural, options.grace_period_seconds, options.propagation))?;
        let force = options.grace_period_seconds == Some(0);
        if !options.dry_run && (kind != Kind::Pod || force) {
            self.objects.remove(&key(kind, namespace, name));
            self.log(WatchKind::Deleted, object.clone());
        }
        Ok(object)
    }

    fn evict(&mut self, pod: &NamespacedName, _options: &DeleteOptions) -> Result<(), Status> {
        if self.protected.iter().any(|p| **p == *pod.name) {
            return Err(Status::too_many_requests("Cannot evict pod as it would violate the pod's disruption budget."));
        }
        self.write(format!("evict {}", pod.name))
    }
}
