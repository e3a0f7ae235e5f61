//! Parts of the session's state that several files of the session and the components read.

use std::rc::Rc;

use api::kind::Kind;
use api::object::ObjectKey;
use base::time::Time;
use causes::Identity;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use playground::fate::Fates;
use playground::scene::Scene;
use text::{Lang, Prose};
use view::lanes::Mix;
use view::relations::Related;
use view::requests::Requests;
use view::timeline::Track;
use view::why::Question;
use view::window::Window;

use super::request::Dialog;
use crate::keyed::Keyed;
use crate::preferences::Preferences;
use crate::script::embedded;

/// What is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// An identity: its pod, or the slot where it would be.
    Identity(Identity),
    /// What a question is about: a node, an object that the terminal named.
    Question(Question),
}

/// The question about a node.
pub(super) fn node_question(name: &str) -> Question {
    Question::Object(ObjectKey::new(Kind::Node, &"".into(), &name.into()))
}

/// What makes virtual time pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Running {
    Nothing,
    /// Wall time, at the chosen speed.
    Clock,
    /// As fast as possible, until nothing is left to do.
    UntilQuiet,
}

/// What is drawn as dots: one kind at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// What programs ask of each other.
    Requests,
    /// What the control plane writes.
    Writes,
}

/// Whose cluster is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The page's own example.
    Example,
    /// The visitor's.
    Own,
    /// One that was pasted.
    Pasted,
}

/// What of a text is in the editor, and what can be brought back.
pub struct InEditor {
    /// The part that is in the editor.
    pub window: RwSignal<Window>,
    /// Where the caret is in the text, in bytes, while the part is another one.
    pub caret: StoredValue<Option<usize>>,
    /// A text that was replaced where the browser does not undo that, and the one that came in its place.
    pub former: RwSignal<Option<(Rc<str>, Rc<str>)>, LocalStorage>,
    /// Whether the caret's line is on its way into sight: until then, where the editor is scrolled to says nothing.
    pub goes: StoredValue<bool>,
    /// The lines of the applied manifest whose fields have another value in the cluster by now.
    pub drifts: RwSignal<Vec<(usize, Prose)>, LocalStorage>,
    /// How much had been written when that was looked for last, and when that was, in milliseconds of wall time.
    pub(super) drifted: StoredValue<(Option<usize>, f64)>,
    /// The timer of the next look at the text, until nothing more is to be looked at.
    pub(super) looks: StoredValue<Option<Timeout>, LocalStorage>,
}

impl InEditor {
    pub(super) fn holding(text: &str) -> InEditor {
        let window = RwSignal::new(Window::around(text, 0));
        let (former, looks) = (RwSignal::new_local(None), StoredValue::new_local(None));
        let (drifts, drifted) = (RwSignal::new_local(Vec::new()), StoredValue::default());
        InEditor { window, caret: StoredValue::new(None), former, goes: StoredValue::new(false), drifts, drifted, looks }
    }
}

/// What the details show of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaf {
    #[default]
    Facts,
    Changes,
    Yaml,
}

/// What is seen on request.
pub struct See {
    /// What the details show of an object.
    pub leaf: RwSignal<Leaf>,
    /// The instant with which the present one is compared.
    pub marked: RwSignal<Option<Time>>,
    /// Whether ownership and selection are drawn.
    pub relations: RwSignal<bool>,
    /// What owns and selects the drawn pods, while that is drawn.
    pub related: RwSignal<Vec<Related>, LocalStorage>,
    /// Whether it is told what each tool says of the shown set.
    pub judged: RwSignal<bool>,
    /// Whether the set is compared with the workload beside it.
    pub paired: RwSignal<bool>,
    /// What is drawn as dots.
    pub flow: RwSignal<Option<Flow>>,
    /// Whether the page draws requests by itself.
    pub(super) offered: StoredValue<bool>,
    /// The same, while it is drawn.
    pub asked: RwSignal<Requests, LocalStorage>,
    /// How many of them there were, at which speed and in which language, when they were looked through last. When that was, in
    /// milliseconds of wall time.
    pub looked: StoredValue<(Option<(u64, u64, Lang)>, f64)>,
}

impl Default for See {
    fn default() -> See {
        let (leaf, marked, relations) = (RwSignal::default(), RwSignal::default(), RwSignal::default());
        let (judged, paired) = (RwSignal::default(), RwSignal::default());
        let (related, asked) = (RwSignal::new_local(Vec::new()), RwSignal::new_local(Requests::default()));
        See {
            leaf,
            marked,
            relations,
            related,
            judged,
            paired,
            flow: RwSignal::default(),
            offered: StoredValue::new(false),
            asked,
            looked: StoredValue::default(),
        }
    }
}

