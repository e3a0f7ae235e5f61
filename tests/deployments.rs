//! Deployments in a whole cluster: laws that hold after every event, whatever is done.

use ordinal::api::client::{Client, DeleteOptions, Patch, PatchType, Propagation, Subresource, WriteOptions};
use ordinal::api::kind::Kind;
use ordinal::api::object::{Deployment, Object, Pod};
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::time::Span;
use ordinal::base::value::Value;
use ordinal::cluster::kubelet::Machine;
use ordinal::sim::event::Event;
use ordinal::sim::{Setup, Sim};
use ordinal::yaml;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How long a cluster may take to come to rest after the last disturbance.
const REST: Span = Span::seconds(900);

struct Cluster {
    sim: Sim,
}

impl Cluster {
    fn new(seed: u64, replicas: i64, strategy: &str) -> Self {
        let mut cluster = Cluster { sim: Sim::new(&Setup { seed, ..Setup::default() }) };
        cluster.create(replicas, strategy);
        cluster
    }

    fn create(&mut self, replicas: i64, strategy: &str) {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: dep}}\nspec:\n  replicas: {replicas}\n  selector: {{matchLabels: {{app: dep}}}}\n\
             \x20 strategy: {strategy}\n  template:\n    metadata: {{labels: {{app: dep}}}}\n    spec:\n      terminationGracePeriodSeconds: 5\n      \
             containers: [{{name: a, image: 'nginx:0', readinessProbe: {{tcpSocket: {{port: 80}}}}}}]\n"
        );
        let object = yaml::parse(&text).remove(0).value.expect("a value");
        self.sim.create(Kind::Deployment, "default", &object, &WriteOptions::default()).expect("created");
    }

    fn patch(&mut self, patch: &str) {
        let patch = yaml::parse(patch).remove(0).value.expect("a value");
        let (kind, how) = (Kind::Deployment, PatchType::Strategic);
        self.sim.patch(kind, "default", "dep", Patch { how, body: &patch }, Subresource::None, &WriteOptions::default()).expect("patched");
    }

    fn set_image(&mut self, image: &str) {
        self.patch(&format!("{{spec: {{template: {{spec: {{containers: [{{name: a, image: '{image}'}}]}}}}}}}}"));
    }

    fn deployment(&self) -> Rc<Deployment> {
        Rc::clone(self.sim.tables().deployment("default", "dep").expect("it is there"))
    }

    fn active(&self) -> impl Iterator<Item = &Rc<Pod>> {
        self.sim.tables().pods().filter(|p| !p.meta.terminating() && !p.status.phase.terminal())
    }

    /// Lets time pass, event by event.
    fn run(&mut self, span: Span, mut law: impl FnMut(&Cluster)) {
        let until = self.sim.now() + span;
        while self.sim.next_time().is_some_and(|at| at <= until) && self.sim.step() {
            law(self);
        }
        self.sim.run_until(until);
    }

    /// Does something to the Deployment or to one of its pods.
    fn disturb(&mut self, dice: Dice, n: u64) {
        let roll = |k, sides| dice.below(Purpose::Operation, n, k, sides);
        let pods: Vec<String> = self.sim.tables().pods().map(|p| p.meta.name.to_string()).collect();
        let pod = usize::try_from(roll(1, pods.len() as u64)).ok().and_then(|i| pods.get(i));
        match (roll(0, 8), pod) {
            (0, Some(pod)) => drop(self.sim.delete(Kind::Pod, "default", pod, &DeleteOptions::default())),
            (1, Some(pod)) => {
                let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::default() };
                drop(self.sim.delete(Kind::Pod, "default", pod, &options));
            }
            (2, _) => self.patch(&format!("{{spec: {{paused: {}}}}}", roll(2, 2) == 0)),
            (3 | 4, _) => self.patch(&format!("{{spec: {{replicas: {}}}}}", roll(3, 7))),
            (5, _) => self.set_image(["nginx:broken", "nginx:crash", "nginx:unready"][usize::try_from(roll(4, 3)).unwrap_or(0)]),
            _ => self.set_image(&format!("nginx:{}", roll(5, 4))),
        }
    }
}

