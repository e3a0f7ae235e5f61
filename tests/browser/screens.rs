//! Pictures of the page for people to look at: `ORDINAL_SHOTS=folder cargo test --test browser screens`.

use std::path::PathBuf;

use crate::page::{DESKTOP, PHONE, Page};
use crate::time::drag_to;

const LAPTOP: (u32, u32) = (1440, 790);
const SMALL: (u32, u32) = (1180, 800);
const COLUMN: (u32, u32) = (720, 900);

/// Where pictures go, if they are asked for.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("ORDINAL_SHOTS").map(PathBuf::from)?;
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    Some(folder)
}

/// Takes pictures of the page as it is now: light and dark, wide and narrow. Leaves it light and wide.
pub fn shoot(page: &Page, name: &str) {
    let Some(folder) = folder() else { return };
    for (theme, size) in [("dark", PHONE), ("light", PHONE), ("dark", DESKTOP), ("light", DESKTOP)] {
        page.prefer(&[("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")]);
        page.resize(size.0, size.1);
        std::fs::write(folder.join(format!("{name}-{theme}-{}.png", size.0)), page.screenshot()).expect("a picture is written");
    }
    page.prefer(&[]);
    // A dialog lies over the buttons.
    page.speak("ko");
    std::fs::write(folder.join(format!("{name}-ko.png")), page.screenshot()).expect("a picture is written");
    page.speak("en");
}

/// Takes pictures of the page as it is now in windows of these sizes, light and dark. Leaves it as it was last.
pub fn shoot_sizes(page: &Page, name: &str, sizes: &[(u32, u32)]) {
    let Some(folder) = folder() else { return };
    for (theme, (width, height)) in ["dark", "light"].into_iter().flat_map(|theme| sizes.iter().map(move |size| (theme, *size))) {
        page.prefer(&[("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")]);
        page.resize(width, height);
        std::fs::write(folder.join(format!("{name}-{theme}-{width}.png")), page.screenshot()).expect("a picture is written");
    }
}

pub fn pictures_are_taken_on_demand(page: &Page) {
    let Some(folder) = folder() else { return };
    let shoot = |name: String| std::fs::write(folder.join(name), page.screenshot()).expect("a picture is written");
    page.run_until_quiet();
    drag_to(page, 50);
    shoot("past.png".to_owned());
    page.resize(PHONE.0, PHONE.1);
    shoot("past-phone.png".to_owned());
    page.click(".stops summary");
    shoot("stops-phone.png".to_owned());
    page.click(".stops summary");
    page.resize(DESKTOP.0, DESKTOP.1);
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    page.click(".stops summary");
    shoot("branches.png".to_owned());
    page.visit();
    page.run_until_quiet();
    page.click("#try");
    page.click("#beside");
    page.run_until_quiet();
    shoot("beside.png".to_owned());
    for lang in ["en", "ko"] {
        page.visit_at(&format!("?lang={lang}"));
        for theme in ["light", "dark"] {
            page.prefer(&[("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")]);
            for size in [DESKTOP, LAPTOP, SMALL, COLUMN, PHONE] {
                page.resize(size.0, size.1);
                shoot(format!("{lang}-{theme}-{}x{}.png", size.0, size.1));
            }
        }
    }
}
