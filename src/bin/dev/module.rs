//! A wasm module made smaller to send: nothing in it that only tools read, and bytes that compress well.
//!
//! Functions are ordered by their signatures and bytes, so that similar functions are neighbours (2 % of the compressed page). Locals of a
//! function are numbered by about how often they are used, so that few numbers are frequent (0.9 %). Alignments are hints without an
//! effect and become 0 (0.4 %). The names that the module shares with its script are short: wasm-bindgen's end in 16 hexadecimal digits,
//! which do not compress, and each is sent twice (0.3 %). Of functions that do the same, one is kept (3.3 %; 0.1 % by those that
//! name other constants, alike.rs).
//! Promises: a module does what it did. wasmparser reads the module and wasm-encoder writes the new one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, ExportSection, Function, FunctionSection, ImportSection, Instruction, MemArg, Module};
use wasmparser::{CompositeInnerType, FunctionBody, Imports, Operator, Parser, Payload, TypeRef};

type Outcome<T> = Result<T, Error<Infallible>>;

/// What the rewriting needs to know of a module.
#[derive(Default)]
struct Parts<'a> {
    /// How many parameters each type of functions has.
    parameters: Vec<u32>,
    /// How many functions are imported: theirs are the first numbers.
    imported: u32,
    /// The type of each function that is not imported.
    types: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
    /// The names of imports and exports.
    names: Vec<&'a str>,
}

/// Writes a module anew: functions in another order, locals with other numbers, imports and exports with other names.
#[derive(Default)]
struct Rewriter<'a> {
    parts: Parts<'a>,
    /// The new number of each local, for each function that is not imported.
    locals: Vec<Vec<u32>>,
    /// The function whose body is read.
    current: usize,
    /// The new number of each function.
    functions: Vec<u32>,
    /// Which of the functions that are not imported are written, in their order.
    order: Vec<usize>,
    /// The class of what each function does, imported ones included, as far as that is known.
    alike: &'a [Option<u32>],
    /// Whether bodies are written without the numbers that say what is called, and where in memory something is.
    is_plain: bool,
    /// The short names, by the long ones.
    short: BTreeMap<&'a str, String>,
}

/// A script and its module, which share names, written anew.
pub struct Short {
    pub script: String,
    pub module: Vec<u8>,
    /// The new number of each function.
    pub numbers: Vec<u32>,
}

/// Writes a script and its module anew. `alike` has the class of each function that may be merged with others of its class.
pub fn shorten(script: &str, module: &[u8], alike: &[Option<u32>]) -> Result<Short, String> {
    rewritten(script, module, alike).map_err(|why| format!("the module: {why}"))
}

fn rewritten(script: &str, module: &[u8], alike: &[Option<u32>]) -> Outcome<Short> {
    let parts = parts(module)?;
    let locals = parts.bodies.iter().zip(&parts.types).map(|(body, of)| frequent_first(body, parts.parameters[*of as usize]));
    let mut rewriter =
        Rewriter { locals: locals.collect::<Outcome<_>>()?, short: short_names(script, &parts.names), parts, alike, ..Rewriter::default() };
    rewriter.order_functions()?;
    let mut out = Module::new();
    rewriter.parse_core_module(&mut out, Parser::new(0), module)?;
    let script = words(script).map(|word| rewriter.short.get(word).map_or(word, String::as_str)).collect();
    Ok(Short { script, module: out.finish(), numbers: rewriter.functions })
}

fn parts(module: &[u8]) -> Outcome<Parts<'_>> {
    let mut parts = Parts::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(section) => {
                for group in section {
                    parts.parameters.extend(group?.types().map(|of| match &of.composite_type.inner {
                        CompositeInnerType::Func(of) => u32::try_from(of.params().len()).unwrap_or(u32::MAX),
                        _ => 0,
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    parts.imported += u32::from(matches!(import.ty, TypeRef::Func(_)));
                    parts.names.push(import.name);
                }
            }
            Payload::FunctionSection(section) => parts.types = section.into_iter().collect::<Result<_, _>>()?,
            Payload::ExportSection(section) => {
                for export in section {
                    parts.names.push(export?.name);
                }
            }
            Payload::CodeSectionEntry(body) => parts.bodies.push(body),
            _ => {}
        }
    }
    Ok(parts)
}

/// The types of a function's locals without its parameters.
fn locals(body: &FunctionBody) -> Outcome<Vec<wasmparser::ValType>> {
    let mut types = Vec::new();
    for group in body.get_locals_reader()? {
        let (many, of) = group?;
        types.resize(types.len() + many as usize, of);
    }
    Ok(types)
}

