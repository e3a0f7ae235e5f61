//! Plans as text for people and as JSON for programs; the sentences themselves are in the tables of `text`.

mod json;

use std::rc::Rc;

use crate::Plan;
use crate::by::Applied;
use crate::course::{Act, Course, End, Outcome, Refused, SetCourse, Why};
use crate::fact::Fact;
use crate::matter::is_unjudged;
use crate::waited::Ended;
use crate::watch::{Absence, Fate, Replaced, Standing, Storage, Stretch, Watched, lasts, total};
use ::why::Reason;
use api::controller::Controller;
use api::kind::Kind;
use api::object::{Name, ObjectKey};
use base::sort::Sort;
use base::time::{Span, Time};
use causes::command;
use causes::deleted::who;
use done::{Judge, Said};
use intake::cures::Tried;
use intake::told::{both, short, title};
use intake::verdict::Verdict;
pub use json::json;
use server::log::Actor;
use text::plan::Says;
use text::why::{self, Because, Case};
use text::{Lang, Prose};
use tools::tool::Tool;

/// A span to tenths of a second: more of it is chance.
pub fn span(span: Span) -> String {
    Span((span.0 + 50) / 100 * 100).golang()
}

/// What there is to say about a set, in the order of importance.
pub fn of_set(set: &SetCourse) -> Vec<Says> {
    let watched = &set.watched;
    let mut says = moves(set);
    if set.is_gone() {
        let left: Vec<Name> = watched.pods.iter().filter(|one| !one.leaving).map(|one| Rc::clone(&one.pod)).collect();
        says.push(Says::SetGone);
        let is_alone = left.is_empty();
        says.extend((!is_alone).then_some(Says::Orphaned { pods: left }));
        let kept = |one: &&Storage| one.fate == Fate::Kept && one.key.kind == Kind::PersistentVolumeClaim;
        let claims: Vec<String> = watched.storage.iter().filter(kept).map(|one| short(&one.key)).collect();
        says.extend((is_alone && !claims.is_empty()).then_some(Says::ClaimsStay { claims }));
    } else {
        available(watched, set.wanted, &mut says);
    }
    says.extend((!set.remain.is_empty()).then(|| Says::Remains { pods: set.remain.clone(), wanted: set.wanted }));
    revised(set, &mut says);
    says.extend((!set.well[1] && !set.answers).then_some(Says::AsBefore));
    stored(watched, &mut says);
    says.extend(old_data(set));
    moved(set, &mut says);
    says.extend(waits(&set.tools));
    says
}

