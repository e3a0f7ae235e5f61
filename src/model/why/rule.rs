//! The rule behind a reason: what decides, where the rule is documented, and what follows for the object.
//!
//! Each variant of [`Reason`](super::Reason) names its rule where the variant is defined. The sentences are in `src/page/text`.

use super::Component;
use super::page::Page;

/// What is wrong with a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The pod's own template, or an object that the template refers to, keeps the pod from being Ready.
    Template,
    /// A container of the pod does not stay up.
    Restarts,
    /// Something else that the pod needs.
    Elsewhere,
}

/// What decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    /// A field of a manifest, by its path.
    Field(&'static str),
    /// The component that usually gives the reason. If another component gave the reason, the page names that one.
    Component(Component),
}

/// The rule behind a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
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

impl Rule {
    /// A rule that a field decides.
    pub fn field(path: &'static str) -> Self {
        Rule::of(Decider::Field(path))
    }

    /// A rule of a component.
    pub fn by(who: Component) -> Self {
        Rule::of(Decider::Component(who))
    }

    fn of(decider: Decider) -> Self {
        Rule { decider, page: None, deletes: false, trouble: None, only_its_kubelet_knows: false }
    }

    /// Adds the documentation.
    #[must_use]
    pub fn on(self, page: Page) -> Self {
        Rule { page: Some(page), ..self }
    }

    /// Says that something is deleted.
    #[must_use]
    pub fn deletes(self) -> Self {
        Rule { deletes: true, ..self }
    }

    /// Says what is wrong with a pod.
    #[must_use]
    pub fn wrong(self, trouble: Trouble) -> Self {
        Rule { trouble: Some(trouble), ..self }
    }

    /// Says that the API server does not show the reason.
    #[must_use]
    pub fn only_its_kubelet_knows(self) -> Self {
        Rule { only_its_kubelet_knows: true, ..self }
    }
}

/// Defines an enum as `with_fields!` of `base::fields` does, with the rule of each variant after `=>`.
macro_rules! with_rules {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$about:meta])*
                $variant:ident
                $({ $( $(#[$doc:meta])* $field:ident : $type:ty ),* $(,)? })?
                $(( $( $item:ident : $of:ty ),* ))?
                => $rule:expr
            ),* $(,)?
        }
    ) => {
        ::base::with_fields! {
            $(#[$meta])*
            pub enum $name {
                $( $(#[$about])* $variant $({ $( $(#[$doc])* $field : $type ),* })? $(( $( $item : $of ),* ))? ),*
            }
        }

        impl $name {
            /// The rule of the variant.
            #[allow(unused_variables, reason = "few rules depend on a field")]
            pub fn rule(&self) -> $crate::rule::Rule {
                match self {
                    $( $name::$variant $({ $($field),* })? $(( $($item),* ))? => $rule ),*
                }
            }
        }
    };
}

pub(crate) use with_rules;
