use wasm_encoder::{Instruction, MemorySection, MemoryType, TableType};
use wasmparser::Validator;

use super::*;

const WORDS: &[u8] = b"first, later";

/// A module: 0 is imported; 1 is exported and calls 2 and 3; 2 calls 1, 0 and itself and stands in the table, as 4 does, which is small;
/// nobody calls 5. All take and return numbers.
fn module() -> Vec<u8> {
    module_of(&[&[2, 3][..], &[1, 0, 2], &[], &[], &[0, 1, 3]])
}

/// The module with other calls, from 1 on.
fn module_of(calls: &[&[u32]]) -> Vec<u8> {
    let (mut types, mut imports, mut functions, mut tables) =
        (TypeSection::new(), ImportSection::new(), FunctionSection::new(), TableSection::new());
    types.ty().function([ValType::I32, ValType::V128], [ValType::I32]);
    imports.import("page", "f", EntityType::Function(0));
    tables.table(TableType { element_type: wasm_encoder::RefType::FUNCREF, minimum: 3, maximum: Some(3), table64: false, shared: false });
    let (mut memories, mut globals, mut exports) = (MemorySection::new(), GlobalSection::new(), ExportSection::new());
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(7));
    exports.export("run", ExportKind::Func, 1);
    let (mut elements, mut code, mut data) = (ElementSection::new(), CodeSection::new(), DataSection::new());
    elements.active(None, &ConstExpr::i32_const(1), Elements::Functions([2, 4].as_slice().into()));
    data.active(0, &ConstExpr::i32_const(100), WORDS.iter().copied());
    for calls in calls {
        functions.function(0);
        let mut function = Function::new([]);
        for called in *calls {
            let call = [Instruction::LocalGet(0), Instruction::LocalGet(1), Instruction::Call(*called), Instruction::Drop];
            for part in call {
                function.instruction(&part);
            }
        }
        code.function(function.instruction(&Instruction::GlobalGet(0)).instruction(&Instruction::End));
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories).section(&globals);
    module.section(&exports).section(&elements).section(&code).section(&data);
    module.finish()
}

/// The names of a half's imports, and who stands where in its table.
fn seen(half: &[u8]) -> (Vec<String>, BTreeMap<u32, u32>) {
    Validator::new().validate_all(half).expect("a half is a module");
    let imports = Parser::new(0).parse_all(half).filter_map(|payload| match payload.unwrap() {
        Payload::ImportSection(section) => Some(section.into_imports().map(|import| import.unwrap().name.to_owned()).collect()),
        _ => None,
    });
    (imports.flat_map(|names: Vec<String>| names).collect(), parts(half).unwrap().slots)
}

fn data(half: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let data = Parser::new(0).parse_all(half).filter_map(|payload| match payload.unwrap() {
        Payload::DataSection(section) => Some(section.into_iter().map(Result::unwrap).collect::<Vec<_>>()),
        _ => None,
    });
    data.flatten().map(|datum| (address(&datum).unwrap().unwrap(), datum.data.to_vec())).collect()
}

/// These come later, and something names them that comes first.
fn named(later: &[u32]) -> impl Fn(u32) -> When {
    |function| if later.contains(&function) { When::Named } else { When::First }
}

#[test]
fn both_halves_are_modules_and_each_finds_the_other_in_the_table() {
    let module = module();
    let split = Split::new(&module, named(&[2, 5])).unwrap();
    let Halves { first, later } = split.halves(|_| true, &[]).unwrap();
    // The first has 0, what brings the second, 1, 3, 4, and a stub for 2. What the second calls, 0, 1 and 3, is behind the old table.
    assert_eq!(seen(&first), (vec!["f".to_owned(), "bring".to_owned()], [(1, 5), (2, 4), (3, 0), (4, 2), (5, 3)].into()));
    // The second imports 0, 1 and 3, and then has 2 and 5.
    assert_eq!(seen(&later), ([".m0", ".t0", ".g0", "3", "4", "5"].map(str::to_owned).to_vec(), [(1, 3)].into()));
    assert_eq!(data(&first), [(100, WORDS.to_vec())]);
}

#[test]
fn what_is_exported_or_smaller_than_its_stub_stays() {
    let module = module();
    let split = Split::new(&module, |_| When::Named).unwrap();
    assert_eq!((0..6).map(|function| split.comes_later(function)).collect::<Vec<_>>(), [false, false, true, false, false, true]);
}

/// Here 1 calls nobody, so that only the table names 2 and 4.
#[test]
fn what_nothing_of_the_first_half_names_has_no_stub() {
    let module = module_of(&[&[][..], &[1, 0, 2], &[], &[], &[0, 1, 3]]);
    let split = Split::new(&module, |function| if [2, 4].contains(&function) { When::Later } else { When::First }).unwrap();
    assert_eq!((2..5).map(|function| split.comes_later(function)).collect::<Vec<_>>(), [true, false, true], "no stub is larger than 4");
    let Halves { first, later } = split.halves(|_| false, &[]).unwrap();
    // The first has 0, what brings the second, 1, 3 and 5. Its table has what brings the second where 2 and 4 will be.
    assert_eq!(seen(&first).1, [(1, 1), (2, 1), (3, 0), (4, 2)].into());
    // The second imports 0 and 1, and then has 2 and 4, whose places it fills.
    assert_eq!(seen(&later), ([".m0", ".t0", ".g0", "3", "4"].map(str::to_owned).to_vec(), [(1, 2), (2, 3)].into()));
    let Halves { first, .. } = split.halves(|function| function == 2, &[]).unwrap();
    assert_eq!(seen(&first).1, [(1, 5), (2, 1), (3, 0), (4, 2)].into(), "2 has a stub");
}

#[test]
fn constants_come_with_the_code_that_reaches_them() {
    let module = module();
    let split = Split::new(&module, named(&[2])).unwrap();
    let Halves { first, later } = split.halves(|_| true, std::slice::from_ref(&(107..112))).unwrap();
    assert_eq!(data(&first), [(100, b"first, \0\0\0\0\0".to_vec())]);
    assert_eq!(data(&later), [(107, b"later".to_vec())]);
    seen(&later);
}

#[test]
fn a_module_whose_memory_is_another_ones_is_refused() {
    let (mut imports, mut module) = (ImportSection::new(), Module::new());
    imports.import("", "m", MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    assert!(Split::new(&module.section(&imports).clone().finish(), |_| When::Later).is_err());
}

#[test]
fn places_are_named_in_base_36() {
    assert_eq!([0, 35, 36, 46_655].map(base_36), ["0", "z", "10", "zzz"]);
}
