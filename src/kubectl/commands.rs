//! Every command that kubectl has: its flags, and what runs it.
//!
//! Models the cobra commands of k8s.io/kubectl/pkg/cmd.

mod resolve;

pub use resolve::resolve;

use crate::api::managed::KUBECTL;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{Flag, Flags, Takes, flag, only, short};
use crate::kubectl::job::Step;
use crate::kubectl::session::Session;
use crate::kubectl::verbs;

/// What a command does.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// This.
    Run(fn(&Call, &mut Session) -> Result<Step, Failure>),
    /// Nothing by itself: it has subcommands.
    Group,
    /// Nothing in the playground.
    NotSimulated,
}

/// A command.
#[derive(Debug)]
pub struct Command {
    /// All its words: `rollout status`.
    pub name: &'static str,
    /// Other words for the last one.
    pub aliases: &'static [&'static str],
    /// The flags it takes besides the global ones.
    pub flags: &'static [&'static [Flag]],
    /// What it does.
    pub act: Act,
}

/// A command with what was given to it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The command.
    pub command: &'static Command,
    /// Its arguments, those after `--` included.
    pub args: Vec<String>,
    /// How many arguments stand before `--`, if there is one.
    pub dash: Option<usize>,
    /// Its flags.
    pub flags: Flags,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.command.name == other.command.name && self.args == other.args && self.dash == other.dash && self.flags == other.flags
    }
}
impl Eq for Call {}

impl Call {
    /// Starts the command.
    pub fn run(&self, session: &mut Session) -> Result<Step, Failure> {
        match self.command.act {
            Act::Run(run) => {
                if self.flags.given("record") {
                    session.output.err("Flag --record has been deprecated, --record will be removed in the future");
                }
                if self.flags.text("dry-run") == Some(DRY_RUN_ALONE) {
                    session.log('W', "helpers.go:714", "--dry-run is deprecated and can be replaced with --dry-run=client.");
                }
                run(self, session)
            }
            Act::Group | Act::NotSimulated => Err(Failure::NotSimulated(format!("`kubectl {}`", self.command.name))),
        }
    }

    /// Whether it reaches into containers, where what it does is not seen from outside.
    pub fn reaches_inside(&self) -> bool {
        matches!(self.command.name, "attach" | "cp" | "exec" | "port-forward" | "proxy")
    }

    /// The field manager in whose name it writes.
    pub fn manager(&self) -> String {
        let verb = self.command.name.split(' ').next().unwrap_or_default();
        match (self.flags.text("field-manager"), verb) {
            // Who names none is named by the program.
            (Some(""), _) if !self.flags.on("server-side") => KUBECTL.to_owned(),
            (Some(name), _) => name.to_owned(),
            (None, "apply" | "diff") if !self.flags.on("server-side") => "kubectl-client-side-apply".to_owned(),
            (None, "rollout") if self.command.name == "rollout undo" => KUBECTL.to_owned(),
            (
                None,
                "annotate" | "autoscale" | "create" | "edit" | "expose" | "label" | "patch" | "replace" | "rollout" | "run" | "set"
                | "taint",
            ) => format!("kubectl-{verb}"),
            _ => KUBECTL.to_owned(),
        }
    }

    /// A complaint about the words, which points at the command's help.
    pub fn usage(&self, message: impl Into<String>) -> Failure {
        Failure::Usage { message: message.into(), command: self.command.name }
    }
}

