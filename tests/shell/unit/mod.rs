//! Lines and their output, with a few files.

mod jq;
mod programs;
mod tools;

use std::collections::BTreeMap;
use std::rc::Rc;

use ordinal::base::printed::Stream;
use ordinal::base::time::Time;
use ordinal::shell::programs::{Dialect, Places, is_builtin_lacking, is_lacking, is_simulated};
use ordinal::shell::{Entry, Fault, Host, Shell, Trouble, Want};

#[derive(Default)]
struct World {
    now: Time,
    files: BTreeMap<String, Rc<str>>,
}

impl Host for World {
    fn now(&self) -> Time {
        self.now
    }
    fn hostname(&self) -> String {
        "here".into()
    }
    fn read(&self, path: &str) -> Result<Rc<str>, Trouble> {
        self.files.get(path).cloned().ok_or(Trouble::Missing)
    }
    fn write(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        self.files.insert(path.to_owned(), text.into());
        Ok(())
    }
    fn remove(&mut self, path: &str) -> Result<(), Trouble> {
        self.files.remove(path).map(drop).ok_or(Trouble::Missing)
    }
    fn make_folder(&mut self, _: &str) -> Result<(), Trouble> {
        Ok(())
    }
    fn list(&self, path: &str) -> Option<Vec<Entry>> {
        let entry = |(p, text): (&String, &Rc<str>)| Some(Entry { name: p.strip_prefix('/')?.to_owned(), size: Some(text.len()) });
        (path == "/").then(|| self.files.iter().filter_map(entry).collect())
    }
    fn has(&self, _: &str) -> bool {
        true
    }
}

/// The output of a text, with `! ` before lines of standard error; `ask` answers every external command.
fn run(text: &str) -> (String, i32) {
    let mut world = World::default();
    world.files.insert("/a.txt".into(), "one 1\ntwo 2\nthree 3\n".into());
    let mut shell = Shell::new(Dialect::Bash, [("HOME".to_owned(), "/".to_owned())], "/");
    if shell.take_line(text) == Err(Fault::Unfinished) {
        return ("unfinished".into(), -1);
    }
    let mut printed = String::new();
    let status = loop {
        let want = shell.run(&mut world);
        for piece in shell.take_new() {
            let sign = if piece.on(Stream::Out).is_some() { "" } else { "! " };
            printed.extend(piece.logged().split_inclusive('\n').flat_map(|line| [sign, line]));
        }
        match want {
            Want::Command(words, input) => {
                shell.print(Stream::Out, &format!("[{}]{input}\n", words.join("|")), &mut world);
                shell.finish(i32::from(words[0] == "fail"));
            }
            Want::Time(at) => world.now = at,
            Want::Change => break -2,
            Want::Done(status) => break status,
        }
        if world.now > Time(10_000) || printed.len() > 10_000 {
            break -3;
        }
    };
    (printed, status)
}

fn check(cases: &[(&str, &str)]) {
    for (text, want) in cases {
        assert_eq!(run(text).0, *want, "{text}");
    }
}

#[test]
fn what_is_taken_off_no_long_value_is_told() {
    let long = "a".repeat(1000);
    let (short, longer) = (format!("x={long}; echo ${{x%a}}"), format!("x={long}b; echo ${{x%b}}; echo ${{x##*a}}"));
    let told = |cut: &str| format!("! ordinal: ${{x{cut}…}} (> 1000 bytes) is not simulated here.\n{long}b\n");
    check(&[(&short, &format!("{}\n", &long[1..])), (&longer, &(told("%") + &told("##")))]);
}

