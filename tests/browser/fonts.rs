//! Fonts of the tests' own, in which each character is a box: as wide and high as in the widest, the usual and the narrowest fonts in
//! use.
//!
//! Promises: the same letters on every machine whose browser asks fontconfig for fonts, whatever is installed there.
//! Not modelled: shapes, kerning, hinting. macOS and Windows have no fontconfig: there, the usual letters are the system's.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Letters of the tests' own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// As wide and as high as any in use.
    Wide,
    /// Between the two, and installed: what a page is set in unless a test says otherwise.
    Usual,
    /// As narrow and as low as any in use.
    Narrow,
}

/// Characters that share a width. Each but the last has a glyph that is a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Not in the font.
    Missing,
    /// Small letters, digits, and what is Latin beyond ASCII.
    Small,
    Thin,
    Slim,
    Broad,
    Capital,
    /// Punctuation beyond Latin 1, arrows, lines of boxes.
    Sign,
    EastAsian,
    /// As wide as what is thin.
    Blank,
}

const KINDS: [Kind; 9] =
    [Kind::Missing, Kind::Small, Kind::Thin, Kind::Slim, Kind::Broad, Kind::Capital, Kind::Sign, Kind::EastAsian, Kind::Blank];
const MISSING: i32 = 500;
/// The ASCII characters that are no small letters or digits.
const ASCII: [(&str, Kind); 5] = [
    (" ", Kind::Blank),
    ("ijl|.,:;'!", Kind::Thin),
    ("Ifrt()[]{}/\\\"-*`", Kind::Slim),
    ("mwMW@%", Kind::Broad),
    ("ABCDEFGHJKLNOPQRSTUVXYZ&#+=<>~", Kind::Capital),
];
/// The rest, by first and last character.
const BEYOND: [(u32, u32, Kind); 5] = [
    (0xa0, 0xa0, Kind::Blank),
    (0xa1, 0x10ff, Kind::Small),
    (0x1100, 0x1fff, Kind::EastAsian),
    (0x2000, 0x2dff, Kind::Sign),
    (0x2e80, 0xffff, Kind::EastAsian),
];
/// How much wider bold letters are, in percent.
const BOLD: i32 = 109;

/// One font. Lengths are thousandths of its size.
struct Face {
    family: String,
    /// As CSS and as the file have it.
    weights: &'static str,
    weight: i32,
    /// From [`Kind::Small`] to [`Kind::EastAsian`].
    widths: [i32; 7],
    above: i32,
    below: i32,
}

impl Letters {
    /// The two extremes.
    pub const ALL: [Letters; 2] = [Letters::Wide, Letters::Narrow];

    /// The family whose letters differ in width.
    pub fn sans(self) -> String {
        format!("{self:?} sans")
    }

    /// The family whose letters are as wide as one another.
    pub fn mono(self) -> String {
        format!("{self:?} mono")
    }

    /// How wide a character of [`Letters::sans`] and of [`Letters::mono`] is, in thousandths of the size.
    pub fn widths(self, character: char) -> [i32; 2] {
        let kind = KINDS.iter().position(|kind| *kind == kind_of(character)).expect("a kind");
        let [sans, _, mono] = self.faces();
        [sans.advances()[kind], mono.advances()[kind]]
    }

    fn faces(self) -> [Face; 3] {
        let (above, below) = match self {
            Letters::Wide => (1160, 290),
            Letters::Usual => (950, 250),
            Letters::Narrow => (740, 210),
        };
        let (sans, mono) = match self {
            Letters::Wide => ([620, 345, 430, 950, 740, 1000, 1000], [620, 620, 620, 620, 620, 1000, 1240]),
            Letters::Usual => ([540, 280, 355, 840, 650, 800, 925], [600, 600, 600, 600, 600, 600, 1000]),
            Letters::Narrow => ([460, 215, 280, 730, 560, 500, 850], [500, 500, 500, 500, 500, 500, 850]),
        };
        let face = |family, weights, weight, widths| Face { family, weights, weight, widths, above, below };
        [
            face(self.sans(), "100 500", 400, sans),
            face(self.sans(), "600 900", 700, sans.map(|width| width * BOLD / 100)),
            face(self.mono(), "100 900", 400, mono),
        ]
    }

