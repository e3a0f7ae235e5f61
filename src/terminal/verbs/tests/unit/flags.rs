//! Flags: their forms, their values, and pflag's complaints.

use base::time::Span;
use kubectl::commands::resolve::resolve;
use kubectl::output::{Output, Stream};

/// The call of a line. A macro, as the type of a call has no name outside of its crate.
macro_rules! call {
    ($line:expr) => {
        resolve(&$line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    };
}

/// What is complained about in a line.
fn complaint(line: &str) -> String {
    let mut output = Output::default();
    call!(line).expect_err(line).print(&mut output);
    output.text(Stream::Err)
}

#[test]
fn integers_are_read_in_go_s_notations() {
    for (text, want) in [
        ("3", Ok(3)),
        ("+3", Ok(3)),
        ("-0x3", Ok(-3)),
        ("0X1f", Ok(31)),
        ("0b11", Ok(3)),
        ("0o7", Ok(7)),
        ("010", Ok(8)),
        ("0", Ok(0)),
        ("1_000", Ok(1000)),
        ("0x_f", Ok(15)),
        ("_1", Err("invalid syntax")),
        ("1__0", Err("invalid syntax")),
        ("1_", Err("invalid syntax")),
        ("08", Err("invalid syntax")),
        ("0x", Err("invalid syntax")),
        ("--3", Err("invalid syntax")),
        ("", Err("invalid syntax")),
        ("9223372036854775808", Err("value out of range")),
    ] {
        let line = format!("scale sts/web --replicas={text}");
        match want {
            Ok(number) => assert_eq!(call!(line).unwrap().flags.int("replicas"), Some(number), "{text}"),
            Err(why) => {
                let said = complaint(&line);
                assert!(said.contains(&format!("strconv.ParseInt: parsing {text:?}: {why}\n")), "{text}: {said}");
            }
        }
    }
    assert_eq!(call!("scale sts/web --replicas=0x3").unwrap().flags.text("replicas"), Some("3"));
}

#[test]
fn flags_stand_anywhere_in_any_form() {
    for line in [
        "get pods -o wide",
        "get -owide pods",
        "get --output=wide pods",
        "get pods --output wide",
        "get -wo=wide pods",
        "get -Awowide pods",
    ] {
        let call = call!(line).unwrap();
        assert_eq!((call.args.as_slice(), call.flags.text("output")), (&["pods".to_owned()][..], Some("wide")), "{line}");
    }
    let call = call!("get -f a,b x --filename=c -- -o wide").unwrap();
    assert_eq!(call.flags.list("filename"), ["a", "b", "c"]);
    assert_eq!((call.args.len(), call.dash), (3, Some(1)));
    assert!(call!("get --watch=false").unwrap().flags.off("watch"));
    assert_eq!(call!("delete --cascade x").unwrap().flags.text("cascade"), Some("background"));
    assert_eq!(call!("delete --timeout=1m30s").unwrap().flags.duration("timeout"), Some(Span::seconds(90)));
}

#[test]
fn complaints_are_those_of_pflag() {
    for (line, want) in [
        ("get --foo", "unknown flag: --foo"),
        ("get -wZ", "unknown shorthand flag: 'Z' in -Z"),
        ("get pods -o", "flag needs an argument: 'o' in -o"),
        ("get --output", "flag needs an argument: --output"),
        ("get --=x", "bad flag syntax: --=x"),
        ("get ---x", "bad flag syntax: ---x"),
        ("scale --replicas=x", r#"invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax"#),
        (
            "scale --replicas=99999999999999999999",
            r#"invalid argument "99999999999999999999" for "--replicas" flag: strconv.ParseInt: parsing "99999999999999999999": value out of range"#,
        ),
        ("get -w=x", r#"invalid argument "x" for "-w, --watch" flag: strconv.ParseBool: parsing "x": invalid syntax"#),
        ("scale --timeout=5", r#"invalid argument "5" for "--timeout" flag: time: missing unit in duration "5""#),
        ("scale --timeout=5y", r#"invalid argument "5y" for "--timeout" flag: time: unknown unit "y" in duration "5y""#),
        ("scale --timeout=x", r#"invalid argument "x" for "--timeout" flag: time: invalid duration "x""#),
    ] {
        let verb = line.split(' ').next().unwrap_or_default();
        assert_eq!(complaint(line), format!("error: {want}\nSee 'kubectl {verb} --help' for usage.\n"), "{line}");
    }
}
