//! Rust source as the walls read it: words, signs and literals; without comments and tests; what is imported and which paths are named.

/// A word, a sign or a literal of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token<'a> {
    /// The text, as it stands.
    pub text: &'a str,
    /// Where the text begins in the file.
    pub at: usize,
    /// Whether the token is a name or a keyword.
    pub is_word: bool,
}

/// What a `use` brings into a module.
#[derive(Debug, PartialEq)]
pub struct Import<'a> {
    /// The modules within the file that the `use` stands in, from the outside.
    pub inside: Vec<&'a str>,
    /// The path that is imported.
    pub path: Vec<&'a str>,
    /// The name that it has here: its last part, or what stands after `as`; `*` for all of a module.
    pub name: &'a str,
}

/// A path of two parts or more that the code names outside of `use`.
#[derive(Debug, PartialEq)]
pub struct Named<'a> {
    /// The modules within the file that the path stands in, from the outside.
    pub inside: Vec<&'a str>,
    /// The parts.
    pub path: Vec<&'a str>,
}

/// What a file names of others.
#[derive(Debug, Default, PartialEq)]
pub struct Names<'a> {
    /// By `use`.
    pub imports: Vec<Import<'a>>,
    /// By paths in the code.
    pub paths: Vec<Named<'a>>,
}

/// What a public item begins with, after `pub`.
const ITEMS: [&str; 9] = ["fn", "struct", "enum", "union", "trait", "const", "static", "type", "mod"];
/// What may stand between `pub` and `fn`.
const QUALIFIERS: [&str; 3] = ["const", "async", "unsafe"];
/// What marks an item as one of the tests.
const OF_TESTS: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Where the word that begins at an offset ends.
fn word_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && is_of_word(bytes[at]) {
        at += 1;
    }
    at
}

/// Where the comment that begins at an offset ends, if one begins there.
fn comment_end(bytes: &[u8], from: usize) -> Option<usize> {
    if bytes[from..].starts_with(b"//") {
        let rest = bytes[from..].iter().position(|byte| *byte == b'\n');
        return Some(rest.map_or(bytes.len(), |length| from + length));
    }
    if !bytes[from..].starts_with(b"/*") {
        return None;
    }
    let (mut at, mut depth) = (from, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += 1;
        }
    }
    Some(at)
}

/// Where a literal ends that is closed by a quotation mark, `quote`, which no backslash precedes.
fn quoted_end(bytes: &[u8], opening: usize, quote: u8) -> usize {
    let mut at = opening + 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// Where a raw string ends of which the signs after its `r` begin at an offset, if one begins there.
fn raw_end(bytes: &[u8], from: usize) -> Option<usize> {
    let hashes = bytes[from..].iter().take_while(|byte| **byte == b'#').count();
    let opening = from + hashes;
    if bytes.get(opening) != Some(&b'"') {
        return None;
    }
    let is_closed = |at: usize| bytes[at] == b'"' && bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count() >= hashes;
    let closing = (opening + 1..bytes.len()).find(|at| is_closed(*at));
    Some(closing.map_or(bytes.len(), |at| at + 1 + hashes))
}

/// Where a character or a lifetime ends that begins at an offset.
fn tick_end(text: &str, from: usize) -> usize {
    let mut rest = text[from + 1..].chars();
    let first = rest.next();
    if first == Some('\\') {
        return quoted_end(text.as_bytes(), from, b'\'');
    }
    if rest.next() == Some('\'') {
        return from + 2 + first.map_or(0, char::len_utf8);
    }
    word_end(text.as_bytes(), from + 1)
}

/// Where a token ends that begins at an offset, and whether it is a word.
fn token_end(text: &str, from: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    match bytes[from] {
        b'"' => (quoted_end(bytes, from, b'"'), false),
        b'\'' => (tick_end(text, from), false),
        b':' if bytes.get(from + 1) == Some(&b':') => (from + 2, false),
        first if is_of_word(first) => {
            let end = word_end(bytes, from);
            let literal = match (&text[from..end], bytes.get(end)) {
                ("b" | "c", Some(b'"')) => Some(quoted_end(bytes, end, b'"')),
                ("b", Some(b'\'')) => Some(quoted_end(bytes, end, b'\'')),
                ("r" | "br" | "cr", Some(b'"' | b'#')) => raw_end(bytes, end),
                _ => None,
            };
            literal.map_or((end, !first.is_ascii_digit()), |end| (end, false))
        }
        _ => (from + 1, false),
    }
}

/// The tokens of a file. Comments are none.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
        } else if let Some(end) = comment_end(bytes, at) {
            at = end;
        } else {
            let (end, is_word) = token_end(text, at);
            out.push(Token { text: &text[at..end], at, is_word });
            at = end;
        }
    }
    out
}

