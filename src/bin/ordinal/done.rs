//! `ordinal done`: what the tools around StatefulSets call done.

use ordinal::api::decode::decode;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::api::release::Release;
use ordinal::api::rules::rules;
use ordinal::base::value::Value;
use ordinal::done::{self, Differ, Judge, Said};
use ordinal::intake::Dump;
use ordinal::text::Lang;
use ordinal::text::diagnose::Unread;

use crate::args::{Done, DoneForm, DoneTold};
use crate::exit::FINE;
use crate::input::{Failure, Input};
use crate::show;

/// Tells of the sets of files; the exit code.
pub fn run(args: &Done) -> Result<u8, Failure> {
    print(&Input::read(&args.files)?, None, &args.told)
}

/// Prints what the tools make of the sets of an input, or of one of them.
pub fn print(input: &Input, only: Option<&ObjectKey>, told: &DoneTold) -> Result<u8, Failure> {
    let dump = Dump::read_whole(input.texts());
    let broken = dump.unread.iter().filter_map(|one| match one {
        Unread::NotYaml { line, problem } => Some(Failure::at(input.place_in_texts(*line), problem)),
        _ => None,
    });
    let broken: Vec<Failure> = broken.collect();
    if !broken.is_empty() {
        return Err(Failure::all(broken));
    }
    let sets = dump.objects.iter().filter(|one| one.kind == Kind::StatefulSet && !dump.is_told(one));
    let sets: Vec<Set> = sets.map(|one| Set::read(&one.value, input)).collect::<Result<_, _>>()?;
    let sets: Vec<Set> = sets.into_iter().filter(|set| only.is_none_or(|only| *only == set.key)).collect();
    if sets.is_empty() {
        let none = || Failure::at(input.name(), "no StatefulSet that `kubectl get -o yaml` or `-o json` printed");
        return Err(input.error().filter(|_| !dump.mixed).unwrap_or_else(none));
    }
    let pods: Vec<&Value> = dump.of(Kind::Pod).collect();
    let all: Vec<Told> = sets.into_iter().map(|set| Told::of(set, &pods)).collect();
    match told.output {
        DoneForm::Json => {
            show::plain(&(Value::list(all.iter().map(Told::json)).to_json() + "\n"));
            let lacks = Lang::English.text().done.without_pods();
            all.iter().filter(|one| one.lacks_pods).for_each(|one| show::complain(&format!("{}: {lacks}", one.name())));
        }
        DoneForm::Text => {
            let names: Vec<String> = all.iter().map(Told::name).collect();
            let text = all.iter().map(|one| one.text()).collect::<Vec<_>>().join("\n");
            show::text(&text, |line| names.iter().any(|name| name == line));
        }
    }
    Ok(FINE)
}

/// A set of the input.
struct Set {
    key: ObjectKey,
    object: Value,
}

impl Set {
    /// Takes an object for a set, if its fields have the types that a server stores. A manifest becomes what a server makes of it first.
    fn read(object: &Value, input: &Input) -> Result<Set, Failure> {
        let name = object.text_at(&["metadata", "name"]).unwrap_or_default();
        let key = ObjectKey::new(Kind::StatefulSet, &done::namespace(object).into(), &name.into());
        if let Err(wrong) = decode(Kind::StatefulSet, object) {
            let path = wrong.path.to_string();
            let place = input.find(&key, &path.split('.').collect::<Vec<_>>());
            let name = input.name().to_owned();
            return Err(Failure::at(place.map_or(name, |place| place.to_string()), wrong.message));
        }
        let mut object = object.clone();
        if object.get("status").is_none() && object.at(&["metadata", "uid"]).is_none() {
            (rules().fill_in)(Kind::StatefulSet, &mut object, Release::ALL[0]);
            object.set(&["metadata", "generation"], 1);
            object.set(&["status"], Value::of([("availableReplicas", 0), ("replicas", 0)]));
        }
        object.set(&["metadata", "namespace"], done::namespace(&object).to_owned());
        Ok(Set { key, object })
    }
}

/// What is told of a set.
struct Told {
    set: Set,
    says: Vec<(Judge, Said)>,
    lacks_pods: bool,
}

impl Told {
    fn of(set: Set, pods: &[&Value]) -> Told {
        let says = done::all(&set.object, pods.iter().copied());
        let lacks_pods = set.object.int_at(&["spec", "replicas"]) != Some(0) && !pods.iter().any(|pod| done::is_own(&set.object, pod));
        Told { set, says, lacks_pods }
    }

    /// The set as reports name it.
    fn name(&self) -> String {
        format!("sts/{} ({})", self.set.key.name, self.set.key.namespace)
    }

    fn json(&self) -> Value {
        done::json(&self.set.key.namespace, &self.set.key.name, &self.says)
    }

    /// A line for each tool, and why they differ.
    fn text(&self) -> String {
        let words = Lang::English.text().done;
        let rows = self.says.iter().map(|(tool, said)| {
            let name = format!("{} {}", tool.name(), tool.version());
            [name, words.verdict(said.verdict.word()), said.words.clone().unwrap_or_default()]
        });
        let rows: Vec<[String; 3]> = rows.collect();
        let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
        let (first, second) = (width(0), width(1));
        let line = |[name, verdict, said]: &[String; 3]| format!("  {name:first$}  {verdict:second$}  {said}");
        let lines = rows.iter().map(|row| line(row).trim_end().to_owned() + "\n").collect::<String>();
        let why = words.differ(Differ::of(&self.set.object, &self.says).word());
        let lacks = if self.lacks_pods { words.without_pods().to_owned() + "\n" } else { String::new() };
        format!("{}\n{lines}{why}\n{lacks}", self.name())
    }
}