/// Checks that the controllers' counts equal those of a walk over what they have seen.
fn counts_are_right(cluster: &Cluster) {
    let cache = cluster.sim.cache();
    for set in cache.tables.replica_sets() {
        let own = || cache.tables.pods().filter(|p| p.meta.is_controlled_by(set.meta.uid));
        let active: Vec<_> = own().filter(|p| !p.meta.terminating() && !p.status.phase.terminal()).collect();
        let counts = cache.replicas_of(set.meta.uid).map(|p| p.counts(Span(0), cluster.sim.now())).unwrap_or_default();
        let walked = (active.len(), active.iter().filter(|p| p.ready()).count());
        assert_eq!((counts.active, counts.ready), (walked.0.try_into().unwrap(), walked.1.try_into().unwrap()), "{}", set.meta.name);
    }
}

#[test]
fn whatever_is_done_the_pods_become_what_was_wanted_last() {
    for seed in 0..25 {
        let dice = Dice { seed };
        let strategy = ["{}", "{type: Recreate}", "{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}"][usize::try_from(seed % 3).unwrap()];
        let mut cluster = Cluster::new(seed, 3, strategy);
        for n in 0..12 {
            cluster.run(Span(dice.below(Purpose::Operation, n, 9, 4_000)), counts_are_right);
            cluster.disturb(dice, n);
        }
        cluster.patch("{spec: {paused: false, replicas: 4}}");
        cluster.set_image("nginx:last");
        cluster.run(REST, counts_are_right);
        let deployment = cluster.deployment();
        let status = &deployment.status;
        assert_eq!((status.replicas, status.updated, status.available, status.unavailable), (4, 4, 4, 0), "seed {seed}");
        assert_eq!(status.observed_generation, deployment.meta.generation);
        assert_eq!(cluster.sim.tables().pods().count(), 4, "seed {seed}");
        assert!(cluster.active().all(|p| *p.spec.template.containers[0].image == *"nginx:last" && p.ready()), "seed {seed}");
        let wanted: Vec<i64> = cluster.sim.tables().replica_sets().map(|s| s.spec.replicas).filter(|n| *n > 0).collect();
        assert_eq!(wanted, [4], "seed {seed}");
        assert_eq!(cluster.sim.next_time(), None, "nothing is left to do");
    }
}

#[test]
fn a_healthy_rollout_never_leaves_its_bounds() {
    for (replicas, surge, unavailable) in [(3, "25%", "25%"), (5, "1", "2"), (4, "0", "1"), (4, "100%", "0"), (6, "50%", "50%")] {
        let mut cluster = Cluster::new(7, replicas, &format!("{{rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}}}"));
        cluster.run(REST, |_| {});
        let (most, least) = (replicas + cluster.deployment().max_surge(), replicas - cluster.deployment().max_unavailable());
        cluster.set_image("nginx:1");
        let (mut seen_most, mut seen_least) = (0, replicas);
        cluster.run(REST, |c| {
            let active = c.active().count().try_into().unwrap();
            let ready = c.active().filter(|p| p.ready()).count().try_into().unwrap();
            assert!(active <= most && ready >= least, "{active} pods, {ready} ready of {replicas}, {surge}, {unavailable}");
            (seen_most, seen_least) = (seen_most.max(active), seen_least.min(ready));
        });
        assert_eq!((seen_most, seen_least), (most, least), "and goes to them: {replicas}, {surge}, {unavailable}");
        assert_eq!(cluster.deployment().status.updated, replicas);
    }
}

