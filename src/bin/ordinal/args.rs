//! The command line as clap reads it: help, completions and the man page come from here.

use std::num::NonZero;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use ordinal::api::release::Release;
use ordinal::plan::Finding;
use ordinal::risks::Level;
use ordinal::risks::outcome::{EVERY, LONGEST};
use ordinal::tools::tool::Tool;

/// What every help ends with.
const EXIT_CODES: &str = "\
Exit codes:
  0  nothing is as bad as --fail-on says
  1  something is, or a lesson is not good
  2  the command line, a file or the cluster cannot be read";

const DIAGNOSE_EXAMPLES: &str = "\
Examples:
  kubectl get sts,pod,pvc,pv,sc,node,controllerrevision,svc,sa,quota,pdb,event -A -o yaml | ordinal diagnose
  kubectl describe pod web-0 | ordinal diagnose
  ordinal diagnose dump.yaml -o markdown > ticket.md
  ordinal diagnose dump.yaml --open";

const PLAN_EXAMPLES: &str = "\
Examples:
  ordinal plan before.yaml after.yaml
  ordinal plan dump.yaml after.yaml --fail-on data
  ordinal plan web.yaml --do 'kubectl drain node-1 --ignore-daemonsets'
  ordinal plan --by helm4 before.yaml after.yaml --since 'kubectl scale sts/db --replicas=5'
  ordinal plan --by helm4 before.yaml after.yaml -- --rollback-on-failure --timeout 2m";

const RISKS_EXAMPLES: &str = "\
Examples:
  ordinal risks web.yaml
  ordinal risks web.yaml --explain 1
  ordinal risks deploy/
  kustomize build . | ordinal risks - -o sarif > risks.sarif";

const DONE_EXAMPLES: &str = "\
Examples:
  kubectl get sts,pods -o yaml | ordinal done
  ordinal done dump.yaml -o json";

const CHECK_EXAMPLES: &str = "\
Examples:
  ordinal check
  ordinal check --base origin/main
  ordinal check deploy/ --base origin/main -o github";

/// How StatefulSets really behave: what a stuck one waits for, what a change will do, and what can go wrong.
#[derive(Debug, Parser)]
#[command(name = "ordinal", version, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what the workloads of a cluster wait for, and what ends the wait
    ///
    /// Reads any text that kubectl printed: YAML, tables, descriptions, Events, single messages. Each cure was tried on a copy
    /// of the cluster before it is told.
    #[command(after_help = DIAGNOSE_EXAMPLES)]
    Diagnose(Diagnose),
    /// Say what a change will do, before the change is made
    ///
    /// Tries the change on a copy of the cluster, and says which pods go and come, who is not Ready and for how long, and what is
    /// left to do. Fails where a finding is as bad as --fail-on says.
    #[command(after_help = PLAN_EXAMPLES)]
    Plan(Plan),
    /// Say what can go wrong with a manifest or a cluster, and what prevents it
    ///
    /// Tries what may happen, one thing and two at a time: silent nodes, drains, bad rollouts, lost volumes. Each finding comes
    /// with its shortest course and the smallest change that prevents it. Fails where a finding of this manifest is as bad as
    /// --fail-on says.
    #[command(after_help = RISKS_EXAMPLES)]
    Risks(Risks),
    /// Say what kubectl, Helm, Argo CD, Flux and others make of a StatefulSet: whether each calls it done, and why they differ
    ///
    /// Reads StatefulSets with their status, and their pods where these are there, as `kubectl get -o yaml` or `-o json` prints them.
    #[command(after_help = DONE_EXAMPLES)]
    Done(Done),
    /// Say what the changed manifests of a git repository risk, and what the change does
    ///
    /// Manifests of a folder belong together. Charts are rendered by helm, and kustomizations by kustomize or kubectl, where these
    /// are there. Tells the risks of each manifest that has a StatefulSet. With --base, only manifests that are other than there
    /// are checked, and their change is planned, too.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Check),
    /// Explain a cause or a risk by its id, or what a message means
    ///
    /// Says what it is, how it is seen, what ends it, and which lesson shows it. Without an id, all ids are listed.
    Explain(Explain),
    /// Check lessons, or try a command in one
    #[command(subcommand)]
    Lesson(Lesson),
    /// Print the JSON schema of what `-o json` prints
    Schema { report: Report },
    /// Print completions for a shell
    ///
    /// For bash: `source <(ordinal completions bash)`.
    Completions { shell: Shell },
    /// Print the man page, which has all commands and options
    Man,
}

