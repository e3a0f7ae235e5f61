//! Explanations of decisions: what they are made from, and the sentences they consist of.

use std::ops::Range;

use super::rows::{Table, english};
use super::{About, Count};
use base::fields::{Field, Fields};
use why::{ProbeKind, Reason};

/// Why something is as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because<'a> {
    /// A component decided.
    Decided(&'a Reason),
    /// The ordinal is not among those the set wants.
    NotWanted(&'a Unwanted),
    /// It is being deleted, and its node is silent: no kubelet confirms that it has stopped.
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

/// Answers to questions that no single decision answers, and what ends a wait. The English table shows what each entry is.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct QuestionTexts {
    pub usage: &'static str,
    pub who: fn(&Who) -> String,
    /// Buttons that ask.
    pub who_deleted: fn(&str) -> String,
    /// A pod or claim, and where it is.
    pub why_there: fn(&str, &str) -> String,
    /// What a container has written.
    pub log_of: fn(&str) -> String,
    pub does_not_exist: fn(&str) -> String,
    pub nobody_wants: &'static str,
    /// Who created an object, and who last wrote it.
    pub made_by: fn(&str) -> String,
    pub written_by: fn(&str) -> String,
    pub is_there: fn(&str) -> String,
    pub not_deleted: fn(&str) -> String,
    pub never_there: fn(&str) -> String,
    /// What was deleted, and by whom.
    pub deleted: fn(&str, &str) -> String,
    pub leaving: fn(&str, &str) -> String,
    /// The workload that was deleted last, and when; and where none is left.
    pub gone: fn(&str, &str) -> String,
    pub none_left: &'static str,
    pub asked: fn(&str) -> String,
    pub removed: fn(&str) -> String,
    pub removal_waits: &'static str,
    /// A name and its addresses.
    pub answers: fn(&str, &str) -> String,
    /// A name and what the server says instead.
    pub no_answer: fn(&str, &str) -> String,
    pub name_rule: &'static str,
    pub name_ends: &'static str,
    /// The Service that does not exist.
    pub service_ends: fn(&str) -> String,
    /// A Service and what it selects.
    pub selects: fn(&str, &str) -> String,
    /// A Service that publishes pods that are not Ready, too.
    pub publishes_all: fn(&str) -> String,
    /// An EndpointSlice's endpoint: the pod, and whether it is published.
    pub endpoint: fn(&str, bool) -> String,
    pub node_rule: &'static str,
    /// A node, and what the scores or the filters said.
    pub node_scored: fn(&str, &str) -> String,
    pub node_refused: fn(&str, &str) -> String,
    pub only_one: fn(&str) -> String,
    /// A volume, its claim, and who made it.
    pub volume_made: fn(&str, &str) -> String,
    pub volume_chosen: &'static str,
    pub volume_reserved: &'static str,
    /// How much is asked for, and how much there is.
    pub amounts: fn(&str, &str) -> String,
    /// Where the disk was asked for.
    pub node_selected: fn(&str) -> String,
    /// What ends a wait: buttons.
    pub make: fn(&str) -> String,
    pub default_class: fn(&str) -> String,
    pub untaint: fn(&str) -> String,
    pub label: fn(&str) -> String,
    /// What every node is to be labelled with: `zone`.
    pub label_all: fn(&str) -> String,
    pub add_node: &'static str,
    pub fewer: fn(i64) -> String,
    pub undo_and_delete: fn(&str) -> String,
    pub use_image: fn(&str) -> String,
    /// The image that a pod is to have, and the pod.
    pub other_image: fn(&str, &str) -> String,
    /// An image that may be pulled then, and the pod.
    pub may_pull: fn(&str, &str) -> String,
    /// Conditions that readiness gates name.
    pub set_true: fn(&str) -> String,
    /// A pod that the scheduler is to look at.
    pub ungate: fn(&str) -> String,
    /// A container, and the pod.
    pub other_command: fn(&str, &str) -> String,
    /// The pod that is to request less.
    pub less: fn(&str) -> String,
    /// A kind of probe, and the pod.
    pub without_probe: fn(ProbeKind, &str) -> String,
    /// A variable of the environment, and the pod.
    pub with_variable: fn(&str, &str) -> String,
    /// A pod that is waited for is by now as it should be: a paragraph, in a few words, and what ends the wait.
    pub moved_on: [&'static str; 3],
    pub delete_both: fn(&str, &str) -> String,
    /// Claims and a pod, with whose deletion data is lost.
    pub lose_both: fn(&str, &str) -> String,
    pub let_go: fn(&str) -> String,
    /// A namespace that forbids its pods something.
    pub allow: fn(&str) -> String,
    /// A volume that nobody gets, why by its claim, that claim as a fact, and what ends it.
    pub kept: fn(&str) -> String,
    pub kept_why: fn(&str) -> String,
    pub kept_claim: fn(&str) -> String,
    pub kept_ends: &'static str,
    pub free: fn(&str) -> String,
    /// A pod for which the controller waits, and which cannot become Ready; and one that may, and is the last one.
    pub waits_in_vain: fn(&str) -> String,
    pub waits_for_last: fn(&str) -> String,
    /// Has a provisioner run that no one runs.
    pub run_provisioner: fn(&str) -> String,
    pub look_again: &'static str,
    /// The fields that were taken off a manifest, already marked as code and joined.
    pub taken_off: About,
    /// A set that was refused, and whether an earlier one of its name is there.
    pub refused_set: fn(&str, bool) -> String,
    /// How many objects of a manifest were stored, and of how many.
    pub stored: fn(usize, usize) -> String,
    /// The button that makes everything that a manifest lacks: how many objects.
    pub create_missing: Count,
    /// A pod that is to count as Ready although its probe fails, and what that is.
    pub override_ready: fn(&str) -> String,
    pub override_note: &'static str,
    /// A Service whose names a probe asks for; that the pods it asks for wait for its own; and what helps.
    pub names_of_ready: fn(&str) -> String,
    pub others_wait: &'static str,
    pub publish_all: &'static str,
    pub publish_in_parallel: &'static str,
    /// A quota, and to what.
    pub raise: fn(&str, &str) -> String,
    /// A class.
    pub let_grow: fn(&str) -> String,
    /// A budget that is to allow one disruption.
    pub let_one_go: fn(&str) -> String,
    pub note_size: &'static str,
    pub resume: &'static str,
    pub lower: &'static str,
}

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

impl Standing {
    /// Its name in the conditions of a row.
    fn word(self) -> &'static str {
        match self {
            Standing::Exists => "Exists",
            Standing::NotCreated => "NotCreated",
            Standing::NotRecreated => "NotRecreated",
        }
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
        fields.text("standing", self.standing.word());
        fields
    }
}

/// An explanation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// One sentence, subject first, full stop.
    pub verdict: String,
    /// The same in a few words, where there is room for no more: `web-1 is not Ready`. Empty where nothing waits.
    pub brief: String,
    /// One short paragraph.
    pub paragraph: String,
    /// What would end the wait; empty where nothing waits.
    pub ends_when: String,
}

