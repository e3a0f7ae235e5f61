//! The terminal: a document typed from top to bottom, a watch beside commands, keys.

use std::fs;

use ordinal::api::release::V1_37;
use ordinal::scenario::file::{Scenario, Step};
use ordinal::scenario::session;

use crate::page::Page;

/// Types a line, and runs until the cluster is quiet.
fn type_line(page: &Page, line: &str) {
    page.type_line(line);
    page.run_until_quiet();
}

fn log(page: &Page) -> String {
    page.text(".terminal-log")
}

pub fn seed_003_is_typed_from_top_to_bottom(page: &Page) {
    page.run_until_quiet();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/seeds/seed-003.yaml");
    let scenario = Scenario::parse(&fs::read_to_string(path).expect("the seed")).expect("a scenario");
    for (name, text) in scenario.files.iter().filter(|(name, _)| !name.contains("://")) {
        page.fill("#prompt", &format!("cat > {name} <<'EOF'\n{text}EOF\n"));
    }
    assert!(log(page).ends_with("$ "), "the files are written, and the next line may come");
    let mut typed = 0;
    for step in &scenario.steps {
        let Step::Shell { line, background: None } = step else { continue };
        // Skips names that the scenario substitutes, and addresses of other machines.
        if line.contains("${") || line.contains("://") && !line.contains("localhost") {
            continue;
        }
        type_line(page, line);
        typed += 1;
    }
    assert!(typed > 40, "{typed} lines were typed");
    let said = log(page);
    assert!(!said.contains("is not simulated"), "{said}");
    for words in [
        "clusterrole.rbac.authorization.k8s.io/local-path-provisioner-role created",
        "Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local",
        "pod \"dns-test\" deleted from default namespace",
        "web-sts-0\nweb-sts-1\n",
        "k8s.gcr.io/nginx-slim:0.7\nk8s.gcr.io/nginx-slim:0.7\nk8s.gcr.io/nginx-slim:0.7",
        "OrderedReady",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

pub fn a_watch_runs_in_one_terminal_while_another_scales(page: &Page) {
    page.run_until_quiet();
    page.fill("#prompt", "kubectl get pods -w");
    page.press("Enter");
    page.until("document.querySelector('.terminal-log').innerText.includes('web-2   1/1     Running')");
    page.click(".terminals button:last-child");
    page.until("document.querySelectorAll('.terminals [aria-pressed]').length === 2");
    assert!(!log(page).contains("web-2   1/1"), "the second terminal is empty");
    type_line(page, "kubectl scale sts web --replicas=4");
    assert!(log(page).contains("statefulset.apps/web scaled"));
    page.check_accessible();
    page.click(".terminals button:first-child");
    page.until("document.querySelector('.terminal-log').innerText.includes('web-3   1/1     Running')");
    assert!(!log(page).contains("scaled"));
    page.fill("#prompt", "");
    page.press("Control+c");
    page.until("document.querySelector('.terminal-log').innerText.includes('^C')");
}

pub fn kubectl_edit_puts_an_object_in_the_place_of_the_manifest(page: &Page) {
    let said = |words: &str| page.until(&format!("document.querySelector('.terminal-log').innerText.includes({words:?})"));
    let head = || page.text(".manifest .pane-head h2");
    page.run_until_quiet();
    let own = format!("{}# mine\n", page.manifest());
    page.fill("#manifest", &own);
    let open = |what: &str, title: &str| {
        page.type_line(&format!("kubectl edit {what}"));
        page.until(
            "document.activeElement.value?.startsWith('# Please edit the object below.') && document.activeElement.selectionEnd === 0",
        );
        assert_eq!(head(), title);
    };
    open("sts web", "Editing statefulset web");
    page.check_accessible();
    page.check_legible("an object in the editor");
    page.fill("#manifest", &page.manifest().replace("serviceName: nginx", "serviceName: other"));
    page.click("#apply");
    said("error: statefulsets.apps \"web\" is invalid");
    page.until("document.querySelector('.line.refused')?.innerText.includes('statefulsets.apps \"web\" was not valid:')");
    page.check_legible("a refused edit");
    let mended =
        page.manifest().replace("serviceName: other", "serviceName: nginx").replace("  replicas: 3\n  rev", "  replicas: 4\n  rev");
    page.fill("#manifest", &mended);
    page.press("Control+Enter");
    said("statefulset.apps/web edited");
    assert_eq!((page.manifest(), page.js("return document.activeElement.id")), (own.clone(), "prompt".into()));
    page.run_until_quiet();
    assert_eq!(page.pods().len(), 4);
    // Whoever goes back in time meets the editor there; whoever leaves it has the manifest again.
    open("svc nginx", "Editing service nginx");
    page.fill("#manifest", "lost");
    page.js("document.activeElement.blur()");
    page.press("Home");
    page.until(&format!("document.getElementById('manifest').value === {own:?}"));
    page.press("End");
    page.until("document.getElementById('manifest').value === 'lost'");
    page.click("#leave");
    said("Edit cancelled, no changes made.");
    assert_eq!((head(), page.manifest()), ("Manifest".to_owned(), own));
    page.resize(390, 844);
    page.type_line("kubectl edit sts web");
    page.until("document.getElementById('manifest').offsetHeight > 0");
    page.check_legible("an object in the editor of a telephone");
    page.click("#leave");
    page.until("document.getElementById('prompt').offsetHeight > 0");
}

pub fn kubectl_prints_as_guides_do_when_told_to_and_at_the_next_visit(page: &Page) {
    page.run_until_quiet();
    type_line(page, "kubectl delete pod web-0 --wait=false");
    assert!(log(page).contains("pod \"web-0\" deleted from default namespace\nSince Kubernetes 1.34, "), "{}", log(page));
    let form = "document.querySelector('.terminal-tools button').getAttribute('aria-pressed') === 'true'";
    page.click(".terminal-tools button:first-child");
    page.until(form);
    type_line(page, "kubectl delete pod web-1 --wait=false");
    assert!(log(page).contains("pod \"web-1\" deleted\n"), "{}", log(page));
    page.open(&format!("{}?lang=ko", page.address()));
    page.until(&format!("document.querySelector('#page[data-live]') !== null && {form}"));
    assert!(log(page).contains("$ playground form classic\n"), "{}", log(page));
    page.check_accessible();
}

pub fn a_session_is_copied_as_text_and_as_a_scenario_that_replays(page: &Page) {
    page.js("window.copied = []; window.ClipboardItem = function (forms) { this.forms = forms };
         navigator.clipboard.write = async ([item]) => window.copied.push(await (await item.forms['text/plain']).text())");
    page.run_until_quiet();
    type_line(page, "kubectl scale sts web --replicas=2");
    type_line(page, "kubectl get pods | grep web-0");
    page.click(".terminal-tools button:nth-child(2)");
    page.until("window.copied.length === 1");
    page.click(".terminal-tools button:nth-child(3)");
    page.until("window.copied.length === 2");
    let copied = page.js("return window.copied");
    let (text, scenario) = (copied[0].as_str().expect("a text"), copied[1].as_str().expect("a scenario"));
    assert!(text.contains("\n$ kubectl get pods | grep web-0\nweb-0   1/1     Running"), "{text}");
    let scenario = Scenario::parse(scenario).unwrap_or_else(|e| panic!("{e}\n{scenario}"));
    let played = session::play(&scenario, &V1_37).expect("a session");
    let lines: Vec<&str> = played.terminal().lines().iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines.join("\n"), text);
}

pub fn its_edge_is_dragged_moved_by_keys_and_stays_where_it_was_put(page: &Page) {
    const HEIGHT: &str = "document.querySelector('.terminal').offsetHeight";
    let before = page.js(&format!("return {HEIGHT}")).as_i64().expect("a height");
    page.js("document.querySelector('.edge').focus()");
    page.press("ArrowUp");
    page.press("ArrowUp");
    page.until(&format!("{HEIGHT} === {before} + 34"));
    assert_eq!(page.js("return document.querySelector('.edge').ariaValueText"), "10 lines");
    page.press("ArrowDown");
    page.until(&format!("{HEIGHT} === {before} + 17"));
    page.js("const edge = document.querySelector('.edge'), top = edge.getBoundingClientRect().top + 5;
         edge.setPointerCapture = () => {};
         const at = (type, by) => edge.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, clientY: top + by }));
         at('pointerdown', 0); at('pointermove', -102); at('pointerup', -102); at('pointermove', 60)");
    page.until(&format!("{HEIGHT} === {before} + 119"));
    page.check_accessible();
    page.open(&page.address());
    page.until(&format!("document.querySelector('#page[data-live]') !== null && {HEIGHT} === {before} + 119"));
}

