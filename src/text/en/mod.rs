//! English.

mod dns;
mod node;
mod why;

use crate::text::ahead::{Ahead, Does};

use super::{Bar, Cluster, Dns, Keys, Manifest, Storage, Terminal, Text, Time, Why};

/// A count with its noun.
fn many(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
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
                Does::Pulls => format!("pulls the image of {pod} again"),
                Does::Looks => format!("looks at {pod}"),
                Does::Stops => format!("ends {pod}"),
            };
            format!("kubelet on {node} {does}")
        }
        Ahead::Scheduler => "the scheduler looks for a node".to_owned(),
        Ahead::Provisioner { claim } => format!("the volume of {claim} is made"),
        Ahead::ControlPlane => "the control plane goes on".to_owned(),
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
    manifest: Manifest {
        title: "Manifest",
        apply: "Apply",
        hide: "Hide the manifest",
        example: "Example",
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
        next_problem: "next problem",
        too_long: |kib| format!("The editor takes up to {kib} KiB. What you pasted is longer and was not applied."),
        unknown_field: |field| format!("There is no field `{field}` here. kubectl checks field names before anything is stored."),
        unknown_field_near: |field, near| format!("There is no field `{field}` here; `{near}` may be meant. Nothing was stored."),
        required: |field| format!("`{field}` has to be given."),
        fixed: |field| format!("`{field}` cannot be changed once the object exists."),
        unfit: |field| format!("`{field}` does not take this value."),
        unknown_kind: "The API server knows no such kind in that version.",
        not_yaml: "The text is not YAML here, so nothing of the file was sent.",
        no_service: |service| {
            format!("There is no Service <{service}>. The API server does not check; the pods run, and their names do not resolve.")
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
        ready_of: |ready, wanted| format!("{ready} of {wanted} Ready"),
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
        delete_pod: |pod| format!("Delete {pod}"),
        make_unready: |pod| format!("Make {pod} not Ready"),
        make_ready: |pod| format!("Make {pod} Ready again"),
        break_image: "Break the image",
        mend_image: "Put the image back",
    },
    node: node::NODE,
    terminal: Terminal {
        title: "Terminal",
        note: "kubectl, against the simulated API server",
        output: "Terminal output",
        prompt: "kubectl command",
        unknown: |word| format!("{word} is not simulated here; kubectl and playground are."),
        usage: "playground stop|cut|start node NAME\nplayground unready|ready pod NAME\nplayground break|mend image IMAGE",
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
        tell: why::tell,
        ready_fact: |pod| format!("<{pod}> is Running and Ready"),
        waits_for: |pod, other| format!("<{pod}> waits for <{other}>"),
        seen: |field, value| format!("`{field}` is {value}"),
        times: |n| many(n, "attempt", "attempts"),
    },
    dns: Dns {
        note: "asked from inside the cluster",
        name: "name",
        answer: "answer",
        empty: "The names of a StatefulSet's Service appear here.",
        headless: "headless Service: the Ready pods",
        cluster_ip: "the Service's own address",
        no_service: |service| format!("There is no Service <{service}>; the pods run without names."),
        tell: dns::tell,
        srv: "SRV",
    },
    storage: Storage {
        title: "Storage",
        class: |class| format!("StorageClass {class}"),
        disk: "disk",
        written: "written",
        not_created: "not created",
        no_volume: "no volume yet",
        empty: "This StatefulSet has no volumeClaimTemplates.",
    },
    time: Time {
        title: "Timeline",
        transport: "Virtual time",
        clock: "virtual time",
        start: "From the start",
        play: "Play",
        pause: "Pause",
        step: "Next event",
        quiet: "Run until quiet",
        speed: "Speed",
        events: "events",
        is_quiet: "Quiet: nothing is left to do",
        next: |what, wait| format!("Next: {what} in {wait}"),
        seconds: |seconds| format!("{seconds} s"),
        ahead,
        at: |what, when| format!("{what}, at {when}"),
        apply: "apply",
        key_play: "play",
        key_step: "event",
        key_all: "all keys",
        behind: "This machine is slower than the speed asked for.",
    },
    keys: Keys {
        title: "All keys",
        play: "play, pause",
        step: "next event",
        quiet: "run until quiet",
        speed: "speed 0.25×, 1×, 4×, 20×, 100×, 1000×",
        tiles: "in the cluster: move between tiles and slots",
        next_unready: "next pod that is not Ready",
        scale: "scale the StatefulSet shown",
        node: "stop or start the node of the selected pod",
        apply: "apply the manifest",
        problem: "next, previous problem",
        panes: "Why, DNS, Storage, manifest",
        terminal: "terminal",
        region: "next, previous region",
        theme: "theme",
        escape: "close; leave the editor",
        all: "this list",
    },
};
