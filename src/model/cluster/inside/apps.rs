//! The server of an image: by which words it is run, and by which programs that only pass them on.
//!
//! Promises: an image that is not in the table ([`crate::programs`]) has the tools of a small Debian; what it serves is unknown, see
//! `listening`.

use super::version::is_before;
use crate::programs::{App, Client, OTHER, Peers, Serves, app_of};
use api::object::Name;

/// A container without a listening server.
pub(super) const NOTHING: App = App { name: "sh", ..OTHER };

/// The program of an image that checks what it is given and then runs it.
const ENTRYPOINT: &str = "docker-entrypoint.sh";
/// Programs that run what they are given as somebody else. That is their first word, or the value of an option.
const AS_ANOTHER: [&str; 4] = ["gosu", "runuser", "setpriv", "su-exec"];
/// Programs that run what they are given as it is.
const AS_IT_IS: [&str; 3] = ["catatonit", "dumb-init", "tini"];
/// Options with which a server tells or prepares something, and ends.
const BRIEF: [&str; 9] = ["--version", "--help", "-V", "-?", "-C", "--initialize", "--initialize-insecure", "--bootstrap", "--check"];

/// The server of an image, as a command runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    /// From its own name on.
    pub words: Vec<String>,
    /// Whether the image's own program runs it, which prepares it.
    pub by_entrypoint: bool,
    /// Whether it runs as somebody else than who runs the command.
    pub as_another: bool,
    /// Whether it is only taken to run, because what would run it is not followed.
    pub is_supposed: bool,
}

/// What a program passes on that runs nothing of its own.
pub(super) struct Passed {
    pub words: Vec<String>,
    /// Whether it is the image's own program, which prepares its server.
    by_entrypoint: bool,
    /// Whether it runs that as somebody else.
    as_another: bool,
}

/// What a program that only passes on what it is given runs; `None` for any other.
pub(super) fn passed_on(words: &[String]) -> Option<Passed> {
    let name = words.first()?.rsplit('/').next().unwrap_or_default();
    let (by_entrypoint, as_another) = (name == ENTRYPOINT, AS_ANOTHER.contains(&name));
    let mut rest = &words[1..];
    match name {
        "gosu" | "su-exec" => rest = rest.get(1..)?,
        ENTRYPOINT => {}
        _ if as_another || AS_IT_IS.contains(&name) => {
            while let [option, after @ ..] = rest
                && option.starts_with('-')
            {
                rest = if matches!(option.as_str(), "-u" | "-g") { after.get(1..)? } else { after };
            }
        }
        _ => return None,
    }
    (!rest.is_empty()).then(|| Passed { words: rest.to_vec(), by_entrypoint, as_another })
}

impl App {
    /// The image's server, if a program run with these words is that, or ends by running it. What a container declares as its arguments
    /// is given to the image's own program (`by_entrypoint`).
    pub(super) fn reached(&self, words: &[String], mut by_entrypoint: bool) -> Option<Reached> {
        let (mut rest, mut as_another) = (words.to_vec(), false);
        while let Some(passed) = passed_on(&rest) {
            by_entrypoint |= passed.by_entrypoint;
            as_another |= passed.as_another;
            rest = passed.words;
        }
        let name = rest.first().map(|word| word.rsplit('/').next().unwrap_or_default().to_owned());
        let own = (*self.servers.first()?).to_owned();
        let words = match name.as_deref() {
            None if by_entrypoint => vec![own],
            Some(option) if by_entrypoint && option.starts_with('-') => [&[own], &*rest].concat(),
            Some(word) if by_entrypoint && self.serving.contains(&word) => [&[own], &*rest].concat(),
            Some(name) if self.servers.contains(&name) && name != ENTRYPOINT => {
                let asks = name == own && !self.serving.is_empty();
                let serves = !asks || rest.get(1).is_some_and(|word| self.serving.contains(&word.as_str()));
                serves.then_some(rest)?
            }
            _ => return None,
        };
        let is_brief = words[1..].iter().any(|word| BRIEF.contains(&word.as_str()));
        (!is_brief).then_some(Reached { words, by_entrypoint, as_another, is_supposed: false })
    }

