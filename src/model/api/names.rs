//! What may be written as a name, a label, a port or a number of a kind, and the exact words for what may not.
//!
//! Promises: every check answers with its complaints in Kubernetes' order; an empty answer means that the text is fine.
//! Must not know: objects, fields, releases. Not modelled: names of exotic kinds (certificates, resource claims).
//!
//! Models apimachinery pkg/util/validation and pkg/api/validate/content.

use std::net::IpAddr;

/// The longest DNS label, in bytes.
pub const DNS_LABEL_MAX: usize = 63;
/// The longest DNS subdomain, in bytes.
pub const DNS_SUBDOMAIN_MAX: usize = 253;
/// The longest label value and the longest name part of a label key, in bytes.
const LABEL_MAX: usize = 63;
/// The longest name of a container's port.
const PORT_NAME_MAX: usize = 15;
/// The largest port number.
const PORT_MAX: i64 = 65_535;
/// The largest user or group id.
const ID_MAX: i64 = 2_147_483_647;

const LABEL_REGEX: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN_REGEX: &str = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const UNDERSCORE_SUBDOMAIN_REGEX: &str = r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*";
const KEY_REGEX: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const VALUE_REGEX: &str = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";

/// A rule about names: what is wrong with this one.
pub type NameRule = fn(&str) -> Vec<String>;

/// A DNS label, as RFC 1123 has it. Models `IsDNS1123Label`.
pub fn dns_label(value: &str) -> Vec<String> {
    let mut wrong = too_long(value, DNS_LABEL_MAX, "characters");
    if !is_dns_label(value) {
        wrong.push(if is_subdomain(value, is_dns_label) {
            "must not contain dots".to_owned()
        } else {
            let rule = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
            regex_error(rule, LABEL_REGEX, &["my-name", "123-abc"])
        });
    }
    wrong
}

/// A DNS label, as RFC 1035 has it: one that begins with a letter. Models `IsDNS1035Label`.
pub fn dns_1035_label(value: &str) -> Vec<String> {
    let mut wrong = too_long(value, DNS_LABEL_MAX, "characters");
    if !is_dns_label(value) || value.starts_with(|first: char| first.is_ascii_digit()) {
        let rule = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
        wrong.push(regex_error(rule, "[a-z]([-a-z0-9]*[a-z0-9])?", &["my-name", "abc-123"]));
    }
    wrong
}

/// A DNS subdomain, as RFC 1123 has it. Models `IsDNS1123Subdomain`.
pub fn dns_subdomain(value: &str) -> Vec<String> {
    let mut wrong = too_long(value, DNS_SUBDOMAIN_MAX, "characters");
    if !is_subdomain(value, is_dns_label) {
        let rule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
        wrong.push(regex_error(rule, SUBDOMAIN_REGEX, &["example.com"]));
    }
    wrong
}

/// A DNS subdomain after `*.`, for all names below it. Models `IsWildcardDNS1123Subdomain`.
pub fn dns_wildcard(value: &str) -> Vec<String> {
    let mut wrong = too_long(value, DNS_SUBDOMAIN_MAX, "characters");
    if !value.strip_prefix("*.").is_some_and(|rest| is_subdomain(rest, is_dns_label)) {
        let rule = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
        wrong.push(regex_error(rule, &format!(r"\*\.{SUBDOMAIN_REGEX}"), &["*.example.com"]));
    }
    wrong
}

/// A DNS subdomain whose labels may hold underscores: a search path. Models `IsDNS1123SubdomainWithUnderscore`.
pub fn dns_search_path(value: &str) -> Vec<String> {
    let mut wrong = too_long(value, DNS_SUBDOMAIN_MAX, "characters");
    let is_label = |label: &str| is_framed(label.strip_prefix('_').unwrap_or(label), is_lower_alphanumeric, |c| matches!(c, b'-' | b'_'));
    if !is_subdomain(value, is_label) {
        let rule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
        wrong.push(regex_error(rule, UNDERSCORE_SUBDOMAIN_REGEX, &["example.com"]));
    }
    wrong
}

/// A label's key: a name, perhaps behind a DNS subdomain and a slash. Models `IsLabelKey`, alias `IsQualifiedName`.
pub fn label_key(value: &str) -> Vec<String> {
    let rule = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
    let examples = ["MyName", "my.name", "123-abc"];
    let (prefix, name) = match value.split_once('/') {
        None => (None, value),
        Some((prefix, name)) if !name.contains('/') => (Some(prefix), name),
        Some(_) => {
            let rule = regex_error(&format!("a valid label key {rule}"), KEY_REGEX, &examples);
            return vec![format!("{rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")];
        }
    };
    let mut wrong = match prefix {
        Some("") => vec!["prefix part must be non-empty".to_owned()],
        Some(prefix) => dns_subdomain(prefix).into_iter().map(|w| format!("prefix part {w}")).collect(),
        None => Vec::new(),
    };
    if name.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    }
    wrong.extend(too_long(name, LABEL_MAX, "bytes").into_iter().map(|w| format!("name part {w}")));
    if !is_label_text(name) {
        wrong.push(regex_error(&format!("name part {rule}"), KEY_REGEX, &examples));
    }
    wrong
}

