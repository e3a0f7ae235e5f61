//! Tests that each offered pair of variants comes to differ as intended, and that the page names the difference.

use super::*;
use crate::preset::Preset;
use ordinal::api::release::V1_34;
use ordinal::playground::history::{Act, History, Variant};
use ordinal::sim::Setup;
use ordinal::view::compare::{Side, branches};
use ordinal::view::{actions, cluster};

/// All rows of the comparison table, at the instant to which a preset runs.
fn rows(preset: Preset) -> Vec<[String; 3]> {
    rows_of(EXAMPLE, preset, &[])
}

/// The same of a manifest, with lines that are typed at the end.
fn rows_of(manifest: &str, preset: Preset, lines: &[&str]) -> Vec<[String; 3]> {
    let mut run = History::new(&Setup::default(), manifest, LANG);
    run.act(Act::Line(command::apply()), LANG);
    run.run_until_quiet(|| true);
    let [left, right] = preset.sides();
    let (left_of, right_of) = (|text: &str| left.of(text), |text: &str| right.of(text));
    let release = run.branch().release;
    let variants = [
        Variant { release: left.release.unwrap_or(release), manifest: &left_of },
        Variant { release: right.release.unwrap_or(release), manifest: &right_of },
    ];
    assert_eq!(run.vary(&variants, || true), Some(preset != Preset::Edit));
    run.run_until_quiet(|| true);
    if matches!(preset, Preset::Partition | Preset::Release | Preset::Next | Preset::On(_)) {
        let drawn = cluster::project(&run.present().snapshot(LANG), Some(&web_name()));
        let line = drawn.object.as_ref().and_then(actions::roll_out).expect("a set has an image");
        run.act(Act::Line(line), LANG);
        run.run_until_quiet(|| true);
    }
    for line in lines {
        run.act(Act::Line((*line).to_owned()), LANG);
        run.run_until_quiet(|| true);
    }
    let (_, there) = run.beside().expect("a twin");
    let side = |state| -> Side { Side { label: String::new(), shot: Playground::snapshot(state, LANG), lives: state.lives() } };
    branches(&[side(run.present()), side(there)], Some(&web_name()), LANG.text()).map_or(Vec::new(), |table| table.rows)
}

#[test]
fn each_preset_shows_what_it_is_offered_for() {
    let cases: [(Preset, &[[&str; 3]]); 5] = [
        (Preset::Partition, &[["Latest revision", "1 of 3", "3 of 3"], ["Replaced", "web-2", "web-2, web-1, web-0"]]),
        (Preset::Policy, &[["Coming up", "one at a time", "3 at once"]]),
        (
            Preset::Release,
            &[
                ["Missing at once (not by you)", "2 at once", "one at a time"],
                ["spec.updateStrategy.rollingUpdate.maxUnavailable", "2, from the manifest", "dropped; the manifest says 2"],
            ],
        ),
        (Preset::Next, &[["Missing at once (not by you)", "2 at once", "one at a time"]]),
        (Preset::Edit, &[]),
    ];
    for (preset, wanted) in cases {
        let found = rows(preset);
        for row in wanted {
            assert!(found.iter().any(|found| found == row), "{preset:?}: {row:?} is not in {found:?}");
        }
        assert_eq!(wanted.is_empty(), found.is_empty(), "{preset:?}: {found:?}");
    }
}

#[test]
fn three_manifests_come_to_differ_between_1_34_and_1_37() {
    let parallel = EXAMPLE.replace("OrderedReady", "Parallel").replace(":1.27", ":broken");
    let cases: [(String, &[&str], &[[&str; 3]]); 3] = [
        (
            EXAMPLE.replace("partition: 0", "maxUnavailable: 2"),
            &[],
            &[
                ["spec.updateStrategy.rollingUpdate.maxUnavailable", "2, from the manifest", "dropped; the manifest says 2"],
                ["Missing at once (not by you)", "2 at once", "one at a time"],
            ],
        ),
        (
            EXAMPLE.replace("type: RollingUpdate\n    rollingUpdate:\n      partition: 0", "type: OnDelete"),
            &["kubectl delete pods --all"],
            &[["status.currentReplicas", "3", "—"]],
        ),
        (parallel, &["kubectl set image sts/web nginx=nginx:1.28"], &[["Missing at once (not by you)", "3 at once", "one at a time"]]),
    ];
    for (manifest, lines, wanted) in cases {
        let found = rows_of(&manifest, Preset::On(&V1_34), lines);
        for row in wanted {
            assert!(found.iter().any(|found| found == row), "{row:?} is not in {found:#?}");
        }
    }
}