pub fn the_line_to_type_into_stays_in_sight(page: &Page) {
    page.run_until_quiet();
    for _ in 0..5 {
        type_line(page, "kubectl get pods");
    }
    let in_sight =
        "(() => { const [line, log] = ['.prompt', '.terminal-log'].map(part => document.querySelector(part).getBoundingClientRect());
         return line.top >= log.top && line.bottom <= log.bottom; })()";
    page.in_all_letters(|_| _ = page.until(in_sight));
    let ring = "const line = document.getElementById('prompt'), style = getComputedStyle(line);
         line.focus();
         const top = line.getBoundingClientRect().top - parseFloat(style.outlineOffset) - parseFloat(style.outlineWidth);
         return style.outlineStyle !== 'none' && top >= line.closest('.prompt').previousElementSibling.getBoundingClientRect().bottom - 0.5";
    page.in_all_letters(|letters| assert_eq!(page.js(ring), true, "the ring around the line leaves the last output legible, {letters}"));
    // Things that shrink the terminal: another lane in the timeline, larger letters for a projector.
    type_line(page, "playground beside statefulset web | kubectl apply -f -");
    page.in_all_letters(|_| _ = page.until(in_sight));
    page.js("document.activeElement.blur()");
    page.press("p");
    page.in_all_letters(|_| _ = page.until(in_sight));
    page.press("p");
}
