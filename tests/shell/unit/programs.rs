//! Which programs there are, and whether the tables of them agree.

use ordinal::shell::programs::{Dialect, Places, is_builtin, is_builtin_lacking, is_lacking, is_simulated, meant};

use super::tools;
use crate::tables::table;

#[test]
fn a_slip_of_the_keyboard_finds_the_program_that_was_meant() {
    for (name, want) in [
        ("kuberctl", Some("kubectl")),
        ("nslook^up", Some("nslookup")),
        ("crul", None),
        ("cur", Some("curl")),
        ("kubectl", None),
        ("bash", None),
        ("vi", None),
        ("helm", None),
    ] {
        assert_eq!(meant(name), want, "{name}");
    }
}

#[test]
fn shells_are_known_by_name_and_by_path() {
    for (program, dialect) in [
        ("sh", Some(Dialect::Sh)),
        ("/bin/ash", Some(Dialect::Sh)),
        ("/usr/bin/dash", Some(Dialect::Sh)),
        ("/usr/local/bin/bash", Some(Dialect::Bash)),
        ("rbash", Some(Dialect::Bash)),
        ("/opt/notbash", None),
        ("./sh", None),
        ("", None),
    ] {
        assert_eq!(Dialect::of(program), dialect, "{program}");
    }
}

/// The places by name, of which those of several consist.
const PLACES: [(&str, &[Places]); 9] = [
    ("DESK", &[Places::DESK]),
    ("DEBIAN", &[Places::DEBIAN]),
    ("BUSYBOX", &[Places::BUSYBOX]),
    ("BIND", &[Places::BIND]),
    ("SH", &[Places::SH]),
    ("BASH", &[Places::BASH]),
    ("IMAGES", &[Places::DEBIAN, Places::BUSYBOX]),
    ("EVERYWHERE", &[Places::DESK, Places::DEBIAN, Places::BUSYBOX]),
    ("SHELLS", &[Places::SH, Places::BASH]),
];

/// The rows of the table of programs as the source has them: where they are found, at which single places, and their names.
fn rows() -> Vec<(String, Vec<Places>, Vec<String>)> {
    let source = table("src/model/shell/programs.rs", "static ROWS");
    let row = |text: &str| {
        let (home, rest) = text.split_once(',').expect("a home");
        let (at, names) = rest.split_once('"').expect("places");
        let at = at.split("Places::").skip(1).map(|place| place.split([',', '.', ')']).next().unwrap_or(""));
        let at = at.flat_map(|name| PLACES.iter().find(|(known, _)| *known == name).expect("a place").1).copied().collect();
        let names = names.split_once('"').expect("names").0.split("\\\n").map(str::trim_start).collect::<String>();
        (home.to_owned(), at, names.split(' ').map(str::to_owned).collect())
    };
    source.split("Home::").skip(1).map(row).collect()
}

#[test]
fn no_place_has_a_name_twice() {
    let (rows, tools) = (rows(), tools::names());
    for (kind, homes) in [("files", ["File", "FileLacking"]), ("commands", ["Shell", "ShellLacking"])] {
        let mut seen: Vec<(&str, Places)> = Vec::new();
        for (home, places, names) in rows.iter().filter(|row| homes.contains(&row.0.as_str())) {
            for (name, at) in names.iter().flat_map(|name| places.iter().map(move |at| (name.as_str(), *at))) {
                assert!(!name.is_empty() && !seen.contains(&(name, at)), "{name}, {at:?}");
                assert!(kind == "commands" || !tools.iter().any(|tool| tool == name), "{name} is a tool");
                let found = match home.as_str() {
                    "File" => is_simulated(name, at) && !is_lacking(name, at),
                    "FileLacking" => is_lacking(name, at) && !is_simulated(name, at),
                    "Shell" => is_builtin(name, at) && !is_builtin_lacking(name),
                    _ => is_builtin(name, at) && is_builtin_lacking(name),
                };
                assert!(found, "{name}, {at:?}: not the table that is asked");
                seen.push((name, at));
            }
        }
        assert!(seen.len() > 50, "{kind}: {}", seen.len());
    }
}
