//! Signs: what stands beside words in a picture, and what its colour says.

base::named! {
    /// A sign with a silhouette of its own; the page's sprite holds one drawing for each.
    Glyph {
        Ready "ready",
        Running "run",
        Creating "create",
        Pending "pend",
        Absent "none",
        Terminating "term",
        Unknown "unk",
        Bad "bad",
        Hazard "haz",
        Node "node",
        NodeSilent "node-off",
        NodeClosed "node-closed",
        Disk "disk",
        DiskBound "disk-bound",
        DiskLost "disk-lost",
        Check "check",
        Cross "cross",
        Flag "flag",
    }
}

base::named! {
    /// What a colour says about an object of the cluster. One meaning each, and never without a glyph or a word.
    Hue {
        /// Ready, Bound, published.
        Ready "ready",
        /// Held: Pending, being created, not Ready; a controller waits.
        Wait "wait",
        /// Refused or unsafe.
        Danger "danger",
        /// Leaving or out of sight.
        Gone "gone",
        /// Not there.
        Mute "mute",
        /// No state at all: what a person did.
        Ink "ink",
    }
}

/// A glyph in its hue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub Glyph, pub Hue);
