//! `diff`: what an apply would change.
//!
//! Models k8s.io/kubectl/pkg/cmd/diff/diff.go and the output of `diff -u -N`.

use std::fmt::Write;

use crate::api::client::{Patch, Subresource, WriteOptions};
use crate::api::kind::Kind;
use crate::api::managed::MANAGED_FIELDS;
use crate::base::sorted::SortedMap;
use crate::base::value::{Map, Value};
use crate::kubectl::applied::remembering;
use crate::kubectl::beside::beside;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::Step;
use crate::kubectl::manifests::{self, Manifest};
use crate::kubectl::session::Session;
use crate::kubectl::verbs::apply::{patch_of, warn_if_terminating, without_patch};
use crate::kubectl::verbs::write::DryRun;
use crate::kubectl::view::{self, LAST_APPLIED, map_at};
use crate::yaml;

/// Lines around a change that are shown with it.
const CONTEXT: usize = 3;

/// The exit code that says that there are differences.
const DIFFERENT: i32 = 1;

/// The exit code that says that there is no telling.
const FAILED: i32 = 2;

/// Runs the command.
pub fn diff(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    match compare(call, session) {
        Err(failure) if failure != Failure::Exit(DIFFERENT) => Err(Failure::Exit(failure.print(session.output).max(FAILED))),
        other => other,
    }
}

fn compare(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if !manifests::are_given(call) {
        return Err(Failure::client("must specify one of -f and -k"));
    }
    if call.flags.on("show-managed-fields") && !call.flags.on("server-side") {
        return Err(Failure::not_simulated_with("diff", "--show-managed-fields"));
    }
    // As in a folder: an object that is given twice is there once, and the names are in order.
    let mut files = SortedMap::new();
    for manifest in manifests::read(call, session, false)? {
        let mut manifest = manifest?;
        let (live, merged) = sides(call, session, &mut manifest)?;
        let version = manifest.kind.api_version().replace('/', ".");
        let file = format!("{version}.{}.{}.{}", manifest.kind.info().name, manifest.namespace, manifest.name);
        let is_secret = manifest.kind == Kind::Secret && !call.flags.on("show-secrets");
        files.insert(
            file,
            if is_secret { masked(live, merged) } else { (live.as_ref().map(yaml::print).unwrap_or_default(), yaml::print(&merged)) },
        );
    }
    let mut differs = false;
    for (file, (live, merged)) in &files {
        let hunks = unified(live, merged);
        if !hunks.is_empty() {
            session.output.line(format!("diff -u -N LIVE/{file} MERGED/{file}\n--- LIVE/{file}\n+++ MERGED/{file}"));
            session.output.out(hunks);
            differs = true;
        }
    }
    if differs { Err(Failure::Exit(DIFFERENT)) } else { Ok(Step::Done) }
}

/// The object as it is, and as it would be. Models InfoObject Merged.
fn sides(call: &Call, session: &mut Session, manifest: &mut Manifest) -> Result<(Option<Value>, Value), Failure> {
    let Manifest { kind, namespace, name, source, .. } = &*manifest;
    let live = match session.get(*kind, namespace, name) {
        Ok(live) => Some(live),
        Err(failure) if failure.is_not_found() => None,
        Err(failure) => return Err(failure),
    };
    let options = DryRun::Server.options(call);
    if call.flags.on("server-side") {
        let options = WriteOptions { force: call.flags.on("force-conflicts"), ..options };
        let written = session.client.apply(*kind, namespace, name, &manifest.object, &options)?;
        session.warn_all(&written);
        let (mut live, mut merged) = (live, written.object);
        if call.flags.on("show-managed-fields") {
            if let Some(live) = &mut live {
                session.name_managers(live);
            }
            merged.set(&MANAGED_FIELDS, written.managers);
        }
        return Ok((live, merged));
    }
    let Some(live) = live else {
        manifests::forgive(manifest, session);
        let written = session.client.create(manifest.kind, &manifest.namespace, &manifest.object, &options).map_err(Failure::Server)?;
        session.warn_all(&written);
        return Ok((None, written.object));
    };
    // What was applied last is not brought up to date, so that it is the same on both sides. The annotations themselves stay, as apply
    // would have them: without, the patch would take them away.
    let mut modified = remembering(&manifest.object);
    modified.remove(&["metadata", "annotations", LAST_APPLIED]);
    let mut patch = patch_of(manifest, &modified, &live).map_err(|error| Failure::client(without_patch(&modified, &live, &error)))?;
    // Whatever version the file names, it is the live object that is compared.
    patch.set(&["metadata", "resourceVersion"], view::text(&live, &["metadata", "resourceVersion"]));
    let written = session.client.patch(*kind, namespace, name, Patch::strategic(&patch), Subresource::None, &options);
    let written = written.map_err(|status| Failure::Server(status).from_source("patching", source))?;
    session.warn_all(&written);
    warn_if_terminating(session, name, &live);
    Ok((Some(live), written.object))
}

