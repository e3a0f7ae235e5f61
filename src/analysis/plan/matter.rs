//! What the notes of a plan come to: one row a matter.
//!
//! A row has the id by which somebody looks the matter up, the notes that tell of it, and how much hangs on them.

use text::plan::Says;

/// What a matter asks of whoever reads of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// The change does not end as it should.
    Amiss,
    /// Nobody here can tell how it goes.
    Open,
    /// It is to be read although the change itself may end well: data hangs on what somebody does next.
    Warns,
    /// Data or pods go with what a tool does.
    Costs,
}

macro_rules! matters {
    ($(#[$about:meta] $variant:ident $word:literal [$($says:ident)*] $($mark:ident)*;)*) => {
        base::named! {
            /// What an entry tells of, where somebody may look it up or accept it.
            /// It surprises people although no component waits for it.
            Matter { $(#[$about] $variant $word,)* }
        }

        impl Matter {
            /// That of a note; `None` for a note that has none of its own.
            pub fn of(says: &Says) -> Option<Matter> {
                match says {
                    $($(Says::$says { .. } => Some(Matter::$variant),)*)*
                    _ => None,
                }
            }

            fn marks(self) -> &'static [Mark] {
                match self {
                    $(Matter::$variant => &[$(Mark::$mark),*],)*
                }
            }
        }
    };
}

matters! {
    /// A line fails by itself.
    Fails "fails" [];
    /// Lines come after one that failed.
    NotDone "not-done" [NotDone GoesOn] Amiss;
    /// Objects of kinds that the cluster does not know are left out.
    LeftOut "left-out" [LeftOut];
    /// Images are taken to be there.
    Supposed "supposed" [Supposed];
    /// Claims begin empty while the data is elsewhere.
    Empty "empty" [Empty] Amiss;
    /// A set that was deleted took its claims along.
    TookClaims "took-claims" [TookClaims] Warns Costs;
    /// Claims are not what their template asks for.
    UnlikeClaims "unlike-claims" [Unlike] Amiss;
    /// No pod uses claims any more that keep data.
    UnusedClaims "unused-claims" [Unused Unmounted] Amiss;
    /// Data of another major version is not judged.
    NewMajor "new-major" [NewMajor] Open Warns;
    /// Two workloads share a selector.
    Overlap "overlap" [Overlaps] Amiss;
    /// Names of pods do not resolve.
    NoNames "no-names" [NoNames] Amiss;
    /// Pods have the subdomain of another Service.
    OldNames "old-names" [OldNames] Amiss;
    /// Two processes write as one pod.
    Writers "writers" [Writers SameFolder] Amiss;
    /// A claim goes with the pod that keeps it.
    Doomed "doomed-claim" [Doomed] Warns;
    /// `apply` leaves what the new manifest lacks.
    Unapplied "unapplied" [Unapplied];
    /// Data goes with what somebody prunes.
    Pruned "pruned" [Pruned] Warns;
    /// An object that was told to go stays.
    Stays "stays" [];
    /// A set is gone from a repository.
    Gone "gone" [];
    /// An image is taken to run what has not run yet.
    Untried "untried" [Untried];
    /// Somebody leaves what the new manifest lacks, by an annotation.
    KeptBy "kept-by" [KeptBy];
    /// The manifest no longer says how many replicas there are.
    NoReplicas "no-replicas" [NoReplicas] Warns Costs;
    /// A tool deleted a set for a manifest that was refused.
    DeletedFirst "deleted-first" [DeletedFirst] Amiss Costs;
    /// Claims of a set go with it, and their data.
    LosesData "loses-data" [LosesData] Amiss Costs;
    /// Of a change that was refused, a part is done.
    HalfDone "half-done" [HalfDone] Warns;
    /// A tool writes over what others wrote.
    WrittenOver "written-over" [TakesBack] Warns Costs;
    /// Hooks of a tool are not simulated.
    Hooks "hooks" [Hooks];
    /// A rollback leaves pods of the new template.
    RollbackLeaves "rollback-leaves" [RollbackLeaves] Amiss;
    /// An autoscaler decides how many replicas there are.
    Autoscaled "autoscaled" [Autoscaled] Open;
    /// Fewer members than a majority are left.
    NoQuorum "no-quorum" [NoQuorum] Amiss;
    /// Volumes keep data, and nothing binds them again.
    Released "released" [Released] Warns;
    /// Claims lack what their template writes into new ones.
    Unmarked "unmarked-claims" [Unmarked] Amiss;
    /// Running pods keep settings that changed.
    Unread "unread-settings" [Unread] Warns;
    /// A budget holds back a drain.
    HeldBack "held-back" [HeldBack];
    /// A budget does not hold back a rollout.
    BudgetIdle "budget-idle" [BudgetIdle] Warns;
    /// Another controller owns a set.
    Owned "owned" [Owned] Open Warns;
    /// Nobody knows whether a probe passes.
    NewProbe "new-probe" [NewProbe] Open Warns;
    /// A pod is no longer of its set.
    Strays "strays" [Strays] Amiss Warns;
    /// An autoscaler is off.
    ScalerOff "autoscaler-off" [ScalerOff] Warns;
    /// An autoscaler lacks the requests that it reckons with.
    ScalerStill "autoscaler-still" [ScalerStill] Amiss Warns;
    /// No more than a majority is left.
    NoReserve "no-reserve" [NoReserve] Amiss Warns;
    /// New members are not in the list of members, or it names some that go.
    NotListed "not-listed" [NotListed ListsGone] Amiss;
    /// A Service leads to no pod any more.
    Deserted "deserted" [Deserted] Amiss;
    /// Claims beside the sets are gone.
    GoneBeside "gone-claims" [GoneBeside] Warns;
    /// A budget lets no pod go any more.
    BudgetTight "budget-tight" [BudgetTight] Amiss Warns;
    /// A number counts behind a feature gate.
    ByGate "by-gate" [ByGate];
    /// Two budgets hold one pod.
    TwoGuards "two-budgets" [TwoGuards] Amiss;
    /// Nothing but the start of containers holds a rollout.
    Unprobed "unprobed" [Unprobed] Open;
    /// Old pods may take longer to end than here.
    LongGrace "long-grace" [LongGrace];
    /// Variables count only while a data folder is empty.
    Initial "initial-only" [Initial] Amiss;
    /// A Service leads to other pods.
    LeadsElsewhere "leads-elsewhere" [LeadsElsewhere] Open;
    /// Copies of a store know nothing of each other.
    Unjoined "unjoined-copies" [Unjoined] Open;
    /// Only labels or annotations of a template change.
    Relabeled "relabeled" [Relabeled];
    /// What pods need is gone.
    NeedGone "need-gone" [NeedGone] Amiss;
    /// A class is gone of which sets ask for volumes.
    ClassGone "class-gone" [ClassGone] Amiss;
    /// A quota allows less than is used.
    QuotaTight "quota-tight" [QuotaTight] Amiss;
    /// A Service leads to a port that its pods do not have.
    NoPort "no-port" [NoPort] Amiss;
    /// A Service gives its address outside of the cluster up.
    Closed "closed" [Closed] Amiss;
    /// A pod is changed, and its set is not.
    ByPod "by-pod" [ByPod] Amiss;
    /// A NetworkPolicy counts for pods from now on.
    Filtered "filtered" [Filtered] Open;
    /// Containers run as another user over old data.
    OtherUser "other-user" [OtherUser] Open;
    /// A container gets less memory.
    LessRoom "less-memory" [LessRoom] Open;
    /// Data on no claim goes with each pod, or stays behind on a node.
    Fleeting "fleeting" [Fleeting LeftBehind ByChance] Warns;
    /// A volume is mounted elsewhere.
    Remounted "remounted" [Remounted] Open;
    /// Sets under one budget roll out at the same time.
    AtOnce "at-once" [AtOnce];
    /// Which pod goes first differs between releases.
    UnreadyFirst "unready-first" [UnreadyFirst] Open;
    /// A line does something within a container.
    Inside "inside" [Inside] Open;
    /// A Secret for pulling images is not shown.
    PullSecret "pull-secret" [PullSecret] Open;
    /// Nodes of pods lack labels that these ask for.
    OffNode "off-node" [OffNode] Amiss;
    /// A member that goes stays listed in its own cluster.
    MemberStays "member-stays" [MemberStays] Open;
    /// Parts of a template are gone.
    TakenAway "taken-away" [TakenAway];
    /// What was refused stays old beside what is new.
    OldBeside "old-beside" [NewBeside OldBeside OldField] Amiss;
    /// An undo leaves what else was changed.
    NotUndone "not-undone" [NotUndone] Amiss;
    /// An autoscaler does not find what it aims at.
    NoTarget "no-scale-target" [AimsAtNothing] Amiss;
    /// A pod comes back to the node that it was to leave.
    ComesBack "comes-back" [ComesBack] Amiss;
    /// A probe that ended containers allows another time.
    OtherTime "probe-time" [OtherTime] Open;
    /// A container must not run as root, and only its image names its user.
    UnknownUser "unknown-user" [UnknownUser] Open;
}

impl Matter {
    /// Whether it asks to be read although the change itself ends well.
    pub fn warns(self) -> bool {
        self.marks().contains(&Mark::Warns)
    }
}

/// Whether a note tells of data or pods that go with what a tool does.
pub fn costs(says: &Says) -> bool {
    is(says, Mark::Costs)
}

fn is(says: &Says, mark: Mark) -> bool {
    Matter::of(says).is_some_and(|matter| matter.marks().contains(&mark))
}

/// Whether a course does not end as it should because of this.
pub fn is_amiss(says: &Says) -> bool {
    match says {
        Says::NewMajor { fails: is_so, .. } | Says::TakenAway { merge: is_so, .. } => *is_so,
        _ => is(says, Mark::Amiss),
    }
}

/// Whether nobody here can tell how this goes.
pub fn is_unjudged(says: &Says) -> bool {
    match says {
        // Who has less time to end may be killed in the middle of something.
        Says::LongGrace { seconds, new, .. } => *new > 0 && new < seconds,
        Says::Fleeting { copied, .. } | Says::LeftBehind { copied, .. } => *copied,
        Says::ByChance { .. } => true,
        _ => is(says, Mark::Open),
    }
}

/// Whether data is gone, or out of the reach of whoever wrote it.
pub fn is_lost(says: &Says) -> bool {
    match says {
        Says::GoneBeside { volumes, .. } => *volumes > 0,
        Says::Fleeting { copied, .. } | Says::LeftBehind { copied, .. } => !*copied,
        _ => false,
    }
}

/// Whether running pods have not taken over what a change is for. Whoever goes another way gets the same.
pub fn is_unread(says: &Says) -> bool {
    matches!(says, Says::Unread { .. })
}
