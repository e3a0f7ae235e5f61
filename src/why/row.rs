//! The facts of a reason: what decides, the documentation about the rule, and what the reason says of its subject.
//!
//! A reason's definition carries its facts; the sentences about the reason are in src/text.

use super::Component;
use super::page::Page;

/// What is wrong with a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Its own template, or what that refers to, keeps it from being Ready.
    Template,
    /// A container of it does not stay up.
    Restarts,
    /// Something else that it needs.
    Elsewhere,
}

/// What decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    /// A field of a manifest, by its path.
    Field(&'static str),
    /// The component that usually gives the reason; the one that has given it is named instead.
    Who(Component),
}

/// The facts of a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What decides.
    pub decider: Decider,
    /// The documentation of the rule.
    pub page: Option<Page>,
    /// Whether something is deleted.
    pub deletes: bool,
    /// What is wrong with a pod; nothing where the pod only takes its time.
    pub trouble: Option<Trouble>,
    /// Whether the API server does not show the reason, or shows another: a container that was ended because it did not answer looks like
    /// one that crashed.
    pub only_its_kubelet_knows: bool,
}

impl Row {
    /// A rule that a field decides.
    pub fn field(path: &'static str) -> Self {
        Row::of(Decider::Field(path))
    }

    /// A rule of a component.
    pub fn by(who: Component) -> Self {
        Row::of(Decider::Who(who))
    }

    fn of(decider: Decider) -> Self {
        Row { decider, page: None, deletes: false, trouble: None, only_its_kubelet_knows: false }
    }

    /// The same, with the documentation of the rule.
    #[must_use]
    pub fn on(self, page: Page) -> Self {
        Row { page: Some(page), ..self }
    }

    /// The same, where something is deleted.
    #[must_use]
    pub fn deletes(self) -> Self {
        Row { deletes: true, ..self }
    }

    /// The same, where something is wrong with a pod.
    #[must_use]
    pub fn wrong(self, trouble: Trouble) -> Self {
        Row { trouble: Some(trouble), ..self }
    }

    /// The same, where the API server does not show the reason.
    #[must_use]
    pub fn only_its_kubelet_knows(self) -> Self {
        Row { only_its_kubelet_knows: true, ..self }
    }
}

/// Defines an enum as [`with_fields!`](crate::base::fields::told) does; after each variant stand its facts.
macro_rules! rows {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$about:meta])*
                $variant:ident
                $({ $( $(#[$doc:meta])* $field:ident : $type:ty ),* $(,)? })?
                $(( $( $item:ident : $of:ty ),* ))?
                => $row:expr
            ),* $(,)?
        }
    ) => {
        $crate::base::fields::with_fields! {
            $(#[$meta])*
            pub enum $name {
                $( $(#[$about])* $variant $({ $( $(#[$doc])* $field : $type ),* })? $(( $( $item : $of ),* ))? ),*
            }
        }

        impl $name {
            /// Its facts.
            #[allow(unused_variables, reason = "few facts depend on a field")]
            pub fn row(&self) -> $crate::why::row::Row {
                match self {
                    $( $name::$variant $({ $($field),* })? $(( $($item),* ))? => $row ),*
                }
            }
        }
    };
}

pub(crate) use rows;
