//! What was asked of a cluster, and what of that kubectl could not read: the lines beside a dump.
//!
//! kubectl prints the kinds that it could list, and an error for each of the others. A dump that keeps both begins with comments:
//!
//! ```text
//! # $ kubectl get statefulsets.apps,pods,nodes -n shop -o yaml
//! # Error from server (Forbidden): nodes is forbidden: User "dev" cannot list resource "nodes" in API group "" at the cluster scope
//! # Server Version: v1.37.1
//! ```
//!
//! Promises: a kind that was not read never counts as one of which there is no object. A kind that was asked for and is not among the
//! errors has no other objects in the namespaces that were asked for.

use std::borrow::Cow;

use super::dump::Dump;
use super::paste::command::{command, kind_of};
use super::withheld::Withheld;
use api::kind::Kind;
use base::sorted::SortedSet;
use base::value::Value;
use text::diagnose::Unread;

/// With what the command in a comment begins.
const TYPED: &str = "$ kubectl get ";
/// With what the line begins that tells the server's version.
const VERSION: &str = "Server Version: ";
/// The first words of other lines that kubectl may say beside what it prints.
const WARNING: &str = "Warning: ";

/// A text without the lines that only say what was asked and what could not be read: these stay as empty ones.
pub(super) fn without<'a>(text: &'a str, dump: &mut Dump) -> Cow<'a, str> {
    let mut own: Vec<usize> = Vec::new();
    let mut begins = true;
    for (number, line) in (1..).zip(text.lines()) {
        let comment = line.strip_prefix("# ").filter(|_| begins);
        begins &= comment.is_some();
        let said = comment.unwrap_or(line);
        if let Some(withheld) = Withheld::of(said) {
            dump.withheld.push(withheld);
        } else if let Some(asked) = comment.filter(|line| line.starts_with(TYPED)).and_then(command) {
            dump.asked.extend(asked.kinds);
        } else if comment.is_none_or(|line| !line.starts_with(VERSION) && !line.starts_with(WARNING)) {
            continue;
        }
        own.push(number);
    }
    if own.is_empty() {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        out.push_str(if own.binary_search(&number).is_ok() { "\n" } else { line });
    }
    out.into()
}

impl Dump {
    /// Whether kubectl could not read a kind.
    pub fn withholds(&self, kind: Kind) -> bool {
        self.withheld.iter().any(|one| one.kind() == Some(kind))
    }

    /// Whether every object of a kind was asked for and printed.
    pub fn answers(&self, kind: Kind) -> bool {
        self.asked.contains(&kind) && !self.withholds(kind)
    }

    /// What was asked for and what could not be read, as a text carries both.
    pub(super) fn asked_text(&self) -> [Value; 2] {
        let withheld = |one: &Withheld| Value::list([&*one.resource, &one.why]);
        [Value::list(self.asked.iter().map(|kind| kind.info().plural)), Value::list(self.withheld.iter().map(withheld))]
    }

    /// Takes in what such a text carries.
    pub(super) fn take_asked(&mut self, asked: &[Value], withheld: &[Value]) {
        self.asked.extend(asked.iter().filter_map(Value::as_text).filter_map(kind_of));
        let text = |one: &Value, at: usize| one.as_list().and_then(|of| of.get(at)?.as_text()).unwrap_or_default().to_owned();
        self.withheld.extend(withheld.iter().map(|one| Withheld { resource: text(one, 0), why: text(one, 1) }));
    }

    /// What could not be read, for the list of what was not read.
    pub(super) fn not_read(&self) -> Vec<Unread> {
        let mut told: SortedSet<&str> = SortedSet::new();
        let of = |one: &Withheld| Unread::Withheld { resource: one.resource.clone(), why: one.why.clone() };
        self.withheld.iter().filter(|one| told.insert(&one.resource)).map(of).collect()
    }
}
