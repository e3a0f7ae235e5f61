//! What a text was understood to say: objects, Events and facts, each with its line.

use super::account::Account;
use super::command::Command;
use super::named::Key;
use super::says;
use crate::event::Happened;
use api::kind::Kind;
use base::value::Value;
use std::ops::RangeInclusive;
use text::diagnose::Sign;

/// What a text was understood to say.
#[derive(Debug, Default)]
pub struct Found {
    /// Objects as far as the text tells them, in the API's shape, each with the number of the line that names it.
    pub objects: Vec<(usize, Value)>,
    pub events: Vec<Happened>,
    /// What was understood, with the line that it comes from: for a list beside the verdict.
    pub facts: Vec<Fact>,
    /// Objects of which no more than kind and name is of use.
    pub others: Vec<String>,
    /// The parts in YAML or JSON, each with how many lines stand before it.
    pub dumps: Vec<(usize, String)>,
    /// The first and the last line of each table.
    pub tables: Vec<(usize, usize)>,
    /// The objects whose description says that nothing was reported about them: `Events: <none>`.
    pub quiet: Vec<Key>,
    /// The objects that are described.
    pub described: Vec<Key>,
    /// The pods of which there is a log.
    pub logged: Vec<String>,
    /// What lines of logs say.
    pub signs: Vec<Signed>,
    /// What became of each line, but for those of the parts in YAML or JSON.
    pub account: Account,
    /// The columns whose cells nothing is known of, with the lines of their headers.
    pub columns: Vec<(usize, String)>,
}

/// Something that a text was understood to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The number of the line in the text, from 1 on.
    pub line: usize,
    /// The kind and name of the object that it is about: `pod/web-0`.
    pub about: String,
    /// A field and its value as they are printed.
    pub says: String,
}

/// A line of a log that says something known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The number of the line in the text, from 1 on.
    pub line: usize,
    /// The pod whose log it is; empty if no command tells.
    pub pod: String,
    pub text: String,
    pub sign: Sign,
}

impl Found {
    /// Takes down the Event of some lines.
    pub(super) fn happened(&mut self, lines: RangeInclusive<usize>, event: Happened) {
        if says::is_known(&event) {
            self.account.read(lines);
        }
        self.events.push(event);
    }

    /// Takes down what a line of a log says.
    pub(super) fn sign(&mut self, line: usize, text: &str, command: &Command, sign: Sign) {
        let pod = command.names.first().filter(|_| command.verb == "logs").cloned().unwrap_or_default();
        self.account.read([line]);
        self.signs.push(Signed { line, pod, text: text.trim().to_owned(), sign });
    }

    /// Takes down a fact.
    pub(super) fn fact(&mut self, line: usize, kind: Kind, name: &str, says: String) {
        let about = if name.is_empty() { String::new() } else { format!("{}/{name}", causes::command::short(kind)) };
        if !says.is_empty() {
            self.facts.push(Fact { line, about, says });
        }
    }
}