#[test]
fn words_are_quoted_and_expanded_as_a_shell_does() {
    check(&[
        (r#"k get "a b" 'c $x' d\ e"#, "[k|get|a b|c $x|d e]\n"),
        (r#"x=5; echo "$x" '$x' ${x}y ${z:-none} ${#x}"#, "5 $x 5y none 1\n"),
        (r#"x="a  b"; k $x "$x""#, "[k|a|b|a  b]\n"),
        ("x=web-12; echo ${x##*-} ${x%%-*} ${x#w?b} ${x%[0-9]} ${x#b} ${y#a}.", "12 web -12 web-1 web-12 .\n"),
        ("x=/a/b/c; echo ${x#*/} ${x##*/} ${x%/*} \"${x%%/*}\"", "a/b/c c /a/b \n"),
        ("x='a  b-c'; k ${x%-*} \"${x%-*}\"", "[k|a|b|a  b]\n"),
        ("echo web-{0..2} {a,b}c", "web-0 web-1 web-2 ac bc\n"),
        ("echo $(echo inner $(echo most)) `echo back`", "inner most back\n"),
        ("echo $((2 + 3 * 4)) $((7 % 4 == 3))", "14 1\n"),
        ("echo *.txt '*.txt' *.none", "a.txt *.txt *.none\n"),
        ("echo a # a comment", "a\n"),
        ("k get pods \\\n  -w", "[k|get|pods|-w]\n"),
        ("fail; echo $?", "[fail]\n1\n"),
        ("NO_RANDOM=2; echo $((NO_RANDOM+1)) ${NO_RANDOM}", "3 2\n"),
        ("x=4; echo $((1+(2*3))) $(( (x + 1) * 2 )) $(( $(echo 4)+${x} ))", "7 10 8\n"),
        ("echo {-9223372036854775808..9223372036854775807} {1..2000}", "{-9223372036854775808..9223372036854775807} {1..2000}\n"),
        ("x=a; cat <<EOF\n\\$x $x $(echo b) `echo c` 'd' \\e \\\"f\\\" \\\\\nEOF", "$x a b c 'd' \\e \\\"f\\\" \\\n"),
    ]);
}

#[test]
fn what_is_not_learnt_is_said_and_nothing_runs() {
    for text in ["echo ${@:1}", "cat <(echo a)", "[[ a =~ \"$x\" ]]", "PODS=($(echo a b))", "declare -a x=(a b)"] {
        let (said, status) = run(text);
        assert!(said.starts_with("! ordinal: ") && said.ends_with(" is not simulated here.\n") && status == 2, "{text}: {said}");
    }
}

#[test]
fn conditions_are_tested_without_splitting_and_with_patterns() {
    check(&[
        (
            "x='a b'; [[ $x == 'a b' ]] && echo same; [[ -z $y ]] && echo empty; [[ -n $x && ! -f /b ]] || echo no; [[ -f /a.txt ]]; echo $?",
            "same\nempty\n0\n",
        ),
        (
            "[[ web-12 =~ -([0-9]+)$ ]] || exit 1; n=${BASH_REMATCH[1]}; echo $n ${BASH_REMATCH[0]} [$BASH_REMATCH]; [[ a =~ b ]]; echo $? [${BASH_REMATCH[0]}]",
            "12 -12 [-12]\n1 []\n",
        ),
        ("[[ `echo web-3` =~ -([0-9]+)$ ]] && echo $((100 + ${BASH_REMATCH[1]}))", "103\n"),
        (
            "[[ web-0 == web-* ]] && echo fits; [[ web-0 == 'web-*' ]] || echo quoted; [[ web-0 != db-? ]] && echo other",
            "fits\nquoted\nother\n",
        ),
        (
            "n=3; [[ n -eq 3 && $n+1 -gt $((n)) ]] && echo sums; [[ ( a == b || b == b ) && ! ( a == b ) ]] && echo nested; [[ ! a == b ]] && echo not",
            "sums\nnested\nnot\n",
        ),
        (
            "if [[ a == b ]]; then echo no; elif [[ -d / ]]; then echo folder; fi\nuntil [[ $i == aaa ]]; do i=a$i; done; echo $i",
            "folder\naaa\n",
        ),
        (
            "for x in start stop-now 'a b' ''; do case \"$x\" in start|begin) echo 1 ;; stop*) echo 2;; *' '*) echo 3\n;; (*) echo 4; esac; done",
            "1\n2\n3\n4\n",
        ),
        (
            "case $(echo b; echo c) in b) echo no;; *c) case x in x) echo inner;; esac; echo outer;; esac; case a in b) false;; esac; echo $?",
            "inner\nouter\n0\n",
        ),
        ("case a in a) ;; esac; echo $?; case x in x) echo out;; esac > /f; cat /f", "0\nout\n"),
    ]);
    for unfinished in ["[[ a", "[[ a &&", "case a", "case a in", "case a in b)", "case a in b) echo;;"] {
        assert_eq!(run(unfinished).0, "unfinished", "{unfinished}");
    }
    for wrong in ["[[ ]]", "[[ a ; b ]]", "esac", ";;", "echo ;; b", "case a in ;; esac"] {
        let (said, status) = run(wrong);
        assert!(said.contains("syntax error") && status == 2, "{wrong}: {said}");
    }
}

#[test]
fn a_script_that_is_told_to_ends_at_the_first_failure() {
    let script = |text: &str| run(&format!("sh -c '{text}'; echo $?")).0;
    for (text, want) in [
        ("set -e; false; echo no", "1\n"),
        ("set -eux; echo on; fail; echo no", "! ordinal: set -x has no effect here.\non\n[fail]\n1\n"),
        ("set -o errexit; (exit 4); echo no", "4\n"),
        ("set -e; x=$(false; echo a; exit 3); echo no", "3\n"),
        ("set -e; if true; then for i in 1 2; do [ $i = 1 ]; echo $i; done; fi; echo no", "1\n1\n"),
        ("set -e; (false; echo no); echo no", "1\n"),
        ("set -e; f() { false; echo in; }; f; echo no", "1\n"),
        ("set -e; f() { false; echo in; }; f || true; if f; then f; fi; echo no", "in\nin\n1\n"),
        ("set -e; true && false; echo no", "1\n"),
        // What is tested may fail.
        ("set -e; false || true; false && true; ! true; if false; then :; fi; while false; do :; done; echo on", "on\n0\n"),
        ("set -e; { false; echo in; } && true; ! { false; echo in; }; if { false; true; }; then echo on; fi", "in\nin\non\n0\n"),
        ("set -e; set +e; false; echo on; sh -c \"false; echo on\"; (set -e; true); false; echo on", "on\non\non\n0\n"),
        ("set -e; echo $(false; echo on); case x in y) false;; esac; [ a = b ] || echo on", "on\non\n0\n"),
    ] {
        assert_eq!(script(text), want, "{text}");
    }
    check(&[
        ("set -e; false; echo on; sh -ec 'false; echo no'; echo $?; bash -e -c 'fail; echo no'; echo on", "on\n1\n[fail]\non\n"),
        ("set 가 é; set +é; echo $? $*; set -- a -e; set -; false; echo [$2]; set --; echo $#", "0 가 é\n[-e]\n0\n"),
        (
            "set -é; set +x; set; sh -x -c :",
            "! ordinal: set -é has no effect here.\n! ordinal: set is not simulated here.\n! ordinal: sh -x has no effect here.\n",
        ),
    ]);
}

#[test]
fn a_shell_tells_its_own_options_from_the_words_behind_its_script() {
    check(&[
        ("echo 'echo $0 $*' > f; sh f --namespace x; bash f -c 3; sh -e f a", "f --namespace x\nf -c 3\nf a\n"),
        (
            "bash -eo pipefail -c 'echo $0 $1' a b; sh -o errexit -c 'false; echo no'; sh +x -- nowhere",
            "a b\n! bash: nowhere: No such file or directory\n",
        ),
        ("echo 'echo $0 $*' | sh -e; echo 'echo $0 $*' | bash -s -- a b; echo 'false; echo no' | sh -e -; echo $?", "sh\nbash a b\n1\n"),
        ("echo 'echo $0' > f; sh --norc f", "f\n"),
    ]);
}

#[test]
fn subshells_functions_and_loops_are_left_where_a_shell_leaves_them() {
    check(&[
        ("(exit 3); echo $?; (for i in 1 2; do (exit 4); exit $?; done; echo no); echo $?", "3\n4\n"),
        ("x=$(echo a; exit 5; echo b); echo $x $?; (cd nowhere 2>/dev/null || exit 6) || echo $?", "a 5\n6\n"),
        ("for i in 1 2; do eval break; done; echo $i", "1\n"),
        ("for i in 1 2; do for j in a b; do break 2; done; done; echo $i$j", "1a\n"),
        ("for i in 1 2; do for j in a b; do continue 2; done; echo no; done; echo $i$j", "2a\n"),
        ("for i in 1 2; do (break; echo on); echo | { break; echo on; }; done; break; echo $i", "on\non\non\non\n2\n"),
        ("f() { x=$1; local y=$1; shift; echo $1 $#; }; y=0; f 1 2; echo $x $y $1", "2 1\n1 0\n"),
        ("for i in 1 2; do echo $i; done > $(echo out); cat out", "1\n2\n"),
        ("env x=1 y=2 sh -c 'echo $x$y'; echo [$x]", "12\n[]\n"),
        (
            "sh -c 'echo $0 $@' one two three; sh -c 'echo $0'; cat a.txt | less | head -1; more a.txt | tail -1",
            "one two three\nsh\none 1\nthree 3\n",
        ),
    ]);
}

#[test]
fn tests_say_what_they_cannot_tell() {
    check(&[
        ("[ 1 = 1 -a ! 2 = 3 ] && echo a; [ 1 = 2 -o -z '' ] && test b && echo b", "a\nb\n"),
        ("[ a -eq 1 ]; echo $?", "! bash: [: a: integer expression expected\n2\n"),
        ("[ a; test = b 2>/dev/null; echo $?", "! bash: [: missing `]'\n2\n"),
        ("sleep soon; sleep; date +%T", "! sleep: invalid time interval 'soon'\n! sleep: missing operand\n00:00:00\n"),
    ]);
}

#[test]
fn lists_loops_and_conditions_run_in_order() {
    check(&[
        ("true && echo a || echo b; false && echo c || echo d", "a\nd\n"),
        ("for i in 0 1; do k exec web-$i; done", "[k|exec|web-0]\n[k|exec|web-1]\n"),
        ("for i in $(seq 3)\ndo\n echo $i\ndone", "1\n2\n3\n"),
        ("i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done", "0\n1\n2\n"),
        ("for i in 1 2 3 4; do if [ $i = 2 ]; then continue; elif [ $i = 4 ]; then break; else echo $i; fi; done; echo end", "1\n3\nend\n"),
        ("until true; do echo never; done; ! false && echo yes", "yes\n"),
        ("f() { echo $1-$2; }; f a b; (x=1; echo $x); echo [$x]", "a-b\n1\n[]\n"),
        ("sleep 5; date +%T", "00:00:05\n"),
        ("sh -c 'echo $1; exit 3' x y; echo $?", "y\n3\n"),
    ]);
}

#[test]
fn pipes_and_files_carry_text() {
    check(&[
        ("cat a.txt | grep t | awk '{print $2, $1}'", "2 two\n3 three\n"),
        ("cat a.txt | wc -l; grep -c o a.txt; grep -v o < a.txt", "3\n2\nthree 3\n"),
        ("k get\n  | sort", "[k|get]\n"),
        ("cat <<EOF | k apply -f -\na: $HOME\n  b\nEOF\necho after", "[k|apply|-f|-]a: /\n  b\n\nafter\n"),
        ("cat > b.yaml <<'EOF'\n$x\nEOF\ncat b.yaml", "$x\n"),
        ("echo a > f; echo b >> f; cat f; rm f; cat f", "a\nb\n! cat: f: No such file or directory\n"),
        (
            "cat a.txt | awk '{print $1}' | xargs -I{} k exec {} -- sh -c 'echo $(hostname)'",
            "[k|exec|one|--|sh|-c|echo $(hostname)]\n[k|exec|two|--|sh|-c|echo $(hostname)]\n[k|exec|three|--|sh|-c|echo $(hostname)]\n",
        ),
        ("cat a.txt | while read name n; do echo $n$name; done", "1one\n2two\n3three\n"),
        ("for i in 1 2; do echo $i; done > out; cat out nofile 2>/dev/null", "1\n2\n"),
        ("cat nofile 2>&1 | sed 's/No/no/'", "cat: nofile: no such file or directory\n"),
    ]);
}

/// The output of a pipeline whose first command prints these lines one by one: after each of them, and at its end. The command is
/// ended earlier if nobody reads its output.
fn flow(text: &str, lines: &[&str]) -> Vec<String> {
    let mut world = World::default();
    let mut shell = Shell::new(Dialect::Bash, [], "/");
    shell.take_line(text).expect("a line");
    let said = |shell: &mut Shell| shell.take_new().into_iter().map(|piece| piece.logged().into_owned()).collect::<String>();
    let mut all = Vec::new();
    assert!(matches!(shell.run(&mut world), Want::Command(..)), "{text}");
    for line in lines {
        shell.print(Stream::Out, &format!("{line}\n"), &mut world);
        all.push(said(&mut shell));
        if shell.lets_go() {
            shell.run(&mut world);
            all.push(format!("ended {}{}", shell.status(), said(&mut shell)));
            return all;
        }
    }
    shell.finish(0);
    loop {
        match shell.run(&mut world) {
            Want::Command(words, input) => {
                shell.print(Stream::Out, &format!("[{}]{input}", words.join("|")), &mut world);
                shell.finish(0);
            }
            Want::Time(at) => world.now = at,
            Want::Change | Want::Done(_) => break,
        }
    }
    all.push(said(&mut shell));
    all
}

#[test]
fn a_line_goes_through_a_pipe_as_soon_as_it_is_printed() {
    for (text, lines, want) in [
        ("k get -w | grep web-1", &["web-0 a", "web-1 b", "web-1 c"][..], &["", "web-1 b\n", "web-1 c\n", ""][..]),
        ("k get -w | grep web | head -2", &["web-0", "x", "web-1", "web-2"], &["web-0\n", "", "web-1\n", "ended 0"]),
        ("k get -w | awk '{print NR, $2}' | sed 's/a/b/'", &["x a", "y c"], &["1 b\n", "2 c\n", ""]),
        ("k get -w | while read a b; do echo $b; done", &["x a", "y c"], &["a\n", "c\n", ""]),
        ("k get -w | sort", &["b", "a"], &["", "", "a\nb\n"]),
        ("k get -w | tee f | wc -l; cat f", &["b", "a"], &["", "", "2\nb\na\n"]),
        ("k get -w | head -1; echo next", &["b", "a"], &["b\n", "ended 0next\n"]),
        ("k get -w | k apply -f -", &["b"], &["", "[k|apply|-f|-]b\n"]),
        ("k get -w | xargs k delete", &["b", "c"], &["", "", "[k|delete|b|c]"]),
        ("k get -w | { sleep 5; cat; }", &["b"], &["", "b\n"]),
        ("for i in 1 2; do k get -w; done | grep -q b && echo yes", &["a", "b", "c"], &["", "", "ended 0yes\n"]),
    ] {
        assert_eq!(flow(text, lines), want, "{text}");
    }
}

#[test]
fn stages_of_a_pipe_are_shells_of_their_own() {
    check(&[
        ("x=1; echo 2 | read x; echo $x", "1\n"),
        ("echo a | { cat; exit 3; }; echo $?", "a\n3\n"),
        ("seq 3 | while read i; do echo $i | cat; done | tail -1", "3\n"),
        ("k a |& grep k; fail | cat; echo $?", "[k|a]\n[fail]\n0\n"),
        ("while true; do echo y; done | head -2", "y\ny\n"),
        ("echo $(echo a b | cut -d' ' -f2) | grep $(echo b)", "b\n"),
        ("cat nofile |& sed 's/No/no/'", "cat: nofile: no such file or directory\n"),
    ]);
}

#[test]
fn tools_do_what_tutorials_want_of_them() {
    check(&[
        ("seq 9 | sed -n '/3/,/5/p;/8/,$p' | tr '\\n' ' '", "3 4 5 8 9 "),
        ("seq 9 | sed '2,/4/d;/7/,8s/$/x/' | tr '\\n' ' '", "1 5 6 7x 8x 9 "),
        ("seq 9 | sed -n '/5/,3p;7,7p;/1/,/1/p' | tr '\\n' ' '", "1 2 3 4 5 5 6 7 7 8 9 "),
        ("sed -n 2p a.txt; sed 's/\\(t\\)\\(.\\)/\\2\\1/g;1d' a.txt", "two 2\nwto 2\nhtree 3\n"),
        ("sed -E 's/[0-9]+/<&>/' a.txt | head -1; sed -i -e s/one/1/ -e 2,3d a.txt; cat a.txt", "one <1>\n1 1\n"),
        ("sort a.txt | head -n 1; cut -d' ' -f2 a.txt | tail -n 1; cat a.txt a.txt | sort -u", "one 1\n3\none 1\nthree 3\ntwo 2\n"),
        ("sed -n 's/two/&&/p' a.txt; sed 's/one/x/;/x/d;s/2/4/' a.txt", "twotwo 2\ntwo 4\nthree 3\n"),
        ("echo '9 10' | awk '$1 < $2 {print \"yes\"}'; echo '1k 2' | awk '$1<$2'; echo 9 | awk '$1>\"10\"'", "yes\n1k 2\n9\n"),
        (
            "awk '/^t/ {print NR, $NF, NF}' a.txt; awk '/^o/' a.txt; awk '$1 == \"two\" {print $2 \"-\" $1}' a.txt",
            "2 2 2\n3 3 2\none 1\n2-two\n",
        ),
        ("awk '{print}' a.txt | head -1; awk 'NR>=3' a.txt; awk '$2!=\"1\"{print $0}' a.txt | head -1", "one 1\nthree 3\ntwo 2\n"),
        ("echo a,b | tr , '\\n' | tr a-z A-Z", "A\nB\n"),
        ("printf '%s-%3s|%-2d|\\n' a b 7; echo -n x; echo -e 'a\\tb'", "a-  b|7 |\nxa\tb\n"),
        ("echo 'a: {b: [1, x]}' | yq .a.b[1]; echo '{\"a\":{\"b\":\"c\"}}' | jq -r .a.b", "x\nc\n"),
        ("echo 'a: {c: 1, b: 2}' | yq .a; echo '{\"a\":\"<b>\"}' | jq -c .", "c: 1\nb: 2\n{\"a\":\"<b>\"}\n"),
        ("echo '{}' | jq '1, .a[]'; echo $?", "1\n! jq: error (at <stdin>:1): Cannot iterate over null (null)\n5\n"),
        ("printf 'a: 1\n---\na: 2\n' | yq ea '[.] | map(.a) | .[]'", "1\n2\n"),
        ("grep -E 'one|two' a.txt | grep -o 't.*o'; echo 10.0.0.1 | grep -c '^10\\.'; grep -q one a.txt && echo in", "two\n1\nin\n"),
        ("grep -A1 two a.txt; grep -C 0 -i ONE a.txt; grep -vc e a.txt", "two 2\nthree 3\none 1\n1\n"),
        ("seq 9 | grep -A1 '[15]'; echo aXbX | grep -o '[ab]X'", "1\n2\n--\n5\n6\naX\nbX\n"),
        ("cp a.txt b.txt; grep -c e a.txt b.txt; grep one *.txt", "a.txt:2\nb.txt:2\na.txt:one 1\nb.txt:one 1\n"),
        ("seq 5 | head -n -3; seq 5 | tail -n +4; tail -1 a.txt a.txt | head -1", "1\n2\n4\n5\n==> a.txt <==\n"),
        ("wc -l a.txt a.txt; printf '%03d %d\\n' 7 8", " 3 a.txt\n 3 a.txt\n 6 total\n007 8\n"),
        ("echo a ab | grep -oE 'a|ab'; echo baaac | sed 's/a*/x/g'; echo abc | sed 's/x*/-/g'", "a\nab\nxbxcx\n-a-b-c-\n"),
        ("echo aXbX | sed 's/X*$/!/'; echo a-b-c | cut -d- -f2-; cut -d ' ' -f 1 a.txt | head -1", "aXb!\nb-c\none\n"),
        ("seq 9 | base64 | base64 -d | wc -l; mv a.txt a.txt; date +%D", "9\n! mv: 'a.txt' and 'a.txt' are the same file\n01/01/26\n"),
        ("echo '{\"a\":{\"b\":\"x    y\"}}' | jq .", "{\n  \"a\": {\n    \"b\": \"x    y\"\n  }\n}\n"),
        ("echo 'a;b/c' | sed 's/;/,/g;s/\\//:/'; echo a/b | sed '/a\\/b/ s/b/c/ ; /x/d'", "a,b:c\na/c\n"),
    ]);
}

#[test]
fn what_a_tool_does_not_do_is_said_in_the_playgrounds_voice() {
    for (text, want) in [
        ("head -z a.txt", "head -z is not simulated."),
        ("head -c 1 a.txt", "head -c is not simulated."),
        ("tail -f a.txt", "tail -f is not simulated."),
        ("cat -n a.txt", "cat -n is not simulated."),
        ("cut -c 1 a.txt", "cut -c is not simulated."),
        ("cp -r a b", "cp -r is not simulated."),
        ("grep -n one a.txt", "grep -n is not simulated."),
        ("grep -r one", "grep -r is not simulated."),
        ("grep -oP '\\w+' a.txt", "grep -P is not simulated."),
        ("grep --include=x one", "grep --include is not simulated."),
        ("grep --color one a.txt", "grep --color is not simulated."),
        ("hostname -i", "hostname -i is not simulated."),
        ("ls -h", "ls -h is not simulated."),
        ("ls -é", "ls -é is not simulated."),
        ("sort -k2 -nr a.txt", "sort -k is not simulated."),
        ("sort -n a.txt", "sort -n is not simulated."),
        ("tee -a b", "tee -a is not simulated."),
        ("tr -d a", "tr -d is not simulated."),
        ("tr '[:lower:]' A", "tr [:lower:] is not simulated."),
        ("wc -m a.txt", "wc -m is not simulated."),
        ("base64 -w0 a.txt", "base64 -w is not simulated."),
        ("seq -s , 3", "seq -s , 3 is not simulated; only whole numbers are."),
        ("seq 0.5 2", "seq 0.5 2 is not simulated; only whole numbers are."),
        ("awk -F: '{print $1}' a.txt", "awk -F is not simulated."),
        ("awk -v x=1 '{print x}' a.txt", "awk -v is not simulated."),
        ("awk '{print $1+$2}' a.txt", "awk \"{print $1+$2}\" is not simulated."),
        ("awk '{s+=$2} END {print s}' a.txt", "awk \"{s+=$2} END {print s}\" is not simulated."),
        ("awk '/o/ {print $1} /t/ {print $2}' a.txt", "awk \"/o/ {print $1} /t/ {print $2}\" is not simulated."),
        ("awk 'NR>1 && NF' a.txt", "awk \"NR>1 && NF\" is not simulated."),
        ("echo '1.5 2' | awk '$1<$2'", "awk \"$1<$2\" is not simulated."),
        ("sed 's/one/x/e' a.txt", "sed \"s/one/x/e\" is not simulated."),
        ("sed 2q a.txt", "sed \"2q\" is not simulated."),
        ("sed 'y/a/b/' a.txt", "sed \"y/a/b/\" is not simulated."),
        ("sed '1i x' a.txt", "sed \"1i x\" is not simulated."),
        ("sed '1!d' a.txt", "sed \"1!d\" is not simulated."),
        ("sed 's/a/b/2' a.txt", "sed \"s/a/b/2\" is not simulated."),
        ("sed -r s/a/b/ a.txt", "sed -r is not simulated."),
        ("echo '{a: b}' | yq '.a |= \"c\"'", "yq \".a |= \\\"c\\\"\" is not simulated."),
        ("echo '[]' | jq -s .", "jq -s is not simulated."),
        ("echo '[]' | jq --arg a b .", "jq --arg is not simulated."),
        ("echo '[1.5]' | jq .", "jq 1.5 is not simulated."),
        ("echo '{\"a\": ' | jq .a", "jq cannot read this: unexpected end of JSON input."),
        ("echo 'NAME READY' | jq .a", "jq cannot read this: invalid character 'N' looking for beginning of value."),
        ("printf %e 255", "printf %e is not simulated."),
        ("printf %x 255", "printf %x is not simulated."),
        ("printf -v x a", "printf -v is not simulated."),
        ("date -d tomorrow", "date -d is not simulated."),
        ("date +%j", "date +%j is not simulated."),
        ("cp / b", "cp of a directory is not simulated."),
        ("command -v cat", "command -v cat is not simulated here."),
        ("echo a | xargs -n 1 echo", "xargs -n is not simulated here."),
    ] {
        assert_eq!(run(text).0, format!("! ordinal: {want}\n"), "{text}");
    }
}

/// A terminal and a container say of these that they are not simulated.
#[test]
fn programs_that_are_not_simulated_are_left_to_whoever_runs_the_shell() {
    for program in ["basename", "diff", "dirname", "du", "egrep", "expr", "fgrep", "find", "tac", "timeout", "uniq", "which"] {
        assert_eq!(run(&format!("{program} a")).0, format!("[{program}|a]\n"));
        let places = [Places::DESK, Places::DEBIAN, Places::BUSYBOX];
        assert!(places.into_iter().all(|at| is_lacking(program, at) && !is_simulated(program, at)), "{program}");
    }
    for command in ["alias", "declare", "let", "type"] {
        assert_eq!(run(&format!("{command} a")).0, format!("[{command}|a]\n"));
        assert!(is_builtin_lacking(command), "{command}");
    }
}

#[test]
fn what_the_playground_says_goes_to_the_terminal_from_everywhere() {
    let want = "! ordinal: date +%j is not simulated.\n";
    for text in [
        "date +%j 2>/dev/null",
        "date +%j > f 2>&1; cat f",
        "date +%j 2>&1 | cat > /dev/null",
        "true | date +%j 2>/dev/null | cat",
        "x=$(date +%j 2>&1); printf \"$x\"",
        "{ date +%j; } 2>/dev/null",
        "sh -c 'date +%j' 2>/dev/null",
    ] {
        assert_eq!(run(text).0, want, "{text}");
    }
    assert_eq!(run("date +%j 2>/dev/null || echo failed").0, format!("{want}failed\n"));
}

#[test]
fn no_expression_leads_too_deep() {
    let long = "a".repeat(100_000);
    for text in [format!("echo {long} | grep -cE '(a|b)*c'"), format!("echo a | grep -c {long}"), format!("x={long}; awk \"$x\" a.txt")] {
        let (said, _) = run(&text);
        assert!(said == "0\n" || said.starts_with("! ordinal: awk"), "{}", &said[..said.len().min(100)]);
    }
}

#[test]
fn what_is_wrong_is_said_and_what_is_not_finished_waits() {
    for (text, want) in [
        ("echo 'a", "unfinished"),
        ("for i in 1; do", "unfinished"),
        ("cat <<EOF\nx", "unfinished"),
        ("a |", "unfinished"),
        ("echo )", "! bash: syntax error near unexpected token `)'\n"),
        ("; a", "! bash: syntax error near unexpected token `;'\n"),
        ("done", "! bash: syntax error near unexpected token `done'\n"),
        ("cd nowhere", "! bash: cd: nowhere: No such file or directory\n"),
    ] {
        assert_eq!(run(text).0, want, "{text}");
    }
}

#[test]
fn nothing_goes_on_for_ever_at_one_instant() {
    assert_eq!(run("while true; do :; done").1, -3);
    assert_eq!(run("f() { f; }; f").1, 130);
    assert!(run("x=a; while true; do x=$x$x; done").0.contains("more than"));
    assert_eq!(run(&"$(".repeat(100)).0, "! bash: more than 40 levels deep\n");
    for (options, shown) in
        [("-n 10", "10.0"), ("-n1", "1.0"), ("--interval 0.5", "0.5"), ("-d --interval=0", "0.1"), ("-t -n 3 -d", "3.0")]
    {
        assert_eq!(run(&format!("watch {options} true")).0, format!("Every {shown}s: true\n\n"));
    }
    assert_eq!(run("watch -n x true").0, "! watch: failed to parse argument: 'x'\n");
    assert_eq!(run("watch k get pods"), ("Every 2.0s: k get pods\n\n[k|get|pods]\n".into(), -2));
}