#[test]
fn what_is_rolled_away_never_grows_however_often_the_next_image_is_bad() {
    for seed in 0..8 {
        let dice = Dice { seed };
        let strategy = ["{}", "{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}"][usize::try_from(seed % 2).unwrap()];
        let mut cluster = Cluster::new(seed, 4, strategy);
        for n in 0..5 {
            cluster.run(Span(2_000 + dice.below(Purpose::Operation, n, 1, 9_000)), |_| {});
            cluster.set_image(&format!(
                "nginx:{n}-{}",
                ["broken", "crash", "unready"][usize::try_from(dice.below(Purpose::Operation, n, 2, 3)).unwrap()]
            ));
            let mut sizes = BTreeMap::new();
            cluster.run(Span::seconds(20), |c| {
                let is_old = |image: &str| image.split(['-', ':']).nth(1) != Some(&n.to_string());
                let sets = c.sim.tables().replica_sets();
                for set in sets.filter(|set| is_old(&set.spec.template.containers[0].image)) {
                    let size = set.spec.replicas;
                    let before = sizes.insert(set.meta.name.clone(), size).unwrap_or(size);
                    assert!(size <= before, "{} grows from {before} to {size}: seed {seed}, image {n}", set.meta.name);
                }
            });
        }
    }
}

#[test]
fn recreate_never_runs_old_and_new_side_by_side() {
    let mut cluster = Cluster::new(7, 3, "{type: Recreate}");
    cluster.run(REST, |_| {});
    cluster.set_image("nginx:1");
    cluster.run(REST, |c| {
        let mut images: Vec<_> = c
            .sim
            .machines()
            .flat_map(Machine::workers)
            .filter(|w| w.running())
            .filter_map(|w| c.sim.tables().pod("default", &w.key.name))
            .map(|p| Rc::clone(&p.spec.template.containers[0].image))
            .collect();
        images.sort();
        images.dedup();
        assert!(images.len() < 2, "{images:?}");
    });
    assert_eq!(cluster.deployment().status.updated, 3);
}

#[test]
fn a_thousand_pods_cost_about_as_many_syncs() {
    let mut setup = Setup { nodes: (1..=12).map(|n| format!("node-{n}").into()).collect(), ..Setup::default() };
    setup.capacity.pods = 400;
    setup.capacity.cpu_milli = 400_000;
    let mut steps = Vec::new();
    for replicas in [100, 1000] {
        let mut sim = Sim::new(&setup);
        let value: Value = yaml::parse(&format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: dep}}\nspec: {{replicas: {replicas}, selector: {{matchLabels: {{app: dep}}}}, \
             template: {{metadata: {{labels: {{app: dep}}}}, spec: {{containers: [{{name: a, image: 'nginx:1'}}]}}}}}}"
        ))
        .remove(0)
        .value
        .expect("a value");
        sim.create(Kind::Deployment, "default", &value, &WriteOptions::default()).expect("created");
        let before = sim.steps();
        sim.run_until(sim.now() + REST);
        assert_eq!(sim.tables().deployment("default", "dep").map(|d| d.status.available), Some(replicas));
        steps.push((sim.steps() - before) / u64::try_from(replicas).unwrap());
    }
    assert!(steps[1] <= steps[0] + 2, "events per pod: {steps:?}");
}

#[test]
fn annotations_of_a_deployment_count_as_a_new_generation_and_labels_do_not() {
    let mut cluster = Cluster::new(1, 1, "{type: Recreate}");
    cluster.run(REST, |_| ());
    let mut after = |patch: &str| {
        cluster.patch(patch);
        cluster.run(REST, |_| ());
        (cluster.deployment().meta.generation, cluster.deployment().status.observed_generation)
    };
    assert_eq!(after("{metadata: {labels: {a: b}}}"), (1, 1));
    assert_eq!(after("{metadata: {annotations: {a: b}}}"), (2, 2));
    assert_eq!(after("{metadata: {annotations: {a: b}}}"), (2, 2));
}

