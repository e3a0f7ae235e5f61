//! A wasm module made smaller to send: nothing in it that only tools read, and bytes that compress well.
//!
//! Functions are ordered by their signatures and bytes, so that similar functions are neighbours (2 % of the compressed page). Locals of a
//! function are numbered by about how often they are used, so that few numbers are frequent (0.9 %). Alignments are hints without an
//! effect and become 0 (0.4 %). Of functions that do the same, one is kept (0.2 %).
//! Promises: a module does what it did; what is not understood is an error and never a guess.
//! Models the binary format of WebAssembly 2.0, <https://webassembly.github.io/spec/core/binary/>.

mod bytes;
pub mod names;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use bytes::{Reader, Written, list, number, sections};

type Outcome<T> = Result<T, String>;

/// The length of a module's magic number and version.
const HEAD: usize = 8;
// Kinds of sections.
const CUSTOM: u8 = 0;
const TYPES: u8 = 1;
const IMPORTS: u8 = 2;
const FUNCTIONS: u8 = 3;
const GLOBALS: u8 = 6;
const EXPORTS: u8 = 7;
const START: u8 = 8;
const ELEMENTS: u8 = 9;
const CODE: u8 = 10;
/// What an import or export is, if it is a function.
const FUNCTION: u8 = 0;
/// The beginning of a function's type.
const SIGNATURE: u8 = 0x60;
/// Alignments from here on have another meaning: the access names a memory.
const ALIGNMENTS: usize = 32;
/// The end of an expression.
const END: u8 = 0x0b;

/// The same module without custom sections, written to compress well.
pub fn compact(module: &[u8]) -> Outcome<Vec<u8>> {
    let sections = sections(module)?;
    let section = |kind| sections.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, bytes)| *bytes);
    let imported = function_imports(section(IMPORTS))?;
    let types = list(section(FUNCTIONS), Reader::number)?;
    let bodies = list(section(CODE), |reader| reader.number().and_then(|size| reader.take(size)))?;
    if types.len() != bodies.len() {
        return Err("functions without code".to_owned());
    }
    let parameters = list(section(TYPES), parameters)?;
    let bodies = bodies.iter().zip(&types).map(|(body, of)| with_frequent_locals_first(body, *parameters.get(*of).ok_or("no such type")?));
    let mut bodies = bodies.collect::<Outcome<Vec<_>>>()?;
    let kept = merged(imported, &types, &mut bodies)?;
    let mut order: Vec<usize> = (0..bodies.len()).filter(|at| kept[imported + at] == imported + at).collect();
    // Whom a function calls says little about what it resembles, and the numbers are those of before.
    let nobody = vec![0; kept.len()];
    let alike = bodies.iter().map(|body| with_functions(&body.0, &nobody)).collect::<Outcome<Vec<_>>>()?;
    order.sort_by_key(|at| (types[*at], &alike[*at].0, *at));
    let mut new_numbers: Vec<usize> = (0..kept.len()).collect();
    for (new, old) in order.iter().enumerate() {
        new_numbers[imported + old] = imported + new;
    }
    let numbers: Vec<usize> = kept.iter().map(|kept| new_numbers[*kept]).collect();
    let mut out = module[..HEAD].to_vec();
    for (kind, bytes) in &sections {
        let section = match *kind {
            CUSTOM => continue,
            FUNCTIONS => order.iter().fold(number(order.len()), |out, at| out + &number(types[*at])),
            CODE => {
                let bodies = order.iter().map(|at| with_functions(&bodies[*at].0, &numbers)).collect::<Outcome<Vec<_>>>()?;
                bodies.iter().fold(number(order.len()), |out, body| out + &number(body.0.len()) + body)
            }
            GLOBALS => checked_globals(bytes)?,
            EXPORTS => exports(bytes, &numbers)?,
            START => renamed(&mut Reader { bytes, at: 0 }, &numbers)?,
            ELEMENTS => elements(bytes, &numbers)?,
            _ => Written(bytes.to_vec()),
        };
        out.push(*kind);
        out.extend(number(section.0.len()).0);
        out.extend(section.0);
    }
    Ok(out)
}

