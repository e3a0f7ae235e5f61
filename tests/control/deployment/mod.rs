//! Deployments against a bare store: a ReplicaSet's pods exist as soon as they are wanted, and are available unless their image is
//! broken.

mod new_set;

use std::collections::BTreeSet;
use std::rc::Rc;

use ordinal::api::client::DeleteOptions;
use ordinal::api::controller::Controller;
use ordinal::api::kind::Kind;
use ordinal::api::object::pod::Condition;
use ordinal::api::object::workload::ReplicaSetStatus;
use ordinal::api::object::{Deployment, Name, Object, ReplicaSet};
use ordinal::api::release::V1_37;
use ordinal::api::well_known::{DEPLOYMENT_REVISION, DEPLOYMENT_REVISION_HISTORY};
use ordinal::base::dice::Dice;
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::control::cache::Cache;
use ordinal::control::deployment::plan;
use ordinal::control::plan::Action;
use ordinal::server::Server;
use ordinal::server::log::Actor;
use ordinal::server::request::{Edit, Request};
use ordinal::why::{Reason, Verdict};

use super::{key, value, view};

const BY: Actor = Actor::Controller(Controller::Deployment);
/// More syncs than any rollout here takes.
const MAX_SYNCS: usize = 60;

struct World {
    server: Server,
    cache: Cache,
    read: usize,
    said: Vec<String>,
    waits: Option<Reason>,
}

impl World {
    /// A Deployment `dep` with this many pods of image `v1`, all available, plus the given spec fields.
    fn new(replicas: i64, more: &str) -> Self {
        let text = format!(
            "metadata: {{name: dep, namespace: default}}\n\
             spec:\n  replicas: {replicas}\n  selector: {{matchLabels: {{app: dep}}}}\n  progressDeadlineSeconds: 600\n\
             \x20 template: {{metadata: {{labels: {{app: dep}}}}, spec: {{containers: [{{name: a, image: v1}}]}}}}\n{more}"
        );
        let mut world =
            World { server: Server::new(&V1_37, Dice { seed: 1 }), cache: Cache::default(), read: 0, said: Vec::new(), waits: None };
        let namespace = Value::of([("metadata", Value::of([("name", "default")]))]);
        world.server.create(Object::decode(Kind::Namespace, &namespace), &BY).expect("created");
        world.server.create(Deployment::decode(&value(&text)).into(), &BY).expect("created");
        world.settle();
        world.said.clear();
        world
    }

    fn deployment(&self) -> Rc<Deployment> {
        Rc::clone(self.server.tables().deployment("default", "dep").expect("it is there"))
    }

    /// Changes the Deployment's spec.
    fn edit(&mut self, path: &[&str], value: impl Into<Value>) {
        let mut object = self.deployment().encode();
        object.set(&[&["spec"], path].concat(), value);
        let mut changed = Deployment::decode(&object);
        changed.status = self.deployment().status.clone();
        changed.meta.generation += 1;
        self.server.update(changed.into(), &BY).expect("updated");
    }

    fn set_image(&mut self, image: &str) {
        let container = Value::of([("image", image), ("name", "a")]);
        self.edit(&["template", "spec", "containers"], Value::list([container]));
    }

    /// Runs one sync, up to the first refused request; returns whether it wrote or failed.
    fn sync(&mut self) -> bool {
        while let Some(change) = self.server.log().get(self.read).cloned() {
            self.read += 1;
            self.cache.see(&change);
        }
        let plan = plan(view(&self.cache, self.server.now), &key(Kind::Deployment, "dep"));
        self.waits = plan.decisions.iter().find(|d| d.verdict == Verdict::Waits).map(|d| d.because.clone());
        for step in plan.batches.iter().flatten().flatten() {
            let Action::Server(request) = &step.action else { return true };
            if self.server.handle(request.clone(), &BY).is_err() {
                return true;
            }
            self.said.extend(step.said.iter().map(|s| s.message.to_string()));
        }
        !plan.batches.is_empty() || plan.error.is_some()
    }