/// New numbers of a function's locals. Locals of one type are numbered by about how often they are used, in powers of two, and then in the
/// order of the code; parameters keep their numbers.
fn frequent_first(body: &FunctionBody, parameters: u32) -> Outcome<Vec<u32>> {
    let types = locals(body)?;
    let (mut uses, mut met) = (vec![(0_usize, usize::MAX); types.len()], 0);
    for operator in body.get_operators_reader()? {
        if let Operator::LocalGet { local_index } | Operator::LocalSet { local_index } | Operator::LocalTee { local_index } = operator?
            && let Some(local) = local_index.checked_sub(parameters)
        {
            let (count, first) = &mut uses[local as usize];
            *count += 1;
            if *count == 1 {
                (*first, met) = (met, met + 1);
            }
        }
    }
    let mut order: Vec<usize> = (0..types.len()).collect();
    order.sort_by_key(|local| (types[*local], Reverse((uses[*local].0 + 1).ilog2()), uses[*local].1));
    let mut numbers: Vec<u32> = (0..parameters).collect();
    numbers.resize(parameters as usize + order.len(), 0);
    for (new, old) in (parameters..).zip(order) {
        numbers[parameters as usize + old] = new;
    }
    Ok(numbers)
}

/// Short names for those that the script knows, too. Only names with a `_` are replaced: wasm-bindgen makes those. `memory` or `main` may
/// be other words of the script.
fn short_names<'a>(script: &str, long: &[&'a str]) -> BTreeMap<&'a str, String> {
    let used: BTreeSet<&str> = words(script).collect();
    let mut free = (0..).map(|n| format!("_{n:x}")).filter(|name| !used.contains(name.as_str()));
    let made = long.iter().filter(|name| name.contains('_') && used.contains(*name));
    made.filter_map(|name| Some((*name, free.next()?))).collect()
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

impl Rewriter<'_> {
    /// Chooses which functions are written, and where.
    fn order_functions(&mut self) -> Outcome<()> {
        let imported = self.parts.imported as usize;
        let all = imported + self.parts.bodies.len();
        // Whom a function calls says little about what it resembles.
        self.functions = vec![0; all];
        let alike = self.bodies()?;
        let kept = self.merge()?;
        self.order = (0..all - imported).filter(|at| kept[imported + at] as usize == imported + at).collect();
        self.order.sort_by_key(|at| (self.parts.types[*at], &alike[*at], *at));
        let mut numbers: Vec<u32> = kept.clone();
        for (new, old) in (self.parts.imported..).zip(&self.order) {
            numbers[imported + old] = new;
        }
        self.functions = kept.iter().map(|kept| numbers[*kept as usize]).collect();
        Ok(())
    }

    /// For each function, imported ones included, the number of the first one that does the same. Callers of functions that do the same
    /// may do the same, too.
    fn merge(&mut self) -> Outcome<Vec<u32>> {
        let imported = self.parts.imported as usize;
        let alike = self.merge_alike()?;
        self.functions = alike.clone();
        loop {
            let bodies = self.bodies()?;
            let mut known = BTreeMap::new();
            let mut firsts: Vec<u32> = (0..self.parts.imported).collect();
            for (number, first) in (0..).zip(&alike).skip(imported) {
                let of = *first as usize - imported;
                firsts.push(*known.entry((self.parts.types[of], &bodies[of])).or_insert(number));
            }
            if firsts == self.functions {
                return Ok(firsts);
            }
            self.functions = firsts;
        }
    }

    /// For each function, imported ones included, the number of the first one of its class whose code still is the same. wasm-bindgen has
    /// changed functions since. What they call, and where in memory something is, may differ.
    fn merge_alike(&mut self) -> Outcome<Vec<u32>> {
        self.is_plain = true;
        let plain = self.bodies()?;
        self.is_plain = false;
        let mut known = BTreeMap::new();
        let mut firsts: Vec<u32> = (0..self.parts.imported).collect();
        for ((body, of), number) in plain.iter().zip(&self.parts.types).zip(self.parts.imported..) {
            let class = self.alike.get(number as usize).copied().flatten();
            firsts.push(class.map_or(number, |class| *known.entry((class, of, body)).or_insert(number)));
        }
        Ok(firsts)
    }

    /// The locals and the code of every function, as they are written.
    fn bodies(&mut self) -> Outcome<Vec<Vec<u8>>> {
        (0..self.parts.bodies.len()).map(|at| self.body(at).map(Function::into_raw_body)).collect()
    }

    fn body(&mut self, at: usize) -> Outcome<Function> {
        self.current = at;
        let body = self.parts.bodies[at].clone();
        let parameters = self.parts.parameters[self.parts.types[at] as usize] as usize;
        let old = locals(&body)?;
        let mut types = old.clone();
        for (local, of) in old.iter().enumerate() {
            types[self.locals[at][parameters + local] as usize - parameters] = *of;
        }
        let types = types.into_iter().map(|of| self.val_type(of)).collect::<Outcome<Vec<_>>>()?;
        let mut function = Function::new_with_locals_types(types);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            function.instruction(&self.parse_instruction(&mut operators)?);
        }
        Ok(function)
    }
}

