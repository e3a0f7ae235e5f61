//! The moving picture of the README: a set comes up, one pod after the other. `cargo dev picture` keeps it.
//!
//! The page's clock is moved by hand, so that the picture does not hang on the machine. The browser finds what differs between two frames
//! and packs the difference. Here the frames become an animated WebP (RFC 9649).

use serde_json::{Value, json};

use crate::page::Page;
use crate::screens::folder;

/// The window, in pixels.
const SIZE: (u32, u32) = (1040, 720);
/// A clock that stands still until it is moved.
const CLOCK: &str = "window.shown = 0; performance.now = () => window.shown;";
/// How far the clock goes between two frames, and how long a frame is shown, in milliseconds.
const STEP: u32 = 100;
const FRAME: u32 = 200;
/// How many frames come after all pods are Ready.
const AFTER: usize = 24;
/// The key for the speed.
const SPEED: &str = "3";
/// How many colours a frame has.
const COLOURS: u32 = 96;
/// How long the last frame is shown.
const LAST: u32 = 2500;
/// The most frames until all pods are Ready.
const MAX_FRAMES: usize = 200;
/// The most bytes that a reader of the README loads.
const MAX_BYTES: usize = 300_000;
/// What the picture is called in the folder for pictures.
const FILE: &str = "ordered-creation.webp";

/// A rectangle that changed: what is left, top, width and height; the picture, and how long it is shown.
struct Change {
    area: [u32; 4],
    packed: Vec<u8>,
    shown: u32,
}

/// Moves the clock by a step; whether all pods are Ready.
fn step(page: &Page) -> bool {
    let ready = page.js_later(&format!(
        "window.shown += {STEP};
         requestAnimationFrame(() => requestAnimationFrame(() => done(
             [...document.querySelectorAll('.pod')].filter(pod => pod.innerText.includes('1/1')).length)))"
    ));
    ready == 3
}

/// What the page shows, as a PNG in base64.
fn shot(page: &Page) -> Value {
    page.devtools("Page.captureScreenshot", &json!({ "format": "png" }))["data"].clone()
}

/// Every picture of the creation, in steps of the clock.
fn shots(page: &Page) -> Vec<Value> {
    // Without motion, the page draws a frame where something changes, and no other.
    page.prefer(&[("prefers-color-scheme", "light"), ("prefers-reduced-motion", "reduce")]);
    page.resize(SIZE.0, SIZE.1);
    page.open(&format!("{}icon.svg", page.address()));
    page.js("localStorage.clear(); localStorage.visited = 1");
    page.open_after(CLOCK, &page.address());
    page.until("document.querySelector('#page[data-live]') !== null");
    page.press(SPEED);
    let (mut shots, mut after) = (vec![shot(page)], 0);
    while after < AFTER {
        assert!(shots.len() < MAX_FRAMES, "not all pods are Ready after {MAX_FRAMES} frames: {:?}", page.pods());
        after += usize::from(step(page));
        shots.push(shot(page));
    }
    shots
}

