//! Label selectors.

use super::meta::Labels;
use base::label::{LabelSelector, Requirement};
use base::value::Value;

/// The label selector of a stored object, hence valid. Models metav1.LabelSelector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector(pub Vec<Requirement>);

impl Selector {
    /// Decodes `{matchLabels, matchExpressions}`.
    pub fn decode(value: &Value) -> Self {
        Selector(LabelSelector::of_value(value).unwrap_or_default().requirements)
    }

    /// Whether labels satisfy every requirement. An empty selector matches everything.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.0.iter().all(|r| satisfies(labels, r))
    }
}

/// Whether labels satisfy a requirement.
pub fn satisfies(labels: &Labels, requirement: &Requirement) -> bool {
    requirement.matches(|key| labels.get(key).map(|value| &**value))
}
