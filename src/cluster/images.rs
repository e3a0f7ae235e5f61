//! What images do: a table keyed by words in their tags, which the user can extend for any image.

use crate::base::sorted::SortedMap;

use crate::api::object::Name;
use crate::base::time::Span;

/// By how much a slow image answers probes later.
pub const SLOW_BY: Span = Span::seconds(30);

/// How long a process that will hang answers before it does.
pub const FREEZES_AFTER: Span = Span::seconds(30);

/// How long a process that leaks takes to outgrow its memory limit.
pub const LEAKS_FOR: Span = Span::seconds(20);

/// What a container of an image does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing an image may do, together with any other")]
pub struct Behaviour {
    /// The image cannot be pulled.
    pub pull_fails: bool,
    /// The process exits with 1 soon after each start.
    pub crashes: bool,
    /// The process runs but never answers its readiness probe.
    pub never_ready: bool,
    /// The process ignores SIGTERM, and is killed when its grace period is over.
    pub ignores_term: bool,
    /// It answers probes [`SLOW_BY`] later; a container without a probe is ready at once, as any other.
    pub slow: bool,
    /// The process hangs [`FREEZES_AFTER`] it has come up: it answers no probe, and hears no SIGTERM.
    pub freezes: bool,
    /// The process uses more and more memory, and is killed [`LEAKS_FOR`] after its start where its container has a limit.
    pub leaks: bool,
}

/// An image about which there is nothing to say.
const WELL: Behaviour =
    Behaviour { pull_fails: false, crashes: false, never_ready: false, ignores_term: false, slow: false, freezes: false, leaks: false };

/// Words in a tag and what they stand for. They are also how a user says what an image does.
const WORDS: [(&str, Behaviour); 7] = [
    ("broken", Behaviour { pull_fails: true, ..WELL }),
    ("crash", Behaviour { crashes: true, ..WELL }),
    ("unready", Behaviour { never_ready: true, ..WELL }),
    ("stubborn", Behaviour { ignores_term: true, ..WELL }),
    ("slow", Behaviour { slow: true, ..WELL }),
    ("frozen", Behaviour { freezes: true, ..WELL }),
    ("leaky", Behaviour { leaks: true, ..WELL }),
];

impl Behaviour {
    /// What a word stands for, `well` among them; `None` for any other.
    pub fn named(word: &str) -> Option<Behaviour> {
        let all = WORDS.iter().chain([&("well", WELL)]);
        all.into_iter().find(|(known, _)| *known == word).map(|(_, behaviour)| *behaviour)
    }
}

/// The images the user has said something about; all others behave by the words in their tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    told: SortedMap<Name, Behaviour>,
}

impl Images {
    /// Says what an image does from now on.
    pub fn tell(&mut self, image: &str, behaviour: Behaviour) {
        self.told.insert(image.into(), behaviour);
    }

    /// What a container of an image does.
    pub fn behaviour(&self, image: &str) -> Behaviour {
        if let Some(told) = self.told.get(image) {
            return *told;
        }
        let name = image.rsplit('/').next().unwrap_or(image);
        let tag = name.split_once(':').map_or("", |(_, tag)| tag);
        let mut all = Behaviour::default();
        for (word, b) in WORDS {
            if tag.contains(word) {
                all.pull_fails |= b.pull_fails;
                all.crashes |= b.crashes;
                all.never_ready |= b.never_ready;
                all.ignores_term |= b.ignores_term;
                all.slow |= b.slow;
                all.freezes |= b.freezes;
                all.leaks |= b.leaks;
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_tells_what_an_image_does_unless_the_user_did() {
        let mut images = Images::default();
        assert!(images.behaviour("registry:5000/crash/nginx:1.25") == Behaviour::default());
        assert!(images.behaviour("nginx:broken").pull_fails);
        assert!(images.behaviour("nginx:1.26-crash-stubborn").crashes && images.behaviour("nginx:1.26-crash-stubborn").ignores_term);
        images.tell("nginx:1.27", Behaviour::named("unready").expect("it is a word"));
        assert!(images.behaviour("nginx:1.27").never_ready);
        images.tell("nginx:broken", Behaviour::named("well").expect("it is a word"));
        assert_eq!(images.behaviour("nginx:broken"), Behaviour::default());
        assert_eq!(Behaviour::named("strange"), None);
    }
}