/// A label's value; may be empty. Models `IsLabelValue`.
pub fn label_value(value: &str) -> Vec<String> {
    let mut wrong = too_long(value, LABEL_MAX, "bytes");
    if !value.is_empty() && !is_label_text(value) {
        let rule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
        wrong.push(regex_error(rule, VALUE_REGEX, &["MyValue", "my_value", "12345"]));
    }
    wrong
}

/// A key of a `ConfigMap` or a Secret. Models `IsConfigMapKey`.
pub fn config_key(value: &str) -> Vec<String> {
    let mut wrong = too_long(value, DNS_SUBDOMAIN_MAX, "characters");
    if value.is_empty() || !value.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.')) {
        let rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
        wrong.push(regex_error(rule, "[-._a-zA-Z0-9]+", &["key.name", "KEY_NAME", "key-name"]));
    }
    match value {
        "." => wrong.push("must not be '.'".to_owned()),
        ".." => wrong.push("must not be '..'".to_owned()),
        value if value.starts_with("..") => wrong.push("must not start with '..'".to_owned()),
        _ => {}
    }
    wrong
}

/// A port's name as IANA wants it. Models `IsValidPortName`.
pub fn port_name(value: &str) -> Vec<String> {
    let mut wrong = too_long(value, PORT_NAME_MAX, "characters");
    if value.is_empty() || !value.bytes().all(|c| is_lower_alphanumeric(c) || c == b'-') {
        wrong.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !value.bytes().any(|c| c.is_ascii_lowercase()) {
        wrong.push("must contain at least one letter (a-z)".to_owned());
    }
    if value.contains("--") {
        wrong.push("must not contain consecutive hyphens".to_owned());
    }
    if value.starts_with('-') || value.ends_with('-') {
        wrong.push("must not begin or end with a hyphen".to_owned());
    }
    wrong
}

/// A port number. Models `IsValidPortNum`.
pub fn port_number(value: i64) -> Vec<String> {
    in_range(value, 1, PORT_MAX)
}

/// A user or group id. Models `IsValidUserID` and `IsValidGroupID`.
pub fn user_id(value: i64) -> Vec<String> {
    in_range(value, 0, ID_MAX)
}

/// A whole number between two others, both included. Models `IsInRange`.
pub fn in_range(value: i64, least: i64, most: i64) -> Vec<String> {
    if (least..=most).contains(&value) { Vec::new() } else { vec![format!("must be between {least} and {most}, inclusive")] }
}

/// A percentage such as `25%`. Models `IsValidPercent`.
pub fn percent(value: &str) -> Vec<String> {
    let digits = value.strip_suffix('%').unwrap_or("");
    if !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit()) {
        return Vec::new();
    }
    vec![regex_error("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", &["1%", "93%"])]
}

/// The name of an environment variable. Models `IsRelaxedEnvVarName`.
pub fn environment_name(value: &str) -> Vec<String> {
    if value.is_empty() {
        return vec!["environment variable name must be non-empty".to_owned()];
    }
    if value.chars().all(|c| (' '..='~').contains(&c) && c != '=') {
        return Vec::new();
    }
    vec!["a valid environment variable name must consist only of printable ASCII characters other than '='".to_owned()]
}

/// The name of an HTTP header. Models `IsHTTPHeaderName`.
pub fn header_name(value: &str) -> Vec<String> {
    if !value.is_empty() && value.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-') {
        return Vec::new();
    }
    let rule = "a valid HTTP header must consist of alphanumeric characters or '-'";
    vec![regex_error(rule, "[-A-Za-z0-9]+", &["X-Header-Name"])]
}

/// One segment of a URL's path, such as a name in a reference. Models `IsValidPathSegmentName`.
pub fn path_segment(value: &str) -> Vec<String> {
    match value {
        "." | ".." => vec![format!("may not be '{value}'")],
        _ => ['/', '%'].iter().filter(|c| value.contains(**c)).map(|c| format!("may not contain '{c}'")).collect(),
    }
}

