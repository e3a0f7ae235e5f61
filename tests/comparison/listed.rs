//! What is known to go otherwise than in a recording, and why: the one list, which the suite holds the model to and the page shows.
//!
//! Reasons are words; `src/page/text/en/truth.txt` tells them.

/// A release, a scenario, the start of a command or of pods' names, and why it goes otherwise there than in the recordings.
pub type Listed = (&'static str, &'static str, &'static str, &'static str);

/// Commands that print something else than in every recording of the release.
pub const OTHER_TEXTS: &[Listed] = &[
    ("1.37", "deployments/seed-003-create", "get pods -l app=nginx-dep -w", "tried-again"),
    ("1.36", "deployments/side-by-side", "get pods -w", "watched"),
    ("1.37", "spine/no-headless-service", "get endpointslices", "endpoints-order"),
    ("1.36", "spine/no-headless-service", "get endpointslices", "endpoints-order"),
    ("1.36", "spine/service-selector-mismatch", "get endpointslices", "endpoints-order"),
    ("1.36", "spine/publish-not-ready-false", "get endpointslices", "trigger-time"),
    ("1.36", "spine/service-name-mismatch", "get endpointslices", "trigger-time"),
    ("1.36", "kubectl/apply-texts", "get sts,svc", "at-once"),
    ("1.36", "kubectl/apply-texts", "get pods --all-namespaces", "at-once"),
    ("1.36", "nodes/node-down-vs-deployment", "get pods -o wide", "sorted-by-suffix"),
    ("1.36", "spine/no-default-storageclass", "describe pvc www-web-0", "folded"),
    ("1.36", "spine/storageclass-missing", "describe pvc www-web-0", "folded"),
    ("1.35", "spine/create-ordered", "describe node", "registered"),
    ("1.35", "spine/no-headless-service", "get endpointslices", "endpoints-order"),
    ("1.34", "spine/create-ordered", "describe node", "registered"),
    ("1.34", "spine/publish-not-ready-true", "get endpointslices", "trigger-time"),
    ("1.34", "spine/service-name-mismatch", "get endpointslices", "trigger-time"),
    ("1.34", "spine/service-selector-mismatch", "get endpointslices", "endpoints-order"),
    ("1.37", "further/a-json-declared", "apply view-last-applied sts/web -o json", "not-simulated"),
    ("1.37", "further/a-json-declared", "get pods -o kyaml", "not-simulated"),
    ("1.37", "further/c-odd-paths", "create deployment d --image=i --port=80 --dry-run=client -o kyaml", "not-simulated"),
    ("1.37", "further/c-odd-paths", "create sa x --dry-run=client -o kyaml", "not-simulated"),
    ("1.37", "further/c-odd-paths", "get sts web -o kyaml", "not-simulated"),
    ("1.37", "further/c-odd-paths", "set image sts/web nginx=x --dry-run=client -o kyaml", "not-simulated"),
    ("1.37", "further/c-told-twice", "get cm conf -o kyaml", "not-simulated"),
    ("1.37", "further/c-told-twice", "get sts web -o kyaml", "not-simulated"),
    ("1.37", "further/c-told-twice", "get pods -o kyaml", "not-simulated"),
    ("1.37", "further/h-ep-annotation", "get endpoints,endpointslices", "trigger-time"),
    ("1.37", "further/n-policies", "describe ing", "not-simulated"),
    ("1.37", "further/n-policies", "create ingress", "not-simulated"),
    ("1.37", "further/n-policies", "get ing", "not-simulated"),
    ("1.37", "further/n-policies", "delete ing --all", "not-simulated"),
    ("1.37", "further/r-all-named", "apply view-last-applied", "not-simulated"),
    ("1.37", "further/v-retain-switch", "describe sts web", "folded"),
    ("1.37", "further/v-start-partition", "describe sts web", "folded"),
    ("1.37", "further/w-files-and-waits", "version -o", "not-simulated"),
    ("1.37", "further/w-files-and-waits", "create cm h --from-literal=a=b --append-hash", "hashed-names"),
    ("1.37", "further/v-wait-more", "wait --for=delete pod/web-0 pod/web-1", "gone-before"),
    ("1.37", "further/x10-claim-terminating", "describe sts web", "folded"),
    ("1.37", "further/x12-adopted-more-claims", "get events --field-selector type=Warning", "go-map"),
    ("1.37", "further/x12-adopted-more-claims", "describe sts web", "go-map"),
    ("1.37", "further/x13-evict-always-minready", "drain node-3 node-1 --timeout=3s", "last-first"),
    ("1.37", "further/x13-evict-always-minready", "describe pdb web", "folded"),
    ("1.37", "further/x37-scale-preconditions", "scale sts web --replicas=4 --resource-version=1", "counted-writes"),
    ("1.37", "further/x39-index-services", "get endpointslices -o jsonpath=", "endpoints-order"),
    ("1.37", "further/x42-port-split", "get endpoints web", "go-map"),
    ("1.37", "further/x42-port-split", "describe endpoints web", "go-map"),
    ("1.37", "further/y-file-words", "set env sts/web A=1 --list", "not-simulated"),
    ("1.37", "further/y-file-words", "set env sts --all A=1 B- --list", "not-simulated"),
    ("1.37", "further/y-file-words", "set env sts/web -c nope --list", "not-simulated"),
    ("1.37", "further/y-file-words", "set env sts/web A=2 --overwrite=false --list", "not-simulated"),
    ("1.37", "further/y-file-words", "set env sts/web A- --list", "not-simulated"),
    ("1.38", "kubectl/apply-texts", "get pods --all-namespaces", "at-once"),
    ("1.38", "spine/create-ordered", "describe node", "registered"),
    ("1.38", "further/w-files-and-waits", "version -o", "not-simulated"),
    ("1.38", "further/w-files-and-waits", "create cm h --from-literal=a=b --append-hash", "hashed-names"),
    ("1.38", "further/x12-adopted-more-claims", "get events --field-selector type=Warning", "go-map"),
    ("1.38", "further/x12-adopted-more-claims", "describe sts web", "go-map"),
];

