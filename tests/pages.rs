//! README and the pages about Ordinal: short, in short sentences, with links that lead somewhere and outputs that the programs print.
//!
//! `ORDINAL_UPDATE=1` writes the outputs anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ordinal::intake::PRINTS_ALL;
use ordinal::playground::EXAMPLE;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use truth::pages::{self, PAGES, anchor, target};

use crate::typed::Page;

const README: &str = "README.md";
/// The most that one reads before one decides.
const MAX_LINES: usize = 120;
const MAX_WORDS: usize = 900;
/// The most words a sentence has, on average of a file and at all.
const MEAN_WORDS: usize = 20;
const MAX_SENTENCE_WORDS: usize = 40;
/// What begins a line of a session that was typed.
const PROMPT: &str = "$ ";
/// Stands for lines of an output that are left out.
const LEFT_OUT: &str = "…";
/// What the page itself types when it opens.
const APPLIED: &str = "kubectl apply -f manifest.yaml";
/// The language of a code block that shows a session.
const SESSION: &str = "console";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|why| panic!("{file}: {why}"))
}

/// README, and all pages of their own.
fn pages_of_ours() -> Vec<String> {
    std::iter::once(README.to_owned()).chain(markdown("src/page/about")).collect()
}

/// The Markdown files of a folder.
fn markdown(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path());
    let texts = entries.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    texts.map(|path| format!("{folder}/{}", path.file_name().expect("a file has a name").to_string_lossy())).collect()
}

/// What is asked of a text in Markdown.
#[derive(Default)]
struct Read {
    /// The sentences of paragraphs and items, and those of tables.
    sentences: Vec<String>,
    cells: Vec<String>,
    /// What links and pictures lead to.
    links: Vec<String>,
    anchors: Vec<String>,
}

impl Read {
    fn of(text: &str) -> Read {
        let (mut read, mut said, mut is_code) = (Read::default(), String::new(), false);
        for event in Parser::new_ext(text, pages::options()) {
            match event {
                Event::Start(Tag::CodeBlock(_)) | Event::End(TagEnd::CodeBlock) => is_code = !is_code,
                Event::Text(part) if !is_code => said += &part,
                Event::Code(part) => said += &part,
                Event::SoftBreak | Event::HardBreak => said.push(' '),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => read.links.push(dest_url.into_string()),
                Event::Start(Tag::List(_)) | Event::End(TagEnd::Paragraph | TagEnd::Item) => read.sentences.extend(sentences(&mut said)),
                Event::End(TagEnd::TableCell) => read.cells.extend(sentences(&mut said)),
                Event::End(TagEnd::Heading(_)) => read.anchors.push(anchor(&std::mem::take(&mut said))),
                _ => {}
            }
        }
        read
    }
}

/// The sentences of a text, which is emptied.
fn sentences(text: &mut String) -> Vec<String> {
    let text = std::mem::take(text);
    let whole = text.split_inclusive(['.', '?', '!']).fold(vec![String::new()], |mut whole, part| {
        match whole.last_mut() {
            Some(last) if last.is_empty() || !part.starts_with(char::is_whitespace) => *last += part,
            _ => whole.push(part.to_owned()),
        }
        whole
    });
    whole.into_iter().filter(|sentence| words(sentence) > 0).collect()
}

