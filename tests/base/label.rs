//! Label selectors: read, refused, matched.

use ordinal::base::label::LabelSelector;
use ordinal::base::value::Value;

fn parse(text: &str) -> Result<LabelSelector, String> {
    let rule = |text: &str| if text.starts_with('-') { vec!["must not".to_owned()] } else { Vec::new() };
    LabelSelector::parse(text, &rule, &rule)
}

#[test]
fn selectors_are_read_and_refused_in_the_real_words() {
    for line in include_str!("../data/selectors.txt").lines() {
        let (text, want) = line.rsplit_once('\t').expect("two columns");
        let ours = parse(text).map_or_else(|e| format!("error: {e}"), |s| s.to_string());
        assert_eq!(ours, want, "{text:?}");
    }
}

#[test]
fn an_invalid_label_is_named_with_its_rule() {
    for (text, want) in [
        ("-a=b", "unable to parse requirement: <nil>: Invalid value: \"-a\": must not"),
        ("a=-b", "unable to parse requirement: values[0][a]: Invalid value: \"-b\": must not"),
        (
            "a in (-b,-c)",
            "unable to parse requirement: [values[0][a]: Invalid value: \"-b\": must not, values[1][a]: Invalid value: \"-c\": must not]",
        ),
    ] {
        assert_eq!(parse(text), Err(want.to_owned()), "{text}");
    }
}

#[test]
fn labels_match_or_not() {
    let label = |key: &str| [("app", "nginx"), ("n", "5"), ("empty", "")].iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
    for (text, want) in [
        ("", true),
        ("app=nginx", true),
        ("app==nginx,n", true),
        ("app!=nginx", false),
        ("other!=x", true),
        ("app in (a,nginx)", true),
        ("app notin (a,nginx)", false),
        ("other notin (a)", true),
        ("!app", false),
        ("!other", true),
        ("n>4,n<6", true),
        ("n>5", false),
        ("app>1", false),
        ("empty=", true),
        ("empty in ()", true),
    ] {
        assert_eq!(parse(text).unwrap().matches(label), want, "{text}");
    }
}

#[test]
fn a_selector_field_is_read() {
    let expression = Value::of([("key", Value::from("n")), ("operator", "In".into()), ("values", Value::list(["5"]))]);
    let absent = Value::of([("key", "a"), ("operator", "DoesNotExist")]);
    let value = Value::of([("matchLabels", Value::of([("app", "nginx")])), ("matchExpressions", Value::list([expression, absent]))]);
    assert_eq!(LabelSelector::of_value(&value).unwrap().to_string(), "!a,app=nginx,n in (5)");
    assert_eq!(LabelSelector::of_value(&Value::Null), None);
}
