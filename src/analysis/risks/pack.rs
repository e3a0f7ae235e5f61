//! What workers without common memory tell each other, as lines of text: fields, one after another, in a fixed order.
//!
//! Promises: a line holds no line break, whatever its fields hold, and is read as it was written. Lines come from the same module: one that
//! breaks off reads as empty fields.

use std::rc::Rc;

use base::time::Time;
use playground::history::Act as Typed;
use text::{Piece, Prose};

use super::player::Input;

/// Ends a field.
const END: char = '\u{1f}';
/// Comes before a letter that stands for another one, and these letters: what they stand for.
const ESCAPE: char = '\\';
const ESCAPED: [(char, char); 3] = [(ESCAPE, ESCAPE), ('n', '\n'), ('u', END)];

/// A line that is being written.
#[derive(Debug, Default)]
pub struct Packed(String);

/// What is left of a line that is being read.
#[derive(Debug)]
pub struct Unpack<'a>(&'a str);

/// Something that fits into a line.
pub trait Pack: Sized {
    /// Writes it behind what is there.
    fn pack(&self, to: &mut Packed);
    /// Reads it.
    fn unpack(from: &mut Unpack) -> Self;

    /// A line with nothing else in it.
    fn packed(&self) -> String {
        let mut line = Packed::default();
        self.pack(&mut line);
        line.0
    }

    /// Reads what [`Pack::packed`] wrote.
    fn unpacked(line: &str) -> Self {
        Self::unpack(&mut Unpack(line))
    }
}

impl Packed {
    /// A field.
    pub fn text(&mut self, text: &str) {
        for letter in text.chars() {
            match ESCAPED.iter().find(|(_, stands_for)| *stands_for == letter) {
                Some((short, _)) => self.0.extend([ESCAPE, *short]),
                None => self.0.push(letter),
            }
        }
        self.0.push(END);
    }

    fn all<'a, T: Pack + 'a>(&mut self, all: impl ExactSizeIterator<Item = &'a T>) {
        all.len().pack(self);
        all.for_each(|one| one.pack(self));
    }
}

impl Unpack<'_> {
    /// The next field.
    pub fn text(&mut self) -> String {
        let (field, rest) = self.0.split_once(END).unwrap_or_default();
        self.0 = rest;
        let mut letters = field.chars();
        let mut text = String::with_capacity(field.len());
        while let Some(letter) = letters.next() {
            let short = if letter == ESCAPE { letters.next() } else { None };
            let stands_for = short.and_then(|short| ESCAPED.iter().find(|(known, _)| *known == short));
            text.push(stands_for.map_or(letter, |(_, stands_for)| *stands_for));
        }
        text
    }
}

impl Pack for String {
    fn pack(&self, to: &mut Packed) {
        to.text(self);
    }

    fn unpack(from: &mut Unpack) -> String {
        from.text()
    }
}

impl Pack for Rc<str> {
    fn pack(&self, to: &mut Packed) {
        to.text(self);
    }

    fn unpack(from: &mut Unpack) -> Rc<str> {
        from.text().into()
    }
}

impl Pack for u64 {
    fn pack(&self, to: &mut Packed) {
        to.text(&self.to_string());
    }

    fn unpack(from: &mut Unpack) -> u64 {
        from.text().parse().unwrap_or(0)
    }
}

impl Pack for usize {
    fn pack(&self, to: &mut Packed) {
        (*self as u64).pack(to);
    }

    fn unpack(from: &mut Unpack) -> usize {
        usize::try_from(u64::unpack(from)).unwrap_or(0)
    }
}

impl Pack for bool {
    fn pack(&self, to: &mut Packed) {
        usize::from(*self).pack(to);
    }

    fn unpack(from: &mut Unpack) -> bool {
        usize::unpack(from) == 1
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, to: &mut Packed) {
        to.all(self.iter());
    }

    fn unpack(from: &mut Unpack) -> Vec<T> {
        let count = usize::unpack(from);
        (0..count).map(|_| T::unpack(from)).collect()
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, to: &mut Packed) {
        to.all(self.as_slice().iter());
    }

