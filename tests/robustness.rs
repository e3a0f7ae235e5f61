//! Whatever is typed or pasted is answered: random texts, values and patches through everything that takes user input.
//!
//! An ordinary run takes about a second. `ORDINAL_FUZZ_SECONDS=600 cargo test --test robustness` goes on for ten minutes with
//! ever new seeds; `ORDINAL_FUZZ_SEED=n` begins at another one. A failure names its seed, which fails alone again with
//! `ORDINAL_FUZZ_SEED=n ORDINAL_FUZZ_SECONDS=0`.

use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use ordinal::api::client::PatchType;
use ordinal::api::decode::{decode, decode_strict, metadata_error, not_simulated};
use ordinal::api::kind::Kind;
use ordinal::api::patch;
use ordinal::api::schema::schema;
use ordinal::api::typed::with_empty_members;
use ordinal::base::base64;
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::label::LabelSelector;
use ordinal::base::quantity::{Quantity, canonical};
use ordinal::base::value::{Map, Value};
use ordinal::yaml;

/// How many seeds an ordinary run takes.
const ORDINARY_SEEDS: u64 = 400;

/// Numbers drawn one after the other.
struct Draw {
    dice: Dice,
    count: u64,
}

impl Draw {
    fn below(&mut self, sides: usize) -> usize {
        self.count += 1;
        let sides = u64::try_from(sides).expect("a small number");
        usize::try_from(self.dice.below(Purpose::Operation, 0, self.count, sides)).expect("a small number")
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Texts and objects to begin with.
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

const SCRAPS: &[&str] = &[
    ":", "-", "- ", ": ", "[", "]", "{", "}", "#", "&a ", "*a", "!", "!!str ", "|", ">", "'", "\"", "%", "@", "`", ",", "?", " ", "\t",
    "\n", "\r\n", "  ", "---\n", "...\n", "<<: *a", "~", "\\", "\u{0}", "\u{feff}", "\u{2028}", "한", "😀", "0x", "1e999", "-", "9", "=",
    "in (", ")", "notin", ",,", "Gi", "m", "e9", "$patch", "null", "name", "spec", "{{", "}}",
];

fn mutated_text(draw: &mut Draw, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=draw.below(6) {
        let at = draw.below(chars.len() + 1);
        match draw.below(4) {
            0 => drop(chars.splice(at..at, draw.pick(SCRAPS).chars())),
            1 if at < chars.len() => drop(chars.remove(at)),
            2 => chars.truncate(chars.len().max(at)),
            _ => {
                let end = (at + draw.below(40)).min(chars.len());
                let again: Vec<char> = chars[at..end].to_vec();
                let to = draw.below(chars.len() + 1);
                chars.splice(to..to, again);
            }
        }
    }
    chars.into_iter().collect()
}

fn mutated_value(draw: &mut Draw, value: &Value) -> Value {
    match value {
        _ if draw.below(12) == 0 => match draw.below(9) {
            0 => Value::Null,
            1 => Value::from(*draw.pick(SCRAPS)),
            2 => Value::from(i64::MAX),
            3 => Value::Real("0.5".into()),
            4 => Value::from(true),
            5 => Value::list([value.clone(), value.clone()]),
            6 => Value::of([(*draw.pick(SCRAPS), value.clone())]),
            7 => Value::map(),
            _ => Value::list::<Value>([]),
        },
        Value::List(items) => {
            let mut out: Vec<Value> = items.iter().map(|item| mutated_value(draw, item)).collect();
            if !out.is_empty() && draw.below(4) == 0 {
                let item = out.remove(draw.below(out.len()));
                if draw.below(2) == 0 {
                    out.insert(draw.below(out.len() + 1), item);
                }
            }
            Value::from(out)
        }
        Value::Map(map) => {
            let mut out: Map = map.iter().map(|(key, item)| (key.clone(), mutated_value(draw, item))).collect();
            match draw.below(20) {
                0 => drop(out.insert("$patch", *draw.pick(&["delete", "replace", "merge", "?"]))),
                1 => drop(out.insert("$retainKeys", Value::list(map.iter().map(|(k, _)| k.clone())))),
                2 => {
                    if let Some((key, Value::List(items))) = map.iter().find(|(_, v)| v.as_list().is_some()) {
                        out.insert(format!("$setElementOrder/{key}"), Value::List(items.clone()));
                    }
                }
                3 => drop(out.insert("$deleteFromPrimitiveList/finalizers", Value::list(["a"]))),
                4 => out.retain(|key, _| key.len() % 2 == 0),
                _ => {}
            }
            Value::from(out)
        }
        other => other.clone(),
    }
}

/// Reads a text; what can be read is printed and read back.
fn try_text(draw: &mut Draw, text: &str) {
    for document in yaml::parse(text) {
        let at = draw.below(text.len() + 1);
        let path = document.path_at(at);
        let span = document.locate(&path);
        assert!(text.get(span.start..span.end).is_some(), "{span:?} of {path} in {text:?}");
        for problem in &document.problems {
            assert!(problem.span.line >= 1 && problem.span.start <= problem.span.end, "{problem:?}");
        }
        let Some(value) = document.value else {
            assert!(document.problems.iter().any(|p| p.problem.is_error()));
            continue;
        };
        try_value(draw, Kind::StatefulSet, &value);
        let printed = yaml::print(&value);
        // The real printer does not quote a key `<<`, nor break lines well at Unicode's own; everything else has to come back.
        let comes_back = !printed.contains(['\u{85}', '\u{2028}', '\u{2029}']) && !printed.contains("<<:");
        if comes_back && printed.len() < yaml::MAX_BYTES {
            let back = yaml::parse(&printed);
            let again = back.first().and_then(|d| d.value.clone()).unwrap_or_default();
            assert_eq!(again, value, "{printed}");
        }
        yaml::parse(&yaml::to_json_pretty(&value));
    }
}

fn try_value(draw: &mut Draw, kind: Kind, value: &Value) {
    let _ = (decode_strict(kind, value), metadata_error(value));
    let paths = not_simulated(kind, value);
    assert!(paths.iter().all(|path| schema().at(kind, path).is_some()));
    if let Ok(decoded) = decode(kind, value) {
        let again = decode(kind, &decoded.object).expect("what was decoded decodes");
        assert_eq!((again.object, again.unknown.len()), (decoded.object.clone(), 0));
        let filled = with_empty_members(kind, &decoded.object);
        let again = decode(kind, &filled).expect("what Go writes decodes");
        assert_eq!(with_empty_members(kind, &again.object), filled);
    }
    let other = mutated_value(draw, value);
    let third = mutated_value(draw, value);
    for how in [PatchType::Strategic, PatchType::Merge, PatchType::Json] {
        let _ = patch::apply(kind, how, value, &other).map(patch::Patched::strict);
    }
    let operations = ["add", "remove", "replace", "move", "copy", "test"].map(|op| {
        let path = format!("/{}/{}", draw.pick(SCRAPS), draw.below(3));
        Value::of([("op", Value::from(op)), ("path", path.clone().into()), ("from", path.into()), ("value", third.clone())])
    });
    let _ = patch::apply(kind, PatchType::Json, value, &Value::list(operations));
    let _ = patch::three_way(kind, value, &other, &third);
    if let Ok(change) = patch::two_way(kind, value, &other) {
        let _ = patch::apply(kind, PatchType::Strategic, value, &change);
    }
}

fn try_words(draw: &mut Draw) {
    let words: String = (0..draw.below(6)).map(|_| *draw.pick(SCRAPS)).collect();
    if let Ok(amount) = Quantity::parse(&words) {
        let form = canonical(&words).expect("it was an amount");
        assert_eq!(Quantity::parse(&form).map(|q| q == amount), Ok(true), "{words} {form}");
        let _ = (amount.plus(amount), amount.minus(amount), amount.units(), amount.thousandths());
    }
    let no_rule = |_: &str| Vec::new();
    if let Ok(selector) = LabelSelector::parse(&words, &no_rule, &no_rule) {
        let again = LabelSelector::parse(&selector.to_string(), &no_rule, &no_rule);
        assert_eq!(again, Ok(selector.clone()), "{words}");
        selector.matches(|_| None);
    }
    let _ = base64::decode(&words);
}

fn try_seed(corpus: &Corpus, seed: u64) {
    let mut draw = Draw { dice: Dice { seed }, count: 0 };
    let text = draw.pick(&corpus.texts).clone();
    let text = mutated_text(&mut draw, &text);
    try_text(&mut draw, &text);
    let (kind, object) = draw.pick(&corpus.objects).clone();
    let object = mutated_value(&mut draw, &object);
    try_value(&mut draw, kind, &object);
    try_words(&mut draw);
}

#[test]
fn nothing_a_user_can_type_or_paste_breaks_anything() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("ORDINAL_FUZZ_SEED").unwrap_or(1);
    let until = number("ORDINAL_FUZZ_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let corpus = Corpus::read();
    for seed in first.. {
        let result = catch_unwind(AssertUnwindSafe(|| try_seed(&corpus, seed)));
        if let Err(panic) = result {
            eprintln!("seed {seed}");
            resume_unwind(panic);
        }
        let done = until.map_or(seed >= first + ORDINARY_SEEDS, |until| Instant::now() >= until);
        if done {
            break;
        }
    }
}

/// Texts made to be slow or deep.
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
        (0..size / 8).map(|i| format!("{}: 1\n", i * 10 % 7919)).collect(),
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
