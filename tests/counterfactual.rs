//! Whether what is named as the cause of a wait is its cause: with the cause taken away, and nothing else, the wait ends.
//!
//! Every recorded scenario is played step by step. Where a pod of a set then waits and goes on waiting by itself, the model is
//! copied, the root of the explanation is taken away, and the copy is run. Causes that nobody can take away by one act (too few
//! nodes, a selector that fits none) are counted and left alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::api::release::V1_37;
use ordinal::base::time::Span;
use ordinal::cluster::images::Behaviour;
use ordinal::kubectl::files::Files;
use ordinal::kubectl::job::Job;
use ordinal::scenario::file::Scenario;
use ordinal::scenario::run::play;
use ordinal::scenario::stage;
use ordinal::sim::{Fault, Sim};
use ordinal::why::explain::{Explanation, Link, explain};
use ordinal::why::{Reason, Verdict};

/// After this long whatever ends by itself has ended.
const SETTLES: Span = Span::seconds(400);
/// How long a cure may take: the longest pause between two tries of anything, twice.
const CURES: Span = Span::seconds(700);

const CLASS: &str = "
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: CLASS, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}
provisioner: rancher.io/local-path
volumeBindingMode: WaitForFirstConsumer
";

fn after(sim: &Sim, span: Span) -> Sim {
    let mut sim = sim.clone();
    sim.run_until(sim.now() + span);
    sim
}

fn type_line(sim: &mut Sim, line: &str, files: &Files) {
    Job::new(line, files).poll(sim);
}

/// The pods of sets that should be there and Ready and are not, or should be gone and are not.
fn waiting(sim: &Sim) -> Vec<ObjectKey> {
    let tables = sim.tables();
    let wanted = tables.stateful_sets().flat_map(|set| {
        let name = |ordinal| ObjectKey::new(Kind::Pod, &set.meta.namespace, &set.pod_name(ordinal));
        set.ordinals().map(name).collect::<Vec<_>>()
    });
    let ready = |key: &ObjectKey| tables.pod(&key.namespace, &key.name).is_some_and(|pod| pod.ready() && !pod.meta.terminating());
    wanted.filter(|key| !ready(key)).collect()
}

/// The explanation of a pod, where somebody waits.
fn wait_of(sim: &Sim, pod: &ObjectKey) -> Option<(ObjectKey, Reason)> {
    let Explanation { links, circular } = explain(sim.tables(), sim.decisions(), pod);
    let Link { about, entry, .. } = links.into_iter().next_back().filter(|_| !circular)?;
    let decision = entry?.decision;
    // A pod that was told to go and cannot is held by whatever makes its node silent.
    let waits = matches!(decision.verdict, Verdict::Waits | Verdict::Refused) || matches!(decision.because, Reason::EvictedByTaint { .. });
    waits.then(|| (about, decision.because.clone()))
}

/// Takes a cause away; whether that is one act.
fn take_away(sim: &mut Sim, about: &ObjectKey, because: &Reason) -> bool {
    let pod = |sim: &Sim| sim.tables().pod(&about.namespace, &about.name).cloned();
    let none = Files::new();
    match because {
        Reason::NotReadyYet => {
            mend_images(sim, about);
            let fault = Fault::PodReady { namespace: about.namespace.clone(), pod: about.name.clone() };
            return sim.fault(&fault).is_ok();
        }
        Reason::ImagePullFails { .. } | Reason::CrashLoop { .. } => mend_images(sim, about),
        Reason::StorageClassNotFound { .. } | Reason::NoStorageClass => {
            let class = if let Reason::StorageClassNotFound { class } = because { class } else { "made" };
            type_line(sim, "kubectl apply -f class.yaml", &[("class.yaml", CLASS.replace("CLASS", class))].into_iter().collect());
        }
        Reason::WaitsForNodeToReturn { .. } | Reason::NodeIsSilent { .. } | Reason::EvictedByTaint { .. } => {
            let Some(node) = pod(sim).and_then(|pod| pod.node.clone()) else { return false };
            return sim.fault(&Fault::NodeUp { node, restart_containers: false }).is_ok();
        }
        Reason::Unschedulable { message } if message.contains("were unschedulable") => {
            let nodes: Vec<String> = sim.machines().map(|machine| machine.node.to_string()).collect();
            nodes.iter().for_each(|node| type_line(sim, &format!("kubectl uncordon {node}"), &none));
        }
        Reason::SyncFailed { error } if error.contains("exceeded quota") => {
            type_line(sim, "kubectl delete resourcequota --all", &none);
        }
        Reason::NameTaken { .. } => type_line(sim, &format!("kubectl delete pod {} --wait=false", about.name), &none),
        Reason::HeldByFinalizer { .. } => {
            let line = format!(
                "kubectl patch {} {} --type=merge -p {{\"metadata\":{{\"finalizers\":null}}}}",
                about.kind.info().singular,
                about.name
            );
            type_line(sim, &line.replace("-p ", "-p '").replace("}}", "}}'"), &none);
        }
        _ => return false,
    }
    true
}