    fn unpack(from: &mut Unpack) -> Option<T> {
        (usize::unpack(from) == 1).then(|| T::unpack(from))
    }
}

/// Has tuples fit into a line.
macro_rules! packed_tuples {
    ($(($($of:ident $at:tt),*))*) => {
        $(impl<$($of: Pack),*> Pack for ($($of),*) {
            fn pack(&self, to: &mut Packed) {
                $(self.$at.pack(to);)*
            }

            fn unpack(from: &mut Unpack) -> ($($of),*) {
                ($($of::unpack(from)),*)
            }
        })*
    };
}

packed_tuples! { (A 0, B 1) (A 0, B 1, C 2) }

/// Has structures of fields that fit into a line fit into one.
macro_rules! packed {
    ($($name:ident { $($field:ident),* })*) => {
        $(impl $crate::pack::Pack for $name {
            fn pack(&self, to: &mut $crate::pack::Packed) {
                $(self.$field.pack(to);)*
            }

            fn unpack(from: &mut $crate::pack::Unpack) -> $name {
                $(let $field = $crate::pack::Pack::unpack(from);)*
                $name { $($field),* }
            }
        })*
    };
}

/// Has enums of words fit into a line; the first one stands for what is none of them.
macro_rules! packed_words {
    ($($name:ident)*) => {
        $(impl $crate::pack::Pack for $name {
            fn pack(&self, to: &mut $crate::pack::Packed) {
                to.text(self.word());
            }

            fn unpack(from: &mut $crate::pack::Unpack) -> $name {
                $name::named(&from.text()).unwrap_or($name::ALL[0])
            }
        })*
    };
}

/// Has values fit into a line by their places among all, as two may share a word. The first one stands for what is none of them.
macro_rules! packed_places {
    ($($name:ident)*) => {
        $(impl $crate::pack::Pack for $name {
            fn pack(&self, to: &mut $crate::pack::Packed) {
                $name::all().position(|one| one == *self).unwrap_or_default().pack(to);
            }

            fn unpack(from: &mut $crate::pack::Unpack) -> $name {
                let place = usize::unpack(from);
                $name::all().nth(place).or_else(|| $name::all().next()).expect("some are there")
            }
        })*
    };
}

pub(super) use {packed, packed_places, packed_words};

packed! { Input { at, act, tab } }

impl Pack for Time {
    fn pack(&self, to: &mut Packed) {
        self.0.pack(to);
    }

    fn unpack(from: &mut Unpack) -> Time {
        Time(u64::unpack(from))
    }
}

impl Pack for Typed {
    fn pack(&self, to: &mut Packed) {
        match self {
            Typed::Line(line) => (0_usize, line.clone()).pack(to),
            Typed::Save(text) => (1_usize, text.clone()).pack(to),
            Typed::Queue(line) => (3_usize, line.clone()).pack(to),
            Typed::Interrupt => (2_usize, String::new()).pack(to),
        }
    }

    fn unpack(from: &mut Unpack) -> Typed {
        match <(usize, String)>::unpack(from) {
            (0, line) => Typed::Line(line),
            (1, text) => Typed::Save(text),
            (3, line) => Typed::Queue(line),
            _ => Typed::Interrupt,
        }
    }
}

impl Pack for Prose {
    fn pack(&self, to: &mut Packed) {
        self.0.pack(to);
    }

    fn unpack(from: &mut Unpack) -> Prose {
        Prose(Vec::unpack(from))
    }
}

impl Pack for Piece {
    fn pack(&self, to: &mut Packed) {
        let (kind, text) = match self {
            Piece::Words(text) => (0_usize, text),
            Piece::Code(text) => (1, text),
            Piece::Name(text) => (2, text),
        };
        kind.pack(to);
        to.text(text);
    }

    fn unpack(from: &mut Unpack) -> Piece {
        let kind = [Piece::Words, Piece::Code, Piece::Name][usize::unpack(from).min(2)];
        kind(from.text())
    }
}