/// How many functions a module imports: theirs are the first numbers.
fn function_imports(bytes: &[u8]) -> Outcome<usize> {
    let kinds = list(bytes, |reader| {
        reader.text()?;
        reader.text()?;
        pass_import(reader)
    })?;
    Ok(kinds.into_iter().filter(|kind| *kind == FUNCTION).count())
}

/// Passes by what is imported, after its names; returns its kind.
fn pass_import(reader: &mut Reader) -> Outcome<u8> {
    let kind = reader.byte()?;
    let limits = |reader: &mut Reader| reader.byte().and_then(|both| reader.pass(1 + usize::from(both & 1)));
    match kind {
        FUNCTION => reader.pass(1)?,
        1 => reader.byte().and_then(|_| limits(reader))?,
        2 => limits(reader)?,
        3 => reader.take(2).map(drop)?,
        other => return Err(format!("an import of kind {other}")),
    }
    Ok(kind)
}

/// The new number of the function whose old one is read.
fn renamed(reader: &mut Reader, numbers: &[usize]) -> Outcome<Written> {
    let old = reader.number()?;
    numbers.get(old).map(|new| number(*new)).ok_or_else(|| format!("there is no function {old}"))
}

fn exports(bytes: &[u8], numbers: &[usize]) -> Outcome<Written> {
    let all = list(bytes, |reader| {
        let start = reader.at;
        let size = reader.number()?;
        reader.take(size)?;
        let kind = reader.byte()?;
        let named = Written(reader.bytes[start..reader.at].to_vec());
        Ok(named + &if kind == FUNCTION { renamed(reader, numbers)? } else { number(reader.number()?) })
    })?;
    Ok(all.iter().fold(number(all.len()), |out, one| out + one))
}

/// A constant expression that names no function.
fn constant(reader: &mut Reader) -> Outcome<()> {
    match reader.byte()? {
        0x23 | 0x41 | 0x42 | 0xd0 => reader.pass(1)?,
        0x43 => reader.take(4).map(drop)?,
        0x44 => reader.take(8).map(drop)?,
        other => return Err(format!("{other:#x} in a constant")),
    }
    if reader.byte()? == END { Ok(()) } else { Err("a constant of several instructions".to_owned()) }
}

/// Globals as they are: none of them may hold a function.
fn checked_globals(bytes: &[u8]) -> Outcome<Written> {
    list(bytes, |reader| reader.take(2).and_then(|_| constant(reader)))?;
    Ok(Written(bytes.to_vec()))
}

/// The functions in tables. Those given by expressions are not understood.
fn elements(bytes: &[u8], numbers: &[usize]) -> Outcome<Written> {
    let all = list(bytes, |reader| {
        let start = reader.at;
        let kind = reader.number()?;
        match kind {
            0 => constant(reader)?,
            1 | 3 => reader.take(1).map(drop)?,
            2 => {
                reader.pass(1)?;
                constant(reader)?;
                reader.take(1)?;
            }
            other => return Err(format!("elements of kind {other}")),
        }
        let mut out = Written(reader.bytes[start..reader.at].to_vec());
        let length = reader.number()?;
        out = out + &number(length);
        for _ in 0..length {
            out = out + &renamed(reader, numbers)?;
        }
        Ok(out)
    })?;
    Ok(all.iter().fold(number(all.len()), |out, one| out + one))
}

/// How many parameters a type of functions has.
fn parameters(reader: &mut Reader) -> Outcome<usize> {
    if reader.byte()? != SIGNATURE {
        return Err("a type that is not a function's".to_owned());
    }
    let parameters = reader.number()?;
    reader.take(parameters)?;
    let results = reader.number()?;
    reader.take(results)?;
    Ok(parameters)
}

