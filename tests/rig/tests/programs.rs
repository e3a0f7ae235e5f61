//! `replay` and `laws`, run as a person runs them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Two nodes have one single-writer volume attached, because somebody wrote both attachments by hand.
const TWO_NODES: &str = "
apiVersion: v1
kind: PersistentVolume
metadata: {name: one}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  csi: {driver: disk.example.com, volumeHandle: one}
---
apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: {name: first}
spec: {attacher: disk.example.com, nodeName: node-1, source: {persistentVolumeName: one}}
---
apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: {name: second}
spec: {attacher: disk.example.com, nodeName: node-2, source: {persistentVolumeName: one}}
";

/// Replays a scenario that applies a manifest; returns what the program said and the folder it wrote into.
fn replayed(name: &str, manifest: &str, plane: &str, steps: &str) -> (Output, PathBuf) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    let indented = manifest.lines().collect::<Vec<_>>().join("\n    ");
    let file = folder.join("scenario.yaml");
    fs::write(&file, format!("name: {name}\nplane: {plane}\nfiles:\n  manifest.yaml: |\n    {indented}\nsteps: [{steps}]\n")).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_replay")).arg(&file).arg(&folder).output().unwrap();
    (run, folder)
}

#[test]
fn a_replay_that_breaks_a_law_says_so_and_is_written_all_the_same() {
    for (name, plane, steps) in [
        ("steps", "default", "{kubectl: apply -f manifest.yaml}, {sleep: 1}"),
        ("typed", "playground", "{at: 1, type: kubectl apply -f manifest.yaml}, {sleep: 1}"),
    ] {
        for (manifest, code, says) in [(TWO_NODES, 1, true), (TWO_NODES.split("---").next().unwrap(), 0, false)] {
            let (run, folder) = replayed(&format!("broken-{name}-{code}"), manifest, plane, steps);
            let said = String::from_utf8_lossy(&run.stderr);
            assert_eq!(run.status.code(), Some(code), "{name}: {said}");
            assert_eq!(said.contains("VolumeAttachment second breaks OneNodePerVolume"), says, "{name}: {said}");
            for (written, what) in [("trace.jsonl", "pv.created"), ("kubectl.json", "persistentvolume/one created")] {
                let text = fs::read_to_string(folder.join(written)).unwrap();
                assert!(text.contains(what), "{name}: {written}: {text}");
            }
        }
    }
}

#[test]
fn the_programs_explain_themselves() {
    for program in [env!("CARGO_BIN_EXE_replay"), env!("CARGO_BIN_EXE_laws")] {
        let run = Command::new(program).arg("--help").output().unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.starts_with("usage: ") && said.contains("exit codes: "), "{program}: {said}");
    }
}

#[test]
fn what_cannot_be_played_is_said_and_ends_with_exit_code_2() {
    let folder = std::env::temp_dir().join(format!("ordinal-replay-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).unwrap();
        folder.join(name).to_str().unwrap().to_owned()
    };
    let out = folder.join("out/").to_str().unwrap().to_owned();
    let steps = |steps: &str| format!("name: x\nsteps:\n{steps}\n");
    let good = write("good.yaml", &steps("- note: well"));
    for (args, code, says) in [
        (vec![good.as_str(), &out], 0, ""),
        (vec![], 2, "nothing to play"),
        (vec!["--fast", &good, &out], 2, "unknown option --fast"),
        (vec!["--release-version", "1.12", &good, &out], 2, "no release 1.12 is modelled"),
        (vec!["nowhere.yaml", &out], 2, "nowhere.yaml"),
        (vec![&write("step.yaml", &steps("- sing: loud")), &out], 2, "unknown field `sing`"),
        (vec![&write("fault.yaml", &steps("- fault: {op: meteor}")), &good, &out], 2, "unknown variant `meteor`"),
        (vec![&write("name.yaml", &steps("- kubectl: get pod ${nobody}")), &out], 2, "${nobody}"),
        (vec![&write("stop.yaml", &steps("- stop: nothing")), &out], 2, "no background command is named `nothing`"),
        (vec![&write("long.yaml", &steps("- sleep: 100000000")), &out], 2, "the scenario lasts longer than"),
        (vec!["--cases", &write("cases.jsonl", "{}"), &out], 2, "missing field `id`"),
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_replay")).args(&args).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?} says {said}");
    }
    assert!(folder.join("out/good/trace.jsonl").exists(), "one that cannot be played stops no other");
    fs::remove_dir_all(folder).unwrap();
}
