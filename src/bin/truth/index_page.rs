//! The truth page itself: what was counted, and one table of all scenarios, with what goes otherwise and why.

use api::release::Release;
use text::Lang;
use text::truth::{NOISE, say};

use crate::html::{Frame, both, escaped, of, page, prose, table};
use crate::scenario_page::{state, told};
use comparison::dns;
use comparison::listed::{GONE, GONE_ANSWERS};
use comparison::state::NOISE_EVENTS;
use comparison::suite::{Line, Score};
use comparison::tally::Tally;
use comparison::validation::{COLLECTIONS, judge};

/// A scenario on a release, and why the playground cannot open it, if it cannot.
pub struct Row {
    /// The scenario.
    pub line: Line,
    /// The word of `text::truth`.
    pub closed: Option<&'static str>,
}

/// What the page tells of.
pub struct Results {
    /// Every scenario on every release that it was recorded on, by name.
    pub rows: Vec<Row>,
    /// The answers to validation cases, by the release.
    pub answers: Vec<(&'static Release, Tally)>,
    /// The DNS answers.
    pub names: Tally,
}

impl Results {
    /// What came out of the scenarios, with everything else that is counted.
    pub fn of(mut rows: Vec<Row>) -> Results {
        rows.sort_by(|a, b| a.line.name.cmp(&b.line.name));
        let mut answers = Vec::new();
        for release in Release::ALL {
            let of_release = COLLECTIONS.iter().filter_map(|collection| judge(collection, release));
            answers.extend(of_release.map(|[texts, _]| (release, texts)));
        }
        Results { rows, answers, names: dns::judge() }
    }

    fn score(&self, release: &Release) -> Score {
        let mut score = Score::default();
        let of_release = self.rows.iter().map(|row| &row.line).filter(|line| line.release.name == release.name);
        of_release.for_each(|line| score += line.score);
        score
    }

    /// How many answers to validation cases are the same on a release, of how many.
    fn answers(&self, release: &Release) -> (usize, usize) {
        let of_release = self.answers.iter().filter(|(of, _)| of.name == release.name);
        of_release.fold((0, 0), |(same, all), (_, texts)| (same + texts.same, all + texts.all))
    }

    /// The releases that anything was recorded on.
    fn releases(&self) -> Vec<&'static Release> {
        Release::ALL.into_iter().filter(|release| self.score(release).scenarios > 0).collect()
    }
}

/// How many differences are told first.
const WORST: usize = 3;

/// What the numbers come to, in English: how many recordings there are, how many differ, and where most does.
pub fn summary(results: &Results) -> String {
    let mut score = Score::default();
    results.rows.iter().for_each(|row| score += row.line.score);
    let Score { scenarios, same, commands, right } = score;
    let weight = |line: &Line| (line.wrong.len(), line.score.commands - line.score.right, line.reasons.len());
    // One line a scenario: of that release on which most differs.
    let of_scenario = results.rows.chunk_by(|a, b| a.line.name == b.line.name);
    let mut worst: Vec<&Line> = of_scenario.filter_map(|rows| rows.iter().map(|row| &row.line).max_by_key(|line| weight(line))).collect();
    worst.sort_by_key(|line| std::cmp::Reverse(weight(line)));
    format!(
        "<p><strong id=summary>{scenarios} recordings of real clusters; {} go otherwise on the model. Of {commands} outputs of kubectl, {} differ.</strong> \
         Most differs here:</p><ol>{}</ol>",
        scenarios - same,
        commands - right,
        worst.into_iter().take(WORST).map(differing).collect::<String>()
    )
}

/// A scenario that differs, as an item of a list.
fn differing(line: &Line) -> String {
    let (name, title, outputs) = (escaped(&line.name), escaped(&line.title), line.score.commands - line.score.right);
    let why = line.reasons.first().map(|reason| say(Lang::English, "why", &[("why", &reason.why)])).unwrap_or_default();
    format!("<li><a href=\"../truth/{name}.html\">{title}</a> ({}): {outputs} outputs differ. {}</li>", line.release.name, prose(&why))
}

/// The page, in the language that it is in where no script chooses another.
pub fn write(results: &Results, lang: Lang) -> String {
    let text = |key| both(key, &[]);
    let main = format!(
        "<h1>{}</h1>\n<p>{}</p>\n<p>{}</p>\n{}{}{}",
        text("title"),
        text("lead"),
        text("stand_ins"),
        figures(results),
        scenarios(results, lang),
        not_compared(),
    );
    let langs = Some(["index.html?lang=en", "index.ko.html?lang=ko"]);
    page(&Frame { title: &say(lang, "title", &[]), lang, home: "../", langs }, &main)
}

