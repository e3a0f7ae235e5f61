//! The pages about Ordinal: Markdown of the repository as static HTML, in the frame and the style of the truth page, in English.
//!
//! Promises: a link to the source of another page leads to that page. A link to any other file of the repository becomes its text.

use std::io::Result;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use text::Lang;
use text::truth::say;

use crate::done_card;
use crate::html::{Frame, escaped, page};
use crate::index_page::{Results, summary};
use comparison::suite::project;

/// A page about Ordinal.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name on the site, without `.html`.
    pub name: &'static str,
    /// Its source in the repository.
    pub source: &'static str,
    /// What stands below the text and is made of recordings, as HTML.
    pub below: Option<fn() -> Result<String>>,
    /// What stands below its title, as HTML, where the recordings were played.
    pub first: Option<fn(&Results) -> String>,
}

/// A page that is its source alone.
const fn about(name: &'static str, source: &'static str) -> About {
    About { name, source, below: None, first: None }
}

/// All of them, in the order in which each names the others.
pub const PAGES: [About; 9] = [
    about("page-and-keys", "src/page/about/page-and-keys.md"),
    about("command-line", "src/page/about/command-line.md"),
    about("simulated", "src/page/about/simulated.md"),
    about("images-and-applications", "src/page/about/images-and-applications.md"),
    About { below: Some(done_card::card), ..about("done", "src/page/about/done.md") },
    About { first: Some(summary), ..about("truth", "src/page/about/truth.md") },
    about("run-and-host", "src/page/about/run-and-host.md"),
    about("embed", ".github/EMBED.md"),
    about("lesson-files", "src/page/lesson/course/README.md"),
];

/// The form of Markdown that GitHub shows, as far as these pages use it.
pub fn options() -> Options {
    Options::ENABLE_TABLES
}

/// The anchor of a heading, as GitHub makes it.
pub fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c => c.is_alphanumeric().then_some(c),
    };
    heading.to_lowercase().chars().filter_map(kept).collect()
}

/// The path in the repository that a relative link leads to, and its anchor; `None` for an address.
pub fn target(source: &str, link: &str) -> Option<(String, String)> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    if path.is_empty() {
        return Some((source.to_owned(), anchor.to_owned()));
    }
    let mut whole = PathBuf::new();
    for part in Path::new(source).with_file_name(path).components() {
        if part == Component::ParentDir {
            whole.pop();
        } else {
            whole.push(part);
        }
    }
    Some((whole.to_string_lossy().replace('\\', "/"), anchor.to_owned()))
}

/// The text of what is within the next heading.
fn heading(events: &[Event]) -> String {
    let within = events.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let words = within.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        _ => None,
    });
    words.collect()
}

/// The address on the site for a link of a page; `None` where the site does not have what the link leads to.
fn address(about: &About, link: &str) -> Option<String> {
    let Some((path, anchor)) = target(about.source, link) else { return Some(link.to_owned()) };
    let there = PAGES.iter().find(|page| page.source == path)?;
    Some(if anchor.is_empty() { format!("{}.html", there.name) } else { format!("{}.html#{anchor}", there.name) })
}

/// What stands in Markdown, as HTML: with anchors, the links of the site, and tables that scroll by themselves. Raw HTML is text.
fn content(about: &About, text: &str) -> String {
    let mut events: Vec<Event> = Parser::new_ext(text, options()).collect();
    let mut is_dropped = false;
    for at in 0..events.len() {
        let name = heading(&events[at..]);
        match &mut events[at] {
            Event::Start(Tag::Heading { id, .. }) => *id = Some(anchor(&name).into()),
            Event::Start(Tag::Link { dest_url, .. }) => {
                if let Some(to) = address(about, dest_url) {
                    *dest_url = to.into();
                } else {
                    (is_dropped, events[at]) = (true, Event::Text(CowStr::Borrowed("")));
                }
            }
            Event::End(TagEnd::Link) if is_dropped => (is_dropped, events[at]) = (false, Event::Text(CowStr::Borrowed(""))),
            Event::Html(raw) | Event::InlineHtml(raw) => {
                let raw = std::mem::replace(raw, CowStr::Borrowed(""));
                events[at] = Event::Text(raw);
            }
            _ => {}
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    out.replace("<table>", "<div class=wide tabindex=0><table class=prose>").replace("</table>", "</table></div>")
}

/// The first heading of a text.
fn title(text: &str) -> String {
    let events: Vec<Event> = Parser::new_ext(text, options()).collect();
    let first = |event: &Event| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }));
    events.iter().position(first).map(|at| heading(&events[at..])).unwrap_or_default()
}

/// The source of a page.
fn read(about: &About) -> Result<String> {
    std::fs::read_to_string(project().join(about.source))
}

/// A page, as a file of the folder `pages` of the site; with what was counted, if that is known.
pub fn write(about: &About, results: Option<&Results>) -> Result<String> {
    let text = read(about)?;
    let first = about.first.zip(results).map(|(first, results)| first(results)).unwrap_or_default();
    let way = |other: &About| {
        let here = if other.name == about.name { " aria-current=page" } else { "" };
        Ok(format!("<a href=\"{}.html\"{here}>{}</a>", other.name, escaped(&title(&read(other)?))))
    };
    let ways = PAGES.iter().map(way).collect::<Result<String>>()?;
    let main = format!(
        "<nav>{ways}<a href=\"../truth/index.html\">{}</a></nav>\n{}",
        say(Lang::English, "title", &[]),
        content(about, &text).replacen("</h1>", &format!("</h1>\n{first}"), 1) + &about.below.map_or(Ok(String::new()), |below| below())?
    );
    Ok(page(&Frame { title: &title(&text), lang: Lang::English, home: "../", langs: None }, &main))
}
