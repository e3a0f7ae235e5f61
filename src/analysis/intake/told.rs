//! Reports as text for people and as JSON for programs; the sentences themselves are in the tables of `text`.

use std::fmt::Write;
use std::rc::Rc;

use super::paste::account::Standing;
use super::paste::found::{Fact, Signed};
use super::read::PRINTS_ALL;
use super::report::{Door, Judged, Report, Tried, Verdict, Waited};
use api::object::ObjectKey;
use base::time::Span;
use base::value::Value;
use causes::command::short as kind;
use done::{Judge, Said};
use sayings::remedies;
use text::diagnose::{Assumed, Told, Unfit, Unread};
use text::{ANALYSIS, Glyph, Hue, Lang, Mark, Prose};
use why::{Cause, Family};

/// So many lines that follow each other and were not read are told as one.
const MOST_APART: usize = 3;
/// So many of the lines that were not read are told with a short answer, and so many letters of a message on either side.
const MOST_SHORT: usize = 3;
const QUOTED: (usize, usize) = (150, 200);

/// An object as kubectl's short names have it: `pod/web-0`; one that nothing names by its kind alone.
pub fn short(key: &ObjectKey) -> String {
    if key.name.is_empty() { kind(key.kind).to_owned() } else { format!("{}/{}", kind(key.kind), key.name) }
}

/// A heading for a verdict: the family, and in a few words what is the matter.
pub fn title(verdict: &Verdict) -> Prose {
    let family = ANALYSIS.diagnose.family(verdict.family().word());
    Prose::read(&format!("{family}: {}", verdict.told.explained().brief))
}

/// What was not read: lines that follow each other as one.
pub fn unread(report: &Report) -> Vec<String> {
    let words = ANALYSIS.diagnose;
    let number = |one: &Unread| if let Unread::Line { line, .. } = one { Some(*line) } else { None };
    let mut all = Vec::new();
    let mut rest = &report.unread[..];
    while let Some(first) = rest.first() {
        let begin = number(first).unwrap_or_default();
        let run = rest.iter().enumerate().take_while(|(at, one)| number(one).is_some_and(|line| line == begin + at)).count();
        match first {
            Unread::Line { text, .. } if run >= MOST_APART => all.push(words.not_read_lines(begin, begin + run - 1, text)),
            _ => all.extend(rest[..run.max(1)].iter().map(|one| words.not_read(one))),
        }
        rest = &rest[run.max(1)..];
    }
    all
}

/// What is wrong, and why it does not end by itself.
pub fn sentence(verdict: &Verdict) -> Prose {
    both(&verdict.told)
}

/// What a link of a chain says: the verdict, and of the last one, which is the cause, the paragraph as well.
pub fn link(verdict: &Verdict, told: &Told) -> Prose {
    let is_last = verdict.chain.last().is_some_and(|(_, last)| last == told);
    if is_last { both(told) } else { Prose::read(&told.explained().verdict) }
}

/// Where the cause is and how sure that is, since when, and when it ends by itself.
pub fn about(verdict: &Verdict, report: &Report) -> Vec<String> {
    let words = ANALYSIS.diagnose;
    let cause = words.cause_at(verdict.family().word(), verdict.sure.word(), &placed(&verdict.object));
    let since = verdict.since.map(|since| words.since(&since.rfc3339(), &report.at.since(since).golang()));
    let lines: Vec<String> = verdict.lines.iter().map(usize::to_string).collect();
    let rests = (!lines.is_empty() && report.door == Door::Dump).then(|| words.rests(&lines.join(", ")));
    [Some(cause), rests, since, verdict.ends_in.map(|span| words.by_itself(&span.golang()))].into_iter().flatten().collect()
}

/// The mark before a heading.
pub fn mark(verdict: &Verdict) -> Mark {
    match verdict.family() {
        Family::NotStuck => Mark(Glyph::Ready, Hue::Ready),
        Family::CannotKnow => Mark(Glyph::Unknown, Hue::Gone),
        _ => Mark(Glyph::Bad, Hue::Danger),
    }
}