fn is_at(tokens: &[Token], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.text == text)
}

/// What comes after the bracket that closes the one at an index.
fn after_bracket(tokens: &[Token], opening: usize) -> usize {
    let open = tokens[opening].text;
    let close = match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    };
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(opening) {
        if token.text == open {
            depth += 1;
        } else if token.text == close {
            depth -= 1;
            if depth == 0 {
                return at + 1;
            }
        }
    }
    tokens.len()
}

/// What comes after the item at an index, with its attributes.
fn after_item(tokens: &[Token], from: usize) -> usize {
    let mut at = from;
    let mut is_import = false;
    while at < tokens.len() {
        match tokens[at].text {
            ";" => return at + 1,
            // The braces of a `use` are not the end of it.
            "{" if !is_import => return after_bracket(tokens, at),
            "(" | "[" | "{" => at = after_bracket(tokens, at),
            word => {
                is_import |= word == "use";
                at += 1;
            }
        }
    }
    at
}

/// The tokens without the items that are compiled for tests only, and the names of the files (`mod name;`) among those items.
pub fn without_tests<'a>(tokens: &[Token<'a>]) -> (Vec<Token<'a>>, Vec<&'a str>) {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut files = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_of_tests = tokens[at].text == "#" && OF_TESTS.iter().enumerate().all(|(more, text)| is_at(tokens, at + more, text));
        if !is_of_tests {
            kept.push(tokens[at]);
            at += 1;
            continue;
        }
        let end = after_item(tokens, at + OF_TESTS.len());
        let module = (at..end).find(|at| tokens[*at].text == "mod" && is_at(tokens, at + 2, ";"));
        files.extend(module.map(|at| tokens[at + 1].text));
        at = end;
    }
    (kept, files)
}

/// Reads the tree of a `use` from an index on; returns what comes after the tree.
fn tree<'a>(tokens: &[Token<'a>], from: usize, before: &[&'a str], out: &mut Vec<(Vec<&'a str>, &'a str)>) -> usize {
    let mut path = before.to_vec();
    let mut at = from;
    while let Some(token) = tokens.get(at) {
        match token.text {
            "::" => at += 1,
            "{" => {
                at += 1;
                while at < tokens.len() && !is_at(tokens, at, "}") {
                    at = tree(tokens, at, &path, out);
                    at += usize::from(is_at(tokens, at, ","));
                }
                return at + 1;
            }
            "*" => {
                out.push((path, "*"));
                return at + 1;
            }
            part if token.is_word => {
                path.push(part);
                at += 1;
                if !is_at(tokens, at, "::") {
                    break;
                }
            }
            _ => return at + 1,
        }
    }
    if path.len() > 1 && path.last() == Some(&"self") {
        path.pop();
    }
    let Some(last) = path.last().copied() else { return at };
    if is_at(tokens, at, "as") && at + 1 < tokens.len() {
        out.push((path, tokens[at + 1].text));
        return at + 2;
    }
    out.push((path, last));
    at
}

/// The parts of the path at an index, and what comes after them.
fn path_at<'a>(tokens: &[Token<'a>], from: usize) -> (Vec<&'a str>, usize) {
    let mut path = vec![tokens[from].text];
    let mut at = from + 1;
    while is_at(tokens, at, "::") && tokens.get(at + 1).is_some_and(|token| token.is_word) {
        path.push(tokens[at + 1].text);
        at += 2;
    }
    (path, at)
}

