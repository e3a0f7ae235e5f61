//! Applications that keep the same data in several places, told in English.

use super::many;
use crate::Application;
use cluster::inside::replicated::Role;

/// The words about them.
pub const APPLICATION: Application = Application {
    title: "Application",
    role: |role, quorum| match role {
        Role::Primary => "primary",
        Role::Single => "own data",
        Role::Replica => "replica",
        Role::Diverged => "not replicating",
        Role::Leader => "leader",
        Role::Follower => "follower",
        Role::Alone if quorum => "no quorum",
        Role::Alone => "no primary",
    },
    has_lead: |pod| format!("{pod} leader"),
    lost_lead: |set| format!("{set}: no leader"),
    leads: |pod, agree, of| format!("<{pod}> leads: {agree} of {of} members agree."),
    no_quorum: |reached, needed| format!("No quorum: {} reachable, {needed} needed.", many(reached, "member", "members")),
    no_quorum_words: "No member accepts writes, and none serves reads that have to be up to date.",
    is_primary: |pod, copies| format!("<{pod}> is the primary: {}.", many(copies, "replica follows", "replicas follow")),
    singles: |n| match n {
        1 => "One process has the data, and nothing replicates it.".to_owned(),
        n => format!("{n} processes accept writes, each into data of its own."),
    },
    singles_words: "A StatefulSet gives pods names and volumes; it copies no data. Nothing in this manifest sets up replication.",
    no_primary: |pod| format!("There is no primary: <{pod}> is unreachable."),
    no_primary_words: "Writes are refused. Replicas still answer reads, and none takes over: the role belongs to the ordinal.",
    two_lead: |pod, count| match count {
        2 => format!("Two processes accept writes, and <{pod}> is one of them."),
        count => format!("{count} processes accept writes, and <{pod}> is one of them."),
    },
    two_lead_words: "Each acknowledges writes to the clients on its side. When the cut is over, only one side's writes survive.",
    holds: |n| many(n, "write", "writes"),
    out_of_sight: "out of sight",
    acknowledged: |n| format!("{n} acknowledged"),
    refused: |n| format!("{n} refused"),
    lost: |n| format!("{n} lost: acknowledged, but no leader holds them"),
    write: ["Write once", "for 1 min", "for 10 min"],
    stop_writing: |left| format!("Stop writing: {left} to go"),
    wrote: |uid, amount| format!("#{uid} {amount}"),
    interleaved: "Two processes wrote in turn, unaware of each other:",
    at_most_one: "At most one process per identity",
    kept: "at most one",
    in_doubt: |pod| format!("{pod} could run twice"),
    broken: |pod| format!("{pod} runs twice"),
};
