//! Dates and ages, as descriptions and tables have them.

use base::time::Time;

use crate::sessions::run;
use plugged::fake::Fake;

/// What a command says of a set that was created at this instant, at 08:24:00.
fn said(created: &str, line: &str) -> String {
    let mut fake = Fake::with(&format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: x, namespace: default, creationTimestamp: \"{created}\"}}\nspec: \
         {{serviceName: x}}\n"
    ));
    fake.now = Time::parse_rfc3339("2026-11-20T08:24:00Z").expect("an instant");
    run(&mut fake, line)
}

#[test]
fn dates_and_ages_read_as_kubectl_prints_them() {
    for (stamp, date) in [
        ("2026-11-20T08:23:54Z", "Fri, 20 Nov 2026 08:23:54 +0000"),
        ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"),
        ("", "Mon, 01 Jan 0001 00:00:00 +0000"),
    ] {
        let described = said(stamp, "describe sts x");
        let created = described.lines().find_map(|line| line.strip_prefix("CreationTimestamp:"));
        assert_eq!(created.map(str::trim), Some(date), "{described}");
    }
    for (stamp, age) in [("2026-11-20T08:23:54Z", "6s"), ("2026-11-20T08:25:54Z", "<invalid>"), ("", "<unknown>")] {
        let row = said(stamp, "get sts x --no-headers");
        assert_eq!(row.split_whitespace().last(), Some(age), "{row}");
    }
}
