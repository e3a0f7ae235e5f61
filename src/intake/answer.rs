//! The answers to what a text asks, by the cause that was read: yes, no, or what decides, with the reason.

use super::paste::question::Ask;
use super::paste::question::Question;
use super::report::{Report, Verdict};
use super::told::short;
use api::kind::Kind;
use causes::blame::Sure;
use sayings::{Effect, Step, effect, remedies, tells_of_sign};
use text::diagnose::TOOL;
use text::{ANALYSIS, Prose};
use why::Family;

/// So many questions are answered.
const MOST: usize = 2;
/// Families in which a further node is the matter.
const OF_NODES: [Family; 2] = [Family::NoNodeFits, Family::VolumeElsewhere];

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub step: Step,
    /// What comes of the step; `None` where the text does not tell.
    pub effect: Option<Effect>,
    pub says: String,
}

/// The answers to what a text asks of steps.
pub fn answers(report: &Report) -> Vec<Answer> {
    // Where nothing but a description is told, that is the answer.
    if report.verdicts.first().is_some_and(|one| one.family() == Family::Described) {
        return Vec::new();
    }
    report.questions.iter().take(MOST).filter_map(|one| answer(one, report)).collect()
}

/// What is said to all that a text asks, before everything else.
pub fn replies(report: &Report) -> Vec<String> {
    answers(report).into_iter().map(|one| one.says).chain(general(report)).collect()
}

/// Families of what is meant so.
const MEANT: [Family; 3] = [Family::NotStuck, Family::OnDelete, Family::Partition];

/// The answer to a question that names no step: why, what to do, whether it is meant so. `None` where a question that names one is
/// answered, and where nothing but a description is told, which is the answer.
fn general(report: &Report) -> Option<String> {
    let ask = report.ask.filter(|_| answers(report).is_empty())?;
    let verdict = report.verdicts.first().filter(|one| one.family() != Family::Described)?;
    let words = ANALYSIS.diagnose;
    let is_open = verdict.family() == Family::CannotKnow;
    let ask = match ask {
        // Why a tool waits is told; what is behind that is open.
        _ if verdict.told.key == TOOL => "tool",
        _ if is_open => "open",
        // What is only likely has no end that is sure.
        Ask::How if verdict.sure != Sure::Certain => "open",
        Ask::How => "how",
        Ask::Why => "why",
        Ask::Meant if MEANT.contains(&verdict.family()) => "meant",
        Ask::Meant => "amiss",
    };
    let remedy = remedies(verdict.cause, sign(verdict).as_deref()).first();
    let ends = remedy.map(|remedy| words.ends_with(&words.remedy(remedy.word()))).unwrap_or_default();
    let line = verdict.missing.first().map(String::as_str).unwrap_or_default();
    if is_open && line.is_empty() {
        return None;
    }
    let brief = verdict.told.explained().brief;
    Some(Prose::read(&words.general(ask, &brief, &ends, line)).plain()).filter(|_| !brief.is_empty())
}

/// What a log says beside a verdict, of which the table tells.
fn sign(verdict: &Verdict) -> Option<String> {
    verdict.signs.iter().map(|one| format!("{:?}", one.sign)).find(|sign| tells_of_sign(sign))
}

/// The verdict that a question is about: that of the object it names, one of its kind, or the first that is open.
fn meant<'a>(question: &Question, report: &'a Report) -> Option<&'a Verdict> {
    let all = || report.verdicts.iter();
    let has_name = |one: &&Verdict| !question.name.is_empty() && [&one.object, &one.workload].iter().any(|key| *key.name == *question.name);
    let of_node = || all().find(|one| question.step == Step::AddNode && OF_NODES.contains(&one.family()));
    let sets = || all().filter(|one| question.is_of_set && one.workload.kind == Kind::StatefulSet);
    // Of a set that is fine in one way and not in another, the other way tells more.
    let tells =
        |one: &&Verdict| effect(one.cause, sign(one).as_deref(), step_of(question, one)).is_some_and(|effect| effect != Effect::Idle);
    let of_set = || sets().find(tells).or_else(|| sets().next());
    let open = || all().find(|one| one.family() != Family::NotStuck);
    all().find(has_name).or_else(of_node).or_else(of_set).or_else(open).or_else(|| all().next())
}

/// The step that is meant where a question says no more than `it`.
fn step_of(question: &Question, verdict: &Verdict) -> Step {
    match verdict.object.kind {
        _ if !question.is_it => question.step,
        Kind::StatefulSet => Step::DeleteSet,
        Kind::PersistentVolumeClaim => Step::DeleteClaim,
        Kind::PersistentVolume => Step::DeleteVolume,
        Kind::Namespace => Step::DeleteNamespace,
        Kind::Node => Step::DeleteNode,
        _ => question.step,
    }
}

fn answer(question: &Question, report: &Report) -> Option<Answer> {
    let verdict = meant(question, report)?;
    let (words, step) = (ANALYSIS.diagnose, step_of(question, verdict));
    let sign = sign(verdict);
    let sign = sign.as_deref();
    let found = effect(verdict.cause, sign, step).filter(|_| verdict.family() != Family::CannotKnow && verdict.sure != Sure::Unknown);
    let asked = if question.is_why { words.wondered(step.word()) } else { words.asked(step.word()) };
    let is_why = question.is_why && found != Some(Effect::Idle) && verdict.family() != Family::CannotKnow;
    let how = match found {
        _ if is_why => "reason",
        Some(effect) => effect.word(),
        None => "open",
    };
    let brief = verdict.told.explained().brief;
    let brief = if brief.is_empty() { short(&verdict.object) } else { brief };
    let line = verdict.missing.first().map(String::as_str).unwrap_or_default();
    let reply = words.reply(how, step.word(), verdict.sure == Sure::Likely, &asked, &brief, line);
    let is_ended = matches!(found, Some(Effect::After | Effect::Vain | Effect::Harms)) || how == "reason";
    let remedy = remedies(verdict.cause, sign).first().filter(|_| is_ended);
    let ends = remedy.map(|remedy| words.ends_with(&words.remedy(remedy.word())));
    let says = [Some(reply), ends].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(Answer { step, effect: found, says: Prose::read(&says).plain() })
}
