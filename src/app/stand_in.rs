//! Stands in for the simulation until there is one: a single moment of ordered creation.

use ordinal::base::time::Time;
use ordinal::server::tables::Tables;
use ordinal::text::Lang;
use ordinal::view::command::Faults;
use ordinal::view::example::{Example, ordered_creation};
use ordinal::view::pod::PodState;
use ordinal::view::terminal::{Terminal, Voice};
use ordinal::view::timeline::{Moment, Span, Track};
use ordinal::view::why::{Decided, Evidence, Why};
use ordinal::view::{Glyph, Hue, Identity, Mark, Prose};

pub struct Machine {
    example: Example,
    pub terminal: Terminal,
    pub faults: Faults,
}

impl Machine {
    pub fn new() -> Machine {
        let mut terminal = Terminal::default();
        terminal.write(Voice::Typed, "kubectl apply -f manifest.yaml");
        terminal.write(Voice::Output, "service/nginx created\nstatefulset.apps/web created");
        Machine { example: ordered_creation(), terminal, faults: Faults::default() }
    }
    pub fn tables(&self) -> &Tables {
        &self.example.tables
    }
    pub fn now(&self) -> Time {
        self.example.now
    }
    pub fn run_until(&mut self, at: Time) {
        self.example.now = at;
    }
    pub fn step(&mut self) -> bool {
        self.example.now = Time(self.example.now.0 + 1800);
        true
    }
    pub fn quiet(&self) -> bool {
        false
    }
    pub fn written(&self, volume: &str) -> Option<u64> {
        (self.example.snapshot().written)(volume)
    }
    pub fn absence(&self, lang: Lang, pod: &str) -> Option<Prose> {
        let words = if lang == Lang::Korean { "<web-1>이 Ready가 아님" } else { "<web-1> is not Ready" };
        (pod == "web-2").then(|| Prose::read(words))
    }
    pub fn next(&self, lang: Lang) -> String {
        (lang.text().time.next)("kubelet on node-a probes web-1", "1.8 s")
    }
    pub fn moments(&self) -> Vec<Moment> {
        let moment = |id, at, mark, text: &str, command| Moment { id, at: Time(at), mark, text: text.into(), command };
        vec![
            moment(1, 0, Mark(Glyph::Flag, Hue::Ink), "apply", true),
            moment(2, 9000, Mark(Glyph::Ready, Hue::Ready), "web-0 Ready", false),
            moment(3, 13200, Mark(Glyph::Running, Hue::Wait), "web-1 Running", false),
        ]
    }
    pub fn track(&self, pod: &str) -> Track {
        let spans = |list: &[(PodState, u64, Option<u64>)]| {
            list.iter().map(|(state, from, to)| Span { state: *state, from: Time(*from), to: to.map(Time) }).collect()
        };
        use PodState::*;
        match pod {
            "web-0" => Track {
                spans: spans(&[(Pending, 200, Some(1800)), (Creating, 1800, Some(4100)), (Running, 4100, Some(9000)), (Ready, 9000, None)]),
                claim: vec![(Time(1800), None)],
            },
            "web-1" => Track {
                spans: spans(&[(Pending, 9100, Some(10600)), (Creating, 10600, Some(13200)), (Running, 13200, None)]),
                claim: vec![(Time(10600), None)],
            },
            _ => Track::default(),
        }
    }
    pub fn why(&self, _: Lang, selected: Option<&Identity>) -> Why {
        let fact = |mark, fact: &str, detail: &str| Evidence { mark, fact: Prose::read(fact), detail: detail.into() };
        Why {
            subject: selected.map_or("web-2".into(), |identity| identity.pod.clone()),
            verdict: Prose::read("<web-2> is not created."),
            mark: Some(Mark(Glyph::Absent, Hue::Wait)),
            paragraph: Prose::read(
                "With `OrderedReady`, the controller creates a pod only when every lower ordinal is Running and Ready. <web-1> is not.",
            ),
            evidence: vec![
                fact(Mark(Glyph::Ready, Hue::Ready), "<web-0> is Running and Ready", "0:09.0"),
                fact(Mark(Glyph::Running, Hue::Wait), "<web-1> is Running, not Ready", "1 probe failed"),
                fact(Mark(Glyph::Absent, Hue::Wait), "<web-2> waits for <web-1>", "since 0:09.1"),
            ],
            decided_by: "spec.podManagementPolicy".into(),
            line: Some(17),
            ends_when: Prose::read("the probe of <web-1> passes; next try 0:18.2"),
            docs: Some((
                "Deployment and Scaling Guarantees".into(),
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees".into(),
            )),
        }
    }
    pub fn decisions(&self, _: Lang) -> Vec<Decided> {
        vec![]
    }
    pub fn type_line(&mut self, line: &str, _manifest: &str) {
        self.terminal.write(Voice::Typed, line);
    }
}