/// Whether the page is opened, and which.
#[derive(Args, Debug)]
pub struct Open {
    /// Show the cluster in the page, which this program serves on this machine until Ctrl C ends it
    #[arg(long)]
    pub open: bool,
    /// The folder with the page; without one, `page` beside the program, or `dist` in the current folder
    #[arg(long, value_name = "FOLDER", requires = "open")]
    pub page: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Diagnose {
    /// What kubectl printed; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub open: Open,
    #[command(flatten)]
    pub told: Told,
}

#[derive(Args, Debug)]
pub struct Done {
    /// What kubectl printed; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) told: DoneTold,
}

/// How verdicts are printed.
#[derive(Args, Debug)]
pub(crate) struct DoneTold {
    /// How the verdicts are printed
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: DoneForm,
}

/// How verdicts are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoneForm {
    /// For people
    Text,
    /// For programs; `ordinal schema done` prints the schema
    Json,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("change").args(["after", "lines"]))]
#[command(override_usage = "ordinal plan [OPTIONS] <BEFORE> [AFTER|--do <LINE>] [-- OPTION...]")]
pub struct Plan {
    /// A manifest or a dump of a cluster; `-` is standard input
    ///
    /// Alone, the plan is that of its first `kubectl apply -f`. An empty file is a cluster without objects.
    pub before: PathBuf,
    /// The manifest that `kubectl apply -f` would apply
    pub after: Option<PathBuf>,
    /// A line that would be typed instead; the next is typed whether or not one before failed
    ///
    /// A file that the line names is read from here, or from beside BEFORE.
    #[arg(long = "do", value_name = "LINE")]
    pub lines: Vec<String>,
    /// The tool that applies AFTER, and has installed BEFORE
    ///
    /// Both are what is rendered: by `helm template`, `kustomize build`. Options of the tool follow after `--`.
    #[arg(long, value_name = "TOOL", requires = "after", value_parser = named(&Tool::ALL, Tool::word))]
    pub by: Option<Tool>,
    /// The tool that has installed BEFORE, where that is another
    #[arg(long, value_name = "TOOL", requires = "by", value_parser = named(&Tool::ALL, Tool::word))]
    pub made_by: Option<Tool>,
    /// A line that was typed since BEFORE was installed: `kubectl scale sts/db --replicas=5`
    #[arg(long, value_name = "LINE", requires = "by")]
    pub since: Vec<String>,
    /// Options of the tool: `-- --wait --timeout 5m`
    #[arg(last = true, value_name = "OPTION", requires = "by")]
    pub options: Vec<String>,
    /// How bad a finding has to be for exit code 1
    #[arg(long, value_name = "FINDING", default_value = "unjudged", value_parser = named(&Finding::ALL, Finding::word))]
    pub fail_on: Finding,
    #[command(flatten)]
    pub cluster: Cluster,
    #[command(flatten)]
    pub told: Told,
}

#[derive(Args, Debug)]
pub struct Risks {
    /// Manifests that belong together, or a dump of a cluster; a folder, a chart or a kustomization; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How bad a finding has to be for exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "stuck", value_parser = named(&Level::ALL, Level::word))]
    pub fail_on: Level,
    #[command(flatten)]
    pub options: RisksOptions,
    #[command(flatten)]
    pub told: Told,
}

