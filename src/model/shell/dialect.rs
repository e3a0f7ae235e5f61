//! What a shell understands, and how it complains.

/// What a shell understands, and how it complains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// That of an image nobody knows: any of the others may be its `sh`.
    Sh,
    /// Debian's `sh`.
    Dash,
    /// busybox's.
    Ash,
    Bash,
}

impl Dialect {
    /// That of a program, by its name or its path, if it is a shell.
    pub fn of(program: &str) -> Option<Dialect> {
        let (folder, name) = program.rsplit_once('/').unwrap_or(("/bin", program));
        let is_usual = matches!(folder, "/bin" | "/usr/bin" | "/usr/local/bin");
        match name {
            "ash" | "dash" | "sh" if is_usual => Some(Dialect::Sh),
            "bash" | "rbash" if is_usual => Some(Dialect::Bash),
            _ => None,
        }
    }

    /// How a shell calls itself.
    pub(super) fn name(self) -> &'static str {
        if self == Dialect::Bash { "bash" } else { "sh" }
    }
}
