//! What kubectl's reader finds wrong with a text, and its sentence about each.
//!
//! Models the messages of go.yaml.in/yaml/v2 scannerc.go, parserc.go and decode.go.

use std::fmt;

/// Declares the faults, each with the sentence of upstream's parser.
macro_rules! faults {
    ($($name:ident $(($($data:ident: $of:ty),+))? => $words:literal,)*) => {
        /// Why a text is no YAML, or none of which JSON can be made. Each is described by the sentence of upstream's parser.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Fault {
            $(#[doc = $words] $name $(($($of),+))?,)*
        }

        impl fmt::Display for Fault {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                match self {
                    $(Fault::$name $(($($data),+))? => write!(f, $words),)*
                }
            }
        }
    };
}

faults! {
    AnchorInItself(name: String) => "anchor '{name}' value contains itself",
    Base64 => "!!binary value contains invalid base64 data",
    ControlCharacter => "control characters are not allowed",
    DirectiveSign => "found unexpected non-alphabetical character",
    DocumentIndicator => "found unexpected document indicator",
    EndOfStream => "found unexpected end of stream",
    EntryHere => "block sequence entries are not allowed in this context",
    EscapeCode => "found invalid Unicode character escape code",
    ExcessiveAliasing => "document contains excessive aliasing",
    IndentationZero => "found an indentation indicator equal to 0",
    JsonKey(of: &'static str, key: String, value: String) => "unsupported map key of type: {of}, key: {key}, value: {value}",
    JsonNumber(name: &'static str) => "json: unsupported value: {name}",
    KeyHere => "mapping keys are not allowed in this context",
    LongVersion => "found extremely long version number",
    MapKey(key: String) => "invalid map key: {key}",
    Merge => "map merge requires map or sequence of maps as the value",
    NoBlank => "did not find expected whitespace",
    NoBrace => "did not find expected ',' or '}}'",
    NoBracket => "did not find expected ',' or ']'",
    NoColon => "could not find expected ':'",
    NoContent => "did not find expected node content",
    NoDash => "did not find expected '-' indicator",
    NoDirectiveName => "could not find expected directive name",
    NoDocumentStart => "did not find expected <document start>",
    NoGap => "did not find expected whitespace or line break",
    NoHexNumber => "did not find expected hexdecimal number",
    NoKey => "did not find expected key",
    NoLineBreak => "did not find expected comment or line break",
    NoName => "did not find expected alphabetic or numeric character",
    NoOctet => "did not find URI escaped octet",
    NoTagEnd => "did not find the expected '>'",
    NoTagHandle => "did not find expected '!'",
    NoTagUri => "did not find expected tag URI",
    NoToken => "found character that cannot start any token",
    NoVersion => "did not find expected version number",
    NoVersionDot => "did not find expected digit or '.' character",
    OtherTag(tag: &'static str, text: String, known: String) => "cannot decode {tag} `{text}` as a !!{known}",
    OtherVersion => "found incompatible YAML document",
    TabForSpace => "found a tab character where an indentation space is expected",
    TabIndents => "found a tab character that violates indentation",
    TwoTags => "found duplicate %TAG directive",
    TwoVersions => "found duplicate %YAML directive",
    UnknownAnchor(name: String) => "unknown anchor '{name}' referenced",
    UnknownDirective => "found unknown directive name",
    UnknownEscape => "found unknown escape character",
    UnknownTagHandle => "found undefined tag handle",
    ValueHere => "mapping values are not allowed in this context",
}