/// What the tokens of a file name of others.
pub fn names<'a>(tokens: &[Token<'a>]) -> Names<'a> {
    let mut names = Names::default();
    let mut modules: Vec<(&str, usize)> = Vec::new();
    let (mut depth, mut at) = (0, 0);
    while at < tokens.len() {
        let token = tokens[at];
        let inside = || modules.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let begins_path = token.is_word && is_at(tokens, at + 1, "::") && (at == 0 || !matches!(tokens[at - 1].text, "." | "::"));
        match token.text {
            // `use<'a>` in a type imports nothing.
            "use" if !is_at(tokens, at + 1, "<") => {
                let mut imported = Vec::new();
                at = tree(tokens, at + 1, &[], &mut imported);
                let imports = imported.into_iter().map(|(path, name)| Import { inside: inside(), path, name });
                names.imports.extend(imports);
                continue;
            }
            "mod" if is_at(tokens, at + 2, "{") => {
                modules.push((tokens[at + 1].text, depth));
                at += 1;
            }
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if modules.last().is_some_and(|(_, outside)| *outside == depth) {
                    modules.pop();
                }
            }
            _ if begins_path => {
                let (path, end) = path_at(tokens, at);
                if path.len() > 1 {
                    names.paths.push(Named { inside: inside(), path });
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    names
}

/// The names of the items that the tokens of a file make public without restriction.
pub fn public_items<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let mut items = Vec::new();
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.text == "pub") {
        let mut at = at + 1;
        while tokens.get(at).is_some_and(|token| QUALIFIERS.contains(&token.text))
            && tokens.get(at + 1).is_some_and(|next| next.text == "fn" || QUALIFIERS.contains(&next.text))
        {
            at += 1;
        }
        let is_item = tokens.get(at).is_some_and(|token| ITEMS.contains(&token.text));
        items.extend(tokens.get(at + 1).filter(|name| is_item && name.is_word).map(|name| name.text));
    }
    items
}

/// The closures to which a `let` gives a name: how many there are, and how many of them have more than one line.
pub fn named_closures(text: &str, tokens: &[Token]) -> (usize, usize) {
    let (mut all, mut long) = (0, 0);
    for (at, begin) in tokens.iter().enumerate().filter(|(_, token)| token.text == "let") {
        let name = at + 1 + usize::from(is_at(tokens, at + 1, "mut"));
        let mut end = name + 2 + usize::from(is_at(tokens, name + 2, "move"));
        if !is_at(tokens, name + 1, "=") || !is_at(tokens, end, "|") {
            continue;
        }
        while end + 1 < tokens.len() && tokens[end].text != ";" {
            end = if matches!(tokens[end].text, "(" | "[" | "{") { after_bracket(tokens, end) } else { end + 1 };
        }
        all += 1;
        long += usize::from(tokens.get(end).is_some_and(|last| text[begin.at..last.at].contains('\n')));
    }
    (all, long)
}

/// The lines that tokens stand on, and the characters from the first to the last token of each.
pub fn lines_and_characters(text: &str, tokens: &[Token]) -> (usize, usize) {
    let (mut lines, mut characters) = (0, 0);
    // The line that is read: its number among the kept ones is `lines`, its text runs from `from` to `to`.
    let (mut from, mut to, mut end_of_line) = (0, 0, 0);
    for token in tokens {
        for (at, part) in pieces(token) {
            if lines == 0 || at >= end_of_line {
                characters += text[from..to].chars().count();
                lines += 1;
                from = at;
                end_of_line = text[at..].find('\n').map_or(text.len(), |length| at + length);
            }
            to = at + part.len();
        }
    }
    (lines, characters + text[from..to].chars().count())
}

/// A token by lines: where each piece begins, and its text; a string may have several.
fn pieces<'a>(token: &Token<'a>) -> impl Iterator<Item = (usize, &'a str)> {
    let mut at = token.at;
    let lines = token.text.split_inclusive('\n').map(move |line| {
        let begins = at;
        at += line.len();
        (begins, line.trim_end())
    });
    lines.filter(|(_, line)| !line.is_empty())
}

