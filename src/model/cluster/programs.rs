//! What is known of images: `images.table`, one row an image, and the questions that a row answers alone.
//!
//! What a program does with that is in [`crate::inside`], as far as it is simulated.
//! Promises: an image that is in no row is not known; nothing is guessed of it.

use base::image_name::{name_and_tag, without_tag};

/// What a program is without its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Nobody says.
    Unsaid,
    /// A store, whose copies each keep data of their own, unless something joins them.
    Alone,
    /// A member of a cluster, which keeps what it knows of the others in its own folder.
    Member,
    /// Nothing: all that it is stands in its data.
    Whole,
}

/// Which data of other major versions a program starts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    /// Nobody says.
    Unsaid,
    /// That of no other.
    Own,
    /// That of earlier ones.
    Earlier,
}

/// A step or a setting, and words by which a text is known to have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clue {
    /// Empty where nobody says.
    pub text: &'static str,
    pub words: &'static [&'static str],
}

/// A program, wherever it runs.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The last word of its images.
    pub name: &'static str,
    /// Whether its members elect a leader, or agree on what is written.
    pub elects: bool,
    pub keeps: Keeps,
    /// The folder that it writes to; empty if it is no database, or one that is used as a cache as well.
    database: &'static str,
    /// The major versions of which there are images; empty if nobody says.
    majors: &'static [u64],
    reads: Reads,
    /// What takes one of its members out, which are known to each other until somebody does.
    pub leaves: Clue,
    /// How variables begin that its image reads only while the data folder is empty.
    pub once: &'static [&'static str],
    /// By which setting members are set to be of one cluster, and by which words somebody forms the cluster.
    pub forms: Clue,
    /// Whether it reads its log or its parts before it answers.
    pub is_slow: bool,
    /// What it is called, and how many MiB it writes without anybody's data; nought if nobody says.
    pub writes: (&'static str, i64),
    /// The folder in which it makes its database if nothing is there; empty if nobody says.
    pub initdb: &'static str,
    /// The first major version of the official image that keeps its data elsewhere; nought for none.
    pub moved: u32,
    /// How the names of images end that read the number of a member from a variable.
    pub numbers: &'static [&'static str],
    /// How the names of images end that do not run as root, and their users.
    pub users: &'static [(&'static str, i64)],
}

const UNKNOWN: Program = Program {
    name: "",
    elects: false,
    keeps: Keeps::Unsaid,
    database: "",
    majors: &[],
    reads: Reads::Unsaid,
    leaves: NO_CLUE,
    once: &[],
    forms: NO_CLUE,
    is_slow: false,
    writes: ("", 0),
    initdb: "",
    moved: 0,
    numbers: &[],
    users: &[],
};
const NO_CLUE: Clue = Clue { text: "", words: &[] };

/// The pages and the log of a server of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Web {
    /// The page that its image brings.
    pub(crate) page: &'static str,
    /// Its page for an error.
    pub(crate) error: &'static str,
    /// Its answer to a method that it does not know.
    pub(crate) refused: &'static str,
    /// The line of its log for a request.
    pub(crate) log: &'static str,
}

/// What an image answers over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serves {
    Nothing,
    /// The files of its folder, with `index.html` for a folder itself.
    Files(&'static Web),
    /// A text in which `{}` is the hostname.
    Greeting(&'static str),
    /// Something that is not simulated, at paths with one of these prefixes.
    Paths(&'static [&'static str]),
    /// kubia-pet of the book: GET returns what is stored in the file, POST stores it.
    Pet(&'static str),
}

/// An image's family of command-line tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// busybox: its own `wget` and `nslookup`, only `sh`.
    Busybox,
    /// Debian: `bash`, `curl`.
    Debian,
    /// Debian with BIND's tools.
    WithBind,
    /// Nothing but its own program.
    Bare,
}

/// What an image is built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    Debian,
    Alpine,
    Busybox,
}

/// How the processes of an image work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peers {
    /// Each works alone.
    None,
    /// Ordinal 0 accepts writes, and the others replicate it, if their manifest sets that up.
    Primary,
    /// A majority elects a leader, and a write is acknowledged once a majority has it.
    Quorum,
}

/// In whose way a server is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settings {
    /// It is not looked into.
    Unknown,
    Redis,
    Mongo,
}

/// A client program of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// Succeeds if a member is running.
    Ready,
    /// `zkServer.sh`
    ZkServer,
    /// `zkCli.sh`
    ZkCli,
    /// `mysqladmin`
    MySqlAdmin,
    /// `mysql`
    MySql,
    /// `pg_isready`
    PgIsReady,
    /// `redis-cli`
    Redis,
    /// `etcdctl`
    Etcd,
    /// `consul`
    Consul,
    /// `mongosh`
    Mongo,
}

