//! The table of commands.
//!
//! Models the cobra commands of k8s.io/kubectl/pkg/cmd.

use super::command::Act::{Group, NotSimulated, Run};
use super::command::Args::{Fields, NodeNames, Of, Types, TypesOrAll, Words};
use super::command::CommandQuirk::{
    AllSelects, Compares, DropsNames, ForgetsLocal, NamesImages, PrintsStructs, ReachesInside, ReadsConfig, ReadsLogs,
};
use super::command::{Args, Command, CommandQuirk, Verb};
use super::shared::{
    ALL, ALL_NAMESPACES, CONTAINER, DRY_RUN, FIELD_SELECTOR, FILES, GET, GRACE, LOCAL, MANAGER, PRINT, PROCESS, QUIET, RECORD, RUN, SAVE,
    SELECTOR, TIMEOUT, WRITE, duration, int, many, switch, text,
};
use crate::flag::Takes::{Int, Many, Optional, Switch, Text};
use crate::flag::{Flag, flag, only, short};
use api::kind::Kind;
use api::managed::KUBECTL;
use base::note::Note;

/// The flags of what makes an object out of words.
const GENERATE: &[&[Flag]] = &[DRY_RUN, PRINT, WRITE];

/// `-o`, `-c` and `-i` of commands that do not simulate them.
const OUTPUT: Flag = Flag { short: Some('o'), ..only("output", Text, "") };
const CONTAINERS: Flag = Flag { short: Some('c'), ..only("containers", Text, "*") };
const INTERACTIVE: Flag = Flag { short: Some('i'), ..only("interactive", Switch, "false") };

/// The manager of what is applied, unless the server applies it.
const APPLY: &str = "kubectl-client-side-apply";

const ROLLED: &[Kind] = &[Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet];
const SCALED: &[Kind] = &[Kind::Deployment, Kind::StatefulSet, Kind::ReplicaSet];
const SET: &[Kind] = &[Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::Pod];
const NODES: &[Kind] = &[Kind::Node];

const fn group(name: &'static str) -> Command {
    Command { name, aliases: &[], shared: &[], own: &[], act: Group, manager: KUBECTL, args: Words, quirks: &[], elsewhere: "" }
}

const fn not_simulated(name: &'static str) -> Command {
    Command { act: NotSimulated(Note::NotSimulated), ..group(name) }
}

const fn run(name: &'static str, verb: Verb) -> Command {
    Command { act: Run(verb), ..group(name) }
}

/// A command that makes an object out of words.
const fn generate(name: &'static str, verb: Verb) -> Command {
    run(name, verb).shared(GENERATE).by("kubectl-create").quirks(&[PrintsStructs])
}

impl Command {
    const fn also(self, aliases: &'static [&'static str]) -> Command {
        Command { aliases, ..self }
    }

    const fn shared(self, shared: &'static [&'static [Flag]]) -> Command {
        Command { shared, ..self }
    }

    const fn own(self, own: &'static [Flag]) -> Command {
        Command { own, ..self }
    }

    const fn by(self, manager: &'static str) -> Command {
        Command { manager, ..self }
    }

    const fn takes(self, args: Args) -> Command {
        Command { args, ..self }
    }

    const fn quirks(self, quirks: &'static [CommandQuirk]) -> Command {
        Command { quirks, ..self }
    }

    const fn elsewhere(self, elsewhere: &'static str) -> Command {
        Command { elsewhere, ..self }
    }
}

