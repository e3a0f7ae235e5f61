//! English.

mod application;
mod ask;
mod compare;
mod dense;
mod dns;
mod form;
mod lesson;
mod node;

use crate::ahead::{Ahead, Because, Does};
use crate::rows;
use sim::Fault;
use yaml::{MAX_BYTES, MAX_DEPTH, MAX_NODES, Problem};

use super::{Bar, Cluster, Details, Dns, Instead, Keys, Manifest, Storage, Terminal, Text, Time, Why};

/// A count with its noun.
fn many<N: Copy + std::fmt::Display + PartialEq + From<u8>>(n: N, one: &str, more: &str) -> String {
    format!("{n} {}", if n == N::from(1) { one } else { more })
}

/// What is about to happen.
fn ahead(ahead: &Ahead) -> String {
    match ahead {
        Ahead::Kubelet { node, pod, does } => {
            let does = match does {
                Does::Admits => format!("admits {pod}"),
                Does::Starts => format!("starts {pod}"),
                Does::Probes => format!("probes {pod}"),
                Does::Restarts => format!("restarts a container of {pod}"),
                Does::HasPulled => format!("finishes pulling the image of {pod}"),
                Does::Pulls => format!("retries the image pull of {pod}"),
                Does::Looks => format!("checks on {pod}"),
                Does::Stops => format!("stops {pod}"),
            };
            format!("kubelet on {node} {does}")
        }
        Ahead::Node(node) => format!("kubelet on {node} reports on its node"),
        Ahead::Scheduler => "the scheduler looks for a node".to_owned(),
        Ahead::Provisioner { claim } => format!("the volume of {claim} is provisioned"),
        Ahead::Application => "the application acts".to_owned(),
        Ahead::ControlPlane => "the control plane acts".to_owned(),
    }
}

/// What was done to a pod or a node, or that nothing was to do.
fn done(fault: &Fault, changed: bool) -> String {
    match fault {
        Fault::PodUnready { pod, .. } if changed => format!("{pod} is held unready."),
        Fault::PodUnready { pod, .. } => format!("{pod} is held unready already: nothing to do."),
        Fault::PodReady { pod, .. } if changed => format!("The containers of {pod} answer again."),
        Fault::PodReady { pod, .. } => format!("The containers of {pod} that run are ready: nothing to do."),
        Fault::PodFrozen { pod, .. } => format!("The processes of {pod} hang."),
        Fault::PowerOff { node } => format!("{node} is switched off."),
        Fault::NodeDown { node } if changed => format!("{node} is cut off the network."),
        Fault::NodeDown { node } => format!("{node} is not on the network anyway: nothing to do."),
        Fault::NodeUp { node, .. } if changed => format!("{node} is on and on the network again."),
        Fault::NodeUp { node, .. } => format!("{node} is on and on the network: nothing to do."),
        Fault::PowerOn { .. } | Fault::Crash { .. } | Fault::Evict { .. } => String::new(),
    }
}

/// Of what a text holds too much.
fn too_much(problem: &Problem) -> String {
    match problem {
        Problem::TooLong => format!("The playground reads up to {} MiB of text.", MAX_BYTES >> 20),
        Problem::TooDeep => format!("The playground reads up to {MAX_DEPTH} levels of lists and maps."),
        Problem::TooManyNodes => format!("The playground reads up to {MAX_NODES} values in a document."),
        _ => String::new(),
    }
}

