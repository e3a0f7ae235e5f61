//! Lesson files.
//!
//! | key | holds |
//! |---|---|
//! | `title`, `story`, `because` | a sentence for each language: `{en: …, ko: …}` |
//! | `policy` | `Parallel` where the set of the example is to have that policy |
//! | `run` | what is done before the question: records of `playground::history::link`, as the page saves a run |
//! | `line`, `seconds` | the command, and how long its effects are observed |
//! | `question` | the question, unless it is what happens next |
//! | `claims` | what might happen: `pods`, a list such as `[deleted web-1, created web-1]`, or the number of `volumeClaims`, and the sentence |
//!
//! A lesson that is not yet told in a language is told in English.

use std::sync::OnceLock;

use super::{Claim, Lesson, Outcome, Sentence};
use base::time::Span;
use base::value::Value;
use text::Lang;

/// The files, in the order of the course.
pub(super) const FILES: [&str; 9] = [
    include_str!("course/creation.yaml"),
    include_str!("course/deleted-pod.yaml"),
    include_str!("course/scale-in.yaml"),
    include_str!("course/scale-in-unready.yaml"),
    include_str!("course/parallel.yaml"),
    include_str!("course/volumes.yaml"),
    include_str!("course/canary.yaml"),
    include_str!("course/rollback.yaml"),
    include_str!("course/silent-node.yaml"),
];

/// All lessons, in order.
pub fn course() -> &'static [Lesson] {
    static COURSE: OnceLock<Vec<Lesson>> = OnceLock::new();
    COURSE.get_or_init(|| FILES.iter().map(|file| lesson(&value(file))).collect())
}

/// The content of a file.
pub(super) fn value(file: &str) -> Value {
    yaml::parse(file).into_iter().next().and_then(|document| document.value).unwrap_or_default()
}

fn lesson(value: &Value) -> Lesson {
    let text = |key| value.text_at(&[key]).unwrap_or_default().to_owned();
    let told = |key| value.get(key).map(sentence).unwrap_or_default();
    Lesson {
        title: told("title"),
        story: told("story"),
        parallel: text("policy") == "Parallel",
        run: text("run"),
        line: text("line"),
        within: Span::seconds(number(value, "seconds")),
        question: told("question"),
        claims: value.list_at(&["claims"]).iter().map(claim).collect(),
        because: told("because"),
    }
}

fn claim(value: &Value) -> Claim {
    let pods = || value.list_at(&["pods"]).iter().filter_map(Value::as_text).map(str::to_owned).collect();
    let count = value.get("volumeClaims").map(|_| number(value, "volumeClaims"));
    Claim { outcome: count.map_or_else(|| Outcome::Pods(pods()), Outcome::VolumeClaims), words: sentence(value) }
}

fn sentence(value: &Value) -> Sentence {
    Sentence(Lang::ALL.map(|lang| value.text_at(&[lang.tag()]).map(str::to_owned)))
}

fn number<N: TryFrom<i64> + Default>(value: &Value, key: &str) -> N {
    value.int_at(&[key]).and_then(|number| number.try_into().ok()).unwrap_or_default()
}
