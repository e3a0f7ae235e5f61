//! What `decided` leaves to others: words that several reasons share, and what is done in passing, in English.

use crate::api::object::Name;
use crate::api::object::pod::Truth;
use crate::api::obstacle::Obstacle;
use crate::text::en::many;
use crate::text::why::{Case, Standing, Told, changed_endpoints};
use crate::why::{Emptying, EndpointsUpkeep, Healthy, Mirroring, Slices, Upkeep};

/// A pod that is to go, on a node that says nothing.
pub(super) fn stranded(case: &Case, node: &str) -> Told {
    let subject = case.subject;
    let (verdict, rule) = if case.set.is_empty() {
        (format!("<{subject}> stays Terminating."), "; a ReplicaSet creates another without waiting")
    } else {
        (
            format!("<{subject}> stays Terminating, and no new <{subject}> is created."),
            " and keeps the name, under `Parallel` too: a StatefulSet runs at most one pod per identity",
        )
    };
    Told::done(
        verdict,
        format!(
            "<{node}> is silent, so its kubelet cannot confirm that the containers have stopped. Until it does, the pod object stays{rule}."
        ),
    )
    .brief(format!("old <{subject}> may still run"))
    .until(format!("<{node}> comes back, or somebody declares it gone for good"))
}

/// What an ordered set waits for, seen from a pod that is missing or from the set.
pub(super) fn ordered(case: &Case, pod: &str, state: &str, rule: String) -> Told {
    let verdict = match case.standing {
        Standing::Exists => format!("<{}> waits for <{pod}>.", case.set),
        Standing::NotCreated => format!("<{}> is not created.", case.subject),
        Standing::NotRecreated => format!("<{}> is not recreated.", case.subject),
    };
    Told::done(verdict, rule).brief(format!("<{pod}> {state}"))
}

/// A budget that lets no pod go, by how many are healthy, have to be, and should be there.
pub(super) fn lets_go(verdict: String, budget: &str, more: &str, Healthy { healthy, desired, expected }: Healthy) -> Told {
    let wants =
        format!("<{budget}> requires {}; {} healthy.{more}", many(desired, "healthy pod", "healthy pods"), many(healthy, "is", "are"));
    Told::done(verdict, wants).until(if healthy < expected {
        "more pods are healthy".to_owned()
    } else {
        format!("<{budget}> requires fewer")
    })
}

/// What a pod refers to and lacks, as a clause, and the same when it is there.
pub(super) fn lacking(missing: &Obstacle) -> (String, String) {
    match missing {
        Obstacle::MissingKey(kind, name, key) => {
            (format!("{kind} <{name}> has no key `{key}`"), format!("{kind} <{name}> has a key `{key}`"))
        }
        Obstacle::MissingImage => {
            ("its image is not on its node, and must not be pulled".to_owned(), "the image is on the node".to_owned())
        }
        Obstacle::PodSecurity { namespace, level, .. } => {
            (format!("<{namespace}> enforces `{level}`"), format!("<{namespace}> enforces less"))
        }
        Obstacle::MayNotGrow(class, _) => (format!("<{class}> lets no claim grow"), format!("<{class}> lets claims grow")),
        Obstacle::Missing(kind, name)
        | Obstacle::Leaving(kind, name)
        | Obstacle::Limit(kind, name)
        | Obstacle::Taken(kind, name)
        | Obstacle::Invalid(kind, name) => (format!("{kind} <{name}> does not exist"), format!("{kind} <{name}> exists")),
    }
}

/// A claim without a volume, and why.
pub(super) fn no_volume(claim: &str, why: impl Into<String>) -> Told {
    Told::done(format!("<{claim}> has no volume yet."), why)
}

/// What is put in order without anything having waited for it.
pub(super) fn upkeep(subject: &str, done: &Upkeep) -> Told {
    match done {
        Upkeep::ForgetsOwner { owner } => {
            Told::done(format!("<{subject}> no longer refers to <{owner}>."), "That owner is gone; it has others.")
        }
        Upkeep::FinalizerDone { finalizer } => {
            Told::done(format!("<{subject}> is let go."), format!("Nothing needs finalizer `{finalizer}` any longer."))
        }
        Upkeep::FinalizerBack { finalizer } => {
            Told::done(format!("<{subject}> gets back finalizer `{finalizer}`."), "It prevents removal while in use.")
        }
        Upkeep::TakesDefaultClass { class } => {
            Told::done(format!("<{subject}> gets class `{class}`."), "It had none, and this is now the default.")
        }
        Upkeep::VolumeReleased { claim } => {
            Told::done(format!("<{subject}> is no longer bound."), format!("<{claim}> is gone or has another volume."))
        }
        Upkeep::TimeIsOver => {
            Told::done(format!("<{subject}> is deleted."), "It ended, and `ttlSecondsAfterFinished` has passed since then.")
        }
        Upkeep::MakesClaims => {
            Told::done(format!("<{subject}> gets claims of its own."), "Its ephemeral volumes describe them; they go with the pod.")
        }
        Upkeep::KeepsRevisions => Told::done(format!("<{subject}>'s revisions are updated."), "They record its templates."),
        Upkeep::TaintsFollowNode => Told::done(format!("<{subject}>'s taints are updated."), "They reflect the state of the node."),
        Upkeep::EveryNamespaceHasOne => Told::done(format!("<{subject}> is created or restored."), "Every namespace has one."),
        Upkeep::TokenIsMade { account } => {
            Told::done(format!("<{subject}> gets a token."), format!("Its type asks for one of ServiceAccount `{account}`."))
        }
        Upkeep::AccountIsGone { account } => {
            Told::done(format!("<{subject}> is deleted."), format!("There is no ServiceAccount `{account}` whose token it could hold."))
        }
        Upkeep::StatusFollows => Told::done(format!("<{subject}>'s status is updated."), "It reflects the objects that it depends on."),
    }
}

