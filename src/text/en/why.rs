//! Decisions, told in English.

use super::many;
use crate::text::why::{Because, Case, Told};
use crate::why::Reason;

/// Tells a decision.
pub fn tell(case: &Case) -> Told {
    let subject = case.subject;
    match case.because {
        Because::Decided(reason) => decided(case, reason),
        Because::NotWanted { replicas } => Told::done(
            format!("<{subject}> is not wanted."),
            format!("`replicas` is {replicas}. Its claims stay, unless `whenScaled` is Delete, and are found again when the set grows."),
        ),
        Because::Stranded { node } => stranded(case, node),
        Because::Keeps { revision, by } => {
            let rule = decided(case, by);
            let words = format!("{} {}", rule.verdict, rule.paragraph);
            Told::done(format!("<{subject}> keeps revision {revision}."), words).until(rule.ends_when)
        }
        Because::Trapped { by } => Told {
            paragraph:
                "Its revision is not wanted any more, and that does not help it: with `OrderedReady` the controller waits until it is \
                        Ready before it replaces anything."
                    .into(),
            ..decided(case, by).until(format!("you delete <{subject}>"))
        },
        Because::NotLookedAt => Told::done(format!("<{subject}> has not been looked at yet."), ""),
    }
}

/// A pod that is to go, on a node that says nothing.
fn stranded(case: &Case, node: &str) -> Told {
    let subject = case.subject;
    let (verdict, rule) = if case.set.is_empty() {
        (format!("<{subject}> stays Terminating."), "a ReplicaSet makes another without waiting")
    } else {
        (format!("<{subject}> stays Terminating, and no new <{subject}> is created."), "a StatefulSet runs at most one pod per identity")
    };
    Told::done(
        verdict,
        format!(
            "<{node}> is silent, so its kubelet cannot confirm that the containers stopped. Until it does, the pod object stays; {rule}."
        ),
    )
    .brief(format!("old <{subject}> may still run"))
    .until(format!("<{node}> comes back, or somebody says that it never will"))
}

