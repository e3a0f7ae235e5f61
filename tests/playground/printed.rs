//! What is pasted in the place of a manifest is told from one, and so is what is left open in it.

use ordinal::playground::printed::{find, placeholder};

#[test]
fn what_a_terminal_shows_is_told_from_manifests() {
    for (text, told) in [
        ("vm@dev1:~$ kubectl get pods\n", Some((1, 0))),
        ("root@lab:/# ls -l\n", Some((1, 0))),
        ("$ sudo kubectl describe pod/board\nName: board\n", Some((1, 0))),
        ("me@mac dir % kubectl get sts\n", Some((1, 0))),
        ("\nNAME    READY   STATUS\nweb-0   1/1     Running\n", Some((2, 1))),
        ("LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n", Some((1, 1))),
        ("Name:             web-0\nNamespace:        default\n", Some((1, 2))),
        ("Events:\n  Type     Reason   Age   From   Message\n", Some((2, 2))),
        ("# kubectl apply -f this.yaml\napiVersion: v1\nkind: Pod\n", None),
        ("# applied by me@host: $ kubectl apply\nkind: Pod\n", None),
        ("apiVersion: v1\ndata:\n  NAME: a b\n  x: |\n    $ kubectl get pods\n", None),
        ("metadata:\n  name: web\nspec: {}\n", None),
        ("name: web: x", None),
        ("", None),
    ] {
        assert_eq!(find(text, 1), told, "{text}");
    }
}

#[test]
fn what_is_left_open_is_told_from_values() {
    for (line, hole) in [
        ("memory: ${AEROSPIKE_MEM}Gi", Some("${AEROSPIKE_MEM}")),
        ("replicas: {{ .Values.replicas | default 3 }}", Some("{{ .Values.replicas | default 3 }}")),
        ("image: @docker.image@", Some("@docker.image@")),
        ("name: <your-name>", Some("<your-name>")),
        ("name: $(NAME)", Some("$(NAME)")),
        ("replicas: $REPLICAS", Some("$REPLICAS")),
        ("namespace: ${NAMESPACE:=flux-system}", Some("${NAMESPACE:=flux-system}")),
        ("cost: $5", None),
        ("image: nginx@sha256:1234", None),
        ("check: a < b > c", None),
        ("name: web", None),
    ] {
        assert_eq!(placeholder(line), hole, "{line}");
    }
}
