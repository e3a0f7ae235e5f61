//! The playground's own voice, in English and Korean.
//!
//! One table per language, of the same shape: a word that is missing in one does not compile. Decisions stand in en/why.txt and
//! ko/why.txt, which [`rows`] reads: one that is missing fails a test. Sentences are short, exact, in the present tense, subject first.
//! Absent on purpose: Kubernetes' own words. Fields, states, commands and whatever a server or kubectl says are English in every
//! language and are written where they arise; kinds are spelled as Kubernetes' documentation of that language does.
//! Prose may hold marks, which the view reads: `` `code` `` and `<name of an object>`.

pub mod ahead;
mod application;
mod compare;
pub mod dense;
mod en;
mod instead;
pub mod josa;
mod ko;
pub mod lesson;
mod node;
pub mod rows;
pub mod why;

use api::change::Change;
use base::note::Note;
use sim::{Fault, Refused};
use yaml::Problem;

pub use application::Application;
pub use compare::{Compare, Link};
pub use en::ENGLISH;
pub use instead::Instead;
pub use ko::KOREAN;
pub use node::Node;

/// A language the page speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    #[default]
    English,
    /// Korean.
    Korean,
}

impl Lang {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Lang; 2] = [Lang::English, Lang::Korean];

    /// As `lang` attributes spell it.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::English => "en",
            Lang::Korean => "ko",
        }
    }

    /// Reads what [`Lang::tag`] writes, with or without a region; English for anything else.
    pub fn of(tag: &str) -> Lang {
        if tag.starts_with("ko") { Lang::Korean } else { Lang::English }
    }

    /// What the button that chooses it says.
    pub fn button(self) -> &'static str {
        match self {
            Lang::English => "EN",
            Lang::Korean => "한국어",
        }
    }

    /// Its table.
    pub fn text(self) -> &'static Text {
        match self {
            Lang::English => &ENGLISH,
            Lang::Korean => &KOREAN,
        }
    }
}

/// A sentence or label about one thing.
pub type About = fn(&str) -> String;
/// A label about a count.
pub type Count = fn(usize) -> String;

/// Everything the playground says. The English table shows what each entry is.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Text {
    pub skip: &'static str,
    pub close: &'static str,
    pub bar: Bar,
    pub hello: lesson::Hello,
    pub lessons: lesson::Lessons,
    pub manifest: Manifest,
    pub cluster: Cluster,
    pub dense: dense::Dense,
    pub node: Node,
    pub terminal: Terminal,
    pub why: Why,
    pub details: Details,
    pub dns: Dns,
    pub storage: Storage,
    pub application: Application,
    pub time: Time,
    pub compare: Compare,
    pub link: Link,
    pub keys: Keys,
}

/// The bar.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Bar {
    pub tagline: &'static str,
    pub language: &'static str,
    pub theme_auto: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub keys: &'static str,
    pub panes: &'static str,
}

