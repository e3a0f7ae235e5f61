//! The law of the rows: what kubectl prints of an object, the reader of pastes reads, and that is printed the same again.

use std::fs;
use std::path::Path;

use ordinal::api::kind::Kind;
use ordinal::api::view::LAST_APPLIED;
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::intake::Dump;
use ordinal::kubectl::{Files, Job};
use ordinal::playground::setup;
use ordinal::rows::described::storage::without_token;
use ordinal::rows::read::SAID;
use ordinal::rows::{Shown, columns};
use ordinal::text::Lang;
use ordinal::yaml;

use crate::diagnose::dump;
use crate::page::course::course;
use plugged::fake::Fake;

/// What a line prints.
fn run(fake: &mut Fake, line: &str) -> String {
    let mut job = Job::new(line, &Files::default());
    job.poll(fake);
    job.stdout()
}

/// The kinds whose prints are read.
const READ: [Kind; 10] = [
    Kind::StatefulSet,
    Kind::Pod,
    Kind::PersistentVolumeClaim,
    Kind::PersistentVolume,
    Kind::StorageClass,
    Kind::Node,
    Kind::Service,
    Kind::ResourceQuota,
    Kind::PodDisruptionBudget,
    Kind::Namespace,
];
/// What a cell says where there is nothing to say.
const NOTHING: [&str; 4] = ["", "<none>", "<unset>", "<unknown>"];

/// A name, and the objects of a cluster at an instant.
type Cluster = (String, Fake, Vec<(Kind, Value)>);

/// The recorded clusters, and those at the beginning of each lesson.
fn clusters() -> Vec<Cluster> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let folders = ["diagnose", "diagnose-own"].map(|folder| fs::read_dir(data.join(folder)).expect("the cases"));
    let files = folders.into_iter().flatten().map(|case| case.expect("a case").path().join("cluster.yaml"));
    let read = |file| fs::read_to_string(file).expect("a cluster");
    let recorded = files.map(|file| (file.display().to_string(), read(file)));
    let played = course().iter().map(|lesson| {
        let run = lesson.begin(&setup(), Lang::English);
        (lesson.name.clone(), dump(run.present().sim()))
    });
    recorded.chain(played).map(|(name, text)| cluster(name, &text)).collect()
}

fn cluster(name: String, text: &str) -> Cluster {
    let mut fake = Fake::default();
    fake.now = Dump::read([text]).newest.unwrap_or_default();
    let documents = yaml::parse(text).into_iter().filter_map(|document| document.value);
    let items = documents.flat_map(|value| if value.get("items").is_some() { value.list_at(&["items"]).to_vec() } else { vec![value] });
    let known = |item: Value| Some((Kind::of(item.text_at(&["apiVersion"])?, item.text_at(&["kind"])?)?, item));
    let objects: Vec<(Kind, Value)> = items.filter_map(known).collect();
    objects.iter().for_each(|(_, object)| fake.put(object.clone()));
    (name, fake, objects)
}

/// The object that a print of kubectl was read as, and the instant that its ages count from.
fn read_back(dump: &Dump, kind: Kind, object: &Value) -> Option<(Value, Time)> {
    let part = |value: &Value, key| value.text_at(&["metadata", key]).unwrap_or_default().to_owned();
    let is_it = |one: &&Value| ["namespace", "name"].iter().all(|key| part(one, key) == part(object, key));
    Some((moved_back(dump.of(kind).find(is_it)?, dump.moved), dump.newest.unwrap_or_default()))
}

/// A value whose times were moved by so many seconds, without that.
fn moved_back(value: &Value, by: i64) -> Value {
    match value {
        Value::Map(map) => Value::of(map.iter().map(|(key, value)| (key.clone(), moved_back(value, by)))),
        Value::List(items) => Value::list(items.iter().map(|value| moved_back(value, by))),
        Value::Text(text) => match Time::parse_rfc3339(text) {
            Some(Time(at)) if by != 0 => Time(at.saturating_sub(by.unsigned_abs() * 1000)).rfc3339().into(),
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

#[test]
fn what_a_row_reads_of_a_table_is_printed_again() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, mut fake, objects) in clusters() {
        for kind in READ {
            let place = if kind.is_namespaced() { " -A" } else { "" };
            for wide in ["", " -o wide"] {
                let text = run(&mut fake, &format!("get {}{place}{wide}", kind.info().plural));
                let dump = Dump::read([&*text]);
                for (_, object) in objects.iter().filter(|(of, _)| *of == kind) {
                    let Some((read, newest)) = read_back(&dump, kind, object) else {
                        wrong.push(format!("{name}: not read of\n{text}"));
                        continue;
                    };
                    let shown = |shown: Shown| shown == Shown::Always || shown == Shown::Wide && !wide.is_empty();
                    for column in columns(kind).filter(|column| shown(column.shown)) {
                        let printed = column.cell(object, fake.now);
                        let mut alone = Value::map();
                        column.read(&printed, &mut alone);
                        if NOTHING.contains(&&*printed) || alone == Value::map() {
                            continue;
                        }
                        let again = match read.text_at(&[SAID, column.heading]) {
                            Some(said) => said.to_owned(),
                            None => column.cell(&read, newest),
                        };
                        count += 1;
                        if again != printed {
                            wrong.push(format!("{name}: {} {}: {printed:?} is read as {again:?}", kind.info().name, column.heading));
                        }
                    }
                }
            }
        }
    }
    println!("{count} cells");
    assert!(count > 5000 && wrong.is_empty(), "{count}, {}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Lines of a description that nobody reads back, by their beginnings: further addresses of a pod; and how long something takes that ends,
/// whose age counts from the newest moment that the text names.
const NOT_KEPT: [&str; 2] = ["IPs:", "Status: Terminating ("];

/// The lines up to the Events, without the blanks that align them.
fn lines(text: &str) -> Vec<String> {
    let all = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let own = all.take_while(|line| !line.starts_with("Events:"));
    own.filter(|line| !NOT_KEPT.iter().any(|start| line.starts_with(start))).collect()
}

#[test]
fn what_is_read_of_a_description_is_printed_again() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, mut fake, objects) in clusters() {
        for (kind, mut object) in objects.into_iter().filter(|(kind, _)| READ.contains(kind)) {
            // What the server gives to every pod, and manifests that were applied, are not kept.
            without_token(&mut object);
            object.remove(&["metadata", "annotations", LAST_APPLIED]);
            fake.put(object.clone());
            let part = |key| object.text_at(&["metadata", key]).unwrap_or_default();
            let place = if kind.is_namespaced() { format!(" -n {}", part("namespace")) } else { String::new() };
            let line = format!("describe {} {}{place}", kind.info().singular, part("name"));
            let text = run(&mut fake, &line);
            let Some(mut read) = read_back(&Dump::read([&*text]), kind, &object).map(|(read, _)| read) else {
                wrong.push(format!("{name}: not read of\n{text}"));
                continue;
            };
            read.set(&["metadata", "uid"], part("uid"));
            let mut other = fake.clone();
            other.put(read);
            let again = run(&mut other, &line);
            let (one, two) = (lines(&text), lines(&again));
            count += one.len();
            let lacks = |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>();
            let (lost, made) = (lacks(&one, &two), lacks(&two, &one));
            if !lost.is_empty() || !made.is_empty() {
                wrong.push(format!("{name}: {line}\n- {}\n+ {}", lost.join("\n- "), made.join("\n+ ")));
            }
        }
    }
    println!("{count} lines");
    assert!(wrong.is_empty(), "{count}, {}:\n{}", wrong.len(), wrong.join("\n"));
}