/// What becomes of a Service's EndpointSlices.
pub(super) fn slices(subject: &str, slices: &Slices) -> Told {
    match slices {
        Slices::FollowPods(changes) => {
            let changed = changed_endpoints(changes, ["added", "changed", "removed"]);
            Told::done(format!("<{subject}>'s EndpointSlices are updated."), format!("They list the pods that it selects: {changed}."))
        }
        Slices::FollowService => Told::done(
            format!("<{subject}>'s EndpointSlices are updated."),
            "They get its labels; ones that are empty or belong to an earlier Service go.",
        ),
        Slices::AreCurrent => Told::done(format!("<{subject}>'s EndpointSlices are up to date."), "They list the pods that it selects."),
        Slices::AreLeftToOthers => {
            Told::done(format!("<{subject}> has no selector."), "No controller makes EndpointSlices for it: somebody else has to.")
        }
        Slices::AreNotNeeded => {
            Told::done(format!("<{subject}> stands for an external name."), "DNS answers with a CNAME; there are no EndpointSlices.")
        }
    }
}

/// A namespace that is being deleted.
pub(super) fn emptying(subject: &str, emptying: Emptying) -> Told {
    match emptying {
        Emptying::Pods(count) => {
            Told::done(format!("<{subject}> is being deleted, its pods first."), format!("{} left.", many(count, "is", "are")))
                .until("they are gone")
        }
        Emptying::Content(count) => Told::done(
            format!("<{subject}> is being deleted along with its contents."),
            format!("{} left.", many(count, "object is", "objects are")),
        )
        .until("they are gone"),
        Emptying::Done => Told::done(format!("<{subject}> is removed."), "It is empty."),
    }
}

/// A pod that the scheduler leaves alone for its scheduling gates.
pub(super) fn scheduling_gates(case: &Case, gates: &[Name]) -> Told {
    let Case { subject, set, .. } = case;
    let names: Vec<String> = gates.iter().map(|gate| format!("`{gate}`")).collect();
    let new = if set.is_empty() { String::new() } else { format!(" New pods of <{set}> have what its template says.") };
    Told::done(
        format!("<{subject}> is not scheduled yet."),
        format!(
            "It has scheduling gates: {}. The scheduler does not look at it until whoever set them removes them; here, nobody does \
             but you.{new}",
            names.join(", "),
        ),
    )
    .until("its scheduling gates are removed")
}

/// A pod whose containers are ready, and some of whose readiness gates are not True.
pub(super) fn readiness_gates(subject: &str, gates: &[(Name, Option<Truth>)]) -> Told {
    let names: Vec<String> = gates.iter().map(|(gate, _)| format!("`{gate}`")).collect();
    let is = |(gate, is): &(Name, Option<Truth>)| format!("`{gate}` is {}", is.map_or("missing", Truth::word));
    let states: Vec<String> = gates.iter().map(is).collect();
    Told::done(
        format!("<{subject}> is running, but not Ready."),
        format!(
            "Its containers are ready, but it has readiness gates, and of the conditions they name, {}. Kubernetes leaves it to \
             whoever added a gate to set its condition; here, nobody does but you.",
            states.join(" and "),
        ),
    )
    .until(format!("somebody sets {} to True", names.join(" and ")))
}

/// What becomes of Endpoints.
pub(super) fn endpoints(subject: &str, upkeep: EndpointsUpkeep) -> Told {
    match upkeep {
        EndpointsUpkeep::FollowPods => Told::done(format!("<{subject}> is updated."), "It lists the pods that its Service selects."),
        EndpointsUpkeep::AreCurrent => Told::done(format!("<{subject}> is up to date."), "It lists the pods that its Service selects."),
        EndpointsUpkeep::AreLeftAlone => {
            Told::done(format!("<{subject}> is left as it is."), "Its Service has no selector or stands for an external name.")
        }
        EndpointsUpkeep::GoWithService => Told::done(format!("<{subject}> is deleted."), "There is no Service of its name any more."),
    }
}

/// What becomes of the slices that mirror Endpoints.
pub(super) fn mirroring(subject: &str, mirroring: Mirroring) -> Told {
    match mirroring {
        Mirroring::FollowsEndpoints => Told::done(
            format!("<{subject}> is mirrored into EndpointSlices."),
            "Its Service has no selector, so nothing else makes EndpointSlices for it.",
        ),
        Mirroring::IsCurrent => {
            Told::done(format!("<{subject}>'s EndpointSlices are up to date."), "They mirror what somebody wrote into it.")
        }
        Mirroring::IsOver => Told::done(
            format!("The EndpointSlices that mirror <{subject}> are deleted."),
            "Endpoints are mirrored while they and a Service without a selector are there, and nothing forbids it.",
        ),
    }
}
