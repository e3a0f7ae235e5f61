//! The places that programs are at: the terminal's machine, families of images, shells.

/// Some of the places that the table knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places(u8);

impl Places {
    /// None of them.
    pub const NOWHERE: Places = Places(0);
    /// The machine that the terminal stands on.
    pub const DESK: Places = Places(1);
    /// Images with Debian's tools.
    pub const DEBIAN: Places = Places(2);
    /// Images with busybox's.
    pub const BUSYBOX: Places = Places(4);
    /// Images with those of bind.
    pub const BIND: Places = Places(8);
    /// Shells that know POSIX.
    pub const SH: Places = Places(16);
    /// In bash.
    pub const BASH: Places = Places(32);
    /// In every image.
    pub const IMAGES: Places = Places::DEBIAN.and(Places::BUSYBOX);
    /// All machines.
    pub const EVERYWHERE: Places = Places::DESK.and(Places::IMAGES);
    /// In every shell.
    pub const SHELLS: Places = Places::SH.and(Places::BASH);

    /// These and others.
    #[must_use]
    pub const fn and(self, others: Places) -> Places {
        Places(self.0 | others.0)
    }

    pub(super) fn meet(self, others: Places) -> bool {
        self.0 & others.0 != 0
    }
}