/// The path after the domain of a controller's name. Models the end of `IsDomainPrefixedPath`.
pub fn http_path(value: &str) -> Vec<String> {
    let fits = |c: u8| c.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&c);
    if value.bytes().all(fits) {
        return Vec::new();
    }
    vec![r"Invalid path (regex used for validation is '[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')".to_owned()]
}

/// An IP address. Models `IsValidIP`.
pub fn ip_address(value: &str) -> Vec<String> {
    let wrong = match (parse_ip(value), value.parse()) {
        (None, _) => "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
        (Some(_), Err(_)) => "must not have leading 0s",
        (_, Ok(IpAddr::V6(ip))) if ip.to_ipv4_mapped().is_some() => "must not be an IPv4-mapped IPv6 address",
        _ => return Vec::new(),
    };
    vec![wrong.to_owned()]
}

/// An IP address, read as leniently as Kubernetes reads stored objects: leading zeros in IPv4 are decimal.
pub fn parse_ip(value: &str) -> Option<IpAddr> {
    let plain: Vec<&str> = value.split('.').map(|part| part.trim_start_matches('0')).collect();
    let lenient = plain.iter().map(|part| if part.is_empty() { "0" } else { part }).collect::<Vec<_>>().join(".");
    let dotted = value.split('.').all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()));
    if dotted { lenient.parse().ok() } else { value.parse().ok() }
}

/// A range of IP addresses: one of them and the number of bits that they share.
pub fn parse_range(value: &str) -> Option<(IpAddr, u8)> {
    let (ip, bits) = value.split_once('/')?;
    let most = if ip.contains(':') { 128 } else { 32 };
    let length = bits.parse().ok().filter(|length| *length <= most && bits.bytes().all(|c| c.is_ascii_digit()))?;
    Some((parse_ip(ip)?, length))
}

/// A range of IP addresses. Models `IsValidCIDRForLegacyField`.
pub fn address_range(value: &str) -> Vec<String> {
    let parts = parse_range(value).and_then(|(address, length)| value.split_once('/').map(|(ip, bits)| (address, ip, bits, length)));
    let wrong = match parts {
        None => "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
        Some((_, ip, bits, _)) if ip.parse::<IpAddr>().is_err() || bits.len() > 1 && bits.starts_with('0') => {
            "must not have leading 0s in IP or prefix length"
        }
        Some((IpAddr::V6(ip), ..)) if ip.to_ipv4_mapped().is_some() => "must not have an IPv4-mapped IPv6 address",
        Some((ip, .., length)) if has_bits_beyond(ip, length) => "must not have bits set beyond the prefix length",
        _ => return Vec::new(),
    };
    vec![wrong.to_owned()]
}

/// An address as a number, and how many bits its family has.
pub fn bits_of(ip: IpAddr) -> (u128, u32) {
    match ip {
        IpAddr::V4(ip) => (u128::from(ip.to_bits()), 32),
        IpAddr::V6(ip) => (ip.to_bits(), 128),
    }
}

fn has_bits_beyond(ip: IpAddr, length: u8) -> bool {
    let (bits, width) = bits_of(ip);
    let free = width - u32::from(length);
    bits & 1_u128.checked_shl(free).map_or(u128::MAX, |bit| bit - 1) != 0
}

/// A rule's sentence with the expression it checks. The odd spacing of the examples is Kubernetes'. Models `RegexError`.
fn regex_error(rule: &str, regex: &str, examples: &[&str]) -> String {
    let examples: Vec<String> = examples.iter().map(|e| format!("'{e}', ")).collect();
    format!("{rule} (e.g. {} regex used for validation is '{regex}')", examples.join(" or ").trim_end())
}

fn too_long(value: &str, most: usize, unit: &str) -> Vec<String> {
    if value.len() > most { vec![format!("must be no more than {most} {unit}")] } else { Vec::new() }
}

fn is_lower_alphanumeric(c: u8) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// Whether a text starts and ends with characters of one set and has these or some others in between.
fn is_framed(value: &str, frame: fn(u8) -> bool, between: fn(u8) -> bool) -> bool {
    let bytes = value.as_bytes();
    bytes.first().is_some_and(|c| frame(*c)) && bytes.last().is_some_and(|c| frame(*c)) && bytes.iter().all(|c| frame(*c) || between(*c))
}

fn is_dns_label(value: &str) -> bool {
    is_framed(value, is_lower_alphanumeric, |c| c == b'-')
}

fn is_subdomain(value: &str, is_label: impl Fn(&str) -> bool) -> bool {
    value.split('.').all(is_label)
}

fn is_label_text(value: &str) -> bool {
    is_framed(value, |c| c.is_ascii_alphanumeric(), |c| matches!(c, b'-' | b'_' | b'.'))
}
