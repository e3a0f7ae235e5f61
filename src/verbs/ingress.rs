//! `create ingress`
//!
//! Models k8s.io/kubectl/pkg/cmd/create/create_ingress.go. A rule that makes kubectl panic, with a second `=` in its path or a comma
//! before it, is refused like others that do not fit.

use crate::generate::{create, int_or_text, name_of, object};
use crate::work::Step;
use api::kind::Kind;
use api::view::{map_at, text};
use base::given::SetGiven;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;

const TOO_LITTLE: &str = "not enough information provided: every ingress has to either specify a default-backend (which catches all \
                          traffic) or a list of rules (which catch specific paths)";

/// A rule as a flag has it: `host/path=service:port[,tls[=secret]]`.
struct Rule<'a> {
    host: &'a str,
    path: &'a str,
    service: &'a str,
    /// The secret, if it asks for TLS; may be empty.
    tls: Option<&'a str>,
}

impl<'a> Rule<'a> {
    fn read(flag: &'a str) -> Option<Rule<'a>> {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let mut parts = flag.split(',');
        let (host, rest) = parts.next()?.split_once('/')?;
        let (path, service) = rest.split_once('=')?;
        let (name, port) = service.split_once(':')?;
        let fits = host.chars().all(|c| is_word(c) || matches!(c, '*' | '.')) && !name.is_empty() && name.chars().all(is_word);
        let tls = parts.next().filter(|_| parts.next().is_none()).map(|tls| tls.split('=').nth(1).unwrap_or_default());
        Some(Rule { host, path, service, tls }).filter(|_| fits && port.starts_with(is_word))
    }

    /// Whether nothing stands in a flag that is not of its rule.
    fn is_whole(flag: &str) -> bool {
        let is_word = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        let (rule, tls) = flag.split_once(',').map_or((flag, None), |(rule, tls)| (rule, Some(tls)));
        let is_port = rule.rsplit_once(':').is_some_and(|(_, port)| is_word(port));
        let is_tls = |tls: &str| tls.strip_prefix("tls").is_some_and(|secret| is_word(secret.strip_prefix('=').unwrap_or(secret)));
        is_port && tls.is_none_or(is_tls)
    }
}

/// Runs the command.
pub fn ingress(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let mut ingress = object(Kind::Ingress, name_of(call)?);
    let (default, flags) = (call.flags.text("default-backend").unwrap_or_default(), call.flags.all("rule"));
    Failure::client_if(default.is_empty() && flags.is_empty(), TOO_LITTLE)?;
    let mut rules = Vec::new();
    for flag in flags {
        let wrong = || format!("rule {flag} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]");
        let is_read = !session.client.release().reads_ingress_rules_whole || Rule::is_whole(flag);
        rules.push(Rule::read(flag).filter(|_| is_read).ok_or_else(|| Failure::client(wrong()))?);
    }
    for annotation in call.flags.all("annotation") {
        let wrong = || Failure::client(format!("annotation {annotation} is invalid and should be in format key=[value]"));
        let (key, value) = annotation.split_once('=').ok_or_else(wrong)?;
        ingress.set(&["metadata", "annotations", key], value);
    }
    if !default.is_empty() {
        Failure::client_if(default.split(':').count() != 2, "default-backend should be in format servicename:serviceport")?;
        ingress.set(&["spec", "defaultBackend"], backend(default));
    }
    ingress.set_some(&["spec", "ingressClassName"], call.flags.text("class").filter(|class| !class.is_empty()));
    for (field, list) in [("tls", tls(&rules)), ("rules", by_host(&rules))] {
        ingress.set_filled(&["spec", field], list);
    }
    ingress.set(&["status", "loadBalancer"], Value::map());
    create(call, session, Kind::Ingress, ingress)
}

/// Hosts by secret; the first secret of a host counts. Models buildTLSRules.
fn tls(rules: &[Rule]) -> Vec<Value> {
    let (mut all, mut seen): (Vec<Value>, Vec<&str>) = (Vec::new(), Vec::new());
    for Rule { host, tls, .. } in rules {
        let Some(secret) = tls.filter(|_| !seen.contains(host)) else { continue };
        seen.push(host);
        let known = all.iter_mut().find(|entry| text(entry, &["secretName"]) == secret);
        if let Some(entry) = known {
            let hosts: Vec<Value> = entry.list_at(&["hosts"]).iter().cloned().chain([Value::from(*host)]).collect();
            entry.set(&["hosts"], hosts);
            continue;
        }
        let mut entry = Value::map();
        if !host.is_empty() {
            entry.set(&["hosts"], Value::list([*host]));
        }
        entry.set_filled(&["secretName"], secret);
        all.extend(Some(entry).filter(|entry| map_at(entry, &[]).is_some_and(|map| !map.is_empty())));
    }
    all
}

/// The paths, by host. Models buildIngressRules.
fn by_host(rules: &[Rule]) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for Rule { host, path, service, .. } in rules {
        let (kind, path) = path.strip_suffix('*').map_or(("Exact", *path), |path| ("Prefix", path));
        let path = Value::of([("path", format!("/{path}").into()), ("pathType", kind.into()), ("backend", backend(service))]);
        let place = all.iter().position(|rule| text(rule, &["host"]) == *host).unwrap_or_else(|| {
            all.push(if host.is_empty() { Value::map() } else { Value::of([("host", *host)]) });
            all.len() - 1
        });
        let paths: Vec<Value> = all[place].list_at(&["http", "paths"]).iter().cloned().chain([path]).collect();
        all[place].set(&["http", "paths"], paths);
    }
    all
}

/// `service:port`, whose port is a number or a name.
fn backend(service: &str) -> Value {
    let (name, port) = service.split_once(':').unwrap_or((service, ""));
    let port = int_or_text(port.split(':').next().unwrap_or_default());
    let of =
        Value::of([("name", Value::from(name)), ("port", Value::of([(if port.as_int().is_some() { "number" } else { "name" }, port)]))]);
    Value::of([("service", of)])
}