/// When tools that wait for a set come back: those whose waits end alike together.
fn waits(all: &[(Judge, Option<Ended>)]) -> Vec<Says> {
    let mut alike: Vec<((&'static str, String), Vec<&'static str>)> = Vec::new();
    for (tool, end) in all {
        let end = end.map_or((done::Verdict::Waits.word(), String::new()), |(verdict, after)| (verdict.word(), span(after)));
        match alike.iter_mut().find(|(known, _)| *known == end) {
            Some((_, tools)) => tools.push(tool.name()),
            None => alike.push((end, vec![tool.name()])),
        }
    }
    let all = alike.len() == 1;
    alike.into_iter().map(|((end, span), tools)| Says::ToolsEnd { tools: tools.join(", "), all, end, span }).collect()
}

/// Which pods went and came: what began first comes first.
pub(crate) fn moves(set: &SetCourse) -> Vec<Says> {
    let tells: [fn(Vec<Name>, bool) -> Says; 5] = [
        |pods, _| Says::Replaces { pods },
        |pods, _| Says::Lingers { pods },
        // Which of its objects the garbage collector deletes first is chance.
        |pods, _| Says::Collected { pods },
        |pods, in_turn| Says::Removes { pods, together: !in_turn },
        |pods, in_turn| Says::Creates { pods, together: !in_turn },
    ];
    let by_collector = |row: &Replaced| row.deleted_by == Some(Actor::Controller(Controller::GarbageCollector));
    let mut all: Vec<(usize, Vec<&Replaced>)> = Vec::new();
    let mut add = |which: usize, row| match all.iter_mut().find(|(known, _)| *known == which) {
        Some((_, rows)) => rows.push(row),
        None => all.push((which, vec![row])),
    };
    let mut new: Vec<&Replaced> = Vec::new();
    for (row, why) in set.watched.replaced.iter().zip(&set.why) {
        // What comes back without having been made for what went comes in an order of its own.
        let (went, came, apart) = (row.before.is_some(), row.after.is_some(), by_collector(row) || is_scaled_in(why));
        let is_it = [went && came && !apart, went && row.gone_at.is_none(), went && by_collector(row), went];
        is_it.iter().position(|is_it| *is_it).into_iter().for_each(|which| add(which, row));
        new.extend((came && (!went || apart)).then_some(row));
    }
    new.sort_small_by_key(|row| row.created_at);
    for row in new {
        add(tells.len() - 1, row);
    }
    // When a pod is made, or asked to go, and when the next is on.
    let turn = |which: usize, row: &Replaced| {
        if which + 1 == tells.len() { (row.created_at, row.ready_at) } else { (row.deleted_at, row.gone_at) }
    };
    all.sort_small_by_key(|(which, rows)| turn(*which, rows[0]).0);
    let together = all.iter().filter(|(which, _)| *which == 0).find_map(|(_, rows)| together(rows));
    let told = |(which, rows): (usize, Vec<&Replaced>)| {
        let in_turn = rows.windows(2).all(|two| turn(which, two[0]).1.is_some_and(|on| turn(which, two[1]).0 >= Some(on)));
        tells[which](rows.into_iter().map(|row| Rc::clone(&row.pod)).collect(), in_turn)
    };
    all.into_iter().map(told).chain(together).collect()
}

/// What a line printed, where a note tells of that.
pub fn printed(says: &Says) -> Option<&str> {
    if let Says::Prints { text, .. } = says { Some(text.trim_end()) } else { None }
}

/// How many pods are away at once while they are replaced, where these are more than one and not all.
fn together(rows: &[&Replaced]) -> Option<Says> {
    let is_away = |row: &Replaced, at: Option<Time>| row.deleted_at <= at && row.ready_at.is_none_or(|ready| Some(ready) > at);
    let most = rows.iter().map(|begun| rows.iter().filter(|row| is_away(row, begun.deleted_at)).count()).max()?;
    (most > 1 && most < rows.len()).then_some(Says::Together { most })
}

/// Whether a pod went because its ordinal was given up.
fn is_scaled_in(why: &Option<Why>) -> bool {
    matches!(why, Some(Why::Decided(Reason::RemovingPod { .. })))
}

/// How long what was there is not.
fn available(watched: &Watched, wanted: i64, says: &mut Vec<Says>) {
    let name = |row: &Absence| -> Name { format!("{}-{}", watched.set.name, row.ordinal).into() };
    let stays = |row: &&Absence| lasts(&row.stretches);
    let length = |stretches: &[Stretch]| if lasts(stretches) { String::new() } else { span(total(stretches, watched.to)) };
    let pods: Vec<Name> = watched.unready.iter().rev().filter(stays).map(name).collect();
    if watched.ready_before > 0 {
        let back = watched.away().rev().filter(|row| !stays(row));
        let stretches: Vec<String> = back.map(|row| format!("{} {}", name(row), span(total(&row.stretches, watched.to)))).collect();
        let (wanted, majority) = (watched.wanted_before.min(wanted), watched.majority);
        let missed = watched.lowest.0 < watched.ready_before.min(wanted);
        says.extend((!stretches.is_empty()).then_some(Says::Unready { stretches }));
        says.extend(missed.then_some(Says::Lowest { ready: watched.lowest.0, wanted }));
        says.extend((!watched.dark.is_empty()).then(|| Says::Dark { span: length(&watched.dark) }));
        // Of one pod, that it is away says as much.
        let says_more = majority > 1;
        if watched.lost_quorum() && says_more {
            says.push(Says::QuorumLost { majority, span: length(&watched.below_quorum) });
        } else if missed && says_more {
            says.push(Says::QuorumHolds { majority });
        }
    }
    says.extend((!pods.is_empty()).then_some(Says::StillUnready { pods }));
}

/// Which new pods a partition keeps at the old revision.
fn revised(set: &SetCourse, says: &mut Vec<Says>) {
    let (partition, [_, Some(newest)]) = (set.partition, &set.revisions) else { return };
    let floor = set.first_updated;
    let pods = &set.watched.pods;
    let is_new = |pod: &Name| set.watched.replaced.iter().any(|row| row.pod == *pod && row.created_at.is_some());
    let old = || pods.iter().filter(|pod| pod.ordinal < floor && pod.seen.revision != *newest);
    let made: Vec<&Standing> = old().filter(|pod| is_new(&pod.pod)).collect();
    if let Some(first) = made.first() {
        let (images, pods) = (first.seen.images.clone(), made.iter().map(|pod| Rc::clone(&pod.pod)).collect());
        says.push(Says::OldRevision { pods, images, partition });
    }
    // Where another revision is current, a partition keeps old pods and makes none.
    let is_below = |pod: &&Standing| pod.ordinal < floor && pod.seen.revision == *newest && is_new(&pod.pod);
    let below: Vec<Name> = pods.iter().filter(is_below).map(|pod| Rc::clone(&pod.pod)).collect();
    says.extend((set.has_two_revisions && !below.is_empty()).then_some(Says::NewRevision { pods: below, partition }));
    says.extend((set.rolls_out() && !pods.is_empty() && old().count() == pods.len()).then_some(Says::NoneUpdated { partition }));
}

/// What became of claims and volumes. A volume is counted: its name is one that a provisioner makes up.
pub(crate) fn stored(watched: &Watched, says: &mut Vec<Says>) {
    let of = |kind: Kind, is_it: fn(Fate) -> bool| -> Vec<String> {
        watched.storage.iter().filter(|one| one.key.kind == kind && is_it(one.fate)).map(|one| short(&one.key)).collect()
    };
    let both = |is_it| (of(Kind::PersistentVolumeClaim, is_it), of(Kind::PersistentVolume, is_it).len());
    let (objects, volumes) = both(Fate::loses);
    says.extend((!objects.is_empty() || volumes > 0).then_some(Says::Gone { objects, volumes }));
    let (objects, _) = both(|fate| fate == Fate::Created);
    says.extend((!objects.is_empty()).then_some(Says::Made { objects }));
    let (claims, volumes) = both(|fate| fate == Fate::Kept);
    says.extend((claims.len() + volumes > 0).then_some(Says::Kept { claims: claims.len(), volumes }));
}

/// The pods that come to an ordinal that was given up, in this course or before, with the claims that it had.
fn old_data(set: &SetCourse) -> Option<Says> {
    let is_back = |(row, why): &(&Replaced, &Option<Why>)| row.after.is_some() && (row.before.is_none() || is_scaled_in(why));
    let back: Vec<&Replaced> = set.watched.replaced.iter().zip(&set.why).filter(is_back).map(|(row, _)| row).collect();
    let is_kept = |one: &&Storage| {
        let of = |row: &&Replaced| one.key.name.strip_suffix(&*row.pod).is_some_and(|template| template.ends_with('-'));
        one.fate == Fate::Kept && one.key.kind == Kind::PersistentVolumeClaim && back.iter().any(of)
    };
    let claims: Vec<String> = set.watched.storage.iter().filter(is_kept).map(|one| short(&one.key)).collect();
    (!claims.is_empty()).then(|| Says::OldData { pods: back.iter().map(|row| Rc::clone(&row.pod)).collect(), claims })
}

/// Which pods come back elsewhere.
fn moved(set: &SetCourse, says: &mut Vec<Says>) {
    for (pod, before, after) in set.watched.returned() {
        if let (Some(from), Some(to)) = (&before.node, &after.node)
            && from != to
            && !set.drawn.contains(pod)
        {
            says.push(Says::Moves { pod: Rc::clone(pod), from: Rc::clone(from), to: Rc::clone(to) });
        }
    }
    // A freed address is not the next that is given.
    let count = set.watched.returned().filter(|(_, _, after)| after.address.is_some()).count();
    if count > 0 {
        says.push(Says::Addresses { count });
    }
}

/// Why a pod goes.
pub fn why(set: &ObjectKey, pod: &str, why: &Why) -> String {
    match why {
        Why::Decided(reason) => {
            let because = Because::Decided(reason);
            Lang::English.text().why.tell(&Case { subject: pod, standing: why::Standing::Exists, set: &set.name, because }).verdict
        }
        Why::Asked => Says::Asked.sentence(),
        Why::By(actor) => Lang::English.text().ask.deleted(pod, &who(actor)),
    }
}

/// How it ends; that nothing happens, where nothing does.
pub fn end(outcome: &Outcome) -> Says {
    let span = span(outcome.summary().took);
    match outcome.end {
        End::Settled if outcome.sets.is_empty() => Says::Nothing,
        End::Settled => {
            let pods = outcome.rollouts().filter(|set| set.well[1]).map(|set| set.wanted).sum();
            let gap = outcome.sets.iter().any(|set| !set.is_gone() && set.is_away_at_once());
            let slow =
                outcome.notes.iter().find_map(|says| if let Says::LongGrace { total, .. } = says { Some(total.clone()) } else { None });
            let (open, lost) = (outcome.notes.iter().any(is_unjudged), outcome.loses());
            let before = outcome.sets.iter().any(|set| !set.well[1] && !set.answers);
            Says::EndsWell { span, images: outcome.supposed().to_vec(), pods, gap, open, lost, before, slow: slow.unwrap_or_default() }
        }
        End::Held => Says::EndsHeld { span },
        End::Amiss => ends_amiss(outcome, outcome.sets.is_empty()),
        End::Stopped => Says::EndsStopped { span },
        End::Stuck => Says::EndsStuck { span },
        End::Restless => Says::EndsRestless { span: self::span(outcome.to.since(outcome.from)) },
    }
}

/// A line of a course, with the name of the manifest that is applied.
pub(crate) fn named(line: &str, file: &str) -> String {
    line.replace(&command::apply(), &format!("kubectl apply -f {file}"))
}

/// Who did not do a line; the words follow.
pub fn refused(one: &Refused, file: &str) -> Says {
    match one.at {
        _ if !one.by_server() => Says::Fails { line: named(one.line.lines().next().unwrap_or_default(), file) },
        Some(line) => Says::RefusedAt { line },
        None => Says::Refused,
    }
}

/// How a course ends, in a word of a row's end. Where data is lost, or the rest is not judged, it is not `well`.
pub fn ended(course: &Course) -> &'static str {
    let outcome = &course.outcome;
    match outcome.end {
        End::Settled if outcome.loses() => "Lost",
        End::Settled if outcome.notes.iter().any(is_unjudged) => "Open",
        end => end.word(),
    }
}

