//! What the playground says in its own voice, as data: no program can say it, and no redirection swallows it.
//!
//! Promises: a note names what it is about as it was typed, and nothing else; the page puts it into its own language. Logs of
//! containers and transcripts, which are English like all that programs print, have it in the words given here.

use std::fmt;

/// Something that only the playground would say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The page's own words, in its language already.
    Own(String),
    /// A program, an option, a kind: a real one would do something.
    NotSimulated(String),
    /// A shell would understand this construct.
    Unsupported(String),
    /// The same of `$RANDOM`.
    Chance,
    /// A shell would heed this option; here everything runs as without it.
    NoEffect(String),
    /// A script that cannot be simulated counts as done.
    TakenAsFinished,
    /// More than so many bytes at once.
    TooMuch(String),
    /// A line lacks its end.
    Incomplete,
    /// A quote lacks its end.
    OpenQuote(String),
    /// There are as many background jobs as there may be.
    Crowded,
    /// A process went round so many times.
    Rounds(String),

    /// A tool works only with an option.
    Without(String, String),
    /// A tool cannot read its input, and why.
    Unreadable(String, String),
    /// Two files differ.
    Differ(String, String),
    /// A tool works only for one file.
    OneFile(String),
    /// A tool does not work for directories.
    OfFolder(String),
    /// `seq` only counts whole numbers.
    WholeNumbers(String),
    /// `seq` ends after so many.
    SeqEnds(String),

    /// Processes are ended from outside.
    Kill(String),
    /// How large volumes are is seen elsewhere.
    DiskFree(String),
    /// A command of a client program.
    Command(String),
    /// A client program that is not in a member's container.
    OutsideMember(String),
    /// Such a key, or such a value.
    SpacedKey,
    /// An SQL statement.
    Statement(String),
    /// Too few members for a write.
    NoLeader,

    /// A format of `curl -w`.
    CurlFormat(String),
    /// `curl` has no files to write here.
    CurlFiles,
    /// An address that is not reached from inside the cluster.
    Unreachable(String),
    /// An address that is not known outside.
    Outside(String),
    /// A name that only pods can look up.
    InsideOnly(String),
    /// What listens at an address is not simulated.
    Listens(String),
    /// What is served of the API server's paths.
    ProxyOnly,
    /// How `ssh` is used.
    Ssh,

    /// A command of kubectl with flags.
    With(String, String),
    /// The help of a command.
    Help(String),
    /// The same, and the subcommands that it would tell of.
    HelpOf(String, String),
    /// `kubectl debug`, which has a substitute.
    Debug(String),
    /// `kubectl expose` of something with `matchExpressions`.
    ByExpressions,
    /// Another context.
    Contexts,
    /// `kubectl cp` of a directory.
    CopiesFolder(String),
    /// A manifest at an address outside.
    Reads(String),
    /// A file that is read in part, and why.
    ReadsPart(String, String),
    /// Where fields are documented.
    Documented,
}

impl Note {
    /// What it is about, in the order of the blanks in its sentence.
    pub fn of(&self) -> [&str; 2] {
        match self {
            Note::Own(one)
            | Note::NotSimulated(one)
            | Note::Unsupported(one)
            | Note::NoEffect(one)
            | Note::TooMuch(one)
            | Note::OpenQuote(one)
            | Note::Rounds(one)
            | Note::OneFile(one)
            | Note::OfFolder(one)
            | Note::WholeNumbers(one)
            | Note::SeqEnds(one)
            | Note::Kill(one)
            | Note::DiskFree(one)
            | Note::Command(one)
            | Note::OutsideMember(one)
            | Note::Statement(one)
            | Note::CurlFormat(one)
            | Note::Unreachable(one)
            | Note::Outside(one)
            | Note::InsideOnly(one)
            | Note::Listens(one)
            | Note::Help(one)
            | Note::Debug(one)
            | Note::CopiesFolder(one)
            | Note::Reads(one) => [one, ""],
            Note::Without(one, two)
            | Note::Unreadable(one, two)
            | Note::Differ(one, two)
            | Note::With(one, two)
            | Note::HelpOf(one, two)
            | Note::ReadsPart(one, two) => [one, two],
            Note::Chance
            | Note::TakenAsFinished
            | Note::Incomplete
            | Note::Crowded
            | Note::SpacedKey
            | Note::NoLeader
            | Note::CurlFiles
            | Note::ProxyOnly
            | Note::Ssh
            | Note::ByExpressions
            | Note::Contexts
            | Note::Documented => [""; 2],
        }
    }

