//! Pasting manifests: what is accepted comes up, a refusal says where and why, and nothing typed is lost.

use crate::long_text::whole;
use crate::page::{PHONE, Page};
use crate::screens::shoot;

const EXAMPLE: &str = include_str!("../../src/page/playground/example.yaml");

pub fn an_error_stands_on_its_line_in_the_servers_words(page: &Page) {
    page.run_until_quiet();
    let wrong = page.manifest().replace("  volumeClaimTemplates:", "  volumeClaimTemplate:");
    page.apply(&wrong);
    assert!(page.text(".problem blockquote").contains("unknown field \"spec.volumeClaimTemplate\""));
    assert!(page.text(".problem p").contains("volumeClaimTemplates"));
    let line = page.js(
        "const line = document.querySelector('.line.refused'); return [1 + [...line.parentNode.children].indexOf(line), line.querySelector('.squiggle').innerText]",
    );
    assert_eq!(line, serde_json::json!([38, "volumeClaimTemplate"]));
    assert_eq!(page.pods().len(), 3, "the last good run stays on the screen");
    page.check_accessible();
    page.click(".mending button:last-child");
    page.until("document.querySelector('.terminal-log').innerText.includes('$ kubectl explain statefulset.spec')");
    page.until("document.querySelector('.terminal-log').innerText.includes('A StatefulSetSpec is the specification of a StatefulSet.')");
    // The line's mark disappears as soon as it is corrected.
    page.click(".mending .primary");
    page.until("!document.querySelector('.problem')");
    assert!(page.manifest().contains("  volumeClaimTemplates:"));
    shoot(page, "06-yaml-error");
    // Of several errors all corrections stand first, and the server's words wait behind a line.
    page.apply(&EXAMPLE.replace("  serviceName:", "  servicename:").replace("  volumeClaimTemplates:", "  volumeClaimTemplate:"));
    page.until("document.querySelectorAll('.problem h3.hue-danger').length === 2");
    let order = "const [all, first] = ['#fix-all', '.problem h3'].map(at => document.querySelector(at)); return !!(all.compareDocumentPosition(first) & 4)";
    assert_eq!(page.js(order), true);
    assert_eq!(page.js("return [...document.querySelectorAll('.problem blockquote')].some(words => words.checkVisibility())"), false);
    page.check_accessible();
    page.click("#fix-all");
    page.until("!document.querySelector('.problem h3.hue-danger')");
    // A note says whether it is about what was applied or about what was typed since.
    let mistyped = EXAMPLE.replace("serviceName: nginx", "serviceName: ngnix");
    page.restart_with(&mistyped);
    page.until("document.querySelector('.problem h3')?.innerText.startsWith('Accepted, but will not work')");
    page.fill("#manifest", &mistyped.replace("replicas: 3", "replicas: 2"));
    page.until("document.querySelector('.problem h3')?.innerText.startsWith('Not applied yet')");
    page.fill("#manifest", &mistyped);
    page.until("document.querySelector('.problem h3')?.innerText.startsWith('Accepted')");
}

pub fn a_line_that_the_cluster_no_longer_follows_is_marked(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl scale statefulset web --replicas=4");
    page.until("document.querySelector('.editor-lines .drifts')?.innerText.includes('replicas: 3')");
    page.draws(".problems", &["The cluster has 4 by now. Apply sets 3 again."]);
    page.check_accessible();
    shoot(page, "06-drift");
    page.click("#apply");
    page.until("!document.querySelector('.editor-lines .drifts')");
}

/// What a chart prints, with names as long as they are there.
fn chart() -> String {
    let own = EXAMPLE
        .replace("nginx\n", "my-release-postgresql-hl\n")
        .replace("name: web\n", "name: my-release-postgresql\n")
        .replace("nginx:1.27", "docker.io/bitnami/postgresql:16.3.0-debian-12-r14")
        .replace("        ports:", "        volumeDevices: []\n        securityContext: {runAsUser: 1001}\n        ports:")
        .replace("mountPath: /data", "mountPath: /bitnami/postgresql\n          mountPropagation: HostToContainer");
    let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: mine}\nspec: {}\n";
    let driver = "apiVersion: storage.k8s.io/v1\nkind: CSIDriver\nmetadata: {name: mine}\nspec: {}\n";
    format!("{own}---\n{monitor}---\n{driver}")
}