    /// A script that sets the page in these letters: before it is first painted, if it runs that early.
    pub fn script(self) -> String {
        let mut faces = String::new();
        for face in self.faces() {
            let (family, weights, file) = (&face.family, face.weights, face.file());
            write!(faces, "new FontFace('{family}', new Uint8Array({file:?}), {{ weight: '{weights}' }}),")
                .expect("memory takes everything");
        }
        let (sans, mono) = (self.sans(), self.mono());
        format!(
            "for (const face of [{faces}]) document.fonts.add(face);
             const sheet = new CSSStyleSheet();
             sheet.replaceSync(':root {{ --sans: \"{sans}\" !important; --mono: \"{mono}\" !important; }}');
             document.adoptedStyleSheets = [sheet];"
        )
    }
}

/// Fontconfig's file for the browsers: the usual letters are all that is installed, and every family is one of theirs.
pub fn config() -> &'static Path {
    static WRITTEN: OnceLock<PathBuf> = OnceLock::new();
    WRITTEN.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fonts");
        fs::create_dir_all(&folder).expect("a folder for the fonts");
        // What is there already may be in use.
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            if fs::read(&path).ok().as_deref() != Some(bytes) {
                fs::write(&path, bytes).expect("a font is written");
            }
            path
        };
        for face in Letters::Usual.faces() {
            write(&format!("{} {}.ttf", face.family, face.weight), &face.file());
        }
        let (sans, mono, home) = (Letters::Usual.sans(), Letters::Usual.mono(), folder.display());
        let assign =
            |family: String| format!(r#"<edit name="family" mode="assign_replace" binding="strong"><string>{family}</string></edit>"#);
        let plain =
            ["hinting", "autohint", "embeddedbitmap"].map(|name| format!(r#"<edit name="{name}"><bool>false</bool></edit>"#)).concat();
        let text = format!(
            r#"<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{home}</dir>
  <cachedir>{home}/cache</cachedir>
  <match><test name="family" compare="contains"><string>mono</string></test>{}</match>
  <match><test name="family" compare="not_contains" qual="all"><string>mono</string></test>{}</match>
  <match target="font">{plain}<edit name="hintstyle"><const>hintnone</const></edit><edit name="rgba"><const>none</const></edit></match>
</fontconfig>
"#,
            assign(mono),
            assign(sans),
        );
        write("fonts.conf", text.as_bytes())
    })
}

fn kind_of(character: char) -> Kind {
    let code = u32::from(character);
    if code < 0x7f {
        return ASCII.iter().find(|(all, _)| all.contains(character)).map_or(Kind::Small, |(_, kind)| *kind);
    }
    BEYOND.iter().find(|(from, to, _)| (*from..=*to).contains(&code)).map_or(Kind::Missing, |(.., kind)| *kind)
}

fn u16s(numbers: &[i32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()[2..].to_vec()).collect()
}

fn u32s(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("a small file")
}

fn count<T>(things: &[T]) -> i32 {
    i32::try_from(things.len()).expect("a small file")
}

/// A box that stands on the line.
fn glyph(width: i32) -> Vec<u8> {
    let (left, right, high) = (width / 10, width * 9 / 10, 650);
    let corners = u16s(&[left, 0, right - left, 0, 0, high, 0, -high]);
    [u16s(&[1, left, 0, right, high, 3, 0]), vec![1; 4], corners, vec![0; 2]].concat()
}

impl Face {
    /// How wide each kind is.
    fn advances(&self) -> [i32; KINDS.len()] {
        let [small, thin, slim, broad, capital, sign, east_asian] = self.widths;
        [MISSING, small, thin, slim, broad, capital, sign, east_asian, thin]
    }

