//! What controllers do in passing, without anything having waited for it.

use crate::api::object::Name;
use crate::base::fields::told;

told! {
    /// What is put in order.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Upkeep {
        /// The object forgets an owner that is gone; it has others.
        ForgetsOwner {
            /// The owner.
            owner: Name,
        },
        /// Nothing needs a finalizer any longer, so whoever set it removes it.
        FinalizerDone {
            /// The finalizer.
            finalizer: &'static str,
        },
        /// The object gets back a finalizer that protects it.
        FinalizerBack {
            /// The finalizer.
            finalizer: &'static str,
        },
        /// The claim has no class yet, and gets the default one.
        TakesDefaultClass {
            /// The class.
            class: Name,
        },
        /// The volume is no longer bound: its claim is gone or has another one.
        VolumeReleased {
            /// The claim.
            claim: Name,
        },
        /// The Job ended, and its time to live is over.
        TimeIsOver,
        /// The pod gets the claims that its own volumes describe.
        MakesClaims,
        /// The set's history of revisions is brought in line with its template.
        KeepsRevisions,
        /// The object's status is updated to what the objects that it depends on show.
        StatusFollows,
        /// The node's taints are updated to reflect its state.
        TaintsFollowNode,
        /// Every namespace has this object, and this one gets it too.
        EveryNamespaceHasOne,
        /// The Secret gets a token of its ServiceAccount.
        TokenIsMade {
            /// The ServiceAccount.
            account: Name,
        },
        /// The Secret's ServiceAccount is gone, and the Secret goes with it.
        AccountIsGone {
            /// The ServiceAccount.
            account: Name,
        },
    }
}
