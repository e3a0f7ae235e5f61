//! Runs that come from elsewhere and go there: links, files, pages that embed this one. The page's own script reads and writes what a
//! browser keeps from programs like this one; texts change hands at the root element.

use api::object::NamespacedName;
use base::time::Time;
use causes::Identity;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use playground::history::link::{self, Read, Reading};
use playground::history::{History, scenario};
use playground::setup;
use yaml;

use super::lesson::is_lesson;
use super::parts::{Selection, node_question};
use super::slices::{at_once_or_in_slices, slices, wall};
use super::{LONGEST_OPENING, Session};
use crate::keyed::set_if_new;
use crate::preferences::{Pane, Tab};
use crate::script::{page_data, tell_script};

/// The longest text of a run that goes into a link or a file: as much as the page's script reads of one.
const MAX_TEXT_BYTES: usize = 1 << 20;
/// How many places are named at which values were left out.
const MAX_TOLD: usize = 5;

/// Runs that come from elsewhere and go there.
pub struct Shared {
    /// A message about sharing: that a link was copied, how long it is.
    pub said: RwSignal<String>,
    /// What the run is called by whoever shares it; may be empty.
    pub title: RwSignal<String>,
    /// The text of the lesson that came in a file or a link.
    pub(super) lesson: StoredValue<Option<String>>,
    /// How far a run is that is being opened, and how far it goes; `None` while none is.
    pub opening: RwSignal<Option<(Time, Time)>>,
    /// Whether the rest of it is to be left out.
    gives_up: StoredValue<bool>,
    /// What is said of the values that were left out of the link or file made last; may be empty.
    left_out: StoredValue<String>,
    /// The same of what is being copied.
    left_out_of_copy: StoredValue<String>,
}

/// A slice of opening something, which is told whether to leave out the rest: how far that is, and how far it goes; `None` when it is done.
pub(super) type Opening = Box<dyn FnMut(bool) -> Option<(Time, Time)>>;

impl Shared {
    pub(super) fn new() -> Shared {
        Shared {
            said: RwSignal::default(),
            title: RwSignal::default(),
            lesson: StoredValue::default(),
            opening: RwSignal::default(),
            gives_up: StoredValue::new(false),
            left_out: StoredValue::default(),
            left_out_of_copy: StoredValue::default(),
        }
    }
}

impl Session {
    /// Opens the run of a link, or else begins the first visit's.
    pub(super) fn open(self) {
        if !self.open_link() {
            self.begin();
        }
    }

    /// Opens what a link in the address carries, or the example where nothing can be read of it; whether there is one.
    fn open_link(self) -> bool {
        let words = &self.lang.get_untracked().text().link;
        let fault = page_data("data-link-fault");
        let reading = page_data("data-link").map(|text| self.read(&text));
        match reading {
            None if fault.is_none() => return false,
            // A lesson begins as one of a file does, above the page's own run.
            Some(_) if fault.is_none() && page_data("data-link").is_some_and(|text| is_lesson(&text)) => {
                self.begin();
                Timeout::new(0, move || _ = page_data("data-link").and_then(|text| self.open_lesson(&text))).forget();
            }
            // In a task of its own, before the one that mounts the page. The session lives as long as the page.
            Some(reading) if reading.held() > 0 => _ = Timeout::new(0, move || self.open_read(reading, fault, "")).forget(),
            // Nothing of it is of use, whether it is whole or not.
            reading => {
                self.begin();
                let why = match fault.as_deref() {
                    Some("long") => words.long(),
                    Some("newer") => words.newer(),
                    _ if reading.is_some_and(|reading| reading.end().newer) => words.newer(),
                    _ => words.damaged(),
                };
                self.news.set(format!("{why} {}", words.instead()));
            }
        }
        true
    }

    /// Opens the file that the page's script has read: a run, or else a manifest for the editor. An address that came to hold what cannot
    /// be read is told of in the same way.
    pub(super) fn open_file(self) {
        let words = &self.lang.get_untracked().text().link;
        let text = page_data("data-link").unwrap_or_default();
        match page_data("data-link-fault").as_deref() {
            Some("large") => return self.say_shared(words.too_large()),
            Some("long") => return self.news.set(format!("{} {}", words.long(), words.no_link())),
            Some(_) => return self.news.set(words.no_link().to_owned()),
            None => {}
        }
        if self.open_printed(&text) {
            return self.say_shared("");
        }
        let most = if text.starts_with(link::HEAD) { MAX_TEXT_BYTES } else { yaml::MAX_BYTES };
        if text.len() > most {
            return self.say_shared(words.too_large());
        }
        let reading = self.read(if text.len() > MAX_TEXT_BYTES { "" } else { &text });
        if self.open_lesson(&text).is_some() {
            self.say_shared("");
        } else if reading.held() > 0 {
            self.open_read(reading, None, words.opened());
        } else if ["kind:", "\"kind\""].iter().any(|word| text.contains(word)) {
            self.receive(&text.replace("\r\n", "\n"));
            self.say_shared(words.opened());
        } else {
            self.say_shared(words.no_run());
        }
    }

