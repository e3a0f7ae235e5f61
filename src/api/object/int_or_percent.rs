//! A number of pods, written as such or as a share of those wanted.

use crate::base::value::Value;

/// A number, or per cent of another one. Models k8s.io/apimachinery/pkg/util/intstr IntOrString where it holds a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntOrPercent {
    /// So many.
    Int(i64),
    /// So many in a hundred.
    Percent(i64),
}

impl IntOrPercent {
    /// Reads a number or a text such as `25%`; `None` for anything else.
    pub fn decode(value: &Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(IntOrPercent::Int(*n)),
            Value::Text(text) => text.strip_suffix('%')?.parse().ok().map(IntOrPercent::Percent),
            _ => None,
        }
    }

    /// As a number, when it is a share of `whole`; part pods do not count. Models intstr.GetScaledValueFromIntOrPercent.
    pub fn rounded_down(self, whole: i64) -> i64 {
        match self {
            IntOrPercent::Int(n) => n,
            IntOrPercent::Percent(p) => whole.saturating_mul(p) / 100,
        }
    }

    /// As a number, when it is a share of `whole`; part pods count as whole ones.
    pub fn rounded_up(self, whole: i64) -> i64 {
        match self {
            IntOrPercent::Int(n) => n,
            IntOrPercent::Percent(p) => whole.saturating_mul(p).saturating_add(99) / 100,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_rounded_as_the_caller_asks() {
        for (written, whole, down, up) in [
            (Value::from("25%"), 3, 0, 1),
            (Value::from("25%"), 10, 2, 3),
            (Value::from("25%"), 4, 1, 1),
            (Value::from("0%"), 9, 0, 0),
            (Value::from("100%"), 9, 9, 9),
            (Value::from(2), 9, 2, 2),
        ] {
            let read = IntOrPercent::decode(&written).unwrap();
            assert_eq!((read.rounded_down(whole), read.rounded_up(whole)), (down, up), "{written:?} of {whole}");
        }
        assert_eq!(IntOrPercent::decode(&Value::from("two")), None);
    }
}