/// Every command, in kubectl's order.
pub const COMMANDS: &[Command] = &[
    run("create", Verb::Create)
        .shared(&[FILES, DRY_RUN, PRINT, WRITE, RECORD, SELECTOR])
        .own(&[text("raw"), only("edit", Switch, "false")])
        .by("kubectl-create")
        .elsewhere("cj clusterrole clusterrolebinding cronjob ing ingress role rolebinding"),
    generate("create deployment", Verb::CreateDeployment).also(&["deploy"]).own(&[many("image"), int("port"), short("replicas", 'r', Int)]),
    generate("create namespace", Verb::CreateNamespace).also(&["ns"]),
    generate("create serviceaccount", Verb::CreateServiceAccount).also(&["sa"]),
    generate("create configmap", Verb::CreateConfigMap).also(&["cm"]).own(&[
        many("from-literal"),
        many("from-file"),
        many("from-env-file"),
        only("append-hash", Switch, "false"),
    ]),
    group("create secret"),
    generate("create secret generic", Verb::CreateSecretGeneric)
        .own(&[many("from-literal"), many("from-file"), many("from-env-file"), text("type")])
        .elsewhere("--append-hash"),
    generate("create secret tls", Verb::CreateSecretTls).own(&[text("cert"), text("key"), only("append-hash", Switch, "false")]),
    generate("create secret docker-registry", Verb::CreateSecretDockerRegistry).own(&[
        text("docker-username"),
        text("docker-password"),
        text("docker-email"),
        text("docker-server"),
        many("from-file"),
        only("append-hash", Switch, "false"),
    ]),
    group("create service").also(&["svc"]).elsewhere("externalname loadbalancer"),
    generate("create service clusterip", Verb::CreateServiceClusterIp).own(&[many("tcp"), text("clusterip")]),
    generate("create service nodeport", Verb::CreateServiceNodePort).own(&[many("tcp"), int("node-port")]),
    generate("create poddisruptionbudget", Verb::CreatePodDisruptionBudget).also(&["pdb"]).own(&[
        text("selector"),
        text("min-available"),
        text("max-unavailable"),
    ]),
    generate("create job", Verb::CreateJob).own(&[text("image"), text("from")]),
    generate("create quota", Verb::CreateQuota).also(&["resourcequota"]).own(&[text("hard"), text("scopes")]),
    generate("create priorityclass", Verb::CreatePriorityClass).also(&["pc"]).own(&[
        int("value"),
        switch("global-default"),
        text("description"),
        text("preemption-policy"),
    ]),
    not_simulated("create token"),
    run("expose", Verb::Expose)
        .shared(&[FILES, DRY_RUN, PRINT, MANAGER, SAVE])
        .own(&[
            text("port"),
            text("target-port"),
            text("name"),
            text("type"),
            text("external-ip"),
            text("load-balancer-ip"),
            Flag { short: Some('l'), ..only("labels", Text, "") },
        ])
        .by("kubectl-expose")
        .takes(Types)
        .quirks(&[PrintsStructs])
        .elsewhere("--cluster-ip --override-type --overrides --protocol --record --selector --session-affinity"),
    run("run", Verb::Run)
        .shared(&[RUN, GRACE, FILES, DRY_RUN, PRINT, MANAGER, SAVE])
        .by("kubectl-run")
        .quirks(&[PrintsStructs])
        .elsewhere(
            "--annotations --attach --detach-keys --expose --image-pull-policy --leave-stdin-open --override-type --overrides \
             --pod-running-timeout --privileged --record",
        ),
    group("set"),
    run("set image", Verb::SetImage)
        .shared(&[FILES, SELECTOR, ALL, DRY_RUN, PRINT, LOCAL, MANAGER, RECORD])
        .by("kubectl-set")
        .takes(Of(SET))
        .quirks(&[PrintsStructs, NamesImages]),
    run("set env", Verb::SetEnv)
        .shared(&[FILES, SELECTOR, ALL, DRY_RUN, PRINT, LOCAL, MANAGER])
        .own(&[Flag { short: Some('e'), ..only("env", Many, "") }, only("overwrite", Switch, "true"), CONTAINERS])
        .elsewhere("--from --keys --list --prefix --resolve")
        .by("kubectl-set")
        .takes(Of(SET))
        .quirks(&[PrintsStructs, DropsNames]),
    run("set resources", Verb::SetResources)
        .shared(&[FILES, SELECTOR, ALL, DRY_RUN, PRINT, LOCAL, MANAGER, RECORD])
        .own(&[CONTAINERS, text("limits"), text("requests")])
        .by("kubectl-set")
        .takes(Of(SET))
        .quirks(&[PrintsStructs]),
    run("set selector", Verb::SetSelector)
        .shared(&[FILES, ALL, DRY_RUN, PRINT, LOCAL, MANAGER])
        .own(&[only("resource-version", Text, "")])
        .by("kubectl-set")
        .takes(Of(SET))
        .quirks(&[PrintsStructs, ForgetsLocal]),
    run("set serviceaccount", Verb::SetServiceAccount)
        .also(&["sa"])
        .shared(&[FILES, ALL, DRY_RUN, PRINT, LOCAL, MANAGER, RECORD])
        .by("kubectl-set")
        .takes(Of(SET))
        .quirks(&[PrintsStructs, DropsNames]),
    not_simulated("set subject"),
    run("explain", Verb::Explain)
        .own(&[only("api-version", Text, ""), short("recursive", 'R', Switch), short("output", 'o', Text)])
        .takes(Fields)
        .elsewhere("--max-depth"),
    run("get", Verb::Get)
        .shared(&[FILES, SELECTOR, FIELD_SELECTOR, ALL_NAMESPACES, PRINT, GET])
        .takes(TypesOrAll)
        .elsewhere("--raw"),
    run("edit", Verb::Edit)
        .shared(&[FILES, PRINT, WRITE, RECORD])
        .own(&[text("subresource")])
        .by("kubectl-edit")
        .takes(Types)
        .elsewhere("--output-patch --windows-line-endings"),
    run("delete", Verb::Delete)
        .shared(&[FILES, SELECTOR, FIELD_SELECTOR, ALL, ALL_NAMESPACES, DRY_RUN, GRACE])
        .own(&[switch("now"), switch("ignore-not-found"), short("output", 'o', Text), INTERACTIVE])
        .takes(TypesOrAll)
        .quirks(&[AllSelects])
        .elsewhere("--raw"),
    group("rollout"),
    run("rollout history", Verb::RolloutHistory)
        .shared(&[FILES, SELECTOR, PRINT])
        .own(&[int("revision")])
        .takes(Of(ROLLED))
        .quirks(&[PrintsStructs]),
    run("rollout pause", Verb::RolloutPause)
        .shared(&[FILES, SELECTOR, PRINT, MANAGER])
        .by("kubectl-rollout")
        .takes(Of(ROLLED))
        .quirks(&[PrintsStructs]),
    run("rollout restart", Verb::RolloutRestart)
        .shared(&[FILES, SELECTOR, PRINT, MANAGER])
        .by("kubectl-rollout")
        .takes(Of(ROLLED))
        .quirks(&[PrintsStructs]),
    run("rollout resume", Verb::RolloutResume)
        .shared(&[FILES, SELECTOR, PRINT, MANAGER])
        .by("kubectl-rollout")
        .takes(Of(ROLLED))
        .quirks(&[PrintsStructs]),
    run("rollout status", Verb::RolloutStatus)
        .shared(&[FILES, SELECTOR, TIMEOUT])
        .own(&[short("watch", 'w', Switch), int("revision")])
        .takes(Of(ROLLED))
        .quirks(&[PrintsStructs]),
    run("rollout undo", Verb::RolloutUndo)
        .shared(&[FILES, SELECTOR, DRY_RUN, PRINT])
        .own(&[int("to-revision")])
        .takes(Of(ROLLED))
        .quirks(&[PrintsStructs]),
    run("scale", Verb::Scale)
        .shared(&[FILES, SELECTOR, ALL, DRY_RUN, PRINT, RECORD, TIMEOUT])
        .own(&[int("replicas"), int("current-replicas"), text("resource-version")])
        .takes(Of(SCALED)),
    run("autoscale", Verb::Autoscale)
        .shared(&[FILES, DRY_RUN, PRINT, MANAGER, SAVE])
        .own(&[int("min"), int("max"), int("cpu-percent"), text("cpu"), text("name")])
        .by("kubectl-autoscale")
        .takes(Of(SCALED))
        .quirks(&[PrintsStructs])
        .elsewhere("--memory --record"),
    not_simulated("certificate"),
    run("cluster-info", Verb::ClusterInfo),
    not_simulated("cluster-info dump"),
    group("top"),
    run("top pod", Verb::Top).also(&["pods", "po"]).shared(&[SELECTOR, FIELD_SELECTOR, ALL_NAMESPACES]).own(&[
        text("sort-by"),
        switch("containers"),
        switch("no-headers"),
        switch("sum"),
    ]),
    run("top node", Verb::Top).also(&["nodes", "no"]).shared(&[SELECTOR]).own(&[
        text("sort-by"),
        switch("no-headers"),
        switch("show-capacity"),
    ]),
    run("cordon", Verb::Cordon).shared(&[SELECTOR, DRY_RUN]).takes(NodeNames),
    run("uncordon", Verb::Uncordon).shared(&[SELECTOR, DRY_RUN]).takes(NodeNames),
    run("drain", Verb::Drain)
        .shared(&[SELECTOR, DRY_RUN, TIMEOUT])
        .own(&[
            switch("force"),
            switch("ignore-daemonsets"),
            switch("delete-emptydir-data"),
            switch("disable-eviction"),
            int("grace-period"),
            text("pod-selector"),
            int("chunk-size"),
        ])
        .takes(NodeNames)
        .elsewhere("--skip-wait-for-delete-timeout"),
    run("taint", Verb::Taint)
        .shared(&[SELECTOR, ALL, DRY_RUN, PRINT, WRITE])
        .own(&[switch("overwrite")])
        .by("kubectl-taint")
        .takes(Of(NODES))
        .quirks(&[PrintsStructs]),
    run("describe", Verb::Describe)
        .shared(&[FILES, SELECTOR, ALL_NAMESPACES])
        .own(&[switch("show-events"), int("chunk-size")])
        .takes(Types),
    run("logs", Verb::Logs)
        .shared(&[SELECTOR, CONTAINER])
        .own(&[
            short("follow", 'f', Switch),
            short("previous", 'p', Switch),
            int("tail"),
            switch("all-containers"),
            duration("pod-running-timeout"),
        ])
        .quirks(&[ReadsLogs])
        .elsewhere(
            "--all-pods --ignore-errors --insecure-skip-tls-verify-backend --limit-bytes --max-log-requests --prefix --since --since-time \
             --timestamps",
        ),
    run("attach", Verb::Attach).shared(&[CONTAINER, PROCESS]).quirks(&[ReachesInside]),
    run("exec", Verb::Exec).shared(&[CONTAINER, PROCESS]).quirks(&[ReachesInside]).elsewhere("--filename"),
    run("port-forward", Verb::PortForward)
        .own(&[duration("pod-running-timeout")])
        .quirks(&[ReachesInside])
        .elsewhere("--address"),
    run("proxy", Verb::Proxy)
        .own(&[short("port", 'p', Int)])
        .quirks(&[ReachesInside])
        .elsewhere("--accept-hosts --address --disable-filter --www"),
    not_simulated("cp"),
    group("auth"),
    run("auth can-i", Verb::AuthCanI)
        .shared(&[ALL_NAMESPACES])
        .own(&[QUIET])
        .elsewhere("--list --no-headers --subresource"),
    not_simulated("auth whoami"),
    not_simulated("auth reconcile"),
    run("debug", Verb::Debug)
        .shared(&[CONTAINER])
        .own(&[
            text("image"),
            text("target"),
            text("profile"),
            short("stdin", 'i', Switch),
            short("tty", 't', Switch),
            Flag { short: Some('f'), ..only("filename", Many, "") },
            QUIET,
        ])
        .quirks(&[PrintsStructs, ReachesInside])
        .elsewhere(
            "--arguments-only --attach --copy-to --custom --env --image-pull-policy --keep-annotations --keep-init-containers --keep-labels \
             --keep-liveness --keep-readiness --keep-startup --replace --same-node --set-image --share-processes",
        ),
    run("events", Verb::Events)
        .shared(&[ALL_NAMESPACES, PRINT])
        .own(&[text("for"), many("types"), short("watch", 'w', Switch), switch("no-headers"), int("chunk-size")])
        .quirks(&[PrintsStructs]),
    run("diff", Verb::Diff)
        .shared(&[FILES, SELECTOR])
        .own(&[
            switch("server-side"),
            text("field-manager"),
            switch("show-secrets"),
            only("prune", Switch, "false"),
            int("concurrency"),
        ])
        .by(APPLY)
        .quirks(&[Compares])
        .elsewhere("--force-conflicts --prune-allowlist --show-managed-fields"),
    run("apply", Verb::Apply)
        .shared(&[FILES, SELECTOR, ALL, DRY_RUN, PRINT, MANAGER, RECORD, GRACE])
        .own(&[
            flag("validate", Optional("strict")),
            switch("server-side"),
            switch("force-conflicts"),
            only("overwrite", Switch, "true"),
            switch("prune"),
            many("prune-allowlist"),
            switch("openapi-patch"),
            only("subresource", Text, ""),
        ])
        .by(APPLY),
    not_simulated("apply edit-last-applied"),
    not_simulated("apply set-last-applied"),
    not_simulated("apply view-last-applied"),
    run("patch", Verb::Patch)
        .shared(&[FILES, DRY_RUN, PRINT, LOCAL, RECORD])
        .own(&[short("patch", 'p', Text), text("patch-file"), text("type"), text("subresource"), text("field-manager")])
        .by("kubectl-patch")
        .takes(Types),
    run("replace", Verb::Replace)
        .shared(&[FILES, DRY_RUN, PRINT, WRITE, GRACE])
        .own(&[text("subresource")])
        .by("kubectl-replace")
        .elsewhere("--raw"),
    run("wait", Verb::Wait)
        .shared(&[FILES, SELECTOR, FIELD_SELECTOR, ALL, ALL_NAMESPACES, PRINT, TIMEOUT])
        .own(&[many("for"), only("local", Switch, "false")])
        .takes(Types),
    not_simulated("kustomize"),
    run("label", Verb::Label)
        .shared(&[FILES, SELECTOR, FIELD_SELECTOR, ALL, ALL_NAMESPACES, DRY_RUN, PRINT, LOCAL, MANAGER, RECORD])
        .own(&[switch("overwrite"), switch("list"), text("resource-version")])
        .by("kubectl-label")
        .takes(Types),
    run("annotate", Verb::Annotate)
        .shared(&[FILES, SELECTOR, FIELD_SELECTOR, ALL, ALL_NAMESPACES, DRY_RUN, PRINT, LOCAL, MANAGER, RECORD])
        .own(&[switch("overwrite"), switch("list"), text("resource-version")])
        .by("kubectl-annotate")
        .takes(Types),
    not_simulated("completion"),
    not_simulated("alpha"),
    run("api-resources", Verb::ApiResources)
        .own(&[text("api-group"), OUTPUT])
        .elsewhere("--cached --categories --namespaced --no-headers --sort-by --verbs"),
    run("api-versions", Verb::ApiVersions),
    group("config").elsewhere("current-context delete-cluster delete-context delete-user get-clusters get-users rename-context set set-cluster set-credentials unset"),
    run("config get-contexts", Verb::ConfigGetContexts).own(&[OUTPUT]).quirks(&[ReadsConfig]).elsewhere("--no-headers"),
    run("config set-context", Verb::ConfigSetContext).own(&[switch("current")]).quirks(&[ReadsConfig]),
    run("config use-context", Verb::ConfigUseContext).also(&["use"]).quirks(&[ReadsConfig]),
    run("config view", Verb::ConfigView)
        .shared(&[PRINT])
        .own(&[switch("flatten")])
        .quirks(&[ReadsConfig])
        .elsewhere("--merge --minify --raw"),
    not_simulated("plugin"),
    run("version", Verb::Version).own(&[switch("client"), OUTPUT]),
    not_simulated("options"),
    not_simulated("help"),
];
