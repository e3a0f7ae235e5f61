//! Dates and ages, as descriptions and tables have them.

use ordinal::base::time::Time;

use crate::kubectl::fake::Fake;
use crate::kubectl::sessions::run;

/// What a command says of a pod with these two instants, at 08:24:00.
fn said(created: &str, started: &str, line: &str) -> String {
    let mut fake = Fake::with(&format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: x, namespace: default, creationTimestamp: \"{created}\"}}\nspec: {{containers: [{{name: \
         c, image: i}}]}}\nstatus: {{startTime: \"{started}\"}}\n"
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
        let described = said("2026-11-20T08:23:54Z", stamp, "describe pod x");
        let started = described.lines().find_map(|line| line.strip_prefix("Start Time:"));
        assert_eq!(started.map(str::trim), Some(date), "{described}");
    }
    for (stamp, age) in [("2026-11-20T08:23:54Z", "6s"), ("2026-11-20T08:25:54Z", "<invalid>"), ("", "<unknown>")] {
        let row = said(stamp, stamp, "get pod x --no-headers");
        assert_eq!(row.split_whitespace().last(), Some(age), "{row}");
    }
}