/// A release, a scenario, the start of the names of pods that are on other nodes than recorded, and why.
pub const PLACED_OTHERWISE: &[Listed] = &[
    ("1.37", "deployments/deployment-basic", "dep@1-#", "numbered"),
    ("1.37", "deployments/deployment-evicted", "dep@1-#", "numbered"),
    ("1.37", "further/m-pods", "agent-#", "numbered"),
    ("1.37", "further/s-scales", "agent-#", "numbered"),
    ("1.37", "further/t-daemon-surge", "agent-#", "numbered"),
    ("1.37", "further/x05-minready-raised", "web-", "others-there"),
    ("1.37", "further/x15-finalizer-two-policies", "par-", "others-there"),
    ("1.37", "further/x15-finalizer-two-policies", "web-", "others-there"),
    ("1.37", "further/y-dep-deadline", "dep@", "numbered"),
    ("1.38", "next/a-web1", "web-1", "gone-unbound"),
    ("1.38", "further/x01-ordinal-names", "web-007", "others-there"),
    ("1.38", "further/x01-ordinal-names", "web-x-1", "others-there"),
    ("1.36", "deployments/deployment-evicted", "dep@1-#", "numbered"),
    ("1.36", "deployments/deployment-surge-zero", "dep@2-#", "numbered"),
];

