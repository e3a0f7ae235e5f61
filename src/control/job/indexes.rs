//! Completion indexes: each index of an Indexed Job has one pod at a time, and succeeds or fails for itself.
//!
//! Models pkg/controller/job/indexed_job_utils.go and success_policy.go.

use std::fmt;

use api::object::Pod;
use base::fill::Fill;
use base::sort::Sort;
use base::value::Value;

/// The annotation and the label with a pod's index.
pub const INDEX: &str = "batch.kubernetes.io/job-completion-index";
/// The annotation that counts the failures of an index before this pod.
const FAILURES: &str = "batch.kubernetes.io/job-index-failure-count";
/// The same for failures that a policy ignores.
const IGNORED: &str = "batch.kubernetes.io/job-index-ignored-failure-count";
/// The longest generated name, without its suffix. Models names.MaxGeneratedNameLength.
const PREFIX_MAX: usize = 58;

/// A set of indexes as intervals, which neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Indexes(Vec<(i64, i64)>);

impl Indexes {
    /// Parses what is printed; indexes from `end` on are left out.
    pub fn parse(text: &str, end: i64) -> Self {
        let number = |text: &str| text.parse::<i64>().ok();
        let interval = |text: &str| {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            Some((number(first)?, number(last)?.min(end - 1))).filter(|(first, last)| first <= last)
        };
        Self::default().with(text.split(',').filter_map(interval))
    }

    /// This set and more intervals.
    #[must_use]
    pub fn with(mut self, more: impl IntoIterator<Item = (i64, i64)>) -> Self {
        self.0.extend(more);
        self.0.sort_small();
        self.0.dedup_by(|next, last| {
            let touches = next.0 <= last.1 + 1;
            last.1 = if touches { last.1.max(next.1) } else { last.1 };
            touches
        });
        self
    }

    /// This set and other indexes.
    #[must_use]
    pub fn and(self, more: impl IntoIterator<Item = i64>) -> Self {
        self.with(more.into_iter().map(|index| (index, index)))
    }

    /// The intervals.
    pub fn intervals(&self) -> impl Iterator<Item = (i64, i64)> {
        self.0.iter().copied()
    }

    /// Whether it contains an index.
    pub fn has(&self, index: i64) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&index))
    }

    /// The number of indexes.
    pub fn total(&self) -> i64 {
        self.0.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// The lowest indexes below `end` that it lacks.
    pub fn lacks(&self, end: i64, most: usize) -> Vec<i64> {
        let ends = self.0.iter().map(|(_, last)| last + 1);
        let gaps = std::iter::once(0).chain(ends).zip(self.0.iter().map(|(first, _)| *first).chain([end]));
        gaps.flat_map(|(from, to)| from..to.min(end)).take(most).collect()
    }
}

impl fmt::Display for Indexes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, (first, last)) in self.0.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { "," })?;
            match last - first {
                0 => write!(f, "{first}")?,
                1 => write!(f, "{first},{last}")?,
                _ => write!(f, "{first}-{last}")?,
            }
        }
        Ok(())
    }
}

/// The index of a pod, if it is one of this many.
pub fn index_of(pod: &Pod, completions: i64) -> Option<i64> {
    pod.meta.annotations.get(INDEX)?.parse().ok().filter(|index| (0..completions).contains(index))
}

/// How many pods of its index failed before a pod: those that counted, and those that were ignored.
pub fn failures(pod: &Pod) -> [i64; 2] {
    [FAILURES, IGNORED].map(|key| pod.meta.annotations.get(key).and_then(|count| count.parse().ok()).filter(|n| *n >= 0).unwrap_or(0))
}

/// The rule of a success policy that enough indexes fulfil. Models matchSuccessPolicy.
pub fn succeeds(job: &Value, completions: i64, succeeded: &Indexes) -> Option<String> {
    let holds = |rule: &Value| {
        let count = rule.int_at(&["succeededCount"]);
        let Some(wanted) = rule.text_at(&["succeededIndexes"]) else { return count.is_some_and(|count| succeeded.total() >= count) };
        let wanted = Indexes::parse(wanted, completions);
        let shared = |(a, b): (i64, i64)| succeeded.intervals().map(|(first, last)| (b.min(last) - a.max(first) + 1).max(0)).sum::<i64>();
        let found: i64 = wanted.intervals().map(shared).sum();
        wanted.total() > 0 && (found == wanted.total() || count.is_some_and(|count| found >= count))
    };
    let met = job.list_at(&["spec", "successPolicy", "rules"]).iter().position(holds).filter(|_| succeeded.total() > 0)?;
    Some(format!("Matched rules at index {met}"))
}

/// The template of the pod of an index, and what its name begins with. `failed` has the failures of the index so far, if they are counted.
pub fn template(job: &Value, name: &str, index: i64, failed: Option<[i64; 2]>) -> (Value, String) {
    let mut template = job.at(&["spec", "template"]).cloned().unwrap_or_default();
    for list in ["initContainers", "containers"] {
        template.each(&["spec", list], |container| {
            let mut env = container.list_at(&["env"]).to_vec();
            if !env.iter().any(|e| e.text_at(&["name"]) == Some("JOB_COMPLETION_INDEX")) {
                let mut variable = Value::of([("name", "JOB_COMPLETION_INDEX")]);
                let field = Value::of([("apiVersion", "v1"), ("fieldPath", &format!("metadata.labels['{INDEX}']"))]);
                variable.set(&["valueFrom", "fieldRef"], field);
                env.push(variable);
                container.set(&["env"], Value::list(env));
            }
        });
    }
    for place in ["labels", "annotations"] {
        template.set(&["metadata", place, INDEX], index.to_string());
    }
    for (i, (key, count)) in [FAILURES, IGNORED].into_iter().zip(failed.into_iter().flatten()).enumerate() {
        if i == 0 || count > 0 {
            template.set(&["metadata", "annotations", key], count.to_string());
        }
    }
    template.set(&["spec", "hostname"], format!("{name}-{index}"));
    let end = format!("-{index}-");
    let start = name.get(..PREFIX_MAX - end.len()).unwrap_or(name);
    (template, format!("{start}{end}"))
}