/// What cures risk; may be empty.
pub fn risk(tried: &Tried) -> Prose {
    Prose::read(&tried.risks.iter().map(|risk| ANALYSIS.diagnose.risk(risk)).collect::<Vec<_>>().join(" "))
}

/// The message that says so, in the words of the pasted cluster.
fn quote(verdict: &Verdict) -> Option<&str> {
    verdict.said.named_texts().find(|(name, text)| *name == "message" && text.contains(' ')).map(|(_, text)| text)
}

/// The same as a list has it: where a text was read, shortened, with the number of its line.
pub fn quoted(verdict: &Verdict, door: Door) -> Option<String> {
    let message = quote(verdict)?;
    Some(match door {
        Door::Text | Door::Manifest if verdict.quoted > 0 => ANALYSIS.diagnose.fact_at(verdict.quoted, "", &shortened(message)),
        Door::Text => shortened(message),
        Door::Dump | Door::Manifest => message.to_owned(),
    })
}

/// A message of which no more than its beginning and its end is told.
fn shortened(message: &str) -> String {
    let letters: Vec<char> = message.chars().collect();
    let (begin, end) = QUOTED;
    if letters.len() <= begin + end {
        return message.to_owned();
    }
    let part = |range: &[char]| range.iter().collect::<String>();
    format!("{} … {}", part(&letters[..begin]).trim_end(), part(&letters[letters.len() - end..]).trim_start())
}

/// What was assumed and decides, each with the verdict that the opposite would give.
pub fn hangs_on(verdict: &Verdict) -> Vec<Prose> {
    let words = ANALYSIS.diagnose;
    let told = |(what, instead): &(Assumed, Told)| {
        let says = words.instead(&words.assumed(what).verdict, &words.otherwise(what), &instead.explained().brief);
        Prose::read(&says)
    };
    verdict.hangs_on.iter().map(told).collect()
}

/// What logs say: the line as a list of facts has it, and what it means. Of lines that mean the same, the last one.
pub fn signs(verdict: &Verdict) -> Vec<(String, Prose)> {
    let words = ANALYSIS.diagnose;
    let is_last = |at: &usize| !verdict.signs[at + 1..].iter().any(|later| later.sign == verdict.signs[*at].sign);
    let line = |one: &Signed| match one.line {
        0 => format!("{}: {}", one.pod, one.text),
        line => words.fact_at(line, &one.pod, &one.text),
    };
    let told = |one: &Signed| (line(one), Prose::read(&words.sign(&one.sign)));
    (0..verdict.signs.len()).filter(is_last).map(|at| told(&verdict.signs[at])).collect()
}

/// What tools say that wait: the line as a list of facts has it, unless the verdict quotes it; and what the tool read.
pub fn waits(verdict: &Verdict) -> Vec<(Option<String>, Prose)> {
    let words = ANALYSIS.diagnose;
    let line = |one: &Waited| match one.line {
        0 => Some(shortened(&one.text)),
        line => (line != verdict.quoted).then(|| words.fact_at(line, "", &shortened(&one.text))),
    };
    verdict.waits.iter().map(|one| (line(one), both(&one.told))).collect()
}

/// What each tool says of the sets that the text has with their status, a line each, and why they differ.
pub fn judged(verdict: &Verdict) -> Vec<Prose> {
    let (words, done) = (ANALYSIS.diagnose, &Lang::English.text().done);
    let of_set = |one: &Judged| {
        let tool = |(tool, said): &(Judge, Said)| {
            let verdict = done.verdict(said.verdict.word());
            let verdict = said.status.map_or(verdict.clone(), |status| format!("{} ({verdict})", status.word()));
            Prose::read(&words.judges(tool.name(), &verdict, said.words.as_deref().unwrap_or_default()))
        };
        let mut lines: Vec<Prose> = one.says.iter().map(tool).collect();
        lines.push(Prose::read(&format!("{}: {}", short(&one.set), done.differ(one.differ.word()))));
        lines.extend((!one.has_pods).then(|| Prose::read(done.without_pods())));
        lines
    };
    verdict.judged.iter().flat_map(of_set).collect()
}