impl Table {
    /// Explains a decision, or why there is none.
    pub fn tell(&self, case: &Case) -> Explanation {
        let mut fields = case.fields();
        let key = match case.because {
            Because::Decided(reason) => return self.decided(case, reason),
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
                self.decided(case, by).put(&mut fields);
                "keeps"
            }
            Because::Trapped { by } => {
                self.decided(case, by).put(&mut fields);
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
        self.row(key, &fields)
    }

    fn decided(&self, case: &Case, reason: &Reason) -> Explanation {
        let mut fields = case.fields();
        reason.put("reason", &mut fields);
        self.row(reason.variant(), &fields)
    }

    /// The sentences of a key: in English if this language has no row, and only the key if English has none either.
    fn row(&self, key: &str, fields: &Fields) -> Explanation {
        let told = self.find(key, fields).or_else(|| english().find(key, fields));
        told.unwrap_or_else(|| Explanation { verdict: format!("`{key}`"), ..Explanation::default() })
    }
}

impl Explanation {
    /// Puts each sentence under a name of its own.
    fn put(&self, fields: &mut Fields) {
        fields.text("verdict", &*self.verdict);
        fields.text("paragraph", &*self.paragraph);
        fields.text("brief", &*self.brief);
        fields.text("until", &*self.ends_when);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{self, Table};
    use base::fields::samples::Sample;

    const STANDINGS: [Standing; 3] = [Standing::Exists, Standing::NotCreated, Standing::NotRecreated];

    /// Every reason, of a pod of a set, of a set and of what has none.
    fn cases(reasons: &[Reason]) -> impl Iterator<Item = Case<'_>> {
        let places = STANDINGS
            .into_iter()
            .flat_map(|standing| [("web-1", "web"), ("web", "web"), ("app", "")].map(|(subject, set)| (standing, subject, set)));
        let of = |reason| [Because::Decided(reason), Because::Keeps { revision: "r1", by: reason }, Because::Trapped { by: reason }];
        let because: Vec<Because> = reasons.iter().flat_map(of).chain(others()).collect();
        places.flat_map(move |(standing, subject, set)| {
            because.clone().into_iter().map(move |because| Case { subject, standing, set, because })
        })
    }

    fn is_korean(verdict: &str) -> bool {
        verdict.contains(|c| ('가'..='힣').contains(&c))
    }

    fn others() -> Vec<Because<'static>> {
        vec![
            Because::NotWanted(&Unwanted::Above(3)),
            Because::NotWanted(&Unwanted::Below(2..4)),
            Because::Stranded { node: "node-1" },
            Because::NoLongerEvicted { node: "node-1", budget: "web" },
            Because::NobodySchedules { scheduler: "mine" },
            Because::NotLookedAt,
            Because::NotSeen,
        ]
    }

    /// Cases without a sentence of their own, or with a placeholder that no field fills. `speaks` tells the language of a verdict.
    fn untold(table: &Table, speaks: impl Fn(&str) -> bool) -> Vec<String> {
        let reasons = Reason::samples();
        let told = cases(&reasons).map(|case| (case.because, table.tell(&case)));
        let is_whole = |told: &Explanation| {
            let sentences = [&told.verdict, &told.paragraph, &told.brief, &told.ends_when];
            let is_own = !told.verdict.is_empty() && !told.verdict.starts_with('`') && speaks(&told.verdict);
            is_own && sentences.iter().all(|sentence| !sentence.contains(['{', '}']))
        };
        let mut untold: Vec<String> =
            told.filter(|(_, told)| !is_whole(told)).map(|(because, told)| format!("{because:?}: {told:?}")).collect();
        untold.dedup();
        untold
    }

    #[test]
    fn every_reason_is_told_in_english() {
        assert_eq!(untold(rows::english(), |verdict| !is_korean(verdict)), [""; 0]);
    }

    #[test]
    fn every_reason_is_told_in_korean() {
        assert_eq!(untold(rows::korean(), is_korean), [""; 0]);
    }

    #[test]
    fn every_row_has_its_reason() {
        let known: Vec<&str> = Reason::samples().iter().map(Reason::variant).collect();
        for table in [rows::english(), rows::korean()] {
            let is_reason = |key: &str| key.starts_with(|c: char| c.is_ascii_uppercase());
            let unknown: Vec<_> = table.keys().filter(|key| is_reason(key) && !known.contains(key)).collect();
            assert_eq!(unknown, [""; 0]);
        }
    }
}
