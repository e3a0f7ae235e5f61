//! The truth page: what its sentences are made from. It is written by a native program (`src/bin/truth`), and the playground's own page
//! does not carry its words.

use std::sync::OnceLock;

use super::Lang;
use base::fields::{Field, Fields};
use base::sentences::Table;

/// The rows of a language.
pub(super) fn rows(lang: Lang) -> &'static Table {
    static TABLES: [OnceLock<Table>; 2] = [const { OnceLock::new() }; 2];
    let file = match lang {
        Lang::English => file!("en/truth.txt"),
        Lang::Korean => file!("ko/truth.txt"),
    };
    TABLES[lang as usize].get_or_init(|| Table::read(&[file, file!("en/items.txt")]))
}

/// The text of a key of the section `truth`, with what its placeholders become; the English one where a language has none.
pub fn say(lang: Lang, key: &str, fill: &[(&'static str, &dyn Field)]) -> String {
    let (key, mut fields) = (format!("truth.{key}"), Fields::default());
    for (name, content) in fill {
        content.put(name, &mut fields);
    }
    [lang, Lang::English].iter().find_map(|lang| rows(*lang).say(&key, &fields)).unwrap_or(key)
}

/// A key, with its placeholders and what each of them may be.
#[cfg(test)]
type Key = (&'static str, &'static [(&'static str, &'static [&'static str])]);

#[cfg(test)]
pub(super) const KEYS: &[Key] = &[
    ("title", &[]),
    ("skip", &[]),
    ("back", &[]),
    ("lead", &[]),
    ("stand_ins", &[]),
    ("figures", &[]),
    ("scenarios", &[("release", &["1.37"])]),
    ("outputs", &[("release", &["1.37"])]),
    ("verdicts", &[("release", &["1.37"])]),
    ("names", &[]),
    ("manifests", &[]),
    ("links", &[]),
    ("by_topic", &[]),
    ("topic", &[("topic", &TOPICS)]),
    ("head", &[("head", &HEADS)]),
    ("state", &[("state", &STATES)]),
    ("otherwise", &[]),
    ("otherwise_lead", &[]),
    ("reason", &[("kind", &REASONS), ("what", &["get pods"]), ("why", &["it was chance"])]),
    ("why", &[("why", WHYS)]),
    ("no_reason", &[]),
    ("not_compared", &[]),
    ("noise", &[("noise", &NOISE), ("events", &["Starting"])]),
    ("cases", &[]),
    ("cases_lead", &[]),
    ("collection", &[("collection", &COLLECTIONS)]),
    ("dns", &[]),
    ("dns_lead", &[("same", &["1"]), ("all", &["1"])]),
    ("others", &[]),
    ("others_lead", &[("file", &["MANIFESTS.md"])]),
    ("beside", &[]),
    ("beside_lead", &[("count", &["30"]), ("file", &["BESIDE.md"]), ("manifests", &["MANIFESTS.md"])]),
    ("danger", &[("danger", Danger::WORDS)]),
    ("false_of", &[]),
    ("hygiene", &[]),
    ("seconds", &[]),
    ("seen_head", &[]),
    ("seen", &[("seen", Seen::WORDS)]),
    ("answer", &[("answer", Answer::WORDS)]),
    ("absent", &[]),
    ("absent_lead", &[]),
    ("lack", &[("lack", &LACKS)]),
    ("kept", &[]),
    ("record", &[]),
    ("record_lead", &[]),
    ("step", &[("step", &STEPS)]),
    ("all", &[]),
    ("scenario", &[]),
    ("open", &[]),
    ("closed", &[("why", &CLOSED)]),
    ("own_pace", &[]),
    ("went_through", &[]),
    ("generated", &[]),
    ("printed", &[]),
    ("recorded", &[]),
    ("modelled", &[]),
    ("prints_other", &[]),
    ("nothing", &[]),
    ("foot", &[]),
];

base::named! {
    /// What can go wrong with a StatefulSet, as far as programs that read manifests are compared by it. The kinds of `risks`, of which two
    /// are told in more detail, and what is said before its findings.
    Danger {
        /// Acknowledged writes are on no volume any more.
        DataLost "data-lost",
        /// A volume goes with what is on it.
        VolumeDeleted "volume-deleted",
        /// Data are in a directory that does not follow its pod.
        Fleeting "fleeting",
        /// Two processes write under one identity.
        TwoWriters "two-writers",
        /// One fault takes the quorum.
        QuorumLost "quorum-lost",
        /// Members come together on one node.
        Together "together",
        /// No budget holds back a drain while another one has taken a member.
        Drains "drains",
        /// A rollout cannot be taken back.
        RollbackTrap "rollback-trap",
        /// No probe holds back a rollout whose pods do not serve.
        UnreadyRollout "unready-rollout",
        /// Nobody finishes a rollout.
        OnDelete "on-delete",
        /// Members wait for each other's names before they are Ready.
        ReadinessDeadlock "readiness-deadlock",
        /// Names of pods do not resolve.
        Nameless "nameless",
        /// As it is applied, the set does not become what it should be.
        StartStuck "start-stuck",
        /// After a fault or a change, the set does not become what it should be.
        Stuck "stuck",
        /// A volume holds its pod on a node that is away.
        VolumePinned "volume-pinned",
        /// A pod of a silent node stays until somebody acts.
        Terminating "terminating",
        /// A budget lets no pod go from a drained node.
        DrainEndless "drain-endless",
        /// Nobody is served for long.
        Unavailable "unavailable",
        /// The API server refuses a part of the manifest.
        Refused "refused",
    }
}

base::named! {
    /// What another program says of a StatefulSet and the search does not.
    Seen {
        /// The governing Service has a cluster IP.
        ClusterIp "cluster-ip",
        /// The governing Service is not in the text of a set that came out of a cluster, or of one that does not start.
        ServiceAbsent "service-absent",
        /// The account is not in the text of a set that came out of a cluster.
        AccountAbsent "account-absent",
        /// No budget counts the pods.
        NoBudget "no-budget",
        /// Nothing keeps pods off each other's nodes.
        NoSpread "no-spread",
        /// A set of one pod has nothing that spreads its pods.
        OneSpread "one-spread",
        /// A container has no readiness probe.
        NoReadiness "no-readiness",
        /// A budget holds back the eviction of pods that are not Ready.
        Eviction "eviction",
        /// There are fewer than three replicas.
        FewReplicas "few-replicas",
        /// A probe asks a port that the container does not list.
        ProbePort "probe-port",
        /// The strategy or the restart policy is left to its default.
        Defaults "defaults",
        /// Anything else: resources, users, images, networks.
        Hygiene "hygiene",
    }
}

base::named! {
    /// What became of it.
    Answer {
        /// The search says so, too, since then.
        Taken "taken",
        /// The search says so where it comes about.
        Told "told",
        /// It is no danger of a set.
        Untaken "not",
    }
}

/// The topics of the recordings: the folders below `tests/conformance/recordings`.
pub const TOPICS: [&str; 10] = ["spine", "updates", "storage", "ownership", "nodes", "deployments", "kubectl", "others", "further", "next"];
/// The heads of the tables' columns.
#[cfg(test)]
const HEADS: [&str; 11] =
    ["topic", "scenario", "about", "behave", "print", "collection", "compared", "alike", "texts", "objects", "danger"];
/// How a scenario goes on the model.
#[cfg(test)]
const STATES: [&str; 4] = ["same", "listed", "wrong", "absent"];
/// What goes otherwise: what a command prints, what a validation case is answered, where pods are, or the first recorded run.
#[cfg(test)]
const REASONS: [&str; 3] = ["text", "place", "accident"];
/// What is never compared.
pub const NOISE: [&str; 4] = ["events", "order", "times", "nodes"];
/// The collections of validation cases: the files below `tests/data/validation`.
#[cfg(test)]
const COLLECTIONS: [&str; 9] = ["cases", "random", "edits", "releases", "flows", "network", "roles", "answers", "kept"];
/// What is not simulated.
pub const LACKS: [&str; 9] = ["images", "nodes", "metrics", "traffic", "hooks", "drivers", "pressure", "shutdown", "addresses"];
/// How somebody records a case.
pub const STEPS: [&str; 6] = ["build", "write", "record", "replay", "keep", "send"];
/// Why a scenario cannot be opened in the playground.
pub const CLOSED: [&str; 6] = ["evict", "crash", "gate", "terminals", "in-vain", "long"];
/// Why something goes otherwise than in a recording: the words of `src/bin/truth/listed.rs`.
pub const WHYS: &[&str] = &[
    "at-once",
    "budget-first",
    "claim-after-pod",
    "claim-late",
    "claims-late",
    "collected-first",
    "counted-writes",
    "end-at-once",
    "endpoints-order",
    "ends-apart",
    "folded",
    "go-map",
    "gone-before",
    "gone-unbound",
    "hashed-names",
    "last-first",
    "node-before-owner",
    "not-simulated",
    "numbered",
    "others-there",
    "ready-before-crash",
    "ready-order",
    "registered",
    "slow-patch",
    "sorted-by-suffix",
    "sweep",
    "tried-again",
    "trigger-time",
    "two-writes",
    "watched",
    "which-node",
];