#[derive(Args, Debug)]
pub struct Check {
    /// Files and folders; all manifests, if none is named
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// A commit or a branch of git; checked is what changed since the work parted from there
    #[arg(long, value_name = "REF")]
    pub base: Option<String>,
    /// How bad a risk has to be for exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "quorum", value_parser = named(&Level::ALL, Level::word))]
    pub fail_on: Level,
    /// How bad a finding of the change has to be for exit code 1
    #[arg(long, value_name = "FINDING", default_value = "quorum", value_parser = named(&Finding::ALL, Finding::word))]
    pub fail_on_change: Finding,
    /// A file with accepted findings: `ID WORKLOAD REASON` in each line; .ordinal-accepted, if the repository has that
    #[arg(long, value_name = "FILE")]
    pub accept: Option<PathBuf>,
    /// Add the findings to a file, as Markdown
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Write the findings to a file, as SARIF
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
    #[command(flatten)]
    pub search: SearchOptions,
    /// How the findings are printed
    #[arg(short, long, value_name = "FORM", value_enum, default_value = "text")]
    pub output: Form,
}

/// How a search is done and told.
#[derive(Args, Debug)]
pub struct RisksOptions {
    /// Tell everything about a line of the list, or about all of them
    #[arg(long, value_name = "N|all")]
    pub explain: Option<Chosen>,
    /// A file with accepted findings: `ID WORKLOAD REASON` in each line
    #[arg(long, value_name = "FILE")]
    pub accept: Option<PathBuf>,
    #[command(flatten)]
    pub search: SearchOptions,
}

/// How a search is done.
#[derive(Args, Debug)]
pub struct SearchOptions {
    /// How many things happen in a row; above two not every sequence is tried
    #[arg(long, value_name = "N", default_value_t = EVERY as u64, value_parser = clap::value_parser!(u64).range(1..=LONGEST as u64))]
    pub depth: u64,
    /// How many cores to use, all by default; the findings are the same for each number
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZero<usize>>,
    #[command(flatten)]
    pub cluster: Cluster,
}

/// How a report is printed.
#[derive(Args, Debug)]
pub struct Told {
    /// How the report is printed
    #[arg(short, long, value_enum, default_value = "text")]
    pub output: Form,
}

/// Which Kubernetes a manifest meets.
#[derive(Args, Debug)]
pub struct Cluster {
    /// The release of Kubernetes
    #[arg(long, value_name = "RELEASE", default_value = Release::ALL[0].name, value_parser = named(&Release::ALL, |release| release.name))]
    pub release: &'static Release,
}

#[derive(Args, Debug)]
pub struct Explain {
    /// The id of a cause or a risk, as reports name it, or a message
    pub id: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Lesson {
    /// Play lessons on every release, and say whether exactly one answer comes true
    Check {
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Say what a command prints at the question and after the run
    Try { file: PathBuf, command: String },
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people
    Text,
    /// For programs; `ordinal schema` prints the schema
    Json,
    /// For a ticket
    Markdown,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

/// A report that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Report {
    Diagnosis,
    Plan,
    Risks,
    Check,
    Done,
}

impl Report {
    /// The `kind` of its JSON.
    pub fn name(self) -> &'static str {
        match self {
            Report::Diagnosis => "Diagnosis",
            Report::Plan => "Plan",
            Report::Risks => "Risks",
            Report::Check => "Check",
            Report::Done => "Done",
        }
    }

    /// Its JSON schema.
    pub fn schema(self) -> &'static str {
        match self {
            Report::Diagnosis => include_str!("schema/diagnosis.json"),
            Report::Plan => include_str!("schema/plan.json"),
            Report::Risks => include_str!("schema/risks.json"),
            Report::Check => include_str!("schema/check.json"),
            Report::Done => include_str!("schema/done.json"),
        }
    }
}

/// Which lines of the list are told whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    All,
    Line(usize),
}

impl std::str::FromStr for Chosen {
    type Err = String;

    fn from_str(text: &str) -> Result<Chosen, String> {
        match text.parse() {
            Ok(number) if number > 0 => Ok(Chosen::Line(number)),
            _ if text == "all" => Ok(Chosen::All),
            _ => Err("a number of the list or `all` was expected".into()),
        }
    }
}

/// Reads one of a known set of words.
pub fn named<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    word: fn(T) -> &'static str,
) -> impl clap::builder::TypedValueParser<Value = T> {
    use clap::builder::TypedValueParser;
    clap::builder::PossibleValuesParser::new(all.iter().map(|one| PossibleValue::new(word(*one))))
        .try_map(move |text| all.iter().copied().find(|one| word(*one) == text).ok_or("no such value"))
}