/// The two sides of a Secret, as texts in which stars tell only where values differ. Models diff.go Masker.
fn masked(live: Option<Value>, merged: Value) -> (String, String) {
    let data = |side: Option<&Value>| side.and_then(|s| map_at(s, &["data"])).cloned().unwrap_or_default();
    let (before, after) = (data(live.as_ref()), data(Some(&merged)));
    let hidden = |mut side: Value, own: &Map, other: &Map, mark: &str| {
        for (key, value) in own.iter() {
            let changes = other.get(key).is_some_and(|o| o != value);
            side.set(&["data", key], if changes { format!("*** ({mark})") } else { "***".to_owned() });
        }
        yaml::print(&side)
    };
    let live = live.map_or_else(|| "null\n".to_owned(), |live| hidden(live, &before, &after, "before"));
    (live, hidden(merged, &after, &before, "after"))
}

/// One line of two texts laid beside each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Both(&'a str),
    Old(&'a str),
    New(&'a str),
}

/// The differences of two texts, with line numbers and context; empty where there are none.
fn unified(old: &str, new: &str) -> String {
    let lines = laid(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
    let changed: Vec<usize> = (0..lines.len()).filter(|i| !matches!(lines[*i], Line::Both(_))).collect();
    let (mut out, mut shown, mut before) = (String::new(), 0, (0, 0));
    for near in changed.chunk_by(|one, next| next - one <= 2 * CONTEXT + 1) {
        let start = near[0].saturating_sub(CONTEXT);
        let end = (near[near.len() - 1] + CONTEXT + 1).min(lines.len());
        before = added(before, counts(&lines[shown..start]));
        let inside = counts(&lines[start..end]);
        let _ = writeln!(out, "@@ -{} +{} @@", range(before.0, inside.0), range(before.1, inside.1));
        for line in &lines[start..end] {
            let (sign, text) = match line {
                Line::Both(text) => (' ', text),
                Line::Old(text) => ('-', text),
                Line::New(text) => ('+', text),
            };
            let _ = writeln!(out, "{sign}{text}");
        }
        (shown, before) = (end, added(before, inside));
    }
    out
}

/// How many of these lines are in the old text, and how many in the new one.
fn counts(lines: &[Line]) -> (usize, usize) {
    let count = |elsewhere: fn(&Line) -> bool| lines.iter().filter(|line| !elsewhere(line)).count();
    (count(|line| matches!(line, Line::New(_))), count(|line| matches!(line, Line::Old(_))))
}

fn added(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    (one.0 + other.0, one.1 + other.1)
}

/// Where a hunk is in a text.
fn range(before: usize, inside: usize) -> String {
    match inside {
        0 => format!("{before},0"),
        1 => (before + 1).to_string(),
        count => format!("{},{count}", before + 1),
    }
}

/// Lays two texts beside each other: where they differ, the old lines come before the new ones.
fn laid<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let (mut at, mut lines) = ((0, 0), Vec::new());
    let mut until = |next: (usize, usize)| {
        lines.extend(old[at.0..next.0].iter().map(|text| Line::Old(text)));
        lines.extend(new[at.1..next.1].iter().map(|text| Line::New(text)));
        lines.extend(old.get(next.0).map(|text| Line::Both(text)));
        at = (next.0 + 1, next.1 + 1);
    };
    beside(old, new).into_iter().for_each(&mut until);
    until((old.len(), new.len()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_shown_with_their_surroundings() {
        let old = (1..=12).map(|i| format!("line {i}")).collect::<Vec<_>>().join("\n") + "\n";
        let new = old.replace("line 6\n", "line six\n") + "line 13\n";
        assert_eq!(
            unified(&old, &new),
            "@@ -3,10 +3,11 @@\n line 3\n line 4\n line 5\n-line 6\n+line six\n line 7\n line 8\n line 9\n line 10\n line 11\n line 12\n+line 13\n"
        );
        assert_eq!(unified("a\n", "a\n"), "");
        assert_eq!(unified("", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
    }

    /// The hunks of two texts, each of which has a letter in a line.
    fn of_letters(old: &str, new: &str) -> String {
        let lines = |letters: &str| letters.chars().flat_map(|c| [c, '\n']).collect::<String>();
        unified(&lines(old), &lines(new)).replace('\n', "|")
    }

    #[test]
    fn lines_are_laid_beside_each_other_as_by_gnu_diff() {
        for (old, new, hunks) in [
            // A run slides to where it stands beside another.
            ("cfaa", "fcaZd", "@@ -1,4 +1,5 @@|-c| f|+c| a|-a|+Z|+d|"),
            // It does not slide over what the texts begin or end with, but for three lines.
            ("bbaaaa", "abbaaaaa", "@@ -1,6 +1,8 @@|+a| b| b| a| a| a|+a| a|"),
            // What has no counterpart does not mislead the search.
            ("dadb", "dZaaXd", "@@ -1,4 +1,6 @@| d|+Z| a|+a|+X| d|-b|"),
            // Nor does, among such lines, what the other text has often.
            ("aaaZaaZa", "bbQaPQOa", "@@ -1,8 +1,8 @@|-a|-a|-a|-Z|-a|-a|-Z|+b|+b|+Q|+a|+P|+Q|+O| a|"),
        ] {
            assert_eq!(of_letters(old, new), hunks, "{old} {new}");
        }
    }
}
