//! The truth page itself: the counts, the scenarios by topic, what goes otherwise and why, what is not simulated, and how to record a case.

use api::decode::acts_on;
use api::kind::Kind;
use api::release::Release;
use text::Lang;
use text::truth::{Danger, LACKS, NOISE, STEPS, TOPICS, say};

use crate::beside::{Beside, Item, MANIFESTS, Program, REPORT as HOW};
use crate::html::{Frame, both, escaped, of, page, prose, table};
use crate::manifests::{self, REPORT};
use crate::scenario_page::{state, told};
use crate::state::NOISE_EVENTS;
use crate::suite::{Line, Score, folder};
use crate::tally::Tally;
use crate::validation::{COLLECTIONS, judge};
use crate::{dns, suite};

/// A scenario on a release, and why the playground cannot open it, if it cannot.
pub struct Row {
    /// The scenario.
    pub line: Line,
    /// The word of `text::truth`.
    pub closed: Option<&'static str>,
}

/// What the page tells of.
pub struct Results {
    /// Every scenario on every release that it was recorded on.
    pub rows: Vec<Row>,
    /// The validation cases, by the name of the collection and the release: texts and stored objects.
    pub verdicts: Vec<(&'static str, &'static Release, [Tally; 2])>,
    /// The DNS answers.
    pub names: Tally,
}

impl Results {
    /// What came out of the scenarios, with everything else that is counted.
    pub fn of(rows: Vec<Row>) -> Results {
        let on = |collection| Release::ALL.into_iter().filter_map(move |release| Some((collection, release, judge(collection, release)?)));
        let verdicts = COLLECTIONS.iter().flat_map(on).map(|(collection, release, tallies)| (collection.name, release, tallies)).collect();
        Results { rows, verdicts, names: dns::judge() }
    }

    fn score(&self, release: &Release, topic: Option<&str>) -> Score {
        let mut score = Score::default();
        let fits = |line: &&Line| line.release.name == release.name && topic.is_none_or(|topic| topic == line.topic());
        self.rows.iter().map(|row| &row.line).filter(fits).for_each(|line| score += line.score);
        score
    }

    /// How many answers to validation cases are the same on a release, of how many.
    fn answers(&self, release: &Release) -> (usize, usize) {
        let of_release = self.verdicts.iter().filter(|(_, of, _)| of.name == release.name);
        of_release.fold((0, 0), |(same, all), (_, _, [texts, _])| (same + texts.same, all + texts.all))
    }

    /// The releases that anything was recorded on.
    fn releases(&self) -> Vec<&'static Release> {
        Release::ALL.into_iter().filter(|release| self.score(release, None).scenarios > 0).collect()
    }

    /// The topics, those that the texts know first.
    fn topics(&self) -> Vec<&str> {
        let recorded = || self.rows.iter().map(|row| row.line.topic());
        let mut topics: Vec<&str> = TOPICS.into_iter().filter(|topic| recorded().any(|other| other == *topic)).collect();
        for topic in recorded() {
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
        topics
    }
}

/// The page, in the language that it is in where no script chooses another.
pub fn write(results: &Results, lang: Lang) -> String {
    let parts = [
        figures(results),
        topics(results),
        otherwise(results),
        cases(results),
        others(),
        beside(&Beside::of_project()),
        absent(),
        record(),
        scenarios(results, lang),
    ];
    let contents = CONTENTS.iter().map(|(id, key)| format!("<a href=\"#{id}\">{}</a>", both(key, &[]))).collect::<Vec<_>>().concat();
    let main = format!(
        "<h1>{}</h1>\n<p>{}</p>\n<p>{}</p>\n<nav>{contents}</nav>\n{}",
        both("title", &[]),
        both("lead", &[]),
        both("stand_ins", &[]),
        parts.concat()
    );
    let langs = Some(["index.html?lang=en", "index.ko.html?lang=ko"]);
    page(&Frame { title: &say(lang, "title", &[]), lang, home: "../", langs }, &main)
}

