//! Decisions, choices and wake-ups as data, and a world to make them in.

mod choices;
mod load;
mod logarithm;
mod message;
mod preempt;
mod queue;
mod wake;

use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::budget::BudgetStatus;
use ordinal::api::object::meta::Deletion;
use ordinal::api::object::node::Capacity;
use ordinal::api::object::pod::{Condition, DISRUPTION_TARGET, PREEMPTION_BY_SCHEDULER};
use ordinal::api::object::storage::{ClaimPhase, VolumePhase};
use ordinal::api::object::{Object, Pod, PodPhase, Uid};
use ordinal::api::release::Release;
use ordinal::api::well_known::HOSTNAME;
use ordinal::base::dice::Dice;
use ordinal::base::sorted::SortedMap;
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::cluster::scheduler::{Loads, TieBreak, Verdict, View, decide};
use ordinal::server::tables::Tables;
use ordinal::yaml;

/// What the recorded nodes could hold.
const NODE_CAPACITY: Capacity = Capacity { cpu_milli: 4000, memory: 8 << 30, pods: 110 };

/// The present.
const NOW: Time = Time(100_500);

/// The value of a text in YAML.
fn value(text: &str) -> Value {
    let document = yaml::parse(text).remove(0);
    assert_eq!(document.error(), None, "{text}");
    document.value.expect("a value")
}

/// The items of a list in YAML.
fn values(text: &str) -> Vec<Value> {
    value(text).as_list().expect("a list").to_vec()
}

/// What a case gives the scheduler to see.
#[derive(Default)]
struct World {
    tables: Tables,
    loads: Loads,
    nominated: SortedMap<Uid, Rc<Pod>>,
}

impl World {
    /// What the scheduler sees of it.
    fn view(&self, release: &'static Release) -> View<'_> {
        View { tables: &self.tables, loads: &self.loads, nominated: &self.nominated, release, now: NOW }
    }

    /// A world with these objects; with three nodes where none is given, unless there shall be none.
    fn of(given: &[Value], without_nodes: bool) -> Self {
        let mut world = World::default();
        for object in given {
            world.add(object);
        }
        if !without_nodes && world.tables.nodes().next().is_none() {
            for name in ["node-1", "node-2", "node-3"] {
                world.add(&Value::of([("kind", Value::from("Node")), ("metadata", Value::of([("name", name)]))]));
            }
        }
        world
    }

    fn add(&mut self, given: &Value) {
        let object = Self::object(given);
        if let Object::Pod(pod) = &object {
            self.loads.place(pod);
        }
        self.tables.insert(object);
    }

    /// An object of a case: in the namespace `default` unless it says otherwise, with a uid of its own.
    fn object(given: &Value) -> Object {
        let kind = given.text_at(&["kind"]).and_then(Kind::named).expect("a kind");
        let mut object = Object::decode(kind, given);
        let meta = object.meta_mut();
        if kind.is_namespaced() && meta.namespace.is_empty() {
            meta.namespace = "default".into();
        }
        meta.uid = Uid::parse(&format!("{kind} {}/{}", meta.namespace, meta.name));
        let phase = given.text_at(&["status", "phase"]);
        match &mut object {
            Object::Node(node) => {
                let node = Rc::make_mut(node);
                node.status.capacity = NODE_CAPACITY;
                if let Some(pods) = given.int_at(&["status", "capacity", "pods"]) {
                    node.status.capacity.pods = pods;
                }
                let name = Rc::clone(&node.meta.name);
                Rc::make_mut(&mut node.meta.labels).entry(HOSTNAME.into()).or_insert(name);
            }
            Object::Claim(claim) if phase == Some("Lost") => Rc::make_mut(claim).status.phase = ClaimPhase::Lost,
            Object::Volume(volume) => Rc::make_mut(volume).status.phase = VolumePhase::Available,
            Object::Pod(pod) => {
                let pod = Rc::make_mut(pod);
                if phase == Some("Succeeded") {
                    pod.status.phase = PodPhase::Succeeded;
                }
                pod.status.started = given.int_at(&["status", "started"]).map(|s| Time(u64::try_from(s).unwrap_or(0) * 1000));
                if given.at(&["status", "preempted"]).is_some() {
                    pod.meta.deletion = Some(Deletion { at: NOW, grace: 30 });
                    pod.set_condition(Condition::new(DISRUPTION_TARGET, true, NOW).because(PREEMPTION_BY_SCHEDULER, ""));
                }
            }
            Object::Budget(budget) => Rc::make_mut(budget).status = BudgetStatus::decode(given.get("status").unwrap_or(&Value::Null)),
            _ => {}
        }
        object
    }
}

/// A pod of a case: `claims` and `labels` are short for what they would be in a manifest; all else is its spec.
fn pod_of(short: &Value) -> Pod {
    let mut spec = short.clone();
    let labels = spec.remove(&["labels"]).unwrap_or_else(|| Value::of([("app", "nginx")]));
    let owners = spec.remove(&["owners"]).unwrap_or_default();
    let claims = spec.remove(&["claims"]).unwrap_or_default();
    let nominated = spec.remove(&["nominated"]).as_ref().and_then(Value::as_shared_text).unwrap_or_default();
    let volumes = claims.as_list().unwrap_or(&[]).iter().map(|c| {
        let source = Value::of([("claimName", c.clone())]);
        Value::of([("name", c.clone()), ("persistentVolumeClaim", source)])
    });
    let volumes = Value::list(volumes);
    if spec.get("containers").is_none() {
        spec.set(&["containers"], Value::list([Value::of([("name", "nginx")])]));
    }
    spec.set(&["volumes"], volumes);
    let metadata = [
        ("name", Value::from("web-0")),
        ("namespace", "default".into()),
        ("uid", "the-pod".into()),
        ("labels", labels),
        ("ownerReferences", owners),
    ];
    let mut pod = Pod::decode(&Value::of([("metadata", Value::of(metadata)), ("spec", spec)]));
    pod.status.nominated = nominated;
    pod
}

fn said(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Unschedulable(unfit) => unfit.message.clone(),
        Verdict::Fits(fit) => {
            let most = fit.scores.nodes.iter().map(|s| s.total).max().unwrap_or_default();
            let tied: Vec<&str> = fit.scores.nodes.iter().filter(|s| s.total == most).map(|s| &*s.node).collect();
            let nodes = if tied.is_empty() { fit.node.to_string() } else { tied.join(" ") };
            let provisions = fit.provisions.iter().map(|claim| format!("provisions {claim}"));
            let bindings = fit.bindings.iter().map(|(claim, volume)| format!("binds {claim} to {volume}"));
            std::iter::once(nodes).chain(provisions).chain(bindings).collect::<Vec<_>>().join(", ")
        }
    }
}

