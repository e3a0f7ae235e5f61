//! What the scenes make of a manifest of one's own.

use ordinal::base::time::Span;
use ordinal::playground::EXAMPLE;
use ordinal::playground::fate::{Fate, Fates, Trying};
use ordinal::text::Lang;

fn fates(manifest: &str) -> Vec<Fates> {
    let mut trying = Trying::begin(manifest, Lang::English).expect("a set");
    assert!(trying.go_on(&mut || true));
    trying.fates().to_vec()
}

/// The fates of the first set, without how long they took.
fn words(manifest: &str) -> Vec<&'static str> {
    let word = |fate: &Fate| match fate {
        Fate::Kept(_) => "kept",
        Fate::Lost(_) => "lost",
        Fate::Empty(_) => "empty",
        Fate::Nobody(_) => "nobody",
    };
    fates(manifest)[0].told.iter().map(word).collect()
}

#[test]
fn a_set_keeps_its_disks_and_waits_for_a_node_without_power() {
    let all = fates(EXAMPLE);
    assert_eq!((all.len(), &*all[0].pod), (1, "web-1"));
    assert_eq!(words(EXAMPLE), ["kept", "nobody", "kept", "kept"]);
    assert!(matches!(all[0].told[0], Fate::Kept(took) if took < Span::seconds(60)), "{all:?}");
}

#[test]
fn what_a_manifest_says_of_its_disks_and_updates_decides() {
    let (claims, mounts) = (
        EXAMPLE.find("  volumeClaimTemplates").expect("claims"),
        "        volumeMounts:\n        - name: data\n          mountPath: /data\n",
    );
    let bare = EXAMPLE[..claims].replace(mounts, "");
    assert_eq!(words(&bare), ["empty", "nobody", "empty", "empty"]);
    let policy = "  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Retain}\n  replicas: 3";
    assert_eq!(words(&EXAMPLE.replace("  replicas: 3", policy)), ["kept", "nobody", "lost", "kept"]);
    let on_delete = EXAMPLE.replace("    type: RollingUpdate\n    rollingUpdate:\n      partition: 0\n", "    type: OnDelete\n");
    assert_eq!(words(&on_delete), ["kept", "nobody", "kept", "nobody"]);
    assert_eq!(words(&EXAMPLE.replace("replicas: 3", "replicas: 1")), ["kept", "nobody", "kept", "kept"]);
}

#[test]
fn what_does_not_come_up_or_is_no_set_has_no_fate() {
    assert!(Trying::begin("kind: nonsense", Lang::English).is_none());
    let stuck = EXAMPLE.replace("path: /, port: 80", "path: /, port: 81");
    assert_eq!(words(&stuck), Vec::<&str>::new());
}

/// As much at a time as there is time for comes to the same.
#[test]
fn in_slices_the_fates_are_the_same() {
    let mut trying = Trying::begin(EXAMPLE, Lang::English).expect("a set");
    let (mut slices, mut left) = (0, 0);
    while !trying.go_on(&mut || {
        left -= 1;
        left > 0
    }) {
        (slices, left) = (slices + 1, 2);
    }
    assert!(slices > 10, "{slices}");
    assert_eq!(trying.fates(), fates(EXAMPLE));
}
