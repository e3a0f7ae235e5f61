//! Answers to questions that no single decision answers, and what ends a wait, in English.

use super::many;
use crate::why::{QuestionTexts, Who};

/// The words.
pub const ASK: QuestionTexts = QuestionTexts {
    usage: "why [KIND/]NAME\nwhy deleted [KIND/]NAME\nwhy bound [KIND/]NAME\nwhy dns NAME",
    who: |who| match who {
        Who::You("") => "you".to_owned(),
        Who::You(line) => format!("you, with `{line}`"),
        Who::Component(name) => format!("the `{name}`"),
        Who::Kubelet(node) => format!("the kubelet on <{node}>"),
        Who::Setup => "the playground".to_owned(),
    },
    who_deleted: |name| format!("Who deleted {name}?"),
    log_of: |container| format!("Log of {container}"),
    why_there: |name, place| format!("Why is {name} on {place}?"),
    does_not_exist: |name| format!("<{name}> does not exist."),
    nobody_wants: "Nothing asks for an object of this name.",
    made_by: |who| format!("created by {who}"),
    written_by: |who| format!("last written by {who}"),
    is_there: |name| format!("<{name}> exists."),
    not_deleted: |name| format!("Nobody has deleted <{name}>."),
    never_there: |name| format!("There is no <{name}> in the log."),
    deleted: |name, who| format!("<{name}> was deleted: {}.", did(who, "asked for it")),
    leaving: |name, who| format!("<{name}> is being deleted: {}.", did(who, "asked for it")),
    gone: |name, at| format!("<{name}> was deleted (at {at})."),
    none_left: "No workload is left.",
    asked: |who| did(who, "set `metadata.deletionTimestamp`"),
    removed: |who| did(who, "removed the object"),
    removal_waits: "whoever runs it, or holds it with a finalizer, releases it",
    answers: |name, records| format!("<{name}> resolves to {records}."),
    no_answer: |name, rcode| format!("<{name}> does not resolve: {rcode}."),
    name_rule: "A headless Service resolves to its published endpoints, and each pod whose `subdomain` is the Service's name has a name under it.",
    name_ends: "an EndpointSlice of the Service publishes it",
    service_ends: |name| format!("a headless Service <{name}> selects the pods"),
    selects: |service, labels| format!("<{service}> selects `{labels}`"),
    publishes_all: |service| format!("<{service}> also publishes pods that are not Ready"),
    endpoint: |pod, published| format!("endpoint <{pod}> is {}", if published { "published" } else { "not published" }),
    node_rule: "Filters rule out the nodes that cannot take the pod; of the others, the highest score wins, and a tie is broken at random.",
    node_scored: |node, words| format!("<{node}>: {words}"),
    node_refused: |node, words| format!("<{node}> ruled out: {words}"),
    only_one: |node| format!("<{node}> was the only node left, so nothing was scored"),
    volume_made: |volume, by| format!("`{by}` provisioned <{volume}> for this claim."),
    volume_chosen: "The controller chose the smallest available volume that fits.",
    volume_reserved: "The claim names the volume, or the volume names the claim.",
    amounts: |asked, has| format!("asks for {asked}, has {has}"),
    node_selected: |node| format!("provisioned on <{node}>, where the scheduler wants the pod"),
    make: |name| format!("Create {name}"),
    default_class: |class| format!("Make {class} the default class"),
    untaint: |node| format!("Remove the taint from {node}"),
    label: |node| format!("Label {node}"),
    label_all: |what| format!("Label every node with a {what}"),
    add_node: "Add a node",
    fewer: |n| format!("Scale in to {}", many(n, "pod", "pods")),
    undo_and_delete: |pod| format!("Undo the rollout and delete {pod}"),
    use_image: |image| format!("Use {image}"),
    other_image: |image, pod| format!("Use {image} and delete {pod}"),
    may_pull: |image, pod| format!("Allow pulling {image} and delete {pod}"),
    set_true: |gates| format!("Set {gates} to True"),
    ungate: |pod| format!("Remove the scheduling gates of {pod}"),
    other_command: |container, pod| format!("Change the command of {container} and delete {pod}"),
    less: |pod| format!("Request less and delete {pod}"),
    without_probe: |probe, pod| format!("Remove the {} probe and delete {pod}", probe.word()),
    with_variable: |variable, pod| format!("Set {variable} and delete {pod}"),
    moved_on: [
        "What it waited for is done, and the controller has not looked again yet.",
        "the controller is next",
        "the controller looks again",
    ],
    delete_both: |claim, pod| format!("Delete {claim} and {pod}"),
    lose_both: |claim, pod| format!("Delete {claim} and {pod}: the data is lost"),
    taken_off: |fields| format!("Taken off, because only a server writes it: {fields}."),
    refused_set: |set, exists| if exists { format!("The change to <{set}> was refused.") } else { format!("<{set}> was refused.") },
    stored: |stored, objects| format!("{stored} of {} stored.", many(objects, "object was", "objects were")),
    create_missing: |n| format!("Create all {n} that are missing, and apply"),
    run_provisioner: |name| format!("Run {name} in this cluster"),
    look_again: "Have the controller look again",
    kept: |volume| format!("<{volume}> is Released, and no claim gets it."),
    kept_why: |claim| {
        format!(
            "Its claim <{claim}> is gone. By its reclaim policy, Retain, it stays, with what is on it; and its `claimRef` still names that very \
             claim by uid, so that no other gets it, not even a new <{claim}>."
        )
    },
    kept_claim: |claim| format!("its claim <{claim}> is gone"),
    kept_ends: "somebody removes its `claimRef`, or deletes it",
    free: |volume| format!("Free {volume} for another claim"),
    waits_in_vain: |pod| {
        format!(
            "With `OrderedReady`, the controller waits for <{pod}> itself before it touches any pod, and at its revision <{pod}> cannot become Ready."
        )
    },
    waits_for_last: |pod| {
        format!(
            "With `OrderedReady`, the controller goes no further, not even to an update, before every pod is Running and Ready. <{pod}> is not."
        )
    },
    let_go: |name| format!("Remove the finalizers of {name}"),
    allow: |namespace| format!("Enforce no Pod Security in {namespace}"),
    override_ready: |pod| format!("Override: count {pod} as Ready"),
    override_note: "by hand, in this simulation: the probe would still fail",
    names_of_ready: |service| {
        format!(
            "The probe asks for names under the Service <{service}>. DNS has only those of pods that are Ready, unless \
             `publishNotReadyAddresses` is true."
        )
    },
    others_wait: "With `OrderedReady`, the other pods are not even created before this one is Ready: each waits for the other.",
    publish_all: "Publish names before pods are Ready",
    publish_in_parallel: "Publish names at once, and recreate the set as Parallel around its pods",
    raise: |quota, to| format!("Raise {quota} to {to}"),
    let_grow: |class| format!("Let {class} expand volumes, and ask again"),
    let_one_go: |name| format!("Let {name} allow one disruption"),
    note_size: "Note the new size",
    resume: "Resume the rollout",
    lower: "Lower the partition to 0",
};

/// What somebody did. The line of a command stands between commas.
fn did(who: &str, what: &str) -> String {
    format!("{who}{} {what}", if who.contains(", ") { "," } else { "" })
}
