//! The visitor's preferences: language, theme, open panes. Stored by the browser if it allows that.

use kubectl::form::Form;
use leptos::prelude::*;
use lesson::{Progress, Scores, course};
use text::{Lang, Text};

use crate::keyed::set_if_new;
use crate::script::{page_data, tell_script};

/// Light, dark, or as the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system's setting.
    Auto,
    Light,
    Dark,
}

base::named! {
    /// The pane that a narrow window shows above the timeline.
    Tab {
        Cluster "cluster",
        Manifest "manifest",
        Terminal "terminal",
        Why "why",
        Dns "dns",
        Storage "storage",
    }
}

/// A pane that is folded until the story, a failure or a key asks for it, and then stays as it was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    Manifest,
    Terminal,
    Dns,
    Storage,
    Application,
}

impl Pane {
    const ALL: [Pane; 5] = [Pane::Manifest, Pane::Terminal, Pane::Dns, Pane::Storage, Pane::Application];
    /// Those that a later visit finds as they were left.
    const KEPT: [Pane; 3] = [Pane::Terminal, Pane::Dns, Pane::Storage];

    /// Its name in style sheets, and where it is kept.
    pub fn id(self) -> &'static str {
        ["manifest", "terminal", "dns", "storage", "application"][self as usize]
    }
}

/// The visitor's preferences.
#[derive(Clone, Copy)]
pub struct Preferences {
    pub lang: RwSignal<Lang>,
    pub theme: RwSignal<Theme>,
    /// Which panes are open, by [`Pane`].
    panes: [RwSignal<bool>; Pane::ALL.len()],
    /// Whether the manifest was left open. That lasts as long as the page: a later visit begins with the cluster.
    manifest: StoredValue<bool>,
    /// Whether this is a first visit on which nothing has been done yet: the panes are closed.
    pub first: RwSignal<bool>,
    /// How many lines of the terminal are visible, if the visitor chose.
    pub lines: RwSignal<Option<i32>>,
    /// Whether the DNS pane lists SRV records.
    pub srv: RwSignal<bool>,
    /// The pane that a phone shows.
    pub tab: RwSignal<Tab>,
    /// Whether the list of shortcuts is open.
    pub keys_open: RwSignal<bool>,
    /// Whether single-key shortcuts are enabled.
    pub single_keys: RwSignal<bool>,
    /// Whether each pod of a set writes its name to its empty disks.
    pub own_writes: RwSignal<bool>,
    /// How the lessons went.
    pub scores: RwSignal<Scores>,
}

/// The least and the most visible lines of the terminal.
pub const LINES: (i32, i32) = (3, 40);
/// The attribute by which choices.js marks a first visit before the first paint.
const FIRST: &str = "data-first";