    fn read(self, text: &str) -> Reading {
        Reading::begin(text, &setup(), self.lang.get_untracked(), &intake::page::stand)
    }

    /// Replays a run that was read, shows it, and says something. Until then the page shows its text, and takes nothing in.
    fn open_read(self, reading: Reading, fault: Option<String>, said: &'static str) {
        let manifest = reading.manifest().into();
        let mut reading = Some(reading);
        let opens = self.open_in_slices(Box::new(move |gives_up| {
            let (ends, mut whole) = (slices(), reading.take()?);
            if gives_up {
                whole.give_up();
            }
            if !whole.go_on(&mut || !ends.is_over()) {
                let progress = whole.progress();
                reading = Some(whole);
                return Some(progress);
            }
            self.show_read(whole.end(), fault.as_deref());
            self.say_shared(said);
            None
        }));
        if opens {
            self.show_text(manifest);
        }
    }

    /// Opens something in slices, with a way out; whether the first was not enough.
    pub(super) fn open_in_slices(self, mut slice: Opening) -> bool {
        self.shared.gives_up.set_value(false);
        let give_up = wall() + LONGEST_OPENING;
        at_once_or_in_slices(move || {
            let progress = slice(self.shared.gives_up.get_value() || wall() >= give_up);
            set_if_new(self.shared.opening, progress);
            progress.is_some()
        })
    }

    /// Leaves out the rest of what is being opened.
    pub fn give_up_opening(self) {
        self.shared.gives_up.set_value(true);
    }

    /// Shows a run that was read, and says what is not in it.
    fn show_read(self, read: Read, fault: Option<&str>) {
        self.preferences.settle();
        let words = &self.lang.get_untracked().text().link;
        let recorder = read.history.has_stand_ins();
        self.take_run(read.history);
        self.uncut.set_value(page_data("data-link").filter(|_| read.cut).map(|text| (text, self.run.with_value(done))));
        let unread = read.unread + self.lay_out(&read.layout);
        let newer = read.newer || fault == Some("newer");
        let told = [
            newer.then(|| words.newer().to_owned()),
            (fault == Some("damaged")).then(|| words.broken().to_owned()),
            (unread > 0).then(|| words.unread(unread)),
            read.cut.then(|| words.cut().to_owned()),
            (read.differs && fault.is_none()).then(|| words.differs().to_owned()),
            recorder.then(|| words.recorder().to_owned()),
        ];
        self.news.set(told.into_iter().flatten().collect::<Vec<_>>().join(" "));
        self.publish();
    }

    /// Makes a link of the run, puts it into the address and copies it, where the browser allows that.
    pub fn share(self) {
        self.hand_over("share");
    }

    /// Saves the run as a file.
    pub fn save(self) {
        self.hand_over("save");
    }

    /// Opens the run in a window of its own, out of a page that embeds this one.
    pub fn open_elsewhere(self) {
        self.hand_over("elsewhere");
    }

    /// Leaves the run as text to the page's script, without what may be secret, and asks it for something.
    fn hand_over(self, wish: &str) {
        let lesson = self.shared.lesson.get_value().filter(|_| wish != "save" && untrack(|| self.is_in_own_lesson()));
        let (text, places) = self.run.with_value(|run| match &lesson {
            Some(lesson) => run.shared_text(lesson),
            None => self.shared_run(run),
        });
        if text.len() > MAX_TEXT_BYTES {
            return self.say_shared(self.lang.get_untracked().text().link.too_long());
        }
        let left_out = self.left_out(&places);
        self.shared.said.set(left_out.clone());
        self.shared.left_out.set_value(left_out);
        tell_script("data-link", &text, wish);
    }

    /// The run as text, without what may be secret, and where values were left out.
    fn shared_run(self, run: &History) -> (String, Vec<String>) {
        let shared = run.shared();
        let open = untrack(|| self.preferences.is_open(Pane::Manifest));
        (link::write(&shared.history, &self.layout(open)), shared.left_out)
    }

    /// What is said of the places at which values were left out; empty where there are none.
    fn left_out(self, places: &[String]) -> String {
        let told = &places[..places.len().min(MAX_TOLD)];
        let more = places.len() - told.len();
        let more = if more > 0 { more.to_string() } else { String::new() };
        let words = &self.lang.get_untracked().text().link;
        if told.is_empty() { String::new() } else { words.left_out(&told.join(", "), &more) }
    }