/// How many words a sentence has.
fn words(sentence: &str) -> usize {
    sentence.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

#[test]
fn a_text_is_read_as_sentences_links_and_anchors() {
    let text = "# Two `words`\n\nOne [two](a.md#b), on 1.37. Three\nfour?\n\n- five\n\n```sh\nsix.\n```\n\n| a |\n|---|\n| ten |\n";
    let read = Read::of(text);
    assert_eq!(read.sentences, ["One two, on 1.37.", " Three four?", "five"]);
    assert_eq!((read.links, read.anchors, read.cells), (vec!["a.md#b".into()], vec!["two-words".into()], vec!["a".into(), "ten".into()]));
}

#[test]
fn readme_is_one_page() {
    let text = read(README);
    let (lines, words) = (text.lines().count(), text.split_whitespace().count());
    assert!(lines <= MAX_LINES && words <= MAX_WORDS, "{lines} lines, {words} words");
}

#[test]
fn sentences_of_readme_and_pages_are_short() {
    for file in pages_of_ours() {
        let read = Read::of(&read(&file));
        let all: usize = read.sentences.iter().map(|sentence| words(sentence)).sum();
        let count = read.sentences.len();
        assert!(count > 10 && all <= MEAN_WORDS * count, "{file}: {all} words in {count} sentences");
        for sentence in read.sentences.iter().chain(&read.cells) {
            assert!(words(sentence) <= MAX_SENTENCE_WORDS, "{file}: {sentence}");
        }
    }
}

#[test]
fn every_link_leads_to_something() {
    let sources = PAGES.iter().map(|about| about.source.to_owned());
    let files: BTreeSet<String> = pages_of_ours().into_iter().chain(markdown(".github")).chain(sources).collect();
    let mut linked = 0;
    for file in &files {
        let own = Read::of(&read(file));
        let anchors: BTreeSet<&String> = own.anchors.iter().collect();
        assert_eq!(anchors.len(), own.anchors.len(), "{file}: two headings are called the same");
        for (link, (path, anchor)) in own.links.iter().filter_map(|link| Some((link, target(file, link)?))) {
            assert!(root().join(&path).exists(), "{file}: {link} leads to nothing");
            let has_anchor = || Read::of(&read(&path)).anchors.contains(&anchor);
            assert!(anchor.is_empty() || has_anchor(), "{file}: {link} leads to no heading");
            linked += 1;
        }
    }
    assert!(linked > 20, "{linked}");
}

#[test]
fn the_command_for_a_diagnosis_is_the_one_that_the_page_offers() {
    assert!(read("src/page/about/command-line.md").contains(&format!("\n{PRINTS_ALL} | ordinal diagnose\n")));
}

#[test]
fn every_page_is_linked_and_built() {
    let of_ours = pages_of_ours();
    let linked = |from: &String| Read::of(&read(from)).links.iter().filter_map(|link| target(from, link)).collect::<Vec<_>>();
    let others = |to: &str| of_ours.iter().filter(|from| *from != to).flat_map(linked).any(|(path, _)| path == to);
    for page in markdown("src/page/about") {
        assert!(others(&page), "{page} is not linked");
        assert!(PAGES.iter().any(|about| about.source == page), "{page} is not built: it is missing in src/bin/truth/pages.rs");
    }
}

#[test]
fn every_link_of_the_built_pages_leads_to_an_element() {
    let site: Vec<(&str, String)> = PAGES.iter().map(|about| (about.name, pages::write(about, None).expect("a page"))).collect();
    is_parted(&site.iter().find(|(name, _)| *name == "done").expect("a page").1);
    for (name, html) in &site {
        for link in html.split("<main").nth(1).expect("a page has content").split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap_or_default();
            if link.contains("://") || link == "../truth/index.html" || link.starts_with("../index.html#") {
                continue;
            }
            let (to, id) = link.split_once(".html").unwrap_or_else(|| panic!("{name}: {link}"));
            let (_, there) = site.iter().find(|(other, _)| *other == to).unwrap_or_else(|| panic!("{name}: {link}"));
            let id = id.trim_start_matches('#');
            assert!(id.is_empty() || there.contains(&format!("id=\"{id}\"")), "{name}: {link}");
        }
    }
}

/// What the tools call done: what they differ about comes first and is marked, and what all agree about is folded.
fn is_parted(done: &str) {
    let (differ, same) = done.split_once("<details>").expect("what all agree about is folded");
    let rows = |html: &str| html.split("<tr><th scope=row>").skip(1).map(str::to_owned).collect::<Vec<_>>();
    let (differ, same) = (rows(differ), rows(same));
    assert!(!differ.is_empty() && differ.iter().all(|row| row.contains("class=differs")));
    assert!(!same.is_empty() && !same.iter().any(|row| row.contains("class=differs")));
    let place = |words: &str| differ.iter().position(|row| row.contains(words)).expect(words);
    // kubectl and Argo CD say different things of the first, and the same of the other.
    assert!(place("held by a finalizer<") < place("A partition: every pod above it is new"));
}

