//! Reports as text for people and as JSON for programs.

use std::fmt::Write;
use std::rc::Rc;

use super::cures::Tried;
use super::paste::Fact;
use super::verdict::{Report, Sure, Verdict};
use super::world::Assumed;
use api::kind::Kind;
use api::object::ObjectKey;
use base::time::{Span, Time};
use base::value::Value;
use sim::Sim;
use text::Lang;
use view::Snapshot;
use view::why::{Question, answer};
use why::explain::Link;

/// What a finer cause is, said of the object it hangs on (`{o}`) and the workload that waits (`{w}`).
const SENTENCES: [(&str, &str); 51] = [
    (
        "rollback-trap-image",
        "{o} has an image that cannot be pulled and is of a revision that is no longer wanted; {w} waits for it to be Ready before it replaces it, so it has to be deleted by hand.",
    ),
    (
        "rollback-trap-crash",
        "{o} crashes and is of a revision that is no longer wanted; {w} waits for it to be Ready before it replaces it, so it has to be deleted by hand.",
    ),
    (
        "rollback-trap-never-ready",
        "{o} is never Ready and is of a revision that is no longer wanted; {w} waits for it to be Ready before it replaces it, so it has to be deleted by hand.",
    ),
    (
        "crash-all-pods-after-rollback",
        "The template of {w} is mended, but its pods are of the bad revision and crash; it waits for each to be Ready, {o} first, so all of them have to be deleted by hand.",
    ),
    (
        "image-pull-during-rollout",
        "The new image of {o} cannot be pulled, and the rollout of {w} waits for that pod; with the image put right it still does, so that the pod has to be deleted, too.",
    ),
    (
        "image-pull-parallel",
        "The new image of {o} cannot be pulled, and the rollout of {w} waits; as the set is Parallel, it is enough to put the image right.",
    ),
    ("image-pull", "The image of {o} cannot be pulled."),
    ("crash-loop", "A container of {o} exits again and again."),
    ("cannot-start", "A container of {o} cannot be started."),
    ("out-of-memory", "A container of {o} outgrows its memory limit again and again."),
    ("liveness-probe", "A container of {o} is ended again and again because a probe fails."),
    ("config-missing", "{o} refers to something that is not there."),
    ("init", "An init container or a hook of {o} does not come to its end."),
    (
        "readiness-probe-wrong-port",
        "The readiness probe of {o} asks a port on which its container does not say that it listens, so the pod is never Ready, and {w} makes the pods after it only once it is.",
    ),
    ("never-ready", "{o} runs and is not Ready, and {w} waits for it; why it is not Ready only its container can tell."),
    ("readiness-gate", "A readiness gate of {o} is closed."),
    ("scheduling-gate", "{o} carries a scheduling gate: no scheduler looks at it until somebody takes the gate off."),
    ("unknown-scheduler", "{o} asks for a scheduler of another name, and none of that name has looked at it."),
    ("no-default-storageclass", "{o} names no StorageClass, and no StorageClass is the default one, so nothing makes a volume."),
    ("storageclass-not-found", "{o} asks for a StorageClass that does not exist, so nothing makes a volume."),
    ("provisioner-not-running", "The provisioner of {o} does not run in this cluster, so a claim waits for it."),
    ("provisioner-refuses", "The provisioner of {o} cannot make such a volume."),
    (
        "pv-released-claimref",
        "{o} is Released: it still names a deleted claim of the same name by its uid, so the new claim cannot take it.",
    ),
    ("pv-too-small", "{o} is free and of the right class, but smaller than what the claim asks for, and nothing makes a larger one."),
    ("no-volume-fits", "No volume fits {o}, and its class makes none."),
    ("pvc-lost", "{o} is Lost: the volume it was bound to is gone."),
    ("volume-node-deleted", "{o} is on a node that is not in the cluster, and no other node can reach it."),
    ("volume-node-unavailable", "{o} is on nodes that do not take the pod, and no other node can reach it."),
    ("anti-affinity-too-few-nodes", "{o} may not be on a node with its like, and every node has one."),
    ("insufficient-memory", "{o} asks for more memory than any node has left."),
    ("insufficient-resources", "{o} asks for more than any node has left."),
    ("topology-spread", "No node would keep the pods as evenly spread as {o} asks for."),
    ("nodeselector-no-match", "{o} asks for nodes with a label that no node has."),
    (
        "wffc-waits-for-unschedulable-pod",
        "{o} asks for nodes of a place of which there are none; its claim is Pending only because it waits for the pod.",
    ),
    ("untolerated-taint", "Nodes have taints that the pods of {w} do not tolerate, {o} among them."),
    ("cordoned", "Nodes take no new pods, {o} among them."),
    ("no-node-fits", "No node takes {o}."),
    ("serviceaccount-missing", "The template of {o} names a ServiceAccount that does not exist, so its pods are refused."),
    ("quota-must-specify-requests", "{o} counts requests, so every pod must state them; those of {w} state none, and are refused."),
    ("quota-exceeded", "{o} leaves no room for the next pod of {w}."),
    (
        "podsecurity-restricted",
        "{o} enforces the Pod Security level restricted, which the template of {w} violates, so its pods are refused.",
    ),
    ("podsecurity-baseline", "{o} enforces a Pod Security level that the template of {w} violates, so its pods are refused."),
    (
        "node-unreachable-pod-terminating",
        "The node of {o} is silent: the pod was told to go, only its kubelet can say that it is gone, and {w} makes no other one of its name before.",
    ),
    (
        "pod-finalizer",
        "{o} was deleted and is held by a finalizer that nobody takes off; another pod of its name can only be made once it is gone.",
    ),
    (
        "pvc-terminating-finalizer",
        "{o} was deleted and is held by a finalizer that nobody takes off; no pod is made for a claim that is being deleted.",
    ),
    ("namespace-terminating", "{w} is being deleted and cannot end, because {o} is held by a finalizer that nobody takes off."),
    (
        "foreground-deletion-finalizer",
        "{w} was deleted in the foreground and waits for {o}, which is held by a finalizer that nobody takes off.",
    ),
    ("ondelete", "The update strategy of {o} is OnDelete: a pod gets the new template when somebody deletes it."),
    ("partition", "The partition of {o} keeps its lower ordinals at the old revision until it is lowered."),
    (
        "min-ready-seconds",
        "Nothing is stuck: a pod of {o} counts only after it was Ready for minReadySeconds, and the rollout goes on by itself.",
    ),
    (
        "governing-service-missing",
        "Nothing is stuck: {w} is complete. Its governing Service {o} does not exist, so that names of its pods do not resolve.",
    ),
];

