//! Runs read from text: from a link or a file.

use crate::preset::Preset;
use ordinal::base::time::Time;
use ordinal::playground::EXAMPLE;
use ordinal::playground::history::{Act, History, Variant, link};
use ordinal::sim::Setup;
use ordinal::text::Lang;

use crate::robustness::draw::{Draw, mutated_text};

const LANG: Lang = Lang::English;
/// How many times `go_on` holds for a run that is read; for one that is read again it holds more often.
const MAX_LOOKS: u32 = 60;

/// The texts of runs that are mutated.
pub struct Runs(Vec<String>);

impl Runs {
    pub fn written() -> Self {
        Runs([None, Some(Preset::Policy), Some(Preset::Release)].map(written).into())
    }

    /// Reads a damaged text; what was read must survive writing and reading again.
    pub fn try_text(&self, draw: &mut Draw) {
        let text = draw.pick(&self.0).clone();
        let text = damaged(draw, &text);
        let first = read(&text, MAX_LOOKS);
        assert!(first.unread <= text.lines().count());
        if first.cut {
            return;
        }
        let written = link::write(&first.history, &first.layout);
        let again = read(&written, MAX_LOOKS * 3);
        let told = (again.unread, again.newer, again.cut, again.differs, again.held);
        assert_eq!(told, (0, false, false, false, again.held), "{text}\n---\n{written}");
        assert_eq!(link::write(&again.history, &again.layout), written, "{text}");
    }
}

/// The text of the example after some seconds and an action, with a twin beside it or alone.
fn written(preset: Option<Preset>) -> String {
    let mut run = History::new(&Setup::default(), EXAMPLE, Lang::English);
    run.act(Act::Line("kubectl apply -f manifest.yaml".to_owned()), LANG);
    run.run(Time(1000), || true);
    if let Some([left, right]) = preset.map(Preset::sides) {
        let release = run.branch().release;
        let (left_of, right_of) = (|text: &str| left.of(text), |text: &str| right.of(text));
        let variant = |of, manifest| Variant { release: Option::unwrap_or(of, release), manifest };
        _ = run.vary(&[variant(left.release, &left_of as &dyn Fn(&str) -> String), variant(right.release, &right_of)], || true);
    }
    run.act(Act::Line("kubectl get pods --watch".to_owned()), LANG);
    run.run(Time(2000), || true);
    run.act(Act::Interrupt, LANG);
    run.act(Act::Line("kubectl delete pod web-0".to_owned()), LANG);
    run.run(Time(3000), || true);
    link::write(&run, "tab=why")
}

fn read(text: &str, most: u32) -> link::Read {
    let mut looks = 0;
    link::read(text, &Setup::default(), LANG, &|_| None, || {
        looks += 1;
        looks < most
    })
}

/// A text with lines dropped, duplicated and moved, and with characters changed.
fn damaged(draw: &mut Draw, text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for _ in 0..draw.below(4) {
        let (from, to) = (draw.below(lines.len()), draw.below(lines.len()));
        match draw.below(3) {
            0 if lines.len() > 1 => drop(lines.remove(from)),
            1 => lines.insert(to, lines[from]),
            _ => lines.swap(from, to),
        }
    }
    let text = lines.join("\n");
    if draw.below(2) == 0 { text } else { mutated_text(draw, &text) }
}