    /// Does the ReplicaSet controller's work.
    fn pods_follow(&mut self) -> bool {
        let sets: Vec<_> = self.server.tables().replica_sets().cloned().collect();
        let before = self.server.revision();
        for set in sets {
            let available = if &*image(&set) == "broken" { 0 } else { set.spec.replicas };
            let status = ReplicaSetStatus {
                replicas: set.spec.replicas,
                ready: available,
                available,
                terminating: Some(0),
                observed_generation: set.meta.generation,
                ..set.status.clone()
            };
            let edit = Request::Edit(set.key(), Edit::ReplicaSetStatus(Box::new(status)));
            self.server.handle(edit, &BY).expect("written");
        }
        self.server.revision() > before
    }

    /// Syncs until nothing changes; returns the wanted sizes by image after each change.
    fn settle(&mut self) -> Vec<String> {
        let mut sizes = vec![self.sizes()];
        for _ in 0..MAX_SYNCS {
            let wrote = self.sync();
            if sizes.last() != Some(&self.sizes()) {
                sizes.push(self.sizes());
            }
            let followed = self.pods_follow();
            if !wrote && !followed {
                return sizes;
            }
        }
        panic!("never settles: {sizes:?}");
    }

    /// `v1:3 v2:1`, without ReplicaSets of size zero.
    fn sizes(&self) -> String {
        let mut sets: Vec<_> = self.server.tables().replica_sets().filter(|s| s.spec.replicas > 0).collect();
        sets.sort_by_key(|s| image(s));
        sets.iter().map(|s| format!("{}:{}", image(s), s.spec.replicas)).collect::<Vec<_>>().join(" ")
    }

    /// Revision, image and earlier revisions of every ReplicaSet, by revision.
    fn history(&self) -> Vec<String> {
        let mut sets: Vec<_> = self.server.tables().replica_sets().collect();
        sets.sort_by_key(|s| s.meta.annotation(DEPLOYMENT_REVISION).and_then(|number| number.parse::<i64>().ok()));
        let annotation = |s: &ReplicaSet, key| s.meta.annotation(key).map_or(String::new(), ToString::to_string);
        sets.iter()
            .map(|s| format!("{} {} ({})", annotation(s, DEPLOYMENT_REVISION), image(s), annotation(s, DEPLOYMENT_REVISION_HISTORY)))
            .collect()
    }

    /// `True NewReplicaSetAvailable`.
    fn progressing(&self) -> String {
        let deployment = self.deployment();
        deployment
            .status
            .condition("Progressing")
            .map_or(String::new(), |c| format!("{} {}", c.condition.status.word(), c.condition.reason))
    }
}

fn image(set: &ReplicaSet) -> Name {
    set.spec.template.containers.first().map(|c| Rc::clone(&c.image)).unwrap_or_default()
}

fn rolling(surge: &str, unavailable: &str) -> String {
    format!("  strategy: {{rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}}}\n")
}

#[test]
fn a_rollout_keeps_within_surge_and_unavailability() {
    for (replicas, surge, unavailable, want) in [
        (3, "25%", "25%", "v1:3 | v1:3 v2:1 | v1:2 v2:1 | v1:2 v2:2 | v1:1 v2:2 | v1:1 v2:3 | v2:3"),
        (3, "0", "1", "v1:3 | v1:2 | v1:2 v2:1 | v1:1 v2:1 | v1:1 v2:2 | v2:2 | v2:3"),
        (3, "0%", "0%", "v1:3 | v1:2 | v1:2 v2:1 | v1:1 v2:1 | v1:1 v2:2 | v2:2 | v2:3"),
        (4, "100%", "0", "v1:4 | v1:4 v2:4 | v2:4"),
        (2, "0", "100%", "v1:2 |  | v2:2"),
        (1, "25%", "25%", "v1:1 | v1:1 v2:1 | v2:1"),
    ] {
        let mut world = World::new(replicas, &rolling(surge, unavailable));
        world.set_image("v2");
        assert_eq!(world.settle().join(" | "), want, "{replicas} pods, {surge} and {unavailable}");
        assert_eq!(world.progressing(), "True NewReplicaSetAvailable");
    }
}

