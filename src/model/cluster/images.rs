//! How images behave: a table keyed by words in their tags, which the user can override for any image.
//!
//! Promises: a name that guides give to an image that is not there is not there.

use base::hash::Digest;
use base::sorted::SortedMap;
use base::value::Value;

use crate::programs::is_unheard_of;
use crate::stand_in::Nodes;
use api::object::Name;
use base::image_name::name_and_tag;
use base::time::Span;

/// How much later than usual a slow image answers probes.
pub const SLOW_BY: Span = Span::seconds(30);

/// How long a freezing process responds before it hangs.
pub const FREEZES_AFTER: Span = Span::seconds(30);

/// How long a leaking process takes to exceed its memory limit.
pub const LEAKS_FOR: Span = Span::seconds(20);

/// How the containers of an image behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing an image may do, together with any other")]
pub struct Behaviour {
    /// The image cannot be pulled.
    pub pull_fails: bool,
    /// The process exits with [`Behaviour::exit_code`] soon after each start.
    pub crashes: bool,
    /// The exit code of a process that crashes.
    pub exit_code: i64,
    /// The process runs but never answers its readiness probe.
    pub never_ready: bool,
    /// The process ignores SIGTERM and is killed at the end of its grace period.
    pub ignores_term: bool,
    /// The process answers probes [`SLOW_BY`] later; without a probe the container is ready at once, like any other.
    pub slow: bool,
    /// The process hangs [`FREEZES_AFTER`] its start: it fails all probes and ignores SIGTERM.
    pub freezes: bool,
    /// The process leaks memory, and is killed [`LEAKS_FOR`] after its start if its container has a limit.
    pub leaks: bool,
    /// What runs in the container is not looked into: its probes pass and its process serves, but for what else is said here.
    pub opaque: bool,
    /// The port on which nothing listens, if a probe was seen to be refused there.
    pub refuses: Option<u16>,
}

/// A well-behaved image.
pub const WELL: Behaviour = Behaviour {
    pull_fails: false,
    crashes: false,
    exit_code: 1,
    never_ready: false,
    ignores_term: false,
    slow: false,
    freezes: false,
    leaks: false,
    opaque: false,
    refuses: None,
};

/// An image of another cluster, of which only is known what it was seen to do.
pub const SEEN: Behaviour = Behaviour { opaque: true, ..WELL };

/// What of a behaviour a word is about.
type Part = fn(&mut Behaviour) -> &mut bool;

/// Words in a tag and what each turns on. The user sets an image's behaviour with the same words.
const WORDS: [(&str, Part); 7] = [
    ("broken", |does| &mut does.pull_fails),
    ("crash", |does| &mut does.crashes),
    ("unready", |does| &mut does.never_ready),
    ("stubborn", |does| &mut does.ignores_term),
    ("slow", |does| &mut does.slow),
    ("frozen", |does| &mut does.freezes),
    ("leaky", |does| &mut does.leaks),
];

/// What guides call an image that no registry has, from the beginning of any word, without the signs between words.
const NOWHERE: [&str; 8] = ["nonexist", "notexist", "doesnotexist", "doesntexist", "noexist", "nosuch", "notfound", "invalid"];

/// What guides call a tag that no registry has, at the beginning of a word.
const MISTAKES: [&str; 6] = ["bad", "fake", "missing", "oops", "typo", "wrong"];

impl Behaviour {
    /// Whether its server comes up as the program itself does, and so prints what that prints.
    pub fn speaks(self) -> bool {
        !(self.crashes || self.never_ready || self.slow || self.opaque)
    }

    /// The behaviour a word stands for, `well` included; `None` for other words.
    pub fn named(word: &str) -> Option<Behaviour> {
        let known = |(name, _): &&(&str, _)| *name == word;
        if word == "well" { Some(WELL) } else { WORDS.iter().find(known).map(|_| Behaviour::by_words(|name| name == word)) }
    }

    /// What the words together turn on of which this holds.
    fn by_words(holds: impl Fn(&str) -> bool) -> Behaviour {
        let mut all = WELL;
        for (_, does) in WORDS.iter().filter(|(word, _)| holds(word)) {
            *does(&mut all) = true;
        }
        all
    }
}

/// The images whose behaviour the user has set; all others behave by the words in their tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    nodes: Nodes,
    told: SortedMap<Name, Behaviour>,
    /// What was run of an image that was told of, where only that counts.
    runs: SortedMap<Name, Vec<Run>>,
    /// Whether names mean nothing, and an image of which nothing was told is as good as any: [`SEEN`].
    opaque: bool,
}

impl Images {
    /// The images that these nodes pull.
    pub fn of(nodes: Nodes) -> Self {
        Images { nodes, told: SortedMap::new(), runs: SortedMap::new(), opaque: false }
    }

    /// The images of another cluster: whatever their names, nothing is wrong with those of which nothing is told.
    pub fn seen(nodes: Nodes) -> Self {
        Images { opaque: true, ..Images::of(nodes) }
    }

    /// Sets an image's behaviour from now on.
    pub fn tell(&mut self, image: &str, behaviour: Behaviour) {
        self.told.insert(image.into(), behaviour);
        self.runs.remove(image);
    }

    /// Sets how an image behaves where a container runs of it what this one does.
    pub fn tell_of_run(&mut self, image: &str, container: &Value, behaviour: Behaviour) {
        self.told.insert(image.into(), behaviour);
        self.runs.entry(image.into()).or_default().push(Run::Any(run_of(container)));
    }

