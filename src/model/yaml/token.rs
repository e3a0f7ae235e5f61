//! The tokens passed from the scanner to the composer.

use super::cursor::Mark;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    Block,
}

/// The kind of a token, with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    StreamEnd,
    /// `%YAML`, and whether the version is 1.1.
    Version(bool),
    /// `%TAG`: handle and prefix.
    TagHandle(String, String),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(String),
    Anchor(String),
    /// A tag's handle and suffix.
    Tag(String, String),
    Scalar(String, Style),
}

/// A token and its position.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: Mark,
    pub end: Mark,
}

/// The kind of a token, without its content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    End,
    Directive,
    DocumentStart,
    DocumentEnd,
    BlockSequence,
    BlockMapping,
    BlockEnd,
    FlowSequence,
    FlowSequenceEnd,
    FlowMapping,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar,
}

impl TokenKind {
    /// Its sort.
    pub fn sort(&self) -> Sort {
        match self {
            TokenKind::StreamEnd => Sort::End,
            TokenKind::Version(_) | TokenKind::TagHandle(..) => Sort::Directive,
            TokenKind::DocumentStart => Sort::DocumentStart,
            TokenKind::DocumentEnd => Sort::DocumentEnd,
            TokenKind::BlockSequenceStart => Sort::BlockSequence,
            TokenKind::BlockMappingStart => Sort::BlockMapping,
            TokenKind::BlockEnd => Sort::BlockEnd,
            TokenKind::FlowSequenceStart => Sort::FlowSequence,
            TokenKind::FlowSequenceEnd => Sort::FlowSequenceEnd,
            TokenKind::FlowMappingStart => Sort::FlowMapping,
            TokenKind::FlowMappingEnd => Sort::FlowMappingEnd,
            TokenKind::BlockEntry => Sort::BlockEntry,
            TokenKind::FlowEntry => Sort::FlowEntry,
            TokenKind::Key => Sort::Key,
            TokenKind::Value => Sort::Value,
            TokenKind::Alias(_) => Sort::Alias,
            TokenKind::Anchor(_) => Sort::Anchor,
            TokenKind::Tag(..) => Sort::Tag,
            TokenKind::Scalar(..) => Sort::Scalar,
        }
    }
}