const GLOBAL: &[Flag] = &[
    short("namespace", 'n', Takes::Text),
    short("help", 'h', Takes::Switch),
    short("server", 's', Takes::Text),
    short("v", 'v', Takes::Int),
    flag("as", Takes::Text),
    flag("as-group", Takes::Many),
    flag("as-uid", Takes::Text),
    flag("cache-dir", Takes::Text),
    flag("certificate-authority", Takes::Text),
    flag("client-certificate", Takes::Text),
    flag("client-key", Takes::Text),
    flag("cluster", Takes::Text),
    flag("context", Takes::Text),
    flag("insecure-skip-tls-verify", Takes::Switch),
    flag("kubeconfig", Takes::Text),
    flag("match-server-version", Takes::Switch),
    flag("request-timeout", Takes::Text),
    flag("tls-server-name", Takes::Text),
    flag("token", Takes::Text),
    flag("user", Takes::Text),
    flag("warnings-as-errors", Takes::Switch),
];
const FILES: &[Flag] = &[short("filename", 'f', Takes::Many), short("kustomize", 'k', Takes::Text), short("recursive", 'R', Takes::Switch)];
const SELECTOR: &[Flag] = &[short("selector", 'l', Takes::Text)];
const FIELD_SELECTOR: &[Flag] = &[flag("field-selector", Takes::Text)];
const ALL: &[Flag] = &[flag("all", Takes::Switch)];
const ALL_NAMESPACES: &[Flag] = &[short("all-namespaces", 'A', Takes::Switch)];
/// What `--dry-run` without a value stands for.
pub const DRY_RUN_ALONE: &str = "unchanged";
const DRY_RUN: &[Flag] = &[flag("dry-run", Takes::Optional(DRY_RUN_ALONE))];
const PRINT: &[Flag] = &[
    short("output", 'o', Takes::Text),
    flag("template", Takes::Text),
    only("allow-missing-template-keys", Takes::Switch, "true"),
    flag("show-managed-fields", Takes::Switch),
];
const MANAGER: &[Flag] = &[flag("field-manager", Takes::Text)];
const SAVE: &[Flag] = &[flag("save-config", Takes::Switch)];
const WRITE: &[Flag] =
    &[flag("field-manager", Takes::Text), flag("validate", Takes::Optional("strict")), flag("save-config", Takes::Switch)];
/// `--record`, which is on its way out.
const RECORD: &[Flag] = &[flag("record", Takes::Switch)];
const GRACE: &[Flag] = &[
    flag("cascade", Takes::Optional("background")),
    flag("force", Takes::Switch),
    flag("grace-period", Takes::Int),
    flag("timeout", Takes::Duration),
    flag("wait", Takes::Switch),
];
/// Whether the objects are those of the files, and the server is not asked.
const LOCAL: &[Flag] = &[flag("local", Takes::Switch)];
const GET: &[Flag] = &[
    flag("chunk-size", Takes::Int),
    flag("ignore-not-found", Takes::Switch),
    short("label-columns", 'L', Takes::Many),
    flag("no-headers", Takes::Switch),
    flag("output-watch-events", Takes::Switch),
    flag("raw", Takes::Text),
    only("server-print", Takes::Switch, "true"),
    flag("show-kind", Takes::Switch),
    flag("show-labels", Takes::Switch),
    flag("sort-by", Takes::Text),
    flag("subresource", Takes::Text),
    short("watch", 'w', Takes::Switch),
    flag("watch-only", Takes::Switch),
];
const TIMEOUT: &[Flag] = &[flag("timeout", Takes::Duration)];
const RUN: &[Flag] = &[
    flag("image", Takes::Text),
    short("labels", 'l', Takes::Text),
    short("env", 'e', Takes::Many),
    flag("port", Takes::Text),
    flag("restart", Takes::Text),
    flag("command", Takes::Switch),
    flag("expose", Takes::Switch),
    flag("rm", Takes::Switch),
    short("stdin", 'i', Takes::Switch),
    short("tty", 't', Takes::Switch),
    flag("attach", Takes::Switch),
    short("quiet", 'q', Takes::Switch),
    flag("image-pull-policy", Takes::Text),
    flag("annotations", Takes::Many),
    only("privileged", Takes::Switch, "false"),
    flag("leave-stdin-open", Takes::Switch),
    flag("pod-running-timeout", Takes::Duration),
    flag("overrides", Takes::Text),
    flag("override-type", Takes::Text),
];
const CONTAINER: &[Flag] = &[short("container", 'c', Takes::Text)];
const PROCESS: &[Flag] = &[
    short("stdin", 'i', Takes::Switch),
    short("tty", 't', Takes::Switch),
    short("quiet", 'q', Takes::Switch),
    flag("pod-running-timeout", Takes::Duration),
];
const PLAIN_CREATE: &[&[Flag]] = &[DRY_RUN, PRINT, WRITE];

