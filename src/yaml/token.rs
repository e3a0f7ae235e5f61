//! The tokens between scanner and composer.

use super::cursor::Mark;

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    Block,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    StreamEnd,
    /// `%YAML`, and whether it says 1.1.
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
    /// Handle and suffix.
    Tag(String, String),
    Scalar(String, Style),
}

/// A token and its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: Mark,
    pub end: Mark,
}

/// What a token is, without its contents.
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