/// The words of a line, of which single quotation marks hold some together.
fn split(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(at, part)| if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() });
    words.map(str::to_owned).collect()
}

/// What a line prints: of our program in the project's folder, or else in the terminal of the page.
fn printed(line: &str, page: &mut Page) -> String {
    let words = split(line);
    if words.first().is_none_or(|first| first != "ordinal") {
        return page.finish(line);
    }
    let ran = Command::new(env!("CARGO_BIN_EXE_ordinal")).args(&words[1..]).current_dir(root()).output().expect("the program runs");
    String::from_utf8(ran.stdout).expect("a text")
}

/// A shown output anew: as many lines from the beginning as there were before the first that are left out, and from then on what was
/// shown, as far as it is still printed.
fn renewed(shown: &[&str], printed: &str) -> Vec<String> {
    let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let Some(first) = shown.iter().position(|line| line.trim() == LEFT_OUT) else {
        return lines.into_iter().map(str::to_owned).collect();
    };
    let (mut out, mut at, mut is_out) = (lines[..first.min(lines.len())].to_vec(), first, false);
    for line in &shown[first..] {
        is_out |= line.trim() == LEFT_OUT;
        if line.trim() == LEFT_OUT {
            out.push(line);
        } else if let Some(found) =
            lines[at.min(lines.len())..].iter().position(|other| other == line).filter(|found| is_out || *found == 0)
        {
            out.push(line);
            (at, is_out) = (at + found + 1, false);
        }
    }
    out.into_iter().map(str::to_owned).collect()
}

#[test]
fn lines_that_are_left_out_may_be_any_and_others_may_not() {
    let printed = "a\nb\nc\nd\n";
    for same in [&["a", "b", "c", "d"][..], &["a", "…"], &["a", "…", "c", "…"], &["…", "c", "d"]] {
        assert_eq!(renewed(same, printed), same);
    }
    for other in [&["a", "b", "c"][..], &["b", "…"], &["a", "…", "e"], &["a", "…", "b", "d"]] {
        assert_ne!(renewed(other, printed), other);
    }
}

/// A page with its sessions as they are now.
fn with_outputs(text: &str) -> String {
    let mut out = text.to_owned();
    for (event, range) in Parser::new_ext(text, pages::options()).into_offset_iter() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) = event else { continue };
        if &*language != SESSION {
            continue;
        }
        let block = &text[range];
        let mut page = Page::begin(EXAMPLE, &[APPLIED]);
        let lines: Vec<&str> = block.lines().collect();
        let mut now = vec![lines[0].to_owned()];
        let begins = |line: &&&str| line.starts_with(PROMPT);
        let mut rest = &lines[1..lines.len() - 1];
        while let Some((line, after)) = rest.split_first() {
            let count = after.iter().take_while(|line| !begins(line)).count();
            now.push((*line).to_owned());
            now.extend(renewed(&after[..count], &printed(line.trim_start_matches(PROMPT), &mut page)));
            rest = &after[count..];
        }
        now.push(lines[lines.len() - 1].to_owned());
        out = out.replace(block.trim_end(), &now.join("\n"));
    }
    out
}

#[test]
fn what_the_pages_show_is_what_is_printed() {
    let mut sessions = 0;
    for file in pages_of_ours() {
        let (path, text): (PathBuf, String) = (root().join(&file), read(&file));
        sessions += text.matches(&format!("```{SESSION}\n")).count();
        let now = with_outputs(&text);
        if std::env::var_os("ORDINAL_UPDATE").is_some() {
            fs::write(&path, now).expect("the page is written");
        } else {
            assert!(now == text, "{file} shows what is not printed (ORDINAL_UPDATE=1 writes it anew). Now:\n{now}");
        }
    }
    assert!(sessions >= 5, "{sessions}");
}
