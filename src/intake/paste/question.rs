//! What a text asks in prose: whether to delete, restart, scale, change or wait, and why such a step did nothing.
//!
//! Promises: only sentences of people count; a question about anything else is left alone.

use super::says::is_prose;
use api::object::parent_and_ordinal;
use sayings::{Step, is_name};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub line: usize,
    pub step: Step,
    /// The object is called by no more than `it`: what the verdict is about.
    pub is_it: bool,
    /// It is about a set.
    pub is_of_set: bool,
    /// The object that is called by its name; may be empty.
    pub name: String,
    /// It asks why, and not whether.
    pub is_why: bool,
}

/// Phrases that ask whether to do something.
const WHETHER: [&str; 36] = [
    "should i",
    "should we",
    "should one",
    "shall i",
    "shall we",
    "can i",
    "can we",
    "could i",
    "could we",
    "may i",
    "must i",
    "must we",
    "do i have to",
    "do we have to",
    "do i need to",
    "do we need to",
    "have i to",
    "is it safe",
    "is it ok",
    "is it okay",
    "is it fine",
    "is it enough",
    "safe to",
    "ok to",
    "okay to",
    "would it help",
    "will it help",
    "does it help",
    "would that help",
    "help if",
    "help to",
    "what if i",
    "what if we",
    "what happens if",
    "enough to",
    "better to",
];
/// Phrases that ask why.
const WHY: [&str; 6] = ["why", "how come", "what is the reason", "what's the reason", "for what reason", "is this a bug"];
/// With what a question begins that asks for something else.
const ELSE: [&str; 7] = ["what", "which", "how", "where", "who", "when", "whose"];
/// Words that deny.
const DENIES: [&str; 17] = [
    "not", "no", "nothing", "never", "still", "again", "back", "ignored", "without", "doesn't", "don't", "didn't", "won't", "isn't",
    "can't", "doesnt", "bug",
];

/// Words of steps, by what they name.
const DELETES: [&str; 12] =
    ["delete", "deleting", "deleted", "remove", "removing", "kill", "killing", "recreate", "recreating", "drop", "wipe", "deletion"];
const RESTARTS: [&str; 8] = ["restart", "restarting", "restarted", "reboot", "rebooting", "bounce", "bouncing", "restarts"];
const SCALES: [&str; 5] = ["scale", "scaling", "scaled", "replicas", "downscale"];
/// With what words begin for what is changed, and is no manifest of a workload.
const OTHERS: [&str; 8] = ["podsecurit", "policy", "policies", "storageclass", "firewall", "kernel", "permission", "dns"];
const CHANGES: [&str; 21] = [
    "apply",
    "applying",
    "applied",
    "reapply",
    "re-apply",
    "sync",
    "syncing",
    "upgrade",
    "upgrading",
    "edit",
    "editing",
    "edited",
    "patch",
    "patching",
    "patched",
    "change",
    "changing",
    "changed",
    "update",
    "fix",
    "corrected",
];
const ADDS: [&str; 11] = ["add", "adding", "added", "new", "more", "another", "scale", "scaling", "provision", "create", "autoscaler"];
const ROLLBACKS: [&str; 8] = ["rollback", "rollbacks", "undo", "revert", "reverting", "reverted", "roll-back", "rolling-back"];

/// Words for sets.
const SETS: [&str; 7] = ["statefulset", "statefulsets", "sts", "set", "release", "chart", "workload"];

/// The same in Korean, where a word begins so.
const KOREAN: [(&str, Step); 9] = [
    ("강제", Step::Force),
    ("노드를 추가", Step::AddNode),
    ("새 노드", Step::AddNode),
    ("롤백", Step::Rollback),
    ("재시작", Step::Restart),
    ("스케일", Step::Scale),
    ("다시 적용", Step::Change),
    ("변경", Step::Change),
    ("기다", Step::Wait),
];
/// Objects that are deleted in Korean, the last one being what stands for all others.
const KOREAN_OBJECTS: [(&str, Step); 10] = [
    ("pvc", Step::DeleteClaim),
    ("클레임", Step::DeleteClaim),
    ("볼륨", Step::DeleteVolume),
    ("네임스페이스", Step::DeleteNamespace),
    ("노드", Step::DeleteNode),
    ("statefulset", Step::DeleteSet),
    ("스테이트풀셋", Step::DeleteSet),
    ("세트", Step::DeleteSet),
    ("pod", Step::DeletePod),
    ("파드", Step::DeletePod),
];

/// What the lines of a text ask, each step once. `before`: how many lines stand before the text.
pub(crate) fn of(text: &str, before: usize) -> Vec<Question> {
    let mut all: Vec<Question> = Vec::new();
    for (number, line) in (before + 1..).zip(text.lines()) {
        let line = line.trim().trim_start_matches(['#', '>', '*', '/']).trim();
        let asks = line.contains(['?', '？']) && line.contains(' ');
        if !(asks || begins(&line.to_lowercase(), &WHETHER)) || !is_prose(line) && !is_said(line) {
            continue;
        }
        let found = sentences(line).filter_map(|one| question(number, one, line));
        for one in found {
            if all.iter().all(|known| known.step != one.step) {
                all.push(one);
            }
        }
    }
    all
}

