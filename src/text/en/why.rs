//! Decisions, told in English.

mod shared;

use super::many;
use crate::api::obstacle::Obstacle;
use crate::text::why::{Because, Case, Told, Unwanted};
use crate::why::Reason;
use shared::{lacking, lets_go, no_volume, ordered, stranded, upkeep};

/// Tells a decision.
pub fn tell(case: &Case) -> Told {
    let subject = case.subject;
    match case.because {
        Because::Decided(reason) => decided(case, reason),
        Because::NotWanted(Unwanted::Above(replicas)) => Told::done(
            format!("<{subject}> is not among the desired replicas."),
            format!("`replicas` is {replicas}. Its claims stay, unless `whenScaled` is Delete, and are reused when the set scales out."),
        ),
        Because::NotWanted(Unwanted::Below(wanted)) => Told::done(
            format!("<{subject}> is not among the desired replicas."),
            format!(
                "`ordinals.start` is {}: the set's ordinals begin there, and scaling out only adds higher ones. Claims of lower ordinals stay, \
                 unless `whenScaled` is Delete.",
                wanted.start
            ),
        ),
        Because::Stranded { node } => stranded(case, node),
        Because::Keeps { revision, by } => {
            let rule = decided(case, by);
            let words = format!("{} {}", rule.verdict, rule.paragraph);
            Told::done(format!("<{subject}> keeps revision {revision}."), words).until(rule.ends_when)
        }
        Because::Trapped { by } => Told {
            paragraph:
                "The set has moved on from its revision, but that does not help: with `OrderedReady`, the controller waits for it to be \
                        Ready before it replaces any pod."
                    .into(),
            ..decided(case, by).until(format!("you delete <{subject}>"))
        },
        Because::NoLongerEvicted { node, budget } => Told::done(
            format!("<{subject}> stays on <{node}>: nothing asks for its eviction any longer."),
            format!(
                "<{budget}> refused it, and the command that asked has ended. <{node}> is still cordoned: its pods keep running, and it accepts no new ones."
            ),
        ),
        Because::NobodySchedules { scheduler } => Told::done(
            format!("<{subject}> has no node."),
            format!("It asks for the scheduler `{scheduler}`, and none of that name runs here: nobody looks at it."),
        )
        .until("a new pod has another `schedulerName`, or somebody binds this one"),
        Because::NotLookedAt => Told::done(format!("Nothing has been decided about <{subject}> yet."), ""),
        Because::NotSeen => Told::done(
            "The controller has not seen the latest change yet.",
            format!("<{}> or one of its pods has changed. A watch tells the controller a moment later.", case.workload()),
        )
        .brief("the controller has not seen that yet")
        .until("time goes on"),
    }
}

