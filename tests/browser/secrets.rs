//! Secrets that are planted in the page do not leave it: by the link, the snippet, the saved file, the copied session.

use rig::file::Scenario;

use crate::link::saved;
use crate::page::Page;

/// What nobody may find, and the same in base64.
pub const SECRETS: [&str; 2] = ["Zx9hunter2Qk7", "Wng5aHVudGVyMlFrNw"];
/// A set that takes its password from a Secret.
const DATABASE: &str = include_str!("../playground/database.yaml");

/// Makes the link; the text that the page's address and the snippet carry, inflated in the page.
pub fn shared(page: &Page) -> (String, String) {
    page.js("document.getElementById('share-link').value = ''");
    page.click("#share");
    page.until("document.querySelector('#share-sheet [role=status]').innerText.includes('ink')");
    let inflate = "const inflate = code => new Response(new Blob([Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')),
             c => c.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
         const code = text => text.split('#1.')[1].split('\"')[0];
         window.inflated = null;
         Promise.all(['share-link', 'share-snippet'].map(id => inflate(code(document.getElementById(id).value))).concat(inflate(code(location.hash))))
             .then(texts => window.inflated = texts)";
    page.js(inflate);
    page.until("window.inflated");
    let texts = page.js("return window.inflated");
    let texts: Vec<&str> = texts.as_array().into_iter().flatten().filter_map(|text| text.as_str()).collect();
    assert!(texts.len() == 3 && texts.iter().all(|text| *text == texts[0] && text.starts_with("ordinal 1\n")), "{texts:?}");
    let link = page.js("return document.getElementById('share-link').value").as_str().expect("an address").to_owned();
    (link, texts[0].to_owned())
}

/// A text holds none of the secrets.
pub fn holds_none(text: &str) {
    assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{text}");
}

pub fn what_is_pasted_and_typed_leaves_by_no_link_file_or_copy(page: &Page) {
    page.js("window.copied = []; window.ClipboardItem = function (forms) { this.forms = forms };
         navigator.clipboard.write = async ([item]) => window.copied.push(await (await item.forms['text/plain']).text())");
    page.restart_with(DATABASE);
    page.run_until_quiet();
    page.type_line("kubectl create secret generic more --from-literal=word=Zx9hunter2Qk7");
    page.run_until_quiet();
    page.type_line("kubectl set env sts/db X=Zx9hunter2Qk7");
    page.run_until_quiet();
    page.type_line("kubectl get secret db -o yaml; kubectl exec db-0 -- env");
    page.run_until_quiet();
    // What is not applied yet is in the link as well.
    page.fill("#manifest", &format!("# password: {}\n{DATABASE}", SECRETS[0]));
    let before = page.pods();
    let (link, text) = shared(page);
    holds_none(&text);
    let said = page.text("#share-sheet [role=status]");
    assert!(said.contains("secret/db root") && said.contains("word"), "{said}");
    holds_none(&said);
    page.check_accessible();
    holds_none(&saved(page));
    let said = page.text("#share-sheet [role=status]");
    assert!(said.contains("secret/db root"), "the same is said of the file: {said}");
    page.press("Escape");
    page.js("window.copied = []");
    page.click(".terminal-more > summary");
    page.click(".terminal-tools button:nth-child(2)");
    page.until("window.copied.length === 1");
    page.click(".terminal-tools button:nth-child(3)");
    page.until("window.copied.length === 2");
    holds_none(&page.js("return JSON.stringify(window.copied)").to_string());
    let copied = |at: usize| page.js(&format!("return window.copied[{at}]")).as_str().unwrap_or_default().to_owned();
    assert!(copied(0).contains("\n$ kubectl get secret db -o yaml; kubectl exec db-0 -- env\n"), "{}", copied(0));
    Scenario::parse(&copied(1)).unwrap_or_else(|e| panic!("{e}\n{}", copied(1)));
    // A reload keeps what the visitor has.
    page.js("window.before = true; location.reload()");
    page.until("window.before === undefined && document.querySelectorAll('.pod').length === 2");
    assert!(page.manifest().contains(SECRETS[0]));
    page.open("about:blank");
    page.open(&link);
    page.until("document.querySelectorAll('.pod').length === 2");
    assert_eq!(page.pods(), before);
    holds_none(&page.js("return document.documentElement.outerHTML").to_string());
    assert!(page.manifest().starts_with("# password: hidden-"));
}
