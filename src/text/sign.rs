//! Signs: what stands beside words in a picture, and what its colour says.

/// A sign with a silhouette of its own; the page's sprite holds one drawing for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Glyph {
    Ready,
    Running,
    Creating,
    Pending,
    Absent,
    Terminating,
    Unknown,
    Bad,
    Hazard,
    Node,
    NodeSilent,
    NodeClosed,
    Disk,
    DiskBound,
    DiskLost,
    Check,
    Cross,
    Flag,
}

impl Glyph {
    /// The drawing's name in the sprite.
    pub fn id(self) -> &'static str {
        match self {
            Glyph::Ready => "ready",
            Glyph::Running => "run",
            Glyph::Creating => "create",
            Glyph::Pending => "pend",
            Glyph::Absent => "none",
            Glyph::Terminating => "term",
            Glyph::Unknown => "unk",
            Glyph::Bad => "bad",
            Glyph::Hazard => "haz",
            Glyph::Node => "node",
            Glyph::NodeSilent => "node-off",
            Glyph::NodeClosed => "node-closed",
            Glyph::Disk => "disk",
            Glyph::DiskBound => "disk-bound",
            Glyph::DiskLost => "disk-lost",
            Glyph::Check => "check",
            Glyph::Cross => "cross",
            Glyph::Flag => "flag",
        }
    }
}

/// What a colour says about an object of the cluster. One meaning each, and never without a glyph or a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hue {
    /// Ready, Bound, published.
    Ready,
    /// Held: Pending, being created, not Ready; a controller waits.
    Wait,
    /// Refused or unsafe.
    Danger,
    /// Leaving or out of sight.
    Gone,
    /// Not there.
    Mute,
    /// No state at all: what a person did.
    Ink,
}

impl Hue {
    /// The name that style sheets know it by.
    pub fn id(self) -> &'static str {
        match self {
            Hue::Ready => "ready",
            Hue::Wait => "wait",
            Hue::Danger => "danger",
            Hue::Gone => "gone",
            Hue::Mute => "mute",
            Hue::Ink => "ink",
        }
    }
}

/// A glyph in its hue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub Glyph, pub Hue);
