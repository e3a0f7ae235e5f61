//! Pieces of static pages in both languages: each text stands there twice, and the style shows the one that the root's `lang` names.

use std::fmt::Write;

use base::fields::Field;
use text::Lang;
use text::truth::say;

/// What a placeholder of a text becomes.
pub type Filled<'a> = (&'static str, &'a dyn Field);

/// A text as content of an element or of an attribute.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Prose, of which `` `code` `` is marked.
pub fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) }).collect()
}

/// A text in both languages; once, where they do not differ.
pub fn both(key: &str, fill: &[Filled]) -> String {
    in_both(|lang| say(lang, key, fill))
}

/// The same of what is said in each language.
pub fn in_both(said: impl Fn(Lang) -> String) -> String {
    let [first, other] = Lang::ALL.map(|lang| (lang.tag(), prose(&said(lang))));
    if first.1 == other.1 {
        return first.1;
    }
    [first, other].into_iter().fold(String::new(), |mut out, (tag, text)| {
        let _ = write!(out, "<span class={tag} lang={tag}>{text}</span>");
        out
    })
}

/// What a page is, beside its content.
pub struct Frame<'a> {
    /// Its title, without the name of the playground.
    pub title: &'a str,
    /// The language that it is in where no script chooses another.
    pub lang: Lang,
    /// The way from it to the playground's folder: `../`.
    pub home: &'a str,
    /// The address of each language's page; `None` for a page whose content is English alone.
    pub langs: Option<[&'a str; 2]>,
}

/// A whole page.
pub fn page(frame: &Frame, main: &str) -> String {
    let Frame { title, lang, home, langs } = frame;
    let (lang, title) = (lang.tag(), escaped(title));
    let choice = Lang::ALL
        .iter()
        .zip(langs.iter().flatten())
        .map(|(lang, address)| {
            format!("<a class=button lang={tag} hreflang={tag} href=\"{address}\">{name}</a>", tag = lang.tag(), name = lang.button())
        })
        .collect::<Vec<_>>()
        .concat();
    let choice = if choice.is_empty() { choice } else { format!("<span class=segments>{choice}</span>") };
    let main_lang = if langs.is_none() { " lang=en" } else { "" };
    let (skip, back, foot) = (both("skip", &[]), both("back", &[]), both("foot", &[]));
    format!(
        r##"<!doctype html>
<html lang={lang}>
<head>
<meta charset=utf-8>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'">
<meta name=viewport content="width=device-width, initial-scale=1">
<meta name=color-scheme content="light dark">
<title>{title} · Ordinal</title>
<script src="{home}choices.js"></script>
<link rel=icon href="{home}icon.svg" type="image/svg+xml">
<link rel=stylesheet href="{home}truth/style.css">
</head>
<body>
<a class=skip href="#main">{skip}</a>
<header class=bar><a class=brand href="{home}">Ordinal</a><a class=button href="{home}">{back}</a><span class=grow></span>{choice}</header>
<main id=main{main_lang}>
{main}</main>
<footer><p class=label>{foot}</p></footer>
</body>
</html>
"##
    )
}

/// A table with these heads, of which the first of each row is the row's own.
pub fn table(caption: &str, heads: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let heads = heads.iter().map(|head| format!("<th scope=col>{head}</th>")).collect::<Vec<_>>().concat();
    let row = |cells: Vec<String>| {
        let cell = |(at, cell): (usize, &String)| if at == 0 { format!("<th scope=row>{cell}</th>") } else { format!("<td>{cell}</td>") };
        format!("<tr>{}</tr>\n", cells.iter().enumerate().map(cell).collect::<String>())
    };
    let rows: String = rows.into_iter().map(row).collect();
    format!("<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>\n")
}

/// A part of a count; a dash where there is nothing to count.
pub fn of(part: usize, all: usize) -> String {
    if all == 0 { "–".to_owned() } else { format!("{part} / {all}") }
}
