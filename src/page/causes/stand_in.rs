//! What stands in for a ConfigMap or a Secret that nobody brings: the keys that pods ask for, and the files that containers name in their
//! commands, for what they run is there, or nothing would run.
//!
//! Promises: a value that stands in is known as one ([`is_stand_in`]).

use api::kind::Kind;
use api::object::ObjectKey;
use base::sorted::SortedMap;
use base::value::Value;
use cluster::kubelet::references::needs;
use cluster::programs::app_of;

use crate::command::{CHANGE_ME, minimal_object, with_keys};

/// A file that the containers of a pod name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The object that holds it.
    pub of: ObjectKey,
    pub key: String,
    pub text: String,
}

/// The words before a file that is run in a process of its own.
const RUNS: [&str; 12] = ["sh", "bash", "ash", "exec", "then", "do", "else", "--", "-c", "-ec", "-e", "-x"];
/// What parts commands.
const ENDS: [char; 6] = ['\n', ';', '&', '|', '(', '`'];
/// A file of which nothing is known: a comment, in most formats.
const NOTHING: &str = "# ...";
/// What a script begins with.
const SCRIPT: &str = "#!/bin/sh\n";
const HOOKS: [&[&str]; 5] =
    [&["lifecycle", "postStart"], &["lifecycle", "preStop"], &["readinessProbe"], &["livenessProbe"], &["startupProbe"]];

/// Whether a value stands in for one that somebody else knows.
pub fn is_stand_in(value: &str) -> bool {
    value == CHANGE_ME || value.strip_prefix(SCRIPT).unwrap_or(value).starts_with(NOTHING)
}

/// Pods, and the keys that they ask of each object.
pub struct Pods<'a> {
    specs: Vec<&'a Value>,
    asked: SortedMap<(Kind, String), Vec<String>>,
}

impl<'a> Pods<'a> {
    /// The pods of these specs.
    pub fn of(specs: impl IntoIterator<Item = &'a Value>) -> Self {
        let specs: Vec<&Value> = specs.into_iter().collect();
        let mut asked: SortedMap<_, Vec<String>> = SortedMap::new();
        for need in specs.iter().flat_map(|spec| needs(spec)) {
            asked.entry((need.kind, need.name)).or_default().extend(need.keys.into_iter().map(|key| key.name));
        }
        Self { specs, asked }
    }

    /// The object that stands in for one to which the pods refer.
    pub fn stand_in(&self, of: &ObjectKey) -> Value {
        let mut object = minimal_object(of.kind, &of.namespace, &[]);
        let keys = self.asked.get(&(of.kind, of.name.to_string())).into_iter().flatten().map(|key| (key.clone(), CHANGE_ME.to_owned()));
        let files = self.specs.iter().flat_map(|spec| files(spec, of)).map(|file| (file.key, file.text));
        for (key, text) in keys.chain(files) {
            object.set(&[with_keys(of.kind), &key], text);
        }
        object
    }
}

/// The files of an object that the containers of a pod name; a container's own start what its image serves.
pub fn files(spec: &Value, of: &ObjectKey) -> Vec<File> {
    let (field, name) = if of.kind == Kind::Secret { ("secret", "secretName") } else { ("configMap", "name") };
    let mut all = Vec::new();
    for volume in spec.list_at(&["volumes"]).iter().filter(|volume| volume.text_at(&[field, name]) == Some(&of.name)) {
        for (list, container) in
            ["containers", "initContainers"].iter().flat_map(|list| spec.list_at(&[list]).iter().map(move |one| (list, one)))
        {
            let own = ["command", "args"].iter().filter_map(|words| Some((*list == "containers", container.get(words)?)));
            let asked = HOOKS.iter().filter_map(|hook| Some((false, container.at(hook)?.at(&["exec", "command"])?)));
            let commands: Vec<(bool, &Value)> = own.chain(asked).collect();
            for mount in container.list_at(&["volumeMounts"]).iter().filter(|mount| mount.get("name") == volume.get("name")) {
                let named = commands
                    .iter()
                    .flat_map(|(is_own, words)| named_below(words, mount).into_iter().map(move |(path, runs)| (path, runs, *is_own)));
                let mounted = mount.text_at(&["subPath"]).filter(|path| !path.contains('/')).map(|path| (path.to_owned(), false, false));
                all.extend(named.chain(mounted).map(|(path, runs, is_own)| {
                    let item = volume.list_at(&[field, "items"]).iter().find(|item| item.text_at(&["path"]) == Some(&path));
                    let key = item.and_then(|item| item.text_at(&["key"])).unwrap_or(&path).to_owned();
                    let text = match (runs, is_own) {
                        (true, true) => server(container),
                        (true, false) => format!("{SCRIPT}{NOTHING}"),
                        (false, _) => NOTHING.to_owned(),
                    };
                    File { of: of.clone(), key, text }
                }));
            }
        }
    }
    // Of a key that is used in several ways, the first one counts: what is set last stays.
    all.reverse();
    all
}

/// The files below a mount that a command names, and whether each is run in a process of its own.
fn named_below(command: &Value, mount: &Value) -> Vec<(String, bool)> {
    let at = mount.text_at(&["mountPath"]).unwrap_or_default().trim_end_matches('/');
    let split = |c: char| c.is_whitespace() || "\"')<>=".contains(c);
    let path = |word: &str| match mount.text_at(&["subPath"]) {
        Some(path) => (word == at).then(|| path.to_owned()),
        None => word.strip_prefix(at).and_then(|rest| rest.strip_prefix('/')).map(str::to_owned),
    };
    let is_key = |path: &String| !path.is_empty() && !path.contains(['/', '*', '$']);
    let (mut found, mut before) = (Vec::new(), None);
    for text in command.as_list().into_iter().flatten().filter_map(Value::as_text) {
        for (number, command) in text.split(ENDS).enumerate() {
            before = before.filter(|_| number == 0);
            for word in command.split(split).filter(|word| !word.is_empty()) {
                let is_run = before.is_none_or(|before: &str| RUNS.contains(&before.rsplit('/').next().unwrap_or(before)));
                found.extend(path(word).filter(is_key).map(|path| (path, is_run)));
                before = Some(word);
            }
        }
    }
    found
}

/// A script that starts what the image of a container serves.
fn server(container: &Value) -> String {
    let app = app_of(container.text_at(&["image"]).unwrap_or_default());
    format!("{SCRIPT}{NOTHING}\nexec {}", app.started_by().unwrap_or_else(|| "server".to_owned()))
}