/// One arm for every reason there is: a new one does not compile until it can be told.
fn decided(case: &Case, reason: &Reason) -> Told {
    let (subject, set) = (case.subject, case.workload());
    match reason {
        // StatefulSet controller: creation
        Reason::CacheBehindOwnWrites => Told::done(
            "The controller waits to see its own latest writes.",
            "Its cache does not show them yet, and it does not act on a stale view.",
        )
        .until("the watch delivers them"),
        Reason::ClaimingPods => Told::done(
            format!("The controller works out which pods <{set}> owns."),
            "It adopts matching pods that have no controller, and releases its own pods that no longer match.",
        ),
        Reason::WorkloadIsBeingDeleted => Told::done(format!("<{set}> is being deleted."), "Its controller creates no more pods."),
        Reason::CreatingPod { ordinal, .. } => {
            Told::done(format!("<{}> is being created.", case.pod(*ordinal)), "It is the lowest missing ordinal.")
        }
        Reason::CreatingPods { count } => Told::done(
            format!("{} being created at once.", many(*count, "pod is", "pods are")),
            "With `Parallel`, the controller does not wait for lower ordinals.",
        ),
        Reason::ReplacingTerminalPod { ordinal } => Told::done(
            format!("<{}> is deleted, to be recreated.", case.pod(*ordinal)),
            "It has finished, and its name is not free for a new pod until it is deleted.",
        ),
        Reason::StaleClaim { ordinal, claim } | Reason::ClaimIsBeingDeleted { ordinal, claim } => Told::done(
            format!("<{}> is not created.", case.pod(*ordinal)),
            format!("Its claim <{claim}> is being deleted, and a new pod must not start on it."),
        )
        .brief(format!("<{claim}> is being deleted"))
        .until(format!("<{claim}> is gone and the controller looks again")),
        Reason::NameTaken { ordinal } => {
            Told::done(format!("<{}> is not created.", case.pod(*ordinal)), format!("A pod of that name exists, but <{set}> does not own it."))
                .brief("the name is taken")
                .until("the other pod is gone")
        }
        Reason::WaitsForPodToGo { ordinal } => {
            let pod = case.pod(*ordinal);
            let rule = format!("With `OrderedReady`, nothing else happens while <{pod}> is terminating.");
            ordered(case, &pod, "is Terminating", rule).until(format!("<{pod}> is gone"))
        }
        Reason::WaitsForPodToBeReady { ordinal } => {
            let pod = case.pod(*ordinal);
            let rule = "With `OrderedReady`, the controller creates or removes a pod only when every lower ordinal is Running and Ready.";
            ordered(case, &pod, "is not Ready", format!("{rule} <{pod}> is not.")).until(format!("<{pod}> is Ready"))
        }
        Reason::WaitsForPodToBeAvailable { ordinal } => {
            let pod = case.pod(*ordinal);
            let rule = format!("<{pod}> is Ready, but has not been for `minReadySeconds` yet.");
            ordered(case, &pod, "is not available", rule).until("it has been Ready that long")
        }
        Reason::RepairingPod { ordinal } => {
            Told::done(format!("<{}> is corrected.", case.pod(*ordinal)), "Its labels, volumes or claims do not match its identity.")
        }
        Reason::UpToDate if case.set.is_empty() => Told::done(format!("<{set}> is up to date."), "Every desired pod is there."),
        Reason::UpToDate => Told::done(format!("<{set}> is up to date."), "Every desired ordinal has its pod, at the latest revision."),
        Reason::UnknownStrategy => Told::done(format!("<{set}> is not updated."), "This release does not recognize its `updateStrategy`."),
        Reason::SyncFailed { obstacle: Some(Obstacle::PodSecurity { namespace, level, found }), .. } => Told::done(
            format!("Namespace <{namespace}> forbids the pod."),
            format!(
                "It enforces Pod Security level `{level}`, which the pod template violates: `{found}`. The controller retries, waiting longer each \
                 time."
            ),
        )
        .brief(format!("`{level}` forbids the pod"))
        .until(format!("the template meets the level, or <{namespace}> enforces less")),
        Reason::SyncFailed { error, .. } => Told::done(
            format!("The controller's last sync of <{subject}> failed."),
            format!("It ended with `{error}`. The controller retries, waiting longer each time."),
        )
        .brief("the last attempt failed")
        .until("an attempt succeeds"),
        // StatefulSet controller: removal and update
        Reason::MarkingClaims => Told::done(
            "The claims' owner references are updated.",
            "With `whenScaled: Delete`, a pod that is to be removed owns its claims, so they are deleted with it.",
        ),
        Reason::RemovingPod { ordinal } => Told::done(
            format!("<{}> is removed.", case.pod(*ordinal)),
            "It is not among the desired ordinals. The highest ordinal goes first; its claims stay, unless `whenScaled` is Delete.",
        ),
        Reason::WaitsForRemovedPod { ordinal } => {
            let pod = case.pod(*ordinal);
            Told::done(format!("The next removal waits for <{pod}>."), "Pods are removed one at a time, highest ordinal first.")
                .until(format!("<{pod}> is gone"))
        }
        Reason::RemovalWaitsForLower { ordinal, lower } => {
            let lower = case.pod(*lower);
            let rule = format!("It is due to be removed, but <{lower}> is not Running and Ready, and until it is, `OrderedReady` removes nothing.");
            Told::done(format!("<{}> stays for now.", case.pod(*ordinal)), rule).until(format!("<{lower}> is Ready"))
        }
        Reason::ReplacingForUpdate { ordinal } => Told::done(
            format!("<{}> is deleted, to be recreated at the new revision.", case.pod(*ordinal)),
            "Updates go from the highest ordinal down.",
        ),
        Reason::UpdateWaitsForUnavailable { ordinal } => {
            let pod = case.pod(*ordinal);
            Told::done(format!("The update waits for <{pod}>."), "As many pods are unavailable as the update allows.")
                .until(format!("<{pod}> is available"))
        }
        Reason::OnDeleteWaitsForYou { count } => Told::done(
            format!("{} the old revision.", many(*count, &format!("pod of <{set}> keeps"), &format!("pods of <{set}> keep"))),
            "With `OnDelete`, a pod is updated only when somebody deletes it.",
        )
        .until("you delete them"),
        Reason::BelowPartition { below } => {
            Told::done(format!("Pods below ordinal {below} keep the old revision."), "`partition` stops the update there.")
                .until("the partition is lowered")
        }
        // Deployment and ReplicaSet controllers
        Reason::ClaimingReplicaSets => Told::done(
            format!("The controller works out which ReplicaSets <{subject}> owns."),
            "It adopts matching ones that have no controller, and releases its own that no longer match.",
        ),
        Reason::CreatingReplicaSet { name, replicas } => {
            Told::done(format!("<{name}> is being created."), format!("No ReplicaSet has this template yet; the new one starts with {}.", many(*replicas, "pod", "pods")))
        }
        Reason::ReplicaSetNameTaken { name } => {
            Told::done(format!("The name <{name}> is taken."), "A ReplicaSet of that name has another template; the controller tries the next hash.")
        }
        Reason::ScalingReplicaSet { name, from, to } => {
            Told::done(format!("<{name}> goes from {from} to {}.", many(*to, "pod", "pods")), "A Deployment only sizes its ReplicaSets; they create and delete the pods.")
        }
        Reason::ForgettingReplicaSet { name } => {
            Told::done(format!("<{name}> is deleted."), "It has no pods, and it is older than those that `revisionHistoryLimit` keeps.")
        }
        Reason::RolloutPaused => {
            Told::done(format!("The rollout of <{subject}> is paused."), "The controller keeps up the number of pods, but rolls nothing out.").until("it is resumed")
        }
        Reason::RolloutWaitsForPods { replica_set, count } => {
            Told::done("The rollout waits.", format!("{} to be available in <{replica_set}>.", many(*count, "more pod has", "more pods have")))
                .until("they are available")
        }
        Reason::RolloutWaitsForOldPods { count } => {
            Told::done("The rollout waits.", format!("{} still there.", many(*count, "pod of an old ReplicaSet is", "pods of old ReplicaSets are"))).until("they are gone")
        }
        Reason::SizeIsNotNoted(replica_sets) => Told::done(
            format!("The rollout of <{subject}> does not go on."),
            format!(
                "It was resized in the middle of it. Nothing had to be scaled, so the new size was not noted on {}: at every look the \
                 controller sees a resize still to be done, and puts the rollout off. A real cluster does the same.",
                replica_sets.join(", "),
            ),
        )
        .until("the annotation `deployment.kubernetes.io/desired-replicas` there has the new size"),
        Reason::RolloutTimedOut { seconds } => {
            Told::done(format!("The rollout of <{subject}> is stuck."), format!("It has made no progress for {seconds} s."))
                .until("one of its pods becomes available")
        }
        Reason::CreatingReplicas { count } => Told::done(
            format!("{} being created for <{subject}>.", many(*count, "pod is", "pods are")),
            "They come in batches that double in size, in no order: they have no identity.",
        ),
        Reason::RemovingReplicas { count } => {
            Told::done(format!("{} removed from <{subject}>.", many(*count, "pod is", "pods are")), "Those whose loss costs least go first.")
        }
        Reason::ReplicasNotAvailable { .. } => {
            Told::done(format!("<{subject}> waits for its pods."), "Not all of them are available.").until("they are available")
        }
        Reason::JobRuns { succeeded, wanted: Some(wanted) } => {
            Told::done(format!("<{subject}> waits for its pods to finish."), format!("{succeeded} of {wanted} have succeeded."))
                .until("enough have succeeded")
        }
        Reason::JobRuns { wanted: None, .. } => {
            Told::done(format!("<{subject}> waits for its pods to finish."), "One success is enough.").until("they have finished")
        }
        Reason::BacksOff { failed } => Told::done(
            format!("<{subject}> waits before it creates another pod."),
            format!("{} failed. Each failure doubles the back-off.", many(*failed, "of its pods has", "of its pods have")),
        )
        .until("the back-off is over"),
        Reason::JobIsSuspended => {
            Told::done(format!("<{subject}> is suspended."), "It has no pods until it is resumed.").until("`spec.suspend` is false")
        }
        Reason::JobWaitsForPods { count } => {
            Told::done(format!("<{subject}> is about to finish."), format!("{} still terminating.", many(*count, "pod is", "pods are")))
                .until("they are gone")
        }
        Reason::JobIsLeftTo { manager } => Told::done(
            format!("<{subject}> is left alone."),
            format!("Its `managedBy` leaves it to {manager}, a controller that is not in this cluster."),
        ),
        Reason::JobIsComplete => Told::done(format!("<{subject}> is complete."), "Enough of its pods have succeeded."),
        Reason::JobHasFailed { field } => {
            Told::done(format!("<{subject}> has failed."), format!("That follows from its `{field}`."))
        }
        Reason::ScheduleIgnored => Told::done(format!("<{subject}> creates no Jobs."), "Its `schedule` is not simulated."),
        Reason::CreatingOnNodes { count } => {
            Told::done(format!("{} being created for <{subject}>.", many(*count, "pod is", "pods are")), "One for every eligible node that has none.")
        }
        Reason::UpdateWaitsForNodes { count } => {
            Told::done("The update waits.", format!("{} not available.", many(*count, "pod is", "pods are"))).until("they are available")
        }
        Reason::NoScaleTarget { missing } => {
            Told::done(format!("<{subject}> scales nothing."), format!("Its target cannot be read: {missing}.")).until("its target exists")
        }
        Reason::NoMetrics => Told::done(
            format!("<{subject}> only keeps its target within its bounds."),
            "Metrics are not simulated, so it has nothing else to go by.",
        ),
        Reason::Rescales { from, to } => {
            let bound = if from < to { "minimum" } else { "maximum" };
            Told::done(format!("<{subject}> scales its target from {from} to {to}."), format!("Its {bound} is {to}."))
        }
        Reason::ScalingIsOff => {
            Told::done(format!("<{subject}> scales nothing."), "Its target has 0 replicas, which turns autoscaling off.").until("its target has replicas again")
        }
        // Nodes
        Reason::NodeIsHeard => Told::done(format!("<{subject}> reports in."), "Its kubelet renews its Lease."),
        Reason::NodeFellSilent { last_heard } => Told::done(
            format!("<{subject}> is silent."),
            format!("Its kubelet was last heard from at {last_heard}. Nobody knows whether the machine is still running."),
        )
        .until("its kubelet is heard from again"),
        Reason::EvictionIsPaced => {
            Told::done(format!("Pods are not evicted from <{subject}> yet."), "Nodes are tainted for eviction one after another.").until("its turn comes")
        }
        Reason::ZoneIsSilent => {
            Told::done(format!("No pods are evicted from <{subject}>."), "Most nodes are silent, so the fault is assumed to lie elsewhere.")
                .until("more nodes are heard from")
        }
        Reason::NobodyIsHeard => Told::done(format!("No pods are evicted from <{subject}>."), "No node at all is heard from, so nothing is evicted.")
            .until("a node is heard from"),
        Reason::NodeIsEmptied { taint } => {
            Told::done(format!("Pods are evicted from <{subject}>."), format!("Taint `{taint}` evicts each pod when its toleration runs out."))
        }
        Reason::ToleratesTaintFor { taint, seconds } => {
            Told::done(format!("<{subject}> stays for now."), format!("It tolerates `{taint}` for {seconds} s; then it is deleted."))
                .until("the node comes back, or the time is up")
        }
        Reason::ToleratesTaint { taint } => Told::done(format!("<{subject}> stays."), format!("It tolerates `{taint}` indefinitely.")),
        Reason::EvictedByTaint { taint } => {
            Told::done(format!("<{subject}> is evicted."), format!("It does not tolerate `{taint}`, or no longer does."))
        }
        Reason::EvictionCalledOff => Told::done(format!("<{subject}> stays after all."), "The taint is gone."),
        Reason::WaitsForNodeToReturn { node } => {
            Told::done(format!("<{subject}> stays for now."), format!("Its Node object <{node}> is missing, perhaps only for a moment."))
                .until(format!("<{node}> is registered again, or the wait is over"))
        }
        Reason::NodeObjectGone { node } => {
            Told::done(format!("<{subject}> is deleted."), format!("Its Node object <{node}> is gone, so no kubelet will report on the pod."))
        }
        Reason::NodeIsOutOfService { node } => Told::done(
            format!("<{subject}> is deleted without confirmation from its kubelet."),
            format!("Somebody marked <{node}> as out of service. If it is still running, two pods may run at once."),
        ),
        Reason::NeverHadNode => Told::done(format!("<{subject}> is deleted."), "It was never on a node, so no kubelet has to confirm."),
        // Disruption budgets
        Reason::DisruptionsAllowed { count } => Told::done(format!("{} may be evicted.", many(*count, "pod", "pods")), format!("<{subject}> allows it.")),
        Reason::NoDisruptionAllowed(counts) => {
            lets_go("No pod may be evicted.".into(), subject, "", *counts)
        }
        Reason::EvictionRefused { budget, counts } => {
            let verdict = format!("<{subject}> is not evicted: <{budget}> allows no disruption.");
            lets_go(verdict, budget, " `kubectl drain` retries every 5 s.", *counts)
        }
        Reason::NoPodsSelected => Told::done(format!("<{subject}> selects no pods."), ""),
        Reason::BudgetUnclear { error } => {
            Told::done(format!("<{subject}> cannot be evaluated."), format!("The controller says `{error}`."))
        }
        Reason::Slices(slices) => shared::slices(subject, slices),
        Reason::Endpoints(upkeep) => shared::endpoints(subject, *upkeep),
        Reason::Mirroring(mirroring) => shared::mirroring(subject, *mirroring),
        // Namespaces
        Reason::Emptying(emptying) => shared::emptying(subject, *emptying),
        // Scheduling
        Reason::Unschedulable { message, .. } => {
            Told::done(format!("<{subject}> has no node."), format!("The scheduler found none: `{message}`")).until("a node fits")
        }
        Reason::SchedulingGated(gates) => shared::scheduling_gates(case, gates),
        Reason::WaitsForVolumes { node } => Told::done(
            format!("<{subject}> waits for its volume."),
            format!("The scheduler chose <{node}>, and binds the pod once its volume is ready."),
        )
        .until("the volume is bound"),
        Reason::WaitsForPreempted { node, count } => Told::done(
            format!("<{subject}> takes the place of {} on <{node}>.", many(*count, "pod", "pods")),
            "No node had room for it, and its priority is higher. Preempted pods are told to stop, and get their grace period.",
        )
        .until("they are gone"),
        Reason::Preempted { by, node } => Told::done(
            format!("<{subject}> is preempted by <{by}>."),
            format!("<{by}> has a higher priority and found no room elsewhere; the scheduler deletes <{subject}> to make room on <{node}>."),
        )
        .until("its containers have stopped"),
        Reason::Assigned { node } => {
            Told::done(format!("<{subject}> is assigned to <{node}>."), format!("The kubelet on <{node}> takes it from here."))
        }
        // Storage
        Reason::WaitsForFirstConsumer => {
            no_volume(subject, "Its StorageClass provides a volume only once a pod that uses the claim is scheduled.")
                .until("such a pod is scheduled")
        }
        Reason::NoStorageClass => {
            no_volume(subject, "It names no StorageClass, and there is no default one.").until("there is a default class")
        }
        Reason::StorageClassNotFound { class } => {
            no_volume(subject, format!("There is no StorageClass <{class}>.")).until(format!("<{class}> exists, or the claim is recreated with another"))
        }
        Reason::WaitsForProvisioner { provisioner } => {
            no_volume(subject, format!("`{provisioner}` is provisioning one.")).until("the volume is provisioned")
        }
        Reason::VolumeGoes { volume } => no_volume(
            subject,
            format!("<{volume}> is being deleted. It was `Bound` before the claim was, so it is kept as if in use, and no other is made."),
        )
        .until("the claim is deleted and made again"),
        Reason::NoVolumeFits => {
            no_volume(subject, "No available volume fits, and its class does not provision any.").until("a volume that fits appears")
        }
        Reason::WaitsForVolume { volume } => {
            no_volume(subject, format!("It asks for <{volume}>, which does not exist.")).until(format!("<{volume}> exists"))
        }
        Reason::ReclaimsVolume => Told::done(format!("<{subject}> is deleted."), "Its claim is gone, and its reclaim policy is Delete."),
        Reason::VolumeLost { volume } => {
            Told::done(format!("<{subject}> has lost its volume."), format!("<{volume}> no longer exists. What is on the disk stays there, also for a pod that has it mounted; a new pod does not start."))
                .until(format!("<{volume}> is made again"))
        }
        Reason::NoProvisionerRuns { provisioner } => {
            no_volume(subject, format!("Its StorageClass leaves volumes to `{provisioner}`, which does not run in this cluster. A real cluster needs it installed."))
                .until("the provisioner runs, or a volume is made for it by hand")
        }
        Reason::ProvisionerRefuses { error } => {
            no_volume(subject, format!("The provisioner says `{error}`.")).until("the claim asks for what its class can provide, or a volume is made for it by hand")
        }
        Reason::VolumeDoesNotSuit { volume, why } => {
            no_volume(subject, format!("It asks for <{volume}>, but the controller says `{why}`.")).until(format!("<{volume}> satisfies it"))
        }
        Reason::VolumeStays { error } => {
            Told::done(format!("<{subject}> is not deleted with its claim."), format!("Nothing can delete it: the controller says `{error}`."))
        }
        Reason::ClaimBound { volume } => {
            Told::done(format!("<{subject}> is bound to <{volume}>."), "A claim keeps its volume for as long as it exists.")
        }
        Reason::ClaimInUse { pod } => {
            Told::done(format!("<{subject}> is being deleted, but stays for now."), format!("<{pod}> still uses it.")).until(format!("<{pod}> is gone"))
        }
        Reason::VolumeInUse { claim } => {
            Told::done(format!("<{subject}> is being deleted, but stays for now."), format!("<{}> is still bound to it.", claim.name))
                .until(format!("<{}> is gone", claim.name))
        }
        Reason::VolumeTaken { volume, by } => {
            no_volume(subject, format!("It names <{volume}>, which is bound to <{}/{}>.", by.namespace, by.name)).until(format!("<{volume}> is free"))
        }
        Reason::AttachesVolume { volume, node } => Told::done(
            format!("<{subject}> waits for its volume."),
            format!("<{volume}> is being attached to <{node}>, which takes its driver a few seconds."),
        )
        .brief(format!("<{volume}> is being attached"))
        .until(format!("<{volume}> is attached")),
        Reason::VolumeAttached { volume } => {
            Told::done(format!("<{volume}> is attached."), format!("The node of <{subject}> can now mount it."))
        }
        Reason::WaitsForDetach { volume, node } => Told::done(
            format!("<{subject}> is not started: its volume is attached to <{node}>."),
            format!("<{volume}> can be attached to only one node at a time, and <{node}> has to release it first."),
        )
        .brief(format!("<{volume}> is on <{node}>"))
        .until(format!("<{volume}> is detached from <{node}>")),
        Reason::WaitsForUnmount { node } => Told::done(
            format!("<{subject}> stays attached to <{node}>."),
            "The node's kubelet has not confirmed the unmount. From a silent node it is detached by force after six minutes, or at once when \
             somebody marks the node as out of service.",
        )
        .until(format!("<{node}> confirms the unmount, or has been silent for six minutes")),
        Reason::DetachesVolume { node, forced: false } => {
            Told::done(format!("<{subject}> is being detached from <{node}>."), "No pod needs it there.")
        }
        Reason::DetachesVolume { node, forced: true } => Told::done(
            format!("<{subject}> is detached from <{node}> by force."),
            "Nobody knows whether it is still mounted there; if the machine is running, two nodes may write to it.",
        ),
        // Kubelet
        Reason::StartingContainers => {
            Told::done(format!("<{subject}> is starting."), "The kubelet sets up its network, volumes and containers.")
                .until("its containers run")
        }
        Reason::InitContainerRuns { container } => Told::done(
            format!("<{subject}> is not initialized yet."),
            format!(
                "Init container `{container}` is running. Each has to succeed, or to have started if it is a sidecar, before the next one runs."
            ),
        )
        .brief(format!("<{subject}> waits for {container}"))
        .until(format!("`{container}` is done")),
        Reason::MissingReference { error, missing, backs_off } => {
            let (lacks, there) = lacking(missing);
            let again = if *backs_off { ", waiting longer each time" } else { " every 10 to 15 s" };
            Told::done(format!("<{subject}> does not start: {lacks}."), format!("The kubelet says `{error}` and looks again{again}."))
                .until(format!("{there}, or a new pod does without"))
        }
        Reason::MayNotGrow { class, size } => Told::done(
            format!("<{subject}> is not expanded to {size}."),
            format!("Its class <{class}> does not have `allowVolumeExpansion: true`, so the API server refuses to let it ask for more."),
        )
        .until(format!("<{class}> allows it, and somebody asks again")),
        Reason::InvalidImageName { image, error } => Told::done(
            format!("<{subject}> does not start: `{image}` is not a valid image name."),
            format!("The kubelet says `{error}` and tries again every 10 to 15 s, always in vain: no image can have this name."),
        )
        .until("the pod or a new one names another image"),
        Reason::WaitsForClaim(claim, error) => Told::done(
            format!("<{subject}> does not start: its volume is not there."),
            format!("Of its claim <{claim}>, the kubelet says `{error}`. It looks again every 10 to 15 s."),
        )
        .until(format!("<{claim}> is bound")),
        Reason::ImagePullFails { image } => Told::done(
            format!("<{subject}> does not start: its image cannot be pulled."),
            format!("`{image}` is not available. The kubelet retries, waiting longer each time."),
        )
        .until("the image can be pulled, or a new pod names another"),
        Reason::CrashLoop { container, exit_code } => Told::done(
            format!("<{subject}> does not stay up."),
            format!("Container `{container}` exits with code {exit_code} soon after each start. The kubelet waits longer before each restart."),
        )
        .until("the container stays up"),
        Reason::CannotStart { container, error } => Told::done(
            format!("<{subject}> has a container that cannot be started."),
            format!("Container `{container}` is to run a program that is not there: `{error}`. The kubelet tries again, waiting longer each time."),
        )
        .brief(format!("{container} cannot be started"))
        .until("the template names a program that is there"),
        Reason::PastDeadline { seconds } => Told::done(
            format!("<{subject}> ran past its deadline."),
            format!("It was on its node for longer than `activeDeadlineSeconds`, {seconds} s, so its kubelet stops it for good."),
        ),
        Reason::OutOfMemory { container, limit } => Told::done(
            format!("<{subject}> does not stay up."),
            format!(
                "Container `{container}` exceeds its memory limit of `{limit}` after each start and is killed. The kubelet waits longer before \
                 each restart."
            ),
        )
        .until("the container needs less, or the template allows more"),
        Reason::HookRuns { container } => Told::done(
            format!("<{subject}> does not count as running yet."),
            format!("The `postStart` hook of `{container}` has to finish first; the containers after it do not start until then."),
        )
        .brief(format!("the hook of {container} runs"))
        .until("the hook has finished"),
        Reason::HookFailed { container } => Told::done(
            format!("<{subject}> has a container that is being restarted."),
            format!("The `postStart` hook of `{container}` failed. The kubelet stops the container and restarts it, waiting longer each time."),
        )
        .brief(format!("the hook of {container} failed"))
        .until("the hook succeeds, or the template names another"),
        Reason::FailedProbe { container, probe } => Told::done(
            format!("<{subject}> has a container that is being restarted."),
            format!(
                "`{container}` failed its {} probe too many times. The kubelet stops it within its grace period and restarts it, after a \
                 back-off if this keeps happening.",
                probe.word()
            ),
        )
        .brief(format!("{container} failed its {} probe", probe.word()))
        .until("the container passes its probe"),
        Reason::ReadinessGatesClosed(gates) => shared::readiness_gates(subject, gates),
        Reason::NotReadyYet => {
            Told::done(format!("<{subject}> is running, but not Ready."), "Its readiness probe does not pass.").until("the probe passes")
        }
        Reason::ProbeFails { container, probe, said } => {
            let (probe, said) = (probe.word(), if said.is_empty() { String::new() } else { format!(" `{said}`") });
            Told::done(format!("<{subject}> is running, but not Ready."), format!("The {probe} probe of `{container}` fails.{said}"))
                .brief(format!("the {probe} probe of {container} fails"))
                .until("the probe passes")
        }
        Reason::SupposedReady { image } => Told::done(
            format!("<{subject}> is Ready."),
            format!(
                "Its containers are running. How `{image}` handles requests is not simulated: it is assumed to listen on the ports it declares \
                 and those its probes use, and to answer successfully."
            ),
        ),
        Reason::PodIsReady => {
            Told::done(format!("<{subject}> is Ready."), "Its containers are running, its readiness is confirmed, and the Services that select it publish it.")
        }
        Reason::ProcessesEnded => {
            Told::done(format!("<{subject}> has finished."), "Its processes have ended, and none is restarted.")
        }
        Reason::StoppingContainers => Told::done(
            format!("<{subject}> is terminating."),
            "Its processes were told to stop. The kubelet waits for them, at most for the grace period.",
        )
        .until("they have ended, or the grace period is over"),
        Reason::NodeIsSilent { node } => Told::done(
            format!("Nobody knows whether <{subject}> is still running."),
            format!("<{node}> is silent, so no kubelet can confirm that the pod has stopped."),
        )
        .until(format!("<{node}> comes back, or somebody declares it gone for good")),
        // Deletion
        Reason::OwnerGone(owner) => Told::done(format!("<{subject}> is deleted."), format!("Its owner <{owner}> is gone.")),
        Reason::OwnerOfUnknownKind(kind) => Told::done(
            format!("<{subject}> stays."),
            format!("Nobody can tell whether its owner is there: this cluster knows no `{kind}`."),
        ),
        Reason::WaitsForDependents { count } => {
            Told::done(format!("<{subject}> is being deleted, but stays for now."), format!("It waits for {} that it owns.", many(*count, "object", "objects")))
                .until("they are gone")
        }
        Reason::OrphansDependents => Told::done(format!("<{subject}> orphans what it owns."), "It was deleted with `--cascade=orphan`."),
        Reason::HeldByFinalizer { finalizer } => {
            Told::done(format!("<{subject}> is being deleted, but stays for now."), format!("Finalizer `{finalizer}` holds it."))
                .until("whoever set it removes it")
        }
        Reason::Upkeep(done) => upkeep(subject, done),
    }
}