/// One arm for every reason there is: a new one does not compile until it can be told.
fn decided(case: &Case, reason: &Reason) -> Told {
    let (subject, set) = (case.subject, case.set);
    match reason {
        // StatefulSet controller: creation
        Reason::CacheBehindOwnWrites => Told::done(
            "The controller waits to see its own last writes.",
            "Its cache does not show them yet, and it decides nothing on an old view.",
        )
        .until("the watch shows them"),
        Reason::ClaimingPods => Told::done(
            format!("The controller sorts out which pods are <{set}>'s."),
            "Pods without a manager that fit are taken; pods that no longer fit are let go.",
        ),
        Reason::SetIsBeingDeleted => Told::done(format!("<{set}> is being deleted."), "Only its status is kept up."),
        Reason::CreatingPod { ordinal, .. } => {
            Told::done(format!("<{}> is being created.", case.pod(*ordinal)), "It is the lowest ordinal that is missing.")
        }
        Reason::CreatingPods { count } => Told::done(
            format!("{} being created at once.", many(*count, "pod is", "pods are")),
            "With `Parallel`, the controller does not wait for lower ordinals.",
        ),
        Reason::ReplacingTerminalPod { ordinal } => Told::done(
            format!("<{}> is deleted, to be made again.", case.pod(*ordinal)),
            "It has ended, and an ended pod keeps its identity from the next one.",
        ),
        Reason::StaleClaim { ordinal, claim } | Reason::ClaimIsBeingDeleted { ordinal, claim } => Told::done(
            format!("<{}> is not created.", case.pod(*ordinal)),
            format!("Its claim <{claim}> is being deleted, and a new pod does not start on it."),
        )
        .brief(format!("<{claim}> is being deleted"))
        .until(format!("<{claim}> is gone")),
        Reason::NameTaken { ordinal } => {
            Told::done(format!("<{}> is not created.", case.pod(*ordinal)), format!("A pod of that name exists and is not <{set}>'s."))
                .brief("the name is taken")
                .until("the other pod is gone")
        }
        Reason::WaitsForPodToGo { ordinal } => {
            let pod = case.pod(*ordinal);
            let rule = format!("With `OrderedReady`, nothing further happens while <{pod}> is on its way out.");
            ordered(case, &pod, "is Terminating", rule).until(format!("<{pod}> is gone"))
        }
        Reason::WaitsForPodToBeReady { ordinal } => {
            let pod = case.pod(*ordinal);
            let rule = "With `OrderedReady`, the controller creates or removes a pod only when every lower ordinal is Running and Ready.";
            ordered(case, &pod, "is not Ready", format!("{rule} <{pod}> is not.")).until(format!("<{pod}> is Ready"))
        }
        Reason::WaitsForPodToBeAvailable { ordinal } => {
            let pod = case.pod(*ordinal);
            let rule = format!("<{pod}> is Ready, but not yet for `minReadySeconds`.");
            ordered(case, &pod, "is not available", rule).until("it has been Ready that long")
        }
        Reason::RepairingPod { ordinal } => {
            Told::done(format!("<{}> is put right.", case.pod(*ordinal)), "Its labels, volumes or claims are not what its ordinal says.")
        }
        Reason::UpToDate => Told::done(format!("<{set}> is as wanted."), "Every wanted ordinal has its pod, at the newest revision."),
        Reason::UnknownStrategy => Told::done(format!("<{set}> is not updated."), "This release does not know its `updateStrategy`."),
        Reason::SyncFailed { error, .. } => Told::done(
            "The controller's last attempt failed.",
            format!("The API server answered `{error}`. The controller tries again, later each time."),
        )
        .brief("the last attempt failed")
        .until("an attempt succeeds"),
        // StatefulSet controller: removal and update
        Reason::MarkingClaims => Told::done(
            "Claims are made to go with their pods.",
            "`persistentVolumeClaimRetentionPolicy` says Delete for pods that are removed.",
        ),
        Reason::RemovingPod { ordinal } => Told::done(
            format!("<{}> is removed.", case.pod(*ordinal)),
            "It is beyond the wanted ordinals. The highest ordinal goes first; its claim stays, unless `whenScaled` is Delete.",
        ),
        Reason::WaitsForRemovedPod { ordinal } => {
            let pod = case.pod(*ordinal);
            Told::done(format!("The next removal waits for <{pod}>."), "Pods are removed one at a time, the highest ordinal first.")
                .until(format!("<{pod}> is gone"))
        }
        Reason::RemovalWaitsForLower { ordinal, lower } => {
            let lower = case.pod(*lower);
            let rule = format!("It is to be removed, but <{lower}> is not Running and Ready, and `OrderedReady` removes nothing then.");
            Told::done(format!("<{}> stays for now.", case.pod(*ordinal)), rule).until(format!("<{lower}> is Ready"))
        }
        Reason::ReplacingForUpdate { ordinal } => Told::done(
            format!("<{}> is deleted, to be made at the new revision.", case.pod(*ordinal)),
            "The update goes from the highest ordinal down.",
        ),
        Reason::UpdateWaitsForUnavailable { ordinal } => {
            let pod = case.pod(*ordinal);
            Told::done(format!("The update waits for <{pod}>."), "As many pods are unavailable as may be.")
                .until(format!("<{pod}> is available"))
        }
        Reason::OnDeleteWaitsForYou { count } => Told::done(
            format!("{} the old revision.", many(*count, &format!("pod of <{set}> keeps"), &format!("pods of <{set}> keep"))),
            "With `OnDelete`, a pod changes only when somebody deletes it.",
        )
        .until("you delete them"),
        Reason::BelowPartition { below } => {
            Told::done(format!("Pods below ordinal {below} keep the old revision."), "`partition` holds the update there.")
                .until("the partition is lowered")
        }
        // Deployment and ReplicaSet controllers
        Reason::ClaimingReplicaSets => Told::done(
            format!("The controller sorts out which ReplicaSets are <{subject}>'s."),
            "Those without a manager that fit are taken; those that no longer fit are let go.",
        ),
        Reason::CreatingReplicaSet { name, replicas } => {
            Told::done(format!("<{name}> is being created."), format!("The template is new; its ReplicaSet begins with {}.", many(*replicas, "pod", "pods")))
        }
        Reason::ReplicaSetNameTaken { name } => {
            Told::done(format!("<{name}> is taken."), "A ReplicaSet of that name holds another template; the next hash is tried.")
        }
        Reason::ScalingReplicaSet { name, from, to } => {
            Told::done(format!("<{name}> goes from {from} to {}.", many(*to, "pod", "pods")), "A Deployment sets the sizes of its ReplicaSets; these make and delete the pods.")
        }
        Reason::ForgettingReplicaSet { name } => {
            Told::done(format!("<{name}> is deleted."), "It has no pods and is older than `revisionHistoryLimit` keeps.")
        }
        Reason::RolloutPaused => {
            Told::done(format!("The rollout of <{subject}> is paused."), "Only the number of pods is kept up.").until("it is resumed")
        }
        Reason::RolloutWaitsForPods { replica_set, count } => {
            Told::done("The rollout waits.", format!("{} to be available in <{replica_set}>.", many(*count, "more pod has", "more pods have")))
                .until("they are available")
        }
        Reason::RolloutWaitsForOldPods { count } => {
            Told::done("The rollout waits.", format!("{} still there.", many(*count, "pod of an old ReplicaSet is", "pods of old ReplicaSets are"))).until("they are gone")
        }
        Reason::RolloutTimedOut { seconds } => {
            Told::done(format!("The rollout of <{subject}> is stuck."), format!("It made no progress for {seconds} s."))
                .until("a pod of it becomes available")
        }
        Reason::CreatingReplicas { count } => Told::done(
            format!("{} being created for <{subject}>.", many(*count, "pod is", "pods are")),
            "In batches that double, in no order: they have no identity.",
        ),
        Reason::RemovingReplicas { count } => {
            Told::done(format!("{} removed from <{subject}>.", many(*count, "pod is", "pods are")), "The ones that are worth least go first.")
        }
        Reason::ReplicasNotAvailable { .. } => {
            Told::done(format!("<{subject}> waits for its pods."), "Not all of them are available.").until("they are available")
        }
        Reason::JobRuns { succeeded, wanted: Some(wanted) } => {
            Told::done(format!("<{subject}> waits for its pods to end."), format!("{succeeded} of {wanted} have succeeded."))
                .until("enough have succeeded")
        }
        Reason::JobRuns { wanted: None, .. } => {
            Told::done(format!("<{subject}> waits for its pods to end."), "One that succeeds is enough.").until("they have ended")
        }
        Reason::JobBacksOff { failed } => Told::done(
            format!("<{subject}> waits before it makes another pod."),
            format!("Pods of it have failed: {failed}. Each doubles the pause."),
        )
        .until("the pause is over"),
        Reason::JobIsSuspended => {
            Told::done(format!("<{subject}> is suspended."), "It has no pods until it is resumed.").until("`spec.suspend` is false")
        }
        Reason::JobWaitsForPods { count } => {
            Told::done(format!("<{subject}> is about to end."), format!("{} on the way out.", many(*count, "pod is", "pods are")))
                .until("they are gone")
        }
        Reason::JobIsComplete => Told::done(format!("<{subject}> is complete."), "Enough of its pods have succeeded."),
        Reason::JobHasFailed => {
            Told::done(format!("<{subject}> has failed."), "Too many of its pods failed, or it took longer than it may.")
        }
        Reason::CreatingOnNodes { count } => {
            Told::done(format!("Pods of <{subject}> are being created: {count}."), "One for every node that fits and has none.")
        }
        Reason::UpdateWaitsForNodes { count } => {
            Told::done("The update waits.", format!("{} not available.", many(*count, "pod is", "pods are"))).until("they are available")
        }
        Reason::NoScaleTarget { missing } => {
            Told::done(format!("<{subject}> scales nothing."), format!("Its target cannot be read: {missing}.")).until("its target is there")
        }
        Reason::NoMetrics => Told::done(
            format!("<{subject}> keeps its target within its bounds, and does no more."),
            "No metrics are simulated, so there is nothing else to go by.",
        ),
        Reason::Rescales { from, to } => {
            let bound = if from < to { "at least" } else { "at most" };
            Told::done(format!("<{subject}> scales its target from {from} to {to}."), format!("It allows {bound} {to}."))
        }
        Reason::ScalingIsOff => {
            Told::done(format!("<{subject}> scales nothing."), "Its target has 0 replicas, which switches it off.").until("its target has replicas again")
        }
        // Nodes
        Reason::NodeIsHeard => Told::done(format!("<{subject}> is heard of."), "Its kubelet renews its lease."),
        Reason::NodeFellSilent { last_heard } => Told::done(
            format!("<{subject}> is silent."),
            format!("Its kubelet was last heard of at {last_heard}. Nobody knows whether the machine still runs."),
        )
        .until("its kubelet is heard of again"),
        Reason::EvictionIsPaced => {
            Told::done(format!("<{subject}> is not emptied yet."), "Nodes are tainted for that one after another.").until("its turn comes")
        }
        Reason::ZoneIsSilent => {
            Told::done(format!("<{subject}> is not emptied."), "Most nodes are silent, so the fault is taken to be elsewhere.")
                .until("more nodes are heard of")
        }
        Reason::NobodyIsHeard => Told::done(format!("<{subject}> is not emptied."), "No node at all is heard of, so nothing is evicted.")
            .until("a node is heard of"),
        Reason::NodeIsEmptied { taint } => {
            Told::done(format!("<{subject}> is emptied."), format!("Taint `{taint}` asks its pods to leave when their toleration ends."))
        }
        Reason::TaintsFollowNode => Told::done(format!("<{subject}>'s taints are set."), "They say how the node is."),
        Reason::ToleratesTaintFor { taint, seconds } => {
            Told::done(format!("<{subject}> stays for now."), format!("It tolerates `{taint}` for {seconds} s; then it is deleted."))
                .until("the node comes back, or the time is over")
        }
        Reason::ToleratesTaint { taint } => Told::done(format!("<{subject}> stays."), format!("It tolerates `{taint}` for ever.")),
        Reason::EvictedByTaint { taint } => {
            Told::done(format!("<{subject}> is evicted."), format!("It does not tolerate `{taint}`, or not any longer."))
        }
        Reason::EvictionCalledOff => Told::done(format!("<{subject}> stays after all."), "The taint is gone."),
        Reason::WaitsForNodeToReturn { node } => {
            Told::done(format!("<{subject}> stays for now."), format!("Its node <{node}> has no object; that may be for a moment."))
                .until(format!("<{node}> is registered again, or the wait is over"))
        }
        Reason::NodeObjectGone { node } => {
            Told::done(format!("<{subject}> is deleted."), format!("Its node <{node}> is gone, and no kubelet will speak for the pod."))
        }
        Reason::NodeIsOutOfService { node } => Told::done(
            format!("<{subject}> is deleted without its kubelet's word."),
            format!("Somebody said that <{node}> is off. If it is not, two may run."),
        ),
        Reason::NeverHadNode => Told::done(format!("<{subject}> is deleted."), "It never had a node, so no kubelet has to confirm."),
        // Disruption budgets
        Reason::DisruptionsAllowed { count } => Told::done(format!("{} may be evicted.", many(*count, "pod", "pods")), format!("<{subject}> allows it.")),
        Reason::NoDisruptionAllowed { healthy, desired, expected } => {
            lets_go("No pod may be evicted.".into(), subject, "", [*healthy, *desired, *expected])
        }
        Reason::EvictionRefused { budget, healthy, desired, expected } => {
            let verdict = format!("<{subject}> is not evicted: <{budget}> lets no pod go.");
            lets_go(verdict, budget, " `kubectl drain` asks again every 5 s.", [*healthy, *desired, *expected])
        }
        Reason::NoPodsSelected => Told::done(format!("<{subject}> selects no pod."), ""),
        Reason::BudgetUnclear { error } => {
            Told::done(format!("<{subject}> cannot be worked out."), format!("The controller says `{error}`."))
        }
        // Namespaces
        Reason::NamespaceWaitsForPods { count } => {
            Told::done(format!("<{subject}> is being deleted, its pods first."), format!("{} left.", many(*count, "is", "are"))).until("they are gone")
        }
        Reason::NamespaceWaitsForContent { count } => {
            Told::done(format!("<{subject}> is being deleted with what is in it."), format!("{} left.", many(*count, "object is", "objects are")))
                .until("they are gone")
        }
        Reason::EveryNamespaceHasOne => Told::done(format!("<{subject}> is made, or set right."), "Every namespace has one."),
        Reason::NamespaceIsEmpty => Told::done(format!("<{subject}> goes."), "It is empty."),
        // Scheduling
        Reason::Unschedulable { message } => {
            Told::done(format!("<{subject}> has no node."), format!("The scheduler found none: `{message}`")).until("a node fits")
        }
        Reason::WaitsForVolumes { node } => Told::done(
            format!("<{subject}> waits for its volume."),
            format!("The scheduler chose <{node}>; the volume is made there before the pod is bound."),
        )
        .until("the volume is bound"),
        Reason::WaitsForPreempted { node, count } => Told::done(
            format!("<{subject}> takes the place of {} on <{node}>.", many(*count, "pod", "pods")),
            "No node had room for it, and it is of higher priority than they are. They are told to stop, and get their grace period.",
        )
        .until("they are gone"),
        Reason::Preempted { by, node } => Told::done(
            format!("<{subject}> is preempted by <{by}>."),
            format!("<{by}> is of higher priority and found no room elsewhere; the scheduler deletes <{subject}> to make room on <{node}>."),
        )
        .until("its containers have stopped"),
        Reason::Assigned { node } => {
            Told::done(format!("<{subject}> has its node, <{node}>."), format!("The kubelet on <{node}> takes it from here."))
        }
        // Storage
        Reason::WaitsForFirstConsumer => {
            no_volume(subject, "Its StorageClass makes a volume only once a pod that uses the claim has a node.")
                .until("such a pod has a node")
        }
        Reason::NoStorageClass => {
            no_volume(subject, "It names no StorageClass, and there is no default one.").until("a default class appears")
        }
        Reason::StorageClassNotFound { class } => {
            no_volume(subject, format!("There is no StorageClass <{class}>.")).until(format!("<{class}> exists, or the claim is made anew with another"))
        }
        Reason::WaitsForProvisioner { provisioner } => {
            no_volume(subject, format!("`{provisioner}` is making one.")).until("the volume is made")
        }
        Reason::NoVolumeFits => {
            no_volume(subject, "No free volume fits, and the class makes none by itself.").until("a volume that fits appears")
        }
        Reason::WaitsForVolume { volume } => {
            no_volume(subject, format!("It asks for <{volume}>, which does not exist.")).until(format!("<{volume}> exists"))
        }
        Reason::ReclaimsVolume => Told::done(format!("<{subject}> goes."), "Its claim is gone, and its reclaim policy is Delete."),
        Reason::VolumeLost { volume } => {
            Told::done(format!("<{subject}> has lost its volume."), format!("<{volume}> is gone, and what was on it."))
        }
        Reason::ProvisionerRefuses { error } => {
            no_volume(subject, format!("The provisioner says `{error}`.")).until("the claim asks for what its class can make")
        }
        Reason::VolumeDoesNotSuit { volume, why } => {
            no_volume(subject, format!("It asks for <{volume}>, and the controller says `{why}`.")).until(format!("<{volume}> suits it"))
        }
        Reason::VolumeStays { error } => {
            Told::done(format!("<{subject}> is not deleted with its claim."), format!("Nobody can: the controller says `{error}`."))
        }
        Reason::ClaimBound { volume } => {
            Told::done(format!("<{subject}> has its volume, <{volume}>."), "A claim keeps its volume for as long as it exists.")
        }
        Reason::ClaimInUse { pod } => {
            Told::done(format!("<{subject}> is being deleted, and stays."), format!("<{pod}> uses it.")).until(format!("<{pod}> is gone"))
        }
        Reason::VolumeInUse { claim } => {
            Told::done(format!("<{subject}> is being deleted, and stays."), format!("<{claim}> is bound to it."))
                .until(format!("<{claim}> is gone"))
        }
        Reason::AttachesVolume { volume, node } => Told::done(
            format!("<{subject}> waits for its volume."),
            format!("<{volume}> is being attached to <{node}>, which takes its driver some seconds."),
        )
        .brief(format!("<{volume}> is being attached"))
        .until(format!("<{volume}> is attached")),
        Reason::VolumeAttached { volume } => {
            Told::done(format!("<{volume}> is attached."), format!("The node of <{subject}> has it."))
        }
        Reason::WaitsForDetach { volume, node } => Told::done(
            format!("<{subject}> is not started: its volume is attached to <{node}>."),
            format!("<{volume}> can be attached to one node at a time, and <{node}> has to give it up first."),
        )
        .brief(format!("<{volume}> is on <{node}>"))
        .until(format!("<{volume}> is detached from <{node}>")),
        Reason::WaitsForUnmount { node } => Told::done(
            format!("<{subject}> stays attached to <{node}>."),
            "The node's kubelet has not said that it is unmounted. From a node that is silent it is taken after six minutes, or at once when \
             somebody says that the node is out of service.",
        )
        .until(format!("<{node}> says that it is unmounted, or six minutes of silence are over")),
        Reason::DetachesVolume { node, forced: false } => {
            Told::done(format!("<{subject}> is being detached from <{node}>."), "No pod needs it there.")
        }
        Reason::DetachesVolume { node, forced: true } => Told::done(
            format!("<{subject}> is taken from <{node}>."),
            "Nobody knows whether it is still mounted there; if the machine runs, two may write.",
        ),
        // Kubelet
        Reason::StartingContainers => {
            Told::done(format!("<{subject}> is starting."), "The kubelet sets up its network, its volumes and its containers.")
                .until("its containers run")
        }
        Reason::InitContainerRuns { container } => Told::done(
            format!("<{subject}> is not initialized yet."),
            format!(
                "Init container `{container}` is at work. Each has to end well, or come up if it is a sidecar, before the next one starts."
            ),
        )
        .brief(format!("<{subject}> waits for {container}"))
        .until(format!("`{container}` has done its part")),
        Reason::MissingReference { error } => Told::done(
            format!("<{subject}> is not started: what it refers to is not there."),
            format!("The kubelet says `{error}` and looks again, later each time."),
        )
        .until("it is there, or the template names another"),
        Reason::ImagePullFails { image } => Told::done(
            format!("<{subject}> does not start: its image cannot be pulled."),
            format!("`{image}` is not to be had. The kubelet tries again, later each time."),
        )
        .until("the image can be pulled, or the template names another"),
        Reason::CrashLoop { container, exit_code } => Told::done(
            format!("<{subject}> does not stay up."),
            format!("Container `{container}` exits with {exit_code} soon after each start. The kubelet pauses longer each time."),
        )
        .until("the container stays up"),
        Reason::PastDeadline { seconds } => Told::done(
            format!("<{subject}> ran for longer than it may."),
            format!("It was on its node for longer than `activeDeadlineSeconds`, {seconds} s, and its kubelet ends it for good."),
        ),
        Reason::OutOfMemory { container, limit } => Told::done(
            format!("<{subject}> does not stay up."),
            format!(
                "Container `{container}` outgrows its memory limit of `{limit}` after each start, and the machine kills it. The kubelet pauses \
                 longer each time."
            ),
        )
        .until("the container needs less, or the template allows more"),
        Reason::HookRuns { container } => Told::done(
            format!("<{subject}> does not count as running yet."),
            format!("The `postStart` hook of `{container}` has to end first; containers after it are not started before."),
        )
        .brief(format!("the hook of {container} runs"))
        .until("the hook has ended"),
        Reason::HookFailed { container } => Told::done(
            format!("<{subject}> has a container that is started again."),
            format!("The `postStart` hook of `{container}` failed. The kubelet ends the container and starts it again, later each time."),
        )
        .brief(format!("the hook of {container} failed"))
        .until("the hook ends well, or the template names another"),
        Reason::FailedProbe { container, probe } => Told::done(
            format!("<{subject}> has a container that is started again."),
            format!(
                "`{container}` failed its {probe} probe too often. The kubelet gives it its grace period to end, and pauses before it starts \
                 it again if that happens often."
            ),
        )
        .brief(format!("{container} failed its {probe} probe"))
        .until("the container answers its probe"),
        Reason::NotReadyYet => {
            Told::done(format!("<{subject}> runs and is not Ready."), "Its readiness probe does not pass.").until("the probe passes")
        }
        Reason::ProbeFails { container, probe, said } => {
            let said = if said.is_empty() { String::new() } else { format!(" `{said}`") };
            Told::done(format!("<{subject}> runs and is not Ready."), format!("The {probe} probe of `{container}` fails.{said}"))
                .brief(format!("the {probe} probe of {container} fails"))
                .until("the probe passes")
        }
        Reason::SupposedReady { image } => Told::done(
            format!("<{subject}> is Ready."),
            format!(
                "Its containers run. What `{image}` does with requests is not simulated: it is taken to listen on the ports that it declares and \
                 those that its probes ask, and to answer well."
            ),
        ),
        Reason::PodIsReady => {
            Told::done(format!("<{subject}> is Ready."), "Its containers run, its readiness is confirmed, and the Services that select it publish it.")
        }
        Reason::ProcessesEnded => {
            Told::done(format!("<{subject}> has ended."), "Its processes have ended, and none is started again.")
        }
        Reason::StoppingContainers => Told::done(
            format!("<{subject}> is leaving."),
            "Its processes were told to stop. The kubelet waits for them, for the grace period at most.",
        )
        .until("they have ended, or the grace period is over"),
        Reason::NodeIsSilent { node } => Told::done(
            format!("Nobody knows whether <{subject}> still runs."),
            format!("<{node}> is silent, so no kubelet can confirm that the pod has ended."),
        )
        .until(format!("<{node}> comes back, or somebody says that it never will")),
        // Deletion
        Reason::OwnerGone { owner } => Told::done(format!("<{subject}> is deleted."), format!("Its owner <{owner}> is gone.")),
        Reason::WaitsForDependents { count } => {
            Told::done(format!("<{subject}> is being deleted, and stays."), format!("It waits for {} that it owns.", many(*count, "object", "objects")))
                .until("they are gone")
        }
        Reason::OrphansDependents => Told::done(format!("<{subject}> lets go of what it owns."), "It was deleted with `--cascade=orphan`."),
        Reason::HeldByFinalizer { finalizer } => {
            Told::done(format!("<{subject}> is being deleted, and stays."), format!("Finalizer `{finalizer}` holds it."))
                .until("whoever set it takes it off")
        }
    }
}

/// What an ordered set waits for, seen from a pod that is missing or from the set.
fn ordered(case: &Case, pod: &str, state: &str, rule: String) -> Told {
    let verdict = if case.absent { format!("<{}> is not created.", case.subject) } else { format!("<{}> waits for <{pod}>.", case.set) };
    Told::done(verdict, rule).brief(format!("<{pod}> {state}"))
}

/// A budget that lets no pod go, by how many are healthy, have to be, and should be there.
fn lets_go(verdict: String, budget: &str, more: &str, [healthy, desired, expected]: [i64; 3]) -> Told {
    let wants = format!("<{budget}> wants {}; {healthy} are healthy.{more}", many(desired, "healthy pod", "healthy pods"));
    Told::done(verdict, wants).until(if healthy < expected {
        "more pods are healthy".to_owned()
    } else {
        format!("<{budget}> wants fewer")
    })
}

/// A claim without a volume, and why.
fn no_volume(claim: &str, why: impl Into<String>) -> Told {
    Told::done(format!("<{claim}> has no volume yet."), why)
}
