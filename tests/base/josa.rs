//! Korean particles.

use ordinal::base::josa::Josa;

#[test]
fn the_form_follows_the_sound() {
    let closed = "web-0 web-1 web-10 mysql web kubelet app rack volume example data-7d4m 노드들 web-1`";
    let open = "web-2 web-9 node-a nginx postgres etcd kube-scheduler statefulset-controller client root ip pvc-04ab web-x2kck 파드";
    assert_eq!(Josa::Subject.after(""), "가");
    for (names, form) in [(closed, "이"), (open, "가")] {
        for name in names.split(' ') {
            assert_eq!(Josa::Subject.after(name), form, "{name}");
        }
    }
    assert_eq!(["은", "을", "과"], [Josa::Topic, Josa::Object, Josa::With].map(|josa| josa.after("web-0")));
    assert_eq!(["는", "를", "와"], [Josa::Topic, Josa::Object, Josa::With].map(|josa| josa.after("web-2")));
}