/// Who made the workload and takes a change of it back.
pub fn owner(verdict: &Verdict) -> Option<Prose> {
    let owner = verdict.owner.as_ref()?;
    Some(Prose::read(&ANALYSIS.diagnose.owned(&verdict.workload.name, owner)))
}

/// What was assumed, and why.
pub fn assumed(what: &Assumed) -> [Prose; 2] {
    let told = ANALYSIS.diagnose.assumed(what);
    [told.verdict, told.paragraph].map(|words| Prose::read(&words))
}

/// The verdict and the paragraph of an explanation.
pub fn both(told: &Told) -> Prose {
    let told = told.explained();
    Prose::read(format!("{} {}", told.verdict, told.paragraph).trim_end())
}

/// A report as a program reads it.
pub fn json(report: &Report) -> Value {
    let words = ANALYSIS.diagnose;
    let lines = |tried: &Tried| Value::list(tried.lines.iter().map(String::as_str));
    let sign = |one: &Signed| {
        let says = Prose::read(&words.sign(&one.sign)).plain();
        Value::of([
            ("line", Value::from(i64::try_from(one.line).unwrap_or(i64::MAX))),
            ("text", (&*one.text).into()),
            ("says", says.into()),
        ])
    };
    let waited = |one: &Waited| {
        Value::of([
            ("line", Value::from(i64::try_from(one.line).unwrap_or(i64::MAX))),
            ("text", (&*one.text).into()),
            ("tools", Value::list(one.tools.iter().map(|tool| tool.word()))),
            ("says", both(&one.told).plain().into()),
        ])
    };
    let verdict = |verdict: &Verdict| {
        let said = |(about, told): &(ObjectKey, Told)| Value::of([("object", short(about)), ("said", link(verdict, told).plain())]);
        let nodes = verdict.nodes.iter().map(|(node, why)| (Rc::clone(node), Value::from(Prose::read(&words.unfit(why)).plain())));
        Value::of([
            ("cause", Value::from(verdict.family().word())),
            ("detail", verdict.cause.word().into()),
            ("object", short(&verdict.object).into()),
            ("workload", short(&verdict.workload).into()),
            ("namespace", Value::from(&verdict.workload.namespace)),
            ("sure", verdict.sure.word().into()),
            ("said", Value::of(verdict.said.named_texts().map(|(name, text)| (name, Value::from(text))))),
            ("title", title(verdict).plain().into()),
            ("sentence", sentence(verdict).plain().into()),
            ("since", verdict.since.map_or(Value::Null, |since| since.rfc3339().into())),
            ("endsIn", verdict.ends_in.map_or(Value::Null, |span| span.golang().into())),
            ("chain", Value::list(verdict.chain.iter().map(said))),
            ("nodes", Value::of(nodes)),
            ("cures", Value::list(verdict.cures.iter().map(lines))),
            ("risks", Value::list(verdict.cures.iter().map(|cure| risk(cure).plain()))),
            ("notCures", Value::list(verdict.not_cures.iter().map(lines))),
            ("ends", Value::list(remedies(verdict.cause).iter().map(|remedy| remedy.word()))),
            ("lines", Value::list(verdict.lines.iter().map(|line| i64::try_from(*line).unwrap_or(i64::MAX)))),
            ("hangsOn", Value::list(hangs_on(verdict).iter().map(Prose::plain))),
            ("signs", Value::list(verdict.signs.iter().map(sign))),
            ("waits", Value::list(verdict.waits.iter().map(waited))),
            ("judged", Value::list(verdict.judged.iter().map(|one| done::json(&one.set.namespace, &one.set.name, &one.says)))),
            ("owner", owner(verdict).map_or(Value::Null, |words| words.plain().into())),
            ("missing", Value::list(verdict.missing.iter().map(String::as_str))),
        ])
    };
    let fact = |fact: &Fact| {
        let line = i64::try_from(fact.line).unwrap_or(i64::MAX);
        Value::of([("line", Value::from(line)), ("object", (&*fact.about).into()), ("what", (&*fact.says).into())])
    };
    let assumed_of = |one: &Assumed| {
        let [what, because] = assumed(one).map(|words| words.plain());
        let otherwise = report.supposes_otherwise(one).then(|| ("otherwise", Value::from(Prose::read(&words.otherwise(one)).plain())));
        Value::of(
            [("what", Value::from(what)), ("because", because.into()), ("inferred", one.is_inferred().into())].into_iter().chain(otherwise),
        )
    };
    let number = |line: usize| Value::from(i64::try_from(line).unwrap_or(i64::MAX));
    let runs = |standing: Standing| {
        Value::list(report.account.runs(standing).into_iter().map(|run| Value::list([*run.start(), *run.end()].map(number))))
    };
    let account = [("read", Standing::Read), ("notRead", Standing::Unread), ("prose", Standing::Prose)];
    Value::of([
        ("verdicts", Value::list(report.verdicts.iter().map(verdict))),
        ("assumed", Value::list(report.assumed.iter().map(assumed_of))),
        ("facts", Value::list(report.facts.iter().map(fact))),
        ("unread", Value::list(report.unread.iter().map(|one| words.not_read(one)))),
        ("lines", Value::of(account.map(|(name, standing)| (name, runs(standing))))),
        ("notSimulated", Value::list(report.others.iter().map(String::as_str))),
        ("added", Value::list(report.with.iter().flat_map(|(names, _)| names).map(String::as_str))),
        ("with", Value::list(report.with.iter().flat_map(|(_, with)| &with.verdicts).map(verdict))),
    ])
}

