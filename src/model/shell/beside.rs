//! Shells beside each other: a copy, whether two find the same, and what one takes over from another.

use super::Shell;
use base::sorted::SortedMap;

impl Shell {
    /// An idle copy of this shell.
    #[must_use]
    pub fn beside(&self) -> Shell {
        let mut shell = Shell::new(self.dialect, [], &self.folder);
        (shell.variables, shell.exported) = (self.variables.clone(), self.exported.clone());
        shell.functions.clone_from(&self.functions);
        shell.constant = self.constant.clone();
        (shell.stops, shell.signals.number) = (self.stops, self.signals.number);
        shell
    }

    /// Whether a line begun now would find the same variables, functions and folder as in another one. Exit codes may differ.
    pub fn same_environment(&self, other: &Shell) -> bool {
        let held = |shell: &Shell| (shell.variables.clone(), shell.exported.clone(), shell.functions.clone(), shell.folder.clone());
        held(self) == held(other)
    }

    /// Takes over what another shell has changed of what it remembered `before`.
    pub fn merge_changes(&mut self, other: &Shell, before: &Shell) {
        take_changes(&mut self.variables, &other.variables, &before.variables);
        take_changes(&mut self.functions, &other.functions, &before.functions);
        self.exported.extend(other.exported.iter().cloned());
        if other.folder != before.folder {
            self.folder.clone_from(&other.folder);
        }
    }
}

/// Repeats on `own` what was inserted into, changed in and removed from `before`.
fn take_changes<V: Clone + PartialEq>(own: &mut SortedMap<String, V>, now: &SortedMap<String, V>, before: &SortedMap<String, V>) {
    for name in before.keys().filter(|name| !now.contains_key(*name)) {
        own.remove(name);
    }
    for (name, value) in now.iter().filter(|(name, value)| before.get(*name) != Some(*value)) {
        own.insert(name.clone(), value.clone());
    }
}