/// How a way round ends.
pub fn round(course: &Course) -> Says {
    let span = span(course.outcome.summary().took);
    let open = course.outcome.notes.iter().any(is_unjudged);
    if course.outcome.end == End::Amiss { ends_amiss(&course.outcome, false) } else { Says::Round { span, open } }
}

/// How a course ends that leaves something to do.
fn ends_amiss(outcome: &Outcome, still: bool) -> Says {
    let took = outcome.summary().took;
    let span = if took == Span(0) { String::new() } else { span(took) };
    Says::EndsAmiss { span, still }
}

/// A course in one row.
pub fn row(course: &Course) -> Says {
    let summary = course.outcome.summary();
    if summary.replaced == 0 && summary.unready == Some(Span(0)) {
        return Says::RowStill;
    }
    Says::Row {
        replaced: summary.replaced,
        lowest: summary.lowest,
        longest: summary.unready.map_or(String::new(), span),
        span: span(summary.took),
    }
}

/// The lines that a course types; `file` is the name of the manifest of which a variant is applied.
pub fn lines(course: &Course, file: &str) -> Vec<String> {
    lines_of(&course.acts, file)
}

/// The lines that type some acts.
pub fn lines_of(acts: &[Act], file: &str) -> Vec<String> {
    let told = |act: &Act| match act {
        Act::Apply(_) => Some(format!("kubectl apply -f {file}")),
        Act::By(asked) => Some(asked.line(file)),
        Act::Line(line) => Some(line.clone()),
        Act::Proof | Act::Image(..) => None,
    };
    acts.iter().filter_map(told).collect()
}