fn section(id: &str, key: &str, content: &str) -> String {
    format!("<section id={id}><h2>{}</h2>\n{content}</section>\n", both(key, &[]))
}

/// A number with what it counts. The id is for whoever reads the page by a program.
fn figure(id: &str, (part, all): (usize, usize), what: &str) -> String {
    format!("<div><dt id=\"{id}\">{}</dt><dd>{what}</dd></div>\n", of(part, all))
}

fn figures(results: &Results) -> String {
    let mut out = String::new();
    for release in results.releases() {
        let (score, name) = (results.score(release), release.name);
        let fill: [(&'static str, &dyn base::fields::Field); 1] = [("release", &name)];
        out += &figure(&format!("scenarios-{name}"), (score.same, score.scenarios), &both("scenarios", &fill));
        out += &figure(&format!("outputs-{name}"), (score.right, score.commands), &both("outputs", &fill));
        out += &figure(&format!("answers-{name}"), results.answers(release), &both("verdicts", &fill));
    }
    out += &figure("names", (results.names.same, results.names.all), &both("names", &[]));
    let open = results.rows.iter().filter(|row| row.closed.is_none()).count();
    out += &figure("open", (open, results.rows.len()), &both("links", &[]));
    section("numbers", "figures", &format!("<dl class=figures>\n{out}</dl>\n"))
}

/// Every scenario: what happens in it, how it goes on each release, and what goes otherwise. Where its page is in the language of this one,
/// the link says so.
fn scenarios(results: &Results, lang: Lang) -> String {
    let releases = results.releases();
    let head = |head: &str| both("head", &[("head", &head)]);
    let mut heads = vec![head("scenario"), head("about")];
    heads.extend(releases.iter().map(|release| release.name.to_owned()));
    heads.push(head("otherwise"));
    let of_scenario = results.rows.chunk_by(|a, b| a.line.name == b.line.name);
    let table = table(&both("all", &[]), &heads, of_scenario.map(|rows| cells(rows, &releases, lang)));
    // What may be wider than a telephone scrolls by itself, also by the keyboard.
    section("all", "all", &format!("<p>{}</p><div class=wide tabindex=0>{table}</div>\n", both("otherwise_lead", &[])))
}

/// The row of a scenario, of its lines on each release.
fn cells(rows: &[Row], releases: &[&'static Release], lang: Lang) -> Vec<String> {
    let line = &rows[0].line;
    let name = escaped(&line.name);
    let asked = if lang == Lang::English { "" } else { "?lang=ko" };
    let mut cells = vec![format!("<a href=\"{name}.html{asked}\"><code>{name}</code></a>")];
    cells.push(format!("<span lang=en>{}</span>", escaped(&line.title)));
    for release in releases {
        let on = rows.iter().find(|row| row.line.release.name == release.name);
        cells.push(state(on.map_or("absent", |row| row.line.state())));
    }
    cells.push(rows.iter().map(|row| otherwise(&row.line)).collect());
    cells
}

/// What goes otherwise on a release, and why.
fn otherwise(line: &Line) -> String {
    let wrong = line.wrong.iter().map(|_| both("no_reason", &[]));
    let reasons = line.reasons.iter().map(told).chain(wrong);
    reasons.map(|told| format!("<p><span class=label>{}</span> {told}</p>", line.release.name)).collect()
}

fn not_compared() -> String {
    let events = NOISE_EVENTS.join(", ");
    let item = |noise: &&str| format!("<li>{}</li>\n", both("noise", &[("noise", noise), ("events", &events)]));
    let noise = NOISE.iter().map(item);
    // Scenarios and cases about what is not simulated: they are in no count.
    let scenarios = GONE.iter().map(|(name, why)| format!("<li lang=en><code>{}</code>: {}</li>\n", escaped(name), prose(why)));
    let answers = GONE_ANSWERS.iter().map(|(_, why)| format!("<li lang=en>{}</li>\n", prose(why)));
    let items: String = noise.chain(scenarios).chain(answers).collect();
    section("not-compared", "not_compared", &format!("<ul>\n{items}</ul>\n"))
}