#[test]
fn a_broken_rollout_stops_with_enough_pods_available() {
    for (surge, unavailable, want) in [
        ("25%", "25%", "v1:4 | broken:1 v1:3 | broken:2 v1:3"),
        ("1", "0", "v1:4 | broken:1 v1:4"),
        ("2", "2", "v1:4 | broken:2 v1:2 | broken:4 v1:2"),
    ] {
        let mut world = World::new(4, &rolling(surge, unavailable));
        world.set_image("broken");
        assert_eq!(world.settle().join(" | "), want, "{surge} and {unavailable}");
        assert!(matches!(world.waits, Some(Reason::RolloutWaitsForPods { .. })), "{:?}", world.waits);
        assert!(world.progressing().starts_with("True"), "{}", world.progressing());
    }
}

#[test]
fn a_rollout_is_late_once_its_deadline_has_passed_without_progress() {
    let mut world = World::new(2, "");
    world.set_image("broken");
    world.settle();
    for (at, want) in [(600, "True NewReplicaSetCreated"), (601, "False ProgressDeadlineExceeded"), (900, "False ProgressDeadlineExceeded")]
    {
        world.server.now = Time(at * 1000);
        world.settle();
        assert_eq!(world.progressing(), want, "after {at} s");
    }
    world.set_image("v1");
    world.settle();
    assert_eq!(world.progressing(), "True NewReplicaSetAvailable");
}

#[test]
fn the_deadline_is_looked_at_by_itself() {
    let mut world = World::new(2, "");
    world.set_image("broken");
    world.settle();
    assert_eq!(plan(view(&world.cache, Time(0)), &key(Kind::Deployment, "dep")).again, Some(Span::seconds(601)));
}

#[test]
fn recreate_waits_for_the_last_old_pod() {
    let mut world = World::new(3, "  strategy: {type: Recreate}\n");
    world.set_image("v2");
    assert_eq!(world.settle().join(" | "), "v1:3 |  | v2:3");
}

#[test]
fn events_tell_of_every_change_of_size() {
    let mut world = World::new(1, "");
    world.set_image("v2");
    world.settle();
    let name = |image_wanted: &str| {
        let set = world.server.tables().replica_sets().find(|s| *image(s) == *image_wanted).expect("it is there");
        Rc::clone(&set.meta.name)
    };
    let (old, new) = (name("v1"), name("v2"));
    assert_eq!(world.said, [format!("Scaled up replica set {new} from 0 to 1"), format!("Scaled down replica set {old} from 1 to 0")]);
}

#[test]
fn rolling_back_reuses_the_old_set_and_gives_it_a_new_number() {
    let mut world = World::new(1, "");
    for (image, want) in [
        ("v2", ["1 v1 ()", "2 v2 ()"]),
        ("v1", ["2 v2 ()", "3 v1 (1)"]),
        ("v2", ["3 v1 (1)", "4 v2 (2)"]),
        ("v1", ["4 v2 (2)", "5 v1 (1,3)"]),
    ] {
        world.set_image(image);
        world.settle();
        assert_eq!(world.history(), want);
        assert_eq!(
            world.deployment().meta.annotation(DEPLOYMENT_REVISION).map(ToString::to_string),
            world.history()[1].get(..1).map(str::to_owned)
        );
    }
}

#[test]
fn old_sets_beyond_the_limit_are_forgotten() {
    for (limit, want) in [(0, vec!["4 v4 ()"]), (1, vec!["3 v3 ()", "4 v4 ()"]), (10, vec!["1 v1 ()", "2 v2 ()", "3 v3 ()", "4 v4 ()"])] {
        let mut world = World::new(1, &format!("  revisionHistoryLimit: {limit}\n"));
        for image in ["v2", "v3", "v4"] {
            world.set_image(image);
            world.settle();
        }
        assert_eq!(world.history(), want, "with a limit of {limit}");
    }
}

#[test]
fn a_paused_rollout_still_scales() {
    let mut world = World::new(3, "");
    world.edit(&["paused"], true);
    world.set_image("v2");
    assert_eq!(world.settle(), ["v1:3"]);
    assert_eq!((world.progressing().as_str(), &world.waits), ("Unknown DeploymentPaused", &Some(Reason::RolloutPaused)));
    world.edit(&["replicas"], 5);
    assert_eq!(world.settle(), ["v1:3", "v1:5"]);
    world.edit(&["paused"], false);
    assert_eq!(world.settle().last().map(String::as_str), Some("v2:5"));
}

