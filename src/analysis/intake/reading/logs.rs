//! What logs say of the processes of a text: beside a cause that only a log can tell, and alone.

use super::finding::Finding;
use super::text::Text;
use crate::paste::found::Signed;
use crate::paste::says::is_prose;
use crate::report::Verdict;
use crate::signs;
use crate::told::short;
use api::kind::Kind;
use api::object::{ObjectKey, parent_and_ordinal};
use base::fields::Fields;
use base::time::Span;
use base::value::Value;
use causes::blame::Blame;
use causes::log;
use text::diagnose::Sign;
use why::{Cause, Family};

/// By so much a claim is older than its set that an earlier set left it.
const OLDER: Span = Span::seconds(3600);
/// Of a line of a log, so many letters are told in a sentence.
const QUOTED: usize = 160;
/// The members of a line in JSON in which a program says something, the least telling first.
const SAYS: [&str; 8] = ["msg", "message", "err", "error", "exception", "stacktrace", "stack_trace", "stack"];
/// Causes of which no more is known than that a container does not stay up.
pub(super) const RESTARTS: [Cause; 4] = [Cause::CrashLoop, Cause::Exited, Cause::ProgramEnds, Cause::ContainerUnknown];
/// Causes of which no more is known than that a pod is not Ready.
const WAITS: [Cause; 4] = [Cause::NeverReady, Cause::GateNeverReady, Cause::NotReady, Cause::ReadinessProbe];

/// The finding that a text is which shows logs and nothing that tells more. The pod is that of the log, or the only one that people name.
pub(super) fn finding(text: &Text<'_>) -> Option<Finding> {
    // What people write is no log.
    let printed: Vec<Signed> = text.dump.signs.iter().filter(|one| one.text.contains(": ") || !is_prose(&one.text)).cloned().collect();
    let telling = telling(&printed).or_else(|| printed.last())?;
    let is_consequence = telling.sign == Sign::Complains && log::is_consequence(&telling.text);
    let pods = &text.dump.sentences.pods;
    let pod = if telling.pod.is_empty() && pods.len() == 1 { &pods[0] } else { &telling.pod };
    let object = text.key(Kind::Pod.info().name, "", pod);
    // Of words that are only the program's own, nobody knows whether they are the reason.
    let is_weak = telling.sign == Sign::ConnectionRefused || telling.sign == Sign::Complains && !log::ends(&telling.text);
    let mut blame = match is_weak || is_consequence {
        true => Blame::of(Cause::LogOnly, object.clone()).unknown(),
        false => Blame::of(Cause::LogSays, object.clone()).likely(),
    };
    if telling.sign == Sign::NameNotFound {
        blame.said.text("unresolved", "unresolved");
    }
    if !is_consequence {
        blame.said.text("log", words(&telling.text));
    }
    let workload = text.workload_of(&object);
    Some(Finding { about: object, blame, workload, rank: usize::MAX, lines: vec![telling.line], quoted: 0 })
}

/// The line that tells most: the last one of those that tell more than the others.
fn telling(signs: &[Signed]) -> Option<&Signed> {
    let said = |one: &&Signed| one.sign != Sign::LeftClaim && !(one.sign == Sign::Complains && log::is_consequence(&one.text));
    // Of names that do not resolve, one within the cluster tells more.
    let is_within = |one: &Signed| one.sign == Sign::NameNotFound && one.text.contains(".svc");
    let is_less = |one: &Signed, best: &Signed| log::is_weaker(one.sign, best.sign) || is_within(best) && !is_within(one);
    signs.iter().filter(said).reduce(|best, one| if is_less(one, best) { best } else { one })
}

/// Gives a verdict that only a log can explain what its log says.
pub(super) fn explained(verdict: &mut Verdict) {
    let how = match verdict.cause {
        cause if RESTARTS.contains(&cause) => "restarts",
        cause if WAITS.contains(&cause) && cause.family() == Family::OrderedGate => "gate",
        cause if WAITS.contains(&cause) => "waits",
        _ => return,
    };
    let Some(said) = telling(&verdict.signs).map(|one| words(&one.text)) else { return };
    // Of two fields with one name, the first counts.
    let mut fields = Fields::default();
    fields.text("detail", Cause::LogSays.word());
    fields.text("log", said);
    fields.text("how", how);
    fields.extend(&verdict.told.fields);
    verdict.told.fields = fields;
    // The log was read.
    if let Some(pod) = Some(&verdict.object.name).filter(|name| verdict.object.kind == Kind::Pod && !name.is_empty()) {
        let place = if verdict.object.namespace.is_empty() { String::new() } else { format!("-n {} ", verdict.object.namespace) };
        verdict.missing = vec![format!("kubectl {place}describe pod {pod}")];
    }
}

