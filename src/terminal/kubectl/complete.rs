//! Command-line completion: commands, types, names, flags and their values.
//!
//! Promises: only words that the command accepts, in the order in which a terminal should list them.

use crate::commands::command::{Args, Command, CommandQuirk};
use crate::commands::{COMMANDS, find as find_command, flags_of};
use crate::files::Files;
use crate::flag::Takes;
use crate::resources::{all_kinds, find as find_kind, kinds};
use crate::settings::current_namespace;
use api::client::Client;
use api::kind::Kind;
use api::schema::schema;
use api::view;
use base::sort::Sort;

/// The formats of `-o` that are complete words or prefixes.
const FORMATS: [&str; 8] = ["wide", "yaml", "json", "name", "jsonpath=", "go-template=", "custom-columns=", "jsonpath-as-json="];

/// The values of flags that accept only a few.
const VALUES: [(&str, &[&str]); 6] = [
    ("cascade", &["background", "foreground", "orphan"]),
    ("dry-run", &["none", "client", "server"]),
    ("type", &["strategic", "merge", "json"]),
    ("for", &["condition=Ready", "delete", "create", "jsonpath="]),
    ("restart", &["Always", "OnFailure", "Never"]),
    ("types", &["Normal", "Warning"]),
];

/// The context in which the last word is completed.
struct Context<'a> {
    command: &'static Command,
    args: Vec<&'a str>,
    namespace: String,
    client: &'a dyn Client,
    files: &'a Files,
}

/// The complete words that may stand at the cursor. `cursor` counts bytes.
pub fn complete(line: &str, cursor: usize, client: &dyn Client, files: &Files) -> Vec<String> {
    let before = line.get(..cursor).unwrap_or(line);
    let mut words: Vec<&str> = before.split_whitespace().collect();
    let last = if before.ends_with(char::is_whitespace) { "" } else { words.pop().unwrap_or_default() };
    let mut found = match words.split_first() {
        None => vec!["kubectl".to_owned()],
        Some((&("kubectl" | "k"), words)) => candidates(words, last, client, files),
        Some(_) => Vec::new(),
    };
    found.retain(|word| word.starts_with(last));
    found
}

fn candidates(words: &[&str], last: &str, client: &dyn Client, files: &Files) -> Vec<String> {
    let mut command: Option<&'static Command> = None;
    let mut args = Vec::new();
    let mut namespace = current_namespace(files).to_owned();
    let mut pending: Option<&'static str> = None;
    for word in words {
        if let Some(flag) = pending.take() {
            if flag == "namespace" {
                (*word).clone_into(&mut namespace);
            }
            continue;
        }
        if word.starts_with('-') {
            if let Some(value) = word.strip_prefix("--namespace=") {
                value.clone_into(&mut namespace);
            }
            pending = flag_waiting_for_value(command, word);
            continue;
        }
        match find_command(command, word) {
            Some(sub) if args.is_empty() => command = Some(sub),
            _ if command.is_none() => return Vec::new(),
            _ => args.push(*word),
        }
    }
    let place = command.map(|command| Context { command, args, namespace, client, files });
    match (place, pending) {
        (Some(place), Some(flag)) => place.values(flag),
        (None, Some(_)) => Vec::new(),
        (Some(place), None) if last.starts_with('-') => place.flags(last),
        (Some(place), None) => {
            let below = subcommands(Some(place.command));
            if place.args.is_empty() && !below.is_empty() { below } else { place.arguments(last) }
        }
        (None, None) => subcommands(None),
    }
}

/// The flag that takes the next word as its value.
fn flag_waiting_for_value(command: Option<&Command>, word: &str) -> Option<&'static str> {
    let command = command?;
    let name = word.trim_start_matches('-');
    let flags = flags_of(command).into_iter().flatten();
    let is_this = |f: &&crate::flag::Flag| {
        if word.starts_with("--") { f.name == name } else { f.short.is_some_and(|c| name.len() == 1 && name.starts_with(c)) }
    };
    flags.into_iter().find(is_this).filter(|f| !matches!(f.takes, Takes::Switch | Takes::Optional(_))).map(|f| f.name)
}

fn subcommands(parent: Option<&Command>) -> Vec<String> {
    let above = parent.map_or("", |p| p.name);
    let below = COMMANDS.iter().filter_map(|c| {
        let (up, last) = c.name.rsplit_once(' ').unwrap_or(("", c.name));
        (up == above).then(|| last.to_owned())
    });
    below.collect()
}

