//! Lines that are typed in the place of a manifest: whose they are, and the files that they name.

use std::path::Path;

use ordinal::kubectl::commands::find;
use ordinal::kubectl::words;

use crate::input::Failure;

/// The programs that change a cluster, as people call them, and the one that lets time pass; `playground` is the page's own. A shell and
/// its other tools change none.
const PROGRAMS: [&str; 7] = ["kubectl", "k", "oc", "helm", "argocd", "playground", "sleep"];

/// Refuses a line that calls none of these programs: what it does to a cluster, nobody can say.
pub fn known(line: &str) -> Result<(), Failure> {
    // A command begins after what parts commands, after a quote and after a path.
    let mut parts = line.split(|c: char| c.is_whitespace() || ";|&(){}`'\"/".contains(c));
    if parts.any(|part| PROGRAMS.contains(&part)) {
        return Ok(());
    }
    let first = line.split_whitespace().next().unwrap_or_default();
    let tip = find(None, first).map_or(String::new(), |_| format!("; did you mean `kubectl {}`?", line.trim()));
    Err(Failure(format!("`{}` is no line of kubectl, helm, argocd or playground{tip}", line.trim())))
}

/// The files that a line names, where they are here or in another folder: their names and their texts.
pub(crate) fn files_of(line: &str, beside: Option<&Path>) -> Vec<(String, String)> {
    let read = |name: &str| {
        let there = beside.map(|folder| folder.join(name));
        std::fs::read_to_string(name).or_else(|error| std::fs::read_to_string(there.ok_or(error)?)).ok()
    };
    let words = words::split(line).unwrap_or_default();
    let names = words.iter().map(|word| word.rsplit_once('=').map_or(&**word, |(_, value)| value));
    names.filter_map(|name| Some((name.to_owned(), read(name)?))).collect()
}
