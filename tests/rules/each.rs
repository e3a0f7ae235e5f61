//! Rules one by one, each as a small change to a valid object.

use std::collections::BTreeMap;

use ordinal::api::kind::Kind;
use ordinal::api::release::{Release, V1_37};
use ordinal::api::rules::rules;
use ordinal::base::value::Value;
use ordinal::yaml;

#[derive(Debug, Default)]
struct Rule {
    name: String,
    release: String,
    base: String,
    /// Changes to the object beforehand.
    before: Vec<String>,
    /// Changes to create a new object.
    create: Vec<String>,
    update: Vec<String>,
    status: Vec<String>,
    says: Vec<String>,
    warns: Vec<String>,
}

#[test]
fn each_rule_says_what_the_server_says() {
    let (objects, rules) = read(include_str!("rules.txt"));
    let mut wrong = Vec::new();
    for rule in &rules {
        let (says, warns) = judge(rule, &objects[&rule.base]);
        if says != rule.says || warns != rule.warns {
            wrong
                .push(format!("{}\n  says  {says:#?}\n  not   {:#?}\n  warns {warns:#?}\n  not   {:#?}", rule.name, rule.says, rule.warns));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rules differ:\n{}", wrong.len(), rules.len(), wrong.join("\n"));
}

fn judge(rule: &Rule, base: &Value) -> (Vec<String>, Vec<String>) {
    let release = if rule.release.is_empty() { &V1_37 } else { Release::named(&rule.release).expect("a known release") };
    let kind = Kind::of(base.text_at(&["apiVersion"]).unwrap_or(""), base.text_at(&["kind"]).unwrap_or("")).expect("a known kind");
    let status = base.get("status").cloned();
    let mut object = changed(base, &rule.create);
    (rules().fill_in)(kind, &mut object, release);
    (rules().prepare_new)(kind, &mut object, release);
    if let Some(status) = status {
        object.set(&["status"], status);
    }
    let old = changed(&object, &rule.before);
    let (errors, warnings) = if !rule.status.is_empty() {
        ((rules().judge_status)(kind, &changed(&old, &rule.status), &old), Vec::new())
    } else if !rule.update.is_empty() {
        let mut new = changed(&old, &rule.update);
        (rules().fill_in)(kind, &mut new, release);
        (rules().prepare_update)(kind, &mut new, &old, release);
        (rules().judge_update)(kind, &new, &old, release)
    } else {
        (rules().judge_new)(kind, &old, release)
    };
    let mut says: Vec<String> = Vec::new();
    for sentence in errors.iter().map(|error| error.to_string().replace('\n', "\\n")) {
        if !says.contains(&sentence) {
            says.push(sentence);
        }
    }
    (says, warnings)
}

/// An object after `path = JSON` or `path -`.
fn changed(object: &Value, changes: &[String]) -> Value {
    let mut object = object.clone();
    for change in changes {
        let (path, value) = change.split_once(" = ").map_or((change.trim_end_matches(" -"), None), |(path, json)| (path, Some(json)));
        let value = value.map(|json| serde_json::from_str(json).unwrap_or_else(|e| panic!("{change}: {e}")));
        put(&mut object, &path.split('.').collect::<Vec<_>>(), value);
    }
    object
}

fn put(object: &mut Value, path: &[&str], value: Option<Value>) {
    let [key, rest @ ..] = path else {
        *object = value.unwrap_or_default();
        return;
    };
    if let Ok(index) = key.parse::<usize>() {
        let list = object.make_list();
        if index == list.len() {
            list.push(Value::map());
        }
        put(&mut list[index], rest, value);
    } else if rest.is_empty() && value.is_none() {
        object.remove(&[key]);
    } else {
        put(object.make_map().entry(key, Value::map), rest, value);
    }
}

/// Objects by name, and the rules.
fn read(text: &str) -> (BTreeMap<String, Value>, Vec<Rule>) {
    let (mut objects, mut rules) = (BTreeMap::new(), Vec::new());
    for block in text.split("\n\n").filter(|block| !block.starts_with('#')) {
        let (head, body) = block.split_once('\n').unwrap_or((block, ""));
        if let Some(name) = head.strip_prefix("object ") {
            let value = yaml::parse(body)[0].value.clone().unwrap_or_default();
            objects.insert(name.to_owned(), value);
            continue;
        }
        let name = head.strip_prefix("rule ").unwrap_or_else(|| panic!("neither object nor rule: {head}"));
        let mut rule = Rule { name: name.to_owned(), ..Rule::default() };
        for line in body.lines() {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let rest = rest.to_owned();
            match word {
                "release" => rule.release = rest,
                "base" => rule.base = rest,
                "set" => rule.before.push(rest),
                "+" => rule.create.push(rest),
                "~" => rule.update.push(rest),
                "status" => rule.status.push(rest),
                "says" => rule.says.push(rest),
                "warns" => rule.warns.push(rest),
                other => panic!("{name}: {other}"),
            }
        }
        rules.push(rule);
    }
    (objects, rules)
}