impl Reencode for Rewriter<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        Ok(if self.is_plain { 0 } else { self.functions[function as usize] })
    }

    fn mem_arg(&mut self, of: wasmparser::MemArg) -> Outcome<MemArg> {
        let of = utils::mem_arg(self, of)?;
        Ok(MemArg { align: 0, offset: if self.is_plain { 0 } else { of.offset }, ..of })
    }

    fn instruction<'b>(&mut self, operator: Operator<'b>) -> Outcome<Instruction<'b>> {
        let local = |old: u32| self.locals[self.current][old as usize];
        Ok(match operator {
            Operator::LocalGet { local_index } => Instruction::LocalGet(local(local_index)),
            Operator::LocalSet { local_index } => Instruction::LocalSet(local(local_index)),
            Operator::LocalTee { local_index } => Instruction::LocalTee(local(local_index)),
            Operator::I32Const { .. } if self.is_plain => Instruction::I32Const(0),
            other => utils::instruction(self, other)?,
        })
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: wasmparser::CustomSectionReader<'_>) -> Outcome<()> {
        Ok(())
    }

    fn parse_imports(&mut self, imports: &mut ImportSection, of: Imports<'_>) -> Outcome<()> {
        if let Imports::Single(at, mut import) = of
            && let Some(short) = self.short.get(import.name).cloned()
        {
            import.name = &short;
            return utils::parse_imports(self, imports, Imports::Single(at, import));
        }
        utils::parse_imports(self, imports, of)
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: wasmparser::Export<'_>) -> Outcome<()> {
        let short = self.short.get(export.name).cloned();
        let name = short.as_deref().unwrap_or(export.name);
        utils::parse_export(self, exports, wasmparser::Export { name, ..export })
    }

    fn parse_function_section(&mut self, functions: &mut FunctionSection, _: wasmparser::FunctionSectionReader<'_>) -> Outcome<()> {
        for at in &self.order {
            functions.function(self.parts.types[*at]);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: wasmparser::CodeSectionReader<'_>) -> Outcome<()> {
        for at in self.order.clone() {
            code.function(&self.body(at)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::Instruction::{Call, Drop, End, I32Const, I32Load, LocalGet};
    use wasm_encoder::{ConstExpr, ElementSection, Elements, EntityType, ExportKind, MemArgTarget, TypeSection, ValType};

    use super::*;

    /// A function's type, its locals, and its code without the end.
    type Code<'a> = (u32, &'a [(u32, ValType)], &'a [Instruction<'a>]);

    const LOAD: Instruction = I32Load(MemArg { offset: 9, align: 0, target: MemArgTarget::Memory(0), ordering: None });

    /// A module: one function imported, several of its own, of which one is exported and some are in a table.
    fn module(names: [&str; 2], functions: &[Code], exported: u32, in_table: &[u32]) -> Module {
        let (mut types, mut imports, mut exports) = (TypeSection::new(), ImportSection::new(), ExportSection::new());
        types.ty().function([], []);
        types.ty().function([ValType::I32], []);
        imports.import("./it.js", names[0], EntityType::Function(0));
        exports.export(names[1], ExportKind::Func, exported);
        let (mut kinds, mut elements, mut code) = (FunctionSection::new(), ElementSection::new(), CodeSection::new());
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(in_table.into()));
        for (of, locals, instructions) in functions {
            kinds.function(*of);
            let mut function = Function::new(locals.iter().copied());
            for instruction in *instructions {
                function.instruction(instruction);
            }
            code.function(function.instruction(&End));
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&kinds).section(&exports).section(&elements).section(&code);
        module
    }

    fn compact(functions: &[Code], exported: u32, in_table: &[u32]) -> Vec<u8> {
        shorten("", &whole(functions, exported, in_table), &[]).unwrap().module
    }

    fn whole(functions: &[Code], exported: u32, in_table: &[u32]) -> Vec<u8> {
        module(["f", "x"], functions, exported, in_table).finish()
    }

    #[test]
    fn frequent_locals_come_first_and_alignments_are_gone() {
        // Locals 1 and 2 of one type, 3 of another.
        let locals = [(2, ValType::I32), (1, ValType::I64)];
        let aligned = I32Load(MemArg { offset: 9, align: 2, target: MemArgTarget::Memory(0), ordering: None });
        let before = [LocalGet(0), LocalGet(1), LocalGet(2), LocalGet(2), LocalGet(2), LocalGet(3), aligned];
        let after = [LocalGet(0), LocalGet(2), LocalGet(1), LocalGet(1), LocalGet(1), LocalGet(3), LOAD];
        assert_eq!(compact(&[(1, &locals, &before)], 1, &[1]), whole(&[(1, &locals, &after)], 1, &[1]));
    }

    #[test]
    fn of_functions_that_do_the_same_one_is_kept() {
        let plain: Code = (0, &[], &[]);
        // 3 and 4 do the same, as 1 and 2 do; 5 has another type.
        let before = compact(&[plain, plain, (0, &[], &[Call(1)]), (0, &[], &[Call(2)]), (1, &[], &[])], 4, &[2, 4, 5]);
        assert_eq!(before, whole(&[plain, (0, &[], &[Call(1)]), (1, &[], &[])], 2, &[1, 2, 3]));
    }

    #[test]
    fn of_functions_that_are_alike_one_is_kept_where_their_code_still_is_the_same() {
        let constant = |at: i32| [I32Const(at), Drop];
        let (first, second, third) = (constant(8), constant(16), [I32Const(24), I32Const(24), Drop, Drop]);
        // 1 and 2 name constants that are alike, 3 does something else by now, and of 4 nothing is known.
        let functions: [Code; 4] = [(0, &[], &first), (0, &[], &second), (0, &[], &third), (0, &[], &second)];
        let short = shorten("", &whole(&functions, 1, &[1, 2, 3, 4]), &[None, Some(7), Some(7), Some(7), None]).unwrap();
        assert_eq!(short.numbers[1], short.numbers[2]);
        let others: BTreeSet<u32> = short.numbers.iter().copied().collect();
        assert_eq!(others.len(), 4, "{:?}", short.numbers);
    }

    #[test]
    fn functions_are_sorted_and_keep_whom_they_call() {
        let (first, second): (Code, Code) = ((1, &[], &[I32Const(-100_000), Drop]), (0, &[(2, ValType::I32)], &[LocalGet(0), Drop]));
        let before = [first, second, (0, &[], &[Call(1), Call(0)])];
        let after = whole(&[(0, &[], &[Call(3), Call(0)]), second, first], 1, &[3, 2, 0]);
        assert_eq!(compact(&before, 3, &[1, 2, 0]), after);
        assert_eq!(shorten("", &after, &[]).unwrap().module, after, "in order they stay");
        let mut named = module(["f", "x"], &before, 3, &[1, 2, 0]);
        let custom = wasm_encoder::CustomSection { name: "name".into(), data: (&[7][..]).into() };
        assert_eq!(shorten("", &named.section(&custom).clone().finish(), &[]).unwrap().module, after, "nobody reads names");
    }

    #[test]
    fn a_module_that_is_cut_off_is_an_error() {
        let whole = whole(&[(0, &[], &[])], 1, &[1]);
        assert!(shorten("", &whole[..whole.len() - 1], &[]).is_err());
    }

    #[test]
    fn a_name_is_short_in_both() {
        let script = "const i = { __wbg_add_3005ed: (a) => a }; wasm.main(); wasm.__wb_free(_0); // __wbg_add_3005ed2";
        let with = |names| module(names, &[(0, &[], &[])], 1, &[]).finish();
        let Short { script, module: short, .. } = shorten(script, &with(["__wbg_add_3005ed", "__wb_free"]), &[]).unwrap();
        assert_eq!(script, "const i = { _1: (a) => a }; wasm.main(); wasm._2(_0); // __wbg_add_3005ed2");
        assert_eq!(short, with(["_1", "_2"]));
    }

    #[test]
    fn a_word_without_an_underscore_stays() {
        let module = module(["memory", "main"], &[(0, &[], &[])], 1, &[]).finish();
        let short = shorten("wasm.memory.memory()", &module, &[]).unwrap();
        assert_eq!((short.script.as_str(), short.module), ("wasm.memory.memory()", module));
    }
}