    /// A sentence of some language, with what this is about in its blanks (`@`), as it is printed.
    pub fn told(&self, sentence: &str) -> String {
        if let Note::Own(words) = self {
            return words.clone();
        }
        let mut parts = sentence.split('@');
        let mut line = format!("ordinal: {}", parts.next().unwrap_or_default());
        for (of, part) in self.of().into_iter().zip(parts) {
            line.push_str(of);
            line.push_str(part);
        }
        line
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.told(sentence(self)))
    }
}

/// The English sentence.
fn sentence(note: &Note) -> &'static str {
    match note {
        Note::Own(_) => "@",
        Note::NotSimulated(_) => "@ is not simulated.",
        Note::Unsupported(_) => "@ is not simulated here.",
        Note::Chance => "`$RANDOM`: random values are not simulated here.",
        Note::NoEffect(_) => "@ has no effect here.",
        Note::TakenAsFinished => "the script is taken as finished.",
        Note::TooMuch(_) => "more than @ bytes at once; the rest is cut off.",
        Note::Incomplete => "this line is incomplete.",
        Note::OpenQuote(_) => "the quote @ is never closed.",
        Note::Crowded => "too much goes on in the background already.",
        Note::Rounds(_) => "this has gone round @ times; what it does from here on is not simulated.",
        Note::Without(..) => "@ without @ is not simulated.",
        Note::Unreadable(..) => "@ cannot read this: @.",
        Note::Differ(..) => "@ and @ differ; how they differ is not simulated.",
        Note::OneFile(_) => "@ is simulated only for one file and its destination.",
        Note::OfFolder(_) => "@ of a directory is not simulated.",
        Note::WholeNumbers(_) => "seq @ is not simulated; only whole numbers are.",
        Note::SeqEnds(_) => "seq stops here, after @ numbers.",
        Note::Kill(_) => {
            "@ is not simulated; outside, `playground freeze pod NAME` makes its processes hang, and `kubectl delete pod NAME` ends them."
        }
        Note::DiskFree(_) => {
            "@ is not simulated; `du -sh DIRECTORY` tells what files take, and `kubectl get pvc` outside how large volumes are."
        }
        Note::Command(_) => "this @ command is not simulated.",
        Note::OutsideMember(_) => "@ outside a member is not simulated.",
        Note::SpacedKey => "a key with spaces, or a value of several lines, is not simulated.",
        Note::Statement(_) => "the statement @ is not simulated.",
        Note::NoLeader => "no leader takes this: too few members are reachable for a quorum.",
        Note::CurlFormat(_) => "curl -w @ is not simulated; only %{http_code} is.",
        Note::CurlFiles => "curl writes no files here; use curl URL > FILE.",
        Note::Unreachable(_) => "@ cannot be reached from here; only plain HTTP inside the cluster can.",
        Note::Outside(_) => "@ is outside: only known addresses are simulated here. Its text can be pasted into the manifest.",
        Note::InsideOnly(_) => "@ is known only inside the cluster. Try it from inside a pod: kubectl exec POD -- curl ADDRESS",
        Note::Listens(_) => "something listens on @; what it answers is not simulated.",
        Note::ProxyOnly => "of the API server's paths, only the pod proxy is served here: /api/v1/namespaces/NS/pods/POD/proxy/",
        Note::Ssh => "use ssh NODE COMMAND to reach a machine of the cluster.",
        Note::With(..) => "`kubectl @` with @ is not simulated.",
        Note::Help(_) => "the help of `@` is not simulated.",
        Note::HelpOf(..) => "the help of `@` (@) is not simulated.",
        Note::Debug(_) => {
            "use `kubectl exec -it POD -- sh` to enter a container and `kubectl run -it --rm NAME --image=busybox:1.36` to start a pod beside \
             it: @ is not simulated."
        }
        Note::ByExpressions => "`kubectl expose` of an object that selects by expressions is not simulated.",
        Note::Contexts => "more than one context is not simulated.",
        Note::CopiesFolder(_) => "copy one file at a time: copying a directory (@) is not simulated.",
        Note::Reads(_) => "paste the text of @ into the manifest: reading it from outside is not simulated.",
        Note::ReadsPart(..) => "reading all of @ (@) is not simulated.",
        Note::Documented => "the fields are documented at https://kubernetes.io/docs/reference/kubernetes-api/.",
    }
}
