//! Parsing names of the cluster's domain. Models coredns plugin/kubernetes/parse.go parseRequest.

use super::reason::Reason;

/// Whether a name is under `svc` or under `pod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Svc,
    Pod,
}

/// The parts of a name, right to left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request<'a> {
    pub section: Section,
    pub namespace: &'a str,
    /// The Service, or the address with dashes; `None` if the name is just a namespace's domain.
    pub subject: Option<&'a str>,
    /// The label before the Service.
    pub endpoint: Option<&'a str>,
    /// Port and protocol, without their underscores.
    pub port: Option<(&'a str, &'a str)>,
}

/// Parses the lower-case part before the zone. `None` if it is only a domain: the zone itself, `svc` or `pod`.
pub(super) fn parse(base: &str) -> Result<Option<Request<'_>>, Reason> {
    let mut labels = base.rsplit('.').filter(|l| !l.is_empty());
    let section = match labels.next() {
        None => return Ok(None),
        Some("svc") => Section::Svc,
        Some("pod") => Section::Pod,
        Some(other) => return Err(Reason::NeitherServiceNorPod { label: other.into() }),
    };
    let Some(namespace) = labels.next() else { return Ok(None) };
    let mut request = Request { section, namespace, subject: labels.next(), endpoint: None, port: None };
    match (labels.next(), labels.next(), labels.next()) {
        (None, ..) => {}
        (Some(endpoint), None, _) => request.endpoint = Some(endpoint),
        (Some(protocol), Some(port), None) => request.port = Some((without_underscore(port), without_underscore(protocol))),
        _ => return Err(Reason::TooManyLabels),
    }
    Ok(Some(request))
}

fn without_underscore(label: &str) -> &str {
    label.strip_prefix('_').unwrap_or(label)
}

/// The part of a name before its zone, both in lower case; `None` for names outside the zone.
pub(super) fn before_zone<'a>(name: &'a str, zone: &str) -> Option<&'a str> {
    let rest = name.strip_suffix(zone)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_suffix('.') }
}