#[test]
fn the_scheduler_decides_as_recorded() {
    check(include_str!("decisions.yaml"), |case| World::of(case.list_at(&["given"]), case.get("nodes").is_some()), said);
}

/// Has the scheduler decide about the `pod` of each case in its world, and compares what is told of that with what the case says.
fn check(cases: &str, world: impl Fn(&Value) -> World, told: impl Fn(&Verdict) -> String) {
    let cases = values(cases);
    let mut wrong = Vec::new();
    for case in &cases {
        let release = Release::named(case.text_at(&["release"]).unwrap_or("1.37")).expect("a release");
        let tie = TieBreak { prefer: None, dice: Dice { seed: 1 }, attempt: 0 };
        let got = told(&decide(&world(case).view(release), &pod_of(case.get("pod").unwrap_or(&Value::Null)), &tie));
        let want = case.text_at(&["say"]).unwrap_or_default();
        if got != want {
            wrong.push(format!("{}\n  want {want}\n  got  {got}", case.text_at(&["name"]).unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn among_the_best_the_preferred_node_is_taken_otherwise_chance_decides() {
    let world = World::of(&[], false);
    let view = world.view(&ordinal::api::release::V1_37);
    let choice = |pod: &str, prefer: Option<&str>, seed: u64| {
        let tie = TieBreak { prefer, dice: Dice { seed }, attempt: 0 };
        match decide(&view, &pod_of(&value(pod)), &tie) {
            Verdict::Fits(fit) => fit.node.to_string(),
            Verdict::Unschedulable(unfit) => unfit.message,
        }
    };
    assert!((0..20).all(|seed| choice("{}", Some("node-2"), seed) == "node-2"));
    assert!(["node-1", "node-2", "node-3"].iter().all(|node| (0..20).any(|seed| choice("{}", Some("node-9"), seed) == *node)));
    assert_eq!(choice("{nodeSelector: {kubernetes.io/hostname: node-3}}", Some("node-2"), 1), "node-3");
}