    /// Leaves the run to the browser, for when the page is reloaded or visited again: during a lesson the one from before, and nothing
    /// before anything was done.
    pub(super) fn keep(self) {
        let text = match self.lesson.get_untracked() {
            Some(_) => self.left.with_untracked(|left| left.as_ref().map(|own| link::write(own, ""))),
            None if self.preferences.first.get_untracked() => None,
            None => Some(self.run.with_value(|run| {
                let uncut = |(text, read): &(String, _)| (*read == done(run)).then(|| text.clone());
                // Whoever comes back meets the cluster, and the manifest where something is still to be applied.
                let open = untrack(|| self.preferences.is_open(Pane::Manifest) && !self.is_applied());
                self.uncut.with_value(|whole| whole.as_ref().and_then(uncut)).unwrap_or_else(|| link::write(run, &self.layout(open)))
            })),
        };
        tell_script("data-kept", &text.unwrap_or_default(), "keep");
    }

    /// Copies what stands in the terminal shown.
    pub fn copy_terminal(self) {
        let (text, left_out) = self.run.with_value(History::shared_terminal);
        self.shared.left_out_of_copy.set_value(self.left_out(&left_out));
        copy(&text);
    }

    /// Copies a text of the page's own.
    pub fn copy(text: &str) {
        copy(text);
    }

    /// Copies what was typed, as a scenario that `replay` plays.
    pub fn copy_scenario(self) {
        let shared = self.run.with_value(History::shared);
        self.shared.left_out_of_copy.set_value(self.left_out(&shared.left_out));
        copy(&scenario::text(&shared.history));
    }

    /// Says what has become of sharing.
    pub(super) fn tell_shared(self) {
        let words = &self.lang.get_untracked().text().link;
        let length = page_data("data-link-length").and_then(|length| length.parse().ok()).unwrap_or_default();
        let left_out = self.shared.left_out.get_value();
        let said = match page_data("data-copied").as_deref() {
            Some("share-snippet") => words.snippet_copied().to_owned(),
            Some("terminal") => {
                let copied = self.lang.get_untracked().text().terminal.copied();
                let left_out = self.shared.left_out_of_copy.get_value();
                self.shared.left_out_of_copy.set_value(String::new());
                return self.news.set(format!("{copied} {left_out}").trim_end().to_owned());
            }
            Some(_) => words.copied(length),
            None => words.in_address(length),
        };
        self.shared.said.set(format!("{said} {left_out}").trim_end().to_owned());
    }

    fn say_shared(self, words: &'static str) {
        self.shared.said.set(words.to_owned());
        if self.news.with_untracked(String::is_empty) {
            self.news.set(words.to_owned());
        }
    }

    /// How the page is laid out, where that is not as at the beginning: words of a name and a value. `open`: so is the manifest.
    fn layout(self, open: bool) -> String {
        let tab = self.preferences.tab.get_untracked();
        let words = [
            open.then(|| "manifest=open".to_owned()),
            (tab != Tab::Cluster).then(|| format!("tab={}", tab.word())),
            self.shown.get_untracked().map(|set| format!("set={set}")),
            untrack(|| self.selected_identity()).map(|identity| format!("pod={}/{}", identity.namespace, identity.pod)),
            self.node_asked().map(|node| format!("node={node}")),
            Some(self.shared.title.get_untracked()).filter(|title| !title.is_empty()).map(|title| format!("title={}", one_word(&title))),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Lays the page out as [`Session::layout`] says; how many words were not understood.
    fn lay_out(self, layout: &str) -> usize {
        layout.split_whitespace().filter(|word| self.lay_out_one(word).is_none()).count()
    }

    fn lay_out_one(self, word: &str) -> Option<()> {
        let (name, value) = word.split_once('=')?;
        match (name, value.split_once('/')) {
            ("manifest", _) => self.preferences.show(Pane::Manifest, value != "closed"),
            ("tab", _) => self.preferences.tab.set(Tab::named(value)?),
            ("set", _) => self.shown.set(Some(NamespacedName::parse(value)?)),
            ("pod", Some((namespace, pod))) => {
                let identity = Identity { namespace: namespace.to_owned(), pod: pod.to_owned() };
                self.selection.set(Some(Selection::Identity(identity)));
            }
            ("title", _) => self.shared.title.set(several_words(value)),
            ("node", _) => self.selection.set(Some(Selection::Question(node_question(value)))),
            _ => return None,
        }
        Some(())
    }
}

/// What stands for a space in a word of a layout, and for itself.
const SPACE: &str = "%20";
const SIGN: &str = "%25";

/// A title as one word.
fn one_word(title: &str) -> String {
    title.replace('%', SIGN).split_whitespace().collect::<Vec<_>>().join(SPACE)
}

/// A title that was one word.
fn several_words(word: &str) -> String {
    word.replace(SPACE, " ").replace(SIGN, "%")
}

/// What was done in a run: on which branch, how often, and what is in the editor.
fn done(run: &History) -> (u32, usize, String) {
    (run.branch().id, run.branch().acts(), run.present().manifest().to_owned())
}

/// Has the page's script copy a text.
fn copy(text: &str) {
    tell_script("data-text", text, "copy-text");
}