/// A release, a scenario, the jitter in milliseconds and the seed with which the model behaves like its recording, and what the accident
/// was.
pub type Accident = (&'static str, &'static str, (u64, u64), &'static str);

/// Where the first recording of a release differs from the regular run, while the second one agrees with it. On 1.37, too, 11 of 128
/// second runs would not pass for the first.
pub const ACCIDENTS: &[Accident] = &[
    ("1.36", "deployments/deployment-broken", (40, 2), "two-writes"),
    ("1.36", "deployments/deployment-paused-orphans", (40, 29), "end-at-once"),
    ("1.36", "kubectl/scale-commands", (90, 30), "slow-patch"),
    ("1.36", "nodes/cordon-pending", (15, 11), "sweep"),
    ("1.36", "others/two-nodes-down", (15, 2), "which-node"),
    ("1.36", "ownership/delete-sts-then-pvc", (15, 2), "collected-first"),
    ("1.36", "spine/crashloop-at-create", (40, 21), "ready-before-crash"),
    ("1.36", "spine/delete-pod", (15, 1), "claim-after-pod"),
    ("1.36", "spine/scale-down-parallel", (40, 759), "claims-late"),
    ("1.36", "spine/scale-down-unready-parallel", (15, 4), "ready-order"),
    ("1.36", "storage/pvc-policy-deleted-delete-scaled-retain", (90, 3), "node-before-owner"),
    ("1.36", "updates/ordinals-change", (15, 17), "claim-late"),
];

/// Where no recording goes like the regular run, and the chance with which the model goes like the first.
pub const CHANCES: &[Accident] = &[
    ("1.37", "further/x29-quota-steals", (40, 3), "ends-apart"),
    ("1.37", "further/x45-expressions", (40, 2), "budget-first"),
    ("1.38", "further/x39-index-services", (40, 7), "ends-apart"),
];

/// Scenarios that are not played: what they are about went from the model, and why.
pub const GONE: &[(&str, &str)] = &[
    ("further/h-svc-by-hand", "Endpoints that somebody writes are kept, and not mirrored into slices"),
    ("further/h-svc-selector-gone", "Endpoints are not mirrored into slices"),
    ("further/q-cron-job", "no controller looks at the Jobs of a CronJob"),
    ("further/q-job-indexes", "a Job has no indexes, and no policies"),
    ("further/q-job-policy", "a Job has no failure policy"),
    ("further/q-psa-checks", "Pod Security has no checks of AppArmor, SELinux, sysctls, procMount, hosts of probes, and Windows"),
];

/// Words of recorded answers: a case that was answered so is not played, since the rule went from the model, and why.
pub const GONE_ANSWERS: &[(&[&str], &str)] = &[
    (&["spec.schedule: Invalid value"], "the schedule of a CronJob is kept as it is"),
    (
        &["maxFailedIndexes", "completion mode is Indexed", "backoffLimitPerIndex: Invalid value", "in tandem with"],
        "the indexes of a Job are kept as they are",
    ),
    (&["podFailurePolicy.rules", "when podFailurePolicy is", "successPolicy.rules"], "the policies of a Job are kept as they are"),
    (&["a windows pod", "a linux pod"], "nothing is asked of a pod's operating system"),
    (&["openAPIV3Schema."], "schemas are kept as they are"),
    (&["The Can ", "as a Can:", "The CronTab ", "as a CronTab:"], "no object is held against a schema"),
    (
        &[
            "must be `spec.version",
            "'Exempt' if and only if",
            "PEM block type",
            "webhooks[0].name:",
            "volumeLifecycleModes: Unsupported",
            "if '*/*' is present",
            "matchConstraints.resourceRules:",
            "apiVersions[0]: Required",
        ],
        "rows alone judge what nothing acts on",
    ),
];

/// Whether a scenario, as `GROUP/NAME`, is not played any more.
pub fn is_gone(name: &str) -> bool {
    GONE.iter().any(|(gone, _)| *gone == name)
}

/// What a table lists for a scenario on a release.
pub fn listed<'a>(table: &'a [Listed], release: &'a str, name: &'a str) -> impl Iterator<Item = &'a Listed> {
    table.iter().filter(move |(of, scenario, ..)| *of == release && *scenario == name)
}

/// Whether a recorded command is listed as one that the terminal does not simulate.
pub fn is_not_simulated(release: &str, name: &str, command: &str) -> bool {
    listed(OTHER_TEXTS, release, name).any(|(_, _, begins, why)| *why == "not-simulated" && command.starts_with(begins))
}

/// The accident of a release's first recording of a scenario.
pub fn accident(release: &str, name: &str) -> Option<&'static Accident> {
    ACCIDENTS.iter().find(|(of, scenario, ..)| *of == release && *scenario == name)
}

/// The chance by which no recording of a scenario goes like the regular run.
pub fn chance(release: &str, name: &str) -> Option<&'static Accident> {
    CHANCES.iter().find(|(of, scenario, ..)| *of == release && *scenario == name)
}