/// The same of what is not stuck, or not known.
const OTHERS: [(&str, &str); 34] = [
    (
        "immutable-field",
        "The server refused a change of {o}: that field of a set cannot be changed; the set is made anew, its pods left alone.",
    ),
    (
        "immutable-claim",
        "The server refused a change of {o}: of a claim nothing but a larger size can be asked for, and only where its class allows.",
    ),
    ("invalid-template", "The server refused {o}: its selector does not select what its template makes."),
    ("budget", "A budget does not let {o} go, so a drain waits."),
    ("webhook", "An admission webhook refuses the pods of {w}, or does not answer."),
    ("name-leaving", "{w} makes no pod of a name while {o} of that name is still there."),
    ("name-taken", "A pod of that name is there that {w} does not count among its own."),
    ("hidden-reason", "A pod of {w} was refused, and the message of that version hides why; most often a pod of that name is still there."),
    ("refused", "The server refuses the pods of {w}."),
    ("pvc-terminating", "{o} is being deleted, and no pod is made for it before it is gone."),
    ("pvc-missing", "{o} does not exist, and the pod waits for it."),
    ("csi-driver-missing", "The driver of a volume does not run on the node of {o}."),
    ("volume-limit", "No node can have one more of the volumes that {o} asks for."),
    ("attach", "A volume of {o} is not attached to its node."),
    ("rollout-waits", "A rollout of {o} waits for a pod; for which and why, the text does not say."),
    (
        "revisions-differ",
        "The pods of {o} are Ready, and not all of them have the image of its template: a partition, OnDelete, or a rollout that goes on; which, the text does not say.",
    ),
    ("pods-missing", "{o} has fewer pods than it should have; why the next one is not made, the text does not say."),
    ("not-scheduled", "{o} has no node yet; why, the text does not say."),
    ("not-started", "{o} has a node and does not run there; why, the text does not say."),
    ("kubelet-does-not-end-it", "{o} should be gone by now, and its kubelet does not say that it is; why, the text does not say."),
    ("mount", "The containers of {o} do not start, most likely because a volume does not come to its node."),
    ("budget-allows-none", "A node was closed whose pods {o} does not let go: a drain waits until it does."),
    ("waits-for-pod", "{o} only waits for a pod that uses it to be scheduled; that pod was not pasted."),
    (
        "governing-service-not-headless",
        "Nothing is stuck: {w} is complete. Its governing Service {o} has a cluster IP, so that names of its pods do not resolve.",
    ),
    ("no-pods", "{o} is not what it should be; its pods were not pasted."),
    ("node-unreachable", "The node of {o} is silent: nobody knows whether the pod runs."),
    ("not-pasted", "{w} waits, and it hangs on {o}; whether it gets what it asks for was not pasted."),
    ("claim-pending", "A claim of {o} has no volume; why, the text does not say."),
    ("multi-attach", "The volume of {o} is attached to another node, or used by another pod."),
    ("complete", "Nothing is stuck: all pods of {o} are Ready and of the newest revision."),
    ("in-progress", "Nothing is stuck: {o} is under way, and becomes what it should be by itself."),
    (
        "two-sets-one-selector",
        "Neither set is stuck, but {o} selects the same pods as another set: a Service or a budget takes the pods of both for one.",
    ),
    ("no-workload", "The text names no StatefulSet, so nothing can be known."),
    ("no-reason", "{o} is not what it should be, and what was pasted does not say why."),
];