/// What a text that is no dump says: the first cause with its quote, its meaning, and what decides; the others by their headings.
fn answer(report: &Report) -> String {
    let words = ANALYSIS.diagnose;
    // Of mere sentences, no more is said.
    if let [verdict] = &report.verdicts[..]
        && verdict.said.get("prints").is_some()
    {
        return format!("{}\n", sentence(verdict).plain());
    }
    let mut out = String::new();
    // That something was not read is said first, with one line of it.
    let unread: Vec<String> = unread(report).iter().map(|one| format!("  {one}\n")).collect();
    if let Some(first) = unread.first() {
        let _ = writeln!(out, "{}:\n{first}", words.unread());
    }
    // Sets that are fine are said first, and do not stand before what is not.
    let fine = report.verdicts.iter().take_while(|verdict| verdict.cause == Cause::Complete).count();
    let full = (fine + 1).min(report.verdicts.len());
    for (at, verdict) in report.verdicts[..full].iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        if at < fine && fine < full {
            // Of a set that is fine, the heading and what logs say is enough before what is not.
            let _ = writeln!(out, "{}", title(verdict).plain());
            for (line, means) in signs(verdict) {
                let _ = writeln!(out, "  - {line}: {}", means.plain());
            }
        } else {
            told(verdict, report, &mut out);
        }
    }
    let rest = &report.verdicts[full..];
    if !rest.is_empty() {
        let _ = writeln!(out, "\n{}:", words.further(rest.len()));
    }
    for verdict in rest {
        let _ = writeln!(out, "  - {} ({})", title(verdict).plain(), short(&verdict.object));
    }
    let well: Vec<String> = report.well.iter().map(placed).collect();
    if report.verdicts.iter().any(|verdict| verdict.family() != Family::NotStuck) && !well.is_empty() {
        let _ = writeln!(out, "\n{}", words.well(&well.join(", ")));
    }
    if let Some(rest) = unread.get(1..).filter(|rest| !rest.is_empty()) {
        let more = if rest.len() > MOST_SHORT { "  …\n" } else { "" };
        let _ = write!(out, "\n{}:\n{}{more}", words.unread(), rest[..rest.len().min(MOST_SHORT)].concat());
    }
    if report.verdicts.iter().any(|verdict| verdict.family() != Family::NotStuck) {
        let _ = writeln!(out, "\n{}", Prose::read(&words.whole_dump(PRINTS_ALL)).plain());
    }
    out
}

