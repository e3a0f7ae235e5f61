//! What is private is dropped as it is read.

use api::kind::Kind;
use api::managed::LAST_APPLIED;
use api::object::Uid;
use base::hidden::Hidden;
use base::value::Value;

/// Members of `metadata` that are dropped: who wrote which field.
pub(super) const DROPPED: &str = "managedFields";
/// The prefix of the volume with a ServiceAccount's token, which the server adds to each pod and shows.
const TOKEN_VOLUME: &str = "kube-api-access-";

/// Drops what is private or another server's alone, and spells uids as this server does.
pub(super) fn clean(kind: Kind, item: &mut Value, hidden: &mut Hidden, whole: bool) {
    let own_uid = |uid: &str| Uid::parse(uid).to_string();
    item.remove(&["metadata", DROPPED]);
    for path in [&["metadata", "uid"][..], &["spec", "claimRef", "uid"]] {
        if let Some(uid) = item.text_at(path).map(own_uid) {
            item.set(path, uid);
        }
    }
    let owners: Vec<Value> = item.list_at(&["metadata", "ownerReferences"]).to_vec();
    if !owners.is_empty() {
        let owned = owners.into_iter().map(|mut owner| {
            let uid = owner.text_at(&["uid"]).map(own_uid).unwrap_or_default();
            owner.set(&["uid"], uid);
            owner
        });
        item.set(&["metadata", "ownerReferences"], Value::list(owned));
    }
    if kind == Kind::Pod {
        without_token(item);
    }
    if whole {
        return;
    }
    item.remove(&["metadata", "annotations", LAST_APPLIED]);
    if kind == Kind::ConfigMap {
        hide_texts(item.make_map().get_mut("data"));
        item.remove(&["binaryData"]);
    }
    without_values(item, hidden);
}

/// Empties the texts of a map.
fn hide_texts(data: Option<&mut Value>) {
    let Some(data) = data else { return };
    for (_, value) in data.make_map().iter_mut() {
        *value = "".into();
    }
}

/// Takes the values out of the variables of all containers, wherever a template is. Those that are equal get the same word in their
/// place, so that templates which differ go on to differ.
fn without_values(value: &mut Value, hidden: &mut Hidden) {
    match value {
        Value::Map(_) => {
            for (key, member) in value.make_map().iter_mut() {
                if &**key == "env" && member.as_list().is_some() {
                    for variable in member.make_list() {
                        if let Some(text) = variable.text_at(&["value"]) {
                            let word = hidden.word(text);
                            variable.set(&["value"], word);
                        }
                    }
                } else {
                    without_values(member, hidden);
                }
            }
        }
        Value::List(_) => value.make_list().iter_mut().for_each(|one| without_values(one, hidden)),
        _ => {}
    }
}

/// Takes the token's volume out of a pod, which the server shows in every pod of its own.
fn without_token(pod: &mut Value) {
    let is_token = |value: &Value| value.text_at(&["name"]).is_some_and(|name| name.starts_with(TOKEN_VOLUME));
    let keep = |list: &[Value]| list.iter().filter(|one| !is_token(one)).cloned().collect::<Vec<_>>();
    let put = |at: &mut Value, path: &[&str], list: Vec<Value>| {
        if list.is_empty() {
            at.remove(path);
        } else {
            at.set(path, Value::list(list));
        }
    };
    let volumes = keep(pod.list_at(&["spec", "volumes"]));
    put(pod, &["spec", "volumes"], volumes);
    for list in ["containers", "initContainers"] {
        let mut containers = pod.list_at(&["spec", list]).to_vec();
        for container in &mut containers {
            let mounts = keep(container.list_at(&["volumeMounts"]));
            put(container, &["volumeMounts"], mounts);
        }
        put(pod, &["spec", list], containers);
    }
}
