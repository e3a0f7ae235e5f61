//! What people describe in their own words: topics, by the words of a description, and what is asked for first.
//!
//! Promises: a topic is no cause. Whoever tells of one says that nothing was shown.

use crate::words::words;
use std::sync::OnceLock;

/// The table; its head says how a row is written.
const ROWS: &str = include_str!("topics.txt");

words! {
    /// What a description may be about.
    Topic:
        AddressEach "address-each"
        ArgoProgresses "argo-progresses"
        ClaimsGone "claims-gone"
        ClaimsKept "claims-kept"
        ConfigRestart "config-restart"
        DeleteHangs "delete-hangs"
        Drain "drain"
        GrowClaims "grow-claims"
        HeldByPartition "held-by-partition"
        HelmWaits "helm-waits"
        Immutable "immutable"
        Members "members"
        Memory "memory"
        Names "names"
        OnDelete "on-delete"
        OneByOne "one-by-one"
        OperatorMakesNone "operator-makes-none"
        OutOfSync "out-of-sync"
        OwnSettings "own-settings"
        PodStays "pod-stays"
        Rename "rename"
        Rights "rights"
        RollbackTrap "rollback-trap"
        Sealed "sealed"
        SharedVolume "shared-volume"
        ShrinkClaims "shrink-claims"
        SilentNode "silent-node"
        Spread "spread"
        UpdateNothing "update-nothing"
        UpdateOrder "update-order"
        WhichGoes "which-goes"
        Zone "zone"
}

/// What is known of a topic.
#[derive(Debug)]
struct Row {
    /// None where nothing is told.
    topic: Option<Topic>,
    lines: &'static str,
    groups: Vec<Group>,
}

/// Words of which one has to be there, or none.
#[derive(Debug)]
struct Group {
    is_without: bool,
    words: Vec<&'static str>,
}

impl Group {
    /// Whether it holds of a description that stands in a text.
    fn holds(&self, description: &str, whole: &str) -> bool {
        let is_there = |word: &&'static str| match (word.strip_prefix('*'), word.split_once('+')) {
            (Some(word), _) => has(whole, word),
            (_, Some((one, other))) => sentences(description).iter().any(|text| has(text, one) && has(text, other)),
            _ => has(description, word),
        };
        self.words.iter().any(is_there) != self.is_without
    }
}

/// Whether a word or a phrase is in a text, from a word's beginning on; with `=`, up to a word's end.
fn has(text: &str, word: &str) -> bool {
    let (word, is_whole) = word.strip_suffix('=').map_or((word, false), |word| (word, true));
    text.match_indices(word).any(|(at, _)| {
        let begins = !text[..at].ends_with(char::is_alphanumeric);
        begins && !(is_whole && text[at + word.len()..].starts_with(char::is_alphanumeric))
    })
}

/// All of them, the more telling first.
fn rows() -> &'static [Row] {
    static READ: OnceLock<Vec<Row>> = OnceLock::new();
    READ.get_or_init(|| ROWS.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect())
}

fn row(line: &'static str) -> Option<Row> {
    let mut parts = line.split(" | ");
    let (topic, lines) = (parts.next()?, parts.next()?);
    let topic = if topic == "?" { None } else { Some(Topic::named(topic)?) };
    let groups = parts.map(|part| {
        let (part, is_without) = part.strip_prefix('!').map_or((part, false), |part| (part, true));
        Group { is_without, words: part.split(", ").collect() }
    });
    Some(Row { topic, lines, groups: groups.collect() })
}

impl Topic {
    /// The lines that decide, in a namespace that may be empty; of the pod that is named.
    pub fn decides(self, namespace: &str, pod: Option<&str>) -> String {
        let own = rows().iter().find(|row| row.topic == Some(self)).map_or("", |row| row.lines);
        filled([own].into_iter(), namespace, pod).join(" && ")
    }
}

/// Lines of rows, each once, with the names that are known.
fn filled<'a>(rows: impl Iterator<Item = &'a str>, namespace: &str, pod: Option<&str>) -> Vec<String> {
    let place = if namespace.is_empty() { String::new() } else { format!("-n {namespace} ") };
    let mut lines: Vec<String> = Vec::new();
    for line in rows.flat_map(|lines| lines.split(" && ")) {
        let line = line.replace("PODS", "POD");
        let line = match pod {
            Some(pod) => line.replace("POD", pod).replace("describe pods", &format!("describe pod {pod}")),
            None => line,
        };
        let line = line.strip_prefix('!').map_or_else(|| format!("kubectl {place}{line}"), str::to_owned);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// So many descriptions of which nothing is told are asked about.
const ASKED: usize = 2;

/// The lines to ask for where a description tells no topic; none where nothing is known of it.
pub fn asks(description: &str, namespace: &str, pod: Option<&str>) -> Vec<String> {
    let near = windows(description);
    let fits =
        rows().iter().filter(|row| row.topic.is_none() && near.iter().any(|text| row.groups.iter().all(|group| group.holds(text, ""))));
    filled(fits.take(ASKED).map(|row| row.lines), namespace, pod)
}

/// Of so many sentences that follow each other, a description has its words.
const NEAR: usize = 3;

/// The parts of a description, in small letters: each of so many sentences that follow each other.
fn windows(description: &str) -> Vec<String> {
    let text = lower(description);
    let sentences = sentences(&text);
    let last = sentences.len().saturating_sub(NEAR);
    (0..=last).map(|from| sentences[from..].iter().take(NEAR).copied().collect()).collect()
}

fn lower(text: &str) -> String {
    text.to_lowercase().replace('’', "'")
}

/// The sentences of a text. A point within a word ends none.
fn sentences(text: &str) -> Vec<&str> {
    let ends = |c: char| ['.', '?', '!', ';', '\n'].contains(&c);
    let (mut all, mut from, mut at) = (Vec::new(), 0, 0);
    for word in text.split_inclusive(char::is_whitespace) {
        at += word.len();
        if word.trim_end().ends_with(ends) || word.ends_with('\n') || at == text.len() {
            all.push(&text[from..at]);
            from = at;
        }
    }
    all
}

/// What a description is about that stands in a text, the more telling first. What belongs together stands near each other.
pub fn topics_of(description: &str, whole: &str) -> Vec<Topic> {
    let (near, whole) = (windows(description), lower(whole));
    let fits = |row: &&Row| near.iter().any(|text| row.groups.iter().all(|group| group.holds(text, &whole)));
    rows().iter().filter(fits).filter_map(|row| row.topic).collect()
}
