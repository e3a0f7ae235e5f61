//! Minimal manifests as an API server stores them.

use std::fs;
use std::path::Path;

use ordinal::api::client::{Client, WriteOptions};
use ordinal::api::kind::Kind;
use ordinal::base::value::Value;
use ordinal::sim::{Setup, Sim};
use ordinal::yaml;

use comparison::tally::{Tally, without_token_names};

/// Fields that differ from one write to the next, at any depth.
const CHANCE: [&str; 4] = ["uid", "resourceVersion", "creationTimestamp", "lastPhaseTransitionTime"];
/// Addresses and ports that the server picks, at any depth.
const PICKED: [&str; 3] = ["clusterIP", "clusterIPs", "nodePort"];

#[test]
fn what_a_manifest_leaves_open_is_filled_in_as_by_the_server() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/validation/defaulting");
    let mut sent: Vec<_> = fs::read_dir(&folder).expect("the pairs").map(|entry| entry.expect("an entry").path()).collect();
    sent.retain(|path| path.to_string_lossy().ends_with(".in.yaml"));
    sent.sort();
    let mut tally = Tally::of("stored manifests");
    for path in sent {
        let object = read(&path);
        let kind = Kind::of(object.text_at(&["apiVersion"]).unwrap_or(""), object.text_at(&["kind"]).unwrap_or("")).expect("a known kind");
        let mut sim = Sim::new(&Setup { classes: Vec::new(), ..Setup::default() });
        let stored = sim.create(kind, "default", &object, &WriteOptions::default()).expect("a sound manifest").object;
        let name = path.to_string_lossy().into_owned();
        let real = read(Path::new(&name.replace(".in.yaml", ".out.yaml")));
        tally.judge(&name, &comparable(real), &comparable(stored));
    }
    tally.finish();
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a file of a pair");
    yaml::parse(&text).into_iter().next().and_then(|document| document.value).expect("an object")
}

/// The object as text, without random fields.
fn comparable(mut object: Value) -> String {
    settle(&mut object);
    without_token_names(&yaml::print(&object))
}

fn settle(value: &mut Value) {
    match value {
        Value::List(_) => value.make_list().iter_mut().for_each(settle),
        Value::Map(_) => {
            let map = value.make_map();
            for (key, member) in map.iter_mut() {
                if PICKED.contains(&key.as_ref()) && !member.to_json().contains("None") {
                    *member = Value::from("picked");
                }
                settle(member);
            }
            map.retain(|key, _| !CHANCE.contains(&key));
        }
        _ => {}
    }
}
