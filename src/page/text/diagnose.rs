//! The diagnosis of a pasted cluster: what its sentences are made from.
//!
//! A cause is a [`why::Cause`], whose row is chosen by its name in `detail`; whatever else is told is a variant with its fields.

use std::rc::Rc;
use std::sync::OnceLock;

pub use super::assumed::Assumed;
use super::{ANALYSIS, Diagnose, Lang};
use base::fields::{Content, Field, Fields};
use base::sentences::{Explanation, Table};

/// The English rows: a table of their own, which comes with the code that diagnoses (`src/bin/dev/data.rs`).
#[inline(never)]
pub(super) fn rows() -> &'static Table {
    static ENGLISH: OnceLock<Table> = OnceLock::new();
    ENGLISH.get_or_init(|| Table::read(&[file!("en/diagnose.txt"), file!("en/items.txt")]))
}

/// A name of an object.
type Name = Rc<str>;

/// What is to be told: the key of a row, and what fills its placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub key: &'static str,
    pub fields: Fields,
}

impl Told {
    /// The explanation. Objects that nothing names are told by their kind.
    pub fn explained(&self) -> Explanation {
        let mut fields = Fields::default();
        let mut nouns: Vec<String> = Vec::new();
        for (kind, place) in UNNAMED {
            if let Some(Content::Text(kind)) = self.fields.get(kind) {
                let noun = ANALYSIS.diagnose.unnamed(kind);
                fields.text(place, noun.as_str());
                nouns.push(noun);
            }
        }
        fields.extend(&self.fields);
        let mut told = Lang::English.explain(self.key, &fields);
        for noun in nouns {
            for text in [&mut told.verdict, &mut told.paragraph] {
                *text = without_name(text, &noun, true);
            }
            told.brief = without_name(&told.brief, &noun, false);
        }
        told
    }
}

/// The fields with the kind of an object that nothing names, and the placeholders that it would fill.
pub const UNNAMED: [(&str, &str); 2] = [("unnamed", "object"), ("unnamed_workload", "workload")];

/// A text in which a noun stands where a name would: it is no name, stands there once (`Claim <the claim>`), and begins with a capital
/// letter where a sentence begins.
fn without_name(text: &str, noun: &str, is_sentence: bool) -> String {
    let kind = noun.rsplit(' ').next().unwrap_or(noun);
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&format!("<{noun}>")) {
        let cut = before.len().saturating_sub(kind.len() + 1);
        let twice = before.get(cut..).is_some_and(|end| end.trim_end().eq_ignore_ascii_case(kind));
        out.push_str(if twice { &before[..cut] } else { before });
        let begins = out.is_empty() && is_sentence || out.ends_with(". ");
        let first = noun.chars().next().map_or(0, char::len_utf8);
        out.push_str(&if begins { noun[..first].to_uppercase() } else { noun[..first].to_owned() });
        out.push_str(&noun[first..]);
        rest = after.strip_prefix(' ').and_then(|after| after.strip_prefix(kind)).unwrap_or(after);
    }
    out + rest
}

base::with_fields! {
    /// What of a paste could not be read.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Unread {
        /// A document that has a problem at this line of the text.
        NotYaml { line: usize, problem: String },
        /// A template, of which this line has a part that has to be filled in.
        Template { line: usize, text: String },
        /// Fields of a manifest that no server knows.
        Fields { kind: Name, name: Name, fields: String },
        /// A line of which nothing is known, though a program printed it.
        Line { line: usize, text: String },
        /// A column whose cells say something that is not known.
        Column { line: usize, column: String },
        /// So many further lines, of which the last is this one.
        Further { count: usize, line: usize },
        /// An object without a kind or without a name.
        Nameless {
            /// May be empty, as the name may.
            kind: Name,
            name: Name,
        },
        /// A resource that kubectl could not read, and why, in the server's words.
        Withheld { resource: String, why: String },
        /// An object that no API server has, and the words with which it is refused.
        NoObject { kind: Name, name: Name, error: String },
    }
}

