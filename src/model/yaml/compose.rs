//! Composes tokens into a tree. A malformed text yields the tree up to the error.
//!
//! Models go.yaml.in/yaml/v2 parserc.go and the node tree of decode.go.

use base::sorted::SortedMap;
use std::rc::Rc;

use super::cursor::{Cursor, Lines, Mark};
use super::fault::Fault;
use super::scan::{Scanner, SyntaxError};
use super::token::{Sort, Style, Token, TokenKind};
use super::tree::{Entry, Node, NodeKind};
use super::{Diagnostic, MAX_DEPTH, MAX_NODES, Problem, Span};

/// The expansion of the tag handle `!!`.
pub(super) const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// The block size of upstream's reader.
const READ_BLOCK_BYTES: usize = 512;

/// The result of composing a document.
pub(super) struct Composed {
    /// The tree as far as it could be composed; `None` if there is no content.
    pub root: Option<Node>,
    /// The error that stopped it.
    pub error: Option<Diagnostic>,
}

/// Composes the first document between two offsets; like kubectl, ignores what follows a `...` line.
pub(super) fn compose(text: &str, start: usize, end: usize, lines: &Lines) -> Composed {
    let refused = text[start..end].find(is_refused_character).map(|at| start + at);
    // Upstream validates characters in blocks, so an error in an earlier block takes precedence over an illegal character.
    let readable = refused.map_or(end, |at| text.floor_char_boundary(at - (at - start) % READ_BLOCK_BYTES));
    let scanner = Scanner::new(Cursor::new(text, start, readable, lines));
    let mut composer = Composer { scanner, handles: Vec::new(), anchors: SortedMap::new(), depth: 0, nodes: 0, error: None };
    let root = composer.document();
    let error = match refused {
        Some(at) if composer.scanner.cursor.at_end() => {
            let width = text[at..].chars().next().map_or(0, char::len_utf8);
            Some(Diagnostic { problem: Problem::NotYaml(Fault::ControlCharacter, 0), span: lines.span(at, at + width) })
        }
        _ => composer.error,
    };
    Composed { root, error }
}

/// Whether a character is illegal in YAML.
fn is_refused_character(c: char) -> bool {
    !matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

struct Composer<'a> {
    scanner: Scanner<'a>,
    /// Tag handles and their prefixes.
    handles: Vec<(String, String)>,
    /// Anchored nodes; `None` while still being composed.
    anchors: SortedMap<String, Option<Rc<Node>>>,
    depth: usize,
    nodes: usize,
    error: Option<Diagnostic>,
}

/// The anchor and tag of a node.
#[derive(Default)]
struct Properties {
    anchor: Option<String>,
    tag: Option<Rc<str>>,
    place: Option<(Mark, Mark)>,
}

/// A flow collection being composed.
struct Flow {
    /// The token that closes it.
    close: Sort,
    /// The error if something else follows.
    unclosed: Fault,
    /// The position of its opening bracket.
    open: (Mark, Mark),
    /// The end of what has been composed so far.
    end: Mark,
}