    /// The TrueType file.
    fn file(&self) -> Vec<u8> {
        let tables = self.tables();
        let mut head = [u32s(&[0x1_0000]), u16s(&[count(&tables), 128, 3, count(&tables) * 16 - 128])].concat();
        let mut data = Vec::new();
        for (name, bytes) in tables {
            head.extend([name.as_bytes().to_vec(), u32s(&[0, 12 + 16 * 10 + length(&data), length(&bytes)])].concat());
            data.extend(&bytes);
            data.resize(data.len().next_multiple_of(4), 0);
        }
        [head, data].concat()
    }

    fn tables(&self) -> [(&'static str, Vec<u8>); 10] {
        let (above, below, bold) = (self.above, self.below, i32::from(self.weight > 500));
        let advances = self.advances();
        let glyphs = KINDS.iter().zip(advances).map(|(kind, width)| if *kind == Kind::Blank { Vec::new() } else { glyph(width) });
        let glyphs: Vec<Vec<u8>> = glyphs.collect();
        let places: Vec<u32> = (0..=glyphs.len()).map(|at| length(&glyphs[..at].concat())).collect();
        let strikes = u16s(&[4, 500, self.weight, 5, 0, 500, 500, 0, 0, 500, 500, 0, 0, 50, 300, 0]);
        let selected = if bold == 1 { 32 } else { 64 };
        let measures = u16s(&[selected, 32, 0xffff, above, -below, 0, above, below]);
        let metrics = [strikes, vec![0; 10], u32s(&[0; 5]), measures, u32s(&[0; 2]), u16s(&[500, 700, 0, 32, 1])].concat();
        let bounds = u16s(&[0, -below, 1000, above, bold, 8, 2, 1, 0]);
        let widest = advances.into_iter().max().unwrap_or_default();
        let line = u16s(&[above, -below, 0, widest, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, count(&advances)]);
        let equal = u32::from(self.family.ends_with("mono"));
        [
            ("OS/2", metrics),
            ("cmap", characters()),
            ("glyf", glyphs.concat()),
            ("head", [u32s(&[0x1_0000, 0x1_0000, 0, 0x5f0f_3cf5]), u16s(&[3, 1000]), u32s(&[0; 4]), bounds].concat()),
            ("hhea", [u32s(&[0x1_0000]), line].concat()),
            ("hmtx", advances.iter().flat_map(|width| u16s(&[*width, width / 10])).collect()),
            ("loca", u32s(&places)),
            ("maxp", [u32s(&[0x1_0000]), u16s(&[count(&advances), 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])].concat()),
            ("name", self.names(bold == 1)),
            ("post", u32s(&[0x3_0000, 0, 0, equal, 0, 0, 0, 0])),
        ]
    }

    /// Family, style, full name and name without blanks.
    fn names(&self, bold: bool) -> Vec<u8> {
        let style = if bold { "Bold" } else { "Regular" };
        let full = format!("{} {style}", self.family);
        let names = [(1, self.family.clone()), (2, style.to_owned()), (4, full.clone()), (6, full.replace(' ', "-"))];
        let (mut records, mut texts) = (u16s(&[0, 4, 6 + 12 * 4]), Vec::new());
        for (what, name) in names {
            let text: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
            records.extend(u16s(&[3, 1, 0x409, what, count(&text), count(&texts)]));
            texts.extend(text);
        }
        [records, texts].concat()
    }
}

/// Which glyph each character has.
fn characters() -> Vec<u8> {
    let ascii = (' '..='~').map(|character| (u32::from(character), u32::from(character), kind_of(character)));
    let mut groups = Vec::new();
    for (from, to, kind) in ascii.chain(BEYOND) {
        let glyph = KINDS.iter().position(|other| *other == kind).and_then(|at| u32::try_from(at).ok()).expect("a kind");
        groups.extend(u32s(&[from, to, glyph]));
    }
    [u16s(&[0, 1, 3, 10]), u32s(&[12]), u16s(&[13, 0]), u32s(&[16 + length(&groups), 0, length(&groups) / 12]), groups].concat()
}
