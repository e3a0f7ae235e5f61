//! Whom a container's processes run as.
//!
//! Models the securityContext of containers and pods, as the runtime carries it out. The user that an image names is not modelled: without
//! a word of the manifest, it is root.

use super::ran::Ran;
use base::note::Note;
use base::value::Value;

/// A user with its groups, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    uid: i64,
    /// Its own group, and then its others.
    groups: Vec<i64>,
}

impl User {
    /// The user that a container asks for, or its pod.
    pub fn of(pod: &Value, container: &Value) -> User {
        let asked = |field: &str| [container, pod].iter().find_map(|asker| asker.int_at(&["securityContext", field]));
        let others = pod.list_at(&["securityContext", "supplementalGroups"]).iter().filter_map(Value::as_int);
        let mut groups = vec![asked("runAsGroup").unwrap_or(0)];
        for group in others.chain(pod.int_at(&["securityContext", "fsGroup"])) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        User { uid: asked("runAsUser").unwrap_or(0), groups }
    }

    /// Whether it may do everything.
    pub(super) fn is_root(&self) -> bool {
        self.uid == 0
    }

    /// Its name; its number if no image is likely to name it.
    pub fn name(&self) -> String {
        if self.uid == 0 { "root".to_owned() } else { self.uid.to_string() }
    }

    /// What `id` prints with these options.
    pub fn id(&self, args: &[String]) -> Ran {
        let named = |number: i64| if number == 0 { "0(root)".to_owned() } else { number.to_string() };
        let all = |print: &dyn Fn(i64) -> String, sign: &str| self.groups.iter().map(|group| print(*group)).collect::<Vec<_>>().join(sign);
        Ran::out(match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => format!("uid={} gid={} groups={}\n", named(self.uid), named(self.groups[0]), all(&named, ",")),
            ["-u"] => format!("{}\n", self.uid),
            ["-g"] => format!("{}\n", self.groups[0]),
            ["-G"] => all(&|group| group.to_string(), " ") + "\n",
            ["-un" | "-nu"] if self.uid == 0 => "root\n".to_owned(),
            ["-gn" | "-ng"] if self.groups[0] == 0 => "root\n".to_owned(),
            _ => return Ran::note(Note::NotSimulated(format!("id {}", args.join(" ")))),
        })
    }
}
