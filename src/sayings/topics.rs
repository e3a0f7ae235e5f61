//! What people describe in their own words: topics, by the words of a description, and what is asked for first.
//!
//! Promises: a topic is no cause. Whoever tells of one says that nothing was shown.

use std::sync::OnceLock;

/// The table; its head says how a row is written.
const ROWS: &str = include_str!("topics.txt");

/// A topic.
#[derive(Debug)]
pub struct Topic {
    pub name: &'static str,
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
pub fn topics() -> &'static [Topic] {
    static READ: OnceLock<Vec<Topic>> = OnceLock::new();
    READ.get_or_init(|| ROWS.lines().filter(|line| !line.starts_with('#')).filter_map(topic).collect())
}

fn topic(line: &'static str) -> Option<Topic> {
    let mut parts = line.split(" | ");
    let (name, lines) = (parts.next()?, parts.next()?);
    let groups = parts.map(|part| {
        let (part, is_without) = part.strip_prefix('!').map_or((part, false), |part| (part, true));
        Group { is_without, words: part.split(", ").collect() }
    });
    Some(Topic { name, lines, groups: groups.collect() })
}

impl Topic {
    /// The topic of a name.
    pub fn named(name: &str) -> Option<&'static Topic> {
        topics().iter().find(|topic| topic.name == name)
    }

    /// The lines that decide, in a namespace that may be empty; of the pods that are named.
    pub fn decides(&self, namespace: &str, pod: Option<&str>) -> String {
        let place = if namespace.is_empty() { String::new() } else { format!("-n {namespace} ") };
        let of_pod = |line: &str| match pod {
            Some(pod) => Some(line.replace("PODS", pod).replace("describe pods", &format!("describe pod {pod}"))),
            // A log is that of a pod.
            None => (!line.contains("PODS")).then(|| line.to_owned()),
        };
        let lines: Vec<String> = self.lines.split(" && ").filter_map(of_pod).map(|line| format!("kubectl {place}{line}")).collect();
        if lines.is_empty() { format!("kubectl {place}get pods && kubectl {place}describe pods") } else { lines.join(" && ") }
    }
}

/// Of so many sentences that follow each other, a description has its words.
const NEAR: usize = 3;

/// What a description is about that stands in a text; `None` where no topic fits. What belongs together stands near each other.
pub fn topic_of(description: &str, whole: &str) -> Option<&'static Topic> {
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
    topics().iter().find(|topic| near.iter().any(|text| topic.groups.iter().all(|group| group.holds(text, &whole))))
}
