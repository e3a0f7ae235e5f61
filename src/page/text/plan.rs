//! The plan of a change: what its sentences are made from.

use std::rc::Rc;
use std::sync::OnceLock;

use super::ANALYSIS;
use base::sentences::Table;

/// The English rows: a table of their own, which comes with the code that plans (`src/bin/dev/data.rs`).
#[inline(never)]
pub(super) fn rows() -> &'static Table {
    static ENGLISH: OnceLock<Table> = OnceLock::new();
    ENGLISH.get_or_init(|| Table::read(&[file!("en/plan.txt"), file!("en/items.txt")]))
}

/// A name of an object.
type Name = Rc<str>;

base::with_fields! {
    /// A way to make a change.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Way {
        AsGiven,
        /// The same, where an image is not there that is taken to be there.
        NoImage,
        /// The same, where an image crashes that gets the data of another version.
        Crashes,
        /// The highest ordinal first, and the others once it is Ready.
        PartitionFirst,
        /// The set is made anew around its pods with `podManagementPolicy: Parallel`.
        Parallel,
        /// `maxUnavailable: 2`.
        TwoAtOnce,
        OnDelete,
        /// All pods at once, then new ones.
        Recreate,
        /// One pod after another, where the set recreates all of them.
        RollingUpdate,
        /// The set is deleted without its pods, and made anew.
        Orphan,
        /// The same, and then each pod is made anew.
        Restart,
        /// The set is deleted without its pods, and made anew, after each claim was let grow.
        Resize,
        /// The same after a line without which it is refused.
        Prepared,
        /// The same without the rest of the old update strategy.
        NoRolling,
        /// The same without the old handler of a probe.
        OneHandler,
        /// The lines up to the first that fails.
        Stops,
        /// The same line, which takes fields over that others own.
        Forced,
        /// The same line, which takes objects over that are of no release.
        Owned,
        /// The same line, which does both.
        OwnedForced,
        /// Pods that are still those of before are deleted at the end.
        Renew,
        /// The set is deleted without its pods, made anew, and the pods of before are deleted, one after another.
        OrphanRenew,
        /// The set is deleted with its pods, and made anew.
        Anew,
        /// The given lines, where a set that is deleted leaves its pods.
        KeepPods,
        /// A drain by evictions.
        Evicts,
        /// Pods are deleted with their grace.
        WithGrace,
        /// A rollout in place of no pods at all.
        Restarts,
        /// Pods are deleted one after another.
        OneByOne,
        /// The retention policy is `Retain` before.
        KeepClaims,
        /// The volumes are retained before.
        KeepVolumes,
        /// The partition is 0 afterwards.
        AllOrdinals,
    }
}