/// The manifest pane.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Manifest {
    pub title: &'static str,
    pub apply: &'static str,
    pub hide: &'static str,
    pub example: &'static str,
    /// What each of the examples is.
    pub examples: [&'static str; 4],
    /// How many objects were stored, of how many, and when.
    pub applied: fn(usize, usize, &str) -> String,
    pub edited: &'static str,
    pub errors: Count,
    pub notes: Count,
    pub problems: &'static str,
    pub not_applied: &'static str,
    /// Each of a text that is not applied, and of one that is.
    pub will_not_work: [&'static str; 2],
    /// Works, but not all that is written counts.
    pub repeated: &'static str,
    pub not_simulated: &'static str,
    /// The images, already marked as code and joined.
    pub images: About,
    pub programs: About,
    /// The fields, already marked as code and joined.
    pub kept: About,
    pub line: Count,
    pub leave: &'static str,
    pub fix: &'static str,
    pub fix_all: Count,
    pub allowed: &'static str,
    /// How long it may be, in KiB.
    pub too_long: Count,
    /// Plain sentences beside the server's words; each is about a field.
    pub unknown_field: About,
    /// The field, and the one that may have been meant.
    pub unknown_field_near: fn(&str, &str) -> String,
    pub required: About,
    pub fixed: About,
    /// Fields that the server writes were copied along.
    pub copied: &'static str,
    /// What happens to the pods of a set that is deleted without them, and the button that does it.
    pub taken_over: &'static str,
    pub without_pods: &'static str,
    pub unfit: About,
    pub not_selected: &'static str,
    pub no_volume: About,
    pub unknown_kind: &'static str,
    pub unknown_kind_near: About,
    pub custom_kind: &'static str,
    /// Of a custom kind that the same manifest defines.
    pub custom_kind_late: &'static str,
    /// A namespace that does not exist, and the button that creates it.
    pub no_namespace: About,
    pub create_namespace: About,
    pub not_yaml: &'static str,
    /// What YAML takes for something else than it looks like: a tab and a no-break space that indent, a typographic quote, a fence.
    pub pasted_chars: [&'static str; 4],
    pub open_quote: &'static str,
    /// The pane while `kubectl edit` has put an object there.
    pub editing: About,
    pub save: &'static str,
    pub leave_edit: &'static str,
    /// The key, or a dash, that a blank has to follow.
    pub no_blank: About,
    /// By how many blanks a line is indented, and by how many it may be.
    pub indented: fn(usize, &[usize]) -> String,
    /// A text that is no object, or an object without what each has.
    pub no_object: &'static str,
    /// Which lines kubectl counts, where a document is not the first.
    pub counted: &'static str,
    /// Where a template was pasted instead of what it gives: what is left open, and in which line.
    pub template: fn(&str, usize) -> String,
    /// What was pasted in the place of a manifest: a session of a terminal, a table, a description.
    pub printed: [&'static str; 3],
    /// How much of a text is read at most: bytes, levels or values.
    pub too_much: fn(&Problem) -> String,
    /// A number or a Boolean where a text is wanted.
    pub in_quotes: &'static str,
    /// A text where a number is wanted.
    pub whole_number: &'static str,
    /// A Service that does not exist.
    pub no_service: About,
    /// A StorageClass that does not exist.
    pub no_class: About,
    /// A ServiceAccount that does not exist.
    pub no_account: About,
    /// A ConfigMap or Secret that does not exist: its kind and name.
    pub no_reference: fn(&str, &str) -> String,
    /// A name that no image can have, and what is wrong with it.
    pub no_image: fn(&str, &str) -> String,
    /// A PersistentVolume that does not exist.
    pub no_such_volume: About,
    /// A budget, how many healthy pods it requires, and of how many.
    pub lets_none_go: fn(&str, i64, i64) -> String,
    /// A key that occurs twice in one map.
    pub twice: About,
}

/// The cluster.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Cluster {
    pub title: &'static str,
    pub grid: &'static str,
    pub ordinal: &'static str,
    pub node: &'static str,
    pub no_node_yet: &'static str,
    pub stop_node: &'static str,
    pub start_node: &'static str,
    pub replicas: &'static str,
    pub scale_in: &'static str,
    pub scale_out: &'static str,
    pub commands: &'static str,
    pub empty: &'static str,
    pub choose_set: &'static str,
    pub choose_side: &'static str,
    /// The button that shows the set, where the set and the workload beside it take turns.
    pub set: &'static str,
    /// What a Deployment's pods lack.
    pub no_ordinals: &'static str,
    /// Ready pods, and desired pods.
    pub ready_of: fn(i64, i64) -> String,
    /// How many ordinals are shown of more.
    pub first_shown: fn(usize) -> String,
    pub not_created: &'static str,
    pub not_recreated: &'static str,
    /// Our one phrase: what `0/1 Running` means.
    pub running_not_ready: &'static str,
    pub not_ready: &'static str,
    pub silent_for: About,
    pub revision: Count,
    /// Ready containers of containers.
    pub ready_containers: About,
    pub published: &'static str,
    pub not_published: &'static str,
    pub more: Count,
    /// Menu entries: each is followed by the command it types.
    pub delete: About,
    pub make_unready: About,
    /// Makes a pod's processes hang.
    pub freeze: About,
    pub make_ready: About,
    pub break_image: &'static str,
    /// What else an image may do: the word for it, and what the menu says.
    pub image_does: [(&'static str, &'static str); 6],
    pub roll_out: About,
    pub roll_out_broken: &'static str,
    pub undo: &'static str,
    pub hold: &'static str,
    /// The partition, and the first pod that is updated; empty where none is.
    pub partition_spoken: fn(i64, &str) -> String,
    /// A pod and its revision.
    pub runs_revision: fn(&str, &str) -> String,
    pub mend_image: &'static str,
}

/// The terminal.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Terminal {
    pub title: &'static str,
    pub note: &'static str,
    pub output: &'static str,
    pub prompt: &'static str,
    pub tabs: &'static str,
    pub new_tab: &'static str,
    /// A word that is not a command here.
    pub unknown: About,
    /// What the playground says in its own voice between what programs print.
    pub told: fn(&Note) -> String,
    /// What does the same here, instead of such a word.
    pub instead: fn(Instead) -> &'static str,
    /// What `playground` lines look like.
    pub usage: &'static str,
    /// Why one of them could not be done.
    pub refused: fn(&Refused) -> String,
    /// What one of them did to a pod or a node, or that nothing was to do.
    pub done: fn(&Fault, bool) -> String,
    /// The button that prints as older guides show it.
    pub classic: &'static str,
    /// What that button is for.
    pub classic_hint: &'static str,
    /// The button that copies the text of the terminal.
    pub copy_text: &'static str,
    /// What that button is for.
    pub copy_text_hint: &'static str,
    /// The button that copies what was typed as a scenario.
    pub copy_scenario: &'static str,
    /// What that button is for.
    pub copy_scenario_hint: &'static str,
    /// What stops the running command.
    pub stop: &'static str,
    /// What stands below a command that takes time while time stands still.
    pub time_stands_still: &'static str,
    /// The upper edge, which can be dragged, and how many lines are visible.
    pub height: &'static str,
    pub lines: Count,
    /// What is said when either has been copied.
    pub copied: &'static str,
    /// What reads differently from what guides show.
    pub changed: fn(Change) -> String,
}

/// The Why pane.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Why {
    pub region: &'static str,
    pub title: &'static str,
    pub decided_by: &'static str,
    pub ends_when: &'static str,
    pub docs: &'static str,
    /// After the title of a page that is not in this language.
    pub docs_language: &'static str,
    pub all: &'static str,
    pub one: &'static str,
    pub since: About,
    pub nothing: &'static str,
    pub refused: &'static str,
    pub refused_why: &'static str,
    /// Tells a decision.
    pub tell: fn(&why::Case) -> why::Explanation,
    pub ready_fact: About,
    pub waits_for: fn(&str, &str) -> String,
    /// A field and its value, as somebody saw them.
    pub seen: fn(&str, &str) -> String,
    pub times: Count,
    /// How often a container was started again.
    pub restarts: Count,
    /// Beside a link that leads away from the page.
    pub docs_network: &'static str,
    /// Before the line of the manifest and the line of the terminal that something comes from.
    pub comes_from: &'static str,
    /// Answers that are not decisions.
    pub ask: why::QuestionTexts,
}

