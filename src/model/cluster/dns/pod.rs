//! A pod's local name configuration: its hostname, `/etc/hosts` and `/etc/resolv.conf`.
//! Models pkg/kubelet/network/dns/dns.go GetPodDNS and pkg/kubelet/kubelet_pods.go.
//!
//! Not modelled: the node's own resolver settings, which a pod with `dnsPolicy: Default` inherits; such a pod resolves nothing here.

use std::fmt;

use super::Options;
use api::object::pod::Ip;
use api::object::{Name, Pod};
use base::value::Value;

/// The `ndots` of a pod's resolver.
const POD_NDOTS: usize = 5;
/// The `ndots` of a resolver without that option.
const DEFAULT_NDOTS: usize = 1;
/// The longest hostname.
const HOSTNAME_MAX: usize = 63;
/// The beginning of every pod's `/etc/hosts`.
const HOSTS_HEAD: &str = "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n\
                          fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n";

/// A resolver's settings. Displays as the file `/etc/resolv.conf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvConf {
    /// The name servers.
    pub nameservers: Vec<Ip>,
    /// The search list.
    pub search: Vec<Name>,
    /// How many dots a name needs to be tried as it is first.
    pub ndots: usize,
}

impl ResolvConf {
    /// The settings of a namespace's pods by default: `dnsPolicy: ClusterFirst`.
    pub fn in_namespace(namespace: &str, options: &Options) -> Self {
        let zone = &options.zone;
        let search = vec![format!("{namespace}.svc.{zone}").into(), format!("svc.{zone}").into(), zone.clone()];
        ResolvConf { nameservers: vec![options.nameserver], search, ndots: POD_NDOTS }
    }

    /// The settings of a pod.
    pub fn of_pod(pod: &Pod, options: &Options) -> Self {
        let spec = &pod.spec.template.raw;
        let on_host = pod.spec.template.on_host();
        let mut config = match spec.text_at(&["dnsPolicy"]) {
            Some("Default" | "None") => Self::empty(),
            Some("ClusterFirst") | None if on_host => Self::empty(),
            _ => Self::in_namespace(&pod.meta.namespace, options),
        };
        let own = |key: &str| spec.list_at(&["dnsConfig", key]).iter();
        config.nameservers.extend(own("nameservers").filter_map(|n| Ip::parse(n.as_text()?)));
        for suffix in own("searches").filter_map(Value::as_shared_text) {
            if !config.search.contains(&suffix) {
                config.search.push(suffix);
            }
        }
        let ndots = own("options").rfind(|o| o.text_at(&["name"]) == Some("ndots"));
        if let Some(ndots) = ndots.and_then(|o| o.text_at(&["value"])?.parse().ok()) {
            config.ndots = ndots;
        }
        config
    }

    fn empty() -> Self {
        ResolvConf { nameservers: Vec::new(), search: Vec::new(), ndots: DEFAULT_NDOTS }
    }
}

impl fmt::Display for ResolvConf {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if !self.search.is_empty() {
            writeln!(f, "search {}", self.search.join(" "))?;
        }
        for server in &self.nameservers {
            writeln!(f, "nameserver {server}")?;
        }
        if self.ndots == DEFAULT_NDOTS { Ok(()) } else { writeln!(f, "options ndots:{}", self.ndots) }
    }
}

/// The output of `hostname` in a pod; one in its node's network has the node's name. Models GeneratePodHostNameAndDomain and
/// truncatePodHostnameIfNeeded.
pub fn hostname(pod: &Pod) -> Name {
    let name = match &pod.node {
        Some(node) if pod.spec.template.on_host() => node,
        _ if pod.spec.hostname.is_empty() => &pod.meta.name,
        _ => &pod.spec.hostname,
    };
    match name.char_indices().nth(HOSTNAME_MAX) {
        Some((end, _)) => name[..end].trim_end_matches(['-', '.']).into(),
        None => name.clone(),
    }
}

/// The output of `hostname -f` in a pod: taken from `/etc/hosts`, whether or not the name resolves through a Service.
pub fn full_hostname(pod: &Pod, options: &Options) -> Name {
    let host = hostname(pod);
    if pod.spec.subdomain.is_empty() || pod.spec.template.on_host() {
        return host;
    }
    format!("{host}.{}.{}.svc.{}", pod.spec.subdomain, pod.meta.namespace, options.zone).into()
}

/// The file `/etc/hosts` of a pod that has an address.
pub fn hosts_file(pod: &Pod, options: &Options) -> String {
    let mut text = HOSTS_HEAD.to_owned();
    if let Some(ip) = pod.status.ip {
        let (host, full) = (hostname(pod), full_hostname(pod, options));
        let line = if host == full { format!("{ip}\t{host}\n") } else { format!("{ip}\t{full}\t{host}\n") };
        text.push_str(&line);
    }
    let aliases = pod.spec.template.raw.list_at(&["hostAliases"]);
    if !aliases.is_empty() {
        text.push_str("\n# Entries added by HostAliases.\n");
    }
    for alias in aliases {
        let names = alias.list_at(&["hostnames"]).iter().filter_map(Value::as_text);
        let words: Vec<&str> = alias.text_at(&["ip"]).into_iter().chain(names).collect();
        text.extend([&words.join("\t"), "\n"]);
    }
    text
}