/// The types of a function's locals without its parameters. The reader stands before the code afterwards.
fn locals(reader: &mut Reader) -> Outcome<Vec<u8>> {
    let mut types = Vec::new();
    for _ in 0..reader.number()? {
        let many = reader.number()?;
        types.resize(types.len() + many, reader.byte()?);
    }
    Ok(types)
}

/// A function's locals and code. Locals of one type are numbered by how often they are used; parameters keep their numbers.
fn with_frequent_locals_first(bytes: &[u8], parameters: usize) -> Outcome<Written> {
    let mut reader = Reader { bytes, at: 0 };
    let types = locals(&mut reader)?;
    let code = reader.at;
    let (mut uses, mut met) = (vec![(0_usize, usize::MAX); types.len()], 0);
    rewritten(&mut reader, |operand, reader| {
        let number = reader.number()?;
        if let (Operand::Local, Some(local)) = (operand, number.checked_sub(parameters)) {
            let (count, first) = uses.get_mut(local).ok_or("no such local")?;
            *count += 1;
            if *count == 1 {
                (*first, met) = (met, met + 1);
            }
        }
        Ok(Written(Vec::new()))
    })?;
    let mut order: Vec<usize> = (0..types.len()).collect();
    // By about how often they are used, in powers of two, and then in the order of the code.
    order.sort_by_key(|local| (Reverse((types[*local], (uses[*local].0 + 1).ilog2())), uses[*local].1));
    let mut numbers: Vec<usize> = (0..parameters + order.len()).collect();
    for (new, old) in order.iter().enumerate() {
        numbers[parameters + old] = parameters + new;
    }
    let groups: Vec<&[usize]> = order.chunk_by(|a, b| types[*a] == types[*b]).collect();
    let head = groups.iter().fold(number(groups.len()), |out, group| out + &number(group.len()) + &Written(vec![types[group[0]]]));
    let code = rewritten(&mut Reader { bytes, at: code }, |operand, reader| {
        let old = reader.number()?;
        match operand {
            Operand::Local => numbers.get(old).map(|new| number(*new)).ok_or_else(|| format!("there is no local {old}")),
            Operand::Alignment if old >= ALIGNMENTS => Err(format!("an alignment of {old}")),
            Operand::Alignment => Ok(number(0)),
            Operand::Function => Ok(number(old)),
        }
    })?;
    Ok(head + &code)
}

/// For each function, imported ones included, the number of the first one that does the same. The bodies call these afterwards, so that
/// their callers may be the same, too.
fn merged(imported: usize, types: &[usize], bodies: &mut [Written]) -> Outcome<Vec<usize>> {
    let mut firsts: Vec<usize> = (0..imported + bodies.len()).collect();
    loop {
        let before = firsts.clone();
        let mut known = BTreeMap::new();
        for (at, body) in bodies.iter().enumerate() {
            firsts[imported + at] = *known.entry((types[at], &body.0)).or_insert(imported + at);
        }
        if firsts == before {
            return Ok(firsts);
        }
        for body in &mut *bodies {
            *body = with_functions(&body.0, &firsts)?;
        }
    }
}

/// A function's locals and code, with the new numbers of the functions that it calls.
fn with_functions(bytes: &[u8], numbers: &[usize]) -> Outcome<Written> {
    let mut reader = Reader { bytes, at: 0 };
    locals(&mut reader)?;
    let head = Written(bytes[..reader.at].to_vec());
    let code = rewritten(&mut reader, |operand, reader| match operand {
        Operand::Function => renamed(reader, numbers),
        Operand::Local | Operand::Alignment => reader.number().map(number),
    })?;
    Ok(head + &code)
}

/// An operand that is written anew.
#[derive(Clone, Copy)]
enum Operand {
    Function,
    Local,
    Alignment,
}