/// A report as people read it.
pub fn text(report: &Report) -> String {
    if report.door == Door::Text {
        return answer(report);
    }
    let words = ANALYSIS.diagnose;
    let mut out = String::new();
    // Of a new cluster is said first that it is one.
    if report.door == Door::Manifest && !report.assumed.is_empty() {
        sections_of_assumed(report, &mut |title, lines| section(&mut out, title, lines.into_iter()));
        out = format!("{}\n", out.trim_start());
    }
    let unread: Vec<String> = unread(report).iter().map(|one| format!("  {one}\n")).collect();
    if !unread.is_empty() {
        let _ = writeln!(out, "{}:\n{}", words.unread(), unread.concat());
    }
    for (i, verdict) in report.verdicts.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        told(verdict, report, &mut out);
    }
    let well: Vec<String> = report.well.iter().map(placed).collect();
    if report.verdicts.iter().any(|verdict| verdict.family() != Family::NotStuck) && !well.is_empty() {
        let _ = writeln!(out, "\n{}", words.well(&well.join(", ")));
    }
    if report.door != Door::Manifest {
        sections_of_assumed(report, &mut |title, lines| section(&mut out, title, lines.into_iter()));
    }
    section(&mut out, words.facts(), report.facts.iter().map(|fact| words.fact_at(fact.line, &fact.about, &fact.says)));
    section(&mut out, words.others(), report.others.iter().cloned());
    if let Some((names, with)) = &report.with {
        let _ = writeln!(out, "\n{}:\n", ANALYSIS.plan.with(&names.join(", ")));
        with.verdicts.iter().for_each(|verdict| told(verdict, with, &mut out));
    }
    out
}

/// Does something with what was assumed, and with what was inferred, under their titles.
fn sections_of_assumed(report: &Report, show: &mut dyn FnMut(&str, Vec<String>)) {
    let words = ANALYSIS.diagnose;
    for (title, is_inferred) in [(words.assumptions(), false), (words.inferred(), true)] {
        let own = report.assumed.iter().filter(|one| one.is_inferred() == is_inferred);
        show(title, own.map(|one| assumed(one).map(|words| words.plain()).join(": ")).collect());
    }
}

/// An object, and the namespace it is in.
fn placed(key: &ObjectKey) -> String {
    if key.namespace.is_empty() { short(key) } else { format!("{} ({})", short(key), key.namespace) }
}

/// A heading and its lines, if there are any.
fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.map(|line| format!("  {line}\n")).collect();
    if !lines.is_empty() {
        let _ = write!(out, "\n{title}:\n{}", lines.concat());
    }
}

/// What stands under a heading of a verdict: what is said, and lines to type.
struct Entry {
    says: String,
    lines: Vec<String>,
}

fn says(says: String) -> Entry {
    Entry { says, lines: Vec::new() }
}

/// The heading of lines that were tried: where nothing is stuck, nothing is ended.
pub fn cured(verdict: &Verdict) -> &'static str {
    let words = ANALYSIS.diagnose;
    if verdict.family() == Family::NotStuck { words.helps() } else { words.ends_it() }
}

