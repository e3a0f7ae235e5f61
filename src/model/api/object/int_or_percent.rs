//! A number of pods, absolute or as a percentage.

use base::value::Value;

/// An integer or a percentage. Models k8s.io/apimachinery/pkg/util/intstr IntOrString where it holds a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntOrPercent {
    /// An absolute number.
    Int(i64),
    Percent(i64),
}

impl IntOrPercent {
    /// Decodes an integer or a text such as `25%`; `None` for anything else.
    pub fn decode(value: &Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(IntOrPercent::Int(*n)),
            Value::Text(text) => text.strip_suffix('%')?.parse().ok().map(IntOrPercent::Percent),
            _ => None,
        }
    }

    /// Resolves it against `whole`, rounding down. Models intstr.GetScaledValueFromIntOrPercent.
    pub fn rounded_down(self, whole: i64) -> i64 {
        match self {
            IntOrPercent::Int(n) => n,
            IntOrPercent::Percent(p) => whole.saturating_mul(p) / 100,
        }
    }

    /// Resolves it against `whole`, rounding up.
    pub fn rounded_up(self, whole: i64) -> i64 {
        match self {
            IntOrPercent::Int(n) => n,
            IntOrPercent::Percent(p) => whole.saturating_mul(p).saturating_add(99) / 100,
        }
    }
}