pub(crate) fn plain(says: &Says) -> String {
    Prose::read(&says.sentence()).plain()
}

/// What was taken to be so, in sentences.
pub fn assumed(plan: &Plan) -> Vec<String> {
    plan.assumed.iter().map(Fact::told).collect()
}

/// What a set waits for, in paragraphs: the constraint that decides, if one does; otherwise the title of the verdict, its sentence, and the
/// scheduler's words.
pub fn wait(plan: &Plan, verdict: &Verdict) -> Vec<Prose> {
    let set = plan.given.outcome.sets.iter().find(|set| set.watched.set == verdict.workload);
    let unplaced = set.and_then(|set| set.unplaced.as_ref());
    let read = |says: &Says| Prose::read(&says.sentence());
    let beyond = set.and_then(|set| set.beyond.as_ref()).map(read);
    match unplaced {
        Some(says @ Says::Unplaced { without, .. }) if !without.is_empty() => [read(says)].into_iter().chain(beyond).collect(),
        _ => {
            let said = unplaced.map(read);
            [title(verdict), intake::told::sentence(verdict)].into_iter().chain(said).chain(beyond).collect()
        }
    }
}

/// What ends a wait. What goes back to before the change comes first.
pub fn cures<'a>(plan: &Plan, verdict: &'a Verdict) -> Vec<&'a Tried> {
    let set = plan.given.outcome.sets.iter().find(|set| set.watched.set == verdict.workload);
    let grows = set.is_some_and(|set| set.wanted > set.watched.wanted_before);
    let goes_back = |cure: &&Tried| {
        let is_back = |line: &String| if grows { line.contains(" scale ") } else { line.contains(" rollout undo ") };
        cure.lines.iter().any(is_back)
    };
    let (back, others): (Vec<&Tried>, Vec<&Tried>) = verdict.cures.iter().partition(goes_back);
    back.into_iter().chain(others).collect()
}