/// What is checked before a server starts: of variables by the image's own program, or of who runs the server by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// None of these is given, of which it asks for the first, and no data are there. `_FILE` may stand behind each.
    Without,
    /// One of these two is given and the other is not. `_FILE` may stand behind each.
    Half,
    /// This one is not given.
    Lacks,
    /// One of these is given.
    Given,
    /// Both of these are given, of which the second must not.
    Both,
    /// Root runs it, without one of these options.
    Root,
    /// Its data are of a major version that it does not read.
    OtherMajor,
}

/// What keeps a server from starting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refuses {
    pub(crate) check: Check,
    pub(crate) of: &'static [&'static str],
    /// What is said then.
    pub(crate) says: &'static str,
}

/// What a line of a server that begins depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// It found no data, and copies no other.
    New,
    /// It found data.
    Data,
    /// It copies another.
    Follows,
    /// The program of an official image prepared it.
    Prepared,
    /// It keeps a file that it only appends to.
    Appends,
    /// Its tag has all three numbers of a version.
    Whole,
    /// It is not known to be older.
    Since(u32, u32),
}

/// What a server prints once it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opens {
    /// Whether each of these has to hold, or must not.
    pub(crate) when: &'static [(bool, When)],
    pub(crate) says: &'static str,
}

/// A variable that an official image sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sets {
    /// Whether the tag has to be of this version or later, or must not.
    pub(crate) since: &'static [(bool, (u32, u32))],
    pub(crate) name: &'static str,
    /// `{major}` and `{series}` stand for the first number of the tag, and for the first two.
    pub(crate) value: &'static str,
}

/// How an image is simulated.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the table")]
pub struct App {
    /// The last word of its name.
    pub name: &'static str,
    pub serves: Serves,
    pub port: i64,
    /// The option by which its server is told another port; empty if none is known.
    pub(crate) port_option: &'static str,
    /// Additional ports it listens on, without HTTP.
    pub also: &'static [i64],
    /// Of the paths that it answers, those whose answer is an error while it knows no leader.
    pub led: &'static [&'static str],
    /// Whether it answers gRPC health checks.
    pub speaks_grpc: bool,
    /// Its tools.
    pub family: Family,
    /// Whether those of its images that are built on Alpine bring bash, because their own scripts are written for it.
    pub(crate) bash_on_alpine: bool,
    /// The first version whose `nslookup` prints as it does now.
    pub(crate) nslookup: (u32, u32),
    /// What it prints on start.
    pub banner: &'static str,
    /// The variables that its official image sets, as far as a tag tells them.
    pub(crate) sets: &'static [Sets],
    /// Its own directory, which always exists; a replicated application keeps its data there.
    pub folder: &'static str,
    /// The file in that directory that holds the ordinal, counted from 1; empty for none.
    pub numbered: &'static str,
    /// How its processes work together.
    pub peers: Peers,
    /// Whether a replica that has diverged discards its data, as in Redis; otherwise replication stops, as in MySQL.
    pub(crate) starts_anew: bool,
    pub settings: Settings,
    /// Words in a command by which it runs the server rather than one of the image's tools.
    pub(crate) servers: &'static [&'static str],
    /// The words after the first of those with which it serves, where that program does other things as well; empty if it does not.
    pub(crate) serving: &'static [&'static str],
    /// Its command in `ps` if the container has none.
    pub process: &'static str,
    /// Whether there is more to it than this row says: programs of its own, and settings that change on which ports it answers.
    pub(crate) has_more: bool,
    /// Whether its members find one another, which is not simulated: each works alone here.
    pub(crate) clustering_not_simulated: bool,
    /// The exit code with which it ends on SIGTERM; `None` if it has no handler for that, so that it stays where it is the first process.
    pub on_term: Option<i64>,
    /// Its client programs, by name.
    pub(crate) clients: &'static [(&'static str, Client)],
    /// Further programs of its own, which are not simulated.
    pub(crate) tools: &'static str,
    /// Whether images that others built under the same name check the same.
    pub(crate) checks_anyones: bool,
    /// The first version that checks anything.
    pub(crate) checks_since: (u32, u32),
    /// The exit code with which it refuses to start.
    pub(crate) checks_code: i32,
    pub(crate) refuses: fn() -> &'static [Refuses],
    pub(crate) opens: fn() -> &'static [Opens],
}

/// An image that is not known.
pub(crate) const OTHER: App = App {
    name: "",
    serves: Serves::Nothing,
    port: 0,
    port_option: "",
    also: &[],
    led: &[],
    speaks_grpc: false,
    family: Family::Debian,
    bash_on_alpine: false,
    nslookup: (0, 0),
    banner: "",
    sets: &[],
    folder: "/tmp",
    numbered: "",
    peers: Peers::None,
    starts_anew: false,
    settings: Settings::Unknown,
    servers: &[],
    serving: &[],
    process: "sh",
    has_more: false,
    clustering_not_simulated: false,
    on_term: Some(0),
    clients: &[],
    tools: "",
    checks_anyones: false,
    checks_since: (0, 0),
    checks_code: 1,
    refuses: || &[],
    opens: || &[],
};