impl Preferences {
    /// The stored preferences, or the browser's defaults.
    pub fn load() -> Preferences {
        let root = document().document_element();
        let lang = Lang::of(&root.as_ref().and_then(|root| root.get_attribute("lang")).unwrap_or_default());
        let theme = match root.as_ref().and_then(|root| root.get_attribute("data-theme")).as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::Auto,
        };
        let preferences = Preferences {
            lang: RwSignal::new(lang),
            theme: RwSignal::new(theme),
            panes: Pane::ALL.map(|pane| RwSignal::new(Pane::KEPT.contains(&pane) && is_kept_open(pane))),
            manifest: StoredValue::new(false),
            first: RwSignal::new(root.as_ref().is_some_and(|root| root.has_attribute(FIRST))),
            lines: RwSignal::new(kept("lines").and_then(|lines| lines.parse().ok())),
            srv: RwSignal::new(kept("srv").is_some()),
            tab: RwSignal::new(Tab::Cluster),
            keys_open: RwSignal::new(false),
            single_keys: RwSignal::new(kept("single-keys").is_none()),
            own_writes: RwSignal::new(kept("own-writes").is_none()),
            scores: RwSignal::new(Scores::read(&kept("lessons").unwrap_or_default())),
        };
        preferences.learn();
        window_event_listener_untyped("words-here", move |_| preferences.learn());
        Effect::new(move |_| show_lang(preferences.lang.get()));
        Effect::new(move |_| {
            let open = preferences.open_panes(&Pane::ALL, |pane| pane.get());
            let _ = document().document_element().map(|root| root.set_attribute("data-open", &open));
        });
        preferences
    }

    /// Switches to the next theme.
    pub fn next_theme(self) {
        let theme = match self.theme.get_untracked() {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        };
        self.theme.set(theme);
        let Some(root) = document().document_element() else { return };
        let _ = match theme.id() {
            Some(id) => root.set_attribute("data-theme", id),
            None => root.remove_attribute("data-theme"),
        };
        keep("theme", theme.id());
    }

    /// Changes the language, as soon as its texts are there.
    pub fn speak(self, lang: Lang) {
        keep("lang", Some(lang.tag()));
        if lang.is_there() { self.lang.set(lang) } else { tell_script("data-wanted-words", lang.tag(), "words") }
    }

    /// Takes in the texts of another language, which the page's script has fetched.
    fn learn(self) {
        if let Some(text) = page_data("data-words") {
            Lang::Korean.learn(text);
            tell_script("data-words", "", "words-taken");
        }
        if page_data("data-wanted-words").is_some_and(|tag| !tag.is_empty()) {
            self.lang.set(Lang::Korean);
        }
    }

    /// Stores the form in which kubectl prints.
    pub fn print_as(form: Form) {
        keep("form", (form != Form::default()).then(|| form.name()));
    }

    /// Enables or disables single-key shortcuts.
    pub fn use_single_keys(self, on: bool) {
        self.single_keys.set(on);
        keep("single-keys", (!on).then_some("off"));
    }

    /// Has pods write their names to their empty disks, or leaves those empty.
    pub(crate) fn use_own_writes(self, on: bool) {
        self.own_writes.set(on);
        keep("own-writes", (!on).then_some("off"));
    }

    /// Lists SRV records, or leaves them out.
    pub fn toggle_srv(self) {
        let on = !self.srv.get_untracked();
        self.srv.set(on);
        keep("srv", on.then_some("on"));
    }

    /// The stored form.
    pub fn form() -> Form {
        kept("form").and_then(|name| Form::named(&name)).unwrap_or_default()
    }

    /// Sets the number of visible lines of the terminal, within limits.
    pub fn show_lines(self, lines: i32) {
        let lines = lines.clamp(LINES.0, LINES.1);
        self.lines.set(Some(lines));
        keep("lines", Some(&lines.to_string()));
    }

    /// Whether a pane is open.
    pub fn is_open(self, pane: Pane) -> bool {
        self.panes[pane as usize].get()
    }

    /// Opens or folds a pane.
    pub fn show(self, pane: Pane, on: bool) {
        set_if_new(self.panes[pane as usize], on);
    }

    /// Opens or folds a pane, and keeps that for the next visit, or of the manifest for as long as the page lasts.
    pub fn open(self, pane: Pane, on: bool) {
        self.show(pane, on);
        match pane {
            Pane::Manifest => self.manifest.set_value(on),
            _ => keep(PANES, Some(&self.open_panes(&Pane::KEPT, |pane| pane.get_untracked()))),
        }
    }

    /// Whether the manifest is seen: beside the cluster, or by its tab on a telephone.
    pub(crate) fn shows_manifest(self) -> bool {
        self.is_open(Pane::Manifest) || self.tab.get() == Tab::Manifest
    }

    /// Whether a pane was left open, and does not lie over the cluster.
    fn is_left_open(self, pane: Pane) -> bool {
        match pane {
            Pane::Manifest => self.manifest.get_value() && is_wide(),
            _ => is_kept_open(pane),
        }
    }

    /// The names of those of these panes that are open.
    fn open_panes(self, of: &[Pane], is_open: fn(&RwSignal<bool>) -> bool) -> String {
        let open = of.iter().filter(|pane| is_open(&self.panes[**pane as usize]));
        open.map(|pane| pane.id()).collect::<Vec<_>>().join(" ")
    }

    /// Opens just these panes for as long as a lesson lasts; `None` opens those that were open before.
    pub fn open_for_lesson(self, open: Option<&[Pane]>) {
        for pane in Pane::ALL {
            self.show(pane, open.map_or_else(|| self.is_left_open(pane), |open| open.contains(&pane)));
        }
    }

    /// Shows the editor, wherever it is.
    pub fn show_editor(self) {
        self.open(Pane::Manifest, true);
        self.tab.set(Tab::Manifest);
    }

    /// Keeps how far a lesson of the course has come.
    pub fn score(self, progress: &Progress) {
        let is_of_course = course().iter().any(|lesson| std::ptr::eq(lesson, progress.lesson));
        if is_of_course && self.scores.try_update(|scores| scores.take(progress)).unwrap_or_default() {
            keep("lessons", Some(&self.scores.with_untracked(Scores::written)));
        }
    }

    /// Ends the first visit's state: the panes are there, and will be on later visits.
    pub fn settle(self) {
        if self.first.get_untracked() {
            self.first.set(false);
            let _ = document().document_element().map(|root| root.remove_attribute(FIRST));
            keep("visited", Some("1"));
        }
    }

    /// Toggles larger letters without the manifest, for a projector.
    pub fn present(self) {
        let on = document().document_element().and_then(|root| root.toggle_attribute("data-present").ok());
        self.show(Pane::Manifest, on != Some(true) && self.is_left_open(Pane::Manifest));
    }
}

fn show_lang(lang: Lang) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", lang.tag());
    }
}

impl Theme {
    fn id(self) -> Option<&'static str> {
        match self {
            Theme::Auto => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    /// The button's label.
    pub fn label(self, text: &Text) -> &'static str {
        match self {
            Theme::Auto => text.bar.theme_auto(),
            Theme::Light => text.bar.theme_light(),
            Theme::Dark => text.bar.theme_dark(),
        }
    }
}

/// Where it is kept which panes are open.
const PANES: &str = "panes";

/// Below this width the manifest is a sheet over the cluster. In CSS pixels, as in style/frame.css.
const SHEET_BELOW: f64 = 1160.0;

/// Whether the manifest stands beside the cluster, and not over it.
fn is_wide() -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_none_or(|width| width >= SHEET_BELOW)
}

/// Whether a pane was open when the last visit ended.
fn is_kept_open(pane: Pane) -> bool {
    kept(PANES).is_some_and(|open| open.split(' ').any(|name| name == pane.id()))
}

/// A stored value.
fn kept(name: &str) -> Option<String> {
    window().local_storage().ok().flatten().and_then(|storage| storage.get_item(name).ok().flatten())
}

/// Stores a value for the next visit. If the browser refuses, it lasts as long as the page.
fn keep(name: &str, value: Option<&str>) {
    let Ok(Some(storage)) = window().local_storage() else { return };
    let _ = match value {
        Some(value) => storage.set_item(name, value),
        None => storage.remove_item(name),
    };
}
