//! The playground's own voice, in English and Korean. Diagnosis, plan and risks speak English alone ([`ANALYSIS`]).
//!
//! Words stand in tables: page.txt, why.txt, items.txt, diagnose.txt, plan.txt, risks.txt and truth.txt in en; page.txt, why.txt, note.txt
//! and truth.txt in ko.
//! [`base::sentences`] says how a row is written, `keys.rs` declares what can be asked for. Where a language has no row, the English one is
//! told; one test lists all such gaps. Sentences are short, exact, in the present tense, subject first.
//! Absent on purpose: Kubernetes' own words. Fields, states, commands and whatever a server or kubectl says are English in every
//! language and are written where they arise; kinds are spelled as Kubernetes' documentation of that language does.
//! Prose may hold marks, which the view reads: `` `code` `` and `<name of an object>`.

#[macro_use]
mod source;

pub mod ahead;
mod assumed;
mod bytes;
pub mod diagnose;
pub mod docs;
#[cfg(test)]
mod gaps;
mod instead;
mod keys;
pub mod plan;
mod prose;
pub mod risks;
mod sign;
#[cfg(not(target_family = "wasm"))]
pub mod truth;
pub mod why;

use std::sync::OnceLock;

use base::fields::{Field, Fields};
use base::note::Note;
use base::sentences::{Explanation, Table};

pub use bytes::bytes;
pub use instead::Instead;
pub use keys::*;
pub use prose::{Piece, Prose};
pub use sign::{Glyph, Hue, Mark};

/// A language the page speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    #[default]
    English,
    Korean,
}

/// What diagnosis, plan and risks say.
pub const ANALYSIS: Analysis = Analysis::of(Lang::English);

/// The tables of the languages, as far as they are there.
static TABLES: [OnceLock<Table>; 2] = [const { OnceLock::new() }; 2];

/// The English tables that come with the code that tells them.
const LATER: [fn() -> &'static Table; 4] = [later_rows, diagnose::rows, plan::rows, risks::rows];

/// The English rows of page.txt and why.txt that no first visit tells (`build.rs`).
#[inline(never)]
fn later_rows() -> &'static Table {
    static ENGLISH: OnceLock<Table> = OnceLock::new();
    ENGLISH.get_or_init(|| Table::read(&[file!(OUT "later.txt"), file!("en/items.txt")]))
}

impl Lang {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Lang; 2] = [Lang::English, Lang::Korean];

    /// As `lang` attributes spell it.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::English => "en",
            Lang::Korean => "ko",
        }
    }

    /// Reads what [`Lang::tag`] writes, with or without a region; English for anything else.
    pub fn of(tag: &str) -> Lang {
        if tag.starts_with("ko") { Lang::Korean } else { Lang::English }
    }

    /// What the button that chooses it says.
    pub fn button(self) -> &'static str {
        match self {
            Lang::English => "EN",
            Lang::Korean => "한국어",
        }
    }

    /// What the page says in it.
    pub fn text(self) -> &'static Text {
        static TEXTS: [Text; 2] = [Text::of(Lang::English), Text::of(Lang::Korean)];
        &TEXTS[self as usize]
    }

    /// The files of its table. The page has the English ones; others are fetched by those who read them.
    fn files(self) -> Vec<&'static str> {
        match self {
            Lang::English => vec![file!(OUT "first.txt"), file!("en/items.txt")],
            #[cfg(target_family = "wasm")]
            Lang::Korean => Vec::new(),
            #[cfg(not(target_family = "wasm"))]
            Lang::Korean => vec![file!("ko/page.txt"), file!("ko/why.txt"), file!("ko/note.txt")],
        }
    }

    /// Takes in its table, fetched as one text.
    pub fn learn(self, text: String) {
        TABLES[self as usize].get_or_init(|| Table::read(&[text.leak()]));
    }

    /// Whether its table is there.
    pub fn is_there(self) -> bool {
        self == Lang::English || cfg!(not(target_family = "wasm")) || TABLES[self as usize].get().is_some()
    }

    fn table(self) -> &'static Table {
        let language = if self.is_there() { self } else { Lang::English };
        TABLES[language as usize].get_or_init(|| Table::read(&language.files()))
    }

    /// What its table has, or else the English one.
    fn find<T>(self, find: impl Fn(&Table) -> Option<T>) -> Option<T> {
        find(self.table()).or_else(|| find(Lang::English.table())).or_else(|| LATER.iter().find_map(|rows| find(rows())))
    }

    /// The text of a key without placeholders; the key itself if even English has none.
    fn word(self, key: &'static str) -> &'static str {
        self.find(|table| table.word(key)).unwrap_or(key)
    }

    /// The text of a key, which the names of its placeholders follow; the key itself if even English has none.
    fn say(self, key: &'static str, fill: &[&dyn Field]) -> String {
        let mut words = key.split(' ');
        let (key, mut fields) = (words.next().unwrap_or_default(), Fields::default());
        fill.iter().zip(words).for_each(|(content, name)| content.put(name, &mut fields));
        self.find(|table| table.say(key, &fields)).unwrap_or_else(|| key.to_owned())
    }

    /// The explanation of a key; only the key if even English has none.
    fn explain(self, key: &str, fields: &Fields) -> Explanation {
        let verdict = || Explanation { verdict: format!("`{key}`"), ..Explanation::default() };
        self.find(|table| table.explain(key, fields)).unwrap_or_else(verdict)
    }
}

impl Terminal {
    /// What the playground says in its own voice between what programs print.
    pub fn told(self, note: &Note) -> String {
        note.told(self.0.table()).unwrap_or_else(|| note.to_string())
    }
}
