//! What the playground says in its own voice between what programs print.

use super::*;

/// What a line prints, and in whose voice.
fn said(playground: &mut Playground, line: &str, lang: Lang) -> Vec<(Voice, String)> {
    let before = playground.terminal().lines().len();
    playground.type_line(line, lang);
    playground.terminal().lines()[before + 1..].iter().map(|line| (line.voice, line.text.clone())).collect()
}

#[test]
fn a_note_is_ours_wherever_it_comes_from_and_in_the_language_of_the_page() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    for (line, english, korean) in [
        ("date +%j > /dev/null 2>&1", "ordinal: date +%j is not simulated.", "ordinal: date +%j는 시뮬레이션하지 않습니다."),
        (
            "kubectl exec web-0 -- sh -c 'uname -r 2>/dev/null; x=$(id -Z)' 2>/dev/null",
            "ordinal: uname -r is not simulated.\nordinal: id -Z is not simulated.",
            "ordinal: uname -r은 시뮬레이션하지 않습니다.\nordinal: id -Z는 시뮬레이션하지 않습니다.",
        ),
        (
            "kubectl kustomize . 2>/dev/null | cat",
            "ordinal: `kubectl kustomize` is not simulated.",
            "ordinal: `kubectl kustomize`는 시뮬레이션하지 않습니다.",
        ),
        (
            "curl -s https://example.com/x 2>/dev/null",
            "ordinal: https://example.com/x is outside: only known addresses are simulated here. Its text can be pasted into the manifest.",
            "ordinal: https://example.com/x는 바깥에 있습니다. 알려진 주소만 시뮬레이션합니다. 그 내용은 매니페스트에 붙여넣을 수 있습니다.",
        ),
    ] {
        for (lang, want) in [(Lang::English, english), (Lang::Korean, korean)] {
            let ours: Vec<(Voice, String)> = want.split('\n').map(|line| (Voice::Playground, line.to_owned())).collect();
            assert_eq!(said(&mut playground, line, lang), ours, "{line}");
        }
    }
}

#[test]
fn a_program_that_speaks_like_us_is_not_us() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let line = "kubectl exec web-0 -- sh -c 'echo \"ordinal: 3\"; echo \"ordinal: 4\" >&2'";
    let want = [(Voice::Output, "ordinal: 3".to_owned()), (Voice::Error, "ordinal: 4".to_owned())];
    assert_eq!(said(&mut playground, line, Lang::Korean), want);
}

#[test]
fn a_log_keeps_its_words() {
    let mut playground = started(&EXAMPLE.replace("        image: ", "        command: [sh, -c, date +%j; sleep 9999]\n        image: "));
    settle(&mut playground);
    let notes = ["ordinal: date +%j is not simulated.", "ordinal: the script is taken as finished."];
    let want = notes.map(|note| (Voice::Output, note.to_owned()));
    assert_eq!(said(&mut playground, "kubectl logs web-0", Lang::Korean), want);
}
