//! Of what a remedy is asked, and the lines that it is made of.

use std::cell::RefCell;

use super::goal::Goal;
use crate::Instant;
use crate::blame::Blame;
use crate::command::{Entry, Naming, Purpose, named};
use crate::fits::Fits;
use crate::origins::set_of;
use api::kind::Kind;
use api::object::{Name, Node, ObjectKey, Pod, StatefulSet};
use base::value::Value;
use server::tables::Tables;
use text::Text;
use text::diagnose::Risk;
use why::Reason;

/// Who waits, and why.
pub struct Case<'a> {
    pub(super) shot: &'a Instant<'a>,
    pub(super) tables: &'a Tables,
    pub(super) text: &'static Text,
    /// Who waits, or what a cause hangs on.
    pub(super) about: &'a ObjectKey,
    pub(super) why: Why<'a>,
    /// The namespace of who waits; what a cause hangs on may be in none.
    pub(super) namespace: &'a Name,
    /// How lines name that namespace.
    pub(super) naming: Naming,
    fits: Option<RefCell<Fits<'a>>>,
}

/// Why somebody waits, by whoever asks.
#[derive(Clone, Copy)]
pub(super) enum Why<'a> {
    /// Ways are chosen beforehand: each ends the wait, typed as it is.
    Reason(&'a Reason),
    /// Ways are to be tried on a copy. Of the classes in `absent` only names are known.
    Cause { blame: &'a Blame, goal: &'a Goal, absent: &'a [Name] },
}

/// The ways that a remedy offers.
pub(super) type Cures = Option<Vec<Cure>>;

/// Lines that together are one way to end a wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cure {
    /// The label of a button; empty where only diagnoses offer the lines.
    pub(super) label: String,
    /// Each is typed once the one before has ended well.
    pub lines: Vec<String>,
    pub risk: Option<Risk>,
    /// Whether the data of a claim goes: for whoever finds nothing else.
    pub gives_up: bool,
    pub(super) danger: bool,
    purpose: Purpose,
}

impl<'a> Case<'a> {
    pub(super) fn of(shot: &'a Instant<'a>, about: &'a ObjectKey, why: Why<'a>) -> Self {
        let pod = shot.tables.pod(&about.namespace, &about.name).filter(|_| about.kind == Kind::Pod);
        let namespace = if let Why::Cause { goal, .. } = why { &goal.about().namespace } else { &about.namespace };
        Case {
            shot,
            tables: shot.tables,
            text: shot.text(),
            about,
            why,
            namespace,
            naming: shot.naming(namespace),
            fits: pod.map(|pod| RefCell::new(Fits::of(shot, pod))),
        }
    }

    /// The reason; `None` of a cause.
    pub(super) fn because(&self) -> Option<&'a Reason> {
        if let Why::Reason(because) = self.why { Some(because) } else { None }
    }

    /// The cause; `None` of a reason.
    pub(super) fn blame(&self) -> Option<&'a Blame> {
        if let Why::Cause { blame, .. } = self.why { Some(blame) } else { None }
    }

    /// Whether ways are tried on a copy before they are offered.
    pub(super) fn is_tried(&self) -> bool {
        self.blame().is_some()
    }

    /// The pod that waits.
    pub(super) fn pod(&self) -> Option<&'a Pod> {
        self.tables.pod(&self.about.namespace, &self.about.name).map(|pod| &**pod).filter(|_| self.about.kind == Kind::Pod)
    }

    /// The set that waits, or whose pod does.
    pub(super) fn set(&self) -> Option<&'a StatefulSet> {
        match self.why {
            Why::Cause { goal: Goal::Well(key) | Goal::Up(key), .. } => self.shot.set(&key.namespace, &key.name),
            Why::Reason(_) if self.about.kind == Kind::StatefulSet => self.shot.set(&self.about.namespace, &self.about.name),
            Why::Reason(_) => set_of(self.shot, self.pod()?),
            Why::Cause { .. } => None,
        }
    }

    /// Whether the pod would find a place if a node were different.
    pub(super) fn would_fit(&self, node: &Node, change: &dyn Fn(&mut Node)) -> bool {
        self.fits.as_ref().is_some_and(|fits| fits.borrow_mut().on(node, change))
    }

    /// Whether the pod would find a place if these claims of it were made anew.
    pub(super) fn would_fit_with_new(&self, claims: &[Name]) -> bool {
        self.fits.as_ref().is_some_and(|fits| fits.borrow_mut().with_new(claims))
    }

    /// Makes an object that says of its namespace itself.
    pub(super) fn make(&self, kind: Kind, name: &str, object: Value) -> Cures {
        let label = self.text.ask.make(&format!("{} {name}", kind.info().name));
        one(label, self.naming.make(kind, name, &named(kind, name, object)))
    }

    /// Takes a field out of the set; the path is a JSON pointer.
    pub(super) fn without(&self, path: &str) -> Option<String> {
        Some(self.naming.remove(Kind::StatefulSet, &self.set()?.meta.name, path))
    }
}

/// One way, for a button.
pub(super) fn one(label: impl Into<String>, line: String) -> Cures {
    Some(vec![Cure::new(label, [line])])
}

impl Cure {
    pub(super) fn new(label: impl Into<String>, lines: impl IntoIterator<Item = String>) -> Cure {
        let lines = lines.into_iter().collect();
        Cure { label: label.into(), lines, risk: None, gives_up: false, danger: false, purpose: Purpose::Any }
    }

    /// Lines that only diagnoses offer.
    pub(super) fn tried(lines: impl IntoIterator<Item = String>) -> Cure {
        Cure::new("", lines)
    }

    pub(super) fn risks(self, risk: Risk) -> Cure {
        Cure { risk: Some(risk), ..self }
    }

    /// The same as something that cannot be taken back.
    pub(super) fn harmful(self) -> Cure {
        Cure { danger: true, risk: self.risk.or(Some(Risk::Harm)), ..self }
    }

    pub(super) fn meant(self, purpose: Purpose) -> Cure {
        Cure { purpose, ..self }
    }

    /// Whether kubectl can do all of it.
    pub(super) fn is_of_kubectl(&self) -> bool {
        !self.lines.iter().any(|line| line.starts_with("playground "))
    }
}

impl From<Cure> for Cures {
    fn from(cure: Cure) -> Cures {
        Some(vec![cure])
    }
}

impl From<Cure> for Entry {
    fn from(cure: Cure) -> Entry {
        Entry { danger: cure.danger, purpose: cure.purpose, ..Entry::new(cure.label, cure.lines.join(" && ")) }
    }
}

impl From<Entry> for Cure {
    fn from(entry: Entry) -> Cure {
        Cure::new(entry.label, [entry.line])
    }
}