#[test]
fn scaling_in_the_middle_of_a_rollout_shares_in_proportion() {
    for (before, surge, unavailable, stuck, after, want) in [
        // The example of the Kubernetes documentation: ten pods, a broken update, then fifteen.
        (10, "3", "2", "broken:5 v1:8", 15, "broken:7 v1:11"),
        (10, "3", "2", "broken:5 v1:8", 20, "broken:9 v1:14"),
        (10, "3", "2", "broken:5 v1:8", 5, "broken:3 v1:5"),
        (10, "3", "2", "broken:5 v1:8", 0, ""),
        (4, "25%", "25%", "broken:2 v1:3", 8, "broken:4 v1:6"),
    ] {
        let mut world = World::new(before, &rolling(surge, unavailable));
        world.set_image("broken");
        assert_eq!(world.settle().last().map(String::as_str), Some(stuck));
        world.edit(&["replicas"], after);
        assert_eq!(world.settle().get(1).map(String::as_str), Some(want), "{before} to {after}");
    }
}

#[test]
fn a_name_that_is_taken_leads_to_another_hash() {
    let mut world = World::new(1, "");
    world.set_image("v2");
    world.sync();
    let set = world.server.tables().replica_sets().find(|s| *image(s) == *"v2").cloned().expect("it is there");
    let mut foreign = (*set).clone();
    foreign.meta.owners.make_mut().clear();
    foreign.meta.labels = Rc::default();
    world.server.delete(&set.key(), &DeleteOptions::default(), &BY).expect("deleted");
    world.server.create(foreign.into(), &BY).expect("created");
    world.settle();
    let names: BTreeSet<Name> =
        world.server.tables().replica_sets().filter(|s| *image(s) == *"v2").map(|s| Rc::clone(&s.meta.name)).collect();
    assert_eq!((names.len(), world.deployment().status.collision_count), (2, Some(1)));
}

#[test]
fn sets_without_a_manager_are_taken_and_others_let_go() {
    let mut world = World::new(2, "");
    let set = world.server.tables().replica_sets().next().cloned().expect("it is there");
    let key = set.key();
    let owner = world.deployment().meta.uid;
    let managed = |world: &World| world.server.tables().get(&key).is_some_and(|s| s.meta().is_controlled_by(owner));
    world.server.handle(Request::Edit(key.clone(), Edit::RemoveOwner { of: set.meta.uid, owner }), &BY).expect("written");
    world.settle();
    assert!(managed(&world));
    world.server.handle(Request::Edit(key.clone(), Edit::SetLabels(vec![("app".into(), "other".into())])), &BY).expect("written");
    world.settle();
    assert!(!managed(&world));
}

#[test]
fn what_a_set_could_not_do_is_told_of_the_deployment() {
    let mut world = World::new(1, "");
    let set = world.server.tables().replica_sets().next().cloned().expect("it is there");
    let condition = Condition::new("ReplicaFailure", true, Time(0)).because("FailedCreate", "no room");
    let status = ReplicaSetStatus { conditions: vec![condition], ..set.status.clone() };
    world.server.handle(Request::Edit(set.key(), Edit::ReplicaSetStatus(Box::new(status))), &BY).expect("written");
    world.settle();
    let deployment = world.deployment();
    let told = deployment.status.condition("ReplicaFailure").expect("it is told");
    assert_eq!((&*told.condition.reason, &*told.condition.message), ("FailedCreate", "no room"));
}

#[test]
fn a_rollout_that_was_resized_and_is_to_be_recreated_says_what_it_waits_for() {
    let mut world = World::new(2, "");
    world.set_image("broken");
    world.settle();
    world.edit(&["strategy"], Value::of([("type", "Recreate")]));
    world.edit(&["replicas"], 4);
    let sizes = world.settle();
    assert_eq!(sizes.first(), sizes.last(), "{sizes:?}");
    let Some(Reason::SizeIsNotNoted(replica_sets)) = &world.waits else { panic!("{:?}", world.waits) };
    assert_eq!(replica_sets.len(), 2, "{replica_sets:?}");
}