/// The lanes of the timeline other than pods'.
#[derive(Clone, Copy)]
pub struct Lanes {
    /// Nodes that were unreachable.
    pub nodes: Keyed<String, Track>,
    /// The name of the workload beside the set, and its pods over time.
    pub side: RwSignal<Option<(String, Vec<Mix>)>>,
    /// The number of Ready pods over time, if there are many.
    pub area: RwSignal<Option<Area>>,
}

/// The number of Ready pods over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Each change.
    pub ready: Vec<(Time, usize)>,
    /// The greatest number there could be.
    pub most: usize,
}

/// How far the scenes of a first visit are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Staging {
    pub scene: Scene,
    pub phase: Phase,
    /// How many steps of the control were taken.
    pub(super) step: usize,
    /// The guesses, by scene: the first answer or the second.
    pub(super) guesses: [Option<usize>; 4],
    /// Whether somebody has pressed something: scenes then go on only as they are told to.
    pub(super) touched: bool,
    /// How many lines the scenes have typed.
    pub typed: usize,
    /// The number of the first request after the books were asked for.
    pub(super) since: u64,
}

/// What a scene is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The first one only: pods come up.
    Rising,
    /// What the question needs is typed.
    Setting,
    /// A guess is asked for.
    Question,
    /// The control is there.
    Control,
    /// What follows is to be seen.
    Unfolding,
    /// The books can be asked for again.
    Again,
    /// They were asked for.
    Asked,
    /// What came of it.
    Verdict,
    /// After the last scene.
    Over,
}

impl Staging {
    /// The beginning. In another page nothing goes on by itself once there is something to press.
    pub(super) fn of(embedded: bool) -> Staging {
        Staging { scene: Scene::Kill, phase: Phase::Rising, step: 0, guesses: [None; 4], touched: embedded, typed: 0, since: 0 }
    }

    /// How many guesses were right, and how many were made.
    pub fn guessed(&self) -> (usize, usize) {
        let made = || Scene::ALL.into_iter().zip(self.guesses).filter_map(|(scene, guess)| Some((scene, guess?)));
        (made().filter(|(scene, guess)| scene.right() == *guess).count(), made().count())
    }
}

/// The scenes of a first visit.
pub(crate) struct Scenes {
    /// How far they are.
    pub staging: RwSignal<Staging>,
    /// The same scenes, played on a manifest of the visitor's own.
    pub fates: Played,
}

impl Scenes {
    pub(super) fn new() -> Scenes {
        Scenes { staging: RwSignal::new(Staging::of(embedded())), fates: Played::new() }
    }
}

/// What is played, and what came of that.
#[derive(Clone, Copy)]
pub(crate) struct Played {
    /// The manifest.
    pub text: RwSignal<String>,
    pub told: RwSignal<Vec<Fates>, LocalStorage>,
    /// Whether the manifest has no set that could be played.
    pub refused: RwSignal<bool>,
    /// How often something was begun: what was begun before is given up.
    pub(super) begun: StoredValue<u32>,
}

impl Played {
    fn new() -> Played {
        let (text, told) = (RwSignal::default(), RwSignal::new_local(Vec::new()));
        Played { text, told, refused: RwSignal::default(), begun: StoredValue::new(0) }
    }
}

/// What a first visit has to wait for.
#[derive(Clone, Copy)]
pub struct First {
    /// Whether all of the code is there. A first visit begins with a part of it, and without the panes that it hides.
    pub whole: RwSignal<bool>,
    /// How many of the panes that a first visit hides are there.
    pub(super) panes: RwSignal<usize>,
    /// The dialog that was asked for before it was there.
    pub(super) wanted: StoredValue<Option<Dialog>>,
    /// How many visible changes there were, and since when there were no more, in wall time.
    pub(super) rested: StoredValue<Option<(u64, f64)>>,
}

/// What a first visit hides. The panes and dialogs come in this order, each in a task of its own.
#[derive(Clone, Copy)]
pub(crate) enum Later {
    Explain,
    Manifest,
    Terminal,
    Lesson,
    Sheets,
    Stuck,
    Ahead,
    Keys,
}

impl Later {
    /// How many there are.
    pub(super) const COUNT: usize = Later::Keys as usize + 1;
}

impl First {
    /// Whether a pane is there.
    pub(crate) fn has(self, pane: Later) -> bool {
        self.panes.get() > pane as usize
    }

    /// Whether all of the page is there.
    pub fn is_over(self) -> bool {
        self.whole.get() && self.has(Later::Keys)
    }

    pub(super) fn new(preferences: Preferences) -> First {
        let whole = RwSignal::new(!preferences.first.get_untracked());
        First { whole, panes: RwSignal::new(0), wanted: StoredValue::new(None), rested: StoredValue::new(None) }
    }
}
