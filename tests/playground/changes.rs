//! What changed in an object between two instants, in the terminal.

use super::questions::{asked, check, passes};
use super::*;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::base::time::Span;
use ordinal::playground::history::{Act, History};

fn scaled() -> Playground {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    passes(&mut playground, 10);
    playground.type_line("kubectl scale sts web --replicas=4", LANG);
    settle(&mut playground);
    playground
}

#[test]
fn without_instants_it_is_what_the_last_command_brought() {
    let mut playground = scaled();
    let said = asked(&mut playground, "playground diff sts/web", LANG);
    assert!(said[0].starts_with("--- statefulset/web 0:") && said[1].starts_with("+++ statefulset/web "), "{said:#?}");
    for line in ["-  replicas: 3", "+  replicas: 4", "-  readyReplicas: 3", "+  readyReplicas: 4"] {
        assert!(said.iter().any(|one| one == line), "no {line:?} in {said:#?}");
    }
    assert!(!said.iter().any(|line| line.contains("eneration") || line.contains("resourceVersion")), "{said:#?}");
    // What the command did not touch is compared with what it was before its own last change.
    check(&mut playground, "playground diff pod web-0", &["--- pod/web-0", "+++ pod/web-0", "+    ready: true"]);
}

#[test]
fn instants_are_named_as_the_timeline_does_or_by_how_long_ago_they_are() {
    let mut playground = scaled();
    let at = playground.now();
    playground.type_line("kubectl delete pod web-1", LANG);
    settle(&mut playground);
    let ago = playground.now().since(at).0;
    for from in [format!("{}ms ago", ago), format!("'{}ms ago'", ago), playground.zero().clock(at)] {
        let said = asked(&mut playground, &format!("playground diff pod/web-1 {from} now"), LANG);
        assert!(said.iter().any(|line| line.starts_with("-  uid: ")) && said.iter().any(|line| line.starts_with("+  uid: ")), "{said:#?}");
    }
    let same = format!("playground diff pod/web-0 {0} {0}", playground.zero().clock(at));
    check(&mut playground, &same, &["pod/web-0 is the same at "]);
    let new = asked(&mut playground, "playground diff pod/web-3 0:00", LANG);
    assert!(new[2].starts_with("@@ -0,0 +1,") && new.iter().skip(3).all(|line| line.starts_with('+')), "{new:#?}");
    check(&mut playground, "playground diff svc/nginx 0:05", &["service/nginx is the same at 0:05.000 and at "]);
    check(&mut playground, "playground diff pod/other 0:05", &["There is no pod/other at 0:05.000, nor at "]);
    check(&mut playground, "playground diff pod/web-0 99:00:00", &["99:00:00 is no instant of this run"]);
    check(&mut playground, "playground diff pod/web-0 soon ago", &["soon is no instant of this run"]);
    for line in ["playground diff", "playground diff pod/web-0 0:01 0:02 0:03", "playground diff nothing/web-0"] {
        check(&mut playground, line, &["playground diff KIND/NAME [FROM [TO]]"]);
    }
}

#[test]
fn it_is_told_in_korean_and_changes_nothing() {
    let mut playground = scaled();
    let before = playground.sim().digest();
    let said = asked(&mut playground, "playground diff svc/nginx 0:05", Lang::Korean);
    assert!(said[0].contains("똑같습니다"), "{said:#?}");
    assert_eq!(playground.sim().digest(), before);
}

#[test]
fn in_the_past_it_is_asked_without_a_branch() {
    let mut history = History::new(&setup(), EXAMPLE, LANG);
    history.act(Act::Line(command::apply()), LANG);
    history.run_until_quiet(|| true);
    let end = history.present().now();
    history.seek(Time(end.0 / 2));
    assert!(!history.act(Act::Line("playground diff sts/web 0:01".into()), LANG), "a question begins no branch");
    assert!(history.is_past());
    let said: Vec<&str> = history.present().terminal().lines().iter().map(|line| line.text.as_str()).collect();
    assert!(said.iter().any(|line| line.starts_with("+++ statefulset/web")), "{said:#?}");
    // The furthest instant's log has what any instant shows.
    let head = history.head().snapshot(LANG);
    let key = ObjectKey::new(Kind::StatefulSet, &"default".into(), &"web".into());
    for at in [0, 1000, end.0 / 2, end.0].map(Time) {
        let mut past = history.clone();
        past.seek(at);
        let (shot, later) = (past.present().snapshot(LANG), at + Span(500));
        assert_eq!(view::changes::between(&shot, &key, Time(0), at), view::changes::between(&head, &key, Time(0), at), "{at:?}");
        assert!(view::changes::between(&head, &key, at, later).is_known);
    }
}
