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
        ClaimsGone "claims-gone"
        ClaimsKept "claims-kept"
        ConfigRestart "config-restart"
        Crash "crash"
        DeleteHangs "delete-hangs"
        Drain "drain"
        GrowClaims "grow-claims"
        HeldByPartition "held-by-partition"
        Immutable "immutable"
        Memory "memory"
        Names "names"
        NotReady "not-ready"
        OnDelete "on-delete"
        OneByOne "one-by-one"
        OperatorMakesNone "operator-makes-none"
        OutOfSync "out-of-sync"
        OwnSettings "own-settings"
        Pending "pending"
        PodStays "pod-stays"
        Rename "rename"
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
    topic: Topic,
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
        let is_there = |word: &&'static str| match word.strip_prefix('*') {
            Some(word) => has(whole, word),
            None => has(description, word),
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
    let (topic, lines) = (Topic::named(parts.next()?)?, parts.next()?);
    let groups = parts.map(|part| {
        let (part, is_without) = part.strip_prefix('!').map_or((part, false), |part| (part, true));
        Group { is_without, words: part.split(", ").collect() }
    });
    Some(Row { topic, lines, groups: groups.collect() })
}

impl Topic {
    /// The lines that decide, in a namespace that may be empty; of the pods that are named.
    pub fn decides(self, namespace: &str, pod: Option<&str>) -> String {
        let place = if namespace.is_empty() { String::new() } else { format!("-n {namespace} ") };
        let of_pod = |line: &str| match pod {
            Some(pod) => Some(line.replace("PODS", pod).replace("describe pods", &format!("describe pod {pod}"))),
            // A log is that of a pod.
            None => (!line.contains("PODS")).then(|| line.to_owned()),
        };
        let own = rows().iter().find(|row| row.topic == self).map_or("", |row| row.lines);
        let lines: Vec<String> = own
            .split(" && ")
            .filter_map(of_pod)
            .map(|line| match line.strip_prefix('!') {
                Some(line) => line.to_owned(),
                None => format!("kubectl {place}{line}"),
            })
            .collect();
        if lines.is_empty() { format!("kubectl {place}get pods && kubectl {place}describe pods") } else { lines.join(" && ") }
    }
}

/// Of so many sentences that follow each other, a description has its words.
const NEAR: usize = 3;

/// What a description is about that stands in a text, the more telling first. What belongs together stands near each other.
pub fn topics_of(description: &str, whole: &str) -> Vec<Topic> {
    let [text, whole] = [description, whole].map(|text| text.to_lowercase().replace('’', "'"));
    let ends = |c: char| ['.', '?', '!', ';', '\n'].contains(&c);
    // A point within a word ends no sentence.
    let sentences: Vec<&str> = text
        .split_inclusive(char::is_whitespace)
        .scan(0, |at, word| {
            let from = *at;
            *at += word.len();
            Some((from, *at, word.trim_end().ends_with(ends) || word.ends_with('\n')))
        })
        .fold((Vec::new(), 0), |(mut all, from), (_, to, is_end)| {
            if is_end || to == text.len() {
                all.push(&text[from..to]);
                return (all, to);
            }
            (all, from)
        })
        .0;
    let last = sentences.len().saturating_sub(NEAR);
    let near: Vec<String> = (0..=last).map(|from| sentences[from..].iter().take(NEAR).copied().collect()).collect();
    let fits = |row: &&Row| near.iter().any(|text| row.groups.iter().all(|group| group.holds(text, &whole)));
    rows().iter().filter(fits).map(|row| row.topic).collect()
}
