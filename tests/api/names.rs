//! The rules for names, labels, addresses and the like.

use ordinal::api::names::{
    DNS_LABEL_MAX, NameRule, address_range, config_key, dns_label, dns_search_path, environment_name, header_name, ip_address, label_key,
    label_value, path_segment, percent, port_name,
};

fn check(rule: NameRule, good: &[&str], bad: &[(&str, &[&str])]) {
    for value in good {
        assert_eq!(rule(value), Vec::<String>::new(), "{value}");
    }
    for (value, starts) in bad {
        let wrong = rule(value);
        assert_eq!(wrong.len(), starts.len(), "{value}: {wrong:?}");
        for (wrong, start) in wrong.iter().zip(*starts) {
            assert!(wrong.starts_with(start), "{value}: {wrong}");
        }
    }
}

#[test]
fn a_dns_label_is_told_what_is_wrong_with_it() {
    let long = "w".repeat(DNS_LABEL_MAX + 1);
    check(
        dns_label,
        &["a", "0-a", "web-0"],
        &[
            ("", &["a lowercase RFC 1123 label"]),
            ("a.b", &["must not contain dots"]),
            ("A.b", &["a lowercase RFC 1123 label"]),
            ("-a", &["a lowercase RFC 1123 label"]),
            (&long, &["must be no more than 63 characters"]),
        ],
    );
}

#[test]
fn a_label_key_has_at_most_one_prefix() {
    check(
        label_key,
        &["app", "a.b/C_d", "app.kubernetes.io/name"],
        &[
            ("", &["name part must be non-empty", "name part must consist"]),
            ("/a", &["prefix part must be non-empty"]),
            ("A_/a", &["prefix part a lowercase RFC 1123 subdomain"]),
            ("a/b/c", &["a valid label key must consist"]),
            ("a b", &["name part must consist"]),
        ],
    );
}

#[test]
fn a_port_name_breaks_each_rule_by_itself() {
    check(
        port_name,
        &["http", "p0"],
        &[
            ("80", &["must contain at least one letter"]),
            ("This_is_toolongname", &["must be no more than 15 characters", "must contain only"]),
            ("-a--b-", &["must not contain consecutive hyphens", "must not begin or end"]),
        ],
    );
}

#[test]
fn examples_are_joined_with_two_spaces_before_or() {
    let expected = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
    assert_eq!(percent("abc"), [expected]);
    assert_eq!(percent("%"), [expected]);
    assert!(percent("5%").is_empty());
}

#[test]
fn other_texts_follow_their_own_rules() {
    check(config_key, &["a.b", "KEY_1"], &[("a b", &["a valid config key"]), ("..", &["must not be '..'"]), ("..a", &["must not start"])]);
    check(label_value, &["", "a_b.C"], &[("a b", &["a valid label must be"])]);
    check(environment_name, &["a b", "A.B"], &[("a=b", &["a valid environment"]), ("é", &["a valid environment"])]);
    check(
        ip_address,
        &["10.0.0.1", "::1"],
        &[
            ("none", &["must be a valid IP"]),
            ("10.0.0", &["must be a valid IP"]),
            ("010.0.0.1", &["must not have leading 0s"]),
            ("::ffff:1.2.3.4", &["must not be an IPv4-mapped"]),
        ],
    );
    check(
        address_range,
        &["10.0.0.0/8", "::/0", "1.2.3.4/32"],
        &[
            ("10.0.0.0", &["must be a valid CIDR"]),
            ("10.0.0.0/33", &["must be a valid CIDR"]),
            ("010.0.0.0/8", &["must not have leading 0s"]),
            ("10.0.0.1/8", &["must not have bits set beyond"]),
        ],
    );
    check(
        dns_search_path,
        &["_a.b", "a-b"],
        &[("a..b", &["a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_'"])],
    );
    check(path_segment, &["web"], &[("a/b%", &["may not contain '/'", "may not contain '%'"]), ("..", &["may not be '..'"])]);
    check(header_name, &["X-A"], &[("X A", &["a valid HTTP header"])]);
}
