//! Explanations of decisions: what they are made from.

use std::ops::Range;

use super::Why;
use super::diagnose::Told;
use base::fields::{Field, Fields};
use why::Reason;

pub use base::sentences::Explanation;

/// Why something is as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because<'a> {
    /// A component decided.
    Decided(&'a Reason),
    /// The ordinal is not among those the set wants.
    NotWanted(&'a Unwanted),
    /// It is being deleted, and its node is silent: no kubelet confirms that it has stopped.
    Stranded { node: &'a str },
    /// It keeps an old revision, by a rule.
    Keeps {
        /// `r1`.
        revision: &'a str,
        /// The rule.
        by: &'a Reason,
    },
    /// It fails on a revision that is no longer wanted.
    Trapped {
        /// Why it fails.
        by: &'a Reason,
    },
    /// It was to leave its node, and nobody asks for that any more.
    NoLongerEvicted {
        /// The node, which still takes no pods.
        node: &'a str,
        /// The budget that refused.
        budget: &'a str,
    },
    /// It asks for a scheduler that is not there.
    NobodySchedules {
        /// `schedulerName`.
        scheduler: &'a str,
    },
    /// Nobody has looked at it yet.
    NotLookedAt,
    /// Somebody has looked, and it was changed since.
    NotSeen,
}

/// By which field a set does not want an ordinal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwanted {
    /// It wants so many pods, and the ordinal comes after them.
    Above(i64),
    /// It begins with a higher one: the ordinals it wants.
    Below(Range<i64>),
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who<'a> {
    /// Somebody at the terminal, with a line, which is empty if it is no longer known.
    You(&'a str),
    /// A component of the control plane, by its name.
    Component(&'a str),
    /// The kubelet of a node.
    Kubelet(&'a str),
    /// The playground, setting up the cluster.
    Setup,
}

impl Field for Who<'_> {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        let (variant, part, of) = match self {
            Who::You(line) => ("You", "line", line),
            Who::Component(component) => ("Component", "component", component),
            Who::Kubelet(node) => ("Kubelet", "node", node),
            Who::Setup => ("Setup", "", &""),
        };
        fields.text(name, variant);
        of.put(part, fields);
    }
}

base::with_fields! {
    /// Whether what is asked about exists.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Standing {
        /// It does.
        Exists,
        /// It is a pod that never was.
        NotCreated,
        /// It is a pod that was there before.
        NotRecreated,
    }
}

/// What is to be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case<'a> {
    /// What is asked about: `web-2`, `data-web-2`, `web`.
    pub subject: &'a str,
    /// Whether it exists.
    pub standing: Standing,
    /// The set it belongs to.
    pub set: &'a str,
    /// Why.
    pub because: Because<'a>,
}

impl Case<'_> {
    /// The name of the set, or of the workload without ordinals if there is no set.
    pub fn workload(&self) -> &str {
        if self.set.is_empty() { self.subject } else { self.set }
    }

    /// The fields that every row can use, whatever the reason.
    fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        fields.text("subject", self.subject);
        fields.text("set", self.set);
        fields.text("workload", self.workload());
        self.standing.put("standing", &mut fields);
        fields
    }
}

impl Why {
    /// Explains a decision, or why there is none.
    pub fn tell(self, case: &Case) -> Explanation {
        let row = self.row(case);
        self.0.explain(row.key, &row.fields)
    }

    /// The row that explains a case. Of a case with another one in it, that one is told in this language.
    pub fn row(self, case: &Case) -> Told {
        let mut fields = case.fields();
        let put = |by, fields: &mut Fields| {
            let told = self.tell(&Case { because: Because::Decided(by), ..*case });
            let sentences = [("verdict", told.verdict), ("paragraph", told.paragraph), ("brief", told.brief), ("until", told.ends_when)];
            for (name, sentence) in &sentences {
                sentence.put(name, fields);
            }
        };
        let key = match case.because {
            Because::Decided(reason) => {
                reason.put("reason", &mut fields);
                let is_refused = case.standing != Standing::Exists && matches!(reason, Reason::SyncFailed { obstacle: Some(_), .. });
                if is_refused { "refused" } else { reason.variant() }
            }
            Because::NotWanted(Unwanted::Above(replicas)) => {
                fields.number("replicas", *replicas);
                "not-wanted-above"
            }
            Because::NotWanted(Unwanted::Below(wanted)) => {
                fields.number("start", wanted.start);
                "not-wanted-below"
            }
            Because::Stranded { node } => {
                fields.text("node", node);
                "stranded"
            }
            Because::Keeps { revision, by } => {
                fields.text("revision", revision);
                put(by, &mut fields);
                "keeps"
            }
            Because::Trapped { by } => {
                put(by, &mut fields);
                "trapped"
            }
            Because::NoLongerEvicted { node, budget } => {
                fields.text("node", node);
                fields.text("budget", budget);
                "no-longer-evicted"
            }
            Because::NobodySchedules { scheduler } => {
                fields.text("scheduler", scheduler);
                "nobody-schedules"
            }
            Because::NotLookedAt => "not-looked-at",
            Because::NotSeen => "not-seen",
        };
        Told { key, fields }
    }
}
