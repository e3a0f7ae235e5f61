//! What is said about applications that keep the same data in several places.

use super::{About, Count};
use cluster::inside::replicated::Role;

/// Applications that keep the same data in several places.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Application {
    pub title: &'static str,
    /// A role, and whether the application is one of a quorum.
    pub role: fn(Role, bool) -> &'static str,
    /// Flags of the timeline: a pod leads its set from now on, nobody leads a set any more.
    pub has_lead: About,
    pub lost_lead: About,
    /// The leader, how many members agree, and how many there are to be.
    pub leads: fn(&str, usize, usize) -> String,
    /// How many members are in reach, and how many are needed.
    pub no_quorum: fn(usize, usize) -> String,
    pub no_quorum_words: &'static str,
    /// The primary, and how many follow it.
    pub is_primary: fn(&str, usize) -> String,
    /// How many processes take writes, of which none replicates another.
    pub singles: Count,
    pub singles_words: &'static str,
    pub no_primary: About,
    pub no_primary_words: &'static str,
    /// One of those who take writes, and how many there are.
    pub two_lead: fn(&str, usize) -> String,
    pub two_lead_words: &'static str,
    pub holds: Count,
    pub out_of_sight: &'static str,
    pub acknowledged: Count,
    pub refused: Count,
    pub lost: Count,
    /// Buttons: one write, a minute of them, ten minutes.
    pub write: [&'static str; 3],
    pub stop_writing: Count,
    /// A uid, and how many bytes it wrote.
    pub wrote: fn(&str, &str) -> String,
    pub interleaved: &'static str,
    /// The meter of at most one process per identity.
    pub at_most_one: &'static str,
    pub kept: &'static str,
    pub in_doubt: About,
    pub broken: About,
}
