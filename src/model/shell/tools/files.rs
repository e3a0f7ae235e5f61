//! Tools that show or change files.

use super::job::{About, Job};
use crate::host::{Entry, Trouble};
use base::note::Note;

pub(super) fn ls(j: &mut Job) -> i32 {
    let (long, all) = (j.on('l'), j.on('a') || j.on('A'));
    list(j, long, all, false)
}

/// `ll`, an alias of `ls -alF`.
pub(super) fn list_all(j: &mut Job) -> i32 {
    list(j, true, true, true)
}

/// `ls`: with or without hidden files, and with or without a mark after directories.
fn list(j: &mut Job, long: bool, all: bool, marks: bool) -> i32 {
    let words = if j.words.is_empty() { vec!["."] } else { j.words.clone() };
    let heads = words.len() > 1;
    for word in &words {
        let path = j.path(word);
        let Some(entries) = j.host.list(&path) else {
            match j.host.read(&path) {
                Ok(text) if long => long_line(j, word, Some(text.len()), 1),
                Ok(_) => drop(j.line(word)),
                Err(why) => drop(j.cannot(word, why)),
            }
            continue;
        };
        if heads {
            j.line(&format!("{word}:"));
        }
        let folders = entries.iter().filter(|e| e.size.is_none()).count();
        // The directory itself and its parent; `-A` omits them.
        let both = [(".", folders + 2), ("..", 5)];
        let itself = if all && !j.on('A') { both.as_slice() } else { &[] };
        let shown: Vec<&Entry> = entries.iter().filter(|e| all || !e.name.starts_with('.')).collect();
        if long {
            // Each entry takes a block of four kilobytes.
            j.line(&format!("total {}", (shown.len() + itself.len()) * 4));
        }
        let itself = itself.iter().map(|(name, links)| (*name, None, *links));
        for (name, size, links) in itself.chain(shown.iter().map(|e| (e.name.as_str(), e.size, if e.size.is_some() { 1 } else { 2 }))) {
            let name = format!("{name}{}", if marks && size.is_none() { "/" } else { "" });
            if long {
                long_line(j, &name, size, links);
            } else {
                j.line(&name);
            }
        }
    }
    if j.err.is_empty() { 0 } else { 2 - i32::from(j.host.is_busybox()) }
}

fn long_line(j: &mut Job, name: &str, size: Option<usize>, links: usize) {
    /// The size of a directory.
    const FOLDER: usize = 4096;
    let mode = match size {
        Some(_) => "-rw-r--r--",
        None if name.starts_with("pvc-") => "drwxrwxrwx",
        None => "drwxr-xr-x",
    };
    let stamp = j.host.now().date("%b %e %H:%M");
    let size = size.unwrap_or(FOLDER);
    j.line(&format!("{mode} {links} root root {size:>4} {stamp} {name}"));
}

pub(super) fn rm(j: &mut Job) -> i32 {
    let (force, folders) = (j.on('f'), j.on('r') || j.on('R'));
    for word in j.words.clone() {
        let path = j.path(word);
        let done = if is_folder(j, &path) && !folders { Err(Trouble::IsFolder) } else { j.host.remove(&path) };
        if let Err(why) = done
            && !(force && why == Trouble::Missing)
        {
            j.cannot(word, why);
        }
    }
    j.status()
}

fn is_folder(j: &Job, path: &str) -> bool {
    j.host.list(path).is_some()
}

pub(super) fn mkdir(j: &mut Job) -> i32 {
    let with_above = j.on('p');
    for word in j.words.clone() {
        let above = word.match_indices('/').map(|(end, _)| end).filter(|end| with_above && *end > 0);
        for end in above.chain([word.len()]) {
            let path = j.path(&word[..end]);
            let made = if is_folder(j, &path) {
                if with_above { Ok(()) } else { Err(Trouble::Exists) }
            } else if j.host.read(&path).is_err() {
                j.host.make_folder(&path)
            } else {
                Err(if end == word.len() || j.host.is_busybox() { Trouble::Exists } else { Trouble::NotFolder })
            };
            if let Err(why) = made {
                j.cannot(&word[..end], why);
                break;
            }
        }
    }
    j.status()
}

pub(super) fn touch(j: &mut Job) -> i32 {
    for word in j.words.clone() {
        let path = j.path(word);
        let text = j.host.read(&path).unwrap_or_default();
        if let Err(why) = j.host.write(&path, &text)
            && !is_folder(j, &path)
        {
            j.cannot(word, why);
        }
    }
    j.status()
}

/// `chmod` and `chown`, which change nothing here but fail for missing files.
pub(super) fn change(j: &mut Job) -> i32 {
    for word in j.words.clone().into_iter().filter(|word| !word.starts_with('-')).skip(1) {
        let path = j.path(word);
        if !is_folder(j, &path)
            && let Err(why) = j.host.read(&path)
        {
            j.cannot(word, why);
        }
    }
    j.status()
}

pub(super) fn rename(j: &mut Job) -> i32 {
    let status = copy(j);
    if let (0, Some(from)) = (status, j.words.first().map(|word| j.path(word))) {
        let _ = j.host.remove(&from);
    }
    status
}

/// `cp`, and the first half of `mv`: copies one file.
pub(super) fn copy(j: &mut Job) -> i32 {
    let tool = j.name;
    let [from, to] = j.words[..] else { return j.note(Note::OneFile(tool.to_owned())) };
    let source = j.path(from);
    let mut target = j.path(to);
    if is_folder(j, &source) {
        return j.note(Note::OfFolder(tool.to_owned()));
    }
    if is_folder(j, &target) {
        target = format!("{}/{}", target.trim_end_matches('/'), source.rsplit('/').next().unwrap_or_default());
    }
    if source == target {
        return j.fail(&format!("{tool}: '{from}' and '{to}' are the same file"));
    }
    match j.host.read(&source).map(|text| j.host.write(&target, &text)) {
        Ok(Ok(())) => 0,
        Ok(Err(why)) if tool == "mv" && j.host.is_busybox() => j.cannot(from, why),
        Ok(Err(why)) if tool == "mv" => j.fail(&format!("mv: cannot move '{from}' to '{to}': {why}")),
        Ok(Err(why)) => j.cannot_with(About::Target, to, why),
        Err(why) => j.cannot(from, why),
    }
}

pub(super) fn tee(j: &mut Job) -> i32 {
    for word in j.words.clone() {
        let path = j.path(word);
        if let Err(why) = j.host.write(&path, j.input) {
            j.cannot(word, why);
        }
    }
    j.out = j.input.to_owned();
    j.status()
}
