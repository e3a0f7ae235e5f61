//! What a command is, as data: its words, its flags, what runs it, and what it does in its own way.

use crate::flag::Flag;
use api::kind::Kind;
use base::note::Note;

/// What a command does.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Run(Verb),
    /// Nothing by itself: it has subcommands.
    Group,
    /// Nothing in the playground, which says this of it.
    NotSimulated(fn(String) -> Note),
}

/// What runs a command; the crate `verbs` has a function for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Create,
    CreateDeployment,
    CreateNamespace,
    CreateServiceAccount,
    CreateConfigMap,
    CreateSecretGeneric,
    CreateSecretTls,
    CreateSecretDockerRegistry,
    CreateServiceClusterIp,
    CreateServiceNodePort,
    CreatePodDisruptionBudget,
    CreateJob,
    CreateQuota,
    CreatePriorityClass,
    Expose,
    Run,
    SetImage,
    SetEnv,
    SetResources,
    SetSelector,
    SetServiceAccount,
    Explain,
    Get,
    Edit,
    Delete,
    RolloutHistory,
    RolloutPause,
    RolloutRestart,
    RolloutResume,
    RolloutStatus,
    RolloutUndo,
    Scale,
    Autoscale,
    ClusterInfo,
    Top,
    Cordon,
    Uncordon,
    Drain,
    Taint,
    Describe,
    Logs,
    Attach,
    Exec,
    PortForward,
    Proxy,
    AuthCanI,
    Debug,
    Events,
    Diff,
    Apply,
    Patch,
    Replace,
    Wait,
    Label,
    Annotate,
    ApiResources,
    ApiVersions,
    ConfigGetContexts,
    ConfigSetContext,
    ConfigUseContext,
    ConfigView,
    Version,
}

impl Verb {
    /// Whether it changes neither the cluster nor a container.
    pub fn only_looks(self) -> bool {
        matches!(
            self,
            Verb::Explain
                | Verb::Get
                | Verb::RolloutHistory
                | Verb::RolloutStatus
                | Verb::ClusterInfo
                | Verb::Top
                | Verb::Describe
                | Verb::Logs
                | Verb::Attach
                | Verb::PortForward
                | Verb::Proxy
                | Verb::AuthCanI
                | Verb::Events
                | Verb::Diff
                | Verb::Wait
                | Verb::ApiResources
                | Verb::ApiVersions
                | Verb::ConfigGetContexts
                | Verb::ConfigSetContext
                | Verb::ConfigUseContext
                | Verb::ConfigView
                | Verb::Version
        )
    }
}

/// What a command's arguments are, for who completes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Args {
    /// Words of the command's own.
    Words,
    NodeNames,
    /// The fields of a type: `sts.spec`.
    Fields,
    /// Types and names.
    Types,
    /// The same, or `all`.
    TypesOrAll,
    /// Some types and names.
    Of(&'static [Kind]),
}

/// What some commands do in their own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandQuirk {
    /// It reaches into containers, where what it does is not seen from outside.
    ReachesInside,
    /// Its `--all` is a selector; elsewhere it only says what a type without names means.
    AllSelects,
    /// It drops names beside `--local`, and then finds nothing given.
    DropsNames,
    /// It does without the server where `--local` stands beside `--dry-run=server`, which others refuse.
    ForgetsLocal,
    /// It decodes objects into Go structs, rather than into maps.
    PrintsStructs,
    /// It takes images after names.
    NamesImages,
    /// It chooses the pods whose logs are read, which are not those to attach to.
    ReadsLogs,
    /// What it ends with says whether anything differs, so that wrong usage has a code of its own.
    Compares,
    /// It reads the kubeconfig as a file, whatever that names.
    ReadsConfig,
}

/// A command.
#[derive(Debug)]
pub struct Command {
    /// All its words: `rollout status`.
    pub name: &'static str,
    /// Other words for the last one.
    pub(super) aliases: &'static [&'static str],
    /// The flags it has in common with others, besides the global ones.
    pub(super) shared: &'static [&'static [Flag]],
    /// The flags that are its own.
    pub own: &'static [Flag],
    /// What it does.
    pub act: Act,
    /// The field manager in whose name it writes.
    pub(crate) manager: &'static str,
    /// What its arguments are.
    pub args: Args,
    pub(super) quirks: &'static [CommandQuirk],
    /// Flags and subcommands that kubectl knows and that are not simulated.
    pub elsewhere: &'static str,
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for Command {}

impl Command {
    /// Whether it has this habit.
    pub fn has(&self, habit: CommandQuirk) -> bool {
        self.quirks.contains(&habit)
    }

    /// Its flags, but for the global ones.
    pub fn flags(&self) -> impl Iterator<Item = &'static Flag> {
        self.shared.iter().copied().chain([self.own]).flatten()
    }

    /// Whether kubectl knows such a flag or subcommand of it, which is not simulated.
    pub(super) fn is_elsewhere(&self, word: &str) -> bool {
        self.elsewhere.split(' ').any(|known| known == word)
    }
}