/// What people ask that names no step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// What to do.
    How,
    /// Whether that is meant so.
    Meant,
    Why,
}

/// Words of questions, the more telling first.
const ASKS: [(Ask, &[&str]); 3] = [
    (
        Ask::Meant,
        &[
            "is this normal",
            "is that normal",
            "is it normal",
            "is this expected",
            "is that expected",
            "is it expected",
            "is this a bug",
            "is it a bug",
            "supposed to",
            "by design",
            "intended",
            "expected behavior",
            "expected behaviour",
            "정상인가",
            "버그인가",
            "원래 그런",
        ],
    ),
    (
        Ask::How,
        &[
            "how do",
            "how can",
            "how to",
            "how should",
            "how would",
            "what should",
            "what can i",
            "what can we",
            "what do i",
            "what do we",
            "what to do",
            "what now",
            "is there a way",
            "is there any way",
            "any way to",
            "is it possible",
            "any workaround",
            "어떻게",
            "방법",
        ],
    ),
    (
        Ask::Why,
        &[
            "why",
            "what is wrong",
            "what's wrong",
            "what is going on",
            "what am i missing",
            "am i missing",
            "am i doing",
            "what could",
            "what causes",
            "what is the cause",
            "any idea",
            "any ideas",
            "any clue",
            "what does it mean",
            "what does this mean",
            "reason",
            "왜",
            "이유",
            "무슨",
        ],
    ),
];

/// What the sentences of people ask that name no step: those that end as a question, and titles that begin as one.
pub(super) fn asked(lines: &[&str]) -> Option<Ask> {
    let asks = |line: &str| {
        let line = line.to_lowercase();
        let begins = ["why ", "how ", "what "].iter().any(|word| line.starts_with(word));
        let found = |(ask, words): &(Ask, &[&str])| words.iter().any(|word| line.contains(word)).then_some(*ask);
        (begins || line.contains(['?', '？'])).then(|| ASKS.iter().find_map(found)).flatten()
    };
    lines.iter().find_map(|line| asks(line))
}

/// Whether a line has many words of letters: a person may write paths, figures and names in between.
pub(super) fn is_said(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_word = |word: &&&str| word.trim_matches(|c: char| c.is_ascii_punctuation()).chars().all(char::is_alphabetic);
    words.len() > 4 && words.iter().filter(is_word).count() * 3 >= words.len() * 2 && !line.contains(['{', '=']) && !line.contains("  ")
}

/// The sentences of a line, with the sign that ends each.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let ends = |(at, c): &(usize, char)| {
            let after = rest[at + c.len_utf8()..].chars().next();
            ['?', '？', '!', '.', '。', ';'].contains(c)
                && after.is_none_or(|next| next.is_whitespace() || ['?', '!', ')', '"'].contains(&next))
        };
        let end = rest.char_indices().find(ends).map_or(rest.len(), |(at, c)| at + c.len_utf8());
        let (one, left) = rest.split_at(end);
        rest = left;
        (!one.is_empty()).then(|| one.trim())
    })
}