    /// The same, where the probes that end it count as well.
    pub fn tell_of_probed_run(&mut self, image: &str, container: &Value, behaviour: Behaviour) {
        self.told.insert(image.into(), behaviour);
        self.runs.entry(image.into()).or_default().push(Run::Probed(run_of(container), probes_of(container)));
    }

    /// Whether an image was told of, and not of what a container runs of it.
    pub fn is_untried(&self, image: &str, container: &Value) -> bool {
        let run = || run_of(container);
        let is_it = |known: &Run| match known {
            Run::Any(known) => *known == run(),
            Run::Probed(known, probes) => *known == run() && *probes == probes_of(container),
        };
        self.runs.get(image).is_some_and(|runs| !runs.iter().any(is_it))
    }

    /// How a container of an image behaves.
    pub(crate) fn behaviour_of(&self, image: &str, container: &Value) -> Behaviour {
        if self.is_untried(image, container) { SEEN } else { self.behaviour(image) }
    }

    /// Whether nothing is known of an image of another cluster.
    pub fn is_supposed(&self, image: &str) -> bool {
        self.opaque && !self.told.contains_key(image)
    }

    /// How containers of an image behave.
    pub fn behaviour(&self, image: &str) -> Behaviour {
        if let Some(told) = self.told.get(image) {
            return *told;
        }
        if self.opaque {
            return SEEN;
        }
        let (_, tag) = name_and_tag(image);
        Behaviour::by_words(|word| tag.contains(word))
    }

    /// Whether an image is only taken to exist: its name or its tag is not known, and nobody has said how it behaves.
    pub fn is_on_trust(&self, image: &str) -> bool {
        let is_said = self.opaque || self.told.contains_key(image) || self.cannot_be_pulled(image);
        !is_said && self.nodes.pull_from_registries() && self.behaviour(image) == WELL && is_unheard_of(image)
    }

    /// Whether an image cannot be pulled: it is set to be broken, or no registry has it. Asked where one is pulled, and not by every probe.
    pub fn cannot_be_pulled(&self, image: &str) -> bool {
        let has_none = || !self.opaque && self.nodes.pull_from_registries() && !self.told.contains_key(image) && is_nowhere(image);
        self.behaviour(image).pull_fails || has_none()
    }
}

/// Whether an image's name says that it is not there: `nginx:does-not-exist`, `nginx:bad-tag`; or an official image's minor version has
/// three digits, as in `nginx:1.161`, the mistake that Kubernetes' own guide to Deployments makes on purpose.
fn is_nowhere(image: &str) -> bool {
    let (_, tag) = name_and_tag(image);
    let words: Vec<&str> = image.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let is_nowhere = |at: usize| NOWHERE.iter().any(|said| begin_with(&words[at..], said));
    let is_mistake = |word: &str| {
        let is_hash = word.bytes().all(|byte| byte.is_ascii_hexdigit());
        MISTAKES.iter().any(|mistake| if is_hash { word == *mistake } else { word.starts_with(mistake) })
    };
    let minor = tag.split('.').nth(1).unwrap_or_default();
    let is_unreleased = !image.contains('/') && minor.len() == 3 && minor.parse::<u16>().is_ok();
    (0..words.len()).any(is_nowhere) || tag.split(['-', '_', '.']).any(is_mistake) || is_unreleased
}

/// Whether words, written together, begin with a text.
fn begin_with(words: &[&str], text: &str) -> bool {
    let mut left = text;
    for word in words {
        match left.strip_prefix(word) {
            Some(rest) => left = rest,
            None => return word.starts_with(left),
        }
    }
    left.is_empty()
}

/// What was run of an image, as prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    /// A command and an environment, under whatever probes.
    Any(u64),
    /// The same, and the probes that ended it.
    Probed(u64, u64),
}

/// The probes that end a container.
const ENDING: [&str; 2] = ["livenessProbe", "startupProbe"];

/// Whether a probe may end a container.
pub fn may_be_ended(container: &Value) -> bool {
    ENDING.iter().any(|probe| container.get(probe).is_some())
}

/// A print of the probes that end a container: what they ask, and for how long they may fail. What is left out counts as its default.
pub fn probes_of(container: &Value) -> u64 {
    let mut digest = Digest::default();
    for probe in ENDING.iter().map(|field| container.get(field)) {
        digest.word(u64::from(probe.is_some()));
        let Some(probe) = probe else { continue };
        for path in [&["httpGet", "path"][..], &["httpGet", "port"], &["tcpSocket", "port"], &["exec", "command"], &["grpc", "port"]] {
            digest.text(&probe.at(path).map(Value::to_json).unwrap_or_default());
        }
        for (field, default) in [("initialDelaySeconds", 0), ("periodSeconds", 10), ("failureThreshold", 3), ("timeoutSeconds", 1)] {
            digest.text(&probe.int_at(&[field]).unwrap_or(default).to_string());
        }
    }
    digest.0
}

/// A print of what a container runs of its image: its command, its environment, and the memory that it may use.
fn run_of(container: &Value) -> u64 {
    let mut digest = Digest::default();
    for path in [&["command"][..], &["args"], &["env"], &["envFrom"], &["resources", "limits", "memory"]] {
        digest.text(&container.at(path).map(Value::to_json).unwrap_or_default());
    }
    digest.0
}
