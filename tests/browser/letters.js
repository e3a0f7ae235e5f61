// Fonts that are the same on every machine: each character is a box, as wide as in the widest or the narrowest fonts in use.

/// Characters that share a width, beside small letters and digits; and the East Asian ones.
const CLASSES = ["ijl|.,:;'! ", "Ifrt()[]{}/\\\"-*`", "mwMW@%", "ABCDEFGHJKLNOPQRSTUVXYZ&#+=<>~"];
const EAST_ASIAN = 0x1100;
const MISSING = 500;

/// A TrueType file. `widths`: a small letter, the classes, an East Asian character; all in thousandths of the size, as is how high letters are
/// above and below their line.
function font(widths, [above, below]) {
  widths = [MISSING, ...widths];
  const u16 = (...all) => all.flatMap(n => [n >> 8 & 255, n & 255]);
  const u32 = (...all) => all.flatMap(n => u16(n >>> 16, n & 65535));
  const box = width => [...u16(1, width / 10, 0, width * 9 / 10, 650, 3, 0), 1, 1, 1, 1, ...u16(width / 10, 0, width * 8 / 10, 0, 0, 650, 0, -650), 0, 0];
  const boxes = widths.map(box);
  const kind = code => code >= EAST_ASIAN ? widths.length - 1 : CLASSES.findIndex(all => all.includes(String.fromCharCode(code))) + 2;
  const codes = [...Array.from({ length: 95 }, (_, at) => [32 + at, 32 + at]), [0xa0, EAST_ASIAN - 1], [EAST_ASIAN, 0xffff]];
  const groups = codes.flatMap(([from, to]) => u32(from, to, kind(from)));
  const tables = {
    "OS/2": [...u16(4, 500, 400, 5, 0, 500, 500, 0, 0, 500, 500, 0, 0, 50, 300, 0), ...Array(10).fill(0), ...u32(0, 0, 0, 0, 0), ...u16(64, 32, 65535, above, -below, 0, above, below), ...u32(0, 0), ...u16(500, 700, 0, 32, 1)],
    cmap: [...u16(0, 1, 3, 10), ...u32(12), ...u16(13, 0), ...u32(16 + groups.length, 0, groups.length / 12), ...groups],
    glyf: boxes.flat(),
    head: [...u32(65536, 65536, 0, 0x5f0f3cf5), ...u16(3, 1000), ...u32(0, 0, 0, 0), ...u16(0, -below, 1000, above, 0, 8, 2, 1, 0)],
    hhea: [...u32(65536), ...u16(above, -below, 0, Math.max(...widths), 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, widths.length)],
    hmtx: widths.flatMap(width => u16(width, width / 10)),
    loca: u32(0, ...boxes.map((_, at) => boxes.slice(0, at + 1).flat().length)),
    maxp: [...u32(65536), ...u16(widths.length, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)],
    name: u16(0, 0, 6),
    post: u32(0x30000, 0, 0, 0, 0, 0, 0, 0),
  };
  const names = Object.keys(tables);
  let file = [...u32(65536), ...u16(names.length, 128, 3, names.length * 16 - 128)], data = [];
  for (const name of names) {
    file.push(...[...name].map(c => c.charCodeAt(0)), ...u32(0, 12 + 16 * names.length + data.length, tables[name].length));
    data.push(...tables[name], ...Array(-tables[name].length & 3).fill(0));
  }
  return new Uint8Array([...file, ...data]).buffer;
}

/// Sets the page in such fonts before it is first painted: `wide` ones that are tall too, or narrow and low ones.
function setIn(wide) {
  const high = wide ? [1160, 290] : [740, 210];
  const sans = wide ? [620, 345, 430, 950, 740, 1000] : [460, 215, 280, 730, 560, 850];
  const bold = sans.map(width => Math.round(width * 1.09));
  const mono = wide ? [620, 620, 620, 620, 620, 1240] : [500, 500, 500, 500, 500, 850];
  const faces = [["Sans", sans, "100 500"], ["Sans", bold, "600 900"], ["Mono", mono, "100 900"]];
  for (const [family, widths, weight] of faces) document.fonts.add(new FontFace(`${family} of the test`, font(widths, high), { weight }));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':root { --sans: "Sans of the test" !important; --mono: "Mono of the test" !important; }');
  document.adoptedStyleSheets = [sheet];
}
