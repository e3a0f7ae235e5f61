//! Files of objects that nobody brings, and that containers run: what is run is there, or nothing would run.

use api::kind::Kind;
use api::object::ObjectKey;
use base::value::Value;
use cluster::inside::apps::app_of;

/// A file that a container runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The object that holds it.
    pub of: ObjectKey,
    pub key: String,
    pub text: String,
}

/// What runs a file in the same shell.
const READS: [&str; 2] = [".", "source"];
/// The file of a hook, of a probe, or that is read.
const NOTHING: &str = "# ...";
const HOOKS: [&[&str]; 5] =
    [&["lifecycle", "postStart"], &["lifecycle", "preStop"], &["readinessProbe"], &["livenessProbe"], &["startupProbe"]];

/// The files of an object that the containers of a pod run; a container's own start what its image serves.
pub fn scripts(spec: &Value, of: &ObjectKey) -> Vec<Script> {
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
                let found = commands
                    .iter()
                    .flat_map(|(is_own, words)| files(words, mount).into_iter().map(move |(path, runs)| (path, *is_own && runs)));
                all.extend(found.map(|(path, starts)| {
                    let item = volume.list_at(&[field, "items"]).iter().find(|item| item.text_at(&["path"]) == Some(&path));
                    let key = item.and_then(|item| item.text_at(&["key"])).unwrap_or(&path).to_owned();
                    Script { of: of.clone(), key, text: if starts { server(container) } else { NOTHING.to_owned() } }
                }));
            }
        }
    }
    // Of a key that is used in several ways, the first one counts: what is set last stays.
    all.reverse();
    all
}

/// The files below a mount that a command names, and whether each is run in a process of its own.
fn files(command: &Value, mount: &Value) -> Vec<(String, bool)> {
    let at = mount.text_at(&["mountPath"]).unwrap_or_default().trim_end_matches('/');
    let split = |c: char| c.is_whitespace() || "\"'`;&|()<>=".contains(c);
    let words: Vec<&str> = command.as_list().into_iter().flatten().filter_map(Value::as_text).flat_map(|text| text.split(split)).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let path = |word: &str| match mount.text_at(&["subPath"]) {
        Some(path) => (word == at).then(|| path.to_owned()),
        None => word.strip_prefix(at).and_then(|rest| rest.strip_prefix('/')).map(str::to_owned),
    };
    let is_key = |path: &String| !path.is_empty() && !path.contains(['/', '*', '$']);
    let file = |(place, word): (usize, &&str)| {
        let is_read = place > 0 && READS.contains(&words[place - 1]);
        path(word).filter(is_key).map(|path| (path, !is_read))
    };
    words.iter().enumerate().filter_map(file).collect()
}

/// A script that starts what the image of a container serves.
fn server(container: &Value) -> String {
    let process = app_of(container.text_at(&["image"]).unwrap_or_default()).process;
    format!("exec {}", if process == "sh" || process.contains(':') { "server" } else { process })
}
