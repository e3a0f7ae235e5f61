//! Everything typed or pasted gets an answer: random texts, values, patches and lines for everything that takes user input.
//!
//! An ordinary run takes a few seconds. `ORDINAL_FUZZ_SECONDS=600 cargo test --release --test model robustness::` runs each test for ten
//! minutes with ever new seeds; `ORDINAL_FUZZ_SEED=n` starts at another one. A failure names its seed, which can be reproduced
//! with `ORDINAL_FUZZ_SEED=n ORDINAL_FUZZ_SECONDS=0`.

mod draw;
mod edges;
mod input;
mod run;
mod terminal;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

use ordinal::api::decode::decode;
use ordinal::api::kind::Kind;
use ordinal::base::value::Value;
use ordinal::causes::command;
use ordinal::playground::{EXAMPLE, Playground};
use ordinal::sim::Setup;
use ordinal::text::Lang;
use ordinal::yaml;
use rig::file::{Scenario, Step};

use draw::{Draw, mutated_text, mutated_value};
use terminal::Terminal;

/// The number of seeds in an ordinary run.
const ORDINARY_SEEDS: u64 = 250;

/// The texts and objects that are mutated.
struct Corpus {
    texts: Vec<String>,
    objects: Vec<(Kind, Value)>,
}

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

impl Corpus {
    fn read() -> Self {
        let cases = |name: &str| -> Vec<Value> { data(name).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect() };
        let mut texts: Vec<String> = cases("yaml.jsonl").iter().filter_map(|c| c.text_at(&["text"]).map(str::to_owned)).collect();
        texts.extend(["statefulset.yaml", "pod.yaml", "statefulset.json"].map(|name| data(&format!("printed/{name}"))));
        let object = |case: &Value| Some((Kind::named(case.text_at(&["kind"])?)?, case.get("object").or(case.get("a"))?.clone()));
        let objects = cases("decode.jsonl").iter().chain(&cases("patches.jsonl")).filter_map(object).collect();
        Corpus { texts, objects }
    }
}

/// Tries seed after seed, for as long as requested, and prints how many.
fn fuzz(what: &str, attempt: impl Fn(&mut Draw)) {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("ORDINAL_FUZZ_SEED").unwrap_or(1);
    let until = number("ORDINAL_FUZZ_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut seed = first;
    loop {
        let result = catch_unwind(AssertUnwindSafe(|| attempt(&mut Draw::new(seed))));
        if let Err(panic) = result {
            eprintln!("{what}: seed {seed}");
            resume_unwind(panic);
        }
        seed += 1;
        if until.map_or(seed >= first + ORDINARY_SEEDS, |until| Instant::now() >= until) {
            break;
        }
    }
    println!("{what}: seeds {first} to {}", seed - 1);
}

#[test]
fn any_text_is_read_as_yaml_or_refused() {
    let corpus = Corpus::read();
    fuzz("yaml", |draw| {
        let text = draw.pick(&corpus.texts).clone();
        let text = mutated_text(draw, &text);
        input::yaml(draw, &text);
    });
}

#[test]
fn any_value_is_decoded_or_refused() {
    let corpus = Corpus::read();
    fuzz("decoder", |draw| {
        let (kind, object) = draw.pick(&corpus.objects).clone();
        input::decoder(kind, &mutated_value(draw, &object));
        input::words(draw);
    });
}

#[test]
fn any_patch_is_applied_or_refused() {
    let corpus = Corpus::read();
    fuzz("patches", |draw| {
        let (kind, object) = draw.pick(&corpus.objects).clone();
        let object = if draw.below(2) == 0 { object } else { mutated_value(draw, &object) };
        input::patches(draw, kind, &object);
    });
}

#[test]
fn any_line_in_the_terminal_is_answered_and_can_be_interrupted() {
    let terminal = Terminal::new(&data("kubectl/web.yaml"), recorded_lines());
    fuzz("terminal", |draw| terminal.try_lines(draw));
}

#[test]
fn a_run_is_read_from_any_text_as_far_as_it_is_one() {
    let runs = run::Runs::written();
    fuzz("runs", |draw| runs.try_text(draw));
}

#[test]
fn any_number_is_refused_or_lived_with() {
    fuzz("numbers", edges::try_numbers);
}

/// The kubectl lines of all recordings, each once.
fn recorded_lines() -> Vec<String> {
    let groups = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/recordings");
    let inside = |folder: &Path| fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let files = inside(&groups).flat_map(|group| inside(&group).map(|scenario| scenario.join("scenario.yaml")).collect::<Vec<_>>());
    let scenarios = files.filter_map(|file| Scenario::parse(&fs::read_to_string(file).ok()?).ok());
    let lines = scenarios.flat_map(|scenario| scenario.steps).filter_map(|step| match step {
        Step::Kubectl { line, .. } => Some(line),
        _ => None,
    });
    let lines: std::collections::BTreeSet<String> = lines.collect();
    lines.into_iter().collect()
}

#[test]
fn reading_grows_as_the_text_does() {
    // Of three runs the fastest: other processes only add to it.
    let seconds = |containers: usize| {
        let one = |i| {
            format!(
                "      - {{name: c{i}, image: a, securityContext: {{privileged: true}}, env: [{{name: A, valueFrom: {{secretKeyRef: {{name: s{i}, key: k}}}}}}]}}\n"
            )
        };
        let (head, _) = EXAMPLE.split_once("      containers:\n").expect("its template has containers");
        let text = format!("{head}      containers:\n{}", (0..containers).map(one).collect::<String>());
        let run = || {
            let start = Instant::now();
            let mut playground = Playground::new(&Setup::default(), &text);
            playground.type_line(&command::apply(), Lang::English);
            assert_eq!((playground.verdicts().refusals.len(), playground.verdicts().kept.len()), (0, 1));
            start.elapsed().as_secs_f64()
        };
        (0..3).map(|_| run()).fold(f64::INFINITY, f64::min)
    };
    let (few, many) = (seconds(200), seconds(800));
    assert!(many < few * 9.0, "four times the text took {few} and {many} s");
}

/// Texts designed to be slow or deeply nested.
#[test]
fn hostile_texts_are_answered_soon() {
    const SOON: Duration = Duration::from_secs(4);
    let size = yaml::MAX_BYTES / 2;
    let repeated = |scrap: &str| scrap.repeat(size / scrap.len());
    let texts = [
        repeated("---\n"),
        repeated("--- x\n"),
        repeated("{}"),
        repeated("{\"a\":"),
        repeated("["),
        repeated("[]:"),
        repeated("- "),
        repeated("a: "),
        repeated("? "),
        repeated("\"a\" "),
        repeated("&a "),
        repeated("!a "),
        repeated("- a\n"),
        repeated("a: b\n"),
        repeated("a\n"),
        repeated(" \n"),
        repeated("'"),
        repeated("\\"),
        format!("\"{}", repeated("\\n")),
        format!("a: {}", repeated("x ")),
        format!("a: |\n{}", repeated(" x\n")),
        format!("a: &a x\nb: [{}]", repeated("*a,")),
        format!("<<: [{}]", repeated("{a: b},")),
        (0..size / 8).flat_map(|i| [(i * 10 % 7919).to_string(), ": 1\n".into()]).collect(),
    ];
    for text in texts {
        let start = Instant::now();
        for document in yaml::parse(&text) {
            if let Some(value) = document.value {
                let printed = yaml::print(&value);
                let _ = decode(Kind::ConfigMap, &value);
                assert!(!printed.is_empty());
            }
        }
        assert!(start.elapsed() < SOON, "{:?} took {:?}", &text[..40], start.elapsed());
    }
}