include!(concat!(env!("OUT_DIR"), "/images.rs"));

/// Words of settings, scripts and jobs that join stores.
pub const JOINS: [&str; 20] = [
    "cluster",
    "federat",
    "follow",
    "galera",
    "group_replication",
    "initiate",
    "join",
    "leader",
    "master",
    "patroni",
    "peer",
    "pgpool",
    "primary",
    "raft",
    "repl",
    "repmgr",
    "sentinel",
    "slave",
    "standby",
    "wsrep",
];

/// The program of an image, by the last word of its name.
pub fn program_of(image: &str) -> Option<&'static Program> {
    let (name, _) = name_and_tag(image);
    PROGRAMS.binary_search_by(|program| program.name.cmp(name)).ok().map(|at| &PROGRAMS[at])
}

/// How an image is simulated.
pub fn app_of(image: &str) -> &'static App {
    let (name, _) = name_and_tag(image);
    APPS.binary_search_by(|app| app.name.cmp(name)).map_or(&OTHER, |at| &APPS[at])
}

/// Whether Docker's own library has an image.
pub fn is_official(image: &str) -> bool {
    let folder = image.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.is_empty() || folder == "docker.io" || folder.ends_with("library")
}

/// Whether an image has tools, and no server of its own.
pub fn is_tool(image: &str) -> bool {
    TOOLS.contains(&name_and_tag(image).0)
}

/// What an image's program is without its data.
pub fn keeps(image: &str) -> Keeps {
    program_of(image).map_or(Keeps::Unsaid, |program| program.keeps)
}

/// The folder that the database of an image writes to; `None` for an image that is none, or that is known as a cache. A database has
/// images of other names in a folder of its own.
pub fn folder_of(image: &str) -> Option<&'static str> {
    let (path, _) = without_tag(image);
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_it = |name: &str| name == last || path.contains(&format!("{name}/"));
    let mut databases = PROGRAMS.iter().filter(|program| !program.database.is_empty());
    databases.find(|program| is_it(program.name)).map(|program| program.database)
}

/// The major version of an image, as its tag begins.
pub(crate) fn major(image: &str) -> Option<u64> {
    let (_, tag) = without_tag(image);
    tag.trim_start_matches('v').split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// How tags begin that name no version.
const VARIANTS: [&str; 27] = [
    "alpine",
    "apache",
    "bionic",
    "bookworm",
    "bullseye",
    "buster",
    "edge",
    "focal",
    "glibc",
    "jammy",
    "jessie",
    "jre",
    "latest",
    "lts",
    "mainline",
    "management",
    "musl",
    "noble",
    "perl",
    "rolling",
    "slim",
    "stable",
    "stretch",
    "trixie",
    "uclibc",
    "unstable",
    "xenial",
];

/// Whether nobody knows an image: not its name, or neither a version nor a variant by which its tag begins.
pub(crate) fn is_unheard_of(image: &str) -> bool {
    let Some(program) = program_of(image) else { return true };
    let (_, tag) = name_and_tag(image);
    let word = tag.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let is_heard_of = || major(image).map_or(VARIANTS.contains(&word), |major| program.majors.contains(&major));
    !program.majors.is_empty() && !tag.is_empty() && !is_heard_of()
}

/// Whether two images are of one program in different major versions.
pub fn is_new_major(from: &str, to: &str) -> bool {
    let (old, new) = (major(from), major(to));
    without_tag(from).0 == without_tag(to).0 && old.is_some() && new.is_some() && old != new
}

/// Whether an image is of a database, as far as anybody knows.
pub(crate) fn is_database(image: &str) -> bool {
    program_of(image).is_some_and(|program| !program.database.is_empty())
}

/// Whether the program of an image is known not to start on the data that another major version of it wrote.
pub fn is_never_read(from: &str, to: &str) -> bool {
    is_new_major(from, to)
        && program_of(to).is_some_and(|program| match program.reads {
            Reads::Unsaid => false,
            Reads::Own => true,
            Reads::Earlier => major(to) < major(from),
        })
}

/// A text with what stands for its placeholders.
pub(crate) fn filled(text: &str, given: &[(&str, &str)]) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = given.iter().find_map(|(name, value)| Some((value, after.strip_prefix(name)?.strip_prefix('}')?)));
        let (value, after) = found.unwrap_or((&"{", after));
        out.push_str(value);
        rest = after;
    }
    out + rest
}