pub fn a_chart_is_applied_as_far_as_it_can_be_and_read_to_its_end(page: &Page) {
    page.run_until_quiet();
    page.apply(&chart());
    page.until("document.querySelector('.problem')");
    assert!(page.text(".problem p").starts_with("This is a custom resource"), "{}", page.text(".problem p"));
    assert!(page.text(".problems").contains("does not simulate CSIDriver"), "{}", page.text(".problems"));
    page.draws(".kept", &["securityContext"]);
    assert!(page.text(".manifest .pane-foot").contains("3 of 4 objects"), "{}", page.text(".manifest .pane-foot"));
    page.run_until_quiet();
    // Which set is shown is chosen in the heading, and what is wrong with the text is told above it: neither is cut.
    assert_eq!(page.js("return document.querySelector('.object h1 select').value"), "default/my-release-postgresql");
    let cut = "return [...document.querySelectorAll('.manifest .pane-head .label, .object h1 > :not(select), .kept')]
        .filter(part => part.scrollWidth > part.clientWidth + 1 && part.clientWidth).map(part => part.innerText)";
    for (width, height) in [(1440, 900), (1180, 800)] {
        page.resize(width, height);
        page.in_all_letters(|letters| assert_eq!(page.js(cut), serde_json::json!([]), "{width} wide, {letters}"));
        page.check_legible(&format!("a chart, {width} wide"));
    }
    // A long name ends in its ordinal wherever it is cut.
    let lane = "const name = [...document.querySelectorAll('.track > .name')].find(name => name.innerText.endsWith('postgresql-0'));
        return [getComputedStyle(name).textOverflow, name.getBoundingClientRect().left >= 0]";
    assert_eq!(page.js(lane), serde_json::json!(["ellipsis", true]));
    page.resize(1440, 900);
    // So it does on a tile, above its column and on its disk: its last part is whole, and the full name is in the title.
    for part in [".pod .name", ".heading li:first-child", ".disk .claim"] {
        let ends = format!(
            "const part = document.querySelector('{part}'), last = part.querySelector(':scope > span > span:last-child');
             const [ordinal, box] = [last, part].map(one => one.getBoundingClientRect());
             return [ordinal.left >= box.left, ordinal.right <= box.right + 1, last.innerText, part.title.endsWith(part.firstChild.textContent)]"
        );
        page.in_all_letters(|letters| assert_eq!(page.js(&ends), serde_json::json!([true, true, "-0", true]), "{part}, {letters}"));
        let cut = format!("const part = document.querySelector('{part}'); return part.scrollWidth > part.clientWidth");
        assert_eq!(page.js(&cut), true, "{part}");
    }
    page.check_accessible();
    shoot(page, "06-chart");
}

pub fn a_line_that_is_asked_for_is_seen_wherever_the_editor_is(page: &Page) {
    let line = "(() => { const text = document.activeElement; return text.id === 'manifest' && text.value.slice(0, text.selectionStart).split(/\\n/).length; })()";
    page.apply(&EXAMPLE.replace("clusterIP: None", "clusterIP: none").replace("replicas: 3", "replicas: -3"));
    page.until("document.querySelectorAll('.problem').length === 2");
    for at in [6, 16, 6] {
        page.press("F8");
        page.until(&format!("{line} === {at}"));
    }
    page.click(".mending .button");
    page.until("document.getElementById('manifest').value.includes('clusterIP: None')");
    page.restart_with(EXAMPLE);
    page.until("!document.querySelector('.problem')");
    page.run_until_quiet();
    page.resize(PHONE.0, PHONE.1);
    page.click(".sentence");
    page.tell_more();
    page.click(".why code ~ button");
    page.until(&format!("{line} === 16 && document.querySelector('.manifest').offsetHeight > 0"));
}

pub fn a_text_that_an_example_or_a_correction_replaces_can_be_brought_back(page: &Page) {
    let wrong = page.manifest().replace("  volumeClaimTemplates:", "  volumeClaimTemplate:");
    page.apply(&wrong);
    page.click(".mending .primary");
    page.until("document.getElementById('manifest').value.includes('volumeClaimTemplates:')");
    page.js("document.getElementById('manifest').focus(); document.execCommand('undo')");
    assert_eq!(page.manifest(), wrong);
    page.choose(".examples", "1");
    page.until("document.getElementById('manifest').value.includes('redis')");
    page.js("document.getElementById('manifest').focus(); document.execCommand('undo')");
    assert_eq!(page.manifest(), wrong);
    page.choose(".examples", "3");
    page.until("!document.querySelector('.pod')");
    assert_eq!(page.manifest(), "");
}

pub fn no_text_freezes_the_page_or_is_lost(page: &Page) {
    let long = format!("# {}\n", "x".repeat(5 << 20));
    let deep = "[".repeat(20_000);
    let bomb: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..12).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))))
        .collect();
    for text in ["", "\u{1}\u{2}binary", "---\n---\n", &deep, &bomb, &long] {
        page.apply(text);
        assert!(whole(page) == *text);
        assert!(!page.text(".clock").is_empty());
    }
    page.visit();
    page.apply(&EXAMPLE.replace("replicas: 3", "replicas: 1000000"));
    page.until("document.querySelector('.stepper output').innerText === '1000000'");
}

pub fn a_tab_is_seen_named_and_mended(page: &Page) {
    let text = page.manifest();
    page.fill("#manifest", &text.replacen("\n  name: nginx", "\n\tname: nginx", 1));
    page.click("#apply");
    page.until("document.querySelector('.problem p')?.innerText.startsWith('YAML allows no tab here')");
    let seen = "const line = document.querySelector('.editor-lines .refused'), tab = line.querySelector('.tab');
        return tab && getComputedStyle(tab, '::before').content.length > 2 && 1 + [...line.parentNode.children].indexOf(line)";
    assert_eq!(page.js(seen), 4);
    page.click(".mending .primary");
    page.until("!document.querySelector('.editor-lines .tab')");
    assert_eq!(page.manifest(), text);
}