base::with_fields! {
    /// What a plan says.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Says {
        /// Nothing happens to any set.
        Nothing,
        /// The words of a refusal follow.
        Refused,
        /// The same, about a line of the manifest.
        RefusedAt { line: usize },
        /// A line fails by itself; its words follow.
        Fails { line: String },
        /// Lines that are not done after one that failed.
        NotDone { lines: Vec<String> },
        /// What a line prints that only asks.
        Prints { line: String, text: String },
        /// Lines that are done all the same after one that failed.
        GoesOn { lines: Vec<String> },
        /// What a tool had written when it was refused, and what it had not.
        HalfDone { done: Vec<String>, not: Vec<String> },
        /// Nothing had changed when it was refused; whether it calls an object configured all the same.
        NothingDone { configured: bool },
        /// A tool deleted a set for a manifest that the server then refused: it is gone, or the old one was made anew.
        DeletedFirst { set: Name, gone: bool },
        /// Claims that went with a set that a tool deleted, and their data; whether they are made anew.
        LosesData { claims: Vec<String>, anew: bool },
        /// A tool writes over what others wrote into an object.
        TakesBack { object: String, tool: &'static str, others: Vec<String>, fields: Vec<String> },
        /// Pods of the new template that a rollback leaves.
        RollbackLeaves { pods: Vec<Name> },
        /// What a tool is asked for, and how long it took.
        ToolDid { tool: &'static str, version: &'static str, line: String, span: String },
        /// Who manages a set once a tool has ended.
        ManagedBy { object: String, managers: Vec<String> },
        /// What is typed is taken back by the tool that applies.
        TypedLasts { tool: &'static str },
        /// What a tool makes of a set once all is at rest. Either its word for that or the words may be empty.
        Calls { object: String, tool: &'static str, status: &'static str, words: String },
        /// Hooks, which a tool runs by itself and nothing here does.
        Hooks { objects: Vec<String>, tool: &'static str },
        /// Objects whose custom kind the cluster does not know.
        LeftOut { objects: Vec<String> },
        /// Fields of a set that cannot be changed.
        Fixed { set: Name, fields: Vec<Name> },
        /// The lines that let claims grow follow.
        Grows,
        /// The lines of a way round follow.
        Round {
            span: String,
            /// Whether something of it is not judged.
            open: bool,
        },
        NoRound,
        /// Images that no pod of the dump has run, and that are taken to be there.
        Supposed { images: Vec<Name> },
        /// Images of which the change runs something else than what was seen to fail.
        Untried { images: Vec<Name> },
        /// Objects that the manifest applied before had, and the new one lacks.
        Unapplied { objects: Vec<String> },
        /// Such objects that somebody leaves, by an annotation.
        KeptBy { objects: Vec<String>, by: &'static str, annotation: &'static str },
        /// What goes with those where somebody deletes them.
        Pruned { claims: Vec<String> },
        /// New claims, and those, or the volumes, where the data is; none where that is gone.
        /// `away`: where no node is left that reaches one of the old volumes.
        Empty { claims: Vec<String>, old: Vec<String>, away: bool },
        /// A deleted set took its claims along, although another of its name came.
        TookClaims { set: Name },
        /// A manifest no longer says how many replicas a set has.
        /// `by`: `server` where the server merges, `release` where Helm compares with what it rendered before, `whole` for whole objects.
        NoReplicas { set: Name, was: i64, by: &'static str },
        /// An autoscaler decides how many replicas a set has, and the change wrote another number.
        Autoscaled { scaler: String, set: Name, least: i64, most: i64, was: i64, now: i64 },
        /// Of the members that the settings name, fewer than a majority are left; whether it is told beside that how members leave.
        NoQuorum { set: Name, members: i64, left: i64, needed: i64, told: bool },
        /// Objects beside the sets that become others, each with the fields.
        Changed { objects: Vec<String> },
        /// Settings that changed, and that running pods of a set do not take over.
        Unread { set: Name, objects: Vec<String>, lines: Vec<String>, by_path: bool },
        /// A budget that does not hold back a rollout, or a taint.
        BudgetIdle { budget: String, set: Name, taint: bool, deleted: bool },
        /// A budget that holds back a drain, and the lines that do not ask it.
        HeldBack { budget: String, pods: Vec<Name>, healthy: i64, wanted: i64, ready: bool, lines: Vec<String> },
        /// From now on claims go with pods that are scaled away, or with the set.
        TakesClaims { set: Name, scaled: bool, deleted: bool },
        /// Pods that a set has lost, as its selector no longer matches their labels.
        Strays { set: Name, pods: Vec<Name> },
        /// How many pods that are replaced are away at once.
        Together { most: usize },
        /// The old pods may take longer to end than they do here, and new ones are killed after their own time.
        LongGrace { set: Name, seconds: i64, total: String, new: i64 },
        /// An object of another kind controls a set.
        Owned { set: Name, owner: String },
        /// A probe of which nobody knows whether it passes.
        NewProbe { set: Name, container: Name, probe: &'static str, seconds: i64, kills: bool },
        /// A number that counts where a feature gate is on.
        ByGate { set: Name, most: String },
        /// Pods below the partition come back at the new revision.
        NewRevision { pods: Vec<Name>, partition: i64 },
        /// An autoscaler does nothing while there are no replicas.
        ScalerOff { scaler: String, set: Name },
        /// Of the members that the settings name, no more than a majority are left; whether it is told beside that how members leave.
        NoReserve { set: Name, members: i64, left: i64, needed: i64, told: bool },
        /// New members that the list of members does not name, and those that wait for the first of them.
        NotListed { set: Name, listed: i64, pods: Vec<Name>, waits: Vec<Name> },
        /// A Service leads to no pod any more, and the line that labels the pods that it led to.
        Deserted { service: String, line: String },
        /// Claims beside the sets are gone, and how many volumes with them.
        GoneBeside { claims: Vec<String>, volumes: usize },
        /// A budget lets no pod go any more, although all are healthy.
        BudgetTight { budget: String, set: Name, wanted: i64, pods: i64 },
        /// Objects beside the sets that are new.
        MadeBeside { objects: Vec<String> },
        /// Claims that pods of a set used, and use no more; what is in their place begins empty.
        Unused { set: Name, claims: Vec<String>, path: String, fleeting: bool },
        /// Fields of claims that no patch changes, and the lines that keep their volumes.
        Rigid { fields: Vec<Name>, lines: Vec<String>, class: bool },
        /// Claims of ordinals that a set does not want, and whether a new policy is asked to take claims along.
        LeftOver { set: Name, claims: Vec<String>, policy: bool },
        /// An autoscaler is gone, and the number stays.
        Unscaled { scaler: String, set: Name, replicas: i64 },
        /// An autoscaler is new, or its bounds are.
        Scaled { scaler: String, set: Name, least: i64, most: i64, goes: i64 },
        /// Names of pods that resolve from now on.
        NamesResolve { names: Vec<String> },
        /// Only metadata of a set itself changes.
        MetaOnly { set: Name, fields: Vec<String>, line: String },
        /// Pods are made anew with a tag that says nothing of its content.
        SameImage { set: Name, image: Name },
        GuardGone { budget: String, set: Name },
        /// A budget is new.
        Guards { budget: String, set: Name, allowed: i64, pods: i64 },
        /// Pods that more than one budget selects cannot be evicted.
        TwoGuards { set: Name, pods: Vec<Name>, budgets: Vec<String>, line: String },
        /// A field that stands where it is unknown, and where it is known.
        Misplaced { field: String, belongs: Vec<String> },
        /// A set whose pods somebody deletes for them to be made of the new template.
        ByHand { set: Name, lines: Vec<String> },
        /// A rollout that nothing but the start of containers holds.
        Unprobed { set: Name },
        /// Nodes that a drain which did not end leaves closed.
        Cordoned { nodes: Vec<Name>, lines: Vec<String> },
        /// No node has the labels by which a volume is reached.
        NoneThere { pod: Name, volume: Name, places: Vec<String> },
        /// A class that cannot be changed, and the lines that change its volumes.
        ClassFixed { class: Name, lines: Vec<String> },
        /// Pods that are not Ready and go first in releases with a feature gate.
        UnreadyFirst { set: Name, pods: Vec<Name>, first: Name },
        /// Objects, or keys of them, that pods of a set need and that are gone.
        NeedGone { set: Name, objects: Vec<String> },
        /// A class is gone of which sets ask for volumes.
        ClassGone { class: Name, sets: Vec<Name> },
        /// A quota allows less than is used.
        QuotaTight { quota: String, over: Vec<String> },
        /// A NetworkPolicy counts for the pods of a set from now on.
        Filtered { policy: String, set: Name, none: bool },
        /// A Service leads to a port by a name that its pods do not have.
        NoPort { service: String, port: String, line: String },
        /// A Service no longer has an address outside of the cluster.
        Closed { service: String, was: Name, now: Name },
        /// A pod was changed, and its set was not.
        ByPod { pod: Name, set: Name },
        /// Claims of a set that is deleted.
        ClaimsStay { claims: Vec<String> },
        /// Containers run as another user over data that is there.
        OtherUser { set: Name, fields: Vec<Name> },
        /// A container gets less memory.
        LessRoom { set: Name, container: Name, was: String, now: String },
        /// What pods wrote is gone with them; `none`: it was on no volume, `copied`: other members may have it.
        Fleeting { set: Name, path: String, pods: Vec<Name>, none: bool, copied: bool },
        /// What pods wrote to folders of their nodes stays there, and they are on others now.
        LeftBehind { set: Name, path: String, pods: Vec<Name>, moves: Vec<String>, old: Vec<Name>, copied: bool },
        /// Pods that come back to folders of their nodes, which other nodes would have taken.
        ByChance { set: Name, path: String, pods: Vec<Name>, open: Vec<Name> },
        /// Pods of a set write one directory of a claim that its volumes name, or of the network where the claim is empty. The whole
        /// volume where the folder is empty.
        SameFolder { set: Name, claim: Name, volume: Name, folder: String, pods: Vec<Name> },
        /// Pods that go, and that the settings of their set go on naming.
        ListsGone { set: Name, listed: i64, pods: Vec<Name> },
        /// A volume is mounted elsewhere.
        Remounted { set: Name, volume: Name, from: String, to: String },
        /// No old revision is kept.
        NoUndo { set: Name },
        /// Lines that do something within a container.
        Inside { lines: Vec<String> },
        /// Secrets for pulling images that no text shows.
        PullSecret { set: Name, secrets: Vec<Name> },
        /// Pods whose nodes no longer have the labels that they ask for.
        OffNode { set: Name, pods: Vec<Name>, labels: Vec<String> },
        /// Containers that must not run as root from now on, and name no user.
        UnknownUser { set: Name, containers: Vec<Name> },
        /// A container that a probe was seen to end. For so many seconds the old and the new probe let it start; 0 where none ends it.
        OtherTime { set: Name, container: Name, was: i64, now: i64 },
        /// A pod that waited until its volume was taken away from a node that does not answer.
        ForcedOff {
            pod: Name,
            volume: Name,
            node: Name,
            /// How long it waited.
            span: String,
            /// The line without which it waits; empty where the node is gone.
            line: String,
        },
        /// Pods that come back to a closed node which they were to leave.
        ComesBack {
            set: Name,
            pods: Vec<Name>,
            node: Name,
            /// The toleration that lets them; empty where they name the node.
            toleration: String,
            /// The other nodes, each with the scheduler's words against it.
            shut: Vec<String>,
            /// The other nodes that would take them.
            open: Vec<Name>,
            /// The line after which they do not come back; empty where they name the node.
            line: String,
        },
        /// An autoscaler that finds no object of the group, kind and name that it aims at.
        AimsAtNothing {
            scaler: String,
            set: Name,
            /// The server's words.
            missing: String,
            replicas: i64,
            /// The number to which it would bring the set; 0 where that is no other.
            goes: i64,
            /// The line that has it find the set of that name; empty where there is none.
            line: String,
        },
        /// An autoscaler that reckons with a share of requests which containers do not have.
        ScalerStill { scaler: String, set: Name, resource: String, containers: Vec<Name>, replicas: i64 },
        /// What a budget comes to, as it was asked; the line lets one pod go at a time.
        ComesTo {
            budget: String,
            asks: String,
            pods: i64,
            number: i64,
            allowed: i64,
            percent: bool,
            /// Whether it has let no pod go.
            held: bool,
            line: String,
        },
        /// Parts of a template that are gone; whether a JSON merge patch took them away.
        TakenAway { set: Name, fields: Vec<String>, merge: bool, line: String },
        /// A Service that leads to other pods.
        LeadsElsewhere { service: String, old: Vec<Name>, new: Vec<Name> },
        /// New pods of a store whose copies know nothing of each other.
        Unjoined { set: Name, program: String, pods: Vec<Name> },
        /// Labels and annotations of a template that replace pods in which nothing else is new.
        Relabeled { set: Name, fields: Vec<String> },
        /// Variables that count only while a data folder is empty.
        Initial { set: Name, settings: Vec<String> },
        /// Claims that no container mounts any more.
        Unmounted { set: Name, volumes: Vec<Name>, paths: Vec<String>, line: String },
        /// An object whose change was refused, beside a set.
        OldBeside { set: Name, object: String, name: Name, rolled: bool, immutable: bool },
        /// Objects that changed, beside a set whose change was refused.
        NewBeside { set: Name, objects: Vec<String> },
        /// Fields of a template that were refused, while other fields of it changed.
        OldField { set: Name, fields: Vec<String> },
        /// What an undo leaves as lines before it have changed it.
        NotUndone { set: Name, fields: Vec<String> },
        /// How a set gets back where its new version does not run.
        BackAgain { set: Name, lines: Vec<String> },
        /// Pods that keep a set from removing others, and the lines that remove these.
        Surplus { set: Name, waits: Vec<Name>, lines: Vec<String> },
        /// Members that stay listed in their own cluster; of a program that nobody knows, the word by which they look for each other.
        MemberStays { set: Name, pods: Vec<Name>, program: String, leaves: &'static str },
        /// Claims without a volume that are not what the template asks for.
        Unbound {
            claims: Vec<String>,
            lines: Vec<String>,
            /// The lines that give them a class, where they have none.
            patches: Vec<String>,
        },
        /// Sets under one budget that roll out at the same time.
        AtOnce { budget: String, sets: Vec<Name> },
        /// Volumes that were given up and keep data: none binds again by itself.
        Released { volumes: Vec<String>, lines: Vec<String> },
        /// Claims that are not what the template asks for, and new ones that are.
        Unlike { asks: String, claims: Vec<String>, made: Vec<String> },
        /// Claims without what their template writes into new ones, and the line that writes it.
        Unmarked { claims: Vec<String>, marks: Vec<String>, line: String },
        /// An image gets the data that another major version of it wrote.
        NewMajor {
            from: Name,
            to: Name,
            /// Whether it is known not to start on that data.
            fails: bool,
        },
        /// Pods that come to claims which keep old data.
        OldData { pods: Vec<Name>, claims: Vec<String> },
        /// A set whose selector matches pods of another workload, and the Services that lead to both.
        Overlaps { one: String, other: String, services: Vec<String> },
        /// Pods that have the subdomain of another Service than their set's.
        OldNames { pods: Vec<Name>, subdomain: Name, service: Name },
        /// Pods whose names below a Service do not resolve.
        NoNames { pods: Vec<Name>, service: Name },
        /// Two processes run as one pod.
        Writers {
            pod: Name,
            /// For how long; empty where that lasts, or nobody knows.
            span: String,
        },
        /// New pods that the partition keeps at the old revision.
        OldRevision { pods: Vec<Name>, images: Vec<Name>, partition: i64 },
        /// No pod gets the new revision.
        NoneUpdated { partition: i64 },
        /// Pods go and come back, in this order.
        Replaces { pods: Vec<Name> },
        /// Pods go for good.
        Removes {
            pods: Vec<Name>,
            /// Whether one is asked to go before another is gone, in an order that is chance.
            together: bool,
        },
        /// The garbage collector deletes pods, in no order that is known.
        Collected { pods: Vec<Name> },
        /// Pods are told to go, and do not.
        Lingers { pods: Vec<Name> },
        /// Pods are new.
        Creates {
            pods: Vec<Name>,
            /// Whether one is made before another is Ready, in an order that is chance.
            together: bool,
        },
        /// A pod comes because its set has none of its ordinal.
        Wanted,
        /// Pods go because the change itself asks for that.
        Asked,
        /// How long each ordinal is not Ready: `web-2 4s`.
        Unready { stretches: Vec<String> },
        /// Pods beyond those that are wanted stay until each before them is Ready.
        Remains { pods: Vec<Name>, wanted: i64 },
        /// Pods are not Ready at the end.
        StillUnready { pods: Vec<Name> },
        /// A pod that gets no node.
        Unplaced {
            pod: Name,
            /// The scheduler's words.
            said: String,
            /// The constraints of which each alone keeps it from every node.
            without: Vec<String>,
            /// How many pods each domain of its spread constraint has.
            counts: Vec<String>,
        },
        /// A claim whose volume is where the rules of its pod do not let the pod go.
        BeyondReach {
            pod: Name,
            claim: Name,
            volume: Name,
            /// Where nodes reach the volume, and where the pod may go.
            there: Vec<Name>,
            here: Vec<Name>,
            class: Name,
            /// Whether the class binds claims before a pod is placed.
            immediate: bool,
            /// Whether the volume goes with its claim.
            deletes: bool,
        },
        /// Fields that an apply would write and that others own. `tool`: a tool applies, and no line of kubectl.
        Conflict { fields: Vec<String>, managers: Vec<String>, tool: bool },
        /// The lowest number of Ready pods.
        Lowest { ready: i64, wanted: i64 },
        Dark {
            /// For how long; empty where that lasts.
            span: String,
        },
        QuorumHolds { majority: i64 },
        QuorumLost {
            majority: i64,
            /// For how long; empty where that lasts.
            span: String,
        },
        /// A pod comes back on another node.
        Moves { pod: Name, from: Name, to: Name },
        /// So many pods come back with another address.
        Addresses { count: usize },
        Kept { claims: usize, volumes: usize },
        Made { objects: Vec<String> },
        Gone {
            /// The claims.
            objects: Vec<String>,
            volumes: usize,
        },
        /// What containers had written goes with a volume.
        DataLost { volume: Name, bytes: usize },
        EndsWell {
            span: String,
            /// Images that are taken to be there.
            images: Vec<Name>,
            /// How many pods have the new template; 0 where none was changed.
            pods: i64,
            /// Whether too many were away in between.
            gap: bool,
            /// Whether something of it is not judged.
            open: bool,
            /// Whether data is gone.
            lost: bool,
            /// Whether a set waits for what it waited for before.
            before: bool,
            /// How much longer it may take; empty where nothing tells.
            slow: String,
        },
        /// It ends as it was told to, and somebody has to go on.
        EndsHeld { span: String },
        /// Nothing waits, and what the notes say is not as it should be.
        EndsAmiss {
            /// Empty where it takes no time.
            span: String,
            /// Whether nothing happens to any set.
            still: bool,
        },
        EndsStopped { span: String },
        EndsStuck { span: String },
        EndsRestless { span: String },
        /// How the wait of some tools for a set ends, or of all, by the word of a verdict; `waits` where that goes on.
        ToolsEnd { tools: String, all: bool, end: &'static str, span: String },
        /// The set itself goes.
        SetGone,
        /// Pods of a set that went without them: they go on, and nobody makes them anew.
        Orphaned { pods: Vec<Name> },
        /// A claim that was told to go, and goes once the pods that use it do.
        Doomed {
            claim: String,
            pods: Vec<Name>,
            /// Whether its volume goes with it, by its reclaim policy.
            deletes: bool,
        },
        /// An object was told to go, and stays; why follows.
        Stays { object: String },
        /// A set waits for what it waited for before.
        AsBefore,
        Blocked { line: String },
        /// A variant in one row.
        Row {
            replaced: usize,
            lowest: i64,
            /// The longest time for which one is not Ready; empty where one is not at the end.
            longest: String,
            span: String,
        },
        /// A variant in which no pod goes, in one row.
        RowStill,
        /// An actual run was not as planned.
        Differs {
            set: Name,
            /// What of it: `Order`, `Pods`, `Lowest`, `Storage`, `Quorum`.
            what: &'static str,
            planned: String,
            found: String,
        },
    }
}

impl Says {
    /// The sentence.
    pub fn sentence(&self) -> String {
        ANALYSIS.plan.says(self)
    }
}
