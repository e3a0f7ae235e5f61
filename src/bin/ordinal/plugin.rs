//! `kubectl ordinal`: the same of a cluster that is read through kubectl.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use ordinal::intake;
use ordinal::plan::Finding;
use ordinal::risks::Level;

use crate::args::{Cluster, DoneTold, Open, RisksOptions, Told};
use crate::cluster::{self, ClusterScope};
use crate::exit::FINE;
use crate::input::{Failure, Input};
use crate::open;
use crate::plan::{By, Wanted};
use crate::{diagnose, done, plan, progress, risks, show};

/// The name under which kubectl finds the program.
pub const NAME: &str = "kubectl-ordinal";

/// What StatefulSets of a cluster wait for, what tools call done, what a change will do, and what can go wrong.
///
/// Reads the cluster through the kubectl in PATH: only `kubectl version` and `kubectl get` run, and no Secret and no ConfigMap is
/// asked for.
#[derive(Debug, Parser)]
#[command(name = NAME, bin_name = "kubectl ordinal", version)]
pub struct Plugin {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what StatefulSets wait for, and what ends the wait
    Diagnose {
        /// The StatefulSet; without one, all that were read
        #[arg(value_name = "sts/NAME")]
        workload: Option<String>,
        #[command(flatten)]
        from: From,
        #[command(flatten)]
        open: Open,
        #[command(flatten)]
        told: Told,
    },
    /// Say what kubectl, Helm, Argo CD, Flux and others make of StatefulSets: whether each calls them done, and why they differ
    Done {
        /// The StatefulSet; without one, all that were read
        #[arg(value_name = "sts/NAME")]
        workload: Option<String>,
        #[command(flatten)]
        from: From,
        #[command(flatten)]
        told: DoneTold,
    },
    /// Say what a change of the cluster will do, before the change is made
    Plan {
        /// The manifest that would be applied
        #[arg(short, value_name = "FILE", required_unless_present = "line", conflicts_with = "line")]
        file: Option<PathBuf>,
        /// The line that would be typed instead: `-- kubectl drain node-1`
        #[arg(last = true, value_name = "LINE")]
        line: Vec<String>,
        /// How bad a finding has to be for exit code 1
        #[arg(long, value_name = "FINDING", default_value = "stuck", value_parser = crate::args::named(&Finding::ALL, Finding::word))]
        fail_on: Finding,
        #[command(flatten)]
        cluster: Cluster,
        #[command(flatten)]
        from: From,
        #[command(flatten)]
        told: Told,
    },
    /// Say what can go wrong with StatefulSets, and what prevents it
    Risks {
        /// How bad a finding has to be for exit code 1
        #[arg(long, value_name = "LEVEL", default_value = "stuck", value_parser = crate::args::named(&Level::ALL, Level::word))]
        fail_on: Level,
        #[command(flatten)]
        options: RisksOptions,
        #[command(flatten)]
        from: From,
        #[command(flatten)]
        told: Told,
    },
}

/// Which cluster is read, and how.
#[derive(Args, Debug)]
struct From {
    /// The namespace; without one, that of the context
    #[arg(short, long)]
    namespace: Option<String>,
    #[arg(short = 'A', long, conflicts_with = "namespace")]
    all_namespaces: bool,
    /// The context of the kubeconfig
    #[arg(long)]
    context: Option<String>,
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<String>,
    /// How long to wait for an answer, as in `20s`
    #[arg(long, value_name = "TIME")]
    request_timeout: Option<String>,
    /// Keep what was read, for `ordinal diagnose FILE`
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Print each command before it runs, on standard error
    #[arg(long)]
    show_commands: bool,
}

impl From {
    /// Reads the cluster, of a workload the namespace it is in.
    fn read(&self, workload: Option<&str>) -> Result<cluster::Cluster, Failure> {
        let place = ClusterScope {
            context: self.context.clone(),
            kubeconfig: self.kubeconfig.clone(),
            namespace: self.namespace.clone(),
            all: self.all_namespaces,
            timeout: self.request_timeout.clone(),
        };
        let shown = |line: &str| {
            if self.show_commands {
                eprintln!("{line}");
            }
        };
        let read = progress::waiting("reading the cluster", || cluster::read(&place, workload, shown));
        let read = read.map_err(|why| Failure(why.to_string()))?;
        if let Some(file) = &self.save {
            std::fs::write(file, &read.text).map_err(|error| Failure::at(file.display(), error))?;
        }
        Ok(read)
    }

    /// Reads every workload; says what could not be read on standard error.
    fn all(&self) -> Result<Input, Failure> {
        let read = self.read(None)?;
        read.unread.iter().for_each(|one| show::complain(&format!("not read: {}: {}", one.resource, one.why)));
        Ok(Input::of(&self.name(), read.text))
    }

    /// What the text that was read is called where a place in it is told.
    fn name(&self) -> String {
        self.save.as_ref().map_or("cluster".to_owned(), |file| file.display().to_string())
    }
}

/// Does what a command line asks; the exit code.
pub fn run(plugin: &Plugin) -> Result<u8, Failure> {
    match &plugin.command {
        Command::Diagnose { workload, from, open, told } => {
            let page = open.page()?;
            let read = from.read(workload.as_deref())?;
            let input = Input::of(&from.name(), read.text);
            let report = progress::waiting(diagnose::WORK, || match &read.workload {
                Some(workload) => intake::diagnose_one(input.texts(), workload),
                None => intake::diagnose(input.texts()),
            });
            diagnose::print(&report, &input, told.output);
            page.map_or(Ok(()), |page| open::serve(page, input.text()))?;
            Ok(FINE)
        }
        Command::Done { workload, from, told } => {
            let read = from.read(workload.as_deref())?;
            done::print(&Input::of(&from.name(), read.text), read.workload.as_ref(), told)
        }
        Command::Plan { file, line, fail_on, cluster, from, told } => {
            let after = file.as_ref().map(|file| Input::read(&[file])).transpose()?;
            let before = from.all()?;
            let lines = if line.is_empty() { Vec::new() } else { vec![line.join(" ")] };
            let wanted = Wanted { lines: &lines, beside: None, by: By::default(), fail_on: *fail_on, release: cluster.release, told };
            plan::print(&before, after.as_ref(), &wanted)
        }
        Command::Risks { fail_on, options, from, told } => {
            let before = from.all()?;
            risks::print(std::slice::from_ref(&before), *fail_on, options, told)
        }
    }
}