/// The instructions up to the end; what `write` reads of an operand is replaced by what it returns.
fn rewritten(reader: &mut Reader, mut write: impl FnMut(Operand, &mut Reader) -> Outcome<Written>) -> Outcome<Written> {
    let (mut out, mut copied) = (Written(Vec::new()), reader.at);
    while !reader.is_at_end() {
        if let Some(operand) = pass_instruction(reader)? {
            out.0.extend(&reader.bytes[copied..reader.at]);
            out = out + &write(operand, reader)?;
            copied = reader.at;
            if let Operand::Alignment = operand {
                reader.pass(1)?;
            }
        }
    }
    out.0.extend(&reader.bytes[copied..]);
    Ok(out)
}

/// Passes an instruction by, but for an operand at its end that is written anew, and what follows an alignment.
fn pass_instruction(reader: &mut Reader) -> Outcome<Option<Operand>> {
    match reader.byte()? {
        // call, return_call, ref.func
        0x10 | 0x12 | 0xd2 => return Ok(Some(Operand::Function)),
        // local.get, local.set, local.tee
        0x20..=0x22 => return Ok(Some(Operand::Local)),
        // Loads and stores
        0x28..=0x3e => return Ok(Some(Operand::Alignment)),
        // Blocks, branches, globals, tables, memory.size and grow, constants, ref.null
        0x02..=0x04 | 0x0c | 0x0d | 0x23..=0x26 | 0x3f..=0x42 | 0xd0 => reader.pass(1)?,
        // br_table, select with types
        0x0e | 0x1c => {
            let extra = usize::from(reader.bytes[reader.at - 1] == 0x0e);
            let length = reader.number()?;
            reader.pass(length + extra)?;
        }
        // call_indirect, return_call_indirect
        0x11 | 0x13 => reader.pass(2)?,
        0x43 => reader.take(4).map(drop)?,
        0x44 => reader.take(8).map(drop)?,
        // Conversions that saturate; memory and tables in bulk
        0xfc => {
            let operands = match reader.number()? {
                0..=7 => 0,
                8 | 10 | 12 | 14 => 2,
                9 | 11 | 13 | 15..=17 => 1,
                other => return Err(format!("instruction 0xfc {other}")),
            };
            reader.pass(operands)?;
        }
        0xfd => match reader.number()? {
            // Loads and stores
            0x00..=0x0b | 0x5c | 0x5d => return Ok(Some(Operand::Alignment)),
            // Constants and shuffles
            0x0c | 0x0d => reader.take(16).map(drop)?,
            // Single lanes
            0x15..=0x22 => reader.pass(1)?,
            // Loads and stores of single lanes: the lane follows, and they are rare
            0x54..=0x5b => reader.pass(3)?,
            0x0e..=0xff => {}
            other => return Err(format!("instruction 0xfd {other}")),
        },
        0x00 | 0x01 | 0x05 | END | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => {}
        other => return Err(format!("instruction {other:#x}")),
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module: one function imported, three of its own, of which the last calls the first.
    fn module(types: &[u8], bodies: &[&[u8]], exported: u8, in_table: &[u8]) -> Vec<u8> {
        let mut out = b"\0asm\x01\0\0\0".to_vec();
        let mut section = |kind: u8, content: &[u8]| {
            out.extend([kind, u8::try_from(content.len()).expect("it is short")]);
            out.extend(content);
        };
        let counted = |items: &[u8], each: &dyn Fn(u8) -> Vec<u8>| {
            let mut all = vec![u8::try_from(items.len()).expect("few")];
            all.extend(items.iter().flat_map(|item| each(*item)));
            all
        };
        // Without parameters, and with one.
        section(TYPES, &[2, SIGNATURE, 0, 0, SIGNATURE, 1, 0x7f, 0]);
        section(IMPORTS, b"\x01\x01m\x01f\x00\x00");
        section(FUNCTIONS, &counted(types, &|of| vec![of]));
        section(EXPORTS, &[1, 1, b'x', FUNCTION, exported]);
        section(ELEMENTS, &[&[1, 0, 0x41, 0, END][..], &counted(in_table, &|of| vec![of])].concat());
        let code: Vec<u8> = bodies.iter().flat_map(|body| [&[u8::try_from(body.len()).expect("short")], *body].concat()).collect();
        section(CODE, &[&[u8::try_from(bodies.len()).expect("few")], &code[..]].concat());
        out
    }

    #[test]
    fn frequent_locals_come_first_and_alignments_are_gone() {
        // Locals 1 and 2 of one type, 3 of another; a load with an alignment of 2 and an offset of 9.
        let load = [0x41, 0, 0x28, 2, 9, 0x1a];
        let before = [
            &[2, 2, 0x7f, 1, 0x7e, 0x20, 0, 0x1a, 0x20, 1, 0x1a, 0x20, 2, 0x1a, 0x20, 2, 0x1a, 0x20, 2, 0x1a, 0x20, 3, 0x1a],
            &load[..],
            &[END],
        ];
        let load = [0x41, 0, 0x28, 0, 9, 0x1a];
        let after = [
            &[2, 2, 0x7f, 1, 0x7e, 0x20, 0, 0x1a, 0x20, 2, 0x1a, 0x20, 1, 0x1a, 0x20, 1, 0x1a, 0x20, 1, 0x1a, 0x20, 3, 0x1a],
            &load[..],
            &[END],
        ];
        let whole = |body: &[u8]| module(&[1], &[body], 1, &[1]);
        assert_eq!(compact(&whole(&before.concat())), Ok(whole(&after.concat())));
    }

    #[test]
    fn of_functions_that_do_the_same_one_is_kept() {
        let plain: &[u8] = &[0, END];
        let caller = |of: u8| [0, 0x10, of, END];
        // 3 and 4 do the same, as 1 and 2 do; 5 has another type.
        let before = module(&[0, 0, 0, 0, 1], &[plain, plain, &caller(1), &caller(2), plain], 4, &[2, 4, 5]);
        let after = module(&[0, 0, 1], &[plain, &caller(1), plain], 2, &[1, 2, 3]);
        assert_eq!(compact(&before), Ok(after));
    }

    #[test]
    fn functions_are_sorted_and_keep_whom_they_call() {
        // i32.const -100000, whose digits look like instructions; drop; call; end
        let first: &[u8] = &[0, 0x41, 0xe0, 0xf2, 0x79, 0x1a, END];
        let second: &[u8] = &[1, 2, 0x7f, 0x20, 0, 0x1a, END];
        let caller = |of: u8| [0, 0x10, of, 0x10, 0, 0x0e, 1, 0, 0, END];
        let before = module(&[1, 0, 0], &[first, second, &caller(1)], 3, &[1, 2, 0]);
        let after = module(&[0, 0, 1], &[&caller(3), second, first], 1, &[3, 2, 0]);
        assert_eq!(compact(&before).as_ref(), Ok(&after));
        assert_eq!(compact(&after).as_ref(), Ok(&after), "in order they stay");
        let mut named = before.clone();
        named.extend([CUSTOM, 6, 4, b'n', b'a', b'm', b'e', 7]);
        assert_eq!(compact(&named), Ok(after), "nobody reads names");
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        let odd: &[u8] = &[0, 0xfb, 0, END];
        let told = |bodies: &[&[u8]]| compact(&module(&[0, 0, 0], bodies, 1, &[1])).map(drop);
        let plain: &[u8] = &[0, END];
        assert_eq!(told(&[plain, plain, plain]), Ok(()));
        assert_eq!(told(&[plain, &[0, 0xfd, 12], plain]), Err("the module ends too soon".to_owned()));
        assert_eq!(told(&[plain, &[0, 0x20, 7, END], plain]), Err("no such local".to_owned()));
        assert_eq!(told(&[plain, odd, plain]), Err("instruction 0xfb".to_owned()));
        assert_eq!(told(&[plain, plain, &[0, 0x10, 9, END]]), Err("there is no function 9".to_owned()));
        let whole = module(&[0, 0, 0], &[plain, plain, plain], 1, &[1]);
        assert_eq!(compact(&whole[..whole.len() - 1]), Err("the module ends too soon".to_owned()));
    }
}