/// What is told of a verdict below its sentence, by headings; those without an entry are left out.
fn sections(verdict: &Verdict, door: Door) -> Vec<(&'static str, Vec<Entry>)> {
    let words = ANALYSIS.diagnose;
    let said = |(about, told): &(ObjectKey, Told)| format!("{}: {}", short(about), link(verdict, told).plain());
    let because = quoted(verdict, door).into_iter().chain(verdict.chain.iter().map(said));
    let node = |(node, why): &(Rc<str>, Unfit)| says(format!("{node}: {}", Prose::read(&words.unfit(why)).plain()));
    let helps = |tried: &Tried| {
        let took = tried.took.map(|took| words.took(&Span(took.0).golang()));
        let risk = Some(risk(tried).plain()).filter(|risk| !risk.is_empty()).map(|risk| words.risks(&risk));
        Entry { says: [took, risk].into_iter().flatten().collect::<Vec<_>>().join("; "), lines: tried.lines.clone() }
    };
    let vain = |tried: &Tried| Entry { says: String::new(), lines: tried.lines.clone() };
    let sign = |(line, means): (String, Prose)| says(format!("{line}: {}", means.plain()));
    let waited = |(line, means): (Option<String>, Prose)| says(line.into_iter().chain([means.plain()]).collect::<Vec<_>>().join("\n"));
    let all = [
        (words.because(), because.map(says).collect::<Vec<_>>()),
        (words.hangs_on(), hangs_on(verdict).into_iter().map(|one| says(one.plain())).collect()),
        (words.signs(), signs(verdict).into_iter().map(sign).collect()),
        (words.tools(), waits(verdict).into_iter().map(waited).collect()),
        (
            if door == Door::Manifest { words.judged_new() } else { words.judged() },
            judged(verdict).iter().map(|line| says(line.plain())).collect(),
        ),
        (words.nodes(), verdict.nodes.iter().map(node).collect()),
        (cured(verdict), verdict.cures.iter().map(helps).collect()),
        (words.does_not(), verdict.not_cures.iter().map(vain).collect()),
        (
            if door == Door::Text { words.decides() } else { words.says_more() },
            verdict.missing.iter().map(|line| Entry { says: String::new(), lines: vec![line.clone()] }).collect(),
        ),
    ];
    all.into_iter().filter(|(_, entries)| !entries.is_empty()).collect()
}

fn told(verdict: &Verdict, report: &Report, out: &mut String) {
    let _ = writeln!(out, "{}\n{}", title(verdict).plain(), sentence(verdict).plain());
    let _ = writeln!(out, "  {}", about(verdict, report).join(", "));
    if let Some(owner) = owner(verdict) {
        let _ = writeln!(out, "  {}", owner.plain());
    }
    for (title, entries) in sections(verdict, report.door) {
        let _ = writeln!(out, "  {title}:");
        for Entry { says, lines } in entries {
            // What is said of lines stands above them, as a comment.
            let says = Some(says).filter(|says| !says.is_empty()).map(|says| if lines.is_empty() { says } else { format!("# {says}") });
            let all = says.into_iter().chain(lines).flat_map(|line| line.lines().map(str::to_owned).collect::<Vec<_>>());
            all.enumerate().for_each(|(i, line)| {
                let _ = writeln!(out, "    {} {line}", if i == 0 { "-" } else { " " });
            });
        }
    }
}

/// A report as Markdown: what was not read, each verdict with the lines it rests on, what to check before each command, and what was
/// assumed.
pub fn markdown(report: &Report) -> String {
    let words = ANALYSIS.diagnose;
    let mut out = String::new();
    let list = |out: &mut String, title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let lines: Vec<String> = lines.iter().map(|line| format!("- {line}\n")).collect();
            let _ = write!(out, "**{title}**\n\n{}\n", lines.concat());
        }
    };
    if report.door == Door::Manifest {
        sections_of_assumed(report, &mut |title, lines| list(&mut out, title, lines));
    }
    list(&mut out, words.unread(), unread(report));
    for verdict in &report.verdicts {
        let _ = writeln!(out, "## {}\n\n{}\n", title(verdict).plain(), sentence(verdict).plain());
        let _ = writeln!(out, "{}\n", about(verdict, report).join(", "));
        out.extend(owner(verdict).map(|owner| format!("{}\n\n", owner.plain())));
        for (title, entries) in sections(verdict, report.door) {
            let _ = writeln!(out, "**{title}**");
            for Entry { says, lines } in entries {
                out.extend((!says.is_empty()).then(|| format!("\n- {says}\n")));
                out.extend((!lines.is_empty()).then(|| format!("\n```sh\n{}\n```\n", lines.join("\n"))));
            }
            out.push('\n');
        }
    }
    if report.door != Door::Manifest {
        sections_of_assumed(report, &mut |title, lines| list(&mut out, title, lines));
    }
    if let Some((names, with)) = &report.with {
        let _ = writeln!(out, "# {}\n\n{}", ANALYSIS.plan.with(&names.join(", ")), markdown(with));
    }
    out
}
