//! Pasting manifests: what is accepted comes up, a refusal says where and why, and nothing typed is lost.

use crate::page::Page;
use crate::screens::shoot;

const SEED_002: &str = include_str!("manifests/seed-002.yaml");
const EXAMPLE: &str = include_str!("../../src/playground/example.yaml");
const SEED_003: &str = include_str!("manifests/seed-003.yaml");
/// What the second document's author has, and a fresh cluster lacks.
const MY_STORAGE_CLASS: &str = "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: my-storage-class}\n\
     provisioner: rancher.io/local-path\nvolumeBindingMode: WaitForFirstConsumer\n";

pub fn the_set_of_seed_003_comes_up_beside_the_example(page: &Page) {
    page.apply(SEED_003);
    page.choose(".object select", "default/web-sts");
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-sts-0 1/1 Ready", "web-sts-1 1/1 Ready"]);
    assert!(page.text(".dns").contains("web-sts-1.nginx-sts"));
    assert!(page.text(".storage").contains("www-web-sts-1"));
}

pub fn the_set_of_seed_002_waits_for_its_class_and_then_comes_up(page: &Page) {
    page.restart_with(SEED_002);
    page.until("document.querySelector('.problem')");
    assert!(page.text(".problems").contains("There is no Service nginx"));
    page.pick("web-0");
    page.until("document.querySelector('.why').innerText.includes('my-storage-class')");
    page.apply(&format!("{SEED_002}{MY_STORAGE_CLASS}"));
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}

pub fn an_error_stands_on_its_line_in_the_servers_words(page: &Page) {
    page.run_until_quiet();
    let wrong = page.manifest().replace("  volumeClaimTemplates:", "  volumeClaimTemplate:");
    page.apply(&wrong);
    assert!(page.text(".problem blockquote").contains("unknown field \"spec.volumeClaimTemplate\""));
    assert!(page.text(".problem p").contains("volumeClaimTemplates"));
    let line = page.js(
        "const line = document.querySelector('.line.refused'); return [line.dataset.number, line.querySelector('.squiggle').innerText]",
    );
    assert_eq!(line, serde_json::json!(["38", "volumeClaimTemplate"]));
    assert_eq!(page.pods().len(), 3, "the last good run stays on the screen");
    page.check_accessible();
    page.click(".mending button:last-child");
    page.until("document.querySelector('.terminal-log').innerText.includes('$ kubectl explain statefulset.spec')");
    // The line's mark disappears as soon as it is corrected.
    page.click(".mending .primary");
    page.until("!document.querySelector('.problem')");
    assert!(page.manifest().contains("  volumeClaimTemplates:"));
    page.restart_with(&wrong);
    page.until("document.querySelector('.problem')");
    assert_eq!(page.text(".verdict"), "Nothing is running yet.");
    assert!(!page.text(".problems").contains("kept"), "what is refused is not kept");
    shoot(page, "06-yaml-error");
}

pub fn what_is_kept_and_not_simulated_is_said(page: &Page) {
    let text = page.manifest().replace("        image: nginx:1.27", "        image: nginx:1.27\n        terminationMessagePath: /dev/why");
    page.apply(&text);
    assert!(page.text(".kept").contains("terminationMessagePath"), "{}", page.text(".kept"));
}

pub fn no_text_freezes_the_page_or_is_lost(page: &Page) {
    let long = format!("# {}\n", "x".repeat(5 << 20));
    let deep = "[".repeat(20_000);
    let bomb: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..12).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))))
        .collect();
    for text in ["", "\u{1}\u{2}binary", "---\n---\n", &deep, &bomb, &long] {
        page.apply(text);
        assert_eq!(page.js("return document.getElementById('manifest').value.length"), text.chars().count());
        assert!(!page.text(".clock").is_empty());
    }
    let many = EXAMPLE.replace("replicas: 3", "replicas: 1000000");
    page.apply(&many);
    page.until("document.querySelector('.stepper output').innerText === '1000000'");
}
