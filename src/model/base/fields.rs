//! The fields of a value, by name: a table of sentences fills its placeholders from them.
//!
//! Promises: [`with_fields!`] gives every variant of an enum its name and its fields, in the order of the definition.
//! Must not know: any sentence.

use std::rc::Rc;

use crate::time::Time;
use crate::word::Word;

/// The content of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A name or a message.
    Text(Rc<str>),
    /// A count, an ordinal, seconds; 1 for true and 0 for false.
    Number(i64),
    /// Several items, each with its own fields.
    List(Vec<Fields>),
}

impl Content {
    /// Whether the content is not an empty text, not 0 and not an empty list.
    pub(crate) fn is_something(&self) -> bool {
        match self {
            Content::Text(text) => !text.is_empty(),
            Content::Number(number) => *number != 0,
            Content::List(items) => !items.is_empty(),
        }
    }
}

/// Contents by name, in the order in which they were put.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(&'static str, Content)>);

impl Fields {
    /// Puts a text under a name.
    pub fn text(&mut self, name: &'static str, text: impl Into<Rc<str>>) {
        self.0.push((name, Content::Text(text.into())));
    }

    /// Puts a number under a name.
    pub fn number(&mut self, name: &'static str, number: i64) {
        self.0.push((name, Content::Number(number)));
    }

    /// Puts items under a name.
    pub fn list(&mut self, name: &'static str, items: Vec<Fields>) {
        self.0.push((name, Content::List(items)));
    }

    /// Adds other fields; of two with one name, the first counts.
    pub fn extend(&mut self, other: &Fields) {
        self.0.extend(other.0.iter().cloned());
    }

    /// The texts, in the order in which they were put.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|(_, content)| if let Content::Text(text) = content { Some(&**text) } else { None })
    }

    /// The texts with their names, in the order in which they were put.
    pub fn named_texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().filter_map(|(name, content)| if let Content::Text(text) = content { Some((*name, &**text)) } else { None })
    }

    /// The first content under a name.
    pub fn get(&self, name: &str) -> Option<&Content> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, content)| content)
    }

    /// The first content under a name, if that is a number.
    pub fn get_number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Content::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// A value that fields can be filled with.
pub trait Field {
    /// Puts the value under a name. An enum puts the name of its variant there, and adds the fields of the variant; `None` puts nothing.
    fn put(&self, name: &'static str, fields: &mut Fields);
}

macro_rules! number_fields {
    ($($number:ty)*) => { $(
        impl Field for $number {
            fn put(&self, name: &'static str, fields: &mut Fields) {
                fields.number(name, i64::try_from(*self).unwrap_or(i64::MAX));
            }
        }
    )* };
}

number_fields!(i64 u32 usize);

impl Field for bool {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.number(name, i64::from(*self));
    }
}

impl Field for Rc<str> {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.text(name, Rc::clone(self));
    }
}

impl Field for str {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.text(name, self);
    }
}

impl<T: Field + ?Sized> Field for &T {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        T::put(self, name, fields);
    }
}

impl Field for String {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.text(name, self.as_str());
    }
}

impl Field for Word {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.text(name, self.shared());
    }
}

impl Field for Time {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.text(name, self.to_string());
    }
}

impl<T: Field> Field for Option<T> {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        if let Some(content) = self {
            content.put(name, fields);
        }
    }
}

/// The name of an item within its own fields, and of the second value of a pair.
const ITEM: (&str, &str) = ("item", "is");

impl<T: Field> Field for Vec<T> {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        self.as_slice().put(name, fields);
    }
}

impl<T: Field> Field for [T] {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        let item = |item: &T| {
            let mut fields = Fields::default();
            item.put(ITEM.0, &mut fields);
            fields
        };
        fields.list(name, self.iter().map(item).collect());
    }
}

impl<A: Field, B: Field> Field for (A, B) {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        self.0.put(name, fields);
        self.1.put(ITEM.1, fields);
    }
}