/// An object as kubectl's short names have it: `pod/web-0`.
pub fn short(key: &ObjectKey) -> String {
    if key.name.is_empty() { format!("the {}", key.kind.info().name) } else { format!("{}/{}", kind(key.kind), key.name) }
}

/// A kind as lines name it.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::StatefulSet => "sts",
        Kind::PersistentVolumeClaim => "pvc",
        Kind::PersistentVolume => "pv",
        Kind::StorageClass => "sc",
        Kind::Service => "svc",
        Kind::Namespace => "ns",
        Kind::PodDisruptionBudget => "pdb",
        other => other.info().singular,
    }
}

/// What a link of a chain says, in the words in which the page answers why.
pub fn link(sim: &Sim, link: &Link) -> String {
    let shot = Snapshot::of(sim, Lang::English);
    let why = answer(&shot, &Question::Object(link.about.clone()));
    [why.verdict.plain(), why.paragraph.plain()].into_iter().find(|words| !words.is_empty()).unwrap_or_default()
}

/// One sentence about a verdict.
pub fn sentence(verdict: &Verdict) -> String {
    let known = SENTENCES.iter().chain(&OTHERS).find(|(detail, _)| *detail == verdict.detail);
    let told = known.map_or("{w} waits for {o}.", |(_, words)| words);
    told.replace("{o}", &short(&verdict.object)).replace("{w}", &short(&verdict.workload))
}

/// A report as a program reads it.
pub fn json(report: &Report) -> Value {
    let lines = |tried: &Tried| Value::list(tried.lines.iter().map(String::as_str));
    let verdict = |verdict: &Verdict| {
        let chain = verdict.chain.iter().map(|(about, said)| Value::of([("object", short(about)), ("said", said.clone())]));
        Value::of([
            ("cause", Value::from(verdict.cause)),
            ("detail", verdict.detail.into()),
            ("object", short(&verdict.object).into()),
            ("workload", short(&verdict.workload).into()),
            ("namespace", Value::from(&verdict.workload.namespace)),
            ("sure", verdict.sure.word().into()),
            ("sentence", (&*verdict.sentence).into()),
            ("since", verdict.since.map_or(Value::Null, |since| since.rfc3339().into())),
            ("endsIn", verdict.ends_in.map_or(Value::Null, |span| span.golang().into())),
            ("chain", Value::list(chain)),
            ("nodes", Value::of(verdict.nodes.iter().map(|(node, why)| (Rc::clone(node), Value::from(&**why))))),
            ("cures", Value::list(verdict.cures.iter().map(lines))),
            ("risks", Value::list(verdict.cures.iter().map(|cure| cure.risk.as_str()))),
            ("notCures", Value::list(verdict.not_cures.iter().map(lines))),
            ("missing", Value::list(verdict.missing.iter().map(String::as_str))),
        ])
    };
    let fact = |fact: &Fact| {
        let line = i64::try_from(fact.line).unwrap_or(i64::MAX);
        Value::of([("line", Value::from(line)), ("about", (&*fact.about).into()), ("says", (&*fact.says).into())])
    };
    let assumed = |one: &Assumed| Value::of([("what", one.what.as_str()), ("because", one.because.as_str())]);
    Value::of([
        ("verdicts", Value::list(report.verdicts.iter().map(verdict))),
        ("assumed", Value::list(report.assumed.iter().map(assumed))),
        ("unread", Value::list(report.unread.iter().map(String::as_str))),
        ("notSimulated", Value::list(report.others.iter().map(String::as_str))),
        ("facts", Value::list(report.facts.iter().map(fact))),
    ])
}