/// The lines that let claims grow, where no way round has them: whether the class lets them grow is not known then.
pub fn growing(plan: &Plan) -> Vec<&[String]> {
    let has =
        |one: &&[String]| plan.offered().any(|course| course.acts.iter().any(|act| matches!(act, Act::Line(line) if one.contains(line))));
    plan.fixed.iter().map(|fixed| fixed.grow.as_slice()).filter(|grow| !grow.is_empty() && !has(grow)).collect()
}

/// What a tool did. `file` is what kubectl applies.
pub fn did(applied: &Applied, file: &str) -> Says {
    let asked = &applied.asked;
    Says::ToolDid { tool: asked.tool.traits().name, version: asked.tool.version(), line: asked.line(file), span: span(applied.took) }
}

/// That a cure which is typed does not last, where a tool has applied the manifest.
pub fn typed_lasts(plan: &Plan) -> Option<Says> {
    let applied =
        plan.given.outcome.applied.as_ref().filter(|applied| ![Tool::Kubectl, Tool::KubectlServerSide].contains(&applied.asked.tool))?;
    Some(Says::TypedLasts { tool: applied.asked.tool.traits().name })
}

/// Who manages each set once all is at rest, and what the tool says of it then.
pub fn managed(applied: &Applied) -> impl Iterator<Item = Says> {
    let managers = applied.managers.iter().map(|(key, managers)| Says::ManagedBy { object: short(key), managers: managers.clone() });
    let calls = |(key, tool, said): &(ObjectKey, Judge, Said)| {
        let (status, words) = (said.status.map_or("", done::Status::word), said.words.clone().unwrap_or_default());
        let says = !status.is_empty() || !words.is_empty();
        says.then(|| Says::Calls { object: short(key), tool: tool.name(), status, words })
    };
    managers.chain(applied.calls.iter().filter_map(calls))
}

/// The words of a refusal; a value that takes more than a line is left out.
pub fn brief(said: &str) -> String {
    let open = ["Invalid value: {", "Invalid value: [", "Invalid value: \"map["]
        .into_iter()
        .find_map(|begin| Some((said.find(begin)? + begin.len() - 1, begin)));
    let Some(((from, _), to)) = open.zip(said.rfind(['}', ']'])).filter(|((from, _), to)| to > from && to - from > LONG) else {
        return said.to_owned();
    };
    format!("{}…{}", &said[..=from], &said[to..])
}

/// A value longer than this is no reading matter.
const LONG: usize = 160;

/// Why some pods of a set go: of all that go for one reason, the first is told of.
pub(crate) fn reasons(set: &SetCourse, pods: &[Name]) -> Vec<String> {
    let mut told: Vec<(&Why, String)> = Vec::new();
    for (row, reason) in set.watched.replaced.iter().zip(&set.why).filter(|(row, _)| pods.contains(&row.pod)) {
        let Some(reason) = reason else { continue };
        if !told.iter().any(|(known, _)| known.is_like(reason)) {
            told.push((reason, Prose::read(&why(&set.watched.set, &row.pod, reason)).plain()));
        }
    }
    told.into_iter().map(|(_, sentence)| sentence).collect()
}
