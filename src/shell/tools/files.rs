//! Tools that look at files and change them.

use super::{Job, date_text};
use crate::shell::{Entry, Host, MISSING};

pub(super) fn ls(j: &mut Job) -> i32 {
    let (long, all) = (j.on('l'), j.on('a'));
    list(j, long, all)
}

/// `ls`; a long list of everything marks folders, as `ll` does where it stands for `ls -alF`.
pub(super) fn list(j: &mut Job, long: bool, all: bool) -> i32 {
    let mut words = j.owned_words();
    if words.is_empty() {
        words.push(".".to_owned());
    }
    let heads = words.len() > 1;
    for word in &words {
        let path = j.path(word);
        let Some(entries) = j.host.list(&path) else {
            match j.host.read(&path) {
                Ok(text) if long => long_line(j, word, Some(text.len()), 1),
                Ok(_) => drop(j.line(word.clone())),
                Err(why) => drop(j.fail(&format!("ls: cannot access '{word}': {why}"))),
            }
            continue;
        };
        if heads {
            j.line(format!("{word}:"));
        }
        if long {
            // Each entry takes a block of four kilobytes.
            let folders = entries.iter().filter(|e| e.size.is_none()).count();
            j.line(format!("total {}", (entries.len() + if all { 2 } else { 0 }) * 4));
            if all {
                long_line(j, "./", None, folders + 2);
                long_line(j, "../", None, 5);
            }
        }
        for entry in entries.iter().filter(|e| all || !e.name.starts_with('.')) {
            let end = if long && all && entry.size.is_none() { "/" } else { "" };
            let name = format!("{}{end}", entry.name);
            if long {
                long_line(j, &name, entry.size, if entry.size.is_some() { 1 } else { 2 });
            } else {
                j.line(name);
            }
        }
    }
    if j.err.is_empty() { 0 } else { 2 }
}

fn long_line(j: &mut Job, name: &str, size: Option<usize>, links: usize) {
    let mode = match size {
        Some(_) => "-rw-r--r--",
        None if name.starts_with("pvc-") => "drwxrwxrwx",
        None => "drwxr-xr-x",
    };
    let stamp = date_text(j.host.now(), "%b %e %H:%M");
    j.line(format!("{mode} {links} root root {:>4} {stamp} {name}", size.unwrap_or(4096)));
}

pub(super) fn du(j: &mut Job) -> i32 {
    let words = j.owned_words();
    for word in words {
        let path = j.path(&word);
        let bytes = size_of(j.host, &path);
        let size = if j.on('b') {
            bytes.to_string()
        } else if j.on('h') {
            format!("{}K", bytes.div_ceil(1024))
        } else {
            bytes.div_ceil(1024).to_string()
        };
        j.line(format!("{size}\t{word}"));
    }
    0
}

fn size_of(host: &dyn Host, path: &str) -> usize {
    /// How deep folders are looked into.
    const DEPTH_MOST: usize = 8;
    fn below(host: &dyn Host, path: &str, depth: usize) -> usize {
        let entries = if depth == 0 { None } else { host.list(path) };
        let one = |e: &Entry| e.size.unwrap_or_else(|| below(host, &format!("{path}/{}", e.name), depth - 1));
        entries.map_or_else(|| host.read(path).map_or(0, |t| t.len()), |entries| entries.iter().map(one).sum())
    }
    below(host, path, DEPTH_MOST)
}

pub(super) fn rm(j: &mut Job) -> i32 {
    let (force, folders) = (j.on('f'), j.on('r') || j.on('R'));
    let words = j.owned_words();
    for word in words {
        let path = j.path(&word);
        let done = if host_is_folder(j, &path) && !folders { Err("Is a directory") } else { j.host.remove(&path) };
        if let Err(why) = done
            && !(force && why == MISSING)
        {
            j.fail(&format!("rm: cannot remove '{word}': {why}"));
        }
    }
    j.status()
}

fn host_is_folder(j: &Job, path: &str) -> bool {
    j.host.list(path).is_some()
}

pub(super) fn mkdir(j: &mut Job) -> i32 {
    let words = j.owned_words();
    for word in words {
        let path = j.path(&word);
        if host_is_folder(j, &path) {
            if !j.on('p') {
                j.fail(&format!("mkdir: cannot create directory '{word}': File exists"));
            }
        } else if let Err(why) = j.host.make_folder(&path) {
            j.fail(&format!("mkdir: cannot create directory '{word}': {why}"));
        }
    }
    j.status()
}

pub(super) fn touch(j: &mut Job) -> i32 {
    let words = j.owned_words();
    for word in words {
        let path = j.path(&word);
        let text = j.host.read(&path).unwrap_or_default();
        if let Err(why) = j.host.write(&path, &text) {
            j.fail(&format!("touch: cannot touch '{word}': {why}"));
        }
    }
    j.status()
}

pub(super) fn rename(j: &mut Job) -> i32 {
    let status = copy(j);
    if let (0, Some(from)) = (status, j.words().first().map(|w| j.path(w))) {
        let _ = j.host.remove(&from);
    }
    status
}

/// `cp`: one file.
pub(super) fn copy(j: &mut Job) -> i32 {
    let words = j.owned_words();
    let [from, to] = words.as_slice() else { return j.fail("cp: one file and its new place are understood here") };
    let source = j.path(from);
    let mut target = j.path(to);
    if host_is_folder(j, &target) {
        target = format!("{target}/{}", source.rsplit('/').next().unwrap_or_default());
    }
    match j.host.read(&source).and_then(|text| j.host.write(&target, &text)) {
        Ok(()) => 0,
        Err(why) => j.fail(&format!("cp: cannot stat '{from}': {why}")),
    }
}

pub(super) fn tee(j: &mut Job) -> i32 {
    let append = j.on('a');
    let words = j.owned_words();
    for word in words {
        let path = j.path(&word);
        let before = if append { j.host.read(&path).unwrap_or_default() } else { "".into() };
        if let Err(why) = j.host.write(&path, &format!("{before}{}", j.input)) {
            j.fail(&format!("tee: {word}: {why}"));
        }
    }
    j.out = j.input.to_owned();
    j.status()
}
