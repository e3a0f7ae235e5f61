//! Which things are linked, and where a link leads.

use api::kind::Kind;
use causes::Identity;
use kubectl::settings::DEFAULT_NAMESPACE;
use leptos::prelude::*;
use lesson::Thing;
use view::cluster::ObjectLine;
use view::links::{self, Page, Spot};
use view::why::Question;

use super::parts::Selection;
use super::{Request, Session};
use crate::preferences::Tab;

impl Session {
    /// The namespace of the shown set.
    pub fn namespace(self) -> String {
        self.object.with_untracked(|line| line.as_ref().map_or_else(|| DEFAULT_NAMESPACE.to_owned(), |line| line.namespace.clone()))
    }

    /// The token of something in the shown namespace, or of something cluster-scoped.
    fn token(self, kind: Kind, name: &str) -> String {
        let shown = self.namespace();
        links::token(kind, &shown, name, &shown)
    }

    /// The token of the shown set.
    pub fn token_of_set(set: &ObjectLine) -> String {
        links::token(Kind::StatefulSet, &set.namespace, &set.name, &set.namespace)
    }

    /// The token of a claim of the shown set.
    pub fn token_of_claim(self, name: &str) -> String {
        self.token(Kind::PersistentVolumeClaim, name)
    }

    /// The token of a node.
    pub fn token_of_node(self, name: &str) -> String {
        self.token(Kind::Node, name)
    }

    /// The token of a pod of the shown set.
    pub fn token_of_pod(self, name: &str) -> String {
        self.token(Kind::Pod, name)
    }

    /// The token of a pod.
    pub fn token_of(self, identity: &Identity) -> String {
        links::token(Kind::Pod, &identity.namespace, &identity.pod, &self.namespace())
    }

    /// The token of the selection.
    pub fn token_asked(self) -> Option<String> {
        let shown = self.namespace();
        Some(match self.selection.get()? {
            Selection::Identity(identity) => self.token_of(&identity),
            Selection::Question(Question::Name { name, .. }) => Spot::Name(name.as_str().into()).token(&shown),
            Selection::Question(Question::Object(key) | Question::Deleted(key) | Question::Bound(key)) => {
                links::token(key.kind, &key.namespace, &key.name, &shown)
            }
        })
    }

    /// The tokens of what decided the answer of a lesson, until something else happens.
    pub fn tokens_of_evidence(self) -> Vec<String> {
        let shown = self.namespace();
        let token = |thing: &Thing| match thing {
            Thing::Object(key) => links::token(key.kind, &key.namespace, &key.name, &shown),
            Thing::DnsName(name) => Spot::Name(name.as_str().into()).token(&shown),
        };
        self.lesson.with(|lesson| {
            lesson.as_ref().map_or(Vec::new(), |now| now.evidence().iter().flat_map(|seen| &seen.about).map(token).collect())
        })
    }

    /// Reads the current page.
    fn page<T>(self, read: impl FnOnce(&Page) -> T) -> T {
        let (lang, namespace) = (self.lang.get_untracked(), self.namespace());
        self.run.with_value(|run| {
            let shot = run.present().snapshot(lang);
            let (lines, moments) = (run.present().terminal().lines(), run.head().timeline().moments());
            read(&Page { shot: &shot, namespace: &namespace, lines, moments, near: None })
        })
    }

    /// The tokens linked to a token, including itself.
    pub fn linked(self, token: &str) -> Vec<String> {
        self.page(|page| page.read(token).map_or(Vec::new(), |spot| page.linked(&spot).iter().map(|spot| page.token(spot)).collect()))
    }

    /// Follows a link to what it is about.
    pub fn follow(self, token: &str) {
        if let Some(goal) = self.page(|page| page.goal(&page.read(token)?)) {
            self.go_to(&goal);
        }
    }

    /// Goes to the place of a token.
    pub fn visit(self, token: &str) {
        if let Some(spot) = self.page(|page| page.read(token)) {
            self.go_to(&spot);
        }
    }

    /// Goes to a place: selects a thing, or shows a line.
    fn go_to(self, spot: &Spot) {
        match spot {
            Spot::Line(line) => self.show_line(*line),
            Spot::Said(_) | Spot::Moment(_) => _ = self.request(Request::FocusToken(&self.page(|page| page.token(spot)))),
            Spot::Object(key) if key.kind == Kind::Pod => {
                self.visit_pod(&Identity { namespace: key.namespace.to_string(), pod: key.name.to_string() });
            }
            Spot::Object(key) => self.ask_and_show(Question::Object(key.clone())),
            Spot::Name(name) => self.ask_and_show(Question::Name { namespace: self.namespace(), name: name.to_string() }),
        }
    }

    fn ask_and_show(self, question: Question) {
        self.ask(question);
        self.preferences.tab.set(Tab::Why);
        self.request(Request::ShowExplanation);
    }
}
