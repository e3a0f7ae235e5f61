//! What is asked about: a pod, an empty slot, a node; and what can be done to it.

use leptos::prelude::*;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::view::cluster::{Cluster, ItemKey, Towards};
use ordinal::view::command::{self, Entry};
use ordinal::view::details::{self, Details};
use ordinal::view::node;
use ordinal::view::why::Question;
use ordinal::view::{Identity, Snapshot};

use super::Session;
use crate::app::keyed::set_if_new;

/// What is asked about a node.
pub(super) fn node_question(name: &str) -> Question {
    Question::Object(ObjectKey::new(Kind::Node, &"".into(), &name.into()))
}

impl Session {
    /// What the matrix holds: the set, what stands beside it, both or neither.
    pub fn shape(self) -> &'static str {
        match (self.object.with(Option::is_some), self.side.with(Option::is_some)) {
            (true, true) => "both",
            (true, false) => "set",
            (false, true) => "side",
            (false, false) => "none",
        }
    }

    /// Shows another workload beside the set, by its title.
    pub fn show_side(self, title: String) {
        self.side_wanted.set(Some(title));
        self.publish();
    }

    /// What can be done to the pod selected.
    pub fn entries(self) -> Vec<Entry> {
        let selected = self.selected.get();
        let text = self.lang.get().text();
        self.run.with_value(|run| self.drawn.with_value(|drawn| command::entries(drawn, selected.as_ref(), run.present().faults(), text)))
    }

    /// What can be done to a node.
    pub fn node_entries(self, name: &str) -> Vec<Entry> {
        let lang = self.lang.get();
        self.run.with_value(|run| node::entries(&run.present().snapshot(lang), name))
    }

    /// Stops or starts a node: the one asked about, else that of the tile in focus, else that of the pod selected, else one that has a pod.
    pub fn switch_node(self) {
        let selected = self.selected.get_untracked();
        let focused = self.focused.get_untracked();
        let asked = self.node_asked();
        let line = self.drawn.with_value(|drawn| {
            let item = selected.and_then(|identity| drawn.item_of(&identity));
            let name = asked
                .or_else(|| focused.into_iter().chain(item).find_map(|item| drawn.node_of(&item)))
                .or_else(|| drawn.node_with_pod())?;
            drawn.rows.iter().find(|row| row.name == name).map(|row| row.switch.line.clone())
        });
        if let Some(line) = line {
            self.type_line(&line);
        }
    }

    /// The node asked about.
    pub(super) fn node_asked(self) -> Option<String> {
        let asked = self.asked.get_untracked()?;
        asked.key().filter(|key| key.kind == Kind::Node).map(|key| key.name.to_string())
    }

    /// Asks about a node; once more, and its details open.
    pub fn ask_node(self, name: &str) {
        let question = node_question(name);
        if self.asked.with_untracked(|asked| asked.as_ref() == Some(&question)) {
            return self.open_details();
        }
        self.ask(question);
    }

    /// Asks a question.
    pub(super) fn ask(self, question: Question) {
        self.selected.set(None);
        self.asked.set(Some(question));
        self.publish();
    }

    /// Asks the cluster's DNS for a name, or as a line of `nslookup` or `dig` does; nothing for an empty line.
    pub fn ask_name(self, line: String) {
        self.dns_line.set(line);
        self.publish();
    }

    /// Whether anything is asked about.
    pub fn asks(self) -> bool {
        self.selected.with(Option::is_some) || self.asked.with(Option::is_some)
    }

    /// Whether a node is asked about.
    pub fn is_asked(self, name: &str) -> bool {
        self.asked.with(|asked| asked.as_ref() == Some(&node_question(name)))
    }

    /// Notes what has the focus: the Tab key comes back to it.
    pub fn focus(self, item: ItemKey) {
        set_if_new(self.tab_stop, Some(item.clone()));
        set_if_new(self.focused, Some(item));
    }

    /// Shows another set.
    pub fn show(self, namespace: &str, name: &str) {
        self.shown.set(Some((namespace.to_owned(), name.to_owned())));
        self.selected.set(None);
        self.publish();
    }

    /// Opens the details of what is asked about.
    pub(super) fn open_details(self) {
        let lang = self.lang.get_untracked();
        self.run.with_value(|run| self.details.set(self.details_of(&run.present().snapshot(lang))));
    }

    pub(super) fn details_of(self, shot: &Snapshot) -> Option<Details> {
        match (self.asked.get_untracked(), self.selected.get_untracked()) {
            (Some(question), _) => details::of_object(shot, question.key()?),
            (None, Some(identity)) => details::of_pod(shot, &identity),
            (None, None) => None,
        }
    }

    /// Closes the details and gives the focus back; without any, asks about nothing any more. Whether there was something to do.
    pub fn close_details(self) -> bool {
        if self.details.with_untracked(Option::is_some) {
            self.details.set(None);
            if let Some(item) = self.focused.get_untracked() {
                crate::app::cluster::focus_item(&item);
            }
            return true;
        }
        let asked = self.asked.with_untracked(Option::is_some) || self.selected.with_untracked(Option::is_some);
        if asked {
            self.asked.set(None);
            self.selected.set(None);
            self.publish();
        }
        asked
    }

    /// Asks about an identity; once more, and its details open.
    pub fn select(self, identity: Identity) {
        if self.selected.with_untracked(|selected| *selected == Some(identity.clone())) {
            return self.open_details();
        }
        self.selected.set(Some(identity));
        self.asked.set(None);
        self.publish();
    }

    /// Asks about a pod of the set shown, by its name.
    pub fn select_pod(self, pod: &str) {
        if let Some(identity) = self.drawn.with_value(|drawn| drawn.identities().find(|identity| identity.pod == pod)) {
            self.select(identity);
        }
    }

    /// Whether an identity is asked about.
    pub fn is_selected(self, identity: &Identity) -> bool {
        self.selected.with(|selected| selected.as_ref() == Some(identity))
    }

    /// Asks about the next identity that has no Ready pod, and gives it the focus.
    pub fn next_unready(self) {
        let unready = self.drawn.with_value(Cluster::unready);
        let here = self.selected.with_untracked(|selected| unready.iter().position(|identity| Some(identity) == selected.as_ref()));
        if let Some(next) = unready.get(here.map_or(0, |at| (at + 1) % unready.len())).cloned() {
            self.visit_pod(next);
        }
    }

    /// Asks about an identity, and gives its tile, slot or cell the focus.
    pub fn visit_pod(self, identity: Identity) {
        self.selected.set(Some(identity.clone()));
        self.asked.set(None);
        self.publish();
        match self.drawn.with_value(|drawn| drawn.item_of(&identity)) {
            Some(item) => crate::app::cluster::focus_item(&item),
            None => {
                crate::app::dense::show(&identity.pod);
                crate::app::keyboard::focus(".dense");
            }
        }
    }

    /// What an arrow key reaches.
    pub fn neighbour(self, from: &ItemKey, towards: Towards) -> Option<ItemKey> {
        self.drawn.with_value(|drawn| drawn.neighbour(from, towards))
    }
}