/// Lets the images of a pod do what images usually do.
fn mend_images(sim: &mut Sim, pod: &ObjectKey) {
    let images: Vec<String> = sim
        .tables()
        .pod(&pod.namespace, &pod.name)
        .map(|pod| pod.spec.template.containers.iter().map(|container| container.image.to_string()).collect())
        .unwrap_or_default();
    images.iter().for_each(|image| sim.images_mut().tell(image, Behaviour::default()));
}

/// The name of a reason without what it holds.
fn name_of(reason: &Reason) -> String {
    format!("{reason:?}").split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}

#[derive(Default)]
struct Tally {
    ended: BTreeMap<String, usize>,
    left_alone: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

/// Looks at every wait that does not end by itself.
fn try_waits(scenario: &str, sim: &Sim, seen: &mut Vec<(ObjectKey, Reason)>, tally: &mut Tally) {
    if waiting(sim).is_empty() {
        return;
    }
    let settled = after(sim, SETTLES);
    let mut lasting = None;
    for pod in waiting(&settled) {
        let Some((about, because)) = wait_of(&settled, &pod) else {
            tally.wrong.push(format!("{scenario}: nobody says what {} waits for", pod.name));
            continue;
        };
        if seen.contains(&(pod.clone(), because.clone())) {
            continue;
        }
        seen.push((pod.clone(), because.clone()));
        let control = lasting.get_or_insert_with(|| after(&settled, CURES));
        if wait_of(control, &pod) != Some((about.clone(), because.clone())) {
            continue;
        }
        let mut cured = settled.clone();
        let name = name_of(&because);
        if !take_away(&mut cured, &about, &because) {
            *tally.left_alone.entry(name).or_default() += 1;
            continue;
        }
        let cured = after(&cured, CURES);
        if waiting(&cured).contains(&pod) && wait_of(&cured, &pod) == Some((about.clone(), because.clone())) {
            tally.wrong.push(format!("{scenario}: {pod:?} still waits for {about:?}: {because:?}"));
        } else {
            *tally.ended.entry(name).or_default() += 1;
        }
    }
}

fn scenarios() -> Vec<PathBuf> {
    let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/recordings");
    let inside = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>();
    let mut all: Vec<PathBuf> =
        inside(&recordings).iter().flat_map(|subject| inside(subject)).map(|one| one.join("scenario.yaml")).collect();
    all.sort();
    all
}

#[test]
fn a_wait_ends_when_its_named_cause_is_taken_away() {
    let mut tally = Tally::default();
    for path in scenarios() {
        let scenario = Scenario::parse(&fs::read_to_string(&path).expect("a scenario")).expect("a scenario");
        let Ok(setup) = stage::setup(&scenario, &V1_37) else { continue };
        let (mut sim, mut seen) = (Sim::new(&setup), Vec::new());
        for step in &scenario.steps {
            play(&Scenario { steps: vec![step.clone()], ..scenario.clone() }, &mut sim);
            try_waits(&scenario.name, &sim, &mut seen, &mut tally);
        }
    }
    println!("ended: {:?}\nleft alone: {:?}", tally.ended, tally.left_alone);
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    let covered = ["NotReadyYet", "ImagePullFails", "CrashLoop", "StorageClassNotFound", "NoStorageClass", "Unschedulable", "SyncFailed"];
    for reason in covered.into_iter().chain(["EvictedByTaint", "HeldByFinalizer"]) {
        assert!(tally.ended.contains_key(reason), "no recorded wait is for {reason}: {:?}", tally.ended);
    }
}
