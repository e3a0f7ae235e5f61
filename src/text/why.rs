//! What is to be told about a decision, and what the telling consists of.

use crate::why::Reason;

/// Why something is as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because<'a> {
    /// A component decided.
    Decided(&'a Reason),
    /// The ordinal is outside what the set wants.
    NotWanted {
        /// How many pods the set wants.
        replicas: i64,
    },
    /// It is to go, and its node is silent: no kubelet confirms that it has ended.
    Stranded {
        /// The node.
        node: &'a str,
    },
    /// It keeps an old revision, by a rule.
    Keeps {
        /// `r1`.
        revision: &'a str,
        /// The rule.
        by: &'a Reason,
    },
    /// It fails on a revision that nobody wants any more.
    Trapped {
        /// Why it fails.
        by: &'a Reason,
    },
    /// Nobody has looked at it yet.
    NotLookedAt,
}

/// What is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case<'a> {
    /// What is asked about: `web-2`, `data-web-2`, `web`.
    pub subject: &'a str,
    /// Whether it is a pod that does not exist.
    pub absent: bool,
    /// The set it belongs to.
    pub set: &'a str,
    /// Why.
    pub because: Because<'a>,
}

impl Case<'_> {
    /// The name of the set's pod of an ordinal.
    pub fn pod(&self, ordinal: i64) -> String {
        format!("{}-{ordinal}", self.set)
    }
}

/// A decision, told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// One sentence, subject first, full stop.
    pub verdict: String,
    /// The same in a few words, where there is room for no more: `web-1 is not Ready`. Empty where nothing waits.
    pub brief: String,
    /// One short paragraph.
    pub paragraph: String,
    /// What would end the wait; empty where nothing waits.
    pub ends_when: String,
}

impl Told {
    /// A verdict and its paragraph, with nothing to wait for.
    pub(super) fn done(verdict: impl Into<String>, paragraph: impl Into<String>) -> Told {
        Told { verdict: verdict.into(), paragraph: paragraph.into(), ..Told::default() }
    }

    /// The same, and what would end the wait.
    #[must_use]
    pub(super) fn until(mut self, ends_when: impl Into<String>) -> Told {
        self.ends_when = ends_when.into();
        self
    }

    /// The same, in a few words too.
    #[must_use]
    pub(super) fn brief(mut self, brief: impl Into<String>) -> Told {
        self.brief = brief.into();
        self
    }
}
