//! Short names for the imports and exports that a module and its script share.
//!
//! wasm-bindgen's names end in 16 hexadecimal digits, which do not compress, and each name is sent twice: 0.3 % of the compressed page.
//! Promises: a name is replaced everywhere in both files, by a name that the script does not contain.

use std::collections::{BTreeMap, BTreeSet};

use super::bytes::{Reader, Written, list, number, sections};
use super::{EXPORTS, HEAD, IMPORTS, Outcome, pass_import};

/// The short names, by the long ones.
type Short = BTreeMap<String, String>;

/// A script and its module with short names.
pub fn shorten(script: &str, module: &[u8]) -> Outcome<(String, Vec<u8>)> {
    let sections = sections(module)?;
    let mut long = Vec::new();
    for (kind, bytes) in &sections {
        match *kind {
            IMPORTS => long.extend(list(bytes, |reader| {
                reader.text().and_then(|_| reader.text()).and_then(|name| pass_import(reader).map(|_| name))
            })?),
            EXPORTS => {
                long.extend(list(bytes, |reader| reader.text().and_then(|name| reader.byte().and_then(|_| reader.pass(1)).map(|()| name)))?)
            }
            _ => {}
        }
    }
    let short = short_names(script, &long);
    let mut out = module[..HEAD].to_vec();
    for (kind, bytes) in &sections {
        let section = match *kind {
            IMPORTS => imports(bytes, &short)?,
            EXPORTS => exports(bytes, &short)?,
            _ => Written(bytes.to_vec()),
        };
        out.push(*kind);
        out.extend(number(section.0.len()).0);
        out.extend(section.0);
    }
    Ok((words(script).map(|word| short.get(word).map_or(word, String::as_str)).collect(), out))
}

/// Only names with a `_` are replaced: wasm-bindgen makes those. `memory` or `main` may be other words of the script.
fn short_names(script: &str, long: &[&str]) -> Short {
    let used: BTreeSet<&str> = words(script).collect();
    let mut free = (0..).map(|n| format!("_{n:x}")).filter(|name| !used.contains(name.as_str()));
    let made = long.iter().filter(|name| name.contains('_') && used.contains(*name));
    made.filter_map(|name| Some(((*name).to_owned(), free.next()?))).collect()
}

/// The identifiers of a script, and the text between them, in order.
fn words(script: &str) -> impl Iterator<Item = &str> {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut rest = script;
    std::iter::from_fn(move || {
        let of_word = rest.starts_with(is_of_word);
        let end = rest.find(|c| is_of_word(c) != of_word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn text(name: &str, short: &Short) -> Written {
    let name = short.get(name).map_or(name, String::as_str);
    number(name.len()) + &Written(name.as_bytes().to_vec())
}

fn imports(bytes: &[u8], short: &Short) -> Outcome<Written> {
    let imports = list(bytes, |reader| {
        let from = text(reader.text()?, &Short::new());
        let name = text(reader.text()?, short);
        let begin = reader.at;
        pass_import(reader)?;
        Ok(from + &name + &Written(bytes[begin..reader.at].to_vec()))
    })?;
    Ok(imports.iter().fold(number(imports.len()), |out, import| out + import))
}

fn exports(bytes: &[u8], short: &Short) -> Outcome<Written> {
    let exports = list(bytes, |reader: &mut Reader| {
        let name = text(reader.text()?, short);
        let begin = reader.at;
        reader.byte().and_then(|_| reader.pass(1))?;
        Ok(name + &Written(bytes[begin..reader.at].to_vec()))
    })?;
    Ok(exports.iter().fold(number(exports.len()), |out, export| out + export))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::FUNCTION;

    /// A module that imports one function and exports it under another name.
    fn module(import: &str, export: &str) -> Vec<u8> {
        let named = |name: &str| [&number(name.len()).0[..], name.as_bytes()].concat();
        let section = |kind, bytes: Vec<u8>| [&[kind], &number(bytes.len()).0[..], &bytes].concat();
        let imports = [&[1][..], &named("./it.js"), &named(import), &[FUNCTION, 0]].concat();
        let exports = [&[1][..], &named(export), &[FUNCTION, 0]].concat();
        [b"\0asm\x01\0\0\0".to_vec(), section(IMPORTS, imports), section(EXPORTS, exports)].concat()
    }

    #[test]
    fn a_name_is_short_in_both() {
        let script = "const i = { __wbg_add_3005ed: (a) => a }; wasm.main(); wasm.__wb_free(_0); // __wbg_add_3005ed2";
        let (script, short) = shorten(script, &module("__wbg_add_3005ed", "__wb_free")).unwrap();
        assert_eq!(script, "const i = { _1: (a) => a }; wasm.main(); wasm._2(_0); // __wbg_add_3005ed2");
        assert_eq!(short, module("_1", "_2"));
    }

    #[test]
    fn a_word_without_an_underscore_stays() {
        let script = "wasm.memory.memory()";
        assert_eq!(shorten(script, &module("memory", "main")).unwrap(), (script.to_owned(), module("memory", "main")));
    }
}