/// What a line of a log says, without the time before it; of a line in JSON, its message and its error.
fn words(line: &str) -> String {
    let value = Some(line.trim()).filter(|text| text.starts_with('{')).and_then(base::json::value);
    let of_json = |value: &Value| {
        let first = |key: &&str| {
            let all = value.get(key)?;
            let text = all.as_text().or_else(|| value.list_at(&[key]).first().and_then(Value::as_text))?;
            text.lines().next().map(str::to_owned)
        };
        SAYS.iter().filter_map(first).collect::<Vec<_>>().join(": ")
    };
    let said = value.as_ref().map(of_json).filter(|said| !said.is_empty());
    let said = said.unwrap_or_else(|| undated(line).replace('`', "'"));
    let even = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let even = even.trim_end_matches(['.', ',', ':', ';', '{', '(', ' ']);
    if even.chars().count() <= QUOTED { even.to_owned() } else { even.chars().take(QUOTED).collect::<String>() + "…" }
}

/// The months, as dates have them.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A line without the date and the time that it begins with.
fn undated(line: &str) -> &str {
    let mut rest = line.trim();
    while let Some((word, after)) = rest.split_once(char::is_whitespace) {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let is_time =
            word.chars().any(|c| c.is_ascii_digit()) && letters <= 4 && word.contains([':', '-', '/', '.']) && !word.contains('=');
        let is_date = MONTHS.contains(&word) || word.chars().all(|c| c.is_ascii_digit());
        if !is_time && !is_date && word.chars().any(char::is_alphanumeric) {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

/// Gives a verdict the line that tells most of the log of its container, which a new cluster has.
pub(crate) fn heard(verdict: &mut Verdict, log: &str) {
    let sign = |line: &str| log::sign(line).or_else(|| log::complains(line).then_some(Sign::Complains));
    let signed = |line: &str| {
        let pod = verdict.object.name.to_string();
        sign(line).map(|sign| Signed { line: 0, pod, text: line.trim().to_owned(), sign })
    };
    let signs: Vec<Signed> = log.lines().filter_map(signed).collect();
    verdict.signs.extend(telling(&signs).cloned());
    explained(verdict);
}

/// Gives verdicts what logs say, and which claims are older than their set. A line of a log goes to its pod, its set, or the first.
pub(super) fn signed(text: &Text<'_>, verdicts: &mut [Verdict]) {
    for signed in &text.dump.signs {
        let at = signs::place(signed, verdicts.iter().map(|one| (&*one.object.name, &*one.workload.name)));
        let Some(verdict) = verdicts.get_mut(at) else { return };
        verdict.signs.push(signed.clone());
        await_peer(text, verdict, signed);
    }
    for verdict in verdicts.iter_mut() {
        let has_data = verdict.family() == Family::ContainerFails || verdict.signs.iter().any(|one| one.sign == Sign::Credentials);
        for claim in text.of(Kind::PersistentVolumeClaim).filter(|_| has_data) {
            let is_left = text.workload_of(&claim.key) == verdict.workload
                && text.age_of(&verdict.workload).zip(text.age_of(&claim.key)).is_some_and(|(set, claim)| set.since(claim) > OLDER);
            if is_left {
                let line = text.lines_of(&claim.key).next().unwrap_or(0);
                verdict.signs.push(Signed { line, pod: String::new(), text: short(&claim.key), sign: Sign::LeftClaim });
            }
        }
        // What is known tells more than what is not.
        if verdict.signs.iter().any(|one| one.sign != Sign::Complains && one.sign != Sign::LeftClaim) {
            verdict.signs.retain(|one| one.sign != Sign::Complains);
        }
        explained(verdict);
    }
}

/// Where a pod that is not Ready looks for a peer that is created only after it, each waits for the other.
fn await_peer(text: &Text<'_>, verdict: &mut Verdict, signed: &Signed) {
    let Some((set, own)) = parent_and_ordinal(&verdict.object.name).filter(|_| verdict.cause == Cause::GateNeverReady) else { return };
    let key = |peer: &str| ObjectKey::new(Kind::Pod, &verdict.object.namespace, &peer.into());
    if let Some(peer) = signs::later_peer(signed, set, own, |peer| text.find(&key(peer)).is_some()) {
        verdict.cause = Cause::WaitsForPeers;
        verdict.said.text("peer", peer);
        verdict.told.fields.text("peer", peer);
        verdict.told.fields.text("detail", Cause::WaitsForPeers.word());
    }
}