    /// The image's server, where something that is not followed is taken to run it.
    pub(super) fn supposed(&self) -> Option<Reached> {
        self.reached(&[], true).map(|server| Reached { is_supposed: true, ..server })
    }

    /// Whether a word is the name of its server. What a script does that is not simulated is only known by its words.
    pub(super) fn is_named(&self, word: &str) -> bool {
        self.servers.contains(&word.rsplit('/').next().unwrap_or_default())
    }

    /// Whether it is the first process of a container with this command.
    pub(crate) fn is_first(&self, command: &[Name]) -> bool {
        let mut words = command.iter().flat_map(|word| word.split_whitespace()).map(|word| word.rsplit('/').next().unwrap_or_default());
        command.first().is_none_or(|first| first.starts_with('-')) || words.any(|word| self.is_server(word))
    }

    /// Whether a program run by a container's own process is this server, or an option of it.
    pub(super) fn is_run_by(&self, program: &str) -> bool {
        let name = program.rsplit('/').next().unwrap_or_default();
        !self.name.is_empty() && (program.starts_with('-') || self.is_server(name))
    }

    /// Whether this is the name of its server's program.
    pub(crate) fn is_server(&self, name: &str) -> bool {
        self.servers.contains(&name) || self.process.split_whitespace().next() == Some(name)
    }

    /// The words that start its server as its image does; `None` if a script has none for that.
    pub fn started_by(&self) -> Option<String> {
        let by_entrypoint = if self.servers.contains(&ENTRYPOINT) { format!("{ENTRYPOINT} ") } else { String::new() };
        let serves = self.serving.last().map_or(String::new(), |word| format!(" {word}"));
        (self.process != "sh" && !self.process.contains(':')).then(|| format!("{by_entrypoint}{}{serves}", self.process))
    }

    /// Whether it serves if its container has no command of its own.
    pub fn has_server(&self) -> bool {
        self.serves != Serves::Nothing || !self.servers.is_empty()
    }

    /// Whether its command is given to a program of its own that may run anything, rather than run as it is.
    pub(super) fn has_entrypoint(&self) -> bool {
        let answers = matches!(self.serves, Serves::Greeting(_) | Serves::Pet(_));
        answers || !self.is_simple() || self.servers.iter().any(|server| matches!(*server, "docker-entrypoint.sh" | "agnhost"))
    }

    /// Whether there is no more to it than its row says, and each of its processes works alone.
    pub(super) fn is_simple(&self) -> bool {
        self.peers == Peers::None && !self.has_more
    }

    /// The port on which its server answers first when these words run it: the one that it is told, or its own.
    pub(super) fn port_of(&self, server: &Reached) -> i64 {
        let told = |(at, word): (usize, &String)| match word.strip_prefix(self.port_option)? {
            "" => server.words.get(at + 1)?.parse().ok(),
            value => value.strip_prefix('=')?.parse().ok(),
        };
        let mut words = server.words.iter().enumerate().filter(|_| !self.port_option.is_empty());
        words.find_map(told).unwrap_or(self.port)
    }

    /// Whether the image has a client program.
    pub(super) fn has(&self, client: Client) -> bool {
        self.clients.iter().any(|(_, known)| *known == client)
    }

    /// The image's client program with this name.
    pub fn client(&self, program: &str) -> Option<Client> {
        self.clients.iter().find(|(name, _)| *name == program).map(|(_, client)| *client)
    }
}

/// Whether a program is unknown.
pub(super) fn is_other(app: &App) -> bool {
    app.name.is_empty()
}

/// Whether an image that is called like one of the table has other programs at other places.
pub fn is_built_otherwise(image: &str) -> bool {
    image.contains("bitnami")
}

/// Whether an image is busybox up to 1.28, whose `nslookup` has its own output format.
pub fn is_old_busybox(image: &str) -> bool {
    let (major, minor) = app_of(image).nslookup;
    is_before(image, major, minor)
}