base::with_fields! {
    /// What a line of a log says of the process and its set.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Sign {
        AddressInUse,
        Certificate,
        /// It complains in words that are not known.
        Complains,
        ConnectionRefused,
        Credentials,
        DiskFails,
        FileMissing,
        /// A data folder that others may write.
        Folder,
        /// `helm --wait` compares the revisions of a set.
        HelmWaits,
        KernelLimit,
        /// A claim that an earlier set of the name left.
        LeftClaim,
        LockHeld,
        /// A member that the others still count.
        MemberGone,
        /// A name does not resolve.
        NameNotFound,
        /// A name that lacks the domain of the cluster was not found as it stands.
        NameShort,
        NoProgram,
        NoQuorum,
        NoSpace,
        NotEmpty,
        /// Members that nobody has joined.
        NotInitiated,
        NotSafeToBootstrap,
        /// An operator that deletes a set and makes it anew.
        OperatorRecreates,
        /// Data of another installation.
        OtherCluster,
        /// Data of another version.
        OtherVersion,
        OutOfMemory,
        Permission,
        /// Members that are gone are counted.
        RingBad,
        Sealed,
        /// A setting that it does not accept, or lacks.
        Setting,
    }
}

base::with_fields! {
    /// Who made a set, and takes a change of it back.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Owner {
        /// The operator of an object.
        Operator { kind: Name, name: Name },
        /// An operator of which a text only speaks.
        AnOperator,
        Helm { release: Name },
        /// A program that applies what is in Git.
        Git { by: Name },
        /// Whoever the label `app.kubernetes.io/managed-by` names.
        Manager { by: Name },
    }
}

base::with_fields! {
    /// What a cure risks.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Risk {
        DataLost { claim: Name },
        /// Something that cannot be taken back, of a way that the page knows.
        Harm,
        /// The old process of a pod and the new one.
        TwoWriters { pod: Name, node: Name },
        /// Pods that were Ready are made anew: these, and so many more.
        Restarts { pods: Vec<Name>, more: usize },
        /// A set is deleted and made anew, its pods with it.
        MadeAnew { set: Name },
        /// Clients are sent to pods that may not answer yet.
        Unasked { set: Name },
        /// Another claim may take the volume.
        Taken { volume: Name },
        /// Every pod of a namespace may do more.
        Allowed { namespace: Name },
        /// All pods of a node go.
        NodeEmptied { node: Name },
        /// Whoever set a finalizer has not done what it stands for.
        Undone { finalizer: Name },
        /// A claim goes, and perhaps its data.
        ClaimGoes { claim: Name },
        /// A budget lets one pod more go.
        OneFewer { budget: Name },
        /// Other pods may come to nodes.
        OthersCome { nodes: Vec<Name> },
        /// A set runs fewer pods than it is meant to.
        Fewer { set: Name, count: i64 },
        /// Two pods of a set may be on one node.
        Together { set: Name },
        /// It helps only where every node reaches the disk, which nothing says.
        Unreached,
        /// Another workload runs no pods.
        Stops { workload: Name },
    }
}

base::with_fields! {
    /// What the scheduler has against a node, with its own words, and the figures behind these.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Unfit {
        Tainted {
            said: String,
            /// As `kubectl taint` spells them.
            taints: String,
        },
        /// It lacks labels.
        Labelled {
            said: String,
            /// `zone=c`
            asked: String,
            /// What it has of these keys; may be empty.
            has: String,
        },
        /// It has too little left.
        Full {
            said: String,
            /// `memory 4096Mi`
            asked: String,
            left: String,
        },
        /// A volume is on another node.
        Elsewhere { said: String, volumes: String, node: String },
        /// Other pods of the same workload are there.
        Alike { said: String, pods: String },
        /// So many nodes of all, by the scheduler's message.
        Counted { count: i64, of: String },
        Other { said: String },
    }
}

impl Diagnose {
    /// What was assumed, and why.
    pub fn assumed(self, what: &Assumed) -> Explanation {
        let mut fields = Fields::default();
        what.put("what", &mut fields);
        self.0.explain(ASSUMED, &fields)
    }
}

/// The key of what was assumed.
pub(crate) const ASSUMED: &str = "diagnose.assumed";
/// The key of a finer cause.
pub const CAUSE: &str = "diagnose.cause";
/// The key of what a tool says that waits.
pub const TOOL: &str = "diagnose.tool";
