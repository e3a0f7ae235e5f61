//! Tools that show or change files.

use super::job::{About, Job};
use crate::host::{Entry, Host, Trouble};
use base::note::Note;
use base::pattern::glob;

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
    let size = if j.on('h') { human(size) } else { size.to_string() };
    j.line(&format!("{mode} {links} root root {size:>4} {stamp} {name}"));
}

/// A number of bytes as `-h` shows it: `512`, `1.5K`, `12M`.
fn human(bytes: usize) -> String {
    const UNIT: usize = 1024;
    let (mut unit, mut letters) = (1, "KMGT".chars());
    let mut letter = None;
    while bytes / unit >= UNIT {
        (unit, letter) = (unit * UNIT, letters.next());
    }
    let Some(letter) = letter else { return bytes.to_string() };
    let tenths = (bytes * 10).div_ceil(unit);
    if tenths < 100 { format!("{}.{}{letter}", tenths / 10, tenths % 10) } else { format!("{}{letter}", bytes.div_ceil(unit)) }
}

/// `du`: the size of directories and those below them.
pub(super) fn du(j: &mut Job) -> i32 {
    /// The default block size.
    const BLOCK: usize = 1024;
    let words = if j.words.is_empty() { vec!["."] } else { j.words.clone() };
    for word in words {
        let path = j.path(word);
        if let Err(why) = j.host.read(&path)
            && j.host.list(&path).is_none()
        {
            j.cannot(word, why);
            continue;
        }
        let mut folders = Vec::new();
        let bytes = size_of(j.host, &path, word, MAX_DEPTH, &mut folders);
        if j.on('s') || folders.is_empty() {
            folders = vec![(word.to_owned(), bytes)];
        }
        for (folder, bytes) in folders {
            let size = if j.on('b') {
                bytes.to_string()
            } else if j.on('h') {
                human(bytes.div_ceil(BLOCK) * BLOCK)
            } else {
                bytes.div_ceil(BLOCK).to_string()
            };
            j.line(&format!("{size}\t{folder}"));
        }
    }
    j.status()
}

/// The maximum depth of directories.
pub(super) const MAX_DEPTH: usize = 8;

/// The size of what is at a path; collects the directories there by displayed name, inner ones first.
fn size_of(host: &dyn Host, path: &str, name: &str, depth: usize, folders: &mut Vec<(String, usize)>) -> usize {
    let Some(entries) = host.list(path).filter(|_| depth > 0) else { return host.size(path) };
    let below = |of: &str, entry: &Entry| format!("{}/{}", of.trim_end_matches('/'), entry.name);
    let mut one = |e: &Entry| e.size.unwrap_or_else(|| size_of(host, &below(path, e), &below(name, e), depth - 1, folders));
    let bytes = entries.iter().map(&mut one).sum();
    folders.push((name.to_owned(), bytes));
    bytes
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
    let append = j.on('a');
    for word in j.words.clone() {
        let path = j.path(word);
        let done = if append { j.host.append(&path, j.input) } else { j.host.write(&path, j.input) };
        if let Err(why) = done {
            j.cannot(word, why);
        }
    }
    j.out = j.input.to_owned();
    j.status()
}

/// `basename PATH [SUFFIX]`
pub(super) fn basename(j: &mut Job) -> i32 {
    let Some(path) = j.words.first() else { return j.fail("basename: missing operand") };
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let name = if name.is_empty() { "/" } else { name };
    let suffix = j.words.get(1).copied().unwrap_or_default();
    j.line(name.strip_suffix(suffix).filter(|rest| !rest.is_empty()).unwrap_or(name))
}

/// `dirname PATH`
pub(super) fn dirname(j: &mut Job) -> i32 {
    let Some(path) = j.words.first() else { return j.fail("dirname: missing operand") };
    j.line(path.trim_end_matches('/').rsplit_once('/').map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder }))
}

/// `find FOLDER -name PATTERN -type f`
pub(super) fn find(j: &mut Job) -> i32 {
    let count = j.words.iter().take_while(|word| !word.starts_with(['-', '(', '!'])).count();
    let (places, mut tests) = j.words.split_at(count);
    let places = if places.is_empty() { vec!["."] } else { places.to_vec() };
    let (mut names, mut kind, mut depth, mut least) = (Vec::new(), "", MAX_DEPTH, 0);
    while let [test, rest @ ..] = tests {
        tests = rest;
        if *test == "-print" {
            continue;
        }
        let Some((value, rest)) = rest.split_first() else { return j.note(Note::NotSimulated(format!("find {test}"))) };
        tests = rest;
        match (*test, value.parse()) {
            ("-name" | "-iname", _) => names.push((*value, *test == "-iname")),
            ("-type", _) if matches!(*value, "d" | "f") => kind = value,
            ("-maxdepth", Ok(most)) => depth = most,
            ("-mindepth", Ok(most)) => least = most,
            _ => return j.note(Note::NotSimulated(format!("find {test} {value}"))),
        }
    }
    for place in places {
        let path = j.path(place);
        if !j.host.knows_all(&path) {
            return j.note(Note::NotSimulated(format!("find {place}")));
        }
        let is_folder = j.host.list(&path).is_some();
        if let Err(why) = j.host.read(&path)
            && !is_folder
        {
            j.cannot(place, why);
            continue;
        }
        let mut found = vec![(place.to_owned(), is_folder, 0)];
        while let Some((shown, is_folder, at)) = found.pop() {
            let name = shown.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let fits = |(pattern, any_case): &(&str, bool)| {
                if *any_case { glob(&pattern.to_ascii_lowercase(), &name.to_ascii_lowercase()) } else { glob(pattern, name) }
            };
            if at >= least && names.iter().all(fits) && (kind.is_empty() || (kind == "d") == is_folder) {
                j.line(&shown);
            }
            let path = j.path(&shown);
            let inside = if is_folder && at < depth { j.host.list(&path).unwrap_or_default() } else { Vec::new() };
            found.extend(
                inside.into_iter().rev().map(|e| (format!("{}/{}", shown.trim_end_matches('/'), e.name), e.size.is_none(), at + 1)),
            );
        }
    }
    j.status()
}
