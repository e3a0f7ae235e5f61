//! The selection: a pod, an empty slot, a node; and what can be done to it.

use api::kind::Kind;
use api::object::NamespacedName;
use causes::Identity;
use causes::command::{Entry, Purpose};
use leptos::prelude::*;
use view::cluster::{Cluster, ItemKey, Towards};
use view::details::{self, Details};
use view::fleet::Member;
use view::why::Question;
use view::{Snapshot, actions, both, node};

use super::parts::{Selection, node_question};
use super::{FocusTarget, Request, Session};
use crate::keyed::set_if_new;
use crate::preferences::Tab;

impl Session {
    /// What the matrix shows: the set, the workload beside it, both or neither.
    pub fn shape(self) -> &'static str {
        // What a deleted set has left stands in the set's columns.
        let has_columns = self.object.with(Option::is_some) || !self.columns.keys().is_empty();
        match (has_columns, self.side.with(Option::is_some)) {
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

    /// The actions on the selected pod.
    pub fn entries(self) -> Vec<Entry> {
        let selected = self.selected_identity();
        let lang = self.lang.get();
        let entries = self.run.with_value(|run| {
            let shot = run.present().snapshot(lang);
            self.drawn.with_value(|drawn| actions::entries(&shot, drawn, selected.as_ref()))
        });
        let relations = Entry::new(lang.text().see.draw(), "").meant(Purpose::Relations);
        let judged = Entry::new(lang.text().done.title(), "").meant(Purpose::Judged);
        let requests = Entry::new(lang.text().requests.draw(), "").meant(Purpose::Requests);
        let writes = Entry::new(lang.text().writes.draw(), "").meant(Purpose::Writes);
        entries.into_iter().chain([relations, requests, writes, judged]).collect()
    }

    /// What can be done to the set and to the workload beside it alike.
    pub(crate) fn to_both(self) -> Vec<Entry> {
        let lang = self.lang.get();
        self.run.with_value(|run| self.drawn.with_value(|drawn| both::entries(&run.present().snapshot(lang), drawn)))
    }

    /// The actions on a node.
    pub fn node_entries(self, name: &str) -> Vec<Entry> {
        let lang = self.lang.get();
        self.run.with_value(|run| node::entries(&run.present().snapshot(lang), name))
    }

    /// Powers a node off or on: the selected one, else that of the focused tile, else that of the selected pod, else one that has a pod.
    pub fn switch_node(self) {
        let selected = untrack(|| self.selected_identity());
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

    pub(super) fn selected_identity(self) -> Option<Identity> {
        self.selection.with(|selection| match selection {
            Some(Selection::Identity(identity)) => Some(identity.clone()),
            Some(Selection::Question(_)) | None => None,
        })
    }

    /// Selects nothing, where an identity is selected.
    pub(super) fn forget_identity(self) {
        if untrack(|| self.selected_identity()).is_some() {
            self.selection.set(None);
        }
    }

    /// The question about what is selected, where that is no identity.
    pub(super) fn question(self) -> Option<Question> {
        self.selection.with(|selection| match selection {
            Some(Selection::Question(question)) => Some(question.clone()),
            Some(Selection::Identity(_)) | None => None,
        })
    }

    /// The selected node.
    pub(super) fn node_asked(self) -> Option<String> {
        let question = untrack(|| self.question())?;
        question.key().filter(|key| key.kind == Kind::Node).map(|key| key.name.to_string())
    }

    /// Selects a node, or opens its details if it is selected already.
    pub fn ask_node(self, name: &str) {
        self.ask_or_open(node_question(name));
    }

    /// Asks a question, or opens the details of what it is about if it is asked already.
    pub fn ask_or_open(self, question: Question) {
        if untrack(|| self.is_asking_about(&question)) { self.open_details() } else { self.ask(question) }
    }

    /// Whether a question is asked.
    pub fn is_asking_about(self, question: &Question) -> bool {
        self.selection.with(|selection| matches!(selection, Some(Selection::Question(asked)) if asked == question))
    }

    pub(super) fn ask(self, question: Question) {
        self.selection.set(Some(Selection::Question(question)));
        self.publish();
    }

    /// Resolves a name with the cluster's DNS, or runs a line of `nslookup` or `dig`; an empty line resolves nothing.
    pub fn ask_name(self, line: String) {
        self.dns_line.set(line);
        self.publish();
    }

    /// Whether anything is selected.
    pub fn asks(self) -> bool {
        self.selection.with(Option::is_some)
    }

    /// Whether a node is selected.
    pub fn is_asked(self, name: &str) -> bool {
        self.is_asking_about(&node_question(name))
    }

    /// Records which item has the focus, to which the Tab key will return.
    pub fn focus(self, item: ItemKey) {
        set_if_new(self.tab_stop, Some(item.clone()));
        set_if_new(self.focused, Some(item));
    }

    /// Shows another set.
    pub fn show(self, set: NamespacedName) {
        self.shown.set(Some(set));
        self.forget_identity();
        self.publish();
    }

    /// Opens the details of the selection.
    pub(super) fn open_details(self) {
        let lang = self.lang.get_untracked();
        self.run.with_value(|run| self.details.set(self.details_of(&run.present().snapshot(lang))));
    }

    pub(super) fn details_of(self, shot: &Snapshot) -> Option<Details> {
        match self.selection.get_untracked()? {
            Selection::Identity(identity) => details::of_pod(shot, &identity),
            Selection::Question(question) => details::of_object(shot, question.key()?),
        }
    }

    /// Closes the details and restores the focus, or else clears the selection and goes back from what has taken the cluster's place;
    /// returns whether there was anything to do.
    pub fn close_details(self) -> bool {
        if self.details.with_untracked(Option::is_some) {
            self.details.set(None);
            if let Some(item) = self.focused.get_untracked() {
                request_animation_frame(move || _ = self.request(Request::FocusItem(&item)));
            }
            return true;
        }
        let tab = self.preferences.tab;
        let asked = untrack(|| self.asks());
        if asked {
            self.selection.set(None);
            self.publish();
        }
        if tab.get_untracked() != Tab::Cluster && self.request(Request::FocusSentence) {
            tab.set(Tab::Cluster);
            return true;
        }
        asked
    }

    /// Selects an identity, or opens its details if it is selected already.
    pub fn select(self, identity: Identity) {
        if untrack(|| self.is_selected(&identity)) {
            return self.open_details();
        }
        self.selection.set(Some(Selection::Identity(identity)));
        self.publish();
        self.request(Request::ShowExplanation);
    }

    /// Selects a pod of the shown set by name.
    pub fn select_pod(self, pod: &str) {
        if let Some(identity) = self.drawn.with_value(|drawn| drawn.identities().find(|identity| identity.pod == pod)) {
            self.select(identity);
        }
    }

    /// Whether an identity is selected.
    pub fn is_selected(self, identity: &Identity) -> bool {
        self.selection.with(|selection| matches!(selection, Some(Selection::Identity(selected)) if selected == identity))
    }

    /// Shows the set so many tabs further on.
    pub(crate) fn show_beside(self, by: isize) {
        let beside = self.fleet.with_untracked(|fleet| {
            let at = fleet.iter().position(|member| member.shown)?;
            fleet.get(at.wrapping_add_signed(by).wrapping_add(fleet.len()) % fleet.len()).map(|member| member.set.clone())
        });
        if let Some(set) = beside {
            self.show(set);
        }
    }

    /// Selects and focuses the next identity without a Ready pod: of the shown set, then of the next set that is stuck.
    pub fn next_unready(self) {
        let unready = || self.drawn.with_value(Cluster::unready);
        let selected = untrack(|| self.selected_identity());
        let shown = unready();
        let at = shown.iter().position(|identity| Some(identity) == selected.as_ref()).map_or(0, |at| at + 1);
        if let Some(stuck) = self.next_stuck().filter(|_| at >= shown.len()) {
            self.show(stuck.set);
            let first = stuck.pod.or_else(|| unready().into_iter().next());
            // The tiles of another set are there with the next frame.
            request_animation_frame(move || _ = first.map(|pod| self.visit_pod(&pod)));
        } else if let Some(next) = shown.get(at % shown.len().max(1)) {
            self.visit_pod(next);
        }
    }

    /// The set after the shown one that is stuck, if any other is.
    fn next_stuck(self) -> Option<Member> {
        self.fleet.with_untracked(|fleet| {
            let here = fleet.iter().position(|member| member.shown)?;
            fleet[here + 1..].iter().chain(&fleet[..here]).find(|member| member.stuck).cloned()
        })
    }

    /// Selects an identity, and focuses its tile, slot or cell.
    pub fn visit_pod(self, identity: &Identity) {
        self.selection.set(Some(Selection::Identity(identity.clone())));
        self.publish();
        if let Some(item) = self.drawn.with_value(|drawn| drawn.item_of(identity)) {
            self.request(Request::FocusItem(&item));
        } else {
            self.request(Request::ShowCell(&identity.pod));
            self.request(Request::Focus(FocusTarget::Cells));
        }
    }

    /// The item that an arrow key leads to.
    pub fn neighbour(self, from: &ItemKey, towards: Towards) -> Option<ItemKey> {
        self.drawn.with_value(|drawn| drawn.neighbour(from, towards))
    }
}
