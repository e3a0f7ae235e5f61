//! `diff`: what an apply would change.
//!
//! Models k8s.io/kubectl/pkg/cmd/diff/diff.go and the output of `diff -u -N`.

use crate::applied::remembering;
use crate::apply::{patch_of, warn_if_terminating};
use crate::manifest::Manifest;
use crate::manifests;
use crate::work::Step;
use crate::write::DryRun;
use api::client::{Patch, Subresource};
use api::kind::Kind;
use api::view::{self, LAST_APPLIED, map_at};
use base::sorted::SortedMap;
use base::value::{Map, Value};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::hunks::unified;
use kubectl::session::Session;

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
    Failure::client_if(!manifests::are_given(call), "must specify one of -f and -k")?;
    // As in a folder: an object that is given twice is there once, and the names are in order.
    let mut files = SortedMap::new();
    let read = manifests::read(call, session, false)?;
    // What is wrong with the items of a list is told of all of them.
    let unknown: Vec<&String> =
        read.iter().filter_map(|one| if let Err(Failure::Plain(words)) = one { Some(words) } else { None }).collect();
    match unknown[..] {
        [] => {}
        [words] => return Err(Failure::client(words)),
        _ => return Failure::from_all(unknown.into_iter().cloned().map(Failure::Plain).collect()).map(|()| Step::Done),
    }
    for manifest in read {
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
        let written = session.client.apply(*kind, namespace, name, &manifest.object, &options)?;
        session.warn_all(&written);
        return Ok((live, written.object));
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
    let mut patch = patch_of(session, manifest, &modified, &live)?;
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