/// Defines an enum that implements [`Field`](crate::fields::Field), with `variant()` for the name of a variant. The fields of tuple
/// variants get names here: `Missing(kind: Kind, name: Name)` defines `Missing(Kind, Name)`.
#[macro_export]
macro_rules! with_fields {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$about:meta])*
                $variant:ident
                $({ $( $(#[$doc:meta])* $field:ident : $type:ty ),* $(,)? })?
                $(( $( $item:ident : $of:ty ),* ))?
            ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        pub enum $name {
            $( $(#[$about])* $variant $({ $( $(#[$doc])* $field : $type ),* })? $(( $($of),* ))? ),*
        }

        impl $name {
            /// The name of the variant.
            pub fn variant(&self) -> &'static str {
                match self {
                    $( $name::$variant { .. } => stringify!($variant) ),*
                }
            }
        }

        impl $crate::fields::Field for $name {
            fn put(&self, name: &'static str, fields: &mut $crate::fields::Fields) {
                fields.text(name, self.variant());
                match self {
                    $( $name::$variant $({ $($field),* })? $(( $($item),* ))? => {
                        $( $( $crate::fields::Field::put($field, stringify!($field), fields); )* )?
                        $( $( $crate::fields::Field::put($item, stringify!($item), fields); )* )?
                    } )*
                }
            }
        }

        impl $crate::fields::samples::Sample for $name {
            fn samples() -> Vec<Self> {
                #[allow(unused_imports, reason = "an enum may have no fields")]
                use $crate::fields::samples::{Sample, nth};
                let mut all = Vec::new();
                $(
                    let most = [1, $( $( <$type as Sample>::samples().len(), )* )? $( $( <$of as Sample>::samples().len(), )* )?];
                    for n in 0..most.into_iter().max().unwrap_or(1) {
                        let _ = n;
                        all.push($name::$variant $({ $( $field: nth::<$type>(n) ),* })? $(( $( nth::<$of>(n) ),* ))?);
                    }
                )*
                all
            }
        }
    };
}

/// Examples of every type, for tests that have to see every variant. Nothing else calls them, so the page does not contain them.
pub mod samples {
    use super::{Rc, Time, Word};

    /// A type with examples.
    pub trait Sample: Sized {
        /// The examples, at least one; of an enum, at least one of each variant.
        fn samples() -> Vec<Self>;
    }

    /// The example with a number; after the last, the first follows.
    pub fn nth<T: Sample>(n: usize) -> T {
        let mut samples = T::samples();
        let at = n % samples.len();
        samples.swap_remove(at)
    }

    impl Sample for i64 {
        fn samples() -> Vec<Self> {
            vec![1, 3]
        }
    }

    impl Sample for usize {
        fn samples() -> Vec<Self> {
            vec![1, 3]
        }
    }

    impl Sample for String {
        fn samples() -> Vec<Self> {
            vec!["web-0".to_owned(), "standard".to_owned()]
        }
    }

    impl Sample for bool {
        fn samples() -> Vec<Self> {
            vec![false, true]
        }
    }

    impl Sample for Rc<str> {
        fn samples() -> Vec<Self> {
            vec!["web-0".into(), "standard".into()]
        }
    }

    impl Sample for &'static str {
        fn samples() -> Vec<Self> {
            vec!["spec.field"]
        }
    }

    impl Sample for Word {
        fn samples() -> Vec<Self> {
            vec![Word::Fixed("said"), Word::Fixed("")]
        }
    }

    impl Sample for Time {
        fn samples() -> Vec<Self> {
            vec![Time::default()]
        }
    }

    impl<T: Sample> Sample for Option<T> {
        fn samples() -> Vec<Self> {
            std::iter::once(None).chain(T::samples().into_iter().map(Some)).collect()
        }
    }

    impl<T: Sample> Sample for Vec<T> {
        fn samples() -> Vec<Self> {
            vec![T::samples(), vec![nth(0)]]
        }
    }

    impl<A: Sample, B: Sample> Sample for (A, B) {
        fn samples() -> Vec<Self> {
            (0..B::samples().len()).map(|n| (nth(n), nth(n))).collect()
        }
    }

    /// Gives types their examples.
    #[macro_export]
    macro_rules! sample {
        ($($type:ty: $($value:expr),+;)*) => {
            $(impl $crate::fields::samples::Sample for $type {
                fn samples() -> Vec<Self> {
                    vec![$($value),+]
                }
            })*
        };
    }
}
