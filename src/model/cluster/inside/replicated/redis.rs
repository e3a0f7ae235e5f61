//! What a Redis server is told, by options or by its configuration file, and what its client is told of a password.
//!
//! Models `config.c` of Redis for what is written as a name and its values, and `redis-cli.c` for the options with a password.
//! Promises: a value that a shell has still to fill in counts as not known.
//! Not modelled: `CONFIG SET`, files of users, includes.

use std::rc::Rc;

use super::setup::words;
use crate::inside::place::ContainerInfo;

/// What a file holds; `None` if there is none.
pub(in crate::inside) type Read<'a> = dyn Fn(&str) -> Option<Rc<str>> + 'a;

/// The values of a setting: of an option, or of the last line in a configuration file. `None` if it is not set, or not known.
fn values(place: &ContainerInfo, read: &Read, name: &str) -> Option<Vec<String>> {
    let is_name = |word: &str, dashes: &str| word.strip_prefix(dashes).is_some_and(|word| word.eq_ignore_ascii_case(name));
    let after = |words: &[&str]| {
        let at = words.iter().rposition(|word| is_name(word, "--"))?;
        Some(words[at + 1..].iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    };
    let whole: Vec<&str> = place.command.iter().map(String::as_str).collect();
    let in_file = || {
        let texts = words(place).filter(|word| word.contains('/')).filter_map(read);
        let found = |text: Rc<str>| {
            let line = text.lines().rfind(|line| line.split_whitespace().next().is_some_and(|word| is_name(word, "")))?;
            Some(line.split_whitespace().skip(1).map(|word| word.trim_matches(['"', '\'']).to_owned()).collect())
        };
        texts.into_iter().find_map(found)
    };
    let values = after(&whole).or_else(|| after(&words(place).collect::<Vec<_>>())).or_else(in_file)?;
    let values: Vec<String> = values.into_iter().take(2).map(|value| place.environment.expand(&value)).collect();
    (!values.iter().any(|value| value.contains('$'))).then_some(values)
}

/// The first value of a setting.
pub(in crate::inside) fn setting(place: &ContainerInfo, read: &Read, name: &str) -> Option<String> {
    values(place, read, name)?.into_iter().next()
}

/// Whom a server is told to copy: host and port.
pub(super) fn master(place: &ContainerInfo, read: &Read) -> Option<[String; 2]> {
    let told = values(place, read, "replicaof").or_else(|| values(place, read, "slaveof"))?;
    let [host, port, ..] = told.as_slice() else { return None };
    Some([host.clone(), port.clone()])
}

/// What a client is given for a password.
pub(super) struct Given {
    /// The password; `None` if there is none, or if nobody knows it.
    password: Option<String>,
    /// Whether it may be given in a way that is not looked into.
    is_unknown: bool,
    /// Whether the client warns of it.
    warns: bool,
}

/// The options of the client with a password.
pub(super) const WITH_PASSWORD: [&str; 4] = ["-a", "--pass", "-u", "--user"];

impl Given {
    /// By options, or by the client's own variable.
    pub(super) fn read(args: &[&str], variable: &dyn Fn(&str) -> String) -> Given {
        let option = |names: &[&str]| args.windows(2).rev().find(|pair| names.contains(&pair[0])).map(|pair| pair[1].to_owned());
        let by_option = option(&["-a", "--pass"]);
        let has = |name: &str| args.contains(&name);
        let warns = (by_option.is_some() || has("-u")) && !has("--no-auth-warning");
        let password = by_option.or_else(|| Some(variable("REDISCLI_AUTH")).filter(|password| !password.is_empty()));
        let is_unknown = has("-u") || has("--user") || has("--askpass") || password.as_ref().is_some_and(|password| password.contains('$'));
        Given { password, is_unknown, warns }
    }

    /// What the client says of it before anything else, and whether a server with this password lets it in.
    pub(super) fn tried(&self, wanted: Option<&str>) -> (String, bool) {
        let mut said = String::new();
        if self.warns {
            said.push_str("Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n");
        }
        let is_let_in = self.is_unknown || wanted.is_none_or(|wanted| self.password.as_deref() == Some(wanted));
        if !is_let_in && self.password.is_some() {
            said.push_str("AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\n");
        }
        (said, is_let_in)
    }
}
