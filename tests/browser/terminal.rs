//! The terminal: a watch beside commands, the editor that `kubectl edit` opens, its form, its edge, its last line.

use crate::page::Page;
use crate::screens::shoot;

/// Types a line, and runs until the cluster is quiet.
fn type_line(page: &Page, line: &str) {
    page.type_line(line);
    page.run_until_quiet();
}

fn log(page: &Page) -> String {
    page.text(".terminal-log")
}

pub fn a_watch_runs_in_one_terminal_while_another_scales(page: &Page) {
    page.run_until_quiet();
    page.fill("#prompt", "kubectl get pods -w");
    page.press("Enter");
    page.until("document.querySelector('.terminal-log').innerText.includes('web-2   1/1     Running')");
    page.click(".terminal-more > summary");
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

pub fn pasted_lines_start_a_clock_that_stands_and_run_one_after_another(page: &Page) {
    page.run_until_quiet();
    page.fill("#prompt", "sleep 2; echo first\necho second\n");
    page.until("/first\\s+\\$ echo second\\s+second/.test(document.querySelector('.terminal-log').innerText)");
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
    let form = "document.querySelector('.terminal-tools button').getAttribute('aria-pressed') === 'true'";
    page.click(".terminal-more > summary");
    page.click(".terminal-tools button:first-child");
    page.until(form);
    type_line(page, "kubectl delete pod web-1 --wait=false");
    assert!(log(page).contains("pod \"web-1\" deleted\n"), "{}", log(page));
    page.open(&format!("{}?lang=ko", page.address()));
    page.until(&format!("document.querySelector('#page[data-live]') !== null && {form}"));
    assert!(log(page).contains("$ playground form classic\n"), "{}", log(page));
    page.check_accessible();
}

pub fn its_edge_is_dragged_moved_by_keys_and_stays_where_it_was_put(page: &Page) {
    const HEIGHT: &str = "document.querySelector('.terminal').offsetHeight";
    // A pod that fades in while contrasts are measured has too little of it.
    page.run_until_quiet();
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

pub fn a_long_answer_has_room_until_the_next_command(page: &Page) {
    page.run_until_quiet();
    let rows = || page.js("return Math.floor(document.querySelector('.terminal-log').clientHeight / 17)").as_u64();
    type_line(page, "kubectl describe pod web-0");
    assert!(rows() >= Some(15), "{:?} rows of the answer are in sight", rows());
    page.check_accessible();
    shoot(page, "05-long-answer");
    type_line(page, "kubectl get pods");
    assert!(rows() < Some(10), "the cluster has its room again");
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
