//! English.

mod application;
mod ask;
mod compare;
mod dense;
mod dns;
mod form;
mod lesson;
mod node;
mod why;

use crate::text::ahead::{Ahead, Because, Does};
use crate::yaml::{MAX_BYTES, MAX_DEPTH, MAX_NODES, Problem};

use super::{Bar, Cluster, Details, Dns, Keys, Manifest, Storage, Terminal, Text, Time, Why};

/// A count with its noun.
fn many<N: Copy + std::fmt::Display + PartialEq + From<u8>>(n: N, one: &str, more: &str) -> String {
    format!("{n} {}", if n == N::from(1) { one } else { more })
}

/// What is about to happen.
fn ahead(ahead: &Ahead) -> String {
    match ahead {
        Ahead::Kubelet { node, pod, does } => {
            let does = match does {
                Does::Admits => format!("takes {pod} on"),
                Does::Starts => format!("starts {pod}"),
                Does::Probes => format!("probes {pod}"),
                Does::Restarts => format!("starts {pod} again"),
                Does::HasPulled => format!("has pulled the image of {pod}"),
                Does::Pulls => format!("pulls the image of {pod} again"),
                Does::Looks => format!("looks at {pod}"),
                Does::Stops => format!("ends {pod}"),
            };
            format!("kubelet on {node} {does}")
        }
        Ahead::Scheduler => "the scheduler looks for a node".to_owned(),
        Ahead::Provisioner { claim } => format!("the volume of {claim} is made"),
        Ahead::Application => "the application writes or agrees".to_owned(),
        Ahead::ControlPlane => "the control plane goes on".to_owned(),
    }
}

/// Of what a text holds too much.
fn too_much(problem: &Problem) -> String {
    match problem {
        Problem::TooLong => format!("The playground reads up to {} KiB of text.", MAX_BYTES / 1024),
        Problem::TooDeep => format!("The playground reads up to {MAX_DEPTH} levels of lists and maps."),
        Problem::TooManyNodes => format!("The playground reads up to {MAX_NODES} values in a document."),
        Problem::Refused(_) | Problem::DuplicateKey(_) => String::new(),
    }
}

