//! Enums whose variants have the words of a table.

/// An enum whose variants have the words of a table.
macro_rules! words {
    ($(#[$about:meta])* $name:ident: $($(#[$doc:meta])* $one:ident $word:literal)*) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $one,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$one),*];

            /// Its word.
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$one => $word,)*
                }
            }

            /// The one of a word.
            pub fn named(word: &str) -> Option<$name> {
                $name::ALL.iter().find(|one| one.word() == word).copied()
            }
        }
    };
}

pub(crate) use words;