fn read(text: &str) -> Vec<&str> {
    tokens(text).iter().map(|token| token.text).collect()
}

fn paths(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    names(&tokens).paths.iter().map(|named| named.path.join("::")).collect()
}

#[test]
fn tokens_are_found_beside_comments_strings_and_lifetimes() {
    assert_eq!(read("a::b // c \"d\"\n/* e /* f */ \" */ g"), ["a", "::", "b", "g"]);
    assert_eq!(read(r#"("h \" // i" 'j' '"' '\'' b"k")"#), ["(", "\"h \\\" // i\"", "'j'", "'\"'", "'\\''", "b\"k\"", ")"]);
    assert_eq!(read("<'l>r#\"m \" n\"# r#type"), ["<", "'l", ">", "r#\"m \" n\"#", "r", "#", "type"]);
    let words: Vec<bool> = tokens("o 'p 7 \"q\"").iter().map(|token| token.is_word).collect();
    assert_eq!(words, [true, false, false, false]);
}

#[test]
fn tests_are_left_out_and_their_files_named() {
    let text = "use a::b;\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\n#[allow(unused)]\nuse c::{d, e};\nfn f() {}\n\
        #[cfg(test)]\nmod more { fn g() { } }\n#[cfg(test)]\nconst H: [u8; 2] = [1, 2];\nfn i() {}";
    let all = tokens(text);
    let (kept, files) = without_tests(&all);
    let words: Vec<&str> = kept.iter().filter(|token| token.is_word).map(|token| token.text).collect();
    assert_eq!(words, ["use", "a", "b", "fn", "f", "fn", "i"]);
    assert_eq!(files, ["tests"]);
}

#[test]
fn a_tree_of_imports_is_read_to_its_leaves() {
    let text =
        "pub(crate) use crate::a::{self, b::{C, d as e}, f::*};\nuse super::g;\nmod h { use super::i; }\nfn j() -> impl use<'a> K {}";
    let tokens = tokens(text);
    let imports: Vec<String> = names(&tokens)
        .imports
        .iter()
        .map(|import| format!("{}{} = {}", import.inside.concat(), import.name, import.path.join("::")))
        .collect();
    let expected = ["a = crate::a", "C = crate::a::b::C", "e = crate::a::b::d", "* = crate::a::f", "g = super::g", "hi = super::i"];
    assert_eq!(imports, expected);
}

#[test]
fn paths_are_read_outside_of_imports() {
    let text = "use a::b; fn c(d: &e::F) -> Vec<crate::g::H> { i.j::<K>(); l::m(); \"n::o\"; ::std::p() }";
    assert_eq!(paths(text), ["e::F", "crate::g::H", "l::m"]);
}

#[test]
fn public_items_are_those_without_restriction() {
    let text =
        "pub fn a() {} pub const fn b() {} pub const C: u8 = 1; pub(crate) fn d() {} pub struct E { pub f: u8 } fn g() {} pub mod h;";
    assert_eq!(public_items(&tokens(text)), ["a", "b", "C", "E", "h"]);
}

#[test]
fn a_line_of_code_holds_more_than_a_comment() {
    let text = "//! a\n\nfn b() { // c\n    \"d\n\ne\"\n    /* f\n g */ }\n";
    let tokens = tokens(text);
    assert_eq!(lines_and_characters(text, &tokens), (4, "fn b() {".len() + "\"d".len() + "e\"".len() + "}".len()));
    assert_eq!(lines_and_characters("// h\n", &[]), (0, 0));
}

#[test]
fn a_closure_with_a_name_is_counted_once_and_by_its_lines() {
    let text = "let a = |b| c(b);\nlet mut d = move || {\n    let e = |f: [u8; 2]| f;\n    e\n};\nlet g = h.map(|i| {\n    i\n});\nlet j = |k|\n  k;";
    assert_eq!(named_closures(text, &tokens(text)), (4, 2));
}
