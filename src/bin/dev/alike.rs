//! Which functions of a linked module do the same, although they name other functions and constants.
//!
//! Two functions are alike if their types and their code are, but for what the code names. What it names has to be alike in turn.
//! Constants are alike by their bytes in the same way. A constant that the sources name is like no other: its address may mean something.
//! module.rs keeps one of functions that are alike. A compiler could, too, but would keep one of the names: list.rs needs all of them.

use std::collections::BTreeMap;

use base::hash::fnv1a_128;

use crate::data::{Filled, Linked, Symbol};

/// A number for what is alike.
type Class = u32;

impl<'a> Linked<'a> {
    /// The class of each function, by its symbol: functions of one class do the same. `module` is what was read. Of a symbol that several
    /// functions have nothing is known.
    pub fn alike(&self, module: &[u8]) -> BTreeMap<&'a str, Option<Class>> {
        let functions = self.bodies.len();
        let node = |symbol: u32| match self.symbols[symbol as usize] {
            Symbol::Function(at) => at,
            _ => functions + symbol as usize,
        };
        let plain = self.plain(module);
        let mut classes = numbered(plain.iter().map(|(own, _)| (*own, Vec::<Class>::new())));
        loop {
            let with = |(class, (_, names)): (&Class, &(u128, &[Filled]))| {
                (u128::from(*class), names.iter().map(|filled| classes[node(filled.symbol)]).collect::<Vec<Class>>())
            };
            let finer = numbered(classes.iter().zip(&plain).map(with));
            // Classes are only ever divided.
            if finer == classes {
                break;
            }
            classes = finer;
        }
        let mut of_symbols = BTreeMap::new();
        for (at, name) in &self.names {
            of_symbols.entry(*name).and_modify(|class| *class = None).or_insert(Some(classes[*at]));
        }
        of_symbols
    }

    /// Of each function and then of each symbol a digest of its bytes, without the places that name symbols, and those places.
    fn plain(&self, module: &[u8]) -> Vec<(u128, &[Filled])> {
        let of = |place: std::ops::Range<u64>, kind: String| {
            let from = |end: u64| self.filled.partition_point(|filled| filled.place.start < end);
            let names = &self.filled[from(place.start)..from(place.end)];
            let part =
                |from: u64, to: u64| usize::try_from(from).ok().zip(usize::try_from(to).ok()).and_then(|(from, to)| module.get(from..to));
            let mut bytes = kind.into_bytes();
            let mut at = place.start;
            for filled in names {
                bytes.extend(part(at, filled.place.start).unwrap_or_default());
                bytes.extend(format!("+{}", filled.addend).bytes());
                at = filled.place.end;
            }
            bytes.extend(part(at, place.end).unwrap_or_default());
            (fnv1a_128(&bytes), names)
        };
        let functions = self.bodies.iter().zip(&self.types).map(|(body, kind)| of(body.clone(), format!("function {kind} ")));
        let symbols = self.symbols.iter().enumerate().map(|(at, symbol)| match symbol {
            Symbol::Data(segment, bytes, false) if self.segments.get(*segment).is_some_and(|of| of.is_constant) => {
                let begin = self.segments[*segment].place.start;
                of(begin + u64::from(bytes.start)..begin + u64::from(bytes.end), "constant ".to_owned())
            }
            // What changes, what has a name, and what is imported is like nothing else.
            _ => (fnv1a_128(format!("symbol {at}").as_bytes()), &self.filled[..0]),
        });
        functions.chain(symbols).collect()
    }
}

/// The same number for each equal key, in the order in which keys are met.
fn numbered<K: Ord>(keys: impl Iterator<Item = K>) -> Vec<Class> {
    let mut known = BTreeMap::new();
    keys.map(|key| {
        let next = Class::try_from(known.len()).unwrap_or(Class::MAX);
        *known.entry(key).or_insert(next)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::tests::{B, C, D, module};

    /// The class of each of the functions `a` to `d`, whose code names symbols, as constants do that are alike but for this.
    fn classes(code: &[(u32, u32)], data: &[(u32, u32)]) -> Vec<Class> {
        let module = module(code, data);
        numbered(Linked::read(&module).unwrap().alike(&module).into_values().map(Option::unwrap))
    }

    #[test]
    fn functions_are_alike_by_what_they_do() {
        assert_eq!(classes(&[], &[]), [0, 0, 0, 0]);
        assert_eq!(classes(&[(1, D)], &[]), [0, 1, 0, 0], "`b` names a function");
        assert_eq!(classes(&[(1, 0), (2, 1)], &[]), [0, 1, 1, 0], "the constants are alike");
    }

    #[test]
    fn what_names_others_is_alike_if_those_are() {
        assert_eq!(classes(&[(1, 0), (2, 1)], &[(4, D)]), [0, 1, 2, 0], "one constant names a function");
        assert_eq!(classes(&[(1, 0), (2, 1)], &[(4, B), (14, C)]), [0, 1, 1, 0], "each names itself");
        assert_eq!(classes(&[(1, C), (2, B)], &[]), [0, 1, 1, 0], "they name each other");
        assert_eq!(classes(&[(0, C), (1, D), (2, 0)], &[]), [0, 1, 2, 3], "`c` is not like `d`, nor `a` like `b`");
    }
}