/// A report as people read it.
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    for (i, verdict) in report.verdicts.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        told(verdict, report.at, &mut out);
    }
    let well: Vec<String> = report.well.iter().map(|key| format!("{} in {}", short(key), key.namespace)).collect();
    if report.verdicts.iter().any(|verdict| verdict.cause != "not-stuck") && !well.is_empty() {
        let _ = writeln!(out, "\nNothing is the matter with {}.", well.join(", "));
    }
    section(&mut out, "Assumed", report.assumed.iter().map(|one| format!("{}: {}", one.what, one.because)));
    section(&mut out, "Read from the paste", report.facts.iter().map(|fact| format!("line {}: {} {}", fact.line, fact.about, fact.says)));
    section(&mut out, "Not read", report.unread.iter().cloned());
    section(&mut out, "Kept in mind, not simulated", report.others.iter().cloned());
    out
}

/// A heading and its lines, if there are any.
fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.map(|line| format!("  {line}\n")).collect();
    if !lines.is_empty() {
        let _ = write!(out, "\n{title}:\n{}", lines.concat());
    }
}

/// One verdict.
fn told(verdict: &Verdict, now: Time, out: &mut String) {
    let sure = if verdict.sure == Sure::Certain { String::new() } else { format!(", {}", verdict.sure.word()) };
    let _ = writeln!(out, "{}", verdict.sentence);
    let of = if verdict.workload.namespace.is_empty() { String::new() } else { format!(" in {}", verdict.workload.namespace) };
    let since = verdict.since.map_or(String::new(), |since| format!(", since {} ({} ago)", since.rfc3339(), now.since(since).golang()));
    let _ = writeln!(out, "  cause: {} ({}) at {}{of}{sure}{since}", verdict.cause, verdict.detail, short(&verdict.object));
    if let Some(span) = verdict.ends_in {
        let _ = writeln!(out, "  by itself: within {}", span.golang());
    }
    section_within(out, "because", verdict.chain.iter().map(|(about, said)| vec![format!("{}: {said}", short(about))]));
    section_within(out, "why no node is good", verdict.nodes.iter().map(|(node, why)| vec![format!("{node}: {why}")]));
    let helps = |tried: &Tried| {
        let took = tried.took.map_or(String::new(), |took| format!("# well after {}", Span(took.0).golang()));
        let risk = if tried.risk.is_empty() { String::new() } else { format!("; risk: {}", tried.risk) };
        [format!("{took}{risk}")].into_iter().chain(tried.lines.iter().cloned()).collect()
    };
    section_within(out, "what ends it (tried on a copy)", verdict.cures.iter().map(helps));
    section_within(out, "what does not (tried, too)", verdict.not_cures.iter().map(|tried| tried.lines.clone()));
    section_within(out, "what would say more", verdict.missing.iter().map(|line| vec![line.clone()]));
}

/// The same within a verdict: each entry with its lines.
fn section_within(out: &mut String, title: &str, entries: impl Iterator<Item = Vec<String>>) {
    let entries: Vec<Vec<String>> = entries.collect();
    if entries.is_empty() {
        return;
    }
    let _ = writeln!(out, "  {title}:");
    for entry in entries {
        for (i, line) in entry.iter().flat_map(|line| line.lines()).enumerate() {
            let _ = writeln!(out, "    {} {line}", if i == 0 { "-" } else { " " });
        }
    }
}