/// The sections, by their ids, and the keys of their heads.
const CONTENTS: [(&str, &str); 9] = [
    ("topics", "by_topic"),
    ("otherwise", "otherwise"),
    ("cases", "cases"),
    ("dns", "dns"),
    ("manifests-of-others", "others"),
    ("beside", "beside"),
    ("absent", "absent"),
    ("record", "record"),
    ("all", "all"),
];

fn section(id: &str, key: &str, content: &str) -> String {
    format!("<section id={id}><h2>{}</h2>\n{content}</section>\n", both(key, &[]))
}

/// Each number with what it counts. The ids are for whoever reads the page by a program.
fn figures(results: &Results) -> String {
    let figure =
        |id: &str, (part, all): (usize, usize), what: String| format!("<div><dt id=\"{id}\">{}</dt><dd>{what}</dd></div>\n", of(part, all));
    let mut out = String::new();
    for release in results.releases() {
        let (score, name) = (results.score(release, None), release.name);
        let fill: [(&'static str, &dyn base::fields::Field); 1] = [("release", &name)];
        out += &figure(&format!("scenarios-{name}"), (score.same, score.scenarios), both("scenarios", &fill));
        out += &figure(&format!("outputs-{name}"), (score.right, score.commands), both("outputs", &fill));
        out += &figure(&format!("answers-{name}"), results.answers(release), both("verdicts", &fill));
    }
    out += &figure("names", (results.names.same, results.names.all), both("names", &[]));
    if let Some(all) = manifests::counts().last() {
        out += &figure("manifests", (all.same, all.all), both("manifests", &[]));
    }
    let open = results.rows.iter().filter(|row| row.closed.is_none()).count();
    out += &figure("open", (open, results.rows.len()), both("links", &[]));
    section("numbers", "figures", &format!("<dl class=figures>\n{out}</dl>\n"))
}

fn head(head: &str) -> String {
    both("head", &[("head", &head)])
}

fn topics(results: &Results) -> String {
    let releases = results.releases();
    let per_release = |what: &str| releases.iter().map(|release| format!("{}: {}", release.name, head(what))).collect::<Vec<_>>();
    let heads = [vec![head("topic")], per_release("behave"), per_release("print")].concat();
    let rows = results.topics().into_iter().map(|topic| {
        let scores: Vec<Score> = releases.iter().map(|release| results.score(release, Some(topic))).collect();
        let link = format!("<a href=\"#{topic}\">{}</a>", both("topic", &[("topic", &topic)]));
        let behave = scores.iter().map(|score| of(score.same, score.scenarios));
        let print = scores.iter().map(|score| of(score.right, score.commands));
        std::iter::once(link).chain(behave).chain(print).collect()
    });
    let content = wide(&table(&both("by_topic", &[]), &heads, rows));
    section("topics", "by_topic", &content)
}

/// What may be wider than a telephone scrolls by itself, also by the keyboard.
fn wide(table: &str) -> String {
    format!("<div class=wide tabindex=0>{table}</div>\n")
}

fn otherwise(results: &Results) -> String {
    let mut items = String::new();
    for line in results.rows.iter().map(|row| &row.line) {
        let (name, release) = (escaped(&line.name), line.release.name);
        let listed = line.reasons.iter().map(told);
        let wrong = line.wrong.iter().map(|_| both("no_reason", &[]));
        for told in listed.chain(wrong) {
            items.extend([format!("<li><a href=\"{name}.html\"><code>{name}</code></a> <span class=label>{release}</span> {told}</li>\n")]);
        }
    }
    let events = NOISE_EVENTS.join(", ");
    let noise = NOISE
        .iter()
        .map(|noise| format!("<li>{}</li>\n", both("noise", &[("noise", noise), ("events", &events)])))
        .collect::<Vec<_>>()
        .concat();
    let list = format!(
        "<p>{}</p><ul class=reasons>\n{items}</ul><h3>{}</h3><ul>\n{noise}</ul>\n",
        both("otherwise_lead", &[]),
        both("not_compared", &[])
    );
    section("otherwise", "otherwise", &list)
}

fn cases(results: &Results) -> String {
    let releases = Release::ALL.into_iter().filter(|release| results.verdicts.iter().any(|(_, of, _)| of.name == release.name));
    let releases: Vec<&Release> = releases.collect();
    let per_release = |what: &str| releases.iter().map(|release| format!("{}: {}", release.name, head(what))).collect::<Vec<_>>();
    let heads = [vec![head("collection")], per_release("texts"), per_release("objects")].concat();
    let rows = COLLECTIONS.iter().map(|collection| {
        let count = |release: &&Release, which: usize| {
            let found = results.verdicts.iter().find(|(name, of, _)| *name == collection.name && of.name == release.name);
            found.map_or_else(|| "–".to_owned(), |(_, _, tallies)| of(tallies[which].same, tallies[which].all))
        };
        let counts = (0..2).flat_map(|which| releases.iter().map(move |release| count(release, which)));
        std::iter::once(both("collection", &[("collection", &collection.name)])).chain(counts).collect()
    });
    let content = format!("<p>{}</p>{}", both("cases_lead", &[]), wide(&table(&both("cases", &[]), &heads, rows)));
    let (same, all) = (results.names.same, results.names.all);
    let names = format!("<p>{}</p>", both("dns_lead", &[("same", &same), ("all", &all)]));
    section("cases", "cases", &content) + &section("dns", "dns", &names)
}

fn others() -> String {
    let rows = manifests::counts()
        .into_iter()
        .map(|count| vec![format!("<span lang=en>{}</span>", prose(&count.what)), of(count.same, count.all)]);
    let heads = [head("compared"), head("alike")];
    let content = format!("<p>{}</p>{}", both("others_lead", &[("file", &REPORT)]), wide(&table(&both("others", &[]), &heads, rows)));
    section("manifests-of-others", "others", &content)
}

/// What other programs say of the same manifests: a row for each danger, then what else is known of each program. A list says what the
/// search does not say.
pub fn beside(found: &Beside) -> String {
    let programs = || found.programs.iter();
    let name = |program: &Program| {
        format!("<span lang=en>{}</span> <span class=label>{}</span>", escaped(&program.name), escaped(&program.version))
    };
    let heads: Vec<String> = std::iter::once(head("danger")).chain(programs().map(name)).collect();
    let counted = |danger: &Danger| {
        let count = |program: &Program| match [&program.dangers, &program.of_every_set].map(|counts| counts[*danger as usize]) {
            [0, 0] => "–".to_owned(),
            [own, 0] => own.to_string(),
            [own, every] => format!("{own} + {every}"),
        };
        std::iter::once(both("danger", &[("danger", &danger.word())])).chain(programs().map(count)).collect::<Vec<_>>()
    };
    let row =
        |key: &str, cell: &dyn Fn(&Program) -> String| std::iter::once(both(key, &[])).chain(programs().map(cell)).collect::<Vec<_>>();
    let last = [
        row("false_of", &|program| of(program.wrong.0, program.wrong.1)),
        row("hygiene", &|program| program.hygiene.to_string()),
        row("seconds", &|program| format!("{:.1}, {:.1}", program.seconds[0], program.seconds[1])),
    ];
    let rows = Danger::ALL.iter().map(counted).chain(last);
    let item = |item: &Item| {
        let rules = item.rules.iter().map(|rule| format!("<code>{}</code>", escaped(rule))).collect::<Vec<_>>().join(", ");
        let [seen, answer] = [both("seen", &[("seen", &item.seen.word())]), both("answer", &[("answer", &item.answer.word())])];
        format!("<li>{seen} <span class=label>{rules}: {answer}</span></li>\n")
    };
    let lead = both("beside_lead", &[("count", &found.manifests), ("manifests", &MANIFESTS), ("file", &HOW)]);
    let items: String = found.items.iter().map(item).collect();
    let table = wide(&table(&both("beside", &[]), &heads, rows));
    section("beside", "beside", &format!("<p>{lead}</p>{table}<h3>{}</h3><ul>\n{items}</ul>\n", both("seen_head", &[])))
}

fn absent() -> String {
    let lacks = LACKS.iter().map(|lack| format!("<li>{}</li>\n", both("lack", &[("lack", lack)]))).collect::<Vec<_>>().concat();
    let kept = Kind::ALL.iter().filter(|kind| !acts_on(**kind)).map(|kind| format!("<code>{}</code>", kind.info().name));
    let kept = kept.collect::<Vec<_>>().join(", ");
    section("absent", "absent", &format!("<p>{}</p><ul>\n{lacks}<li>{} {kept}.</li></ul>\n", both("absent_lead", &[]), both("kept", &[])))
}

/// A scenario as somebody would write it.
const EXAMPLE: &str = "\
name: my-case
title: What happens, in one line
files:
  web.yaml: |
    # a Service and a StatefulSet
steps:
- kubectl: apply -f web.yaml
- wait: {sts: web, ready: 3}
- settle: 2
- kubectl: scale sts web --replicas=1
- settle: 2
- kubectl: get pods";

fn record() -> String {
    let version = Release::ALL[0].git_version.trim_start_matches('v');
    let recorder = suite::project().join("tests/conformance/recorder");
    assert!(
        recorder.join("record.py").exists() && folder("further", Release::ALL[0]).exists(),
        "the recorder and its recordings have moved"
    );
    let shown = |step: &str| match step {
        "build" => format!("cd tests/conformance/recorder\n./build.sh {version} ~/planes"),
        "write" => EXAMPLE.to_owned(),
        "record" => format!("./record.py ~/planes/{version} case.yaml OUT\n./record.py ~/planes/{version} case.yaml OUT --run 2"),
        "replay" => "cargo run --release --bin replay -- OUT/scenario.yaml MODEL".to_owned(),
        "keep" => "mv OUT ../recordings/further/my-case\ncargo test --test model conformance::".to_owned(),
        _ => String::new(),
    };
    let item = |step: &&str| {
        let shown = escaped(&shown(step));
        let shown = if shown.is_empty() { shown } else { format!("<pre>{shown}</pre>") };
        format!("<li>{}{shown}</li>\n", both("step", &[("step", step)]))
    };
    let items: String = STEPS.iter().map(item).collect();
    section("record", "record", &format!("<p>{}</p><ol>\n{items}</ol>\n", both("record_lead", &[])))
}

/// Every scenario, by topic. Where its page is in the language of this one, the link says so.
fn scenarios(results: &Results, lang: Lang) -> String {
    let releases = results.releases();
    let asked = if lang == Lang::English { "" } else { "?lang=ko" };
    let mut out = String::new();
    for topic in results.topics() {
        let mut names: Vec<&str> =
            results.rows.iter().map(|row| &row.line).filter(|line| line.topic() == topic).map(|line| &*line.name).collect();
        names.dedup();
        let heads: Vec<String> =
            [head("scenario"), head("about")].into_iter().chain(releases.iter().map(|release| release.name.to_owned())).collect();
        let rows = names.iter().map(|name| {
            let on = |release: &&Release| results.rows.iter().find(|row| row.line.name == *name && row.line.release.name == release.name);
            let title = releases.iter().find_map(on).map_or("", |row| &row.line.title);
            let own = name.rsplit('/').next().unwrap_or(name);
            let states = releases.iter().map(|release| state(on(release).map_or("absent", |row| row.line.state())));
            let link = format!("<a href=\"{}.html{asked}\"><code>{}</code></a>", escaped(name), escaped(own));
            [link, format!("<span lang=en>{}</span>", escaped(title))].into_iter().chain(states).collect()
        });
        let title = both("topic", &[("topic", &topic)]);
        out.extend([format!(
            "<details id=\"{topic}\" open><summary><h3>{title}</h3> {}</summary>{}</details>\n",
            names.len(),
            wide(&table(&title, &heads, rows))
        )]);
    }
    section("all", "all", &out)
}