macro_rules! commands {
    ($($name:literal [$($alias:literal),*] => $act:expr, $flags:expr;)*) => {
        &[$(Command { name: $name, aliases: &[$($alias),*], flags: $flags, act: $act }),*]
    };
}

use Act::{Group, NotSimulated, Run};

/// Flags and subcommands that kubectl knows and that are not simulated, by command.
const ELSEWHERE: &str = "\
annotate: --record
auth can-i: --list --no-headers
autoscale: --record
config: delete-cluster delete-context delete-user rename-context set set-cluster set-credentials unset
create secret generic: --append-hash
diff: --prune-allowlist --show-secrets
edit: --record --windows-line-endings
exec: --filename
explain: --max-depth
expose: --override-type --overrides --record
label: --record
logs: --insecure-skip-tls-verify-backend --limit-bytes
proxy: --accept-hosts --disable-filter --www
replace: --record
run: --detach-keys --record
";

/// Whether kubectl knows such a flag or subcommand of a command.
fn is_elsewhere(command: &Command, word: &str) -> bool {
    let knows = |(name, words): (&str, &str)| name == command.name && words.split(' ').any(|known| known == word);
    ELSEWHERE.lines().filter_map(|line| line.split_once(": ")).any(knows)
}

/// Every command, in kubectl's order.
pub const COMMANDS: &[Command] = commands! {
    "create" [] => Run(verbs::create::create), &[FILES, DRY_RUN, PRINT, WRITE, RECORD, SELECTOR, &[flag("raw", Takes::Text), only("edit", Takes::Switch, "false")]];
    "create deployment" ["deploy"] => Run(verbs::generate::deployment), &[DRY_RUN, PRINT, WRITE, &[flag("image", Takes::Many), flag("port", Takes::Int), short("replicas", 'r', Takes::Int)]];
    "create namespace" ["ns"] => Run(verbs::generate::namespace), PLAIN_CREATE;
    "create serviceaccount" ["sa"] => Run(verbs::generate::service_account), PLAIN_CREATE;
    "create configmap" ["cm"] => Run(verbs::generate::config_map), &[DRY_RUN, PRINT, WRITE, &[flag("from-literal", Takes::Many), flag("from-file", Takes::Many), flag("from-env-file", Takes::Many), only("append-hash", Takes::Switch, "false")]];
    "create secret" [] => Group, &[];
    "create secret generic" [] => Run(verbs::generate::secret), &[DRY_RUN, PRINT, WRITE, &[flag("from-literal", Takes::Many), flag("from-file", Takes::Many), flag("from-env-file", Takes::Many), flag("type", Takes::Text)]];
    "create secret tls" [] => Run(verbs::secrets::tls), &[DRY_RUN, PRINT, WRITE, &[flag("cert", Takes::Text), flag("key", Takes::Text), only("append-hash", Takes::Switch, "false")]];
    "create secret docker-registry" [] => Run(verbs::secrets::docker_registry), &[DRY_RUN, PRINT, WRITE, &[flag("docker-username", Takes::Text), flag("docker-password", Takes::Text), flag("docker-email", Takes::Text), flag("docker-server", Takes::Text), flag("from-file", Takes::Many), only("append-hash", Takes::Switch, "false")]];
    "create service" ["svc"] => Group, &[];
    "create service clusterip" [] => Run(verbs::generate::cluster_ip), &[DRY_RUN, PRINT, WRITE, &[flag("tcp", Takes::Many), flag("clusterip", Takes::Text)]];
    "create service nodeport" [] => Run(verbs::generate::node_port), &[DRY_RUN, PRINT, WRITE, &[flag("tcp", Takes::Many), flag("node-port", Takes::Int)]];
    "create service loadbalancer" [] => Run(verbs::generate::load_balancer), &[DRY_RUN, PRINT, WRITE, &[flag("tcp", Takes::Many)]];
    "create service externalname" [] => Run(verbs::generate::external_name), &[DRY_RUN, PRINT, WRITE, &[flag("tcp", Takes::Many), flag("external-name", Takes::Text)]];
    "create poddisruptionbudget" ["pdb"] => Run(verbs::generate::disruption_budget), &[DRY_RUN, PRINT, WRITE, &[flag("selector", Takes::Text), flag("min-available", Takes::Text), flag("max-unavailable", Takes::Text)]];
    "create job" [] => Run(verbs::generate::job), &[DRY_RUN, PRINT, WRITE, &[flag("image", Takes::Text), flag("from", Takes::Text)]];
    "create cronjob" ["cj"] => Run(verbs::generate::cron_job), &[DRY_RUN, PRINT, WRITE, &[flag("image", Takes::Text), flag("schedule", Takes::Text), flag("restart", Takes::Text)]];
    "create quota" ["resourcequota"] => Run(verbs::generate::quota), &[DRY_RUN, PRINT, WRITE, &[flag("hard", Takes::Text), flag("scopes", Takes::Text)]];
    "create role" [] => Run(verbs::roles::role), &[DRY_RUN, PRINT, WRITE, &[flag("verb", Takes::Many), flag("resource", Takes::Many), flag("resource-name", Takes::Many)]];
    "create rolebinding" [] => Run(verbs::roles::role_binding), &[DRY_RUN, PRINT, WRITE, &[flag("user", Takes::Many), flag("group", Takes::Many), flag("serviceaccount", Takes::Many), flag("clusterrole", Takes::Text), flag("role", Takes::Text)]];
    "create clusterrole" [] => Run(verbs::roles::cluster_role), &[DRY_RUN, PRINT, WRITE, &[flag("verb", Takes::Many), flag("resource", Takes::Many), flag("resource-name", Takes::Many), flag("non-resource-url", Takes::Many), flag("aggregation-rule", Takes::Many)]];
    "create clusterrolebinding" [] => Run(verbs::roles::cluster_role_binding), &[DRY_RUN, PRINT, WRITE, &[flag("user", Takes::Many), flag("group", Takes::Many), flag("serviceaccount", Takes::Many), flag("clusterrole", Takes::Text)]];
    "create ingress" ["ing"] => Run(verbs::ingress::ingress), &[DRY_RUN, PRINT, WRITE, &[flag("class", Takes::Text), flag("rule", Takes::Many), flag("default-backend", Takes::Text), flag("annotation", Takes::Many)]];
    "create priorityclass" ["pc"] => Run(verbs::generate::priority_class), &[DRY_RUN, PRINT, WRITE, &[flag("value", Takes::Int), flag("global-default", Takes::Switch), flag("description", Takes::Text), flag("preemption-policy", Takes::Text)]];
    "create token" [] => NotSimulated, &[];
    "expose" [] => Run(verbs::expose::expose), &[FILES, DRY_RUN, PRINT, MANAGER, SAVE, &[flag("port", Takes::Text), flag("target-port", Takes::Text), flag("name", Takes::Text), flag("type", Takes::Text), flag("cluster-ip", Takes::Text), flag("protocol", Takes::Text), short("labels", 'l', Takes::Text), flag("selector", Takes::Text), flag("external-ip", Takes::Text), flag("session-affinity", Takes::Text), flag("load-balancer-ip", Takes::Text)]];
    "run" [] => Run(verbs::run::run), &[RUN, GRACE, FILES, DRY_RUN, PRINT, MANAGER, SAVE];
    "set" [] => Group, &[];
    "set image" [] => Run(verbs::set::image), &[FILES, SELECTOR, ALL, DRY_RUN, PRINT, LOCAL, MANAGER, RECORD];
    "set env" [] => Run(verbs::set_env::env), &[FILES, SELECTOR, ALL, DRY_RUN, PRINT, LOCAL, MANAGER, &[short("env", 'e', Takes::Many), short("containers", 'c', Takes::Text), flag("overwrite", Takes::Switch), flag("list", Takes::Switch), flag("resolve", Takes::Switch), flag("from", Takes::Text), flag("keys", Takes::Many), flag("prefix", Takes::Text)], RECORD];
    "set resources" [] => Run(verbs::set::resources), &[FILES, SELECTOR, ALL, DRY_RUN, PRINT, LOCAL, MANAGER, &[short("containers", 'c', Takes::Text), flag("limits", Takes::Text), flag("requests", Takes::Text)], RECORD];
    "set selector" [] => Run(verbs::set::selector), &[FILES, ALL, DRY_RUN, PRINT, LOCAL, MANAGER, &[only("resource-version", Takes::Text, "")]];
    "set serviceaccount" ["sa"] => Run(verbs::set::service_account), &[FILES, ALL, DRY_RUN, PRINT, LOCAL, MANAGER, RECORD];
    "set subject" [] => NotSimulated, &[];
    "explain" [] => Run(verbs::explain::explain), &[&[only("api-version", Takes::Text, ""), short("recursive", 'R', Takes::Switch), short("output", 'o', Takes::Text)]];
    "get" [] => Run(verbs::get::get), &[FILES, SELECTOR, FIELD_SELECTOR, ALL_NAMESPACES, PRINT, GET];
    "edit" [] => Run(verbs::edit::edit), &[FILES, PRINT, WRITE, &[flag("subresource", Takes::Text), only("output-patch", Takes::Switch, "false")]];
    "delete" [] => Run(verbs::delete::delete), &[FILES, SELECTOR, FIELD_SELECTOR, ALL, ALL_NAMESPACES, DRY_RUN, GRACE, &[flag("now", Takes::Switch), flag("ignore-not-found", Takes::Switch), short("output", 'o', Takes::Text), short("interactive", 'i', Takes::Switch), flag("raw", Takes::Text)]];
    "rollout" [] => Group, &[];
    "rollout history" [] => Run(verbs::history::history), &[FILES, SELECTOR, PRINT, &[flag("revision", Takes::Int)]];
    "rollout pause" [] => Run(verbs::rollout::pause), &[FILES, SELECTOR, PRINT, MANAGER];
    "rollout restart" [] => Run(verbs::rollout::restart), &[FILES, SELECTOR, PRINT, MANAGER];
    "rollout resume" [] => Run(verbs::rollout::resume), &[FILES, SELECTOR, PRINT, MANAGER];
    "rollout status" [] => Run(verbs::status::status), &[FILES, SELECTOR, TIMEOUT, &[short("watch", 'w', Takes::Switch), flag("revision", Takes::Int)]];
    "rollout undo" [] => Run(verbs::history::undo), &[FILES, SELECTOR, DRY_RUN, PRINT, &[flag("to-revision", Takes::Int)]];
    "scale" [] => Run(verbs::scale::scale), &[FILES, SELECTOR, ALL, DRY_RUN, PRINT, RECORD, TIMEOUT, &[flag("replicas", Takes::Int), flag("current-replicas", Takes::Int), flag("resource-version", Takes::Text)]];
    "autoscale" [] => Run(verbs::expose::autoscale), &[FILES, DRY_RUN, PRINT, MANAGER, SAVE, &[flag("min", Takes::Int), flag("max", Takes::Int), flag("cpu-percent", Takes::Int), flag("cpu", Takes::Text), flag("memory", Takes::Text), flag("name", Takes::Text)]];
    "certificate" [] => NotSimulated, &[];
    "cluster-info" [] => Run(verbs::about::cluster_info), &[];
    "cluster-info dump" [] => NotSimulated, &[];
    "top" [] => Group, &[];
    "top pod" ["pods", "po"] => Run(verbs::about::top), &[SELECTOR, FIELD_SELECTOR, ALL_NAMESPACES, &[flag("sort-by", Takes::Text), flag("containers", Takes::Switch), flag("no-headers", Takes::Switch), flag("sum", Takes::Switch)]];
    "top node" ["nodes", "no"] => Run(verbs::about::top), &[SELECTOR, &[flag("sort-by", Takes::Text), flag("no-headers", Takes::Switch), flag("show-capacity", Takes::Switch)]];
    "cordon" [] => Run(verbs::cordon::cordon), &[SELECTOR, DRY_RUN];
    "uncordon" [] => Run(verbs::cordon::uncordon), &[SELECTOR, DRY_RUN];
    "drain" [] => Run(verbs::drain::drain), &[SELECTOR, DRY_RUN, TIMEOUT, &[flag("force", Takes::Switch), flag("ignore-daemonsets", Takes::Switch), flag("delete-emptydir-data", Takes::Switch), flag("disable-eviction", Takes::Switch), flag("grace-period", Takes::Int), flag("pod-selector", Takes::Text), flag("chunk-size", Takes::Int), flag("skip-wait-for-delete-timeout", Takes::Int)]];
    "taint" [] => Run(verbs::taint::taint), &[SELECTOR, ALL, DRY_RUN, PRINT, WRITE, &[flag("overwrite", Takes::Switch)]];
    "describe" [] => Run(verbs::describe::describe), &[FILES, SELECTOR, ALL_NAMESPACES, &[flag("show-events", Takes::Switch), flag("chunk-size", Takes::Int)]];
    "logs" [] => Run(verbs::logs::logs), &[SELECTOR, CONTAINER, &[short("follow", 'f', Takes::Switch), short("previous", 'p', Takes::Switch), flag("tail", Takes::Int), flag("all-containers", Takes::Switch), flag("all-pods", Takes::Switch), flag("pod-running-timeout", Takes::Duration), flag("prefix", Takes::Switch), flag("timestamps", Takes::Switch), flag("since", Takes::Duration), flag("since-time", Takes::Text), flag("ignore-errors", Takes::Switch), flag("max-log-requests", Takes::Int)]];
    "attach" [] => Run(verbs::process::attach), &[CONTAINER, PROCESS];
    "exec" [] => Run(verbs::process::exec), &[CONTAINER, PROCESS];
    "port-forward" [] => Run(verbs::forward::port_forward), &[&[flag("address", Takes::Many), flag("pod-running-timeout", Takes::Duration)]];
    "proxy" [] => Run(verbs::forward::proxy), &[&[short("port", 'p', Takes::Int), flag("address", Takes::Text)]];
    "cp" [] => Run(verbs::forward::copy), &[CONTAINER, &[flag("no-preserve", Takes::Switch), flag("retries", Takes::Int)]];
    "auth" [] => Group, &[];
    "auth can-i" [] => Run(verbs::about::can_i), &[ALL_NAMESPACES, &[short("quiet", 'q', Takes::Switch), flag("subresource", Takes::Text)]];
    "auth whoami" [] => Run(verbs::about::who_am_i), &[&[short("output", 'o', Takes::Text)]];
    "auth reconcile" [] => NotSimulated, &[];
    "debug" [] => NotSimulated, &[];
    "events" [] => Run(verbs::events::events), &[ALL_NAMESPACES, PRINT, &[flag("for", Takes::Text), flag("types", Takes::Many), short("watch", 'w', Takes::Switch), flag("no-headers", Takes::Switch), flag("chunk-size", Takes::Int)]];
    "diff" [] => Run(verbs::diff::diff), &[FILES, SELECTOR, &[flag("server-side", Takes::Switch), flag("force-conflicts", Takes::Switch), flag("field-manager", Takes::Text), flag("show-managed-fields", Takes::Switch), flag("show-secrets", Takes::Switch), only("prune", Takes::Switch, "false"), flag("concurrency", Takes::Int)]];
    "apply" [] => Run(verbs::apply::apply), &[FILES, SELECTOR, ALL, DRY_RUN, PRINT, MANAGER, RECORD, GRACE, &[flag("validate", Takes::Optional("strict")), flag("server-side", Takes::Switch), flag("force-conflicts", Takes::Switch), only("overwrite", Takes::Switch, "true"), flag("prune", Takes::Switch), flag("prune-allowlist", Takes::Many), flag("openapi-patch", Takes::Switch), only("subresource", Takes::Text, "")]];
    "apply edit-last-applied" [] => NotSimulated, &[];
    "apply set-last-applied" [] => NotSimulated, &[];
    "apply view-last-applied" [] => Run(verbs::apply::view_last_applied), &[FILES, SELECTOR, ALL, PRINT];
    "patch" [] => Run(verbs::patch::patch), &[FILES, DRY_RUN, PRINT, LOCAL, RECORD, &[short("patch", 'p', Takes::Text), flag("patch-file", Takes::Text), flag("type", Takes::Text), flag("subresource", Takes::Text), flag("field-manager", Takes::Text)]];
    "replace" [] => Run(verbs::replace::replace), &[FILES, DRY_RUN, PRINT, WRITE, GRACE, &[flag("raw", Takes::Text), flag("subresource", Takes::Text)]];
    "wait" [] => Run(verbs::wait::wait), &[FILES, SELECTOR, FIELD_SELECTOR, ALL, ALL_NAMESPACES, PRINT, TIMEOUT, &[flag("for", Takes::Many), only("local", Takes::Switch, "false")]];
    "kustomize" [] => NotSimulated, &[];
    "label" [] => Run(verbs::label::label), &[FILES, SELECTOR, FIELD_SELECTOR, ALL, ALL_NAMESPACES, DRY_RUN, PRINT, LOCAL, MANAGER, &[flag("overwrite", Takes::Switch), flag("list", Takes::Switch), flag("resource-version", Takes::Text)]];
    "annotate" [] => Run(verbs::label::annotate), &[FILES, SELECTOR, FIELD_SELECTOR, ALL, ALL_NAMESPACES, DRY_RUN, PRINT, LOCAL, MANAGER, &[flag("overwrite", Takes::Switch), flag("list", Takes::Switch), flag("resource-version", Takes::Text)]];
    "completion" [] => NotSimulated, &[];
    "alpha" [] => NotSimulated, &[];
    "api-resources" [] => Run(verbs::about::api_resources), &[&[flag("api-group", Takes::Text), flag("namespaced", Takes::Switch), flag("no-headers", Takes::Switch), short("output", 'o', Takes::Text), flag("sort-by", Takes::Text), flag("verbs", Takes::Many), flag("categories", Takes::Many), flag("cached", Takes::Switch)]];
    "api-versions" [] => Run(verbs::about::api_versions), &[];
    "config" [] => Group, &[];
    "config current-context" [] => Run(verbs::about::current_context), &[];
    "config get-clusters" [] => Run(verbs::about::get_names), &[];
    "config get-users" [] => Run(verbs::about::get_names), &[];
    "config get-contexts" [] => Run(verbs::about::get_contexts), &[&[flag("no-headers", Takes::Switch), short("output", 'o', Takes::Text)]];
    "config set-context" [] => Run(verbs::about::set_context), &[&[flag("current", Takes::Switch)]];
    "config use-context" ["use"] => Run(verbs::about::use_context), &[];
    "config view" [] => Run(verbs::about::view), &[&[flag("minify", Takes::Switch), flag("raw", Takes::Switch), flag("flatten", Takes::Switch), flag("merge", Takes::Switch)], PRINT];
    "plugin" [] => NotSimulated, &[];
    "version" [] => Run(verbs::about::version), &[&[flag("client", Takes::Switch), short("output", 'o', Takes::Text)]];
    "options" [] => NotSimulated, &[];
    "help" [] => NotSimulated, &[];
};

/// All flags of a command.
pub fn flags_of(command: &Command) -> Vec<&'static [Flag]> {
    command.flags.iter().copied().chain([GLOBAL]).collect()
}

/// The command that goes by these words below another, or at the top.
pub fn find(parent: Option<&Command>, word: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| {
        let (above, last) = c.name.rsplit_once(' ').map_or(("", c.name), |(a, l)| (a, l));
        above == parent.map_or("", |p| p.name) && (last == word || c.aliases.contains(&word))
    })
}
