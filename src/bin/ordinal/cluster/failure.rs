//! Why a cluster could not be read: one sentence, with kubectl's own words in it.

use std::fmt;

use super::ClusterScope;

/// With what lines begin that kubectl prints beside its last word: warnings, and the log of its libraries (`E1128 01:53:30.1 ...`).
const WARNING: &str = "Warning: ";

/// Why nothing was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no kubectl, or it does not run.
    NoKubectl { is_missing: bool, error: String },
    /// The context that was named is not there.
    NoContext { context: String, said: String },
    /// Nobody answered.
    NoAnswer { said: String },
    /// The cluster does not know who asks.
    NotLoggedIn { said: String },
    /// Whatever else kubectl says.
    Other { said: String },
    /// StatefulSets may not be read.
    MayNotRead { why: String, all: bool },
    /// There is no StatefulSet, or none of the name; those that are there.
    Nothing { named: Option<String>, namespace: Option<String>, all: bool, there: Vec<String> },
    /// Several namespaces have a StatefulSet of the name.
    Several { named: String, namespaces: Vec<String> },
    /// What was named is no StatefulSet.
    NoSet { named: String },
}

impl Failure {
    /// The failure that the last words of kubectl stand for.
    pub(super) fn of(place: &ClusterScope, said: &str) -> Failure {
        let said = said.to_owned();
        let has = |words: &[&str]| words.iter().any(|words| said.contains(words));
        match &place.context {
            Some(context) if has(&["context was not found", "does not exist"]) => Failure::NoContext { context: context.clone(), said },
            _ if has(&["Unable to connect to the server", "The connection to the server", "(Timeout)", "deadline exceeded"]) => {
                Failure::NoAnswer { said }
            }
            _ if has(&["must be logged in", "(Unauthorized)"]) => Failure::NotLoggedIn { said },
            _ => Failure::Other { said },
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NoKubectl { is_missing: true, .. } => {
                write!(
                    out,
                    "no kubectl is in PATH, and the cluster is read through kubectl; a dump can be given instead: ordinal diagnose FILE"
                )
            }
            Failure::NoKubectl { error, .. } => write!(out, "kubectl does not run: {error}"),
            Failure::NoContext { context, said } => write!(out, "kubectl has no context {context}: \"{said}\""),
            Failure::NoAnswer { said } => write!(out, "the API server does not answer: \"{said}\""),
            Failure::NotLoggedIn { said } => write!(out, "the cluster does not accept who asks: \"{said}\""),
            Failure::Other { said } if said.is_empty() => write!(out, "kubectl failed and did not say why"),
            Failure::Other { said } => write!(out, "kubectl cannot read the cluster: \"{said}\""),
            Failure::MayNotRead { why, all } => {
                let way = if *all { "; -n NAMESPACE asks for one namespace alone" } else { "" };
                write!(out, "StatefulSets may not be read: \"{why}\"{way}")
            }
            Failure::Nothing { named, namespace, all, there } => {
                let place = match namespace {
                    _ if *all => "the cluster".to_owned(),
                    Some(namespace) => format!("namespace {namespace}"),
                    None => "the namespace of the context".to_owned(),
                };
                let named = named.as_ref().map_or(String::new(), |named| format!(" {named}"));
                let others = if there.is_empty() { String::new() } else { format!("; there is {}", there.join(", ")) };
                write!(out, "no StatefulSet{named} is in {place}{others}")
            }
            Failure::Several { named, namespaces } => {
                write!(out, "StatefulSet {named} is in several namespaces: {}; -n names one", namespaces.join(", "))
            }
            Failure::NoSet { named } => write!(out, "{named} is no StatefulSet; one is named as sts/NAME"),
        }
    }
}

/// The lines of what kubectl said that are neither warnings nor a log.
pub(super) fn lines(errors: &str) -> impl Iterator<Item = &str> {
    let is_log = |line: &str| {
        let mut letters = line.chars();
        letters.next().is_some_and(|letter| "IWEF".contains(letter)) && letters.next().is_some_and(|letter| letter.is_ascii_digit())
    };
    errors.lines().map(str::trim).filter(move |line| !line.is_empty() && !line.starts_with(WARNING) && !is_log(line))
}

/// The words in which kubectl gave up.
pub(super) fn words(errors: &str) -> Option<&str> {
    lines(errors).last().map(|line| line.trim_start_matches("error: "))
}