/// Details of an object.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Details {
    pub title: &'static str,
    pub events: &'static str,
    pub newest_first: &'static str,
}

/// The DNS pane.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Dns {
    pub note: &'static str,
    pub name: &'static str,
    pub answer: &'static str,
    /// Where a set's `serviceName` is empty.
    pub unnamed: &'static str,
    pub empty: &'static str,
    pub headless: &'static str,
    /// The same of one that publishes pods that are not Ready.
    pub headless_all: &'static str,
    pub cluster_ip: &'static str,
    pub no_service: About,
    /// Why a question found nothing.
    pub tell: fn(&cluster::dns::Reason) -> String,
    pub srv: &'static str,
    pub srv_title: &'static str,
    /// The field that takes another name.
    pub ask: &'static str,
}

/// The Storage pane.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Storage {
    pub title: &'static str,
    pub class: About,
    pub disk: &'static str,
    pub written: &'static str,
    pub not_created: &'static str,
    pub no_volume: &'static str,
    pub silent: About,
    pub mounted_twice: &'static str,
    pub empty: &'static str,
    pub without: &'static str,
}

/// Time and the timeline.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Time {
    pub title: &'static str,
    pub transport: &'static str,
    pub clock: &'static str,
    pub play: &'static str,
    pub pause: &'static str,
    pub step: &'static str,
    pub back: &'static str,
    /// Starting over: an empty cluster, and the manifest applied to it.
    pub begin_again: &'static str,
    /// The button that shows the run's first instant.
    pub to_start: &'static str,
    /// What was done by it, and the button that undoes it.
    pub begun_again: &'static str,
    pub bring_back: &'static str,
    pub instant: &'static str,
    /// The furthest point of the run.
    pub to_now: &'static str,
    /// What acting in the past will do.
    pub past: &'static str,
    /// That a branch started, when, and which branch keeps the old future.
    pub forked: fn(&str, u32) -> String,
    /// Stopping by itself.
    pub stop_when: &'static str,
    pub stop_not_ready: &'static str,
    pub stop_rollout: &'static str,
    pub stop_event: &'static str,
    pub skip: &'static str,
    /// Why a run stopped, the name it was about, and when.
    pub stopped: fn(ahead::Because, &str, &str) -> String,
    pub is_livelocked: &'static str,
    pub branches: &'static str,
    /// A branch's number, and when it left its own origin with which line.
    pub branch: fn(u32, Option<(&str, &str)>) -> String,
    pub quiet: &'static str,
    pub speed: &'static str,
    pub events: &'static str,
    /// Before what is next, while time stands still.
    pub paused: &'static str,
    pub is_quiet: &'static str,
    /// What happens next, and in how long.
    pub next: fn(&str, &str) -> String,
    pub seconds: About,
    /// What is about to happen.
    pub ahead: fn(&ahead::Ahead) -> String,
    /// What an event says, and when it was.
    pub at: fn(&str, &str) -> String,
    pub apply: &'static str,
    /// The timeline in words, and the headings of its columns.
    pub as_table: &'static str,
    pub from: &'static str,
    pub until: &'static str,
    pub key_play: &'static str,
    pub key_step: &'static str,
    pub key_all: &'static str,
    pub behind: &'static str,
}

/// The list of all keys: what each does. The keys themselves are the same everywhere.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Keys {
    pub title: &'static str,
    /// The switch for single-key shortcuts.
    pub single: &'static str,
    pub play: &'static str,
    pub step: &'static str,
    pub skip: &'static str,
    pub fine: &'static str,
    pub ends: &'static str,
    pub quiet: &'static str,
    pub speed: &'static str,
    pub tiles: &'static str,
    pub next_unready: &'static str,
    pub scale: &'static str,
    pub node: &'static str,
    pub apply: &'static str,
    pub problem: &'static str,
    pub beside: &'static str,
    pub swap: &'static str,
    pub linked: &'static str,
    pub panes: &'static str,
    pub terminal: &'static str,
    pub region: &'static str,
    pub theme: &'static str,
    pub compare: &'static str,
    pub present: &'static str,
    pub escape: &'static str,
    pub all: &'static str,
}
