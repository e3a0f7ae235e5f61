//! What the playground says in its own voice, as data: no program can say it, and no redirection swallows it.
//!
//! Promises: a note names what it is about as it was typed, and nothing else; the page puts it into its own language. Logs of
//! containers and transcripts, which are English like all that programs print, have it in the words of `note.txt`.

use std::fmt;
use std::sync::OnceLock;

use crate::fields::{Field, Fields};
use crate::sentences::Table;

/// How a line in this voice begins where it stands among those of programs.
pub const VOICE: &str = "ordinal: ";

crate::with_fields! {
    /// Something that only the playground would say.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Note {
        /// The page's own words, in its language already.
        Own(words: String),
        /// A program, an option, a kind: a real one would do something.
        NotSimulated(what: String),
        /// A shell would understand this construct.
        Unsupported(what: String),
        /// The same of `$RANDOM`.
        Chance,
        /// A shell would heed this option; here everything runs as without it.
        NoEffect(what: String),
        /// The first line of a script that the simulated shell cannot read.
        NotFollowed(line: String),
        /// A script that cannot be simulated counts as done.
        TakenAsFinished,
        /// Members of an application find one another in a way that is not simulated.
        ApartHere(what: String),
        /// An image whose server does not start on the data that another wrote; the words of the server are not known.
        OtherMajor(what: String, wrote: String),
        /// A setting of a server names a host by a reference that nothing fills; the words of the server are not known.
        NotFilled(what: String, setting: String),
        /// What an image logs is not known.
        Logs(what: String),
        /// More than so many bytes at once.
        TooMuch(what: String),
        /// A line lacks its end.
        Incomplete,
        /// A quote lacks its end.
        OpenQuote(what: String),
        /// There are as many background jobs as there may be.
        Crowded,
        /// A process went round so many times.
        Rounds(what: String),

        /// A tool works only with an option.
        Without(what: String, option: String),
        /// A tool cannot read its input, and why.
        Unreadable(what: String, why: String),
        /// A tool works only for one file.
        OneFile(what: String),
        /// A tool does not work for directories.
        OfFolder(what: String),
        /// `seq` only counts whole numbers.
        WholeNumbers(what: String),
        /// `seq` ends after so many.
        SeqEnds(what: String),

        /// Processes are ended from outside.
        Kill(what: String),
        /// How large volumes are is seen elsewhere.
        DiskFree(what: String),
        /// A command of a client program.
        Command(what: String),
        /// A client program that is not in a member's container.
        OutsideMember(what: String),
        /// Such a key, or such a value.
        SpacedKey,
        /// An SQL statement.
        Statement(what: String),
        /// Too few members for a write.
        NoLeader,

        /// A format of `curl -w`.
        CurlFormat(what: String),
        /// `curl` has no files to write here.
        CurlFiles,
        /// An address that is not reached from inside the cluster.
        Unreachable(what: String),
        /// An address that is not known outside.
        Outside(what: String),
        /// A name that only pods can look up.
        InsideOnly(what: String),
        /// A pod has its name under another Service than the one asked for.
        NamedUnder(what: String, under: String, asked: String),
        /// The same, where the Service that the pod's name is under does not exist.
        NamedUnderNone(what: String, under: String, asked: String),
        /// A pod was made before its set got the Service that was asked for.
        NamedBefore(what: String, under: String, asked: String),
        /// What listens at an address is not simulated.
        Listens(what: String),
        /// What is served of the API server's paths.
        ProxyOnly,
        /// How `ssh` is used.
        Ssh,

        /// A command of kubectl with flags.
        With(what: String, flags: String),
        /// The help of a command.
        Help(what: String),
        /// The same, and the subcommands that it would tell of.
        HelpOf(what: String, subcommands: String),
        /// `kubectl debug` of a node, which has a substitute.
        Debug(what: String),
        /// `kubectl expose` of something with `matchExpressions`.
        ByExpressions,
        /// Another context.
        Contexts,
        /// A manifest at an address outside.
        Reads(what: String),
        /// A file that is read in part, and why.
        ReadsPart(what: String, why: String),
        /// Descriptions of fields that could not be fetched.
        Undescribed,
        /// A kind whose objects are in another version now.
        ServedAs(what: String, version: String),
        /// A manifest that is not there.
        NoFile(what: String),
        /// A word that is nearly the name of a program.
        Meant(what: String),
    }
}

impl Note {
    /// As it is printed, in the words of a table; `None` if the table has no row for it.
    pub fn told(&self, table: &Table) -> Option<String> {
        if let Note::Own(words) = self {
            return Some(words.clone());
        }
        let mut fields = Fields::default();
        self.put("note", &mut fields);
        Some(format!("{VOICE}{}", table.say(&self.key(), &fields)?))
    }

    /// Whether it leaves no doubt about what a program did.
    pub fn is_aside(&self) -> bool {
        matches!(self, Note::NoEffect(_) | Note::Meant(_) | Note::NamedUnder(..) | Note::NamedUnderNone(..) | Note::NamedBefore(..))
    }

    /// The key of its row.
    pub fn key(&self) -> String {
        format!("note.{}", self.variant())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.told(english()).unwrap_or_default())
    }
}

/// The English sentences.
pub fn english() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::read(&[include_str!("note.txt")]))
}