#[test]
fn another_deletion_says_anew_whether_the_object_waits_for_its_dependents() {
    let mut cluster = Cluster::new(1, 1, "{type: Recreate}");
    cluster.run(REST, |_| ());
    cluster.patch("{metadata: {finalizers: [example.com/hold]}}");
    let mut after = |propagation| {
        let options = DeleteOptions { propagation, ..DeleteOptions::default() };
        cluster.sim.delete(Kind::Deployment, "default", "dep", &options).expect("deleted");
        cluster.deployment().meta.finalizers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(after(Some(Propagation::Orphan)), "example.com/hold orphan");
    assert_eq!(after(None), "example.com/hold orphan");
    assert_eq!(after(Some(Propagation::Foreground)), "example.com/hold foregroundDeletion");
    assert_eq!(after(Some(Propagation::Background)), "example.com/hold");
}

#[test]
fn pods_with_generated_names_go_where_the_recording_had_them() {
    let placements = [("dep@1-#1", "node-3"), ("dep@1-#2", "node-1"), ("dep@2-#1", "node-2"), ("dep@2-#2", "node-3")];
    let placements = placements.map(|(pod, node)| (pod.into(), vec![node.into()])).into_iter().collect();
    let mut cluster = Cluster { sim: Sim::new(&Setup { placements, ..Setup::default() }) };
    cluster.create(2, "{type: Recreate}");
    cluster.run(REST, |_| ());
    let nodes = |cluster: &Cluster| {
        let mut pods: Vec<_> = cluster.active().map(|p| (p.meta.created, p.node.as_ref().map(ToString::to_string))).collect();
        pods.sort();
        pods.into_iter().filter_map(|(_, node)| node).collect::<Vec<_>>()
    };
    assert_eq!(nodes(&cluster), ["node-3", "node-1"]);
    cluster.set_image("nginx:1");
    cluster.run(REST, |_| ());
    assert_eq!(nodes(&cluster), ["node-2", "node-3"]);
}

#[test]
fn nothing_is_said_of_a_pod_that_was_gone_before_it_was_deleted() {
    for gone in [false, true] {
        let mut cluster = Cluster::new(1, 1, "{}");
        cluster.run(REST, |_| {});
        cluster.patch("{spec: {replicas: 0}}");
        let is_asked = |sim: &Sim| sim.tables().replica_sets().all(|set| set.spec.replicas == 0);
        while !is_asked(&cluster.sim) || !cluster.sim.ahead().any(|(_, event)| matches!(event, Event::Continue(_))) {
            assert!(cluster.sim.step());
        }
        let pod = cluster.sim.tables().pods().next().expect("its pod").meta.name.to_string();
        if gone {
            let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::default() };
            cluster.sim.delete(Kind::Pod, "default", &pod, &options).expect("deleted");
        }
        cluster.run(REST, |_| {});
        let events = cluster.sim.tables().all(Kind::Event).filter_map(Object::as_event);
        assert_eq!(events.filter(|event| event.reason == *"SuccessfulDelete").count(), usize::from(!gone));
    }
}

/// As in `further/q-pods`: a refused pod is tried again under another name.
#[test]
fn each_pod_that_a_quota_refuses_had_a_name_of_its_own() {
    let mut cluster = Cluster { sim: Sim::new(&Setup::default()) };
    let quota = yaml::parse("apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {pods: 0}}\n").remove(0).value.unwrap();
    cluster.sim.create(Kind::ResourceQuota, "default", &quota, &WriteOptions::default()).expect("created");
    cluster.create(1, "{}");
    cluster.run(Span::seconds(30), |_| {});
    let events =
        cluster.sim.tables().all(Kind::Event).filter_map(|object| if let Object::Event(event) = object { Some(event) } else { None });
    let refused: Vec<_> =
        events.filter(|event| event.message.contains("exceeded quota")).map(|event| (&event.message, event.count)).collect();
    let mut names: Vec<_> = refused.iter().map(|(message, _)| *message).collect();
    names.sort();
    names.dedup();
    assert!(names.len() > 3 && names.len() == refused.len(), "{refused:?}");
}