impl Context<'_> {
    fn flags(&self, last: &str) -> Vec<String> {
        if let Some((name, _)) = last.split_once('=') {
            let values = self.values(name.trim_start_matches('-'));
            return values.into_iter().map(|v| format!("{name}={v}")).collect();
        }
        let mut flags: Vec<String> =
            flags_of(self.command).into_iter().flatten().filter(|f| f.only.is_none()).map(|f| format!("--{}", f.name)).collect();
        flags.sort_small();
        flags.dedup();
        flags
    }

    fn values(&self, flag: &str) -> Vec<String> {
        match flag {
            "output" => FORMATS.map(str::to_owned).to_vec(),
            "namespace" => self.names(Kind::Namespace),
            "filename" => {
                self.files.iter().map(|(path, _)| path.to_string()).filter(|p| !p.starts_with('.') && !p.contains("://")).collect()
            }
            other => {
                let known = VALUES.iter().find(|(name, _)| *name == other);
                known.map(|(_, values)| values.iter().map(|v| (*v).to_owned()).collect()).unwrap_or_default()
            }
        }
    }

    fn names(&self, kind: Kind) -> Vec<String> {
        let scope = Some(self.namespace.as_str()).filter(|_| kind.is_namespaced());
        self.client.list(kind, scope).iter().map(|o| view::name(o).to_owned()).collect()
    }

    fn arguments(&self, last: &str) -> Vec<String> {
        match self.command.args {
            Args::NodeNames => return self.names(Kind::Node),
            Args::Fields => {
                return last.rsplit_once('.').map_or_else(
                    || type_names(&all_kinds(self.client).collect::<Vec<_>>()),
                    |(above, _)| fields_below(above, self.client),
                );
            }
            _ => {}
        }
        let Some(first) = self.args.first() else { return self.first_argument(last) };
        let mut found = Vec::new();
        if !first.contains('/') {
            for kind in kinds(first, self.client).unwrap_or_default() {
                found.extend(self.names(kind));
            }
            found.retain(|n| !self.args.contains(&n.as_str()));
        }
        if self.command.has(CommandQuirk::NamesImages) {
            found.extend(self.images());
        }
        found
    }

    /// Types, also after a comma, and names after a slash.
    fn first_argument(&self, last: &str) -> Vec<String> {
        if let Some((kind, _)) = last.split_once('/') {
            let Some(found) = find_kind(kind, self.client) else { return Vec::new() };
            return self.names(found).into_iter().map(|name| format!("{kind}/{name}")).collect();
        }
        let mut types = match self.command.args {
            Args::Types | Args::TypesOrAll => type_names(&all_kinds(self.client).collect::<Vec<_>>()),
            Args::Of(kinds) => type_names(kinds),
            Args::Words | Args::NodeNames | Args::Fields => return Vec::new(),
        };
        if self.command.args == Args::TypesOrAll {
            types.push("all".to_owned());
            types.sort_small();
        }
        match last.rsplit_once(',') {
            Some((before, _)) => types.into_iter().map(|t| format!("{before},{t}")).collect(),
            None => types,
        }
    }

    /// `nginx=` for each container of the named object.
    fn images(&self) -> Vec<String> {
        let (kind, name) = match self.args.as_slice() {
            [pair] if pair.contains('/') => pair.split_once('/').unwrap_or_default(),
            [kind, name, ..] => (*kind, *name),
            _ => return Vec::new(),
        };
        let object = find_kind(kind, self.client).and_then(|kind| self.client.get(kind, &self.namespace, name).ok()).unwrap_or_default();
        let path: &[&str] =
            if object.at(&["spec", "template"]).is_some() { &["spec", "template", "spec", "containers"] } else { &["spec", "containers"] };
        object.list_at(path).iter().map(|c| format!("{}=", view::text(c, &["name"]))).collect()
    }
}

/// The names of types, short ones included, in order.
fn type_names(kinds: &[Kind]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for kind in kinds {
        names.push(kind.info().plural.to_owned());
        names.extend(kind.info().short.iter().map(|s| (*s).to_owned()));
    }
    names.sort_small();
    names
}

/// The fields below a path in the notation of `explain`: `sts.spec`. Those with fields of their own end in a dot.
fn fields_below(above: &str, client: &dyn Client) -> Vec<String> {
    let mut names = above.split('.');
    let Some(kind) = names.next().and_then(|kind| find_kind(kind, client)) else { return Vec::new() };
    let Ok(path) = schema().walk(kind, &names.collect::<Vec<_>>()) else { return Vec::new() };
    let Some(inside) = path.last().map_or_else(|| Some(schema().kind(kind)), |field| schema().inside(field)) else { return Vec::new() };
    let end = |field| if schema().inside(field).is_some() { "." } else { "" };
    let mut found: Vec<String> =
        inside.fields.iter().filter(|field| field.name != "*").map(|field| format!("{above}.{}{}", field.name, end(field))).collect();
    found.sort_small();
    found
}