/// Packs the rectangle that differs from the frame before; null for the same frame. The browser's packer is good at few colours only: the
/// most frequent ones stay, and each other becomes the nearest of them.
const PACK: &str = "
    const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
    const far = (a, b) => [0, 8, 16].reduce((sum, bits) => sum + ((a >> bits & 255) - (b >> bits & 255)) ** 2, 0);
    const inFew = pixels => {
        const counts = new Map();
        for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
        const colours = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour), few = colours.slice(0, COLOURS);
        const nearest = colour => few.reduce((best, one) => far(one, colour) < far(best, colour) ? one : best);
        const becomes = new Map(colours.map(colour => [colour, nearest(colour)]));
        pixels.forEach((pixel, at) => pixels[at] = becomes.get(pixel));
    };
    const pack = async data => {
        const bitmap = await createImageBitmap(new Blob([bytes(data)], { type: 'image/png' }));
        const { width, height } = bitmap, pen = new OffscreenCanvas(width, height).getContext('2d');
        pen.drawImage(bitmap, 0, 0);
        const image = pen.getImageData(0, 0, width, height), now = new Uint32Array(image.data.buffer), { before } = window;
        window.before = now.slice();
        let [left, top, right, bottom] = [width, height, 0, 0];
        now.forEach((pixel, at) => {
            if (before?.[at] === pixel) return;
            const x = at % width, y = (at - x) / width;
            [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
        });
        if (left >= right) return null;
        [left, top] = [left - left % 2, top - top % 2];
        inFew(now);
        const part = new OffscreenCanvas(right - left, bottom - top);
        part.getContext('2d').putImageData(image, -left, -top);
        const blob = await part.convertToBlob({ type: 'image/webp', quality: 1 });
        return { area: [left, top, part.width, part.height], file: [...new Uint8Array(await blob.arrayBuffer())] };
    };
";

/// The frames that differ from those before them.
fn changes(page: &Page, shots: &[Value]) -> Vec<Change> {
    page.open(&format!("{}icon.svg", page.address()));
    let mut changes: Vec<Change> = Vec::new();
    for shot in shots {
        let packed = page.js_later(&format!("const COLOURS = {COLOURS}; {PACK} pack({shot}).then(done)"));
        if packed.is_null() {
            changes.last_mut().expect("the first frame has everything").shown += FRAME;
            continue;
        }
        let numbers = |name: &str| packed[name].as_array().expect("numbers").iter().filter_map(Value::as_u64);
        let area: Vec<u32> = numbers("area").map(|number| u32::try_from(number).expect("a place")).collect();
        let file: Vec<u8> = numbers("file").map(|byte| u8::try_from(byte).expect("a byte")).collect();
        changes.push(Change { area: area.try_into().expect("four numbers"), packed: image_of(&file), shown: FRAME });
    }
    changes.last_mut().expect("a frame").shown = LAST;
    changes
}

/// The chunks of a WebP file of one picture that hold its pixels.
fn image_of(file: &[u8]) -> Vec<u8> {
    let (mut rest, mut out) = (&file[12..], Vec::new());
    while let Some((head, after)) = rest.split_at_checked(8) {
        let size = u32::from_le_bytes(head[4..].try_into().expect("four bytes")) as usize;
        let end = (size + size % 2).min(after.len());
        if matches!(&head[..4], b"VP8L" | b"VP8 " | b"ALPH") {
            out.extend_from_slice(head);
            out.extend_from_slice(&after[..end]);
        }
        rest = &after[end..];
    }
    out
}

/// A number in three bytes.
fn three(number: u32) -> [u8; 3] {
    let [a, b, c, _] = number.to_le_bytes();
    [a, b, c]
}

/// A chunk with its name and its length.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a small picture").to_le_bytes();
    let mut out = [&name[..], &length, content].concat();
    out.resize(out.len().next_multiple_of(2), 0);
    out
}

/// The frames as one file that begins again and again.
fn animated(changes: &[Change]) -> Vec<u8> {
    const ANIMATION: u32 = 0b10;
    const AS_IT_IS: u8 = 0b10;
    let head = [&ANIMATION.to_le_bytes()[..], &three(SIZE.0 - 1), &three(SIZE.1 - 1)].concat();
    let frame = |change: &Change| {
        let [left, top, width, height] = change.area;
        let numbers = [left / 2, top / 2, width - 1, height - 1, change.shown].map(three).concat();
        chunk(*b"ANMF", &[&numbers[..], &[AS_IT_IS], &change.packed].concat())
    };
    let frames = changes.iter().map(frame).collect::<Vec<_>>().concat();
    chunk(*b"RIFF", &[&b"WEBP"[..], &chunk(*b"VP8X", &head), &chunk(*b"ANIM", &[0; 6]), &frames].concat())
}

pub fn a_picture_of_ordered_creation_moves_and_is_small(page: &Page) {
    let shots = shots(page);
    let changes = changes(page, &shots);
    let file = animated(&changes);
    assert!(file.len() < MAX_BYTES, "{} bytes", file.len());
    let read = page.js_later(&format!(
        "const decoder = new ImageDecoder({{ type: 'image/webp', data: new Uint8Array({}).buffer }});
         decoder.tracks.ready.then(() => decoder.decode({{ frameIndex: {} }}))
             .then(({{ image }}) => done([decoder.tracks.selectedTrack.frameCount, image.displayWidth, image.displayHeight]), e => done(String(e)))",
        json!(file),
        changes.len() - 1,
    ));
    assert_eq!(read, json!([changes.len(), SIZE.0, SIZE.1]));
    if let Some(folder) = folder() {
        std::fs::write(folder.join(FILE), file).expect("the picture is written");
    }
}
