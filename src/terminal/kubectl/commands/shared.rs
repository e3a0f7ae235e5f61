//! The flags that commands have in common.

use crate::flag::Takes::{Duration, Int, Many, Optional, Switch, Text};
use crate::flag::{Flag, flag, only, short};
use crate::settings::SERVER;

/// What `--dry-run` without a value stands for.
pub const DRY_RUN_ALONE: &str = "unchanged";

/// The flags of every command. There is one user of one server, who proves nothing to it; its version is kubectl's, and no certificates
/// are checked.
pub(super) const GLOBAL: &[Flag] = &[
    short("namespace", 'n', Text),
    short("help", 'h', Switch),
    Flag { short: Some('s'), ..only("server", Text, SERVER) },
    short("v", 'v', Int),
    only("as", Text, ""),
    only("as-group", Many, ""),
    only("as-uid", Text, ""),
    text("cache-dir"),
    only("certificate-authority", Text, ""),
    only("client-certificate", Text, ""),
    only("client-key", Text, ""),
    text("cluster"),
    text("context"),
    switch("insecure-skip-tls-verify"),
    text("kubeconfig"),
    switch("match-server-version"),
    text("request-timeout"),
    only("tls-server-name", Text, ""),
    only("token", Text, ""),
    text("user"),
    only("warnings-as-errors", Switch, "false"),
];
pub(super) const FILES: &[Flag] = &[short("filename", 'f', Many), short("kustomize", 'k', Text), short("recursive", 'R', Switch)];
pub(super) const SELECTOR: &[Flag] = &[short("selector", 'l', Text)];
pub(super) const FIELD_SELECTOR: &[Flag] = &[text("field-selector")];
pub(super) const ALL: &[Flag] = &[switch("all")];
pub(super) const ALL_NAMESPACES: &[Flag] = &[short("all-namespaces", 'A', Switch)];
pub(super) const DRY_RUN: &[Flag] = &[flag("dry-run", Optional(DRY_RUN_ALONE))];
pub(super) const PRINT: &[Flag] =
    &[short("output", 'o', Text), text("template"), only("allow-missing-template-keys", Switch, "true"), switch("show-managed-fields")];
pub(super) const MANAGER: &[Flag] = &[text("field-manager")];
pub(super) const SAVE: &[Flag] = &[switch("save-config")];
pub(super) const WRITE: &[Flag] = &[text("field-manager"), flag("validate", Optional("strict")), switch("save-config")];
/// `--record`, which is on its way out.
pub(super) const RECORD: &[Flag] = &[switch("record")];
pub(super) const GRACE: &[Flag] =
    &[flag("cascade", Optional("background")), switch("force"), int("grace-period"), duration("timeout"), switch("wait")];
/// Whether the objects are those of the files, and the server is not asked.
pub(super) const LOCAL: &[Flag] = &[switch("local")];
pub(super) const GET: &[Flag] = &[
    int("chunk-size"),
    switch("ignore-not-found"),
    short("label-columns", 'L', Many),
    switch("no-headers"),
    switch("output-watch-events"),
    only("server-print", Switch, "true"),
    switch("show-kind"),
    switch("show-labels"),
    text("sort-by"),
    text("subresource"),
    short("watch", 'w', Switch),
    switch("watch-only"),
];
pub(super) const TIMEOUT: &[Flag] = &[duration("timeout")];
pub(super) const RUN: &[Flag] = &[
    text("image"),
    short("labels", 'l', Text),
    Flag { short: Some('e'), ..only("env", Many, "") },
    text("port"),
    text("restart"),
    switch("command"),
    switch("rm"),
    short("stdin", 'i', Switch),
    short("tty", 't', Switch),
    QUIET,
];
pub(super) const CONTAINER: &[Flag] = &[short("container", 'c', Text)];
/// Whether only the process speaks; not simulated.
pub(super) const QUIET: Flag = Flag { short: Some('q'), ..only("quiet", Switch, "false") };
pub(super) const PROCESS: &[Flag] = &[short("stdin", 'i', Switch), short("tty", 't', Switch), QUIET, duration("pod-running-timeout")];

pub(super) const fn text(name: &'static str) -> Flag {
    flag(name, Text)
}

pub(super) const fn many(name: &'static str) -> Flag {
    flag(name, Many)
}

pub(super) const fn switch(name: &'static str) -> Flag {
    flag(name, Switch)
}

pub(super) const fn int(name: &'static str) -> Flag {
    flag(name, Int)
}

pub(super) const fn duration(name: &'static str) -> Flag {
    flag(name, Duration)
}