/// The English table.
pub static ENGLISH: Text = Text {
    skip: "Skip to the cluster",
    close: "Close",
    bar: Bar {
        tagline: "A StatefulSet playground",
        language: "Language",
        theme_auto: "Theme: as the system",
        theme_light: "Theme: light",
        theme_dark: "Theme: dark",
        keys: "All keys",
        panes: "Panes",
    },
    hello: lesson::HELLO,
    lessons: lesson::LESSONS,
    manifest: Manifest {
        title: "Manifest",
        apply: "Apply",
        hide: "Hide the manifest",
        example: "Examples",
        examples: ["nginx, one after the other", "redis: a primary and its replicas", "etcd: a quorum of three"],
        applied: |objects, at| format!("{} · applied {at}", many(objects, "object", "objects")),
        edited: "edited, not applied",
        errors: |n| many(n, "error", "errors"),
        notes: |n| many(n, "note", "notes"),
        problems: "Problems",
        not_applied: "Not applied",
        will_not_work: "Accepted, but will not work",
        not_simulated: "Accepted, not simulated",
        kept: |fields| format!("Ordinal does not simulate {fields}; kept and ignored."),
        line: |n| format!("line {n}"),
        leave: "Tab indents. Escape, then Tab leaves the editor.",
        fix: "Fix it",
        allowed: "Fields allowed here",
        too_long: |kib| format!("The editor takes up to {kib} KiB. What you pasted is longer and was not applied."),
        unknown_field: |field| format!("There is no field `{field}` here. kubectl checks field names before anything is stored."),
        unknown_field_near: |field, near| format!("There is no field `{field}` here; `{near}` may be meant. Nothing was stored."),
        required: |field| format!("`{field}` has to be given."),
        fixed: |field| format!("`{field}` cannot be changed once the object exists."),
        copied: "What a server wrote was copied along: without `resourceVersion` and `uid` it applies.",
        taken_over: "Pods can stay while their set goes; the next one takes them over.",
        without_pods: "Delete the set, keep its pods",
        unfit: |field| format!("`{field}` does not take this value."),
        unknown_kind: "The API server knows no such kind in that version.",
        not_yaml: "The text is not YAML here, so nothing of the file was sent.",
        too_much,
        no_service: |service| {
            format!("There is no Service <{service}>. The API server does not check; the pods run, and their names do not resolve.")
        },
        no_class: |class| {
            format!("There is no StorageClass <{class}>. The API server does not check; the claims stay Pending, and so do the pods.")
        },
        lets_none_go: |budget, kept, pods| format!("<{budget}> wants {kept} of {pods} pods healthy: no drain gets past it."),
        twice: |key| {
            format!("`{key}` stands here for the second time. kubectl takes this one without a word; the one above counts for nothing.")
        },
    },
    cluster: Cluster {
        title: "Cluster",
        grid: "Cluster: ordinals are columns, nodes are rows",
        ordinal: "ordinal →",
        node: "node ↓",
        no_node_yet: "No node yet",
        stop_node: "Stop node",
        start_node: "Start node",
        replicas: "replicas",
        scale_in: "Scale in",
        scale_out: "Scale out",
        commands: "Commands",
        empty: "Apply a StatefulSet, and its pods appear here.",
        choose_set: "StatefulSet shown",
        choose_side: "Workload beside it",
        no_ordinals: "No ordinals: a pod is replaced by a stranger, not brought back.",
        ready_of: |ready, wanted| {
            if ready > wanted { format!("{ready} Ready, {wanted} wanted") } else { format!("{ready} of {wanted} Ready") }
        },
        not_created: "not created",
        not_recreated: "not recreated",
        running_not_ready: "Running, not Ready",
        not_ready: "Not Ready",
        silent_for: |age| format!("silent for {age}"),
        revision: |n| format!("revision {n}"),
        ready_containers: |ready| format!("ready {}", ready.replace('/', " of ")),
        published: "published in DNS",
        not_published: "not published in DNS",
        more: |n| format!("and {n} more"),
        delete: |name| format!("Delete {name}"),
        make_unready: |pod| format!("Make {pod} not Ready"),
        freeze: |pod| format!("Make {pod} hang"),
        make_ready: |pod| format!("Make {pod} Ready again"),
        break_image: "Break the image",
        image_does: [
            ("crash", "Image: crashes after each start"),
            ("unready", "Image: is never Ready"),
            ("slow", "Image: is Ready 30 s later"),
            ("stubborn", "Image: ignores SIGTERM"),
            ("frozen", "Image: hangs after 30 s"),
            ("leaky", "Image: outgrows its memory limit"),
        ],
        roll_out: |image| format!("Roll out {image}"),
        roll_out_broken: "Roll out an image that cannot be pulled",
        undo: "Undo the last rollout",
        hold: "Hold updates with a partition",
        partition_spoken: |partition, first| match first {
            "" => format!("partition {partition}: no pod is updated"),
            first => format!("partition {partition}: {first} and up are updated"),
        },
        runs_revision: |pod, revision| format!("<{pod}> runs {revision}"),
        mend_image: "Put the image back",
    },
    dense: dense::DENSE,
    node: node::NODE,
    terminal: Terminal {
        title: "Terminal",
        note: "kubectl and a small shell, simulated",
        output: "Terminal output",
        prompt: "kubectl command",
        tabs: "Terminals",
        new_tab: "New terminal",
        unknown: |word| format!("{word} is not simulated here; kubectl, playground and the tools of a small shell are."),
        usage: "why NAME\nplayground stop|cut|start node NAME\nplayground add nodes NUMBER\nplayground unready|ready|freeze pod NAME\nplayground break|mend image IMAGE\nplayground form classic|today\nplayground image IMAGE crash|unready|slow|stubborn|frozen|leaky|broken|well\nplayground write statefulset NAME [COUNT]\nplayground beside statefulset NAME",
        refused: ToString::to_string,
        classic: "As in guides",
        classic_hint: "kubectl prints what it printed when most guides were written",
        copy_text: "Copy text",
        copy_text_hint: "Copy what stands in this terminal",
        copy_scenario: "Copy as scenario",
        copy_scenario_hint: "Copy what was typed, with its instants, as a file that replay plays",
        stop: "Ctrl C stops it",
        height: "Height of the terminal",
        lines: |n| many(n, "line", "lines"),
        copied: "Copied.",
        changed: form::changed,
    },
    why: Why {
        region: "Explanation",
        title: "Why",
        decided_by: "Decided by",
        ends_when: "Ends when",
        docs: "Docs",
        docs_language: "",
        all: "All decisions",
        one: "Latest decision",
        since: |at| format!("since {at}"),
        nothing: "Nothing has been decided yet.",
        refused: "Nothing runs yet.",
        refused_why: "The API server refused the manifest, so no controller saw it.",
        tell: why::tell,
        ready_fact: |pod| format!("<{pod}> is Running and Ready"),
        waits_for: |pod, other| format!("<{pod}> waits for <{other}>"),
        seen: |field, value| format!("`{field}` is {value}"),
        times: |n| many(n, "attempt", "attempts"),
        docs_network: "needs a network",
        comes_from: "Comes from",
        ask: ask::ASK,
    },
    details: Details { title: "Details", events: "Events", newest_first: "newest first" },
    dns: Dns {
        note: "asked from a pod",
        name: "name",
        answer: "answer",
        empty: "The names of a StatefulSet's Service appear here.",
        headless: "headless Service: the Ready pods",
        cluster_ip: "the Service's own address",
        no_service: |service| format!("There is no Service <{service}>; the pods run without names."),
        tell: dns::tell,
        srv: "SRV",
        ask: "Ask for a name, as nslookup or dig does",
    },
    storage: Storage {
        title: "Storage",
        class: |class| format!("StorageClass {class}"),
        disk: "disk",
        written: "written",
        not_created: "not created",
        no_volume: "no volume yet",
        silent: |node| format!("{node} is silent"),
        mounted_twice: "2 mounts",
        empty: "A StatefulSet's claims appear here.",
        without: "This StatefulSet has no volumeClaimTemplates.",
    },
    application: application::APPLICATION,
    time: Time {
        title: "Timeline",
        transport: "Virtual time",
        clock: "virtual time",
        play: "Play",
        pause: "Pause",
        step: "Next event",
        back: "Previous event",
        begin_again: "Begin again with the manifest",
        instant: "instant shown",
        to_now: "Back to now",
        past: "You see the past. What you do here begins a branch; what comes next stays as it is.",
        forked: |at, kept| format!("A branch begins at {at}. What was to come is kept as branch {kept}."),
        stop_when: "Stop when",
        stop_not_ready: "a pod turns not Ready",
        stop_rollout: "a rollout begins to wait",
        stop_event: "an Event has the reason",
        skip: "Skip to the next timer",
        stopped: |because, name, at| match because {
            Because::NotReady => format!("Stopped at {at}: {name} is not Ready any more."),
            Because::RolloutWaits => format!("Stopped at {at}: the rollout of {name} begins to wait."),
            Because::Event => format!("Stopped at {at}: an Event about {name}."),
        },
        branches: "Branches",
        branch: |number, left| match left {
            Some((at, line)) => format!("{number} · from {at}: {line}"),
            None => format!("{number} · from the start"),
        },
        quiet: "Run until quiet",
        speed: "Speed",
        events: "events",
        is_quiet: "Quiet: nothing is left to do",
        next: |what, wait| format!("Next: {what} in {wait}"),
        seconds: |seconds| format!("{seconds} s"),
        ahead,
        at: |what, when| format!("{what}, at {when}"),
        apply: "apply",
        as_table: "Show as table",
        from: "from",
        until: "until",
        key_play: "play",
        key_step: "event",
        key_all: "all keys",
        behind: "This machine is slower than the speed asked for.",
    },
    compare: compare::COMPARE,
    link: compare::LINK,
    keys: Keys {
        title: "All keys",
        single: "Letters, digits and signs act without another key",
        play: "play, pause",
        step: "previous, next event",
        skip: "skip to the next timer",
        fine: "on the timeline: 100 ms back, on",
        ends: "the start; now",
        quiet: "run until quiet",
        speed: "speed 0.25×, 1×, 4×, 20×, 100×, 1000×",
        tiles: "in the cluster: move between tiles and slots",
        next_unready: "next pod that is not Ready",
        scale: "scale the StatefulSet shown",
        node: "stop or start the node of the selected pod",
        apply: "apply the manifest",
        problem: "next, previous problem",
        beside: "put another branch beside the one shown",
        swap: "change places with the branch beside",
        linked: "next, previous of what is about the same",
        panes: "Why, DNS, Storage, manifest, lesson",
        terminal: "terminal",
        region: "next, previous region",
        theme: "theme",
        compare: "a Deployment beside the set",
        present: "larger, for a projector",
        escape: "close; leave the editor",
        all: "this list",
    },
};