impl Composer<'_> {
    /// The next token's sort and position; after an error, always the end.
    fn peek(&mut self) -> (Sort, Mark, Mark) {
        if self.error.is_none() {
            match self.scanner.peek() {
                Ok(token) => return (token.kind.sort(), token.start, token.end),
                Err(error) => self.fail(*error),
            }
        }
        let here = self.scanner.cursor.mark;
        (Sort::End, here, here)
    }

    fn next_is(&mut self, sort: Sort) -> bool {
        self.error.is_none() && self.peek().0 == sort && self.error.is_none()
    }

    fn take(&mut self) -> Option<Token> {
        self.scanner.take()
    }

    /// Consumes the next token if it is of this sort.
    fn pass(&mut self, sort: Sort) -> bool {
        let there = self.next_is(sort);
        if there {
            self.take();
        }
        there
    }

    fn fail(&mut self, SyntaxError { fault, line, start, end }: SyntaxError) {
        self.fail_with(Problem::NotYaml(fault, line), start, end);
    }

    fn fail_with(&mut self, problem: Problem, start: Mark, end: Mark) {
        if self.error.is_none() {
            self.error = Some(Diagnostic { problem, span: self.scanner.cursor.span(start, end) });
        }
    }

    /// Reports a misplaced token. The parser counts lines from 0 here, so it names the line before.
    fn misplaced(&mut self, fault: Fault) {
        let (sort, start, end) = self.peek();
        let end = if sort == Sort::BlockEnd || end.offset > start.offset { end } else { Mark { offset: start.offset, ..end } };
        self.fail(SyntaxError { fault, line: start.line, start, end });
    }

    /// Reports an unclosed flow collection: at its bracket, if the text simply ends.
    fn unclosed(&mut self, fault: Fault, open: (Mark, Mark)) {
        let (sort, start, _) = self.peek();
        if sort == Sort::End {
            self.fail(SyntaxError { fault, line: start.line, start: open.0, end: open.1 });
        } else {
            self.misplaced(fault);
        }
    }

    fn node_of(&self, kind: NodeKind, start: Mark, end: Mark) -> Node {
        Node { span: self.scanner.cursor.span(start, end), kind }
    }

    fn null(&mut self, mark: Mark) -> Node {
        self.nodes += 1;
        self.node_of(NodeKind::Scalar { text: "".into(), plain: true, tag: None }, mark, mark)
    }

    fn document(&mut self) -> Option<Node> {
        let explicit = matches!(self.peek().0, Sort::Directive | Sort::DocumentStart);
        self.directives();
        let (sort, start, _) = self.peek();
        if explicit {
            if sort != Sort::DocumentStart {
                self.misplaced(Fault::NoDocumentStart);
                return None;
            }
            self.take();
            let (sort, start, _) = self.peek();
            if matches!(sort, Sort::Directive | Sort::DocumentStart | Sort::DocumentEnd | Sort::End) {
                return Some(self.null(start));
            }
        } else if sort == Sort::End {
            return None;
        }
        let root = self.node(true, false, start);
        self.peek();
        Some(root)
    }

    fn directives(&mut self) {
        let mut versions = 0;
        while self.next_is(Sort::Directive) {
            let Some(Token { kind, start, end }) = self.take() else { return };
            let fault = match kind {
                TokenKind::Version(_) if versions > 0 => Fault::TwoVersions,
                TokenKind::Version(false) => Fault::OtherVersion,
                TokenKind::TagHandle(ref handle, _) if self.handles.iter().any(|(h, _)| h == handle) => Fault::TwoTags,
                TokenKind::TagHandle(handle, prefix) => {
                    self.handles.push((handle, prefix));
                    continue;
                }
                _ => {
                    versions += 1;
                    continue;
                }
            };
            self.fail(SyntaxError { fault, line: start.line, start, end });
        }
        for (handle, prefix) in [("!", "!"), ("!!", TAG_PREFIX)] {
            if !self.handles.iter().any(|(h, _)| h == handle) {
                self.handles.push((handle.to_owned(), prefix.to_owned()));
            }
        }
    }

    /// A node. `block`: block collections are allowed; `indentless`: a list may be indented no deeper than its key.
    fn node(&mut self, block: bool, indentless: bool, after: Mark) -> Node {
        self.nodes += 1;
        let (_, start, end) = self.peek();
        if self.depth >= MAX_DEPTH || self.nodes > MAX_NODES {
            let problem = if self.depth >= MAX_DEPTH { Problem::TooDeep } else { Problem::TooManyNodes };
            self.fail_with(problem, start, end);
            return self.null(after);
        }
        if self.next_is(Sort::Alias) {
            return self.alias();
        }
        let properties = self.properties();
        if let Some(name) = &properties.anchor {
            self.anchors.insert(name.clone(), None);
        }
        self.depth += 1;
        let mut node = self.content(block, indentless, &properties);
        self.depth -= 1;
        if let Some((start, _)) = properties.place {
            let span = self.scanner.cursor.span(start, start);
            node.span = Span { end: node.span.end.max(span.end), ..span };
        }
        if let Some(name) = properties.anchor {
            self.anchors.insert(name, Some(Rc::new(node.clone())));
        }
        node
    }

    fn alias(&mut self) -> Node {
        let Some(Token { kind: TokenKind::Alias(name), start, end }) = self.take() else {
            let here = self.scanner.cursor.mark;
            return self.null(here);
        };
        let target = self.anchors.get(&name).cloned();
        if target.is_none() {
            self.fail(SyntaxError { fault: Fault::UnknownAnchor(name.clone()), line: 0, start, end });
        }
        self.node_of(NodeKind::Alias(name.into(), target.flatten()), start, end)
    }

    /// Parses an anchor and a tag, in either order.
    fn properties(&mut self) -> Properties {
        let mut properties = Properties::default();
        let mut tag_seen = false;
        loop {
            let (sort, start, end) = self.peek();
            let wanted = match sort {
                Sort::Anchor => properties.anchor.is_none(),
                Sort::Tag => !tag_seen,
                _ => false,
            };
            if !wanted {
                return properties;
            }
            let first = properties.place.map_or(start, |(first, _)| first);
            properties.place = Some((first, end));
            match self.take().map(|t| t.kind) {
                Some(TokenKind::Anchor(name)) => properties.anchor = Some(name),
                Some(TokenKind::Tag(handle, suffix)) => {
                    tag_seen = true;
                    properties.tag = self.tag(&handle, &suffix, start, end);
                }
                _ => return properties,
            }
        }
    }

    fn tag(&mut self, handle: &str, suffix: &str, start: Mark, end: Mark) -> Option<Rc<str>> {
        if handle.is_empty() {
            return (!suffix.is_empty()).then(|| suffix.into());
        }
        let tag = self.handles.iter().find(|(h, _)| h == handle).map(|(_, prefix)| format!("{prefix}{suffix}").into());
        if tag.is_none() {
            self.fail(SyntaxError { fault: Fault::UnknownTagHandle, line: start.line, start, end });
        }
        tag
    }

    fn content(&mut self, block: bool, indentless: bool, properties: &Properties) -> Node {
        let (sort, start, _) = self.peek();
        match sort {
            Sort::BlockEntry if indentless => self.entries(start, &[Sort::BlockEntry, Sort::Key, Sort::Value, Sort::BlockEnd]),
            Sort::Scalar => self.scalar(properties.tag.clone()),
            Sort::FlowSequence => self.flow_sequence(),
            Sort::FlowMapping => self.flow_mapping(),
            Sort::BlockSequence if block => self.block_sequence(),
            Sort::BlockMapping if block => self.block_mapping(),
            _ => {
                if properties.place.is_none() {
                    self.misplaced(Fault::NoContent);
                }
                let (first, last) = properties.place.unwrap_or((start, start));
                let kind = NodeKind::Scalar { text: "".into(), plain: properties.tag.is_none(), tag: properties.tag.clone() };
                self.node_of(kind, first, last)
            }
        }
    }

    fn scalar(&mut self, tag: Option<Rc<str>>) -> Node {
        let Some(Token { kind: TokenKind::Scalar(text, style), start, end }) = self.take() else {
            let here = self.scanner.cursor.mark;
            return self.null(here);
        };
        let plain = (tag.is_none() && style == Style::Plain) || tag.as_deref() == Some("!");
        self.node_of(NodeKind::Scalar { text: text.into(), plain, tag }, start, end)
    }

    fn block_sequence(&mut self) -> Node {
        let (_, start, _) = self.peek();
        self.take();
        let sequence = self.entries(start, &[Sort::BlockEntry, Sort::BlockEnd]);
        if !self.pass(Sort::BlockEnd) {
            self.misplaced(Fault::NoDash);
        }
        sequence
    }

    /// The entries of a sequence in lines, of which one before any of `ends` is empty.
    fn entries(&mut self, start: Mark, ends: &[Sort]) -> Node {
        let mut items = Vec::new();
        let mut end = start;
        while let (Sort::BlockEntry, _, after) = self.peek() {
            self.take();
            end = after;
            let is_empty = ends.contains(&self.peek().0);
            items.push(if is_empty { self.null(after) } else { self.node(true, false, after) });
        }
        self.list_of(items, start, end)
    }

    fn list_of(&self, items: Vec<Node>, start: Mark, end: Mark) -> Node {
        let mut node = self.node_of(NodeKind::List(Rc::default()), start, end);
        node.span.end = items.iter().map(|i| i.span.end).fold(node.span.end, usize::max);
        node.kind = NodeKind::List(Rc::new(items));
        node
    }

    fn map_of(&self, entries: Vec<Entry>, start: Mark, end: Mark) -> Node {
        let mut node = self.node_of(NodeKind::Map(Rc::default()), start, end);
        node.span.end = entries.iter().map(|e| e.value.span.end.max(e.key.span.end)).fold(node.span.end, usize::max);
        node.kind = NodeKind::Map(Rc::new(entries));
        node
    }

    fn block_mapping(&mut self) -> Node {
        let (_, start, _) = self.peek();
        self.take();
        let mut entries = Vec::new();
        let mut end = start;
        loop {
            let (sort, _, after) = self.peek();
            let key = match sort {
                Sort::Key => {
                    self.take();
                    end = after;
                    self.block_part(after)
                }
                _ => break,
            };
            let (sort, here, after) = self.peek();
            let value = if sort == Sort::Value {
                self.take();
                end = after;
                self.block_part(after)
            } else {
                self.null(here)
            };
            entries.push(Entry { key, value });
        }
        if !self.pass(Sort::BlockEnd) {
            self.misplaced(Fault::NoKey);
        }
        self.map_of(entries, start, end)
    }

    /// The node after a `?` or `:` of a block mapping.
    fn block_part(&mut self, after: Mark) -> Node {
        match self.peek().0 {
            Sort::Key | Sort::Value | Sort::BlockEnd => self.null(after),
            _ => self.node(true, true, after),
        }
    }

    fn flow_sequence(&mut self) -> Node {
        let (_, start, open_end) = self.peek();
        self.take();
        let mut items = Vec::new();
        let mut flow = Flow { close: Sort::FlowSequenceEnd, unclosed: Fault::NoBracket, open: (start, open_end), end: open_end };
        while let Some((sort, here, after)) = self.next_in_flow(&mut flow, items.is_empty()) {
            items.push(if sort == Sort::Key { self.flow_pair(here, after) } else { self.node(false, false, here) });
        }
        self.list_of(items, start, flow.end)
    }

    /// The start of the next item of a flow collection; `None` on an error or at its end, which is consumed.
    fn next_in_flow(&mut self, flow: &mut Flow, is_first: bool) -> Option<(Sort, Mark, Mark)> {
        if self.error.is_some() {
            return None;
        }
        if !is_first && !self.next_is(flow.close) && !self.pass(Sort::FlowEntry) {
            self.unclosed(flow.unclosed.clone(), flow.open);
            return None;
        }
        let (sort, here, after) = self.peek();
        if self.error.is_none() {
            flow.end = after;
        }
        if sort == flow.close {
            self.take();
            return None;
        }
        Some((sort, here, after))
    }

    /// `[a: b]`: a single-entry map without braces.
    fn flow_pair(&mut self, start: Mark, end: Mark) -> Node {
        self.take();
        self.nodes += 1;
        let key = match self.peek() {
            (Sort::Value | Sort::FlowEntry | Sort::FlowSequenceEnd, _, after) => {
                // Upstream's parser consumes this token as the empty key's.
                self.take();
                self.null(after)
            }
            (_, here, _) => self.node(false, false, here),
        };
        let mut value = None;
        if self.pass(Sort::Value) {
            let (sort, here, _) = self.peek();
            if !matches!(sort, Sort::FlowEntry | Sort::FlowSequenceEnd) {
                value = Some(self.node(false, false, here));
            }
        }
        let here = self.peek().1;
        let value = match value {
            Some(value) => value,
            None => self.null(here),
        };
        self.map_of(vec![Entry { key, value }], start, end)
    }

    fn flow_mapping(&mut self) -> Node {
        let (_, start, open_end) = self.peek();
        self.take();
        let mut entries = Vec::new();
        let mut flow = Flow { close: Sort::FlowMappingEnd, unclosed: Fault::NoBrace, open: (start, open_end), end: open_end };
        while let Some((sort, here, _)) = self.next_in_flow(&mut flow, entries.is_empty()) {
            let (key, value) = if sort == Sort::Key {
                self.take();
                self.flow_entry()
            } else {
                let key = self.node(false, false, here);
                let here = self.peek().1;
                (key, self.null(here))
            };
            entries.push(Entry { key, value });
        }
        self.map_of(entries, start, flow.end)
    }

    fn flow_entry(&mut self) -> (Node, Node) {
        let (sort, here, _) = self.peek();
        let key = match sort {
            Sort::Value | Sort::FlowEntry | Sort::FlowMappingEnd => self.null(here),
            _ => self.node(false, false, here),
        };
        let has_value = self.pass(Sort::Value);
        let (sort, here, _) = self.peek();
        let value = match sort {
            Sort::FlowEntry | Sort::FlowMappingEnd => self.null(here),
            _ if has_value => self.node(false, false, here),
            _ => self.null(here),
        };
        (key, value)
    }
}