/// Whether a text has one of these phrases at its beginning, or behind a word or two that lead to it.
fn begins(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// Whether a text has a phrase of whole words.
fn has(text: &str, phrases: &[&str]) -> bool {
    let starts = text.char_indices().filter(|(at, _)| *at == 0 || !text[..*at].ends_with(char::is_alphanumeric));
    starts.map(|(at, _)| &text[at..]).any(|rest| begins(rest, phrases))
}

/// The question that a sentence asks.
fn question(line: usize, sentence: &str, whole: &str) -> Option<Question> {
    let asks = sentence.ends_with(['?', '？']);
    let lower = sentence.to_lowercase();
    if asks && sentence.contains(|c: char| ('가'..='힣').contains(&c)) {
        return korean(line, &lower);
    }
    let words: Vec<&str> = lower.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-')).collect();
    let is_why = has(&lower, &WHY);
    let first = words.iter().find(|word| !["so", "and", "but", "or", "then", "now", "ok", "hi", "also", "please"].contains(word))?;
    let by_verb = asks && [&DELETES[..], &RESTARTS, &SCALES, &ROLLBACKS, &["force"]].iter().any(|all| all.contains(first));
    let is_whether = has(&lower, &WHETHER) || by_verb;
    if !is_whether && (!is_why || !asks) || !is_whether && ELSE.contains(first) && !has(&lower, &WHY) {
        return None;
    }
    let is_why = is_why && !is_whether;
    let (step, at) = step(&words, is_why).or_else(|| changed(&lower, whole, is_why))?;
    let denies = words.iter().any(|word| DENIES.contains(word)) || lower.contains("n't");
    if is_why && !denies {
        return None;
    }
    let behind = words.get(at + 1..).unwrap_or_default();
    let of_name = |word: &&&str| is_name(word) && word.contains('-') && parent_and_ordinal(word).is_some();
    let name = behind.iter().find(of_name).map(|word| (*word).to_owned()).unwrap_or_default();
    let is_it = step == Step::DeletePod && name.is_empty() && !behind.iter().any(|word| word.starts_with("pod"));
    let is_of_set = words.iter().any(|word| SETS.contains(word));
    Some(Question { line, step, is_it, is_of_set, name, is_why })
}

/// A question that names no step and asks whether something is a bug, behind sentences of the same line that tell of a change.
fn changed(lower: &str, whole: &str, is_why: bool) -> Option<(Step, usize)> {
    let told = whole.to_lowercase();
    (is_why && has(lower, &["is this a bug"]) && has(&told, &CHANGES) && has(&told, &["still", "not"])).then_some((Step::Change, 0))
}

/// The step that words name, and where.
fn step(words: &[&str], is_why: bool) -> Option<(Step, usize)> {
    let at = |all: &[&str]| words.iter().position(|word| all.contains(word));
    let any = |all: &[&str]| at(all).is_some();
    let node = at(&["node", "nodes", "machine", "machines", "vm"]);
    if let Some(node) = node.filter(|_| any(&ADDS) && !any(&DELETES)) {
        return Some((Step::AddNode, node));
    }
    // `the delete` is none.
    let is_noun = |at: usize| at > 0 && ["the", "a", "this", "that", "my", "last"].contains(&words[at - 1]);
    let verb = words.iter().enumerate().position(|(at, word)| DELETES.contains(word) && (!is_noun(at) || *word == "deletion" && is_why));
    let forces = any(&["force", "forced", "--force", "force-delete", "forcefully", "forcibly"]);
    let syncs = any(&["sync", "apply", "upgrade", "replace", "helm", "argocd", "argo"]);
    if let Some(at) = at(&["force-delete"]).or(verb.filter(|_| forces)).or(at(&["force"]).filter(|_| !syncs)) {
        return Some((Step::Force, at));
    }
    if let Some(at) = verb {
        let behind = &words[at..];
        let is_of = |all: &[&str]| behind.iter().position(|word| all.contains(word));
        // What stands first behind the verb is deleted.
        let all = [
            (Step::DeleteClaim, is_of(&["pvc", "pvcs", "claim", "claims", "data", "persistentvolumeclaim"])),
            (Step::DeleteVolume, is_of(&["pv", "pvs", "volume", "volumes", "disk", "persistentvolume"])),
            (Step::DeleteNamespace, is_of(&["namespace", "ns"])),
            (Step::DeleteNode, is_of(&["node", "nodes"])),
            (Step::DeleteSet, is_of(&SETS)),
            (Step::DeletePod, is_of(&["pod", "pods"])),
        ];
        let mut first: Option<(Step, usize)> = None;
        for (step, place) in all.into_iter().filter_map(|(step, place)| Some((step, place?))) {
            if first.is_none_or(|(_, before)| place < before) {
                first = Some((step, place));
            }
        }
        return Some((first.map_or(Step::DeletePod, |(step, _)| step), at));
    }
    if let Some(at) = at(&ROLLBACKS).or_else(|| words.windows(2).position(|two| two[0].starts_with("roll") && two[1] == "back")) {
        return Some((Step::Rollback, at));
    }
    if let Some(at) = at(&RESTARTS) {
        let is_of_node = words[at..].iter().any(|word| ["node", "kubelet", "machine", "containerd", "vm", "server"].contains(word));
        return Some((if is_of_node { Step::RestartNode } else { Step::Restart }, at));
    }
    if let Some(at) = at(&SCALES) {
        return Some((Step::Scale, at));
    }
    // What is no manifest is changed elsewhere.
    let is_other = words.iter().any(|word| OTHERS.iter().any(|other| word.starts_with(other)));
    if let Some(at) = at(&CHANGES).filter(|_| !is_other) {
        return Some((Step::Change, at));
    }
    at(&["wait", "leave", "itself"]).filter(|_| !is_why).map(|at| (Step::Wait, at))
}

/// The question that a Korean sentence asks.
fn korean(line: usize, sentence: &str) -> Option<Question> {
    let deletes = ["삭제", "지우", "지워"].iter().any(|word| sentence.contains(word));
    let forces = sentence.contains("강제");
    let object = KOREAN_OBJECTS.iter().find(|(word, _)| sentence.contains(word));
    let step = match KOREAN.iter().find(|(word, _)| sentence.contains(word)) {
        _ if deletes && !forces => object.map_or(Step::DeletePod, |(_, step)| *step),
        Some((_, Step::Restart)) if sentence.contains("노드") => Step::RestartNode,
        Some((_, step)) => *step,
        None => return None,
    };
    let is_why = ["왜", "이유"].iter().any(|word| sentence.contains(word));
    let asks = ["까요", "나요", "되나", "하나", "될까", "할까", "가요", "돼요", "죠", "습니까"].iter().any(|word| sentence.contains(word));
    let is_it = deletes && !forces && object.is_none();
    let is_of_set = ["statefulset", "스테이트풀셋", "세트"].iter().any(|word| sentence.contains(word));
    (is_why || asks).then(|| Question { line, step, is_it, is_of_set, name: String::new(), is_why })
}