/// The English table.
pub static ENGLISH: Text = Text {
    skip: "Skip to the cluster",
    close: "Close",
    bar: Bar {
        tagline: "A StatefulSet playground",
        language: "Language",
        theme_auto: "Theme: system",
        theme_light: "Theme: light",
        theme_dark: "Theme: dark",
        keys: "Keyboard shortcuts",
        panes: "Panes",
    },
    hello: lesson::HELLO,
    lessons: lesson::LESSONS,
    manifest: Manifest {
        title: "Manifest",
        apply: "Apply",
        editing: |what| format!("Editing {what}"),
        save: "Save",
        leave_edit: "Back to the manifest",
        hide: "Hide the manifest",
        example: "Examples",
        examples: [
            "nginx: one pod after another",
            "redis: a primary and its replicas",
            "etcd: a quorum of three",
            "an empty cluster, without a StorageClass",
        ],
        applied: |stored, objects, at| {
            let of = if stored < objects { format!("{stored} of ") } else { String::new() };
            format!("{of}{} · applied {at}", many(objects, "object", "objects"))
        },
        edited: "edited, not applied",
        errors: |n| many(n, "error", "errors"),
        notes: |n| many(n, "note", "notes"),
        problems: "Problems",
        not_applied: "Not applied",
        will_not_work: ["Not applied yet: would not work", "Accepted, but will not work"],
        repeated: "Repeated: the last one counts",
        not_simulated: "Accepted, not simulated",
        images: |images| format!("What is inside {images} is not known: it starts and listens on its ports, unless Commands has it fail."),
        programs: |programs| format!("What {programs} does is not simulated: its container is taken to run on, and to serve."),
        kept: |fields| format!("Ordinal does not simulate {fields}: kept, but ignored."),
        line: |n| format!("line {n}"),
        leave: "Tab indents. To leave the editor, press Escape, then Tab.",
        fix: "Fix it",
        fix_all: |count| format!("Fix all {count}"),
        allowed: "Fields allowed here",
        too_long: |kib| format!("The editor takes up to {kib} KiB. The pasted text is longer, and was not applied."),
        unknown_field: |field| format!("There is no field `{field}` here. Field names are checked before anything is stored."),
        unknown_field_near: |field, near| format!("There is no field `{field}` here. Did you mean `{near}`? Nothing was stored."),
        required: |field| format!("`{field}` is required."),
        fixed: |field| format!("`{field}` cannot be changed once the object exists."),
        copied: "This was copied from a server. Without `resourceVersion` and `uid`, it applies.",
        taken_over: "You can delete the set and keep its pods; the next set adopts them.",
        without_pods: "Delete the set, keep its pods",
        unfit: |field| format!("`{field}` does not accept this value."),
        not_selected: "Its pods would not be found: `selector.matchLabels` and the template's `labels` must match.",
        no_volume: |name| format!("No volume is called `{name}`: neither `volumes` nor `volumeClaimTemplates` name one."),
        unknown_kind: "The API server has no such kind in this version.",
        unknown_kind_near: |near| format!("There is no such kind. Did you mean `{near}`?"),
        custom_kind: "A custom kind: its definition is not installed here. kubectl goes on without it.",
        custom_kind_late: "A custom kind: kubectl looked it up before this manifest defined it. Apply once more.",
        no_namespace: |name| format!("There is no namespace <{name}>: nothing can be stored in it."),
        create_namespace: |name| format!("Create namespace {name}, and apply"),
        not_yaml: "The YAML is invalid here, so nothing from this document on was sent.",
        pasted_chars: [
            "YAML allows no tab here, only spaces.",
            "A no-break space indents a line: to YAML it is a letter, not a space.",
            "Typographic quotes are letters to YAML.",
            "A Markdown fence is not YAML.",
        ],
        open_quote: "The quote that opens here is not closed.",
        no_blank: |key| format!("A space is missing after `{key}`."),
        indented: |by, fits| {
            format!("This line is indented by {by}; {} would fit.", fits.iter().map(usize::to_string).collect::<Vec<_>>().join(" or "))
        },
        no_object: "An object has an `apiVersion`, a `kind` and `metadata`. Here, they are not all there.",
        counted: "kubectl counts lines from where the document begins.",
        template: |hole, line| {
            format!("This file is a template: `{hole}` in line {line} has to be filled in first, as `helm template` or `envsubst` does.")
        },
        printed: [
            "This is a terminal session. A manifest is expected here: YAML with an `apiVersion`, without prompts and commands.",
            "This is a table that kubectl prints. A manifest is expected here, such as `kubectl get` prints with `-o yaml`.",
            "This is what `kubectl describe` prints. A manifest is expected here, such as `kubectl get` prints with `-o yaml`.",
        ],
        too_much,
        in_quotes: "A string belongs here. In quotes, it is one.",
        whole_number: "A whole number belongs here, without quotes.",
        no_service: |service| {
            format!("There is no Service <{service}>. The API server does not check this: the pods run, but their names do not resolve.")
        },
        no_class: |class| {
            format!("There is no StorageClass <{class}>. The API server does not check this: the claims stay Pending, and so do the pods.")
        },
        no_account: |account| {
            format!("There is no ServiceAccount <{account}>. The API server takes this, and then refuses each of its pods.")
        },
        no_reference: |kind, name| {
            format!("There is no {kind} <{name}>. The API server does not check this: the containers that need it do not start.")
        },
        no_image: |image, fault| {
            format!("No image can be called `{image}` (`{fault}`). The API server does not check this: the container does not start.")
        },
        no_such_volume: |volume| {
            format!("There is no PersistentVolume <{volume}>. The API server does not check this: the claim stays unbound.")
        },
        lets_none_go: |budget, kept, pods| format!("<{budget}> requires {kept} of {pods} pods to be healthy: no drain gets past it."),
        twice: |key| format!("kubectl uses this `{key}` and silently ignores the one above."),
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
        empty: "Apply a StatefulSet to see its pods here.",
        choose_set: "StatefulSet shown",
        choose_side: "Workload beside it",
        set: "StatefulSet",
        no_ordinals: "No ordinals: a replacement pod gets a new name.",
        ready_of: |ready, wanted| {
            if ready > wanted { format!("{ready} Ready, {wanted} desired") } else { format!("{ready} of {wanted} Ready") }
        },
        first_shown: |most| format!("the first {most} are shown"),
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
            ("unready", "Image: never becomes Ready"),
            ("slow", "Image: becomes Ready 30 s late"),
            ("stubborn", "Image: ignores SIGTERM"),
            ("frozen", "Image: hangs after 30 s"),
            ("leaky", "Image: exceeds its memory limit"),
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
        mend_image: "Repair the image",
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
        unknown: |word| format!("{word} is not simulated here; kubectl, playground and common shell tools are."),
        told: ToString::to_string,
        instead: |wanted| match wanted {
            Instead::Editor => "Paste the text into the manifest, or write the file with cat > FILE <<'EOF', its lines, and EOF.",
            Instead::Chart => "What `helm template` prints elsewhere can be pasted into the manifest.",
            Instead::Cluster => "There is a cluster already: kubectl get nodes.",
            Instead::Images => "Nodes pull images by themselves: name one in a manifest, or in kubectl run NAME --image=IMAGE.",
            Instead::Cloud => {
                "No cloud is simulated. The nodes are there (kubectl get nodes), a StorageClass makes disks, and ssh NODE COMMAND reaches a machine."
            }
            Instead::Network => {
                "This takes a machine off the network: playground cut node NAME. This brings it back: playground start node NAME."
            }
            Instead::Listing => "This lists them: ls -l. On a machine: ssh NODE ls -l PATH.",
            Instead::Jobs => "Ctrl C stops what runs here, and kill %1 the first job in the background.",
            Instead::Namespace => "This does it: kubectl config set-context --current --namespace=NAME.",
            Instead::Inside => "In a pod: kubectl exec -it POD -- COMMAND, or kubectl run -it --rm NAME --image=IMAGE -- COMMAND.",
        },
        usage: "why NAME\nplayground stop|cut|start node NAME\nplayground add nodes NUMBER\nplayground unready|ready|freeze pod NAME\nplayground break|mend image IMAGE\nplayground run provisioner NAME\nplayground form classic|today\nplayground image IMAGE crash|unready|slow|stubborn|frozen|leaky|broken|well\nplayground write statefulset NAME [COUNT]\nplayground beside statefulset NAME [shared]",
        refused: ToString::to_string,
        done,
        classic: "Classic output",
        classic_hint: "Print kubectl output as it was when most guides were written",
        copy_text: "Copy text",
        copy_text_hint: "Copy the text of this terminal",
        copy_scenario: "Copy as scenario",
        copy_scenario_hint: "Copy what was typed, with its times, as a scenario file for replay",
        stop: "Ctrl C stops it",
        time_stands_still: "Time stands still: play, and this goes on.",
        height: "Terminal height",
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
        refused: "Nothing is running yet.",
        refused_why: "The manifest was rejected, so no controller saw it.",
        tell: |case| rows::english().tell(case),
        ready_fact: |pod| format!("<{pod}> is Running and Ready"),
        waits_for: |pod, other| format!("<{pod}> waits for <{other}>"),
        seen: |field, value| format!("`{field}` is {value}"),
        times: |n| many(n, "attempt", "attempts"),
        restarts: |n| many(n, "restart", "restarts"),
        docs_network: "needs a network",
        comes_from: "Comes from",
        ask: ask::ASK,
    },
    details: Details { title: "Details", events: "Events", newest_first: "newest first, kept for an hour" },
    dns: Dns {
        note: "from a pod",
        name: "name",
        answer: "answer",
        empty: "The names of a StatefulSet's Service appear here.",
        unnamed: "This StatefulSet has no `serviceName`: its pods have no DNS names.",
        headless: "headless Service: the Ready pods",
        headless_all: "headless Service: its pods, Ready or not",
        cluster_ip: "the Service's own address",
        no_service: |service| format!("There is no Service <{service}>; the pods run without DNS names."),
        tell: dns::tell,
        srv: "SRV",
        srv_title: "SRV records of the named ports",
        ask: "Look up a name, as nslookup or dig would",
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
        begin_again: "Start over with the manifest",
        to_start: "To the start",
        begun_again: "Started over with the manifest.",
        bring_back: "Back to the run before",
        instant: "time shown",
        to_now: "Back to now",
        past: "You are viewing the past. Acting here starts a branch; the old future is kept.",
        forked: |at, kept| format!("A branch starts at {at}. The old future is kept as branch {kept}."),
        stop_when: "Stop when",
        stop_not_ready: "a pod becomes not Ready",
        stop_rollout: "a rollout has to wait",
        stop_event: "an Event has the reason",
        skip: "Skip to the next timer",
        is_livelocked: "Time stops here: the model goes in circles, which is a mistake of ours. Step back, or report it with a link to this run.",
        stopped: |because, name, at| match because {
            Because::NotReady => format!("Stopped at {at}: {name} is no longer Ready."),
            Because::RolloutWaits => format!("Stopped at {at}: the rollout of {name} has to wait."),
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
        paused: "Paused.",
        is_quiet: "Quiet: nothing left to do",
        next: |what, wait| format!("Next: {what}{}", if wait.is_empty() { String::new() } else { format!(" in {wait}") }),
        seconds: |seconds| format!("{seconds} s"),
        ahead,
        at: |what, when| format!("{what}, at {when}"),
        apply: "apply",
        as_table: "Show as table",
        from: "from",
        until: "until",
        key_play: "play",
        key_step: "event",
        key_all: "shortcuts",
        behind: "This machine cannot keep up with the chosen speed.",
    },
    compare: compare::COMPARE,
    link: compare::LINK,
    keys: Keys {
        title: "Keyboard shortcuts",
        single: "Single-key shortcuts: letters, digits and signs",
        play: "play, pause",
        step: "previous, next event",
        skip: "skip to the next timer",
        fine: "on the timeline: 100 ms back, forward",
        ends: "to the start, to now",
        quiet: "run until quiet",
        speed: "speed 0.25×, 1×, 4×, 20×, 100×, 1000×",
        tiles: "in the cluster: move between tiles and slots",
        next_unready: "next pod that is not Ready",
        scale: "scale the StatefulSet shown",
        node: "stop or start the node of the selected pod",
        apply: "apply the manifest",
        problem: "next, previous problem",
        beside: "show another branch beside this one",
        swap: "swap with the branch beside",
        linked: "next, previous related item",
        panes: "Why, DNS, Storage, manifest, lesson",
        terminal: "terminal",
        region: "next, previous region",
        theme: "theme",
        compare: "show a Deployment beside the set",
        present: "larger, for a projector",
        escape: "close; leave the editor or the terminal",
        all: "this list",
    },
};
